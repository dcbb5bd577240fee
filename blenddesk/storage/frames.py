"""Ops as bytes: what is hashed, stored, sent and never re-encoded.

A frame is the msgpack pair ``[header, payload]``. The header (an array, see ``Header``) says who, when, what record and
which ops it replaces; the payload is the map ``{field number: value}``, or sealed bytes in a ``DROP`` stream. The
stream's chain runs over the header and the payload's *digest*:

    h(0) = BLAKE2b-256("bd-genesis" || genesis)
    h(n) = BLAKE2b-256("bd-op1" || stream_id || h(n-1) || header || BLAKE2b-256(payload))

so a child's data can be erased (the payload replaced by its digest) while every hash and signature stays valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from blenddesk.domain.hlc import COUNTER_BITS, LATEST
from blenddesk.domain.ids import ID_BYTES, Id
from blenddesk.domain.ops import Kind, Op, OpRef
from blenddesk.domain.registry import BY_NUMBER, FIELDS_BY_NUMBER, RECORDS, Audience, Shape, Value, fits
from blenddesk.errors import ExchangeTrouble

FRAME_VERSION = 1
PURGED = b"\xc1"
"""First byte of a payload that was erased; its digest follows. No msgpack value begins with it."""
MAX_OVER = 1_024
MAX_FRAME_BYTES = 512 << 10
"""What we write at most in one op, so that it always fits into a segment of a package (1 MiB)."""
MAX_NUMBER = 1 << 48
"""Above every place in a stream and every record number; what SQLite and other languages can still hold."""
HASH8 = 8
_SHORT_TEXT = 1_024
"""Letters; far below what a text may have in bytes, whatever the letters."""
_TYPES: dict[Shape, type] = {Shape.TEXT: str, Shape.INT: int, Shape.ID: bytes, Shape.BOOL: bool}
_USUAL_TYPES = [
    {
        record.number: {
            f.number: _TYPES[f.shape] for f in record.fields if f.audience == audience and f.shape in _TYPES
        }
        for record in RECORDS
    }
    for audience in range(max(Audience) + 1)
]
"""By audience, record and field: the type of the value in nearly every op."""


class Header(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The part of an op that stays even when its content is erased.

    ``wall`` is the writer's clock in ms less the milliseconds of ``hlc``: 0 in the ordinary case, and only a label.
    ``end`` is true on the last op of a transaction in its stream. ``over`` lists (stream id, seq, hash8).
    """

    version: int
    seq: int
    hlc: int
    wall: int
    zone: int
    actor: bytes
    end: bool
    record: int
    entity_id: bytes
    kind: int
    schema: int
    over: list[tuple[bytes, int, bytes]]


_encode = msgspec.msgpack.Encoder().encode
_decode_header = msgspec.msgpack.Decoder(Header).decode
_decode_payload = msgspec.msgpack.Decoder(dict[int, Any]).decode
_decode_frame = msgspec.msgpack.Decoder(tuple[bytes, bytes]).decode
_decode_frames = msgspec.msgpack.Decoder(list[tuple[bytes, bytes]]).decode


def encode_header(header: Header) -> bytes:
    return _encode(header)


def encode_payload(fields: Mapping[int, Value]) -> bytes:
    return _encode(dict(sorted(fields.items())))


def encode_frame(header: bytes, payload: bytes) -> bytes:
    return _encode((header, payload))


def split_frame(frame: bytes) -> tuple[bytes, bytes]:
    """(header, payload) of a stored frame."""
    return _decode_frame(frame)


def split_frames(segment: bytes) -> list[tuple[bytes, bytes]]:
    """The frames of a segment (a msgpack array of frames). Raises ``ExchangeTrouble`` when it is anything else."""
    try:
        return _decode_frames(segment)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ExchangeTrouble("frame_malformed") from error


def join_frames(frames: list[bytes]) -> bytes:
    """A segment from stored frames, without decoding them: a msgpack array header and the frames behind it."""
    return b"\xdd" + len(frames).to_bytes(4, "big") + b"".join(frames)


