"""The page of the computers, a stick, and Blue-1 with work on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, joining
from blenddesk.config import Paths
from blenddesk.domain.entries import By
from blenddesk.domain.ids import Id
from blenddesk.services import entries, exchange, plans
from blenddesk.services.context import AppContext
from blenddesk.ui.desk import window as desk_window
from blenddesk.ui.desk.computers_page import ComputersPage
from tests.conftest import FakeClock
from tests.sync.devices import WEAK


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "STICK"
    folder.mkdir()
    return folder


@pytest.fixture
def window(
    desk: AppContext, section: Id, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> Iterator[desk_window.DeskWindow]:
    """The desk's window with this page first, so that nothing else is built."""
    word, icon, place = desk_window.PAGES["computers"]
    monkeypatch.setitem(desk_window.PAGES, "today", (word, icon, place))
    made = desk_window.DeskWindow(desk, section=section)
    qtbot.addWidget(made)
    yield made
    made.toast.close_now()
    made.close()


@pytest.fixture
def open_page(window: desk_window.DeskWindow, stick: Path, qtbot: QtBot) -> Callable[[], ComputersPage]:
    def show() -> ComputersPage:
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        page = window.open_page("computers")
        assert isinstance(page, ComputersPage)
        page.sticks.find_sticks = lambda: [(stick, "BLUE")]
        page.sticks.look_again()
        return page

    return show


@pytest.fixture
def station(desk: AppContext, section: Id, stick: Path, tmp_path: Path, clock: FakeClock) -> Iterator[AppContext]:
    """Blue-1 with three entries, on the stick already."""
    made = plans.new_plan(desk, section, "station-4", seed=1)
    plans.mark_ready(desk, section, made.plan)
    added = exchange.add_computer(desk, section, "Blue-1", stick, strength=WEAK)
    paths = Paths(tmp_path / "blue")
    paths.data.mkdir()
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    context = bootstrap.open_device(paths, clock=clock)
    sheet = context.reads.plans.sheet(section, made.plan)
    assert sheet is not None
    for student in context.reads.people.students(section)[:3]:
        entries.add_entry(context, section, student.id, made.plan, sheet.blocks[0].id, growth=3, by=By.STUDENT)
    exchange.take_to_computers(context, stick)
    yield context
    bootstrap.close_device(context)
