"""The rows of write-once records: put in as ops come, taken out and put back as these cease to count and count again.

A row is the earliest op under its id that counts and can be read here. Nobody honest writes two under one id, so an op
that ceases to count takes the row with it and one that counts again brings it back. Ids under which two ops counted at
once are noted in ``written_twice``; their rows alone are looked up in the whole log, which has no index on these ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.registry import BY_NUMBER, Audience, Value
from blenddesk.storage import frames, tallies
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.storage.projection import (
    BATCH,
    CHUNK,
    Entity,
    Scope,
    StreamNames,
    Unsealer,
    insert_sql,
    readable_fields,
    row_of,
)
from blenddesk.storage.short_ids import ShortIds
from blenddesk.storage.tables import PROJECTIONS, Status
from blenddesk.storage.touched import Place, Touched

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

ROWS_TOGETHER = 16_384
"""Rows that are sorted and written at a time: about 15 MB, and every page of an index of 100,000 is then touched a few
times and not for every row."""
_NEAR = 64
"""Places no further apart are read in one go."""

_Fields = Mapping[int, Value]


class Appended:
    """Rows on their way into their tables, a batch at a time, so that memory stays flat.

    Two ops under one id must leave the same row whatever arrived first. Those are ``doubtful``: they have to be settled
    from the log (``settle``) when all ops are in it.
    """

    def __init__(self, connection: Connection, wrote: Callable[[int], None] = lambda _rows: None) -> None:
        """``wrote`` is told the number of rows after each batch."""
        self.doubtful: set[Entity] = set()
        self._table = _Rows(connection)
        self._wrote = wrote
        self._rows: dict[tuple[Scope, int], dict[Id, tuple[Any, ...]]] = defaultdict(dict)
        self._count = 0

    def add(self, scope: Scope, record: int, entity_id: Id, fields: _Fields) -> None:
        row = row_of(scope, record, entity_id, fields)
        if self._rows[scope, record].setdefault(entity_id, row) is not row:
            self.doubtful.add(Entity(scope, record, entity_id))
        self._count += 1
        if self._count >= ROWS_TOGETHER:
            self.flush()

    def flush(self) -> None:
        for (scope, record), by_id in self._rows.items():
            # In the order of the table's key: neighbours go onto the same page.
            rows = [row for _id, row in sorted(by_id.items())]
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                if not self._table.put(scope, record, batch):
                    self.doubtful.update(Entity(scope, record, row[1]) for row in batch)
                self._wrote(len(batch))
        self._rows.clear()
        self._count = 0


def settle(
    connection: Connection,
    touched: Touched,
    doubtful: Collection[Entity],
    blanked: Collection[Entity],
    streams: Mapping[int, StreamNames],
    unsealer: Unsealer,
) -> None:
    """Makes the rows of write-once records what the log says; other records are left alone.

    ``touched``: of which the status of ops changed. ``doubtful``: of which more than one op may count. ``blanked``: of
    which an op lost its content, so that nobody can tell any more whether the row was made from it.
    """
    table = _Rows(connection)
    twice = set(doubtful)
    unclear = twice | {entity for entity in blanked if _has_row(entity)}
    wanted = {entity for entity in touched if _has_row(entity)}
    unclear |= _written_twice(connection, wanted)
    lost, gained = _moved(connection, touched, wanted - unclear, unsealer)
    table.remove(lost)
    for entity, found in gained.items():
        row = row_of(entity.scope, entity.record, entity.id, found[0])
        if len(found) > 1 or not table.put(entity.scope, entity.record, [row]):
            twice.add(entity)
    if twice:
        _note_written_twice(connection, twice)
    if twice or unclear:
        _settle_from_log(connection, table, twice | unclear, streams, unsealer)


def clear(connection: Connection) -> None:
    """Empties what is kept beside the rows, before they are made anew."""
    for name in ("written_twice", "tally", "short_id"):
        connection.exec_driver_sql(f"DELETE FROM {name}")


def _has_row(entity: Entity) -> bool:
    return BY_NUMBER[entity.record].append and (entity.record, entity.scope.audience) in PROJECTIONS


def _moved(
    connection: Connection, touched: Touched, entities: Collection[Entity], unsealer: Unsealer
) -> tuple[set[Entity], dict[Entity, list[_Fields]]]:
    """Entities of which the op that counted ceased to, and those of which ops count now, with the fields of each."""
    counted = {place: (entity, was) for entity in entities for place, was in touched.places(entity).items()}
    lost: set[Entity] = set()
    gained: dict[Entity, list[_Fields]] = {}
    for place, status, header, payload in _ops_at(connection, counted):
        entity, was = counted[place]
        if (status == Status.APPLIED) == was:
            continue
        if was and entity.scope.audience is not Audience.DROP:
            # What is not sealed can be read, and so it was what its row was made from.
            lost.add(entity)
            continue
        fields = readable_fields(frames.decode_header(header), payload, entity.scope, unsealer)
        if fields is not None and was:
            lost.add(entity)
        elif fields is not None:
            gained.setdefault(entity, []).append(fields)
    return lost, gained


def _ops_at(connection: Connection, places: Iterable[Place]) -> Iterator[_Op]:
    wanted = sorted(places)
    if not wanted:
        return
    read = Unpacking(connection)
    ends = [at for at, (one, after) in enumerate(pairwise(wanted), start=1) if not _is_near(one, after)]
    for start, end in pairwise([0, *ends, len(wanted)]):
        run = wanted[start:end]
        rows = connection.exec_driver_sql(
            "SELECT sid, seq, hash8, status, frame FROM op WHERE sid = ? AND seq BETWEEN ? AND ?",
            (run[0].sid, run[0].seq, run[-1].seq),
        )
        asked = set(run)
        for sid, seq, hash8, status, frame in rows:
            place = Place(sid, seq, hash8)
            if place in asked:
                yield _Op(place, status, *read.split(frame))


def _is_near(one: Place, after: Place) -> bool:
    return one.sid == after.sid and after.seq <= one.seq + _NEAR


def _settle_from_log(
    connection: Connection,
    table: _Rows,
    entities: Collection[Entity],
    streams: Mapping[int, StreamNames],
    unsealer: Unsealer,
) -> None:
    """Finds every op of these by reading the whole log."""
    earliest: dict[Entity, tuple[tuple[int, bytes], _Fields]] = {}
    records = ", ".join(str(record) for record in sorted({entity.record for entity in entities}))
    ids = tuple({entity.id for entity in entities})
    # SQLite goes through 100,000 rows in 80 ms, handing each of them to Python takes 200.
    few = f"AND entity_id IN ({', '.join('?' * len(ids))})" if len(ids) <= CHUNK else ""
    read = Unpacking(connection)
    rows = connection.exec_driver_sql(
        f"SELECT sid, record, entity_id, hlc, hash8, frame FROM op"
        f" WHERE record IN ({records}) AND status = {Status.APPLIED} {few}",
        ids if few else (),
    )
    for sid, record, entity_id, hlc, hash8, frame in rows:
        entity = Entity(streams[sid].scope, record, entity_id)
        if entity in entities and (entity not in earliest or (hlc, hash8) < earliest[entity][0]):
            header_bytes, payload = read.split(frame)
            fields = readable_fields(frames.decode_header(header_bytes), payload, entity.scope, unsealer)
            if fields is not None:
                earliest[entity] = (hlc, hash8), fields
    table.remove(entities)
    for entity, (_rank, fields) in earliest.items():
        table.put(entity.scope, entity.record, [row_of(entity.scope, entity.record, entity.id, fields)])


def _written_twice(connection: Connection, entities: Iterable[Entity]) -> set[Entity]:
    wanted = set(entities)
    if not wanted:
        return set()
    rows = connection.exec_driver_sql("SELECT section, audience, record, entity_id FROM written_twice")
    return wanted & {Entity(Scope(row[0], Audience(row[1])), row[2], row[3]) for row in rows}


def _note_written_twice(connection: Connection, entities: Iterable[Entity]) -> None:
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO written_twice VALUES (?, ?, ?, ?)",
        [(*entity.scope, entity.record, entity.id) for entity in entities],
    )


class _Op(NamedTuple):
    place: Place
    status: int
    header: bytes
    payload: bytes


class _Rows:
    """The tables of write-once records, with what is kept beside them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._short_ids = ShortIds(connection)

    def put(self, scope: Scope, record: int, rows: list[tuple[Any, ...]]) -> bool:
        """Adds rows of one class; False where one of them was there already, and then stays as it was."""
        key = (record, scope.audience)
        stored = self._short_ids.in_rows(BY_NUMBER[record], scope.audience, rows)
        added = self._connection.exec_driver_sql(insert_sql(key, "IGNORE"), list(stored)).rowcount
        if key == tallies.KEY:
            if added == len(stored):
                tallies.added(self._connection, stored)
            else:
                tallies.recount(self._connection)
        return added == len(stored)

    def remove(self, entities: Iterable[Entity]) -> None:
        by_table: dict[tuple[Scope, int], list[Id]] = defaultdict(list)
        for entity in entities:
            by_table[entity.scope, entity.record].append(entity.id)
        for (scope, record), ids in by_table.items():
            key = (record, scope.audience)
            # The place of the section in the table's own terms: an id, or its number.
            ((section, *_rest),) = self._short_ids.in_rows(
                BY_NUMBER[record], scope.audience, [row_of(scope, record, ids[0], {})]
            )
            for start in range(0, len(ids), CHUNK):
                chunk = ids[start : start + CHUNK]
                where = f"section = ? AND id IN ({', '.join('?' * len(chunk))})"
                if key == tallies.KEY:
                    tallies.removing(self._connection, where, (section, *chunk))
                self._connection.exec_driver_sql(
                    f'DELETE FROM "{PROJECTIONS[key].name}" WHERE {where}', (section, *chunk)
                )
