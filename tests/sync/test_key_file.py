"""The key's file: what it says comes back, and a power cut at any step of replacing it leaves one that opens."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from blenddesk.errors import EnvironmentTrouble
from blenddesk.sync import key_file
from blenddesk.sync.key_file import KeyFile, PhraseWrap, PrivateDisk, SheetWrap

PHRASE = PhraseWrap(3, 64 << 20, b"s" * 16, b"n" * 24, b"w" * 48)
SHEET = SheetWrap(3, 64 << 20, b"t" * 16, "age1abc", b"x" * 200)
OLD, NEW = KeyFile("ab" * 32), KeyFile("-", PHRASE, SHEET)


class PowerCut(BaseException):
    """The computer went off: nothing after it runs, not even what tidies up."""


class CutDisk(PrivateDisk):
    """Goes off before its ``at``-th step; of a file that was being written then, ``part`` of its bytes are there."""

    def __init__(self, at: int, part: float = 0.0) -> None:
        self.at, self.part, self.steps, self.off = at, part, 0, False

    def _step(self) -> None:
        self.off = self.off or self.steps == self.at
        self.steps += 1
        if self.off:
            raise PowerCut

    def write_private(self, path: Path, data: bytes) -> None:
        try:
            self._step()
        except PowerCut:
            path.write_bytes(data[: round(len(data) * self.part)])
            raise
        super().write_private(path, data)

    def sync_folder(self, folder: Path) -> None:
        self._step()
        super().sync_folder(folder)

    def read(self, path: Path) -> bytes:
        self._step()
        return super().read(path)

    def replace(self, path: Path, to: Path) -> None:
        self._step()
        super().replace(path, to)

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)


class FailingDisk(CutDisk):
    """The disk says no at that step, once, and goes on."""

    def _step(self) -> None:
        self.steps += 1
        if self.steps - 1 == self.at:
            raise OSError(28, "No space left on device")


def take_it(_read: KeyFile) -> None:
    """Whatever was read back will do."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "database.key"
    key_file.replace(file, OLD, take_it)
    return file


@pytest.mark.parametrize(
    "file", [OLD, NEW, KeyFile("dpapi:00ff", None, SHEET), KeyFile("-", PHRASE, None, ("escrow 1 2",))]
)
def test_what_is_written_comes_back(path: Path, file: KeyFile) -> None:
    assert key_file.replace(path, file, take_it)
    assert key_file.read(path) == file
    assert not key_file.unfinished(path).exists()


def test_the_file_of_the_first_version_is_read(path: Path) -> None:
    path.write_text("ab" * 32, encoding="ascii")
    assert key_file.read(path) == OLD
    assert OLD.opens_by_itself
    assert not NEW.opens_by_itself


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_it_is_for_this_account_only_from_its_first_byte(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    write = PrivateDisk.write_synced

    def watch(self: PrivateDisk, file: Path, data: bytes) -> None:
        modes.append(stat.S_IMODE(file.stat().st_mode))
        write(self, file, data)

    monkeypatch.setattr(PrivateDisk, "write_synced", watch)
    before = os.umask(0)
    try:
        key_file.replace(path, NEW, take_it)
    finally:
        os.umask(before)
    assert modes == [0o600]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("part", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("at", range(6))
def test_a_power_cut_at_any_step_leaves_the_old_or_the_new(path: Path, at: int, part: float) -> None:
    disk = CutDisk(at, part)
    if at < 5:
        with pytest.raises(PowerCut):
            key_file.replace(path, NEW, take_it, disk)
    else:
        assert key_file.replace(path, NEW, take_it, disk)
        assert disk.steps == 5, "write, sync, read back, replace, sync"
    assert key_file.read(path) == (NEW if at >= 4 else OLD)
    assert key_file.replace(path, NEW, take_it), "the next try is not in the way of what is left"
    assert key_file.read(path) == NEW


@pytest.mark.parametrize("at", range(4))
def test_trouble_with_the_disk_leaves_the_old_and_nothing_beside_it(path: Path, at: int) -> None:
    with pytest.raises(EnvironmentTrouble, match="key_not_written"):
        key_file.replace(path, NEW, take_it, FailingDisk(at))
    assert key_file.read(path) == OLD
    assert not key_file.unfinished(path).exists()


def test_a_folder_that_is_not_synced_at_last_is_told(path: Path) -> None:
    assert not key_file.replace(path, NEW, take_it, FailingDisk(4))
    assert key_file.read(path) == NEW


def test_what_does_not_open_when_read_back_changes_nothing(path: Path) -> None:
    def refuse(_read: KeyFile) -> None:
        raise EnvironmentTrouble("key_not_written", path="")

    with pytest.raises(EnvironmentTrouble, match="key_not_written"):
        key_file.replace(path, NEW, refuse)
    assert key_file.read(path) == OLD
    assert not key_file.unfinished(path).exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "-\n",
        "-\nphrase 3\n",
        "-\nphrase x 1 00 00 00\n",
        "-\nsheet 3 1 zz age1 00\n",
        "-\nescrow 1\n",
        "\xff",
    ],
)
def test_a_damaged_file_is_told(path: Path, text: str) -> None:
    path.write_text(text, encoding="latin-1")
    with pytest.raises(EnvironmentTrouble, match="key_damaged"):
        key_file.read(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentTrouble, match="key_missing"):
        key_file.read(tmp_path / "nothing.key")
