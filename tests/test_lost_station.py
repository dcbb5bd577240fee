"""A student computer whose data is destroyed: what was on any stick is safe, the rest comes from its own backups."""

from __future__ import annotations

from pathlib import Path

import pytest

from blenddesk import bootstrap, joining, restoring
from blenddesk.config import Paths
from blenddesk.domain.entries import By
from blenddesk.domain.ids import Id
from blenddesk.errors import EnvironmentTrouble
from blenddesk.services import authority, backups, entries, exchange, plans
from blenddesk.services.context import AppContext
from blenddesk.ui import carry_words
from tests.conftest import FakeClock, fill_class
from tests.sync.devices import WEAK

DAY = 24 * 60


class Lap:
    """A desk, Blue-3 with work that went home on a stick, and later work of Blue-3 that is on no stick."""

    def __init__(self, desk: AppContext, folder: Path, clock: FakeClock) -> None:
        self.desk, self.folder, self.clock = desk, folder, clock
        self.section: Id = fill_class(desk, 6)
        self.plan = plans.new_plan(desk, self.section, "station-4", seed=1).plan
        plans.mark_ready(desk, self.section, self.plan)
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.blue = self.join("Blue-3")
        self.work(0)
        self.work(1)
        exchange.take_to_computers(self.blue, self.stick)
        exchange.bring_home(desk, [self.stick])
        clock.advance(minutes=DAY)
        self.work(2)

    def join(self, name: str) -> AppContext:
        added = exchange.add_computer(self.desk, self.section, name, self.folder, strength=WEAK)
        paths = Paths(self.folder / name)
        paths.data.mkdir()
        joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=self.clock)
        return bootstrap.open_device(paths, clock=self.clock)

    def work(self, student: int) -> None:
        sheet = self.blue.reads.plans.sheet(self.section, self.plan)
        assert sheet is not None
        who = self.blue.reads.people.students(self.section)[student].id
        entries.add_entry(self.blue, self.section, who, self.plan, sheet.blocks[0].id, growth=3, by=By.STUDENT)

    def destroy(self) -> bytes:
        """Writes rubbish over all of the database and what SQLite keeps beside it; returns its key."""
        paths, key = self.blue.paths, self.blue.reads.reader.key
        bootstrap.close_device(self.blue)
        for file in paths.data.glob(f"{paths.database.name}*"):
            file.write_bytes(b"\xa5" * file.stat().st_size)
        return key


@pytest.fixture
def lap(desk: AppContext, tmp_path: Path, clock: FakeClock) -> Lap:
    return Lap(desk, tmp_path, clock)


def done(context: AppContext, section: Id) -> int:
    return len(context.reads.entries.of_section(section))


def test_what_was_on_the_stick_is_not_lost_and_the_desk_says_since_when_it_waits(lap: Lap) -> None:
    lap.destroy()
    assert done(lap.desk, lap.section) == 2
    # Another computer in its place has all of it from the same stick, also without the desk's.
    fresh = lap.join("Blue-4")
    exchange.bring_home(fresh, [lap.stick])
    assert done(fresh, lap.section) == 2
    bootstrap.close_device(fresh)
    # That something may be missing shows on the desk by the age of its last trip.
    lap.clock.advance(minutes=3 * DAY)
    [blue] = [one for one in exchange.who_is_home(lap.desk, lap.section) if one.name == "Blue-3"]
    said, tone = carry_words.home_words(lap.clock, blue)
    assert said.endswith("4 days ago")
    assert tone == "warn"


def test_what_was_on_no_stick_comes_from_its_own_backup(lap: Lap) -> None:
    made = backups.back_up(lap.blue)
    assert made.second == "none"
    life = lap.blue.ledger.epoch
    key = lap.destroy()
    repaired = restoring.repair(lap.blue.paths, key)
    assert repaired.backup == made.file
    again = bootstrap.open_device(lap.blue.paths, clock=lap.clock)
    assert (again.is_desk, again.device_name) == (False, "Blue-3")
    assert again.ledger.epoch != life, "a new life, so that nothing it wrote after the backup is taken for a copy"
    assert done(again, lap.section) == 3
    exchange.take_to_computers(again, lap.stick)
    assert exchange.bring_home(lap.desk, [lap.stick]).refused == ()
    assert done(lap.desk, lap.section) == 3
    assert [one.standing for one in authority.computers(lap.desk) if not one.is_this] == ["certified"]
    bootstrap.close_device(again)


def test_its_backup_is_sealed_to_its_own_key_and_opens_with_no_words(lap: Lap) -> None:
    made = backups.back_up(lap.blue)
    assert backups.words_of(made.file) == frozenset()
    sealed = made.file.read_bytes()
    assert not any(one.name.encode() in sealed for one in lap.blue.reads.people.students(lap.section))
    lap.destroy()


def test_without_a_backup_and_without_the_data_it_is_said_to_be_impossible(lap: Lap) -> None:
    key = lap.destroy()
    with pytest.raises(EnvironmentTrouble, match="repair_impossible"):
        restoring.repair(lap.blue.paths, key)
