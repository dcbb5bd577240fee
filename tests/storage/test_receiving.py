"""What arrives in bulk: rows written a few at a time, ops judged once, two ops under one id settled from the log."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.domain.ops import put
from blenddesk.storage import appended, digest, verdicts
from tests.sync.devices import Classroom, Device, make_classroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def few_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appended, "ROWS_TOGETHER", 3)


def test_rows_written_a_few_at_a_time_are_those_of_a_rebuild(room: Classroom, tmp_path: Path) -> None:
    entries = {station.log_entry(0, "It was fun") for station in room.stations for _time in range(5)}
    room.lap(tmp_path / "stick")
    assert entries <= room.desk.ids_of("entry")
    assert digest.rebuild(room.desk.ledger)


def test_two_ops_under_one_id_leave_the_same_row_whatever_came_first(room: Classroom, tmp_path: Path) -> None:
    room.lap(tmp_path / "stick")
    first, second = room.stations
    shared = first.log_entry(0)
    second.ledger.commit(
        "entry_logged", [put(second.section, "entry", shared, student=second.student(1), kind="claimed", by="student")]
    )
    for station in room.stations:
        for _time in range(4):
            station.log_entry(2)
        (tmp_path / station.name).mkdir()
        station.write(tmp_path / station.name)
    for name in (first.name, second.name):
        room.desk.read(tmp_path / name)
    rows = room.desk.column("entry", "student")
    first.read(tmp_path / second.name)
    second.read(tmp_path / first.name)
    assert first.column("entry", "student") == second.column("entry", "student") == rows
    assert digest.rebuild(room.desk.ledger)


def test_a_run_of_nothing_adds_nothing_and_a_known_stream_is_opened_again(room: Classroom) -> None:
    before = room.desk.everything()
    with room.desk.database.read() as connection:
        (genesis, *_rest) = connection.exec_driver_sql("SELECT genesis FROM stream").scalars().all()
    with room.desk.ledger.receive("package_read") as receiving:
        stream = receiving.open_stream(genesis)
        assert receiving.open_stream(genesis) is stream
        assert receiving.add(stream, []) == []
    assert receiving.change_set.is_empty
    assert room.desk.everything() == before


def test_a_new_stream_is_judged_once(room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its ops are judged as they come; only statements are judged again when all of them are in."""
    for station in room.stations:
        station.log_entry(0)
    room.lap(tmp_path / "stick")
    seat = room.desk.give_seat("Blue-9")
    newcomer = Device(tmp_path / "newcomer", "Blue-9", "station", 900, room.clock)
    again: list[int] = []
    judge = verdicts._judge_stream

    def watched(connection: object, streams: object, stream: object, *rest: object) -> None:
        again.append(stream.scope.audience)  # type: ignore[attr-defined]
        judge(connection, streams, stream, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(verdicts, "_judge_stream", watched)
    newcomer.take_seat(seat)
    assert set(again) == {4}
    newcomer.close()


@pytest.mark.parametrize("collecting", [True, False])
def test_the_garbage_collector_is_left_as_it_was(room: Classroom, collecting: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        with room.desk.ledger.receive("import"):
            assert not gc.isenabled()
        assert gc.isenabled() is collecting
        with pytest.raises(ZeroDivisionError), room.desk.ledger.receive("import"):
            raise ZeroDivisionError
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if before else gc.disable)()
