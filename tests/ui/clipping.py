"""Finds text that does not fit: labels smaller than their words, painted words past their box, squeezed widgets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QWidget

from blenddesk.ui import assets, kit
from blenddesk.ui.kit import arabic_lines, paint

_SLACK = 0.34
"""Of a line's letter size: the air that fonts keep above and below letters and that may be cut without harm."""


def clipped(root: QWidget) -> list[str]:
    """Every place below ``root`` (shown) where words need more room than they have; [] when all is well.

    Looks at labels that Qt paints, at words that kit widgets paint with ``paint.draw_text``, and at widgets that are
    smaller than they can be or that reach out of ``root``.
    """
    return [*_small_labels(root), *_painted_past(root), *_squeezed(root)]


def _shown(root: QWidget) -> Iterator[QWidget]:
    for widget in [root, *root.findChildren(QWidget)]:
        if widget.isVisible() and widget.width() > 0:
            yield widget


def _small_labels(root: QWidget) -> list[str]:
    found = []
    for widget in _shown(root):
        if not isinstance(widget, QLabel) or not widget.text() or not _painted_by_qt(widget):
            continue
        metrics = widget.fontMetrics()
        flags = int(Qt.TextFlag.TextWordWrap) if widget.wordWrap() else int(Qt.TextFlag.TextSingleLine)
        need = metrics.boundingRect(QRect(0, 0, widget.contentsRect().width(), 10_000), flags, widget.text())
        slack = metrics.height() * _SLACK
        if need.width() > widget.contentsRect().width() + 1 or need.height() > widget.height() + slack:
            found.append(f"label {widget.text()!r} needs {need.size().toTuple()}, has {widget.size().toTuple()}")
    return found


def _painted_by_qt(label: QLabel) -> bool:
    """Labels that paint themselves use their text for screen readers and fit it on their own.

    The kit's ``Text`` does so for Arabic only, and its kinds without a ``paintEvent`` of their own as well.
    """
    painter = next(kind for kind in type(label).__mro__ if "paintEvent" in vars(kind))
    return (painter is kit.Text and not assets.has_arabic(label.text())) or not painter.__module__.startswith(
        "blenddesk"
    )


def _painted_past(root: QWidget) -> list[str]:
    found: list[str] = []
    with _watching(found):
        root.grab()
    return found


@contextmanager
def _watching(found: list[str]) -> Iterator[None]:
    real = paint.draw_text

    def watch(
        painter: QPainter,
        box: QRectF,
        text: str,
        font: QFont,
        colour: str,
        align: Qt.AlignmentFlag = paint.LEFT,
        *,
        lines: int = 2,
    ) -> None:
        real(painter, box, text, font, colour, align, lines=lines)
        if not text:
            return
        metrics = QFontMetrics(painter.font())
        if assets.has_arabic(text):
            laid = arabic_lines.lay_out(text, painter.font(), box.width(), wrap=lines > 1)
            if laid.lineCount() * painter.font().pixelSize() * 1.3 > box.height() + metrics.height() * _SLACK:
                found.append(f"painted {text!r} needs {laid.lineCount()} lines, has {box.size().toTuple()}")
            return
        if metrics.horizontalAdvance(text) <= box.width() + 1 and metrics.capHeight() <= box.height():
            return
        broken = paint._widest_word(text, painter.font()) > box.width()
        flags = int(Qt.TextFlag.TextWrapAnywhere if broken else Qt.TextFlag.TextWordWrap)
        used = metrics.boundingRect(QRect(0, 0, max(1, int(box.width())), 10_000), flags, text)
        if lines == 1 or used.height() > box.height() + metrics.height() * _SLACK:
            found.append(f"painted {text!r} needs {used.size().toTuple()}, has {box.size().toTuple()}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paint, "draw_text", watch)
        yield


def _squeezed(root: QWidget) -> list[str]:
    found = []
    for widget in _shown(root):
        least = widget.minimumSizeHint()
        name = widget.objectName() or widget.accessibleName() or type(widget).__name__
        if widget.width() + 1 < least.width() or widget.height() + 1 < least.height():
            found.append(f"{name} is {widget.size().toTuple()}, needs {least.toTuple()}")
        if _scrolls(widget, root):
            continue
        place = QRect(widget.mapTo(root, widget.rect().topLeft()), widget.size()) if widget is not root else root.rect()
        if not root.rect().adjusted(-1, -1, 1, 1).contains(place):
            found.append(f"{name} at {place.getRect()} reaches out of {root.size().toTuple()}")
    return found


def _scrolls(widget: QWidget, root: QWidget) -> bool:
    while widget is not root:
        if isinstance(widget, QAbstractScrollArea):
            return True
        widget = widget.parentWidget()
    return False
