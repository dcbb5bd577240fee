"""What waits for a person to decide, what was deleted, and which computers are copies of one, as read from the log."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.merge import Contest, EntityState, fold
from blenddesk.domain.ops import Op, OpRef
from blenddesk.domain.registry import BY_NUMBER, FIELDS_BY_NUMBER, Audience, Value
from blenddesk.storage.columns import FOLDED_CLAUSE

if TYPE_CHECKING:
    from blenddesk.storage.reader import Reader

CHUNK = 400


class Written(NamedTuple):
    """One op as a person asks about it: in which life (epoch) of which device it was written, when by that clock, for
    whom (``actor``: the student at a shared computer, or empty), and the value; None for a deletion too. ``here``: in
    this very database."""

    ref: OpRef
    device: Id
    epoch: Id
    at_ms: int
    actor: bytes
    value: Value
    here: bool


class Contested(NamedTuple):
    """A field with several standing values, the one shown first; or (``field`` empty) a record that was deleted on one
    computer and edited on another: the edits first, then the deletions that lost to them."""

    section: Id
    record: str
    entity: Id
    field: str
    edits: tuple[Written, ...]
    deletions: tuple[Written, ...] = ()


class Deleted(NamedTuple):
    """A record that is gone, as it stood: what was known of it by field name, who deleted it and when."""

    section: Id
    record: str
    entity: Id
    values: dict[str, Value]
    deletion: Written


class Life(NamedTuple):
    """One life of a device's database: ``first_hlc`` and ``newest_hlc`` of what it wrote, the lives it goes on from.
    ``here``: this database wrote in it (or, on a copied disk, the one that it was copied from)."""

    device: Id
    epoch: Id
    sections: frozenset[Id]
    continues: frozenset[Id]
    first_hlc: int
    newest_hlc: int
    here: bool = False


class _Stream(NamedTuple):
    stream_id: Id
    device: Id
    epoch: Id
    section: Id
    audience: int
    written_here: int
    """How far this database has written it; what lies beyond came from a copy of this computer."""


class ConflictReads:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def count(self) -> int:
        """Rows that wait: 0 in the ordinary case. Takes well under a millisecond."""
        found: int = self._reader.rows("SELECT count(*) FROM conflict")[0][0]
        return found

    def contested(self) -> list[Contested]:
        """Everything that waits, from one moment."""
        with self._reader.steady():
            rows = self._reader.rows("SELECT section, audience, record, entity_id, field, state FROM conflict")
            if not rows:
                return []
            states, about = self._fold({row[3] for row in rows})
        found = []
        for section, audience, record, entity, field, state in rows:
            folded = states[section, audience, record, entity]
            name = BY_NUMBER[record].name
            if state == Contest.EDITED_MEANWHILE:
                seen = {ref for op in folded.overruled for ref in op.over}
                edits = {op.ref: op for ops in folded.heads.values() for op in ops if op.ref not in seen}
                newest = sorted(edits.values(), key=lambda op: (op.hlc, op.ref), reverse=True)
                found.append(
                    Contested(
                        section,
                        name,
                        entity,
                        "",
                        tuple(about[op.ref] for op in newest),
                        tuple(about[op.ref] for op in folded.overruled),
                    )
                )
            else:
                heads = tuple(about[op.ref]._replace(value=op.fields[field]) for op in folded.contested()[field])
                found.append(Contested(section, name, entity, FIELDS_BY_NUMBER[record, field].name, heads))
        return found

    def deleted(self, since_hlc: int, records: Collection[str]) -> list[Deleted]:
        """What was deleted since then and still is, of these records, the newest first."""
        numbers = {number for number, record in BY_NUMBER.items() if record.name in records}
        with self._reader.steady():
            rows = [
                row
                for row in self._reader.rows(
                    "SELECT section, record, entity_id, audience FROM bin WHERE hlc >= ? ORDER BY hlc DESC",
                    (since_hlc,),
                )
                if row[1] in numbers
            ]
            states, about = self._fold({row[2] for row in rows})
        found: dict[tuple[Id, int, Id], Deleted] = {}
        for section, record, entity, audience in rows:
            state = states[section, audience, record, entity]
            values = {
                FIELDS_BY_NUMBER[record, number].name: value
                for number, value in state.values.items()
                if (record, number) in FIELDS_BY_NUMBER
            }
            before = found.get((section, record, entity))
            if before is not None:
                before.values.update(values)
                continue
            deletion = about[state.deletes[-1].ref]
            found[section, record, entity] = Deleted(section, BY_NUMBER[record].name, entity, values, deletion)
        return list(found.values())

    def written(self, record: str, field: str, ids: Collection[Id]) -> dict[Id, Written]:
        """Who wrote what these records now show in a field, by record id; nothing for one that was never written."""
        numbers = {number for number, one in BY_NUMBER.items() if one.name == record}
        with self._reader.steady():
            states, about = self._fold(ids)
        found = {}
        for (_section, _audience, number, entity), state in states.items():
            heads = [
                op
                for column, ops in state.heads.items()
                if number in numbers and FIELDS_BY_NUMBER[number, column].name == field
                for op in ops
            ]
            if heads:
                newest = max(heads, key=lambda op: (op.hlc, op.ref))
                found[entity] = about[newest.ref]
        return found

    def lives(self) -> list[Life]:
        """Every life of every device that this computer holds something of."""
        rows = self._reader.rows(
            "SELECT s.device_id, s.epoch, s.section, s.hlc, s.stream_id, s.genesis, s.seq,"
            " (SELECT hlc FROM op WHERE op.sid = s.sid ORDER BY seq LIMIT 1) FROM stream AS s"
        )
        import msgspec

        # Which life a stream belongs to, by its id: a genesis names the stream that it continues.
        epochs = {row[4]: row[1] for row in rows}
        lives: dict[tuple[Id, Id], Life] = {}
        for device, epoch, section, newest, _stream_id, genesis, written_here, first in rows:
            if first is None:
                continue
            continues = msgspec.msgpack.decode(genesis)[6]
            before = lives.get((device, epoch), Life(device, epoch, frozenset(), frozenset(), first, newest))
            lives[device, epoch] = before._replace(
                sections=before.sections | {section},
                continues=before.continues | ({epochs[continues]} if continues in epochs else frozenset()),
                first_hlc=min(before.first_hlc, first),
                newest_hlc=max(before.newest_hlc, newest),
                here=before.here or written_here > 0,
            )
        return list(lives.values())

    def this_device(self) -> Id:
        """The identity of this computer, which a copy of it has too."""
        return bytes(self._reader.rows("SELECT value FROM local WHERE name = 'device_id'")[0][0])

    def forked(self) -> set[Id]:
        """Devices of which two computers wrote in the same life, as far as anything of theirs has met here."""
        rows = self._reader.rows("SELECT DISTINCT device_id FROM stream JOIN fork USING (stream_id)")
        return {row[0] for row in rows}

    def has_shared_seats(self) -> bool:
        """Whether more than one computer ever opened the file of one seat."""
        sql = "SELECT 1 FROM announcement GROUP BY section, seat HAVING count(DISTINCT device) > 1 LIMIT 1"
        return bool(self._reader.rows(sql))

    def has_waiting_desks(self) -> bool:
        """Whether a computer opened the file for another teacher and the class root never certified it."""
        sql = (
            "SELECT 1 FROM certificate AS seat JOIN announcement AS came USING (section, seat)"
            " WHERE seat.role = 'desk_seat' AND NOT EXISTS (SELECT 1 FROM certificate AS sure"
            " WHERE sure.section = came.section AND sure.device = came.device) LIMIT 1"
        )
        return bool(self._reader.rows(sql))

    def announced_ms(self, device: Id) -> int | None:
        """When a computer first opened a file of ours, as its own clock had it; None of one that never did."""
        from blenddesk.storage import frames

        rows = self._reader.rows(
            "SELECT op.frame FROM announcement AS came JOIN op ON op.entity_id = came.id WHERE came.device = ?",
            (device,),
        )
        return min((frames.wall_ms(frames.decode_header(frames.split_frame(row[0])[0])) for row in rows), default=None)

    def enrolled(self) -> list[tuple[Id, Id, str, int]]:
        """(class, student, name, number) of everyone who is in a class now."""
        rows = self._reader.rows(
            "SELECT s.section, s.id, s.name, e.number FROM student AS s"
            " JOIN enrollment AS e ON e.section = s.section AND e.student = s.id"
            " WHERE coalesce(e.end_day, '') = ''"
        )
        return [(section, student, name or "", number or 0) for section, student, name, number in rows]

    # --- the log ----------------------------------------------------------------------------------------------

    def _fold(
        self, entities: Collection[Id]
    ) -> tuple[dict[tuple[Id, int, int, Id], EntityState], dict[OpRef, Written]]:
        """The states of these records by (section, audience, record, id), and who wrote each of their ops."""
        from blenddesk.storage import frames

        streams = {
            row[0]: _Stream(*row[1:])
            for row in self._reader.rows("SELECT sid, stream_id, device_id, epoch, section, audience, seq FROM stream")
        }
        ops: dict[tuple[Id, int, int, Id], list[Op]] = {}
        about: dict[OpRef, Written] = {}
        for sid, hash8, record, entity, frame in self._frames(sorted(entities)):
            stream = streams[sid]
            header_bytes, payload = frames.split_frame(frame)
            header = frames.decode_header(header_bytes)
            fields = frames.decode_fields(header, payload, Audience(stream.audience))
            op = frames.to_op(stream.stream_id, hash8, header, fields)
            ops.setdefault((stream.section, stream.audience, record, entity), []).append(op)
            about[op.ref] = Written(
                op.ref,
                stream.device,
                stream.epoch,
                frames.wall_ms(header),
                bytes(header.actor),
                None,
                header.seq <= stream.written_here,
            )
        return {key: fold(some) for key, some in ops.items()}, about

    def _frames(self, ids: list[Id]) -> Iterator[tuple[Any, ...]]:
        # Imported here: it brings the database library, which the first screen is painted without.
        from blenddesk.storage.tables import Status

        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            yield from self._reader.rows(
                f"SELECT sid, hash8, record, entity_id, frame FROM op WHERE {FOLDED_CLAUSE}"
                f" AND entity_id IN ({', '.join('?' * len(chunk))}) AND status = {Status.APPLIED:d}",
                chunk,
            )
