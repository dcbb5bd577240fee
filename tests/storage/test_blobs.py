"""Blobs: written once and whole, known by their content, never lost for want of room and gone only when erased."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from blenddesk.errors import EnvironmentTrouble, ExchangeTrouble
from blenddesk.storage.blobs import Blobs, beside, name_of

SECTION, OTHER = b"s" * 16, b"o" * 16


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return beside(tmp_path / "blenddesk.db")


def test_what_is_kept_is_found_by_its_content(blobs: Blobs) -> None:
    assert blobs.names(SECTION) == []
    name = blobs.add(SECTION, b"one")
    assert name == name_of(SECTION, b"one")
    assert name != name_of(OTHER, b"one"), "a blob of one class is none in another"
    assert blobs.has(SECTION, name)
    assert not blobs.has(OTHER, name)
    assert blobs.read(SECTION, name) == b"one"
    assert blobs.read(SECTION, b"x" * 32) is None
    assert blobs.names(SECTION) == [name]


def test_the_newest_comes_first_and_other_files_are_none(blobs: Blobs) -> None:
    names = [blobs.add(SECTION, bytes([number])) for number in range(3)]
    for number, name in enumerate(names):
        os.utime(blobs.path(SECTION, name), ns=(number, number))
    folder = blobs.path(SECTION, names[0]).parent
    for strange in ("Thumbs.db", "zz.blob", "z" * 64 + ".blob", "a.tmp"):
        (folder / strange).write_bytes(b"x")
    assert blobs.names(SECTION) == names[::-1]


def test_written_once(blobs: Blobs) -> None:
    name = blobs.add(SECTION, b"one")
    before = blobs.path(SECTION, name).stat().st_mtime_ns
    assert blobs.add(SECTION, b"one") == name
    assert blobs.path(SECTION, name).stat().st_mtime_ns == before


def test_a_damaged_file_is_told_set_aside_and_replaced(blobs: Blobs) -> None:
    name = blobs.add(SECTION, b"one")
    blobs.path(SECTION, name).write_bytes(b"two")
    with pytest.raises(ExchangeTrouble, match="picture_damaged"):
        blobs.read(SECTION, name)
    blobs.add(SECTION, b"one")
    assert blobs.read(SECTION, name) == b"one"
    blobs.path(SECTION, name).write_bytes(b"one and more")
    blobs.set_aside(SECTION, name)
    blobs.set_aside(SECTION, name)
    assert blobs.names(SECTION) == []


def test_only_what_was_erased_goes(blobs: Blobs) -> None:
    gone, kept = blobs.add(SECTION, b"gone"), blobs.add(SECTION, b"kept")
    blobs.path(SECTION, gone).with_suffix(".damaged").write_bytes(b"a damaged one is gone too")
    assert blobs.remove(SECTION, [gone, b"never" + bytes(27)]) == 1
    assert blobs.names(SECTION) == [kept]
    assert len(list(blobs.path(SECTION, gone).parent.iterdir())) == 1


def test_what_a_power_cut_left_goes_with_the_next(blobs: Blobs) -> None:
    name = blobs.add(SECTION, b"one")
    left = blobs.path(SECTION, name).with_name("left.tmp")
    left.write_bytes(b"half")
    blobs.add(SECTION, b"two")
    assert not left.exists()


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EIO, "folder_not_writable")]
)
@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.mkdir"])
def test_no_room_or_a_failing_disk_is_said_and_costs_nothing(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch, number: int, code: str, step: str
) -> None:
    first = blobs.add(SECTION, b"first")

    def fail(*_args: object, **_more: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(step, fail)
        with pytest.raises(EnvironmentTrouble, match=code):
            blobs.add(SECTION, b"second")
    assert blobs.read(SECTION, first) == b"first"
    # After a failed sync of the folder the file may be there; then it is whole.
    second = blobs.read(SECTION, name_of(SECTION, b"second"))
    assert second in (None, b"second")
    assert blobs.add(SECTION, b"second") == name_of(SECTION, b"second")
    assert list(blobs.folder.rglob("*.tmp")) == []


def test_a_disk_that_cannot_be_read_is_said(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    name = blobs.add(SECTION, b"one")

    def fail(*_args: object, **_more: object) -> None:
        raise OSError(errno.EIO, "bad sector")

    for step, act in (
        ("os.scandir", lambda: blobs.names(SECTION)),
        ("pathlib.Path.open", lambda: blobs.read(SECTION, name)),
        ("pathlib.Path.unlink", lambda: blobs.remove(SECTION, [name])),
        ("pathlib.Path.replace", lambda: blobs.set_aside(SECTION, name)),
    ):
        with monkeypatch.context() as broken:
            broken.setattr(step, fail)
            with pytest.raises(EnvironmentTrouble):
                act()
    with monkeypatch.context() as broken:
        broken.setattr("pathlib.Path.read_bytes", fail)
        assert blobs.add(SECTION, b"one") == name, "what cannot be read is written again"
    assert blobs.read(SECTION, name) == b"one"
