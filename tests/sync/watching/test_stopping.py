"""A look into a watched folder that is stopped, gives way, or begins anew after damage."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from blenddesk.storage import salvage
from blenddesk.storage.database import Database
from blenddesk.sync import exchange, watch_memory
from tests.sync.devices import Classroom
from tests.sync.watching.folders import settle, watch


@pytest.mark.parametrize("calls", range(6))
def test_it_stops_between_two_steps_and_goes_on_later(room: Classroom, folder: Path, calls: int) -> None:
    desk, station = room.desk, room.stations[0]
    entry = station.log_entry(0)
    station.write(folder)
    watcher = watch(desk, folder)
    left = [calls]

    def cancelled() -> bool:
        left[0] -= 1
        return left[0] < 0

    look = watcher.look(cancelled=cancelled)
    assert look.more
    assert look.trouble is None
    settle(room, watcher)
    assert entry in desk.ids_of("entry")


def test_after_a_stop_nothing_of_the_database_is_touched(
    room: Classroom, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share that was dead for minutes answers when the window has long gone."""
    room.stations[0].write(folder)
    watcher = watch(room.desk, folder)

    def touched(*_args: object, **_named: object) -> None:
        raise AssertionError("the database is closed by now")

    monkeypatch.setattr(exchange, "read_package", touched)
    monkeypatch.setattr(watch_memory, "known_content", touched)
    monkeypatch.setattr(watch_memory, "save", touched)
    assert watcher.look(cancelled=lambda: True).more


def test_it_gives_way_to_whoever_waits_to_write(room: Classroom, folder: Path) -> None:
    desk, station = room.desk, room.stations[0]
    entry = station.log_entry(0)
    station.write(folder)
    watcher = watch(desk, folder)
    saved: list[str] = []
    steps = []

    def tap() -> None:
        desk.rename(0, "Tapped meanwhile")
        saved.append("saved")

    def cancelled() -> bool:
        steps.append(desk.database.is_wanted)
        if len(steps) == 2:  # inside the transaction of the import: the first was after reading the file
            tapping.start()
            while not desk.database.is_wanted:
                time.sleep(0.001)
        return False

    tapping = threading.Thread(target=tap)
    look = watcher.look(cancelled=cancelled)
    tapping.join(10)
    assert (look.more, look.gave_way, look.trouble, saved) == (True, True, None, ["saved"])
    assert entry not in desk.ids_of("entry"), "all of it or nothing"
    look = watcher.look()
    assert not look.gave_way
    assert entry in desk.ids_of("entry")
    assert not desk.database.is_wanted


def test_files_are_read_again_after_forgetting(room: Classroom, folder: Path) -> None:
    """What heals a damaged log: everything in the folder counts as unread."""
    desk, station = room.desk, room.stations[0]
    station.log_entry(0)
    settle(room, watch(desk, folder), watch(station, folder))
    with desk.database.write() as connection:
        watch_memory.forget_what_was_read(connection)
    look = watch(desk, folder).look()
    assert {package.status for package in look.packages} == {"nothing_new"}
    assert len(look.packages) >= 2


def test_after_damage_everything_in_the_folder_counts_as_unread(room: Classroom, folder: Path, tmp_path: Path) -> None:
    """What was read from there once is what brings back what the damage took."""
    desk, station = room.desk, room.stations[0]
    station.log_entry(0)
    settle(room, watch(desk, folder), watch(station, folder))
    desk.close()
    wreck = salvage.Wreck(desk.folder / "blenddesk.db", desk.key)
    fresh = Database(tmp_path / "fresh.db", desk.key)
    assert salvage.begin_from(wreck, fresh)
    with fresh.write() as connection:
        salvage.bring_over(wreck, connection)
    with fresh.read() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM package_seen").scalar_one() == 0
        assert watch_memory.load(connection, folder).read == {}
    wreck.close()
    fresh.close()
    desk._open()
