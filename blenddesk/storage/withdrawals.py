"""Taking ops back as if they had never been, and putting them back: undo, undo of an import, undo of undo.

A withdrawal is itself an op, so it travels. The ops it names stay in the log with the status WITHDRAWN and are left out
when records are folded; what they had replaced stands again. Which ranges are in force is a pure function of all
withdrawals (``domain.merge.active_ranges``), and which ops they name is one of the chains that are held: so it may
arrive before or after them, and a copied computer's ops at the same places are never touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from blenddesk.domain.ids import Id
from blenddesk.domain.merge import Withdrawal, active_ranges
from blenddesk.domain.ops import OpRange, OpRef
from blenddesk.domain.registry import BY_NUMBER
from blenddesk.storage import frames
from blenddesk.storage.projection import Entity
from blenddesk.storage.streams import Stream, StreamTable
from blenddesk.storage.tables import WITHDRAWAL_RECORDS, Status
from blenddesk.storage.touched import Place, Touched

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Span: TypeAlias = tuple[int, int]
"""Places in a stream, both included, on every branch."""


@dataclass(slots=True)
class _Stretch:
    """Ranges and spans that overlap. Ranges have to be followed from their ends, so these are walked in one go."""

    first: int
    last: int
    ranges: list[OpRange] = field(default_factory=list)
    changed: bool = False
    added: bool = False


class HeldOp(NamedTuple):
    """A row of the log without its content. ``named``: whether one of the ranges that were asked for names it."""

    seq: int
    hash8: bytes
    record: int
    entity_id: Id
    status: int
    named: bool


def ranges_in_force(connection: Connection) -> frozenset[OpRange]:
    rows = connection.exec_driver_sql("SELECT stream_id, first, last, hash8 FROM withdrawn_range")
    return frozenset(OpRange(*row) for row in rows)


def ops_in(connection: Connection, streams: StreamTable, ranges: Iterable[OpRange]) -> Iterator[tuple[Stream, HeldOp]]:
    """The held ops that the ranges name, each once, in each stream from the newest to the oldest."""
    for stream_id, parts in _by_stream(ranges).items():
        stream = streams.by_id.get(stream_id)
        if stream is not None:
            for stretch in reversed(_stretches(parts)):
                yield from ((stream, op) for op in _walk(connection, stream, stretch) if op.named)


def settle(connection: Connection, streams: StreamTable, added: Iterable[OpRange] = ()) -> Touched:
    """Brings ``op.status`` in line with all withdrawals in the log; returns the records that this touches.

    ``added`` are the ops that have come since it was in line: a withdrawal may have waited for them, or for a gap in
    its row to be filled.
    """
    before = ranges_in_force(connection)
    now = active_ranges(_read_withdrawals(connection, streams))
    if not before and not now:
        return Touched()
    changed, fresh, in_force = _by_stream(before ^ now), _by_stream(added), _by_stream(now)
    touched = Touched()
    for stream_id in changed.keys() | (fresh.keys() & in_force.keys()):
        stretches = _stretches(in_force[stream_id], changed=_spans(changed[stream_id]), added=_spans(fresh[stream_id]))
        _bring_in_line(touched, connection, streams.by_id.get(stream_id), stretches)
    if before != now:
        connection.exec_driver_sql("DELETE FROM withdrawn_range")
        for part in now:
            connection.exec_driver_sql("INSERT INTO withdrawn_range VALUES (?, ?, ?, ?)", tuple(part))
    return touched


def settle_all(connection: Connection, streams: StreamTable) -> Touched:
    """``settle`` over the whole log, whatever was in line before: for checking, and after statuses were changed."""
    touched = settle(connection, streams)
    in_force = _by_stream(ranges_in_force(connection))
    for stream_id, stream in streams.by_id.items():
        everything = _stretches(in_force[stream_id], changed=[(1, frames.MAX_NUMBER)])
        _bring_in_line(touched, connection, stream, everything)
    return touched


def _bring_in_line(
    touched: Touched, connection: Connection, stream: Stream | None, stretches: Iterable[_Stretch]
) -> None:
    """Sets the status of the ops of one stream where a range came, went, or has more or fewer ops to name."""
    if stream is None:
        return
    updates: list[tuple[int, int, int, bytes]] = []
    for stretch in stretches:
        if not stretch.changed and not (stretch.added and stretch.ranges):
            continue
        for op in _walk(connection, stream, stretch):
            wanted = Status.WITHDRAWN if op.named else Status.APPLIED
            if op.status in (Status.APPLIED, Status.WITHDRAWN) and op.status != wanted:
                updates.append((wanted, stream.sid, op.seq, op.hash8))
                if op.record in BY_NUMBER:
                    entity = Entity(stream.scope, op.record, op.entity_id)
                    counted = op.status == Status.APPLIED
                    touched.note(entity, Place(stream.sid, op.seq, op.hash8), counted=counted)
    if updates:
        connection.exec_driver_sql("UPDATE op SET status = ? WHERE sid = ? AND seq = ? AND hash8 = ?", updates)


def _walk(connection: Connection, stream: Stream, stretch: _Stretch) -> Iterator[HeldOp]:
    """The held ops of a stretch from the last to the first, on all branches, each judged by the stretch's ranges.

    From the end of a range the chain is followed down to its first place, so one pass is enough for any number of
    ranges and branches.
    """
    named: dict[tuple[int, bytes], int] = {}
    """For an op that is named: the place down to which those before it are."""

    def name(seq: int, hash8: bytes, down_to: int) -> None:
        if down_to <= seq:
            named[seq, hash8] = min(down_to, named.get((seq, hash8), down_to))

    for part in stretch.ranges:
        name(part.last, part.hash8, part.first)
    rows = connection.exec_driver_sql(
        "SELECT seq, hash8, prev8, record, entity_id, status FROM op"
        " WHERE sid = ? AND seq BETWEEN ? AND ? ORDER BY seq DESC",
        (stream.sid, stretch.first, stretch.last),
    )
    for seq, hash8, prev8, record, entity_id, status in rows:
        down_to = named.pop((seq, hash8), None)
        if down_to is not None:
            name(seq - 1, prev8, down_to)
        yield HeldOp(seq, hash8, record, entity_id, status, down_to is not None)


def _by_stream(ranges: Iterable[OpRange]) -> defaultdict[Id, list[OpRange]]:
    found: defaultdict[Id, list[OpRange]] = defaultdict(list)
    for part in ranges:
        found[part.stream_id].append(part)
    return found


def _spans(ranges: Iterable[OpRange]) -> list[Span]:
    return [(part.first, part.last) for part in ranges]


def _stretches(
    ranges: Iterable[OpRange], *, changed: Iterable[Span] = (), added: Iterable[Span] = ()
) -> list[_Stretch]:
    """All of it where it overlaps made one, from the first place to the last. What ends before it begins is nothing."""
    lines: list[tuple[Span, OpRange | None, bool]] = [((part.first, part.last), part, False) for part in ranges]
    lines += [(span, None, True) for span in changed]
    lines += [(span, None, False) for span in added]
    joined: list[_Stretch] = []
    for (first, last), part, has_changed in sorted(lines, key=itemgetter(0)):
        if last < first:
            continue
        if not joined or joined[-1].last < first:
            joined.append(_Stretch(first, last))
        stretch = joined[-1]
        stretch.last = max(stretch.last, last)
        stretch.changed |= has_changed
        if part is not None:
            stretch.ranges.append(part)
        elif not has_changed:
            stretch.added = True
    return joined


def _read_withdrawals(connection: Connection, streams: StreamTable) -> list[Withdrawal]:
    numbers = ", ".join(map(str, WITHDRAWAL_RECORDS))
    rows = connection.exec_driver_sql(
        f"SELECT sid, hash8, frame FROM op WHERE record IN ({numbers})"
        f" AND status IN ({Status.APPLIED}, {Status.WITHDRAWN})"
    )
    found = []
    for sid, hash8, frame in rows:
        stream = streams.by_sid[sid]
        header_bytes, payload = frames.split_frame(frame)
        header = frames.decode_header(header_bytes)
        fields = frames.decode_fields(header, payload, stream.scope.audience)
        ids, firsts, lasts = (fields.get(number) or [] for number in (1, 2, 3))
        hashes = cast("bytes", fields.get(4) or b"")
        ends = [hashes[at : at + frames.HASH8] for at in range(0, len(hashes), frames.HASH8)]
        # The registry has checked the types; lists of unequal length name only the ranges that are whole.
        parts = zip(cast("list[Id]", ids), cast("list[int]", firsts), cast("list[int]", lasts), ends, strict=False)
        ranges = tuple(OpRange(*part) for part in parts)
        found.append(Withdrawal(OpRef(stream.stream_id, header.seq, hash8), header.hlc, ranges))
    return found
