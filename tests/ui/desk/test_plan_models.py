"""Whole group, flipped and playlist on the plan page by real clicks: few taps to a lesson, and what helps it fit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.model_seats import Shape
from blenddesk.domain.plans import Model, PlanSheet, PlanStatus
from blenddesk.services import classes, plan_fixes, plans, rooms
from blenddesk.services.context import AppContext
from blenddesk.ui import theme
from blenddesk.ui.desk.plan_templates import TemplatesSheet
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import fill_class
from tests.ui.access import complaints
from tests.ui.clipping import clipped
from tests.ui.desk.test_plan_page import only_plan, open_plan, press, settle


def words_on(widget: QWidget) -> set[str]:
    return {one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget)}


@pytest.mark.parametrize(
    ("template", "model", "groups"),
    [("whole-group", Model.WHOLE_GROUP, 1), ("flipped", Model.FLIPPED, 3), ("playlist", Model.PLAYLIST, 3)],
)
def test_a_lesson_of_each_model_is_planned_in_three_taps(
    desk_window: DeskWindow, desk: AppContext, template: str, model: Model, groups: int
) -> None:
    section = fill_class(desk, 24, "Class 4B")
    desk_window.session.choose_section(section)
    taps = ["nav_plan", f"template_{template}", "plan_use"]
    for name in taps:
        press(desk_window, name)
    assert len(taps) <= 6
    whole = only_plan(desk, section)
    assert (whole.plan.model, whole.plan.status) == (model, PlanStatus.READY)
    assert [len(group.students) for group in whole.groups] == [24 // groups] * groups
    assert not [one for one in plans.checks(desk, section, whole.plan.id) if not one.ok]


def test_every_shape_is_behind_more(desk_window: DeskWindow, desk: AppContext, section: Id) -> None:
    page = open_plan(desk_window)
    taps = ["templates_more", "every_station-2"]
    for name in taps:
        press(desk_window, name)
    assert only_plan(desk, section).plan.template == "station-2"
    QTest.keyClick(page, Qt.Key.Key_6)
    settle()
    press(desk_window, "every_flipped")
    assert only_plan(desk, section).plan.template == "flipped"
    QTest.keyClick(page, Qt.Key.Key_3)
    settle()
    assert only_plan(desk, section).plan.template == "whole-group"


def test_a_class_that_moves_as_one_is_not_grouped(desk_window: DeskWindow, desk: AppContext, section: Id) -> None:
    page = open_plan(desk_window)
    press(desk_window, "template_whole-group")
    assert [group.name for group in only_plan(desk, section).groups] == ["Whole class"]
    assert not any(chip.isVisibleTo(page) for chip in page.groups.modes.values())
    assert [box.title.text() for box in page.minutes.rounds()] == ["Together", "Computer", "In pairs"]
    assert "Parts of the lesson" in words_on(page)
    press(desk_window, "template_station-3")
    assert all(chip.isVisibleTo(page) for chip in page.groups.modes.values())
    assert [box.title.text() for box in page.minutes.rounds()] == ["Round 1", "Round 2", "Round 3"]
    assert "Stations" in words_on(page)


@pytest.fixture
def short(desk: AppContext) -> Id:
    """24 students for 6 computers."""
    section = fill_class(desk, 24, "Class 4B")
    rooms.edit_room(desk, computers=6, students_per_computer=1, headphones=30)
    return section


def made(desk: AppContext, section: Id) -> PlanSheet:
    return plans.sheet(desk, section, plans.new_plan(desk, section, "whole-group", minutes=60).plan)


def test_too_few_computers_for_a_class_is_said_and_every_way_out_works(desk: AppContext, short: Id) -> None:
    whole = made(desk, short)
    check = next(one for one in plans.checks(desk, short, whole.plan.id) if one.code == "devices")
    assert (check.ok, check.data["needed"], check.data["have"]) == (False, 24, 6)
    ways = plan_fixes.remedies(desk, short, whole.plan.id, "devices")
    assert [way.code for way in ways] == ["share_computers", "projector_led", "halves", "several_lessons", "paper_twin"]
    for way in ways:
        again = made(desk, short)
        plan_fixes.fix(desk, short, again.plan.id, "devices", way.code)
        after = plans.checks(desk, short, again.plan.id)
        assert not [one.code for one in after if not one.ok], way.code


def test_without_a_projector_none_is_proposed(desk: AppContext, short: Id) -> None:
    rooms.edit_room(desk, projector=False)
    ways = plan_fixes.remedies(desk, short, made(desk, short).plan.id, "devices")
    assert "projector_led" not in [way.code for way in ways]


def test_a_teacher_chooses_the_way_out_with_two_taps(desk_window: DeskWindow, desk: AppContext, short: Id) -> None:
    desk_window.session.choose_section(short)
    open_plan(desk_window)
    press(desk_window, "template_whole-group")
    fix = next(one for one in desk_window.findChildren(QWidget) if one.property("check") == "devices")
    QTest.mouseClick(fix, Qt.MouseButton.LeftButton)
    settle()
    press(desk_window, "remedy_halves")
    whole = only_plan(desk, short)
    assert whole.plan.shape == Shape.HALVES
    first, second = ([whole.block_of(group.id, one) for one in range(3)] for group in whole.groups)
    assert [block and block.title for block in first] == ["Together", "Computer", "In pairs"]
    assert [block and block.title for block in second] == ["Together", "In pairs", "Computer"]


def test_in_every_copy_of_a_lesson_another_part_of_the_class_is_online(desk: AppContext, short: Id) -> None:
    whole = made(desk, short)
    plan_fixes.fix(desk, short, whole.plan.id, "devices", "several_lessons")
    online: list[Id] = []
    plan = whole.plan.id
    for lesson in range(4):
        sheet = plans.sheet(desk, short, plan)
        assert sheet.plan.part == lesson + 1
        computer = next(block for block in sheet.blocks if block.devices)
        paper = next(block for block in sheet.blocks if block.title == "On paper")
        assert paper.task == computer.paper_twin
        (group,) = sheet.groups_at(computer.id, 1)
        assert len(sheet.groups_at(paper.id, 1)) == 3
        online += group.students
        plan = plans.copy_plan(desk, short, plan, groups="same").plan
    assert sorted(online) == sorted(whole.students()), "everyone once"


def test_a_copy_of_a_playlist_keeps_what_waits_for_what(desk: AppContext, section: Id) -> None:
    plan = plans.new_plan(desk, section, "playlist", day="2026-11-20").plan
    copy = plans.sheet(desk, section, plans.copy_plan(desk, section, plan).plan)
    by_title = {block.title: block for block in copy.blocks}
    assert by_title["Show I can do it"].after == (by_title["Practise it"].id,)
    assert copy.own_time()[0].title == "Watch or read"


@pytest.mark.parametrize("template", ["whole-group", "flipped", "playlist"])
@pytest.mark.parametrize(
    ("size", "language", "scale"),
    [((1366, 705), "en", 1.0), ((1280, 680), "en", 1.3), ((1280, 680), "ar", 1.0)],
)
def test_the_page_fits(
    desk_window: DeskWindow,
    desk: AppContext,
    themed_app: QApplication,
    template: str,
    size: tuple[int, int],
    language: str,
    scale: float,
) -> None:
    section = fill_class(desk, 24, "Class 4B")
    classes.edit_class(desk, section, language=language)
    rooms.edit_room(desk, computers=6, headphones=6)
    plans.new_plan(desk, section, template)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    desk_window.resize(*size)
    desk_window.session.choose_section(section)
    page = open_plan(desk_window)
    assert page.scroll_area.horizontalScrollBar().maximum() == 0
    assert [line for line in clipped(page) if "page_plan" not in line] == []
    assert complaints(page) == []


def test_the_sheet_of_all_lessons_fits(desk_window: DeskWindow, themed_app: QApplication, section: Id) -> None:
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=1.3, language="en")
    desk_window.resize(1280, 680)
    open_plan(desk_window)
    press(desk_window, "templates_more")
    sheet = next(one for one in desk_window.findChildren(TemplatesSheet) if one.isVisible())
    assert clipped(sheet) == []
    assert complaints(sheet) == []
