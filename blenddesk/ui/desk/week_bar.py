"""The line above the week: what can be done with the chosen lesson, or where the copied one goes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from blenddesk.text import N_, _
from blenddesk.ui import kit

_ACTIONS = (
    ("open", N_("Open"), "arrow-square-out"),
    ("copy", N_("Copy"), "copy"),
    ("move", N_("Move"), "hand-grabbing"),
    ("give", N_("Give to other classes"), "users-three"),
    ("take_out", N_("Take out"), "archive"),
)


class WeekBar(QWidget):
    """``requested(action)``: open, copy, move, give, take_out, or done with a copied lesson."""

    requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("The chosen lesson"))
        self.text = kit.Text("", tone="dim", parent=self)
        self.text.setObjectName("week_hint")
        self.name = kit.ShortText("", bold=True, parent=self)
        self.name.setObjectName("week_name")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.text, 1)
        row.addWidget(self.name, 1)
        self.buttons: dict[str, kit.Button] = {}
        for key, word, icon in (*_ACTIONS, ("done", N_("Done"), "check")):
            button = kit.Button(_(word), "secondary", size="small", icon=icon, parent=self)
            button.setObjectName(f"week_{key}")
            button.clicked.connect(lambda _checked=False, key=key: self.requested.emit(key))
            row.addWidget(button)
            self.buttons[key] = button
        self.show_nothing()

    def show_nothing(self) -> None:
        self._show(_("Choose a lesson to copy it, move it or give it to other classes."), ())

    def show_chosen(self, name: str, *, can_give: bool, can_move: bool) -> None:
        keys = ["open", "copy", *(["move"] if can_move else []), *(["give"] if can_give else []), "take_out"]
        self.name.setText(name)
        self._show("", keys)

    def show_held(self, name: str, *, moving: bool) -> None:
        copied = _("{name} is copied. Press a free time, or go there and press Ctrl+V.").format(name=name)
        moved = _("Where does {name} go? Press a free time, or go there and press Ctrl+V.").format(name=name)
        self._show(moved if moving else copied, ("done",))
        self.buttons["done"].setText(_("Cancel") if moving else _("Done"))
        self.text.set_tone("text")

    def _show(self, text: str, keys: tuple[str, ...] | list[str]) -> None:
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.name.setVisible(not text)
        self.text.set_tone("dim")
        for key, button in self.buttons.items():
            button.setVisible(key in keys)
