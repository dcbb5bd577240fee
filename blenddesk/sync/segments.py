"""Streams as compressed segments: cut where they never move again, opened with every length checked first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec
import zstandard

from blenddesk.domain.ids import Id
from blenddesk.errors import EnvironmentTrouble, ExchangeTrouble
from blenddesk.storage import frames
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.storage.receiving import IncomingOp
from blenddesk.storage.streams import Stream
from blenddesk.sync.manifest import HASH_BYTES, MAX_SEGMENT_BYTES, PATH_BYTES, Segment

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEVEL = 3
OPS_IN_SEGMENT = 2_048
"""A segment ends at every multiple of this, wherever the stream ends now, so a finished segment stays as it is."""
_ARRAY_HEADER_BYTES = 5

_compress = zstandard.ZstdCompressor(level=LEVEL, write_content_size=True).compress


@dataclass(frozen=True, slots=True)
class Packed:
    """A segment ready to be sent: its line in the manifest and its bytes."""

    entry: Segment
    data: bytes


@dataclass(slots=True)
class _OpenRun:
    """A contiguous run that is being packed. ``head`` is the hash of its newest op."""

    stream: int
    seq: int
    head: bytes
    segments: list[Packed] = field(default_factory=list)
    _frames: list[bytes] = field(default_factory=list)
    _hashes: list[bytes] = field(default_factory=list)
    _bytes: int = _ARRAY_HEADER_BYTES
    _lo: int = 0
    _prev: bytes = b""

    def add(self, seq: int, frame: bytes, chain_hash: bytes) -> None:
        if self._frames and (self._bytes + len(frame) > MAX_SEGMENT_BYTES or (seq - 1) % OPS_IN_SEGMENT == 0):
            self.close(b"")
        if not self._frames:
            self._lo, self._prev = seq, self.head
        self._frames.append(frame)
        self._hashes.append(chain_hash[: frames.HASH8])
        self._bytes += len(frame)
        self.seq, self.head = seq, chain_hash

    def close(self, signature: bytes) -> None:
        raw = frames.join_frames(self._frames)
        data = _compress(raw)
        entry = Segment(
            self.stream,
            self._lo,
            self.seq,
            self._prev,
            self.head,
            signature,
            len(raw),
            len(data),
            blake2b(data, digest_size=HASH_BYTES).digest(),
            path_digest(self._hashes),
        )
        self.segments.append(Packed(entry, data))
        self._frames, self._hashes, self._bytes = [], [], _ARRAY_HEADER_BYTES


def path_digest(hashes: list[bytes]) -> bytes:
    """Names exactly which ops a segment holds, whatever compressed it: BLAKE2b-128 over their eight-byte hashes."""
    return blake2b(b"".join(hashes), digest_size=PATH_BYTES).digest()


def pack_stream(connection: Connection, index: int, stream: Stream) -> Iterator[Packed]:
    """All ops of a stream, run by run, as segments whose ``stream`` is ``index``.

    The chain is followed on the way, so damage in this database is found here and not by whoever gets the package. A
    copied computer leaves two ops at one place; the second branch becomes a run of its own. Around a gap (of a database
    that was put right after damage) only what can be proven is packed: that is what the reader counts as held here.
    Raises ``EnvironmentTrouble`` (``log_damaged``).
    """
    heads = _heads(connection, stream)
    provable = _provable(connection, stream, heads)
    runs: list[_OpenRun] = []
    before: dict[bytes, _OpenRun | None] = {}
    current: dict[bytes, _OpenRun | None] = {frames.first_hash(stream.genesis): None}
    at = 0
    read = Unpacking(connection)
    rows = connection.exec_driver_sql("SELECT seq, hash8, frame FROM op WHERE sid = ? ORDER BY seq", (stream.sid,))
    for seq, hash8, stored in rows:
        if provable is not None and not any(lo <= seq <= hi for lo, hi in provable):
            continue
        if seq != at:
            before = current if seq == at + 1 else dict.fromkeys(known for n, known in heads if n == seq - 1)
            current, at = {}, seq
        frame = read.frame(stored)
        try:
            header, payload = frames.split_frame(frame)
        except msgspec.MsgspecError as error:
            raise EnvironmentTrouble("log_damaged", stream=stream.stream_id.hex(), seq=seq) from error
        for previous in before:
            chain_hash = frames.next_hash(stream.stream_id, previous, header, payload)
            if chain_hash[: frames.HASH8] == hash8:
                break
        else:
            raise EnvironmentTrouble("log_damaged", stream=stream.stream_id.hex(), seq=seq)
        run = before[previous]
        if run is None or run.head != previous:
            run = _OpenRun(index, seq - 1, previous)
            runs.append(run)
        run.add(seq, frame, chain_hash)
        current[chain_hash] = run
    for run in runs:
        signature = heads.get((run.seq, run.head))
        if not signature:
            raise EnvironmentTrouble("log_damaged", stream=stream.stream_id.hex(), seq=run.seq)
        run.close(signature)
        yield from run.segments


def _provable(
    connection: Connection, stream: Stream, heads: dict[tuple[int, bytes], bytes]
) -> list[tuple[int, int]] | None:
    """The stretches from a known hash to a signed head, where ops are missing between others; None where none are."""
    places, newest = connection.exec_driver_sql(
        "SELECT count(DISTINCT seq), max(seq) FROM op WHERE sid = ?", (stream.sid,)
    ).one()
    if places == (newest or 0):
        return None
    known = {seq for seq, _hash in heads} | {0}
    signed = sorted(seq for (seq, _hash), signature in heads.items() if signature)
    rows = connection.exec_driver_sql("SELECT DISTINCT seq FROM op WHERE sid = ? ORDER BY seq", (stream.sid,))
    found: list[tuple[int, int]] = []
    lo = hi = 0
    for seq in [*rows.scalars(), frames.MAX_NUMBER]:
        if seq != hi + 1:
            end = max((place for place in signed if lo <= place <= hi), default=0)
            if end and lo - 1 in known:
                found.append((lo, end))
            lo = seq
        hi = seq
    return found


def _heads(connection: Connection, stream: Stream) -> dict[tuple[int, bytes], bytes]:
    """Signatures by (seq, hash); empty for a place we know only as the one before a run that starts late."""
    rows = connection.exec_driver_sql(
        "SELECT seq, hash, signature FROM signed_head WHERE stream_id = ?", (stream.stream_id,)
    )
    return {(seq, chain_hash): signature for seq, chain_hash, signature in rows}


def holds_exactly(connection: Connection, stream: Stream, entry: Segment) -> bool:
    """Whether this database has just the ops of the segment at its places: then there is nothing new in it."""
    held = connection.exec_driver_sql(
        "SELECT hash8 FROM op WHERE sid = ? AND seq BETWEEN ? AND ? ORDER BY seq", (stream.sid, entry.lo, entry.hi)
    ).all()
    return len(held) == entry.ops and path_digest([hash8 for (hash8,) in held]) == entry.path


def unpack(stream_id: Id, entry: Segment, data: bytes) -> list[IncomingOp]:
    """The ops of a segment whose digest was checked: every length and every link of the chain is checked here.

    Raises ``ExchangeTrouble``: ``segment_damaged``, ``segment_size_wrong``, ``chain_broken``, and what
    ``frames`` finds.
    """
    pairs = frames.split_frames(_decompress(entry, data))
    if len(pairs) != entry.ops:
        raise ExchangeTrouble("segment_size_wrong")
    ops: list[IncomingOp] = []
    chain_hash = entry.prev
    for seq, (header_bytes, payload) in enumerate(pairs, start=entry.lo):
        header = frames.decode_header(header_bytes)
        previous, chain_hash = chain_hash, frames.next_hash(stream_id, chain_hash, header_bytes, payload)
        if header.seq != seq:
            raise ExchangeTrouble("chain_broken", seq=seq)
        ops.append(IncomingOp(header, header_bytes, payload, chain_hash, previous))
    if chain_hash != entry.head or path_digest([op.chain_hash[: frames.HASH8] for op in ops]) != entry.path:
        raise ExchangeTrouble("chain_broken", seq=entry.hi)
    return ops


def check_digest(entry: Segment, data: bytes) -> None:
    """Raises ``ExchangeTrouble`` (``segment_damaged``) unless these are the bytes that the manifest means."""
    if len(data) != entry.z_len or blake2b(data, digest_size=HASH_BYTES).digest() != entry.digest:
        raise ExchangeTrouble("segment_damaged")


def _decompress(entry: Segment, data: bytes) -> bytes:
    try:
        # The size in the frame's own header is what the decompressor believes, whatever limit it is given.
        parameters = zstandard.get_frame_parameters(data)
        if (
            parameters.content_size != entry.raw_len
            or parameters.window_size > MAX_SEGMENT_BYTES
            or parameters.dict_id != 0
        ):
            raise ExchangeTrouble("segment_size_wrong")
        raw = zstandard.ZstdDecompressor(max_window_size=MAX_SEGMENT_BYTES).decompress(
            data, max_output_size=entry.raw_len, allow_extra_data=False
        )
    except zstandard.ZstdError as error:
        raise ExchangeTrouble("segment_damaged") from error
    if len(raw) != entry.raw_len:
        raise ExchangeTrouble("segment_size_wrong")
    return raw
