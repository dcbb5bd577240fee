"""Student computers: adding one, taking work to them, bringing theirs home, and who is home since when."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.services import authority, exchange
from blenddesk.services.exchange import ComputerStatus
from blenddesk.text import _, ngettext
from blenddesk.ui import carry_words, kit
from blenddesk.ui.carry import Carrier
from blenddesk.ui.desk.computers_add import AddComputerSheet
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.sticks import StickField
from blenddesk.ui.watch_card import WatchCard

OWN_ROLES = frozenset({"station", "seat"})
RETIRED = "retired"


class ComputersPage(DeskPage):
    """What other computers do now cannot be seen from here and is never shown; only what their files told."""

    kinds = frozenset({"certificate", "announcement", "retirement", "entry", "section", "withdrawal"})

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._rows: dict[bytes, ComputerRow] = {}
        self._retirable: set[Id] = set()
        self.carrier = Carrier(session.window, session.context, session.window.tasks, self._say)
        self.add = kit.Button(_("Add a student computer"), icon="plus", parent=self)
        self.add.setObjectName("computers_add")
        self.add.clicked.connect(self.open_add)
        self.header = kit.PageHeader(_("Student computers"), " ", actions=(self.add,), parent=self)
        self.sticks = StickField(session.context, self)
        self.sticks.changed.connect(self._show_ready)
        self.take = kit.Button(_("Take to student computers"), "primary", icon="upload-simple", parent=self)
        self.take.setObjectName("computers_take")
        self.take.clicked.connect(lambda: self._carry(self.carrier.take))
        self.bring = kit.Button(_("Bring work home"), "primary", icon="download-simple", parent=self)
        self.bring.setObjectName("computers_bring")
        self.bring.clicked.connect(lambda: self._carry(self.carrier.bring))
        self.area = kit.ScrollBody(parent=self)
        self.area.body.addWidget(self._stick_card())
        ways = QHBoxLayout()
        ways.setSpacing(12)
        out = _("Plans, groups and goals go onto the stick, for every class and every student computer.")
        back = _("What students logged comes from the stick. You see it first, and can undo it.")
        ways.addWidget(self._way(_("Out"), out, "backpack", 1, self.take), 1)
        ways.addWidget(self._way(_("Home"), back, "house", 2, self.bring), 1)
        self.area.body.addLayout(ways)
        self.watch = WatchCard(session.context, session.window.watching, self)
        session.window.watching.changed.connect(self._on_looked)
        self.area.body.addWidget(self.watch)
        self.list_card = kit.Card(title=_("Who is home"), parent=self)
        self.list = QVBoxLayout()
        self.list.setSpacing(4)
        self.list_card.body.addLayout(self.list)
        self.area.body.addWidget(self.list_card)
        self.area.body.addStretch(1)
        self.empty = self._empty_state()
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.area)
        self.stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 14, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addWidget(self.stack, 1)
        self._show_ready()

    def _stick_card(self) -> kit.Card:
        card = kit.Card(horizontal=True, padding=10, parent=self)
        card.body.setSpacing(12)
        card.body.addWidget(kit.IconLabel("usb", tone="primary_ink", px=26, weight="regular", parent=card))
        card.body.addWidget(kit.Text(_("Stick"), bold=True, wrap=False, parent=card))
        card.body.addWidget(self.sticks, 1)
        return card

    def _way(self, name: str, words: str, picture: str, tint: int, button: kit.Button) -> kit.Card:
        """One direction of the stick: a picture, what goes, and the button that does it."""
        card = kit.Card(horizontal=True, parent=self)
        card.body.setSpacing(14)
        card.body.addWidget(kit.PlacePicture(name, picture, tint, px=64), 0, Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(kit.Text(words, tone="dim", parent=card))
        side.addStretch(1)
        side.addWidget(button)
        card.body.addLayout(side, 1)
        return card

    def _empty_state(self) -> kit.EmptyState:
        self.add_first = kit.Button(_("Add a student computer"), "primary", icon="plus", parent=self)
        self.add_first.setObjectName("empty_add_computer")
        self.add_first.clicked.connect(self.open_add)
        text = _(
            "Students can share any computer in the room, also an old one without a network. A stick carries plans to "
            "it and brings home what students did."
        )
        return kit.EmptyState(
            _("No student computer yet"), text, picture="desktop-computer", actions=(self.add_first,), parent=self
        )

    # --- showing --------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        section = self.session.section()
        computers = self._computers(section.id) if section is not None else []
        self.add.setEnabled(section is not None)
        self.add_first.setEnabled(section is not None)
        self.header.set_words(_("Student computers"), self._summary(section.name if section else "", computers))
        self.add.setVisible(bool(computers))
        self.stack.setCurrentWidget(self.area if computers else self.empty)
        self._show_rows(computers)
        self._show_ready()

    def _computers(self, section: Id) -> list[ComputerStatus]:
        """Those of the class, and at the end those that were retired."""
        context = self.session.context
        found = [one for one in exchange.who_is_home(context, section) if one.role in OWN_ROLES]
        known = authority.computers(context)
        self._retirable = {one.device_id for one in known if one.can_retire or one.standing == RETIRED}
        gone = [one for one in known if one.standing == RETIRED and section in one.sections and one.role in OWN_ROLES]
        return found + [ComputerStatus(one.name, one.role, RETIRED, None, None, 0, one.device_id) for one in gone]

    def _summary(self, name: str, computers: list[ComputerStatus]) -> str:
        if not computers:
            return name
        clock = self.session.context.clock
        computers = [one for one in computers if one.standing != RETIRED]
        away = sum(carry_words.home_words(clock, one)[1] != "ok" for one in computers)
        words = [
            name,
            ngettext("{n} student computer", "{n} student computers", len(computers)).format(n=len(computers)),
            ngettext("{n} not home", "{n} not home", away).format(n=away) if away else _("all home"),
        ]
        return " · ".join(words)

    def _show_rows(self, computers: list[ComputerStatus]) -> None:
        """Rows by computer, so that focus and place stay."""
        clock = self.session.context.clock
        wanted: dict[bytes, ComputerStatus] = {(one.device_id or one.name.encode()): one for one in computers}
        for key in [key for key in self._rows if key not in wanted]:
            row = self._rows.pop(key)
            self.list.removeWidget(row)
            row.deleteLater()
        for place, (key, one) in enumerate(wanted.items()):
            if key not in self._rows:
                row = self._rows[key] = ComputerRow(self.list_card)
                row.lost.clicked.connect(partial(self._on_lost_or_back, key))
                self.list.insertWidget(place, self._rows[key])
            said, tone = carry_words.home_words(clock, one)
            self._rows[key].show_status(one.name, said, tone, carry_words.knows_words(clock, one))
            self._rows[key].offer(one.standing if one.device_id in self._retirable else "")

    def _show_ready(self) -> None:
        ready = self.sticks.folder() is not None
        self.take.setEnabled(ready)
        self.bring.setEnabled(ready)

    def _on_looked(self) -> None:
        """Also when nothing new came: a computer may have been home again."""
        seen = self.session.window.watching.seen
        if seen is not None and seen.packages:
            self.refresh_soon()

    # --- doing ----------------------------------------------------------------------------------------------

    def open_add(self) -> AddComputerSheet | None:
        section = self.session.section_id
        if section is None:
            return None
        sheet = AddComputerSheet(self.session, section, self._free_name(section))
        sheet.open(sheet.name)
        return sheet

    def _free_name(self, section: Id) -> str:
        """The next of Blue-1, Blue-2, ...: a label that fits on a computer."""
        taken = {one.name.casefold() for one in exchange.who_is_home(self.session.context, section)}
        number = 1
        while (name := _("Blue-{n}").format(n=number)).casefold() in taken:
            number += 1
        return name

    def _on_lost_or_back(self, device_id: Id, _checked: bool = False) -> None:
        self._retire(device_id, lost=not self._rows[device_id].is_retired)

    def _retire(self, device_id: Id, *, lost: bool) -> None:
        """Takes a computer's trust away, or gives it back. Its own answer is the undo of the other."""
        act = authority.retire if lost else authority.reinstate
        if self.session.quietly(act, device_id) is None:
            return
        row = self._rows.get(device_id)
        name = row.name.text() if row is not None else ""
        words = (
            _("{name} is retired. What we have of it stays; what it writes from now on waits for you.")
            if lost
            else _("{name} belongs to the class again.")
        )
        undo = partial(self._retire, device_id, lost=not lost)
        self.session.window.toast.show_message(words.format(name=text.name(name)), undo)

    def _carry(self, act: Callable[..., None]) -> None:
        folder = self.sticks.folder()
        if folder is not None:
            self.sticks.remember()
            act(folder)

    def _say(self, sentence: str, undo: Callable[[], None] | None) -> None:
        self.session.window.toast.show_message(sentence, undo)
        # Also when nothing new came: a computer may have been home again.
        self.refresh_soon()


