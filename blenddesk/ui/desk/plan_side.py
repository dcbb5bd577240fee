"""Beside the groups: what the checks found, with Fix, and the stations of the plan."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.plan_checks import Check
from blenddesk.domain.plans import PlanSheet
from blenddesk.services import plan_fixes
from blenddesk.services.plan_fixes import Remedy
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk import plan_words as words
from blenddesk.ui.desk.plan_scroll import smallest_height


class _SideCard(kit.Card):
    """A card that is never lower than its words need at its width (see ``plan_scroll``)."""

    def hasHeightForWidth(self) -> bool:
        return False

    def minimumSizeHint(self) -> QSize:
        smallest = super().minimumSizeHint().width()
        return QSize(smallest, smallest_height(self, max(smallest, self.width())))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class ChecksCard(_SideCard):
    """The checks of a plan, those that need a look first. ``fix_requested(code)`` from a row's button."""

    fix_requested = Signal(str)
    rules_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=10, parent=parent)
        self.setObjectName("checks_card")
        self.setAccessibleName(_("Checks"))
        self.rules = kit.Button(_("Together, apart"), "quiet", size="small", parent=self)
        self.rules.setObjectName("pair_rules")
        self.rules.setAccessibleDescription(_("Who works together and who does not"))
        self.rules.clicked.connect(self.rules_requested)
        top = QHBoxLayout()
        top.addWidget(kit.Heading(_("Checks"), parent=self), 1)
        top.addWidget(self.rules)
        self.body.addLayout(top)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self.body.addLayout(self._rows)
        self._shown: list[words.CheckWords] = []
        self._codes: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_checks(self, checks: Sequence[Check], sheet: PlanSheet, name_of: words.NameOf) -> None:
        """Rows are made anew only when a sentence changed, so that the focus on Fix survives other edits."""
        found = [(check, words.check_words(check, sheet, name_of)) for check in checks]
        found = [(check, line) for check, line in found if not line.quiet]
        if [line for _check, line in found] == self._shown:
            return
        focus = self.window().focusWidget()
        held = self._codes.index(focus.property("check")) if focus and focus.property("check") in self._codes else -1
        self._shown, self._codes = [line for _check, line in found], [check.code for check, _line in found]
        while self._rows.count():
            item = self._rows.takeAt(0)
            old = item.widget() if item else None
            if old is not None:
                old.setParent(None)
                old.deleteLater()
        buttons = []
        for check, line in found:
            row = kit.CheckRow(line.text, line.detail, line.state, fix=plan_fixes.can_fix(check), parent=self)
            row.setObjectName(f"check_{check.code}")
            row.fix_requested.connect(lambda code=check.code: self.fix_requested.emit(code))
            if row.button is not None:
                row.button.setProperty("check", check.code)
                row.button.setAccessibleName(_("Fix: {check}").format(check=line.text))
                buttons.append(row.button)
            self._rows.addWidget(row)
        if held >= 0 and buttons:
            buttons[min(held, len(buttons) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)


class StationsCard(_SideCard):
    """The stations in order; pressing one opens it. ``station_requested(block)``."""

    station_requested = Signal(bytes)
    swap_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=10, parent=parent)
        self.setObjectName("stations_card")
        self.setAccessibleName(_("Stations"))
        self.swap = kit.Button(_("Swap any"), "quiet", size="small", parent=self)
        self.swap.setObjectName("swap_any")
        self.swap.setAccessibleDescription(_("Take a station from the library"))
        self.swap.clicked.connect(lambda: self.swap_requested.emit())
        top = QHBoxLayout()
        self.title = kit.Heading(_("Stations"), parent=self)
        top.addWidget(self.title, 1)
        top.addWidget(self.swap)
        self.body.addLayout(top)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self.body.addLayout(self._rows)
        self._shown: object = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_sheet(self, sheet: PlanSheet) -> None:
        """The places of the lesson, and what is done in one's own time with how long it takes."""
        blocks = sheet.blocks
        own_time = {block.id for block in sheet.own_time()}
        if (blocks, own_time) == self._shown:
            return
        self._shown = (blocks, own_time)
        title = words.places_title(sheet.plan.model)
        self.setAccessibleName(title)
        self.title.setText(title)
        focus = self.window().focusWidget()
        held = focus.objectName() if focus is not None and self.isAncestorOf(focus) else ""
        while self._rows.count():
            item = self._rows.takeAt(0)
            old = item.widget() if item else None
            if old is not None:
                old.setParent(None)
                old.deleteLater()
        for index, block in enumerate(blocks):
            row = kit.StationCard(
                block.title,
                words.item_words(block) if block.id in own_time else block.task,
                picture=block.picture,
                tint=block.tint,
                framed=False,
                parent=self,
            )
            row.setObjectName(f"station_{index}")
            row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            row.clicked.connect(lambda _checked=False, one=block.id: self._on_row_clicked(one))
            self._rows.addWidget(row)
            if row.objectName() == held:
                row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_row_clicked(self, block: Id) -> None:
        self.station_requested.emit(block)


class RemedySheet(kit.Sheet):
    """Several ways to put a check right, or one that costs something: the teacher chooses."""

    chosen = Signal(str)

    def __init__(self, window: QWidget, check: words.CheckWords, remedies: Sequence[Remedy]) -> None:
        super().__init__(window, check.text, check.detail, width=520)
        for remedy in remedies:
            text, cost = words.remedy_words(remedy)
            button = kit.Button(text, "secondary")
            button.setObjectName(f"remedy_{remedy.code}")
            button.setAccessibleDescription(cost)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, code=remedy.code: self._on_remedy_clicked(code))
            self.body.addWidget(button)
            if cost:
                self.body.addWidget(kit.Text(cost, role="small", tone="warn"))

    def _on_remedy_clicked(self, code: str) -> None:
        self.close_sheet()
        self.chosen.emit(code)
