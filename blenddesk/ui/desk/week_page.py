"""The week of one class or of all: lessons at their times, copied, moved and given to other classes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.domain.people import Section
from blenddesk.domain.ports import today
from blenddesk.errors import Refusal
from blenddesk.services import history, plans, weeks
from blenddesk.services.weeks import Day, Lesson
from blenddesk.text import _, ngettext
from blenddesk.ui import kit
from blenddesk.ui.desk import plan_words as words
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.plan_nothing import Why, nothing_to_plan
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.desk.week_bar import WeekBar
from blenddesk.ui.desk.week_cards import FreeSlot, LessonCard, Target
from blenddesk.ui.desk.week_columns import column_of
from blenddesk.ui.desk.week_grid import Block, Column, Heads, WeekGrid
from blenddesk.ui.desk.week_sheets import AddSheet, GiveSheet
from blenddesk.ui.desk.week_words import copied_words, given_words, range_words

ONE, ALL = "one", "all"


class Held(NamedTuple):
    """A lesson that was copied, or is to be moved."""

    section: Id
    plan: Id
    name: str
    moving: bool


class WeekPage(DeskPage):
    """T8. ``open_with(day=...)`` (ISO) shows the week of a day; else the week that is in view, at first this one."""

    kinds = frozenset(
        {"plan", "block", "group", "membership", "seat", "student", "enrollment", "section", "room", "run"}
        | {"pair_rule", "attendance", "meeting", "adult", "period", "calendar_day"}
    )

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.setAccessibleName(_("Week"))
        self._day = today(session.context.clock)
        self._all = False
        self._week: weeks.Week | None = None
        self._classes: dict[Id, Section] = {}
        self._chosen: Id | None = None
        self._held: Held | None = None
        self._build()
        for keys, action in (
            (QKeySequence("Ctrl+C"), partial(self._hold, moving=False)),
            (QKeySequence("Ctrl+X"), partial(self._hold, moving=True)),
            (QKeySequence("Ctrl+V"), self._on_paste_key),
            (QKeySequence("Delete"), self._take_out),
            (QKeySequence("Ctrl+PgUp"), partial(self._turn, -1)),
            (QKeySequence("Ctrl+PgDown"), partial(self._turn, 1)),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _build(self) -> None:
        self.before = kit.IconButton("caret-left", _("The week before"), parent=self)
        self.before.setObjectName("week_before")
        self.before.clicked.connect(lambda: self._turn(-1))
        self.now = kit.IconButton("calendar-blank", _("This week"), parent=self)
        self.now.setObjectName("week_now")
        self.now.clicked.connect(self._on_now_clicked)
        self.after = kit.IconButton("caret-right", _("The week after"), parent=self)
        self.after.setObjectName("week_after")
        self.after.clicked.connect(lambda: self._turn(1))
        self.copy = kit.Button(_("Copy last week"), icon="copy", parent=self)
        self.copy.setObjectName("week_copy_last")
        self.copy.clicked.connect(self._on_copy_week_clicked)
        self.add = kit.Button(_("Add lesson"), "primary", icon="plus", parent=self)
        self.add.setObjectName("week_add")
        self.add.clicked.connect(self._on_add_clicked)
        actions = [self.before, self.now, self.after, self.copy, self.add]
        self.header = kit.PageHeader(_("Week"), actions=actions, parent=self)
        self.scope = kit.Segmented([(ONE, _("This class")), (ALL, _("All my classes"))], name=_("Classes"), chosen=ONE)
        self.scope.setObjectName("week_scope")
        self.scope.changed.connect(self._on_scope_changed)
        self.bar = WeekBar(self)
        self.bar.requested.connect(self._on_bar_requested)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.scope)
        line.addWidget(self.bar, 1)
        self.heads = Heads(self)
        self.grid = WeekGrid(self.heads)
        self.grid.setObjectName("week_grid")
        self.grid.dropped.connect(self._on_dropped)
        self.scroll_area = QScrollArea(self)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setWidget(self.grid)
        bar = self.scroll_area.horizontalScrollBar()
        bar.valueChanged.connect(self._follow)
        self.grid.placed.connect(self._follow)
        self._window_of_heads = QWidget(self)
        self.heads.setParent(self._window_of_heads)
        self._body = QWidget(self)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(2)
        body.addLayout(line)
        body.addWidget(self._window_of_heads)
        body.addWidget(self.scroll_area, 1)
        self._empty = QVBoxLayout()
        self._empty_widget: QWidget | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 10, 18, 6)
        column.setSpacing(8)
        column.addWidget(self.header)
        column.addWidget(self._body, 1)
        column.addLayout(self._empty)

    def _follow(self) -> None:
        """The heads stand above their columns."""
        height = self.heads.sizeHint().height()
        self._window_of_heads.setFixedHeight(height)
        shift = self.grid.mapTo(self.scroll_area.viewport(), self.grid.rect().topLeft()).x()
        lead = self.scroll_area.viewport().x()
        self.heads.setGeometry(lead + shift, 0, self.grid.width(), height)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Reached from the plan page, and part of planning.
        self.session.window.rail.choose("plan")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow()

    # --- showing ----------------------------------------------------------------------------------------------

    def open_with(self, **what: object) -> None:
        day = what.get("day")
        if isinstance(day, str):
            self._day = date.fromisoformat(day)
            self.refresh_soon()

    def refresh(self) -> None:
        context = self.session.context
        section = self.session.section()
        if self._empty_widget is not None:
            self._empty.removeWidget(self._empty_widget)
            self._empty_widget.setParent(None)
            self._empty_widget.deleteLater()
            self._empty_widget = None
        every = context.reads.sections.all()
        if section is None or not context.reads.people.students(section.id):
            self._show_empty("class" if section is None else "students", section)
            return
        self.scope.setVisible(len(every) > 1)
        shown = every if self._all and len(every) > 1 else [section]
        self._classes = {one.id: one for one in shown}
        week = self._week = weeks.week(context, list(self._classes), self._day)
        self._body.show()
        for button in (self.before, self.now, self.after, self.copy, self.add):
            button.show()
        first, last = week.days[0].day, week.days[-1].day
        this_week = first <= today(context.clock) <= last
        self.now.setVisible(not this_week)
        # The first class is named on the button where there are several.
        name = section.name if len(shown) == 1 else _("All my classes")
        self.header.set_words(_("Week"), " · ".join([name, range_words(first, last), self._count_words()]))
        self.add.setEnabled(any(not day.is_off for day in week.days))
        keep = self._focused_target()
        had_keys = self.grid.isAncestorOf(self.window().focusWidget() or self)
        if all(lesson.plan.id != self._chosen for lesson in week.lessons):
            self._chosen = None
        self.grid.show_columns([self._column(day) for day in week.days])
        self._show_choice()
        if had_keys:
            self._give_keys_back(keep)

    def _count_words(self) -> str:
        count = len(self._week.lessons) if self._week is not None else 0
        return ngettext("{n} lesson", "{n} lessons", count).format(n=count) if count else _("no lessons yet")

    def _column(self, day: Day) -> Column:
        context = self.session.context
        several = len(self._classes) > 1
        names = {one: section.name if several else "" for one, section in self._classes.items()}
        is_today = day.day == today(context.clock)
        column = column_of(context, day, names, self.session.section_id, is_today=is_today)
        for block in (*column.timed, *column.loose):
            if isinstance(block, LessonCard):
                block.reached.connect(partial(self._choose, block.lesson.plan.id))
                block.opened.connect(partial(self._open, block.lesson.plan.id))
            else:
                block.clicked.connect(partial(self._on_slot_clicked, block))
        return column

    def _show_empty(self, why: Why, section: Section | None) -> None:
        self._week = None
        self.grid.show_columns([])
        self._body.hide()
        for button in (self.before, self.now, self.after, self.copy, self.add):
            button.hide()
        self.header.set_words(_("Week"), section.name if section else "")
        self._empty_widget = nothing_to_plan(why, lambda: self.session.window.open_page("add_students"))
        self._empty.addWidget(self._empty_widget, 1)

    def _show_choice(self) -> None:
        """Marks the chosen lesson and the places where a held one can go."""
        lesson = self._lesson()
        has_timetable = self._week is not None and self._week.has_timetable
        for block in [one for column in self.grid.columns for one in (*column.timed, *column.loose)]:
            if isinstance(block, LessonCard):
                block.setChecked(block.lesson.plan.id == self._chosen)
            else:
                held = self._held
                block.set_putting(held is not None)
                # Where the timetable says when the class meets, more lessons than that are put there on purpose only.
                block.setVisible(block.slot is not None or held is not None or not has_timetable)
                # Of a day as a whole the class is the lesson's own.
                elsewhere = block.slot is not None and held is not None and block.target.section != held.section
                block.setEnabled(not (held is not None and held.moving and elsewhere))
        if self._held is not None:
            self.bar.show_held(self._held.name, moving=self._held.moving)
        elif lesson is not None:
            runs = self.session.context.reads.lessons.runs(lesson.section, lesson.plan.id)
            several = len(self.session.context.reads.sections.all()) > 1
            self.bar.show_chosen(lesson.plan.name, can_give=several, can_move=not runs)
        else:
            self.bar.show_nothing()

    def _focused_target(self) -> Target | None:
        here = self.grid.focusWidget()
        return here.target if isinstance(here, FreeSlot) else None

    def _give_keys_back(self, target: Target | None) -> None:
        blocks = self.grid.blocks()
        same = [one for one in blocks if isinstance(one, FreeSlot) and one.target == target]
        chosen = [one for one in blocks if isinstance(one, LessonCard) and one.lesson.plan.id == self._chosen]
        day = [one for one in blocks if target is not None and _day_of(one) == target.day]
        for block in (*same, *chosen, *day, *blocks):
            block.setFocus(Qt.FocusReason.OtherFocusReason)
            return

    # --- choosing ---------------------------------------------------------------------------------------------

    def _lesson(self) -> Lesson | None:
        found = self._week.lessons if self._week is not None else ()
        return next((lesson for lesson in found if lesson.plan.id == self._chosen), None)

    def _choose(self, plan: Id | None) -> None:
        if plan != self._chosen:
            self._chosen = plan
        self._show_choice()

    def _open(self, plan: Id) -> None:
        found = self._week.lessons if self._week is not None else ()
        lesson = next(one for one in found if one.plan.id == plan)
        self.session.choose_section(lesson.section)
        self.session.window.open_page("plan", plan=plan)

    def _on_scope_changed(self, key: str) -> None:
        self._all = key == ALL
        self.refresh_soon()

    def _turn(self, by: int) -> None:
        if self._week is None:
            return
        first, last = self._week.days[0].day, self._week.days[-1].day
        self._day = first - timedelta(1) if by < 0 else last + timedelta(1)
        # The weekend after a week belongs to it.
        while by > 0 and weeks.shown_days(self.session.context, self._day)[0] <= first:
            self._day += timedelta(1)
        self.refresh_soon()

    def _on_now_clicked(self) -> None:
        self._day = today(self.session.context.clock)
        self.refresh_soon()

    # --- adding -----------------------------------------------------------------------------------------------

    def _on_add_clicked(self) -> None:
        here = self._focused_target()
        slots = [one for one in self.grid.blocks() if isinstance(one, FreeSlot)]
        now = today(self.session.context.clock).isoformat()
        meetings = [one.target for one in slots if one.slot is not None] or [one.target for one in slots]
        coming = [one for one in meetings if one.day >= now] or meetings
        target = here or next(iter(coming), None)
        if target is None:
            section = self.session.section_id
            days = [day.day.isoformat() for day in self._week.days if not day.is_off] if self._week else []
            if section is None or not days:
                return
            target = Target(section, next((day for day in days if day >= now), days[-1]), None)
        self._add_at(target)

    def _add_at(self, target: Target) -> None:
        when = words.day_words(target.day)
        if target.start is not None:
            when = _("{day}, {time}").format(day=when, time=words.clock_words(target.start))
        name = self.session.context.reads.sections.get(target.section)
        where = f"{name.name} · {when}" if name is not None and len(self._classes) > 1 else when
        sheet = AddSheet(self.window(), plans.template_list(), where)
        sheet.setObjectName("week_add_sheet")
        sheet.chosen.connect(partial(self._on_template_chosen, target))
        sheet.open()

    def _on_template_chosen(self, target: Target, code: str) -> None:
        made = self.session.do(plans.new_plan, target.section, code, day=target.day, start_minute=target.start)
        if made is not None:
            self._chosen, self._held = made.plan, None
            self.refresh_soon()

    def _on_slot_clicked(self, slot: FreeSlot) -> None:
        if self._held is not None:
            self._put(slot.target)
        else:
            self._add_at(slot.target)

    # --- copying and moving -----------------------------------------------------------------------------------

    def _hold(self, *, moving: bool) -> None:
        lesson = self._lesson()
        if lesson is None:
            return
        if moving and self.session.context.reads.lessons.runs(lesson.section, lesson.plan.id):
            self.session.say_trouble(Refusal("lesson_was_taught"))
            return
        self._held = Held(lesson.section, lesson.plan.id, lesson.plan.name, moving)
        self._show_choice()
        kit.announce(self.bar, self.bar.text.text())

    def _let_go(self) -> None:
        self._held = None
        self._show_choice()

    def _on_paste_key(self) -> None:
        here = self.grid.focusWidget()
        if self._held is None or not isinstance(here, LessonCard | FreeSlot):
            return
        if isinstance(here, FreeSlot):
            self._put(here.target)
        elif here.lesson.plan.day is not None:
            self._put(Target(self._held.section, here.lesson.plan.day, None))

    def _put(self, target: Target) -> None:
        """The held lesson to a place; one that was copied can be put to more places."""
        held = self._held
        assert held is not None, "places are offered only while a lesson is held"
        home = target.section if target.start is not None else held.section
        self._place(held.section, held.plan, target._replace(section=home), copied=not held.moving)
        if held.moving:
            self._held = None
            self.refresh_soon()

    def _place(self, section: Id, plan: Id, target: Target, *, copied: bool) -> None:
        day = date.fromisoformat(target.day)
        if copied:
            made = self.session.do(weeks.copy_lesson, section, plan, day, target.start, into=target.section)
            if made is not None:
                self._chosen = made.plan
        else:
            done = self.session.do(weeks.move_lesson, section, plan, day, target.start)
            if done is not None:
                self._chosen = plan
        self.refresh_soon()

    def _on_dropped(self, what: bytes, target: Target, copied: bool) -> None:
        section, plan = what[:16], what[16:]
        self._held = None
        lesson = next((one for one in (self._week.lessons if self._week else ()) if one.plan.id == plan), None)
        same_day = lesson is not None and lesson.plan.day == target.day and target.start is None
        if copied or not same_day:
            self._place(section, plan, target, copied=copied)

    def _on_copy_week_clicked(self) -> None:
        done = self.session.quietly(weeks.copy_week, list(self._classes), self._day)
        if done is None:
            return
        self._say(done.change, copied_words(done))

    def _say(self, change: ChangeSet, sentence: str) -> None:
        undo = partial(self.session.do, history.undo, change.change_id)
        self.session.window.toast.show_message(sentence, undo)

    # --- the chosen lesson ------------------------------------------------------------------------------------

    def _on_bar_requested(self, action: str) -> None:
        lesson = self._lesson()
        if action == "done":
            self._let_go()
        elif lesson is None:
            return
        elif action == "open":
            self._open(lesson.plan.id)
        elif action in ("copy", "move"):
            self._hold(moving=action == "move")
            if self._held is not None:
                self._focus_first_place()
        elif action == "give":
            self._ask_classes(lesson)
        else:
            self._take_out()

    def _focus_first_place(self) -> None:
        for block in self.grid.blocks():
            if isinstance(block, FreeSlot):
                block.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _take_out(self) -> None:
        lesson = self._lesson()
        if lesson is not None and self._held is None:
            self.session.do(plans.archive_plan, lesson.section, lesson.plan.id)

    def _ask_classes(self, lesson: Lesson) -> None:
        others = [one for one in self.session.context.reads.sections.all() if one.id != lesson.section]
        sheet = GiveSheet(self.window(), lesson.plan.name, others)
        sheet.setObjectName("week_give_sheet")
        sheet.given.connect(partial(self._on_given, lesson))
        sheet.open()

    def _on_given(self, lesson: Lesson, classes: list[Id]) -> None:
        done = self.session.quietly(weeks.give_to_classes, lesson.section, lesson.plan.id, classes)
        if done is None:
            return
        self._say(done.change, given_words(self.session.context, done))

    # --- keys -------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._held is not None:
            self._let_go()
        elif event.key() == Qt.Key.Key_Escape:
            self.session.window.open_page("plan")
        else:
            super().keyPressEvent(event)


def _day_of(block: Block) -> str | None:
    return block.lesson.plan.day if isinstance(block, LessonCard) else block.target.day
