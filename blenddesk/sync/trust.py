"""Which devices belong to a class, in what role, with which keys: read from the log, checked up to the class root.

Statements are read from the log itself, whether or not somebody has withdrawn the change that brought them: undoing "a
computer was added" must not make its entries unreadable. Taking trust away is a statement of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from nacl.signing import SigningKey

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Draft, put
from blenddesk.domain.ports import Randomness, new_id
from blenddesk.domain.registry import BY_NAME, Audience
from blenddesk.errors import Refusal
from blenddesk.storage import frames
from blenddesk.sync.keys import DeviceKeys, class_root, class_root_public, store_root
from blenddesk.sync.statements import (
    DESKS,
    Announcement,
    Certificate,
    Role,
    announcement_from,
    certificate_from,
    is_recipient,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_STATEMENTS = (BY_NAME["certificate"].number, BY_NAME["announcement"].number)


class Standing(StrEnum):
    CERTIFIED = "certified"
    ANNOUNCED = "announced"
    """Opened a seat; the desk has not read that yet, or we have not read the desk's answer."""
    HELD = "held"
    """Opened a seat that another computer holds already: which is the real one is for the teacher to say."""


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device of a class. Roles: ``owner``, ``teacher``, ``station``. ``seat`` is empty for the class's owner."""

    device_id: Id
    name: str
    role: Role
    signing_key: bytes
    sealing_key: bytes
    age_recipient: str
    seat: bytes
    standing: Standing


@dataclass(frozen=True, slots=True)
class Trust:
    """All valid statements of one class, oldest first."""

    section: Id
    devices: tuple[KnownDevice, ...]
    """Every device once for each key it ever had; certified ones first."""
    open_seats: tuple[Certificate, ...]
    """Seats that no computer has opened as far as we know."""
    seats: dict[bytes, Certificate]

    def keys_of(self, device_id: Id) -> list[KnownDevice]:
        return [device for device in self.devices if device.device_id == device_id]

    def recipients(self, *, desks_only: bool) -> list[str]:
        """Who a package is sealed to: age recipients, sorted. A held device gets nothing until the teacher chose."""
        found = {
            device.age_recipient
            for device in self.devices
            if device.standing is not Standing.HELD and (device.role in DESKS or not desks_only)
        }
        if not desks_only:
            found |= {seat.age_recipient for seat in self.open_seats}
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Founding:
    """What makes a class: drafts for the same commit, and the root key, stored by its ``before``."""

    drafts: tuple[Draft, ...]
    store: Callable[[Connection], None]


def found_class(keys: DeviceKeys, section: Id, device_name: str, randomness: Randomness) -> Founding:
    """The root of a new class and this desk's own certificate as its owner.

    To be written with the class: ``ledger.commit(label, [*drafts, *founding.drafts], before=founding.store)``. The desk
    also founds ``MINE`` once, so that what belongs to no class travels the same way.
    """
    root = SigningKey(randomness.token(32))
    certificate = Certificate(
        section,
        keys.device_id,
        device_name,
        Role.OWNER,
        keys.signing_public,
        keys.sealing_public,
        keys.age_recipient,
        b"",
    ).signed_by(root)

    def store(connection: Connection) -> None:
        if class_root_public(connection, section) is not None:
            raise Refusal("class_exists", section=section.hex())
        store_root(connection, section, root)

    return Founding((certificate_draft(certificate, randomness),), store)


def certificate_draft(certificate: Certificate, randomness: Randomness) -> Draft:
    return put(certificate.section, "certificate", new_id(randomness), **certificate.fields())


def announcement_draft(announcement: Announcement, randomness: Randomness) -> Draft:
    return put(announcement.section, "announcement", new_id(randomness), **announcement.fields())


def load_trust(connection: Connection, section: Id) -> Trust:
    """The class's devices as the log of this computer tells them. Empty for a class we are no part of."""
    root_key = class_root_public(connection, section)
    if root_key is None:
        return Trust(section, (), (), {})
    statements = list(_read_statements(connection, section))
    certificates = [s for s in statements if isinstance(s, Certificate) and s.holds(root_key)]
    announcements = [s for s in statements if isinstance(s, Announcement)]
    return _judge(section, certificates, announcements)


def known_devices(connection: Connection, section: Id) -> tuple[KnownDevice, ...]:
    return load_trust(connection, section).devices


def desk_sealing_keys(connection: Connection, section: Id) -> list[bytes]:
    """Whom a child's words are sealed to: the X25519 key of every desk of the class, sorted."""
    devices = load_trust(connection, section).devices
    return sorted({device.sealing_key for device in devices if device.role in DESKS and len(device.sealing_key) == 32})


