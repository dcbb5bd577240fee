"""Writing to a stick: what was there stays, what is said to be safe is safe, wherever it is pulled."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.errors import EnvironmentTrouble
from blenddesk.sync import exchange
from blenddesk.sync.sticks import RealDisk, write_new_file
from tests.faults.fat_stick import FatStick, Pulled
from tests.sync.devices import Classroom, SeededRandomness, make_classroom

DEVICE = b"D" * 16


@pytest.mark.parametrize("seed", range(20))
def test_pulled_at_any_step_the_earlier_files_stay_and_what_was_called_safe_is_there(seed: int) -> None:
    folder, randomness = Path("/stick"), SeededRandomness(seed)
    for pull_at in range(1, 60):
        stick = FatStick(pull_at=pull_at, seed=seed * 1000 + pull_at)
        told_safe: dict[Path, bytes] = {}
        try:
            for number in range(4):
                data = bytes([number]) * 300
                path = write_new_file(folder, data, ".bdx", device_id=DEVICE, randomness=randomness, disk=stick)
                told_safe[path] = data
        except Pulled:
            pass
        found = stick.survivors()
        for path, data in told_safe.items():
            assert found.get(path) == data, f"seed {seed}, pulled at step {pull_at}"
        for path, data in found.items():
            if path.suffix == ".bdx":
                assert len(data) == 300, "a file under a final name is whole or not there"


def test_the_model_bites(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: writing over one name, the obvious way, loses the only copy in this model."""
    lost = 0
    for pull_at in range(1, 12):
        stick = FatStick(pull_at=pull_at, seed=pull_at)
        path = Path("/stick/work.bdx")
        try:
            stick.write_synced(path, b"a" * 300)
            stick.sync_folder(path.parent)
            stick.write_synced(path, b"b" * 300)
        except Pulled:
            pass
        lost += stick.survivors().get(path) not in (b"a" * 300, b"b" * 300)
    assert lost > 0


class BadDisk(RealDisk):
    """The real disk with one thing wrong."""

    def __init__(self, **wrong: object) -> None:
        self.wrong = wrong

    def free_bytes(self, folder: Path) -> int:
        return int(str(self.wrong.get("free", 1 << 40)))

    def write_synced(self, path: Path, data: bytes) -> None:
        error = self.wrong.get("errno")
        if isinstance(error, int):
            path.write_bytes(data[:10])
            raise OSError(error, os.strerror(error))
        super().write_synced(path, data)

    def read(self, path: Path) -> bytes:
        data = super().read(path)
        return data[:-1] + b"?" if self.wrong.get("lies") else data


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path, stations=1)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"free": 1_000}, "stick_full"),
        ({"errno": errno.ENOSPC}, "stick_full"),
        ({"errno": errno.EROFS}, "stick_read_only"),
        ({"errno": errno.EACCES}, "stick_read_only"),
        ({"errno": errno.EIO}, "stick_gone"),
        ({"errno": errno.ENODEV}, "stick_gone"),
        ({"lies": True}, "stick_unreliable"),
    ],
)
def test_trouble_is_named_and_the_files_before_stay(
    room: Classroom, tmp_path: Path, wrong: dict[str, object], code: str
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    room.desk.write(stick)
    before = {path: path.read_bytes() for path in stick.iterdir()}
    with pytest.raises(EnvironmentTrouble) as caught:
        exchange.write_packages(room.desk.ledger, room.desk.keys, stick, disk=BadDisk(**wrong))
    assert caught.value.code == code
    assert {path: path.read_bytes() for path in stick.glob("*.bdx")} == before
    room.desk.write(stick)
    assert list(stick.glob("*.tmp")) == [], "the next time uses up what the failure left"


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not synced there")
@pytest.mark.parametrize(("number", "passes"), [(errno.EINVAL, True), (errno.ENOTSUP, True), (errno.EIO, False)])
def test_a_file_system_that_syncs_no_folders_is_good_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, *, passes: bool
) -> None:
    """Some network drives and FUSE file systems say EINVAL; what was written is read back in any case."""

    def fsync(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)
    if passes:
        RealDisk().sync_folder(tmp_path)
    else:
        with pytest.raises(OSError, match=os.strerror(number)):
            RealDisk().sync_folder(tmp_path)


def test_a_folder_that_is_not_there_is_named(room: Classroom, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentTrouble) as caught:
        room.desk.write(tmp_path / "gone")
    assert caught.value.code == "stick_gone"


def test_each_device_keeps_its_last_two_files_and_touches_no_others(room: Classroom, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    station = room.stations[0]
    (theirs,) = station.write(stick).files
    for _ in range(5):
        reports = [room.desk.write(stick), room.desk.write(stick)]
    assert theirs.exists()
    assert set(stick.iterdir()) == {theirs, *reports[0].files, *reports[1].files}


def test_an_own_file_that_holds_what_we_lost_is_not_removed(room: Classroom, tmp_path: Path) -> None:
    import shutil

    stick = tmp_path / "stick"
    stick.mkdir()
    station = room.stations[0]
    room.lap(stick)
    station.close()
    shutil.copytree(station.folder, tmp_path / "backup")
    station._open()
    lost = station.log_entry(0)
    (only_copy,) = station.write(stick).files
    station.close()
    shutil.rmtree(station.folder)
    shutil.copytree(tmp_path / "backup", station.folder)
    station._open()
    # As if the name were remembered: a copy of the profile folder knows it.
    from blenddesk.sync.keys import read_local, write_local

    with station.database.write() as connection:
        name = f"exported/{station.section.hex()}/1"
        kept = read_local(connection, name)
        assert kept is not None
        write_local(connection, name, kept[:-1] + f', "{only_copy.name}"]'.encode())
    station.log_entry(1)
    for _ in range(4):
        station.write(stick)
    assert only_copy.exists()
    station.read(stick)
    assert lost in station.ids_of("entry")
    for _ in range(3):
        station.write(stick)
    assert not only_copy.exists()
