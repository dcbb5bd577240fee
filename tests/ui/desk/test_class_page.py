"""The class page: tiles, finding, settings, empty states, keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.domain.ports import today
from blenddesk.services import calendars, classes, goals, history, profiles, rosters
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.class_page import ClassPage
from blenddesk.ui.desk.class_settings import ClassSettingsSheet, NewClassSheet
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import FakeClock, fill_class
from tests.ui.access import complaints
from tests.ui.clipping import clipped


@pytest.fixture
def page(desk_window: DeskWindow) -> ClassPage:
    found = desk_window.open_page("class")
    assert isinstance(found, ClassPage)
    return found


def shown(page: ClassPage) -> list[str]:
    return [tile.words() for tile in page.grid.widgets() if not tile.isHidden()]  # type: ignore[attr-defined]


def test_everyone_has_a_tile_that_says_what_matters(page: ClassPage, desk: AppContext, section: Id) -> None:
    amina, ben = desk.reads.people.students(section)[:2]
    desk.run(goals.set_goal, amina.id, "I read alone")
    desk.run(profiles.set_list, amina.id, "needs", ["sits near the board"])
    day = today(desk.clock).isoformat()
    meeting = calendars.meeting_id(section, day, 540)
    desk.commit(
        "t",
        [
            put(section, "meeting", meeting, day=day, start_minute=540, minutes=50),
            put(section, "attendance", bytes(15) + b"\1", meeting=meeting, student=ben.id, status="away"),
        ],
    )
    page.refresh()
    assert len(shown(page)) == 8
    tile, away = page.tile(amina.id), page.tile(ben.id)
    assert tile is not None
    assert away is not None
    assert tile.accessibleDescription() == "Here. Goal: today. 0 stations done. There are notes"
    assert away.accessibleDescription().startswith("Away. No goal yet")
    assert "sits near" not in tile.accessibleDescription()
    assert page.header.subtitle.text() == "8 students · 7 here, 1 away · Younger look"


def test_a_change_keeps_the_tile_and_the_keys(page: ClassPage, desk: AppContext, section: Id, qtbot: QtBot) -> None:
    third = desk.reads.people.students(section)[2]
    tile = page.tile(third.id)
    assert tile is not None
    tile.setFocus()
    desk.run(rosters.rename_student, third.id, "Bea", "Kaya")
    qtbot.waitUntil(lambda: "Bea" in shown(page))
    assert page.tile(third.id) is tile
    assert tile.hasFocus()


def test_typing_finds_and_arrow_down_goes_there(page: ClassPage, qtbot: QtBot) -> None:
    page.search.setFocus()
    qtbot.keyClicks(page.search, "da")
    assert shown(page) == ["Daniel"]
    qtbot.keyClick(page.search, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is next(iter(page.grid.widgets()))
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert page.session.window.stack.currentWidget().objectName() == "page_child"
    page.search.setText("nobody")
    assert shown(page) == []
    assert "nobody" in page.nobody.text()


def test_settings_are_saved_as_one_change(page: ClassPage, desk: AppContext, section: Id) -> None:
    page.settings.click()
    sheet = page.session.window.findChild(ClassSettingsSheet)
    assert sheet is not None
    sheet.name.setText("  4B  ")
    sheet.look.button("older").click()
    sheet.sign_in.button("tap").click()
    adults = sheet.findChild(QPlainTextEdit, "class_adults")
    assert adults is not None
    adults.setPlainText("Mr Li\nMs Okoro\n\n")
    before = len(history.changes(desk))
    sheet.findChild(kit.Button, "class_save").click()  # type: ignore[union-attr]
    found = desk.reads.sections.get(section)
    assert found is not None
    assert (found.name, found.look, found.sign_in) == ("4B", "older", "tap")
    assert [adult.name for adult in desk.reads.sections.adults(section)] == ["Mr Li", "Ms Okoro"]
    assert len(history.changes(desk)) == before + 1


def test_a_name_that_is_taken_is_said_at_the_field(page: ClassPage, desk: AppContext) -> None:
    classes.create_class(desk, "Moon")
    page.open_settings()
    sheet = page.session.window.findChild(ClassSettingsSheet)
    assert sheet is not None
    sheet.name.setText("moon")
    sheet.findChild(kit.Button, "class_save").click()  # type: ignore[union-attr]
    assert "Moon" in sheet.name_row.note.text()
    assert not sheet.isHidden()
    sheet.close_sheet()


def test_putting_a_class_away_and_back(page: ClassPage, desk: AppContext, section: Id, qtbot: QtBot) -> None:
    page.open_settings()
    sheet = page.session.window.findChild(ClassSettingsSheet)
    assert sheet is not None
    sheet.put_away.click()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.no_class)
    page.session.undo()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.area)
    assert page.session.section_id == section


def test_an_empty_class_offers_three_ways(page: ClassPage, desk: AppContext, qtbot: QtBot) -> None:
    page.open_new_class()
    sheet = page.session.window.findChild(NewClassSheet)
    assert sheet is not None
    sheet.name.setText("Empty")
    qtbot.keyClick(sheet.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.empty)
    for way in ("paste", "file", "type"):
        page.session.window.open_page("class")
        page.findChild(kit.Button, f"empty_{way}").click()  # type: ignore[union-attr]
        assert page.session.window.stack.currentWidget().way.chosen() == way  # type: ignore[attr-defined]


def test_the_switcher_changes_the_class_in_view(page: ClassPage, desk: AppContext, qtbot: QtBot) -> None:
    other = fill_class(desk, 3, "Moon")
    page.refresh()
    page.switcher.choose(other.hex())
    page.switcher.activated.emit(page.switcher.currentIndex())
    qtbot.waitUntil(lambda: len(shown(page)) == 3)


def test_a_screen_reader_meets_every_control(page: ClassPage) -> None:
    assert complaints(page) == []
    page.open_settings()
    sheet = page.session.window.findChild(ClassSettingsSheet)
    assert sheet is not None
    assert complaints(sheet) == []
    sheet.close_sheet()


@pytest.mark.parametrize(
    ("size", "scale", "language"),
    [((1366, 705), 1.0, "en"), ((1280, 680), 1.3, "en"), ((1024, 600), 1.0, "en"), ((1280, 680), 1.0, "ar")],
)
def test_the_stress_class_fits(
    desk_window: DeskWindow,
    desk: AppContext,
    clock: FakeClock,
    themed_app: QApplication,
    size: tuple[int, int],
    scale: float,
    language: str,
) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    stress = fill_class(desk, 39, "Stress")
    for name in (
        "Mohamed Salah",
        "Mohamed Saleh",
        "Mohamed Said",
        "Maximiliana-Alexandrine A",
        "Wolfeschlegelsteinhaus B",
    ):
        first, _space, family = name.partition(" ")
        rosters.add_student(desk, stress, first, family)
    done = {"kind": "claimed", "day": "2026-11-23", "at_ms": 5, "by": "student"}
    everyone = desk.reads.people.students(stress)
    desk.commit(
        "t",
        [
            put(stress, "entry", bytes(14) + bytes([place, n]), student=one.id, **done)  # type: ignore[arg-type]
            for place, one in enumerate(everyone)
            for n in range(12)
        ],
    )
    goals.set_goal(desk, everyone[0].id, "I read alone")
    clock.advance(minutes=60 * 24 * 21)
    desk_window.session.choose_section(stress)
    desk_window.resize(*size)
    page = desk_window.open_page("class")
    assert isinstance(page, ClassPage)
    page.refresh()
    QApplication.processEvents()
    assert len(page.grid.widgets()) == 44
    assert clipped(page) == []
