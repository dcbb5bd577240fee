"""What was done on this computer, and taking it back: the local list of changes and undo by withdrawal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft, OpRange, OpRef, put
from blenddesk.domain.ports import Randomness, new_id
from blenddesk.domain.registry import BY_NUMBER, MAX_ITEMS, Audience
from blenddesk.errors import Refusal
from blenddesk.storage import frames
from blenddesk.storage.columns import FOLDED_CLAUSE
from blenddesk.storage.ledger import Ledger
from blenddesk.storage.projection import CHUNK
from blenddesk.storage.streams import StreamTable, load_streams
from blenddesk.storage.tables import WITHDRAWAL_RECORDS, Status
from blenddesk.storage.withdrawals import ops_in

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

UNDO_STEPS = 30
LASTING = (
    "desk_created",
    "seat_new",
    "desk_seat_new",
    "seat_opened",
    "seat_confirmed",
    "computer_retired",
    "computer_reinstated",
    "held_accepted",
    "student_erased",
)
"""Changes that undo passes over: a key that was handed out stays handed out, whatever the log says afterwards. Taking a
computer's trust away is a statement of its own, not an undo. What was erased is gone."""


class Change(NamedTuple):
    """One line of the history. ``label`` and ``args`` make its sentence; ``undoes`` names the change it took back."""

    id: int
    label: str
    args: Mapping[str, object]
    ranges: tuple[OpRange, ...]
    at_ms: int
    undoes: int | None
    undone_by: int | None

    @property
    def lasting(self) -> bool:
        """Whether undo passes over it."""
        return self.label in LASTING


def changes(ledger: Ledger, *, limit: int = 200) -> list[Change]:
    """The latest changes made on this computer, newest first."""
    with ledger.database.read() as connection:
        return _read(connection, "ORDER BY id DESC LIMIT ?", (limit,))


def change(ledger: Ledger, change_id: int) -> Change:
    """One line of the history. Refusal ``nothing_to_undo`` when there is none of that number."""
    with ledger.database.read() as connection:
        found = _read(connection, "WHERE id = ?", (change_id,))
    if not found:
        raise Refusal("nothing_to_undo")
    return found[0]


def next_undo(ledger: Ledger) -> Change | None:
    """What undo would take back now: the newest change of the last 30 that stands and is not itself an undo."""
    with ledger.database.read() as connection:
        latest = _read(connection, "WHERE undoes IS NULL ORDER BY id DESC LIMIT ?", (UNDO_STEPS,))
    return next((line for line in latest if line.undone_by is None and not line.lasting), None)


def next_redo(ledger: Ledger) -> Change | None:
    """The undo that redo would take back: the newest one, as long as nothing else was done since."""
    with ledger.database.read() as connection:
        latest = _read(connection, "WHERE undone_by IS NULL ORDER BY id DESC LIMIT ?", (1,))
    return latest[0] if latest and latest[0].undoes is not None else None


def undo(ledger: Ledger, change_id: int | None = None) -> ChangeSet:
    """Takes back one change (the newest by default) as one new op per section; undoing an undo is redo.

    Raises ``Refusal``: ``nothing_to_undo``, ``undo_not_possible``, ``already_undone``, or ``undo_written_since`` when
    something in it has been edited later (``stream``, ``seq`` and ``hash8`` of that op: undo that first).
    """
    line = next_undo(ledger) if change_id is None else change(ledger, change_id)
    if line is None:
        raise Refusal("nothing_to_undo")
    if line.lasting:
        raise Refusal("undo_not_possible", label=line.label)
    if line.undone_by is not None:
        raise Refusal("already_undone", label=line.label)
    with ledger.database.read() as connection:
        streams = load_streams(connection)
        _refuse_if_written_since(connection, streams, line)
        drafts = withdrawal_drafts(connection, streams, line.ranges, ledger.randomness)
    return ledger.commit(
        "undo" if line.undoes is None else "redo",
        drafts,
        args={"label": line.label, **line.args},
        undoes=line.id,
    )


