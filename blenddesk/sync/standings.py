"""From statements about keys to who is who in a class: pure, and the same whatever order the statements came in.

A device's id is claimed by a certificate or, with the key of a seat, by an announcement. Every key that ever claimed it
may sign what travels under it, for a relay may have taken it in before it knew better; which of that counts is another
question (``writers``): once the class root certified a key for the id, the others count for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from blenddesk.domain.authority import DESKS, SEATS, Role, Writer
from blenddesk.domain.ids import ID_BYTES, Id
from blenddesk.domain.ops import OpRange
from blenddesk.domain.registry import Audience
from blenddesk.sync.statements import KEY_BYTES, Announcement, Certificate, Retirement, is_recipient

_RANK = (Role.HUB, Role.STATION, Role.TEACHER, Role.OWNER)


class Standing(StrEnum):
    CERTIFIED = "certified"
    ANNOUNCED = "announced"
    """Opened a seat; the desk has not read that yet, or we have not read the desk's answer."""
    HELD = "held"
    """Opened a seat that another computer holds already: which is the real one is for the teacher to say."""
    RETIRED = "retired"
    """Lost or stolen: nothing is sealed to it any more, and what it wrote since waits for the teacher."""


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device of a class. Roles: ``owner``, ``teacher``, ``station``, ``hub``. ``seat`` is empty for the owner."""

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
    seats: Mapping[bytes, Certificate]
    claims: Mapping[Id, frozenset[bytes]]
    """Every key that ever claimed a device's id with a certificate or a seat."""
    retirements: Mapping[Id, Retirement]
    """The last word about each device that was ever retired."""

    def keys_of(self, device_id: Id) -> list[KnownDevice]:
        return [device for device in self.devices if device.device_id == device_id]

    def signing_keys(self, device_id: Id, audience: int) -> Collection[bytes]:
        """The keys that may sign a stream of the device. What only desks may read, only a certified desk signs."""
        if audience != Audience.DESK:
            return self.claims.get(device_id, frozenset())
        return [
            device.signing_key
            for device in self.keys_of(device_id)
            if device.role in DESKS and device.standing in (Standing.CERTIFIED, Standing.RETIRED)
        ]

    def recipients(self, *, desks_only: bool) -> list[str]:
        """Who a package is sealed to: age recipients, sorted. A held device gets nothing until the teacher chose, a
        retired one nothing at all, and another teacher's desk nothing private before it is certified."""
        found = {
            device.age_recipient
            for device in self.devices
            if device.standing is Standing.CERTIFIED or (device.standing is Standing.ANNOUNCED and not desks_only)
            if device.role in DESKS or not desks_only
        }
        if not desks_only:
            found |= {seat.age_recipient for seat in self.open_seats}
        return sorted(found)


def judge(
    section: Id,
    certificates: Iterable[Certificate],
    announcements: Iterable[Announcement],
    retirements: Iterable[Retirement] = (),
) -> Trust:
    """Who is who. ``certificates`` and ``retirements`` must be those that the class root signed."""
    certificates = list(certificates)
    seats = {c.seat: c for c in certificates if c.role in SEATS}
    certified = [_certified(c) for c in certificates if c.role not in SEATS]
    sound = list(dict.fromkeys(a for a in announcements if _is_sound(a, seats)))
    claims: defaultdict[Id, set[bytes]] = defaultdict(set)
    openings: defaultdict[bytes, set[tuple[Id, bytes]]] = defaultdict(set)
    variants: defaultdict[Id, set[tuple[bytes, bytes, str, bytes]]] = defaultdict(set)
    for device in certified:
        claims[device.device_id].add(device.signing_key)
    for a in sound:
        claims[a.device].add(a.signing_key)
        openings[a.seat].add((a.device, a.signing_key))
        variants[a.device].add((a.seat, a.signing_key, a.age_recipient, a.sealing_key))
    taken = {device.seat for device in certified if device.seat}
    known_ids = {device.device_id for device in certified}
    announced = []
    for a in sound:
        if a.device in known_ids:
            continue  # confirmed, or somebody who gives himself out for a device that is known by another key
        role = Role.TEACHER if seats[a.seat].role == Role.DESK_SEAT else Role.STATION
        # A shared computer works at once, unless somebody says other things of the same id (to have its packages sealed
        # to himself); of two that opened a desk's seat, neither sees or writes anything yet.
        doubtful = a.seat in taken or len(variants[a.device]) > 1 or (role in DESKS and len(openings[a.seat]) > 1)
        standing = Standing.HELD if doubtful else Standing.ANNOUNCED
        announced.append(
            KnownDevice(
                a.device,
                seats[a.seat].name,
                role,
                a.signing_key,
                a.sealing_key,
                a.age_recipient,
                a.seat,
                standing,
            )
        )
    last_words = _last_words(retirements)
    retired = {device for device, word in last_words.items() if word.retired}
    lost_keys = {one.signing_key for one in (*certified, *announced) if one.device_id in retired}
    devices = tuple(
        _retired(one) if one.device_id in retired or one.signing_key in lost_keys else one
        for one in (*certified, *announced)
    )
    open_seats = tuple(seat for key, seat in seats.items() if key not in openings and key not in taken)
    return Trust(
        section,
        devices,
        open_seats,
        seats,
        {device: frozenset(keys) for device, keys in claims.items()},
        last_words,
    )


