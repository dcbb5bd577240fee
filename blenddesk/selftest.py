"""``--self-test``: a lesson by the clock, a stick to a student computer and home, both windows, in its own folder.

Made for the frozen program: what is not packed (a library, a picture, a plug-in of Qt's) makes it fail here and not at
a school.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.demo.clock import HandClock

if TYPE_CHECKING:
    from blenddesk.domain.ids import Id
    from blenddesk.services.context import AppContext

NAMES = (
    ("Amina", "Diallo"),
    ("Ben", "Novak"),
    ("Carlos", "Ruiz"),
    ("Chloe", "Martin"),
    ("Elif", "Demir"),
    ("Omar", "Farouk"),
    ("Mei", "Lin"),
    ("Zoe", "Muller"),
)
COMPUTER = "Blue-1"


class Failed(Exception):
    """A step did not do what it must."""


def run_self_test() -> int:
    """Runs every step, prints a line for each, and returns 0 when all of them passed, else 1."""
    os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM") or "offscreen"
    with tempfile.TemporaryDirectory(prefix="blenddesk-self-test-", ignore_cleanup_errors=True) as folder:
        try:
            _all_steps(Path(folder))
        except Exception as error:  # noqa: BLE001 - whatever it is, the build is not fit to be handed out
            import traceback

            traceback.print_exc()
            _say(f"FAILED: {type(error).__name__}: {error}")
            return 1
    _say("The self-test passed.")
    return 0


def _all_steps(folder: Path) -> None:
    clock = HandClock()
    stick = folder / "stick"
    stick.mkdir()
    with _desk(folder / "desk", clock) as desk:
        section = _class(desk)
        _lesson(desk, section, clock)
        written = _to_a_student_computer(desk, section, folder, stick, clock)
        home = _home_again(desk, section, stick, written)
        _say(f"Work came home: {home} entries at the desk, none lost")
        with _opened(folder / COMPUTER, clock) as station:
            _same_class(desk, station, section)
            _windows(desk, station, section, folder)


# --- the steps ------------------------------------------------------------------------------------------------------


def _paths(folder: Path) -> Paths:
    """With its own place for what belongs to the computer: the self-test leaves nothing in the account."""
    return Paths(folder, folder.parent / "state")


@contextmanager
def _desk(folder: Path, clock: HandClock) -> Iterator[AppContext]:
    from blenddesk.services import classes

    context = bootstrap.create_device(_paths(folder), role="desk", name="Ms Okoro", clock=clock)
    try:
        context.run(classes.found_desk, "Ms Okoro")
        _say("A desk was set up")
        yield context
    finally:
        bootstrap.close_device(context)


@contextmanager
def _opened(folder: Path, clock: HandClock) -> Iterator[AppContext]:
    context = bootstrap.open_device(_paths(folder), clock=clock)
    try:
        yield context
    finally:
        bootstrap.close_device(context)


def _class(desk: AppContext) -> Id:
    from blenddesk.services import classes, goals, profiles, rosters

    desk.run(classes.create_class, "Sunflowers")
    (section,) = desk.reads.sections.all()
    for given, family in NAMES:
        desk.run(rosters.add_student, section.id, given, family)
    students = desk.reads.people.students(section.id)
    for student in students:
        desk.run(profiles.set_list, student.id, "needs", ["a quiet place"])
        desk.run(goals.set_goal, student.id, "I read aloud", steps=["To my partner", "To the class"])
    _check("students in the class", len(students), len(NAMES))
    _say(f"A class of {len(students)} with goals")
    return section.id


def _lesson(desk: AppContext, section: Id, clock: HandClock) -> None:
    """A rotation from a template, run from Start to Finish by the clock; each group logged in each round."""
    from blenddesk.domain.live import Phase
    from blenddesk.services import entries, live, plans

    plan = desk.run(plans.new_plan, section, "station-4", day="2026-11-23", start_minute=9 * 60 + 30, seed=1).plan
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    _check("everyone has a place", len(sheet.students()), len(NAMES))
    desk.run(live.start_lesson, section, plan)
    rounds = len(sheet.plan.rounds)
    seen: set[int] = set()
    for _minute in range(sheet.plan.planned_minutes + 1):
        state = live.lesson(desk, section, plan)
        if state.phase is Phase.ROUND and state.round is not None and state.round not in seen:
            seen.add(state.round)
            if state.round < rounds - 1:
                for group in sheet.groups:
                    desk.run(entries.log_group, section, plan, group.id, state.round)
        clock.advance(1)
    _check("rounds that ran by themselves", seen, set(range(rounds)))
    desk.run(live.finish, section, plan)
    _check("the lesson is over", live.lesson(desk, section, plan).phase, Phase.FINISHED)
    logged = [one for one in desk.reads.entries.of_plan(section, plan) if one.kind == "claimed"]
    carried = [one for one in desk.reads.entries.of_plan(section, plan) if one.kind == "carried"]
    _check("stations logged", len(logged), len(NAMES) * (rounds - 1))
    _check("stations to catch up", len(carried), len(NAMES))
    _say(f"A lesson of {rounds} rounds ran by the clock: {len(logged)} stations logged, {len(carried)} to catch up")


def _to_a_student_computer(desk: AppContext, section: Id, folder: Path, stick: Path, clock: HandClock) -> set[Id]:
    """The five words open the class on another computer, where every child logs; returns the entries written there."""
    from blenddesk import joining
    from blenddesk.domain.progress import DONE
    from blenddesk.services import exchange, kiosk

    added = desk.run(exchange.add_computer, section, COMPUTER, stick)
    desk.run(exchange.take_to_computers, stick)
    joining.open_seat(_paths(folder / COMPUTER), added.file.read_bytes(), " ".join(added.words), clock=clock)
    with _opened(folder / COMPUTER, clock) as station:
        station.run(exchange.bring_home, [stick])
        before = {entry.id for entry in station.reads.entries.of_section(section)}
        students = station.reads.people.students(section)
        _check("students at the student computer", len(students), len(NAMES))
        _check("family names there", {student.family for student in students}, {""})
        for student in students:
            day = kiosk.my_day(station, section, student.id)
            left = [one for one in day.stations if one.status not in DONE]
            done = [kiosk.Finished(one.plan, one.block.id, one.round, 3) for one in left]
            station.run(kiosk.finish_visit, section, student.id, done, words=["fun"], remark="It went well")
            station.run(kiosk.do_goal_step, section, student.id, day.goals[0].steps[0].step.id)
        written = {entry.id for entry in station.reads.entries.of_section(section)} - before
        _check("entries at the student computer", len(written), 2 * len(NAMES))
        taken = exchange.take_to_computers(station, stick)
        _check("files written there", len(taken.files), 1)
    _say(f"A student computer joined with five words; {len(written)} entries were made there")
    return written


def _home_again(desk: AppContext, section: Id, stick: Path, written: set[Id]) -> int:
    from blenddesk.services import exchange

    home = desk.run(exchange.bring_home, [stick])
    _check("files refused", [one.reason for one in home.refused], [])
    entries = desk.reads.entries.of_section(section)
    _check("entries lost on the way", written - {entry.id for entry in entries}, set())
    said = [
        one.remark
        for student in desk.reads.people.students(section)
        for one in desk.reads.entries.reflections_of_student(section, student.id)
    ]
    _check("what children wrote", said.count("It went well"), len(NAMES))
    again = desk.run(exchange.bring_home, [stick])
    _check("changes from files read again", again.new_ops, 0)
    return len(entries)


def _same_class(desk: AppContext, station: AppContext, section: Id) -> None:
    """After the way back both hold the same class, and both logs are sound."""
    from blenddesk.services import exchange
    from blenddesk.storage import digest

    stick = desk.paths.data.parent / "stick"
    desk.run(exchange.take_to_computers, stick)
    station.run(exchange.bring_home, [stick])
    found = set()
    for context in (desk, station):
        with context.ledger.database.read() as connection:
            found.add(digest.class_digest(connection, section))
            _check("findings in the data", list(digest.verify(connection)), [])
    _check("digests of the class", len(found), 1)
    _say("Both computers hold the same class")


def _windows(desk: AppContext, station: AppContext, section: Id, folder: Path) -> None:
    """Both windows and a print: proves the plug-ins, fonts and pictures of the build."""
    from PySide6.QtWidgets import QApplication

    from blenddesk.printing.output import write_pdf
    from blenddesk.printing.paper import Paper
    from blenddesk.printing.sign_in_cards import SignInCard, card_pages
    from blenddesk.ui import kit, theme
    from blenddesk.ui.desk.window import DeskWindow
    from blenddesk.ui.kiosk.window import KioskWindow

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    theme.apply_theme(application, theme.load_tokens("day"), language="en")
    kit.watch_focus(application)
    window = DeskWindow(desk, section=section)
    window.show()
    _picture(window, "the desk")
    window.close()
    window.deleteLater()
    kiosk = KioskWindow(station, guard_ms=0)
    kiosk.show()
    _picture(kiosk, "the student computer")
    kiosk.close_for_good()
    kiosk.deleteLater()

    students = desk.reads.people.students(section)
    cards = card_pages([SignInCard(one.name, one.avatar, "Sunflowers") for one in students])
    write_pdf(folder / "cards.pdf", cards, Paper())
    _check("a print", (folder / "cards.pdf").read_bytes()[:5], b"%PDF-")
    _say("Sign-in cards were printed to a PDF")


def _picture(window: object, what: str) -> None:
    """A window that lacks its plug-ins, pictures or letters is all but empty."""
    from PySide6.QtWidgets import QWidget

    assert isinstance(window, QWidget)
    image = window.grab().toImage()
    step = 6
    colours = {image.pixel(x, y) for x in range(0, image.width(), step) for y in range(0, image.height(), step)}
    if len(colours) < 40:
        raise Failed(f"{what} shows {len(colours)} colours only")
    _say(f"The window of {what}: {image.width()} x {image.height()}")


def _check(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Failed(f"{what}: {found!r} instead of {wanted!r}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
