"""Takes a picture of every screen, and the prints as PDF: a list of names and how to bring each screen up."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from blenddesk.demo.studio import DESK_SIZE, FULL_SIZE, SMALL_SIZE, Studio, look, settle, studio
from blenddesk.domain.attendance import AttendanceStatus
from blenddesk.domain.live import LessonState
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import attendance, classes, entries, live, plans
from blenddesk.services import kiosk as kiosk_service

if TYPE_CHECKING:
    from blenddesk.ui.desk.window import DeskWindow
    from blenddesk.ui.kiosk.window import KioskWindow

How = Callable[[Studio], QWidget]
LONG_WORDS = 1.3
CHILD = 4
"""Whose place in the list the pictures show."""


# --- the desk -------------------------------------------------------------------------------------------------------


def desk(room: Studio, page: str = "today", *, size: tuple[int, int] = DESK_SIZE, **what: object) -> DeskWindow:
    """The desk's window with a page up."""
    from blenddesk.ui.desk.window import DeskWindow

    window = DeskWindow(room.desk, section=room.section)
    if page != "today" or what:
        window.open_page(page, **what)
    room.show(window, size)
    return window


def in_arabic(how: How) -> How:
    """The same screen in Arabic: mirrored."""

    def taken(room: Studio) -> QWidget:
        look(language="ar")
        return how(room)

    return taken


def in_large(how: How) -> How:
    """The same screen with text at 1.3."""

    def taken(room: Studio) -> QWidget:
        look(scale=LONG_WORDS)
        return how(room)

    return taken


def page(key: str, *, size: tuple[int, int] = DESK_SIZE) -> How:
    return lambda room: desk(room, key, size=size)


def child(room: Studio) -> QWidget:
    student = room.desk.reads.people.students(room.section)[CHILD - 1]
    return desk(room, "child", student=student.id)


def pressed(key: str, name: str) -> How:
    """A page after one control was pressed: its sheet is open."""

    def taken(room: Studio) -> QWidget:
        window = desk(room, key)
        room.hands(window).tap(name)
        settle()
        return window

    return taken


def add_students(room: Studio) -> QWidget:
    from PySide6.QtWidgets import QPlainTextEdit

    names = "\n".join(f"{given} {family}" for given, family in PASTED)
    window = desk(room, "add_students", way="paste")
    shown = window.page("add_students")
    assert shown is not None
    field = shown.findChild(QWidget, "add_paste")
    assert isinstance(field, QPlainTextEdit)
    field.setPlainText(names)
    settle(600)
    return window


def with_computer(how: How) -> How:
    """The same screen once a student computer has joined and its work was home."""

    def taken(room: Studio) -> QWidget:
        from blenddesk.services import exchange

        stick = room.folder / "stick"
        exchange.take_to_computers(room.student_computer(), stick)
        room.desk.run(exchange.bring_home, [stick])
        return how(room)

    return taken


PASTED = (
    ("Ana", "Lima"),
    ("Bilal", "Khan"),
    ("Chen", "Wu"),
    ("Dora", "Novak"),
    ("Mohamed", "Salah"),
    ("Mohamed", "Ali"),
)


def today_last_minute(room: Studio) -> QWidget:
    """The groups have logged; the first round is in its last minute."""
    sheet = room.desk.reads.plans.sheet(room.section, room.plan)
    assert sheet is not None
    for group in sheet.groups[:3]:
        room.desk.run(entries.log_group, room.section, room.plan, group.id, 0)
    student = room.desk.reads.people.students(room.section)[6]
    room.desk.run(attendance.mark, room.section, room.plan, student.id, AttendanceStatus.AWAY)
    _run_until(room, lambda state: state.last_minute)
    waiting = sheet.groups[3].students[0]
    block = sheet.block_of(sheet.groups[3].id, 0)
    room.desk.run(kiosk_service.ask_for_help, room.section, waiting, plan=room.plan, block=block.id if block else None)
    window = desk(room)
    room.hands(window).tap("uncover")
    settle()
    return window


def today_done(room: Studio) -> QWidget:
    room.desk.run(live.finish, room.section, room.plan)
    return desk(room)


def today_nothing(room: Studio) -> QWidget:
    """The next morning, with nothing planned."""
    room.clock.advance(24 * 60 - 45)
    return desk(room)


