"""Which ops count: every op's verdict by its writer's standing and the table in ``domain.authority``.

An op is judged as it comes, with one look into a table that was chosen for its whole stream. When more becomes known of
a writer (a certificate, a retirement), its streams are judged again. So the statuses REFUSED and HELD are a pure
function of the log and the class root, whatever came first; ``settle_all`` computes them from nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from blenddesk.domain.authority import STRANGER, Permission, Writer, permissions, what_is_wrong, wrong_with
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import OpRange
from blenddesk.domain.registry import BY_NAME, BY_NUMBER, RULES_VERSION, Audience, Value
from blenddesk.errors import Refusal
from blenddesk.storage import frames, withdrawals
from blenddesk.storage.erasing import Eraser
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.storage.projection import Entity, Scope, Unsealer
from blenddesk.storage.streams import Stream, StreamTable
from blenddesk.storage.tables import WITHDRAWAL_RECORDS, Status
from blenddesk.storage.touched import Place, Touched

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_ANNOUNCEMENT = BY_NAME["announcement"].number
_WITHDRAWALS = ", ".join(map(str, WITHDRAWAL_RECORDS))


class Judge(Unsealer, Eraser, Protocol):
    """Who knows the statements about devices; ``sync.keys.DeviceKeys`` in the program."""

    def writers(self, connection: Connection, section: Id) -> Mapping[Id, Writer]:
        """Every device of the class by its id, as the log tells now."""
        ...

    def writer_here(self, connection: Connection, section: Id) -> Writer:
        """This very device in the class."""
        ...


class Ruling:
    """How the ops of one stream are judged."""

    __slots__ = ("_free", "_is_new", "_own", "_permissions", "_rest", "_sealed", "mark", "within")

    def __init__(self, writer: Writer, scope: Scope, own: frozenset[Id]) -> None:
        self._permissions: Mapping[tuple[int, int], Permission] = permissions(writer.role)
        self._free = {key for key, permission in self._permissions.items() if permission.is_free(key[0])}
        self._own = own
        self._sealed = scope.audience is Audience.DROP
        self.within = writer.within
        self._is_new = writer.pending
        self._rest = Status.APPLIED
        if writer.forged:
            self._rest = Status.REFUSED
        elif writer.pending or writer.within is not None:
            self._rest = Status.HELD
        self.mark = _mark(writer)

    @property
    def is_plain(self) -> bool:
        """Whether an op's own content is all that decides."""
        return self._rest == Status.APPLIED

    def status(self, record: int, kind: int, fields: Mapping[int, Value] | None, *, counts: bool = False) -> int:
        """The verdict on an op of a known record. ``fields``: None when it cannot be read here.

        ``counts``: the op is one of those that count although the rest of the stream does not.
        """
        key = (record, kind)
        if key not in self._free:
            permission = self._permissions.get(key)
            # Nobody may look into what is sealed, or those who can would come to another verdict than those who cannot.
            if permission is None or (not self._sealed and wrong_with(permission, fields or {}, self._own)):
                return Status.REFUSED
        # Who is new says so before anybody can have confirmed it.
        counts = counts or (self._is_new and record == _ANNOUNCEMENT)
        return Status.APPLIED if counts else self._rest


def _mark(writer: Writer) -> int:
    """Differs where two writers are judged differently; never 0, which stands for a stream that was not judged."""
    within = None if writer.within is None else sorted(writer.within)
    told = repr((RULES_VERSION, writer.role, writer.pending, writer.forged, within))
    return int.from_bytes(blake2b(told.encode(), digest_size=7).digest(), "big") | 1


@dataclass(slots=True)
class Rulings:
    """Rulings by stream, for as long as nothing new becomes known of the writers."""

    connection: Connection
    streams: StreamTable
    judge: Judge
    _writers: dict[Id, Mapping[Id, Writer]] = field(default_factory=dict)
    _rulings: dict[int, Ruling] = field(default_factory=dict)

    def of(self, stream: Stream) -> Ruling:
        ruling = self._rulings.get(stream.sid)
        if ruling is None:
            section = stream.scope.section
            if section not in self._writers:
                self._writers[section] = self.judge.writers(self.connection, section)
            writer = self._writers[section].get(stream.device_id, STRANGER)
            ruling = Ruling(writer, stream.scope, _streams_of(self.streams, stream))
            self._rulings[stream.sid] = ruling
        return ruling


class Door:
    """Whether this device may write what it is about to write; asked by the ledger op by op."""

    def __init__(self, connection: Connection, streams: StreamTable, judge: Judge, device_id: Id) -> None:
        self._connection, self._streams, self._judge, self._device_id = connection, streams, judge, device_id
        self._writers: dict[Id, Writer] = {}

    def check(self, scope: Scope, record: int, kind: int, fields: Mapping[int, Value]) -> None:
        """Raises ``Refusal``: ``not_allowed_here``, ``not_confirmed_yet`` (another teacher's desk that the first has
        not met), ``computer_retired``."""
        if record == _ANNOUNCEMENT:
            return
        writer = self._writers.get(scope.section)
        if writer is None:
            writer = self._judge.writer_here(self._connection, scope.section)
            self._writers[scope.section] = writer
        if writer.retired:
            raise Refusal("computer_retired")
        if writer.pending:
            raise Refusal("not_confirmed_yet")
        readable = fields if scope.audience is not Audience.DROP else {}
        own = frozenset[Id]()
        if record in WITHDRAWAL_RECORDS:
            own = frozenset(s.stream_id for s in self._streams.by_id.values() if s.device_id == self._device_id)
        wrong = what_is_wrong(writer, record, kind, readable, own)
        if wrong is not None:
            raise Refusal("not_allowed_here", record=BY_NUMBER[record].name, why=wrong.value)


