"""The amber line about a key that lies in a file: in Settings of a desk, and for the teacher at a student computer."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from blenddesk.text import _
from blenddesk.ui import kit


class KeyPlaceLine(kit.Text):
    """Shown where no service of the system keeps the database's key for the account."""

    def __init__(self, parent: QWidget) -> None:
        words = _("This system has no place for keys, so the key lies in a file that only this account may read.")
        super().__init__(words, "small", tone="warn", parent=parent)
        self.setObjectName("key_place")
