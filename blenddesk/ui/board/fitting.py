"""How names fit into a place on the board: the distance rule, and what gives way when there are many long names.

The distance rule: the letters of a name are never smaller than 1/38 of the board's height (20 of 768 pixels). Seen from
six picture heights away, the farthest seat that projector handbooks allow, small letters then stand about 7 minutes of
arc high; an eye with normal sight reads 5. Of what makes room, letters shrink first, to that size and no further; then
pictures of students go; then rows and heads close up; last of all the places are split over pages that take turns.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSizeF, Qt
from PySide6.QtGui import QFontMetrics

from blenddesk.ui import theme

DISTANCE_SHARE = 38
WANTED_SHARE = 1.25
"""Letters are this much larger than the rule asks where there is room."""
MOST_COLUMNS = 4
GAP, CLOSE_GAP = 8, 3
_ROW, _CLOSE_ROW = 1.5, 1.3
"""Height of a row of names, in letter sizes; the second where rows close up."""
PAD, CLOSE_PAD = 9, 5
PICTURE_GAP = 7
_ANY = 100_000


@dataclass(frozen=True, slots=True)
class Fit:
    """Names in ``columns`` by ``rows`` with letters of ``px``; ``fits`` is False when the rule cannot be kept.

    ``close``: rows stand close together.
    """

    columns: int
    rows: int
    px: int
    pictures: bool
    fits: bool
    close: bool = False

    @property
    def gap(self) -> int:
        return CLOSE_GAP if self.close else GAP

    @property
    def pad(self) -> int:
        return CLOSE_PAD if self.close else PAD


def least_px(board_height: int) -> int:
    """The smallest letters of a name that the distance rule allows on a board of this height."""
    return max(math.ceil(board_height / DISTANCE_SHARE), 12)


def fit_names(
    places: Sequence[Sequence[str]],
    area: QSizeF,
    look: theme.Look,
    least: int,
    *,
    pictures: bool,
    close: bool = False,
) -> Fit:
    """The one arrangement for the names of all places (each with ``area``): the largest letters, with pictures if they
    can stay. One for all, so that a child finds the own name at the same size and in the same kind of row anywhere."""
    wanted = max(round(least * WANTED_SHARE * look.scale), least)
    most = max((len(names) for names in places), default=0)
    gap, pad, row = (CLOSE_GAP, CLOSE_PAD, _CLOSE_ROW) if close else (GAP, PAD, _ROW)
    for shown, wrap in ((True, False), (True, True), (False, False), (False, True)):
        if shown and not pictures:
            continue
        for px in range(wanted, least - 1, -2):
            metrics = _metrics(look, px)
            for columns in range(max(min(MOST_COLUMNS, most), 1), 0, -1):
                rows = math.ceil(most / columns) or 1
                width = (area.width() - gap * (columns - 1)) / columns
                height = (area.height() - gap * (rows - 1)) / rows
                room = width - 2 * pad - (px * 1.5 + PICTURE_GAP if shown else 0)
                everyone = (name for names in places for name in names)
                if not most or (
                    height >= px * row and all(name_fits(name, metrics, room, height, wrap=wrap) for name in everyone)
                ):
                    return Fit(columns, rows, px, shown, True, close)
    columns = 2 if most > 1 else 1
    return Fit(columns, math.ceil(most / columns) or 1, least, False, False)


def name_fits(name: str, metrics: QFontMetrics, width: float, height: float, *, wrap: bool = True) -> bool:
    """On one line, or (``wrap``) on as many as the height has room for; a word is never broken."""
    line = metrics.capHeight() * 1.75
    if metrics.horizontalAdvance(name) <= width:
        return line <= height
    words = name.split()
    if not wrap or any(metrics.horizontalAdvance(word) > width for word in words):
        return False
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
    used = metrics.boundingRect(QRect(0, 0, int(width), _ANY), flags, name).height()
    lines = max(round(used / max(metrics.lineSpacing(), 1)), 1)
    return lines * line <= height


def _metrics(look: theme.Look, px: int) -> QFontMetrics:
    font = look.font("body", bold=True)
    font.setPixelSize(px)
    return QFontMetrics(font)


def columns_for(places: int) -> int:
    """Places side by side: 2 by 2 up to four, 3 by 2 up to six, 4 by 2 beyond."""
    return places if places < 3 else 2 if places == 4 else 3 if places < 7 else 4
