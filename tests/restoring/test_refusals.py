"""What stops a restore and leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from blenddesk import changing_places, restoring
from blenddesk.config import Paths
from blenddesk.errors import BlendDeskError, EnvironmentTrouble, ExchangeTrouble
from blenddesk.storage import digest, setup
from tests.restoring.kept import Kept


class Stop(Exception):
    """Cancel."""


def test_cancel_leaves_nothing_behind(kept: Kept) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        restoring.prepare(kept.paths, kept.backup, key=kept.key, progress=stop)
    assert not changing_places.preparing_folder(kept.paths).exists()
    with pytest.raises(Stop):
        restoring.repair(kept.paths, kept.key, progress=stop)
    assert not changing_places.preparing_folder(kept.paths).exists()
    assert kept.shown() == kept.after


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: data[:-1], "backup_damaged"),
        (lambda data: b"PK" + data, "not_a_backup"),
    ],
)
def test_a_spoilt_backup_changes_nothing(kept: Kept, spoil: Callable[[bytes], bytes], code: str) -> None:
    kept.backup.write_bytes(spoil(kept.backup.read_bytes()))
    with pytest.raises(BlendDeskError) as caught:
        restoring.restore(kept.paths, kept.backup, key=kept.key)
    assert caught.value.code == code
    assert not changing_places.preparing_folder(kept.paths).exists()
    assert kept.shown() == kept.after


def test_a_backup_that_shows_something_else_than_it_says_is_damaged(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "whole_digest", lambda _connection: "something else")
    with pytest.raises(ExchangeTrouble, match="backup_damaged"):
        restoring.prepare(kept.paths, kept.backup, key=kept.key)


def test_a_database_inside_that_is_not_sound_is_damaged(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_args: object) -> bool:
        raise EnvironmentTrouble("database_unreadable", path="")

    with monkeypatch.context() as patch:
        patch.setattr(setup, "refresh_projections", unreadable)
        with pytest.raises(ExchangeTrouble, match="backup_damaged"):
            restoring.prepare(kept.paths, kept.backup, key=kept.key)

    def full(*_args: object) -> bool:
        raise EnvironmentTrouble("disk_full", path="")

    with monkeypatch.context() as patch:
        patch.setattr(setup, "refresh_projections", full)
        with pytest.raises(EnvironmentTrouble, match="disk_full"):
            restoring.prepare(kept.paths, kept.backup, key=kept.key)


def test_a_folder_that_cannot_be_written(kept: Kept, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(EnvironmentTrouble, match="folder_not_writable"):
        restoring.prepare(Paths(blocked / "data", tmp_path / "s"), kept.backup, key=kept.key)


def test_packages_are_found_in_folders_that_are_there(kept: Kept, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "bd-a.bdx").write_bytes(b"x")
    (stick / ".bd-b.bdx").write_bytes(b"x")
    assert restoring.packages_found(kept.paths, [stick, tmp_path / "gone"]) == [stick / "bd-a.bdx"]


def test_a_key_that_cannot_be_written(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from blenddesk.sync import key_file

    def full(*_args: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(key_file.PrivateDisk, "write_private", full)
    new = Paths(tmp_path / "new" / "data", tmp_path / "new" / "state")
    with pytest.raises(EnvironmentTrouble, match="folder_not_writable"):
        restoring.restore(new, kept.backup, typed=" ".join(kept.words.words))
    assert not new.exists
