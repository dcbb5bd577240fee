"""A desk with a backup and work that came later."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import FakeClock
from tests.restoring.kept import Kept


@pytest.fixture
def kept(tmp_path: Path, clock: FakeClock) -> Kept:
    return Kept(tmp_path, clock)
