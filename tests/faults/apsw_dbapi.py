"""Puts apsw in the place of the program's database driver: the real storage code over a disk of a test's own.

apsw brings its own SQLite, without the encryption; everything above it (SQLAlchemy, the ledger, the backups) is the
program's. ``ApswDriver`` is what ``sqlcipher3.dbapi2`` is to ``blenddesk.storage.database``: a DB-API module. A test
(``test_power_cuts``) shows that both write the same rows.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

import apsw

from blenddesk.storage import database, reader

Hook = Callable[["ApswConnection"], None]

ENCRYPTED_ONLY = {"PRAGMA cipher_integrity_check": "SELECT '' WHERE 0"}
"""Statements that only the encrypted SQLite knows, as they come out there when nothing is wrong."""


class Error(Exception):
    """As PEP 249 has them, with the two facts that Python's own module adds."""

    sqlite_errorcode = 0
    sqlite_errorname = ""


class DatabaseError(Error):
    pass


class OperationalError(DatabaseError):
    pass


class IntegrityError(DatabaseError):
    pass


class ProgrammingError(DatabaseError):
    pass


class DataError(DatabaseError):
    pass


class InterfaceError(Error):
    pass


class InternalError(DatabaseError):
    pass


class NotSupportedError(DatabaseError):
    pass


_OPERATIONAL = (
    apsw.SQLError,
    apsw.PermissionsError,
    apsw.AbortError,
    apsw.BusyError,
    apsw.LockedError,
    apsw.ReadOnlyError,
    apsw.InterruptError,
    apsw.IOError,
    apsw.FullError,
    apsw.CantOpenError,
    apsw.ProtocolError,
    apsw.SchemaChangeError,
)


def translated(error: apsw.Error) -> Error:
    """What ``sqlcipher3`` raises for the same result code; it tells the family only."""
    kind: type[Error] = DatabaseError
    if isinstance(error, _OPERATIONAL):
        kind = OperationalError
    elif isinstance(error, (apsw.ConstraintError, apsw.MismatchError)):
        kind = IntegrityError
    elif isinstance(error, apsw.TooBigError):
        kind = DataError
    elif isinstance(error, (apsw.MisuseError, apsw.BindingsError, apsw.ConnectionClosedError)):
        kind = ProgrammingError
    made = kind(str(error))
    made.sqlite_errorcode = getattr(error, "result", 0) & 0xFF
    made.sqlite_errorname = str(apsw.mapping_result_codes.get(made.sqlite_errorcode, ""))
    return made


class ApswCursor:
    """A DB-API cursor over one of apsw's."""

    arraysize = 1

    def __init__(self, connection: ApswConnection) -> None:
        self.connection = connection
        self.rowcount = -1
        self._cursor = connection.raw.cursor()
        self._next: tuple[Any, ...] | None = None
        # apsw forgets the columns of a SELECT without rows once it has run: they are asked for just before. Not kept in
        # ``self``, or the two cursors would hold each other until the garbage collector comes, statements and all.
        self._columns: list[Any] = []
        columns = self._columns

        def note_columns(cursor: Any, _sql: str, _bindings: object) -> bool:
            columns[:] = cursor.description
            return True

        self._cursor.exec_trace = note_columns

    @property
    def description(self) -> list[Any] | None:
        return self._columns or None

    @property
    def lastrowid(self) -> int:
        return self.connection.raw.last_insert_rowid()

    def execute(self, sql: str, values: Sequence[object] = ()) -> ApswCursor:
        said = self.connection.driver.rewrites.get(sql, sql)
        return self._run(sql, lambda: self._cursor.execute(said, tuple(values)))

    def executemany(self, sql: str, rows: Any) -> ApswCursor:
        return self._run(sql, lambda: self._cursor.executemany(sql, [tuple(row) for row in rows]))

    def _run(self, sql: str, act: Callable[[], object]) -> ApswCursor:
        self._columns.clear()
        self.rowcount = -1
        before = self.connection.raw.total_changes()
        try:
            act()
            self._next = self._cursor.fetchone()
        except apsw.Error as error:
            raise translated(error) from error
        if not self._columns and sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE", "REPLACE"):
            self.rowcount = self.connection.raw.total_changes() - before
        return self

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while (row := self.fetchone()) is not None:
            yield row

    def fetchone(self) -> tuple[Any, ...] | None:
        row = self._next
        if row is not None:
            # One row ahead, as Python's own module is: the statement is over once its last row has been handed out.
            try:
                self._next = self._cursor.fetchone()
            except apsw.Error as error:
                raise translated(error) from error
        return row

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        return [row for _number in range(size) if (row := self.fetchone()) is not None]

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self)

    def close(self) -> None:
        self._cursor.close(True)

    def setinputsizes(self, sizes: object) -> None:
        """Of no use to SQLite."""

    def setoutputsize(self, size: int, column: int | None = None) -> None:
        """Of no use to SQLite."""


