"""What a scrolling desk page scrolls: content that shrinks to its smallest height before a scroll bar comes."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget


def smallest_height(widget: QWidget, width: int) -> int:
    """The least height in which a widget with a layout shows everything at a width; -1 without a layout."""
    layout = widget.layout()
    if layout is None:
        return -1
    if not layout.hasHeightForWidth():
        return layout.totalMinimumSize().height()
    return layout.totalMinimumHeightForWidth(width)


class ShrinkingContent(QWidget):
    """A widget whose least height is what it needs at the width it has.

    Qt gives a widget that holds wrapped words its comfortable height and scrolls below that; low screens could do
    without scrolling much longer. So this one denies that its height follows from its width and says its least one.
    """

    def hasHeightForWidth(self) -> bool:
        return False

    def heightForWidth(self, width: int) -> int:
        return smallest_height(self, width)

    def minimumSizeHint(self) -> QSize:
        smallest = super().minimumSizeHint()
        return QSize(smallest.width(), smallest_height(self, max(smallest.width(), self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
