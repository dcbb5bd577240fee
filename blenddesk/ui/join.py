"""Adding one more class to a computer that has one already, of students or of a teacher: its file and five words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from blenddesk.domain.ids import Id
from blenddesk.errors import BlendDeskError
from blenddesk.services import exchange
from blenddesk.services.context import AppContext
from blenddesk.text import _
from blenddesk.ui.tasks import Progress, TaskRunner
from blenddesk.ui.welcome_doors import SEAT_FILES
from blenddesk.ui.welcome_sheets import FileWithWordsSheet


class JoinSheet(FileWithWordsSheet):
    """``joined`` is called with the class once it is here."""

    def __init__(self, window: QWidget, context: AppContext, tasks: TaskRunner, joined: Callable[[Id], None]) -> None:
        """A student computer or a desk, as ``context`` is."""
        super().__init__(
            window,
            _("Join a colleague's class") if context.is_desk else _("Add another class"),
            _("Your colleague adds your computer on the page of the computers and gives you the stick and five words.")
            if context.is_desk
            else _("The teacher adds this computer on the desk and gets a file on a stick and five words."),
            SEAT_FILES,
            self._join,
            action=_("Join the class"),
        )
        self.setObjectName("join_sheet")
        self._context, self._tasks, self._joined = context, tasks, joined

    def _join(self, data: bytes, words: str) -> None:
        if self._tasks.is_busy:
            return

        def work(_progress: Progress) -> Id:
            return exchange.take_seat(self._context, data, words).section

        # The words are slow to try on purpose, so that nobody can try many.
        self._tasks.start(self.title.text(), work, done=self._on_joined, failed=self._on_failed)

    def _on_joined(self, section: Id) -> None:
        self.close_sheet()
        self._joined(section)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, BlendDeskError):
            raise error
        self.show_trouble(error)
