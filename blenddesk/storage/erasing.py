"""Erasing what was written of a child: each payload becomes its digest, on every computer that holds it.

Which ops are erased is said by statements that the class root signed (``sync.erasures``), so it is a pure function of
the log: an erased op that arrives in full later is blanked as it comes, and a blank that no statement explains is
refused, because whoever carries a package could make one. Hashes and signatures stay valid; ids stay, names do not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import OpRef
from blenddesk.domain.registry import BY_NAME, BY_NUMBER, RECORDS, Audience, Shape
from blenddesk.storage import frames
from blenddesk.storage.columns import FOLDED_CLAUSE, table_name
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.storage.projection import CHUNK, Entity, Progress, Unsealer, readable_fields
from blenddesk.storage.streams import Stream, StreamTable
from blenddesk.storage.tables import PROJECTIONS, Status

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_STUDENT = BY_NAME["student"].number
PERSON_FIELDS = {
    record.number: frozenset(
        field.number
        for field in record.fields
        if field.shape is Shape.ID and field.name in ("student", "first", "second") and record.name != "erasure"
    )
    for record in RECORDS
}
"""The fields that say whom a record is about, by record."""


class Eraser(Protocol):
    """Who knows the class root's statements; ``sync.keys.DeviceKeys`` in the program."""

    def erased(self, connection: Connection, section: Id) -> frozenset[OpRef]:
        """Every op of the class whose content is to be gone."""
        ...


class Written(NamedTuple):
    """An op that tells something of a child."""

    ref: OpRef
    record: int


def is_blank(payload: bytes) -> bool:
    return payload[:1] == frames.PURGED


def blank(payload: bytes) -> bytes:
    """What stays of a payload: enough for the chain, nothing to read."""
    return frames.PURGED + frames.payload_digest(payload)


def settle(connection: Connection, streams: StreamTable, eraser: Eraser, sections: Iterable[Id]) -> set[Entity]:
    """Blanks what is to be erased and is held in full; returns the records that this touches.

    Freed places of the file are overwritten. What the write-ahead log still holds goes with ``Database.checkpoint``.
    """
    touched: set[Entity] = set()
    rows: list[tuple[bytes, int, int, bytes]] = []
    read = Unpacking(connection)
    for section in sections:
        for stream, places in _by_stream(eraser.erased(connection, section), section, streams):
            held = connection.exec_driver_sql(
                "SELECT seq, hash8, record, entity_id, frame FROM op WHERE sid = ? AND seq BETWEEN ? AND ?",
                (stream.sid, min(places)[0], max(places)[0]),
            )
            for seq, hash8, record, entity_id, frame in held:
                if (seq, hash8) not in places:
                    continue
                header, payload = read.split(frame)
                if not is_blank(payload):
                    rows.append((frames.encode_frame(header, blank(payload)), stream.sid, seq, hash8))
                    if record in BY_NUMBER:
                        touched.add(Entity(stream.scope, record, entity_id))
    if rows:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        connection.exec_driver_sql(
            f"UPDATE op SET frame = ?, status = {Status.PURGED} WHERE sid = ? AND seq = ? AND hash8 = ?", rows
        )
    return touched


def written_of(
    connection: Connection,
    streams: StreamTable,
    unsealer: Unsealer,
    section: Id,
    student: Id,
    progress: Progress | None = None,
) -> list[Written]:
    """Every op of the class that tells something of the student and is held in full, in no particular order.

    Its own record and those that name the student, with every later edit of them; also what was taken back, refused or
    is unknown to this program. Of sealed ops those that this computer can open. ``progress`` counts streams.
    """
    about = _about(connection, section)
    names: set[Id] = {student}
    found: dict[OpRef, int] = {}
    for stream, seq, hash8, record, entity_id, frame in _mentioning(connection, streams, section, student, progress):
        header_bytes, payload = frames.split_frame(frame)
        if is_blank(payload):
            continue
        header = frames.decode_header(header_bytes)
        if _is_of(student, stream, header, payload, about, unsealer):
            found[OpRef(stream.stream_id, seq, hash8)] = record
            if record in BY_NUMBER and not BY_NUMBER[record].append:
                names.add(entity_id)
    for sid, seq, hash8, record, frame in _of_entities(connection, names):
        stream = streams.by_sid[sid]
        if stream.scope.section == section and not is_blank(frames.split_frame(frame)[1]):
            found[OpRef(stream.stream_id, seq, hash8)] = record
    return [Written(ref, record) for ref, record in found.items()]


