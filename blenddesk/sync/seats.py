"""The file that makes another computer one of a class: opened once, with five words.

Most make student computers. One for another teacher's desk carries no more than theirs: what only desks may read comes
after the first desk has met it and confirmed its keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from nacl.exceptions import CryptoError
from nacl.signing import SigningKey
from pyrage import IdentityError, x25519

from blenddesk.domain.authority import SEATS
from blenddesk.domain.ids import ID_BYTES, MINE, Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.domain.ports import new_id
from blenddesk.errors import ExchangeTrouble, Refusal
from blenddesk.storage.ledger import Ledger
from blenddesk.sync import words
from blenddesk.sync.envelope import MAX_FILE_BYTES
from blenddesk.sync.importing import apply_package
from blenddesk.sync.keys import (
    DeviceKeys,
    class_root,
    class_root_public,
    read_local,
    store_root_public,
    store_seat_identity,
)
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.packages import Export, open_sealed, write_package
from blenddesk.sync.statements import Announcement, Certificate, Role
from blenddesk.sync.trust import announcement_draft, certificate_draft, voucher
from blenddesk.sync.wordlock import FileKind, Strength, lock, unlock

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SUFFIX = ".bdseat"
KIND = FileKind(
    b"BDSEAT1\n",
    ("not_a_seat", "seat_newer", "seat_damaged", "seat_malformed", "seat_words_wrong"),
    MAX_FILE_BYTES,
)


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A seat that was just made. The words are shown once and kept nowhere."""

    data: bytes
    words: tuple[str, ...]
    seat: Id
    changes: ChangeSet


@dataclass(frozen=True, slots=True)
class OpenedSeat:
    """``name`` is what the desk calls this computer. ``new_ops`` is 0 when the seat had been opened here before."""

    section: Id
    seat: Id
    name: str
    new_ops: int
    changes: ChangeSet | None


class SeatSecrets(msgspec.Struct, array_like=True, frozen=True):
    """What the words protect: the seat's keys, what vouches for it, and the class as it was."""

    certificate: Certificate
    root_public: bytes
    signing_seed: bytes
    age_identity: str
    snapshot: bytes


_decode_secrets = msgspec.msgpack.Decoder(SeatSecrets).decode


def new_seat(
    ledger: Ledger,
    keys: DeviceKeys,
    section: Id,
    name: str,
    *,
    for_desk: bool = False,
    language: str = "en",
    strength: Strength = Strength(),
) -> NewSeat:
    """A place for one more computer in the class, called ``name``: the bytes of its file and the five words.

    ``for_desk``: another teacher's, whose name it is. Writes the seat's certificate. Raises ``Refusal``
    (``not_class_owner``, ``name_missing``): nothing is written.
    """
    if not name.strip():
        raise Refusal("name_missing")
    with ledger.database.read() as connection:
        root = class_root(connection, section)
    if root is None or section == MINE:
        raise Refusal("not_class_owner", section=section.hex())
    seat = new_id(ledger.randomness)
    signing = SigningKey(ledger.randomness.token(32))
    age = x25519.Identity.generate()
    recipient = str(age.to_public())
    role = Role.DESK_SEAT if for_desk else Role.SEAT
    certificate = Certificate(
        section, seat, name.strip(), role, bytes(signing.verify_key), b"", recipient, seat
    ).signed_by(root)
    label = "desk_seat_new" if for_desk else "seat_new"
    changes = ledger.commit(label, [certificate_draft(certificate, ledger.randomness)])
    with ledger.database.read() as connection:
        export = Export(0, new_id(ledger.randomness), max(0, ledger.clock.wall_ms()))
        snapshot = write_package(connection, keys, section, PackageKind.CLASS, export, recipients=[recipient])
    secrets = SeatSecrets(certificate, bytes(root.verify_key), bytes(signing), str(age), snapshot.data)
    shown = words.draw_words(ledger.randomness, language)
    data = lock(KIND, msgspec.msgpack.encode(secrets), words.secret_from(" ".join(shown)), strength, ledger.randomness)
    return NewSeat(data, tuple(shown), seat, changes)


