"""The base of every page: refreshed when what it shows has changed, once a turn of the event loop, if visible."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from blenddesk import text
from blenddesk.domain.ops import ChangeSet
from blenddesk.ui.bus import Bus


class Page(QWidget):
    """A screen that lists the record kinds it shows in ``kinds`` and shows them in ``refresh``.

    A change while the page is hidden only marks it stale; it is refreshed when it is shown. Models should update
    rows by id, so that selection and scroll stay.
    """

    kinds: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, bus: Bus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stale = True
        self._language = text.language()
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(0)
        self._due.timeout.connect(self._refresh_now)
        bus.changed.connect(self._on_data_changed)

    def refresh(self) -> None:
        """Shows the data as it is now. Overridden by every page."""
        raise NotImplementedError

    def refresh_soon(self) -> None:
        """Refreshes in this turn of the event loop if visible, else when shown next."""
        self._stale = True
        if self.isVisible():
            self._due.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._refresh_now()

    def _on_data_changed(self, change: ChangeSet) -> None:
        if change.kinds & self.kinds:
            self.refresh_soon()

    def _refresh_now(self) -> None:
        self._due.stop()
        self._stale = False
        # In front may be the student's window, which speaks a child's language.
        with text.speaking(self._language):
            self.refresh()
