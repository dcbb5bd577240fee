"""A real Syncthing between two computers, where there is one; long: ``python -m tests.faults.syncthing_lap``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import syncthing_lap
from tests.faults.syncthing import program

ROUNDS = 12

pytestmark = pytest.mark.slow


@pytest.mark.skipif(program() is None, reason="Syncthing is not installed here (Debian: apt-get install syncthing)")
def test_a_folder_that_syncthing_keeps_alike_loses_nothing(tmp_path: Path) -> None:
    did = syncthing_lap.run(tmp_path, ROUNDS, seed=1)
    assert did["rounds"] == ROUNDS
    assert did["most conflict copies"] > 0, "Syncthing made no conflict copy"