def withdrawal_drafts(
    connection: Connection, streams: StreamTable, ranges: Sequence[OpRange], randomness: Randomness
) -> list[Draft]:
    """The ops that take ``ranges`` back: one a section for what the class may know of, one for what only desks may.

    Withdrawals among what is taken back become ends of ranges, as ``domain.merge.active_ranges`` wants it.
    """
    grouped: dict[tuple[Id, str], list[OpRange]] = {}
    for part in _ending_at_withdrawals(connection, streams, ranges):
        stream = streams.by_id[part.stream_id]
        private = stream.scope.audience is Audience.DESK
        record = "withdrawal_private" if private else "withdrawal"
        grouped.setdefault((stream.scope.section, record), []).append(part)
    return [
        put(
            section,
            record,
            new_id(randomness),
            streams=[part.stream_id for part in some],
            first_seqs=[part.first for part in some],
            last_seqs=[part.last for part in some],
            last_hashes=b"".join(part.hash8 for part in some),
        )
        for (section, record), parts in grouped.items()
        for some in (parts[at : at + MAX_ITEMS] for at in range(0, len(parts), MAX_ITEMS))
    ]


def _ending_at_withdrawals(
    connection: Connection, streams: StreamTable, ranges: Sequence[OpRange]
) -> Iterator[OpRange]:
    """The same ops, cut behind every withdrawal among them."""
    for part in ranges:
        first = part.first
        inside = [
            OpRef(part.stream_id, op.seq, op.hash8)
            for _stream, op in ops_in(connection, streams, [part])
            if op.record in WITHDRAWAL_RECORDS and op.seq < part.last
        ]
        for end in reversed(inside):
            yield OpRange(part.stream_id, first, end.seq, end.hash8)
            first = end.seq + 1
        yield part._replace(first=first)


def change_with(ledger: Ledger, ref: OpRef, *, limit: int) -> Change | None:
    """The newest of the latest ``limit`` changes that brought or wrote an op."""
    with ledger.database.read() as connection:
        streams = load_streams(connection)
        for line in _read(connection, "ORDER BY id DESC LIMIT ?", (limit,)):
            near = [
                part for part in line.ranges if part.stream_id == ref.stream_id and part.first <= ref.seq <= part.last
            ]
            if any((op.seq, op.hash8) == (ref.seq, ref.hash8) for _stream, op in ops_in(connection, streams, near)):
                return line
    return None


def _refuse_if_written_since(connection: Connection, streams: StreamTable, change: Change) -> None:
    """Taking back an edit under a later one would change nothing that anyone can see, or the wrong thing."""
    written = [
        (OpRef(stream.stream_id, op.seq, op.hash8), op.entity_id)
        for stream, op in ops_in(connection, streams, change.ranges)
        if op.record in BY_NUMBER and not BY_NUMBER[op.record].append
    ]
    inside = {ref for ref, _entity_id in written}
    ids = sorted({entity_id for _ref, entity_id in written})
    for start in range(0, len(ids), CHUNK):
        chunk = tuple(ids[start : start + CHUNK])
        rows = connection.exec_driver_sql(
            f"SELECT sid, seq, hash8, frame FROM op WHERE {FOLDED_CLAUSE}"
            f" AND entity_id IN ({', '.join('?' * len(chunk))}) AND status = {Status.APPLIED}",
            chunk,
        )
        for sid, seq, hash8, frame in rows:
            ref = OpRef(streams.by_sid[sid].stream_id, seq, hash8)
            if ref in inside:
                continue
            header = frames.decode_header(frames.split_frame(frame)[0])
            if any(over in inside for over in header.over):
                raise Refusal(
                    "undo_written_since",
                    label=change.label,
                    stream=ref.stream_id.hex(),
                    seq=seq,
                    hash8=hash8.hex(),
                )


def _read(connection: Connection, clause: str, values: tuple[object, ...]) -> list[Change]:
    rows = connection.exec_driver_sql(
        f"SELECT id, label, args, ranges, at_ms, undoes, undone_by FROM change {clause}", values
    )
    return [
        Change(
            row.id,
            row.label,
            json.loads(row.args),
            tuple(OpRange(bytes.fromhex(s), a, b, bytes.fromhex(h)) for s, a, b, h in json.loads(row.ranges)),
            row.at_ms,
            row.undoes,
            row.undone_by,
        )
        for row in rows
    ]
