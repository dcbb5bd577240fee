"""Seeded device histories: nothing acknowledged is lost and all come out the same; a naive program loses entries."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from blenddesk.storage import history
from blenddesk.storage.ledger import Ledger
from tests.faults.histories.runs import in_words, run_histories, run_history
from tests.sync.devices import make_classroom

QUICK = 300
CHUNK = 20
ALWAYS = (
    *("entry", "edit", "undo", "undo of an import", "redo"),
    *("export", "import", "lose", "duplicate", "damage", "damaged file refused"),
    *("clone", "restore", "image anew", "second opening", "held", "clock", "restart"),
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
        figures = run_histories([20, 22])
    assert len(figures.failed) == 2, in_words(figures)


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
