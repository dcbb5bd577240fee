"""The window that shows while nothing can be shown: counts while the data is made ready, put right or put back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from blenddesk.errors import BlendDeskError
from blenddesk.text import _
from blenddesk.ui import assets
from blenddesk.ui.tasks import Progress, TaskRunner


class GettingReadyWindow(QWidget):
    """Cancel stops the work, which leaves the data as it was, and closes the program; closing the window always does.

    ``title`` and ``text`` say what goes on: after an update unless given. ``cancelled`` comes in place of closing.
    """

    def __init__(
        self,
        work: Callable[[Progress], None],
        *,
        done: Callable[[], None],
        failed: Callable[[BlendDeskError], None],
        cancelled: Callable[[], None] | None = None,
        title: str = "",
        text: str = "",
    ) -> None:
        super().__init__()
        self.title = title or _("Getting ready for the new version")
        self.text = text or _(
            "Nothing is lost. What you see is made anew from what is stored. It happens once after an update. "
            "Cancel closes BlendDesk and leaves everything as it was."
        )
        self._cancelled = cancelled
        self.setObjectName("getting_ready_window")
        self.setWindowTitle("BlendDesk")
        self.setWindowIcon(assets.app_icon())
        self.setMinimumSize(640, 400)
        self.resize(1366, 705)
        self.tasks = TaskRunner(self)
        self._work, self._done, self._failed = work, done, failed
        self._leaving = False

    def start(self) -> None:
        """Begins; call once the window is shown."""
        self.tasks.start(
            self.title,
            self._work,
            done=lambda _nothing: self._on_done(),
            failed=self._on_failed,
            cancelled=self._on_cancelled,
            text=self.text,
        )

    def _on_done(self) -> None:
        # Closed in the last moment, when there was nothing left to stop.
        if self._leaving:
            self.close()
        else:
            self._done()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, BlendDeskError):
            raise error
        self._failed(error)

    def _on_cancelled(self) -> None:
        if self._leaving or self._cancelled is None:
            self.close()
        else:
            self._cancelled()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.tasks.is_busy:
            self._leaving = True
            self.tasks.cancel()
            event.ignore()
            return
        super().closeEvent(event)
