"""What keys say: certificates, retirements and erasures signed by a class root, announcements signed by a seat.

All name the class they are for inside what is signed, and each kind begins with words of its own, so that no signature
can be passed off as another kind, for another class or in another role.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import cast

import msgspec
from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey
from pyrage import RecipientError, x25519

from blenddesk.domain.authority import DESKS as DESKS
from blenddesk.domain.authority import Role as Role
from blenddesk.domain.evidence import BLOB_NAME_BYTES
from blenddesk.domain.ids import ID_BYTES, Id
from blenddesk.domain.ops import OpRange, OpRef
from blenddesk.domain.registry import BY_NAME, Value

KEY_BYTES = 32
SIGNATURE_BYTES = 64
HASH8 = 8
_SEALING_KEY = BY_NAME["announcement"].field("sealing_key").number


class Certificate(msgspec.Struct, array_like=True, frozen=True):
    """The class root says: these keys belong to this device, in this role. A seat's ``device`` is the seat's own id."""

    section: bytes
    device: bytes
    name: str
    role: str
    signing_key: bytes
    sealing_key: bytes
    age_recipient: str
    seat: bytes
    signature: bytes = b""

    def message(self) -> bytes:
        return b"bd-cert1" + msgspec.msgpack.encode(
            [
                self.section,
                self.device,
                self.name,
                self.role,
                self.signing_key,
                self.sealing_key,
                self.age_recipient,
                self.seat,
            ]
        )

    def signed_by(self, root: SigningKey) -> Certificate:
        return msgspec.structs.replace(self, signature=root.sign(self.message()).signature)

    def holds(self, root_key: bytes) -> bool:
        return self.role in Role._value2member_map_ and verified(root_key, self.message(), self.signature)

    def fields(self) -> dict[str, Value]:
        """The fields of its record; the class is that of the stream."""
        return {field.name: getattr(self, field.name) for field in BY_NAME["certificate"].fields}


class Announcement(msgspec.Struct, array_like=True, frozen=True):
    """A device that opened a seat says, with the seat's key: these fresh keys are mine.

    ``sealing_key`` only from another teacher's desk, which is to read what children say; empty from a shared computer.
    """

    section: bytes
    device: bytes
    name: str
    signing_key: bytes
    age_recipient: str
    seat: bytes
    signature: bytes = b""
    sealing_key: bytes = b""

    def message(self) -> bytes:
        said = [self.section, self.device, self.name, self.signing_key, self.age_recipient, self.seat]
        if not self.sealing_key:
            return b"bd-announce1" + msgspec.msgpack.encode(said)
        return b"bd-announce2" + msgspec.msgpack.encode([*said, self.sealing_key])

    def signed_by(self, seat: SigningKey) -> Announcement:
        return msgspec.structs.replace(self, signature=seat.sign(self.message()).signature)

    def holds(self, seat_key: bytes) -> bool:
        return verified(seat_key, self.message(), self.signature)

    def fields(self) -> dict[str, Value]:
        return {field.name: getattr(self, field.name) for field in BY_NAME["announcement"].fields}


class Retirement(msgspec.Struct, array_like=True, frozen=True):
    """The class root says: of this device only these ops and what lies before them in their chains counts.

    ``number`` counts the statements about the device; the greatest holds. Not ``retired``: it counts again.
    ``streams``, ``seqs`` and ``hashes`` (eight bytes each, one after the other) name the last op of each row that is
    accepted.
    """

    section: bytes
    device: bytes
    number: int
    retired: bool
    streams: tuple[bytes, ...]
    seqs: tuple[int, ...]
    hashes: bytes
    signature: bytes = b""

    def message(self) -> bytes:
        return b"bd-retire1" + msgspec.msgpack.encode(
            [self.section, self.device, self.number, self.retired, self.streams, self.seqs, self.hashes]
        )

    def signed_by(self, root: SigningKey) -> Retirement:
        return msgspec.structs.replace(self, signature=root.sign(self.message()).signature)

    def holds(self, root_key: bytes) -> bool:
        return verified(root_key, self.message(), self.signature)

    def ranges(self) -> list[OpRange]:
        """Everything that is accepted, as rows from the beginning of each stream."""
        ends = [self.hashes[at : at + HASH8] for at in range(0, len(self.hashes), HASH8)]
        return [OpRange(*parts) for parts in zip(self.streams, [1] * len(ends), self.seqs, ends, strict=False)]

    def joined(self, other: Retirement) -> Retirement:
        """Both said under one number: the stricter word, and all that either accepted. Carries no signature."""
        return Retirement(
            self.section,
            self.device,
            self.number,
            self.retired or other.retired,
            self.streams + other.streams,
            self.seqs + other.seqs,
            self.hashes + other.hashes,
        )

    def fields(self) -> dict[str, Value]:
        values = {field.name: getattr(self, field.name) for field in BY_NAME["retirement"].fields}
        return values | {"streams": list(self.streams), "seqs": list(self.seqs)}


class Erasure(msgspec.Struct, array_like=True, frozen=True):
    """The class root says: what these ops tell of a child is to be gone, wherever they are held.

    ``streams``, ``seqs`` and ``hashes`` (eight bytes each, one after the other) name the ops.
    """

    section: bytes
    student: bytes
    streams: tuple[bytes, ...]
    seqs: tuple[int, ...]
    hashes: bytes
    signature: bytes = b""

    def message(self) -> bytes:
        return b"bd-erase1" + msgspec.msgpack.encode([self.section, self.student, self.streams, self.seqs, self.hashes])

    def signed_by(self, root: SigningKey) -> Erasure:
        return msgspec.structs.replace(self, signature=root.sign(self.message()).signature)

    def holds(self, root_key: bytes) -> bool:
        return verified(root_key, self.message(), self.signature)

    def refs(self) -> list[OpRef]:
        ends = [self.hashes[at : at + HASH8] for at in range(0, len(self.hashes), HASH8)]
        return [OpRef(*parts) for parts in zip(self.streams, self.seqs, ends, strict=False)]

    def fields(self) -> dict[str, Value]:
        values = {field.name: getattr(self, field.name) for field in BY_NAME["erasure"].fields}
        return values | {"streams": list(self.streams), "seqs": list(self.seqs)}


class BlobErasure(msgspec.Struct, array_like=True, frozen=True):
    """The class root says: these blobs (32 bytes of name each, one after the other) are to be gone everywhere."""

    section: bytes
    blobs: bytes
    signature: bytes = b""

    def message(self) -> bytes:
        return b"bd-erase-blobs1" + msgspec.msgpack.encode([self.section, self.blobs])

    def signed_by(self, root: SigningKey) -> BlobErasure:
        return msgspec.structs.replace(self, signature=root.sign(self.message()).signature)

    def holds(self, root_key: bytes) -> bool:
        return verified(root_key, self.message(), self.signature)

    def names(self) -> list[bytes]:
        whole = len(self.blobs) - len(self.blobs) % BLOB_NAME_BYTES
        return [self.blobs[at : at + BLOB_NAME_BYTES] for at in range(0, whole, BLOB_NAME_BYTES)]

    def fields(self) -> dict[str, Value]:
        return {"blobs": self.blobs, "signature": self.signature}


@lru_cache(maxsize=4096)
def verified(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``key`` (Ed25519, 32 bytes) signed ``message``. The same few statements are asked about over and over."""
    if len(key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        VerifyKey(key).verify(message, signature)
    except CryptoError:
        return False
    return True


@lru_cache(maxsize=1024)
def is_recipient(text: str) -> bool:
    """Whether age can seal to it. One that it cannot would keep the desk from sealing to anybody."""
    try:
        x25519.Recipient.from_str(text)
    except RecipientError:
        return False
    return True


def certificate_from(section: Id, fields: Mapping[int, Value]) -> Certificate | None:
    """The certificate in an op's fields; None when something is missing. Its signature is not looked at."""
    values = _complete("certificate", fields)
    if values is None or len(cast(bytes, values["device"])) != ID_BYTES:
        return None
    return Certificate(section, **values)  # type: ignore[arg-type]


def announcement_from(section: Id, fields: Mapping[int, Value]) -> Announcement | None:
    values = _complete("announcement", {_SEALING_KEY: b"", **fields})
    return None if values is None else Announcement(section, **values)  # type: ignore[arg-type]


def retirement_from(section: Id, fields: Mapping[int, Value]) -> Retirement | None:
    values = _complete("retirement", fields)
    if values is None or len(cast(bytes, values["device"])) != ID_BYTES:
        return None
    lists = {name: tuple(cast("list[bytes]", values[name])) for name in ("streams", "seqs")}
    return Retirement(section, **values | lists)  # type: ignore[arg-type]


def erasure_from(section: Id, fields: Mapping[int, Value]) -> Erasure | None:
    values = _complete("erasure", fields)
    if values is None:
        return None
    lists = {name: tuple(cast("list[bytes]", values[name])) for name in ("streams", "seqs")}
    return Erasure(section, **values | lists)  # type: ignore[arg-type]


def blob_erasure_from(section: Id, fields: Mapping[int, Value]) -> BlobErasure | None:
    values = _complete("blob_erasure", fields)
    return None if values is None else BlobErasure(section, **values)  # type: ignore[arg-type]


def _complete(record: str, fields: Mapping[int, Value]) -> dict[str, Value] | None:
    values = {field.name: fields.get(field.number) for field in BY_NAME[record].fields}
    return None if any(value is None for value in values.values()) else values
