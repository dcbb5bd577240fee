"""Copies of a whole database while it is in use, and what in them can be left out because it follows from the log."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from blenddesk.storage import digest
from blenddesk.storage.database import Database, trouble
from blenddesk.storage.tables import PROJECTIONS

DERIVED = ("conflict", "bin")
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


def leave_out_projections(copy: Database) -> None:
    """Drops what follows from the log; whoever opens the copy makes it anew, as after an update."""
    with copy.write() as connection:
        for name in (*(table.name for table in PROJECTIONS.values()), *DERIVED):
            connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"')
        connection.exec_driver_sql("DELETE FROM local WHERE name = 'projections'")


def _state(database: Database) -> str:
    with database.read() as connection:
        return digest.whole_digest(connection)
