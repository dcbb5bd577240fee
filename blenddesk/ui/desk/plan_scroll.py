"""What a scrolling desk page scrolls: content that shrinks to its smallest height before a scroll bar comes."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget


class ShrinkingContent(QWidget):
    """A scroll area asks content with wrapped words for its comfortable height and scrolls below that; here it gets
    the smallest height that shows everything, so that low screens do without scrolling as long as they can.
    """

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalMinimumHeightForWidth(width) if layout is not None else super().heightForWidth(width)

    def minimumSizeHint(self) -> QSize:
        """Wrapped words would claim the height of their narrowest line; what counts is the width there is."""
        smallest = super().minimumSizeHint()
        view = self.parentWidget()
        width = max(smallest.width(), view.width() if view is not None else self.width())
        return QSize(smallest.width(), self.heightForWidth(width))
