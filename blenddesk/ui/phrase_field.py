"""A field for a pass phrase: its letters are hidden, and an eye shows them to whoever types."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from blenddesk.text import _
from blenddesk.ui import kit


class PhraseField(QWidget):
    """``name`` is what a screen reader calls the field; ``key`` the object name of its line (the eye: ``key_show``)."""

    entered = Signal()
    """Enter was pressed."""
    edited = Signal()

    def __init__(self, name: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = kit.TextField(name=name, parent=self)
        self.line.setObjectName(key)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setMaxLength(400)
        self.eye = kit.IconButton("eye", _("Show what is typed: {field}").format(field=name), px=42, parent=self)
        self.eye.setObjectName(f"{key}_show")
        self.eye.setCheckable(True)
        self.eye.toggled.connect(self.show_letters)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.eye)
        self.line.returnPressed.connect(self.entered)
        self.line.textEdited.connect(lambda _text: self.edited.emit())

    def show_letters(self, on: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        self.eye.set_icon("eye-slash" if on else "eye")

    def text(self) -> str:
        return self.line.text()

    def clear(self) -> None:
        """Empty, and hidden again; what was typed cannot be brought back with Ctrl+Z."""
        self.line.setText("")
        self.eye.setChecked(False)

    def setAccessibleDescription(self, description: str) -> None:
        """Trouble that a form row shows is said of the line, which has the keys."""
        self.line.setAccessibleDescription(description)
