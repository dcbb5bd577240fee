"""The sheet that protects a desk, over its window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from blenddesk.ui.desk.protect_sheet import ProtectSheet, What
from blenddesk.ui.desk.settings_page import SettingsPage
from blenddesk.ui.desk.window import DeskWindow
from tests.sync.devices import WEAK
from tests.ui.desk.protect.protecting import Open


@pytest.fixture
def open_sheet(desk_window: DeskWindow) -> Iterator[Open]:
    opened: list[ProtectSheet] = []

    def show(what: What) -> ProtectSheet:
        sheet = ProtectSheet(desk_window.session, what, strength=WEAK)
        sheet.open()
        opened.append(sheet)
        return sheet

    yield show
    for sheet in opened:
        sheet.tasks.wait()


@pytest.fixture
def page(desk_window: DeskWindow) -> SettingsPage:
    found = desk_window.open_page("settings")
    assert isinstance(found, SettingsPage)
    return found
