"""How many entries of each kind every student has, kept beside them: counting a million rows takes a second.

A tally is the number of rows in the table of entries and nothing else. Whoever adds or takes away rows there says so
here in the same transaction; ``recount`` makes the same from the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from blenddesk.domain.registry import BY_NAME, Audience

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_ENTRY = BY_NAME["entry"]
KEY = (_ENTRY.number, Audience.CLASS)
"""The record and audience whose rows are counted."""
_GROUPED = "SELECT section, coalesce(student, 0), coalesce(kind, ''), count(*) FROM entry_row"
_COLUMNS = ("section", "id", *(field.name for field in _ENTRY.fields_for(Audience.CLASS)))
_COUNTED = itemgetter(*map(_COLUMNS.index, ("section", "student", "kind")))


def added(connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """``rows``, as they are stored, went into the table of entries."""
    counts = Counter(map(_COUNTED, rows))
    _change(
        connection, [(section, student or 0, kind or "", count) for (section, student, kind), count in counts.items()]
    )


def removing(connection: Connection, where: str, values: Sequence[object]) -> None:
    """The rows for which ``where`` holds are about to go."""
    rows = connection.exec_driver_sql(f"{_GROUPED} WHERE {where} GROUP BY 1, 2, 3", tuple(values)).all()
    _change(connection, [(*key, -count) for *key, count in rows])
    if rows:
        connection.exec_driver_sql("DELETE FROM tally WHERE entries = 0")


def recount(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM tally")
    connection.exec_driver_sql(f"INSERT INTO tally {_GROUPED} GROUP BY 1, 2, 3")


def by_student(connection: Connection) -> list[tuple[Any, ...]]:
    """Every tally as (class, student or None, kind, entries), in order: the same on every computer."""
    rows = connection.exec_driver_sql(
        "SELECT at_section.id, at_student.id, kind, entries FROM tally"
        " JOIN short_id AS at_section ON at_section.n = tally.section"
        " LEFT JOIN short_id AS at_student ON at_student.n = tally.student ORDER BY 1, 2, 3"
    )
    return [tuple(row) for row in rows]


def _change(connection: Connection, changes: Sequence[tuple[Any, ...]]) -> None:
    if changes:
        connection.exec_driver_sql(
            "INSERT INTO tally VALUES (?, ?, ?, ?)"
            " ON CONFLICT (section, student, kind) DO UPDATE SET entries = entries + excluded.entries",
            list(changes),
        )
