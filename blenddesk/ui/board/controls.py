"""The lesson's buttons over the foot of the board, and the line that says why one of them did not work."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from blenddesk.domain.live import LessonState
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk.today_words import next_words


class ControlStrip(kit.Card):
    """The lesson's buttons over the foot of the board."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(fill="surface", horizontal=True, padding=8, parent=parent)
        self.setObjectName("board_strip")
        self.setAccessibleName(_("Controls"))
        self.note = kit.Text("", parent=self)
        self.note.hide()
        self.pause = kit.Button(_("Pause"), icon="pause", parent=self)
        self.plus = kit.Button(_("1 min"), icon="plus", parent=self)
        self.plus.setAccessibleName(_("One minute more"))
        self.eyes = kit.Button(_("Eyes on me"), icon="hand", parent=self)
        self.next = kit.Button(_("Next round"), "primary", icon="skip-forward", parent=self)
        self.chalk = kit.Button(_("For the blackboard"), icon="chalkboard", parent=self)
        self.leave = kit.Button(_("Close board"), icon="x", parent=self)
        self.body.addWidget(self.note, 1)
        for button, name in (
            (self.pause, "strip_pause"),
            (self.plus, "strip_plus"),
            (self.eyes, "strip_eyes"),
            (self.next, "strip_next"),
            (self.chalk, "strip_chalk"),
            (self.leave, "strip_close"),
        ):
            button.setObjectName(name)
            self.body.addWidget(button)

    def say(self, sentence: str) -> None:
        """Why something did not work; an empty sentence takes it away."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def show_state(self, state: LessonState, *, chalk: bool) -> None:
        for button, words in (
            (self.pause, _("Go on") if state.paused else _("Pause")),
            (self.eyes, _("Back to work") if state.eyes_on_me else _("Eyes on me")),
            (self.next, next_words(state)),
            (self.chalk, _("Back to the board") if chalk else _("For the blackboard")),
        ):
            if button.words() != words:
                button.setText(words)
        self.pause.set_icon("play" if state.paused else "pause")
        for button in (self.pause, self.plus, self.eyes, self.next):
            button.setVisible(state.running)
