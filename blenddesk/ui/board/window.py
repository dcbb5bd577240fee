"""The projector board: one round on the wall, made again from the log every second, with a strip of controls.

It shows nothing but what ``services.board`` gives, so no need, level, goal or answer can reach the wall. Keys:
Space shows the strip, N next, + a minute, F eyes on me, P pause, B chalk view, Esc closes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QScreen,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.domain.live import LessonState, Phase
from blenddesk.domain.ops import ChangeSet
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import live
from blenddesk.services.board import BoardView, board_view, round_shown
from blenddesk.services.context import AppContext
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.board.chalk import ChalkView
from blenddesk.ui.board.controls import ControlStrip
from blenddesk.ui.board.fitting import least_px
from blenddesk.ui.board.head import BoardHead
from blenddesk.ui.board.places import PlacesView
from blenddesk.ui.board.signs import LookBackView, MovingView, Sign
from blenddesk.ui.bus import Bus
from blenddesk.ui.desk.today_words import clock_of_ms

PAGE_SECONDS = 10
STRIP_SECONDS = 5
STRIP_ZONE = 90
"""Pixels from the foot in which the pointer brings the strip up."""


class BoardWindow(QWidget):
    """The lesson of ``plan`` for all eyes. ``class_safe``: it lies over the desk, so its controls always show."""

    closed = Signal()

    def __init__(self, context: AppContext, section: Id, plan: Id, *, class_safe: bool = False) -> None:
        super().__init__()
        self.setObjectName("board_window")
        self.setWindowTitle(_("Board"))
        self.setAccessibleName(_("Board"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAutoFillBackground(True)
        self._ctx, self._section, self.plan = context, section, plan
        self.class_safe = class_safe
        self.bus = Bus(context, self)
        self.bus.changed.connect(self._on_data_changed)
        theme.set_look(self, face="board")
        self.head = BoardHead(self)
        self.places = PlacesView(self)
        self.moving = MovingView(self)
        self.look_back = LookBackView(self)
        self.chalk = ChalkView(context.clock, self)
        self.eyes = Sign("raised-hand", _("Eyes on me"), parent=self)
        self.eyes.setObjectName("eyes_sign")
        self.end = Sign("waving-hand", _("Well done!"), parent=self)
        self.stack = QStackedWidget(self)
        for view in (self.places, self.moving, self.look_back, self.chalk, self.eyes, self.end):
            self.stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(26, 14, 26, 14)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addWidget(self.stack, 1)
        self.strip = ControlStrip(self)
        self.strip.setVisible(class_safe)
        self._strip_until = 0
        self._closed = False
        self._is_chalk = context.settings.chalk_view
        self._language = text.language()
        self._view: BoardView | None = None
        self._shown: object = None
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._on_second)
        self._connect_strip()
        if class_safe:
            column.addSpacing(0)
            column.addWidget(self.strip)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._on_screen_removed)
        self.reload()

    # --- what is shown ----------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Reads the lesson anew and shows it; closes when the plan is gone."""
        try:
            self._view = board_view(self._ctx, self._section, self.plan)
        except BlendDeskError as error:
            self._view = None
            self.end.say(error_sentence(error))
            self.stack.setCurrentWidget(self.end)
            return
        self._shown = None
        self.show_now()

    def show_now(self) -> None:
        """The moment that the clock shows; called every second while the lesson runs."""
        view = self._view
        if view is None:
            return
        now = self._ctx.clock.wall_ms()
        state = view.log.at(now)
        ends = state.round_ends_at if state.running and not state.overtime_seconds else None
        bell = "" if ends is None else _("at {time}").format(time=clock_of_ms(self._ctx.clock, ends))
        self.head.show_state(view.title, state, bell)
        self._show_part(view, state)
        self.places.show_next(state.last_minute)
        self.places.turn_to(now // 1000 // PAGE_SECONDS)
        self.strip.show_state(state, chalk=self._is_chalk)
        if not self.class_safe and self.strip.isVisible() and now >= self._strip_until and not self._strip_in_use():
            self.strip.hide()
        wanted = state.running and self.isVisible()
        if wanted != self._tick.isActive():
            self._tick.start() if wanted else self._tick.stop()

    def _on_second(self) -> None:
        with text.speaking(self._language):
            self.show_now()

    def state(self) -> LessonState | None:
        return None if self._view is None else self._view.log.at(self._ctx.clock.wall_ms())

    def part(self) -> str:
        """What is on the wall: ``places``, ``moving``, ``look_back``, ``chalk``, ``eyes`` or ``end``."""
        names = ("places", "moving", "look_back", "chalk", "eyes", "end")
        return names[self.stack.currentIndex()]

    def _show_part(self, view: BoardView, state: LessonState) -> None:
        round_ = round_shown(state)
        if state.eyes_on_me:
            part: QWidget = self.eyes
        elif self._is_chalk and state.phase is not Phase.FINISHED:
            part = self.chalk
            self.chalk.show_lesson(view, state)
        elif round_ is not None:
            part = self.places
        elif state.phase is Phase.MOVING:
            part = self.moving
        else:
            part = self.look_back if state.phase is Phase.CLOSING else self.end
        self.head.setVisible(not state.eyes_on_me)
        key = (state.phase, state.round)
        if key != self._shown:
            first, self._shown = self._shown is None, key
            if round_ is not None:
                self.places.show_places(view.places(round_), letter=view.older)
            elif state.phase is Phase.MOVING and state.round is not None:
                self.moving.show_moves(view, state.round)
            elif state.phase is Phase.CLOSING:
                self.look_back.show_places(view)
            if not first:
                kit.announce(self, self.head.round.text())
        if self.stack.currentWidget() is not part:
            self.stack.setCurrentWidget(part)

    def show_chalk(self, on: bool) -> None:
        self._is_chalk = on
        self.show_now()

    # --- controls ---------------------------------------------------------------------------------------------

    def _connect_strip(self) -> None:
        for button, use in (
            (self.strip.pause, self._toggle_pause),
            (self.strip.plus, partial(self._do, live.plus_minute)),
            (self.strip.eyes, self._toggle_eyes),
            (self.strip.next, self._next),
            (self.strip.chalk, self._toggle_chalk),
            (self.strip.leave, self.close),
        ):
            button.clicked.connect(lambda _checked=False, use=use: use())

    def _do(self, use_case: Callable[[AppContext, Id, Id], ChangeSet]) -> None:
        try:
            self._ctx.run(use_case, self._section, self.plan)
            self.strip.say("")
        except BlendDeskError as error:
            self.strip.say(error_sentence(error))
            self.show_strip()

    def _toggle_pause(self) -> None:
        state = self.state()
        self._do(live.resume if state is not None and state.paused else live.pause)

    def _toggle_eyes(self) -> None:
        state = self.state()
        self._do(live.eyes_off if state is not None and state.eyes_on_me else live.eyes_on)

    def _toggle_chalk(self) -> None:
        self.show_chalk(not self._is_chalk)

    def _next(self) -> None:
        state = self.state()
        self._do(live.finish if state is not None and state.phase is Phase.CLOSING else live.next_round)

    def show_strip(self) -> None:
        """Brings the strip up for a while; it stays as long as the pointer or the keys are in it."""
        self._strip_until = self._ctx.clock.wall_ms() + STRIP_SECONDS * 1000
        if self.class_safe:
            return
        self._place_strip()
        self.strip.show()
        self.strip.raise_()

    def _strip_in_use(self) -> bool:
        focus = QApplication.focusWidget()
        return self.strip.underMouse() or (focus is not None and self.strip.isAncestorOf(focus))

    def _place_strip(self) -> None:
        width = min(self.strip.sizeHint().width() + 8, self.width() - 24)
        height = self.strip.sizeHint().height()
        self.strip.setGeometry((self.width() - width) // 2, self.height() - height - 10, width, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.close()
        elif key == Qt.Key.Key_Space:
            self.show_strip()
            self.strip.pause.setFocus(Qt.FocusReason.TabFocusReason)
        elif key == Qt.Key.Key_N:
            self._next()
        elif key == Qt.Key.Key_Plus:
            self._do(live.plus_minute)
        elif key == Qt.Key.Key_F:
            self._toggle_eyes()
        elif key == Qt.Key.Key_P:
            self._toggle_pause()
        elif key == Qt.Key.Key_B:
            self._toggle_chalk()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.position().y() >= self.height() - STRIP_ZONE:
            self.show_strip()
        super().mouseMoveEvent(event)

    # --- window -----------------------------------------------------------------------------------------------

    def show_on(self, screen: QScreen | None) -> None:
        """Full screen on a display of its own, or over the desk's when there is none."""
        self.setGeometry((screen or self.screen()).geometry())
        self.showFullScreen()

    def _on_screen_removed(self, screen: QScreen) -> None:
        """The projector was unplugged: the board goes on in a window."""
        if self.isVisible() and self.screen() in (screen, None):
            self.showNormal()
            self.resize(1024, 640)

    def _on_data_changed(self, change: ChangeSet) -> None:
        if self._section in change.sections:
            with text.speaking(self._language):
                self.reload()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._language = text.language()
            self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.head.grow_with(self.height())
        self.places.set_least(least_px(self.height()))
        if not self.class_safe:
            self._place_strip()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_now()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tick.stop()
        if self._closed:
            super().closeEvent(event)
            return
        self._closed = True
        self.bus.close()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.disconnect(self._on_screen_removed)
        self.closed.emit()
        super().closeEvent(event)
