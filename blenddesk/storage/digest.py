"""Whether two computers hold the same class, in one string; and whether what is shown is what the log says."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import text

from blenddesk.domain.ids import MINE, Id
from blenddesk.domain.registry import BY_NUMBER, Audience
from blenddesk.storage import erasing, rebuilding, tallies, verdicts, withdrawals
from blenddesk.storage.columns import table_name
from blenddesk.storage.database import Database
from blenddesk.storage.ledger import Keys, Ledger
from blenddesk.storage.selfcheck import Finding, verify
from blenddesk.storage.streams import load_streams
from blenddesk.storage.tables import PROJECTIONS

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

__all__ = ["Finding", "class_digest", "desk_digest", "rebuild", "rebuild_in", "sections", "verify", "whole_digest"]


def class_digest(connection: Connection, section: Id) -> str:
    """Of everything the projections hold for the class: equal wherever the same ops arrived, in any order."""
    return _digest(connection, Audience.CLASS, section)


def desk_digest(connection: Connection) -> str:
    """Of everything only desks hold, over all classes."""
    return _digest(connection, Audience.DESK, None)


def whole_digest(connection: Connection) -> str:
    """Of everything the projections hold: equal when one database is a copy of the other, or was made anew from it."""
    return blake2b("".join(_all_digests(connection)).encode(), digest_size=16).hexdigest()


def _digest(connection: Connection, audience: Audience, section: Id | None) -> str:
    total = blake2b(digest_size=16)
    where, values = ("WHERE section = ?", (section,)) if section is not None else ("", ())
    for number, table_audience in sorted(PROJECTIONS):
        if table_audience is not audience:
            continue
        name = table_name(BY_NUMBER[number].name, audience)
        total.update(name.encode())
        # Sorted (+) and not read by the index: that would jump about in tables that do not lie in its order.
        rows = connection.exec_driver_sql(f'SELECT * FROM "{name}" {where} ORDER BY +section, +id', values)
        for row in rows:
            plain = [value.hex() if isinstance(value, bytes) else value for value in row]
            total.update(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode())
    return total.hexdigest()


def sections(connection: Connection) -> list[Id]:
    """Every class that this database holds anything of."""
    found = connection.execute(
        text("SELECT DISTINCT section FROM stream WHERE section <> :mine ORDER BY section"), {"mine": MINE}
    ).scalars()
    return list(found)


def rebuild(ledger: Ledger) -> bool:
    """Makes the projections anew from the log; returns whether they came out as they were (they must).

    So is the verdict on each op, and what the log's withdrawals have made of it.
    """
    return rebuild_in(ledger.database, ledger.keys)


def rebuild_in(database: Database, keys: Keys) -> bool:
    """``rebuild`` of a database that nobody has opened as a device, such as a copy."""
    with database.write() as connection:
        before = _all_digests(connection)
        streams = load_streams(connection)
        erasing.settle(connection, streams, keys, [MINE, *sections(connection)])
        moved = verdicts.settle_all(connection, streams, keys).touched
        moved.update(withdrawals.settle_all(connection, streams))
        rebuilding.rebuild(connection, streams.names(), keys)
        return not moved and _all_digests(connection) == before


def _all_digests(connection: Connection) -> list[str]:
    waiting = [
        repr(sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {table}")))) for table in ("conflict", "bin")
    ]
    counted = repr(tallies.by_student(connection))
    return [*(_digest(connection, audience, None) for audience in Audience), *waiting, counted]
