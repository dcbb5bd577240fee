"""Ten thousand hostile volumes; the long run is ``python -m tests.faults.fuzz_volumes``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import fuzz_volumes
from tests.faults.fuzz_volumes import Target, make_target


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    made = make_target(tmp_path)
    yield made
    made.room.close()


def test_damage_is_always_noticed(target: Target) -> None:
    seconds: list[float] = []
    before = target.desk.everything()
    found = fuzz_volumes.run(target, fuzz_volumes.damaged(target, range(8_000)), seconds)
    assert {status for status, _reason in found} <= {"refused", "set_aside"}
    assert target.desk.everything() == before


def test_of_what_an_insider_writes_only_true_pictures_are_taken(target: Target) -> None:
    """Both happen: a fuzzer whose volumes are all refused tests only the first check."""
    seconds: list[float] = []
    found = fuzz_volumes.run(target, fuzz_volumes.insider(target, range(2_000)), seconds)
    assert found["taken", None] > 50
    assert len({reason for _status, reason in found}) > 6
