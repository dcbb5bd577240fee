"""Brush strokes shared by the painted controls: cards with soft shadows, words that shrink then wrap, shapes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from blenddesk.ui import assets
from blenddesk.ui.theme import Look, Tokens

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
TRAILING = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TOP_LEADING = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
CENTRE = Qt.AlignmentFlag.AlignCenter
_NO_LIMIT = 100_000
_SHADOW_STEPS = 5
MIN_TEXT_PX = 11


@contextmanager
def painting(widget: QWidget) -> Iterator[QPainter]:
    """A smooth painter that knows the reading direction: QPainter does not inherit it from the widget."""
    painter = QPainter(widget)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.setLayoutDirection(widget.layoutDirection())
    try:
        yield painter
    finally:
        painter.end()


def mirrored(widget: QWidget, box: QRectF) -> QRectF:
    """``box``, drawn for left-to-right, at its place for the widget's reading direction."""
    if widget.layoutDirection() == Qt.LayoutDirection.LeftToRight:
        return box
    return QRectF(widget.width() - box.right(), box.top(), box.width(), box.height())


@cache
def turned(direction: Qt.LayoutDirection, align: Qt.AlignmentFlag) -> Qt.AlignmentFlag:
    """``align`` with left as the leading side of the screen, marked as meant so whatever the words are."""
    sides = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignRight
    if direction == Qt.LayoutDirection.RightToLeft and align & sides in (
        Qt.AlignmentFlag.AlignLeft,
        Qt.AlignmentFlag.AlignRight,
    ):
        align ^= sides
    return align | Qt.AlignmentFlag.AlignAbsolute


def shadow(painter: QPainter, box: QRectF, radius: float, tokens: Tokens, *, strength: float = 1.0) -> None:
    """A soft shadow below ``box``: concentric rounded rectangles (an effect would repaint the whole subtree)."""
    if tokens.name == "contrast":
        return
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    colour = QColor(tokens.shadow)
    colour.setAlphaF(min(1.0, (0.10 if tokens.dark else 0.022) * strength))
    painter.setBrush(colour)
    for step in range(_SHADOW_STEPS):
        grow = step * 0.6
        painter.drawRoundedRect(box.adjusted(-grow, 1.5 - grow * 0.4, grow, 1.2 + grow), radius + grow, radius + grow)
    painter.restore()


def card(
    painter: QPainter,
    box: QRectF,
    radius: float,
    fill: str,
    *,
    line: str = "",
    width: float = 1.0,
    dashed: bool = False,
) -> None:
    """A rounded rectangle whose outline lies inside ``box``."""
    half = width / 2 if line else 0.0
    pen = QPen(Qt.PenStyle.NoPen)
    if line:
        pen = QPen(QColor(line), width)
        if dashed:
            pen.setDashPattern([7 / width, 5 / width])
    painter.setPen(pen)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(half, half, -half, -half), max(0.0, radius - half), max(0.0, radius - half))


