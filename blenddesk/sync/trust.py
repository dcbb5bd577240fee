"""Which devices belong to a class, in what role, with which keys: read from the log, checked up to the class root.

Statements are read from the log itself, whether or not somebody has withdrawn the change that brought them: undoing "a
computer was added" must not make its entries unreadable. Taking trust away is a statement of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from nacl.signing import SigningKey

from blenddesk.domain.authority import SEATS, STRANGER, Writer
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Draft, OpRange, put
from blenddesk.domain.ports import Randomness, new_id
from blenddesk.domain.registry import BY_NAME, Audience, Value
from blenddesk.errors import Refusal
from blenddesk.storage import frames
from blenddesk.storage.ledger import head_message
from blenddesk.sync import standings
from blenddesk.sync.keys import DeviceKeys, class_root, class_root_public, store_root
from blenddesk.sync.standings import KnownDevice as KnownDevice
from blenddesk.sync.standings import Standing as Standing
from blenddesk.sync.standings import Trust as Trust
from blenddesk.sync.statements import (
    DESKS,
    Announcement,
    Certificate,
    Retirement,
    Role,
    announcement_from,
    certificate_from,
    retirement_from,
    verified,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Statement = Certificate | Announcement | Retirement
_READ: dict[int, Callable[[Id, Mapping[int, Value]], Statement | None]] = {
    BY_NAME["certificate"].number: certificate_from,
    BY_NAME["announcement"].number: announcement_from,
    BY_NAME["retirement"].number: retirement_from,
}


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


def retirement_draft(retirement: Retirement, randomness: Randomness) -> Draft:
    return put(retirement.section, "retirement", new_id(randomness), **retirement.fields())


def load_trust(connection: Connection, section: Id) -> Trust:
    """The class's devices as the log of this computer tells them. Empty for a class we are no part of."""
    root_key = class_root_public(connection, section)
    if root_key is None:
        return Trust(section, (), (), {}, {}, {})
    statements = list(_read_statements(connection, section))
    return standings.judge(
        section,
        [s for s in statements if isinstance(s, Certificate) and s.holds(root_key)],
        [s for s in statements if isinstance(s, Announcement)],
        [s for s in statements if isinstance(s, Retirement) and s.holds(root_key)],
    )


def writers(connection: Connection, section: Id) -> dict[Id, Writer]:
    """What every device of the class may write, by its id; who is not among them may write nothing."""

    def signed(device_id: Id, keys: Collection[bytes]) -> frozenset[OpRange]:
        rows = connection.exec_driver_sql(
            "SELECT stream_id, signed_head.seq, signed_head.hash, signature FROM signed_head"
            " JOIN stream USING (stream_id) WHERE device_id = ? AND section = ?",
            (device_id, section),
        )
        return frozenset(
            OpRange(stream_id, 1, seq, chain_hash[: frames.HASH8])
            for stream_id, seq, chain_hash, signature in rows
            if any(verified(key, head_message(stream_id, seq, chain_hash), signature) for key in keys)
        )

    return standings.writers(load_trust(connection, section), signed)


def writer_here(connection: Connection, section: Id, keys: DeviceKeys) -> Writer:
    """What this very device may write, whatever else somebody signs in its name."""
    if class_root(connection, section) is not None:
        return Writer(Role.OWNER)
    for device in load_trust(connection, section).keys_of(keys.device_id):
        if device.signing_key == keys.signing_public:
            pending = device.role in DESKS and device.standing in (Standing.ANNOUNCED, Standing.HELD)
            return Writer(device.role, pending=pending, retired=device.standing is Standing.RETIRED)
    return STRANGER


def known_devices(connection: Connection, section: Id) -> tuple[KnownDevice, ...]:
    return load_trust(connection, section).devices


def desk_sealing_keys(connection: Connection, section: Id) -> list[bytes]:
    """Whom a child's words are sealed to: the X25519 key of every desk of the class, sorted."""
    return sorted(
        {
            device.sealing_key
            for device in load_trust(connection, section).devices
            if device.role in DESKS and device.standing is Standing.CERTIFIED and len(device.sealing_key) == 32
        }
    )


def confirmations(connection: Connection, section: Id, randomness: Randomness) -> list[Draft]:
    """Certificates for student computers whose announcement came home, if this desk made the class; one for each seat.

    The first to announce itself gets the seat. A second one for the same seat stays held. Another teacher's desk reads
    what is written of children: no file brings that about, only the teacher's own word (``retiring.confirm``).
    """
    root = class_root(connection, section)
    if root is None:
        return []
    drafts: list[Draft] = []
    confirmed: set[bytes] = set()
    for device in load_trust(connection, section).devices:
        if device.standing is Standing.ANNOUNCED and device.role not in DESKS and device.seat not in confirmed:
            confirmed.add(device.seat)
            drafts.append(confirmation(device, section, root, randomness))
    return drafts


def confirmation(device: KnownDevice, section: Id, root: SigningKey, randomness: Randomness, name: str = "") -> Draft:
    """The certificate of a computer that announced itself. ``name``: another one than that of its seat."""
    certificate = Certificate(
        section,
        device.device_id,
        name or device.name,
        device.role,
        device.signing_key,
        device.sealing_key,
        device.age_recipient,
        device.seat,
    )
    return certificate_draft(certificate.signed_by(root), randomness)


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
            if statement.role in SEATS:
                seats[statement.seat] = statement
            elif statement.device == keys.device_id and statement.signing_key == keys.signing_public:
                return statement, None
        elif (
            isinstance(statement, Announcement)
            and statement.device == keys.device_id
            and statement.signing_key == keys.signing_public
        ):
            ours = statement
    if ours is None or ours.seat not in seats or not ours.holds(seats[ours.seat].signing_key):
        return None
    return seats[ours.seat], ours


def vouched_role(root_key: bytes, certificate: Certificate, announcement: Announcement | None) -> Role | None:
    """The role that a voucher proves for the signing key in it (the announcement's, if there is one); or None.

    Who has only announced itself is no more than a shared computer, also at the seat of another teacher's desk.
    """
    if not certificate.holds(root_key):
        return None
    role = Role(certificate.role)
    if announcement is None:
        return None if role in SEATS else role
    sound = (
        role in SEATS
        and announcement.section == certificate.section
        and announcement.seat == certificate.seat
        and announcement.holds(certificate.signing_key)
    )
    return Role.STATION if sound else None


def _read_statements(connection: Connection, section: Id) -> Iterable[Statement]:
    rows = connection.exec_driver_sql(
        "SELECT op.record, op.frame FROM op JOIN stream ON stream.sid = op.sid"
        " WHERE stream.section = ? AND stream.audience = ? ORDER BY op.hlc, op.hash8",
        (section, int(Audience.TRUST)),
    )
    for record, frame in rows:
        statement = _statement(section, record, frame) if record in _READ else None
        if statement is not None:
            yield statement


@lru_cache(maxsize=4096)
def _statement(section: Id, record: int, frame: bytes) -> Statement | None:
    """What a frame of the log says; every package asks about the same few. Raises ``ExchangeTrouble``."""
    header_bytes, payload = frames.split_frame(frame)
    fields = frames.decode_fields(frames.decode_header(header_bytes), payload, Audience.TRUST)
    return _READ[record](section, fields)
