"""Sign-in cards, eight to a page; and the sheet of picture codes, which is no card and stays with the teacher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF

from blenddesk.domain.pictures import CODE_PICTURES
from blenddesk.printing.canvas import GREY, HAIR, PALE, Canvas
from blenddesk.printing.paper import MARGIN, Page
from blenddesk.text import _, digits

ACROSS, DOWN = 2, 4
BOXES = 4
"""To stamp or tick when there is no computer."""
_GAP = 30
_LINES_TO_A_SHEET = 24


@dataclass(frozen=True, slots=True)
class SignInCard:
    """What a card shows, and so all it can show: no group, no family name, no code."""

    name: str
    avatar: str
    class_name: str


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One student's three pictures (places 0 to 8), for the teacher's folder; () when none are chosen yet."""

    name: str
    avatar: str
    code: tuple[int, ...]


def card_pages(cards: Sequence[SignInCard]) -> list[Page]:
    """Cards in the order given, eight to a page, with marks to cut along."""
    each = ACROSS * DOWN
    pages = []
    for start in range(0, len(cards), each):
        some = tuple(cards[start : start + each])
        title = _("Sign-in cards, from {first} to {last}").format(first=some[0].name, last=some[-1].name)
        pages.append(Page(title, partial(_draw_cards, cards=some)))
    return pages


def code_pages(lines: Sequence[CodeLine], class_name: str) -> list[Page]:
    """The three pictures of each student, as a list that stays with the teacher."""
    pages = []
    for start in range(0, len(lines), _LINES_TO_A_SHEET):
        some = tuple(lines[start : start + _LINES_TO_A_SHEET])
        title = _("Sign-in pictures of {class_name}").format(class_name=class_name)
        pages.append(Page(title, partial(_draw_codes, lines=some, title=title)))
    return pages


def _draw_cards(canvas: Canvas, cards: Sequence[SignInCard]) -> None:
    width = (canvas.width - 2 * MARGIN - (ACROSS - 1) * _GAP) / ACROSS
    height = (canvas.height - 2 * MARGIN - (DOWN - 1) * _GAP) / DOWN
    for place, card in enumerate(cards):
        row, column = divmod(place, ACROSS)
        box = QRectF(MARGIN + column * (width + _GAP), MARGIN + row * (height + _GAP), width, height)
        _draw_card(canvas, box, card)


def _draw_card(canvas: Canvas, box: QRectF, card: SignInCard) -> None:
    canvas.frame(box)
    pad = 45.0
    stamp = min(160.0, (box.width() - 2 * pad - (BOXES - 1) * 25) / BOXES)
    face = min(box.height() - stamp - 3 * pad, box.width() * 0.34)
    canvas.avatar(QRectF(box.left() + pad, box.top() + pad, face, face), card.avatar, card.name)
    words = QRectF(box.left() + 2 * pad + face, box.top() + pad, box.width() - 3 * pad - face, face)
    canvas.text(
        QRectF(words.left(), words.top() + face * 0.12, words.width(), face * 0.46), card.name, 96, bold=True, lines=2
    )
    canvas.text(
        QRectF(words.left(), words.top() + face * 0.62, words.width(), face * 0.24), card.class_name, 44, colour=GREY
    )
    top = box.bottom() - pad - stamp
    for number in range(BOXES):
        left = box.left() + pad + number * (stamp + 25)
        one = QRectF(left, top, stamp, stamp)
        canvas.frame(one, radius=22, width=2, colour=HAIR)
        canvas.text(one, digits(number + 1), 62, bold=True, align="centre", colour=PALE)


def _draw_codes(canvas: Canvas, lines: Sequence[CodeLine], title: str) -> None:
    inner = canvas.width - 2 * MARGIN
    canvas.text(QRectF(MARGIN, MARGIN, inner, 90), title, 72, bold=True)
    keep = _("For the teacher's folder. Do not hang it up or hand it out.")
    canvas.text(QRectF(MARGIN, MARGIN + 95, inner, 60), keep, 40, colour=GREY)
    top = MARGIN + 180.0
    row = (canvas.height - MARGIN - top) / _LINES_TO_A_SHEET
    half = inner * 0.52
    for place, line in enumerate(lines):
        y = top + place * row
        canvas.line(MARGIN, y, canvas.width - MARGIN, y)
        canvas.avatar(QRectF(MARGIN, y + 6, row - 12, row - 12), line.avatar, line.name)
        canvas.text(QRectF(MARGIN + row + 20, y, half - row - 20, row), line.name, 48, bold=True, lines=2)
        if not line.code:
            canvas.text(QRectF(MARGIN + half, y, inner - half, row), _("None chosen yet"), 38, colour=GREY)
        for number, picture in enumerate(line.code):
            left = MARGIN + half + number * (inner - half) / 3
            canvas.text(QRectF(left, y, 40, row), f"{digits(number + 1)}.", 38, colour=GREY)
            canvas.picture(QRectF(left + 50, y + 10, row - 20, row - 20), CODE_PICTURES[picture])
