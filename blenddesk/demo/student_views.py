"""The student computer's screens and the board, as the pictures show them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from blenddesk.demo.studio import FULL_SIZE, SMALL_SIZE, Studio, settle
from blenddesk.demo.views import CHILD, How, in_arabic, in_large, run_until
from blenddesk.domain.live import LessonState
from blenddesk.services import classes, live

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow


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
        set_look(room, "older")
        room.afterwards.append(lambda: set_look(room, "younger"))
        return how(room)

    return taken


def set_look(room: Studio, look: str) -> None:
    """The teacher chooses it at the desk, and the stick takes it along."""
    from blenddesk.services import exchange

    station, stick = room.student_computer(), room.folder / "stick"
    room.desk.run(classes.edit_class, room.section, look=look)
    exchange.take_to_computers(room.desk, stick)
    station.run(exchange.bring_home, [stick])


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


def carry(room: Studio) -> QWidget:
    """The teacher's stick is in."""
    from blenddesk.ui.carry import CarrySheet

    window = who(room)
    for name in ("teacher", "teacher_carry"):
        room.hands(window).tap(name)
    sheet = window.findChild(CarrySheet)
    assert isinstance(sheet, CarrySheet)
    sheet.sticks.find_sticks = lambda: [(room.folder / "stick", "STICK")]
    sheet.sticks.look_again()
    settle()
    return window


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
    ("student-teacher", tapped(who, "teacher")),
    ("student-carry", carry),
    ("student-add-class", tapped(who, "teacher", "teacher_join")),
    ("student-goodbye", tapped(partial(signed_in, number=8), *REFLECT, "finish")),
)


def board(room: Studio, size: tuple[int, int] = FULL_SIZE) -> QWidget:
    from blenddesk.ui.board.window import BoardWindow

    return room.show(BoardWindow(room.desk, room.section, room.plan), size)


def board_when(wanted: Callable[[LessonState], object]) -> How:
    """The board at the moment of the lesson that is asked for."""

    def taken(room: Studio) -> QWidget:
        run_until(room, wanted)
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
