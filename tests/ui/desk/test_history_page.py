"""Every change in words, and undo from the list; what stands in the way is offered first."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from blenddesk.domain.ids import Id
from blenddesk.services import erasing, goals, history, rosters
from blenddesk.services.context import AppContext
from blenddesk.ui import kit
from blenddesk.ui.desk import history_page
from blenddesk.ui.desk.history_page import HistoryPage
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import FakeClock
from tests.ui.access import complaints
from tests.ui.clipping import clipped


@pytest.fixture
def page(desk_window: DeskWindow) -> HistoryPage:
    found = desk_window.open_page("history")
    assert isinstance(found, HistoryPage)
    return found


def sentences(page: HistoryPage) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page) and label.text()]


def test_changes_are_sentences_and_can_be_undone(
    page: HistoryPage, desk: AppContext, section: Id, qtbot: QtBot
) -> None:
    amina = desk.reads.people.students(section)[0]
    change = desk.run(rosters.set_avatar, amina.id, "robot")
    qtbot.waitUntil(lambda: "Amina has another picture." in sentences(page))
    undo = page.findChild(kit.Button, f"undo_{change.change_id}")
    assert undo is not None
    assert undo.accessibleName() == "Undo: Amina has another picture."
    undo.click()
    found = desk.reads.people.student(section, amina.id)
    assert found is not None
    assert found.avatar == amina.avatar
    qtbot.waitUntil(lambda: "Undone" in sentences(page))
    assert "Undone: Amina has another picture." in sentences(page)


def test_what_lasts_offers_no_undo(page: HistoryPage, desk: AppContext, section: Id, qtbot: QtBot) -> None:
    """A press that could only answer "that cannot be undone" is not offered."""
    change = desk.run(erasing.erase_student, desk.reads.people.students(section)[0].id)
    qtbot.waitUntil(lambda: "A student was erased for good." in sentences(page))
    assert page.findChild(kit.Button, f"undo_{change.change_id}") is None


def test_a_later_change_in_the_way_is_offered(page: HistoryPage, desk: AppContext, section: Id, qtbot: QtBot) -> None:
    amina = desk.reads.people.students(section)[0]
    first = desk.run(rosters.set_avatar, amina.id, "robot")
    desk.run(rosters.set_avatar, amina.id, "kite")
    page.undo(first.change_id)
    sheet = page.session.window.findChild(kit.Sheet)
    assert sheet is not None
    assert "Amina has another picture." in sheet.text.text()
    found = desk.reads.people.student(section, amina.id)
    assert found is not None
    assert found.avatar == "kite"
    button = page.session.window.findChild(kit.Button, "history_undo_later")
    assert button is not None
    button.click()
    found = desk.reads.people.student(section, amina.id)
    assert found is not None
    assert found.avatar == "robot"


def test_what_was_undone_already_is_said(page: HistoryPage, desk: AppContext, section: Id) -> None:
    amina = desk.reads.people.students(section)[0]
    change = desk.run(rosters.set_avatar, amina.id, "robot")
    desk.run(history.undo, change.change_id)
    page.undo(change.change_id)
    assert page.session.window.toast.message() == "That was already undone."


def test_only_thirty_days_and_a_part_at_a_time(
    page: HistoryPage,
    desk: AppContext,
    section: Id,
    clock: FakeClock,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.advance(minutes=60 * 24 * 31)
    page.refresh()
    assert page.empty.isVisible()
    monkeypatch.setattr(page, "_limit", 2)
    monkeypatch.setattr(history_page, "PART", 2)
    amina = desk.reads.people.students(section)[0]
    for words in ("I read", "I count", "I sing"):
        desk.run(goals.set_goal, amina.id, words)
    qtbot.waitUntil(lambda: sentences(page).count("Amina has a new goal.") == 2)
    page.more.click()
    assert sentences(page).count("Amina has a new goal.") == 3
    assert not page.more.isVisible()


def test_many_alike_in_a_row_are_one_line_until_opened(
    page: HistoryPage, desk: AppContext, section: Id, qtbot: QtBot
) -> None:
    amina, ben = desk.reads.people.students(section)[:2]
    made = [desk.run(goals.set_goal, amina.id, f"I read {number}") for number in range(history_page.MANY_ALIKE)]
    qtbot.waitUntil(lambda: sentences(page).count("Amina has a new goal.") == 1)
    assert f"{history_page.MANY_ALIKE} times" in sentences(page)
    first = made[0].change_id
    each = page.findChild(kit.Button, f"each_{first}")
    assert each is not None
    assert each.accessibleName() == f"Show each: Amina has a new goal. {history_page.MANY_ALIKE} times"
    # A newer one joins; another sentence between parts them.
    made.append(desk.run(goals.set_goal, amina.id, "I sing"))
    qtbot.waitUntil(lambda: f"{history_page.MANY_ALIKE + 1} times" in sentences(page))
    desk.run(goals.set_goal, ben.id, "I count")
    desk.run(goals.set_goal, amina.id, "I dance")
    qtbot.waitUntil(lambda: sentences(page).count("Amina has a new goal.") == 2)
    each = page.findChild(kit.Button, f"each_{first}")
    assert each is not None
    each.click()
    assert sentences(page).count("Amina has a new goal.") == len(made) + 1
    assert all(page.findChild(kit.Button, f"undo_{one.change_id}") is not None for one in made)


def test_a_screen_reader_meets_every_control(page: HistoryPage, desk: AppContext, section: Id) -> None:
    QApplication.processEvents()
    wrong = [one for one in complaints(page) if "is also" not in one]
    assert wrong == []
    assert clipped(page) == []
