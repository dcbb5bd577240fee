"""The plan page by real clicks and keys: four presses to a planned lesson, moving students, fixing, editing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import PlanSheet, PlanStatus
from blenddesk.domain.rotations import check_rotation
from blenddesk.services import classes, groups, plans, rooms, rosters
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.plan_group_panel import STUDENT_MIME
from blenddesk.ui.desk.plan_page import PlanPage
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import NAMES, fill_class
from tests.ui.access import complaints
from tests.ui.clipping import clipped

if TYPE_CHECKING:
    pass


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def press(window: QWidget, name: str) -> None:
    """One tap on the shown control of that name."""
    found = [one for one in window.findChildren(QWidget, name) if one.isVisibleTo(window)]
    assert len(found) == 1, f"{name}: {len(found)}"
    assert found[0].isEnabled(), name
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
    settle()


def open_plan(window: DeskWindow) -> PlanPage:
    page = window.open_page("plan")
    assert isinstance(page, PlanPage)
    settle()
    return page


def only_plan(desk: AppContext, section: Id) -> PlanSheet:
    found = plans.coming_plans(desk, section, days=None)
    assert len(found) == 1
    return plans.sheet(desk, section, found[0].id)


@pytest.fixture
def page(desk_window: DeskWindow, desk: AppContext, section: Id) -> PlanPage:
    """The page with a 4-station plan of the class of eight."""
    plans.new_plan(desk, section, "station-4", minutes=75)
    return open_plan(desk_window)


def test_a_rotation_for_32_is_planned_in_four_taps(desk_window: DeskWindow, desk: AppContext) -> None:
    section = fill_class(desk, 32, "Class 4B")
    desk_window.session.choose_section(section)
    taps = ["nav_plan", "template_station-4", "mode_mixed", "plan_use"]
    for name in taps:
        press(desk_window, name)
    assert len(taps) <= 4
    whole = only_plan(desk, section)
    assert whole.plan.status is PlanStatus.READY
    assert [len(group.students) for group in whole.groups] == [8, 8, 8, 8]
    assert check_rotation(whole) == ()


def test_the_last_lesson_with_new_groups_is_two_taps(desk_window: DeskWindow, desk: AppContext, section: Id) -> None:
    first = plans.new_plan(desk, section, "station-4", day="2026-11-20").plan
    plans.mark_ready(desk, section, first)
    taps = ["nav_plan", "plan_copy"]
    for name in taps:
        press(desk_window, name)
    assert len(taps) <= 2
    whole = only_plan(desk, section)
    assert (whole.plan.status, whole.plan.copied_from) == (PlanStatus.READY, first)
    assert {frozenset(group.students) for group in whole.groups} != {
        frozenset(group.students) for group in plans.sheet(desk, section, first).groups
    }


def test_a_student_moves_by_tap_and_tap(page: PlanPage, desk: AppContext, section: Id) -> None:
    before = only_plan(desk, section)
    student, target = before.groups[0].students[0], before.groups[2]
    QTest.mouseClick(page.groups.chip(student), Qt.MouseButton.LeftButton)
    assert page.groups.chip(student).isChecked()
    press(page, "put_here_2")
    moved = only_plan(desk, section).group_of(student)
    assert moved is not None
    assert moved.id == target.id
    assert not page.groups.hint.isVisible()
    press(page.window(), "toast_undo")
    back = only_plan(desk, section).group_of(student)
    assert back is not None
    assert back.id == before.groups[0].id


def test_a_student_moves_by_dragging(page: PlanPage, desk: AppContext, section: Id) -> None:
    before = only_plan(desk, section)
    student, panel = before.groups[0].students[0], page.groups.panels()[3]
    data = QMimeData()
    data.setData(STUDENT_MIME, student)
    where, move, left = QPointF(20, 20), Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), move, data, left, none)
    QApplication.sendEvent(panel, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(panel, QDropEvent(where, move, data, left, none))
    moved = only_plan(desk, section).group_of(student)
    assert moved is not None
    assert moved.id == before.groups[3].id


def test_escape_lets_the_chosen_student_go(page: PlanPage, desk: AppContext, section: Id) -> None:
    student = only_plan(desk, section).groups[0].students[0]
    chip = page.groups.chip(student)
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Space)
    assert page.groups.hint.isVisible()
    QTest.keyClick(chip, Qt.Key.Key_Escape)
    assert not page.groups.hint.isVisible()


def test_keys_plan_a_whole_lesson(desk_window: DeskWindow, desk: AppContext, section: Id) -> None:
    page = open_plan(desk_window)
    assert desk_window.focusWidget() is page
    QTest.keyClick(page, Qt.Key.Key_1)
    settle()
    before = only_plan(desk, section).plan
    QTest.keyClick(page, Qt.Key.Key_Plus)
    settle()
    assert only_plan(desk, section).plan.period_minutes == before.period_minutes + 5
    more = page.minutes.rounds()[0].more
    more.setFocus()
    QTest.keyClick(more, Qt.Key.Key_Minus)
    settle()
    assert only_plan(desk, section).plan.rounds[0] < page.session.context.reads.plans.all(section)[0].rounds[1] + 1
    QTest.keyClick(page, Qt.Key.Key_G)
    focus = desk_window.focusWidget()
    assert focus is not None
    assert page.groups.isAncestorOf(focus)
    QTest.keyClick(focus, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert only_plan(desk, section).plan.status is PlanStatus.READY


def test_another_template_takes_the_plan_s_place(page: PlanPage, desk: AppContext, section: Id) -> None:
    press(page, "template_station-3")
    whole = only_plan(desk, section)
    assert (whole.plan.template, len(whole.groups), whole.plan.period_minutes) == ("station-3", 3, 75)


def test_rounds_are_chosen_from_what_fits(page: PlanPage, desk: AppContext, section: Id) -> None:
    press(page, "round_1_more")
    assert only_plan(desk, section).plan.rounds == (16, 15, 15, 14)
    press(page, "minutes_sum")
    press(page.window(), "rounds_3")
    whole = only_plan(desk, section)
    assert len(whole.plan.rounds) == 3
    assert whole.plan.planned_minutes == 75
    assert len(page.minutes.rounds()) == 3
    press(page.window(), "sheet_cancel")


def test_fix_fixes(page: PlanPage, desk: AppContext, section: Id) -> None:
    desk.announce(rooms.edit_room(desk, headphones=1))
    settle()
    row = page.checks.findChild(kit.CheckRow, "check_headphones")
    assert isinstance(row, kit.CheckRow)
    assert row.button is not None
    QTest.mouseClick(row.button, Qt.MouseButton.LeftButton)
    settle()
    assert not any(block.headphones for block in only_plan(desk, section).blocks)
    assert all(check.ok for check in plans.checks(desk, section, only_plan(desk, section).plan.id))


def test_a_remedy_that_costs_something_is_asked_first(page: PlanPage, desk: AppContext, section: Id) -> None:
    desk.announce(rooms.edit_room(desk, floor_minutes=20))
    settle()
    row = page.checks.findChild(kit.CheckRow, "check_floor")
    assert isinstance(row, kit.CheckRow)
    assert row.button is not None
    QTest.mouseClick(row.button, Qt.MouseButton.LeftButton)
    settle()
    press(page.window(), "remedy_fewer_rounds")
    assert len(only_plan(desk, section).plan.rounds) == 3


def test_a_station_is_edited_in_a_sheet(page: PlanPage, desk: AppContext, section: Id) -> None:
    press(page, "station_1")
    window = page.window()
    for name, text in (("station_title", "Tablets"), ("station_resource", "sounds.html"), ("group_task_0", "Page 7")):
        field = window.findChild(kit.TextField, name)
        assert isinstance(field, kit.TextField)
        field.setText(text)
    press(window, "station_headphones")
    press(window, "station_save")
    whole = only_plan(desk, section)
    block = whole.blocks[1]
    assert (block.title, block.resource, block.headphones) == ("Tablets", "sounds.html", False)
    assert whole.block_for(block.id, whole.groups[0].id).task == "Page 7"
    press(window, "toast_undo")
    assert only_plan(desk, section).blocks[1].title == "Computer"


def test_sorting_by_judgement_makes_mixed_groups(page: PlanPage, desk: AppContext, section: Id) -> None:
    press(page, "sort_by_judgement")
    focus = page.window().focusWidget()
    for level in "11223344":
        assert focus is not None
        QTest.keyClicks(focus, level)
        focus = page.window().focusWidget()
    press(page.window(), "sort_save")
    levels = desk.reads.people.judgements(section)
    assert sorted(levels.values()) == [1, 1, 2, 2, 3, 3, 4, 4]
    for group in only_plan(desk, section).groups:
        assert sum(levels[student] for student in group.students) == 5


def test_rules_are_added_and_taken_away(page: PlanPage, desk: AppContext, section: Id) -> None:
    press(page, "pair_rules")
    press(page.window(), "rule_apart")
    rule = desk.reads.people.pair_rules(section)[0]
    assert rule.kind == "apart"
    press(page.window(), f"rule_{rule.id.hex()}")
    assert desk.reads.people.pair_rules(section) == []
    press(page.window(), "sheet_cancel")


def test_lessons_are_listed_named_and_started_anew(page: PlanPage, desk: AppContext, section: Id) -> None:
    press(page, "plan_lessons")
    name = page.window().findChild(kit.TextField, "lesson_name")
    assert isinstance(name, kit.TextField)
    name.setText("Reading rotation")
    name.editingFinished.emit()
    assert only_plan(desk, section).plan.name == "Reading rotation"
    press(page.window(), "lessons_new")
    assert page.plan_id() is None
    press(page, "template_station-3")
    assert len(plans.coming_plans(desk, section)) == 2


def test_without_students_the_way_there_is_shown(desk_window: DeskWindow, desk: AppContext) -> None:
    desk_window.session.choose_section(fill_class(desk, 0, "Empty"))
    page = open_plan(desk_window)
    assert not page.strip.isVisible()
    assert page.findChild(kit.Button, "plan_add_students") is not None
    desk_window.session.choose_section(None)
    settle()
    assert not page.use.isVisible()


@pytest.mark.parametrize("sheet", ["", "minutes_sum", "station_0", "sort_by_judgement", "pair_rules", "plan_lessons"])
def test_a_screen_reader_and_tab_meet_every_control(page: PlanPage, sheet: str) -> None:
    if not sheet:
        assert complaints(page) == []
        return
    press(page, sheet)
    shown = next(one for one in page.window().findChildren(kit.Sheet) if one.isVisible())
    assert complaints(shown) == []
    shown.close_sheet()
    settle()


def stress_class(desk: AppContext) -> Id:
    """45 students: every third with a name of 24 letters, three Mohameds, no pictures but dealt ones."""
    classes.create_class(desk, "Jahrgangsstufe 9b Biologie")
    section = next(one.id for one in desk.reads.sections.all() if one.name.startswith("Jahr"))
    for place, full in enumerate(NAMES):
        given, _space, family = full.rpartition(" ")
        if place % 15 == 3:
            given, family = "Mohamed", ("Salahuddin", "Salem", "Said")[place // 15]
        elif place % 3 == 0:
            given, family = f"Maximiliana-Konstantin{'abcdefghijklmnopqrstuvwxyz'[place // 3]}", "Berg"
        rosters.add_student(desk, section, given, family)
    return section


@pytest.mark.parametrize(
    ("size", "scale", "language", "scrolls"),
    [
        ((1366, 705), 1.0, "en", False),
        ((1280, 680), 1.0, "en", False),
        ((1024, 600), 1.0, "en", True),
        ((1280, 680), 1.3, "en", True),
        ((1280, 680), 1.0, "ar", True),
    ],
)
def test_the_stress_class_fits(
    desk_window: DeskWindow,
    desk: AppContext,
    themed_app: QApplication,
    size: tuple[int, int],
    scale: float,
    language: str,
    scrolls: bool,
) -> None:
    section = stress_class(desk)
    groups.keep_apart(desk, section, *[student.id for student in desk.reads.people.students(section)][:2])
    rooms.edit_room(desk, computers=5, headphones=6, period_minutes=90)
    plans.new_plan(desk, section, "station-mirrored")
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    desk_window.resize(*size)
    desk_window.session.choose_section(section)
    page = open_plan(desk_window)
    settle()
    assert len(page.groups.panels()) == 6
    assert page.scroll_area.horizontalScrollBar().maximum() == 0
    assert scrolls or page.scroll_area.verticalScrollBar().maximum() == 0
    assert [line for line in clipped(page) if "page_plan" not in line] == []
    first, last = page.groups.panels()[0], page.groups.panels()[2]
    assert (first.x() < last.x()) == (language == "en")
