"""Packed frames come out as they went in, hold nothing that was erased, and are noticed and healed when damaged."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from blenddesk.domain.entries import By, EntryKind
from blenddesk.domain.ops import Kind
from blenddesk.domain.registry import BY_NAME, Value
from blenddesk.errors import EnvironmentTrouble
from blenddesk.storage import digest, frames, packed_frames, salvage, snapshots
from blenddesk.storage.database import SCHEMA_VERSION, Database
from blenddesk.storage.ledger import head_message
from blenddesk.storage.packed_frames import FEWEST, MARK, MOST_BYTES, Unpacking, dictionary, number_of, pack
from blenddesk.storage.transaction import OpRow
from tests.sync.devices import Classroom, Device, make_classroom
from tests.sync.test_erasing import erase, readable

ENTRY, REFLECTION = BY_NAME["entry"].number, BY_NAME["reflection"].number
DRAW = random.Random(7)
STUDENTS = [DRAW.randbytes(16) for _number in range(5)]


def frame_of(fields: dict[int, Value], seq: int = 1, actor: bytes = b"", record: int = ENTRY) -> bytes:
    header = frames.Header(
        frames.FRAME_VERSION,
        seq,
        117663001451434775 + seq,
        0,
        60,
        actor,
        True,
        record,
        DRAW.randbytes(16),
        Kind.PUT,
        1,
        [],
    )
    return frames.encode_frame(frames.encode_header(header), frames.encode_payload(fields))


def entry(seq: int, day: str = "2026-06-22") -> bytes:
    student = STUDENTS[seq % 5]
    return frame_of({1: student, 2: "claimed", 6: day, 7: 1788944557868 + seq, 9: "student"}, seq, student)


def rows_of(written: list[bytes], record: int = ENTRY) -> list[OpRow]:
    return [
        OpRow(1, seq, seq.to_bytes(8, "big"), bytes(8), seq, record, bytes(16), 0, frame)
        for seq, frame in enumerate(written, 1)
    ]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty file: what packs makes the table that it needs."""
    made = Database(tmp_path_factory.mktemp("packed") / "x.db", bytes(32))
    yield made
    made.close()


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    """What a student computer wrote in a long while has come to the desk in one file."""
    made = make_classroom(tmp_path, stations=2)
    made.lap(tmp_path / "stick")
    for number in range(FEWEST + 6):
        made.stations[0].log_entry(number % 3, f"Remark{number}.")
    made.stations[0].write(tmp_path / "stick")
    made.desk.read(tmp_path / "stick")
    yield made
    made.close()


def packed(device: Device) -> int:
    return device.count(f"SELECT count(*) FROM op WHERE substr(frame, 1, 1) = x'{MARK.hex()}'")


def change(device: Device, sql: str) -> None:
    with device.database.write() as connection:
        connection.exec_driver_sql(sql)


def logged(device: Device) -> list[tuple[bytes, int, bytes]]:
    """Every op as its writer made it."""
    with device.database.read() as connection:
        read = Unpacking(connection)
        rows = connection.exec_driver_sql("SELECT stream_id, op.seq, frame FROM op JOIN stream USING (sid)")
        return sorted((stream_id, seq, read.frame(frame)) for stream_id, seq, frame in rows)


def findings(device: Device) -> set[str]:
    with device.database.read() as connection:
        return {finding.code for finding in digest.verify(connection)}


# --- there and back -----------------------------------------------------------------------------------------------


def test_entries_become_much_shorter_and_come_out_as_they_went_in(connection: Connection) -> None:
    rows = rows_of([entry(seq) for seq in range(1, 301)])
    small = pack(connection, rows)
    read = Unpacking(connection)
    assert [row._replace(frame=read.frame(row.frame)) for row in small] == rows
    assert all(row.frame[:1] == MARK and len(row.frame) < len(rows[0].frame) * 0.6 for row in small)
    assert read.split(small[7].frame) == frames.split_frame(rows[7].frame)


@given(
    st.lists(st.one_of(st.binary(max_size=400), st.binary(max_size=40).map(lambda tail: b"\xc1" + tail)), max_size=9),
    st.sampled_from([ENTRY, REFLECTION, BY_NAME["student"].number]),
)
def test_whatever_is_in_the_log_comes_out_as_it_went_in(database: Database, strange: list[bytes], record: int) -> None:
    rows = rows_of([*strange, *(entry(seq) for seq in range(FEWEST)), *strange], record)
    with database.write() as connection:
        read = Unpacking(connection)
        for before, after in zip(rows, pack(connection, rows), strict=True):
            assert after == before or read.frame(after.frame) == before.frame


