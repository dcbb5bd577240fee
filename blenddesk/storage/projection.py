"""From ops to the tables that screens read: fold what can be edited, copy what is written once.

Called by the ledger inside its transaction. ``rebuild`` makes every table anew from the log; the result is the same as
what grew op by op, because both are the fold of the same set of ops.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from blenddesk.domain.ids import Id
from blenddesk.domain.merge import EntityState, fold
from blenddesk.domain.ops import Op
from blenddesk.domain.registry import BY_NUMBER, Audience, Field, Value
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import contests, frames
from blenddesk.storage.columns import FOLDED_CLAUSE, LIST_SHAPES, to_column
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.storage.tables import PROJECTIONS, Status

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CHUNK = 400
"""Ids per query: old SQLite takes at most 999 variables."""
ROWS_TOGETHER = 16_384
"""Rows of write-once records that are sorted and written at a time: about 15 MB, and every page of a table of 100,000
is then touched a few times and not for every row."""
BATCH = 5_000
"""Rows per statement, and ops between two counts of progress: about a tenth of a second."""

Progress = Callable[[int, int], None]
"""Called with (done, total) in ops; may raise to stop, which undoes the transaction."""


class Scope(NamedTuple):
    """Whose data a stream holds: a class (or ``MINE``) and who may read it."""

    section: Id
    audience: Audience


class Entity(NamedTuple):
    """One record as one audience sees it: a row of one projection table."""

    scope: Scope
    record: int
    id: Id


class Unsealer(Protocol):
    def unseal(self, section: Id, sealed: bytes) -> bytes | None:
        """The payload, or None on a computer that cannot open it."""
        ...


class StreamNames(NamedTuple):
    """What the log's small stream numbers stand for."""

    stream_id: Id
    scope: Scope


def readable_fields(
    header: frames.Header, payload: bytes, scope: Scope, unsealer: Unsealer
) -> Mapping[int, Value] | None:
    """The fields of an op on this computer; None when it cannot read them (sealed to the desk)."""
    if scope.audience is Audience.DROP and payload[:1] != frames.PURGED:
        opened = unsealer.unseal(scope.section, payload)
        if opened is None:
            return None
        payload = opened
        try:
            return frames.decode_fields(header, payload, scope.audience)
        except ExchangeTrouble:
            # Those who carried it could not look inside: nonsense in there is one unreadable note, and must not keep
            # the whole class's work from coming home.
            return None
    return frames.decode_fields(header, payload, scope.audience)


def load_ops(
    connection: Connection, entities: Iterable[Entity], streams: Mapping[int, StreamNames]
) -> dict[Entity, list[Op]]:
    """The applied ops of each entity that is folded (not of ``append`` records), in no particular order."""
    wanted = set(entities)
    ids = sorted({entity.id for entity in wanted})
    found: dict[Entity, list[Op]] = {entity: [] for entity in wanted}
    for start in range(0, len(ids), CHUNK):
        chunk = tuple(ids[start : start + CHUNK])
        rows = connection.exec_driver_sql(
            f"SELECT sid, hash8, record, entity_id, frame FROM op WHERE {FOLDED_CLAUSE}"
            f" AND entity_id IN ({', '.join('?' * len(chunk))}) AND status = {Status.APPLIED}",
            chunk,
        )
        for sid, hash8, record, entity_id, frame in rows:
            stream = streams[sid]
            entity = Entity(stream.scope, record, entity_id)
            if entity in wanted:
                header_bytes, payload = frames.split_frame(frame)
                header = frames.decode_header(header_bytes)
                fields = frames.decode_fields(header, payload, stream.scope.audience)
                found[entity].append(frames.to_op(stream.stream_id, hash8, header, fields))
    return found


