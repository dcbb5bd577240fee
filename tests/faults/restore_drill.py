"""The restore drill: a desk is lost, and comes back from its newest backup, its oldest, and only a stick and the sheet.

A teacher works for some days with words found nowhere else (canaries), carries work to a student computer and home,
and backups are made by themselves, here and on the stick. Then the computer is gone. From each of three sources a new
one is set up; what it shows must be, to the digest, what the desk showed when that was saved, and reading the packages
of the stick must bring every canary that ever was on it. ``python -m tests.faults.restore_drill``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from blenddesk import bootstrap, joining, restoring
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.services import backups, classes, exchange, goals, profiles, protection, rosters
from blenddesk.services.context import AppContext
from blenddesk.storage import digest
from blenddesk.sync.wordlock import Strength
from tests.conftest import FakeClock, FakeRandomness

WEAK = Strength(passes=1, memory_bytes=8_192)
DAY_MINUTES = 24 * 60
STUDENTS = 6

Say = Callable[[str], None]


class Moment(NamedTuple):
    """What the desk showed when a backup of it was made: its digest, its ops, and the canaries written by then."""

    digest: str
    ops: int
    canaries: frozenset[str]


@dataclass
class School:
    """A desk, a student computer and a stick; ``moments`` by the name of the backup."""

    root: Path
    clock: FakeClock = field(default_factory=FakeClock)
    moments: dict[str, Moment] = field(default_factory=dict)
    canaries: list[str] = field(default_factory=list)
    notes: dict[Id, list[str]] = field(default_factory=dict)
    on_stick: frozenset[str] = frozenset()
    """Canaries that were in the packages when the stick was last taken from the desk."""

    def __post_init__(self) -> None:
        self.stick = self.root / "stick"
        self.stick.mkdir(parents=True)
        self.randomness = FakeRandomness(11)
        self.paths = Paths(self.root / "desk", self.root / "state of the desk")
        self.desk = bootstrap.create_device(
            self.paths, role="desk", name="Ms Okoro", clock=self.clock, randomness=self.randomness
        )
        self.key = self.desk.reads.reader.key
        classes.found_desk(self.desk, "Ms Okoro")
        self.section = self.new_class("Sunflowers")
        self.sheet = protection.draw_sheet(self.randomness, "en", WEAK)
        protection.set_sheet(self.paths, self.key, self.sheet)
        backups.choose_second_place(self.desk, self.stick)
        self.blue = self._student_computer()

    def new_class(self, name: str) -> Id:
        classes.create_class(self.desk, name)
        found = classes.class_by_name(self.desk, name)
        assert found is not None
        for number in range(STUDENTS):
            canary = self.canary("Student")
            rosters.add_student(self.desk, found.id, f"{name}{number}", canary)
        return found.id

    def _student_computer(self) -> AppContext:
        added = exchange.add_computer(self.desk, self.section, "Blue-1", self.stick, strength=WEAK)
        paths = Paths(self.root / "blue", self.root / "state of blue")
        joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=self.clock)
        return bootstrap.open_device(paths, clock=self.clock, randomness=FakeRandomness(12))

    def canary(self, what: str) -> str:
        self.canaries.append(f"{what}Canary{len(self.canaries)}x")
        return self.canaries[-1]

    def work(self, day: int) -> None:
        """A day: notes only desks see, goals that the class sees, and a backup after each hour."""
        students = self.desk.reads.people.students(self.section)
        for hour in range(3):
            self.clock.advance(minutes=60)
            one = students[(day + hour) % len(students)]
            notes = self.notes.setdefault(one.id, [])
            notes.append(self.canary("Note"))
            profiles.set_note(self.desk, one.id, " ".join(notes))
            goals.set_goal(self.desk, one.id, self.canary("Goal"))
            self.back_up()

    def back_up(self) -> None:
        made = backups.back_up(self.desk)
        with self.desk.ledger.database.read() as connection:
            ops = connection.exec_driver_sql("SELECT count(*) FROM op").scalar_one()
            self.moments[made.file.name] = Moment(digest.whole_digest(connection), ops, frozenset(self.canaries))

    def lap(self) -> None:
        """The stick goes to the student computer and home."""
        exchange.take_to_computers(self.desk, self.stick)
        exchange.bring_home(self.blue, [self.stick])
        exchange.take_to_computers(self.blue, self.stick)
        exchange.bring_home(self.desk, [self.stick])
        exchange.take_to_computers(self.desk, self.stick)
        self.on_stick = frozenset(self.canaries)

    def lose_everything(self) -> None:
        """The computers are gone, with all that lay on them; what was on the stick is there."""
        bootstrap.close_device(self.desk)
        bootstrap.close_device(self.blue)


class Drill(NamedTuple):
    """One way back: which backup, by which secret, and what came of it."""

    name: str
    file: Path
    by_sheet: bool


def play(root: Path, days: int) -> School:
    """``days`` of work with a lap of the stick every third day, then hours that no stick has seen."""
    school = School(root)
    for day in range(days):
        school.work(day)
        if day % 3 == 1:
            school.lap()
        if day == days // 2:
            school.new_class("Oaks")
        school.clock.advance(minutes=DAY_MINUTES)
    school.lap()
    school.work(days)
    school.lose_everything()
    return school


def drills_of(school: School) -> list[Drill]:
    own = [one.path for one in backups.own_backups(school.paths)]
    on_stick = sorted(school.stick.glob("*.bdbackup"), reverse=True)
    return [
        Drill("newest backup, the computer's own key", own[0], by_sheet=False),
        Drill("oldest backup, the computer's own key", own[-1], by_sheet=False),
        Drill("newest backup of the stick and the sheet", on_stick[0], by_sheet=True),
        Drill("oldest backup of the stick and the sheet", on_stick[-1], by_sheet=True),
    ]


def drill(school: School, one: Drill, to: Path) -> list[str]:
    """Sets a new computer up from it; returns what is wrong, a line each."""
    wrong: list[str] = []
    moment = school.moments[one.file.name]
    paths = Paths(to / "data", to / "state")
    typed = " ".join(school.sheet.words) if one.by_sheet else ""
    key = None if one.by_sheet else school.key
    restored = restoring.restore(paths, one.file, typed=typed, key=key, clock=school.clock)
    desk = bootstrap.open_device(paths, clock=school.clock)
    try:
        with desk.ledger.database.read() as connection:
            if (digest.whole_digest(connection), restored.ops) != (moment.digest, moment.ops):
                wrong.append("it shows something else than the desk did")
            wrong += [f"not sound: {finding}" for finding in digest.verify(connection)]
        wrong += [f"{canary} is lost" for canary in sorted(moment.canaries - shown(desk, school.canaries))]
        if desk.ledger.epoch == school.desk.ledger.epoch:
            wrong.append("no new life")
        home = exchange.bring_home(desk, [school.stick])
        wrong += [f"{package.file.name}: {package.reason}" for package in home.refused]
        expected = moment.canaries | school.on_stick
        lost = sorted(expected - shown(desk, school.canaries))
        wrong += [f"{canary} was on the stick and is lost" for canary in lost]
        profiles.set_note(desk, desk.reads.people.students(school.section)[0].id, "work goes on")
        if not digest.rebuild(desk.ledger):
            wrong.append("what is shown differs from the log afterwards")
        with desk.ledger.database.read() as connection:
            wrong += [f"not sound afterwards: {finding}" for finding in digest.verify(connection)]
    finally:
        bootstrap.close_device(desk)
    return wrong


def shown(desk: AppContext, canaries: list[str]) -> set[str]:
    """Which canaries stand in the tables of the screens."""
    found: set[str] = set()
    with desk.ledger.database.read() as connection:
        for table in ("student_desk", "profile_desk", "goal", "goal_desk"):
            known = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).first()
            if known:
                text = repr(connection.exec_driver_sql(f'SELECT * FROM "{table}"').all())
                found |= {canary for canary in canaries if canary in text}
    return found


def run(root: Path, days: int, say: Say = print) -> bool:
    """Plays it all; says what came of each way back, and whether nothing was lost on any."""
    school = play(root / "school", days)
    written, made = len(school.canaries), len(school.moments)
    say(f"{days} days, {written} canaries, {len(school.on_stick)} of them carried by the stick, {made} backups made")
    sound = True
    for number, one in enumerate(drills_of(school)):
        wrong = drill(school, one, root / f"new computer {number}")
        held = school.moments[one.file.name].canaries | school.on_stick
        say(f"{one.name}: {len(held)} canaries back, {len(wrong)} wrong" + "".join(f"\n  {line}" for line in wrong))
        sound = sound and not wrong
    return sound


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return 0 if run(Path(folder), options.days) else 1


if __name__ == "__main__":
    sys.exit(main())
