"""Reading without SQLAlchemy, so that the first screen is painted from the same read models as every later one."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import sqlcipher3.dbapi2 as driver

from blenddesk.domain.registry import Audience
from blenddesk.errors import Refusal
from blenddesk.storage.columns import columns, from_column, table_name
from blenddesk.storage.database import connect, trouble

T = TypeVar("T")


class Reader:
    """Read-only questions to the database, each answered from the newest committed data.

    One connection a thread, opened when first used. Raises ``EnvironmentTrouble``.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key: bytes | None = key
        self._local = threading.local()
        self._open: list[tuple[threading.Thread, Any]] = []
        self._lock = threading.Lock()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return list(self._connection().execute(sql, tuple(values)).fetchall())
        except driver.DatabaseError as error:
            raise trouble(error, self._path) from error

    def records(self, record: str, audience: Audience = Audience.CLASS, **where: object) -> list[dict[str, Any]]:
        """Rows of a projection table as ``{"section", "id", field: value}`` where the columns named are equal."""
        known = columns(record, audience)
        names = ", ".join(f'"{name}"' for name in ("section", "id", *(field.name for field in known)))
        conditions = " AND ".join(f'"{name}" = ?' for name in where) or "1"
        found = self.rows(
            f'SELECT {names} FROM "{table_name(record, audience)}" WHERE {conditions}', tuple(where.values())
        )
        return [
            {"section": row[0], "id": row[1]}
            | {field.name: from_column(field, row[index]) for index, field in enumerate(known, 2)}
            for row in found
        ]

    @contextmanager
    def steady(self) -> Iterator[None]:
        """All reads of this thread inside the block see one moment; a block inside a block sees the outer's."""
        connection = self._connection()
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN")
        try:
            yield
        finally:
            # A read that the disk failed has ended the transaction by itself.
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def close(self) -> None:
        with self._lock:
            for _thread, connection in self._open:
                connection.close()
            self._open.clear()
        self._local = threading.local()

    @property
    def key(self) -> bytes:
        """The database's raw key. Raises ``Refusal`` (``locked``) between ``lock`` and ``unlock``."""
        if self._key is None:
            raise Refusal("locked", path=str(self._path.parent))
        return self._key

    @property
    def is_locked(self) -> bool:
        return self._key is None

    def lock(self) -> None:
        """Closes everything and forgets the key; questions are refused until ``unlock``."""
        self._key = None
        self.close()

    def unlock(self, key: bytes) -> None:
        self._key = key

    def _connection(self) -> Any:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = connect(self._path, self.key)
            connection.execute("PRAGMA query_only = ON")
            self._local.connection = connection
            with self._lock:
                # Long work runs in a thread of its own each time: what an ended one left open is closed by the next.
                for ended in [one for one in self._open if not one[0].is_alive()]:
                    self._open.remove(ended)
                    ended[1].close()
                self._open.append((threading.current_thread(), connection))
        return connection


def build(kind: type[T], values: dict[str, Any], **extra: Any) -> T:
    """``kind`` (a named tuple) from the values it has fields for; what is not set keeps the field's default."""
    given: dict[str, Any] = {}
    for name in kind._fields:  # type: ignore[attr-defined]
        value = extra.get(name, values.get(name))
        if value is not None:
            given[name] = value
    return kind(**given)


def with_words(row: dict[str, Any], words: Mapping[str, type[StrEnum]]) -> dict[str, Any]:
    """The row with its words as enum members; one that only a newer program knows counts as not set."""
    return row | {name: kind(row[name]) if row.get(name) in set(kind) else None for name, kind in words.items()}
