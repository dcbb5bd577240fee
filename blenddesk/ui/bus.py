"""Tells the pages what changed, in the window's thread, once for each commit."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from blenddesk.domain.ops import ChangeSet
from blenddesk.services.context import AppContext


class Bus(QObject):
    """``changed(ChangeSet)`` after every commit, wherever it was made."""

    changed = Signal(object)
    _arrived = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Queued when another thread commits; pages are only ever touched from the window's thread.
        self._arrived.connect(self.changed.emit, Qt.ConnectionType.AutoConnection)
        self._context = context
        context.listeners.append(self._on_commit)

    def close(self) -> None:
        """Hears no later commit. Closing again is no mistake."""
        if self._on_commit in self._context.listeners:
            self._context.listeners.remove(self._on_commit)

    def _on_commit(self, change: ChangeSet) -> None:
        self._arrived.emit(change)
