"""Questions of the week: which ready-made lesson to add, and which other classes get a lesson."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Section
from blenddesk.domain.templates import Template
from blenddesk.text import _, ngettext
from blenddesk.ui import kit
from blenddesk.ui.desk.plan_templates import TemplateCard


class AddSheet(kit.Sheet):
    """The ready-made lessons; one press makes the lesson. ``chosen(template)``."""

    chosen = Signal(str)

    def __init__(self, window: QWidget, templates: Sequence[Template], where: str) -> None:
        super().__init__(window, _("Add a lesson"), where, width=620)
        grid = kit.ArrowGrid(2, spacing=10)
        grid.setAccessibleName(_("Ready-made lessons"))
        for template in templates:
            card = TemplateCard(template)
            card.setObjectName(f"week_add_{template.code}")
            card.setCheckable(False)
            card.clicked.connect(lambda _checked=False, code=template.code: self._on_card_clicked(code))
            grid.add(card)
        self.body.addWidget(grid)

    def _on_card_clicked(self, code: str) -> None:
        self.close_sheet()
        self.chosen.emit(code)


class GiveSheet(kit.Sheet):
    """The teacher's other classes to tick. ``given(classes)``: their ids."""

    given = Signal(list)

    def __init__(self, window: QWidget, name: str, classes: Sequence[Section]) -> None:
        text = _("Each class gets {name} at its next free meeting, with groups of its own.").format(name=name)
        super().__init__(window, _("Give to other classes"), text)
        self._chips: list[tuple[Id, kit.Chip]] = []
        flow = QWidget()
        chips = kit.FlowLayout(flow)
        for section in classes:
            chip = kit.Chip(section.name, icon="users-three", checkable=True)
            chip.setObjectName(f"week_class_{section.id.hex()}")
            chip.toggled.connect(self._on_toggled)
            self._chips.append((section.id, chip))
            chips.addWidget(chip)
        self.body.addWidget(flow)
        self.give = kit.Button(_("Give"), "primary", icon="check")
        self.give.setObjectName("week_give")
        self.give.clicked.connect(self._on_give_clicked)
        self.add_action(self.give)
        self._on_toggled()

    def _on_toggled(self) -> None:
        count = len(self._ticked())
        self.give.setEnabled(count > 0)
        self.give.setText(
            ngettext("Give to {n} class", "Give to {n} classes", count).format(n=count) if count else _("Give")
        )

    def _ticked(self) -> list[Id]:
        return [section for section, chip in self._chips if chip.isChecked()]

    def _on_give_clicked(self) -> None:
        ticked = self._ticked()
        self.close_sheet()
        self.given.emit(ticked)
