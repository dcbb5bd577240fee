"""A desk at half past nine, and its window at Today."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from blenddesk.services import live
from blenddesk.services.context import AppContext
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import FakeClock
from tests.lessons import HALF_PAST_NINE
from tests.ui.desk.today.taps import Open


@pytest.fixture
def at_half_past_nine(clock: FakeClock) -> FakeClock:
    clock.now_ms = live.moment_ms(clock, "2026-11-23", HALF_PAST_NINE)
    return clock


@pytest.fixture
def open_desk(desk: AppContext, themed_app: QApplication) -> Iterator[Open]:
    opened: list[DeskWindow] = []

    def build() -> DeskWindow:
        window = DeskWindow(desk)
        window.show()
        QApplication.processEvents()
        opened.append(window)
        return window

    yield build
    for window in opened:
        window.session.bus.close()
        window.close()
        window.deleteLater()
    QApplication.processEvents()
