"""Who is who in a class, from statements alone: no database, every case of a claim, and any order of them."""

from __future__ import annotations

from collections.abc import Collection
from itertools import permutations
from typing import Any

import msgspec
import pytest
from nacl.signing import SigningKey
from pyrage import x25519

from blenddesk.domain.authority import Role, Writer
from blenddesk.domain.ops import OpRange
from blenddesk.domain.registry import Audience
from blenddesk.sync import standings
from blenddesk.sync.standings import Standing, Trust
from blenddesk.sync.statements import Announcement, Certificate, Retirement

CLASS = b"c" * 16
ROOT = SigningKey(b"r" * 32)
SEAT_KEY, DESK_SEAT_KEY = SigningKey(b"s" * 32), SigningKey(b"t" * 32)
SEAT, DESK_SEAT = b"1" * 16, b"2" * 16
DESK, BLUE, NOVAK = b"D" * 16, b"B" * 16, b"N" * 16
AGE = {who: str(x25519.Identity.generate().to_public()) for who in ("desk", "blue", "novak", "seat", "desk_seat", "x")}


def key(letter: str) -> bytes:
    return letter.encode() * 32


def certificate(device: bytes, name: str, role: str, signing: bytes, age: str, seat: bytes = b"") -> Certificate:
    made = Certificate(CLASS, device, name, role, signing, key("z") if role in ("owner", "teacher") else b"", age, seat)
    return made.signed_by(ROOT)


OWNER = certificate(DESK, "Ms Okoro", "owner", key("d"), AGE["desk"])
OPEN = certificate(SEAT, "Blue-3", "seat", bytes(SEAT_KEY.verify_key), AGE["seat"], SEAT)
DESK_OPEN = certificate(
    DESK_SEAT, "Mr Novak", "desk_seat", bytes(DESK_SEAT_KEY.verify_key), AGE["desk_seat"], DESK_SEAT
)
CERTIFIED = certificate(BLUE, "Blue-3", "station", key("b"), AGE["blue"], SEAT)
SEATS = [OWNER, OPEN, DESK_OPEN]


def announcement(by: SigningKey = SEAT_KEY, **changed: Any) -> Announcement:
    made = Announcement(CLASS, BLUE, "whatever", key("b"), AGE["blue"], SEAT)
    return msgspec.structs.replace(made, **changed).signed_by(by)


def desk_announcement(**changed: Any) -> Announcement:
    own = {"device": NOVAK, "signing_key": key("n"), "age_recipient": AGE["novak"], "seat": DESK_SEAT}
    return announcement(DESK_SEAT_KEY, **{**own, "sealing_key": key("y"), **changed})


def retirement(device: bytes, number: int = 1, *, retired: bool = True, rows: int = 1) -> Retirement:
    made = Retirement(CLASS, device, number, retired, (b"s" * 16,) * rows, (7,) * rows, b"hashhash" * rows)
    return made.signed_by(ROOT)


def judged(
    certificates: Collection[Certificate] = SEATS,
    announcements: Collection[Announcement] = (),
    retirements: Collection[Retirement] = (),
) -> Trust:
    return standings.judge(CLASS, certificates, announcements, retirements)


def standing_of(trust: Trust) -> dict[tuple[bytes, bytes], str]:
    return {(one.device_id, one.signing_key): one.standing.value for one in trust.devices}


def nothing_signed(_device: bytes, _keys: Collection[bytes]) -> frozenset[OpRange]:
    raise AssertionError("nobody else claims an id here")


def test_a_computer_that_opened_its_seat_and_the_desk_that_did() -> None:
    trust = judged(announcements=[announcement(), desk_announcement()])
    blue, novak = trust.devices[1:]
    assert blue == standings.KnownDevice(
        BLUE, "Blue-3", Role.STATION, key("b"), b"", AGE["blue"], SEAT, Standing.ANNOUNCED
    )
    assert novak == standings.KnownDevice(
        NOVAK, "Mr Novak", Role.TEACHER, key("n"), key("y"), AGE["novak"], DESK_SEAT, Standing.ANNOUNCED
    )
    assert (trust.open_seats, set(trust.seats)) == ((), {SEAT, DESK_SEAT})
    assert trust.claims == {DESK: {key("d")}, BLUE: {key("b")}, NOVAK: {key("n")}}
    assert trust.recipients(desks_only=False) == sorted([AGE["desk"], AGE["blue"], AGE["novak"]])
    assert trust.recipients(desks_only=True) == [AGE["desk"]], "nothing private before the teacher confirmed it"
    assert standings.writers(trust, nothing_signed) == {
        DESK: Writer(Role.OWNER),
        BLUE: Writer(Role.STATION),
        NOVAK: Writer(Role.TEACHER, pending=True),
    }


