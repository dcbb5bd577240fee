"""The ``.bdv`` volume: pictures on their way to the desks, and what a desk has and misses; written whole, read warily.

Inside the age envelope: ``MAGIC || signer (32) || length (4) || index || signature (64) || blobs || zeros``. A blob's
name is the hash of its bytes, so the index needs no digests beside the names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from pyrage import x25519

from blenddesk import __version__
from blenddesk.domain.evidence import BLOB_NAME_BYTES, MAX_BLOB_BYTES
from blenddesk.domain.ids import ID_BYTES, Id
from blenddesk.errors import ExchangeTrouble, Refusal
from blenddesk.storage.blobs import name_of
from blenddesk.sync import envelope
from blenddesk.sync.keys import DeviceKeys
from blenddesk.sync.statements import DESKS, KEY_BYTES, SIGNATURE_BYTES, Announcement, Certificate, Role, verified
from blenddesk.sync.trust import vouched_role, voucher

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SUFFIX = ".bdv"
MAGIC = b"BDV1"
"""The last letter is the major version: another one means a newer program."""
SIGNED_AS = b"bd-vol1"
MAX_VOLUME_BYTES = 32 << 20
"""Of blobs in a volume that is read; it is in memory then."""
WRITTEN_BYTES = 16 << 20
"""Of blobs in one that is written: it is there several times over while it is sealed and read back."""
MAX_INDEX_BYTES = 8 << 20
MAX_NAMES = 100_000
"""In one list of an index: thirty years of a class that takes ten pictures a day."""
MAX_NUMBER = 1 << 48
_LENGTH = slice(len(MAGIC) + KEY_BYTES, len(MAGIC) + KEY_BYTES + 4)


class Index(msgspec.Struct, array_like=True, frozen=True):
    """What a volume holds. ``number`` counts the sender's volumes within a life of its database (``epoch``).

    ``blobs``: (name, size in bytes) in the order in which they lie behind. ``held`` and ``missing``: the pictures of
    the class that the sending desk has, and knows of and has not; empty in what a student computer writes.
    """

    section: bytes
    recipients: list[str]
    sender: bytes
    certificate: Certificate
    announcement: Announcement | None
    epoch: bytes
    number: int
    app_version: str
    held: list[bytes]
    missing: list[bytes]
    blobs: list[tuple[bytes, int]]


class Label(NamedTuple):
    """Who wrote which volume."""

    epoch: Id
    number: int


class Volume(NamedTuple):
    """An opened volume whose sender belongs to the class and whose blobs are what their names say."""

    listed: Index
    role: Role
    sender_name: str
    blobs: dict[bytes, bytes]


_decode_index = msgspec.msgpack.Decoder(Index).decode


def write_volume(
    connection: Connection,
    keys: DeviceKeys,
    section: Id,
    label: Label,
    recipients: Sequence[str],
    blobs: Sequence[tuple[bytes, bytes]],
    *,
    held: Sequence[bytes] = (),
    missing: Sequence[bytes] = (),
) -> bytes:
    """A volume of ``blobs`` (name, data) in memory. Raises ``Refusal`` (``not_in_class``) and ``ExchangeTrouble``."""
    vouched = voucher(connection, section, keys)
    if vouched is None:
        raise Refusal("not_in_class", section=section.hex())
    index = Index(
        section,
        list(recipients),
        keys.device_id,
        *vouched,
        label.epoch,
        label.number,
        __version__,
        list(held),
        list(missing),
        [(name, len(data)) for name, data in blobs],
    )
    return envelope.seal(wrap(index, keys) + b"".join(data for _name, data in blobs), recipients)


def wrap(index: Index, keys: DeviceKeys) -> bytes:
    encoded = msgspec.msgpack.encode(index)
    head = MAGIC + keys.signing_public + len(encoded).to_bytes(4, "big")
    return head + encoded + keys.sign(SIGNED_AS + encoded)


def open_volume(data: bytes, identities: Sequence[x25519.Identity], root_of: Callable[[Id], bytes | None]) -> Volume:
    """Checks a file from outside in: size, seal, signature, sender, class, every number of the index, every blob.

    ``root_of`` gives the public root of a class, or None. Raises ``ExchangeTrouble`` with the codes of packages.
    """
    plain = envelope.unseal(data, identities)
    index, signer, start = _unwrap(plain)
    root_key = root_of(index.section)
    if root_key is None:
        raise ExchangeTrouble("class_unknown")
    role = vouched_role(root_key, index.certificate, index.announcement)
    speaker = index.announcement if index.announcement is not None else index.certificate
    if role is None or (speaker.device, speaker.signing_key) != (index.sender, signer):
        raise ExchangeTrouble("sender_unknown")
    if not {str(identity.to_public()) for identity in identities} & set(index.recipients):
        # Sealed to us, but not by the sender: somebody passed on what was meant for others.
        raise ExchangeTrouble("not_addressed_to_us")
    if (index.held or index.missing) and role not in DESKS:
        raise ExchangeTrouble("sender_may_not")
    _check_index(index)
    return Volume(index, role, speaker.name, _cut(index, plain, start))


def _unwrap(plain: bytes) -> tuple[Index, bytes, int]:
    if plain[:3] == MAGIC[:3] and plain[:4] != MAGIC:
        raise ExchangeTrouble("package_newer", version=plain[3:4].decode("latin-1"))
    if plain[:4] != MAGIC or len(plain) < _LENGTH.stop:
        raise ExchangeTrouble("package_malformed")
    signer = plain[len(MAGIC) : len(MAGIC) + KEY_BYTES]
    length = int.from_bytes(plain[_LENGTH], "big")
    end = _LENGTH.stop + length
    if length > MAX_INDEX_BYTES or len(plain) < end + SIGNATURE_BYTES:
        raise ExchangeTrouble("package_malformed")
    encoded = plain[_LENGTH.stop : end]
    if not verified(signer, SIGNED_AS + encoded, plain[end : end + SIGNATURE_BYTES]):
        raise ExchangeTrouble("signature_wrong")
    try:
        return _decode_index(encoded), signer, end + SIGNATURE_BYTES
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ExchangeTrouble("manifest_malformed") from error


def _check_index(index: Index) -> None:
    names = [name for name, _size in index.blobs]
    lists = (names, index.held, index.missing)
    if any(len(one) > MAX_NAMES for one in lists) or len(index.recipients) > 10_000:
        raise ExchangeTrouble("limits_exceeded")
    sound = (
        all(len(part) == ID_BYTES for part in (index.section, index.sender, index.epoch))
        and index.certificate.section == index.section
        and 0 <= index.number < MAX_NUMBER
        and all(len(name) == BLOB_NAME_BYTES for one in lists for name in one)
        and len(set(names)) == len(names)
        and all(size >= 1 for _name, size in index.blobs)
    )
    if not sound:
        raise ExchangeTrouble("manifest_malformed")
    sizes = [size for _name, size in index.blobs]
    if any(size > MAX_BLOB_BYTES for size in sizes) or sum(sizes) > MAX_VOLUME_BYTES:
        raise ExchangeTrouble("limits_exceeded")


def _cut(index: Index, plain: bytes, start: int) -> dict[bytes, bytes]:
    """The blobs by name, each looked at also when we hold it: a damaged file is damaged."""
    end = start + sum(size for _name, size in index.blobs)
    if end > len(plain):
        raise ExchangeTrouble("package_malformed")
    if plain.count(b"\0", end) != len(plain) - end:
        raise ExchangeTrouble("padding_not_empty")
    found: dict[bytes, bytes] = {}
    for name, size in index.blobs:
        data = plain[start : start + size]
        if name_of(index.section, data) != name:
            raise ExchangeTrouble("segment_damaged")
        found[name] = data
        start += size
    return found
