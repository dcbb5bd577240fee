"""Copies of one computer are noticed and told apart; namesakes that two computers made are, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from blenddesk import bootstrap, joining
from blenddesk.config import Paths
from blenddesk.domain.entries import By
from blenddesk.domain.ids import Id
from blenddesk.errors import Refusal
from blenddesk.services import conflicts, copies, entries, exchange, history, plans, rosters
from blenddesk.services.conflicts import Kind
from blenddesk.services.context import AppContext
from tests.conftest import FakeClock, FakeRandomness
from tests.services.desks import carry, copied
from tests.sync.devices import WEAK


@pytest.fixture
def paths(desk: AppContext, section: Id, tmp_path: Path, clock: FakeClock) -> Paths:
    """Where Blue-3 lives, which has joined the class and is home."""
    made = plans.new_plan(desk, section, "station-4", seed=1)
    plans.mark_ready(desk, section, made.plan)
    stick = tmp_path / "stick"
    stick.mkdir()
    added = exchange.add_computer(desk, section, "Blue-3", stick, strength=WEAK)
    home = Paths(tmp_path / "blue-3")
    home.data.mkdir()
    joining.open_seat(home, added.file.read_bytes(), " ".join(added.words), clock=clock)
    context = bootstrap.open_device(home, clock=clock)
    carry(stick, context, desk)
    bootstrap.close_device(context)
    return home


def log(context: AppContext, section: Id, student: int) -> None:
    plan = context.reads.plans.all(section)[0].id
    sheet = context.reads.plans.sheet(section, plan)
    assert sheet is not None
    child = context.reads.people.students(section)[student].id
    entries.add_entry(context, section, child, plan, sheet.blocks[0].id, by=By.STUDENT)


def test_two_computers_made_from_one_disk_are_named_and_one_gets_a_name_of_its_own(
    desk: AppContext, section: Id, paths: Paths, tmp_path: Path, clock: FakeClock
) -> None:
    stick = tmp_path / "stick"
    there = copied_from(paths, tmp_path / "blue-4", clock)
    here = bootstrap.open_device(paths, clock=clock, randomness=FakeRandomness(9))
    try:
        for student in range(4):
            clock.advance(minutes=5)
            log(here if student % 2 else there, section, student)
        assert conflicts.questions(desk) == []
        carry(stick, here, there, desk)
        assert len(desk.reads.entries.of_section(section)) == 4  # both are kept, and both count
        [asked] = conflicts.questions(desk)
        assert (asked.kind, asked.suggested) == (Kind.COPIES, "Blue-4")
        assert [side.who for side in asked.sides] == ["Blue-3", "Blue-3"]
        change = desk.run(conflicts.put_right, asked.id)
        assert conflicts.questions(desk) == []
        history.undo(desk, change.change_id)
        [again] = conflicts.questions(desk)
        desk.run(conflicts.put_right, again.id)
        # They go on side by side and meet again and again: each keeps its name.
        for lap in range(2):
            for student in range(4, 8):
                clock.advance(minutes=5)
                log(here if (student + lap) % 2 else there, section, student)
            carry(stick, here, there, desk)
            assert conflicts.questions(desk) == []
        assert len(desk.reads.conflicts.lives()) == 3  # the desk, and one for each of the two: no lap begins another
        names = copies.ComputerNames(desk)
        lives = desk.reads.conflicts.lives()
        blue = next(life.device for life in lives if names.of(section, life.device, life.epoch) == "Blue-4")
        assert {names.of(section, life.device, life.epoch) for life in lives if life.device == blue} == {
            "Blue-3",
            "Blue-4",
        }
    finally:
        bootstrap.close_device(there)
        bootstrap.close_device(here)


def copied_from(paths: Paths, folder: Path, clock: FakeClock) -> AppContext:
    context = bootstrap.open_device(paths, clock=clock, randomness=FakeRandomness(3))
    bootstrap.close_device(context)
    return copied(context, folder, clock)


def test_a_copy_that_nothing_tells_from_its_original_yet_is_asked_to_meet_it(
    desk: AppContext, section: Id, paths: Paths, tmp_path: Path, clock: FakeClock, state_dir: Path
) -> None:
    """The second place was lost too, as on a classroom set up from one image: both write on in one life."""
    import shutil

    shutil.copytree(paths.data, tmp_path / "blue-4")
    stick, other = tmp_path / "stick", tmp_path / "other stick"
    other.mkdir()
    for place, student, carried in ((paths, 0, stick), (Paths(tmp_path / "blue-4"), 1, other)):
        kept = {file: file.read_bytes() for file in state_dir.glob("*.json")}
        if carried is other:
            for file in kept:
                file.write_text(file.read_text().replace(str(paths.data), str(place.data)))
        context = bootstrap.open_device(place, clock=clock, randomness=FakeRandomness(11 + student))
        clock.advance(minutes=5)
        log(context, section, student)
        exchange.take_to_computers(context, carried)
        bootstrap.close_device(context)
        for file, data in kept.items():
            file.write_bytes(data)
    desk.run(exchange.bring_home, [stick, other])
    assert len(desk.reads.entries.of_section(section)) == 2
    [asked] = conflicts.questions(desk)
    assert (asked.kind, asked.suggested, len(asked.sides)) == (Kind.COPIES, "", 1)
    with pytest.raises(Refusal, match="copy_not_met"):
        conflicts.put_right(desk, asked.id)


def test_renaming_needs_copies_and_a_name(desk: AppContext, section: Id) -> None:
    with pytest.raises(Refusal, match="question_gone"):
        copies.rename(desk, bytes(16), "Blue-9")


def test_a_restored_computer_is_no_copy(
    desk: AppContext, section: Id, paths: Paths, tmp_path: Path, clock: FakeClock
) -> None:
    """A life that ended before the next began is one computer: nobody is asked."""
    import shutil

    stick = tmp_path / "stick"
    shutil.copytree(paths.data, tmp_path / "saved")
    context = bootstrap.open_device(paths, clock=clock)
    log(context, section, 0)
    carry(stick, context, desk)
    bootstrap.close_device(context)
    shutil.rmtree(paths.data)
    (tmp_path / "saved").rename(paths.data)
    clock.advance(minutes=60)
    context = bootstrap.open_device(paths, clock=clock, randomness=FakeRandomness(4))
    log(context, section, 1)
    carry(stick, context, desk)
    bootstrap.close_device(context)
    assert len(desk.reads.entries.of_section(section)) == 2
    assert conflicts.questions(desk) == []


def test_namesakes_and_numbers_that_two_desks_gave_are_told_apart_in_one_click(
    desk: AppContext, section: Id, tmp_path: Path, clock: FakeClock
) -> None:
    bootstrap.close_device(desk)
    there = copied(desk, tmp_path / "laptop", clock)
    here = bootstrap.open_device(Paths(desk.paths.data), clock=clock, randomness=FakeRandomness(5))
    try:
        rosters.add_student(here, section, "Mohamed", "Salah")
        rosters.add_student(there, section, "Mohamed", "Ali")
        carry(tmp_path / "stick", here, there)
        asked = {one.kind: one for one in conflicts.questions(here)}
        assert {Kind.SAME_NAME, Kind.SAME_NUMBER} <= set(asked)
        assert len(asked[Kind.SAME_NAME].students) == 2
        for kind in (Kind.SAME_NAME, Kind.SAME_NUMBER):
            conflicts.put_right(here, asked[kind].id)
        carry(tmp_path / "stick", here, there)
        for context in (here, there):
            people = context.reads.people.students(section)
            assert {s.name for s in people if s.given == "Mohamed"} == {"Mohamed S", "Mohamed A"}
            assert sorted(s.number for s in people) == list(range(1, 11))
            assert not any(one.kind in asked and one.kind is not Kind.COPIES for one in conflicts.questions(context))
    finally:
        bootstrap.close_device(there)
        bootstrap.close_device(here)
