"""Softens the lower edge of what scrolls, so that a row cut by the edge reads as "there is more below"."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from blenddesk.ui import theme
from blenddesk.ui.kit import paint

_HEIGHT = 36


class _Fade(QWidget):
    """Lies over the lower edge and lets every press through.

    It keeps what the scroll bar says and never asks it: while a window goes, the bar may be gone before this is.
    """

    def __init__(self, area: QScrollArea, ground: str) -> None:
        super().__init__(area.viewport())
        self._ground = ground
        bar = area.verticalScrollBar()
        self._value, self._most = bar.value(), bar.maximum()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("fade")
        self.hide()
        bar.rangeChanged.connect(self._on_range_changed)
        bar.valueChanged.connect(self._on_value_changed)
        self._place()

    def _on_range_changed(self, _least: int, most: int) -> None:
        self._most = most
        self._place()

    def _on_value_changed(self, value: int) -> None:
        self._value = value
        self._place()

    def _place(self) -> None:
        below = self.parentWidget()
        more = self._value < self._most - 2
        if more and below is not None:
            high, room = theme.look_of(self).px(_HEIGHT), below.size()
            self.setGeometry(0, room.height() - high, room.width(), high)
            self.raise_()
        self.setVisible(more)

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
    """``ground``: the token of the colour behind the content."""
    _Fade(area, ground)
