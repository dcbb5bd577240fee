"""Copies of a whole database while it is in use, and what in them can be left out because it follows from the log."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from blenddesk.storage import digest, rebuilding
from blenddesk.storage.database import Database, trouble

DERIVED = ("conflict", "bin", "short_id", "tally", "written_twice")
"""Tables that follow from the log as the projections do."""
TRIES = 5


class Change(NamedTuple):
    """Where a database stands: the number of its newest change and how much belongs to that."""

    number: int
    size: int


def newest_change(database: Database) -> Change:
    """Equal as long as nothing was written or taken in."""
    with database.read() as connection:
        found = connection.exec_driver_sql("SELECT id, length(ranges) FROM change ORDER BY id DESC LIMIT 1").first()
    return Change(*found) if found is not None else Change(0, 0)


def copy_exactly(database: Database, key: bytes, to: Path) -> Database | None:
    """Copies the database to ``to`` and opens the copy, which shows just what the database shows.

    What is written meanwhile makes it begin anew. None: the copy differs although nothing was written. Raises
    ``EnvironmentTrouble``.
    """
    for _try in range(TRIES):
        to.unlink(missing_ok=True)
        vacuum_into(database, to)
        copy = Database(to, key)
        try:
            before, state = newest_change(copy), _state(copy)
            if _state(database) == state:
                return copy
            copy.close()
            if newest_change(database) == before:
                return None
        except BaseException:
            copy.close()
            raise
    return None


def vacuum_into(database: Database, to: Path) -> None:
    """A compact copy, encrypted with the same key. Others go on meanwhile. Raises ``EnvironmentTrouble``."""
    # Outside a transaction, as VACUUM wants it.
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        try:
            raw.execute("VACUUM INTO ?", (str(to),))
        except connection.dialect.loaded_dbapi.Error as error:
            raise trouble(error, to) from error


class Difference(NamedTuple):
    """Ops by record number that only the one database has, and that only the other has."""

    only_first: Counter[int]
    only_second: Counter[int]


def difference(first: Database, path: Path, key: bytes) -> Difference:
    """Compares the log of a database with that of the file at ``path``, op by op, without reading either into memory.

    Raises ``EnvironmentTrouble`` where one of them cannot be read.
    """
    with first.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        try:
            raw.execute(f"ATTACH DATABASE ? AS second KEY \"x'{key.hex()}'\"", (str(path),))
            try:
                return Difference(_only_in(raw, "main", "second"), _only_in(raw, "second", "main"))
            finally:
                raw.execute("DETACH DATABASE second")
        except connection.dialect.loaded_dbapi.Error as error:
            connection.invalidate()
            raise trouble(error, path) from error


def _only_in(raw: Any, one: str, other: str) -> Counter[int]:
    rows = raw.execute(
        f"SELECT op.record, count(*) FROM {one}.op JOIN {one}.stream USING (sid) WHERE NOT EXISTS ("
        f"SELECT 1 FROM {other}.stream AS known JOIN {other}.op AS held ON held.sid = known.sid"
        " WHERE known.stream_id = stream.stream_id AND held.seq = op.seq AND held.hash8 = op.hash8) GROUP BY op.record"
    )
    return Counter(dict(rows.fetchall()))


def leave_out_projections(copy: Database) -> None:
    """Drops what follows from the log; whoever opens the copy makes it anew, as after an update."""
    with copy.write() as connection:
        rebuilding.drop_tables(connection)
        for name in DERIVED:
            connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"')
        connection.exec_driver_sql("DELETE FROM local WHERE name = 'projections'")


def _state(database: Database) -> str:
    with database.read() as connection:
        return digest.whole_digest(connection)
