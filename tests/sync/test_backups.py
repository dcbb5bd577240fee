"""A backup holds everything, opens with its words only, and comes back as a new life."""

from __future__ import annotations

from pathlib import Path

import pytest

from blenddesk import bootstrap, joining
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.errors import BlendDeskError, Refusal
from blenddesk.services import backups, profiles
from blenddesk.services.context import AppContext
from blenddesk.storage import digest
from blenddesk.sync.wordlock import Strength
from tests.conftest import FakeRandomness

WEAK = Strength(passes=1, memory_bytes=8_192)


@pytest.fixture
def saved(desk: AppContext, section: Id, tmp_path: Path) -> backups.SavedBackup:
    student = desk.reads.people.students(section)[0]
    profiles.set_list(desk, student.id, "needs", ["NeedCanary"])
    stick = tmp_path / "stick"
    stick.mkdir()
    return backups.save_backup(desk, stick, strength=WEAK)


def digests(context: AppContext, section: Id) -> tuple[str, str]:
    with context.ledger.database.read() as connection:
        return digest.class_digest(connection, section), digest.desk_digest(connection)


def test_everything_comes_back_as_a_new_life(
    desk: AppContext, section: Id, saved: backups.SavedBackup, tmp_path: Path
) -> None:
    paths = Paths(tmp_path / "restored")
    paths.data.mkdir()
    joining.open_backup(paths, saved.file.read_bytes(), " ".join(saved.words), randomness=FakeRandomness(9))
    restored = bootstrap.open_device(paths)
    assert digests(restored, section) == digests(desk, section)
    assert restored.ledger.device_id == desk.ledger.device_id
    assert restored.ledger.epoch != desk.ledger.epoch
    restored.commit("test", [])
    profiles.set_note(restored, restored.reads.people.students(section)[0].id, "written after")
    assert restored.is_desk
    bootstrap.close_device(restored)


def test_the_file_shows_nothing(saved: backups.SavedBackup) -> None:
    data = saved.file.read_bytes()
    assert b"Canary" not in data
    assert b"Amina" not in data


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: data[:-100], "backup_damaged"),
        (lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:], "backup_damaged"),
        (lambda data: b"BDBACK9\n" + data[8:], "backup_newer"),
        (lambda data: b"PK" + data[2:], "not_a_backup"),
        (lambda data: b"", "file_empty"),
    ],
)
def test_a_spoilt_backup_is_refused_and_leaves_nothing(
    saved: backups.SavedBackup, tmp_path: Path, spoil: object, code: str
) -> None:
    paths = Paths(tmp_path / "restored")
    data = spoil(saved.file.read_bytes())  # type: ignore[operator]
    with pytest.raises(BlendDeskError, match=code):
        joining.open_backup(paths, data, " ".join(saved.words))
    assert not paths.exists
    assert not paths.key.exists()


def test_wrong_words_open_nothing(saved: backups.SavedBackup, tmp_path: Path) -> None:
    words = [*saved.words[1:], saved.words[0]]
    with pytest.raises(BlendDeskError, match="backup_words_wrong"):
        joining.open_backup(Paths(tmp_path / "restored"), saved.file.read_bytes(), " ".join(words))


def test_a_device_is_never_overwritten(desk: AppContext, saved: backups.SavedBackup) -> None:
    with pytest.raises(Refusal, match="device_exists"):
        joining.open_backup(desk.paths, saved.file.read_bytes(), " ".join(saved.words))
