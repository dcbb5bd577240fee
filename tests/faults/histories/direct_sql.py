"""Statements straight to the driver: SQLAlchemy's bookkeeping for each is a third of what a history costs.

Connections, transactions and pools stay SQLAlchemy's, and the SQL, its values and the encrypted database stay what they
are in the program; only between ``exec_driver_sql`` and the cursor lies less. Some histories are always played the long
way, and one test shows that both come out the same.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from sqlalchemy.engine import Connection

_THROUGH_SQLALCHEMY = Connection.exec_driver_sql


class Rows:
    """What of SQLAlchemy's results the storage code asks for."""

    __slots__ = ("_cursor", "_make")

    def __init__(self, cursor: Any, make: Any) -> None:
        self._cursor, self._make = cursor, make

    def __iter__(self) -> Iterator[Any]:
        return map(self._make, self._cursor)

    def all(self) -> list[Any]:
        return list(self)

    def first(self) -> Any:
        row = self._cursor.fetchone()
        self._cursor.close()
        return None if row is None else self._make(row)

    def fetchone(self) -> Any:
        row = self._cursor.fetchone()
        return None if row is None else self._make(row)

    def one_or_none(self) -> Any:
        rows = self.all()
        assert len(rows) <= 1, f"{len(rows)} rows where one was expected"
        return rows[0] if rows else None

    def one(self) -> Any:
        (row,) = self.all()
        return row

    def scalar(self) -> Any:
        row = self.first()
        return None if row is None else row[0]

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        row = self.one_or_none()
        return None if row is None else row[0]

    def scalars(self) -> Scalars:
        return Scalars(self._cursor)

    @property
    def rowcount(self) -> int:
        return int(self._cursor.rowcount)


class Scalars:
    """The first column."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def __iter__(self) -> Iterator[Any]:
        return (row[0] for row in self._cursor)

    def all(self) -> list[Any]:
        return list(self)

    def first(self) -> Any:
        return next(iter(self), None)


_makers: dict[tuple[str, ...], Any] = {}


def _maker(description: Any) -> Any:
    names = tuple(column[0] for column in description)
    found = _makers.get(names)
    if found is None:
        found = _makers[names] = namedtuple("Row", names, rename=True)._make
    return found


def _exec_driver_sql(self: Connection, statement: str, parameters: Any = None, execution_options: Any = None) -> Rows:
    cursor = self.connection.cursor()
    if isinstance(parameters, list):
        cursor.executemany(statement, parameters)
    else:
        cursor.execute(statement, parameters if parameters is not None else ())
    return Rows(cursor, _maker(cursor.description) if cursor.description else None)


@contextmanager
def direct_sql() -> Iterator[None]:
    """Inside, statements go straight to the driver."""
    with mock.patch.object(Connection, "exec_driver_sql", _exec_driver_sql):
        yield


@contextmanager
def long_way() -> Iterator[None]:
    """Inside, all is SQLAlchemy's again, as making tables needs it."""
    with mock.patch.object(Connection, "exec_driver_sql", _THROUGH_SQLALCHEMY):
        yield
