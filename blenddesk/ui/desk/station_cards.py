"""The station library to choose from: search, filters and cards, for the page of stations and for swapping."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.services import stations
from blenddesk.services.stations import LibraryStation
from blenddesk.text import _, ngettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import LOOK_CHANGES
from blenddesk.ui.kit.stations import draw_place_picture

_CARD = QSize(272, 118)
_SHOWN_STEPS = 3
_ICONS = {stations.WITH_ME: "chalkboard-teacher", stations.COMPUTER: "laptop", stations.PAPER: "pencil-simple"}


def kind_words(kind: str) -> str:
    """What a station takes, in a word."""
    return {stations.WITH_ME: _("With me"), stations.COMPUTER: _("Computer"), stations.PAPER: _("Paper")}[kind]


def needs_words(station: LibraryStation) -> str:
    """Minutes and what has to be there, as one line."""
    return " · ".join(needs_parts(station))


def needs_parts(station: LibraryStation) -> list[str]:
    """Minutes, and what has to be there; what nobody said is left out."""
    block = station.block
    minutes = ngettext("{n} min", "{n} min", block.minutes).format(n=block.minutes) if block.minutes else ""
    return [part for part in (minutes, block.materials) if part]


class LibraryCard(kit.PaintedButton):
    """One station: picture, name, minutes and needs, its first three steps as pictures, what kind it is."""

    def __init__(self, station: LibraryStation, parent: QWidget | None = None) -> None:
        self.station = station
        self._needs = needs_words(station)
        super().__init__(station.block.title, parent)
        self.setObjectName(f"library_{station.key}")
        theme.need_fonts_for(self._needs, theme.look_of(self))
        own = _("Mine") if station.own else _("Ready-made")
        parts = [own, kind_words(station.kind), self._needs, station.block.task, *station.block.steps]
        # Own stations may share a name with a ready-made one: a screen reader hears which is which.
        self.setAccessibleName(_("{station}, {kind}").format(station=station.block.title, kind=own))
        self.setAccessibleDescription(" · ".join(part for part in parts[1:] if part))
        self.setToolTip(station.block.task)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(_CARD.width()), look.px(_CARD.height()))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(180), look.px(_CARD.height()))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens, block = look.tokens, self.station.block
        box = QRectF(self.rect())
        paint.card(
            painter,
            box,
            12,
            tokens.hover if self.is_hovered() else tokens.surface,
            line=tokens.border,
            width=max(1.2, tokens.line / 2),
        )
        edge, side = 12.0, float(look.px(50))
        picture = paint.mirrored(self, QRectF(edge, edge, side, side))
        draw_place_picture(painter, picture, look, block.picture, block.tint)
        start = edge + side + 11
        room = box.width() - start - edge
        # A long name of one's own takes a second line from what the station needs.
        long = QFontMetrics(look.font(bold=True)).horizontalAdvance(self.words()) > room * 1.2
        name = QRectF(start, 7, room, look.px(38 if long else 25))
        paint.draw_text(painter, paint.mirrored(self, name), self.words(), look.font(bold=True), tokens.text)
        needs = QRectF(start, name.bottom(), room, look.px(25 if long else 36))
        self._paint_needs(painter, look, needs)
        self._paint_foot(painter, look, box, edge)

    def _paint_needs(self, painter: QPainter, look: theme.Look, box: QRectF) -> None:
        font, ink = look.font("small"), look.tokens.dim
        parts = needs_parts(self.station)
        widths = [QFontMetrics(font).horizontalAdvance(part) for part in (*parts, self._needs)]
        if len(parts) < 2 or widths[2] <= box.width() or widths[1] > box.width():
            paint.draw_text(painter, paint.mirrored(self, box), self._needs, font, ink)
            return
        # Two lines of one size are easier to read than one of small letters.
        for part, top in zip(parts, (box.top(), box.center().y()), strict=True):
            line = QRectF(box.left(), top, box.width(), box.height() / 2)
            paint.draw_text(painter, paint.mirrored(self, line), part, font, ink, lines=1)

    def _paint_foot(self, painter: QPainter, look: theme.Look, box: QRectF, edge: float) -> None:
        tokens, block = look.tokens, self.station.block
        step = float(look.px(30))
        top = box.height() - step - 10
        shown = [one for one in block.step_pictures if assets.has_picture(one)][:_SHOWN_STEPS]
        for place, picture in enumerate(shown):
            spot = QRectF(edge + place * (step + 7), top, step, step)
            paint.card(painter, paint.mirrored(self, spot), 8, tokens.station(block.tint).tint)
            assets.draw_picture(painter, paint.mirrored(self, spot.adjusted(5, 5, -5, -5)), picture)
        icon = float(look.px(18))
        left = edge + _SHOWN_STEPS * (step + 7) + 4
        words = kind_words(self.station.kind)
        if self.station.own:
            words = _("{kind} · mine").format(kind=words)
        right = box.width() - edge
        text = QRectF(left, top, right - icon - 6 - left, step)
        mark = QRectF(right - icon, top + (step - icon) / 2, icon, icon)
        assets.draw_icon(painter, paint.mirrored(self, mark), _ICONS[self.station.kind], tokens.dim)
        trailing = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        paint.draw_text(painter, paint.mirrored(self, text), words, look.font("small"), tokens.dim, trailing, lines=1)


class StationLibrary(QWidget):
    """Search, chips and cards. ``station_pressed(key)``; arrows move among the cards, arrow down from the search."""

    station_pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stations: tuple[LibraryStation, ...] = ()
        self._shown: tuple[LibraryStation, ...] | None = None
        self.search = kit.SearchField(_("Find a station"), parent=self)
        self.search.setObjectName("library_search")
        self.search.textChanged.connect(self._show)
        self.search.results_requested.connect(self._on_results_requested)
        self.chips: dict[str, kit.Chip] = {}
        self.skill = kit.Choice(name=_("Skill"), parent=self)
        self.skill.setObjectName("library_skill")
        self.skill.activated.connect(self._show)
        self._bar = QWidget(self)
        line = QHBoxLayout(self._bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.search, 1)
        for kind in (stations.WITH_ME, stations.COMPUTER, stations.PAPER):
            chip = kit.Chip(kind_words(kind), icon=_ICONS[kind], parent=self)
            chip.setObjectName(f"library_kind_{kind}")
            chip.setAccessibleName(_("Only: {kind}").format(kind=kind_words(kind)))
            chip.clicked.connect(lambda _checked=False, one=kind: self._on_kind_clicked(one))
            self.chips[kind] = chip
            line.addWidget(chip)
        line.addWidget(self.skill)
        self.grid = kit.ArrowGrid(1, spacing=10, letters=True, parent=self)
        self.nothing = kit.Text(_("No station fits. Take a word or a filter away."), tone="dim")
        self.nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._bar)
        column.addWidget(self.nothing)
        column.addWidget(self.grid)

    def show_stations(self, found: Sequence[LibraryStation]) -> None:
        """These to choose from; search and filters stay as they are."""
        self._stations = tuple(found)
        skills = list(dict.fromkeys(one.block.skill for one in found if one.block.skill))
        chosen = self.skill.chosen()
        self.skill.clear()
        self.skill.addItem(_("Every skill"), "")
        for skill in skills:
            self.skill.addItem(skill, skill)
        self.skill.choose(chosen if chosen in skills else "")
        self._show()

    def cards(self) -> list[LibraryCard]:
        """Those in view, in reading order."""
        return [one for one in self.grid.widgets() if isinstance(one, LibraryCard)]

    def _show(self) -> None:
        kind = next((key for key, chip in self.chips.items() if chip.isChecked()), "")
        found = stations.found(self._stations, self.search.text(), kind=kind, skill=self.skill.chosen())
        self.nothing.setVisible(not found)
        if found == self._shown:
            return
        self._shown = found
        focus = self.window().focusWidget()
        held = focus.objectName() if isinstance(focus, LibraryCard) and self.isAncestorOf(focus) else ""
        cards = []
        for station in found:
            card = LibraryCard(station, self.grid)
            card.clicked.connect(lambda _checked=False, key=station.key: self.station_pressed.emit(key))
            cards.append(card)
        self.grid.set_widgets(cards, columns=self._columns())
        for card in cards:
            card.show()
            if card.objectName() == held:
                card.setFocus(Qt.FocusReason.OtherFocusReason)

    def _columns(self) -> int:
        return max(1, (self.width() + 10) // (theme.look_of(self).px(_CARD.width() - 22) + 10))

    def _on_kind_clicked(self, kind: str) -> None:
        for key, chip in self.chips.items():
            chip.setChecked(key == kind and chip.isChecked())
        self._show()

    def _on_results_requested(self) -> None:
        cards = self.cards()
        if cards:
            cards[0].setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.restyle()
        self.grid.set_columns(self._columns())

    def restyle(self) -> None:
        """Take up a changed look: a style sheet lets a field be lower than its letters where a page is full."""
        self._bar.setMinimumHeight(self.search.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_CHANGES:
            self.restyle()
