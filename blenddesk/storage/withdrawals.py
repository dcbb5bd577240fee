"""Taking ops back as if they had never been, and putting them back: undo, undo of an import, undo of undo.

A withdrawal is itself an op, so it travels. The ops it names stay in the log with the status WITHDRAWN and are left out
when records are folded; what they had replaced stands again. Which ranges are in force is a pure function of all
withdrawals (``domain.merge.active_ranges``), so it may arrive before or after the ops it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias, cast

from blenddesk.domain.ids import Id
from blenddesk.domain.merge import Withdrawal, active_ranges
from blenddesk.domain.ops import OpRef
from blenddesk.domain.registry import BY_NUMBER
from blenddesk.storage import frames
from blenddesk.storage.projection import Entity, StreamNames
from blenddesk.storage.streams import StreamTable
from blenddesk.storage.tables import WITHDRAWAL_RECORDS, Status

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Range: TypeAlias = tuple[Id, int, int]
"""(stream id, first seq, last seq), both ends included."""


def ranges_in_force(connection: Connection) -> frozenset[Range]:
    rows = connection.exec_driver_sql("SELECT stream_id, first, last FROM withdrawn_range")
    return frozenset((stream_id, first, last) for stream_id, first, last in rows)


def is_withdrawn(ranges: Iterable[Range], stream_id: Id, seq: int) -> bool:
    return any(stream_id == s and first <= seq <= last for s, first, last in ranges)


def settle(connection: Connection, streams: StreamTable) -> set[Entity]:
    """Brings ``op.status`` in line with all withdrawals in the log; returns the records that this touches."""
    before = ranges_in_force(connection)
    now = active_ranges(_read_withdrawals(connection, streams.names()))
    if before == now:
        return set()
    touched: set[Entity] = set()
    for changed in before ^ now:
        touched |= _set_status(connection, streams, changed, now)
    connection.exec_driver_sql("DELETE FROM withdrawn_range")
    for row in now:
        connection.exec_driver_sql("INSERT INTO withdrawn_range VALUES (?, ?, ?)", row)
    return touched


def _set_status(connection: Connection, streams: StreamTable, changed: Range, now: frozenset[Range]) -> set[Entity]:
    stream_id, first, last = changed
    stream = streams.by_id.get(stream_id)
    if stream is None:
        return set()
    touched: set[Entity] = set()
    rows = connection.exec_driver_sql(
        "SELECT seq, hash8, record, entity_id, status FROM op WHERE sid = ? AND seq BETWEEN ? AND ?"
        f" AND status IN ({Status.APPLIED}, {Status.WITHDRAWN})",
        (stream.sid, first, last),
    ).all()
    for seq, hash8, record, entity_id, status in rows:
        wanted = Status.WITHDRAWN if is_withdrawn(now, stream_id, seq) else Status.APPLIED
        if wanted != status and record in BY_NUMBER:
            connection.exec_driver_sql(
                "UPDATE op SET status = ? WHERE sid = ? AND seq = ? AND hash8 = ?",
                (wanted, stream.sid, seq, hash8),
            )
            touched.add(Entity(stream.scope, record, entity_id))
    return touched


def _read_withdrawals(connection: Connection, streams: dict[int, StreamNames]) -> list[Withdrawal]:
    numbers = ", ".join(map(str, WITHDRAWAL_RECORDS))
    rows = connection.exec_driver_sql(
        f"SELECT sid, hash8, frame FROM op WHERE record IN ({numbers})"
        f" AND status IN ({Status.APPLIED}, {Status.WITHDRAWN})"
    )
    found = []
    for sid, hash8, frame in rows:
        stream = streams[sid]
        header_bytes, payload = frames.split_frame(frame)
        header = frames.decode_header(header_bytes)
        fields = frames.decode_fields(header, payload, stream.scope.audience)
        ids, firsts, lasts = (fields.get(number) or [] for number in (1, 2, 3))
        # The registry has checked the types; lists of unequal length name only the ranges that are whole.
        ranges = tuple(zip(cast("list[Id]", ids), cast("list[int]", firsts), cast("list[int]", lasts), strict=False))
        found.append(Withdrawal(OpRef(stream.stream_id, header.seq, hash8), header.hlc, ranges))
    return found