def test_a_seat_is_open_until_somebody_opens_it_and_counts_as_a_reader_so_long() -> None:
    trust = judged()
    assert trust.open_seats == (OPEN, DESK_OPEN)
    assert set(trust.recipients(desks_only=False)) == {AGE["desk"], AGE["seat"], AGE["desk_seat"]}
    assert trust.recipients(desks_only=True) == [AGE["desk"]]
    assert [one.device_id for one in trust.devices] == [DESK], "a seat is no device"
    assert judged([*SEATS, CERTIFIED]).open_seats == (DESK_OPEN,)
    assert judged(announcements=[announcement()]).open_seats == (DESK_OPEN,)


@pytest.mark.parametrize(
    "bad",
    [
        announcement(SigningKey(b"q" * 32)),
        announcement(seat=b"3" * 16),
        announcement(device=BLUE[1:]),
        announcement(signing_key=key("b")[1:]),
        announcement(age_recipient="age1nobody"),
        desk_announcement(sealing_key=b""),
        desk_announcement(sealing_key=key("y") + b"y"),
    ],
)
def test_an_announcement_that_is_not_sound_is_not_heard(bad: Announcement) -> None:
    trust = judged(announcements=[bad])
    assert [one.device_id for one in trust.devices] == [DESK]
    assert trust.open_seats == (OPEN, DESK_OPEN)
    assert set(trust.claims) == {DESK}


def test_an_announcement_twice_is_one_and_a_shared_computer_needs_no_key_to_seal_to() -> None:
    assert (
        judged(announcements=[announcement(), announcement()]).devices == judged(announcements=[announcement()]).devices
    )
    assert len(judged(announcements=[announcement(sealing_key=key("y"))]).devices) == 2


def test_the_second_computer_at_a_taken_seat_is_held() -> None:
    second = announcement(device=b"b" * 16, signing_key=key("2"), age_recipient=AGE["x"])
    trust = judged([*SEATS, CERTIFIED], [announcement(), second])
    assert standing_of(trust) == {
        (DESK, key("d")): "certified",
        (BLUE, key("b")): "certified",
        (b"b" * 16, key("2")): "held",
    }
    assert AGE["x"] not in trust.recipients(desks_only=False)
    assert standings.writers(trust, nothing_signed)[b"b" * 16] == Writer(Role.STATION)
    # Before the desk chose, both work at once: no child waits for the stick.
    both = judged(announcements=[announcement(), second])
    assert {one.standing for one in both.devices[1:]} == {Standing.ANNOUNCED}


def test_of_two_that_opened_a_desk_s_seat_neither_sees_or_writes_anything() -> None:
    other = desk_announcement(device=b"n" * 16, signing_key=key("3"), age_recipient=AGE["x"])
    for order in permutations([desk_announcement(), other]):
        trust = judged(announcements=order)
        assert {one.standing for one in trust.devices[1:]} == {Standing.HELD}
        assert trust.recipients(desks_only=False) == sorted([AGE["desk"], AGE["seat"]])
        found = standings.writers(trust, nothing_signed)
        assert found[NOVAK] == found[b"n" * 16] == Writer(Role.TEACHER, pending=True)


@pytest.mark.parametrize(
    "changed",
    [{"signing_key": key("2")}, {"age_recipient": AGE["x"]}, {"sealing_key": key("y")}],
)
def test_two_things_said_of_one_id_hold_it(changed: dict[str, Any]) -> None:
    for order in permutations([announcement(), announcement(**changed)]):
        trust = judged(announcements=order)
        assert {one.standing for one in trust.devices[1:]} == {Standing.HELD}
        writer = standings.writers(trust, nothing_signed)[BLUE]
        assert writer == Writer(Role.STATION, pending="signing_key" in changed)
    assert len(judged(announcements=[announcement(), announcement(name="x")]).devices) == 3
    assert {one.standing for one in judged(announcements=[announcement(), announcement(name="x")]).devices[1:]} == {
        Standing.ANNOUNCED
    }


