"""All short logs of three computers in every order of delivery, with one fault or none; broken programs are caught."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from blenddesk.storage import withdrawals
from tests.faults import small_scope_run
from tests.faults.histories.control import naive_dedupe
from tests.faults.histories.core import core_hash
from tests.faults.small_scope import FAULTS, Part, explore
from tests.faults.small_scope_run import main, recorded

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def seldom_collecting() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(100_000)
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize(
    ("fault", "ops", "names", "logs"),
    [
        *((fault, 2, True, 5) for fault in FAULTS),
        *((fault, 3, False, 60) for fault in FAULTS if fault != "desk restored"),
    ],
)
def test_whatever_is_written_and_read_in_whatever_order(fault: str, ops: int, names: bool, logs: int) -> None:
    """Four ops, and names among three: ``python -m tests.faults.small_scope --ops 4``."""
    tally = explore(fault, ops, names=names)
    assert tally.failed == []
    assert tally.logs >= logs
    assert tally.did["undo"] > 0
    assert tally.did["redo"] > 0 or ops < 3


def test_the_parts_together_are_the_whole() -> None:
    whole = explore("restored", 2)
    parts = [explore("restored", 2, part=Part(number, 3)) for number in (1, 2, 3)]
    assert sum(part.logs for part in parts) == whole.logs
    assert min(part.logs for part in parts) > 0
    assert [report for part in parts for report in part.failed] == whole.failed == []


def test_through_sqlalchemy_it_is_the_same() -> None:
    long, short = explore("twin", 2, through_sqlalchemy=True), explore("twin", 2)
    assert (long.logs, long.deliveries, long.did) == (short.logs, short.deliveries, short.did)
    assert long.failed == short.failed == []


def test_what_is_recorded_is_not_played_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--ops", "1", "--fault", "none", "--fault", "twin", "--parts", "2", "--record", str(tmp_path / "done")]
    assert main(command) == 0
    first = capsys.readouterr().out
    with mock.patch.object(small_scope_run, "_play", side_effect=AssertionError):
        assert main(command) == 0
    assert capsys.readouterr().out == first
    other = (tmp_path / "done").read_text().replace(core_hash(), "0" * 32)
    (tmp_path / "done").write_text(other)
    assert main(command) == 0
    assert len(recorded(tmp_path / "done")) == 8


def test_a_withdrawal_that_looks_at_places_only_is_caught() -> None:
    """What a range without a hash would do: a copy's op at the same place goes, too."""
    real = withdrawals._walk

    def any_branch(*args: Any) -> Iterator[withdrawals.HeldOp]:
        ranges = args[2].ranges
        for op in real(*args):
            yield op._replace(named=any(part.first <= op.seq <= part.last for part in ranges))

    with mock.patch.object(withdrawals, "_walk", any_branch):
        assert any("too many" in report or "lacks" in report for report in explore("twin", 3, names=False).failed)


def test_naive_dedupe_is_caught() -> None:
    with naive_dedupe():
        assert explore("twin", 2, names=False).failed
