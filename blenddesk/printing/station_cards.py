"""Station cards: picture, name, steps, minutes and what is needed, folded into a tent that reads from both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF

from blenddesk.printing.canvas import GREY, HAIR, Canvas
from blenddesk.printing.paper import MARGIN, Page
from blenddesk.printing.shapes import group_word
from blenddesk.text import _, ngettext


@dataclass(frozen=True, slots=True)
class StationCard:
    """One place. ``minutes``: shortest and longest round; ``own_tasks``: (shape, task) of groups that do another."""

    title: str
    picture: str
    task: str = ""
    steps: tuple[str, ...] = ()
    step_pictures: tuple[str, ...] = ()
    minutes: tuple[int, int] | None = None
    materials: tuple[str, ...] = ()
    output: str = ""
    own_tasks: tuple[tuple[str, str], ...] = ()


def station_pages(cards: Sequence[StationCard]) -> list[Page]:
    """One tent to a page: the fold in the middle, the upper half upside down."""
    return [Page(card.title, partial(_draw_tent, card=card)) for card in cards]


def minutes_words(minutes: tuple[int, int]) -> str:
    shortest, longest = minutes
    if shortest == longest:
        return ngettext("{n} minute", "{n} minutes", longest).format(n=longest)
    return _("{shortest} to {longest} minutes").format(shortest=shortest, longest=longest)


def _draw_tent(canvas: Canvas, card: StationCard) -> None:
    half = canvas.height / 2
    canvas.line(0, half, canvas.width, half, dashed=True)
    box = QRectF(MARGIN, half + MARGIN * 0.6, canvas.width - 2 * MARGIN, half - MARGIN * 1.6)
    _draw_side(canvas, box, card)
    written = len(canvas.words)
    canvas.painter.save()
    canvas.painter.translate(canvas.width, canvas.height)
    canvas.painter.rotate(180)
    _draw_side(canvas, box, card)
    canvas.painter.restore()
    del canvas.words[written:]


def _draw_side(canvas: Canvas, box: QRectF, card: StationCard) -> None:
    side = 380.0
    canvas.picture(QRectF(box.left(), box.top(), side, side), card.picture)
    left = box.left() + side + 60
    width = box.right() - left
    canvas.text(QRectF(left, box.top(), width, 210), card.title, 170, bold=True, lines=2)
    canvas.text(QRectF(left, box.top() + 215, width, 130), card.task, 72, lines=2, top=True)
    if card.minutes is not None:
        canvas.text(QRectF(left, box.top() + 330, width, 60), minutes_words(card.minutes), 52, colour=GREY)
    foot = _foot_lines(card)
    foot_height = 66.0 * len(foot) + (16 if foot else 0)
    tasks_height = 78.0 * len(card.own_tasks)
    top = box.top() + side + 40
    canvas.line(box.left(), top - 15, box.right(), top - 15)
    room = box.bottom() - top - foot_height - tasks_height
    row = min(150.0, room / max(len(card.steps), 1))
    for number, step in enumerate(card.steps):
        y = top + number * row
        mark = min(row - 16, 110)
        canvas.disc(QRectF(box.left(), y + (row - mark) / 2, mark, mark), number + 1)
        picture = card.step_pictures[number] if number < len(card.step_pictures) else ""
        shown = canvas.picture(QRectF(box.left() + 150, y + (row - mark) / 2, mark, mark), picture)
        start = box.left() + (300 if shown else 150)
        canvas.text(QRectF(start, y, box.right() - start, row), step, 76, lines=2)
    y = box.bottom() - foot_height - tasks_height
    for shape, task in card.own_tasks:
        canvas.shape(QRectF(box.left(), y + 8, 58, 58), shape)
        canvas.text(QRectF(box.left() + 80, y, 320, 74), group_word(shape), 50, bold=True)
        canvas.text(QRectF(box.left() + 420, y, box.width() - 420, 74), task, 50, lines=2)
        y += 78
    if foot:
        canvas.line(box.left(), y + 8, box.right(), y + 8, colour=HAIR)
        y += 16
    for name, words in foot:
        canvas.text(QRectF(box.left(), y, 400, 66), name, 44, bold=True)
        canvas.text(QRectF(box.left() + 420, y, box.width() - 420, 66), words, 44)
        y += 66


def _foot_lines(card: StationCard) -> list[tuple[str, str]]:
    lines = [(_("You need"), ", ".join(card.materials)), (_("At the end"), card.output)]
    return [(name, words) for name, words in lines if words]