class ApswConnection:
    """A DB-API connection that leaves transactions to whoever uses it, as the program asks of its driver."""

    isolation_level = None

    def __init__(self, driver: ApswDriver, path: str, statements: int) -> None:
        self.driver, self.path = driver, path
        try:
            self.raw = apsw.Connection(path, vfs=driver.vfs, statementcachesize=statements)
        except apsw.Error as error:
            raise translated(error) from error
        # What SQLite does after a commit to a long log it does without telling of trouble; apsw would tell. So it is
        # done here, by the very call that SQLite makes.
        self._checkpoint_pages = driver.checkpoint_pages
        self.raw.set_wal_hook(self._after_wal_commit)

    def _after_wal_commit(self, raw: apsw.Connection, name: str, pages: int) -> int:
        if pages >= self._checkpoint_pages:
            try:
                raw.wal_checkpoint(name, apsw.SQLITE_CHECKPOINT_PASSIVE)
            except apsw.Error:
                self.driver.quiet_failures += 1
        return apsw.SQLITE_OK

    @property
    def in_transaction(self) -> bool:
        return self.raw.in_transaction

    @property
    def total_changes(self) -> int:
        return self.raw.total_changes()

    def cursor(self, factory: object = None) -> ApswCursor:
        try:
            return ApswCursor(self)
        except apsw.Error as error:
            raise translated(error) from error

    def execute(self, sql: str, values: Sequence[object] = ()) -> ApswCursor:
        return self.cursor().execute(sql, values)

    def commit(self) -> None:
        self._end("COMMIT")

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, how: str) -> None:
        if not self.raw.in_transaction:
            return
        wrote = self.raw.txn_state("main") == apsw.SQLITE_TXN_WRITE
        if how == "COMMIT" and wrote and self.driver.before_commit is not None:
            self.driver.before_commit(self)
        self.cursor().execute(how)
        if how == "COMMIT" and wrote and self.driver.after_commit is not None:
            self.driver.after_commit(self)

    def create_function(self, name: str, narg: int, func: Any, *, deterministic: bool = False) -> None:
        try:
            self.raw.create_scalar_function(name, func, narg, deterministic=deterministic)
        except apsw.BusyError:
            # A cursor that an old exception still holds has not let go of its statement; the real driver resets it.
            gc.collect()
            self.raw.create_scalar_function(name, func, narg, deterministic=deterministic)

    def close(self) -> None:
        try:
            self.raw.close()
        except apsw.Error:
            # ``sqlite3_close_v2`` closes whatever happens on the way; apsw tells what SQLite does not.
            self.driver.quiet_failures += 1


class ApswDriver:
    """A DB-API module as an object. ``vfs`` names a registered disk, None the computer's own.

    ``rewrites`` replaces whole statements, for controls that must fail. ``before_commit`` is called when a transaction
    that wrote is about to be committed, ``after_commit`` when that has been acknowledged to the program; both for every
    database, copies made for a backup too. ``quiet_failures`` counts what SQLite passes over.
    """

    paramstyle = "qmark"
    threadsafety = 1
    apilevel = "2.0"
    sqlite_version_info = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    Error = Error
    DatabaseError = DatabaseError
    OperationalError = OperationalError
    IntegrityError = IntegrityError
    ProgrammingError = ProgrammingError
    DataError = DataError
    InterfaceError = InterfaceError
    InternalError = InternalError
    NotSupportedError = NotSupportedError

    def __init__(
        self,
        vfs: str | None = None,
        *,
        checkpoint_pages: int = 1_000,
        rewrites: dict[str, str] | None = None,
        before_commit: Hook | None = None,
        after_commit: Hook | None = None,
    ) -> None:
        self.vfs = vfs
        self.checkpoint_pages = checkpoint_pages
        self.rewrites = ENCRYPTED_ONLY | (rewrites or {})
        self.before_commit = before_commit
        self.after_commit = after_commit
        self.quiet_failures = 0
        self._open: list[ApswConnection] = []

    def connect(self, path: str, *, cached_statements: int = 100, **_options: object) -> ApswConnection:
        connection = ApswConnection(self, path, cached_statements)
        self._open.append(connection)
        return connection

    def close_all(self) -> None:
        """Closes what the program left open when it failed, before its files are taken away."""
        for connection in self._open:
            connection.close()
        self._open.clear()


@contextmanager
def instead_of_sqlcipher(driver: ApswDriver) -> Iterator[ApswDriver]:
    """While the block runs, databases are opened through ``driver``."""
    with mock.patch.object(database, "driver", driver), mock.patch.object(reader, "driver", driver):
        yield driver
