"""Announcements and seat files in the wrong hands, twice or changed."""

from __future__ import annotations

import msgspec
import pytest
from nacl.signing import SigningKey

from blenddesk.domain.ids import derived_id
from blenddesk.domain.ops import put
from blenddesk.errors import ExchangeTrouble, Refusal
from blenddesk.sync import seats, trust
from blenddesk.sync.statements import Announcement, Certificate
from tests.faults.arena import PLAN, Arena, op, run
from tests.faults.attacks.table import (
    EDITED,
    LATE,
    attack,
    rejected,
    seat_key,
)
from tests.sync.devices import WEAK, Device


def _announces(arena: Arena, announcement: Announcement) -> None:
    arena.force(trust.announcement_draft(announcement, arena.blue.randomness))
    assert arena.carry(arena.blue, arena.desk).status == "applied"


def _pretends(arena: Arena, victim: Device, seat: Certificate, key: SigningKey) -> None:
    """Blue-1 says with a seat that the victim's id belongs to its own key, and writes under it."""
    blue = arena.blue
    _announces(
        arena,
        Announcement(
            arena.section, victim.device_id, "x", blue.keys.signing_public, blue.keys.age_recipient, seat.seat
        ).signed_by(key),
    )
    before = arena.shows()
    opened = arena.package(blue)
    opened.add(run(arena.new_life(victim.device_id), [op("plan", PLAN, name="Mine", hlc=LATE)], blue.keys.sign))
    result = arena.give(arena.desk, opened.close(blue))
    assert arena.shows() == before, f"it had an effect: {result}"
    arena.goes_on()


@attack("a seat file and its words", "refused: the id belongs to the key that the root certified")
def announces_the_teachers_id(arena: Arena) -> None:
    """Opens a seat and gives itself out for the desk that made the class."""
    _pretends(arena, arena.desk, *seat_key(arena))


@attack("a seat file and its words", "refused: the id belongs to the key that the root certified")
def announces_the_second_teachers_id(arena: Arena) -> None:
    """Opens a seat and gives itself out for the other desk."""
    _pretends(arena, arena.other, *seat_key(arena))


@attack("a seat file and its words", "what the pretender wrote is refused, what the real one wrote counts")
def announces_another_computers_id(arena: Arena) -> None:
    """Opens a seat, gives itself out for Green, and logs work in its name, in a new stream and in Green's own."""
    seat, key = seat_key(arena)
    blue, green = arena.blue, arena.green
    _announces(
        arena,
        Announcement(
            arena.section, green.device_id, "Blue-2", blue.keys.signing_public, blue.keys.age_recipient, seat.seat
        ).signed_by(key),
    )
    green.section = arena.section
    entry = green.log_entry(0)
    student = green.student(0)
    forged = derived_id("forged")
    opened = arena.package(blue)
    opened.add(
        run(arena.new_life(green.device_id), [op("entry", forged, student=student, kind="claimed")], blue.keys.sign)
    )
    genesis = arena.genesis(green)
    opened.add(run(genesis, [op("entry", derived_id("fork"), student=student, kind="claimed")], blue.keys.sign))
    assert arena.give(arena.desk, opened.close(blue)).status == "applied", "a relay may have taken it in honestly"
    arena.carry(green, arena.desk)
    shown = arena.desk.ids_of("entry")
    assert entry in shown
    assert not {forged, derived_id("fork")} & shown
    arena.goes_on()


@attack(EDITED, "nothing changes")
def announcement_signed_by_nobody(arena: Arena) -> None:
    """An announcement for a real seat without the seat's key."""
    seat, _key = seat_key(arena)
    blue = arena.blue
    ghost = Announcement(
        arena.section, derived_id("ghost"), "Ghost", blue.keys.signing_public, blue.keys.age_recipient, seat.seat
    ).signed_by(SigningKey.generate())
    _announces(arena, ghost)
    with arena.desk.database.read() as connection:
        assert not trust.load_trust(connection, arena.section).keys_of(derived_id("ghost"))
    arena.goes_on()


@attack(EDITED, "the desk goes on sealing")
def announcement_with_a_poisoned_recipient(arena: Arena) -> None:
    """An age address that nothing can be sealed to, to keep the desk from writing any package."""
    seat, key = seat_key(arena)
    ghost = Announcement(
        arena.section, derived_id("ghost"), "Ghost", arena.blue.keys.signing_public, "age1nonsense", seat.seat
    ).signed_by(key)
    _announces(arena, ghost)
    arena.goes_on()


@attack(EDITED, "refused: signed words name the address")
def recipient_swapped_in_an_announcement(arena: Arena) -> None:
    """Green's announcement with the attacker's age address, to have Green's packages sealed to itself."""
    real = arena.announcement_of(arena.green)
    stranger = Device(arena.folder / "stranger", "x", "station", 43, arena.desk.clock)
    arena.more.append(stranger)
    _announces(arena, msgspec.structs.replace(real, age_recipient=stranger.keys.age_recipient))
    with arena.desk.database.read() as connection:
        known = trust.load_trust(connection, arena.section).recipients(desks_only=False)
    assert stranger.keys.age_recipient not in known
    arena.goes_on()


