"""Draws on a page in tenths of a millimetre from its leading corner: right-to-left pages are mirrored here, once."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtSvg import QSvgRenderer

from blenddesk.domain.names import initials
from blenddesk.domain.plans import SHAPES
from blenddesk.printing.paper import Paper
from blenddesk.printing.shapes import shape_path
from blenddesk.text import digits, resources_root

Align = Literal["lead", "centre", "trail"]

INK, GREY, PALE, HAIR = "#000000", "#4A4A4A", "#B4B4B4", "#8C8C8C"
DISC = "#F1ECE2"
SMALLEST = 22
"""The smallest letters, in tenths of a millimetre: about 6 points."""
_FONTS = ("Andika", "NotoNaskhArabic")
_GROUP_COLOURS = dict(
    zip(SHAPES, ("#0072B2", "#C24E0C", "#00795A", "#8A6700", "#B83A6B", "#0B6E8A", "#6B4A2B", "#8443A0"), strict=True)
)
_SAVED_PICTURE_PX = 300


@cache
def _families() -> tuple[str, ...]:
    """The print fonts, registered once. Raises LookupError when a file is missing from the build."""
    families = []
    for stem in _FONTS:
        for weight in ("Regular", "Bold"):
            number = QFontDatabase.addApplicationFont(str(resources_root() / "fonts" / f"{stem}-{weight}.ttf"))
            if number < 0:
                raise LookupError(f"{stem}-{weight}")
        families.append(QFontDatabase.applicationFontFamilies(number)[0])
    return tuple(families)


def print_font(size: float, *, bold: bool = False) -> QFont:
    """Letters of ``size`` tenths of a millimetre."""
    font = QFont()
    font.setFamilies([*_families(), "sans-serif"])
    font.setPixelSize(max(1, round(size)))
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@cache
def _drawing(name: str) -> QSvgRenderer | None:
    """A picture of the resources folder; None for a name that is not there (data of a newer version)."""
    path = resources_root() / "pictures" / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        return None
    renderer = QSvgRenderer(str(path))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    return renderer


@cache
def _pale(name: str) -> QImage:
    """A picture in light grey, for the ink saver."""
    renderer = _drawing(name)
    assert renderer is not None
    image = QImage(QSize(_SAVED_PICTURE_PX, _SAVED_PICTURE_PX), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setOpacity(0.6)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


class Canvas:
    """One page while it is drawn. Boxes lie as on a left-to-right page; ``words`` is everything written on it."""

    def __init__(self, painter: QPainter, width: int, height: int, paper: Paper) -> None:
        self.painter = painter
        self.width = width
        self.height = height
        self.paper = paper
        self.words: list[str] = []
        rtl = Qt.LayoutDirection.RightToLeft if paper.right_to_left else Qt.LayoutDirection.LeftToRight
        painter.setLayoutDirection(rtl)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing
            | QPainter.RenderHint.TextAntialiasing
            | QPainter.RenderHint.SmoothPixmapTransform
        )

    # --- words ----------------------------------------------------------------------------------------------

    def text(
        self,
        box: QRectF,
        words: str,
        size: float,
        *,
        bold: bool = False,
        align: Align = "lead",
        top: bool = False,
        lines: int = 1,
        colour: str = INK,
    ) -> float:
        """Writes into ``box``: shrunk until it fits in so many ``lines``, never cut. Returns the height used."""
        if not words:
            return 0.0
        self.words.append(words)
        at = self.placed(box)
        font, flags = self._fitted(at, words, size, bold, lines)
        across = {"lead": Qt.AlignmentFlag.AlignLeft, "trail": Qt.AlignmentFlag.AlignRight}
        if self.paper.right_to_left:
            across = {"lead": Qt.AlignmentFlag.AlignRight, "trail": Qt.AlignmentFlag.AlignLeft}
        flags |= int(across.get(align, Qt.AlignmentFlag.AlignHCenter)) | int(Qt.AlignmentFlag.AlignAbsolute)
        flags |= int(Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignVCenter)
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour))
        self.painter.drawText(at, flags | int(Qt.TextFlag.TextDontClip), words)
        return QFontMetricsF(font).boundingRect(at, flags, words).height()

    @staticmethod
    def _fitted(box: QRectF, words: str, size: float, bold: bool, lines: int) -> tuple[QFont, int]:
        wrap = int(Qt.TextFlag.TextWordWrap) if lines > 1 else int(Qt.TextFlag.TextSingleLine)
        for px in range(round(size), SMALLEST - 1, -1):
            font = print_font(px, bold=bold)
            metrics = QFontMetricsF(font)
            if lines == 1:
                # Letters stand closer in a label than the font's own line, so a little overhang is no harm.
                wide, high, allowed = metrics.horizontalAdvance(words), metrics.height(), box.height() * 1.3
            else:
                wide = max((metrics.horizontalAdvance(word) for word in words.split()), default=0.0)
                high = metrics.boundingRect(QRectF(0, 0, box.width(), 100_000), wrap, words).height()
                allowed = box.height() * 1.1
            if wide <= box.width() and high <= allowed:
                return font, wrap
        return print_font(SMALLEST, bold=bold), int(Qt.TextFlag.TextWordWrap)

    # --- drawings -------------------------------------------------------------------------------------------

    def picture(self, box: QRectF, name: str) -> bool:
        """The picture into the middle of ``box``; False when there is none of that name. Pictures are not mirrored."""
        drawing = _drawing(name)
        if drawing is None:
            return False
        at = _square(self.placed(box))
        if self.paper.ink_saver:
            self.painter.drawImage(at, _pale(name))
        else:
            drawing.render(self.painter, at)
        return True

    def avatar(self, box: QRectF, picture: str, name: str) -> None:
        """A student's circle: the picture, or initials when there is none."""
        at = _square(self.placed(box))
        self.painter.setPen(QPen(QColor(HAIR if self.paper.ink_saver else INK), 4))
        self.painter.setBrush(Qt.BrushStyle.NoBrush if self.paper.ink_saver else QColor(DISC))
        self.painter.drawEllipse(at.adjusted(2, 2, -2, -2))
        inner = at.adjusted(*(at.width() * k for k in (0.18, 0.18, -0.18, -0.18)))
        back = self.placed(inner)
        if not self.picture(back, picture):
            self.text(back, initials(name), inner.height() * 0.6, bold=True, align="centre")

    def shape(self, box: QRectF, shape: str) -> None:
        """A group's shape: filled, or its outline on the ink saver. One of a newer version is left out."""
        if shape not in SHAPES:
            return
        at = _square(self.placed(box))
        side = at.width() / 2
        self.painter.save()
        self.painter.translate(at.center())
        self.painter.scale(side * 0.94, side * 0.94)
        colour = QColor(INK if self.paper.ink_saver else _GROUP_COLOURS[shape])
        pen = QPen(colour, 0.1)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush if self.paper.ink_saver else colour)
        self.painter.drawPath(shape_path(shape))
        self.painter.restore()

    def frame(
        self, box: QRectF, *, radius: float = 40, width: float = 3, colour: str = INK, dashed: bool = False
    ) -> None:
        pen = QPen(QColor(colour), width)
        if dashed:
            pen.setDashPattern([6, 5])
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(self.placed(box), radius, radius)

    def line(self, x: float, y: float, to_x: float, to_y: float, *, colour: str = HAIR, dashed: bool = False) -> None:
        pen = QPen(QColor(colour), 2)
        if dashed:
            pen.setDashPattern([10, 8])
        self.painter.setPen(pen)
        start, end = self.placed(QRectF(x, y, 0, 0)), self.placed(QRectF(to_x, to_y, 0, 0))
        self.painter.drawLine(start.topLeft(), end.topLeft())

    def disc(self, box: QRectF, number: int) -> None:
        """A number in a circle."""
        at = _square(self.placed(box))
        self.painter.setPen(QPen(QColor(INK), 4))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawEllipse(at.adjusted(2, 2, -2, -2))
        self.text(self.placed(at), digits(number), at.height() * 0.55, bold=True, align="centre")

    def clock(self, box: QRectF, minute_of_day: int) -> None:
        """A clock face whose hands show a time; the same way round on every page."""
        at = _square(self.placed(box))
        centre, radius = at.center(), at.width() / 2 - 4
        self.painter.setPen(QPen(QColor(INK), 5))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawEllipse(centre, radius, radius)
        for hour in range(12):
            self.painter.setPen(QPen(QColor(INK), 5 if hour % 3 == 0 else 3))
            self.painter.drawLine(_hand(centre, radius * 0.84, hour / 12), _hand(centre, radius * 0.95, hour / 12))
        for share, length, width in (
            (minute_of_day / 720, 0.5, 12.0),
            (minute_of_day % 60 / 60, 0.74, 7.0),
        ):
            pen = QPen(QColor(INK), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            self.painter.setPen(pen)
            self.painter.drawLine(centre, _hand(centre, radius * length, share))

    # --- places ---------------------------------------------------------------------------------------------

    def placed(self, box: QRectF) -> QRectF:
        """Where a box of the left-to-right page lies on this one. Twice gives the box back."""
        if not self.paper.right_to_left:
            return QRectF(box)
        return QRectF(self.width - box.right(), box.top(), box.width(), box.height())


def _square(box: QRectF) -> QRectF:
    side = min(box.width(), box.height())
    found = QRectF(0, 0, side, side)
    found.moveCenter(box.center())
    return found


def _hand(centre: QPointF, length: float, turn: float) -> QPointF:
    angle = turn * 2 * math.pi
    return QPointF(centre.x() + math.sin(angle) * length, centre.y() - math.cos(angle) * length)
