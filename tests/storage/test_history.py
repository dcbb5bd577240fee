"""The list of changes and undo: what is refused, what a change is found by, and undo of what came from others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.domain.ops import OpRange, OpRef
from blenddesk.errors import Refusal
from blenddesk.storage import history
from blenddesk.storage.streams import load_streams
from tests.sync.devices import Classroom, Device, make_classroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path, stations=1)
    made.lap(tmp_path / "first lap")
    yield made
    made.close()


def carry(room: Classroom, stick: Path, writer: Device, reader: Device) -> int:
    """The work of one computer to another; the number of the change that it is there."""
    stick.mkdir()
    writer.write(stick)
    assert "applied" in [result.status for result in reader.read(stick)]
    return history.changes(reader.ledger, limit=1)[0].id


def test_a_change_that_is_not_there(room: Classroom) -> None:
    with pytest.raises(Refusal, match="nothing_to_undo"):
        history.change(room.desk.ledger, 4_711)
    with pytest.raises(Refusal, match="nothing_to_undo"):
        history.undo(room.desk.ledger, 4_711)


def test_nothing_to_undo_where_nothing_was_done_but_what_lasts(room: Classroom) -> None:
    desk = room.desk
    with desk.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM change WHERE label NOT IN ('seat_new')")
    assert history.changes(desk.ledger) != []
    with pytest.raises(Refusal, match="nothing_to_undo"):
        history.undo(desk.ledger)


def test_undo_of_an_import_takes_back_an_undo_that_came_with_it(room: Classroom, tmp_path: Path) -> None:
    """The entry was there before; its undo comes in the middle of other work, and goes again with that import."""
    desk, station = room.desk, room.stations[0]
    kept, taken = station.log_entry(0), station.log_entry(1)
    carry(room, tmp_path / "1", station, desk)
    history.undo(station.ledger)
    later = station.log_entry(0)
    came = carry(room, tmp_path / "2", station, desk)
    assert desk.ids_of("entry") == {kept, later}
    undone = history.undo(desk.ledger, came)
    assert desk.ids_of("entry") == {kept, taken}
    history.undo(desk.ledger, undone.change_id)
    assert desk.ids_of("entry") == {kept, later}
    with desk.database.read() as connection:
        streams = load_streams(connection)
        ranges = history.change(desk.ledger, came).ranges
        (draft,) = history.withdrawal_drafts(connection, streams, ranges, desk.randomness)
    # One run came; the undo in it had to become the end of a range.
    lasts = draft.fields["last_seqs"]
    assert isinstance(lasts, list)
    assert len(lasts) == len(ranges) + 1


def test_many_ranges_become_several_withdrawals(room: Classroom) -> None:
    desk = room.desk
    with desk.database.read() as connection:
        streams = load_streams(connection)
        own = next(part.stream_id for part in history.changes(desk.ledger)[0].ranges)
        ranges = [OpRange(own, n, n, bytes(8)) for n in range(1, 10_000, 2)]
        drafts = history.withdrawal_drafts(connection, streams, ranges, desk.randomness)
    assert [len(draft.fields["streams"]) for draft in drafts] == [4_096, 904]  # type: ignore[arg-type]


def test_a_change_is_found_by_any_of_its_ops(room: Classroom) -> None:
    desk = room.desk
    first, second = desk.rename(0, "Ann"), desk.rename(0, "Bea")
    for made in (first, second):
        (part,) = history.change(desk.ledger, made.change_id).ranges
        found = history.change_with(desk.ledger, part.end, limit=50)
        assert found is not None
        assert found.id == made.change_id
    (part,) = history.change(desk.ledger, second.change_id).ranges
    assert history.change_with(desk.ledger, OpRef(part.stream_id, part.last, b"another!"), limit=50) is None
    assert history.change_with(desk.ledger, OpRef(b"?" * 16, 1, bytes(8)), limit=50) is None


def test_a_copys_later_edit_is_not_in_the_way(room: Classroom, tmp_path: Path) -> None:
    """Two copies of one desk rename a student at the same place of the same stream; each may take back its own."""
    desk = room.desk
    desk.close()
    twin = desk.copied_to(tmp_path / "twin", room.clock, seed=9)
    desk.restart()
    ours = desk.rename(0, "Ann")
    twin.rename(0, "Bea")
    twin.rename(0, "Cleo")
    carry(room, tmp_path / "stick", twin, desk)
    history.undo(desk.ledger, ours.change_id)
    assert desk.column("student", "name").count("Cleo") == 1
    twin.close()
