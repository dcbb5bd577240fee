"""The round's time: a ring and large digits in fixed cells, because Lexend's figures differ in width."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from blenddesk.text import _
from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint


def clock_text(seconds: int) -> str:
    """``7:42``, or ``1:05:00`` from an hour on; below zero counts as zero."""
    left = max(0, seconds)
    hours, rest = divmod(left, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class TimerDigits(QLabel):
    """Minutes and seconds left, each figure in a cell of its own width; never mirrored.

    Args:
        px: height of the letters before scaling.
    """

    def __init__(self, seconds: int = 0, *, px: int = 58, tone: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._px, self._tone = px, tone
        self._seconds = -1
        self._shown = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_seconds(seconds)

    def set_seconds(self, seconds: int) -> None:
        """Repaints only when the second changed."""
        if seconds == self._seconds:
            return
        before = len(self._shown)
        self._seconds = seconds
        self._shown = clock_text(seconds)
        minutes, rest = divmod(max(0, seconds), 60)
        self.setAccessibleName(_("{minutes} min {seconds} s left").format(minutes=minutes, seconds=rest))
        if len(self._shown) != before:
            self.updateGeometry()
        self.update()

    def set_tone(self, tone: str) -> None:
        """A colour of ``Tokens`` by name: ``text``, ``warn`` in the last minute."""
        self._tone = tone
        self.update()

    def set_px(self, px: int) -> None:
        """Another height of the letters before scaling."""
        if px != self._px:
            self._px = px
            self.updateGeometry()
            self.update()

    def _cells(self) -> tuple[float, float, QFontMetrics]:
        metrics = QFontMetrics(theme.sized_font(theme.look_of(self), self._px, bold=True))
        return (
            max(metrics.horizontalAdvance(d) for d in "0123456789") + 1.0,
            metrics.horizontalAdvance(":") + 3.0,
            metrics,
        )

    def sizeHint(self) -> QSize:
        digit, colon, metrics = self._cells()
        width = sum(colon if c == ":" else digit for c in self._shown)
        return QSize(round(width), round(metrics.capHeight() * 1.35))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        digit, colon, metrics = self._cells()
        numbers = QLocale(look.language)
        with paint.painting(self) as painter:
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            painter.setFont(theme.sized_font(look, self._px, bold=True))
            painter.setPen(QColor(getattr(look.tokens, self._tone)))
            x = 0.0
            baseline = (self.height() + metrics.capHeight()) / 2
            for character in self._shown:
                width = colon if character == ":" else digit
                glyph = character if character == ":" else numbers.toString(int(character))
                painter.drawText(round(x + (width - metrics.horizontalAdvance(glyph)) / 2), round(baseline), glyph)
                x += width


class TimerRing(QLabel):
    """The share of the round that is left, as a ring with an icon; runs clockwise in every language.

    It says the same as ``TimerDigits`` beside it, so screen readers pass over it.
    """

    def __init__(
        self, share: float = 1.0, *, px: int = 86, icon: str = "hourglass-medium", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._share, self._px, self._icon, self._paused = share, px, icon, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float, *, paused: bool = False) -> None:
        """``share``: 0 to 1 of the round that is left. Repaints only when the picture changes."""
        share = min(max(share, 0.0), 1.0)
        if paused != self._paused or abs(share - self._share) * 360 >= 0.5:
            self._share, self._paused = share, paused
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._px, self._px)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        thick = self._px * 0.12
        box = QRectF(self.rect()).adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        with paint.painting(self) as painter:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.sunken), thick))
            painter.drawEllipse(box)
            if self._share > 0:
                pen = QPen(QColor(tokens.control if self._paused else tokens.primary), thick)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawArc(box, 90 * 16, -round(self._share * 360 * 16))
            inner = QRectF(0, 0, self._px * 0.3, self._px * 0.3)
            inner.moveCenter(box.center())
            assets.draw_icon(painter, inner, "pause" if self._paused else self._icon, tokens.primary_ink, weight="bold")
