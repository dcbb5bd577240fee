"""A desk with a backup, and the program over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk.config import Paths
from blenddesk.ui import kit, rescue
from blenddesk.ui.app import Face
from tests.conftest import FakeClock
from tests.ui.rescue.ways_back import Desk


@pytest.fixture
def made(tmp_path: Path, clock: FakeClock) -> Desk:
    return Desk(Paths(tmp_path / "desk"), clock)


@pytest.fixture
def face(themed_app: QApplication, made: Desk, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Face]:
    monkeypatch.setattr(rescue, "removable_folders", list)
    running = Face(themed_app, made.paths)
    yield running
    if running.window is not None:
        for toast in running.window.findChildren(kit.Toast):
            toast.close_now()
        running.window.close()
    running.close()