def disc(painter: QPainter, centre: QPointF, radius: float, fill: str, *, line: str = "", width: float = 1.5) -> None:
    painter.setPen(QPen(QColor(line), width) if line else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    half = width / 2 if line else 0.0
    painter.drawEllipse(centre, radius - half, radius - half)


def tick_badge(painter: QPainter, centre: QPointF, radius: float, tokens: Tokens, *, ring: str = "") -> None:
    """A filled circle with a tick: done. ``ring`` is the colour around it where it lies on a picture."""
    if ring:
        disc(painter, centre, radius + 2.5, ring)
    disc(painter, centre, radius, tokens.ok)
    draw_tick(painter, centre, radius, tokens.on_ok)


def draw_tick(painter: QPainter, centre: QPointF, radius: float, colour: str) -> None:
    """A tick that fits a circle of ``radius``; never mirrored."""
    pen = QPen(QColor(colour), max(1.4, radius * 0.17))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    at = [QPointF(-0.42, 0.05), QPointF(-0.12, 0.34), QPointF(0.44, -0.28)]
    painter.drawPolyline(QPolygonF([centre + point * radius for point in at]))


def draw_shape(painter: QPainter, box: QRectF, shape: str, colour: str, *, ring: str = "") -> None:
    """A group's shape filling ``box``; ``ring`` outlines it where it lies on a picture.

    Raises:
        LookupError: no such shape.
    """
    from blenddesk.printing.shapes import shape_path

    side = min(box.width(), box.height()) / 2
    painter.save()
    painter.translate(box.center())
    painter.scale(side, side)
    path = shape_path(shape)
    if ring:
        pen = QPen(QColor(ring), 5 / side)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
    pen = QPen(QColor(colour), 0.1)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen if shape in ("triangle", "diamond", "hexagon") else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(QColor(colour))
    painter.drawPath(path)
    painter.restore()


@lru_cache(maxsize=4096)
def _fit(text: str, font_key: str, families: tuple[str, ...], width: int, height: int, lines: int) -> tuple[int, bool]:
    """Pixel size and whether to wrap, for ``text`` in a box; shrinks to 4/5, then wraps, then shrinks on."""
    font = QFont()
    font.fromString(font_key)
    font.setFamilies(list(families))  # the key holds only the first, and another script's letters are higher
    full = font.pixelSize()
    arabic = assets.has_arabic(text)

    def fits(px: int, wrap: bool) -> bool:
        font.setPixelSize(px)
        metrics = QFontMetrics(font)
        if arabic:
            from blenddesk.ui.kit import arabic_lines

            laid = arabic_lines.lay_out(text, font, width, wrap=wrap)
            widest = max(laid.lineAt(number).naturalTextWidth() for number in range(laid.lineCount()))
            return laid.lineCount() * px * 1.3 <= height and widest <= width
        if not wrap:
            return metrics.horizontalAdvance(text) <= width and metrics.height() <= height * 1.25
        flags = int(CENTRE | Qt.TextFlag.TextWordWrap)
        used = metrics.boundingRect(QRect(0, 0, width, _NO_LIMIT), flags, text)
        return used.height() <= height * 1.08 and _widest_word(text, font) <= width

    floor = max(MIN_TEXT_PX, round(full * 0.8))
    for px in range(full, floor - 1, -1):
        if fits(px, False):
            return px, False
    if lines > 1:
        for px in range(full, MIN_TEXT_PX - 1, -1):
            if fits(px, True):
                return px, True
    for px in range(floor, MIN_TEXT_PX - 1, -1):
        if fits(px, False):
            return px, False
    return MIN_TEXT_PX, lines > 1


def fits(text: str, font: QFont, box: QRectF, *, lines: int = 2) -> bool:
    """Whether ``draw_text`` can show all of ``text`` in ``box`` without going below the smallest letters."""
    smallest = QFont(font)
    smallest.setPixelSize(MIN_TEXT_PX)
    metrics = QFontMetrics(smallest)
    if lines == 1:
        return metrics.horizontalAdvance(text) <= box.width()
    flags = int(CENTRE | Qt.TextFlag.TextWordWrap)
    used = metrics.boundingRect(QRect(0, 0, max(1, int(box.width())), _NO_LIMIT), flags, text)
    return used.height() <= box.height() * 1.08 and _widest_word(text, smallest) <= box.width()


def draw_text(
    painter: QPainter,
    box: QRectF,
    text: str,
    font: QFont,
    colour: str,
    align: Qt.AlignmentFlag = LEFT,
    *,
    lines: int = 2,
) -> None:
    """Words inside ``box``: shrunk to four fifths, then wrapped, then shrunk on; never cut with dots.

    ``align`` left means the leading side: it turns to the right on right-to-left screens.
    """
    if not text:
        return
    box = QRectF(box)
    px, wrap = _fit(
        text, font.toString(), tuple(font.families()), max(1, int(box.width())), max(1, int(box.height())), lines
    )
    fitted = QFont(font)
    fitted.setPixelSize(px)
    painter.setFont(fitted)
    painter.setPen(QColor(colour))
    flags = turned(painter.layoutDirection(), align)
    if assets.has_arabic(text):
        from blenddesk.ui.kit import arabic_lines

        broken = wrap and _widest_word(text, fitted) > box.width()
        arabic_lines.draw(painter, box, text, fitted, QColor(colour), flags, wrap=wrap, anywhere=broken)
        return
    extra = Qt.TextFlag.TextWordWrap if wrap else Qt.TextFlag.TextSingleLine
    if wrap and _widest_word(text, fitted) > box.width():
        # A name of one long word in a small tile: broken somewhere is better than lying over the next tile.
        extra = Qt.TextFlag.TextWrapAnywhere
    painter.drawText(box, int(flags) | int(extra) | int(Qt.TextFlag.TextDontClip), text)


def _widest_word(text: str, font: QFont) -> int:
    metrics = QFontMetrics(font)
    # A hyphen is a place where Qt breaks by itself.
    return max((metrics.horizontalAdvance(word) for word in text.replace("-", "- ").split()), default=0)


def text_size(text: str, font: QFont) -> QSize:
    """Room for one line of ``text``."""
    metrics = QFontMetrics(font)
    return QSize(math.ceil(metrics.horizontalAdvance(text)) + 1, metrics.height())


def initials(name: str) -> str:
    """Up to two letters for a name: first letters of the first and last word."""
    words = name.split()
    if not words:
        return "?"
    return words[0][0] + (words[-1][0] if len(words) > 1 else "")


def avatar(
    painter: QPainter,
    box: QRectF,
    look: Look,
    *,
    picture: str = "",
    name: str = "",
    ring: str = "",
    ring_width: float = 0.0,
) -> None:
    """A student's circle: their picture on its tint, or initials when there is none (or it is not known here)."""
    radius = min(box.width(), box.height()) / 2
    tokens = look.tokens
    known = bool(picture) and assets.has_picture(picture)
    tint = tokens.avatar_tint(picture or name)
    disc(painter, box.center(), radius, tint, line=ring, width=ring_width)
    inner = QRectF(0, 0, radius * 1.28, radius * 1.28)
    inner.moveCenter(box.center())
    if known:
        assets.draw_picture(painter, inner, picture)
        return
    font = look.font("body", bold=True)
    font.setPixelSize(max(MIN_TEXT_PX, round(radius * 0.78)))
    draw_text(painter, inner.adjusted(-radius / 4, 0, radius / 4, 0), initials(name), font, "#1C2333", CENTRE, lines=1)


def avatar_only(painter: QPainter, box: QRectF, look: Look, picture: str, name: str) -> None:
    """A student's picture without its circle (in a line of names); initials in a circle when it is not known."""
    if assets.has_picture(picture):
        assets.draw_picture(painter, box, picture)
    else:
        avatar(painter, box, look, name=name)