def write_states(connection: Connection, states: Mapping[Entity, EntityState]) -> None:
    """Makes each entity's row what its state says; removes the rows of what is not alive."""
    contests.write_contests(connection, states)
    puts: dict[tuple[int, Audience], list[tuple[Any, ...]]] = defaultdict(list)
    drops: dict[tuple[int, Audience], list[tuple[Any, ...]]] = defaultdict(list)
    for entity, state in states.items():
        key = (entity.record, entity.scope.audience)
        if key not in PROJECTIONS:
            continue
        if state.alive:
            puts[key].append(_row(entity.scope, entity.record, entity.id, state.values))
        else:
            drops[key].append((entity.scope.section, entity.id))
    for key, rows in puts.items():
        connection.exec_driver_sql(_insert_sql(key, "REPLACE"), rows)
    for key, rows in drops.items():
        connection.exec_driver_sql(f'DELETE FROM "{PROJECTIONS[key].name}" WHERE section = ? AND id = ?', rows)


class Appended:
    """Rows of write-once records on their way into their tables, a batch at a time, so that memory stays flat.

    Two ops under one id (nobody honest writes that) must leave the same row whatever arrived first. Those are
    ``doubtful``: they have to be settled from the log (``settle_appended``) when all ops are in it.
    """

    def __init__(self, connection: Connection, wrote: Callable[[int], None] = lambda _rows: None) -> None:
        """``wrote`` is told the number of rows after each batch."""
        self.doubtful: set[Entity] = set()
        self._connection = connection
        self._wrote = wrote
        self._rows: dict[tuple[Scope, int], dict[Id, tuple[Any, ...]]] = defaultdict(dict)
        self._count = 0

    def add(self, scope: Scope, record: int, entity_id: Id, fields: Mapping[int, Value]) -> None:
        row = _row(scope, record, entity_id, fields)
        if self._rows[scope, record].setdefault(entity_id, row) != row:
            self.doubtful.add(Entity(scope, record, entity_id))
        self._count += 1
        if self._count >= ROWS_TOGETHER:
            self.flush()

    def flush(self) -> None:
        for (scope, record), by_id in self._rows.items():
            # In the order of the table's key: neighbours go onto the same page.
            rows = [row for _id, row in sorted(by_id.items())]
            sql = _insert_sql((record, scope.audience), "IGNORE")
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                if self._connection.exec_driver_sql(sql, batch).rowcount != len(batch):
                    self.doubtful.update(Entity(scope, record, row[1]) for row in batch)
                self._wrote(len(batch))
        self._rows.clear()
        self._count = 0


def settle_appended(
    connection: Connection,
    entities: Iterable[Entity],
    streams: Mapping[int, StreamNames],
    unsealer: Unsealer,
) -> None:
    """Makes the rows of write-once records what the log says: the earliest applied op that can be read, or no row.

    Reads the whole log, which has no index on these ids; it is needed only after a withdrawal or a forged id.
    """
    wanted = set(entities)
    earliest: dict[Entity, tuple[tuple[int, bytes], Mapping[int, Value]]] = {}
    records = ", ".join(str(record) for record in sorted({entity.record for entity in wanted}))
    ids = tuple({entity.id for entity in wanted})
    read = Unpacking(connection)
    # Undoing one entry: SQLite goes through 100,000 rows in 80 ms, handing each of them to Python takes 200.
    few = f"AND entity_id IN ({', '.join('?' * len(ids))})" if len(ids) <= CHUNK else ""
    rows = connection.exec_driver_sql(
        f"SELECT sid, record, entity_id, hlc, hash8, frame FROM op"
        f" WHERE record IN ({records}) AND status = {Status.APPLIED} {few}",
        ids if few else (),
    )
    for sid, record, entity_id, hlc, hash8, frame in rows:
        entity = Entity(streams[sid].scope, record, entity_id)
        if entity in wanted and (entity not in earliest or (hlc, hash8) < earliest[entity][0]):
            header_bytes, payload = read.split(frame)
            fields = readable_fields(frames.decode_header(header_bytes), payload, entity.scope, unsealer)
            if fields is not None:
                earliest[entity] = (hlc, hash8), fields
    remove_rows(connection, wanted)
    for entity, (_rank, fields) in earliest.items():
        key = (entity.record, entity.scope.audience)
        row = _row(entity.scope, entity.record, entity.id, fields)
        connection.exec_driver_sql(_insert_sql(key, "REPLACE"), row)


