"""The list of contents of a package, signed by its sender, and everything that can be checked before its contents.

Inside the age envelope: ``MAGIC || signer (32) || length (4) || manifest || signature (64) || segments || zeros``.
The signature is checked before the manifest is decoded; that the signer belongs to the class, right after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import msgspec

from blenddesk.domain.ids import ID_BYTES, Id
from blenddesk.domain.registry import Audience
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import frames
from blenddesk.storage.ledger import head_message
from blenddesk.storage.streams import Genesis, decode_genesis
from blenddesk.sync.statements import KEY_BYTES, SIGNATURE_BYTES, Announcement, Certificate, verified

MAGIC = b"BDX1"
"""The last letter is the major version: another one means a newer program."""
SIGNED_AS = b"bd-man1"

MAX_MANIFEST_BYTES = 1 << 20
MAX_SEGMENT_BYTES = 1 << 20
MAX_OPS = 2_000_000
MAX_RAW_BYTES = 512 << 20
MAX_SEQ = 1 << 48
PATH_BYTES = 16
HASH_BYTES = 32


class PackageKind(IntEnum):
    CLASS = 1
    DESK = 2


AUDIENCES = {
    PackageKind.CLASS: frozenset({Audience.TRUST, Audience.CLASS, Audience.DROP}),
    PackageKind.DESK: frozenset({Audience.TRUST, Audience.DESK}),
}


class Segment(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Consecutive ops ``lo`` to ``hi`` of one stream, compressed.

    ``prev`` and ``head`` are the chain hashes before and after; ``signature`` vouches for ``head`` where a contiguous
    run ends, and is empty where the next segment goes on. ``digest`` is BLAKE2b-256 of the compressed bytes, ``path``
    BLAKE2b-128 of the eight-byte hashes of the ops: a reader that holds exactly these ops need not look inside.
    """

    stream: int
    lo: int
    hi: int
    prev: bytes
    head: bytes
    signature: bytes
    raw_len: int
    z_len: int
    digest: bytes
    path: bytes

    @property
    def ops(self) -> int:
        return self.hi - self.lo + 1


class Manifest(msgspec.Struct, array_like=True, frozen=True):
    """``streams`` holds the genesis of each stream; trust streams first, so that they can be read first.

    ``export_no`` counts this device's exports; ``written_ms`` is the sender's wall clock: a label.
    """

    kind: int
    section: bytes
    recipients: list[str]
    sender: bytes
    certificate: Certificate
    announcement: Announcement | None
    export_no: int
    export_id: bytes
    written_ms: int
    app_version: str
    streams: list[bytes]
    segments: list[Segment]


@dataclass(frozen=True, slots=True)
class Run:
    """A contiguous part of a stream, as its writer signed it: one signature at its end."""

    genesis: Genesis
    stream_id: Id
    lo: int
    hi: int
    head: bytes
    signature: bytes

    def signed_by(self, key: bytes) -> bool:
        return verified(key, head_message(self.stream_id, self.hi, self.head), self.signature)


@dataclass(frozen=True, slots=True)
class Contents:
    """A checked manifest: its streams decoded, its runs put together."""

    manifest: Manifest
    kind: PackageKind
    geneses: tuple[Genesis, ...]
    stream_ids: tuple[Id, ...]
    runs: tuple[Run, ...]

    @property
    def ops(self) -> int:
        return sum(segment.ops for segment in self.manifest.segments)

    def have(self) -> list[tuple[Id, int, int, bytes]]:
        """What the sender held: (stream id, first, last, first eight bytes of the last hash) of each run, sorted."""
        return sorted((run.stream_id, run.lo, run.hi, run.head[: frames.HASH8]) for run in self.runs)


_decode_manifest = msgspec.msgpack.Decoder(Manifest).decode
_LENGTH = slice(len(MAGIC) + KEY_BYTES, len(MAGIC) + KEY_BYTES + 4)


