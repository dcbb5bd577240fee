"""The board for a room without a projector: who is where in each round, a clock for each change, a line to read aloud.

Short enough to be copied onto a blackboard by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF

from blenddesk import text
from blenddesk.printing.canvas import GREY, Canvas
from blenddesk.printing.paper import MARGIN, Page
from blenddesk.printing.shapes import group_word
from blenddesk.text import _, digits, ngettext

MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Place:
    title: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A group and its place in each round; None where it has none."""

    shape: str
    places: tuple[Place | None, ...]


@dataclass(frozen=True, slots=True)
class BoardRound:
    """``starts``: minutes after midnight; None for a lesson without a time of day."""

    minutes: int
    starts: int | None = None


@dataclass(frozen=True, slots=True)
class ChalkBoard:
    title: str
    rounds: tuple[BoardRound, ...]
    rows: tuple[BoardRow, ...]


def board_pages(board: ChalkBoard) -> list[Page]:
    """One page across."""
    return [Page(board.title, partial(_draw, board=board), landscape=True)]


def read_aloud(board: ChalkBoard, round_: int) -> str:
    """What to say when a round begins: "Round 1: Circles to With me. Triangles to Computer." """
    parts = [
        _("{group}: {place}.").format(group=group_word(row.shape), place=text.name(place.title))
        for row in board.rows
        if round_ < len(row.places) and (place := row.places[round_]) is not None
    ]
    return _("Round {n}. {places}").format(n=round_ + 1, places=" ".join(parts))


def clock_words(minute_of_day: int) -> str:
    """A time of day as on a school clock: 9:05."""
    hour, minute = divmod(minute_of_day % MINUTES_OF_DAY, 60)
    return f"{digits(hour)}:{digits(minute // 10)}{digits(minute % 10)}"


def _draw(canvas: Canvas, board: ChalkBoard) -> None:
    inner = canvas.width - 2 * MARGIN
    canvas.text(QRectF(MARGIN, MARGIN - 20, inner, 130), board.title, 100, bold=True)
    # Without groups or rounds there is still a page that says whose it is.
    rounds, rows = max(len(board.rounds), 1), max(len(board.rows), 1)
    aloud = 74.0 * len(board.rounds) + 30
    top = MARGIN + 130.0
    head = 270.0 if any(one.starts is not None for one in board.rounds) else 130.0
    first = inner * 0.2
    column = (inner - first) / rounds
    height = min(260.0, (canvas.height - MARGIN - aloud - top - head) / rows)
    for number, one in enumerate(board.rounds):
        _draw_head(canvas, QRectF(MARGIN + first + number * column, top, column, head), number, one)
    for place, row in enumerate(board.rows):
        y = top + head + place * height
        canvas.line(MARGIN, y, canvas.width - MARGIN, y)
        side = min(height * 0.6, 110)
        canvas.shape(QRectF(MARGIN + 10, y + (height - side) / 2, side, side), row.shape)
        canvas.text(QRectF(MARGIN + side + 35, y, first - side - 45, height), group_word(row.shape), 62, bold=True)
        for number, where in enumerate(row.places[: len(board.rounds)]):
            if where is not None:
                _draw_cell(canvas, QRectF(MARGIN + first + number * column, y, column, height), where)
    y = top + head + len(board.rows) * height
    canvas.line(MARGIN, y, canvas.width - MARGIN, y)
    y += 20
    for number in range(len(board.rounds)):
        canvas.text(QRectF(MARGIN, y, inner, 70), read_aloud(board, number), 48, lines=1)
        y += 74


def _draw_head(canvas: Canvas, box: QRectF, number: int, one: BoardRound) -> None:
    words = QRectF(box.left() + 20, box.bottom() - 120, box.width() - 40, 60)
    canvas.text(words, _("Round {n}").format(n=number + 1), 56, bold=True)
    minutes = ngettext("{n} minute", "{n} minutes", one.minutes).format(n=one.minutes)
    if one.starts is not None:
        canvas.clock(QRectF(box.left() + 20, box.top(), 140, 140), one.starts)
        canvas.text(QRectF(box.left() + 180, box.top(), box.width() - 190, 140), clock_words(one.starts), 80, bold=True)
    canvas.text(QRectF(box.left() + 20, box.bottom() - 62, box.width() - 40, 50), minutes, 40, colour=GREY)


def _draw_cell(canvas: Canvas, box: QRectF, where: Place) -> None:
    side = min(box.height() * 0.6, box.width() * 0.26, 130)
    shown = canvas.picture(QRectF(box.left() + 20, box.center().y() - side / 2, side, side), where.picture)
    left = box.left() + (side + 40 if shown else 20)
    canvas.text(QRectF(left, box.top(), box.right() - left - 10, box.height()), where.title, 58, lines=2)
