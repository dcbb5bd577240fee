"""Who belongs to a class: only what goes back to the class root counts, and a seat has one computer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import msgspec
import pytest
from nacl.signing import SigningKey

from blenddesk.domain.authority import Writer
from blenddesk.domain.ops import OpRange, put
from blenddesk.domain.registry import BY_NAME
from blenddesk.errors import Refusal
from blenddesk.storage import history
from blenddesk.storage.streams import load_streams
from blenddesk.sync import retiring, seats, standings, statements, trust
from blenddesk.sync.statements import Announcement, Certificate, Retirement, Role
from tests.sync.devices import Classroom, Device, make_classroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path, stations=2)
    yield made
    made.close()


def standings_at(device: Device) -> dict[str, str]:
    with device.database.read() as connection:
        devices = trust.known_devices(connection, device.section)
    return {known.name + " " + known.device_id.hex()[:6]: known.standing for known in devices}


def test_the_desk_certifies_whoever_announces_first_and_holds_the_second(tmp_path: Path) -> None:
    room = make_classroom(tmp_path, stations=0)
    seat = room.desk.give_seat("Blue-3")
    first = Device(tmp_path / "first", "Blue-3", "station", 7, room.clock)
    second = Device(tmp_path / "second", "Blue-3", "station", 8, room.clock)
    stick = tmp_path / "stick"
    stick.mkdir()
    with room.desk.database.read() as connection:
        before = trust.load_trust(connection, room.desk.section)
    assert [open_seat.name for open_seat in before.open_seats] == ["Blue-3"]
    assert len(before.recipients(desks_only=False)) == 2, "the desk, and the seat that was not opened yet"
    for device in (first, second):
        device.take_seat(seat)
        device.log_entry(0)
        device.write(stick)
        room.desk.read(stick)
    assert standings_at(room.desk) == {
        f"Ms Okoro {room.desk.device_id.hex()[:6]}": "certified",
        f"Blue-3 {first.device_id.hex()[:6]}": "certified",
        f"Blue-3 {second.device_id.hex()[:6]}": "held",
    }
    with room.desk.database.read() as connection:
        after = trust.load_trust(connection, room.desk.section)
    assert set(after.recipients(desks_only=False)) == {room.desk.keys.age_recipient, first.keys.age_recipient}
    assert after.recipients(desks_only=True) == [room.desk.keys.age_recipient]
    assert room.desk.count("SELECT COUNT(*) FROM entry") == 2, "what was logged at the second computer is kept"
    for device in (room.desk, first, second):
        device.close()


def test_statements_that_the_root_did_not_sign_count_for_nothing(room: Classroom) -> None:
    station, section = room.stations[0], room.desk.section
    stranger = SigningKey.generate()
    forged = Certificate(
        section, station.device_id, "Boss", Role.OWNER, station.keys.signing_public, station.keys.sealing_public,
        station.keys.age_recipient, b"",
    )  # fmt: skip
    real = None
    with station.database.read() as connection:
        for statement in trust._read_statements(connection, section):
            if isinstance(statement, Certificate) and statement.role == Role.SEAT:
                real = statement
    assert real is not None
    promoted = msgspec.structs.replace(real, role=Role.OWNER, sealing_key=station.keys.sealing_public)
    elsewhere = Announcement(
        section, b"E" * 16, "Ghost", station.keys.signing_public, station.keys.age_recipient, real.seat
    ).signed_by(stranger)
    for statement in (forged.signed_by(stranger), promoted):
        station.write_whatever(trust.certificate_draft(statement, station.randomness))
    station.write_whatever(trust.announcement_draft(elsewhere, station.randomness))
    with station.database.read() as connection:
        devices = trust.known_devices(connection, section)
        assert trust.desk_sealing_keys(connection, section) == [room.desk.keys.sealing_public]
    assert {(device.name, device.role) for device in devices} == {("Ms Okoro", "owner"), ("Blue-1", "station")}


def test_taking_back_the_making_of_a_seat_does_not_shut_its_computer_out(room: Classroom, tmp_path: Path) -> None:
    """Undo refuses it; a withdrawal that says so all the same, from another program, changes nothing about trust."""
    stick = tmp_path / "stick"
    ledger = room.desk.ledger
    entry = room.stations[0].log_entry(0)
    room.lap(stick)
    for change in history.changes(room.desk.ledger):
        if change.label == "seat_new":
            with pytest.raises(Refusal, match="undo_not_possible"):
                history.undo(ledger, change.id)
            with ledger.database.read() as connection:
                drafts = history.withdrawal_drafts(
                    connection, load_streams(connection), change.ranges, ledger.randomness
                )
            ledger.commit("test", drafts)
    later = room.stations[0].log_entry(1)
    room.lap(stick)
    assert {entry, later} <= room.desk.ids_of("entry")


def test_a_class_is_founded_once(room: Classroom) -> None:
    founding = trust.found_class(room.desk.keys, room.desk.section, "again", room.desk.randomness)
    with pytest.raises(Refusal) as caught:
        room.desk.ledger.commit("class_new", founding.drafts, before=founding.store)
    assert caught.value.code == "class_exists"


def test_an_age_recipient_that_nothing_can_be_sealed_to_is_no_device(tmp_path: Path) -> None:
    room = make_classroom(tmp_path, stations=0)
    desk = room.desk
    root = SigningKey(SigningKey.generate().encode())
    seat_key = SigningKey.generate()
    with desk.database.read() as connection:
        from blenddesk.sync.keys import class_root

        root = class_root(connection, desk.section) or root
    seat = Certificate(
        desk.section, b"s" * 16, "Bad", Role.SEAT, bytes(seat_key.verify_key), b"", desk.keys.age_recipient, b"s" * 16
    ).signed_by(root)
    poison = Announcement(
        desk.section, b"p" * 16, "Bad", bytes(seat_key.verify_key), "age1nonsense", b"s" * 16
    ).signed_by(seat_key)
    desk.ledger.commit(
        "x", [trust.certificate_draft(seat, desk.randomness), trust.announcement_draft(poison, desk.randomness)]
    )
    stick = tmp_path / "stick"
    stick.mkdir()
    assert desk.write(stick).ops > 0
    desk.close()


def test_a_record_with_missing_fields_is_no_statement(room: Classroom) -> None:
    desk = room.desk
    desk.ledger.commit("x", [put(desk.section, "certificate", b"c" * 16, name="half")])
    with desk.database.read() as connection:
        assert len(trust.known_devices(connection, desk.section)) == 1


def test_half_a_statement_is_none_and_one_of_another_length_neither() -> None:
    record = BY_NAME["retirement"]
    whole = {1: b"d" * 16, 2: 1, 3: True, 4: [b"s" * 16], 5: [7], 6: b"h" * 8, 7: b"x" * 64}
    read = statements.retirement_from(b"c" * 16, whole)
    assert read is not None
    assert read.ranges() == [OpRange(b"s" * 16, 1, 7, b"h" * 8)]
    assert {record.field(name).number: value for name, value in read.fields().items()} == whole
    assert statements.retirement_from(b"c" * 16, {**whole, 1: b"short"}) is None
    for number in whole:
        assert statements.retirement_from(b"c" * 16, {**whole, number: None}) is None
    assert statements.certificate_from(b"c" * 16, {}) is None
    assert statements.erasure_from(b"c" * 16, {}) is None
    assert statements.announcement_from(b"c" * 16, {1: b"d" * 16}) is None


def test_lists_of_unequal_length_accept_what_is_whole() -> None:
    word = Retirement(b"c" * 16, b"d" * 16, 1, True, (b"s" * 16, b"t" * 16), (7,), b"h" * 8 + b"i" * 8 + b"j")
    assert word.ranges() == [OpRange(b"s" * 16, 1, 7, b"h" * 8)]


def test_an_announcement_says_which_key_reads_what_children_say() -> None:
    """What a shared computer says is signed as it always was; a desk names its key, under words of their own."""
    key = SigningKey.generate()
    plain = Announcement(b"c" * 16, b"d" * 16, "x", b"k" * 32, "age1", b"s" * 16).signed_by(key)
    desk = Announcement(b"c" * 16, b"d" * 16, "x", b"k" * 32, "age1", b"s" * 16, sealing_key=b"z" * 32).signed_by(key)
    assert plain.holds(bytes(key.verify_key))
    assert desk.holds(bytes(key.verify_key))
    assert not msgspec.structs.replace(plain, sealing_key=b"z" * 32).holds(bytes(key.verify_key))
    assert not msgspec.structs.replace(desk, sealing_key=b"y" * 32).holds(bytes(key.verify_key))
    assert not msgspec.structs.replace(desk, sealing_key=b"").holds(bytes(key.verify_key))


def test_who_is_no_part_of_a_class_is_vouched_for_by_nobody_and_writes_nothing(room: Classroom) -> None:
    station, desk = room.stations
    with station.database.read() as connection:
        assert trust.voucher(connection, b"?" * 16, station.keys) is None
        assert trust.writers(connection, b"?" * 16) == {}
        assert trust.writer_here(connection, b"?" * 16, station.keys).role is None
        # A class whose root is known, with nothing said about this computer: another computer's keys.
        assert trust.voucher(connection, station.section, desk.keys) is None
        assert trust.writer_here(connection, station.section, desk.keys).role is None


def test_the_same_device_under_another_key_is_not_this_one(room: Classroom) -> None:
    station = room.stations[0]
    with station.database.read() as connection:
        station.keys.signing = SigningKey.generate()
        assert trust.writer_here(connection, station.section, station.keys).role is None
        assert trust.voucher(connection, station.section, station.keys) is None


def test_what_the_root_did_not_sign_vouches_for_nobody(room: Classroom, tmp_path: Path) -> None:
    station = room.stations[0]
    own = station.keys
    forged = Certificate(
        station.section, own.device_id, "x", Role.OWNER, own.signing_public, b"z" * 32, own.age_recipient, b""
    ).signed_by(SigningKey.generate())
    station.write_whatever(trust.certificate_draft(forged, station.randomness))
    with station.database.read() as connection:
        vouched = trust.voucher(connection, station.section, own)
    assert vouched is not None
    certificate, announcement = vouched
    assert (certificate.role, certificate.name) == (Role.SEAT, station.name)
    assert announcement is not None
    assert (announcement.device, announcement.seat) == (own.device_id, certificate.seat)
    for lap in ("out with the word, home", "with the desk's answer"):
        room.lap(tmp_path / lap)
    with station.database.read() as connection:
        vouched = trust.voucher(connection, station.section, own)
        assert vouched is not None
        assert (vouched[0].role, vouched[0].device, vouched[1]) == (Role.STATION, own.device_id, None)
        assert trust.writer_here(connection, station.section, own) == Writer(Role.STATION)


def test_a_voucher_proves_no_more_than_was_signed(room: Classroom) -> None:
    desk = room.desk
    with desk.database.read() as connection:
        from blenddesk.sync.keys import class_root

        root = class_root(connection, desk.section)
    assert root is not None
    seat_key = SigningKey.generate()
    public = bytes(root.verify_key)
    seat = Certificate(desk.section, b"s" * 16, "x", Role.DESK_SEAT, bytes(seat_key.verify_key), b"", "age1", b"s" * 16)
    seat = seat.signed_by(root)
    said = Announcement(desk.section, b"d" * 16, "x", b"k" * 32, "age1", b"s" * 16, sealing_key=b"z" * 32)
    assert trust.vouched_role(public, seat, None) is None
    assert trust.vouched_role(public, seat, said.signed_by(seat_key)) is Role.STATION
    assert trust.vouched_role(public, seat, said.signed_by(root)) is None
    assert trust.vouched_role(public, msgspec.structs.replace(seat, name="y"), said.signed_by(seat_key)) is None
    elsewhere = msgspec.structs.replace(said, section=b"?" * 16)
    assert trust.vouched_role(public, seat, elsewhere.signed_by(seat_key)) is None
    assert trust.vouched_role(public, seat, msgspec.structs.replace(said, seat=b"t" * 16).signed_by(seat_key)) is None
    teacher = msgspec.structs.replace(seat, role=Role.TEACHER).signed_by(root)
    assert trust.vouched_role(public, teacher, said.signed_by(seat_key)) is None
    assert trust.vouched_role(public, teacher, None) is Role.TEACHER


def test_the_strictest_word_of_two_with_one_number_holds() -> None:
    """The desk itself was copied, and both copies spoke."""
    root = SigningKey.generate()
    part = (b"s" * 16,), (7,), b"h" * 8
    retired = Retirement(b"c" * 16, b"d" * 16, 2, True, *part).signed_by(root)
    freed = Retirement(b"c" * 16, b"d" * 16, 2, False, (), (), b"").signed_by(root)
    old = Retirement(b"c" * 16, b"d" * 16, 1, True, (b"o" * 16,), (1,), b"o" * 8).signed_by(root)
    for order in permutations([retired, freed, old]):
        known = standings.judge(b"c" * 16, [], [], order)
        word = known.retirements[b"d" * 16]
        assert (word.number, word.retired, word.ranges()) == (2, True, [OpRange(b"s" * 16, 1, 7, b"h" * 8)])


def test_other_things_said_of_one_computer_hold_it_until_the_teacher_knows(room: Classroom, tmp_path: Path) -> None:
    """Somebody with the words of a seat says that the first one's packages are to be sealed to himself."""
    desk = room.desk
    seat = desk.give_seat("Red-1")
    first = Device(tmp_path / "first", "Red-1", "station", 21, room.clock)
    first.take_seat(seat)
    secrets = seats._unlock(seat.data, seats.words.secret_from(" ".join(seat.words)))
    thief = Device(tmp_path / "thief", "x", "station", 22, room.clock)
    lie = Announcement(
        desk.section,
        first.device_id,
        "x",
        first.keys.signing_public,
        thief.keys.age_recipient,
        secrets.certificate.seat,
    ).signed_by(SigningKey(secrets.signing_seed))
    first.write_whatever(trust.announcement_draft(lie, first.randomness))
    stick = tmp_path / "stick"
    stick.mkdir()
    first.write(stick)
    desk.read(stick)
    assert {name: standing for name, standing in standings_of(desk) if "Red" in name} == {"Red-1": "held"}
    with desk.database.read() as connection:
        assert thief.keys.age_recipient not in trust.load_trust(connection, desk.section).recipients(desks_only=False)
    with pytest.raises(Refusal, match="computer_doubtful"):
        retiring.confirm(desk.ledger, first.device_id)
    retiring.retire(desk.ledger, first.device_id)
    first.close()
    thief.close()


def standings_of(device: Device) -> list[tuple[str, str]]:
    with device.database.read() as connection:
        return [(one.name, one.standing.value) for one in trust.known_devices(connection, device.section)]
