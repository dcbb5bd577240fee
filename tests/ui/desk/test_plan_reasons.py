"""Groups with reasons by real clicks: the report card, why here, locks, better and other groups, clashing rules."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import PlanSheet
from blenddesk.services import group_reports, groups, plans
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.plan_group_panel import STUDENT_MIME
from blenddesk.ui.desk.plan_page import PlanPage
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import fill_class
from tests.ui.access import complaints
from tests.ui.clipping import clipped


def settle(window: DeskWindow) -> None:
    """Until the solver has answered and its answer is on the screen."""
    end = time.monotonic() + 20
    for _turn in range(4):
        QApplication.processEvents()
    while window.tasks.is_busy:
        assert time.monotonic() < end, "the solver did not come back"
        QApplication.processEvents()
        QTest.qWait(2)
    for _turn in range(4):
        QApplication.processEvents()


def press(window: DeskWindow, name: str) -> None:
    found = [one for one in window.findChildren(QWidget, name) if one.isVisibleTo(window)]
    assert len(found) == 1, f"{name}: {len(found)}"
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
    settle(window)


def sheet_of(window: DeskWindow) -> kit.Sheet:
    return next(one for one in window.findChildren(kit.Sheet) if one.isVisible())


def words_of(widget: QWidget) -> str:
    return " | ".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def taught_twice(desk: AppContext, section: Id) -> Id:
    """A plan after an earlier lesson with the very same groups: everyone meets again."""
    first = plans.new_plan(desk, section, "station-4", day="2026-11-20").plan
    plans.mark_ready(desk, section, first)
    second = plans.new_plan(desk, section, "station-4", day="2026-11-24").plan
    groups.regroup(desk, section, second, "as_last_time", seed=1)
    return second


@pytest.fixture
def second(desk: AppContext, section: Id) -> Id:
    return taught_twice(desk, section)


@pytest.fixture
def page(desk_window: DeskWindow, second: Id) -> PlanPage:
    page = desk_window.open_page("plan")
    assert isinstance(page, PlanPage)
    page.open_with(plan=second)
    settle(desk_window)
    return page


def shown(desk: AppContext, section: Id, plan: Id) -> PlanSheet:
    return plans.sheet(desk, section, plan)


def test_the_report_s_line_opens_five_lines_and_lights_up_pairs(
    page: PlanPage, desk_window: DeskWindow, desk: AppContext, section: Id, second: Id
) -> None:
    assert page.groups.report.text() == "4 pairs meet again"
    press(desk_window, "groups_report")
    sheet = sheet_of(desk_window)
    assert len(sheet.findChildren(kit.CheckRow)) == 5
    assert "4 pairs meet again" in words_of(sheet)
    assert complaints(sheet) == []
    press(desk_window, "show_repeats")
    whole = shown(desk, section, second)
    first, other = whole.groups[0].students
    assert page.groups.chip(first).toolTip() == desk.reads.people.student(section, other).name  # type: ignore[union-attr]
    page.groups.chip(first).setFocus()
    QTest.keyClick(page.groups.chip(first), Qt.Key.Key_Escape)
    assert page.groups.chip(first).toolTip() == ""


def test_improve_the_rest_leaves_who_is_locked_and_is_one_undo(
    page: PlanPage, desk_window: DeskWindow, desk: AppContext, section: Id, second: Id
) -> None:
    before = shown(desk, section, second)
    kept = before.groups[0].students[0]
    page.groups.mode_requested.emit("mixed")
    settle(desk_window)
    before = shown(desk, section, second)
    for student in before.groups[1].students:
        QTest.mouseClick(page.groups.chip(student), Qt.MouseButton.LeftButton)
        press(desk_window, "keep_here")
    locked = shown(desk, section, second).groups[1].locked
    assert locked == before.groups[1].students
    # Put two who met back together: the solver has something to better.
    earlier = desk.reads.plans.groupings_before(section, "2026-11-24", limit=1)[0]
    pair = next(group for group in earlier if not set(group) & set(locked))
    home = before.group_of(pair[0])
    assert home is not None
    groups.move_student(desk, section, second, pair[1], home.id)
    page.refresh()
    worse = shown(desk, section, second)
    press(desk_window, "groups_report")
    press(desk_window, "report_improve")
    better = shown(desk, section, second)
    assert set(locked) <= set(better.groups[1].students)
    assert better.groups[1].locked == locked
    report = group_reports.report(group_reports.asked(desk, section, better))
    assert report.line("repeats").number == report.line("rules").number == 0
    assert desk.reads.plans.group_wishes(section, second).seed
    press(desk_window, "toast_undo")
    assert shown(desk, section, second).groups == worse.groups
    assert kept


def test_why_here_by_button_and_by_menu_key(
    page: PlanPage, desk_window: DeskWindow, desk: AppContext, section: Id, second: Id
) -> None:
    whole = shown(desk, section, second)
    student, mate = whole.groups[0].students
    apart = whole.groups[1].students[0]
    names = {one.id: one.name for one in desk.reads.people.students(section)}
    groups.keep_apart(desk, section, student, apart)
    page.refresh()
    QTest.mouseClick(page.groups.chip(student), Qt.MouseButton.LeftButton)
    press(desk_window, "why_here")
    sheet = sheet_of(desk_window)
    assert f"Kept apart from {names[apart]}" in words_of(sheet)
    assert f"Meets {names[mate]} for the second time" in words_of(sheet)
    assert complaints(sheet) == []
    press(desk_window, "helps_reader")
    assert desk.reads.people.helps_with(section) == {student: {"reader"}}
    sheet.close_sheet()
    chip = page.groups.chip(mate)
    menu = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(4, 4), chip.mapToGlobal(QPoint(4, 4)))
    QApplication.sendEvent(chip, menu)
    settle(desk_window)
    assert names[mate] in sheet_of(desk_window).title.text()


def test_what_a_move_would_do_is_said_before_it_is_done(
    page: PlanPage, desk_window: DeskWindow, desk: AppContext, section: Id, second: Id
) -> None:
    whole = shown(desk, section, second)
    student, panel = whole.groups[0].students[0], page.groups.panels()[3]
    QTest.mouseClick(page.groups.chip(student), Qt.MouseButton.LeftButton)
    settle(desk_window)
    assert panel.change.text().startswith("Meet again: from 4 to 3")
    QTest.keyClick(page.groups.chip(student), Qt.Key.Key_Escape)
    data = QMimeData()
    data.setData(STUDENT_MIME, student)
    enter = QDragEnterEvent(
        QPoint(20, 20), Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(panel, enter)
    assert page.groups.report.text().startswith("Meet again: from 4 to 3")
    QApplication.sendEvent(panel, QDragLeaveEvent())
    assert page.groups.report.text() == "4 pairs meet again"
    assert shown(desk, section, second) == whole


def test_two_plans_side_by_side_and_undo_brings_the_first_back(
    page: PlanPage, desk_window: DeskWindow, desk: AppContext, section: Id, second: Id
) -> None:
    before = shown(desk, section, second)
    press(desk_window, "groups_report")
    press(desk_window, "report_another")
    sheet = sheet_of(desk_window)
    assert len(sheet.findChildren(kit.CheckRow)) == 10
    assert shown(desk, section, second) == before
    assert complaints(sheet) == []
    press(desk_window, "two_other")
    after = shown(desk, section, second)
    assert after.groups != before.groups
    press(desk_window, "toast_undo")
    assert shown(desk, section, second).groups == before.groups


@pytest.mark.parametrize("asked_by", ["improve", "mode"])
def test_clashing_rules_are_named_and_one_is_dropped(
    page: PlanPage, desk_window: DeskWindow, desk: AppContext, section: Id, second: Id, asked_by: str
) -> None:
    one, two, three, four = [student.id for student in desk.reads.people.students(section)][:4]
    groups.keep_together(desk, section, one, two)
    groups.keep_apart(desk, section, three, four)
    page.refresh()
    whole = shown(desk, section, second)
    places = [whole.group_of(student) for student in (one, two)]
    assert places[0] is not None
    assert places[1] is not None
    if places[0].id == places[1].id:
        groups.move_student(desk, section, second, two, next(g.id for g in whole.groups if g.id != places[0].id))
        page.refresh()
    for student in (one, two):
        QTest.mouseClick(page.groups.chip(student), Qt.MouseButton.LeftButton)
        press(desk_window, "keep_here")
    if asked_by == "mode":
        press(desk_window, "mode_mixed")
    else:
        press(desk_window, "groups_report")
        press(desk_window, "report_improve")
    sheet = sheet_of(desk_window)
    assert sheet.title.text().startswith("These 3 rules cannot all be kept: ")
    assert complaints(sheet) == []
    together = next(
        button
        for button in sheet.findChildren(kit.Button)
        if button.objectName().startswith("drop_") and "together" in button.words()
    )
    QTest.mouseClick(together, Qt.MouseButton.LeftButton)
    settle(desk_window)
    assert [rule.kind for rule in desk.reads.people.pair_rules(section)] == ["apart"]
    report = group_reports.report(group_reports.asked(desk, section, shown(desk, section, second)))
    assert report.line("rules").number == 0


def test_nothing_of_rules_and_levels_shows_while_others_may_see(
    page: PlanPage, desk_window: DeskWindow, desk: AppContext, section: Id, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = desk.reads.people.students(section)[0].id
    monkeypatch.setattr(page.reasons, "others_may_see", lambda: True)
    page.refresh()
    assert not page.groups.report.isVisible()
    assert not page.groups.sort.isVisible()
    QTest.mouseClick(page.groups.chip(student), Qt.MouseButton.LeftButton)
    assert not page.groups.why.isVisible()
    page.reasons.show_why(student)
    page.reasons.show_report()
    settle(desk_window)
    assert [one for one in desk_window.findChildren(kit.Sheet) if one.isVisible()] == []


@pytest.mark.parametrize("size", [(1280, 680), (1366, 768)])
@pytest.mark.parametrize("opened", ["groups_report", "report_another", "why_here"])
@pytest.mark.parametrize(("language", "scale"), [("en", 1.0), ("en", 1.3), ("ar", 1.0), ("es", 1.0)])
def test_sheets_are_read_whole(
    desk_window: DeskWindow,
    desk: AppContext,
    themed_app: QApplication,
    size: tuple[int, int],
    opened: str,
    language: str,
    scale: float,
) -> None:
    section = fill_class(desk, 32, "Class 4B")
    plan = taught_twice(desk, section)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    desk_window.resize(*size)
    desk_window.session.choose_section(section)
    page = desk_window.open_page("plan")
    assert isinstance(page, PlanPage)
    page.open_with(plan=plan)
    settle(desk_window)
    student = shown(desk, section, plan).groups[0].students[0]
    if opened == "why_here":
        QTest.mouseClick(page.groups.chip(student), Qt.MouseButton.LeftButton)
        settle(desk_window)
        assert [line for line in clipped(page) if "page_plan" not in line] == []
        press(desk_window, "why_here")
    else:
        press(desk_window, "groups_report")
        if opened == "report_another":
            press(desk_window, opened)
    assert clipped(sheet_of(desk_window)) == []
