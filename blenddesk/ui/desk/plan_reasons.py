"""The plan page's reasons: keeps the report line, lights up, locks, asks the solver and shows what it found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Student
from blenddesk.domain.plans import PlanSheet
from blenddesk.errors import BlendDeskError, Refusal
from blenddesk.services import group_reports, group_solving, groups
from blenddesk.services.group_reports import Asked, AskedRule, Report, ReportLine
from blenddesk.services.group_solving import Answer
from blenddesk.text import _
from blenddesk.ui.desk import plan_report_words as words
from blenddesk.ui.desk.plan_groups import GroupsCard
from blenddesk.ui.desk.session import DeskSession

if TYPE_CHECKING:
    from blenddesk.ui.tasks import Progress

Solver = Callable[[Asked, int, Callable[[], bool]], Answer]


class GroupReasons(QObject):
    """Sits between the groups card and the services; the page only tells it what is in view."""

    def __init__(self, session: DeskSession, card: GroupsCard) -> None:
        super().__init__(card)
        self._session, self._card = session, card
        self._section: Id | None = None
        self._sheet: PlanSheet | None = None
        self._students: dict[Id, Student] = {}
        self._asked: Asked | None = None
        self._report: Report | None = None
        card.report_requested.connect(self.show_report)
        card.why_requested.connect(self.show_why)
        card.lock_requested.connect(self._on_lock_requested)
        card.pointed.connect(self._on_pointed)
        card.move_words = self._move_words
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self._is_covered)

    def show_plan(self, section: Id, sheet: PlanSheet, students: dict[Id, Student]) -> None:
        """The plan in view changed: its figures are counted anew and what was lit goes out."""
        self._section, self._sheet, self._students = section, sheet, students
        self._asked = group_reports.asked(self._session.context, section, sheet)
        self._report = group_reports.report(self._asked) if self._asked.students else None
        self._is_covered()
        self._card.light({})
        self._say_report()

    def others_may_see(self) -> bool:
        """A second display, or a window such as the board: levels, needs, helpers and rules stay hidden."""
        return len(QGuiApplication.screens()) > 1 or bool(self._session.window.extra_windows())

    def _is_covered(self) -> bool:
        """Asked before anything shows: a board may have been opened since the page was counted."""
        covered = self.others_may_see()
        if covered != self._card.is_covered:
            self._card.set_covered(covered)
        return covered

    # --- the line and its sheet -----------------------------------------------------------------------------

    def _say_report(self) -> None:
        if self._report is None:
            self._card.set_report("")
        else:
            self._card.set_report(words.short_words(self._report), words.short_words(self._report, brief=True))

    def _move_words(self, student: Id, group: Id, most: int = 5) -> str:
        """What putting a student into a group would change; "" when there is nothing to compare."""
        ask, before = self._asked, self._report
        if ask is None or before is None or student not in ask.students or self._is_covered():
            return ""
        return words.move_words(before, group_reports.report(ask, group_reports.after_move(ask, student, group)), most)

    def _on_pointed(self, student: bytes, group: bytes) -> None:
        said = self._move_words(student, group) if student and group else ""
        if said:
            self._card.set_report(said)
        else:
            self._say_report()

    def show_report(self) -> None:
        from blenddesk.ui.desk.plan_report import ReportSheet

        if self._report is None or self._sheet is None or self._asked is None or self._is_covered():
            return
        sheet = ReportSheet(self._session.window, self._report, self._asked.helpers)
        sheet.line_shown.connect(self._light)
        sheet.improve_requested.connect(self.improve)
        sheet.another_requested.connect(self.try_another)
        sheet.helpers_chosen.connect(self._on_helpers_chosen)
        sheet.open()

    def _on_helpers_chosen(self, kinds: list[str]) -> None:
        if self._section is not None and self._sheet is not None:
            self._session.quietly(group_solving.set_helpers, self._section, self._sheet.plan.id, kinds)

    def _light(self, line: ReportLine) -> None:
        """Lights up whom a line concerns, each with the partners it is about."""
        partners: dict[Id, list[str]] = {student: [] for student in line.students}
        for first, second in line.pairs:
            partners.setdefault(first, []).append(self._name(second))
            partners.setdefault(second, []).append(self._name(first))
        text = "" if self._report is None else words.line_words(self._report, line)[0]
        self._card.light({one: words.listed(names) if names else text for one, names in partners.items()})

    # --- why here, locks ------------------------------------------------------------------------------------

    def show_why(self, student: Id) -> None:
        from blenddesk.ui.desk.plan_why import WhySheet

        home = None if self._sheet is None else self._sheet.group_of(student)
        if self._asked is None or home is None or self._section is None or self._is_covered():
            return
        section = self._section
        reasons = group_reports.why_here(self._asked, student)
        helps = sorted(self._session.context.reads.people.helps_with(section).get(student, ()))
        sheet = WhySheet(
            self._session.window, self._name(student), home.name, reasons, self._name, self._group_name, helps
        )
        sheet.helps_chosen.connect(
            lambda kinds: self._session.quietly(group_solving.set_helps_with, section, student, kinds)
        )
        sheet.open()

    def _on_lock_requested(self, student: bytes, locked: bool) -> None:
        if self._section is not None and self._sheet is not None:
            self._session.do(group_solving.set_locked, self._section, self._sheet.plan.id, student, locked=locked)

    def regroup(self, mode: str) -> None:
        """Deals the groups anew in a mode; rules that clash are named, with a button to drop one."""
        if self._asked is not None and self._asked.rules:
            # Finding out which rules clash may take its time, dealing groups does not.
            self._solve(group_solving.possible, lambda _answer: self._regroup_now(mode))
        else:
            self._regroup_now(mode)

    def _regroup_now(self, mode: str) -> None:
        if self._section is None or self._sheet is None:
            return
        try:
            change = self._session.context.run(groups.regroup, self._section, self._sheet.plan.id, mode)
        except BlendDeskError as error:
            if not self.show_clash(error, lambda: self.regroup(mode)):
                self._session.say_trouble(error)
            return
        if not change.is_empty:
            self._session.say_change(change.change_id)

    # --- the solver -----------------------------------------------------------------------------------------

    def improve(self) -> None:
        """Solves again around those who stay; better groups are taken as one change."""
        self._solve(group_solving.improved, self._take)

    def try_another(self) -> None:
        """Shows a second answer beside the present groups."""
        self._solve(group_solving.another, self._show_two)

    def _solve(self, solver: Solver, done: Callable[[Answer], None]) -> None:
        ask = self._asked
        if ask is None or not ask.students or self._session.window.tasks.is_busy:
            return
        seed = self._session.context.seed()

        def work(progress: Progress) -> Answer:
            found = solver(ask, seed, lambda: progress.is_cancelled)
            # Once cancelled this ends it: what was found until then is not wanted.
            progress(1, 1)
            return found

        self._session.window.tasks.start(
            _("Making groups"), work, done=done, failed=lambda error: self._on_failed(error, solver, done)
        )

    def _take(self, answer: Answer) -> None:
        if self._section is None or self._sheet is None:
            return
        if not answer.is_new:
            self._session.say(_("No better groups were found. Nothing was changed."))
            return
        self._session.do(group_solving.take, self._section, self._sheet.plan.id, answer)

    def _show_two(self, answer: Answer) -> None:
        from blenddesk.ui.desk.plan_two import TwoPlansSheet

        if self._sheet is None:
            return
        if not answer.is_new:
            self._session.say(_("There are no other groups that keep all rules. Nothing was changed."))
            return
        sheet = TwoPlansSheet(self._session.window, answer.asked, answer.group_of, self._sheet.groups, self._name)
        sheet.other_chosen.connect(lambda: self._take(answer))
        sheet.more_requested.connect(self.try_another)
        sheet.open()

    def _on_failed(self, error: Exception, solver: Solver, done: Callable[[Answer], None]) -> None:
        if not self.show_clash(error, lambda: self._solve(solver, done)):
            self._session.say_trouble(error)

    def show_clash(self, error: Exception, again: Callable[[], None]) -> bool:
        """Names the rules that clash, with a button to drop each, then tries ``again``. False for other troubles."""
        from blenddesk.ui.desk.plan_why import ClashSheet

        if self._section is None or self._sheet is None or self._is_covered():
            return False
        rules = group_solving.named(self._session.context, self._section, error) if isinstance(error, Refusal) else ()
        if not rules:
            return False
        section, plan = self._section, self._sheet.plan.id

        def drop(rule: AskedRule) -> None:
            if self._session.do(group_solving.drop_rule, section, plan, rule) is not None:
                again()

        sheet = ClashSheet(self._session.window, rules, self._name)
        sheet.dropped.connect(drop)
        sheet.open()
        return True

    def _name(self, student: Id) -> str:
        found = self._students.get(student)
        return found.name if found else _("someone who left")

    def _group_name(self, group: Id) -> str:
        groups = self._sheet.groups if self._sheet is not None else ()
        return next((one.name for one in groups if one.id == group), "")
