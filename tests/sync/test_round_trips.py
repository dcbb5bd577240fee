"""Packages between real databases: any order, twice, renamed, damaged, foreign; nothing lost, equal in two laps."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.domain.ids import MINE
from blenddesk.domain.ops import put
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.storage import history
from blenddesk.sync import exchange, importing
from blenddesk.sync.packages import open_package
from tests.sync.devices import Classroom, Device, add_desk, make_classroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path)
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_entries_come_home_and_two_laps_make_all_equal(room: Classroom, stick: Path) -> None:
    logged = {station.log_entry(number, "I got it") for station in room.stations for number in range(3)}
    room.desk.rename(0, "Amina")
    room.lap(stick)
    assert room.desk.ids_of("entry") == logged
    assert room.desk.column("reflection_drop", "remark") == ["I got it"] * 6
    room.lap(stick)
    assert len({device.digest() for device in room.devices}) == 1
    assert all(device.ids_of("entry") == logged for device in room.devices)
    before = [device.everything() for device in room.devices]
    for device in room.devices:
        assert {result.status for result in device.read(stick)} <= {"nothing_new", "set_aside"}
        assert {result.new_ops for result in device.read(stick)} == {0}
    assert [device.everything() for device in room.devices] == before


def test_any_order_gives_the_same(tmp_path: Path) -> None:
    digests = set()
    for at, order in enumerate(itertools.permutations(range(3))):
        room = make_classroom(tmp_path / str(at), seed=4)
        files = []
        for number, station in enumerate(room.stations):
            stick = tmp_path / str(at) / f"stick{number}"
            stick.mkdir()
            station.log_entry(number)
            files += station.write(stick).files
        stick = tmp_path / str(at) / "late"
        stick.mkdir()
        room.stations[0].log_entry(2)
        files += room.stations[0].write(stick).files
        for index in order:
            room.desk.read(files[index])
        assert len(room.desk.ids_of("entry")) == 3
        digests.add(room.desk.digest())
        room.close()
    assert len(digests) == 1


def test_names_do_not_matter(room: Classroom, stick: Path) -> None:
    entry = room.stations[0].log_entry(0)
    (file,) = room.stations[0].write(stick).files
    shutil.copy(file, stick / "bd-x (1).bdx")
    shutil.copy(file, stick / "BD-X~1.BDX")
    (stick / "._bd-x.bdx").write_bytes(b"left by a file manager")
    (stick / "holiday.txt").write_text("not ours")
    results = room.desk.read(stick)
    assert [result.file.name for result in results] == sorted([file.name, "bd-x (1).bdx", "BD-X~1.BDX"])
    assert sorted(result.status for result in results) == ["applied", "nothing_new", "nothing_new"]
    assert room.desk.ids_of("entry") == {entry}


def test_foreign_empty_and_missing_files_say_what_they_are(room: Classroom, stick: Path, tmp_path: Path) -> None:
    other = make_classroom(tmp_path / "next door", stations=0, seed=8)
    (foreign, *_rest) = other.desk.write(stick).files
    (stick / "empty.bdx").write_bytes(b"")
    (stick / "text.bdx").write_text("hello")
    before = room.desk.everything()
    found = {result.file.name: (result.status, result.reason) for result in room.desk.read(stick)}
    assert found["empty.bdx"] == ("set_aside", "file_empty")
    assert found["text.bdx"] == ("set_aside", "not_a_package")
    assert found[foreign.name] == ("set_aside", "not_for_us")
    (missing,) = room.desk.read(stick / "gone.bdx")
    assert (missing.status, missing.reason) == ("refused", "file_unreadable")
    assert room.desk.everything() == before
    other.close()


def test_own_files_are_nothing_new(room: Classroom, stick: Path) -> None:
    room.desk.write(stick)
    assert {result.status for result in room.desk.read(stick)} == {"nothing_new"}


def test_the_first_file_is_the_class_package_also_when_nothing_changed(room: Classroom, stick: Path) -> None:
    first, again = room.desk.write(stick), room.desk.write(stick)
    for report in (first, again):
        assert [file.suffix for file in report.files] == [".bdx"] * 3
        assert room.stations[0].read(report.files[0])[0].status != "set_aside"
        assert [room.stations[0].read(file)[0].status for file in report.files[1:]] == ["set_aside"] * 2
    assert again.ops == first.ops == room.desk.count("SELECT COUNT(*) FROM op")
    assert again.bytes == sum(file.stat().st_size for file in again.files)


def test_preview_tells_the_same_as_reading_and_keeps_nothing(room: Classroom, stick: Path) -> None:
    first, second = room.stations
    first.log_entry(0, "hello")
    first.write(stick)
    second.read(stick)
    second.log_entry(1)
    second.write(stick)
    room.desk.rename(0, "A")
    before = room.desk.everything()
    previewed = room.desk.read(stick, preview=True)
    assert room.desk.everything() == before
    assert room.desk.count("SELECT COUNT(*) FROM package_seen") == 0
    done = room.desk.read(stick)
    assert [(r.file, r.new_ops, r.records, r.sender) for r in previewed] == [
        (r.file, r.new_ops, r.records, r.sender) for r in done
    ]
    total = sum((result.records for result in done), start=type(done[0].records)())
    assert total == {"announcement": 2, "entry": 2, "reflection": 1}
    assert {result.sender for result in done} == {"Blue-1", "Blue-2"}


def test_a_read_package_is_one_change_that_undo_takes_back(room: Classroom, stick: Path) -> None:
    room.stations[0].log_entry(0)
    room.stations[0].log_entry(1)
    room.stations[0].write(stick)
    (result,) = room.desk.read(stick)
    assert result.changes is not None
    change = history.next_undo(room.desk.ledger)
    assert change is not None
    assert (change.id, change.label, change.args["ops"]) == (result.changes.change_id, "package_read", result.new_ops)
    undone = history.undo(room.desk.ledger)
    assert room.desk.ids_of("entry") == set()
    history.undo(room.desk.ledger, undone.change_id)
    assert len(room.desk.ids_of("entry")) == 2
    room.lap(stick)
    room.lap(stick)
    assert len({device.digest() for device in room.devices}) == 1


def test_two_edits_that_did_not_see_each_other_are_counted_as_a_conflict(
    room: Classroom, stick: Path, tmp_path: Path
) -> None:
    other = add_desk(room.desk, tmp_path)
    room.lap(stick, [room.desk, other, room.desk])
    other.rename(0, "from the other desk")
    room.desk.rename(0, "from the desk")
    other.write(stick)
    assert sum(result.conflicts for result in room.desk.read(stick)) == 1
    other.close()


def test_a_class_of_many_segments_is_skipped_where_it_is_known(
    room: Classroom, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from blenddesk.sync import segments

    station = room.stations[0]

    def log(count: int) -> None:
        station.ledger.commit(
            "entries",
            [
                put(station.section, "entry", station.randomness.token(16), student=station.student(0), by="student")
                for _ in range(count)
            ],
        )

    log(5_000)
    station.write(stick)
    room.desk.read(stick)
    assert len(room.desk.ids_of("entry")) == 5_000
    opened: list[tuple[int, int]] = []
    real = segments.unpack
    monkeypatch.setattr(segments, "unpack", lambda sid, e, data: opened.append((e.lo, e.hi)) or real(sid, e, data))
    log(10)
    room.desk.read(*station.write(stick).files)
    assert len(room.desk.ids_of("entry")) == 5_010
    assert opened[0][0] == 4_097, "finished segments are not opened again"
    assert len(opened) == 1


def test_a_segment_ends_before_it_gets_too_long(room: Classroom, stick: Path) -> None:
    station = room.stations[0]
    long_text = "".join(chr(97 + n % 26) for n in range(30_000))
    ids = [station.randomness.token(16) for _ in range(80)]
    station.ledger.commit("entries", [put(station.section, "entry", i, day=long_text) for i in ids])
    (file,) = station.write(stick).files
    with room.desk.database.read() as connection:
        from blenddesk.sync.packages import open_package

        package = open_package(connection, room.desk.keys, file.read_bytes())
    assert max(entry.raw_len for entry in package.manifest.segments) <= 1 << 20
    assert room.desk.read(stick)[0].new_ops == 81
    assert room.desk.ids_of("entry") == set(ids)


def test_a_copied_computer_loses_nothing(room: Classroom, stick: Path, tmp_path: Path) -> None:
    original = room.stations[0]
    room.lap(stick)
    original.close()
    twin = original.copied_to(tmp_path / "copy", room.clock, seed=99)
    original._open()
    entries = {original.log_entry(0), twin.log_entry(1), original.log_entry(2), twin.log_entry(0)}
    both = Classroom(room.desk, [original, twin, room.stations[1]], room.clock)
    both.lap(stick)
    assert room.desk.ids_of("entry") == entries
    both.lap(stick)
    assert len({device.digest() for device in both.devices}) == 1
    assert original.ledger.epoch != twin.ledger.epoch
    later = {original.log_entry(1), twin.log_entry(1)}
    both.lap(stick)
    both.lap(stick)
    assert all(device.ids_of("entry") == entries | later for device in both.devices)
    twin.close()


def test_a_restored_computer_gets_its_lost_work_back_from_its_own_package(
    room: Classroom, stick: Path, tmp_path: Path
) -> None:
    station = room.stations[0]
    kept = station.log_entry(0)
    station.close()
    shutil.copytree(station.folder, tmp_path / "backup")
    station._open()
    lost = station.log_entry(1)
    station.write(stick)
    station.close()
    shutil.rmtree(station.folder)
    shutil.copytree(tmp_path / "backup", station.folder)
    station._open()
    assert station.ids_of("entry") == {kept}
    again = station.log_entry(2)
    station.read(stick)
    assert station.ids_of("entry") == {kept, lost, again}
    room.lap(stick)
    room.lap(stick)
    assert all(device.ids_of("entry") == {kept, lost, again} for device in room.devices)


def test_cancel_keeps_nothing_of_the_file_it_stops_in(room: Classroom, stick: Path) -> None:
    station = room.stations[0]
    for _ in range(3):
        station.log_entry(0, "x")
    station.write(stick)
    before = room.desk.everything()
    asked = 0

    def stop_later() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    with pytest.raises(Refusal) as caught:
        exchange.read_packages(room.desk.ledger, room.desk.keys, [stick], cancelled=stop_later)
    assert caught.value.code == "cancelled"
    assert room.desk.everything() == before
    with pytest.raises(Refusal):
        exchange.write_packages(room.desk.ledger, room.desk.keys, stick / "..", cancelled=lambda: True)


def test_progress_counts_up_to_the_total(room: Classroom, stick: Path) -> None:
    for act in (
        lambda report: exchange.write_packages(room.desk.ledger, room.desk.keys, stick, progress=report),
        lambda report: exchange.read_packages(room.stations[0].ledger, room.stations[0].keys, [stick], progress=report),
    ):
        seen: list[tuple[int, int]] = []
        act(lambda done, total, seen=seen: seen.append((done, total)))
        assert [done for done, _total in seen] == sorted(done for done, _total in seen)
        assert len({total for _done, total in seen}) == 1
        assert seen[-1][0] == seen[-1][1] > 0


def test_damage_in_our_own_log_is_found_when_writing(room: Classroom, stick: Path) -> None:
    room.desk.write(stick)
    before = sorted(stick.iterdir())
    with room.desk.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE op SET frame = CAST(substr(frame, 1, length(frame) - 1) || x'00' AS BLOB) WHERE record = 2"
        )
    with pytest.raises(EnvironmentTrouble) as caught:
        room.desk.write(stick)
    assert caught.value.code == "log_damaged"
    assert sorted(stick.iterdir()) == before


def test_who_is_home(room: Classroom, stick: Path) -> None:
    blue_1, blue_2 = room.stations
    room.desk.give_seat("Blue-9")
    room.desk.rename(0, "Amina")
    blue_1.write(stick)
    room.clock.now_ms += 60_000
    room.desk.read(stick)
    home = {peer.name: peer for peer in exchange.who_is_home(room.desk.ledger, room.desk.section)}
    assert list(home) == ["Blue-1", "Blue-2", "Blue-9"]
    assert home["Blue-1"].last_seen_ms == room.clock.now_ms
    assert home["Blue-1"].written_ms == room.clock.now_ms - 60_000
    assert home["Blue-1"].behind == 1, "it has not heard of the new name"
    assert (home["Blue-2"].device_id, home["Blue-2"].last_seen_ms) == (None, None)
    assert (home["Blue-9"].role, home["Blue-9"].last_seen_ms) == ("seat", None)
    room.lap(stick)
    home = {peer.name: peer for peer in exchange.who_is_home(room.desk.ledger, room.desk.section)}
    assert home["Blue-1"].standing == home["Blue-2"].standing == "certified"
    assert home["Blue-2"].behind == 0
    assert blue_2.device_id == home["Blue-2"].device_id


def test_an_older_package_read_later_does_not_turn_back_who_is_home(room: Classroom, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for stick in (old, new):
        stick.mkdir()
        room.stations[0].log_entry(0)
        room.stations[0].write(stick)
    room.desk.read(new)
    (before,) = [p for p in exchange.who_is_home(room.desk.ledger, room.desk.section) if p.name == "Blue-1"]
    room.clock.now_ms += 60_000
    room.desk.read(old)
    (after,) = [p for p in exchange.who_is_home(room.desk.ledger, room.desk.section) if p.name == "Blue-1"]
    assert after == before


def test_a_desk_without_a_class_has_nothing_to_take(tmp_path: Path, room: Classroom) -> None:
    lone = Device(tmp_path / "lone", "alone", "station", 77, room.clock)
    with pytest.raises(Refusal) as caught:
        lone.write(tmp_path)
    assert caught.value.code == "no_class"
    lone.close()


def test_what_belongs_to_no_class_travels_between_desks_only(room: Classroom, stick: Path) -> None:
    room.desk.ledger.commit("room", [put(MINE, "teacher", b"t" * 16, name="Ms Okoro Canary")])
    report = room.desk.write(stick)
    assert report.sections == (room.desk.section, MINE)
    for station in room.stations:
        station.read(stick)
        assert station.count("SELECT COUNT(*) FROM teacher_desk") == 0
        assert station.count("SELECT COUNT(*) FROM stream WHERE audience = 2") == 0


def test_one_undo_takes_back_all_files_of_a_stick(room: Classroom, stick: Path) -> None:
    desk = room.desk
    logged = {station.log_entry(0) for station in room.stations}
    for station in room.stations:
        station.write(stick)
    results = desk.read(stick)
    changes = [result.changes.change_id for result in results if result.changes is not None and result.new_ops]
    assert (len(changes), len(set(changes))) == (2, 1)
    assert desk.ids_of("entry") == logged
    history.undo(desk.ledger)
    assert desk.ids_of("entry") == set()
    history.undo(desk.ledger, history.changes(desk.ledger, limit=1)[0].id)
    assert desk.ids_of("entry") == logged


def test_what_comes_after_an_undo_is_a_change_of_its_own(room: Classroom, stick: Path) -> None:
    """The teacher may press Undo while the second file is still being read."""
    desk = room.desk
    for station in room.stations:
        station.log_entry(0)
    [first, second] = [station.write(stick).files[0] for station in room.stations]
    [read] = desk.read(first)
    assert read.changes is not None
    history.undo(desk.ledger, read.changes.change_id)
    with desk.ledger.database.read() as connection:
        package = open_package(connection, desk.keys, second.read_bytes())
    outcome = importing.apply_package(desk.ledger, package, b"2" * 32, joins=read.changes.change_id)
    assert outcome.changes is not None
    assert outcome.changes.change_id != read.changes.change_id
    assert len(desk.ids_of("entry")) == 1


@pytest.mark.parametrize("now_ms", [-2_000_000_000_000, -1, 0, 4_102_444_800_000])
def test_a_wrong_clock_keeps_no_work_from_travelling(room: Classroom, stick: Path, now_ms: int) -> None:
    room.lap(stick)
    room.clock.now_ms = now_ms
    logged = {station.log_entry(number) for station in room.stations for number in range(2)}
    room.desk.rename(0, "Amina")
    room.lap(stick)
    room.lap(stick)
    assert room.desk.ids_of("entry") == logged
    assert len({device.digest() for device in room.devices}) == 1


def test_a_withdrawal_may_come_before_what_it_takes_back(room: Classroom, stick: Path) -> None:
    room.lap(stick)
    (first, second), kept = room.stations, stick.parent / "kept"
    kept.mkdir()
    entry = first.log_entry(0, "I got it")
    early = first.write(kept).files[0]
    history.undo(first.ledger)
    late = first.write(kept).files[0]
    for device, order in ((room.desk, (early, late)), (second, (late, early))):
        device.read(*order)
        assert device.ids_of("entry") == set()
    assert room.desk.digest() == second.digest() == first.digest()
    history.undo(first.ledger, history.changes(first.ledger, limit=1)[0].id)
    redone = first.write(kept).files[0]
    for device in (second, room.desk):
        device.read(redone)
        assert device.ids_of("entry") == {entry}
    assert room.desk.digest() == second.digest() == first.digest()
