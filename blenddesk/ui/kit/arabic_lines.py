"""Sets Arabic words in lines as close as Latin ones: the fonts leave room for stacked vowel signs that no screen has.

Noto Sans Arabic asks for 2.1 times the letter size per line, Lexend for 1.25. Left to Qt, an Arabic page is as long as
two English ones and its sentences fall apart. Loaded with the first Arabic word only.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextLayout, QTextOption

STEP = 1.4
"""From line to line, in letter sizes."""
_ABOVE = 1.0
"""Of a step lies above the line the letters stand on, in letter sizes: vowel signs on a tall letter."""
_LINE_SEPARATOR = "\u2028"


def step_of(font: QFont) -> int:
    """Height of one line in pixels."""
    return math.ceil(font.pixelSize() * STEP)


def lay_out(
    text: str,
    font: QFont,
    width: float,
    *,
    wrap: bool = True,
    anywhere: bool = False,
    direction: Qt.LayoutDirection = Qt.LayoutDirection.RightToLeft,
) -> QTextLayout:
    """``text`` in lines of at most ``width`` pixels, each at the left edge; ``direction`` is that of the screen."""
    option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(direction)
    modes = QTextOption.WrapMode
    breaking = modes.WrapAtWordBoundaryOrAnywhere if anywhere else modes.WordWrap
    option.setWrapMode(breaking if wrap else modes.ManualWrap)
    layout = QTextLayout(text.replace("\n", _LINE_SEPARATOR), font)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    while line.isValid():
        line.setLineWidth(max(1.0, width))
        line = layout.createLine()
    layout.endLayout()
    return layout


def height(text: str, font: QFont, width: float) -> int:
    """What ``text`` needs when it is broken at ``width`` pixels."""
    return lay_out(text, font, width).lineCount() * step_of(font)


def draw(
    painter: QPainter,
    box: QRectF,
    text: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag,
    *,
    wrap: bool = True,
    anywhere: bool = False,
) -> None:
    """Paints ``text`` in ``box``. ``align`` is absolute: left is left."""
    direction = painter.layoutDirection()
    layout = lay_out(text, font, box.width(), wrap=wrap, anywhere=anywhere, direction=direction)
    step = step_of(font)
    top = box.top()
    spare = box.height() - step * layout.lineCount()
    if align & Qt.AlignmentFlag.AlignBottom:
        top += spare
    elif align & Qt.AlignmentFlag.AlignVCenter:
        top += spare / 2
    painter.setPen(colour)
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        free = box.width() - line.naturalTextWidth()
        if align & Qt.AlignmentFlag.AlignRight:
            left = free
        elif align & Qt.AlignmentFlag.AlignHCenter:
            left = free / 2
        else:
            left = 0.0
        base = top + number * step + _ABOVE * font.pixelSize()
        line.setPosition(QPointF(0, 0))
        line.draw(painter, QPointF(box.left() + left, base - line.ascent()))
