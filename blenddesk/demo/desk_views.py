"""The desk's screens and Welcome, as the pictures show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from blenddesk.demo.studio import DESK_SIZE, SMALL_SIZE, Studio, settle
from blenddesk.demo.views import CHILD, How, in_arabic, in_large, run_until
from blenddesk.domain.attendance import AttendanceStatus
from blenddesk.services import attendance, entries, live, plans
from blenddesk.services import kiosk as kiosk_service

if TYPE_CHECKING:
    from blenddesk.ui.desk.window import DeskWindow
    from blenddesk.ui.lock_window import LockWindow


def desk(room: Studio, page: str = "today", *, size: tuple[int, int] = DESK_SIZE, **what: object) -> DeskWindow:
    """The desk's window with a page up."""
    from blenddesk.ui.desk.window import DeskWindow

    window = DeskWindow(room.desk, section=room.section)
    if page != "today" or what:
        window.open_page(page, **what)
    room.show(window, size)
    return window


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
    run_until(room, lambda state: state.last_minute)
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


def lock(room: Studio) -> LockWindow:
    from blenddesk.ui.lock_window import LockWindow

    window = LockWindow(room.desk.paths, room.clock)
    room.show(window, DESK_SIZE)
    return window


def lock_forgot(room: Studio) -> QWidget:
    window = lock(room)
    window.ask_words()
    settle()
    return window


def protect(room: Studio) -> QWidget:
    from blenddesk.ui.desk.protect_sheet import ProtectSheet

    window = desk(room, "settings")
    ProtectSheet(window.session, "protect").open()
    settle()
    return window


def trouble(room: Studio) -> QWidget:
    """The program when its data cannot be opened."""
    from blenddesk.errors import EnvironmentTrouble
    from blenddesk.messages import error_sentence
    from blenddesk.ui.welcome import TroubleWindow

    return room.show(TroubleWindow(error_sentence(EnvironmentTrouble("key_missing", path="blenddesk.key"))), (760, 440))


class _NoFace:
    """Stands for the running program where only its first window is wanted."""

    def __init__(self, room: Studio) -> None:
        from blenddesk.config import Paths

        self.paths = Paths(room.folder / "nothing-yet")


DESK: tuple[tuple[str, How], ...] = (
    ("welcome", welcome),
    ("welcome-arabic", in_arabic(welcome)),
    ("cannot-open", trouble),
    ("lock", lock),
    ("lock-arabic", in_arabic(lock)),
    ("lock-forgot", lock_forgot),
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
    ("settings-protect", protect),
    ("today-last-minute", today_last_minute),
    ("today-done", today_done),
    ("today-nothing-planned", today_nothing),
    ("today-ready", today_ready),
)
"""In this order: later ones let the lesson go on."""
