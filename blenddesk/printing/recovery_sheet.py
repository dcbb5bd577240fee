"""The recovery sheet on paper: the ten words that open a desk whose pass phrase is forgotten, and how to use them."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QRectF

from blenddesk import text
from blenddesk.printing.canvas import GREY, Canvas
from blenddesk.printing.paper import MARGIN, Page
from blenddesk.text import _, digits

COLUMNS = 2
_ROW = 170


class RecoverySheet(NamedTuple):
    """``desk``: whose computer it is. ``day``: in words. ``words``: all of them, in order."""

    desk: str
    day: str
    words: tuple[str, ...]


def recovery_pages(sheet: RecoverySheet) -> list[Page]:
    return [Page(_("Recovery sheet"), partial(_draw, sheet=sheet))]


def _draw(canvas: Canvas, sheet: RecoverySheet) -> None:
    inner = canvas.width - 2 * MARGIN
    canvas.text(QRectF(MARGIN, MARGIN, inner, 130), _("Recovery sheet"), 110, bold=True)
    whose = _("{name}, {day}").format(name=text.name(sheet.desk), day=sheet.day)
    canvas.text(QRectF(MARGIN, MARGIN + 140, inner, 70), whose, 56, colour=GREY)
    about = _("These words open the class data of this computer when the pass phrase is forgotten.")
    canvas.text(QRectF(MARGIN, MARGIN + 240, inner, 160), about, 58, lines=2, top=True)
    y = MARGIN + 430.0
    rows = -(-len(sheet.words) // COLUMNS)
    box = QRectF(MARGIN, y, inner, _ROW * rows + 60.0)
    canvas.frame(box, width=5)
    across = (inner - 80) / COLUMNS
    for place, word in enumerate(sheet.words):
        column, row = divmod(place, rows)
        left, top = box.left() + 40 + column * across, y + 30 + row * _ROW
        canvas.text(QRectF(left, top, 110, _ROW), f"{digits(place + 1)}.", 64, colour=GREY)
        canvas.text(QRectF(left + 120, top, across - 140, _ROW), word, 96, bold=True)
    y = box.bottom() + 60
    steps = [
        _("Open BlendDesk and choose “I forgot the pass phrase”."),
        _("Type the ten words in order."),
        _("Choose a new pass phrase."),
        _("If the computer is lost: choose “Open a backup” on another one and type the words."),
    ]
    for number, step in enumerate(steps):
        canvas.disc(QRectF(MARGIN, y + 10, 100, 100), number + 1)
        canvas.text(QRectF(MARGIN + 140, y, inner - 140, 120), step, 58, lines=2)
        y += 140
    keep = _(
        "Keep this sheet away from the computer, with papers you would not lose. Whoever has it and the computer, or a "
        "backup, can read everything about the class. When there is a newer sheet, this one opens older backups only."
    )
    canvas.text(QRectF(MARGIN, y + 40, inner, 260), keep, 48, lines=4, top=True, colour=GREY)
