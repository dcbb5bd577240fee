"""Another teacher's desk works for the class, and reads what desks read, once its teacher has confirmed it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.domain.ops import put
from blenddesk.errors import Refusal
from blenddesk.storage.tables import Status
from blenddesk.sync import retiring, seats, trust
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.packages import Export, write_package
from tests.sync.devices import WEAK, Classroom, Device, make_classroom

NEEDS = "SELECT COUNT(*) FROM profile_desk"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path, stations=1)
    made.lap(tmp_path / "first lap")
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def desk_file(room: Classroom) -> seats.NewSeat:
    desk = room.desk
    return seats.new_seat(desk.ledger, desk.keys, desk.section, "Mr Novak", for_desk=True, strength=WEAK)


def new_desk(room: Classroom, folder: Path, seat: seats.NewSeat, seed: int = 60) -> Device:
    made = Device(folder, "Mr Novak", "desk", seed, room.clock)
    made.found_mine()
    made.take_seat(seat)
    return made


def standing(of: Device, on: Device) -> list[tuple[str, str, str]]:
    with on.database.read() as connection:
        known = trust.load_trust(connection, on.section).keys_of(of.device_id)
    return [(one.name, one.role.value, one.standing.value) for one in known]


def test_it_waits_for_the_first_desk_and_then_has_all_rights(room: Classroom, tmp_path: Path, stick: Path) -> None:
    desk, [station] = room.desk, room.stations
    other = new_desk(room, tmp_path / "other", desk_file(room))
    assert other.column("student", "name") == desk.column("student", "name")
    assert other.count(NEEDS) == 0, "the file carries nothing that only desks may read"
    with pytest.raises(Refusal, match="not_confirmed_yet"):
        other.rename(0, "too early")
    with pytest.raises(Refusal, match="not_confirmed_yet"):
        other.log_entry(0)
    assert len(other.write(stick).files) == 2, "one of the class and its own; none that only desks may open"
    desk.write(stick)
    other.read(stick)
    assert other.count(NEEDS) == 0, "nor does a package before the first desk has met it"
    desk.read(stick)
    assert standing(other, desk) == [("Mr Novak", "teacher", "announced")]
    desk.write(stick)
    other.read(stick)
    assert other.count(NEEDS) == 0, "no file brings that about"
    with pytest.raises(Refusal, match="not_confirmed_yet"):
        other.rename(0, "too early")
    retiring.confirm(desk.ledger, other.device_id)
    assert standing(other, desk) == [("Mr Novak", "teacher", "certified")]
    desk.write(stick)
    other.read(stick)
    assert other.count(NEEDS) == 3
    station.read(stick)
    station.log_entry(0, "for both of you")
    station.write(stick)
    for one in (desk, other):
        one.read(stick)
        assert one.column("reflection_drop", "remark") == ["for both of you"]
    other.rename(0, "by the second desk")
    assert len(other.write(stick).files) == 3
    for one in (desk, station):
        one.read(stick)
        assert one.digest() == other.digest()
        assert "by the second desk" in one.column("student", "name")
    other.close()


def test_what_it_forces_before_is_held_and_counts_once_it_is_confirmed(
    room: Classroom, tmp_path: Path, stick: Path
) -> None:
    desk, [station] = room.desk, room.stations
    other = new_desk(room, tmp_path / "other", desk_file(room))
    other.write_whatever(put(other.section, "student", other.student(0), name="forced"))
    other.write(stick)
    station.read(stick)
    assert station.count(f"SELECT COUNT(*) FROM op WHERE status = {Status.HELD}") == 1
    assert "forced" not in station.column("student", "name")
    desk.read(stick)
    assert desk.count(f"SELECT COUNT(*) FROM op WHERE status = {Status.HELD}") == 1
    retiring.confirm(desk.ledger, other.device_id)
    desk.write(stick)
    station.read(stick)
    assert "forced" in station.column("student", "name")
    assert "forced" in desk.column("student", "name")
    assert station.digest() == desk.digest()
    other.close()


def test_of_two_that_open_its_file_neither_is_confirmed_by_itself(room: Classroom, tmp_path: Path, stick: Path) -> None:
    seat = desk_file(room)
    one, two = (new_desk(room, tmp_path / str(seed), seat, seed) for seed in (61, 62))
    for device in (one, two):
        device.write(stick)
    station = room.stations[0]
    station.read(stick)
    home = tmp_path / "home"
    home.mkdir()
    station.write(home)
    room.desk.read(home)
    assert [standing(device, room.desk)[0][2] for device in (one, two)] == ["held", "held"]
    retiring.confirm(room.desk.ledger, two.device_id)
    assert [standing(device, room.desk)[0][2] for device in (one, two)] == ["held", "certified"]
    for device in (one, two):
        device.close()


def test_the_files_of_desks_and_of_student_computers_are_not_mixed_up(room: Classroom, tmp_path: Path) -> None:
    station = Device(tmp_path / "blank", "new", "station", 63, room.clock)
    for_desk, for_station = desk_file(room), room.desk.give_seat("Blue-9")
    assert seats.is_for_desk(for_desk.data, " ".join(for_desk.words))
    assert not seats.is_for_desk(for_station.data, " ".join(for_station.words))
    with pytest.raises(Refusal, match="desk_seat_on_a_student_computer"):
        station.take_seat(for_desk)
    other = Device(tmp_path / "other", "Mr Novak", "desk", 64, room.clock)
    with pytest.raises(Refusal, match="seat_on_a_desk"):
        other.take_seat(for_station)
    for device in (station, other):
        assert device.count("SELECT COUNT(*) FROM op") == 0
        device.close()


def test_a_desk_that_only_announced_itself_sends_nothing_to_desks(room: Classroom, tmp_path: Path, stick: Path) -> None:
    other = new_desk(room, tmp_path / "other", desk_file(room))
    with other.database.read() as connection:
        made = write_package(
            connection,
            other.keys,
            other.section,
            PackageKind.DESK,
            Export(1, b"x" * 16, 1),
            recipients=[room.desk.keys.age_recipient],
        )
    (stick / "forced.bdx").write_bytes(made.data)
    (result,) = room.desk.read(stick)
    assert (result.status, result.reason) == ("refused", "sender_may_not")
    other.close()
