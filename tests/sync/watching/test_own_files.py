"""Which of our own files in a watched folder stay, and which nobody needs any more."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blenddesk.domain.ids import Id
from blenddesk.sync import watching
from blenddesk.sync.keys import write_local
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.watching import WRITE_EVERY_MS, Watcher
from tests.sync.devices import Classroom
from tests.sync.watching.folders import CountingDisk, disk_of, own, watch

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def test_the_last_two_of_our_own_stay(room: Classroom, folder: Path) -> None:
    desk, station = room.desk, room.stations[0]
    watcher = watch(desk, folder)
    theirs = station.write(folder).files[0]
    for number in range(5):
        desk.rename(0, f"Name {number}")
        room.clock.now_ms += WRITE_EVERY_MS
        [*_others, parcel] = watcher.look().parcels
        assert own(folder, desk)[-1] == parcel.path.name or parcel.kind is not PackageKind.CLASS
        assert len(own(folder, desk)) <= 2
    assert theirs.exists()


def test_own_files_that_return_go_again_when_they_hold_nothing_more(room: Classroom, folder: Path) -> None:
    station = room.stations[0]
    watcher = watch(station, folder)
    kept: dict[str, bytes] = {}
    for _number in range(4):
        station.log_entry(0)
        room.clock.now_ms += WRITE_EVERY_MS
        watcher.look()
        kept |= {path.name: path.read_bytes() for path in folder.glob("*.bdx")}
    for name, data in kept.items():
        (folder / name).write_bytes(data)
    watcher.look()
    assert own(folder, station) == list(kept)[-2:]


@pytest.mark.parametrize("hurt", ["renamed", "damaged", "unreadable"])
def test_nothing_goes_while_the_newest_is_not_known_to_be_whole(room: Classroom, folder: Path, hurt: str) -> None:
    station = room.stations[0]
    watcher = watch(station, folder)
    kept: dict[str, bytes] = {}
    for _number in range(4):
        station.log_entry(0)
        room.clock.now_ms += WRITE_EVERY_MS
        [parcel] = watcher.look().parcels
        kept[parcel.path.name] = parcel.path.read_bytes()
    newest = folder / list(kept)[-1]
    for name, data in kept.items():
        if name != newest.name:
            (folder / name).write_bytes(data)
    if hurt == "renamed":
        newest.rename(folder / "other.bdx")
    elif hurt == "damaged":
        # In place, with nothing else about the file changed: only reading it tells.
        about = newest.stat()
        newest.write_bytes(kept[newest.name][:-1] + b"?")
        os.utime(newest, ns=(about.st_atime_ns, about.st_mtime_ns))
    else:
        disk_of(watcher).trouble[newest.name] = errno.EIO
    assert watcher.look().trouble is None
    assert len(own(folder, station)) == (3 if hurt == "renamed" else 4)


def test_nothing_goes_when_something_was_written_here_meanwhile(
    room: Classroom, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest file must hold all that we have at the moment in which others are removed."""
    station = room.stations[0]
    watcher = watch(station, folder)
    kept: dict[str, bytes] = {}
    for _number in range(3):
        station.log_entry(0)
        room.clock.now_ms += WRITE_EVERY_MS
        [parcel] = watcher.look().parcels
        kept[parcel.path.name] = parcel.path.read_bytes()
    for name, data in kept.items():
        (folder / name).write_bytes(data)
    real, asked = watching.content_mark, []

    def content_mark(connection: Connection, section: Id, kind: PackageKind) -> bytes:
        asked.append(section)
        return real(connection, section, kind) if len(asked) == 1 else b"more"

    monkeypatch.setattr(watching, "content_mark", content_mark)
    watcher.look()
    assert len(asked) == 2
    assert own(folder, station) == list(kept)


def test_own_files_that_cannot_be_removed_are_not_read_for_ever(room: Classroom, folder: Path) -> None:
    class KeepingDisk(CountingDisk):
        def remove(self, path: Path) -> None:
            raise PermissionError(errno.EACCES, "kept")

    station = room.stations[0]
    watcher = Watcher(station.ledger, station.keys, folder, disk=KeepingDisk())
    for _number in range(4):
        station.log_entry(0)
        room.clock.now_ms += WRITE_EVERY_MS
        assert watcher.look().trouble is None
    assert len(own(folder, station)) == 4
    watcher.look()
    disk_of(watcher).opened.clear()
    watcher.look()
    assert disk_of(watcher).opened == []


def test_what_a_newer_program_kept_of_the_folder_is_forgotten(room: Classroom, folder: Path) -> None:
    station = room.stations[0]
    watch(station, folder).look()
    with station.database.write() as connection:
        write_local(connection, "watched", b"\x93\xc4\x01x\x01\x02")
    room.clock.now_ms += WRITE_EVERY_MS
    look = watch(station, folder).look()
    assert (look.trouble, look.last_read_ms) == (None, 0)


def test_a_damaged_newest_file_is_written_again(room: Classroom, folder: Path) -> None:
    station = room.stations[0]
    watcher = watch(station, folder)
    [parcel] = watcher.look().parcels
    parcel.path.write_bytes(b"gone wrong")
    room.clock.now_ms += WRITE_EVERY_MS
    [again] = watcher.look().parcels
    assert again.path != parcel.path


def test_a_restored_computer_keeps_what_only_its_former_file_has(room: Classroom, folder: Path, tmp_path: Path) -> None:
    station = room.stations[0]
    watcher = watch(station, folder)
    watcher.look()
    station.close()
    shutil.copytree(station.folder, tmp_path / "backup")
    station._open()
    entry = station.log_entry(0)
    room.clock.now_ms += WRITE_EVERY_MS
    [only_copy] = watch(station, folder).look().parcels
    station.close()
    shutil.rmtree(station.folder)
    shutil.copytree(tmp_path / "backup", station.folder)
    station._open()
    for _number in range(4):
        station.log_entry(1)
        room.clock.now_ms += WRITE_EVERY_MS
        watch(station, folder).look()
    assert entry in station.ids_of("entry"), "what it had written before comes back to it from the folder"
    assert only_copy.path.exists()
