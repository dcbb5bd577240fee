"""The one place that opens the database file: encrypted, write-ahead logged, synced at every commit.

``connect`` needs only the driver, so that the first screen can be painted before SQLAlchemy is loaded. ``Database``
wraps the same connections in a SQLAlchemy engine.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from blenddesk.errors import EnvironmentTrouble

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

log = logging.getLogger(__name__)

SCHEMA_VERSION = 2
"""``PRAGMA user_version`` of the log tables. Projection tables carry their own fingerprint and are rebuilt.

2: frames may be packed. A database of version 1 stays one until its first frame is (``packed_frames.prepare``)."""

BUSY_MS = 5_000
KEY_BYTES = 32


def connect(path: Path, key: bytes, *, create: bool = False) -> Any:
    """A DB-API connection to the database at ``path``, ready for use.

    ``key`` is the raw 256-bit key. WAL with synchronous=FULL is what keeps every acknowledged commit through a power
    cut (``tests/faults/power_cuts.py``: WAL with NORMAL loses half of them); temporary tables stay in memory because
    the disk is not ours. Raises ``EnvironmentTrouble`` (``database_missing``, ``database_newer`` and those of
    ``trouble``).
    """
    if not create and not path.exists():
        raise EnvironmentTrouble("database_missing", path=str(path))
    if not create and _is_emptied(path):
        raise EnvironmentTrouble("database_unreadable", path=str(path), detail="empty")
    connection = None
    try:
        connection = driver.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except driver.Error as error:
        if connection is not None:
            connection.close()
        raise trouble(error, path) from error
    if version > SCHEMA_VERSION:
        connection.close()
        raise EnvironmentTrouble("database_newer", path=str(path), version=version)
    return connection


# SQLite's result codes, by their low byte.
_PERMISSION, _BUSY, _LOCKED, _READ_ONLY, _IO_ERROR, _CORRUPT, _FULL, _CANNOT_OPEN = 3, 5, 6, 8, 10, 11, 13, 14
_PROTOCOL, _NOT_A_DATABASE = 15, 26
ROOM_BYTES = 1 << 20
"""With less room on the disk than this, whatever did not work did not work for want of it."""


def trouble(error: BaseException, path: Path) -> EnvironmentTrouble:
    """The driver's complaint as one of ours, by its result code.

    ``disk_full``, ``disk_failing`` (a read, write or sync that did not work), ``database_locked``,
    ``database_not_writable`` or ``database_unreadable`` (damaged, or another key). Raises ``error`` itself when the
    disk has nothing to do with it, such as a broken constraint: a mistake of ours must not look like damage.
    """
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    # The driver's words name tables and columns, never values; without them nobody could tell damage from our mistake.
    log.warning("database: %s: %s (%d)", type(error).__name__, error, code)
    # SQLCipher lets nobody write any more once it has met a damaged page.
    if code in (_CORRUPT, _NOT_A_DATABASE) or (code == _READ_ONLY and _is_writable(path)):
        return EnvironmentTrouble("database_unreadable", path=str(path), detail=str(error))
    # SQLite also meets a full disk where it only wants to read: beside the log it keeps an index of it.
    if code == _FULL or (code == _IO_ERROR and not _has_room(path)):
        return EnvironmentTrouble("disk_full", path=str(path))
    if code == _IO_ERROR:
        return EnvironmentTrouble("disk_failing", path=str(path))
    if code in (_BUSY, _LOCKED, _PROTOCOL):
        return EnvironmentTrouble("database_locked", path=str(path))
    if code in (_READ_ONLY, _CANNOT_OPEN, _PERMISSION):
        return EnvironmentTrouble("database_not_writable", path=str(path.parent))
    raise error


def _has_room(path: Path) -> bool:
    import shutil

    try:
        return shutil.disk_usage(path.parent).free >= ROOM_BYTES
    except OSError:
        return True  # the disk cannot even say how full it is


def _is_emptied(path: Path) -> bool:
    """Such a file opens with any key, as a new database. With a log beside it, it is one that was just made."""
    return not path.stat().st_size and not path.with_name(path.name + "-wal").exists()


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


class Database:
    """The database file as SQLAlchemy sees it. Connections are pooled and may serve any thread, one at a time."""

    def __init__(self, path: Path, key: bytes) -> None:
        from sqlalchemy import create_engine, event
        from sqlalchemy.pool import QueuePool

        self.path = path
        self._key = key
        self._waiting: deque[None] = deque()
        """One element for each thread that waits; a deque, because a number does not count safely in several."""
        self.engine: Engine = create_engine(
            "sqlite://",
            module=driver,
            creator=lambda: connect(path, key, create=True),
            poolclass=QueuePool,
            pool_size=3,
            pool_reset_on_return="rollback",
        )

        # The driver is in autocommit mode, so that transactions begin where we say and the way we say: a writer takes
        # the write lock at once instead of failing half-way when another connection got there first.
        @event.listens_for(self.engine, "begin")
        def _begin(connection: Connection) -> None:
            if not connection.get_execution_options().get("blenddesk_writing", False):
                connection.exec_driver_sql("BEGIN")
                return
            self._waiting.append(None)
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            finally:
                self._waiting.pop()

    @property
    def is_wanted(self) -> bool:
        """Somebody waits to write: whoever writes long in the background ends it and tries again later."""
        return bool(self._waiting)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed and on the disk when the block ends, undone if it raises."""
        from sqlalchemy.exc import DBAPIError

        try:
            with self.engine.connect().execution_options(blenddesk_writing=True) as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise trouble(error.orig or error, self.path) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A steady view of the data while the block runs."""
        from sqlalchemy.exc import DBAPIError

        try:
            with self.engine.connect() as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise trouble(error.orig or error, self.path) from error

    def checkpoint(self) -> None:
        """Empties the write-ahead log into the file, so that what was overwritten there is gone from the disk too.

        As far as it can: what another connection still reads, or the disk does not take, stays until the next time.
        Never raises, as what was committed before it is saved whatever becomes of the log.
        """
        try:
            pooled = self.engine.raw_connection()
            try:
                pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                pooled.close()
        except (driver.Error, EnvironmentTrouble) as error:
            log.warning("the log of the database stays for now: %s", error)

    def close(self) -> None:
        self.engine.dispose()