def test_who_gives_himself_out_for_a_certified_computer_may_sign_but_not_write() -> None:
    forger = announcement(signing_key=key("f"), age_recipient=AGE["x"])
    trust = judged([*SEATS, CERTIFIED], [forger])
    assert standing_of(trust).keys() == {(DESK, key("d")), (BLUE, key("b"))}
    assert trust.claims[BLUE] == {key("b"), key("f")}
    assert trust.signing_keys(BLUE, Audience.CLASS) == {key("b"), key("f")}
    rows = frozenset({OpRange(b"s" * 16, 1, 4, b"hashhash")})
    asked: list[tuple[bytes, Collection[bytes]]] = []

    def signed(device: bytes, keys: Collection[bytes]) -> frozenset[OpRange]:
        asked.append((device, keys))
        return rows

    assert standings.writers(trust, signed)[BLUE] == Writer(Role.STATION, within=rows, forged=True)
    assert asked == [(BLUE, {key("b")})]


def test_two_certified_keys_of_one_device_both_count_in_its_greatest_role() -> None:
    promoted = certificate(BLUE, "Blue-3", "teacher", key("2"), AGE["x"], DESK_SEAT)
    for order in permutations([CERTIFIED, promoted]):
        trust = judged([*SEATS, *order])
        assert standings.writers(trust, nothing_signed)[BLUE] == Writer(Role.TEACHER)
    hub = certificate(BLUE, "Blue-3", "hub", key("3"), AGE["x"], b"")
    owner = certificate(NOVAK, "x", "owner", key("4"), AGE["x"], b"")
    teacher = certificate(NOVAK, "x", "teacher", key("5"), AGE["x"], b"")
    found = standings.writers(judged([hub, CERTIFIED, teacher, owner]), nothing_signed)
    assert (found[BLUE], found[NOVAK]) == (Writer(Role.STATION), Writer(Role.OWNER))


def test_who_may_sign_what_only_desks_read() -> None:
    teacher = certificate(NOVAK, "Mr Novak", "teacher", key("n"), AGE["novak"], DESK_SEAT)
    trust = judged([*SEATS, CERTIFIED, teacher], [], [])
    assert trust.signing_keys(DESK, Audience.DESK) == [key("d")]
    assert trust.signing_keys(NOVAK, Audience.DESK) == [key("n")]
    assert trust.signing_keys(BLUE, Audience.DESK) == []
    assert trust.signing_keys(b"?" * 16, Audience.CLASS) == frozenset()
    retired = judged([*SEATS, teacher], [], [retirement(NOVAK)])
    assert retired.signing_keys(NOVAK, Audience.DESK) == [key("n")], "what it wrote before still travels"
    announced = judged(announcements=[desk_announcement()])
    assert announced.signing_keys(NOVAK, Audience.DESK) == []
    assert announced.signing_keys(NOVAK, Audience.CLASS) == {key("n")}


def test_a_lost_computer_reads_and_writes_nothing_more() -> None:
    trust = judged([*SEATS, CERTIFIED], [], [retirement(BLUE)])
    assert standing_of(trust)[BLUE, key("b")] == "retired"
    (blue,) = trust.keys_of(BLUE)
    assert blue == standings.KnownDevice(
        BLUE, "Blue-3", Role.STATION, key("b"), b"", AGE["blue"], SEAT, Standing.RETIRED
    )
    assert AGE["blue"] not in trust.recipients(desks_only=False)
    accepted = frozenset({OpRange(b"s" * 16, 1, 7, b"hashhash")})
    assert standings.writers(trust, nothing_signed)[BLUE] == Writer(Role.STATION, within=accepted, retired=True)
    assert OPEN not in trust.open_seats


def test_a_lost_key_under_another_id_is_lost_too() -> None:
    """A retired computer whose disk is started as another life, with the same key and a seat's words."""
    again = announcement(device=b"b" * 16)
    trust = judged([*SEATS, CERTIFIED], [again], [retirement(BLUE)])
    assert standing_of(trust)[b"b" * 16, key("b")] == "retired"
    assert standings.writers(trust, nothing_signed)[b"b" * 16] == Writer(Role.STATION, within=frozenset(), retired=True)


def test_the_last_word_about_a_computer_holds_in_any_order() -> None:
    words = [retirement(BLUE, 1), retirement(BLUE, 2, retired=False), retirement(DESK, 9)]
    for order in permutations(words):
        trust = judged([*SEATS, CERTIFIED], [], order)
        assert trust.retirements[BLUE] == words[1]
        assert standing_of(trust)[BLUE, key("b")] == "certified"
        assert standings.writers(trust, nothing_signed)[BLUE] == Writer(Role.STATION)
    both = [retirement(BLUE, 2, retired=False), retirement(BLUE, 2, rows=2)]
    for order in permutations(both):
        word = judged([*SEATS, CERTIFIED], [], order).retirements[BLUE]
        assert (word.retired, len(word.streams)) == (True, 3)
