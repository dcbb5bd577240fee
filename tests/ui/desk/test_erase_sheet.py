"""Erasing a student: counted first, the name typed, gone from the class, nothing to undo."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.errors import Refusal
from blenddesk.services import erasing, history
from blenddesk.services.context import AppContext
from blenddesk.ui import kit
from blenddesk.ui.desk.child_page import ChildPage
from blenddesk.ui.desk.erase_sheet import EraseSheet
from blenddesk.ui.desk.window import DeskWindow
from tests.ui.access import complaints
from tests.ui.clipping import clipped


@pytest.fixture
def amina(desk: AppContext, section: Id) -> Id:
    return desk.reads.people.students(section)[0].id


@pytest.fixture
def sheet(desk_window: DeskWindow, amina: Id, qtbot: QtBot) -> EraseSheet:
    page = desk_window.open_page("child", student=amina)
    assert isinstance(page, ChildPage)
    QApplication.processEvents()
    page.classes.erase.click()
    qtbot.waitUntil(lambda: bool(shown(desk_window)))
    return shown(desk_window)[0]


def shown(window: DeskWindow) -> list[EraseSheet]:
    return [one for one in window.findChildren(EraseSheet) if one.isVisible()]


def test_the_name_is_typed_before_anything_goes(
    sheet: EraseSheet, desk: AppContext, desk_window: DeskWindow, section: Id, amina: Id, qtbot: QtBot
) -> None:
    assert not sheet.erase.isEnabled()
    sheet.typed.setText("Ben")
    assert not sheet.erase.isEnabled()
    sheet.typed.setText("  amina ")
    assert sheet.erase.isEnabled()
    sheet.erase.click()
    qtbot.waitUntil(lambda: not desk_window.tasks.is_busy)
    QApplication.processEvents()
    page = desk_window.page("class")
    assert page is not None
    assert page.isVisible()
    assert amina not in [one.id for one in desk.reads.people.students(section)]
    assert "Amina" in desk_window.toast.message()
    assert history.changes(desk, limit=1)[0].lasting


def test_cancel_leaves_all_as_it_was(sheet: EraseSheet, desk: AppContext, section: Id, amina: Id) -> None:
    sheet.close_sheet()
    assert amina in [one.id for one in desk.reads.people.students(section)]


def test_everybody_can_use_it(sheet: EraseSheet) -> None:
    QApplication.processEvents()
    assert complaints(sheet) == []
    assert clipped(sheet) == []
    assert isinstance(sheet.erase, kit.Button)


def test_what_goes_is_counted(desk: AppContext, section: Id, amina: Id) -> None:
    seen: list[tuple[int, int]] = []
    before = erasing.what_is_known(desk, amina)
    desk.commit("goal_new", [put(section, "goal", desk.new_id(), student=amina, words="I can")])
    known = erasing.what_is_known(desk, amina, lambda done, total: seen.append((done, total)))
    assert known.records["goal"] == before.records["goal"] + 1
    assert seen
    assert all(done < total for done, total in seen)


def test_nobody_is_erased_twice(desk: AppContext, amina: Id) -> None:
    erasing.erase_student(desk, amina)
    with pytest.raises(Refusal, match="student_unknown"):
        erasing.erase_student(desk, amina)