def stream_id_of(genesis: bytes) -> Id:
    return blake2b(genesis, digest_size=ID_BYTES).digest()


def first_hash(genesis: bytes) -> bytes:
    return blake2b(b"bd-genesis" + genesis, digest_size=32).digest()


def payload_digest(payload: bytes) -> bytes:
    return payload[1:] if payload[:1] == PURGED else blake2b(payload, digest_size=32).digest()


def next_hash(stream_id: Id, previous: bytes, header: bytes, payload: bytes) -> bytes:
    """The chain hash after this op, from the one before it."""
    return blake2b(b"bd-op1" + stream_id + previous + header + payload_digest(payload), digest_size=32).digest()


def decode_header(header: bytes) -> Header:
    """The header, checked as far as one can without knowing its stream. Raises ``ExchangeTrouble``."""
    try:
        decoded = _decode_header(header)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ExchangeTrouble("frame_malformed") from error
    if decoded.version != FRAME_VERSION:
        raise ExchangeTrouble("format_newer", version=decoded.version)
    sound = (
        1 <= decoded.seq < MAX_NUMBER
        and 0 <= decoded.record < MAX_NUMBER
        and 0 <= decoded.hlc < LATEST
        and len(decoded.entity_id) == ID_BYTES
        and len(decoded.actor) in (0, ID_BYTES)
        and (not decoded.over or _is_sound_over(decoded.over))
    )
    if not sound:
        raise ExchangeTrouble("frame_out_of_range", seq=decoded.seq)
    return decoded


def _is_sound_over(over: list[tuple[bytes, int, bytes]]) -> bool:
    return len(over) <= MAX_OVER and all(len(s) == ID_BYTES and n >= 1 and len(h) == HASH8 for s, n, h in over)


def decode_fields(header: Header, payload: bytes, audience: Audience) -> dict[int, Value]:
    """The known fields of a readable payload; none when it was erased.

    Unknown records and fields come from a newer program: they stay in the stored frame and are left out here. A known
    field with a value of the wrong type, or one that does not belong to this audience, makes the op malformed: a
    field must never arrive in a stream that more people can read. Raises ``ExchangeTrouble``.
    """
    if payload[:1] == PURGED:
        return {}
    try:
        fields = _decode_payload(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ExchangeTrouble("frame_malformed") from error
    # Nearly every op holds nothing but known fields of the plain kind: 1 us here instead of 5 in the loop below.
    usual = _USUAL_TYPES[audience].get(header.record, {})
    for number, value in fields.items():
        found = type(value)
        if usual.get(number) is not found or not (
            len(value) == ID_BYTES
            if found is bytes
            else len(value) <= _SHORT_TEXT
            if found is str
            else -(2**63) <= value < 2**63
        ):
            return _known_fields(header, fields, audience)
    return fields


def _known_fields(header: Header, fields: dict[int, Any], audience: Audience) -> dict[int, Value]:
    known: dict[int, Value] = {}
    for number, value in fields.items():
        field = FIELDS_BY_NUMBER.get((header.record, number))
        if field is None:
            continue
        if field.audience is not audience or not fits(field, value):
            raise ExchangeTrouble("field_malformed", record=header.record, field=number)
        known[number] = value
    return known


def is_known(header: Header) -> bool:
    """Whether this program can apply the op; if not it is kept, forwarded and applied after an update."""
    return header.record in BY_NUMBER and header.kind in Kind._value2member_map_ and header.schema <= 1


def to_op(stream_id: Id, hash8: bytes, header: Header, fields: Mapping[int, Value]) -> Op:
    return Op(
        OpRef(stream_id, header.seq, hash8),
        header.hlc,
        header.actor,
        header.record,
        header.entity_id,
        Kind(header.kind),
        tuple(OpRef(s, n, h) for s, n, h in header.over),
        fields,
    )


def wall_ms(header: Header) -> int:
    """The writer's wall clock in ms since 1970: a label, never used to decide."""
    return (header.hlc >> COUNTER_BITS) + header.wall
