"""What can be read of a damaged database is put together with a copy; what is lost is given up, nothing is invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.domain.registry import Audience
from blenddesk.storage import digest, frames, salvage, snapshots, tables
from blenddesk.storage.columns import table_name
from blenddesk.storage.database import Database
from blenddesk.storage.ledger import head_message
from blenddesk.storage.salvage import Wreck
from blenddesk.storage.streams import load_streams
from tests.faults.damage import flip, pages
from tests.sync.devices import Classroom, Device, make_classroom


@pytest.fixture
def classroom(tmp_path: Path) -> Iterator[Classroom]:
    """A desk that holds what a student computer wrote, with streams of both."""
    made = make_classroom(tmp_path / "room", stations=1, students=4)
    for number in range(60):
        made.stations[0].log_entry(number % 4, remark="said " + "x" * 80)
        made.desk.rename(number % 4, f"Name {number} " + "y" * 60)
    made.lap(tmp_path / "stick")
    yield made
    made.close()


def ops(database: Database) -> set[tuple[bytes, int, bytes]]:
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT stream_id, op.seq, hash8 FROM op JOIN stream USING (sid)")
        return {tuple(row) for row in rows}


def copied(device: Device, name: str) -> Path:
    path = device.folder / name
    path.unlink(missing_ok=True)
    snapshots.vacuum_into(device.database, path)
    return path


def brought(
    device: Device, wreck_path: Path, base_path: Path
) -> tuple[set[tuple[bytes, int, bytes]], salvage.Salvaged]:
    wreck, base = Wreck(wreck_path, device.key), Database(base_path, device.key)
    try:
        with base.write() as connection:
            result = salvage.bring_over(wreck, connection)
        return ops(base), result
    finally:
        wreck.close()
        base.close()


def test_every_table_of_the_log_is_brought() -> None:
    """A table that somebody adds to the log has to be thought of here."""
    derived = {table.name for table in tables.PROJECTIONS.values()} | set(snapshots.DERIVED)
    recomputed = {"withdrawn_range"}
    assert set(tables.metadata.tables) == {"op"} | set(salvage.KEYS) | derived | recomputed
    assert table_name("student", Audience.CLASS) in derived


def test_a_sound_wreck_comes_over_whole_into_an_older_copy(classroom: Classroom) -> None:
    desk = classroom.desk
    base = copied(desk, "older.db")
    desk.rename(1, "Newer")
    station = classroom.stations[0]
    wreck = copied(desk, "wreck.db")
    found, result = brought(desk, wreck, base)
    assert found == ops(desk.database)
    assert result == (1, True)
    assert station.device_id != desk.device_id


def test_streams_that_the_copy_does_not_know_come_too(classroom: Classroom, tmp_path: Path) -> None:
    desk = classroom.desk
    base = copied(desk, "older.db")
    seat = desk.give_seat("Blue-9")
    late = Device(tmp_path / "late", "Blue-9", "station", 99, classroom.clock)
    late.take_seat(seat)
    late.log_entry(1)
    stick = tmp_path / "late stick"
    stick.mkdir()
    late.write(stick)
    desk.read(stick)
    wreck = copied(desk, "wreck.db")
    assert brought(desk, wreck, base)[0] == ops(desk.database)
    late.close()


def test_around_broken_pages_both_sides_are_read(classroom: Classroom) -> None:
    desk = classroom.desk
    whole = ops(desk.database)
    path = copied(desk, "wreck.db")
    count = pages(path)
    lost_at_most = 0
    for page in range(2, count + 1, max(1, count // 40)):
        path = copied(desk, "wreck.db")
        flip(path, page)
        wreck = Wreck(path, desk.key)
        with desk.database.read() as connection:
            sids = list(load_streams(connection).by_sid)
        read = sum(len(wreck.ops(sid)) for sid in sids)
        wreck.close()
        if len(whole) - read < 60:
            lost_at_most = max(lost_at_most, len(whole) - read)
    # One broken leaf holds a few ops; only the pages above the leaves cost more.
    assert 0 < lost_at_most <= 3 * salvage.ROWS_ON_PAGE


def test_a_row_that_its_chain_does_not_lead_to_is_left_out(classroom: Classroom) -> None:
    desk = classroom.desk
    base = copied(desk, "base.db")
    wreck = copied(desk, "wreck.db")
    for path, sql in (
        (base, "DELETE FROM op WHERE seq IN (5, 6, 7)"),
        (wreck, "UPDATE op SET frame = x'01' WHERE seq = 5"),
        (wreck, "UPDATE op SET frame = (SELECT o.frame FROM op o WHERE o.sid = op.sid AND o.seq = 2) WHERE seq = 7"),
    ):
        database = Database(path, desk.key)
        with database.write() as connection:
            connection.exec_driver_sql(sql)
        database.close()
    found, _result = brought(desk, wreck, base)
    places = {seq for _stream, seq, _hash8 in ops(desk.database) - found}
    # Behind the one that is nonsense nothing can be proven, and nothing is against it.
    assert 5 in places
    assert 6 not in places
    assert found <= ops(desk.database)


def settled(desk: Device, path: Path) -> Database:
    database = Database(path, desk.key)
    with database.write() as connection:
        salvage.settle_heads(connection, desk.device_id, lambda *head: desk.keys.sign(head_message(*head)))
    return database


def test_heads_of_what_is_gone_are_given_up_and_own_ends_are_signed(classroom: Classroom) -> None:
    desk = classroom.desk
    path = copied(desk, "gone.db")
    database = Database(path, desk.key)
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM op WHERE seq BETWEEN 20 AND 25 OR seq > 50")
    database.close()
    database = settled(desk, path)
    with database.read() as connection:
        assert {finding.code for finding in digest.verify(connection)} == {"changes_missing"}
        heads = connection.exec_driver_sql("SELECT max(seq) FROM signed_head").scalar_one()
        assert heads <= 50
        own = [one for one in load_streams(connection).by_sid.values() if one.device_id == desk.device_id]
        signed = {
            (bytes(stream), seq)
            for stream, seq in connection.exec_driver_sql(
                "SELECT stream_id, seq FROM signed_head WHERE signature <> x''"
            )
        }
        long = [one for one in own if one.seq >= 19]
        assert long
        assert all((one.stream_id, 19) in signed and one.seq == 19 for one in long)
    database.close()


def test_a_chain_that_does_not_lead_on_proves_nothing(classroom: Classroom) -> None:
    desk = classroom.desk
    path = copied(desk, "forged.db")
    database = Database(path, desk.key)
    with database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE op SET frame = (SELECT o.frame FROM op o WHERE o.sid = op.sid AND o.seq = 2) WHERE seq = 7"
        )
        stream = max(load_streams(connection).by_sid.values(), key=lambda one: one.seq)
        ends = salvage._run_ends(connection, stream)
        # It ends where a signed head vouches for the newest op, whatever lies before.
        assert ends == {stream.seq: stream.hash}
        connection.exec_driver_sql("DELETE FROM signed_head WHERE stream_id = ?", (stream.stream_id,))
        assert salvage._run_ends(connection, stream) == {stream.seq: None}
    database.close()


def test_a_table_that_an_older_database_does_not_have(classroom: Classroom) -> None:
    desk = classroom.desk
    base, wreck = copied(desk, "base.db"), copied(desk, "wreck.db")
    for path in (base, wreck):
        database = Database(path, desk.key)
        with database.write() as connection:
            connection.exec_driver_sql("DROP TABLE fork")
        database.close()
    assert brought(desk, wreck, base) == (ops(desk.database), (0, True))


def test_who_a_computer_was_must_be_readable(classroom: Classroom, tmp_path: Path) -> None:
    desk = classroom.desk
    path = copied(desk, "nameless.db")
    database = Database(path, desk.key)
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM local WHERE name = 'key/sign'")
    database.close()
    wreck, fresh = Wreck(path, desk.key), Database(tmp_path / "fresh.db", desk.key)
    assert not salvage.begin_from(wreck, fresh)
    wreck.close()
    wreck.close()
    fresh.close()


def test_a_wreck_of_which_nothing_can_be_read_brings_nothing(classroom: Classroom) -> None:
    desk = classroom.desk
    base, wreck = copied(desk, "base.db"), copied(desk, "wreck.db")
    wreck.write_bytes(b"\0" * 10_000)
    found, result = brought(desk, wreck, base)
    assert result == (0, False)
    assert found == ops(desk.database)
    assert frames.MAX_NUMBER == salvage.FAR


def test_twins_at_one_place_and_streams_without_a_beginning(classroom: Classroom) -> None:
    desk = classroom.desk
    path = copied(desk, "twins.db")
    database = Database(path, desk.key)
    with database.write() as connection:
        stream = max(load_streams(connection).by_sid.values(), key=lambda one: one.seq)
        rows = connection.exec_driver_sql("SELECT seq, hash8, frame FROM op WHERE sid = ?", (stream.sid,)).all()
        known = {(seq, bytes(hash8)): bytes(frame) for seq, hash8, frame in rows}
        stranger = (stream.seq, b"stranger")
        sound = salvage._chained(stream, known | {stranger: known[rows[-1][0], bytes(rows[-1][1])]})
        assert sound == set(known)
        connection.exec_driver_sql(
            "INSERT INTO op SELECT sid, seq, x'0102030405060708', prev8, hlc, record, entity_id, status, frame"
            " FROM op WHERE sid = ? AND seq = ?",
            (stream.sid, stream.seq),
        )
        assert {finding.code for finding in digest.verify(connection)} == {"chain_broken"}
        connection.exec_driver_sql("DELETE FROM op WHERE sid = ? AND seq = 1", (stream.sid,))
        assert stream.seq in salvage._run_ends(connection, stream)
        connection.exec_driver_sql("DELETE FROM op WHERE sid = ?", (stream.sid,))
        assert salvage._run_ends(connection, stream) == {}
    database.close()
