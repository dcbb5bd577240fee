"""Student computers: adding one, taking work to them, bringing theirs home, and who is home since when."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.services import authority, exchange, pictures
from blenddesk.services.authority import Computer
from blenddesk.services.exchange import ComputerStatus
from blenddesk.text import _, ngettext
from blenddesk.ui import carry_words, kit
from blenddesk.ui.carry import Carrier
from blenddesk.ui.desk import computer_answers
from blenddesk.ui.desk.computer_list import RETIRED, ComputerList, Line
from blenddesk.ui.desk.computers_add import AddComputerSheet
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.desk.teachers_card import TeachersCard, waiting_words
from blenddesk.ui.sticks import StickField
from blenddesk.ui.watch_card import WatchCard

OWN_ROLES = frozenset({"station", "seat"})


class ComputersPage(DeskPage):
    """What other computers do now cannot be seen from here and is never shown; only what their files told."""

    kinds = frozenset(
        {"certificate", "announcement", "retirement", "entry", "section", "withdrawal"}
        | {"evidence", "evidence_private"}
    )

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
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
        self.waits = kit.Banner("", parent=self)
        self.waits.hide()
        self.area.body.addWidget(self.waits)
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
        self.list_card = ComputerList(
            _("Who is home"), self._on_lost_or_back, self, icon="desktop", lost=_("Lost or stolen")
        )
        self._rows = self.list_card.rows
        self.area.body.addWidget(self.list_card)
        self.pictures = kit.Text("", role="small", tone="dim", parent=self)
        self.pictures.setObjectName("pictures_on_the_way")
        self.area.body.addWidget(self.pictures)
        self.teachers = TeachersCard(session, self)
        self.area.body.addWidget(self.teachers)
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
        self.add_colleague = kit.Button(_("Add another teacher's computer"), "quiet", icon="users-three", parent=self)
        self.add_colleague.setObjectName("empty_add_teacher")
        self.add_colleague.clicked.connect(lambda: self.teachers.open_add())
        # Below each other: beside each other they are too wide in some languages.
        ways = QWidget(self)
        column = QVBoxLayout(ways)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.add_first, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.add_colleague, 0, Qt.AlignmentFlag.AlignHCenter)
        return kit.EmptyState(
            _("No student computer yet"),
            text,
            picture="desktop-computer",
            actions=(ways,),
            parent=self,
        )

    # --- showing --------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        section = self.session.section()
        known = authority.computers(self.session.context)
        found = exchange.who_is_home(self.session.context, section.id) if section is not None else []
        found += [one for one in _gone(known) if section is not None and section.id in one.sections]
        computers = sorted((one for one in found if one.role in OWN_ROLES), key=_by_name)
        colleagues = [one for one in found if one.role not in OWN_ROLES]
        made_here = section is not None and authority.made_here(self.session.context, section.id)
        self.add.setEnabled(made_here)
        self.add_first.setEnabled(made_here)
        self.header.set_words(
            _("Student computers"), self._summary(section.name if section else "", computers, colleagues)
        )
        self.add.setVisible(bool(found) and made_here)
        self.stack.setCurrentWidget(self.area if found else self.empty)
        self._show_rows(computers, {one.device_id for one in known if one.can_retire or one.standing == RETIRED})
        self.list_card.setVisible(bool(computers))
        self.pictures.setText(carry_words.pictures_on_the_way_words(pictures.on_the_way(self.session.context)))
        self.pictures.setVisible(bool(self.pictures.text()))
        self.teachers.show_colleagues(colleagues, known, made_here=made_here)
        self.waits.set_text(waiting_words(self.session.context, self.session.section_id, colleagues))
        self.waits.setVisible(bool(self.waits.label.text()))
        self._show_ready()

    def _summary(self, name: str, computers: list[ComputerStatus], colleagues: list[ComputerStatus]) -> str:
        clock = self.session.context.clock
        computers = [one for one in computers if one.standing != RETIRED]
        words = [name]
        if computers:
            away = sum(carry_words.home_words(clock, one)[1] != "ok" for one in computers)
            words += [
                ngettext("{n} student computer", "{n} student computers", len(computers)).format(n=len(computers)),
                ngettext("{n} not home", "{n} not home", away).format(n=away) if away else _("all home"),
            ]
        asking = sum(one.standing in ("announced", "held") for one in colleagues)
        if asking:
            words.append(ngettext("{n} teacher wants to join", "{n} teachers want to join", asking).format(n=asking))
        return " · ".join(words)

    def _show_rows(self, computers: list[ComputerStatus], retirable: set[Id]) -> None:
        clock = self.session.context.clock
        self.list_card.show_lines(
            [
                Line(
                    one.device_id or one.name.encode(),
                    one.name,
                    *carry_words.home_words(clock, one),
                    carry_words.knows_words(clock, one),
                    one.standing if one.device_id in retirable else "",
                )
                for one in computers
            ]
        )

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

    def _on_lost_or_back(self, device_id: Id, lost: bool) -> None:
        act = computer_answers.retire if lost else computer_answers.reinstate
        act(self.session, device_id, self._rows[device_id].name.text())

    def _carry(self, act: Callable[..., None]) -> None:
        folder = self.sticks.folder()
        if folder is not None:
            self.sticks.remember()
            act(folder)

    def _say(self, sentence: str, undo: Callable[[], None] | None) -> None:
        self.session.window.toast.show_message(sentence, undo)
        # Also when nothing new came: a computer may have been home again.
        self.refresh_soon()


def _by_name(one: ComputerStatus) -> tuple[bool, list[tuple[int, str]], bytes]:
    """Blue-2 before Blue-10, and who was retired at the end."""
    parts = re.split(r"([0-9]+)", one.name.casefold())
    name = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
    return one.standing == RETIRED, name, one.device_id or b""


def _gone(known: tuple[Computer, ...]) -> list[ComputerStatus]:
    """Those that were retired, to be shown at the end."""
    return [
        ComputerStatus(one.name, one.role, RETIRED, None, None, 0, one.device_id, one.sections)
        for one in known
        if one.standing == RETIRED
    ]
