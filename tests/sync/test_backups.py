"""The backup file: only the right secrets open it, whatever is wrong has a name, and it never needs the memory."""

from __future__ import annotations

import errno
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import msgspec
import pytest

from blenddesk.domain.ids import Id
from blenddesk.domain.retention import Mark
from blenddesk.errors import BlendDeskError, EnvironmentTrouble, ExchangeTrouble, Refusal
from blenddesk.services import profiles
from blenddesk.services.context import AppContext
from blenddesk.storage import digest, snapshots
from blenddesk.storage.database import Database
from blenddesk.sync import backup_files, backup_format_1, backups, recovery, words
from blenddesk.sync.backup_files import Head, Outer, Secrets, Way
from blenddesk.sync.wordlock import Strength, lock
from tests.conftest import FakeRandomness

WEAK = Strength(passes=1, memory_bytes=8_192)
MARK = Mark(7, 3)


@pytest.fixture
def sheet() -> recovery.NewSheet:
    return recovery.draw_sheet(FakeRandomness(77), strength=WEAK)


@pytest.fixture
def drawn() -> backups.NewWords:
    return backups.draw_words(FakeRandomness(78), strength=WEAK)


@pytest.fixture
def sealed(
    desk: AppContext, section: Id, drawn: backups.NewWords, sheet: recovery.NewSheet, tmp_path: Path
) -> backups.Sealed:
    student = desk.reads.people.students(section)[0]
    profiles.set_list(desk, student.id, "needs", ["NeedCanary"])
    ways = [drawn.way, backups.way_of_sheet(sheet.lock)]
    return backups.seal_backup(desk.ledger, desk.reads.reader.key, tmp_path / "making", MARK, ways)


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


def resealed(sealed: backups.Sealed, outer: object, inside: bytes, key: bytes) -> None:
    """The file as somebody with the keys could make it: every check is right."""
    import io

    import pyrage

    packed = msgspec.msgpack.encode(outer)
    secret = pyrage.encrypt(inside, [backup_files.own_identity(key).to_public()])
    out = io.BytesIO()
    out.write(b"BDBACK2\n" + len(packed).to_bytes(4, "big") + packed + secret)
    out.write(blake2b(out.getvalue(), digest_size=16).digest())
    sealed.file.write_bytes(out.getvalue())


GOOD_HEAD = Head(b"k" * 32, 1, "", b"", 0, "", {}, [], 0, blake2b(digest_size=32).digest())


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


