"""What a backup holds, what opens it, and files that were spoilt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from blenddesk.domain.ids import Id
from blenddesk.errors import BlendDeskError, EnvironmentTrouble, ExchangeTrouble, Refusal
from blenddesk.services.context import AppContext
from blenddesk.storage import digest
from blenddesk.storage.database import Database
from blenddesk.sync import backups, recovery
from blenddesk.sync.backup_files import Outer, Secrets, Way
from tests.conftest import FakeRandomness
from tests.sync.backups.sealing import GOOD_HEAD, MARK, WEAK, resealed


def test_it_holds_the_log_and_says_what_is_in_it(desk: AppContext, section: Id, sealed: backups.Sealed) -> None:
    with desk.ledger.database.read() as connection:
        ops = connection.exec_driver_sql("SELECT count(*) FROM op").scalar_one()
        shown = digest.whole_digest(connection)
    assert (sealed.head.ops, sealed.head.digest) == (ops, shown)
    assert sealed.head.counts["student"] == 8
    assert sealed.head.classes == ["Sunflowers"]
    assert backups.read_outer(sealed.file) == Outer(7, 3, backups.read_outer(sealed.file).ways)


def test_the_file_shows_nothing_and_its_folder_nothing_else(sealed: backups.Sealed) -> None:
    data = sealed.file.read_bytes()
    for word in (b"Canary", b"Amina", b"Sunflowers", b"SQLite"):
        assert word not in data
    assert [path.name for path in sealed.file.parent.iterdir()] == ["sealed"]


@pytest.mark.parametrize("by", ["key", "words", "sheet"])
def test_each_of_its_secrets_opens_it(
    desk: AppContext,
    sealed: backups.Sealed,
    drawn: backups.NewWords,
    sheet: recovery.NewSheet,
    by: str,
    tmp_path: Path,
) -> None:
    secrets = {
        "key": Secrets(desk.reads.reader.key),
        "words": Secrets(typed=" ".join(drawn.words)),
        "sheet": Secrets(None, ", ".join(sheet.words).upper()),
    }[by]
    to = tmp_path / "opened.db"
    assert backups.open_backup(sealed.file, secrets, to) == sealed.head
    database = Database(to, sealed.head.key)
    with database.read() as connection:
        assert digest.verify(connection) == []
    database.close()


def other_sheet() -> str:
    return " ".join(recovery.draw_sheet(FakeRandomness(5), strength=WEAK).words)


def other_words() -> str:
    return " ".join(backups.draw_words(FakeRandomness(5), strength=WEAK).words)


@pytest.mark.parametrize(
    ("secrets", "code"),
    [
        (lambda: Secrets(), "backup_needs_words"),
        (lambda: Secrets(b"\1" * 32), "backup_needs_words"),
        (lambda: Secrets(None, other_words()), "backup_words_wrong"),
        (lambda: Secrets(b"\1" * 32, other_words()), "backup_words_wrong"),
        (lambda: Secrets(None, other_sheet()), "recovery_words_wrong"),
        (lambda: Secrets(None, "four words are here"), "words_count"),
        (lambda: Secrets(None, "apple river stone cloud zzzzz"), "word_unknown"),
    ],
)
def test_nothing_else_opens_it(
    sealed: backups.Sealed, secrets: Callable[[], Secrets], code: str, tmp_path: Path
) -> None:
    to = tmp_path / "opened.db"
    with pytest.raises(BlendDeskError) as caught:
        backups.open_backup(sealed.file, secrets(), to)
    assert caught.value.code == code
    assert not to.exists()


def test_words_of_a_kind_that_it_was_not_sealed_to(
    desk: AppContext, section: Id, drawn: backups.NewWords, sheet: recovery.NewSheet, tmp_path: Path
) -> None:
    for ways, typed, code in (
        ([drawn.way], other_sheet(), "backup_no_sheet"),
        ([backups.way_of_sheet(sheet.lock)], other_words(), "backup_no_words"),
    ):
        made = backups.seal_backup(desk.ledger, desk.reads.reader.key, tmp_path / "making", MARK, ways)
        with pytest.raises(Refusal, match=code):
            backups.open_backup(made.file, Secrets(None, typed), tmp_path / "opened.db")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: data[:-100], "backup_damaged"),
        (lambda data: data[:12], "backup_damaged"),
        (lambda data: data[:8] + b"\xff\xff\xff\xff" + data[12:], "backup_damaged"),
        (lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:], "backup_damaged"),
        (lambda data: data + b"\0", "backup_damaged"),
        (lambda data: b"BDBACK9\n" + data[8:], "backup_newer"),
        (lambda data: b"PK" + data[2:], "not_a_backup"),
        (lambda data: b"", "file_empty"),
    ],
)
def test_a_spoilt_file_has_a_name_without_any_secret(
    desk: AppContext, sealed: backups.Sealed, spoil: Callable[[bytes], bytes], code: str, tmp_path: Path
) -> None:
    sealed.file.write_bytes(spoil(sealed.file.read_bytes()))
    with pytest.raises(ExchangeTrouble) as caught:
        backups.read_outer(sealed.file)
    assert caught.value.code == code
    with pytest.raises(ExchangeTrouble, match=code):
        backups.open_backup(sealed.file, Secrets(desk.reads.reader.key), tmp_path / "opened.db")
    assert not (tmp_path / "opened.db").exists()


def with_length(head: bytes) -> bytes:
    return len(head).to_bytes(4, "big") + head


@pytest.mark.parametrize(
    ("outer", "inside"),
    [
        (["no", "numbers"], b""),
        (Outer(1, 1, [Way("spell", "", b"s" * 16, 1, 8_192)]), b""),
        (Outer(1, 1, [Way("words", "", b"s" * 16, 99, 8_192)]), b""),
        (Outer(1, 1, [Way("words", "", b"s" * 16, 1, 1 << 40)]), b""),
        (Outer(1, 1, [Way("words", "", b"s", 1, 8_192)]), b""),
        (Outer(1, 1, []), b""),
        (Outer(1, 1, []), b"\0\0"),
        (Outer(1, 1, []), b"\xff\xff\xff\xff rest"),
        (Outer(1, 1, []), with_length(b"no head")),
        (Outer(1, 1, []), with_length(msgspec.msgpack.encode(GOOD_HEAD)) + b"more than it says"),
        (Outer(1, 1, []), with_length(msgspec.msgpack.encode(msgspec.structs.replace(GOOD_HEAD, key=b"short")))),
        (
            Outer(1, 1, []),
            with_length(msgspec.msgpack.encode(msgspec.structs.replace(GOOD_HEAD, database_bytes=3))) + b"abc",
        ),
    ],
)
def test_nonsense_under_right_checks_is_malformed(
    desk: AppContext, sealed: backups.Sealed, outer: object, inside: bytes, tmp_path: Path
) -> None:
    key = desk.reads.reader.key
    resealed(sealed, outer, inside, key)
    with pytest.raises(ExchangeTrouble, match="backup_malformed"):
        backups.open_backup(sealed.file, Secrets(key), tmp_path / "opened.db")
    assert not (tmp_path / "opened.db").exists()


def test_a_file_that_is_not_there_or_cannot_be_read(tmp_path: Path) -> None:
    for act in (backups.read_outer, lambda file: backups.open_backup(file, Secrets(), tmp_path / "o")):
        with pytest.raises(EnvironmentTrouble, match="file_missing"):
            act(tmp_path / "nothing")
        with pytest.raises(EnvironmentTrouble, match="file_unreadable"):
            act(tmp_path)
