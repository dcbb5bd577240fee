"""Today: the lesson of the class in view, before, while and after it runs, with everything one click away."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.services.today import DayState, TodayView, today_view
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.class_switcher import ClassSwitcher, class_to_open
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.desk.today_days import day_words

if TYPE_CHECKING:
    from PySide6.QtGui import QShortcut

    from blenddesk.ui.desk.today_actions import LessonActions
    from blenddesk.ui.desk.today_clock import LessonClock
    from blenddesk.ui.desk.today_done import DoneView
    from blenddesk.ui.desk.today_nothing import NothingView
    from blenddesk.ui.desk.today_ready import ReadyView
    from blenddesk.ui.desk.today_run import RunView
    from blenddesk.ui.desk.today_side import SideColumn
    from blenddesk.ui.desk.today_windows import LessonWindows
    from blenddesk.ui.desk.tray import Tray

# Of the four views only the one to be shown is imported and built, and what only a lesson needs only with a lesson:
# the first paint must be quick.

LOW = 690
"""Height (at text size 1) of the page below which its title takes one line."""


class TodayPage(DeskPage):
    """Shows ``today_view``; while a lesson runs a timer asks once a second, otherwise none runs."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"section", "student", "enrollment", "adult", "period", "plan", "block", "block_task", "group", "membership"}
        | {"seat", "meeting", "attendance", "run", "lesson_event", "entry", "reflection", "certificate", "room"}
    )

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._ctx = session.context
        self.view: TodayView | None = None
        self._wanted: Id | None = None
        self._covered = False
        self._cover_decided: Id | None = None
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
        session.painted.connect(lambda: self.tray.look())

    # --- building ---------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        under = QHBoxLayout()
        under.setSpacing(10)
        under.addWidget(self.switcher)
        under.addWidget(self.subtitle, 1)
        under.addStretch(0)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addLayout(under)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addLayout(words, 1)
        head.addWidget(self.edit)
        head.addWidget(self.board_button)
        for label in (self.title, self.subtitle):
            label.setMinimumWidth(1)  # Unwrapped words must not hold a window open.
        self._words = words
        self._is_low = False
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
        view.copy_requested.connect(lambda: self.lesson_actions.copy_last())
        view.class_requested.connect(lambda: self.session.window.open_page("class"))
        return view

    @cached_property
    def ready(self) -> ReadyView:
        from blenddesk.ui.desk.today_ready import ReadyView

        view = ReadyView(self._ctx.clock, self)
        self._add_view(view)
        view.plan_chosen.connect(self._choose_plan)
        self.lesson_actions.connect_ready(view)
        return view

    @cached_property
    def run(self) -> RunView:
        from blenddesk.ui.desk.today_run import RunView

        view = RunView(self._ctx.clock, self)
        self._add_view(view)
        self.lesson_actions.connect_run(view)
        return view

    @cached_property
    def done(self) -> DoneView:
        from blenddesk.ui.desk.today_done import DoneView

        view = DoneView(self._ctx.clock, self)
        self._add_view(view)
        view.plan_requested.connect(lambda: self._open_plan(None))
        view.copy_requested.connect(lambda: self.lesson_actions.copy_last())
        self.lesson_actions.connect_done(view)
        return view

    @cached_property
    def lesson_actions(self) -> LessonActions:
        from blenddesk.ui.desk.today_actions import LessonActions

        return LessonActions(self)

    @cached_property
    def _board_key(self) -> QShortcut:
        from PySide6.QtGui import QKeySequence, QShortcut

        key = QShortcut(QKeySequence("F5"), self)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.open_board)
        return key

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
            self.view = None
            self.title.setText(_("Today"))
            self.subtitle.setText("")
            self.nothing.show_no_class()
            self._show_state(self.nothing, lesson=False)
            return
        self.view = view = today_view(self._ctx, section, plan=self._wanted)
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
        self.nothing.show_view(view, self._ctx.reads.lessons.latest_planned(view.section.id, tomorrow))
        self._show_state(self.nothing, lesson=False)

    def _show_ready(self, view: TodayView) -> None:
        self.ready.show_view(view, self._ctx.clock.wall_ms())
        self._show_state(self.ready, lesson=True)

    def _show_running(self, view: TodayView) -> None:
        assert view.lesson is not None
        self.run.show_view(view)
        self._show_side(self.run.side, view)
        self.clock.show_moment(view.lesson)
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
        if lesson:
            self._fit()
        self._run_clock()

    def _is_before_the_end(self) -> bool:
        return self.view is not None and self.view.state in (DayState.READY, DayState.RUNNING)

    def _fit(self) -> None:
        """Title and classes below each other, or in one line on a low screen; then the view gets what is left."""
        low = self.height() < theme.look_of(self).px(LOW)
        if low or self._is_low:
            self._is_low = low
            self._fit_head(low)
            edge = 8 if low else 12
            self._column.setContentsMargins(22, edge, 18, edge)
        current = self.stack.currentWidget()
        for view, holder in self._holders.items():
            fit = getattr(view, "fit", None)
            if holder is current and callable(fit):
                self._column.activate()
                fit(self.stack.size())

    def _fit_head(self, low: bool) -> None:
        """In one line the day comes last and only if there is room: the title's tool tip has it always."""
        buttons = [one for one in (self.edit, self.board_button) if one.isVisibleTo(self)]
        classes = [self.switcher] if self.switcher.isVisibleTo(self) else []
        self.title.setWordWrap(False)
        taken = sum(one.sizeHint().width() + 16 for one in (self.title, *classes, *buttons)) + 40
        one_line = low and taken <= self.width()
        for label in (self.title, self.subtitle):
            label.setWordWrap(not one_line)
        self._words.setDirection(QBoxLayout.Direction.LeftToRight if one_line else QBoxLayout.Direction.TopToBottom)
        self._words.setSpacing(16 if one_line else 2)
        self.title.setToolTip(self.subtitle.text())
        self.subtitle.setVisible(not one_line or taken + self.subtitle.sizeHint().width() + 10 <= self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        self._fit()

    def _show_side(self, side: SideColumn, view: TodayView) -> None:
        from blenddesk.ui.desk.today_group import at_computer_words

        open_here = self._windows is not None and self._windows.student_computer is not None
        side.show_view(
            view,
            covered=self._covered,
            answered=self.lesson_actions.answered,
            open_here=open_here,
            here_words=at_computer_words(view) if open_here else "",
        )

    # --- time -------------------------------------------------------------------------------------------------

    @cached_property
    def clock(self) -> LessonClock:
        from blenddesk.ui.desk.today_clock import LessonClock

        return LessonClock(self)

    def _run_clock(self) -> None:
        wanted = self.isVisible() and self.view is not None and self.view.state is DayState.RUNNING
        if wanted or "clock" in vars(self):
            self.clock.run(wanted)

    @cached_property
    def tray(self) -> Tray:
        from blenddesk.ui.desk.tray import Tray

        return Tray(self)

    def show_below_lesson(self, widget: QWidget, shown: bool) -> None:
        self._column.addWidget(widget)
        widget.setVisible(shown)
        self._fit()

    def put_above_lesson(self, widget: QWidget) -> None:
        self._column.insertWidget(self._column.indexOf(self.stack), widget)

    # --- what the class must not see ------------------------------------------------------------------------

    def cover(self, covered: bool) -> None:
        """Hides who needs the teacher and how it went, or shows them again."""
        self._covered = covered
        if self.view is not None:
            self._cover_decided = self.view.sheet.plan.id if self.view.sheet is not None else None
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
        view = self.view
        if view is None or view.sheet is None or view.state is DayState.FINISHED:
            return
        windows = self.windows()
        if windows.class_may_see():
            self.cover(True)
        windows.open_board(view.section.id, view.sheet.plan.id)

    def open_student_computer(self) -> None:
        if self.view is not None:
            self.windows().open_student_computer(self.view.section.id)

    def _on_windows_changed(self) -> None:
        if self.view is not None:
            self.refresh_soon()

    def _on_class_chosen(self, section: Id) -> None:
        self._wanted = None
        self.session.choose_section(section)
        self._ctx.save_settings(self._ctx.settings._replace(last_section=section.hex()))

    def _choose_plan(self, plan: Id) -> None:
        self._wanted = plan
        self.refresh_soon()

    def _on_edit_clicked(self) -> None:
        if self.view is not None and self.view.sheet is not None:
            self._open_plan(self.view.sheet.plan.id)

    def _open_plan(self, plan: Id | None) -> None:
        what: dict[str, object] = {} if plan is None else {"plan": plan}
        self.session.window.open_page("plan", **what)

    # --- being seen -------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        seen_before = self.view
        super().showEvent(event)
        if self.view is seen_before and self.view is not None and self.view.lesson is not None:
            # Time went on while another page was shown.
            self.refresh_soon()
        self._run_clock()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._run_clock()
