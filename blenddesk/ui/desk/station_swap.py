"""Another station from the library for one of a lesson's places: the place above, all of the library below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Block
from blenddesk.services import blocks, stations
from blenddesk.services.stations import LibraryStation
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.desk.station_cards import StationLibrary


def swap_sheet(
    session: DeskSession, window: QWidget, section: Id, placed: Sequence[Block], chosen: Id | None = None
) -> SwapSheet:
    """The sheet, ready to open; what is chosen in it is saved, with Undo."""
    sheet = SwapSheet(window, placed, stations.library(session.context, section), chosen or placed[0].id)
    sheet.station_chosen.connect(lambda block, key: session.do(blocks.swap_block_from_library, section, block, key))
    sheet.library_requested.connect(lambda: session.window.open_page("stations"))
    return sheet


class SwapSheet(kit.Sheet):
    """``station_chosen(block, key)``: the station of the library with that key goes into the place of a block."""

    station_chosen = Signal(bytes, str)
    library_requested = Signal()

    def __init__(self, window: QWidget, placed: Sequence[Block], library: Sequence[LibraryStation], chosen: Id) -> None:
        super().__init__(window, _("Take another station"), width=940)
        self.place_choice = kit.Choice(
            [(block.id.hex(), block.title) for block in placed], name=_("Instead of"), chosen=chosen.hex()
        )
        self.place_choice.setObjectName("swap_place")
        manage = kit.Button(_("My station library"), "quiet", icon="pencil-simple")
        manage.setObjectName("swap_manage")
        manage.clicked.connect(self._on_manage_clicked)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(kit.Text(_("Instead of"), bold=True, wrap=False))
        line.addWidget(self.place_choice, 1)
        line.addWidget(manage)
        self.body.addLayout(line)
        self.library = StationLibrary()
        self.library.station_pressed.connect(self._on_station_pressed)
        self.body.addWidget(self.library)
        self.body.addStretch(1)
        self.library.resize(800, 400)
        self.library.show_stations(library)

    def open(self, focus: QWidget | None = None) -> None:
        super().open(focus or self.library.search)

    def _on_station_pressed(self, key: str) -> None:
        block = bytes.fromhex(self.place_choice.chosen())
        self.close_sheet()
        self.station_chosen.emit(block, key)

    def _on_manage_clicked(self) -> None:
        self.close_sheet()
        self.library_requested.emit()
