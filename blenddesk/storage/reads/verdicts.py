"""Ops that were refused or wait for the teacher, as the log has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Kind, OpRef
from blenddesk.domain.registry import BY_NUMBER, Audience, Value
from blenddesk.storage.reader import Reader

if TYPE_CHECKING:
    from blenddesk.storage.packed_frames import Unpacking

APPLIED, REFUSED, HELD = 0, 2, 3  # storage.tables.Status, which needs the database library
_SET_APART = "op.status IN (2, 3)"
"""Must stand in a query so for SQLite to use the index ``op_set_apart``: of 100,000 ops it names a few."""


class SetApart(NamedTuple):
    """An op without effect. ``fields`` by number, none for what is sealed; ``at_ms`` by its writer's clock."""

    ref: OpRef
    device_id: Id
    epoch: Id
    section: Id
    status: int
    record: str
    kind: Kind
    entity_id: Id
    fields: Mapping[int, Value]
    actor: bytes
    at_ms: int


class VerdictReads:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def _unpacking(self) -> Unpacking:
        from blenddesk.storage.packed_frames import Unpacking

        def find(number: int) -> bytes | None:
            rows = self._reader.rows("SELECT content FROM frame_dictionary WHERE number = ?", (number,))
            return rows[0][0] if rows else None

        return Unpacking(find=find)

    def count(self) -> tuple[int, int]:
        """How many ops were refused and how many are held, for a screen that only wants to know whether to ask."""
        rows = self._reader.rows(f"SELECT status, count(*) FROM op WHERE {_SET_APART} GROUP BY status")
        found = dict(rows)
        return found.get(REFUSED, 0), found.get(HELD, 0)

    def counts(self) -> dict[tuple[Id, int], int]:
        """The same by (device id, status)."""
        rows = self._reader.rows(
            "SELECT stream.device_id, op.status, count(*) FROM op JOIN stream USING (sid)"
            f" WHERE {_SET_APART} GROUP BY 1, 2"
        )
        return {(device_id, status): count for device_id, status, count in rows}

    def set_apart(self, status: int, *, limit: int) -> list[SetApart]:
        """The newest ``limit`` ops of one status (``REFUSED`` or ``HELD``), newest first by their clocks."""
        from blenddesk.storage import frames

        rows = self._reader.rows(
            "SELECT stream_id, device_id, epoch, section, audience, op.hash8, op.frame"
            f" FROM op JOIN stream USING (sid) WHERE {_SET_APART} AND op.status = ? ORDER BY op.hlc DESC LIMIT ?",
            (status, limit),
        )
        found = []
        read = self._unpacking()
        for stream_id, device_id, epoch, section, audience, hash8, frame in rows:
            header_bytes, payload = read.split(frame)
            header = frames.decode_header(header_bytes)
            sealed = audience == Audience.DROP
            found.append(
                SetApart(
                    OpRef(stream_id, header.seq, hash8),
                    device_id,
                    epoch,
                    section,
                    status,
                    BY_NUMBER[header.record].name,
                    Kind(header.kind),
                    header.entity_id,
                    {} if sealed else frames.decode_fields(header, payload, Audience(audience)),
                    header.actor,
                    frames.wall_ms(header),
                )
            )
        return found

    def streams_by_device(self) -> dict[tuple[Id, Id], frozenset[Id]]:
        """The streams of every (class, device)."""
        found: dict[tuple[Id, Id], set[Id]] = {}
        for section, device_id, stream_id in self._reader.rows("SELECT section, device_id, stream_id FROM stream"):
            found.setdefault((section, device_id), set()).add(stream_id)
        return {key: frozenset(streams) for key, streams in found.items()}

    def of_device(self, device_id: Id) -> Iterator[tuple[OpRef, bytes, int]]:
        """The ops of a device that count, stream by stream in their order: each, the hash before it, its clock in ms.

        Without statements about computers, which no withdrawal takes back.
        """
        from blenddesk.storage import frames

        rows = self._reader.rows(
            "SELECT stream.stream_id, op.hash8, op.prev8, op.frame FROM op JOIN stream USING (sid)"
            f" WHERE stream.device_id = ? AND stream.audience <> {int(Audience.TRUST)} AND op.status = {APPLIED}"
            " ORDER BY op.sid, op.seq",
            (device_id,),
        )
        read = self._unpacking()
        for stream_id, hash8, prev8, frame in rows:
            header = frames.decode_header(read.split(frame)[0])
            yield OpRef(stream_id, header.seq, hash8), prev8, frames.wall_ms(header)