@given(st.binary(max_size=300))
def test_what_is_not_a_frame_unpacks_to_nothing_or_little(noise: bytes) -> None:
    words = b"some words that are in the dictionary"
    found = Unpacking(find=lambda _number: words).frame(MARK + number_of(words) + noise)
    assert len(found) <= MOST_BYTES


def test_only_the_bulk_is_packed_and_only_where_many_lie_together(connection: Connection) -> None:
    written = [entry(seq) for seq in range(FEWEST)]
    few, student = rows_of(written[1:]), rows_of(written, BY_NAME["student"].number)
    long = rows_of([frame_of({2: "x" * MOST_BYTES}) for _seq in range(FEWEST)])
    random_bytes = rows_of([DRAW.randbytes(30) for _seq in range(FEWEST)])
    for rows in (few, student, long, random_bytes):
        assert pack(connection, rows) == rows


def test_what_does_not_come_back_whole_is_not_packed(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of([entry(seq) for seq in range(FEWEST)])
    monkeypatch.setattr(packed_frames, "_unpacker", lambda _content: lambda _stored: b"another frame")
    assert pack(connection, rows) == rows


def test_another_dictionary_under_the_same_number_stays(connection: Connection) -> None:
    rows = rows_of([entry(seq) for seq in range(FEWEST)])
    packed_frames.prepare(connection)
    key = int.from_bytes(number_of(dictionary([row.frame for row in rows])), "big")
    connection.exec_driver_sql("INSERT INTO frame_dictionary VALUES (?, x'00')", (key,))
    assert pack(connection, rows) == rows
    assert Unpacking(connection).frame(MARK + key.to_bytes(4, "big") + b"abc") == b""


def test_nothing_unpacks_to_more_than_a_frame_that_would_be_packed() -> None:
    words = b"words"
    for size in (MOST_BYTES + 1, 50 << 20):
        for with_size in (False, True):
            parameters = zstandard.ZstdCompressionParameters.from_level(
                3, format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_content_size=with_size
            )
            bomb = zstandard.ZstdCompressor(compression_params=parameters).compress(bytes(size))
            for stored in (bomb, bomb[2:]):
                assert len(Unpacking(find=lambda _number: words).frame(MARK + number_of(words) + stored)) <= MOST_BYTES


def test_a_few_dictionaries_are_kept_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_frames, "_DICTIONARIES", 2)
    contents = {int.from_bytes(number_of(text), "big"): text for text in (b"first", b"second", b"third")}
    asked: list[int] = []

    def find(number: int) -> bytes | None:
        asked.append(number)
        return contents.get(number)

    read = Unpacking(find=find)
    first, second, third = contents
    for number in (first, first, second, first, third, second, third, first):
        assert read.frame(MARK + number.to_bytes(4, "big") + b"?") == b""
    assert asked == [first, second, third, first]


# --- what a dictionary holds --------------------------------------------------------------------------------------


def test_a_dictionary_holds_ids_and_own_words_and_nothing_that_was_written() -> None:
    secret, number = "Maria wept", 51_900
    written = [
        frame_of({1: STUDENTS[0], 2: "claimed", 3: secret.encode()[:16], 6: secret, 7: number, 8: 2, 99: secret}, seq)
        for seq in range(80)
    ]
    # In raw bytes this number and the text behind it look like the beginning of an id.
    written += [frame_of({8: 0xC410, 9: secret + " and more"}, seq) for seq in range(80)]
    written += [frame_of({1: b"short", 2: None, 7: None, 8: True}, seq) for seq in range(8)]
    written += [frames.encode_frame(b"\x90", b""), b"", frames.encode_frame(b"\x91\xc1", b"")]
    made = dictionary(written)
    assert STUDENTS[0] in made
    assert b"claimed" in made
    for part in (secret.encode(), secret.encode()[:5], number.to_bytes(2, "big"), b"short"):
        assert part not in made


def test_a_dictionary_stays_inside_the_window() -> None:
    written = [frame_of({n: DRAW.randbytes(16) for n in (1, 3, 4, 5)}, seq, DRAW.randbytes(16)) for seq in range(250)]
    assert len(dictionary(written * 2)) <= 8_192
    assert {word.value for word in (*EntryKind, *By)} == packed_frames._OWN_WORDS


