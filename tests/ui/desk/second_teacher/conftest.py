"""Ms Okoro's desk at its page of the computers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk.domain.ids import Id
from blenddesk.services.context import AppContext
from tests.ui.desk.second_teacher.teachers import Teacher


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "STICK"
    folder.mkdir()
    return folder


@pytest.fixture
def rooms() -> Iterator[ExitStack]:
    """What was opened, closed in turn."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def okoro(
    desk: AppContext, section: Id, stick: Path, themed_app: QApplication, rooms: ExitStack, qtbot: QtBot
) -> Teacher:
    teacher = Teacher(desk, section, stick, qtbot)
    rooms.callback(teacher.close)
    return teacher
