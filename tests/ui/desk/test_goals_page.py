"""All goals of a class: order, filters, finding, a new goal with a student."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk import text
from blenddesk.domain.goals import GoalStatus
from blenddesk.domain.ids import Id
from blenddesk.services import goals
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.child_goal_sheet import GoalSheet
from blenddesk.ui.desk.goals_page import GoalRow, GoalsPage
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import FakeClock
from tests.ui.access import complaints
from tests.ui.clipping import clipped

DAY = 60 * 24


@pytest.fixture
def page(desk_window: DeskWindow) -> GoalsPage:
    found = desk_window.open_page("goals")
    assert isinstance(found, GoalsPage)
    return found


def rows(page: GoalsPage) -> list[str]:
    return [row.accessibleName() for row in page.grid.widgets()]


def make(desk: AppContext, section: Id, clock: FakeClock) -> list[Id]:
    """Three goals: Amina's is 21 days old, Ben's 7, Beyza's reached."""
    amina, ben, beyza = (one.id for one in desk.reads.people.students(section)[:3])
    desk.run(goals.set_goal, amina, "I read alone", steps=["a", "b"])
    desk.run(goals.set_goal, beyza, "I count to 20")
    counted = goals.goals_of_student(desk, section, beyza)[0].goal.id
    desk.run(goals.set_status, section, counted, GoalStatus.REACHED)
    clock.advance(minutes=14 * DAY)
    desk.run(goals.set_goal, ben, "I ask a friend")
    clock.advance(minutes=7 * DAY)
    return [amina, ben, beyza]


def test_nothing_yet_says_where_goals_come_from(page: GoalsPage, desk: AppContext, section: Id, qtbot: QtBot) -> None:
    assert page.empty.isVisible()
    first = page.findChild(kit.Button, "goals_first")
    assert first is not None
    first.click()
    sheet = page.session.window.findChild(GoalSheet)
    assert sheet is not None
    save = page.session.window.findChild(kit.Button, "goal_save")
    assert save is not None
    sheet.words.setText("I read alone")
    save.click()
    assert "Choose a student" in sheet.who_row.note.text()
    assert sheet.who is not None
    amina = desk.reads.people.students(section)[0].id
    sheet.who.choose(amina.hex())
    save.click()
    assert goals.goals_of_student(desk, section, amina)[0].goal.words == "I read alone"
    qtbot.waitUntil(lambda: rows(page) == ["Amina: I read alone"])


def test_the_quietest_come_first(page: GoalsPage, desk: AppContext, section: Id, clock: FakeClock) -> None:
    make(desk, section, clock)
    page.refresh()
    assert rows(page) == ["Amina: I read alone", "Ben: I ask a friend"]
    first = page.grid.widgets()[0]
    assert first.accessibleDescription() == "0 of 2 steps. quiet for 15 school days"
    assert page.header.subtitle.text() == "Sunflowers · 2 going on · 6 students without a goal"


def test_filters_and_finding(page: GoalsPage, desk: AppContext, section: Id, clock: FakeClock) -> None:
    make(desk, section, clock)
    page.refresh()
    page.filter.button("quiet").click()
    assert rows(page) == ["Amina: I read alone"]
    page.filter.button("ended").click()
    assert rows(page) == ["Beyza: I count to 20"]
    page.filter.button("none").click()
    assert rows(page)[0] == "Beyza: No goal yet"
    assert len(rows(page)) == 6
    page.filter.button("going").click()
    page.search.setText("friend")
    assert rows(page) == ["Ben: I ask a friend"]
    page.search.setText("elephant")
    assert rows(page) == []
    assert "elephant" in page.nothing.text()


def test_a_row_opens_the_student_or_a_new_goal(
    page: GoalsPage, desk: AppContext, section: Id, clock: FakeClock
) -> None:
    make(desk, section, clock)
    page.refresh()
    first = page.grid.widgets()[0]
    assert isinstance(first, GoalRow)
    first.click()
    assert page.session.window.stack.currentWidget().objectName() == "page_child"
    page.session.window.open_page("goals")
    page.filter.button("none").click()
    row = page.grid.widgets()[0]
    assert isinstance(row, GoalRow)
    row.click()
    sheet = page.session.window.findChild(GoalSheet)
    assert sheet is not None
    assert sheet.who is None
    sheet.close_sheet()


def test_a_change_keeps_the_row_and_the_keys(
    page: GoalsPage, desk: AppContext, section: Id, clock: FakeClock, qtbot: QtBot
) -> None:
    _amina, ben, _beyza = make(desk, section, clock)
    page.refresh()
    goal = goals.goals_of_student(desk, section, ben)[0].goal.id
    row = page.row(goal)
    assert row is not None
    row.setFocus()
    desk.run(goals.edit_goal, section, goal, words="I ask two friends")
    qtbot.waitUntil(lambda: "Ben: I ask two friends" in rows(page))
    assert page.row(goal) is row
    assert row.hasFocus()


@pytest.mark.parametrize(
    ("size", "scale", "language"),
    [((1366, 705), 1.0, "en"), ((1280, 680), 1.3, "en"), ((1024, 600), 1.0, "en"), ((1280, 680), 1.0, "ar")],
)
def test_it_fits_and_speaks(
    desk_window: DeskWindow,
    desk: AppContext,
    section: Id,
    clock: FakeClock,
    themed_app: QApplication,
    size: tuple[int, int],
    scale: float,
    language: str,
) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    make(desk, section, clock)
    desk_window.resize(*size)
    page = desk_window.open_page("goals")
    assert isinstance(page, GoalsPage)
    QApplication.processEvents()
    assert clipped(page) == []
    assert complaints(page) == []
