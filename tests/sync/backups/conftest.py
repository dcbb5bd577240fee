"""A backup of a desk, sealed, and what opens it."""

from __future__ import annotations

from pathlib import Path

import pytest

from blenddesk.domain.ids import Id
from blenddesk.services import profiles
from blenddesk.services.context import AppContext
from blenddesk.sync import backups, recovery
from tests.conftest import FakeRandomness
from tests.sync.backups.sealing import MARK, WEAK


@pytest.fixture
def sheet() -> recovery.NewSheet:
    return recovery.draw_sheet(FakeRandomness(77), strength=WEAK)


@pytest.fixture
def drawn() -> backups.NewWords:
    return backups.draw_words(FakeRandomness(78), strength=WEAK)


@pytest.fixture
def sealed(
    desk: AppContext, section: Id, drawn: backups.NewWords, sheet: recovery.NewSheet, tmp_path: Path
) -> backups.Sealed:
    student = desk.reads.people.students(section)[0]
    profiles.set_list(desk, student.id, "needs", ["NeedCanary"])
    ways = [drawn.way, backups.way_of_sheet(sheet.lock)]
    return backups.seal_backup(desk.ledger, desk.reads.reader.key, tmp_path / "making", MARK, ways)
