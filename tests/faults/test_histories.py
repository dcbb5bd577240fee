"""Seeded device histories: nothing acknowledged is lost and all come out the same; a naive program loses entries."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from blenddesk.storage import erasing, history, verdicts
from blenddesk.storage.database import Database
from blenddesk.storage.ledger import Ledger
from blenddesk.storage.receiving import Receiving
from blenddesk.sync import importing, retiring, standings
from blenddesk.sync.keys import DeviceKeys
from tests.faults.histories import disk
from tests.faults.histories.computers import Computer
from tests.faults.histories.direct_sql import direct_sql
from tests.faults.histories.runs import in_words, run_histories, run_history
from tests.faults.histories.story import Story
from tests.sync.devices import make_classroom

QUICK = 300
CHUNK = 20
ALWAYS = (
    *("entry", "edit", "undo", "undo of an import", "redo"),
    *("export", "import", "lose", "duplicate", "damage", "damaged file refused"),
    *("clone", "restore", "image anew", "second opening", "held", "clock", "restart", "packed"),
)
CONTROL = 24
"""Seeds that the control goes through: the same as the first of the real program."""
MUST_LOSE = 6
"""Of those; more than a third lose."""

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def seldom_collecting() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(100_000)
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize("first", range(0, QUICK, CHUNK))
def test_no_entry_is_lost_and_all_computers_come_out_the_same(first: int) -> None:
    figures = run_histories(range(first, first + CHUNK))
    assert figures.failed == [], "\n".join(report for _seed, report in figures.failed)
    assert figures.histories == CHUNK
    # A simulator that stopped copying, restoring or bringing in would find nothing.
    for what in ALWAYS:
        assert figures.did[what] > 0, f"no {what} in {CHUNK} histories"


def test_naive_dedupe_loses_entries() -> None:
    """By (device, number) instead of (stream, number, hash): what a copied computer wrote is taken for known."""
    figures = run_histories(range(CONTROL), naive=True)
    assert figures.losing >= MUST_LOSE, in_words(figures)


def test_a_copy_that_stays_in_the_shared_stream_is_caught() -> None:
    """A computer that met its twin's ops and writes on in the same stream spoils its own log."""
    with mock.patch.object(Ledger, "_start_new_epoch"):
        figures = run_histories([20, 69])
    assert len(figures.failed) == 2, in_words(figures)


def _nothing(*_args: Any, **_named: Any) -> frozenset[Any]:
    return frozenset()


def _never_judged_again(*args: Any, **named: Any) -> verdicts.Settled:
    return _settle(*args, **{**named, "sections": ()})


_settle = verdicts.settle
BROKEN: dict[str, tuple[object, str, Any, str]] = {
    "nobody hears of erasures": (DeviceKeys, "erased", _nothing, "shows"),
    "what comes in full after the word stays": (Receiving, "_erased_of", _nothing, "content_missing|shows"),
    "what comes home late is left": (importing, "unfinished", lambda *_args: [], "shows"),
    "the content stays in the log": (erasing, "blank", lambda payload: payload, "lies still"),
    "the content stays in the write-ahead log": (Database, "checkpoint", lambda _self: None, "lies still"),
    "nobody hears of retirements": (standings, "_last_words", lambda _words: {}, "shows|not_retired"),
    "a retirement accepts nothing": (retiring, "_ends", lambda *_args: [], "lacks"),
    "what came before the retirement is not judged again": (verdicts, "settle", _never_judged_again, "shows|lacks"),
}
"""What is patched by what in programs that must fail, and how that shows."""
WITH_RETIREMENTS, WITH_ERASURES = (2, 11, 21, 26), (5, 12, 22, 30)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_program_that_forgets_a_child_badly_or_trusts_a_lost_computer_is_caught(broken: str) -> None:
    place, name, instead, shows = BROKEN[broken]
    if shows == "lies still" and not disk.can_be_read():
        pytest.skip("no library here that opens pages")
    seeds = WITH_RETIREMENTS if place in (standings, retiring, verdicts) else WITH_ERASURES
    with mock.patch.object(place, name, instead):
        figures = run_histories(seeds)
    assert any(re.search(shows, report) for _seed, report in figures.failed), in_words(figures)


def test_the_seeds_of_these_controls_retire_and_erase() -> None:
    retiring_seeds, erasing_seeds = run_histories(WITH_RETIREMENTS), run_histories(WITH_ERASURES)
    assert retiring_seeds.failed == erasing_seeds.failed == []
    assert retiring_seeds.did["retire"] > 0
    assert retiring_seeds.did["accept"] + retiring_seeds.did["reinstate"] > 0
    assert erasing_seeds.did["erase"] > 0
    assert erasing_seeds.did["erased late"] > 0


def test_the_disk_is_read_as_it_lies_there(tmp_path: Path) -> None:
    """Rows and what only slack still holds, from the file and from its log."""
    if not disk.can_be_read():
        pytest.skip("no library here that opens pages")
    key = bytes(range(32))
    database = Database(tmp_path / "a.db", key)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE word (text TEXT)")
        connection.exec_driver_sql("INSERT INTO word VALUES ('kept marmalade'), ('gone marzipan')")
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        connection.exec_driver_sql("DELETE FROM word WHERE text LIKE 'gone%'")
    in_log = disk.plain(tmp_path / "a.db", key)
    database.close()
    assert not (tmp_path / "a.db-wal").exists()
    in_file = disk.plain(tmp_path / "a.db", key)
    for found in (in_log, in_file):
        assert b"kept marmalade" in found
        assert b"gone marzipan" in found
    assert b"marmalade" not in disk.plain(tmp_path / "a.db", bytes(32))


@pytest.mark.parametrize("seed", [2, 5])
def test_both_ways_to_the_driver_end_in_the_same(seed: int) -> None:
    ends: list[list[tuple[str, str]]] = []

    def look(story: Story) -> None:
        ends.append([(one.name, repr(_everything(one))) for one in story.computers])

    run_history(seed, look=look)
    with direct_sql():
        run_history(seed, look=look)
    assert ends[0] == ends[1]
    assert any("entry_logged" in shown for _name, shown in ends[0])


def _everything(one: Computer) -> list[Any]:
    """What does not hang on chance that no seed fixes, such as the keys of age and of sealed words."""
    with one.database.read() as connection:
        return [
            [tuple(row) for row in connection.exec_driver_sql(f"SELECT {columns}")]
            for columns in (
                "seq, record, entity_id, status FROM op ORDER BY hlc, entity_id, record, status, seq",
                "* FROM entry ORDER BY id",
                "* FROM student ORDER BY section, id",
                "* FROM reflection_drop ORDER BY id",
                "label, undoes, undone_by FROM change ORDER BY id",
            )
        ]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_seed_is_one_history(seed: int) -> None:
    assert run_history(seed).did == run_history(seed).did


def test_undo_on_one_twin_leaves_the_other_twins_entry_alone(tmp_path: Path) -> None:
    """Two copies of one computer write an op each at one place of one stream."""
    room = make_classroom(tmp_path, stations=1)
    room.lap(tmp_path / "lap 0")
    station = room.stations[0]
    station.close()
    twin = station.copied_to(tmp_path / "twin", room.clock, seed=9)
    station.restart()
    station.log_entry(0)
    kept = twin.log_entry(1)
    history.undo(station.ledger)
    room.stations.append(twin)
    room.lap(tmp_path / "lap 1")
    shown = room.desk.ids_of("entry")
    room.close()
    assert shown == {kept}
