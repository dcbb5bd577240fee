"""Who wins when computers wrote without seeing each other: the state of a record is a pure function of its ops.

``fold`` gives the same answer for the same set of ops in any order. That is what makes packages mergeable in any
order, projections rebuildable, and undo a matter of leaving ops out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Kind, Op, OpRange, OpRef
from blenddesk.domain.registry import FIELDS_BY_NUMBER, Value


class Contest(StrEnum):
    """Why a record waits for a person."""

    CONTESTED = "contested"
    """A field has several standing values."""
    EDITED_MEANWHILE = "edited_meanwhile"
    """It was deleted on one computer and edited on another that had not seen that."""


class EntityState(NamedTuple):
    """A record of one audience after all its ops.

    ``values`` holds the winner of every field ever written. ``heads`` holds, per field, the ops nobody has replaced:
    one in the ordinary case, several when computers wrote without seeing each other; nothing is discarded.
    ``deletes`` are the deletions in force, which a restore would name. ``overruled`` are those that lost to an edit
    they had not seen, until somebody who knows of both restores the record or deletes it again.
    """

    alive: bool
    values: Mapping[int, Value] = MappingProxyType({})
    heads: Mapping[int, tuple[Op, ...]] = MappingProxyType({})
    deletes: tuple[Op, ...] = ()
    overruled: tuple[Op, ...] = ()

    def over_for(self, field_numbers: Iterable[int]) -> tuple[OpRef, ...]:
        """What an ordinary write of these fields replaces, in a fixed order: what its writer saw.

        That is the value shown, whoever wrote it, and a deletion that held. A value that lost stays until somebody who
        saw it decides (``over_all``).
        """
        seen = {op.ref for op in self.deletes}
        for number in field_numbers:
            seen.update(op.ref for op in self.heads.get(number, ()) if op.fields[number] == self.values[number])
        return tuple(sorted(seen))

    def over_all(self, field_numbers: Iterable[int]) -> tuple[OpRef, ...]:
        """Every standing write of these fields: what a deletion or a person's decision between them replaces."""
        return tuple(sorted({op.ref for number in field_numbers for op in self.heads.get(number, ())}))

    def contested(self) -> dict[int, tuple[Op, ...]]:
        """Fields with several standing writes that differ in value: a person should choose. The one shown is first."""
        return {
            number: _shown_first(ops, number, self.values[number])
            for number, ops in self.heads.items()
            if len(ops) > 1 and _differ(ops, number)
        }


ABSENT = EntityState(alive=False)


def _shown_first(ops: tuple[Op, ...], number: int, shown: Value) -> tuple[Op, ...]:
    return tuple(sorted(ops, key=lambda op: op.fields[number] != shown))


def _differ(ops: tuple[Op, ...], number: int) -> bool:
    """Where a value wins over none by rule, an emptied field has lost nothing that anyone could miss."""
    known = FIELDS_BY_NUMBER.get((ops[0].record, number))
    values = [op.fields[number] for op in ops]
    if known is not None and known.present_wins:
        values = [value for value in values if value is not None]
    return any(value != values[0] for value in values)


def _rank(op: Op) -> tuple[int, bytes, Id]:
    return op.hlc, op.ref.hash8, op.ref.stream_id


def fold(ops: Iterable[Op]) -> EntityState:
    """The state that the ops of one record (of one audience) leave. Withdrawn ops must not be among them.

    A field's heads are its writers less those that another writer of the same field names in ``over``. A delete holds
    only while it has seen every head: an edit it had not seen wins over it, and a write that names it makes the record
    anew. Time decides nothing but which of several heads is shown.
    """
    writers: dict[int, list[Op]] = {}
    deletes: list[Op] = []
    restored: set[OpRef] = set()
    for op in ops:
        if op.kind is Kind.PUT:
            for number in op.fields:
                writers.setdefault(number, []).append(op)
        elif op.kind is Kind.DELETE:
            deletes.append(op)
        else:
            restored.update(op.over)
    deletes.sort(key=_rank)
    if not writers:
        return EntityState(alive=False, deletes=tuple(deletes))
    values: dict[int, Value] = {}
    heads: dict[int, tuple[Op, ...]] = {}
    for number, written in writers.items():
        replaced = {ref for op in written for ref in op.over} if len(written) > 1 else set()
        standing = sorted((op for op in written if op.ref not in replaced), key=_rank, reverse=True)
        heads[number] = tuple(standing)
        values[number] = _winner(standing, number).fields[number]
    if not deletes:
        return EntityState(True, values, heads)
    restored.update(ref for written in writers.values() for op in written for ref in op.over)
    standing_refs = {op.ref for ops_of_field in heads.values() for op in ops_of_field}
    unanswered = [op for op in deletes if op.ref not in restored]
    in_force = tuple(op for op in unanswered if standing_refs <= set(op.over))
    overruled = tuple(op for op in unanswered if op not in in_force)
    return EntityState(not in_force, values, heads, in_force, overruled)


def _winner(standing: list[Op], number: int) -> Op:
    known = FIELDS_BY_NUMBER.get((standing[0].record, number))
    if known is not None and known.present_wins:
        for op in standing:
            if op.fields[number] is not None:
                return op
    return standing[0]


class Withdrawal(NamedTuple):
    """An op that takes back ranges of others as if they had never been."""

    ref: OpRef
    hlc: int
    ranges: tuple[OpRange, ...]


def active_ranges(withdrawals: Iterable[Withdrawal]) -> frozenset[OpRange]:
    """The ranges that are taken back once withdrawals of withdrawals (undo of undo) are accounted for.

    Judged from the latest to the earliest, because only a later one can have seen an earlier one: each holds unless
    one already judged to hold names it as the end of a range. Only the end, so that the answer needs no other op: the
    same set of withdrawals gives the same answer in any order and on every device, whatever else it holds.
    """
    holding: list[Withdrawal] = []
    taken_back: set[OpRef] = set()
    for candidate in sorted(withdrawals, key=lambda w: (w.hlc, w.ref), reverse=True):
        if candidate.ref not in taken_back:
            holding.append(candidate)
            taken_back.update(part.end for part in candidate.ranges)
    return frozenset(part for withdrawal in holding for part in withdrawal.ranges)
