"""The head of the board: the lesson's title and round, large digits, a bar, and the clock at which the part ends."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.domain.live import LessonState, Phase
from blenddesk.text import _
from blenddesk.ui import kit, theme

_USUAL_HEIGHT = 768
"""Of the board the sizes below are for."""


class BoardHead(QWidget):
    """Title and rounds, large digits, a bar, and the clock at which the round ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = kit.Heading("", "large", parent=self)
        self.round = kit.Text("", tone="dim", wrap=False, parent=self)
        self.dots = kit.ProgressDots(0, 1, px=22, parent=self)
        self.digits = kit.TimerDigits(px=88, parent=self)
        self.digits.setObjectName("board_digits")
        self.bar = kit.ProgressBar(0, 1, name=_("Time of this part"), height=24, parent=self)
        self.bell_picture = kit.PlacePicture("", "bell", px=44, plain=True, parent=self)
        self.bell = kit.Text("", bold=True, wrap=False, tone="dim", parent=self)
        rounds = QHBoxLayout()
        rounds.setSpacing(14)
        rounds.addWidget(self.round)
        rounds.addWidget(self.dots)
        rounds.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addLayout(rounds)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        row.addLayout(words, 5)
        row.addWidget(self.digits, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.bar, 4)
        row.addWidget(self.bell_picture)
        row.addWidget(self.bell)

    def grow_with(self, board_height: int) -> None:
        """Letters as large on a large board as they look on a small one: read from the same seats."""
        whole = theme.look_of(self.parentWidget())
        scale = theme.clamp_scale(whole.scale * max(board_height / _USUAL_HEIGHT, 1.0))
        if theme.look_of(self).scale != scale:
            theme.set_look(self, scale=scale)

    def show_state(self, title: str, state: LessonState, bell: str) -> None:
        if self.title.text() != title:
            self.title.setText(title)
        count = state.round_count
        done = count if state.phase in (Phase.CLOSING, Phase.FINISHED) else state.round or 0
        words = {
            Phase.READY: _("We start soon"),
            Phase.OPENING: _("Get ready"),
            Phase.CLOSING: _("We look back"),
            Phase.FINISHED: _("The end"),
        }.get(state.phase, _("Round {number} of {count}").format(number=(state.round or 0) + 1, count=count))
        if state.paused:
            words = _("Paused · {words}").format(words=words)
        if self.round.text() != words:
            self.round.setText(words)
        self.dots.set_progress(done, count, current=state.round if state.phase is Phase.ROUND else None)
        timed = state.running and not state.overtime_seconds
        self.digits.setVisible(state.running)
        self.digits.set_seconds(state.seconds_left)
        self.digits.set_tone("warn" if state.last_minute else "text")
        self.bar.setVisible(timed)
        self.bar.set_progress(state.seconds_total - state.seconds_left, state.seconds_total)
        self.bell.setText(bell)
        self.bell.setVisible(bool(bell))
        self.bell_picture.setVisible(bool(bell))
