"""A student computer is made in one trip with a file and five words, and a wrong or damaged one says what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from blenddesk.errors import BlendDeskError, ExchangeTrouble, Refusal
from blenddesk.sync import seats
from blenddesk.sync.wordlock import lock
from tests.sync.devices import WEAK, Classroom, Device, HandClock, make_classroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path, stations=0)
    yield made
    made.close()


@pytest.fixture
def blank(tmp_path: Path) -> Iterator[Device]:
    made = Device(tmp_path / "blank", "new", "station", 50, HandClock())
    yield made
    made.close()


def code_of(device: Device, data: bytes, typed: str) -> str:
    with pytest.raises(BlendDeskError) as caught:
        seats.open_seat(device.ledger, device.keys, data, typed)
    assert isinstance(caught.value, (ExchangeTrouble, Refusal))
    return caught.value.code


def test_the_real_strength_is_64_mib_and_three_passes() -> None:
    assert (seats.Strength().passes, seats.Strength().memory_bytes) == (3, 64 << 20)


def test_a_real_seat_opens_with_the_real_strength(room: Classroom, blank: Device) -> None:
    seat = seats.new_seat(room.desk.ledger, room.desk.keys, room.desk.section, "Blue-3")
    opened = blank.take_seat(seat)
    assert (opened.name, opened.section) == ("Blue-3", room.desk.section)
    assert blank.column("student", "name") == room.desk.column("student", "name")
    assert blank.digest() == room.desk.digest()


def test_it_works_at_once_and_twice_changes_nothing(room: Classroom, blank: Device) -> None:
    seat = room.desk.give_seat("Blue-3")
    assert blank.take_seat(seat).new_ops > 0
    blank.log_entry(0, "I liked it")
    before = blank.everything()
    again = blank.take_seat(seat)
    assert (again.new_ops, again.name) == (0, "Blue-3")
    assert blank.everything() == before


def test_wrong_words_foreign_and_damaged_files_are_told_apart(room: Classroom, blank: Device) -> None:
    seat = room.desk.give_seat("Blue-3")
    typed = " ".join(seat.words)
    before = blank.everything()
    assert code_of(blank, seat.data, "abandon ability able about above") == "seat_words_wrong"
    assert code_of(blank, seat.data, " ".join(reversed(seat.words))) == "seat_words_wrong"
    assert code_of(blank, seat.data, "abandon") == "words_count"
    assert code_of(blank, b"", typed) == "file_empty"
    assert code_of(blank, b"PK\x03\x04 something else", typed) == "not_a_seat"
    assert code_of(blank, b"BDSEAT2\n" + seat.data[8:], typed) == "seat_newer"
    for at in range(8, len(seat.data), max(1, len(seat.data) // 200)):
        damaged = seat.data[:at] + bytes([seat.data[at] ^ 1]) + seat.data[at + 1 :]
        assert code_of(blank, damaged, typed) == "seat_damaged"
        assert code_of(blank, seat.data[:at], typed) == "seat_damaged"
    assert blank.everything() == before
    assert blank.count("SELECT COUNT(*) FROM local WHERE name LIKE 'key/public/%'") == 0


def test_a_file_that_asks_for_all_the_memory_is_refused(room: Classroom, blank: Device) -> None:
    from hashlib import blake2b

    seat = room.desk.give_seat("Blue-3")
    body = seat.data[:12] + (1 << 40).to_bytes(8, "big") + seat.data[20:-16]
    hostile = body + blake2b(body, digest_size=16).digest()
    assert code_of(blank, hostile, " ".join(seat.words)) == "seat_malformed"


def test_one_computer_serves_classes_of_two_teachers(room: Classroom, blank: Device, tmp_path: Path) -> None:
    other = make_classroom(tmp_path / "next door", stations=0, students=2, seed=9)
    first, second = room.desk.give_seat("Blue-3"), other.desk.give_seat("Lab-1")
    blank.take_seat(first)
    blank.take_seat(second)
    for teacher in (room.desk, other.desk):
        blank.section = teacher.section
        entry = blank.log_entry(0, "hers alone")
        stick = tmp_path / f"stick {teacher.name} {teacher.section.hex()[:4]}"
        stick.mkdir()
        assert len(blank.write(stick).files) == 2
        assert sorted(result.status for result in teacher.read(stick)) == ["applied", "set_aside"]
        assert entry in teacher.ids_of("entry")
        assert len(teacher.ids_of("entry")) == 1
    other.close()


def test_the_desk_does_not_become_its_own_student_computer(room: Classroom, blank: Device) -> None:
    first, second = room.desk.give_seat("Blue-3"), room.desk.give_seat("Blue-4")
    assert code_of(room.desk, first.data, " ".join(first.words)) == "seat_own_class"
    blank.take_seat(first)
    assert code_of(blank, second.data, " ".join(second.words)) == "class_already_here"


def test_only_the_desk_that_made_the_class_adds_computers(room: Classroom, blank: Device) -> None:
    blank.take_seat(room.desk.give_seat("Blue-3"))
    with pytest.raises(Refusal) as caught:
        blank.give_seat("Blue-9")
    assert caught.value.code == "not_class_owner"
    with pytest.raises(Refusal) as caught:
        seats.new_seat(room.desk.ledger, room.desk.keys, room.desk.section, "  ", strength=WEAK)
    assert caught.value.code == "name_missing"


def test_packages_written_before_the_announcement_came_home_open_too(
    room: Classroom, blank: Device, tmp_path: Path
) -> None:
    seat = room.desk.give_seat("Blue-3")
    room.desk.rename(0, "Renamed")
    stick = tmp_path / "stick"
    stick.mkdir()
    room.desk.write(stick)
    blank.take_seat(seat)
    assert "Renamed" not in blank.column("student", "name")
    assert "applied" in {result.status for result in blank.read(stick)}
    assert "Renamed" in blank.column("student", "name")


@pytest.mark.parametrize(
    "changes",
    [
        {"signing_seed": b"short"},
        {"signing_seed": b"s" * 32},
        {"age_identity": "AGE-SECRET-KEY-NONSENSE"},
        {"root_public": b"r" * 32},
        {"root_public": b""},
        {"role": "owner"},
        {"role": "king"},
        {"name": "Boss"},
        {"seat": b"short"},
    ],
)
def test_a_file_whose_secrets_do_not_belong_together(
    room: Classroom, blank: Device, changes: dict[str, object]
) -> None:
    """Made by somebody who knows the format and chose the words."""
    seat = room.desk.give_seat("Blue-3")
    typed = " ".join(seat.words)
    secrets = seats._unlock(seat.data, seats.words.secret_from(typed))
    own = {key: value for key, value in changes.items() if key in ("role", "name", "seat")}
    forged = msgspec.structs.replace(
        secrets,
        certificate=msgspec.structs.replace(secrets.certificate, **own),
        **{key: value for key, value in changes.items() if key not in own},
    )
    data = lock(seats.KIND, msgspec.msgpack.encode(forged), seats.words.secret_from(typed), WEAK, blank.randomness)
    assert code_of(blank, data, typed) == "seat_malformed"
    assert blank.count("SELECT COUNT(*) FROM op") == 0


def test_a_file_of_anything_else_under_the_right_words(room: Classroom, blank: Device) -> None:
    seat = room.desk.give_seat("Blue-3")
    typed = " ".join(seat.words)
    for inside in (b"", b"\xc1", msgspec.msgpack.encode({"a": 1}), b"\x91" * 50_000, b"\x95\xa1\xff\xff\xff"):
        data = lock(seats.KIND, inside, seats.words.secret_from(typed), WEAK, blank.randomness)
        assert code_of(blank, data, typed) == "seat_malformed"
