"""What a watched folder is for: work goes both ways by itself, and then it is quiet."""

from __future__ import annotations

from pathlib import Path

from blenddesk.sync import envelope, exchange, watching
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.sticks import RealDisk
from blenddesk.sync.watching import WRITE_EVERY_MS, Watcher
from tests.sync.devices import Classroom
from tests.sync.watching.folders import disk_of, settle, watch


def test_work_goes_both_ways_by_itself_and_then_it_is_quiet(room: Classroom, folder: Path) -> None:
    desk, station = room.desk, room.stations[0]
    at_desk, at_station = watch(desk, folder), watch(station, folder)
    entry = station.log_entry(0, remark="I did it")
    name = desk.student(0)
    desk.rename(0, "Renamed")
    settle(room, at_desk, at_station)
    assert entry in desk.ids_of("entry")
    assert name in station.ids_of("student")
    assert desk.digest() == station.digest()
    assert [peer.behind for peer in exchange.who_is_home(desk.ledger, desk.section)] == [0]
    before = sorted(path.name for path in folder.iterdir())
    for watcher in (at_desk, at_station):
        disk_of(watcher).opened.clear()
        room.clock.now_ms += WRITE_EVERY_MS
        assert watcher.look() == watcher.look()._replace(packages=(), parcels=())
    # Files for desks only are tried again by the hour; everything else was not opened at all.
    assert disk_of(at_desk).opened == []
    assert sorted(path.name for path in folder.iterdir()) == before


def test_what_came_is_in_the_history_with_one_undo(room: Classroom, folder: Path) -> None:
    from blenddesk.storage import history

    desk, station = room.desk, room.stations[0]
    entry = station.log_entry(0)
    watch(station, folder).look()
    look = watch(desk, folder).look()
    [line] = [line for line in history.changes(desk.ledger) if line.label == watching.LABEL]
    [package] = [package for package in look.packages if package.new_ops]
    assert package.changes is not None
    assert package.changes.change_id == line.id
    assert package.sender == look.last_read_from == "Blue-1"
    assert look.last_read_ms == room.clock.now_ms
    history.undo(desk.ledger, line.id)
    assert entry not in desk.ids_of("entry")
    # The same files never bring back what was taken back.
    room.clock.now_ms += WRITE_EVERY_MS
    watch(desk, folder).look()
    assert entry not in desk.ids_of("entry")


def test_it_writes_every_ten_minutes_at_most_and_only_news(room: Classroom, folder: Path) -> None:
    station = room.stations[0]
    watcher = watch(station, folder)
    assert len(watcher.look().parcels) == 1
    station.log_entry(0)
    first = watcher._memory.last_written_ms if watcher._memory else 0
    look = watcher.look()
    assert (look.parcels, look.writes_at_ms) == ((), first + WRITE_EVERY_MS)
    room.clock.now_ms = first + WRITE_EVERY_MS
    look = watcher.look()
    assert (len(look.parcels), look.writes_at_ms, look.last_written_ms) == (1, 0, room.clock.now_ms)
    room.clock.now_ms += 10 * WRITE_EVERY_MS
    assert watcher.look().parcels == ()


def test_a_clock_that_is_set_back_does_not_stop_writing(room: Classroom, folder: Path) -> None:
    station = room.stations[0]
    watcher = watch(station, folder)
    watcher.look()
    station.log_entry(0)
    room.clock.now_ms -= 400 * 24 * 3_600_000
    assert len(watcher.look().parcels) == 1


def test_the_next_start_goes_on_where_it_was(room: Classroom, folder: Path) -> None:
    desk, station = room.desk, room.stations[0]
    at_desk, at_station = watch(desk, folder), watch(station, folder)
    station.log_entry(0)
    settle(room, at_desk, at_station)
    desk.restart()
    again = watch(desk, folder)
    look = again.look()
    assert (look.packages, look.parcels) == ((), ())
    assert disk_of(again).opened == []
    assert look.last_read_from == "Blue-1"


def test_another_folder_begins_anew(room: Classroom, folder: Path, tmp_path: Path) -> None:
    desk = room.desk
    watch(desk, folder).look()
    other = tmp_path / "other"
    other.mkdir()
    look = watch(desk, other).look()
    assert {parcel.path.parent for parcel in look.parcels} == {other}
    assert len(look.parcels) == 3  # class, desk of the class, desk of no class


def test_only_what_has_news_is_written(room: Classroom, folder: Path) -> None:
    desk = room.desk
    watcher = watch(desk, folder)
    watcher.look()
    desk.rename(0, "Renamed")
    room.clock.now_ms += WRITE_EVERY_MS
    assert [parcel.kind for parcel in watcher.look().parcels] == [PackageKind.CLASS]


def test_everything_in_the_folder_is_sealed(room: Classroom, folder: Path) -> None:
    """Also what is there for a moment only."""
    seen: list[bytes] = []

    class WatchedDisk(RealDisk):
        def write_synced(self, path: Path, data: bytes) -> None:
            seen.append(data)
            super().write_synced(path, data)

    desk = room.desk
    Watcher(desk.ledger, desk.keys, folder, disk=WatchedDisk()).look()
    seen += [path.read_bytes() for path in folder.iterdir()]
    assert len(seen) == 6
    for data in seen:
        assert data.startswith(envelope.AGE_MAGIC)
        assert b"Canary" not in data