def confirmations(connection: Connection, section: Id, randomness: Randomness) -> list[Draft]:
    """Certificates for computers whose announcement has come home, if this desk made the class; one for each seat.

    The first to announce itself gets the seat. A second one for the same seat stays held.
    """
    root = class_root(connection, section)
    if root is None:
        return []
    drafts: list[Draft] = []
    confirmed: set[bytes] = set()
    for device in load_trust(connection, section).devices:
        if device.standing is Standing.ANNOUNCED and device.seat not in confirmed:
            confirmed.add(device.seat)
            certificate = Certificate(
                section,
                device.device_id,
                device.name,
                Role.STATION,
                device.signing_key,
                b"",
                device.age_recipient,
                device.seat,
            )
            drafts.append(certificate_draft(certificate.signed_by(root), randomness))
    return drafts


def voucher(connection: Connection, section: Id, keys: DeviceKeys) -> tuple[Certificate, Announcement | None] | None:
    """What shows that our signing key belongs to the class: our certificate, or our seat's with our announcement."""
    root_key = class_root_public(connection, section)
    if root_key is None:
        return None
    seats: dict[bytes, Certificate] = {}
    ours: Announcement | None = None
    for statement in _read_statements(connection, section):
        if isinstance(statement, Certificate):
            if not statement.holds(root_key):
                continue
            if statement.role == Role.SEAT:
                seats[statement.seat] = statement
            elif statement.device == keys.device_id and statement.signing_key == keys.signing_public:
                return statement, None
        elif statement.device == keys.device_id and statement.signing_key == keys.signing_public:
            ours = statement
    if ours is None or ours.seat not in seats or not ours.holds(seats[ours.seat].signing_key):
        return None
    return seats[ours.seat], ours


def vouched_role(root_key: bytes, certificate: Certificate, announcement: Announcement | None) -> Role | None:
    """The role that a voucher proves for the signing key in it (the announcement's, if there is one); or None."""
    if not certificate.holds(root_key):
        return None
    role = Role(certificate.role)
    if announcement is None:
        return None if role is Role.SEAT else role
    sound = (
        role is Role.SEAT
        and announcement.section == certificate.section
        and announcement.seat == certificate.seat
        and announcement.holds(certificate.signing_key)
    )
    return Role.STATION if sound else None


def _read_statements(connection: Connection, section: Id) -> Iterable[Certificate | Announcement]:
    rows = connection.exec_driver_sql(
        "SELECT op.record, op.frame FROM op JOIN stream ON stream.sid = op.sid"
        " WHERE stream.section = ? AND stream.audience = ? ORDER BY op.hlc, op.hash8",
        (section, int(Audience.TRUST)),
    )
    for record, frame in rows:
        statement = _statement(section, record, frame) if record in _STATEMENTS else None
        if statement is not None:
            yield statement


@lru_cache(maxsize=4096)
def _statement(section: Id, record: int, frame: bytes) -> Certificate | Announcement | None:
    """What a frame of the log says; every package asks about the same few. Raises ``ExchangeTrouble``."""
    header_bytes, payload = frames.split_frame(frame)
    fields = frames.decode_fields(frames.decode_header(header_bytes), payload, Audience.TRUST)
    return certificate_from(section, fields) if record == _STATEMENTS[0] else announcement_from(section, fields)


def _judge(section: Id, certificates: list[Certificate], announcements: list[Announcement]) -> Trust:
    seats = {c.seat: c for c in certificates if c.role == Role.SEAT}
    devices = [
        KnownDevice(
            c.device,
            c.name,
            Role(c.role),
            c.signing_key,
            c.sealing_key,
            c.age_recipient,
            c.seat,
            Standing.CERTIFIED,
        )
        for c in certificates
        if c.role != Role.SEAT
    ]
    confirmed = {(device.device_id, device.signing_key) for device in devices}
    taken = {device.seat for device in devices if device.seat}
    announced: set[bytes] = set()
    for a in announcements:
        seat = seats.get(a.seat)
        if seat is None or not a.holds(seat.signing_key) or not is_recipient(a.age_recipient):
            continue
        announced.add(a.seat)
        if (a.device, a.signing_key) not in confirmed:
            standing = Standing.HELD if a.seat in taken else Standing.ANNOUNCED
            devices.append(
                KnownDevice(a.device, a.name, Role.STATION, a.signing_key, b"", a.age_recipient, a.seat, standing)
            )
    open_seats = tuple(seat for key, seat in seats.items() if key not in announced | taken)
    return Trust(section, tuple(devices), open_seats, seats)