def writers(trust: Trust, heads_signed_by: Callable[[Id, Collection[bytes]], frozenset[OpRange]]) -> dict[Id, Writer]:
    """What every device of the class may write.

    ``heads_signed_by``: of all streams of a device, what the given keys have signed; asked only where somebody else
    claims the device's id.
    """
    found: dict[Id, Writer] = {}
    for device_id, claimed in trust.claims.items():
        known = trust.keys_of(device_id)
        confirmed = [one for one in known if one.standing in (Standing.CERTIFIED, Standing.RETIRED)]
        role = max((one.role for one in confirmed or known), key=_RANK.index)
        word = trust.retirements.get(device_id)
        if word is not None and word.retired:
            found[device_id] = Writer(role, within=frozenset(word.ranges()), retired=True)
        elif all(one.standing is Standing.RETIRED for one in known):
            # The key of a device that is lost under an id of another life: nothing of it was ever accepted.
            found[device_id] = Writer(role, within=frozenset(), retired=True)
        elif not confirmed:
            found[device_id] = Writer(role, pending=role in DESKS or len(claimed) > 1)
        else:
            good = {one.signing_key for one in confirmed}
            if claimed <= good:
                found[device_id] = Writer(role)
            else:
                found[device_id] = Writer(role, within=heads_signed_by(device_id, good), forged=True)
    return found


def _certified(c: Certificate) -> KnownDevice:
    return KnownDevice(
        c.device,
        c.name,
        Role(c.role),
        c.signing_key,
        c.sealing_key,
        c.age_recipient,
        c.seat,
        Standing.CERTIFIED,
    )


def _retired(device: KnownDevice) -> KnownDevice:
    return KnownDevice(
        device.device_id,
        device.name,
        device.role,
        device.signing_key,
        device.sealing_key,
        device.age_recipient,
        device.seat,
        Standing.RETIRED,
    )


def _is_sound(a: Announcement, seats: Mapping[bytes, Certificate]) -> bool:
    seat = seats.get(a.seat)
    return (
        seat is not None
        and len(a.device) == ID_BYTES
        and len(a.signing_key) == KEY_BYTES
        and (seat.role != Role.DESK_SEAT or len(a.sealing_key) == KEY_BYTES)
        and is_recipient(a.age_recipient)
        and a.holds(seat.signing_key)
    )


def _last_words(retirements: Iterable[Retirement]) -> dict[Id, Retirement]:
    """The statement with the greatest number about each device. Two of one number (the desk itself was copied) become
    one: retired if either says so, and what either accepted."""
    found: dict[Id, Retirement] = {}
    for word in sorted(retirements, key=lambda one: (one.number, one.signature)):
        other = found.get(word.device)
        found[word.device] = word if other is None or other.number < word.number else other.joined(word)
    return found
