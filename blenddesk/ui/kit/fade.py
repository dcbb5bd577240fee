"""Softens the lower edge of what scrolls, so that a row cut by the edge reads as "there is more below"."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from blenddesk.ui import theme
from blenddesk.ui.kit import paint

_HEIGHT = 36


class _Fade(QWidget):
    """Lies over the lower edge and lets every press through."""

    def __init__(self, area: QScrollArea, ground: str) -> None:
        super().__init__(area.viewport())
        self._ground = ground
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("fade")

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = QColor(getattr(theme.look_of(self).tokens, self._ground))
        clear = QColor(colour)
        clear.setAlpha(0)
        slope = QLinearGradient(0, 0, 0, self.height())
        slope.setColorAt(0, clear)
        slope.setColorAt(1, colour)
        with paint.painting(self) as painter:
            painter.fillRect(QRectF(self.rect()), slope)


def fade_below(area: QScrollArea, *, ground: str = "bg") -> None:
    """``ground``: the token of the colour behind the content. The fade is made when there first is more below."""
    bar = area.verticalScrollBar()
    made: list[_Fade] = []

    def place() -> None:
        more = bar.value() < bar.maximum() - 2
        if more and not made:
            made.append(_Fade(area, ground))
        for fade in made:
            high = theme.look_of(area).px(_HEIGHT)
            room = area.viewport().size()
            fade.setGeometry(0, room.height() - high, room.width(), high)
            fade.setVisible(more)
            fade.raise_()

    bar.rangeChanged.connect(place)
    bar.valueChanged.connect(place)
    place()
