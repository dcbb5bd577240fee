"""Forged roles: certificates that the class root did not sign, or not for this."""

from __future__ import annotations

import msgspec
import pytest
from nacl.signing import SigningKey

from blenddesk.domain.authority import Role
from blenddesk.domain.ids import derived_id
from blenddesk.domain.ops import put
from blenddesk.errors import Refusal
from blenddesk.sync import keys, trust
from blenddesk.sync.statements import Certificate
from tests.faults.arena import PLAN, Arena
from tests.faults.attacks.table import (
    EDITED,
    attack,
    certificate_of_blue,
    without_effect,
)
from tests.sync.devices import Device


def _is_still_a_station(arena: Arena, certificate: Certificate) -> None:
    """Blue-1 writes the certificate, then a plan: both refused, and no private thing is sealed to it."""
    arena.force(trust.certificate_draft(certificate, arena.blue.randomness))
    without_effect(arena, put(arena.section, "plan", PLAN, name="Mine"))
    with arena.desk.database.read() as connection:
        known = trust.load_trust(connection, arena.section)
        assert {one.role for one in known.keys_of(arena.blue.device_id)} == {Role.STATION}
        assert arena.blue.keys.age_recipient not in known.recipients(desks_only=True)
        assert arena.blue.keys.sealing_public not in trust.desk_sealing_keys(connection, arena.section)


@attack(EDITED, "a student computer it stays")
def forged_role_signed_by_a_stranger(arena: Arena) -> None:
    """A certificate as owner, signed by a root of the attacker's own."""
    _is_still_a_station(arena, certificate_of_blue(arena, Role.OWNER).signed_by(SigningKey.generate()))


@attack(EDITED, "a student computer it stays")
def forged_role_signed_by_itself(arena: Arena) -> None:
    """A certificate as teacher, signed by the computer's own key."""
    _is_still_a_station(arena, certificate_of_blue(arena, Role.TEACHER).signed_by(arena.blue.keys.signing))


@attack(EDITED, "a student computer it stays")
def own_certificate_with_another_role(arena: Arena) -> None:
    """The real certificate with the role changed, the root's signature kept."""
    _is_still_a_station(arena, msgspec.structs.replace(arena.certificate_of(arena.blue), role=Role.OWNER))


@attack(EDITED, "a student computer it stays")
def seat_certificate_as_a_role(arena: Arena) -> None:
    """The certificate of its seat passed off as one of a desk's seat."""
    seat = next(one for one in arena.statements() if isinstance(one, Certificate) and one.role == Role.SEAT)
    _is_still_a_station(arena, msgspec.structs.replace(seat, role=Role.DESK_SEAT))


@attack(EDITED, "a student computer it stays")
def teachers_certificate_for_another_key(arena: Arena) -> None:
    """The second desk's real certificate with the attacker's keys in it."""
    real = arena.certificate_of(arena.other)
    _is_still_a_station(
        arena,
        msgspec.structs.replace(real, device=arena.blue.device_id, signing_key=arena.blue.keys.signing_public),
    )


@attack(EDITED, "a student computer it stays")
def certificate_from_another_class(arena: Arena) -> None:
    """A real owner's certificate of the other class, put into this one."""
    with arena.abroad.database.read() as connection:
        (foreign,) = [
            one
            for one in trust._read_statements(connection, arena.abroad.section)
            if isinstance(one, Certificate) and one.role == Role.OWNER
        ]
    _is_still_a_station(arena, msgspec.structs.replace(foreign, section=arena.section))


@attack(EDITED, "a student computer it stays")
def certificate_of_an_unknown_role(arena: Arena) -> None:
    """A role that no program knows."""
    _is_still_a_station(
        arena,
        msgspec.structs.replace(certificate_of_blue(arena, Role.OWNER), role="king").signed_by(arena.blue.keys.signing),
    )


@attack("another teacher's desk, not the one that made the class", "refused")
def teacher_certifies_a_computer(arena: Arena) -> None:
    """The second desk adds a computer to the class with its own signature."""
    other = arena.other
    forged = certificate_of_blue(arena, Role.TEACHER).signed_by(other.keys.signing)
    other.write_whatever(trust.certificate_draft(forged, other.randomness))
    before = arena.shows()
    assert arena.carry(other, arena.desk).status == "applied"
    assert arena.refused() == 1
    assert arena.shows() == before
    with arena.desk.database.read() as connection:
        assert {one.role for one in trust.load_trust(connection, arena.section).keys_of(arena.blue.device_id)} == {
            Role.STATION
        }
    arena.goes_on()


@attack("a hub of the school, certified to carry", "refused")
def hub_writes(arena: Arena) -> None:
    """A computer that only carries logs work."""
    root = arena.root()
    assert isinstance(root, SigningKey)
    hub = Device(arena.folder / "hub", "Hub", "station", 41, arena.desk.clock)
    arena.more.append(hub)
    hub.section = arena.section
    certificate = Certificate(
        arena.section, hub.device_id, "Hub", Role.HUB, hub.keys.signing_public, b"", hub.keys.age_recipient, b""
    ).signed_by(root)
    arena.desk.ledger.commit("seat_new", [trust.certificate_draft(certificate, arena.desk.randomness)])
    with hub.database.write() as connection:
        keys.store_root_public(connection, arena.section, bytes(root.verify_key))
    assert arena.carry(arena.desk, hub).status == "applied"
    before = arena.shows()
    with pytest.raises(Refusal):
        hub.log_entry(0)
    hub.write_whatever(put(arena.section, "entry", derived_id("hub"), student=hub.student(0), kind="claimed"))
    assert arena.carry(hub, arena.desk).refused_ops == 1
    assert arena.shows() == before
    arena.goes_on()
