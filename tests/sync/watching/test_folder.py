"""A watched folder that goes, comes back, cannot be listed or cannot be written."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from blenddesk.errors import EnvironmentTrouble
from blenddesk.sync import watch_memory, watching
from blenddesk.sync.watching import WRITE_EVERY_MS, Watcher
from tests.sync.devices import Classroom
from tests.sync.watching.folders import disk_of, own, settle, watch


def test_a_folder_that_goes_and_comes_back_deletes_nothing(room: Classroom, folder: Path) -> None:
    desk, station = room.desk, room.stations[0]
    at_desk, at_station = watch(desk, folder), watch(station, folder)
    entry = station.log_entry(0)
    settle(room, at_desk, at_station)
    before = desk.everything()
    away = folder.rename(folder.with_name("away"))
    assert at_desk.look().trouble == "folder_gone"
    folder.mkdir()
    room.clock.now_ms += WRITE_EVERY_MS
    # Empty, as after a change of stick: everything of ours is written there again.
    assert len(at_desk.look().parcels) == 3
    assert desk.everything() == before
    assert entry in desk.ids_of("entry")
    shutil.rmtree(folder)
    away.rename(folder)
    look = at_desk.look()
    assert (look.trouble, sum(package.new_ops for package in look.packages)) == (None, 0)
    assert desk.everything() == before


def test_an_empty_mount_point_is_no_folder(room: Classroom, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted = {str(folder.parent)}
    monkeypatch.setattr(os.path, "ismount", lambda path: str(path) in mounted)
    assert watching.mount_of(folder) == str(folder.parent)
    watcher = Watcher(room.desk.ledger, room.desk.keys, folder, mount=str(folder.parent))
    mounted.clear()
    assert watcher.look().trouble == "folder_gone"
    assert list(folder.iterdir()) == []
    assert watching.mount_of(folder) == ""
    mounted.add(str(folder.parent))
    assert watcher.look().trouble is None


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errno.ENOENT, "folder_gone"),
        (errno.EIO, "folder_gone"),
        (errno.EHOSTDOWN, "folder_gone"),
        (errno.EACCES, "folder_closed"),
        (errno.EPERM, "folder_closed"),
    ],
)
def test_a_folder_that_cannot_be_listed_is_told(room: Classroom, folder: Path, error: int, code: str) -> None:
    watcher = watch(room.desk, folder)
    disk_of(watcher).trouble["listing"] = error
    assert watcher.look().trouble == code
    disk_of(watcher).trouble.clear()
    assert watcher.look().trouble is None


@pytest.mark.parametrize(
    ("error", "code"), [(errno.ENOSPC, "stick_full"), (errno.EROFS, "stick_read_only"), (errno.EIO, "stick_gone")]
)
def test_a_folder_that_cannot_be_written_is_still_read(room: Classroom, folder: Path, error: int, code: str) -> None:
    desk, station = room.desk, room.stations[0]
    watcher = watch(desk, folder)
    disk_of(watcher).trouble["write_synced"] = error
    assert watcher.look().trouble == code
    entry = station.log_entry(0)
    station.write(folder)
    assert watcher.look().trouble == code, "told until it is over, also where it is not tried again yet"
    assert entry in desk.ids_of("entry")
    tries = []
    for minute in range(60):
        room.clock.now_ms += 60_000
        before = disk_of(watcher).writings
        watcher.look()
        tries += [minute] * (disk_of(watcher).writings - before)
    assert tries[:4] == [0, 2, 6, 14]
    assert tries[4] - tries[3] == 10
    disk_of(watcher).trouble.clear()
    room.clock.now_ms += WRITE_EVERY_MS
    look = watcher.look()
    assert (look.trouble, len(look.parcels)) == (None, 3)


def test_trouble_in_writing_is_over_when_nothing_waits_any_more(room: Classroom, folder: Path) -> None:
    station = room.stations[0]
    watcher = watch(station, folder)
    [parcel] = watcher.look().parcels
    away = parcel.path.rename(folder / "kept-elsewhere")
    disk_of(watcher).trouble["write_synced"] = errno.EROFS
    room.clock.now_ms += WRITE_EVERY_MS
    assert watcher.look().trouble == "stick_read_only"
    away.rename(parcel.path)
    assert watcher.look().trouble is None


def test_our_own_disk_in_trouble_is_told(room: Classroom, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = watch(room.desk, folder)

    def full(*_args: object) -> None:
        raise EnvironmentTrouble("disk_full", path="")

    with monkeypatch.context() as patched:
        patched.setattr(watch_memory, "save", full)
        look = watcher.look()
        assert (look.trouble, len(look.parcels)) == ("disk_full", 3)
    assert watcher.look() == look._replace(trouble=None, parcels=())


def test_a_listing_that_fails_after_writing_costs_no_second_file(room: Classroom, folder: Path) -> None:
    station = room.stations[0]
    watcher = watch(station, folder)
    # The first is of the look, the second of tidying after writing.
    disk_of(watcher).trouble["listing 3"] = errno.EIO
    assert watcher.look().trouble == "folder_gone"
    assert len(own(folder, station)) == 1
    room.clock.now_ms += WRITE_EVERY_MS
    assert (watcher.look().trouble, watcher.look().parcels) == (None, ())
    assert len(own(folder, station)) == 1
