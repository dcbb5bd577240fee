"""A class's lessons from the plan page: another or a new one to plan, name and day of this one, putting it away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Plan, PlanStatus
from blenddesk.domain.ports import today
from blenddesk.services import calendars, lesson_templates, plans
from blenddesk.services.context import AppContext
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk import plan_words as words
from blenddesk.ui.desk.plan_own_templates import keep_sheet, own_templates_sheet
from blenddesk.ui.desk.session import DeskSession

_DAYS_AHEAD = 21


def lessons_sheet(session: DeskSession, window: QWidget, section: Id, current: Plan | None) -> LessonsSheet:
    """The sheet, ready to open; what it changes in ``current`` is saved, what to bring into view is the page's."""
    context = session.context
    sheet = LessonsSheet(
        window, plans.coming_plans(context, section, days=None), current, days_for(context, section, current)
    )
    if current is not None:
        one = current.id
        sheet.renamed.connect(lambda name: session.quietly(plans.rename_plan, section, one, name))
        sheet.day_chosen.connect(
            lambda day, start: session.quietly(plans.set_day, section, one, day, None if start < 0 else start)
        )
        sheet.archive_requested.connect(lambda: session.do(plans.archive_plan, section, one))
        sheet.keep_requested.connect(lambda: keep_sheet(session, window, section, one, current.name).open())
    sheet.templates_requested.connect(lambda: own_templates_sheet(session, window).open())
    sheet.own_templates.setVisible(bool(lesson_templates.own_templates(context)))
    return sheet


def days_for(context: AppContext, section: Id, current: Plan | None) -> list[tuple[str, int]]:
    """Days to choose from: the coming meetings, or school days while there is no timetable.

    ISO days and minutes after midnight (-1: no time); the day of ``current`` is among them.
    """
    found = [(slot.day.isoformat(), slot.start_minute) for slot in calendars.coming_slots(context, section, days=30)]
    if not found:
        school, first = calendars.calendar(context), today(context.clock)
        coming = [first + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD)]
        found = [(day.isoformat(), -1) for day in coming if school.is_school_day(day) or day == first]
    if current is not None and current.day is not None:
        now = (current.day, -1 if current.start_minute is None else current.start_minute)
        found = found if now in found else [now, *found]
    return found


def _day_and_time(day: str, start: int) -> str:
    if start < 0:
        return words.day_words(day)
    return _("{day}, {time}").format(day=words.day_words(day), time=words.clock_words(start))


class LessonsSheet(kit.Sheet):
    """The coming lessons of the class, a new one, and the name and day of the one in view."""

    plan_chosen = Signal(bytes)
    new_requested = Signal()
    renamed = Signal(str)
    day_chosen = Signal(str, int)
    """An ISO day and minutes after midnight (-1: no time)."""
    archive_requested = Signal()
    keep_requested = Signal()
    templates_requested = Signal()

    def __init__(
        self, window: QWidget, plans: Sequence[Plan], current: Plan | None, days: Sequence[tuple[str, int]]
    ) -> None:
        super().__init__(window, _("Lessons"), width=600)
        if self.cancel is not None:
            self.cancel.setText(_("Done"))
        for plan in plans:
            self.body.addWidget(self._row(plan, chosen=current is not None and plan.id == current.id))
        fresh = kit.Button(_("New lesson"), "secondary", icon="plus")
        fresh.setObjectName("lessons_new")
        fresh.clicked.connect(self._on_new_clicked)
        line = QHBoxLayout()
        line.addWidget(fresh)
        self.own_templates = kit.Button(_("My templates"), "quiet", icon="bookmark-simple")
        self.own_templates.setObjectName("lessons_templates")
        self.own_templates.clicked.connect(self._on_templates_clicked)
        line.addWidget(self.own_templates)
        line.addStretch(1)
        self.body.addLayout(line)
        if current is None:
            return
        self.body.addWidget(kit.Heading(_("This lesson")))
        self.name = kit.TextField(current.name, name=_("Name of the lesson"))
        self.name.setObjectName("lesson_name")
        self.name.editingFinished.connect(self._on_name_finished)
        self.body.addWidget(kit.FormRow(_("Name"), self.name))
        self._days = list(days)
        choices = [(str(index), _day_and_time(day, start)) for index, (day, start) in enumerate(self._days)]
        now = (current.day or "", -1 if current.start_minute is None else current.start_minute)
        self.day = kit.Choice(choices, name=_("Day of the lesson"))
        self.day.setObjectName("lesson_day")
        self.day.setCurrentIndex(self._days.index(now) if now in self._days else -1)
        self.day.activated.connect(self._on_day_activated)
        self.body.addWidget(kit.FormRow(_("Day"), self.day))
        away = kit.Button(_("Put this lesson away"), "quiet", icon="archive")
        away.setObjectName("lesson_archive")
        away.clicked.connect(self._on_archive_clicked)
        foot = QHBoxLayout()
        foot.addWidget(away)
        keep = kit.Button(_("Keep as my template"), "quiet", icon="bookmark-simple")
        keep.setObjectName("lesson_keep")
        keep.clicked.connect(self._on_keep_clicked)
        foot.addWidget(keep)
        foot.addStretch(1)
        self.body.addLayout(foot)
        self._name = current.name

    def _row(self, plan: Plan, *, chosen: bool) -> QWidget:
        state = _("ready to use") if plan.status is PlanStatus.READY else _("not in use yet")
        title = _("{day} · {name}").format(day=words.day_words(plan.day), name=plan.name)
        row = kit.StationCard(
            title,
            " · ".join([words.time_words(plan), state]),
            icon="calendar-check" if plan.status is PlanStatus.READY else "calendar-blank",
            tint=1,
            caret=not chosen,
            done=chosen,
        )
        row.setObjectName(f"lesson_{plan.id.hex()}")
        if chosen:
            row.setAccessibleDescription(_("{detail}, in view").format(detail=state))
        row.clicked.connect(lambda _checked=False, one=plan.id: self._on_plan_clicked(one))
        return row

    def _on_plan_clicked(self, plan: Id) -> None:
        self.close_sheet()
        self.plan_chosen.emit(plan)

    def _on_new_clicked(self) -> None:
        self.close_sheet()
        self.new_requested.emit()

    def _on_archive_clicked(self) -> None:
        self.close_sheet()
        self.archive_requested.emit()

    def _on_keep_clicked(self) -> None:
        self.close_sheet()
        self.keep_requested.emit()

    def _on_templates_clicked(self) -> None:
        self.close_sheet()
        self.templates_requested.emit()

    def _on_name_finished(self) -> None:
        if self.name.text().strip() != self._name:
            self._name = self.name.text().strip()
            self.renamed.emit(self._name)

    def _on_day_activated(self, index: int) -> None:
        self.day_chosen.emit(*self._days[index])
