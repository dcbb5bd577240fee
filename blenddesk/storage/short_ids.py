"""Ids that stand in hundreds of thousands of rows, kept once each with a small number that stands for them.

Of a year of entries half the bytes were the same few ids of the class, its students, plans and stations again. Tables
of ``NUMBERED`` records hold numbers in their place, and a view of the table's own name shows the ids to whoever reads.
The numbers are handed out as ids come, so they mean nothing outside this file, and are made anew with the projections.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from blenddesk.domain.ids import Id
from blenddesk.domain.registry import BY_NAME, Audience, Record
from blenddesk.storage.columns import table_name

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

NUMBERED = frozenset({"entry", "reflection"})
"""Records that come by the thousand each week. All are written once, which keeps their rows simple."""
_REPEATED = frozenset({"section", "student", "plan", "block"})
"""Fields of them whose ids come again and again; one that names another entry comes once and is kept as it is."""
_CHUNK = 400


def is_numbered(record: Record, field: str) -> bool:
    """Whether the column of this field (or ``section``) holds a number."""
    return record.name in NUMBERED and field in _REPEATED


def stored_name(record: Record, audience: Audience) -> str:
    """The table that holds the rows of one audience; for numbered records another than what is read."""
    name = table_name(record.name, audience)
    return f"{name}_row" if record.name in NUMBERED else name


def views() -> dict[str, str]:
    """The statement that makes each view, by its name, which is that of the table of any other record."""
    return {
        table_name(record.name, audience): _view(record, audience)
        for record in map(BY_NAME.__getitem__, sorted(NUMBERED))
        for audience in record.audiences()
    }


def _view(record: Record, audience: Audience) -> str:
    names = ["id", *(field.name for field in record.fields_for(audience))]
    shown, joins = ["at_section.id AS section"], ["JOIN short_id AS at_section ON at_section.n = stored.section"]
    for name in names:
        if is_numbered(record, name):
            # SQLite leaves out such a join where nobody asks for the column, and begins with it where a question does.
            joins.append(f'LEFT JOIN short_id AS "at_{name}" ON "at_{name}".n = stored."{name}"')
            shown.append(f'"at_{name}".id AS "{name}"')
        else:
            shown.append(f'stored."{name}" AS "{name}"')
    return (
        f'CREATE VIEW IF NOT EXISTS "{table_name(record.name, audience)}" AS SELECT {", ".join(shown)}'
        f' FROM "{stored_name(record, audience)}" AS stored {" ".join(joins)}'
    )


class ShortIds:
    """The numbers of ids, handed out where there is none. For one transaction: what is undone hands out nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[Id | None, int | None] = {None: None}

    def in_rows(self, record: Record, audience: Audience, rows: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
        """Rows of a projection table as they are stored: (section, id, fields in the registry's order)."""
        names = ("section", "id", *(field.name for field in record.fields_for(audience)))
        at = [index for index, name in enumerate(names) if is_numbered(record, name)]
        if not at or not rows:
            return rows
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        for index in at:
            self._learn(columns[index])
            columns[index] = list(map(self._known.__getitem__, columns[index]))
        return list(zip(*columns, strict=True))

    def _learn(self, ids: Iterable[Id | None]) -> None:
        unknown = [one for one in dict.fromkeys(ids) if one is not None and one not in self._known]
        for start in range(0, len(unknown), _CHUNK):
            chunk = unknown[start : start + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            values = ", ".join(["(?)"] * len(chunk))
            self._connection.exec_driver_sql(f"INSERT OR IGNORE INTO short_id (id) VALUES {values}", tuple(chunk))
            found = self._connection.exec_driver_sql(f"SELECT id, n FROM short_id WHERE id IN ({marks})", tuple(chunk))
            self._known.update((one, number) for one, number in found)
