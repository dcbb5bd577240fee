"""The shapes of groups: their outlines, and the words that always stand beside them."""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from blenddesk.text import pgettext


@cache
def shape_path(shape: str) -> QPainterPath:
    """The outline of a group's shape in the square from -1 to 1.

    Raises:
        LookupError: no such shape.
    """
    path = QPainterPath()
    if shape == "circle":
        path.addEllipse(QPointF(0, 0), 0.96, 0.96)
    elif shape == "square":
        path.addRoundedRect(QRectF(-0.86, -0.86, 1.72, 1.72), 0.16, 0.16)
    elif shape == "triangle":
        path.addPolygon(QPolygonF([QPointF(0, -0.84), QPointF(0.94, 0.76), QPointF(-0.94, 0.76)]))
        path.closeSubpath()
    elif shape == "diamond":
        path.addPolygon(QPolygonF([QPointF(0, -0.98), QPointF(0.8, 0), QPointF(0, 0.98), QPointF(-0.8, 0)]))
        path.closeSubpath()
    elif shape == "hexagon":
        points = [QPointF(math.cos(math.radians(a)), math.sin(math.radians(a))) * 0.96 for a in range(0, 360, 60)]
        path.addPolygon(QPolygonF(points))
        path.closeSubpath()
    elif shape == "drop":
        path.moveTo(0, -1.0)
        path.cubicTo(0.2, -0.45, 0.74, -0.1, 0.74, 0.32)
        path.cubicTo(0.74, 0.74, 0.4, 1.0, 0, 1.0)
        path.cubicTo(-0.4, 1.0, -0.74, 0.74, -0.74, 0.32)
        path.cubicTo(-0.74, -0.1, -0.2, -0.45, 0, -1.0)
    elif shape == "arch":
        path.moveTo(-0.84, 0.86)
        path.lineTo(-0.84, 0.0)
        path.arcTo(QRectF(-0.84, -0.86, 1.68, 1.68), 180, -180)
        path.lineTo(0.84, 0.86)
        path.lineTo(0.36, 0.86)
        path.lineTo(0.36, 0.1)
        path.arcTo(QRectF(-0.36, -0.3, 0.72, 0.72), 0, 180)
        path.lineTo(-0.36, 0.86)
        path.closeSubpath()
    elif shape == "flower":
        _add_petals(path)
    else:
        raise LookupError(shape)
    return path


def _add_petals(path: QPainterPath) -> None:
    """Four round petals as arcs from notch to notch: circles put together by Qt come out as coarse polygons."""
    out, radius = 0.48, 0.5
    notch = (out + math.sqrt(2 * radius**2 - out**2)) / 2
    begin = math.degrees(math.asin((notch - out) / radius))
    for quarter in range(4):
        turn = math.radians(90 * (quarter + 1))
        box = QRectF(out * math.cos(turn) - radius, -out * math.sin(turn) - radius, 2 * radius, 2 * radius)
        start = begin + 90 * quarter
        if quarter == 0:
            path.arcMoveTo(box, start)
        path.arcTo(box, start, 180 - 2 * begin)
    path.closeSubpath()


def group_word(shape: str) -> str:
    """What a group is called, by its shape; "" for a shape of a newer version."""
    return {
        "circle": pgettext("group of students", "Circles"),
        "triangle": pgettext("group of students", "Triangles"),
        "square": pgettext("group of students", "Squares"),
        "diamond": pgettext("group of students", "Diamonds"),
        "hexagon": pgettext("group of students", "Hexagons"),
        "drop": pgettext("group of students", "Drops"),
        "arch": pgettext("group of students", "Arches"),
        "flower": pgettext("group of students", "Flowers"),
    }.get(shape, "")
