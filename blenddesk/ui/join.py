"""Adding one more class to a student computer that is one already: its file and five words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from blenddesk.errors import BlendDeskError
from blenddesk.services import exchange
from blenddesk.services.context import AppContext
from blenddesk.text import _
from blenddesk.ui.tasks import Progress, TaskRunner
from blenddesk.ui.welcome_doors import SEAT_FILES
from blenddesk.ui.welcome_sheets import FileWithWordsSheet


class JoinSheet(FileWithWordsSheet):
    """``joined`` is called once the class is here."""

    def __init__(self, window: QWidget, context: AppContext, tasks: TaskRunner, joined: Callable[[], None]) -> None:
        super().__init__(
            window,
            _("Add another class"),
            _("The teacher adds this computer on the desk and gets a file on a stick and five words."),
            SEAT_FILES,
            self._join,
            action=_("Join the class"),
        )
        self.setObjectName("join_sheet")
        self._context, self._tasks, self._joined = context, tasks, joined

    def _join(self, data: bytes, words: str) -> None:
        if self._tasks.is_busy:
            return

        def work(_progress: Progress) -> None:
            exchange.take_seat(self._context, data, words)

        # The words are slow to try on purpose, so that nobody can try many.
        self._tasks.start(_("Add another class"), work, done=lambda _nothing: self._on_joined(), failed=self._on_failed)

    def _on_joined(self) -> None:
        self.close_sheet()
        self._joined()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, BlendDeskError):
            raise error
        self.show_trouble(error)
