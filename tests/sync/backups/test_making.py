"""Making a backup on disks in trouble, beside work that goes on, and over damage."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from blenddesk.domain.ids import Id
from blenddesk.errors import EnvironmentTrouble
from blenddesk.services import profiles
from blenddesk.services.context import AppContext
from blenddesk.storage import digest, snapshots
from blenddesk.storage.database import Database
from blenddesk.sync import backup_files, backups
from blenddesk.sync.backup_files import Head, Outer, Secrets
from tests.sync.backups.sealing import GOOD_HEAD, MARK


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