@attack("a seat file that was used, and its words", "held: gets nothing until the teacher chose")
def seat_used_twice(arena: Arena) -> None:
    """A second computer opens a seat that another holds."""
    desk = arena.desk
    desk.section = arena.section
    seat = desk.give_seat("Red-9")
    first, second = (Device(arena.folder / n, "Red-9", "station", 44 + len(n), desk.clock) for n in ("a", "bb"))
    arena.more += [first, second]
    for device in (first, second):
        device.take_seat(seat)
        arena.carry(device, desk)
    with desk.database.read() as connection:
        known = trust.load_trust(connection, arena.section)
    assert [one.standing.value for one in known.keys_of(second.device_id)] == ["held"]
    assert second.keys.age_recipient not in known.recipients(desks_only=False)
    data = arena.package(desk).close(desk)
    assert arena.give(first, data).status != "set_aside"
    assert arena.give(second, data).status == "set_aside", "and what was sealed to the seat is sealed no more"
    arena.goes_on()


@attack("a seat file of a desk, seen by two", "neither works before the teacher chose")
def desk_seat_used_twice(arena: Arena) -> None:
    """Two computers open the file for another teacher's desk before it came home."""
    desk = arena.desk
    made = seats.new_seat(desk.ledger, desk.keys, arena.section, "Mr X", for_desk=True, strength=WEAK)
    both = [Device(arena.folder / n, "Mr X", "desk", 46 + len(n), desk.clock) for n in ("a", "bb")]
    arena.more += both
    before = arena.shows()
    for device in both:
        device.found_mine()
        device.take_seat(made)
        device.write_whatever(put(arena.section, "plan", PLAN, name="Mine"))
        arena.carry(device, arena.green)
    arena.carry(arena.green, desk)
    assert arena.shows() == before
    assert arena.held() == 2
    with desk.database.read() as connection:
        known = trust.load_trust(connection, arena.section)
        for device in both:
            assert device.keys.age_recipient not in known.recipients(desks_only=True)
            assert device.keys.sealing_public not in trust.desk_sealing_keys(connection, arena.section)
    arena.goes_on()


@attack("a seat file without its words", "nothing opens")
def seat_with_wrong_words(arena: Arena) -> None:
    """Guesses words, and tries those of another seat."""
    desk = arena.desk
    desk.section = arena.section
    one, two = desk.give_seat("Red-8"), desk.give_seat("Red-9")
    thief = Device(arena.folder / "thief", "x", "station", 47, desk.clock)
    arena.more.append(thief)
    for typed in (" ".join(two.words), "abandon ability able about above", " ".join(reversed(one.words))):
        with pytest.raises(ExchangeTrouble, match="seat_words_wrong"):
            seats.open_seat(thief.ledger, thief.keys, one.data, typed)
    assert thief.count("SELECT COUNT(*) FROM op") == 0
    arena.goes_on()


@attack("a program that makes seat files", "refused: the class is known under another root")
def seat_of_a_false_class(arena: Arena) -> None:
    """A seat for the real class's id, made by an attacker's own desk, to replace the root on a student computer."""
    evil = Device(arena.folder / "evil", "Evil", "desk", 48, arena.desk.clock)
    arena.more.append(evil)
    evil.found_mine()
    evil.section = arena.section
    founding = trust.found_class(evil.keys, arena.section, "Evil", evil.randomness)
    evil.ledger.commit(
        "class_new",
        [put(arena.section, "section", arena.section, name="Evil"), *founding.drafts],
        before=founding.store,
    )
    seat = evil.give_seat("Blue-2")
    with pytest.raises(ExchangeTrouble, match="class_root_differs"):
        arena.green.take_seat(seat)
    arena.green.section = arena.section
    rejected(arena, arena.package(evil).close(evil, to=[arena.desk.keys.age_recipient]), "sender_unknown")


@attack("a seat file for a student computer", "refused")
def seat_opened_on_a_desk(arena: Arena) -> None:
    """Children's windows on a computer whose key reads everything."""
    seat = arena.abroad.give_seat("Lab-9")
    with pytest.raises(Refusal, match="seat_on_a_desk"):
        arena.desk.take_seat(seat)
    arena.goes_on()


@attack("a file for a desk", "refused")
def desk_seat_opened_on_a_student_computer(arena: Arena) -> None:
    """A teacher's keys on a computer that children use."""
    desk = arena.desk
    made = seats.new_seat(desk.ledger, desk.keys, arena.section, "Mr X", for_desk=True, strength=WEAK)
    fresh = Device(arena.folder / "fresh", "x", "station", 49, desk.clock)
    arena.more.append(fresh)
    with pytest.raises(Refusal, match="desk_seat_on_a_student_computer"):
        fresh.take_seat(made)
    arena.goes_on()


@attack("a student computer with a desk's seat file", "its ops are held")
def student_computer_announces_itself_as_a_desk(arena: Arena) -> None:
    """Announces itself at a desk's seat without the key that reads what children say."""
    desk = arena.desk
    made = seats.new_seat(desk.ledger, desk.keys, arena.section, "Mr X", for_desk=True, strength=WEAK)
    secrets = seats._unlock(made.data, seats.words.secret_from(" ".join(made.words)))
    blue = arena.blue
    said = Announcement(
        arena.section,
        derived_id("desk"),
        "Mr X",
        blue.keys.signing_public,
        blue.keys.age_recipient,
        secrets.certificate.seat,
    )
    _announces(arena, said.signed_by(SigningKey(secrets.signing_seed)))
    with desk.database.read() as connection:
        assert not trust.load_trust(connection, arena.section).keys_of(derived_id("desk"))
    arena.goes_on()