class ComputerRow(QWidget):
    """One computer: its name, since when it is home, and what it knows of our changes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = kit.Text("", bold=True, wrap=False, parent=self)
        self.knows = kit.Text("", role="small", tone="dim", wrap=False, parent=self)
        self.mark = kit.IconLabel("check-circle", tone="ok", px=20, parent=self)
        self.home = kit.Text("", wrap=False, parent=self)
        self.is_retired = False
        self.lost = kit.Button("", "quiet", size="small", parent=self)
        self.lost.hide()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.knows)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(12)
        row.addWidget(kit.IconLabel("desktop", tone="primary_ink", px=28, weight="regular", parent=self))
        row.addLayout(words, 1)
        row.addWidget(self.mark)
        row.addWidget(self.home)
        row.addWidget(self.lost)

    def offer(self, standing: str) -> None:
        """What can be done about it: saying that it is lost, or that it is back; nothing for "" and open seats."""
        self.is_retired = standing == RETIRED
        self.lost.setText(_("It is back") if self.is_retired else _("Lost or stolen"))
        self.lost.setObjectName(f"lost_{self.name.text()}")
        self.lost.setAccessibleName(f"{self.lost.text()}: {self.accessibleName()}")
        self.lost.setVisible(bool(standing))

    def show_status(self, name: str, home: str, tone: str, knows: str) -> None:
        self.setObjectName(f"computer_{name}")
        self.setAccessibleName(", ".join(part for part in (name, home, knows) if part))
        self.name.setText(name)
        self.home.setText(home)
        self.knows.setText(knows)
        self.knows.setVisible(bool(knows))
        icon = {"ok": "check-circle", "warn": "warning-circle"}.get(tone, "clock")
        self.mark.set_icon(icon, tone=tone)
