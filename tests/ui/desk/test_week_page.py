"""The week by real clicks and keys: adding, copying, moving, dragging, giving to other classes, and Undo of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.services import calendars, classes, live, plans, rooms
from blenddesk.services.context import AppContext
from blenddesk.ui import theme
from blenddesk.ui.desk.week_cards import LESSON_MIME, DayHead, FreeSlot, LessonCard
from blenddesk.ui.desk.week_grid import lanes_of
from blenddesk.ui.desk.week_page import WeekPage
from blenddesk.ui.desk.week_sheets import AddSheet, GiveSheet
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import fill_class
from tests.ui.access import complaints
from tests.ui.clipping import clipped

S = TypeVar("S", bound=QWidget)
MONDAY = date(2026, 11, 23)
NINE = 9 * 60


def iso(ahead: int) -> str:
    return (MONDAY + timedelta(ahead)).isoformat()


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def press(window: QWidget, name: str) -> None:
    found = [one for one in window.findChildren(QWidget, name) if one.isVisibleTo(window)]
    assert len(found) == 1, f"{name}: {len(found)}"
    assert found[0].isEnabled(), name
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
    settle()


def key(window: QWidget, which: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.focusWidget() or window, which, modifier)
    settle()


def open_week(window: DeskWindow) -> WeekPage:
    page = window.open_page("week")
    assert isinstance(page, WeekPage)
    settle()
    return page


def cards(page: WeekPage) -> list[LessonCard]:
    return [one for one in page.grid.blocks() if isinstance(one, LessonCard)]


def free(page: WeekPage, ahead: int, section: Id, start: int = NINE) -> FreeSlot:
    found = page.findChild(FreeSlot, f"week_free_{iso(ahead)}_{start}_{section.hex()[:6]}")
    assert isinstance(found, FreeSlot)
    return found


def sheet_of(window: QWidget, kind: type[S]) -> S:
    found = [one for one in window.findChildren(kind) if one.isVisibleTo(window)]
    assert len(found) == 1
    return found[0]


def starts(desk: AppContext, section: Id, ahead: int) -> list[int | None]:
    return [plan.start_minute for plan in desk.reads.plans.on_day(section, iso(ahead))]


def toast_text(window: DeskWindow) -> str:
    return window.toast.message()


@pytest.fixture
def taught(desk: AppContext, section: Id) -> Id:
    """The class of eight meets on Monday, Wednesday and Friday at 9:00 for an hour; Monday has a lesson in use."""
    for day in (0, 2, 4):
        calendars.add_period(desk, section, day, NINE, 60)
    plans.new_plan(desk, section, "station-4", day=iso(0), ready=True, seed=1)
    return section


def test_the_week_is_one_press_from_the_plan(desk_window: DeskWindow, taught: Id) -> None:
    desk_window.open_page("plan")
    settle()
    press(desk_window, "plan_week")
    page = desk_window.page("week")
    assert isinstance(page, WeekPage)
    assert desk_window.stack.currentWidget() is page
    assert [card.lesson.section for card in cards(page)] == [taught]
    today = [one for one in page.findChildren(DayHead) if "today" in one.accessibleName()]
    assert [one.objectName() for one in today] == [f"week_head_{iso(0)}"]


def test_a_lesson_is_added_in_two_taps(desk_window: DeskWindow, desk: AppContext, taught: Id) -> None:
    open_week(desk_window)
    press(desk_window, f"week_free_{iso(2)}_540_{taught.hex()[:6]}")
    press(desk_window, "week_add_station-3")
    assert starts(desk, taught, 2) == [NINE]
    assert desk.reads.plans.on_day(taught, iso(2))[0].template == "station-3"
    press(desk_window, "toast_undo")
    assert starts(desk, taught, 2) == []


def test_the_main_button_adds_at_the_next_free_meeting(desk_window: DeskWindow, desk: AppContext, taught: Id) -> None:
    open_week(desk_window)
    press(desk_window, "week_add")
    press(desk_window, "week_add_station-4")
    assert starts(desk, taught, 2) == [NINE]


def test_copy_and_paste_by_taps_goes_to_more_than_one_place(
    desk_window: DeskWindow, desk: AppContext, taught: Id
) -> None:
    page = open_week(desk_window)
    press(desk_window, cards(page)[0].objectName())
    press(desk_window, "week_copy")
    for ahead in (2, 4):
        press(desk_window, f"week_free_{iso(ahead)}_540_{taught.hex()[:6]}")
    assert (starts(desk, taught, 2), starts(desk, taught, 4)) == ([NINE], [NINE])
    press(desk_window, "week_done")
    assert page.bar.buttons["done"].isHidden()
    press(desk_window, "toast_undo")
    assert (starts(desk, taught, 2), starts(desk, taught, 4)) == ([NINE], [])


def test_copy_and_paste_by_keys_only(desk_window: DeskWindow, desk: AppContext, taught: Id) -> None:
    page = open_week(desk_window)
    cards(page)[0].setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    assert cards(page)[0].isChecked()
    control = Qt.KeyboardModifier.ControlModifier
    key(desk_window, Qt.Key.Key_C, control)
    # Tuesday has no meeting, so it offers room at its end.
    key(desk_window, Qt.Key.Key_Right)
    here = page.grid.focusWidget()
    assert isinstance(here, FreeSlot)
    assert (here.target.day, here.target.start) == (iso(1), None)
    key(desk_window, Qt.Key.Key_Right)
    here = page.grid.focusWidget()
    assert isinstance(here, FreeSlot)
    assert here.target.day == iso(2)
    key(desk_window, Qt.Key.Key_V, control)
    assert starts(desk, taught, 2) == [NINE]
    focused = page.grid.focusWidget()
    assert isinstance(focused, LessonCard)
    assert focused.lesson.plan.day == iso(2)
    key(desk_window, Qt.Key.Key_Escape)
    assert page.bar.buttons["open"].isVisible()
    key(desk_window, Qt.Key.Key_Delete)
    assert starts(desk, taught, 2) == []
    key(desk_window, Qt.Key.Key_Z, control)
    assert starts(desk, taught, 2) == [NINE]


def test_a_change_from_elsewhere_keeps_the_choice_and_the_keys(
    desk_window: DeskWindow, desk: AppContext, taught: Id
) -> None:
    plans.new_plan(desk, taught, "station-3", day=iso(2), ready=True)
    page = open_week(desk_window)
    press(desk_window, cards(page)[0].objectName())
    name = "The long way of water from the mountains to the sea"
    desk_window.session.quietly(plans.rename_plan, taught, cards(page)[0].lesson.plan.id, name)
    settle()
    assert [card.isChecked() for card in cards(page)] == [True, False]
    assert page.bar.name.text() == name
    assert page.grid.focusWidget() is cards(page)[0]


def test_enter_opens_the_lesson_and_escape_leads_back_to_the_plan(
    desk_window: DeskWindow, desk: AppContext, taught: Id
) -> None:
    page = open_week(desk_window)
    cards(page)[0].setFocus(Qt.FocusReason.TabFocusReason)
    key(desk_window, Qt.Key.Key_Return)
    assert desk_window.stack.currentWidget() is desk_window.page("plan")
    open_week(desk_window)
    key(desk_window, Qt.Key.Key_Escape)
    assert desk_window.stack.currentWidget() is desk_window.page("plan")


def test_a_lesson_moves_by_taps_and_comes_back(desk_window: DeskWindow, desk: AppContext, taught: Id) -> None:
    page = open_week(desk_window)
    press(desk_window, cards(page)[0].objectName())
    press(desk_window, "week_move")
    press(desk_window, f"week_free_{iso(4)}_540_{taught.hex()[:6]}")
    assert (starts(desk, taught, 0), starts(desk, taught, 4)) == ([], [NINE])
    assert page.bar.buttons["open"].isVisible()
    press(desk_window, "toast_undo")
    assert (starts(desk, taught, 0), starts(desk, taught, 4)) == ([NINE], [])


@pytest.mark.parametrize("action", [Qt.DropAction.MoveAction, Qt.DropAction.CopyAction])
def test_a_lesson_is_dragged(desk_window: DeskWindow, desk: AppContext, taught: Id, action: Qt.DropAction) -> None:
    page = open_week(desk_window)
    plan = cards(page)[0].lesson.plan.id
    target = free(page, 2, taught)
    data = QMimeData()
    data.setData(LESSON_MIME, taught + plan)
    point = target.geometry().center()
    left, no = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(point, action, data, left, no)
    QApplication.sendEvent(page.grid, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(page.grid, QDropEvent(QPointF(point), action, data, left, no))
    settle()
    left_behind = [NINE] if action == Qt.DropAction.CopyAction else []
    assert (starts(desk, taught, 0), starts(desk, taught, 2)) == (left_behind, [NINE])


def test_a_drop_on_its_own_day_changes_nothing_and_on_a_day_off_is_refused(
    desk_window: DeskWindow, desk: AppContext, taught: Id
) -> None:
    calendars.add_days_off(desk, iso(3), iso(3), name="Feast")
    page = open_week(desk_window)
    plan = cards(page)[0].lesson.plan.id
    data = QMimeData()
    data.setData(LESSON_MIME, taught + plan)
    for column in (0, 3):
        point = page.grid.column_box(column).center()
        left, no = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(page.grid, QDragEnterEvent(point, Qt.DropAction.MoveAction, data, left, no))
        drop = QDropEvent(
            QPointF(point), Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(page.grid, drop)
        settle()
        assert starts(desk, taught, 0) == [NINE]
    assert toast_text(desk_window).startswith("There is no school on that day")


def test_last_week_is_copied_around_a_holiday_and_says_how_many(
    desk_window: DeskWindow, desk: AppContext, taught: Id
) -> None:
    plans.new_plan(desk, taught, "station-3", day=iso(2), ready=True)
    calendars.add_days_off(desk, iso(7), iso(7), name="Feast")
    page = open_week(desk_window)
    press(desk_window, "week_after")
    assert cards(page) == []
    heads = {one.objectName(): one.accessibleName() for one in page.heads.findChildren(DayHead)}
    assert "Feast" in heads[f"week_head_{iso(7)}"]
    press(desk_window, "week_copy_last")
    assert toast_text(desk_window) == "1 lesson was copied. 1 falls on a day off."
    assert starts(desk, taught, 9) == [NINE]
    press(desk_window, "toast_undo")
    assert starts(desk, taught, 9) == []
    press(desk_window, "week_now")
    assert len(cards(page)) == 2
    press(desk_window, "week_before")
    press(desk_window, "week_copy_last")
    assert toast_text(desk_window).startswith("No earlier week has lessons")


def test_a_lesson_is_given_to_another_class(desk_window: DeskWindow, desk: AppContext, taught: Id) -> None:
    other = fill_class(desk, 6, "Class 5A")
    calendars.add_period(desk, other, 1, 600, 45)
    classes.create_class(desk, "Class 6")
    empty = classes.class_by_name(desk, "Class 6")
    assert empty is not None
    page = open_week(desk_window)
    press(desk_window, cards(page)[0].objectName())
    press(desk_window, "week_give")
    sheet = sheet_of(desk_window, GiveSheet)
    assert complaints(sheet) == []
    for section in (other, empty.id):
        press(desk_window, f"week_class_{section.hex()}")
    QTest.mouseClick(sheet.give, Qt.MouseButton.LeftButton)
    settle()
    assert starts(desk, other, 1) == [600]
    said = toast_text(desk_window)
    assert said.startswith("1 class has the lesson now.")
    assert "Class 6: " in said
    press(desk_window, "toast_undo")
    assert starts(desk, other, 1) == []


def test_all_classes_side_by_side_mark_clashes_and_keep_a_move_in_its_class(
    desk_window: DeskWindow, desk: AppContext, taught: Id
) -> None:
    other = fill_class(desk, 6, "Class 5A")
    calendars.add_period(desk, other, 0, NINE + 30, 45)
    calendars.add_period(desk, other, 1, NINE, 45)
    plans.new_plan(desk, other, "station-3", day=iso(0), ready=True)
    page = open_week(desk_window)
    QTest.mouseClick(page.scope.button("all"), Qt.MouseButton.LeftButton)
    settle()
    both = cards(page)
    assert [card.lesson.clash for card in both] == [True, True]
    assert not both[0].geometry().intersects(both[1].geometry())
    assert all("At the same time as another lesson" in card.accessibleDescription() for card in both)
    press(desk_window, both[0].objectName())
    press(desk_window, "week_move")
    theirs = free(page, 1, other)
    own = free(page, 2, taught)
    assert (theirs.isEnabled(), own.isEnabled()) == (False, True)
    press(desk_window, "week_done")
    press(desk_window, both[0].objectName())
    press(desk_window, "week_copy")
    press(desk_window, theirs.objectName())
    assert starts(desk, other, 1) == [NINE]


def test_a_lesson_that_was_taught_offers_no_move(desk_window: DeskWindow, desk: AppContext, taught: Id) -> None:
    page = open_week(desk_window)
    card = cards(page)[0]
    live.start_lesson(desk, taught, card.lesson.plan.id)
    press(desk_window, card.objectName())
    assert not page.bar.buttons["move"].isVisible()
    key(desk_window, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert toast_text(desk_window).startswith("This lesson was taught already")


def test_what_is_wrong_with_a_lesson_is_said_on_its_card(desk_window: DeskWindow, desk: AppContext, taught: Id) -> None:
    page = open_week(desk_window)
    assert cards(page)[0].accessibleDescription().startswith("ready to use")
    rooms.edit_room(desk, computers=0)
    calendars.add_short_days(desk, iso(0), iso(0), 40)
    page.refresh()
    said = cards(page)[0].accessibleDescription()
    assert "20 minutes longer than its time" in said
    assert said.count(".") >= 2


def test_without_a_timetable_every_school_day_has_room(desk_window: DeskWindow, desk: AppContext, section: Id) -> None:
    page = open_week(desk_window)
    assert len(page.grid.blocks()) == 5
    press(desk_window, f"week_room_{iso(3)}")
    press(desk_window, "week_add_station-4")
    assert starts(desk, section, 3) == [None]
    assert len(cards(page)) == 1


def test_nobody_to_plan_for_says_what_to_do(desk_window: DeskWindow, desk: AppContext) -> None:
    classes.create_class(desk, "Class 6")
    empty = classes.class_by_name(desk, "Class 6")
    assert empty is not None
    page = open_week(desk_window)
    desk_window.session.choose_section(empty.id)
    settle()
    assert not page.add.isVisible()
    press(desk_window, "plan_add_students")
    assert desk_window.stack.currentWidget() is desk_window.page("add_students")


def test_weeks_are_turned_over_every_weekend(desk_window: DeskWindow, taught: Id) -> None:
    page = open_week(desk_window)
    seen = []
    for _number in range(4):
        press(desk_window, "week_after")
        seen.append(page.grid.columns[0].day.day)
    assert seen == [MONDAY + timedelta(7 * ahead) for ahead in (1, 2, 3, 4)]
    for _number in range(6):
        press(desk_window, "week_before")
    assert page.grid.columns[0].day.day == MONDAY - timedelta(14)


def test_right_to_left_the_first_day_is_on_the_right(desk_window: DeskWindow, taught: Id) -> None:
    page = open_week(desk_window)
    theme.set_look(desk_window, language="ar")
    settle()
    boxes = [page.grid.column_box(index) for index in range(5)]
    assert [box.left() for box in boxes] == sorted((box.left() for box in boxes), reverse=True)
    cards(page)[0].setFocus(Qt.FocusReason.TabFocusReason)
    key(desk_window, Qt.Key.Key_Left)
    here = page.grid.focusWidget()
    assert isinstance(here, FreeSlot)
    assert here.target.day == iso(2)


@pytest.mark.parametrize(
    ("language", "scale", "size"),
    [
        ("en", 1.0, (1366, 768)),
        ("en", 1.0, (1280, 680)),
        ("en", 1.3, (1280, 680)),
        ("ar", 1.0, (1280, 680)),
        ("ar", 1.3, (1366, 768)),
        ("es", 1.3, (1280, 680)),
    ],
)
def test_everything_can_be_read_and_reached(
    themed_app: QApplication,
    desk: AppContext,
    taught: Id,
    language: str,
    scale: float,
    size: tuple[int, int],
) -> None:
    other = fill_class(desk, 8, "Class 5A")
    calendars.add_period(desk, other, 0, NINE + 30, 45)
    calendars.add_period(desk, other, 3, NINE, 45)
    plans.new_plan(desk, other, "playlist", day=iso(0), ready=True)
    calendars.add_days_off(desk, iso(1), iso(1), name="Independence Day")
    calendars.add_short_days(desk, iso(2), iso(2), 40)
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    window = DeskWindow(desk, section=taught)
    window.resize(*size)
    window.show()
    page = open_week(window)
    QTest.mouseClick(page.scope.button("all"), Qt.MouseButton.LeftButton)
    settle()
    try:
        assert (clipped(page), complaints(page)) == ([], [])
        press(window, cards(page)[0].objectName())
        assert (clipped(page), complaints(page)) == ([], [])
        plan = cards(page)[0].lesson.plan
        plans.rename_plan(
            desk, cards(page)[0].lesson.section, plan.id, "The long way of water from the mountains to the sea"
        )
        page.refresh()
        settle()
        assert (clipped(page), complaints(page)) == ([], [])
        press(window, "week_copy")
        assert (clipped(page), complaints(page)) == ([], [])
        press(window, "week_after")
        assert (clipped(page), complaints(page)) == ([], [])
        press(window, "week_now")
        press(window, "week_done")
        press(window, "week_add")
        sheet = sheet_of(window, AddSheet)
        assert (clipped(sheet), complaints(sheet)) == ([], [])
    finally:
        window.toast.close_now()
        window.close()
        window.session.bus.close()
        window.deleteLater()
        settle()


def test_blocks_that_overlap_share_their_width() -> None:
    assert lanes_of([]) == []
    assert lanes_of([(0, 10), (10, 20)]) == [(0, 1), (0, 1)]
    assert lanes_of([(0, 10), (5, 15), (12, 20), (30, 40)]) == [(0, 2), (1, 2), (0, 2), (0, 1)]