def today_ready(room: Studio) -> QWidget:
    made = room.desk.run(plans.new_plan, room.section, "station-4", day="2026-11-24", seed=4)
    room.desk.run(plans.mark_ready, room.section, made.plan)
    return desk(room)


def _run_until(room: Studio, wanted: Callable[[LessonState], object]) -> None:
    for _half_minute in range(240):
        if wanted(live.lesson(room.desk, room.section, room.plan)):
            return
        room.clock.advance(0.5)
    raise LookupError("the lesson never came to that point")


def bring_home(room: Studio) -> QWidget:
    """What the stick would bring, before it is read."""
    from blenddesk.services import exchange
    from blenddesk.ui.desk.computers_page import ComputersPage

    station, stick = room.student_computer(), room.folder / "stick"
    student = station.reads.people.students(room.section)[0].id
    day = kiosk_service.my_day(station, room.section, student)
    done = [kiosk_service.Finished(one.plan, one.block.id, one.round, 3) for one in day.stations[:2]]
    station.run(kiosk_service.finish_visit, room.section, student, done)
    exchange.take_to_computers(station, stick)
    window = desk(room, "computers")
    shown = window.page("computers")
    assert isinstance(shown, ComputersPage)
    shown.carrier.bring(stick)
    room.hands(window).see("bring_now")
    settle()
    return window


def print_sheet(room: Studio) -> QWidget:
    from blenddesk.ui.desk.print_sheet import PrintSheet

    window = desk(room, "class")
    PrintSheet(window.session, "cards").open()
    settle()
    return window


def welcome(room: Studio) -> QWidget:
    from blenddesk.ui.welcome import WelcomeWindow

    return room.show(WelcomeWindow(_NoFace(room)), DESK_SIZE)  # type: ignore[arg-type]


class _NoFace:
    """Stands for the running program where only its first window is wanted."""

    def __init__(self, room: Studio) -> None:
        from blenddesk.config import Paths

        self.paths = Paths(room.folder / "nothing-yet")


DESK: tuple[tuple[str, How], ...] = (
    ("welcome", welcome),
    ("welcome-arabic", in_arabic(welcome)),
    ("today-running-covered", page("today")),
    ("today-running", pressed("today", "uncover")),
    ("today-running-arabic", in_arabic(page("today"))),
    ("today-running-large-text", in_large(page("today", size=SMALL_SIZE))),
    ("class", page("class")),
    ("class-arabic", in_arabic(page("class"))),
    ("class-settings", pressed("class", "class_settings")),
    ("child", child),
    ("add-students", add_students),
    ("plan", page("plan")),
    ("plan-arabic", in_arabic(page("plan"))),
    ("plan-large-text", in_large(page("plan", size=SMALL_SIZE))),
    ("goals", page("goals")),
    ("computers-none-yet", page("computers")),
    ("computers-add", with_computer(pressed("computers", "computers_add"))),
    ("computers", with_computer(page("computers"))),
    ("computers-bring-home", bring_home),
    ("print", print_sheet),
    ("room", page("room")),
    ("history", page("history")),
    ("settings", page("settings")),
    ("today-last-minute", today_last_minute),
    ("today-done", today_done),
    ("today-nothing-planned", today_nothing),
    ("today-ready", today_ready),
)
"""In this order: later ones let the lesson go on."""


# --- the student computer -------------------------------------------------------------------------------------------


def kiosk(room: Studio, *, size: tuple[int, int] = FULL_SIZE, live_lesson: bool = False) -> KioskWindow:
    from blenddesk.ui.kiosk.window import KioskWindow

    context = room.desk if live_lesson else room.student_computer()
    window = KioskWindow(context, section=room.section, live=live_lesson, guard_ms=0)
    room.show(window, size)
    return window


def who(room: Studio, *, size: tuple[int, int] = FULL_SIZE) -> KioskWindow:
    return kiosk(room, size=size)


def signed_in(room: Studio, *, size: tuple[int, int] = FULL_SIZE, number: int = CHILD) -> KioskWindow:
    from blenddesk.ui.kiosk.keys import PAD_ORDER

    window = kiosk(room, size=size)
    hands = room.hands(window)
    hands.tap(f"tile_{number}")
    student = room.student_computer().reads.people.students(room.section)[number - 1]
    for place in student.code:
        hands.tap(f"picture_{PAD_ORDER[place]}")
    hands.wait(lambda: window.screen_name == "stations", "stations")
    settle()
    return window


