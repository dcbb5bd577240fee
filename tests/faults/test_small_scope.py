"""All short logs of three computers in every order of delivery, with one fault or none; broken programs are caught."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

from blenddesk.storage import withdrawals
from tests.faults.histories.control import naive_dedupe
from tests.faults.small_scope import FAULTS, explore

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
