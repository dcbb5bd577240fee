"""A place on the board: picture, name, the groups' shapes, and the names of those who are there now."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from blenddesk.domain.plans import SHAPES, Block, Group
from blenddesk.services.board import Place
from blenddesk.text import _
from blenddesk.ui import assets, theme
from blenddesk.ui.board.fitting import PICTURE_GAP, Fit, columns_for, fit_names
from blenddesk.ui.kit import group_name, is_rtl, paint
from blenddesk.ui.kit.people import draw_group_mark

PADDING, CLOSE_PADDING = 20, 12
HEAD_LETTERS, CLOSE_HEAD_LETTERS = 5.3, 3.9
"""A place's head is at most so many smallest letters high; the second where rows close up."""
HEAD_SHARE = 0.84
"""Picture and shape in a place's head, as a share of its height."""
HEAD_WIDTH = 15
"""A place is at least this many smallest letters wide: its picture, name and shape stand beside each other."""


def shape_of(group: Group) -> str:
    return group.shape if group.shape in SHAPES else SHAPES[group.position % len(SHAPES)]


def words_of(group: Group) -> str:
    return group.name or group_name(shape_of(group))


class PlaceCard(QLabel):
    """One place. Painted as one thing: a board is read from afar and nothing on it is pressed."""

    def __init__(self, place: Place, *, letter: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self._letter = letter
        self._go_on = False
        self.fit = Fit(1, 1, 26, True, True)
        self.least = 20
        """The smallest letters of a name, by the distance rule; the head grows with them."""
        self.tight = False
        """A lower head, for a class whose names need the room."""
        for words in (place.block.title, place.block.task, *(one.name for one in place.names)):
            theme.need_fonts_for(words, theme.look_of(parent))
        self.setObjectName(f"place_{place.block.id.hex()}")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._describe()

    def show_next(self, go_on: bool) -> None:
        """In the last minute the place says where to go afterwards."""
        if go_on != self._go_on:
            self._go_on = go_on
            self._describe()
            self.update()

    def is_showing_next(self) -> bool:
        return self._go_on

    def _describe(self) -> None:
        groups = ", ".join(words_of(group) for group in self.place.groups)
        names = ", ".join(one.name for one in self.place.names)
        words = f"{self.place.block.title}. {groups}. {names}"
        if self._go_on:
            for group, block in zip(self.place.groups, self.place.goes_to, strict=True):
                if block is not None:
                    words += " " + _("{group}: next {place}.").format(group=words_of(group), place=block.title)
        self.setAccessibleName(words)

    def head_height(self) -> float:
        if self.tight:
            return min(max(self.height() * 0.24, 56.0), self.least * CLOSE_HEAD_LETTERS)
        return min(max(self.height() * 0.30, 56.0), max(112.0, self.least * HEAD_LETTERS))

    def names_area(self) -> QRectF:
        top = PADDING * 0.6 + self.head_height() + 8
        side = CLOSE_PADDING if self.tight else PADDING
        return QRectF(side, top, self.width() - 2 * side, max(self.height() - top - side * 0.8, 1.0))

    def head_fits(self, px: int) -> bool:
        """Whether no word of the title needs letters smaller than ``px`` at the present size."""
        side = self.head_height() * HEAD_SHARE
        signs = len(self.place.groups) + assets.has_picture(self.place.block.picture)
        room = self.width() - 2 * PADDING - signs * (side + 18)
        metrics = QFontMetrics(theme.sized_font(theme.look_of(self), px, bold=True))
        return all(metrics.horizontalAdvance(word) <= room for word in self.place.block.title.split())

    def sizeHint(self) -> QSize:
        return QSize(400, 280)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        colours = look.tokens.station(self.place.block.tint)
        with paint.painting(self) as painter:
            box = QRectF(self.rect()).adjusted(2, 1, -2, -4)
            paint.shadow(painter, box, theme.RADIUS_CARD, look.tokens)
            paint.card(
                painter, box, theme.RADIUS_CARD, colours.tint, line=colours.ink, width=max(2.0, look.tokens.line)
            )
            self._paint_head(painter, look)
            self._paint_names(painter, look)

    def _paint_head(self, painter: QPainter, look: theme.Look) -> None:
        height = self.head_height()
        side = height * HEAD_SHARE
        top = PADDING * 0.6
        x = float(PADDING)
        if assets.has_picture(self.place.block.picture):
            spot = QRectF(x, top + (height - side) / 2, side, side)
            assets.draw_picture(painter, paint.mirrored(self, spot), self.place.block.picture)
            x += side + 18
        end = self.width() - PADDING - side
        for group in () if self._go_on else reversed(self.place.groups):
            spot = QRectF(end, top + (height - side) / 2, side, side)
            draw_group_mark(painter, paint.mirrored(self, spot), look, shape_of(group), letter=self._letter)
            end -= side + 8
        room = QRectF(x, top, max(end + side - x - 4, 20.0), height)
        title, line = QRectF(room), QRectF(room)
        title.setHeight(height * (0.36 if self._go_on else 0.58))
        line.setTop(title.bottom() - 2)
        share = 0.22 if self._go_on else 0.36
        font = theme.sized_font(look, round(height * share / look.scale), bold=True)
        paint.draw_text(painter, paint.mirrored(self, title), self.place.block.title, font, look.tokens.text, lines=1)
        if self._go_on:
            self._paint_next(painter, look, line)
            return
        small = theme.sized_font(look, round(height * 0.23 / look.scale))
        ink = look.tokens.dim
        paint.draw_text(painter, paint.mirrored(self, line), self.place.block.task, small, ink, paint.TOP_LEADING)

    def _paint_next(self, painter: QPainter, look: theme.Look, line: QRectF) -> None:
        """Shape, arrow, picture and name of the place each group goes to."""
        goes = [(g, b) for g, b in zip(self.place.groups, self.place.goes_to, strict=True) if b is not None]
        if not goes:
            font = theme.sized_font(look, 22, bold=True)
            paint.draw_text(painter, paint.mirrored(self, line), _("Then we look back"), font, look.tokens.text)
            return
        width = line.width() / len(goes)
        for index, (group, block) in enumerate(goes):
            box = QRectF(line.left() + index * width, line.top(), width - 6, line.height())
            _draw_move(painter, self, look, box, group, block, letter=self._letter)

    def _paint_names(self, painter: QPainter, look: theme.Look) -> None:
        area, fit = self.names_area(), self.fit
        rows = max(fit.rows, math.ceil(len(self.place.names) / max(fit.columns, 1)))
        width = (area.width() - fit.gap * (fit.columns - 1)) / fit.columns
        height = min((area.height() - fit.gap * (rows - 1)) / max(rows, 1), fit.px * 3.2)
        font = look.font("body", bold=True)
        font.setPixelSize(fit.px)
        line = look.tokens.border if look.tokens.name == "contrast" else ""
        for index, one in enumerate(self.place.names):
            row, column = divmod(index, fit.columns)
            box = QRectF(area.left() + column * (width + fit.gap), area.top() + row * (height + fit.gap), width, height)
            paint.card(painter, paint.mirrored(self, box), min(16, height / 3), look.tokens.surface, line=line, width=2)
            start = box.left() + fit.pad
            if fit.pictures and one.avatar:
                side = min(fit.px * 1.5, height - 6)
                face = QRectF(start, box.center().y() - side / 2, side, side)
                paint.avatar_only(painter, paint.mirrored(self, face), look, one.avatar, one.name)
                start += side + PICTURE_GAP
            room = QRectF(start, box.top(), box.right() - start - fit.pad / 2, box.height())
            room = paint.mirrored(self, room)
            if not fit.fits:
                paint.draw_text(painter, room, one.name, font, look.tokens.text)
                continue
            # As it was measured: wrapped where it must be, never smaller than the distance rule allows.
            painter.setFont(font)
            painter.setPen(QColor(look.tokens.text))
            flags = int(paint.turned(painter.layoutDirection(), paint.LEFT))
            painter.drawText(room, flags | int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextDontClip), one.name)


