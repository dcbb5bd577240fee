"""Whether two computers hold the same class, in one string; and whether this database is sound."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text

from blenddesk.domain.ids import MINE, Id
from blenddesk.domain.registry import Audience
from blenddesk.storage import frames, projection
from blenddesk.storage.ledger import Ledger
from blenddesk.storage.streams import load_streams
from blenddesk.storage.tables import PROJECTIONS

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Finding(NamedTuple):
    """Something ``check`` found wrong: a code and what its sentence needs."""

    code: str
    data: dict[str, object]


def class_digest(connection: Connection, section: Id) -> str:
    """Of everything the projections hold for the class: equal wherever the same ops arrived, in any order."""
    return _digest(connection, Audience.CLASS, section)


def desk_digest(connection: Connection) -> str:
    """Of everything only desks hold, over all classes."""
    return _digest(connection, Audience.DESK, None)


def _digest(connection: Connection, audience: Audience, section: Id | None) -> str:
    total = blake2b(digest_size=16)
    where, values = ("WHERE section = ?", (section,)) if section is not None else ("", ())
    for (_record, table_audience), table in sorted(PROJECTIONS.items()):
        if table_audience is not audience:
            continue
        total.update(table.name.encode())
        rows = connection.exec_driver_sql(f'SELECT * FROM "{table.name}" {where} ORDER BY section, id', values)
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


def verify(connection: Connection) -> list[Finding]:
    """Checks the file and every hash chain that is whole; returns what is wrong: nothing in a sound database."""
    findings = [
        Finding("integrity", {"detail": str(line)})
        for (line,) in connection.exec_driver_sql("PRAGMA quick_check")
        if line != "ok"
    ]
    for stream in load_streams(connection).by_sid.values():
        chain = {0: {frames.first_hash(stream.genesis)}}
        rows = connection.exec_driver_sql("SELECT seq, hash8, frame FROM op WHERE sid = ? ORDER BY seq", (stream.sid,))
        for seq, hash8, frame in rows:
            header, payload = frames.split_frame(frame)
            # A fork leaves several hashes at one place, a gap none: after a gap the chain cannot be followed from here.
            if seq - 1 not in chain:
                continue
            reached = {frames.next_hash(stream.stream_id, before, header, payload) for before in chain[seq - 1]}
            matching = {after for after in reached if after[: frames.HASH8] == hash8}
            if not matching:
                findings.append(Finding("chain_broken", {"stream": stream.stream_id.hex(), "seq": seq}))
            chain.setdefault(seq, set()).update(matching)
    return findings


def rebuild(ledger: Ledger) -> bool:
    """Makes the projections anew from the log; returns whether they came out as they were (they must)."""
    with ledger.database.write() as connection:
        before = _all_digests(connection)
        projection.rebuild(connection, load_streams(connection).names(), ledger.keys)
        return _all_digests(connection) == before


def _all_digests(connection: Connection) -> list[str]:
    return [_digest(connection, audience, None) for audience in Audience]
