"""Who belongs to a class: only what goes back to the class root counts, and a seat has one computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from nacl.signing import SigningKey

from blenddesk.domain.ops import put
from blenddesk.errors import Refusal
from blenddesk.storage import history
from blenddesk.storage.streams import load_streams
from blenddesk.sync import trust
from blenddesk.sync.statements import Announcement, Certificate, Role
from tests.sync.devices import Classroom, Device, make_classroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path, stations=2)
    yield made
    made.close()


def standings(device: Device) -> dict[str, str]:
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
    assert standings(room.desk) == {
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
