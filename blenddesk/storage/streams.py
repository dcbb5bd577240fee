"""The streams of the log: one writer and one hash chain for each (device, epoch, section, audience)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from blenddesk.domain.ids import ID_BYTES, Id
from blenddesk.domain.registry import Audience
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import frames
from blenddesk.storage.projection import Scope, StreamNames

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Genesis(msgspec.Struct, array_like=True, frozen=True):
    """How a stream begins: who writes it, in which life of which database, for whom. Its digest is the stream's id."""

    version: int
    device_id: bytes
    epoch: bytes
    section: bytes
    audience: int
    app_version: str
    continues: bytes


_decode_genesis = msgspec.msgpack.Decoder(Genesis).decode


def encode_genesis(genesis: Genesis) -> bytes:
    return msgspec.msgpack.encode(genesis)


def decode_genesis(data: bytes) -> Genesis:
    """Raises ``ExchangeTrouble`` (``genesis_malformed``)."""
    try:
        genesis = _decode_genesis(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ExchangeTrouble("genesis_malformed") from error
    ids = (genesis.device_id, genesis.epoch, genesis.section)
    if (
        genesis.version != 1
        or any(len(part) != ID_BYTES for part in ids)
        or len(genesis.continues) not in (0, ID_BYTES)
        or genesis.audience not in Audience._value2member_map_
        or len(genesis.app_version) > 40
    ):
        raise ExchangeTrouble("genesis_malformed")
    return genesis


@dataclass(slots=True)
class Stream:
    """A stream as this database knows it. ``seq`` and ``hash`` are its newest op when we are its writer.

    ``have``: every op up to this place that is held has all before it in its chain, so that whoever finds one of them
    need not look for those before it. Where ops are taken out of a log (``salvage``) it has to go back to 0.
    """

    sid: int
    stream_id: Id
    device_id: Id
    epoch: Id
    scope: Scope
    genesis: bytes
    seq: int
    hash: bytes
    hlc: int
    have: int

    def names(self) -> StreamNames:
        return StreamNames(self.stream_id, self.scope)


@dataclass(slots=True)
class StreamTable:
    """All streams of the database, read at the start of a transaction; a class has a few dozen."""

    by_sid: dict[int, Stream] = field(default_factory=dict)
    by_id: dict[Id, Stream] = field(default_factory=dict)

    def names(self) -> dict[int, StreamNames]:
        return {sid: stream.names() for sid, stream in self.by_sid.items()}

    def newest_hlc(self, *, not_of: Id | None = None) -> int:
        return max((s.hlc for s in self.by_sid.values() if s.device_id != not_of), default=0)

    def own(self, device_id: Id, epoch: Id, scope: Scope) -> Stream | None:
        for stream in self.by_sid.values():
            if stream.scope == scope and stream.device_id == device_id and stream.epoch == epoch:
                return stream
        return None

    def newest_of_device(self, device_id: Id, scope: Scope) -> Id:
        """The stream that a new one of this database continues, or nothing: the last that was written here.

        Those of a copy of this computer are of the same device and written elsewhere.
        """
        streams = self.by_sid.values()
        earlier = [s for s in streams if s.device_id == device_id and s.scope == scope and s.seq > 0]
        return max(earlier, key=lambda s: s.sid).stream_id if earlier else b""


def load_streams(connection: Connection) -> StreamTable:
    table = StreamTable()
    rows = connection.exec_driver_sql(
        "SELECT sid, stream_id, device_id, epoch, section, audience, genesis, seq, hash, hlc, coalesce(have, 0)"
        " FROM stream"
    )
    for row in rows:
        _remember(table, _from_row(tuple(row)))
    return table


def open_stream(connection: Connection, table: StreamTable, genesis_bytes: bytes) -> Stream:
    """The stream that begins with ``genesis_bytes``, made when it is new. Raises ``ExchangeTrouble``."""
    genesis = decode_genesis(genesis_bytes)
    stream_id = frames.stream_id_of(genesis_bytes)
    known = table.by_id.get(stream_id)
    if known is not None:
        return known
    first = frames.first_hash(genesis_bytes)
    sid = connection.exec_driver_sql(
        "INSERT INTO stream (stream_id, device_id, epoch, section, audience, genesis, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING sid",
        (stream_id, genesis.device_id, genesis.epoch, genesis.section, genesis.audience, genesis_bytes, first),
    ).scalar_one()
    stream = Stream(
        sid,
        stream_id,
        genesis.device_id,
        genesis.epoch,
        Scope(genesis.section, Audience(genesis.audience)),
        genesis_bytes,
        0,
        first,
        0,
        0,
    )
    _remember(table, stream)
    return stream


def save_position(connection: Connection, stream: Stream) -> None:
    connection.exec_driver_sql(
        "UPDATE stream SET seq = ?, hash = ?, hlc = ?, have = ? WHERE sid = ?",
        (stream.seq, stream.hash, stream.hlc, stream.have, stream.sid),
    )


def holds_up_to(connection: Connection, stream: Stream, seq: int, hash8: bytes) -> bool:
    """Whether this op is held with everything before it in its chain; False also where nobody has looked yet."""
    return seq <= stream.have and _holds(connection, stream, seq, hash8)


def note_row(connection: Connection, stream: Stream, lo: int, hi: int, before: bytes, *, alone: bool) -> None:
    """The ops ``lo`` to ``hi`` are held, each after the other, the first after the op with the hash ``before``.

    ``alone``: no other op is held at these places. Keeps ``have`` true and as far as can be told from this.
    """
    have = stream.have
    if lo == 1 or holds_up_to(connection, stream, lo - 1, before):
        if alone:
            have = max(have, hi)
    elif lo <= have:
        have = lo - 1
    if have != stream.have:
        stream.have = have
        connection.exec_driver_sql("UPDATE stream SET have = ? WHERE sid = ?", (have, stream.sid))


def _holds(connection: Connection, stream: Stream, seq: int, hash8: bytes) -> bool:
    found = connection.exec_driver_sql(
        "SELECT 1 FROM op WHERE sid = ? AND seq = ? AND hash8 = ?", (stream.sid, seq, hash8)
    )
    return found.first() is not None


def _from_row(row: tuple[Any, ...]) -> Stream:
    sid, stream_id, device_id, epoch, section, audience, *rest = row
    return Stream(sid, stream_id, device_id, epoch, Scope(section, Audience(audience)), *rest)


def _remember(table: StreamTable, stream: Stream) -> None:
    table.by_sid[stream.sid] = stream
    table.by_id[stream.stream_id] = stream