def tapped(before: Callable[..., KioskWindow], *names: str, size: tuple[int, int] = FULL_SIZE) -> How:
    """A screen and what a child taps there."""

    def taken(room: Studio) -> QWidget:
        window = before(room, size=size)
        for name in names:
            room.hands(window).tap(name)
        settle()
        return window

    return taken


def older(how: How) -> How:
    """The same screen of a class of older students."""

    def taken(room: Studio) -> QWidget:
        context = room.student_computer()
        context.run(classes.edit_class, room.section, look="older")
        room.afterwards.append(lambda: context.run(classes.edit_class, room.section, look="younger"))
        return how(room)

    return taken


def asleep(room: Studio) -> QWidget:
    window = who(room)
    window.sleep()
    settle()
    return window


def still_here(room: Studio) -> QWidget:
    window = signed_in(room)
    room.clock.advance(2)
    window.tick()
    settle()
    return window


def live_kiosk(room: Studio) -> QWidget:
    return kiosk(room, live_lesson=True)


REFLECT = ("did_it", "growth_3", "chip_learned")
STUDENTS: tuple[tuple[str, How], ...] = (
    ("student-who", who),
    ("student-who-arabic", in_arabic(who)),
    ("student-who-on-the-desk", live_kiosk),
    ("student-pictures", tapped(who, f"tile_{CHILD}", "picture_7", "picture_5")),
    ("student-stations", signed_in),
    ("student-stations-arabic", in_arabic(signed_in)),
    ("student-stations-large-text", in_large(partial(signed_in, size=SMALL_SIZE))),
    ("student-goal", tapped(signed_in, "goal")),
    ("student-friends", tapped(signed_in, "friend")),
    ("student-how-did-it-go", tapped(partial(signed_in, number=7), *REFLECT)),
    ("student-how-did-it-go-arabic", in_arabic(tapped(partial(signed_in, number=5), *REFLECT))),
    ("student-help", tapped(signed_in, "help")),
    ("student-still-here", still_here),
    ("student-asleep", asleep),
    ("student-language", tapped(who, "language")),
    ("student-older-who", older(who)),
    ("student-older-stations", older(signed_in)),
    ("student-older-how-did-it-go", older(tapped(partial(signed_in, number=6), "did_it", "growth_3"))),
    ("student-goodbye", tapped(partial(signed_in, number=8), *REFLECT, "finish")),
)


# --- the board and Welcome ------------------------------------------------------------------------------------------


def board(room: Studio, size: tuple[int, int] = FULL_SIZE) -> QWidget:
    from blenddesk.ui.board.window import BoardWindow

    return room.show(BoardWindow(room.desk, room.section, room.plan), size)


def board_when(wanted: Callable[[LessonState], object]) -> How:
    """The board at the moment of the lesson that is asked for."""

    def taken(room: Studio) -> QWidget:
        _run_until(room, wanted)
        return board(room)

    return taken


def board_eyes(room: Studio) -> QWidget:
    room.desk.run(live.eyes_on, room.section, room.plan)
    room.afterwards.append(lambda: room.desk.run(live.eyes_off, room.section, room.plan))
    return board(room)


def board_chalk(room: Studio) -> QWidget:
    from blenddesk.ui.board.window import BoardWindow

    window = board(room)
    assert isinstance(window, BoardWindow)
    window.show_chalk(True)
    settle()
    return window


def board_safe(room: Studio) -> QWidget:
    from blenddesk.ui.board.window import BoardWindow

    return room.show(BoardWindow(room.desk, room.section, room.plan, class_safe=True))


BOARD: tuple[tuple[str, How], ...] = (
    ("board", board),
    ("board-arabic", in_arabic(board)),
    ("board-over-the-desk", board_safe),
    ("board-eyes-on-me", board_eyes),
    ("board-blackboard", board_chalk),
    ("board-last-minute", board_when(lambda state: state.last_minute)),
    ("board-moving", board_when(lambda state: state.phase.value == "moving")),
    ("board-looking-back", board_when(lambda state: state.phase.value == "closing")),
)

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