def _draw_move(
    painter: QPainter, widget: QWidget, look: theme.Look, box: QRectF, group: Group, block: Block, *, letter: bool
) -> None:
    """A group's shape, an arrow along the reading direction, and where it goes."""
    side = min(box.height() * 0.86, box.width() * 0.2)
    middle = box.center().y()
    spot = QRectF(box.left(), middle - side / 2, side, side)
    draw_group_mark(painter, paint.mirrored(widget, spot), look, shape_of(group), letter=letter)
    arrow = QRectF(spot.right() + side * 0.2, middle - side * 0.36, side * 0.72, side * 0.72)
    ink = look.tokens.text
    assets.draw_icon(painter, paint.mirrored(widget, arrow), "arrow-right", ink, mirrored=is_rtl(widget))
    x = arrow.right() + side * 0.2
    if assets.has_picture(block.picture):
        picture = QRectF(x, middle - side / 2, side, side)
        assets.draw_picture(painter, paint.mirrored(widget, picture), block.picture)
        x = picture.right() + side * 0.22
    room = QRectF(x, box.top(), max(box.right() - x, 10.0), box.height())
    px = max(min(round(box.height() * 0.5), 44), 18)
    paint.draw_text(painter, paint.mirrored(widget, room), block.title, theme.sized_font(look, px, bold=True), ink)


