"""How far a stream is known to be whole: a segment is passed over only where nothing before its last op is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from blenddesk.storage.streams import Stream, holds_up_to, load_streams, note_row
from blenddesk.sync import importing
from blenddesk.sync.packages import holds_all, open_package
from tests.sync.devices import Classroom, make_classroom


def name_of(seq: int, branch: bytes = b"a") -> bytes:
    return branch * 4 + seq.to_bytes(4, "big")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path)
    yield made
    made.close()


@pytest.fixture
def connection(room: Classroom) -> Iterator[Connection]:
    with room.desk.database.write() as opened:
        yield opened


@pytest.fixture
def stream(connection: Connection) -> Stream:
    """An empty stream of another computer."""
    sid = connection.exec_driver_sql(
        "INSERT INTO stream (stream_id, device_id, epoch, section, audience, genesis, hash)"
        " VALUES (randomblob(16), randomblob(16), randomblob(16), randomblob(16), 1, x'', x'') RETURNING sid"
    ).scalar_one()
    return load_streams(connection).by_sid[sid]


def hold(connection: Connection, stream: Stream, lo: int, hi: int, branch: bytes = b"a", before: bytes = b"") -> None:
    """Adds the ops ``lo`` to ``hi`` of a branch and notes them, as ``Receiving.add`` does."""
    others = connection.exec_driver_sql(
        "SELECT count(*) FROM op WHERE sid = ? AND seq BETWEEN ? AND ?", (stream.sid, lo, hi)
    ).scalar_one()
    for seq in range(lo, hi + 1):
        connection.exec_driver_sql(
            "INSERT INTO op VALUES (?, ?, ?, x'', 0, 18, x'', 0, x'')", (stream.sid, seq, name_of(seq, branch))
        )
    note_row(connection, stream, lo, hi, before or name_of(lo - 1, branch), alone=not others)
    assert load_streams(connection).by_sid[stream.sid].have == stream.have


def test_what_comes_in_a_row_is_whole_up_to_its_end(connection: Connection, stream: Stream) -> None:
    hold(connection, stream, 1, 3)
    hold(connection, stream, 4, 6)
    assert stream.have == 6
    assert holds_up_to(connection, stream, 5, name_of(5))
    assert not holds_up_to(connection, stream, 5, name_of(5, b"b"))
    assert not holds_up_to(connection, stream, 7, name_of(7))


def test_behind_a_gap_nothing_is_known(connection: Connection, stream: Stream) -> None:
    hold(connection, stream, 1, 3)
    hold(connection, stream, 6, 8)
    assert stream.have == 3
    assert not holds_up_to(connection, stream, 8, name_of(8))


def test_a_branch_that_hangs_on_what_is_held_changes_nothing(connection: Connection, stream: Stream) -> None:
    hold(connection, stream, 1, 6)
    hold(connection, stream, 4, 8, b"b", before=name_of(3))
    assert stream.have == 6
    assert holds_up_to(connection, stream, 5, name_of(5, b"b"))


def test_a_branch_with_a_gap_before_it_takes_back_what_was_known(connection: Connection, stream: Stream) -> None:
    hold(connection, stream, 1, 6)
    hold(connection, stream, 4, 8, b"b")
    assert stream.have == 3
    assert not holds_up_to(connection, stream, 8, name_of(8, b"b"))


@pytest.mark.parametrize(("first", "known"), [(6, 5), (7, 6)])
def test_that_holds_at_the_last_place_that_was_known_too(
    connection: Connection, stream: Stream, first: int, known: int
) -> None:
    hold(connection, stream, 1, 6)
    hold(connection, stream, first, 8, b"b")
    assert stream.have == known
    assert not holds_up_to(connection, stream, 8, name_of(8, b"b"))


def test_a_whole_row_beside_a_branch_with_a_gap_is_not_passed_over(connection: Connection, stream: Stream) -> None:
    hold(connection, stream, 5, 6, b"b")
    hold(connection, stream, 1, 8)
    assert stream.have == 0
    assert not holds_up_to(connection, stream, 6, name_of(6, b"b"))


def test_our_own_ops_count_as_they_are_written(room: Classroom) -> None:
    room.desk.log_entry(0)
    with room.desk.database.read() as connection:
        own = [one for one in load_streams(connection).by_sid.values() if one.device_id == room.desk.device_id]
    assert own
    assert all(stream.have == stream.seq > 0 for stream in own)


def test_what_is_held_is_not_looked_into(room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    room.lap(stick)

    def slow(*_arguments: object) -> bool:
        raise AssertionError("the names of all ops were read")

    monkeypatch.setattr(importing, "holds_exactly", slow)
    monkeypatch.setattr("blenddesk.sync.segments.unpack", slow)
    assert {result.status for result in room.desk.read(stick)} <= {"nothing_new", "set_aside"}


def test_an_older_database_learns_it_from_the_next_package(room: Classroom, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    room.lap(stick)
    with room.desk.database.write() as connection:
        connection.exec_driver_sql("UPDATE stream SET have = NULL")
    room.desk.read(stick)
    with room.desk.database.read() as connection:
        assert all(stream.have > 0 for stream in load_streams(connection).by_sid.values() if stream.scope.audience == 1)


def test_whether_a_file_of_ours_is_superfluous_is_told_also_where_nobody_has_looked(
    room: Classroom, tmp_path: Path
) -> None:
    (tmp_path / "stick").mkdir()
    desk = room.desk
    file = desk.write(tmp_path / "stick").files[0]
    with desk.database.write() as connection:
        have = open_package(connection, desk.keys, file.read_bytes()).contents.have()
        assert holds_all(connection, have)
        connection.exec_driver_sql("UPDATE stream SET have = NULL")
        assert holds_all(connection, have)
        connection.exec_driver_sql(
            "DELETE FROM op WHERE sid IN (SELECT sid FROM stream WHERE audience = 1) AND seq = 1"
        )
        assert not holds_all(connection, have)
