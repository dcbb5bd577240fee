"""The ``.bdx`` package: all this computer holds of a class for some audience, written whole and opened with care."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate
from typing import TYPE_CHECKING

from pyrage import x25519

from blenddesk import __version__
from blenddesk.domain.ids import Id
from blenddesk.domain.registry import Audience
from blenddesk.errors import ExchangeTrouble, Refusal
from blenddesk.storage.receiving import IncomingOp
from blenddesk.storage.streams import load_streams
from blenddesk.sync import envelope, manifest, segments
from blenddesk.sync.keys import DeviceKeys, age_identities, class_root_public
from blenddesk.sync.manifest import AUDIENCES, Contents, Manifest, PackageKind, Segment
from blenddesk.sync.statements import DESKS, Role
from blenddesk.sync.trust import load_trust, vouched_role, voucher

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SUFFIX = ".bdx"

Have = list[tuple[Id, int, int, bytes]]
"""What somebody held: (stream id, first, last, first eight bytes of the last hash) of each contiguous run."""

SET_ASIDE = frozenset({"file_empty", "not_a_package", "not_for_us", "seal_damaged", "class_unknown"})
"""Codes of files this device cannot open: no failure, they may be for somebody else."""


@dataclass(frozen=True, slots=True)
class Export:
    """Numbers of one export: ``number`` counts this device's, ``id`` (16 bytes) is random.

    ``written_ms`` is a label that may be wrong but never before 1970: a bad clock must not keep work from travelling.
    """

    number: int
    id: Id
    written_ms: int


@dataclass(frozen=True, slots=True)
class Written:
    """A package in memory, with what it holds."""

    section: Id
    kind: PackageKind
    data: bytes
    ops: int
    private_ops: int
    """Ops for desks only; the others travel in the class package too."""
    have: Have


@dataclass(frozen=True, slots=True)
class Package:
    """An opened package whose sender is known to belong to the class; its segments are whole but not decoded yet."""

    contents: Contents
    role: Role
    sender_name: str
    _plain: bytes
    _offsets: tuple[int, ...]

    @property
    def manifest(self) -> Manifest:
        return self.contents.manifest

    def ops_of(self, position: int) -> list[IncomingOp]:
        """The verified ops of the segment at ``position`` in the manifest. Raises ``ExchangeTrouble``."""
        entry = self.manifest.segments[position]
        start = self._offsets[position]
        return segments.unpack(self.contents.stream_ids[entry.stream], entry, self._plain[start : start + entry.z_len])


def write_package(
    connection: Connection,
    keys: DeviceKeys,
    section: Id,
    kind: PackageKind,
    export: Export,
    *,
    recipients: Sequence[str] = (),
    step: Callable[[int], None] | None = None,
) -> Written:
    """A full package of one class. ``recipients`` (age) replaces the devices of the class, for a seat's snapshot.

    ``step`` is called after every segment with its number of ops and may raise to stop. Compressed segments stay in
    memory, about 5 MB for a year of a class. Raises ``Refusal`` (``not_in_class``), ``EnvironmentTrouble``
    (``log_damaged``), ``ExchangeTrouble`` (``class_too_large``).
    """
    vouched = voucher(connection, section, keys)
    if vouched is None:
        raise Refusal("not_in_class", section=section.hex())
    certificate, announcement = vouched
    streams = [
        stream
        for stream in load_streams(connection).by_sid.values()
        if stream.scope.section == section and stream.scope.audience in AUDIENCES[kind]
    ]
    # Trust first: a reader needs to know who is who before anything else. Then by id, for no order but a fixed one.
    streams.sort(key=lambda stream: (stream.scope.audience is not Audience.TRUST, stream.stream_id))
    geneses: list[bytes] = []
    entries: list[Segment] = []
    parts: list[bytes] = []
    for stream in streams:
        packed = None
        for packed in segments.pack_stream(connection, len(geneses), stream):
            entries.append(packed.entry)
            parts.append(packed.data)
            if step is not None:
                step(packed.entry.ops)
        if packed is not None:
            geneses.append(stream.genesis)
    addressed = list(recipients) or load_trust(connection, section).recipients(desks_only=kind is PackageKind.DESK)
    listed = Manifest(
        kind,
        section,
        addressed,
        keys.device_id,
        certificate,
        announcement,
        export.number,
        export.id,
        export.written_ms,
        __version__,
        geneses,
        entries,
    )
    contents = manifest.check(listed)
    plain = b"".join([manifest.wrap(listed, keys.signing_public, keys.sign), *parts])
    private = sum(e.ops for e in entries if contents.geneses[e.stream].audience == Audience.DESK)
    return Written(section, kind, envelope.seal(plain, addressed), contents.ops, private, contents.have())


def open_package(connection: Connection, keys: DeviceKeys, data: bytes) -> Package:
    """Checks a file from outside in: size, seal, signature, sender, class, format and every length in the manifest.

    Raises ``ExchangeTrouble``; the codes in ``SET_ASIDE`` mean that the file is not for this device.
    """
    return open_sealed(data, age_identities(connection, keys), lambda section: class_root_public(connection, section))


def open_sealed(data: bytes, identities: Sequence[x25519.Identity], root_of: Callable[[Id], bytes | None]) -> Package:
    """``open_package`` for whoever has the keys at hand. ``root_of`` gives the public root of a class, or None."""
    plain = envelope.unseal(data, identities)
    listed, signer, start = manifest.unwrap(plain)
    root_key = root_of(listed.section)
    if root_key is None:
        raise ExchangeTrouble("class_unknown")
    role = vouched_role(root_key, listed.certificate, listed.announcement)
    speaker = listed.announcement if listed.announcement is not None else listed.certificate
    if role is None or (speaker.device, speaker.signing_key) != (listed.sender, signer):
        raise ExchangeTrouble("sender_unknown")
    if not {str(identity.to_public()) for identity in identities} & set(listed.recipients):
        # Sealed to us, but not by the sender: somebody passed on what was meant for others.
        raise ExchangeTrouble("not_addressed_to_us")
    contents = manifest.check(listed)
    if contents.kind is PackageKind.DESK and role not in DESKS:
        raise ExchangeTrouble("sender_may_not")
    ends = list(accumulate((entry.z_len for entry in listed.segments), initial=start))
    if ends[-1] > len(plain):
        raise ExchangeTrouble("package_malformed")
    if plain.count(b"\0", ends[-1]) != len(plain) - ends[-1]:
        raise ExchangeTrouble("padding_not_empty")
    for entry, at in zip(listed.segments, ends, strict=False):
        # Also those that we hold already and will not open: a damaged file is damaged.
        segments.check_digest(entry, plain[at : at + entry.z_len])
    return Package(contents, role, speaker.name, plain, tuple(ends[:-1]))


def content_mark(connection: Connection, section: Id, kind: PackageKind) -> bytes:
    """A digest that differs whenever a package of this kind would hold something else. Costs a few milliseconds.

    It is made of the signed heads: whatever is added to a stream, a branch of a copied computer too, brings one.
    """
    mark = blake2b(digest_size=16)
    audiences = sorted(AUDIENCES[kind])
    heads = connection.exec_driver_sql(
        "SELECT h.stream_id, h.seq, h.hash FROM signed_head AS h JOIN stream USING (stream_id)"
        f" WHERE section = ? AND audience IN ({', '.join('?' * len(audiences))}) ORDER BY h.stream_id, h.seq, h.hash",
        (section, *audiences),
    )
    for stream_id, seq, chain_hash in heads:
        mark.update(stream_id + seq.to_bytes(8, "big") + chain_hash)
    return mark.digest()


def holds_all(connection: Connection, have: Have) -> bool:
    """Whether this database has everything that somebody with ``have`` held.

    Runs are compared by the hash at their end: a branch of a copied computer ends in another one at the same place and
    is never taken for ours.
    """
    for stream_id, lo, hi, end in have:
        known = connection.exec_driver_sql(
            "SELECT 1 FROM op JOIN stream ON stream.sid = op.sid"
            " WHERE stream.stream_id = ? AND stream.have >= ? AND op.seq = ? AND op.hash8 = ?",
            (stream_id, hi, hi, end),
        )
        if known.first() is not None:
            continue
        held, reached = connection.exec_driver_sql(
            "SELECT COUNT(DISTINCT op.seq), MAX(op.seq = ? AND op.hash8 = ?) FROM op JOIN stream ON stream.sid = op.sid"
            " WHERE stream.stream_id = ? AND op.seq BETWEEN ? AND ?",
            (hi, end, stream_id, lo, hi),
        ).one()
        if held != hi - lo + 1 or not reached:
            return False
    return True
