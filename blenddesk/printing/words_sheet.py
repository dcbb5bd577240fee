"""The sheet with the five words that make another computer one of the class, of students or of another teacher."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF

from blenddesk import text
from blenddesk.printing.canvas import GREY, Canvas
from blenddesk.printing.paper import MARGIN, Page
from blenddesk.text import _, digits


@dataclass(frozen=True, slots=True)
class WordsSheet:
    """``file``: the name of the file on the stick; ``words``: five, in order."""

    computer: str
    class_name: str
    file: str
    words: tuple[str, ...]
    for_teacher: bool = False


def words_pages(sheet: WordsSheet) -> list[Page]:
    return [Page(_title(sheet), partial(_draw, sheet=sheet))]


def _title(sheet: WordsSheet) -> str:
    title = _("Computer of {name}") if sheet.for_teacher else _("Student computer {name}")
    return title.format(name=text.name(sheet.computer))


def _draw(canvas: Canvas, sheet: WordsSheet) -> None:
    inner = canvas.width - 2 * MARGIN
    canvas.text(QRectF(MARGIN, MARGIN, inner, 130), _title(sheet), 110, bold=True)
    canvas.text(QRectF(MARGIN, MARGIN + 140, inner, 70), sheet.class_name, 56, colour=GREY)
    steps = [
        _("Put the stick in your colleague's computer and start BlendDesk there.")
        if sheet.for_teacher
        else _("Put the stick into the student computer and open BlendDesk there."),
        _("Choose “I was given a stick by a colleague”.")
        if sheet.for_teacher
        else _("Choose “This is a student computer”."),
        _("Choose the file {file} on the stick.").format(file=text.name(sheet.file)),
        _("Type the five words:"),
    ]
    y = MARGIN + 260.0
    for number, step in enumerate(steps):
        canvas.disc(QRectF(MARGIN, y + 10, 100, 100), number + 1)
        canvas.text(QRectF(MARGIN + 140, y, inner - 140, 120), step, 58, lines=2)
        y += 140
    box = QRectF(MARGIN + 140, y, inner - 140, 150.0 * len(sheet.words) + 60)
    canvas.frame(box, width=5)
    for number, word in enumerate(sheet.words):
        line = y + 30 + number * 150
        canvas.text(QRectF(box.left() + 50, line, 90, 150), f"{digits(number + 1)}.", 70, colour=GREY)
        canvas.text(QRectF(box.left() + 160, line, box.width() - 200, 150), word, 120, bold=True)
    y = box.bottom() + 50
    keep = _(
        "Whoever has this sheet and the stick can make a computer show the names of the class. Keep them apart, "
        "and tear the sheet up when the computer is set up."
    )
    canvas.text(QRectF(MARGIN, y, inner, 200), keep, 48, lines=4, top=True, colour=GREY)
