"""The station library by real clicks and keys: finding, making, changing, putting away, swapping into a lesson."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Block, Decides
from blenddesk.services import classes, lesson_templates, plans, stations
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.station_cards import LibraryCard
from blenddesk.ui.desk.stations_page import StationsPage
from blenddesk.ui.desk.window import DeskWindow
from tests.ui.access import complaints
from tests.ui.clipping import clipped


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def shown(window: QWidget, name: str) -> QWidget:
    found = [one for one in window.findChildren(QWidget, name) if one.isVisibleTo(window)]
    assert len(found) == 1, f"{name}: {len(found)}"
    assert found[0].isEnabled(), name
    return found[0]


def press(window: QWidget, name: str) -> None:
    """One tap on the shown control of that name."""
    QTest.mouseClick(shown(window, name), Qt.MouseButton.LeftButton)
    settle()


def write(window: QWidget, name: str, words: str) -> None:
    field = shown(window, name)
    assert isinstance(field, kit.TextField)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)


def open_sheet(window: QWidget) -> kit.Sheet:
    return next(one for one in window.findChildren(kit.Sheet) if one.isVisible())


@pytest.fixture
def page(desk_window: DeskWindow) -> Iterator[StationsPage]:
    opened = desk_window.open_page("stations")
    assert isinstance(opened, StationsPage)
    settle()
    yield opened
    for sheet in desk_window.findChildren(kit.Sheet):
        sheet.close_sheet()
    settle()


def own(desk: AppContext) -> list[Block]:
    return [one.block for one in stations.library(desk, None) if one.own]


def placed(desk: AppContext, section: Id) -> tuple[Block, ...]:
    plan = plans.coming_plans(desk, section, days=None)[0]
    return plans.sheet(desk, section, plan.id).blocks


def test_a_station_is_found_by_words_and_filters(page: StationsPage) -> None:
    library = page.library
    assert len(library.cards()) == 24
    QTest.keyClicks(library.search, "dice")
    settle()
    assert [card.words() for card in library.cards()] == ["Maths game"]
    QTest.keyClick(library.search, Qt.Key.Key_Down)
    assert isinstance(page.window().focusWidget(), LibraryCard)
    library.search.clear()
    press(page, "library_kind_computer")
    assert {card.words() for card in library.cards()} == {"Computer", "Listening"}
    press(page, "library_kind_with_me")
    assert [card.words() for card in library.cards()] == ["With me"]
    QTest.keyClicks(library.search, "dice")
    settle()
    assert library.nothing.isVisible()
    press(page, "library_kind_with_me")
    library.search.clear()
    library.skill.choose("Science")
    library.skill.activated.emit(library.skill.currentIndex())
    settle()
    assert {card.words() for card in library.cards()} == {"Sorting", "Look and draw"}


def test_a_station_of_one_s_own_is_made_with_the_key_n(page: StationsPage, desk: AppContext) -> None:
    window = page.window()
    QTest.keyClick(page, Qt.Key.Key_N)
    settle()
    press(window, "own_save")
    assert open_sheet(window).isVisible(), "a station without a name is not saved"
    write(window, "own_title", "Robots")
    write(window, "own_materials", "Two robots")
    write(window, "step_1", "Switch on")
    write(window, "own_name_es", "Robots de clase")
    press(window, "own_headphones")
    shown(window, "own_decides_how").choose("student")  # type: ignore[attr-defined]
    press(window, "own_save")
    made = own(desk)[0]
    assert (made.title, made.materials, made.steps) == ("Robots", "Two robots", ("Switch on",))
    assert (made.names, made.headphones, made.decides_how) == (("es Robots de clase",), True, Decides.STUDENT)
    assert page.library.cards()[0].words() == "Robots"
    press(window, "toast_undo")
    assert own(desk) == []
    assert len(page.library.cards()) == 24


def test_an_own_station_is_changed_put_away_and_brought_back(page: StationsPage, desk: AppContext) -> None:
    window, key = page.window(), desk.run(stations.new_station, title="Robots").station.hex()
    settle()
    card = shown(window, f"library_{key}")
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Return)
    settle()
    write(window, "own_title", "Drones")
    press(window, "own_save")
    assert [one.title for one in own(desk)] == ["Drones"]
    press(window, f"library_{key}")
    press(window, "own_archive")
    assert own(desk) == []
    press(window, "toast_undo")
    assert [one.title for one in own(desk)] == ["Drones"]
    press(window, f"library_{key}")
    press(window, "own_archive")
    press(window, "stations_away")
    press(window, f"away_{key}")
    assert [one.title for one in own(desk)] == ["Drones"]
    assert not page.away.isVisible()


def test_what_is_changed_of_a_ready_made_one_is_one_s_own(page: StationsPage, desk: AppContext) -> None:
    window = page.window()
    press(window, "library_measuring")
    write(window, "own_task", "Measure the yard")
    press(window, "own_save")
    mine = own(desk)[0]
    assert (mine.title, mine.task, len(mine.steps), mine.output) == (
        "Measuring",
        "Measure the yard",
        3,
        "Five lengths in a table",
    )
    assert len(page.library.cards()) == 25


def test_any_station_of_a_lesson_is_swapped(desk_window: DeskWindow, desk: AppContext, section: Id) -> None:
    plans.new_plan(desk, section, "station-4", minutes=75)
    desk.run(stations.new_station, title="Robots")
    desk_window.open_page("plan")
    settle()
    press(desk_window, "swap_any")
    place = shown(desk_window, "swap_place")
    assert isinstance(place, kit.Choice)
    place.choose(placed(desk, section)[2].id.hex())
    QTest.keyClicks(shown(desk_window, "library_search"), "robots")
    settle()
    search = shown(desk_window, "library_search")
    QTest.keyClick(search, Qt.Key.Key_Down)
    focus = desk_window.focusWidget()
    assert isinstance(focus, LibraryCard)
    QTest.keyClick(focus, Qt.Key.Key_Return)
    settle()
    assert [one.title for one in placed(desk, section)] == ["With me", "Computer", "Robots", "On your own"]
    press(desk_window, "toast_undo")
    assert placed(desk, section)[2].title == "Team"


def test_a_lesson_s_station_is_swapped_and_kept_from_its_sheet(
    desk_window: DeskWindow, desk: AppContext, section: Id
) -> None:
    plans.new_plan(desk, section, "station-4", minutes=75)
    desk_window.open_page("plan")
    settle()
    press(desk_window, "station_3")
    press(desk_window, "station_swap")
    press(desk_window, "library_word_work")
    assert placed(desk, section)[3].title == "Word work"
    press(desk_window, "station_3")
    write(desk_window, "station_title", "Word tower")
    press(desk_window, "station_keep")
    assert placed(desk, section)[3].title == "Word tower"
    assert [one.title for one in own(desk)] == ["Word tower"]
    press(desk_window, "swap_any")
    press(desk_window, "swap_manage")
    assert isinstance(desk_window.page("stations"), StationsPage)
    assert desk_window.stack.currentWidget() is desk_window.page("stations")
    opened = desk_window.page("stations")
    assert opened is not None
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert desk_window.stack.currentWidget() is desk_window.page("plan")


def test_a_lesson_is_kept_as_a_template_and_used_again(desk_window: DeskWindow, desk: AppContext, section: Id) -> None:
    plans.new_plan(desk, section, "station-3", minutes=60)
    desk_window.open_page("plan")
    settle()
    press(desk_window, "plan_lessons")
    press(desk_window, "lesson_keep")
    write(desk_window, "template_name", "Robot day")
    press(desk_window, "template_keep")
    code = lesson_templates.own_templates(desk)[0].code
    press(desk_window, "templates_more")
    press(desk_window, f"every_{code}")
    plan = plans.coming_plans(desk, section, days=None)[0]
    assert (plan.name, plan.template) == ("Robot day", code)
    press(desk_window, "plan_lessons")
    press(desk_window, "lessons_templates")
    write(desk_window, "own_template_0", "Robots")
    shown(desk_window, "own_template_away_0").setFocus()
    settle()
    assert lesson_templates.own_templates(desk)[0].title == "Robots"
    press(desk_window, "own_template_away_0")
    assert lesson_templates.own_templates(desk) == ()
    press(desk_window, "toast_undo")
    assert lesson_templates.own_templates(desk)[0].title == "Robots"


@pytest.mark.parametrize("opened", ["", "stations_new", "library_letter", "own", "stations_away"])
def test_a_screen_reader_and_tab_meet_every_control(page: StationsPage, desk: AppContext, opened: str) -> None:
    mine = desk.run(stations.new_station, title="Maths game").station
    away = desk.run(stations.new_station, title="Old one").station
    desk.run(stations.archive_station, away)
    settle()
    if opened:
        press(page, f"library_{mine.hex()}" if opened == "own" else opened)
    assert complaints(open_sheet(page.window()) if opened else page) == []


@pytest.mark.parametrize(
    ("size", "scale", "language"),
    [
        ((1366, 705), 1.0, "en"),
        ((1280, 680), 1.0, "es"),
        ((1280, 680), 1.3, "en"),
        ((1280, 680), 1.0, "ar"),
        ((1024, 600), 1.0, "ar"),
    ],
)
def test_all_words_fit(
    desk_window: DeskWindow,
    desk: AppContext,
    section: Id,
    themed_app: QApplication,
    size: tuple[int, int],
    scale: float,
    language: str,
) -> None:
    classes.edit_class(desk, section, language=language)
    stations.new_station(desk, title="A station with a rather long own name", materials="Lamp, sheet, card, glue")
    plans.new_plan(desk, section, "station-4")
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    desk_window.resize(*size)
    page = desk_window.open_page("stations")
    settle()
    assert isinstance(page, StationsPage)
    assert len(page.library.cards()) == 25
    assert page.scroll_area.horizontalScrollBar().maximum() == 0
    assert [line for line in clipped(page) if "viewport" not in line] == []
    press(page, "library_listening")
    sheet = open_sheet(desk_window)
    assert [line for line in clipped(sheet.card) if "viewport" not in line] == []
    sheet.close_sheet()
    desk_window.open_page("plan")
    settle()
    press(desk_window, "swap_any")
    sheet = open_sheet(desk_window)
    assert sheet.scroll_area.horizontalScrollBar().maximum() == 0
    assert [line for line in clipped(sheet.card) if "viewport" not in line] == []
    sheet.close_sheet()
    settle()
