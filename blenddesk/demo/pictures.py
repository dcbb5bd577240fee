"""Takes a picture of every screen, and the prints as PDF."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from blenddesk.demo.desk_views import DESK
from blenddesk.demo.student_views import BOARD, STUDENTS
from blenddesk.demo.studio import Studio, studio
from blenddesk.demo.views import How
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence

PARTS: dict[str, tuple[tuple[str, How], ...]] = {"desk": DESK, "students": STUDENTS + BOARD}
"""Each part is taken by a program of its own, so that they run side by side."""


# --- prints ---------------------------------------------------------------------------------------------------------


def write_prints(room: Studio, out: Path) -> list[Path]:
    """Every print of the sample class, and the cards once more for Letter with the ink saver."""
    from blenddesk.printing.output import write_pdf
    from blenddesk.printing.paper import Paper, PaperSize
    from blenddesk.ui.desk.prints import KINDS, WORDS, NewComputer, file_name, print_pages

    computer = NewComputer("Blue-1", "Blue-1.bdseat", ("apple", "river", "candle", "monkey", "purple"))
    files = []
    for what in (*KINDS, WORDS):
        pages = print_pages(room.desk, room.section, what, plan=room.plan, computer=computer)
        files.append(out / f"print-{file_name(what)}")
        write_pdf(files[-1], pages, Paper())
    files.append(out / "print-sign-in-cards-letter-ink-saver.pdf")
    write_pdf(files[-1], print_pages(room.desk, room.section, "cards"), Paper(PaperSize.LETTER, ink_saver=True))
    return files


# --- taking them ----------------------------------------------------------------------------------------------------


def take(out: Path, part: str, folder: Path) -> list[Path]:
    """Takes the pictures of one of ``PARTS`` into ``out``; ``folder`` holds the pretend desk meanwhile."""
    files = []
    with studio(folder) as room:
        for name, how in PARTS[part]:
            window = how(room)
            files.append(out / f"{name}.png")
            if not window.grab().save(str(files[-1])):
                raise BlendDeskError("folder_not_writable", path=str(out))
            room.clear()
        if part == "desk":
            files += write_prints(room, out)
    return files


def main(arguments: Sequence[str]) -> int:
    """``OUT PART``: takes the pictures and prints one JSON object."""
    import tempfile

    out, part = Path(arguments[0]), arguments[1]
    try:
        with tempfile.TemporaryDirectory() as folder:
            answer: dict[str, object] = {"ok": True, "pictures": [str(one) for one in take(out, part, Path(folder))]}
    except BlendDeskError as error:
        answer = {"ok": False, "code": error.code, "message": error_sentence(error)}
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0 if answer["ok"] else 1