def remove_rows(connection: Connection, entities: Iterable[Entity]) -> None:
    write_states(connection, {entity: EntityState(alive=False) for entity in entities})


def project(
    connection: Connection,
    entities: Iterable[Entity],
    streams: Mapping[int, StreamNames],
    *,
    wrote: Callable[[int], None] = lambda _ops: None,
) -> None:
    """Folds each entity's ops from the log and writes its row; ``wrote`` is told how many ops after each chunk."""
    pending = list(entities)
    for start in range(0, len(pending), CHUNK):
        loaded = load_ops(connection, pending[start : start + CHUNK], streams)
        write_states(connection, {entity: fold(ops) for entity, ops in loaded.items()})
        wrote(sum(map(len, loaded.values())))


def rebuild(
    connection: Connection, streams: Mapping[int, StreamNames], unsealer: Unsealer, progress: Progress | None = None
) -> None:
    """Makes every projection table anew from the applied ops of the log."""
    applied = f"FROM op WHERE status = {Status.APPLIED}"
    count = _Count(progress, connection.exec_driver_sql(f"SELECT count(*) {applied}").scalar_one())
    for table in PROJECTIONS.values():
        connection.exec_driver_sql(f'DELETE FROM "{table.name}"')
    contests.clear(connection)
    folded: set[Entity] = set()
    appended = Appended(connection, wrote=count.more)
    read = Unpacking(connection)
    for sid, record, entity_id, frame in connection.exec_driver_sql(f"SELECT sid, record, entity_id, frame {applied}"):
        scope = streams[sid].scope
        if (record, scope.audience) not in PROJECTIONS:
            continue
        if not BY_NUMBER[record].append:
            folded.add(Entity(scope, record, entity_id))
            continue
        header_bytes, payload = read.split(frame)
        fields = readable_fields(frames.decode_header(header_bytes), payload, scope, unsealer)
        if fields is not None:
            appended.add(scope, record, entity_id, fields)
    appended.flush()
    if appended.doubtful:
        settle_appended(connection, appended.doubtful, streams, unsealer)
    project(connection, folded, streams, wrote=count.more)
    count.finish()


class _Count:
    """Of ops whose rows are written."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0
        self._say(0)

    def more(self, ops: int) -> None:
        self._done += ops
        self._say(min(self._done, self._total))

    def finish(self) -> None:
        """Also what left no row (of records that are no tables, or sealed to others) is done now."""
        self._say(self._total)

    def _say(self, done: int) -> None:
        if self._progress is not None:
            self._progress(done, self._total)


def _row(scope: Scope, record: int, entity_id: Id, values: Mapping[int, Value]) -> tuple[Any, ...]:
    numbers, lists = _columns(record, scope.audience)
    row = (scope.section, entity_id, *map(values.get, numbers))
    if not lists:
        return row
    whole: list[Any] = list(row)
    for at, field in lists:
        whole[at] = to_column(field, values.get(field.number))
    return tuple(whole)


@cache
def _columns(record: int, audience: Audience) -> tuple[tuple[int, ...], tuple[tuple[int, Field], ...]]:
    """The fields' numbers in the order of the columns, and those that are lists, with their places in a row."""
    fields = BY_NUMBER[record].fields_for(audience)
    lists = [(at, field) for at, field in enumerate(fields, start=2) if field.shape in LIST_SHAPES]
    return tuple(field.number for field in fields), tuple(lists)


_SQL: dict[tuple[int, Audience, str], str] = {}


def _insert_sql(key: tuple[int, Audience], conflict: str) -> str:
    record, audience = key
    if (record, audience, conflict) not in _SQL:
        table = PROJECTIONS[key]
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        marks = ", ".join("?" * len(table.columns))
        _SQL[record, audience, conflict] = f'INSERT OR {conflict} INTO "{table.name}" ({columns}) VALUES ({marks})'
    return _SQL[record, audience, conflict]
