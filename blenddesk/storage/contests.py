"""What a person has to decide and what was deleted: two tables kept beside the projections, from the same folds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from blenddesk.domain.merge import Contest, EntityState
from blenddesk.domain.ops import OpRef
from blenddesk.domain.registry import BY_NUMBER

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from blenddesk.storage.projection import Entity

WHOLE_RECORD = 0
"""Stands for the field where the question is whether the record is there at all."""
_KEY = "section = ? AND audience = ? AND record = ? AND entity_id = ?"


def write_contests(connection: Connection, states: Mapping[Entity, EntityState]) -> None:
    """Makes the rows of these records in ``conflict`` and ``bin`` what their states say."""
    folded = {entity: state for entity, state in states.items() if _can_be_contested(entity)}
    if not folded:
        return
    keys = [_key(entity) for entity in folded]
    for table in ("conflict", "bin"):
        # Nearly always nothing is contested and little deleted: one look instead of a statement for each record.
        if connection.exec_driver_sql(f"SELECT 1 FROM {table} LIMIT 1").first() is not None:
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {_KEY}", keys)
    contests = [row for entity, state in folded.items() for row in _contests(entity, state)]
    if contests:
        connection.exec_driver_sql("INSERT INTO conflict VALUES (?, ?, ?, ?, ?, ?, ?, ?)", contests)
    deleted = [
        (*_key(entity), max(op.hlc for op in state.deletes))
        for entity, state in folded.items()
        if state.deletes and state.heads
    ]
    if deleted:
        connection.exec_driver_sql("INSERT INTO bin VALUES (?, ?, ?, ?, ?)", deleted)


def clear(connection: Connection) -> None:
    """Empties both tables, before all records are folded anew."""
    connection.exec_driver_sql("DELETE FROM conflict")
    connection.exec_driver_sql("DELETE FROM bin")


def _can_be_contested(entity: Entity) -> bool:
    record = BY_NUMBER.get(entity.record)
    return record is not None and not record.append


def _key(entity: Entity) -> tuple[Any, ...]:
    return entity.scope.section, int(entity.scope.audience), entity.record, entity.id


def _contests(entity: Entity, state: EntityState) -> Iterator[tuple[Any, ...]]:
    if not state.alive:
        return
    for number, ops in state.contested().items():
        other = next(op for op in ops if op.fields[number] != ops[0].fields[number])
        yield *_key(entity), number, _name(ops[0].ref), _name(other.ref), Contest.CONTESTED.value
    if state.overruled:
        gone = state.overruled[-1]
        unseen = _newest_unseen(state, gone.over)
        yield *_key(entity), WHOLE_RECORD, _name(unseen), _name(gone.ref), Contest.EDITED_MEANWHILE.value


def _newest_unseen(state: EntityState, seen: Iterable[OpRef]) -> OpRef:
    """The edit by which the record is still there."""
    known = set(seen)
    unseen = [op for ops in state.heads.values() for op in ops if op.ref not in known]
    return max(unseen, key=lambda op: (op.hlc, op.ref)).ref


def _name(ref: OpRef) -> bytes:
    return ref.stream_id + ref.seq.to_bytes(8, "big") + ref.hash8
