"""A whole device in one file: made from a verified copy, opened again to see that it is whole, put back as a new life.

The tables of the screens are left out, as they follow from the log; ``backup_files`` has the file itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from blenddesk import __version__
from blenddesk.domain.ids import ID_BYTES
from blenddesk.domain.ports import Randomness
from blenddesk.domain.registry import Audience
from blenddesk.domain.retention import Mark
from blenddesk.errors import EnvironmentTrouble, ExchangeTrouble, Refusal
from blenddesk.storage import digest, snapshots
from blenddesk.storage.columns import fingerprint, table_name
from blenddesk.storage.database import Database
from blenddesk.storage.ledger import Ledger
from blenddesk.sync import backup_files, backup_format_1, recovery, words
from blenddesk.sync.backup_files import SHEET, WORDS, Head, Outer, Secrets, Way
from blenddesk.sync.recovery import SheetLock
from blenddesk.sync.wordlock import SALT_BYTES, Strength

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SUFFIX = ".bdbackup"
COUNTED = ("student", "plan", "entry", "goal")
STEPS = 5
"""Steps of making a backup, for counted progress."""

Progress = Callable[[int, int], None]


class Sealed(NamedTuple):
    """A backup that was just made at ``file`` and opened again to see that it is whole."""

    file: Path
    head: Head


class NewWords(NamedTuple):
    """Five new words and the way that they open; the words are shown once and kept nowhere."""

    words: tuple[str, ...]
    way: Way


# --- who may open it ------------------------------------------------------------------------------------------------


def draw_words(randomness: Randomness, language: str = "en", strength: Strength = Strength()) -> NewWords:
    """A way by five words, for a computer without a recovery sheet."""
    shown = tuple(words.draw_words(randomness, language))
    salt = randomness.token(SALT_BYTES)
    identity = recovery.identity(words.secret_from(" ".join(shown)), salt, strength)
    return NewWords(shown, Way(WORDS, str(identity.to_public()), salt, strength.passes, strength.memory_bytes))


def way_of_sheet(sheet: SheetLock) -> Way:
    return Way(SHEET, sheet.recipient, sheet.salt, sheet.strength.passes, sheet.strength.memory_bytes)


# --- making ---------------------------------------------------------------------------------------------------------


def seal_backup(
    ledger: Ledger, key: bytes, making: Path, mark: Mark, ways: Sequence[Way], progress: Progress | None = None
) -> Sealed:
    """Copies the database, checks the copy, seals it into a file in the folder ``making`` and opens that again.

    ``making`` is emptied first. ``progress`` may raise to stop. Raises ``EnvironmentTrouble``: ``backup_copy_differs``
    when the copy is not sound or not equal, ``disk_full`` and others of the disk; nothing but ``making`` was touched.
    """
    say = progress or _silent
    shutil.rmtree(making, ignore_errors=True)
    try:
        making.mkdir(parents=True)
        head = _copy(ledger, key, making, say)
        sealed = making / "sealed"
        say(3, STEPS)
        with sealed.open("wb") as out:
            outer = Outer(mark.number, mark.day, list(ways))
            backup_files.seal(out, outer, head, making / "slim.db", backup_files.own_identity(key))
        say(4, STEPS)
        opened = making / "opened.db"
        if backup_files.unseal(sealed, Secrets(key), opened) != head:
            raise EnvironmentTrouble("backup_copy_differs", path=str(ledger.database.path))
        opened.unlink()
        (making / "slim.db").unlink()
    except OSError as error:
        raise backup_files.disk_trouble(error, making) from error
    say(STEPS, STEPS)
    return Sealed(sealed, head)


def _copy(ledger: Ledger, key: bytes, making: Path, progress: Progress) -> Head:
    """Puts a verified copy without the tables of the screens into ``making`` as ``slim.db``."""
    progress(0, STEPS)
    differs = EnvironmentTrouble("backup_copy_differs", path=str(ledger.database.path))
    full, slim = making / "full.db", making / "slim.db"
    copy = snapshots.copy_exactly(ledger.database, key, full)
    if copy is None:
        raise differs
    try:
        progress(1, STEPS)
        with copy.read() as connection:
            shown = digest.whole_digest(connection)
            counts, classes = _counts(connection), _classes(connection)
        snapshots.leave_out_projections(copy)
        progress(2, STEPS)
        snapshots.vacuum_into(copy, slim)
    finally:
        copy.close()
    for file in making.glob("full.db*"):
        file.unlink()
    small = Database(slim, key)
    try:
        with small.read() as connection:
            ops: int = connection.exec_driver_sql("SELECT count(*) FROM op").scalar_one()
            if not _is_sound(connection):
                raise differs
    finally:
        small.close()
    size, made_ms = slim.stat().st_size, max(0, ledger.clock.wall_ms())
    hashed = backup_files.hash_of(slim, size)
    return Head(key, ops, shown, fingerprint(), made_ms, __version__, counts, classes, size, hashed)


def _is_sound(connection: Connection) -> bool:
    """Whether all that is there is as it was written; what a damaged database had to give up is no reason to stop."""
    return all(finding.code == "changes_missing" for finding in digest.verify(connection))


def _silent(_done: int, _total: int) -> None:
    """For whoever does not want to know."""


def _counts(connection: Connection) -> dict[str, int]:
    found = {}
    for name in COUNTED:
        table = table_name(name, Audience.CLASS)
        found[name] = int(connection.exec_driver_sql(f'SELECT count(DISTINCT id) FROM "{table}"').scalar_one())
    return found


def _classes(connection: Connection) -> list[str]:
    table = table_name("section", Audience.CLASS)
    return list(connection.exec_driver_sql(f'SELECT name FROM "{table}" ORDER BY name').scalars())


# --- opening --------------------------------------------------------------------------------------------------------


def read_outer(file: Path) -> Outer:
    """Which backup it is and how it may be opened; needs no secret.

    Raises ``ExchangeTrouble`` (see ``backup_files.read_outer``); ``EnvironmentTrouble``: ``file_missing``,
    ``file_unreadable``.
    """
    try:
        return Outer(0, 0, [backup_format_1.WAY]) if _is_format_1(file) else backup_files.read_outer(file)
    except OSError as error:
        raise _unreadable(error, file) from error


def peek(file: Path) -> Outer:
    """``read_outer`` from the beginning of the file only. Raises the same."""
    try:
        return Outer(0, 0, [backup_format_1.WAY]) if _is_format_1(file) else backup_files.peek(file)
    except OSError as error:
        raise _unreadable(error, file) from error


def open_backup(file: Path, secrets: Secrets, to: Path) -> Head:
    """Writes the database of a backup to ``to``, without the tables of the screens, and says what is in it.

    Raises what ``backup_files.unseal`` raises, ``EnvironmentTrouble`` (``file_missing``, ``file_unreadable``, those of
    this computer's disk); ``to`` is gone then.
    """
    try:
        return _open_format_1(file, secrets, to) if _is_format_1(file) else backup_files.unseal(file, secrets, to)
    except OSError as error:
        if error.filename is not None and Path(error.filename) == file:
            raise _unreadable(error, file) from error
        raise backup_files.disk_trouble(error, to.parent) from error


def _is_format_1(file: Path) -> bool:
    with file.open("rb") as source:
        return backup_format_1.is_one(source.read(len(backup_format_1.KIND.magic)))


def _unreadable(error: OSError, file: Path) -> EnvironmentTrouble:
    code = "file_missing" if isinstance(error, FileNotFoundError) else "file_unreadable"
    return EnvironmentTrouble(code, path=str(file), detail=error.strerror)


def _open_format_1(file: Path, secrets: Secrets, to: Path) -> Head:
    if not secrets.typed.strip():
        raise Refusal("backup_needs_words")
    contents = backup_format_1.open_it(file.read_bytes(), secrets.typed)
    to.write_bytes(contents.database)
    database = Database(to, contents.key)
    try:
        with database.read() as connection:
            shown = digest.whole_digest(connection)
            counts, classes = _counts(connection), _classes(connection)
        snapshots.leave_out_projections(database)
    finally:
        database.close()
    size = to.stat().st_size
    hashed = backup_files.hash_of(to, size)
    return Head(contents.key, contents.ops, shown, b"", contents.made_ms, "", counts, classes, size, hashed)


def begin_new_life(database: Database, randomness: Randomness) -> None:
    """After a restore: the old database may still live somewhere, so what is written here goes into new streams.

    Raises ``ExchangeTrouble`` (``backup_damaged``) when what came out of the file is not sound.
    """
    with database.write() as connection:
        if not _is_sound(connection):
            raise ExchangeTrouble("backup_damaged")
        connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES ('epoch', ?)", (randomness.token(ID_BYTES),))
