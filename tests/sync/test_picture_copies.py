"""Pictures beside backups: each once, within a budget, gone when erased; and back for a restored desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.errors import EnvironmentTrouble
from blenddesk.storage.blobs import FOLDER, Blobs
from blenddesk.sync import picture_copies
from blenddesk.sync.picture_copies import Copies
from tests.sync.devices import Classroom, Device, make_classroom
from tests.sync.test_volumes import blobs, bring, carry, erase, here, opened, take


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    found = make_classroom(tmp_path, stations=1)
    (tmp_path / "stick").mkdir()
    (tmp_path / "second").mkdir()
    yield found
    found.close()


def copy(desk: Device, folder: Path, budget: int = picture_copies.BUDGET) -> Copies:
    with desk.database.read() as connection:
        pictures = picture_copies.pictures_of(connection)
    return picture_copies.copy_beside(blobs(desk), pictures, folder, budget=budget)


def fetch(desk: Device, *folders: Path) -> int:
    with desk.database.read() as connection:
        pictures = picture_copies.pictures_of(connection)
    return picture_copies.fetch_from(folders, blobs(desk), pictures)


def test_copied_once_and_back_again(room: Classroom, tmp_path: Path) -> None:
    desk, second = room.desk, tmp_path / "second"
    names = {take(desk, number, record="evidence_private") for number in range(3)}
    assert copy(desk, second) == Copies(3, 3, 0)
    assert copy(desk, second) == Copies(0, 3, 0)
    for name in names:
        blobs(desk).path(desk.section, name).unlink()
    assert fetch(desk, tmp_path / "nowhere", second) == 3
    assert here(desk) == names
    assert len(opened(desk, "evidence_private_desk")) == 3
    assert fetch(desk, second) == 0


def test_what_has_no_room_or_is_not_home_is_counted(room: Classroom, tmp_path: Path) -> None:
    desk, blue, stick = room.desk, room.stations[0], tmp_path / "stick"
    for number in range(3):
        take(desk, number, 30_000, record="evidence_private")
    take(blue, 1)
    blue.write(stick)
    bring(desk, stick)
    copies = copy(desk, tmp_path / "second", budget=70_000)
    assert copies == Copies(2, 2, 2)
    carry(blue, stick)
    bring(desk, stick)
    assert copy(desk, tmp_path / "second", budget=70_000) == Copies(1, 3, 1)


def test_what_is_erased_goes_there_too_and_does_not_return(room: Classroom, tmp_path: Path) -> None:
    desk, second = room.desk, tmp_path / "second"
    gone, kept = take(desk, 0, record="evidence_private"), take(desk, 1, record="evidence_private")
    copy(desk, second)
    erase(desk, gone)
    assert copy(desk, second).kept == 1
    assert Blobs(second / FOLDER).names(desk.section) == [kept]
    blobs(desk).remove(desk.section, [gone])
    Blobs(second / FOLDER).add(desk.section, b"x")
    assert fetch(desk, second) == 0
    assert here(desk) == {kept}


def test_damage_there_or_here_is_passed_over(room: Classroom, tmp_path: Path) -> None:
    desk, second = room.desk, tmp_path / "second"
    first, other = take(desk, 0, record="evidence_private"), take(desk, 1, record="evidence_private")
    copy(desk, second)
    Blobs(second / FOLDER).path(desk.section, first).write_bytes(b"bit rot")
    for name in (first, other):
        blobs(desk).path(desk.section, name).unlink()
    assert fetch(desk, second) == 1
    assert here(desk) == {other}
    blobs(desk).path(desk.section, other).write_bytes(b"bit rot")
    (tmp_path / "third").mkdir()
    assert copy(desk, tmp_path / "third") == Copies(0, 0, 2)


def test_a_place_that_cannot_be_written_is_said(
    room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(room.desk, 0, record="evidence_private")
    (tmp_path / "second" / FOLDER).write_text("a file where the folder should be")
    with pytest.raises(EnvironmentTrouble, match="folder_not_writable"):
        copy(room.desk, tmp_path / "second")
