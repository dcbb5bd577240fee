"""Asks for the pass phrase over a window: before the student computer on the teacher's laptop is left, or a change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from blenddesk.config import Paths
from blenddesk.domain.ports import Clock
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import protection
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.phrase_field import PhraseField
from blenddesk.ui.tasks import Progress, TaskRunner


class PhraseSheet(kit.Sheet):
    """``opened(key)`` when the phrase was right; the sheet is gone by then."""

    def __init__(
        self,
        window: QWidget,
        paths: Paths,
        clock: Clock,
        opened: Callable[[bytes], None],
        *,
        title: str = "",
        about: str = "",
        action: str = "",
    ) -> None:
        about = about or _("Type the pass phrase to close the student computer. What is ticked is saved.")
        super().__init__(window, title or _("Only for your teacher"), about, width=520)
        self.setObjectName("phrase_sheet")
        self._paths, self._opened = paths, opened
        self._attempts = protection.Attempts(paths, clock)
        self.tasks = TaskRunner(self)
        self.phrase = PhraseField(_("Pass phrase"), "sheet_phrase", self)
        self.row = kit.FormRow(_("Pass phrase"), self.phrase, parent=self)
        self.body.addWidget(self.row)
        self.go = kit.Button(action or _("Close"), "primary", icon="lock-key-open", parent=self.card)
        self.go.setObjectName("phrase_go")
        self.add_action(self.go)
        self.phrase.entered.connect(self.try_phrase)
        self.phrase.edited.connect(lambda: self.row.set_trouble(""))
        self.go.clicked.connect(self.try_phrase)

    def try_phrase(self) -> None:
        typed = self.phrase.text()
        if self.tasks.is_busy:
            return
        if not typed.strip():
            self.row.set_trouble(_("Type the pass phrase first."))
            return

        open_it = partial(protection.open_with_phrase, self._paths, typed, self._attempts)

        def work(_progress: Progress) -> bytes:
            return open_it()

        self.card.setEnabled(False)
        self.tasks.start(_("Opening"), work, done=self._on_right, failed=self._on_failed, quietly=True)

    def _on_right(self, key: bytes) -> None:
        self.phrase.clear()
        self.close_sheet()
        self._opened(key)

    def _on_failed(self, error: Exception) -> None:
        self.card.setEnabled(True)
        self.phrase.clear()
        self.phrase.setFocus()
        if not isinstance(error, BlendDeskError):
            raise error
        self.row.set_trouble(error_sentence(error))
        self.place()
        kit.announce(self, error_sentence(error), urgent=True)

    def close_sheet(self) -> None:
        self.tasks.wait()
        super().close_sheet()