# --- judging again ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Settled:
    """What judging again has changed: the records to be shown anew, where ops came to count or ceased to, and how many
    more are refused."""

    touched: Touched = field(default_factory=Touched)
    ranges: list[OpRange] = field(default_factory=list)
    refused: int = 0


def settle(
    connection: Connection,
    streams: StreamTable,
    judge: Judge,
    *,
    sections: Iterable[Id] = (),
    unsure: Iterable[int] = (),
    opened: bool = False,
) -> Settled:
    """Brings the verdicts in line with what is known now.

    ``sections``: classes in which new statements came; their streams are judged again where the writer's standing
    differs from when they were judged. ``unsure`` (sids): streams that got ops which only now can be judged.
    ``opened``: a stream became known, so that a withdrawal may name another computer's.
    """
    settled = Settled()
    rulings = Rulings(connection, streams, judge)
    changed, again = set(sections), set(unsure)
    marks: dict[int, int] = {}
    if changed:
        marks = {row.sid: row.status for row in connection.exec_driver_sql("SELECT sid, status FROM stream")}
    for stream in list(streams.by_sid.values()):
        if stream.scope.section in changed and rulings.of(stream).mark != marks[stream.sid]:
            again.add(stream.sid)
    for sid in sorted(again):
        stream = streams.by_sid[sid]
        _judge_stream(connection, streams, stream, rulings.of(stream), settled)
        save_mark(connection, stream, rulings.of(stream))
    if opened:
        sids = connection.exec_driver_sql(f"SELECT DISTINCT sid FROM op WHERE record IN ({_WITHDRAWALS})").scalars()
        for sid in sorted(set(sids) - again):
            stream = streams.by_sid[sid]
            _judge_stream(connection, streams, stream, rulings.of(stream), settled, f"AND record IN ({_WITHDRAWALS})")
    return settled


def settle_all(connection: Connection, streams: StreamTable, judge: Judge) -> Settled:
    """Every verdict of the log anew: for checking, and after an update of the rules."""
    return settle(connection, streams, judge, unsure=list(streams.by_sid))


def save_mark(connection: Connection, stream: Stream, ruling: Ruling) -> None:
    """Notes by which standing of its writer the stream was judged."""
    connection.exec_driver_sql("UPDATE stream SET status = ? WHERE sid = ?", (ruling.mark, stream.sid))


def _judge_stream(
    connection: Connection,
    streams: StreamTable,
    stream: Stream,
    ruling: Ruling,
    settled: Settled,
    only: str = "",
) -> None:
    counted: set[tuple[int, bytes]] = set()
    if ruling.within is not None:
        ours = [part for part in ruling.within if part.stream_id == stream.stream_id]
        counted = {(op.seq, op.hash8) for _stream, op in withdrawals.ops_in(connection, streams, ours)}
    updates: list[tuple[int, int, int, bytes]] = []
    for seq, hash8, status, record, entity_id, kind, fields in _rows(connection, stream, only):
        wanted = ruling.status(record, kind, fields, counts=(seq, hash8) in counted)
        if wanted != (Status.APPLIED if status == Status.WITHDRAWN else status):
            updates.append((wanted, stream.sid, seq, hash8))
            place = Place(stream.sid, seq, hash8)
            settled.touched.note(Entity(stream.scope, record, entity_id), place, counted=status == Status.APPLIED)
            settled.refused += (wanted == Status.REFUSED) - (status == Status.REFUSED)
            _extend(settled.ranges, OpRange(stream.stream_id, seq, seq, hash8))
    if updates:
        connection.exec_driver_sql("UPDATE op SET status = ? WHERE sid = ? AND seq = ? AND hash8 = ?", updates)


def _rows(
    connection: Connection, stream: Stream, only: str
) -> Iterator[tuple[int, bytes, int, int, Id, int, Mapping[int, Value] | None]]:
    """Seq, hash8, status, record, entity id, kind and fields of the ops that have or may have an effect."""
    judged = (Status.APPLIED, Status.REFUSED, Status.HELD, Status.WITHDRAWN)
    rows = connection.exec_driver_sql(
        "SELECT seq, hash8, status, record, entity_id, frame FROM op"
        f" WHERE sid = ? AND status IN ({', '.join(map(str, judged))}) {only} ORDER BY seq",
        (stream.sid,),
    )
    readable = stream.scope.audience is not Audience.DROP
    read = Unpacking(connection)
    for seq, hash8, status, record, entity_id, frame in rows:
        header_bytes, payload = read.split(frame)
        header = frames.decode_header(header_bytes)
        fields = None
        if readable:
            fields = frames.decode_fields(header, payload, stream.scope.audience)
        yield seq, hash8, status, record, entity_id, header.kind, fields


def _extend(ranges: list[OpRange], part: OpRange) -> None:
    """Places in a row become one range, whatever their branch."""
    if ranges and ranges[-1].stream_id == part.stream_id and ranges[-1].last + 1 >= part.first:
        part = OpRange(part.stream_id, ranges.pop().first, part.last, part.hash8)
    ranges.append(part)


def _streams_of(streams: StreamTable, stream: Stream) -> frozenset[Id]:
    return frozenset(
        one.stream_id
        for one in streams.by_sid.values()
        if one.device_id == stream.device_id and one.scope.section == stream.scope.section
    )
