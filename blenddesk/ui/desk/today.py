"""Today: the lesson of the class in view, before, while and after it runs, with everything one click away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.services.today import DayState, Need, NeedKind, TodayView, today_view
from blenddesk.text import _, ngettext
from blenddesk.ui import kit
from blenddesk.ui.desk.class_switcher import ClassSwitcher, class_to_open
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.desk.today_days import day_words

if TYPE_CHECKING:
    from PySide6.QtGui import QShortcut

    from blenddesk.domain.live import LessonState
    from blenddesk.ui.desk.today_board import GroupBoard
    from blenddesk.ui.desk.today_done import DoneView
    from blenddesk.ui.desk.today_nothing import NothingView
    from blenddesk.ui.desk.today_ready import ReadyView
    from blenddesk.ui.desk.today_run import RunView
    from blenddesk.ui.desk.today_side import SideColumn
    from blenddesk.ui.desk.today_windows import LessonWindows

# Of the four views only the one to be shown is imported and built, and what only a lesson needs only with a lesson:
# the first paint must be quick.

TICK_MS = 1000


class TodayPage(DeskPage):
    """Shows ``today_view``; while a lesson runs a timer asks once a second, otherwise none runs."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"section", "student", "enrollment", "adult", "period", "plan", "block", "block_task", "group", "membership"}
        | {"seat", "meeting", "attendance", "run", "lesson_event", "entry", "reflection", "certificate", "room"}
    )

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._ctx = session.context
        self._view: TodayView | None = None
        self._wanted: Id | None = None
        self._answered: set[Id] = set()
        self._covered = False
        self._cover_decided: Id | None = None
        self._moment: tuple[object, ...] = ()
        self._last_tick_ms: int | None = None
        self._slept_since: int | None = None
        self._windows: LessonWindows | None = None
        self.switcher = ClassSwitcher(self)
        self.switcher.chosen.connect(self._on_class_chosen)
        self.title = kit.Heading("", "display", parent=self)
        self.title.setObjectName("today_title")
        self.subtitle = kit.Text("", role="small", tone="dim", parent=self)
        self.edit = kit.Button(_("Edit lesson"), icon="pencil-simple", parent=self)
        self.edit.setObjectName("edit_lesson")
        self.board_button = kit.Button(_("Open board"), icon="presentation", parent=self)
        self.board_button.setObjectName("open_board")
        self.board_button.setToolTip(_("Key: {key}").format(key="F5"))
        self.edit.clicked.connect(self._on_edit_clicked)
        self.board_button.clicked.connect(self.open_board)
        self.stack = QStackedWidget(self)
        self._holders: dict[QWidget, QWidget] = {}
        self._lay_out()
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)

    # --- building ---------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        under = QHBoxLayout()
        under.setSpacing(10)
        under.addWidget(self.switcher)
        under.addWidget(self.subtitle, 1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addLayout(under)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addLayout(words, 1)
        head.addWidget(self.edit)
        head.addWidget(self.board_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 12, 18, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.stack, 1)
        self._column = column

    @cached_property
    def nothing(self) -> NothingView:
        from blenddesk.ui.desk.today_nothing import NothingView

        view = NothingView(self)
        # Three lines and two buttons need no scroll area, whatever the size of the text.
        self._holders[view] = view
        self.stack.addWidget(view)
        view.plan_requested.connect(lambda plan: self._open_plan(plan))
        view.copy_requested.connect(self._copy_last)
        view.class_requested.connect(lambda: self.session.window.open_page("class"))
        return view

    @cached_property
    def ready(self) -> ReadyView:
        from blenddesk.ui.desk.today_ready import ReadyView

        view = ReadyView(self._ctx.clock, self)
        self._add_view(view)
        view.fit_width(self.width())
        view.start_requested.connect(self._start)
        view.away_toggled.connect(self._toggle_away)
        view.plan_chosen.connect(self._choose_plan)
        self._connect_board(view.board)
        return view

    @cached_property
    def run(self) -> RunView:
        from blenddesk.services import live
        from blenddesk.ui.desk.today_run import RunView

        view = RunView(self._ctx.clock, self)
        self._add_view(view)
        view.fit_width(self.width())
        for button, use in (
            (view.next_requested, self._next),
            (view.plus_requested, lambda: self._do(live.plus_minute)),
            (view.pause_requested, self._toggle_pause),
            (view.eyes_requested, self._toggle_eyes),
            (view.skip_requested, lambda: self._do(live.skip_round)),
            (view.refit_requested, lambda: self._do(live.refit)),
            (view.cover_requested, lambda: self.cover(not self._covered)),
        ):
            button.connect(use)
        self._connect_board(view.board)
        self._connect_side(view.side)
        return view

    @cached_property
    def done(self) -> DoneView:
        from blenddesk.services import live
        from blenddesk.ui.desk.today_done import DoneView

        view = DoneView(self._ctx.clock, self)
        self._add_view(view)
        view.fit_width(self.width())
        self._connect_side(view.side)
        view.student_requested.connect(self._open_student)
        view.plan_requested.connect(lambda: self._open_plan(None))
        view.copy_requested.connect(self._copy_last)
        view.finish_requested.connect(lambda: self._do(live.finish))
        return view

    @cached_property
    def _board_key(self) -> QShortcut:
        from PySide6.QtGui import QKeySequence, QShortcut

        key = QShortcut(QKeySequence("F5"), self)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.open_board)
        return key

    @cached_property
    def _slept(self) -> kit.Banner:
        banner = _sleep_banner(self)
        self._column.insertWidget(self._column.indexOf(self.stack), banner)
        return banner

    def _add_view(self, view: QWidget) -> None:
        """In a scroll area of its own: at 1024 x 600 the page scrolls rather than clips."""
        from PySide6.QtWidgets import QFrame, QScrollArea

        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        kit.put_on_page(area, view)
        self._holders[view] = area
        self.stack.addWidget(area)

    def _connect_board(self, board: GroupBoard) -> None:
        from blenddesk.services import live

        board.move_requested.connect(lambda student, group: self._do(live.move_student, student, group))
        board.away_requested.connect(self._toggle_away)
        board.log_requested.connect(self._log_student)
        board.student_requested.connect(self._open_student)
        board.group_requested.connect(lambda group, round_: self._open_group(board, group, round_))

    def _connect_side(self, side: SideColumn) -> None:
        side.answered.connect(self._answer)
        side.cover_toggled.connect(self.cover)
        side.computers.open_requested.connect(self.open_student_computer)
        side.computers.stick_requested.connect(lambda: self.session.window.open_page("computers"))

    # --- showing ----------------------------------------------------------------------------------------------

    def open_with(self, **what: object) -> None:
        """``plan``: show this lesson of today."""
        plan = what.get("plan")
        if isinstance(plan, bytes):
            self._choose_plan(plan)

    def refresh(self) -> None:
        if self.session.section_id is None:
            self.session.choose_section(class_to_open(self._ctx))
        section = self.session.section_id
        sections = self._ctx.reads.sections.all()
        self.switcher.show_classes(sections, section)
        if section is None or all(one.id != section for one in sections):
            self._view = None
            self.title.setText(_("Today"))
            self.subtitle.setText("")
            self.nothing.show_no_class()
            self._show_state(self.nothing, lesson=False)
            return
        self._view = view = today_view(self._ctx, section, plan=self._wanted)
        name = view.sheet.plan.name if view.sheet is not None else ""
        self.title.setText(name or _("Today"))
        parts = [] if len(sections) > 1 else [view.section.name]
        parts += [day_words(view.now)]
        if view.sheet is not None:
            from blenddesk.ui.desk.today_words import here_words

            parts.append(here_words(view))
        self.subtitle.setText(" · ".join(parts))
        self._decide_cover(view)
        show = {
            DayState.NOTHING: self._show_nothing,
            DayState.READY: self._show_ready,
            DayState.RUNNING: self._show_running,
            DayState.FINISHED: self._show_finished,
        }[view.state]
        show(view)

    def _show_nothing(self, view: TodayView) -> None:
        tomorrow = (view.now.date() + timedelta(1)).isoformat()
        self.nothing.show_view(view, self._ctx.reads.plans.latest_before(view.section.id, tomorrow))
        self._show_state(self.nothing, lesson=False)

    def _show_ready(self, view: TodayView) -> None:
        self.ready.show_view(view, self._ctx.clock.wall_ms())
        self._show_state(self.ready, lesson=True)

    def _show_running(self, view: TodayView) -> None:
        assert view.lesson is not None
        self.run.show_view(view)
        self._show_side(self.run.side, view)
        self._show_moment(view.lesson)
        self._show_state(self.run, lesson=True)

    def _show_finished(self, view: TodayView) -> None:
        self.done.show_view(view)
        self._show_side(self.done.side, view)
        self._show_state(self.done, lesson=True)

    def _show_state(self, view: QWidget, *, lesson: bool) -> None:
        self.edit.setVisible(lesson)
        has_board = lesson and self._is_before_the_end()
        self.board_button.setVisible(has_board)
        if has_board:
            self._board_key.setEnabled(True)
        holder = self._holders[view]
        if self.stack.currentWidget() is not holder:
            self.stack.setCurrentWidget(holder)
            if lesson and self._is_before_the_end() and self.isVisible():
                # The keys of the lesson work at once: Space, N, + and F.
                view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._run_timer()

    def _is_before_the_end(self) -> bool:
        return self._view is not None and self._view.state in (DayState.READY, DayState.RUNNING)

    def _fit_width(self) -> None:
        for view in self._holders:
            fit = getattr(view, "fit_width", None)
            if callable(fit):
                fit(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_width()

    def restyle(self) -> None:
        self._fit_width()

    def _show_side(self, side: SideColumn, view: TodayView) -> None:
        open_here = self._windows is not None and self._windows.student_computer is not None
        side.show_view(
            view,
            covered=self._covered,
            answered=self._answered,
            open_here=open_here,
            here_words=_group_at_computer(view) if open_here else "",
        )

    # --- time -------------------------------------------------------------------------------------------------

    def _on_tick(self) -> None:
        with text.speaking(self._language):
            self.tick()

    def tick(self) -> None:
        """Asks what the clock says; everything that follows from it is shown, and the data read again on a change."""
        view = self._view
        if view is None or view.log is None or view.state is not DayState.RUNNING:
            self._tick.stop()
            return
        from blenddesk.domain.live import slept_seconds

        now = self._ctx.clock.wall_ms()
        if self._last_tick_ms is not None and slept_seconds(self._last_tick_ms, now, usual_ms=TICK_MS):
            self._ask_about_sleep(self._last_tick_ms, now)
        self._last_tick_ms = now
        state = view.log.at(now)
        if (state.phase, state.round, state.step) != self._moment:
            self.refresh()
            kit.announce(self, self.run.timer.words.text())
        else:
            self._show_moment(state)

    def _show_moment(self, state: LessonState) -> None:
        self._moment = (state.phase, state.round, state.step)
        self.run.show_moment(state)

    def _run_timer(self) -> None:
        wanted = self.isVisible() and self._view is not None and self._view.state is DayState.RUNNING
        if wanted and not self._tick.isActive():
            self._last_tick_ms = self._ctx.clock.wall_ms()
            self._tick.start()
        elif not wanted:
            self._tick.stop()
            self._last_tick_ms = None

    def _ask_about_sleep(self, since_ms: int, now_ms: int) -> None:
        self._slept_since = since_ms
        minutes = max(round((now_ms - since_ms) / 60_000), 1)
        self._slept.set_text(
            ngettext(
                "The computer slept for {n} minute. Go on from here?",
                "The computer slept for {n} minutes. Go on from here?",
                minutes,
            ).format(n=minutes)
        )
        self._slept.show()

    def answer_sleep(self, choice: str) -> None:
        """``here``: as if no time had passed; ``clock``: by the clock; ``finish``: the lesson is over."""
        from blenddesk.services import live

        since, self._slept_since = self._slept_since, None
        self._slept.hide()
        if choice == "here" and since is not None:
            self._do(live.slept, since)
        elif choice == "finish":
            self._do(live.finish)

    # --- the lesson's buttons ---------------------------------------------------------------------------------

    def _do(self, use_case: Callable[..., object], *args: object, quiet: bool = False, **kwargs: object) -> None:
        view = self._view
        if view is None or view.sheet is None:
            return
        run = self.session.quietly if quiet else self.session.do
        run(use_case, view.section.id, view.sheet.plan.id, *args, **kwargs)

    def _start(self, full_rounds: bool) -> None:
        from blenddesk.services import live

        self._do(live.start_lesson, full_rounds=full_rounds)

    def _next(self) -> None:
        from blenddesk.domain.live import Phase
        from blenddesk.services import live

        state = self._state()
        self._do(live.finish if state is not None and state.phase is Phase.CLOSING else live.next_round)

    def _toggle_pause(self) -> None:
        from blenddesk.services import live

        state = self._state()
        self._do(live.resume if state is not None and state.paused else live.pause, quiet=True)

    def _toggle_eyes(self) -> None:
        from blenddesk.services import live

        state = self._state()
        self._do(live.eyes_off if state is not None and state.eyes_on_me else live.eyes_on, quiet=True)

    def _toggle_away(self, student: Id) -> None:
        from blenddesk.services import attendance

        self._do(attendance.toggle_away, student)

    def _log_student(self, student: Id) -> None:
        from blenddesk.domain.entries import EntryKind
        from blenddesk.services import entries

        view = self._view
        if view is None or view.sheet is None or view.board_round is None:
            return
        group = view.sheet.group_of(student)
        block = None if group is None else view.sheet.block_of(group.id, view.board_round)
        if block is not None:
            self._do(entries.mark_work, block.id, [student], EntryKind.CLAIMED)

    def _state(self) -> LessonState | None:
        log = self._view.log if self._view is not None else None
        return None if log is None else log.at(self._ctx.clock.wall_ms())

    # --- who needs the teacher --------------------------------------------------------------------------------

    def _answer(self, need: Need) -> None:
        view = self._view
        if view is None:
            return
        if need.kind is NeedKind.LATE and need.rounds:
            from blenddesk.ui.desk.today_sheets import late_sheet

            late_sheet(self.session.window, view, need, excuse=self._excuse, later=self._note_answered).open()
            return
        self._note_answered(need)
        if need.kind is NeedKind.TRICKY:
            self._open_student(need.student)

    def _note_answered(self, need: Need) -> None:
        """Kept on this page only: that somebody was helped is nobody else's business, on no other computer."""
        self._answered.add(need.id)
        self.refresh()

    def _excuse(self, need: Need) -> None:
        from blenddesk.services import entries

        self._do(entries.excuse_rounds, need.student, need.rounds)
        self._note_answered(need)

    def cover(self, covered: bool) -> None:
        """Hides who needs the teacher and how it went, or shows them again."""
        self._covered = covered
        if self._view is not None:
            self._cover_decided = self._view.sheet.plan.id if self._view.sheet is not None else None
            self.refresh()

    def is_covered(self) -> bool:
        return self._covered

    def _decide_cover(self, view: TodayView) -> None:
        """A projector in the room and one picture for laptop and wall: covered until the teacher says otherwise."""
        plan = view.sheet.plan.id if view.sheet is not None else None
        if plan is None or plan == self._cover_decided or view.state is DayState.READY:
            return
        self._cover_decided = plan
        has_projector = bool(self._ctx.reads.lessons.room_row().get("projector"))
        self._covered = has_projector and self.windows().class_may_see()

    # --- other windows and pages ------------------------------------------------------------------------------

    def windows(self) -> LessonWindows:
        if self._windows is None:
            from blenddesk.ui.desk.today_windows import LessonWindows

            self._windows = LessonWindows(
                self.session, self, on_change=self._on_windows_changed, on_flip_home=lambda: self.cover(True)
            )
        return self._windows

    def open_board(self) -> None:
        view = self._view
        if view is None or view.sheet is None or view.state is DayState.FINISHED:
            return
        windows = self.windows()
        if windows.class_may_see():
            self.cover(True)
        windows.open_board(view.section.id, view.sheet.plan.id)

    def open_student_computer(self) -> None:
        if self._view is not None:
            self.windows().open_student_computer(self._view.section.id)

    def _on_windows_changed(self) -> None:
        if self._view is not None:
            self.refresh_soon()

    def _on_class_chosen(self, section: Id) -> None:
        self._wanted = None
        self.session.choose_section(section)
        self._ctx.save_settings(self._ctx.settings._replace(last_section=section.hex()))

    def _choose_plan(self, plan: Id) -> None:
        self._wanted = plan
        self.refresh_soon()

    def _on_edit_clicked(self) -> None:
        if self._view is not None and self._view.sheet is not None:
            self._open_plan(self._view.sheet.plan.id)

    def _open_plan(self, plan: Id | None) -> None:
        what: dict[str, object] = {} if plan is None else {"plan": plan}
        self.session.window.open_page("plan", **what)

    def _open_student(self, student: Id) -> None:
        self.session.window.open_page("child", student=student)

    def _copy_last(self) -> None:
        from blenddesk.services import plans

        if self._view is not None:
            self.session.do(plans.copy_plan, self._view.section.id)

    def _open_group(self, board: GroupBoard, group: Id, round_: int | None) -> None:
        from blenddesk.services import entries
        from blenddesk.ui.desk.today_sheets import group_sheet

        view = self._view
        if view is None or view.sheet is None:
            return
        found = next((one for one in view.sheet.groups if one.id == group), None)
        if found is not None:
            group_sheet(
                self.session.window,
                view,
                found,
                round_,
                choose=board.choose,
                log=lambda one, number: self._do(entries.log_group, one, number),
            ).open()

    # --- being seen -------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        seen_before = self._view
        super().showEvent(event)
        if self._view is seen_before and self._view is not None and self._view.lesson is not None:
            # Time went on while another page was shown.
            self.refresh_soon()
        self._run_timer()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._run_timer()


def _sleep_banner(page: TodayPage) -> kit.Banner:
    buttons = []
    for choice, words in (("here", _("Go on from here")), ("clock", _("Go by the clock")), ("finish", _("Finish"))):
        button = kit.Button(words, size="small")
        button.setObjectName(f"slept_{choice}")
        button.clicked.connect(lambda _checked=False, choice=choice: page.answer_sleep(choice))
        buttons.append(button)
    banner = kit.Banner("", "warn", actions=buttons, parent=page)
    banner.setObjectName("slept_banner")
    return banner


def _group_at_computer(view: TodayView) -> str:
    """``Triangles · 3 of 8 done``: the group that is at the computers in this round."""
    from blenddesk.domain.plans import Mode
    from blenddesk.ui.desk.today_board import shape_of

    if view.sheet is None or view.board_round is None:
        return _("on this laptop")
    for row in view.rows:
        block = view.sheet.block_of(row.group.id, view.board_round)
        if block is not None and block.mode is Mode.ONLINE:
            name = row.group.name or kit.group_name(shape_of(row.group))
            return _("{group} · {done} of {total} done").format(group=name, done=row.done, total=row.here)
    return _("on this laptop")