class MoveCard(QLabel):
    """One line of the moving screen: this group goes there."""

    def __init__(self, group: Group, block: Block, *, letter: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group, self._block, self._letter = group, block, letter
        self.setAccessibleName(_("{group} go to {place}").format(group=words_of(group), place=block.title))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def sizeHint(self) -> QSize:
        return QSize(480, 120)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        colours = look.tokens.station(self._block.tint)
        with paint.painting(self) as painter:
            box = QRectF(self.rect()).adjusted(2, 1, -2, -4)
            paint.shadow(painter, box, theme.RADIUS_LARGE, look.tokens)
            paint.card(
                painter, box, theme.RADIUS_LARGE, colours.tint, line=colours.ink, width=max(2.0, look.tokens.line)
            )
            pad = min(28.0, box.height() * 0.2)
            inner = QRectF(pad, box.top() + pad * 0.7, box.width() - 2 * pad, box.height() - pad * 1.4)
            _draw_move(painter, self, look, inner, self._group, self._block, letter=self._letter)


class PlacesView(QWidget):
    """All places of a round; when even the smallest letters do not fit, pages of places that take turns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(16)
        self.cards: list[PlaceCard] = []
        self._page = 0
        self._columns = 1
        self.pages = 1
        self._least = 20

    def show_places(self, places: tuple[Place, ...], *, letter: bool) -> None:
        for card in self.cards:
            self._grid.removeWidget(card)
            card.setParent(None)
            card.deleteLater()
        self.cards = [PlaceCard(place, letter=letter, parent=self) for place in places]
        for card in self.cards:
            card.show()
        self._page = 0
        self.lay_out()

    def set_least(self, least: int) -> None:
        self._least = least
        self.lay_out()

    def show_next(self, go_on: bool) -> None:
        for card in self.cards:
            card.show_next(go_on)

    def turn_to(self, page: int) -> None:
        """Shows page ``page`` (taken round) of the places."""
        page %= self.pages
        if page != self._page:
            self._page = page
            self._place_cards()

    def page(self) -> int:
        return self._page

    def lay_out(self) -> None:
        """One page if the distance rule can be kept on it, else as few as it takes."""
        if not self.cards or self.width() < 50:
            return
        for pages in range(1, len(self.cards) + 1):
            self.pages = pages
            on_page = math.ceil(len(self.cards) / pages)
            self._columns, fit = self._best(on_page)
            if not fit.fits:
                self._columns, fit = self._best(on_page, close=True)
            if fit.fits:
                break
        for card in self.cards:
            card.fit, card.tight = fit, fit.close
            card.update()
        self._page %= self.pages
        self._place_cards()

    def _on_page(self, page: int) -> list[PlaceCard]:
        size = math.ceil(len(self.cards) / self.pages)
        return self.cards[page * size : (page + 1) * size]

    def _best(self, on_page: int, *, close: bool = False) -> tuple[int, Fit]:
        """How many places side by side, and the one arrangement of all names, for pages of so many places.

        What fits and keeps pictures goes first; then the usual order of the places, so that they stay where they were.
        """
        usual = columns_for(on_page)
        best: tuple[tuple[bool, bool, bool, bool, bool, int], int, Fit] | None = None
        for columns in range(1, on_page + 1):
            fit, heads = self._try(on_page, columns, close=close)
            width = (self.width() - self._grid.spacing() * (columns - 1)) / columns
            wide = columns == 1 or width >= self._least * HEAD_WIDTH
            worth = (wide, fit.fits, heads, fit.pictures, columns == usual, fit.px)
            if best is None or worth > best[0]:
                best = worth, columns, fit
        assert best is not None
        return best[1], best[2]

    def _try(self, on_page: int, columns: int, *, close: bool) -> tuple[Fit, bool]:
        """The names in places of one size, so many side by side; and whether the titles are large enough there."""
        rows = math.ceil(on_page / columns)
        gap = self._grid.spacing()
        size = QSize((self.width() - gap * (columns - 1)) // columns, (self.height() - gap * (rows - 1)) // rows)
        for card in self.cards:
            card.least, card.tight = self._least, close
            card.resize(size)
        area = self.cards[0].names_area()
        names = [[one.name for one in card.place.names] for card in self.cards]
        fit = fit_names(names, area.size(), theme.look_of(self), self._least, pictures=True, close=close)
        return fit, all(card.head_fits(self._least) for card in self.cards)

    def _place_cards(self) -> None:
        while self._grid.takeAt(0) is not None:
            pass
        shown = self._on_page(self._page)
        columns = self._columns
        for card in self.cards:
            card.setVisible(card in shown)
        for index, card in enumerate(shown):
            self._grid.addWidget(card, index // columns, index % columns)
        for index in range(max(self._grid.columnCount(), self._grid.rowCount())):
            self._grid.setColumnStretch(index, 1 if index < columns else 0)
            self._grid.setRowStretch(index, 1 if index < math.ceil(len(shown) / columns) else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()
