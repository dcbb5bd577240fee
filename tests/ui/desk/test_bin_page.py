"""The bin by its page: what is in it in words, brought back with one press, and Undo; closing a school year."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.services import bins, calendars, classes, goals, groups, plans, rosters
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.bin_page import BinPage
from blenddesk.ui.desk.history_page import HistoryPage
from blenddesk.ui.desk.room_page import RoomPage
from blenddesk.ui.desk.window import DeskWindow
from blenddesk.ui.desk.year_sheet import YearSheet
from tests.conftest import FakeClock
from tests.ui.access import complaints
from tests.ui.clipping import clipped

LOOKS = [("en", 1.0, (1366, 705)), ("en", 1.3, (1280, 680)), ("ar", 1.0, (1366, 705)), ("es", 1.3, (1024, 600))]


@pytest.fixture
def full(desk: AppContext, section: Id, clock: FakeClock) -> AppContext:
    """A desk with one of everything in its bin."""
    people = desk.reads.people.students(section)
    made = plans.new_plan(desk, section, "station-4", seed=1)
    plans.archive_plan(desk, section, made.plan)
    classes.create_class(desk, "Chess club")
    club = classes.class_by_name(desk, "Chess club")
    assert club is not None
    classes.archive_class(desk, club.id)
    rosters.leave_class(desk, section, people[4].id)
    clock.advance(minutes=60 * 24)
    goals.set_goal(desk, people[1].id, "I read a page", steps=["one line"])
    goals.remove_step(desk, section, goals.goals_of_student(desk, section, people[1].id)[0].steps[0].step.id)
    calendars.add_period(desk, section, 0, 540, 50)
    calendars.remove_period(desk, section, desk.reads.lessons.periods(section)[0].id)
    classes.set_adults(desk, section, ["Ms Okoro", "Mr Hill"])
    classes.set_adults(desk, section, ["Ms Okoro"])
    groups.keep_apart(desk, section, people[0].id, people[1].id)
    groups.remove_rule(desk, section, desk.reads.people.pair_rules(section)[0].id)
    calendars.add_days_off(desk, "2026-12-24", "2026-12-28", name="Winter break")
    calendars.remove_days(desk, calendars.special_days(desk)[0].id)
    return desk


def page_of(window: DeskWindow) -> BinPage:
    history = window.open_page("history")
    assert isinstance(history, HistoryPage)
    history.bin.click()
    page = window.stack.currentWidget()
    assert isinstance(page, BinPage)
    QApplication.processEvents()
    return page


def said(page: QWidget) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page) and label.text()]


def test_an_empty_bin_says_what_would_be_in_it(desk_window: DeskWindow) -> None:
    page = page_of(desk_window)
    assert "The bin is empty" in said(page)
    assert complaints(page) == []
    page.back.click()
    assert isinstance(desk_window.stack.currentWidget(), HistoryPage)


def test_everything_in_the_bin_is_called_by_its_name(full: AppContext, desk_window: DeskWindow) -> None:
    words = said(page_of(desk_window))
    assert {"4 stations", "Chess club", "Chloe", "one line", "Monday 9:00", "Mr Hill", "Winter break"} <= set(words)
    assert {"Class, put away", "Left Sunflowers", "Step of a goal of Ben", "School calendar"} <= set(words)
    assert {"Amina, Ben", "Ben, Amina"} & set(words)
    assert {"Today", "The day before"} <= set(words)


def test_one_press_brings_back_and_undo_puts_it_in_again(
    full: AppContext, desk_window: DeskWindow, section: Id, qtbot: QtBot
) -> None:
    page = page_of(desk_window)
    before = len(bins.things(full))
    button = next(one for one in page.findChildren(kit.Button) if "Chloe" in one.accessibleName())
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert "Chloe" in {s.name for s in full.reads.people.students(section)}
    assert desk_window.toast.message() == "Chloe is back in Sunflowers."
    qtbot.waitUntil(lambda: "Chloe" not in said(page))
    focused = QApplication.focusWidget() or page.focusWidget()
    assert focused is not None
    assert page.isAncestorOf(focused)
    desk_window.session.undo()
    qtbot.waitUntil(lambda: "Chloe" in said(page))
    assert len(bins.things(full)) == before
    QTest.keyClick(page, Qt.Key.Key_Escape)


def test_a_class_whose_name_is_taken_says_so(full: AppContext, desk_window: DeskWindow) -> None:
    classes.create_class(full, "Chess club")
    page = page_of(desk_window)
    next(one for one in page.findChildren(kit.Button) if "Chess club" in one.accessibleName()).click()
    assert "Chess club" in desk_window.toast.message()
    assert len([one for one in bins.things(full) if one.name == "Chess club"]) == 1


@pytest.mark.parametrize(("language", "scale", "size"), LOOKS)
def test_bin_and_year_have_names_and_fit(
    themed_app: QApplication,
    full: AppContext,
    desk_window: DeskWindow,
    language: str,
    scale: float,
    size: tuple[int, int],
) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language, face="desk")
    desk_window.resize(*size)
    page = page_of(desk_window)
    assert complaints(page) == []
    QApplication.processEvents()  # the scroll area hears a turn later how high its rows are
    assert clipped(page) == []
    room = desk_window.open_page("room")
    assert isinstance(room, RoomPage)
    QApplication.processEvents()
    assert clipped(room.header) == []
    room.year.click()
    sheet = desk_window.findChild(YearSheet)
    assert sheet is not None
    QApplication.processEvents()
    assert complaints(sheet) == []
    assert clipped(sheet) == []
    sheet.close_sheet()


# --- the school year --------------------------------------------------------------------------------------------------


def year_sheet(window: DeskWindow) -> YearSheet:
    room = window.open_page("room")
    assert isinstance(room, RoomPage)
    room.year.click()
    sheet = window.findChild(YearSheet)
    assert sheet is not None
    return sheet


def close_button(sheet: YearSheet) -> kit.Button:
    found = sheet.findChild(kit.Button, "year_close")
    assert found is not None
    return found


def test_a_year_is_closed_in_one_press_and_undone_in_another(
    desk: AppContext, section: Id, desk_window: DeskWindow
) -> None:
    classes.create_class(desk, "Maths")
    sheet = year_sheet(desk_window)
    assert close_button(sheet).text() == "Close 2026/27"
    for one, field, way in sheet._rows:
        if one.id == section:
            field.setText("Sunflowers 5")
        else:
            way.choose("away")
            way.changed.emit("away")
            assert not field.isEnabled()
    close_button(sheet).click()
    assert desk_window.toast.message() == "The school year 2026/27 is closed."
    assert [(one.name, one.year) for one in desk.reads.sections.all()] == [("Sunflowers 5", "2027/28")]
    desk_window.session.undo()
    assert {one.name for one in desk.reads.sections.all()} == {"Sunflowers", "Maths"}


def test_a_name_that_does_not_do_is_said_in_the_sheet(desk: AppContext, section: Id, desk_window: DeskWindow) -> None:
    classes.create_class(desk, "Maths")
    sheet = year_sheet(desk_window)
    for _one, field, _way in sheet._rows:
        field.setText("The same")
    close_button(sheet).click()
    assert "The same" in sheet.trouble.text()
    assert {one.name for one in desk.reads.sections.all()} == {"Sunflowers", "Maths"}
    sheet.close_sheet()


def test_the_class_in_view_is_another_when_it_was_put_away(
    desk: AppContext, section: Id, desk_window: DeskWindow
) -> None:
    classes.create_class(desk, "Maths")
    sheet = year_sheet(desk_window)
    for one, _field, way in sheet._rows:
        if one.id == section:
            way.choose("away")
    close_button(sheet).click()
    shown = desk_window.session.section()
    assert shown is not None
    assert shown.name == "Maths"
