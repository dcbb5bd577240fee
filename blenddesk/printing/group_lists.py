"""Group lists: the shape and word of each group, its names large, and its places in the order of the rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF

from blenddesk.printing.canvas import GREY, Canvas
from blenddesk.printing.chalk_board import Place
from blenddesk.printing.paper import MARGIN, Page
from blenddesk.printing.shapes import group_word
from blenddesk.text import _, digits

MOST_ON_A_PAGE = 6
_ACROSS = 2
_GAP = 30


@dataclass(frozen=True, slots=True)
class GroupList:
    shape: str
    names: tuple[str, ...]
    places: tuple[Place, ...] = ()


def group_pages(groups: Sequence[GroupList], title: str) -> list[Page]:
    """As few pages as hold all groups, six at most on one."""
    pages = []
    for start in range(0, len(groups), MOST_ON_A_PAGE):
        some = tuple(groups[start : start + MOST_ON_A_PAGE])
        pages.append(Page(_("Groups of {lesson}").format(lesson=title), partial(_draw, groups=some, title=title)))
    return pages


def _draw(canvas: Canvas, groups: Sequence[GroupList], title: str) -> None:
    canvas.text(QRectF(MARGIN, MARGIN, canvas.width - 2 * MARGIN, 90), title, 72, bold=True)
    top = MARGIN + 130.0
    down = -(-len(groups) // _ACROSS)
    width = (canvas.width - 2 * MARGIN - (_ACROSS - 1) * _GAP) / _ACROSS
    height = (canvas.height - MARGIN - top - (down - 1) * _GAP) / down
    for place, group in enumerate(groups):
        row, column = divmod(place, _ACROSS)
        box = QRectF(MARGIN + column * (width + _GAP), top + row * (height + _GAP), width, height)
        _draw_group(canvas, box, group)


def _draw_group(canvas: Canvas, box: QRectF, group: GroupList) -> None:
    canvas.frame(box)
    pad = 40.0
    inner = box.adjusted(pad, pad, -pad, -pad)
    canvas.shape(QRectF(inner.left(), inner.top(), 120, 120), group.shape)
    canvas.text(
        QRectF(inner.left() + 150, inner.top(), inner.width() - 150, 120), group_word(group.shape), 84, bold=True
    )
    steps = 62.0 * len(group.places)
    top = inner.top() + 150
    room = inner.bottom() - top - steps - (20 if steps else 0)
    columns = 1 if len(group.names) * 82 <= room else 2
    rows = -(-len(group.names) // columns) or 1
    row = min(96.0, room / rows)
    for place, name in enumerate(group.names):
        column, line = divmod(place, rows)
        wide = inner.width() / columns
        canvas.text(QRectF(inner.left() + column * wide, top + line * row, wide - 15, row), name, 64)
    y = inner.bottom() - steps
    if steps:
        canvas.line(inner.left(), y - 10, inner.right(), y - 10)
    for number, where in enumerate(group.places):
        canvas.text(QRectF(inner.left(), y, 60, 62), f"{digits(number + 1)}.", 44, colour=GREY)
        shown = canvas.picture(QRectF(inner.left() + 60, y + 6, 50, 50), where.picture)
        left = inner.left() + (125 if shown else 60)
        canvas.text(QRectF(left, y, inner.right() - left, 62), where.title, 44)
        y += 62
