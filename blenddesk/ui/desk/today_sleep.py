"""The question that Today asks when the computer slept during a lesson: go on from here, by the clock, or finish."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from blenddesk.text import _, ngettext
from blenddesk.ui import kit


class SleepBanner(kit.Banner):
    """Three answers; hidden until asked. Nothing happens to the lesson before one is pressed."""

    answered = Signal(str, object)
    """``here`` (as if no time had passed), ``clock`` (as it is) or ``finish``; and since when it slept, in ms."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._since: int | None = None
        buttons = []
        for choice, words in (("here", _("Go on from here")), ("clock", _("Go by the clock")), ("finish", _("Finish"))):
            button = kit.Button(words, size="small")
            button.setObjectName(f"slept_{choice}")
            button.clicked.connect(lambda _checked=False, choice=choice: self._answer(choice))
            buttons.append(button)
        super().__init__("", "warn", actions=buttons, parent=parent)
        self.setObjectName("slept_banner")

    def ask(self, since_ms: int, now_ms: int) -> None:
        self._since = since_ms
        minutes = max(round((now_ms - since_ms) / 60_000), 1)
        self.set_text(
            ngettext(
                "The computer slept for {n} minute. Go on from here?",
                "The computer slept for {n} minutes. Go on from here?",
                minutes,
            ).format(n=minutes)
        )
        self.show()

    def _answer(self, choice: str) -> None:
        self.hide()
        self.answered.emit(choice, self._since)
