"""The classes at the title of Today: one tap goes to another; opens at the class whose period it is now."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Section
from blenddesk.services.context import AppContext
from blenddesk.services.today import class_now
from blenddesk.text import _
from blenddesk.ui import kit

MOST_LETTERS = 56
"""Room for the names of all classes, about four letters of it for each chip's own edge; a list opens for more: chips
would push the date away. Five short names fit, which is a usual teacher's day at one tap a class."""


def class_to_open(ctx: AppContext) -> Id | None:
    """The class whose lesson is on or about to begin, else the one last in view, else the first; None: no class."""
    now = class_now(ctx)
    if now is not None:
        return now
    known = [section.id for section in ctx.reads.sections.all()]
    last = ctx.settings.last_section
    return next((one for one in known if one.hex() == last), known[0] if known else None)


class ClassSwitcher(QWidget):
    """Chips (few classes) or a list (many); nothing but the name when there is one class."""

    chosen = Signal(object)
    """The id of the class a person just chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("class_switcher")
        self._shown: tuple[object, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_classes(self, sections: list[Section], current: Id | None) -> None:
        key = (current, *((one.id, one.name) for one in sections))
        if key == self._shown:
            return
        self._shown = key
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self.setVisible(len(sections) > 1)
        if sum(len(section.name) + 4 for section in sections) > MOST_LETTERS:
            self._add_list(sections, current)
        elif len(sections) > 1:
            self._add_chips(sections, current)

    def _add_chips(self, sections: list[Section], current: Id | None) -> None:
        for section in sections:
            chip = kit.Chip(section.name, parent=self)
            chip.setObjectName(f"class_{section.id.hex()}")
            chip.setAccessibleDescription(_("Class"))
            chip.setAutoExclusive(True)
            chip.setChecked(section.id == current)
            chip.clicked.connect(lambda _checked=False, one=section.id: self.chosen.emit(one))
            self._row.addWidget(chip)
        self._show_at_once()

    def _add_list(self, sections: list[Section], current: Id | None) -> None:
        choices = [(section.id.hex(), section.name) for section in sections]
        box = kit.Choice(choices, name=_("Class"), chosen=current.hex() if current else "", parent=self)
        box.setObjectName("class_list")
        box.activated.connect(lambda _index: self.chosen.emit(bytes.fromhex(box.chosen())))
        self._row.addWidget(box)
        self._show_at_once()

    def _show_at_once(self) -> None:
        """What is put into a row in view counts for nothing until it is shown, and the page measures this row."""
        if self.isVisible():
            for child in self.children():
                if isinstance(child, QWidget):
                    child.show()
