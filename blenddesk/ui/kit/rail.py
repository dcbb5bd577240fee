"""The desk's navigation: icon and word, the page shown now filled, a badge with a count."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.text import _, digits, ngettext
from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import PaintedButton

RAIL_WIDTH = 84


class NavItem(PaintedButton):
    """A page in the rail."""

    def __init__(self, key: str, text: str, icon: str, parent: QWidget | None = None) -> None:
        self.key = key
        self._icon = icon
        self._badge = 0
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setObjectName(f"nav_{key}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_badge(self, count: int) -> None:
        """A count that waits for the teacher; 0 takes the badge away."""
        self._badge = count
        self.setAccessibleDescription(ngettext("{n} waiting", "{n} waiting", count).format(n=count) if count else "")
        self.update()

    def words_width(self) -> int:
        """Room that the word needs at the least, when it is written as small as words may be."""
        smallest = theme.sized_font(theme.look_of(self), 14, bold=True)
        smallest.setPixelSize(paint.MIN_TEXT_PX)
        return paint.text_size(self.words(), smallest).width() + 2

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(max(68, self.words_width()), look.px(58))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, theme.look_of(self).px(46))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect())
        chosen = self.isChecked()
        if chosen:
            paint.card(painter, box, 13, tokens.rail_selected)
        elif self.is_hovered():
            paint.card(painter, box, 13, tokens.rail_hover)
        ink = tokens.rail_selected_text if chosen else tokens.rail_text
        side = look.px(26)
        place = QRectF(box.center().x() - side / 2, box.top() + (box.height() - side - look.px(20)) / 2, side, side)
        assets.draw_icon(painter, place, self._icon, ink, weight="fill" if chosen else "regular", mirrored=False)
        words = QRectF(box.left() + 1, place.bottom() + 1, box.width() - 2, look.px(20))
        paint.draw_text(
            painter, words, self.words(), theme.sized_font(look, 14, bold=chosen), ink, paint.CENTRE, lines=1
        )
        if self._badge:
            spot = paint.mirrored(self, QRectF(box.center().x() + 8, box.top() + 1, 20, 18))
            paint.card(painter, spot, 9, tokens.badge)
            paint.draw_text(
                painter,
                spot,
                digits(self._badge),
                theme.sized_font(look, 12, bold=True),
                tokens.on_badge,
                paint.CENTRE,
                lines=1,
            )


class Rail(QWidget):
    """The column of pages at the leading edge.

    Args:
        top, bottom: (key, words, icon) of each page; ``bottom`` ones sit at the foot.
    """

    page_requested = Signal(str)

    def __init__(
        self,
        top: Sequence[tuple[str, str, str]],
        bottom: Sequence[tuple[str, str, str]] = (),
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Pages"))
        self._group = QButtonGroup(self)
        self._items: dict[str, NavItem] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 66, 8, 10)
        column.setSpacing(8)
        for key, text, icon in top:
            column.addWidget(self._add(key, text, icon))
        column.addStretch(1)
        self._column, self._foot = column, column.count()
        for key, text, icon in bottom:
            column.addWidget(self._add(key, text, icon))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def _add(self, key: str, text: str, icon: str) -> NavItem:
        item = NavItem(key, text, icon, self)
        item.clicked.connect(lambda: self.page_requested.emit(key))
        self._group.addButton(item)
        self._items[key] = item
        return item

    def add_at_foot(self, widget: QWidget) -> None:
        """Something that is no page, above the pages at the foot."""
        self._column.insertWidget(self._foot, widget)

    def item(self, key: str) -> NavItem:
        return self._items[key]

    def choose(self, key: str) -> None:
        """Show which page is open, without ``page_requested``."""
        self._items[key].setChecked(True)

    def sizeHint(self) -> QSize:
        return QSize(self._width(), 600)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(), 400)

    def _width(self) -> int:
        """Languages with long words get a wider rail."""
        return max([RAIL_WIDTH, *(item.words_width() + 2 * 8 for item in self._items.values())])

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        with paint.painting(self) as painter:
            # As a card: fillRect first makes PySide create all of Qt's gradients by name.
            paint.card(painter, QRectF(self.rect()), 0, tokens.rail)
            if tokens.name == "contrast":
                edge = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
                painter.fillRect(QRectF(0 if edge else self.width() - 3, 0, 3, self.height()), QColor(tokens.border))
            assets.draw_app_icon(painter, QRectF((self.width() - 42) / 2, 13, 42, 42))