def test_sealed_and_blanked_content_counts_as_empty() -> None:
    header = frames.split_frame(entry(1))[0]
    for payload in (b"\xc1" + bytes(32), b"sealed", b"\x81\x01\xa4\xff\xff\xff\xff", b"\x91" * 5_000):
        made = dictionary([frames.encode_frame(header, payload)] * 3)
        assert made.endswith(frames.encode_frame(header, b"\x80"))


# --- in the log ---------------------------------------------------------------------------------------------------


def test_what_came_in_bulk_is_packed_and_goes_on_as_it_was_written(room: Classroom, tmp_path: Path) -> None:
    desk, (first, second) = room.desk, room.stations
    assert packed(desk) >= FEWEST
    assert packed(first) == 0
    assert findings(desk) == set()
    desk.write(tmp_path / "stick")
    for station in room.stations:
        station.read(tmp_path / "stick")
    assert packed(second) >= FEWEST
    assert logged(first) == logged(second)
    assert len({device.digest() for device in room.devices}) == 1
    for device in room.devices:
        assert digest.rebuild(device.ledger)


def test_a_database_of_an_earlier_program_takes_up_packing_when_it_first_packs(tmp_path: Path) -> None:
    room = make_classroom(tmp_path, stations=1)
    room.lap(tmp_path / "stick")
    for device in room.devices:
        change(device, "DROP TABLE frame_dictionary")
        change(device, "PRAGMA user_version = 1")
        device.restart()
    room.desk.rename(1, "Renamed")
    for number in range(FEWEST):
        room.stations[0].log_entry(number % 3)
    assert room.stations[0].count("PRAGMA user_version") == 1
    room.stations[0].write(tmp_path / "stick")
    room.desk.read(tmp_path / "stick")
    assert room.desk.count("PRAGMA user_version") == SCHEMA_VERSION
    assert packed(room.desk) == FEWEST
    room.desk.restart()
    assert findings(room.desk) == set()
    assert digest.rebuild(room.desk.ledger)
    room.close()


def test_long_runs_of_own_work_are_packed_later(room: Classroom) -> None:
    station = room.stations[0]
    before, state = logged(station), station.digest()
    assert packed_frames.pack_older(station.database) == 0
    # What a child says is sealed by itself: only the entries become shorter.
    assert packed_frames.pack_older(station.database, fewest=FEWEST, most=FEWEST) == packed(station) == FEWEST
    assert packed_frames.pack_older(station.database, fewest=FEWEST) == 0
    assert (logged(station), station.digest()) == (before, state)
    assert findings(station) == set()
    assert digest.rebuild(station.ledger)