def is_for_desk(data: bytes, typed: str) -> bool:
    """Whether the file makes another teacher's desk and no student computer. Raises like ``open_seat``."""
    return _unlock(data, words.secret_from(typed)).certificate.role == Role.DESK_SEAT


def open_seat(ledger: Ledger, keys: DeviceKeys, data: bytes, typed: str) -> OpenedSeat:
    """Makes this computer one of the class: takes in the class as it was and announces our own fresh keys.

    One transaction. The same file again on this computer changes nothing. Raises ``Refusal`` (``words_count``,
    ``word_unknown``, ``seat_own_class`` on the desk that made it, ``class_already_here`` when this computer has another
    seat of the class, ``seat_on_a_desk``, ``desk_seat_on_a_student_computer``) and ``ExchangeTrouble``
    (``file_empty``, ``file_too_large``, ``not_a_seat``, ``seat_newer``,
    ``seat_damaged``, ``seat_words_wrong``, ``seat_malformed``, ``class_root_differs``, and those of a package).
    """
    secrets = _unlock(data, words.secret_from(typed))
    seat = secrets.certificate
    try:
        signing = SigningKey(secrets.signing_seed)
        identity = x25519.Identity.from_str(secrets.age_identity)
    except (CryptoError, ValueError, TypeError, IdentityError) as error:
        raise ExchangeTrouble("seat_malformed") from error
    sound = (
        seat.role in SEATS
        and seat.holds(secrets.root_public)
        and seat.signing_key == bytes(signing.verify_key)
        and len(seat.section) == len(seat.seat) == ID_BYTES
    )
    if not sound:
        raise ExchangeTrouble("seat_malformed")
    with ledger.database.read() as connection:
        opened_before = _opened_before(connection, keys, secrets)
        is_desk = read_local(connection, "role") == b"desk"
    # A teacher's keys never exist on a computer that children use, nor children's windows on a key that reads all.
    if is_desk and seat.role == Role.SEAT:
        raise Refusal("seat_on_a_desk")
    if not is_desk and seat.role == Role.DESK_SEAT:
        raise Refusal("desk_seat_on_a_student_computer")
    if opened_before:
        return OpenedSeat(seat.section, seat.seat, seat.name, 0, None)
    package = open_sealed(
        secrets.snapshot, [identity], lambda section: secrets.root_public if section == seat.section else None
    )
    announcement = Announcement(
        seat.section,
        keys.device_id,
        seat.name,
        keys.signing_public,
        keys.age_recipient,
        seat.seat,
        sealing_key=keys.sealing_public if is_desk else b"",
    ).signed_by(signing)

    def store(connection: Connection) -> None:
        store_root_public(connection, seat.section, secrets.root_public)
        store_seat_identity(connection, seat.seat, secrets.age_identity)

    outcome = apply_package(
        ledger,
        package,
        sha256(secrets.snapshot).digest(),
        label="seat_opened",
        before=store,
        answers=[announcement_draft(announcement, ledger.randomness)],
    )
    return OpenedSeat(seat.section, seat.seat, seat.name, outcome.new_ops, outcome.changes)


def _opened_before(connection: Connection, keys: DeviceKeys, secrets: SeatSecrets) -> bool:
    """Whether this very seat was opened here. Raises when the class is here in another way."""
    section = secrets.certificate.section
    known = class_root_public(connection, section)
    if known is None:
        return False
    if known != secrets.root_public:
        raise ExchangeTrouble("class_root_differs", section=section.hex())
    if class_root(connection, section) is not None:
        raise Refusal("seat_own_class", section=section.hex())
    vouched = voucher(connection, section, keys)
    if vouched is not None and secrets.certificate.seat != vouched[0].seat:
        raise Refusal("class_already_here", name=vouched[0].name)
    return vouched is not None


def _unlock(data: bytes, secret: bytes) -> SeatSecrets:
    try:
        return _decode_secrets(unlock(KIND, data, secret))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ExchangeTrouble("seat_malformed") from error
