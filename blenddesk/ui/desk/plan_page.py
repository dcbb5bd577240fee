"""Plan a lesson: template, minutes, groups, checks and stations of one plan on one page; every press is saved."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Student
from blenddesk.domain.plans import Model, Plan, PlanSheet, PlanStatus
from blenddesk.domain.ports import today
from blenddesk.services import blocks, groups, lesson_templates, plan_fixes, plan_minutes, plans, stations
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.desk import plan_words as words
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.plan_groups import GroupsCard
from blenddesk.ui.desk.plan_lessons import lessons_sheet
from blenddesk.ui.desk.plan_minutes import MinutesCard, MinutesSheet
from blenddesk.ui.desk.plan_nothing import Why, nothing_to_plan
from blenddesk.ui.desk.plan_reasons import GroupReasons
from blenddesk.ui.desk.plan_scroll import ShrinkingContent
from blenddesk.ui.desk.plan_sheets import RulesSheet, SortSheet, rules_sheet
from blenddesk.ui.desk.plan_side import ChecksCard, RemedySheet, StationsCard
from blenddesk.ui.desk.plan_station_sheet import StationSheet
from blenddesk.ui.desk.plan_templates import TemplatesSheet, TemplateStrip, number_key
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.kit.fade import fade_below


class PlanPage(DeskPage):
    """T7. ``open_with(plan=...)`` shows a certain plan; else the nearest coming one, else templates to start from."""

    kinds = frozenset(
        {"plan", "block", "block_task", "group", "membership", "seat", "student", "enrollment", "section", "room"}
        | {"pair_rule", "judgement", "attendance", "meeting", "adult", "period", "calendar_day", "grouping", "profile"}
    )

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Plan a lesson"))
        self._plan: Id | None = None
        self._starting_new = False
        self._sheet: PlanSheet | None = None
        self._students: dict[Id, Student] = {}
        self._minutes_sheet: MinutesSheet | None = None
        self._rules_sheet: RulesSheet | None = None
        self._build()
        for keys, action in (("Ctrl+Return", self._on_use_clicked), ("Ctrl+Enter", self._on_use_clicked)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    # --- building -------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.lessons = kit.Button(_("Lessons"), icon="calendar-blank", parent=self)
        self.lessons.setObjectName("plan_lessons")
        self.lessons.clicked.connect(self._on_lessons_clicked)
        self.week = kit.Button(_("Week"), icon="grid-four", parent=self)
        self.week.setObjectName("plan_week")
        self.week.clicked.connect(lambda: self.session.window.open_page("week"))
        self.copy = kit.Button(_("Copy last lesson"), icon="copy", parent=self)
        self.copy.setObjectName("plan_copy")
        self.copy.clicked.connect(self._on_copy_clicked)
        self.use = kit.Button(_("Use this plan"), "primary", icon="check", parent=self)
        self.use.setObjectName("plan_use")
        self.use.clicked.connect(self._on_use_clicked)
        actions = [self.lessons, self.week, self.copy, self.use]
        self.header = kit.PageHeader(_("Plan a lesson"), actions=actions, parent=self)
        self.strip = TemplateStrip(plans.template_list(), self)
        self.strip.template_requested.connect(self._on_template_requested)
        self.strip.more_requested.connect(self._on_more_requested)
        self.minutes = MinutesCard(self)
        self.minutes.round_changed.connect(self._on_round_changed)
        self.minutes.sheet_requested.connect(self._on_minutes_requested)
        self.groups = GroupsCard(self)
        self.groups.mode_requested.connect(self._on_mode_requested)
        self.groups.sort_requested.connect(self._on_sort_requested)
        self.groups.student_moved.connect(self._on_student_moved)
        self.reasons = GroupReasons(self.session, self.groups)
        self.checks = ChecksCard(self)
        self.checks.fix_requested.connect(self._on_fix_requested)
        self.checks.rules_requested.connect(self._on_rules_requested)
        self.stations = StationsCard(self)
        self.stations.station_requested.connect(self._on_station_requested)
        self.stations.swap_requested.connect(self._on_swap_requested)
        left = QVBoxLayout()
        left.setSpacing(5)
        left.addWidget(self.minutes)
        left.addWidget(self.groups, 1)
        right = QVBoxLayout()
        right.setSpacing(5)
        right.addWidget(self.checks)
        right.addWidget(self.stations)
        right.addStretch(1)
        self._side = ShrinkingContent(self)
        self._side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        self._body = ShrinkingContent(self)
        both = QHBoxLayout(self._body)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(10)
        both.addLayout(left, 1)
        both.addWidget(self._side)
        self._empty = QVBoxLayout()
        self._empty_widget: QWidget | None = None
        inner = ShrinkingContent()
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 10, 18, 6)
        column.setSpacing(8)
        column.addWidget(self.header)
        column.addWidget(self.strip)
        column.addWidget(self._body, 1)
        column.addLayout(self._empty)
        self.scroll_area = QScrollArea(self)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.scroll_area.setWidget(inner)
        fade_below(self.scroll_area)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.scroll_area)

    # --- showing --------------------------------------------------------------------------------------------

    def open_with(self, **what: object) -> None:
        plan = what.get("plan")
        if isinstance(plan, bytes):
            self._plan, self._starting_new = plan, False
            self.refresh_soon()

    def plan_id(self) -> Id | None:
        """The plan in view."""
        return self._plan if self._sheet is not None else None

    def refresh(self) -> None:
        section = self.session.section()
        self._sheet = None
        if section is None:
            self._show_empty("class")
            return
        context = self.session.context
        self._students = {one.id: one for one in context.reads.people.students(section.id)}
        plan = self._current(section.id)
        last = plans.last_plan(context, section.id)
        can_copy = last is not None and (plan is None or last.id != plan.id or self._earlier(section.id, plan))
        self.copy.setVisible(can_copy and bool(self._students))
        self.strip.setVisible(bool(self._students))
        self.week.setVisible(bool(self._students))
        self.lessons.setVisible(plan is not None or bool(plans.coming_plans(context, section.id, days=None)))
        if plan is None:
            self.header.set_words(_("Plan a lesson"), section.name)
            self.strip.choose("")
            self._show_empty("lesson" if self._students else "students")
            return
        self._sheet = sheet = plans.sheet(context, section.id, plan.id)
        self._plan = plan.id
        ready = plan.status is PlanStatus.READY
        parts = [section.name, words.day_words(plan.day), words.time_words(plan)]
        self.header.set_words(_("Plan a lesson"), " · ".join(parts + ([_("ready to use")] if ready else [])))
        self.use.setText(_("Go to Today") if ready else _("Use this plan"))
        self.use.setVisible(True)
        self.strip.choose(plan.template)
        self._hide_empty()
        self.minutes.show_plan(plan, words.round_titles(sheet))
        history = context.reads.plans.groupings_before(section.id, self._day_of(plan), limit=1)
        older = section.look == "older"
        self.groups.show_sheet(sheet, self._students, letter=older, had_groups=any(map(any, history)))
        self.reasons.show_plan(section.id, sheet, self._students)
        self.checks.show_checks(plans.checks_of(context, section.id, sheet), sheet, self._name_of)
        self.stations.show_sheet(sheet)
        if self._minutes_sheet is not None:
            self._minutes_sheet.show_plan(plan, plan_minutes.round_choices(context, section.id, plan.id))
        if self._rules_sheet is not None:
            self._rules_sheet.show_rules(context.reads.people.pair_rules(section.id))
        self._fit_width()

    def _current(self, section: Id) -> Plan | None:
        """The plan in view while it is still there; else the nearest coming one, unless a new one is being started."""
        reads = self.session.context.reads.plans
        shown = None if self._plan is None else reads.get(section, self._plan)
        if shown is not None and shown.status is not PlanStatus.ARCHIVED:
            return shown
        self._plan = None
        if self._starting_new:
            return None
        coming = plans.coming_plans(self.session.context, section, days=None)
        return coming[0] if coming else None

    def _earlier(self, section: Id, plan: Plan) -> bool:
        return self.session.context.reads.lessons.latest_planned(section, self._day_of(plan)) is not None

    def _day_of(self, plan: Plan) -> str:
        return plan.day or (today(self.session.context.clock) + timedelta(days=1)).isoformat()

    def _name_of(self, student: Id) -> str:
        found = self._students.get(student)
        return found.name if found else _("someone who left")

    def _show_empty(self, why: Why) -> None:
        """What to do when there is no class, nobody in it, or no lesson yet."""
        self._hide_empty()
        self._body.setVisible(False)
        self.use.setVisible(False)
        self.copy.setVisible(self.copy.isVisibleTo(self) and why == "lesson")
        if why == "class":
            self.strip.setVisible(False)
            self.lessons.setVisible(False)
            self.week.setVisible(False)
            self.header.set_words(_("Plan a lesson"))
        self._empty_widget = nothing_to_plan(why, lambda: self.session.window.open_page("add_students"))
        self._empty.addWidget(self._empty_widget, 1)

    def _hide_empty(self) -> None:
        self._body.setVisible(True)
        if self._empty_widget is not None:
            self._empty.removeWidget(self._empty_widget)
            self._empty_widget.setParent(None)
            self._empty_widget.deleteLater()
            self._empty_widget = None

    def _fit_width(self) -> None:
        look = theme.look_of(self)
        # What Arabic templates are for needs a line's whole width: two lines would be too small to read.
        self.strip.set_narrow(self.width() < look.px(200 if look.right_to_left else 150) * 6 + 100)
        self._side.setFixedWidth(min(look.px(312), max(look.px(250), int(self.width() * 0.27))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_width()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The page's single keys (1 to 6, G, + and -) work from here; the rail keeps its own.
        if not self.isAncestorOf(self.window().focusWidget() or self):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- template, copy, use --------------------------------------------------------------------------------

    def _section(self) -> Id:
        section = self.session.section_id
        assert section is not None, "the controls are hidden while there is no class"
        return section

    def _on_template_requested(self, code: str) -> None:
        if not self._students:
            return
        section = self._section()
        used = self._plan is not None and bool(self.session.context.reads.lessons.runs(section, self._plan))
        replaces = None if self._sheet is None or used else self._plan
        made = self.session.do(plans.new_plan, section, code, replaces=replaces)
        self._after_making(made)

    def _on_more_requested(self) -> None:
        current = "" if self._sheet is None else self._sheet.plan.template
        every = (*plans.template_list(), *lesson_templates.own_templates(self.session.context))
        sheet = TemplatesSheet(self.window(), every, current)
        sheet.chosen.connect(self._on_template_requested)
        sheet.open()

    def _on_copy_clicked(self) -> None:
        section = self._section()
        replaces = self._plan if self._sheet is not None and self._earlier(section, self._sheet.plan) else None
        if replaces is not None and self.session.context.reads.lessons.runs(section, replaces):
            replaces = None
        self._after_making(self.session.do(plans.copy_plan, section, replaces=replaces))

    def _after_making(self, made: plans.PlanMade | None) -> None:
        if made is not None:
            self._plan, self._starting_new = made.plan, False
            self.refresh_soon()

    def _on_use_clicked(self) -> None:
        if self._sheet is None:
            return
        if self._sheet.plan.status is PlanStatus.READY:
            self.session.window.open_page("today")
        else:
            self.session.do(plans.mark_ready, self._section(), self._sheet.plan.id)

    # --- minutes --------------------------------------------------------------------------------------------

    def _on_round_changed(self, index: int, minutes: int) -> None:
        if self._sheet is not None:
            self.session.do(plans.change_round, self._section(), self._sheet.plan.id, index, minutes)

    def _on_minutes_requested(self) -> None:
        if self._sheet is None:
            return
        sheet = self._minutes_sheet = MinutesSheet(self.window())
        sheet.part_changed.connect(self._on_part_changed)
        sheet.count_chosen.connect(self._on_count_chosen)
        sheet.closed.connect(partial(setattr, self, "_minutes_sheet", None))
        plan = self._sheet.plan
        sheet.show_plan(plan, plan_minutes.round_choices(self.session.context, self._section(), plan.id))
        sheet.open()

    def _on_part_changed(self, name: str, minutes: int) -> None:
        if self._sheet is None:
            return
        section, plan = self._section(), self._sheet.plan.id
        if name == "period":
            done = self.session.quietly(plans.set_period, section, plan, minutes)
        else:
            done = self.session.quietly(plans.set_part_minutes, section, plan, **{name: minutes})
        if done is None:
            self.refresh_soon()

    def _on_count_chosen(self, count: int) -> None:
        if self._sheet is not None:
            self.session.quietly(plans.set_round_count, self._section(), self._sheet.plan.id, count)

    # --- groups ---------------------------------------------------------------------------------------------

    def _on_mode_requested(self, mode: str) -> None:
        if self._sheet is not None:
            self.reasons.regroup(mode)

    def _on_student_moved(self, student: Id, group: Id) -> None:
        if self._sheet is None:
            return
        home = self._sheet.group_of(student)
        if home is None or home.id != group:
            self.session.do(groups.move_student, self._section(), self._sheet.plan.id, student, group)

    def _on_sort_requested(self) -> None:
        levels = self.session.context.reads.people.judgements(self._section())
        sheet = SortSheet(self.window(), list(self._students.values()), levels)
        sheet.saved.connect(self._on_sort_saved)
        sheet.open()

    def _on_sort_saved(self, levels: dict[Id, int | None]) -> None:
        self.session.quietly(groups.set_judgements, self._section(), levels)
        self._on_mode_requested("mixed")

    def _on_rules_requested(self) -> None:
        students = list(self._students.values())
        sheet = self._rules_sheet = rules_sheet(self.session, self.window(), self._section(), students)
        sheet.closed.connect(partial(setattr, self, "_rules_sheet", None))
        sheet.show_rules(self.session.context.reads.people.pair_rules(self._section()))
        sheet.open()

    # --- checks and stations --------------------------------------------------------------------------------

    def _on_fix_requested(self, code: str) -> None:
        if self._sheet is None:
            return
        section, plan = self._section(), self._sheet.plan.id
        ways = plan_fixes.remedies(self.session.context, section, plan, code)
        # For a whole class there is no best way: each is another lesson.
        several = self._sheet.plan.model is Model.WHOLE_GROUP and len(ways) > 1
        if not several and (not ways or not ways[0].breaks):
            self.session.do(plan_fixes.fix, section, plan, code)
            return
        check = next(one for one in plans.checks(self.session.context, section, plan) if one.code == code)
        sheet = RemedySheet(self.window(), words.check_words(check, self._sheet, self._name_of), ways)
        sheet.chosen.connect(lambda remedy: self.session.do(plan_fixes.fix, section, plan, code, remedy))
        sheet.open()

    def _on_station_requested(self, block: Id) -> None:
        if self._sheet is None:
            return
        context, section = self.session.context, self._section()
        adults, plan = context.reads.sections.adults(section), self._sheet.plan.id
        sheet = StationSheet(self.window(), self._sheet.block(block), self._sheet, adults)
        sheet.saved.connect(
            lambda fields, tasks: self.session.do(blocks.edit_block, section, block, group_tasks=tasks, **fields)
        )
        sheet.swap_requested.connect(lambda: self._on_swap_requested(block))
        sheet.keep_requested.connect(lambda: self.session.do(stations.keep_station, section, plan, block))
        sheet.open()

    def _on_swap_requested(self, block: Id | None = None) -> None:
        if self._sheet is not None and self._sheet.blocks:
            from blenddesk.ui.desk.station_swap import swap_sheet

            swap_sheet(self.session, self.window(), self._section(), self._sheet.blocks, block).open()

    # --- lessons --------------------------------------------------------------------------------------------

    def _on_lessons_clicked(self) -> None:
        current = self._sheet.plan if self._sheet is not None else None
        sheet = lessons_sheet(self.session, self.window(), self._section(), current)
        sheet.plan_chosen.connect(lambda plan: self.open_with(plan=plan))
        sheet.new_requested.connect(self._on_new_requested)
        sheet.open()

    def _on_new_requested(self) -> None:
        self._plan, self._starting_new = None, True
        self.refresh_soon()

    # --- keys -----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 to 6 a template, G to the groups, + and - the minutes of the round in focus (else of the lesson)."""
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            super().keyPressEvent(event)
            return
        number = number_key(event.key())
        if number and self.strip.isVisibleTo(self):
            self.strip.press_number(number)
        elif event.key() == Qt.Key.Key_G and self._sheet is not None:
            self.groups.focus_first()
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal) and self._sheet is not None:
            self._step_minutes(-1 if event.key() == Qt.Key.Key_Minus else 1)
        else:
            super().keyPressEvent(event)

    def _step_minutes(self, by: int) -> None:
        index = self.minutes.focused_round()
        if index is not None:
            self.minutes.step_round(index, by)
        elif self._sheet is not None:
            plan = self._sheet.plan
            self.session.do(plans.set_period, self._section(), plan.id, plan.period_minutes + 5 * by)
