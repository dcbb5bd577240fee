"""Student computers through the use cases: adding one, the way of a stick, who is home, undo of an import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk import bootstrap, joining
from blenddesk.config import Paths
from blenddesk.domain.entries import By
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.services import classes, entries, exchange, plans, rosters
from blenddesk.services.context import AppContext
from tests.conftest import FakeClock
from tests.sync.devices import WEAK


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def station(desk: AppContext, section: Id, stick: Path, tmp_path: Path, clock: FakeClock) -> Iterator[AppContext]:
    """Blue-1, which has joined and holds a plan; the desk has not heard of it yet."""
    made = plans.new_plan(desk, section, "station-4", seed=1)
    plans.mark_ready(desk, section, made.plan)
    added = exchange.add_computer(desk, section, "Blue-1", stick, strength=WEAK)
    paths = Paths(tmp_path / "blue-1")
    paths.data.mkdir()
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    context = bootstrap.open_device(paths, clock=clock)
    yield context
    bootstrap.close_device(context)


def log(station: AppContext, section: Id, students: int) -> None:
    plan = station.reads.plans.all(section)[0].id
    sheet = station.reads.plans.sheet(section, plan)
    assert sheet is not None
    for student in station.reads.people.students(section)[:students]:
        entries.add_entry(station, section, student.id, plan, sheet.blocks[0].id, growth=2, by=By.STUDENT)


def test_work_comes_home_and_says_who_is_there(
    desk: AppContext, section: Id, station: AppContext, stick: Path, clock: FakeClock
) -> None:
    before = {one.name: one.standing for one in exchange.who_is_home(desk, section)}
    assert before == {"Blue-1": exchange.NOT_OPENED}
    log(station, section, 3)
    taken = exchange.take_to_computers(station, stick)
    assert [file.parent for file in taken.files] == [stick]
    preview = exchange.bring_home(desk, [stick], preview=True)
    assert (preview.records()["entry"], preview.records()["reflection"], preview.senders()) == (3, 3, ["Blue-1"])
    assert desk.reads.entries.of_section(section) == []
    clock.advance(minutes=70)
    heard: list[ChangeSet] = []
    desk.listeners.append(heard.append)
    home = desk.run(exchange.bring_home, [stick])
    assert home.records() == preview.records()
    assert [change.kinds & {"entry"} for change in heard] == [{"entry"}]
    assert len(desk.reads.entries.of_section(section)) == 3
    [blue] = exchange.who_is_home(desk, section)
    # Confirmed in the same go: the next lap is sealed to its own key.
    assert (blue.standing, blue.last_home_ms) == ("certified", clock.wall_ms())
    first_home = clock.wall_ms()
    clock.advance(minutes=600)
    assert exchange.bring_home(desk, [stick]).change.is_empty
    # An old file read again brings nobody home; a fresh one with nothing new does.
    assert exchange.who_is_home(desk, section)[0].last_home_ms == first_home
    exchange.take_to_computers(station, stick)
    exchange.bring_home(desk, [stick])
    second_home = clock.wall_ms()
    assert exchange.who_is_home(desk, section)[0].last_home_ms == second_home
    assert len(list(stick.glob("*.bdx"))) == 2
    clock.advance(minutes=600)
    exchange.bring_home(desk, [stick])
    assert exchange.who_is_home(desk, section)[0].last_home_ms == second_home


def test_an_import_of_several_files_is_undone_in_one_go(
    desk: AppContext, section: Id, station: AppContext, stick: Path, tmp_path: Path
) -> None:
    log(station, section, 1)
    exchange.take_to_computers(station, stick)
    older = (stick / next(iter(stick.glob("*.bdx"))).name).read_bytes()
    log(station, section, 4)
    exchange.take_to_computers(station, stick)
    (stick / "bd-0.bdx").write_bytes(older)
    home = exchange.bring_home(desk, [stick])
    assert len([package for package in home.packages if package.new_ops]) == 2
    assert len(home.changes) == 1
    assert len(desk.reads.entries.of_section(section)) == 5
    exchange.undo_bring_home(desk, home.changes)
    assert desk.reads.entries.of_section(section) == []


def test_a_computer_that_is_behind_is_told_so(
    desk: AppContext, section: Id, station: AppContext, stick: Path, clock: FakeClock
) -> None:
    exchange.take_to_computers(station, stick)
    exchange.bring_home(desk, [stick])
    clock.advance(minutes=5)
    rosters.add_student(desk, section, "Newcomer")
    [blue] = exchange.who_is_home(desk, section)
    assert blue.behind > 0
    exchange.take_to_computers(desk, stick)
    exchange.bring_home(station, [stick])
    exchange.take_to_computers(station, stick)
    exchange.bring_home(desk, [stick])
    [blue] = exchange.who_is_home(desk, section)
    assert blue.behind == 0


def test_a_damaged_file_is_told_and_changes_nothing(
    desk: AppContext, section: Id, station: AppContext, stick: Path
) -> None:
    exchange.take_to_computers(station, stick)
    file = next(iter(stick.glob("*.bdx")))
    data = bytearray(file.read_bytes())
    data[-9] ^= 1
    file.write_bytes(bytes(data))
    home = exchange.bring_home(desk, [stick])
    assert home.change.is_empty
    assert [package.reason for package in home.packages] == ["seal_damaged"]


def test_stopping_leaves_everything_as_it_was(desk: AppContext, section: Id, station: AppContext, stick: Path) -> None:
    log(station, section, 2)
    exchange.take_to_computers(station, stick)
    with pytest.raises(Refusal, match="cancelled"):
        exchange.bring_home(desk, [stick], cancelled=lambda: True)
    assert desk.reads.entries.of_section(section) == []


@pytest.mark.parametrize(
    ("name", "code"), [(" ", "computer_name_empty"), ("x" * 41, "computer_name_long"), ("blue-1", "computer_exists")]
)
def test_a_computer_needs_a_name_of_its_own(desk: AppContext, section: Id, stick: Path, name: str, code: str) -> None:
    exchange.add_computer(desk, section, "Blue-1", stick, strength=WEAK)
    with pytest.raises(Refusal, match=code):
        exchange.add_computer(desk, section, name, stick, strength=WEAK)
    assert len(exchange.who_is_home(desk, section)) == 1


def test_without_a_stick_no_place_is_promised(desk: AppContext, section: Id, stick: Path) -> None:
    with pytest.raises(EnvironmentTrouble, match="folder_missing"):
        exchange.add_computer(desk, section, "Blue-1", stick / "gone", strength=WEAK)
    assert exchange.who_is_home(desk, section) == []


def test_the_file_has_the_name_of_its_computer(desk: AppContext, section: Id, stick: Path) -> None:
    assert exchange.add_computer(desk, section, "Blue 7 / left", stick, strength=WEAK).file.name.startswith(
        "Blue-7-left-"
    )
    assert exchange.add_computer(desk, section, "حاسوب", stick, strength=WEAK).file.name.startswith("computer-")


def test_wrong_words_leave_no_device(desk: AppContext, section: Id, stick: Path, tmp_path: Path) -> None:
    added = exchange.add_computer(desk, section, "Blue-1", stick, strength=WEAK)
    paths = Paths(tmp_path / "blue")
    paths.data.mkdir()
    for words in ("one two", " ".join(reversed(added.words))):
        with pytest.raises(Exception, match=r"words_count|seat_words_wrong"):
            joining.open_seat(paths, added.file.read_bytes(), words)
        assert not paths.exists
        assert list(paths.data.iterdir()) == []


def test_a_second_class_joins_the_same_student_computer(
    desk: AppContext, section: Id, station: AppContext, stick: Path, clock: FakeClock
) -> None:
    classes.create_class(desk, "Rivers")
    rivers = classes.class_by_name(desk, "Rivers")
    assert rivers is not None
    added = exchange.add_computer(desk, rivers.id, "Blue-1", stick, strength=WEAK)
    joined = joining.open_seat(station.paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    assert [name for _section, name in joined.classes] == ["Rivers", "Sunflowers"]


def test_a_desk_does_not_become_a_student_computer(desk: AppContext, section: Id, stick: Path) -> None:
    added = exchange.add_computer(desk, section, "Blue-1", stick, strength=WEAK)
    with pytest.raises(Refusal, match="seat_own_class"):
        joining.open_seat(desk.paths, added.file.read_bytes(), " ".join(added.words))
