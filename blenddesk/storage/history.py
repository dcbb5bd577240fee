"""What was done on this computer, and taking it back: the local list of changes and undo by withdrawal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft, put
from blenddesk.domain.ports import new_id
from blenddesk.domain.registry import Audience
from blenddesk.errors import Refusal
from blenddesk.storage import frames
from blenddesk.storage.ledger import Ledger
from blenddesk.storage.streams import StreamTable, load_streams
from blenddesk.storage.tables import FOLDED_CLAUSE, Status
from blenddesk.storage.withdrawals import Range, is_withdrawn

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

UNDO_STEPS = 30
LASTING = ("desk_created", "seat_new", "seat_opened")
"""Changes that undo passes over: a key that was handed out stays handed out, whatever the log says afterwards. Taking a
computer's trust away is a statement of its own, not an undo."""


class Change(NamedTuple):
    """One line of the history. ``label`` and ``args`` make its sentence; ``undoes`` names the change it took back."""

    id: int
    label: str
    args: Mapping[str, object]
    ranges: tuple[Range, ...]
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
    something in it has been edited later (``stream`` and ``seq`` of that op: undo that first).
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
    return ledger.commit(
        "undo" if line.undoes is None else "redo",
        withdrawal_drafts(ledger, streams, line.ranges),
        args={"label": line.label, **line.args},
        undoes=line.id,
    )


def withdrawal_drafts(ledger: Ledger, streams: StreamTable, ranges: Sequence[Range]) -> list[Draft]:
    """The ops that take ``ranges`` back: one a section for what the class may know of, one for what only desks may."""
    grouped: dict[tuple[Id, str], list[Range]] = {}
    for stream_id, first, last in ranges:
        stream = streams.by_id[stream_id]
        private = stream.scope.audience is Audience.DESK
        record = "withdrawal_private" if private else "withdrawal"
        grouped.setdefault((stream.scope.section, record), []).append((stream_id, first, last))
    return [
        put(
            section,
            record,
            new_id(ledger.randomness),
            streams=[stream_id for stream_id, _first, _last in parts],
            first_seqs=[first for _stream, first, _last in parts],
            last_seqs=[last for _stream, _first, last in parts],
        )
        for (section, record), parts in grouped.items()
    ]


def _refuse_if_written_since(connection: Connection, streams: StreamTable, change: Change) -> None:
    """Taking back an edit under a later one would change nothing that anyone can see, or the wrong thing."""
    names = streams.names()
    by_id = {stream.stream_id: sid for sid, stream in names.items()}
    for stream_id, first, last in change.ranges:
        entity_ids = connection.exec_driver_sql(
            f"SELECT DISTINCT entity_id FROM op WHERE sid = ? AND seq BETWEEN ? AND ? AND {FOLDED_CLAUSE}",
            (by_id[stream_id], first, last),
        ).scalars()
        for entity_id in entity_ids.all():
            rows = connection.exec_driver_sql(
                f"SELECT sid, seq, frame FROM op WHERE {FOLDED_CLAUSE} AND entity_id = ? AND status = {Status.APPLIED}",
                (entity_id,),
            )
            for sid, seq, frame in rows:
                if is_withdrawn(change.ranges, names[sid].stream_id, seq):
                    continue
                header = frames.decode_header(frames.split_frame(frame)[0])
                if any(is_withdrawn(change.ranges, s, n) for s, n, _hash8 in header.over):
                    raise Refusal("undo_written_since", label=change.label, stream=names[sid].stream_id.hex(), seq=seq)


def _read(connection: Connection, clause: str, values: tuple[object, ...]) -> list[Change]:
    rows = connection.exec_driver_sql(
        f"SELECT id, label, args, ranges, at_ms, undoes, undone_by FROM change {clause}", values
    )
    return [
        Change(
            row.id,
            row.label,
            json.loads(row.args),
            tuple((bytes.fromhex(s), a, b) for s, a, b in json.loads(row.ranges)),
            row.at_ms,
            row.undoes,
            row.undone_by,
        )
        for row in rows
    ]
