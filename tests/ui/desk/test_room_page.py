"""My room by clicks: steppers write at once, the timetable and holidays grow and shrink, adults by name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk.domain.ids import Id
from blenddesk.services import calendars, rooms
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.room_page import RoomPage
from blenddesk.ui.desk.window import DeskWindow
from tests.ui.access import complaints
from tests.ui.clipping import clipped


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def press(root: QWidget, name: str) -> None:
    found = root.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    settle()


@pytest.fixture
def page(desk_window: DeskWindow) -> RoomPage:
    shown = desk_window.open_page("room")
    assert isinstance(shown, RoomPage)
    settle()
    return shown


def test_a_stepper_says_it_at_once(page: RoomPage, desk: AppContext) -> None:
    stepper = page.findChild(kit.Stepper, "room_computers")
    assert isinstance(stepper, kit.Stepper)
    for _ in range(3):
        press(stepper, "stepper_more")
    assert rooms.room_card(desk).computers == 3
    switch = page.findChild(kit.Switch, "room_projector")
    assert isinstance(switch, kit.Switch)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert rooms.room_card(desk).projector is True
    assert rooms.room_card(desk).headphones is None


def test_the_timetable_grows_and_shrinks(page: RoomPage, desk: AppContext, section: Id) -> None:
    page.timetable.day.choose("2")
    page.timetable.start.choose(str(9 * 60 + 30))
    page.timetable.minutes.set_value(75)
    press(page, "period_add")
    period = calendars.periods(desk, section)[0]
    assert (period.day, period.start_minute, period.minutes) == (2, 570, 75)
    press(page, f"remove_{period.id.hex()}")
    assert calendars.periods(desk, section) == []


def test_holidays_are_added_and_taken_away(page: RoomPage, desk: AppContext) -> None:
    page.days.first.choose("2026-12-21")
    page.days.first.activated.emit(page.days.first.currentIndex())
    assert page.days.last.chosen() == "2026-12-21"
    page.days.last.choose("2027-01-03")
    page.days.name.setText("Winter break")
    press(page, "days_add")
    days = calendars.special_days(desk)[0]
    assert (days.first_day, days.last_day, days.kind, days.name) == ("2026-12-21", "2027-01-03", "off", "Winter break")
    press(page, f"remove_{days.id.hex()}")
    assert calendars.special_days(desk) == []


def test_adults_by_name(page: RoomPage, desk: AppContext, section: Id) -> None:
    QTest.keyClicks(page.adults.field, "Mr Hill")
    QTest.keyClick(page.adults.field, Qt.Key.Key_Return)
    settle()
    assert [adult.name for adult in desk.reads.sections.adults(section)] == ["Ms Okoro", "Mr Hill"]
    press(page, "remove_Mr Hill")
    assert [adult.name for adult in desk.reads.sections.adults(section)] == ["Ms Okoro"]


def test_a_screen_reader_and_tab_meet_every_control(page: RoomPage, desk: AppContext, section: Id) -> None:
    desk.announce(calendars.add_period(desk, section, 0, 570, 50))
    settle()
    assert complaints(page) == []


@pytest.mark.parametrize(("scale", "language"), [(1.0, "en"), (1.3, "en"), (1.0, "ar")])
def test_everything_fits(
    page: RoomPage, desk_window: DeskWindow, themed_app: QApplication, scale: float, language: str
) -> None:
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    desk_window.resize(1280, 680)
    settle()
    assert page.scroll_area.horizontalScrollBar().maximum() == 0
    assert [line for line in clipped(page) if "page_room" not in line] == []
