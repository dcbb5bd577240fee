"""Today while a lesson runs: the time, its buttons and keys, the lesson's line, the board of groups and rounds."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.domain.live import LessonState, Phase
from blenddesk.domain.ports import Clock
from blenddesk.services.today import TodayView
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.today_board import GroupBoard
from blenddesk.ui.desk.today_group import Rows
from blenddesk.ui.desk.today_side import SIDE_WIDTH, SideColumn
from blenddesk.ui.desk.today_words import clock_of_ms, line_now, line_parts, next_words, phase_words

WIDE = 1080
"""Page width (at text size 1) from which the needs stand beside the board."""
SIDE_GAP = 14
DIGITS, LOW_DIGITS = 54, 40
"""Height of the figures of the time, at text size 1."""


class TimerCard(kit.Card):
    """The ring and the digits of what runs now, with the four buttons of a running lesson."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(horizontal=True, padding=12, parent=parent)
        self.setObjectName("timer_card")
        self.setAccessibleName(_("Time"))
        self.ring = kit.TimerRing(px=84, parent=self)
        self.digits = kit.TimerDigits(px=54, parent=self)
        self.digits.setObjectName("timer_digits")
        self.words = kit.ShortText("", tone="dim", bold=True, parent=self)
        self.plus = kit.Button(_("1 min"), icon="plus", parent=self)
        self.plus.setAccessibleName(_("One minute more"))
        self.pause = kit.Button(_("Pause"), icon="pause", parent=self)
        self.eyes = kit.Button(_("Eyes on me"), icon="hand", parent=self)
        self.next = kit.Button(_("Next round"), "primary", icon="skip-forward", parent=self)
        for button, name, key in (
            (self.plus, "plus_minute", "+"),
            (self.pause, "pause", _("Space")),
            (self.eyes, "eyes", "F"),
            (self.next, "next_round", "N"),
        ):
            button.setObjectName(name)
            button.setToolTip(_("Key: {key}").format(key=key))
        self._time = column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self.digits)
        column.addWidget(self.words)
        column.addStretch(1)
        self.body.setSpacing(12)
        self.body.addWidget(self.ring)
        self.body.addSpacing(6)
        self.body.addLayout(column, 1)
        self._buttons = QGridLayout()
        self._buttons.setSpacing(10)
        self.body.addLayout(self._buttons)
        self._set_columns(4)

    def fit(self, width: int, *, low: bool) -> None:
        """Ring and one row of buttons; where that does not fit no ring; then the buttons two by two.

        ``low``: smaller figures without the ring, for a screen of little height.
        """
        self.digits.set_px(LOW_DIGITS if low else DIGITS)
        self.body.setContentsMargins(14, 6 if low else 12, 14, 11 if low else 17)
        buttons = (self.plus, self.pause, self.eyes, self.next)
        row = sum(button.sizeHint().width() for button in buttons) + 3 * 10
        ring = self.ring.sizeHint().width()
        words = max(self.digits.sizeHint().width(), ring * 2)
        rest = words + 4 * self.body.spacing() + 44
        aside = low and row + rest + self.words.sizeHint().width() <= width
        self._time.setDirection(QBoxLayout.Direction.LeftToRight if aside else QBoxLayout.Direction.TopToBottom)
        self._time.setSpacing(14 if aside else 0)
        self.ring.setVisible(not low and (row + rest + ring <= width or row + rest > width))
        self._set_columns(4 if row + rest <= width or low else 2)

    def _set_columns(self, columns: int) -> None:
        for index, button in enumerate((self.plus, self.pause, self.eyes, self.next)):
            self._buttons.removeWidget(button)
            self._buttons.addWidget(button, index // columns, index % columns, Qt.AlignmentFlag.AlignVCenter)

    def show_state(self, state: LessonState) -> None:
        seconds = state.overtime_seconds or state.seconds_left
        self.digits.set_seconds(seconds)
        self.digits.set_tone("warn" if state.last_minute or state.overtime_seconds else "text")
        share = state.seconds_left / state.seconds_total if state.seconds_total else 0.0
        self.ring.set_share(share, paused=state.paused)
        _set(self.words, _("Paused · {words}").format(words=phase_words(state)) if state.paused else phase_words(state))
        _label(self.pause, _("Go on") if state.paused else _("Pause"), "play" if state.paused else "pause")
        _label(self.eyes, _("Back to work") if state.eyes_on_me else _("Eyes on me"), "hand")
        _label(self.next, next_words(state), "flag" if state.phase is Phase.CLOSING else "skip-forward")


def _set(label: kit.Text, words: str) -> None:
    if label.text() != words:
        label.setText(words)


def _label(button: kit.Button, words: str, icon: str) -> None:
    if button.words() != words:
        button.setText(words)
        button.set_icon(icon)


class RunView(QWidget):
    """Emits what a person wants. Single letters work only while the keys are in here, and never in a field."""

    next_requested = Signal()
    plus_requested = Signal()
    pause_requested = Signal()
    eyes_requested = Signal()
    cover_requested = Signal()
    skip_requested = Signal()
    refit_requested = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run_view")
        self.setAccessibleName(_("The running lesson"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._clock = clock
        self.timer = TimerCard(self)
        self.line = kit.LessonLine(parent=self)
        self.line.setObjectName("lesson_line")
        self.bell = kit.Text("", role="small", tone="dim", parent=self)
        self.bell.setObjectName("bell_words")
        self.refit = kit.Button(_("Fit to the bell"), "quiet", size="small", icon="arrows-left-right", parent=self)
        self.refit.setObjectName("refit")
        self.skip = kit.Button(_("Leave this round out"), "quiet", size="small", icon="x", parent=self)
        self.skip.setObjectName("skip_round")
        self.board = GroupBoard(self)
        self.side = SideColumn(clock, parent=self)
        self._foot = QWidget(self)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(8)
        foot.addWidget(self.bell, 1)
        foot.addWidget(self.refit)
        foot.addWidget(self.skip)
        self._main = QWidget(self)
        self._left = left = QVBoxLayout(self._main)
        left.setContentsMargins(0, 0, 0, 0)
        self._urgent = QVBoxLayout()
        left.addWidget(self.timer)
        left.addLayout(self._urgent)
        left.addWidget(self.line)
        left.addWidget(self.board, 1)
        left.addWidget(self._foot)
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SIDE_GAP)
        row.addWidget(self._main, 1)
        row.addWidget(self.side)
        self.timer.next.clicked.connect(lambda: self.next_requested.emit())
        self.timer.plus.clicked.connect(lambda: self.plus_requested.emit())
        self.timer.pause.clicked.connect(lambda: self.pause_requested.emit())
        self.timer.eyes.clicked.connect(lambda: self.eyes_requested.emit())
        self.skip.clicked.connect(lambda: self.skip_requested.emit())
        self.refit.clicked.connect(lambda: self.refit_requested.emit())
        self._parts: list[kit.Part] = []
        self._view: TodayView | None = None

    def fit(self, size: QSize) -> None:
        """Arranges the parts for a page of this size: time, needs and groups in view, the rest below if it must.

        On a wide page the needs stand beside the lesson, else as a strip between the time and the groups.
        """
        view, look = self._view, theme.look_of(self)
        if view is None:
            return
        width, height = size.width(), size.height()
        beside = width >= look.px(WIDE)
        if beside:
            side = min(look.px(SIDE_WIDTH), 350)
            self.side.stand_beside(side, height)
            width -= side + SIDE_GAP
            self._row.setDirection(QBoxLayout.Direction.LeftToRight)
        else:
            self.side.stand_below(width, self._urgent)
            self._row.setDirection(QBoxLayout.Direction.TopToBottom)
        low = self._set_low(view, width, height, low=False) > height
        if low:
            self._set_low(view, width, height, low=True)
        # What does not fit below is wholly below: no card is cut in two by the edge of the page.
        rest = 0 if beside else self.side.rest_height() + SIDE_GAP
        full = not beside and self._least(view) + rest > height
        self._main.setMinimumHeight(height if full else 0)
        self.setMinimumHeight(height + rest if full else 0)

    def _set_low(self, view: TodayView, width: int, height: int, *, low: bool) -> int:
        """Gives the groups the height that time, needs and line leave; returns what all would need with tall rows."""
        self.timer.fit(width, low=low)
        self.line.set_slim(low)
        self._left.setSpacing(6 if low else 8)
        self._foot.setVisible(True)
        others = self._least(view) - self.board.least_height(view, self.board.rows())
        self.board.fit(width, height - others)
        return others + self.board.least_height(view, Rows.TALL)

    def _least(self, view: TodayView) -> int:
        """The least height of time, needs, line, groups and foot, in pixels."""
        over = self.side.cover if self.side.cover.isVisibleTo(self) else self.side.needs
        strip = over.sizeHint().height() + self._left.spacing() if self._urgent.count() else 0
        parts = (self.timer, self.line, self._foot)
        shown = sum(one.sizeHint().height() for one in parts) + self._left.spacing() * len(parts)
        return shown + strip + self.board.least_height(view, self.board.rows())

    def show_view(self, view: TodayView) -> None:
        self._view = view
        self.board.show_view(view)

    def show_moment(self, state: LessonState) -> None:
        """The parts that move with the clock; cheap enough for every second."""
        self.timer.show_state(state)
        parts = line_parts(self._clock, state)
        index, share = line_now(state)
        ends = "" if state.ends_at is None else clock_of_ms(self._clock, state.ends_at)
        if parts != self._parts:
            self._parts = parts
            self.line.set_parts(parts, current=index, share=share, ends=ends)
        else:
            self.line.set_now(index, share)
        _set(self.bell, self._bell_words(state))
        self.bell.set_tone("warn" if state.late_by_seconds >= 60 else "dim")
        to_come = state.round_count - (0 if state.round is None else state.round + 1)
        self.refit.setVisible(abs(state.late_by_seconds) >= 60 and to_come > 0 and state.phase is not Phase.CLOSING)
        self.skip.setVisible(state.phase in (Phase.ROUND, Phase.MOVING))
        self.side.needs.tell_time()

    def _bell_words(self, state: LessonState) -> str:
        if state.bell_at is None or state.phase is Phase.CLOSING:
            return ""
        bell = clock_of_ms(self._clock, state.bell_at)
        late = state.late_by_seconds // 60
        if late >= 1:
            return _("Ends {n} min after the bell at {bell}.").format(n=late, bell=bell)
        if late <= -2:
            return _("Ends {n} min before the bell at {bell}.").format(n=-late, bell=bell)
        return _("Ends with the bell at {bell}.").format(bell=bell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
            return
        wish = {
            Qt.Key.Key_Space: self.pause_requested,
            Qt.Key.Key_N: self.next_requested,
            Qt.Key.Key_Plus: self.plus_requested,
            Qt.Key.Key_F: self.eyes_requested,
            Qt.Key.Key_C: self.cover_requested,
        }.get(Qt.Key(event.key()))
        if wish is None or event.isAutoRepeat():
            super().keyPressEvent(event)
            return
        wish.emit()
