"""A desk with a pass phrase, and the hands at its lock."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.services import classes, plans, protection
from blenddesk.ui.app import Face
from blenddesk.ui.desk.window import DeskWindow
from blenddesk.ui.lock_window import LockWindow
from blenddesk.ui.locker import Locker
from tests.conftest import FakeClock, FakeRandomness, fill_class
from tests.sync.devices import WEAK

PHRASE = "sunflowers in the rain"


DAY = "2026-11-23"


class School:
    """A desk with a class of eight and a lesson on Monday; the words of its sheet."""

    def __init__(self, paths: Paths, clock: FakeClock) -> None:
        self.paths, self.clock = paths, clock
        randomness = FakeRandomness(5)
        context = bootstrap.create_device(paths, role="desk", name="Ms Okoro", clock=clock)
        classes.found_desk(context, "Ms Okoro")
        self.section = fill_class(context, 8)
        self.plan = plans.new_plan(context, self.section, "station-4", day=DAY, start_minute=510, seed=3).plan
        plans.mark_ready(context, self.section, self.plan)
        self.key = context.reads.reader.key
        bootstrap.close_device(context)
        self.sheet = protection.draw_sheet(randomness, "en", WEAK)

    def protect(self) -> None:
        protection.set_phrase(self.paths, self.key, PHRASE, FakeRandomness(6), sheet=self.sheet, strength=WEAK)


def lock_of(face: Face) -> LockWindow:
    assert isinstance(face.window, LockWindow)
    return face.window


def desk_of(face: Face) -> DeskWindow:
    assert isinstance(face.window, DeskWindow)
    return face.window


def locker_of(face: Face, qtbot: QtBot) -> Locker:
    qtbot.waitUntil(lambda: desk_of(face).locker is not None)
    locker = desk_of(face).locker
    assert locker is not None
    return locker


def type_phrase(window: LockWindow, phrase: str, qtbot: QtBot) -> None:
    window.phrase.line.setText(phrase)
    window.try_phrase()
    qtbot.waitUntil(lambda: not window.tasks.is_busy)


def open_desk(face: Face, school: School, qtbot: QtBot) -> Locker:
    """The desk, unlocked from its first window on."""
    school.protect()
    face.start()
    type_phrase(lock_of(face), PHRASE, qtbot)
    return locker_of(face, qtbot)
