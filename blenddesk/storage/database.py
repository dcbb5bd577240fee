"""The one place that opens the database file: encrypted, write-ahead logged, synced at every commit.

``connect`` needs only the driver, so that the first screen can be painted before SQLAlchemy is loaded. ``Database``
wraps the same connections in a SQLAlchemy engine.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from blenddesk.errors import EnvironmentTrouble

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

log = logging.getLogger(__name__)

SCHEMA_VERSION = 1
"""``PRAGMA user_version`` of the log tables. Projection tables carry their own fingerprint and are rebuilt."""

BUSY_MS = 5_000
KEY_BYTES = 32


def connect(path: Path, key: bytes, *, create: bool = False) -> Any:
    """A DB-API connection to the database at ``path``, ready for use.

    ``key`` is the raw 256-bit key. WAL with synchronous=FULL is what keeps every acknowledged commit through a power
    cut (WAL with NORMAL lost more than half in tests); temporary tables stay in memory because the disk is not ours.
    Raises ``EnvironmentTrouble`` (``database_missing``, ``database_unreadable``, ``database_newer``, ``disk_full``).
    """
    if not create and not path.exists():
        raise EnvironmentTrouble("database_missing", path=str(path))
    connection = driver.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except driver.DatabaseError as error:
        connection.close()
        raise trouble(error, path) from error
    if version > SCHEMA_VERSION:
        connection.close()
        raise EnvironmentTrouble("database_newer", path=str(path), version=version)
    return connection


def trouble(error: Exception, path: Path) -> EnvironmentTrouble:
    """The driver's complaint as one of ours: what happened, by code."""
    text = str(error).lower()
    # The driver's words name tables and columns, never values; without them nobody could tell damage from our mistake.
    log.warning("database: %s: %s", type(error).__name__, error)
    if "full" in text:
        return EnvironmentTrouble("disk_full", path=str(path))
    if "locked" in text or "busy" in text:
        return EnvironmentTrouble("database_locked", path=str(path))
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return EnvironmentTrouble("database_not_writable", path=str(path))
    return EnvironmentTrouble("database_unreadable", path=str(path), detail=str(error))


class Database:
    """The database file as SQLAlchemy sees it. Connections are pooled and may serve any thread, one at a time."""

    def __init__(self, path: Path, key: bytes) -> None:
        from sqlalchemy import create_engine, event
        from sqlalchemy.pool import QueuePool

        self.path = path
        self._key = key
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
            writing = connection.get_execution_options().get("blenddesk_writing", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

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

    def close(self) -> None:
        self.engine.dispose()
