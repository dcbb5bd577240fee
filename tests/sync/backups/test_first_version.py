"""The first version of the file, and small rules of opening."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from blenddesk.domain.ids import Id
from blenddesk.errors import EnvironmentTrouble, ExchangeTrouble, Refusal
from blenddesk.services.context import AppContext
from blenddesk.storage import snapshots
from blenddesk.sync import backup_files, backup_format_1, backups, words
from blenddesk.sync.backup_files import Outer, Secrets
from blenddesk.sync.wordlock import lock
from tests.conftest import FakeRandomness
from tests.sync.backups.sealing import WEAK, resealed


@pytest.fixture
def first_version(desk: AppContext, section: Id, tmp_path: Path) -> tuple[Path, str, int]:
    """A file as version 1 wrote it, its words, and the ops in it."""
    copy = tmp_path / "copy.db"
    snapshots.vacuum_into(desk.ledger.database, copy)
    with desk.ledger.database.read() as connection:
        ops = connection.exec_driver_sql("SELECT count(*) FROM op").scalar_one()
    contents = backup_format_1.Contents(desk.reads.reader.key, copy.read_bytes(), ops, 5)
    typed = " ".join(words.draw_words(FakeRandomness(4)))
    file = tmp_path / "old.bdbackup"
    plain = msgspec.msgpack.encode(contents)
    file.write_bytes(lock(backup_format_1.KIND, plain, words.secret_from(typed), WEAK, FakeRandomness(6)))
    return file, typed, ops


def test_a_backup_of_the_first_version_still_opens(
    desk: AppContext, first_version: tuple[Path, str, int], tmp_path: Path
) -> None:
    file, typed, ops = first_version
    assert backups.read_outer(file) == backups.peek(file) == Outer(0, 0, [backup_format_1.WAY])
    head = backups.open_backup(file, Secrets(None, typed), tmp_path / "opened.db")
    assert (head.ops, head.key, head.counts["student"]) == (ops, desk.reads.reader.key, 8)
    with pytest.raises(Refusal, match="backup_needs_words"):
        backups.open_backup(file, Secrets(head.key), tmp_path / "opened.db")


@pytest.mark.parametrize("plain", [b"nonsense", msgspec.msgpack.encode((b"short", b"", 0, 0))])
def test_nonsense_in_a_backup_of_the_first_version(plain: bytes, tmp_path: Path) -> None:
    typed = " ".join(words.draw_words(FakeRandomness(4)))
    data = lock(backup_format_1.KIND, plain, words.secret_from(typed), WEAK, FakeRandomness(6))
    with pytest.raises(ExchangeTrouble, match="backup_malformed"):
        backup_format_1.open_it(data, typed)


def test_a_mistake_of_age_itself_comes_through(
    sealed: backups.Sealed, desk: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyrage

    def broken(*_args: object) -> None:
        raise pyrage.EncryptError("out of order")

    monkeypatch.setattr(pyrage, "encrypt_io", broken)
    with (tmp_path / "x").open("wb") as out, pytest.raises(pyrage.EncryptError):
        backup_files.seal(out, Outer(1, 1, []), sealed.head, tmp_path / "x", backup_files.own_identity(b"k" * 32))


def test_right_words_of_a_way_that_the_file_was_not_sealed_to(
    sealed: backups.Sealed, desk: AppContext, drawn: backups.NewWords, tmp_path: Path
) -> None:
    """Whoever made it lied about its ways: that is no matter of typing better."""
    resealed(sealed, Outer(1, 1, [drawn.way]), b"", desk.reads.reader.key)
    with pytest.raises(ExchangeTrouble, match="backup_malformed"):
        backups.open_backup(sealed.file, Secrets(None, " ".join(drawn.words)), tmp_path / "opened.db")


def test_a_disk_that_is_full_while_opening(sealed: backups.Sealed, desk: AppContext, tmp_path: Path) -> None:
    (tmp_path / "blocked").write_bytes(b"")
    with pytest.raises(EnvironmentTrouble, match="folder_not_writable"):
        backups.open_backup(sealed.file, Secrets(desk.reads.reader.key), tmp_path / "blocked" / "opened.db")


def test_a_first_look_is_as_strict_about_what_it_sees(sealed: backups.Sealed, tmp_path: Path) -> None:
    assert backups.peek(sealed.file) == backups.read_outer(sealed.file)
    with pytest.raises(EnvironmentTrouble, match="file_missing"):
        backups.peek(tmp_path / "nothing")


def test_a_new_life_begins_only_over_a_sound_log(desk: AppContext, section: Id) -> None:
    with desk.ledger.database.write() as connection:
        connection.exec_driver_sql("UPDATE op SET hash8 = zeroblob(8) WHERE seq = 2")
    with pytest.raises(ExchangeTrouble, match="backup_damaged"):
        backups.begin_new_life(desk.ledger.database, FakeRandomness(3))


def test_what_is_passed_on_can_be_flushed() -> None:
    import io

    out = io.BytesIO()
    backup_files._Hashing(out).flush()
    backup_files._Splitting(out).flush()
    assert out.getvalue() == b""
