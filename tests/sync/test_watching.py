"""The watched folder: read once, written when due, whatever else happens in it harmless and told."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blenddesk.domain.ids import Id
from blenddesk.errors import EnvironmentTrouble
from blenddesk.storage import salvage
from blenddesk.storage.database import Database
from blenddesk.sync import envelope, exchange, own_files, watch_memory, watching
from blenddesk.sync.keys import write_local
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.sticks import RealDisk
from blenddesk.sync.watching import WRITE_EVERY_MS, Look, Watcher
from tests.sync.devices import Classroom, Device, HandClock, make_classroom

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class CountingDisk(RealDisk):
    """The real disk, counting what is opened, with trouble on demand."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.listings = 0
        self.writings = 0
        self.trouble: dict[str, int] = {}
        """errno by the method's name, or by the name of a file."""

    def read(self, path: Path) -> bytes:
        self.opened.append(path.name)
        self._fail(path.name)
        return super().read(path)

    def listing(self, folder: Path) -> dict[str, tuple[int, int]]:
        self.listings += 1
        self._fail("listing")
        self._fail(f"listing {self.listings}")
        return super().listing(folder)

    def write_synced(self, path: Path, data: bytes) -> None:
        self.writings += 1
        self._fail("write_synced")
        super().write_synced(path, data)

    def _fail(self, what: str) -> None:
        if what in self.trouble:
            raise OSError(self.trouble[what], os.strerror(self.trouble[what]))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Made once: making keys and joining takes ten times as long as copying."""
    made = make_classroom(tmp_path_factory.mktemp("template"), stations=1)
    made.close()
    return made


@pytest.fixture
def room(template: Classroom, tmp_path: Path) -> Iterator[Classroom]:
    clock = HandClock(template.clock.now_ms)
    desk, station = (
        device.copied_to(tmp_path / device.name, clock, seed) for seed, device in enumerate(template.devices)
    )
    made = Classroom(desk, [station], clock)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shared"
    made.mkdir()
    return made


def watch(device: Device, folder: Path) -> Watcher:
    return Watcher(device.ledger, device.keys, folder, disk=CountingDisk())


def disk_of(watcher: Watcher) -> CountingDisk:
    disk = watcher._disk
    assert isinstance(disk, CountingDisk)
    return disk


def settle(room: Classroom, *watchers: Watcher) -> list[Look]:
    """Everyone looks, and again after ten minutes, until nothing is read and nothing written; the last looks."""
    for _round in range(12):
        room.clock.now_ms += WRITE_EVERY_MS
        looks = []
        for watcher in watchers:
            while (look := watcher.look()).more:
                looks.append(look)
            looks.append(look)
        if not any(look.packages or look.parcels for look in looks):
            return looks[-len(watchers) :]
    raise AssertionError("never quiet")


def own(folder: Path, device: Device, kind: PackageKind = PackageKind.CLASS) -> list[str]:
    names = own_files.remembered(device.database, device.section, kind)
    return own_files.among(names, [path.name for path in folder.iterdir()])


# --- what it is for -------------------------------------------------------------------------------------------------


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


# --- the mess that other programs make ------------------------------------------------------------------------------

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


# --- the folder -----------------------------------------------------------------------------------------------------


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


# --- our own files --------------------------------------------------------------------------------------------------


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


# --- stopping -------------------------------------------------------------------------------------------------------


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