def wrap(manifest: Manifest, signer: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """The first part of a package. ``signer`` is the public key that goes with ``sign``."""
    encoded = msgspec.msgpack.encode(manifest)
    if len(encoded) > MAX_MANIFEST_BYTES:
        raise ExchangeTrouble("class_too_large", bytes=len(encoded))
    return MAGIC + signer + len(encoded).to_bytes(4, "big") + encoded + sign(SIGNED_AS + encoded)


def unwrap(plain: bytes) -> tuple[Manifest, bytes, int]:
    """(manifest, signer, where the segments begin). Nothing is decoded that ``signer`` has not signed.

    Raises ``ExchangeTrouble``: ``package_newer``, ``package_malformed``, ``signature_wrong``, ``manifest_malformed``.
    """
    if plain[:3] == MAGIC[:3] and plain[:4] != MAGIC:
        raise ExchangeTrouble("package_newer", version=plain[3:4].decode("latin-1"))
    if plain[:4] != MAGIC or len(plain) < _LENGTH.stop:
        raise ExchangeTrouble("package_malformed")
    signer = plain[len(MAGIC) : len(MAGIC) + KEY_BYTES]
    length = int.from_bytes(plain[_LENGTH], "big")
    end = _LENGTH.stop + length
    if length > MAX_MANIFEST_BYTES or len(plain) < end + SIGNATURE_BYTES:
        raise ExchangeTrouble("package_malformed")
    encoded = plain[_LENGTH.stop : end]
    if not verified(signer, SIGNED_AS + encoded, plain[end : end + SIGNATURE_BYTES]):
        raise ExchangeTrouble("signature_wrong")
    try:
        return _decode_manifest(encoded), signer, end + SIGNATURE_BYTES
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ExchangeTrouble("manifest_malformed") from error


def check(manifest: Manifest) -> Contents:
    """Everything about the manifest that needs neither our database nor the segments. Raises ``ExchangeTrouble``.

    Codes: ``manifest_malformed``, ``genesis_malformed``, ``limits_exceeded``, ``scope_wrong`` (a stream of another
    class or of an audience that has no place in this kind of package).
    """
    ids = (manifest.section, manifest.sender, manifest.export_id)
    if (
        manifest.kind not in PackageKind._value2member_map_
        or any(len(part) != ID_BYTES for part in ids)
        or not 0 <= manifest.export_no < MAX_SEQ
        or not 0 <= manifest.written_ms < MAX_SEQ
        or manifest.certificate.section != manifest.section
        or len(manifest.recipients) > 10_000
    ):
        raise ExchangeTrouble("manifest_malformed")
    kind = PackageKind(manifest.kind)
    geneses = tuple(map(decode_genesis, manifest.streams))
    stream_ids = tuple(map(frames.stream_id_of, manifest.streams))
    if len(set(stream_ids)) != len(stream_ids):
        raise ExchangeTrouble("manifest_malformed")
    for genesis in geneses:
        if genesis.section != manifest.section or genesis.audience not in AUDIENCES[kind]:
            raise ExchangeTrouble("scope_wrong")
    _check_segments(manifest, geneses)
    return Contents(manifest, kind, geneses, stream_ids, tuple(_runs(manifest, geneses, stream_ids)))


def _check_segments(manifest: Manifest, geneses: tuple[Genesis, ...]) -> None:
    ops = raw = 0
    trust_is_over = False
    for segment in manifest.segments:
        sound = (
            0 <= segment.stream < len(geneses)
            and 1 <= segment.lo <= segment.hi < MAX_SEQ
            and len(segment.prev) == len(segment.head) == len(segment.digest) == HASH_BYTES
            and len(segment.path) == PATH_BYTES
            and len(segment.signature) in (0, SIGNATURE_BYTES)
            and segment.raw_len >= 1
            and segment.z_len >= 1
        )
        if not sound:
            raise ExchangeTrouble("manifest_malformed")
        if segment.raw_len > MAX_SEGMENT_BYTES or segment.z_len > MAX_SEGMENT_BYTES + 4_096:
            raise ExchangeTrouble("limits_exceeded")
        is_trust = geneses[segment.stream].audience == Audience.TRUST
        if is_trust and trust_is_over:
            raise ExchangeTrouble("manifest_malformed")
        trust_is_over |= not is_trust
        ops += segment.ops
        raw += segment.raw_len
        # Asked after every segment, so that a lying number cannot make us count for long.
        if ops > MAX_OPS or raw > MAX_RAW_BYTES:
            raise ExchangeTrouble("limits_exceeded")


def _runs(manifest: Manifest, geneses: tuple[Genesis, ...], stream_ids: tuple[Id, ...]) -> list[Run]:
    """Segments put together into runs, each of which must end in a signature. Raises ``ExchangeTrouble``."""
    runs: list[Run] = []
    before: Segment | None = None
    lo = 0
    for segment in manifest.segments:
        if before is None:
            lo = segment.lo
        elif (segment.stream, segment.lo, segment.prev) != (before.stream, before.hi + 1, before.head):
            raise ExchangeTrouble("manifest_malformed")
        if not segment.signature:
            before = segment
            continue
        at = segment.stream
        runs.append(Run(geneses[at], stream_ids[at], lo, segment.hi, segment.head, segment.signature))
        before = None
    if before is not None:
        raise ExchangeTrouble("manifest_malformed")
    return runs
