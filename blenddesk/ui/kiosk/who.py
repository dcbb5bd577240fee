"""Who are you?: a tile for every student in a fixed place, the group whose turn it is bright, a tick on who is done."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from blenddesk import text
from blenddesk.domain.people import Student
from blenddesk.services.kiosk import ClassView
from blenddesk.text import _
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.kiosk import words
from blenddesk.ui.kiosk.screen import KioskScreen
from blenddesk.ui.kit import paint

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow

LEAST_TILE = (112, 84)


def best_columns(count: int, width: int, height: int) -> int:
    """How many tiles in a row, so that all fit and each is as near to its best shape (6 wide, 5 high) as can be."""
    best, best_cost = 1, math.inf
    for columns in range(2, 12):
        rows = math.ceil(count / columns)
        tile_width, tile_height = width / columns - 10, height / rows - 10
        small = max(0.0, LEAST_TILE[0] - tile_width) + max(0.0, LEAST_TILE[1] - tile_height)
        cost = (
            small * 10 + abs(math.log(tile_width / max(tile_height, 1) / 1.25)) + 2 * (columns * rows - count) / count
        )
        if cost < best_cost:
            best, best_cost = columns, cost
    return best


def avatar_of(student: Student, older: bool) -> str:
    """The picture on a student's tile: their own, or in the Older look a symbol if they chose one (else initials)."""
    if older:
        return student.symbol if assets.has_picture(student.symbol) else ""
    return student.avatar


class _Band(QWidget):
    """Whose turn it is, in the colour of the group."""

    def __init__(self, shape: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._shape = shape
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        inner = layout.sizeHint().height() if layout is not None else 0
        return QSize(400, max(theme.look_of(self).px(50), inner))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        tint = tokens.groups[self._shape].tint if self._shape else tokens.sunken
        with paint.painting(self) as painter:
            paint.card(painter, QRectF(self.rect()), min(24.0, self.height() / 2), tint)


class WhoScreen(KioskScreen):
    """K1. Tiles stand by number all year: a child learns the spot."""

    name = "who"

    def __init__(self, window: KioskWindow, view: ClassView) -> None:
        super().__init__(window)
        self.view = view
        title, subtitle = words.who_are_you(self.older)
        if not self.older:
            hand = kit.PlacePicture("", "waving-hand", plain=True, px=theme.look_of(window).px(56), parent=self)
            self.lead.addWidget(hand)
        self.add_title(title, f"{text.name(view.section.name)} · {subtitle}")
        self.add_help()
        language = self.pill(words.LANGUAGES.get(window.language, window.language), "language", "globe-hemisphere-west")
        language.clicked.connect(window.ask_language)
        self.pills.addWidget(language)
        if window.has_several_classes:
            other = self.round_pill("users-three", _("Other class"), "other_class")
            other.clicked.connect(window.show_classes)
            self.pills.addWidget(other)
        self.add_teacher()
        self.grid = kit.ArrowGrid(8, spacing=8 if self.low else 10, letters=True, parent=self)
        self._add_band()
        if view.tiles:
            self._add_tiles()
            self.body.addWidget(self.grid, 1)
        else:
            self.grid.hide()
            ask = _("Ask your teacher for the class.")
            self.body.addWidget(kit.EmptyState(_("Nobody is here yet"), ask, picture="teacher", parent=self))

    def _add_band(self) -> None:
        view = self.view
        round_ = view.round
        can_move_on = round_.number is not None and not self.kiosk.live and round_.total > 1
        if not view.turn and not can_move_on:
            return
        band = _Band(view.turn[0].shape if view.turn else "", self)
        row = QHBoxLayout(band)
        row.setContentsMargins(18, 3, 5 if can_move_on else 18, 3)
        row.setSpacing(12)
        for group in view.turn:
            row.addWidget(kit.ShapeIcon(group.shape, px=26, letter=self.older, parent=band))
        if view.turn:
            names = ", ".join(words.group_words(group.shape, self.older) for group in view.turn)
            turn = _("{groups}: your turn now").format(groups=names)
            row.addWidget(kit.Text(turn, bold=True, wrap=False, parent=band))
        row.addStretch(1)
        if view.expected is not None and view.logged is not None:
            count = _("{done} of {total}").format(done=view.logged, total=view.expected)
            row.addWidget(kit.Text(count, bold=True, wrap=False, parent=band))
            if view.expected <= 12:
                shape = view.turn[0].shape
                row.addWidget(kit.ProgressDots(view.logged, view.expected, group=shape, parent=band))
        if can_move_on and round_.number is not None:
            now = _("Round {n} of {total}").format(n=round_.number + 1, total=round_.total)
            row.addWidget(kit.Text(now, bold=True, wrap=False, parent=band))
            onward = kit.Button(_("Next round"), size="pill", icon="skip-forward", parent=band)
            onward.setObjectName("next_round")
            onward.clicked.connect(self.kiosk.move_on)
            row.addWidget(onward)
        self.body.addWidget(band)

    def _add_tiles(self) -> None:
        window = self.kiosk
        look = theme.look_of(window)
        used = look.px(84 + 70) + 60
        columns = best_columns(len(self.view.tiles), window.width() - 56, window.height() - used)
        tiles: list[QWidget] = []
        for place, tile in enumerate(self.view.tiles, 1):
            button = kit.NameTile(
                tile.student.name,
                avatar=avatar_of(tile.student, self.older),
                shape=tile.shape if tile.shape in theme.SHAPES else "",
                letter=self.older,
                turn=tile.turn,
                done=tile.done,
                parent=self.grid,
            )
            button.setObjectName(f"tile_{place}")
            button.setMaximumHeight(look.px(190))
            button.clicked.connect(lambda _checked=False, student=tile.student: window.choose_student(student))
            tiles.append(button)
        self.grid.set_widgets(tiles, columns=columns)

    def first_focus(self) -> QWidget | None:
        """The first tile whose turn it is and who has not logged yet."""
        tiles = self.grid.widgets()
        for tile, button in zip(self.view.tiles, tiles, strict=False):
            if tile.turn and not tile.done:
                return button
        return tiles[0] if tiles else None

    def go_back(self) -> None:
        if self.kiosk.has_several_classes:
            self.kiosk.show_classes()