def test_packing_later_gives_way_and_takes_what_is_there_then(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    station = room.stations[0]
    with monkeypatch.context() as waiting:
        waiting.setattr(Database, "is_wanted", True)
        assert packed_frames.pack_older(station.database, fewest=FEWEST) == 0
    with station.database.write() as connection:
        sid, first, last = next(packed_frames._plain_runs(connection, FEWEST, 2 * FEWEST))
        # Somebody else packed it in between.
        assert packed_frames._pack_run(connection, sid, first, last) > 0
        assert packed_frames._pack_run(connection, sid, first, last) == 0


def test_what_is_erased_of_a_packed_log_is_gone(room: Classroom, tmp_path: Path) -> None:
    desk = room.desk
    gone, kept = b"Remark3.", b"Remark4."
    with desk.ledger.database.read() as connection:
        frame = connection.exec_driver_sql(
            "SELECT frame FROM op WHERE record = 18 AND frame > x'c1' LIMIT 1"
        ).scalar_one()
        (number,) = connection.exec_driver_sql("SELECT number FROM frame_dictionary LIMIT 1").one()
    assert frame[1:5] == number.to_bytes(4, "big")
    entries = desk.count("SELECT count(*) FROM entry")
    assert all(word in readable(desk) for word in (gone, kept))
    before = packed(desk)
    erase(desk, 0)
    assert 0 < packed(desk) < before
    assert 0 < desk.count("SELECT count(*) FROM entry") < entries
    assert gone not in readable(desk)
    assert kept in readable(desk)
    assert findings(desk) == set()
    assert digest.rebuild(desk.ledger)
    room.lap(tmp_path / "stick")
    for device in room.devices:
        assert gone not in readable(device)
        assert findings(device) == set()


def test_frames_are_taken_as_they_lie_only_of_records_that_are_not_packed() -> None:
    """Who is not named here reads through ``Unpacking``; whoever adds a module has looked what it reads."""
    unpacked_before = {"packed_frames", "erasing", "salvage", "segments", "selfcheck"}
    folded_from_several = {"conflicts", "history", "projection"}
    statements_and_withdrawals = {"erasures", "peers", "trust", "withdrawals"}
    floors = Path(packed_frames.__file__).parents[1]
    found = {file.stem for file in floors.rglob("*.py") if "frames.split_frame(" in file.read_text(encoding="utf-8")}
    assert found <= unpacked_before | folded_from_several | statements_and_withdrawals
    for name in ("student", "goal", "certificate", "erasure", "blob_erasure", "withdrawal", "evidence"):
        assert BY_NAME[name].number not in packed_frames.PACKED


# --- damage -------------------------------------------------------------------------------------------------------

DAMAGE = {
    "no dictionary": "DELETE FROM frame_dictionary",
    "another dictionary": "UPDATE frame_dictionary SET content = x'00'",
    "a damaged frame": "UPDATE op SET frame = substr(frame, 1, length(frame) - 3) WHERE substr(frame, 1, 1) = x'c1'",
    "another frame": "UPDATE op SET frame = (SELECT o.frame FROM op o WHERE substr(o.frame, 1, 1) = x'c1' LIMIT 1)"
    " WHERE substr(frame, 1, 1) = x'c1'",
    "no table": "DROP TABLE frame_dictionary",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_noticed(room: Classroom, tmp_path: Path, damage: str) -> None:
    change(room.desk, DAMAGE[damage])
    assert findings(room.desk) == ({"integrity"} if damage == "no table" else {"chain_broken"})
    if damage != "no table":
        with pytest.raises(EnvironmentTrouble) as caught:
            room.desk.write(tmp_path / "stick")
        assert caught.value.code == "log_damaged"


# One sound row in the place of another is no damage but somebody's doing: behind a gap nothing is against it.
@pytest.mark.parametrize("damage", sorted(DAMAGE.keys() - {"another frame"}))
def test_damage_is_given_up_and_healed_by_the_next_package(room: Classroom, tmp_path: Path, damage: str) -> None:
    desk, station = room.desk, room.stations[0]
    before = logged(desk)
    change(desk, DAMAGE[damage])
    wreck_path = desk.folder / "wreck.db"
    snapshots.vacuum_into(desk.database, wreck_path)
    wreck, fresh = salvage.Wreck(wreck_path, desk.key), Database(desk.folder / "fresh.db", desk.key)
    assert salvage.begin_from(wreck, fresh)
    with fresh.write() as connection:
        salvage.bring_over(wreck, connection)
        salvage.settle_heads(connection, desk.device_id, lambda *head: desk.keys.sign(head_message(*head)))
    wreck.close()
    with fresh.read() as connection:
        assert {finding.code for finding in digest.verify(connection)} <= {"changes_missing"}
    fresh.close()
    # The repaired file in the place of the damaged one.
    with desk.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM op")
        connection.exec_driver_sql("DELETE FROM signed_head")
    wreck = salvage.Wreck(desk.folder / "fresh.db", desk.key)
    with desk.database.write() as connection:
        salvage.bring_over(wreck, connection)
        connection.exec_driver_sql("UPDATE stream SET have = NULL")
    wreck.close()
    assert len(logged(desk)) < len(before)
    (tmp_path / "again").mkdir()
    station.write(tmp_path / "again")
    desk.read(tmp_path / "again")
    assert logged(desk) == before
    assert findings(desk) == set()


def test_a_sound_wreck_brings_its_packed_rows_and_dictionaries(room: Classroom, tmp_path: Path) -> None:
    desk = room.desk
    wreck_path = desk.folder / "wreck.db"
    snapshots.vacuum_into(desk.database, wreck_path)
    wreck, fresh = salvage.Wreck(wreck_path, desk.key), Database(desk.folder / "fresh.db", desk.key)
    assert salvage.begin_from(wreck, fresh)
    with fresh.write() as connection:
        salvage.bring_over(wreck, connection)
        sql = f"SELECT count(*) FROM op WHERE substr(frame, 1, 1) = x'{MARK.hex()}'"
        assert connection.exec_driver_sql(sql).scalar_one() == packed(desk)
        assert digest.verify(connection) == []
    wreck.close()
    fresh.close()


def test_splitting_what_is_damaged_says_so() -> None:
    with pytest.raises(msgspec.DecodeError):
        Unpacking(find=lambda _number: None).split(MARK + b"1234rest")
