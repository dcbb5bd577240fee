"""The table of named attacks: what the attacker has, what is tried, what must happen; and what most have in common.

The modules beside this one fill it. ``test_attacks.py`` plays each on the real code in an arena of its own, and again
those in ``controls`` with one check switched off: then the attack must succeed, or it would show nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec
from nacl.signing import SigningKey

from blenddesk.domain.authority import Role
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Draft, OpRange
from blenddesk.domain.registry import BY_NAME, Audience
from blenddesk.storage import frames
from blenddesk.storage.streams import decode_genesis
from blenddesk.sync import seats
from blenddesk.sync.statements import Certificate
from tests.faults.arena import Arena
from tests.sync.devices import Device


class WrongReason(Exception):
    """The attack failed, but not for the reason that the table names: no success, and no proof either."""


class Attack(NamedTuple):
    name: str
    has: str
    tried: str
    must: str
    play: Callable[[Arena], None]
    """Raises ``AssertionError`` when the attack succeeds."""


ATTACKS: list[Attack] = []
EDITED = "a student computer with an edited program and its own valid keys"
FILES = "files from a stick and the addresses of the class"
FOUND = "a lost student computer"
LATE = 7_226_582_400_000 << 16
"""The hybrid clock of the year 2199, which every program takes."""


def attack(has: str, must: str, name: str = "") -> Callable[[Callable[[Arena], None]], Callable[[Arena], None]]:
    """Puts a function into the table; its docstring says what is tried."""

    def enter(play: Callable[[Arena], None]) -> Callable[[Arena], None]:
        assert play.__doc__
        ATTACKS.append(Attack(name or play.__name__, has, play.__doc__.strip(), must, play))
        return play

    return enter


def without_effect(arena: Arena, *drafts: Draft) -> None:
    """Blue-1 forces the drafts; every op of theirs is kept, forwarded, refused, and shows nowhere."""
    before, refused = arena.shows(), arena.refused()
    arena.force(*drafts)
    result = arena.carry(arena.blue, arena.desk)
    assert result.status == "applied", result
    assert result.refused_ops >= 1, "not counted as refused"
    assert arena.refused() - refused == result.refused_ops
    assert arena.shows() == before, "it had an effect"
    arena.carry(arena.desk, arena.other)
    assert arena.refused(arena.other) == arena.refused(), "refused ops travel on, and are refused there too"
    assert arena.shows(arena.other)[0] == before[0]
    arena.goes_on()


def rejected(arena: Arena, data: bytes, *codes: str, at: Device | None = None) -> None:
    """The file is refused whole with one of the codes, and nothing at all has changed."""
    device = at or arena.desk
    before = device.everything()
    result = arena.give(device, data)
    assert result.status in ("refused", "set_aside"), f"taken in: {result}"
    if result.reason not in codes:
        raise WrongReason(result.reason)
    assert device.everything() == before
    arena.goes_on()


def range_of(arena: Arena, device: Device, audience: Audience = Audience.CLASS) -> OpRange:
    genesis = arena.genesis(device, audience)
    with arena.desk.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT op.seq, op.hash8 FROM op JOIN stream USING (sid) WHERE stream_id = ? ORDER BY op.seq DESC LIMIT 1",
            (frames.stream_id_of(genesis),),
        )
        ((seq, hash8),) = rows.all()
    return OpRange(frames.stream_id_of(genesis), 1, seq, hash8)


def entries_of(arena: Arena, device: Device) -> set[Id]:
    with device.database.read() as connection:
        return set(
            connection.exec_driver_sql(
                "SELECT entity_id FROM op JOIN stream USING (sid) WHERE record = ? AND device_id = ?",
                (BY_NAME["entry"].number, device.device_id),
            ).scalars()
        )


def certificate_of_blue(arena: Arena, role: Role, **changes: object) -> Certificate:
    blue = arena.blue
    made = Certificate(
        arena.section,
        blue.device_id,
        "Boss",
        role,
        blue.keys.signing_public,
        blue.keys.sealing_public,
        blue.keys.age_recipient,
        b"",
    )
    return msgspec.structs.replace(made, **changes)


def seat_key(arena: Arena, name: str = "Red-9") -> tuple[Certificate, SigningKey]:
    """A new seat of the class and its key, as whoever opens the file with the words has it."""
    desk = arena.desk
    desk.section = arena.section
    made = desk.give_seat(name)
    secrets = seats._unlock(made.data, seats.words.secret_from(" ".join(made.words)))
    return secrets.certificate, SigningKey(secrets.signing_seed)


def audience_of(opened: object, position: int) -> int:
    listed = opened.listed  # type: ignore[attr-defined]
    return decode_genesis(listed.streams[listed.segments[position].stream]).audience
