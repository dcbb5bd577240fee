"""Pictures in a watched folder: taken as they appear, written when something new is here, looked at once otherwise."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.sync import volume_carrier
from blenddesk.sync.sticks import RealDisk
from blenddesk.sync.watching import Look, Watcher
from tests.sync.devices import Classroom, Device, make_classroom
from tests.sync.test_volumes import erase, here, opened, take, volumes_in


class CountingDisk(RealDisk):
    def __init__(self) -> None:
        self.opened: list[str] = []
        self.broken = False

    def read(self, path: Path) -> bytes:
        self.opened.append(path.name)
        if self.broken:
            raise OSError(errno.EIO, "half there")
        return super().read(path)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    found = make_classroom(tmp_path)
    (tmp_path / "share").mkdir()
    yield found
    found.close()


def watch(device: Device, tmp_path: Path) -> tuple[Watcher, CountingDisk]:
    disk = CountingDisk()
    return Watcher(device.ledger, device.keys, tmp_path / "share", disk=disk), disk


def look(watcher: Watcher) -> Look:
    for _time in range(10):
        seen = watcher.look()
        assert seen.trouble is None
        if not seen.more:
            return seen
    raise AssertionError("it never comes to an end")


def later(room: Classroom) -> None:
    room.clock.now_ms += 11 * 60_000


def test_a_picture_goes_home_through_a_folder_and_is_opened_once(room: Classroom, tmp_path: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    (at_desk, disk), (at_blue, _disk) = watch(desk, tmp_path), watch(blue, tmp_path)
    take(blue, 1)
    look(at_blue)
    assert look(at_desk).pictures == 1
    assert opened(desk) == [b"PictureCanary001"]
    look(at_desk)
    disk.opened.clear()
    for _time in range(3):
        assert look(at_desk).pictures == 0
    assert not [name for name in disk.opened if name.endswith(".bdv")]
    look(at_blue)
    assert volume_carrier.on_the_way(blue.ledger, blue.section).to_send == 0
    later(room)
    look(at_blue)
    assert len(volumes_in(tmp_path / "share")) == 1, "what is home lies there no longer; the desk's word does"


def test_what_comes_before_the_change_that_names_it_is_taken_after(room: Classroom, tmp_path: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    take(blue, 1)
    volume_carrier.write_volumes(blue.ledger, blue.keys, tmp_path / "share")
    at_desk, _disk = watch(desk, tmp_path)
    assert look(at_desk).pictures == 0
    blue.write(tmp_path / "share")
    assert look(at_desk).pictures == 1


def test_a_file_that_is_not_whole_is_read_when_it_is(room: Classroom, tmp_path: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    share = tmp_path / "share"
    take(blue, 1)
    blue.write(share)
    volume_carrier.write_volumes(blue.ledger, blue.keys, share)
    (volume,) = volumes_in(share)
    whole = volume.read_bytes()
    at_desk, disk = watch(desk, tmp_path)
    for part in (b"", whole[:100]):
        volume.write_bytes(part)
        assert look(at_desk).pictures == 0
    disk.opened.clear()
    look(at_desk)
    assert volume.name not in disk.opened, "as it was"
    take(blue, 2)
    blue.write(share)
    look(at_desk)
    assert volume.name in disk.opened, "something came in: it might open now"
    volume.write_bytes(whole)
    disk.broken = True
    at_desk.look()
    disk.broken = False
    assert look(at_desk).pictures == 1


def test_what_was_erased_is_not_asked_for(room: Classroom, tmp_path: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    name = take(blue, 0)
    (at_desk, _disk), (at_blue, _other) = watch(desk, tmp_path), watch(blue, tmp_path)
    look(at_blue)
    look(at_desk)
    erase(desk, name)
    later(room)
    look(at_desk)
    look(at_blue)
    assert here(desk) == here(blue) == set()


def test_it_stops_when_it_is_asked_to(room: Classroom, tmp_path: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    take(blue, 1)
    blue.write(tmp_path / "share")
    at_desk, _disk = watch(desk, tmp_path)
    look(at_desk)
    volume_carrier.write_volumes(blue.ledger, blue.keys, tmp_path / "share")
    asked = iter([False] * 1 + [True] * 99)
    at_desk.look(cancelled=lambda: next(asked))
    assert here(desk) == set()
    assert look(at_desk).pictures == 1
