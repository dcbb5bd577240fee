"""From ops to the tables that screens read: records that can be edited are folded from all their ops.

Called by the ledger inside its transaction. Records that are written once are in ``appended``; ``rebuilding`` makes
every table anew from the log, and comes to the same as what grew op by op.
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
from blenddesk.storage.tables import PROJECTIONS, Status

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CHUNK = 400
"""Ids per query: old SQLite takes at most 999 variables."""
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
            puts[key].append(row_of(entity.scope, entity.record, entity.id, state.values))
        else:
            drops[key].append((entity.scope.section, entity.id))
    for key, rows in puts.items():
        connection.exec_driver_sql(insert_sql(key, "REPLACE"), rows)
    for key, rows in drops.items():
        connection.exec_driver_sql(f'DELETE FROM "{PROJECTIONS[key].name}" WHERE section = ? AND id = ?', rows)


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


def row_of(scope: Scope, record: int, entity_id: Id, values: Mapping[int, Value]) -> tuple[Any, ...]:
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


def insert_sql(key: tuple[int, Audience], conflict: str) -> str:
    record, audience = key
    if (record, audience, conflict) not in _SQL:
        table = PROJECTIONS[key]
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        marks = ", ".join("?" * len(table.columns))
        _SQL[record, audience, conflict] = f'INSERT OR {conflict} INTO "{table.name}" ({columns}) VALUES ({marks})'
    return _SQL[record, audience, conflict]
