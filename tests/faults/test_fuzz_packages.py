"""A few hundred of each kind of hostile package; the long run is ``python -m tests.faults.fuzz_packages``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import fuzz_packages
from tests.faults.hostile import Target, make_target


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    made = make_target(tmp_path)
    yield made
    made.room.close()


def test_damage_is_always_noticed(target: Target) -> None:
    seconds: list[float] = []
    before = target.room.desk.everything()
    found = fuzz_packages.run(target, fuzz_packages.damaged(target, range(300)), seconds)
    assert {status for status, _reason in found} <= {"refused", "set_aside"}
    assert target.room.desk.everything() == before


def test_what_an_insider_writes_is_refused_or_well_formed(target: Target) -> None:
    """Both happen: a fuzzer whose packages are all refused tests only the first check."""
    seconds: list[float] = []
    before = target.room.desk.everything()
    found = fuzz_packages.run(target, fuzz_packages.insider(target, range(400)), seconds)
    assert sum(count for (status, _reason), count in found.items() if status == "applied") > 5
    assert len({reason for _status, reason in found}) > 3
    assert target.room.desk.everything() == before
