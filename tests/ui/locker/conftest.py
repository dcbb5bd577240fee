"""A desk with a pass phrase, and the program over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.ui.app import Face
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import FakeClock
from tests.ui.locker.school import School


@pytest.fixture
def school(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> School:
    made = School(Paths(tmp_path / "desk"), clock)
    monkeypatch.setattr(bootstrap, "SystemClock", lambda: clock)
    monkeypatch.setattr("blenddesk.domain.ports.SystemClock", lambda: clock)
    return made


@pytest.fixture
def face(themed_app: QApplication, school: School) -> Iterator[Face]:
    made = Face(themed_app, school.paths)
    yield made
    if made.context is not None and isinstance(made.window, DeskWindow):
        made.window.toast.close_now()
    made.close()
    if made.window is not None:
        made.window.close()
        made.window.deleteLater()
