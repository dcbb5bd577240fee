"""Own files: known by remembered names and by what is in them; what is not ours or not superfluous stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.sync import exchange, own_files
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.sticks import RealDisk
from tests.sync.devices import Classroom, Device, make_classroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path, stations=1)
    yield made
    made.close()


def names_of(device: Device, kind: PackageKind = PackageKind.CLASS) -> list[str]:
    return own_files.remembered(device.database, device.section, kind)


def tidy(device: Device, folder: Path) -> list[str]:
    kind = PackageKind.CLASS
    with device.database.read() as connection:
        gone = own_files.tidy(connection, device.keys, names_of(device), device.section, kind, folder, RealDisk())
    return [path.name for path in gone]


@pytest.fixture
def files(room: Classroom, tmp_path: Path) -> list[Path]:
    """Three class packages of the desk, in folders of their own, so that none was removed."""
    found = []
    for number in range(3):
        (tmp_path / f"stick{number}").mkdir()
        room.desk.rename(0, f"Name {number}")
        report = exchange.write_packages(
            room.desk.ledger, room.desk.keys, tmp_path / f"stick{number}", only=[(room.desk.section, PackageKind.CLASS)]
        )
        found += report.files
    return found


def gather(files: list[Path], folder: Path) -> Path:
    folder.mkdir()
    for file in files:
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def test_all_but_the_last_two_go(room: Classroom, files: list[Path], tmp_path: Path) -> None:
    folder = gather(files, tmp_path / "all")
    assert tidy(room.desk, folder) == [files[0].name]
    assert tidy(room.desk, folder) == []


def test_names_come_back_in_any_case(room: Classroom, files: list[Path], tmp_path: Path) -> None:
    folder = gather(files, tmp_path / "all")
    (folder / files[0].name).rename(folder / files[0].name.upper())
    assert tidy(room.desk, folder) == [files[0].name.upper()]
    assert own_files.among(["a.bdx", "b.bdx", "A.BDX"], ["B.bdx", "A.bdx", "a.BDX", "c.bdx"]) == [
        "A.bdx",
        "a.BDX",
        "B.bdx",
    ]


def test_a_file_of_another_computer_under_our_name_stays(room: Classroom, files: list[Path], tmp_path: Path) -> None:
    station = room.stations[0]
    station.read(files[-1])
    (tmp_path / "theirs").mkdir()
    [theirs] = station.write(tmp_path / "theirs").files
    room.desk.read(theirs)
    folder = gather(files, tmp_path / "all")
    (folder / files[0].name).write_bytes(theirs.read_bytes())
    assert tidy(room.desk, folder) == []


def test_a_file_of_another_kind_under_our_name_stays(room: Classroom, files: list[Path], tmp_path: Path) -> None:
    """What only desks open is counted on its own: it may be the only one of its kind."""
    (tmp_path / "desk-only").mkdir()
    [private] = exchange.write_packages(
        room.desk.ledger, room.desk.keys, tmp_path / "desk-only", only=[(room.desk.section, PackageKind.DESK)]
    ).files
    folder = gather(files, tmp_path / "all")
    (folder / files[0].name).write_bytes(private.read_bytes())
    assert tidy(room.desk, folder) == []


def test_damaged_files_and_a_folder_that_is_gone_do_no_harm(room: Classroom, files: list[Path], tmp_path: Path) -> None:
    folder = gather(files, tmp_path / "all")
    (folder / files[0].name).write_bytes(b"half")
    assert tidy(room.desk, folder) == []
    assert tidy(room.desk, tmp_path / "nowhere") == []


def test_so_many_names_are_remembered(room: Classroom) -> None:
    kind = PackageKind.CLASS
    for number in range(own_files.REMEMBERED_NAMES + 3):
        names = own_files.remember(room.desk.database, room.desk.section, kind, f"bd-{number}.bdx")
    assert len(names) == own_files.REMEMBERED_NAMES
    assert names[-1] == f"bd-{own_files.REMEMBERED_NAMES + 2}.bdx"
    assert names_of(room.desk) == names
    assert names_of(room.desk, PackageKind.DESK) == []
