"""A desk's window with a class in view, closed after the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from blenddesk.domain.ids import Id
from blenddesk.services.context import AppContext
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.window import DeskWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class EmptyPage(DeskPage):
    """Stands where Today is, so that a test of another page is about that page only."""

    def refresh(self) -> None: ...


@pytest.fixture
def desk_window(
    themed_app: QApplication, desk: AppContext, section: Id, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DeskWindow]:
    """The window of Ms Okoro's desk with a class of eight in view, 1366 x 705, no Today behind it."""
    build = DeskWindow._build
    monkeypatch.setattr(
        DeskWindow, "_build", lambda self, key: EmptyPage(self.session) if key == "today" else build(self, key)
    )
    window = DeskWindow(desk, section=section)
    window.resize(1366, 705)
    window.show()
    yield window
    window.toast.close_now()
    window.close()
    window.session.bus.close()
    window.deleteLater()
