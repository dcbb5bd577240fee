"""The mess that other programs make in a watched folder: copies, half files, foreign files, odd names."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from blenddesk.sync import envelope, exchange, watching
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.watching import WRITE_EVERY_MS, Watcher
from tests.sync.devices import Classroom, make_classroom
from tests.sync.watching.folders import CountingDisk, disk_of, own, watch

COPIES = (
    "{stem}.sync-conflict-20261122-101500-ABCDEFG.bdx",
    "{stem} (1).bdx",
    "{stem} (conflicted copy 2026-11-22 101500).bdx",
    "BD-{short}~1.BDX",
    "{upper}.BDX",
    "Kopie von {stem}.bdx",
)


@pytest.mark.parametrize("pattern", COPIES)
@pytest.mark.parametrize("renamed", [True, False])
def test_whatever_a_file_is_called_it_is_read_once(
    room: Classroom, folder: Path, pattern: str, *, renamed: bool
) -> None:
    desk, station = room.desk, room.stations[0]
    entry = station.log_entry(0)
    [parcel] = watch(station, folder).look().parcels
    stem = parcel.path.stem
    other = folder / pattern.format(stem=stem, upper=stem.upper(), short=stem[3:7].upper())
    if renamed:
        parcel.path.rename(other)
    else:
        shutil.copy(parcel.path, other)
    watcher = watch(desk, folder)
    look = watcher.look()
    assert [package.new_ops > 0 for package in look.packages] == [True]
    assert entry in desk.ids_of("entry")
    assert other.exists()
    assert watcher.look().packages == ()


@pytest.mark.parametrize("pattern", COPIES)
def test_our_own_file_under_another_name_is_still_out(room: Classroom, folder: Path, pattern: str) -> None:
    station = room.stations[0]
    watcher = watch(station, folder)
    [parcel] = watcher.look().parcels
    stem = parcel.path.stem
    parcel.path.rename(folder / pattern.format(stem=stem, upper=stem.upper(), short=stem[3:7].upper()))
    room.clock.now_ms += WRITE_EVERY_MS
    assert watcher.look().parcels == ()
    assert watch(station, folder).look().parcels == ()


def test_a_half_file_is_read_when_it_is_whole(room: Classroom, folder: Path, tmp_path: Path) -> None:
    desk, station = room.desk, room.stations[0]
    entry = station.log_entry(0)
    away = tmp_path / "away"
    away.mkdir()
    [parcel] = watch(station, away).look().parcels
    data = parcel.path.read_bytes()
    copy = folder / parcel.path.name
    watcher = watch(desk, folder)
    for size in (0, 5, 700, 800, 900, 1_000, 1_100, len(data) - 1):
        copy.write_bytes(data[:size])
        look = watcher.look()
        assert (look.trouble, look.unread) == (None, 0)
    copy.write_bytes(data)
    watcher.look()
    assert entry in desk.ids_of("entry")


def test_a_file_of_full_size_that_is_filled_later_is_tried_after_growing_waits(
    room: Classroom, folder: Path, tmp_path: Path
) -> None:
    """Some programs make the file in its full size first; then nothing about it changes but its content."""
    desk, station = room.desk, room.stations[0]
    entry = station.log_entry(0)
    away = tmp_path / "away"
    away.mkdir()
    [parcel] = watch(station, away).look().parcels
    data = parcel.path.read_bytes()
    copy = folder / parcel.path.name
    copy.write_bytes(bytes(len(data)))
    about = copy.stat()
    watcher = watch(desk, folder)
    tries = []
    for second in range(120):
        disk_of(watcher).opened.clear()
        look = watcher.look()
        tries.append(disk_of(watcher).opened.count(copy.name))
        assert [package.file for package in look.packages] == [copy] * (second == 0), "the same content, judged once"
        room.clock.now_ms += 1_000
    assert [at for at, tried in enumerate(tries) if tried] == [0, 5, 15, 35, 75]
    assert look.unread == 1
    copy.write_bytes(data)
    os.utime(copy, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert watcher.look().packages == ()
    room.clock.now_ms += watching.LONGEST_WAIT_MS
    look = watcher.look()
    assert look.unread == 0
    assert entry in desk.ids_of("entry")


def test_files_for_others_are_no_news_and_are_looked_at_by_the_hour(room: Classroom, folder: Path) -> None:
    station = room.stations[0]
    watch(room.desk, folder).look()
    watcher = watch(station, folder)
    look = watcher.look()
    assert sorted(package.status for package in look.packages) == ["nothing_new", "set_aside", "set_aside"]
    assert (look.unread, look.only_foreign, look.last_read_from) == (0, False, "Ms Okoro")
    disk_of(watcher).opened.clear()
    room.clock.now_ms += watching.LONGEST_WAIT_MS - 1
    watcher.look()
    assert disk_of(watcher).opened.count("") == 0
    opened = [name for name in disk_of(watcher).opened if name not in own(folder, station)]
    assert opened == []
    room.clock.now_ms += 1
    watcher.look()
    assert len([name for name in disk_of(watcher).opened if name not in own(folder, station)]) == 2
    for _hour in range(watching.NOT_WHOLE_TRIES):
        room.clock.now_ms += watching.LONGEST_WAIT_MS
        assert watcher.look().unread == 0


def test_a_folder_of_another_class_is_told(room: Classroom, folder: Path, tmp_path: Path) -> None:
    elsewhere = make_classroom(tmp_path / "elsewhere", stations=0, seed=7)
    elsewhere.desk.write(folder)
    watcher = watch(room.stations[0], folder)
    look = watcher.look()
    assert look.only_foreign
    assert len(look.parcels) == 1
    assert watcher.look().only_foreign, "our own file among them changes nothing"
    watch(room.desk, folder).look()
    assert not watcher.look().only_foreign
    elsewhere.close()


def test_a_file_that_could_not_be_opened_may_be_after_another_one(room: Classroom, folder: Path) -> None:
    """A class that this computer joins later: its files were foreign before."""
    desk, station = room.desk, room.stations[0]
    old = desk.section
    second = desk.make_class()
    seat = desk.give_seat("Blue-1")
    [file] = exchange.write_packages(desk.ledger, desk.keys, folder, only=[(second, PackageKind.CLASS)]).files
    watcher = watch(station, folder)
    watcher.look()
    assert watcher._trials[file.name].code in watching.FOR_OTHERS
    station.take_seat(seat)
    watcher.look()
    assert file.name in watcher._trials, "not before its hour, as far as anyone knows"
    desk.section = old
    desk.rename(0, "Renamed")
    exchange.write_packages(desk.ledger, desk.keys, folder, only=[(old, PackageKind.CLASS)])
    watcher.look()
    assert file.name not in watcher._trials, "tried at once, as something new is known now"


def test_many_files_are_read_in_parts_new_ones_first(room: Classroom, folder: Path) -> None:
    desk, station = room.desk, room.stations[0]
    for number in range(watching.BATCH + 3):
        (folder / f"aa-{number:02}.bdx").write_bytes(b"half")
    watcher = watch(desk, folder)
    look = watcher.look()
    assert look.more
    assert look.parcels == (), "first everything is read, then written"
    station.log_entry(0)
    [parcel] = exchange.write_packages(station.ledger, station.keys, folder).files
    room.clock.now_ms += watching.FIRST_WAIT_MS
    disk_of(watcher).opened.clear()
    watcher.look()
    assert parcel.name in disk_of(watcher).opened
    assert len([name for name in disk_of(watcher).opened if name.startswith("aa")]) == watching.BATCH - 1


def test_what_is_no_package_is_left_alone(room: Classroom, folder: Path) -> None:
    (folder / "sub.bdx").mkdir()
    (folder / "._bd-x.bdx").write_bytes(b"x")
    (folder / ".syncthing.bd-x.bdx.tmp").write_bytes(b"x")
    (folder / "bd-x.bdx.part").write_bytes(b"x")
    (folder / "plan.docx").write_bytes(b"x")
    (folder / "gone.bdx").symlink_to(folder / "nowhere")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.bdx")
    watcher = watch(room.desk, folder)
    assert watcher.look().packages == ()
    assert not {"sub.bdx", "gone.bdx", "pipe.bdx", "bd-x.bdx.part"} & set(disk_of(watcher).opened)


@pytest.mark.parametrize("size", [0, envelope.MAX_FILE_BYTES + 1])
def test_sizes_that_cannot_be_are_not_opened(room: Classroom, folder: Path, size: int) -> None:
    with (folder / "odd.bdx").open("wb") as file:
        file.truncate(size)
    watcher = watch(room.desk, folder)
    for _try in range(watching.NOT_WHOLE_TRIES):
        look = watcher.look()
        room.clock.now_ms += watching.LONGEST_WAIT_MS
    assert "odd.bdx" not in disk_of(watcher).opened
    assert look.unread == 1


def test_a_file_that_was_tried_and_goes_is_forgotten(room: Classroom, folder: Path) -> None:
    half = folder / "half.bdx"
    half.write_bytes(b"half")
    watcher = watch(room.desk, folder)
    for _try in range(watching.NOT_WHOLE_TRIES):
        look = watcher.look()
        room.clock.now_ms += watching.LONGEST_WAIT_MS
    assert look.unread == 1
    half.unlink()
    assert watcher.look().unread == 0


def test_a_file_that_another_program_renames_at_once_is_found(room: Classroom, folder: Path) -> None:
    class RenamingDisk(CountingDisk):
        """Whatever is checked for the last time has another name a moment later."""

        def listing(self, where: Path) -> dict[str, tuple[int, int]]:
            for path in where.glob("bd-*.bdx"):
                path.rename(path.with_name(f"moved {path.name}"))
            return super().listing(where)

    station = room.stations[0]
    watcher = Watcher(station.ledger, station.keys, folder, disk=RenamingDisk())
    assert len(watcher.look().parcels) == 1
    room.clock.now_ms += WRITE_EVERY_MS
    assert watcher.look().parcels == ()


@pytest.mark.parametrize("error", [errno.EIO, errno.EACCES, errno.ENOENT])
def test_a_file_that_the_disk_does_not_give_waits(room: Classroom, folder: Path, error: int) -> None:
    desk, station = room.desk, room.stations[0]
    entry = station.log_entry(0)
    [file] = station.write(folder).files
    watcher = watch(desk, folder)
    disk_of(watcher).trouble[file.name] = error
    assert watcher.look().trouble is None
    assert entry not in desk.ids_of("entry")
    disk_of(watcher).trouble.clear()
    room.clock.now_ms += watching.FIRST_WAIT_MS
    watcher.look()
    assert entry in desk.ids_of("entry")
