"""Words in at most one or two lines: a name among them is shortened, and the tool tip has the whole."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from blenddesk.ui import theme
from blenddesk.ui.kit import arabic_lines, paint
from blenddesk.ui.kit.labels import Text, Tone

_FEWEST = 3
"""Letters that stay of a shortened name."""


class ShortText(Text):
    """A label that never asks for more lines than ``lines``; screen readers get all of it.

    Args:
        name: the part of ``text`` to shorten first ("Maximili… asks for help"); else the end is cut.
    """

    def __init__(
        self,
        text: str = "",
        role: theme.Role = "body",
        *,
        name: str = "",
        lines: int = 1,
        bold: bool = False,
        tone: Tone = "text",
        parent: QWidget | None = None,
    ) -> None:
        self._name, self._lines = name, lines
        self._cut: tuple[object, str] = (None, "")
        super().__init__(text, role, bold=bold, tone=tone, parent=parent)
        self._wrap_as_needed()

    def set_lines(self, lines: int) -> None:
        if lines != self._lines:
            self._lines = lines
            self._wrap_as_needed()
            self.updateGeometry()

    def shown(self) -> str:
        """What is painted at this width: the words, or the shortened ones."""
        width = self.contentsRect().width()
        key = (self.text(), self._name, self._lines, width, self.font().toString())
        if self._cut[0] != key:
            self._cut = (key, self._shortened(width))
        return self._cut[1]

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 2, self._line_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), theme.look_of(self).px(36)), self._line_height())

    def heightForWidth(self, width: int) -> int:
        if self._lines == 1:
            return self._line_height()
        return min(self._lines, self._line_count(self.text(), width)) * self._line_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setToolTip("" if self.shown() == self.text() else self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown()
        if shown == self.text():
            super().paintEvent(event)
            return
        ink = self.palette().color(QPalette.ColorRole.WindowText)
        box = QRectF(self.contentsRect())
        align = paint.turned(self.layoutDirection(), self._wanted)
        with paint.painting(self) as painter:
            if self._in_arabic():
                arabic_lines.draw(painter, box, shown, self.font(), ink, align, wrap=self._lines > 1)
                return
            painter.setFont(self.font())
            painter.setPen(ink)
            wrap = Qt.TextFlag.TextWordWrap if self._lines > 1 else Qt.TextFlag.TextSingleLine
            painter.drawText(box, int(align) | int(wrap), shown)

    def _wrap_as_needed(self) -> None:
        self.setWordWrap(self._lines > 1)

    def _line_height(self) -> int:
        return arabic_lines.step_of(self.font()) if self._in_arabic() else self.fontMetrics().lineSpacing()

    def _line_count(self, text: str, width: int) -> int:
        """Lines that ``text`` takes at ``width``; more than there may be when a word is wider than a line."""
        layout = arabic_lines.lay_out(text, self.font(), width, wrap=self._lines > 1)
        lines = [layout.lineAt(number) for number in range(layout.lineCount())]
        too_wide = any(line.naturalTextWidth() > width + 0.5 for line in lines)
        return self._lines + 1 if too_wide else len(lines)

    def _shortened(self, width: int) -> str:
        text = self.text()
        if self._line_count(text, width) <= self._lines:
            return text
        if self._name in text and self._name:
            for letters in range(len(self._name) - 1, _FEWEST - 1, -1):
                short = text.replace(self._name, self._name[:letters].rstrip(" -") + "…", 1)
                if self._line_count(short, width) <= self._lines:
                    return short
        room = (width - 2) * self._lines * (0.9 if self._lines > 1 else 1.0)
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room))