def _mentioning(
    connection: Connection, streams: StreamTable, section: Id, student: Id, progress: Progress | None
) -> Iterator[tuple[Stream, int, bytes, int, Id, bytes]]:
    """Ops in which the student's id stands, and all that are sealed."""
    inside = [one for one in streams.by_sid.values() if one.scope.section == section]
    read = Unpacking(connection)
    for number, stream in enumerate(inside):
        if progress is not None:
            progress(number, len(inside))
        if stream.scope.audience is Audience.TRUST:
            continue
        sealed = stream.scope.audience is Audience.DROP
        rows = connection.exec_driver_sql(
            "SELECT seq, hash8, record, entity_id, frame FROM op WHERE sid = ?", (stream.sid,)
        )
        for seq, hash8, record, entity_id, stored in rows:
            frame = read.frame(stored)
            if sealed or student in frame:
                yield stream, seq, hash8, record, entity_id, frame


def _about(connection: Connection, section: Id) -> dict[Id, Id]:
    """Whom sealed records are about: what this computer could open stands in a table, so it need not be opened again.

    Of a second op under one id (nobody honest writes that, and nobody sees it) the first is believed.
    """
    found: dict[Id, Id] = {}
    for record, audience in PROJECTIONS:
        if audience is Audience.DROP:
            table = table_name(BY_NUMBER[record].name, audience)
            for field in (one for one in BY_NUMBER[record].fields if one.number in PERSON_FIELDS[record]):
                rows = connection.exec_driver_sql(
                    f'SELECT id, "{field.name}" FROM "{table}" WHERE section = ?', (section,)
                )
                found.update((entity_id, student) for entity_id, student in rows)
    return found


def _is_of(
    student: Id, stream: Stream, header: frames.Header, payload: bytes, about: Mapping[Id, Id], unsealer: Unsealer
) -> bool:
    if header.record not in BY_NUMBER:
        # From a newer program: what it means is not known here, that it names the child is.
        return student in payload
    if header.record == _STUDENT and header.entity_id == student:
        return True
    if header.entity_id in about:
        return about[header.entity_id] == student
    fields = readable_fields(header, payload, stream.scope, unsealer)
    return fields is not None and any(fields.get(number) == student for number in PERSON_FIELDS[header.record])


def _of_entities(connection: Connection, ids: Iterable[Id]) -> Iterator[tuple[int, int, bytes, int, bytes]]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        chunk = tuple(wanted[start : start + CHUNK])
        yield from connection.exec_driver_sql(
            f"SELECT sid, seq, hash8, record, frame FROM op WHERE {FOLDED_CLAUSE}"
            f" AND entity_id IN ({', '.join('?' * len(chunk))})",
            chunk,
        ).all()


def _by_stream(
    refs: Iterable[OpRef], section: Id, streams: StreamTable
) -> Iterator[tuple[Stream, set[tuple[int, bytes]]]]:
    grouped: Mapping[Id, set[tuple[int, bytes]]] = defaultdict(set)
    for ref in refs:
        grouped[ref.stream_id].add((ref.seq, ref.hash8))
    for stream_id, places in grouped.items():
        stream = streams.by_id.get(stream_id)
        # A class root speaks for its own class only.
        if stream is not None and stream.scope.section == section:
            yield stream, places
