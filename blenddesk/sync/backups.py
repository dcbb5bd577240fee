"""A whole device in one file that five words open: made from a verified copy, put back as a new life."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from blenddesk.domain.ids import ID_BYTES
from blenddesk.domain.ports import Randomness
from blenddesk.errors import EnvironmentTrouble, ExchangeTrouble
from blenddesk.storage import digest
from blenddesk.storage.database import KEY_BYTES, Database
from blenddesk.storage.ledger import Ledger
from blenddesk.sync import words
from blenddesk.sync.wordlock import FileKind, Strength, lock, unlock

SUFFIX = ".bdbackup"
MOST_BYTES = 2 << 30
KIND = FileKind(
    b"BDBACK1\n",
    ("not_a_backup", "backup_newer", "backup_damaged", "backup_malformed", "backup_words_wrong"),
    MOST_BYTES,
)


class Contents(msgspec.Struct, array_like=True, frozen=True):
    """The database as it lies on the disk (encrypted) and its key."""

    key: bytes
    database: bytes
    ops: int
    made_ms: int


@dataclass(frozen=True, slots=True)
class NewBackup:
    """A backup that was just made. The words are shown once and kept nowhere."""

    data: bytes
    words: tuple[str, ...]
    ops: int


_decode = msgspec.msgpack.Decoder(Contents).decode


def make_backup(ledger: Ledger, key: bytes, *, language: str = "en", strength: Strength = Strength()) -> NewBackup:
    """Copies the database, checks the copy, and locks it with five new words.

    Raises ``EnvironmentTrouble``: ``backup_copy_differs`` when the copy is not sound or not equal; nothing was written.
    """
    with tempfile.TemporaryDirectory(dir=ledger.database.path.parent) as folder:
        copy = Path(folder) / "copy.db"
        # Outside a transaction, as VACUUM wants it; the copy is encrypted with the same key.
        with ledger.database.engine.connect() as connection:
            driver_connection = connection.connection.driver_connection
            assert driver_connection is not None
            driver_connection.execute("VACUUM INTO ?", (str(copy),))
        ops = _compare(ledger.database, Database(copy, key))
        contents = Contents(key, copy.read_bytes(), ops, ledger.clock.wall_ms())
    shown = words.draw_words(ledger.randomness, language)
    secret = words.secret_from(" ".join(shown))
    return NewBackup(
        lock(KIND, msgspec.msgpack.encode(contents), secret, strength, ledger.randomness), tuple(shown), ops
    )


def open_backup(data: bytes, typed: str) -> Contents:
    """What is in a backup file. Raises ``ExchangeTrouble`` (the kind's codes) or ``Refusal`` (``words_count``, ...)."""
    plain = unlock(KIND, data, words.secret_from(typed))
    try:
        contents = _decode(plain)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ExchangeTrouble("backup_malformed") from error
    if len(contents.key) != KEY_BYTES:
        raise ExchangeTrouble("backup_malformed")
    return contents


def begin_new_life(database: Database, randomness: Randomness) -> None:
    """After a restore: the old database may still live somewhere, so what is written here goes into new streams."""
    with database.write() as connection:
        if digest.verify(connection):
            raise ExchangeTrouble("backup_damaged")
        connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES ('epoch', ?)", (randomness.token(ID_BYTES),))


def _compare(ours: Database, copy: Database) -> int:
    """The number of ops in the copy, once it is known to be sound and to hold what we hold."""
    try:
        with copy.read() as connection:
            findings = digest.verify(connection)
            ops: int = connection.exec_driver_sql("SELECT count(*) FROM op").scalar_one()
            theirs = digest.desk_digest(connection)
        with ours.read() as connection:
            same = digest.desk_digest(connection) == theirs
    finally:
        copy.close()
    if findings or not same:
        raise EnvironmentTrouble("backup_copy_differs", path=str(ours.path))
    return ops