class FullDisk:
    """Stands in for a file that takes so many bytes and no more."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, data: bytes) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, "full")
        return len(data)

    def flush(self) -> None:
        pass

    def read(self, _length: int) -> bytes:
        raise OSError(errno.EIO, "broken")


def test_the_disks_own_trouble_comes_through_age() -> None:
    writer = backup_files._Hashing(FullDisk(10))  # type: ignore[arg-type]
    with pytest.raises(OSError, match="full"):
        writer.write(b"x" * 11)
    assert writer.error is not None
    for reader in (
        backup_files._Chained(b"", FullDisk(0)),  # type: ignore[arg-type]
        backup_files._Limited(FullDisk(0), 5),  # type: ignore[arg-type]
    ):
        with pytest.raises(OSError, match="broken"):
            reader.read(5)
        with pytest.raises(OSError, match="broken"):
            backup_files._raise_first(None, reader.error)


def test_a_full_disk_while_sealing(sealed: backups.Sealed, desk: AppContext, tmp_path: Path) -> None:
    database = tmp_path / "some.db"
    database.write_bytes(b"x" * 300_000)
    own = backup_files.own_identity(desk.reads.reader.key)
    with pytest.raises(OSError, match="full"):
        backup_files.seal(FullDisk(100_000), Outer(1, 1, []), sealed.head, database, own)  # type: ignore[arg-type]


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EACCES, "folder_not_writable")])
def test_disk_trouble_has_a_code(number: int, code: str) -> None:
    assert backup_files.disk_trouble(OSError(number, "x"), Path("x")).code == code


def test_where_it_cannot_be_made(desk: AppContext, section: Id, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(EnvironmentTrouble, match="folder_not_writable"):
        backups.seal_backup(desk.ledger, desk.reads.reader.key, blocked / "making", MARK, [])


def test_work_that_goes_on_meanwhile_is_no_difference(
    desk: AppContext, section: Id, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = desk.reads.people.students(section)[0]
    copied = snapshots.vacuum_into
    times: list[int] = []

    def with_a_teacher_typing(database: Database, to: Path) -> None:
        copied(database, to)
        if not times:
            profiles.set_note(desk, student.id, "typed while the copy was made")
        times.append(1)

    monkeypatch.setattr(snapshots, "vacuum_into", with_a_teacher_typing)
    made = backups.seal_backup(desk.ledger, desk.reads.reader.key, tmp_path / "making", MARK, [])
    assert len(times) == 3  # copied twice, then without the tables of the screens
    with desk.ledger.database.read() as connection:
        assert made.head.digest == digest.whole_digest(connection)


def test_a_teacher_who_never_stops_typing(
    desk: AppContext, section: Id, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = desk.reads.people.students(section)[0]
    copied = snapshots.vacuum_into

    def typing(database: Database, to: Path) -> None:
        copied(database, to)
        profiles.set_note(desk, student.id, f"note {desk.ledger.randomness.token(4).hex()}")

    monkeypatch.setattr(snapshots, "vacuum_into", typing)
    with pytest.raises(EnvironmentTrouble, match="backup_copy_differs"):
        backups.seal_backup(desk.ledger, desk.reads.reader.key, tmp_path / "making", MARK, [])


def test_a_copy_that_differs_is_no_backup(
    desk: AppContext, section: Id, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = snapshots.vacuum_into

    def spoiling(database: Database, to: Path) -> None:
        copied(database, to)
        copy = Database(to, desk.reads.reader.key)
        with copy.write() as connection:
            connection.exec_driver_sql("UPDATE student SET name = 'Nobody'")
        copy.close()

    monkeypatch.setattr(snapshots, "vacuum_into", spoiling)
    with pytest.raises(EnvironmentTrouble, match="backup_copy_differs"):
        backups.seal_backup(desk.ledger, desk.reads.reader.key, tmp_path / "making", MARK, [])


def test_a_copy_whose_log_is_not_sound_is_no_backup(
    desk: AppContext, section: Id, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.ledger.database.write() as connection:
        connection.exec_driver_sql("UPDATE op SET frame = substr(frame, 1, length(frame) - 1) || x'00' WHERE seq = 2")
    with pytest.raises(EnvironmentTrouble, match="backup_copy_differs"):
        backups.seal_backup(desk.ledger, desk.reads.reader.key, tmp_path / "making", MARK, [])


def test_a_file_that_opens_as_something_else_is_no_backup(
    desk: AppContext, section: Id, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrongly(file: Path, secrets: Secrets, to: Path) -> Head:
        to.write_bytes(b"")
        return GOOD_HEAD

    monkeypatch.setattr(backup_files, "unseal", wrongly)
    with pytest.raises(EnvironmentTrouble, match="backup_copy_differs"):
        backups.seal_backup(desk.ledger, desk.reads.reader.key, tmp_path / "making", MARK, [])


def test_trouble_of_the_copy_itself(desk: AppContext, section: Id, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentTrouble, match="database_not_writable"):
        snapshots.vacuum_into(desk.ledger.database, tmp_path / "no" / "such" / "folder")


def test_a_damaged_page_stops_the_copy_and_closes_it(
    desk: AppContext, section: Id, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_database: Database) -> str:
        raise EnvironmentTrouble("database_unreadable", path="")

    monkeypatch.setattr(snapshots, "_state", broken)
    with pytest.raises(EnvironmentTrouble, match="database_unreadable"):
        snapshots.copy_exactly(desk.ledger.database, desk.reads.reader.key, tmp_path / "copy.db")


# --- the first version of the file ----------------------------------------------------------------------------------


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
