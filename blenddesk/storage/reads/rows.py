"""From projection rows to the dataclasses that cross floors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import RowMapping, Table, select

from blenddesk.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

T = TypeVar("T")


def build(kind: type[T], values: Mapping[Any, Any], **extra: Any) -> T:
    """``kind`` from the columns it has fields for; what is not set keeps the dataclass's default; lists are tuples."""
    given: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        value = extra.get(field.name, values.get(field.name))
        if value is not None:
            given[field.name] = tuple(value) if isinstance(value, list) else value
    return kind(**given)


class TableReads:
    """Base of the read models of one noun: each call sees the newest committed data."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _rows(self, table: Table, *where: ColumnElement[bool]) -> list[RowMapping]:
        with self._database.read() as connection:
            return list(connection.execute(select(table).where(*where)).mappings())
