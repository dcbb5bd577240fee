"""T9, the station library: what there is, making a station of one's own, changing it, putting it away and back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Block
from blenddesk.services import stations
from blenddesk.services.stations import LibraryStation
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.desk.station_cards import StationLibrary, needs_words


class StationsPage(DeskPage):
    """Reached from the plan page. N makes a station, arrows move among the cards, Enter opens one."""

    kinds = frozenset({"block", "section"})

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Stations"))
        self.back = kit.Button(_("Back to the plan"), "quiet", icon="arrow-left")
        self.back.setObjectName("stations_back")
        self.back.clicked.connect(lambda: self.session.window.open_page("plan"))
        self.away = kit.Button(_("Put away"), icon="archive")
        self.away.setObjectName("stations_away")
        self.away.clicked.connect(self._on_away_clicked)
        self.new = kit.Button(_("New station"), "primary", icon="plus")
        self.new.setObjectName("stations_new")
        self.new.setToolTip(_("Key: {key}").format(key="N"))
        self.new.clicked.connect(lambda: self._edit(None))
        about = _("Press a station to look at it or change it. What you change is yours; lessons keep what they took.")
        self.header = kit.PageHeader(_("Stations"), about, actions=(self.back, self.away, self.new))
        self.library = StationLibrary()
        self.library.station_pressed.connect(self._on_station_pressed)
        self._stations: dict[str, LibraryStation] = {}
        self.scroll_area = kit.ScrollBody(parent=self)
        self.scroll_area.body.addWidget(self.library)
        self.scroll_area.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 14, 8)
        column.setSpacing(10)
        column.addWidget(self.header)
        column.addWidget(self.scroll_area, 1)

    def refresh(self) -> None:
        found = stations.library(self.session.context, self.session.section_id)
        self._stations = {one.key: one for one in found}
        self.library.show_stations(found)
        self.away.setVisible(bool(stations.archived(self.session.context)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.isAncestorOf(self.window().focusWidget() or self):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if plain and event.key() == Qt.Key.Key_N:
            self._edit(None)
        elif event.key() == Qt.Key.Key_Escape:
            self.session.window.open_page("plan")
        else:
            super().keyPressEvent(event)

    # --- changing -------------------------------------------------------------------------------------------

    def _on_station_pressed(self, key: str) -> None:
        self._edit(self._stations[key])

    def _edit(self, station: LibraryStation | None) -> None:
        from blenddesk.ui.desk.station_edit import StationEdit

        block = station.block if station is not None else Block(b"", b"", picture="open-book", minutes=15)
        own = station.block.id if station is not None and station.own else None
        skills = sorted({one.block.skill for one in self._stations.values() if one.block.skill})
        sheet = StationEdit(self.window(), block, ready_made=station is not None and own is None, skills=skills)
        sheet.saved.connect(partial(self._save, own))
        if own is not None:
            sheet.allow_putting_away()
            sheet.archive_requested.connect(lambda: self.session.do(stations.archive_station, own))
        sheet.open(sheet.title_field)

    def _save(self, own: Id | None, fields: dict[str, object], names: dict[str, str]) -> None:
        if own is None:
            self.session.do(stations.new_station, names=names, **fields)  # type: ignore[arg-type]
        else:
            self.session.do(stations.edit_station, own, names=names, **fields)  # type: ignore[arg-type]

    def _on_away_clicked(self) -> None:
        sheet = PutAwaySheet(self.window(), stations.archived(self.session.context))
        sheet.back.connect(lambda station: self.session.do(stations.restore_station, station))
        sheet.open()


class PutAwaySheet(kit.Sheet):
    """Own stations that were put away; pressing one brings it back."""

    back = Signal(bytes)

    def __init__(self, window: QWidget, away: tuple[LibraryStation, ...]) -> None:
        super().__init__(window, _("Put away"), _("Press a station to have it in the library again."), width=520)
        for station in away:
            block = station.block
            row = kit.StationCard(
                block.title, needs_words(station), picture=block.picture, tint=block.tint, caret=False
            )
            row.setObjectName(f"away_{station.key}")
            row.clicked.connect(lambda _checked=False, one=block.id: self._on_row_clicked(one))
            self.body.addWidget(row)

    def _on_row_clicked(self, station: Id) -> None:
        self.close_sheet()
        self.back.emit(station)
