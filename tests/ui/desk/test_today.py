"""Today driven like a teacher does: taps counted, keys only, every state, restarts, late starts, sleep, cover."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk import bootstrap, text
from blenddesk.domain.entries import EntryKind
from blenddesk.domain.ids import Id
from blenddesk.domain.live import Phase
from blenddesk.domain.ops import put
from blenddesk.services import attendance, entries, kiosk, live, rooms
from blenddesk.services.context import AppContext
from blenddesk.services.today import DayState, today_view
from blenddesk.ui import theme
from blenddesk.ui.desk.today import TodayPage
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import FakeClock, fill_class
from tests.lessons import HALF_PAST_NINE, make_lesson

W = TypeVar("W", bound=QWidget)
Open = Callable[[], DeskWindow]


class Taps:
    """Clicks through the screen only, and counts them."""

    def __init__(self, root: QWidget) -> None:
        self.root, self.count = root, 0

    def find(self, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
        for top in (self.root, *QApplication.topLevelWidgets()):
            for found in top.findChildren(kind, name):
                if found.isVisible():
                    return found
        raise AssertionError(f"{name} is not on screen")

    def tap(self, name: str) -> None:
        widget = self.find(name)
        assert widget.isEnabled(), name
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        for _ in range(4):  # the change, the refresh it asks for, the layout, the paint
            QApplication.processEvents()
        self.count += 1


@pytest.fixture
def at_half_past_nine(clock: FakeClock) -> FakeClock:
    clock.now_ms = live.moment_ms(clock, "2026-11-23", HALF_PAST_NINE)
    return clock


@pytest.fixture
def open_desk(desk: AppContext, themed_app: QApplication) -> Iterator[Open]:
    opened: list[DeskWindow] = []

    def build() -> DeskWindow:
        window = DeskWindow(desk)
        window.show()
        QApplication.processEvents()
        opened.append(window)
        return window

    yield build
    for window in opened:
        window.session.bus.close()
        window.close()
        window.deleteLater()
    QApplication.processEvents()


def page_of(window: DeskWindow) -> TodayPage:
    page = window.page("today")
    assert isinstance(page, TodayPage)
    return page


def names_on(widget: QWidget) -> str:
    """Everything a reader meets on the visible part of a window."""
    found = []
    for child in widget.findChildren(QWidget):
        if child.isVisible():
            words = getattr(child, "text", None)
            found += [child.accessibleName(), words() if callable(words) else ""]
    return " | ".join(found)


def test_start_with_the_board_is_two_taps(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    window = open_desk()
    taps = Taps(window)
    taps.tap("start")
    taps.tap("open_board")
    assert taps.count == 2
    assert live.lesson(desk, section, plan).phase is Phase.OPENING
    board = page_of(window).windows().board
    assert board is not None
    assert board.isVisible()
    assert board.part() == "places"


def test_marking_away_and_moving_are_two_taps_each_with_undo(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    window = open_desk()
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    student, other = sheet.groups[0].students[0], sheet.groups[1]
    taps = Taps(window)
    taps.tap(f"face_{student.hex()}")
    taps.tap("chosen_away")
    assert taps.count == 2
    assert today_view(desk, section).away == (student,)
    taps.tap(f"face_{student.hex()}")
    taps.tap(f"group_{other.id.hex()}")
    assert taps.count == 4
    moved = desk.reads.plans.sheet(section, plan)
    assert moved is not None
    assert student in moved.group(other.id).students
    taps.tap("toast_undo")
    assert desk.reads.plans.sheet(section, plan) == sheet


def test_every_button_of_a_running_lesson(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    window = open_desk()
    taps = Taps(window)
    taps.tap("next_round")
    assert live.lesson(desk, section, plan).round == 0
    before = live.lesson(desk, section, plan).seconds_left
    taps.tap("plus_minute")
    assert live.lesson(desk, section, plan).seconds_left == before + 60
    taps.tap("refit")
    assert live.lesson(desk, section, plan).late_by_seconds <= 0
    taps.tap("pause")
    assert live.lesson(desk, section, plan).paused
    assert page_of(window).run.timer.pause.words() == "Go on"
    taps.tap("pause")
    taps.tap("eyes")
    assert live.lesson(desk, section, plan).eyes_on_me
    taps.tap("eyes")
    assert not live.lesson(desk, section, plan).eyes_on_me
    taps.tap("skip_round")
    assert live.lesson(desk, section, plan).phase is Phase.MOVING
    for _ in range(8):
        if live.lesson(desk, section, plan).phase is not Phase.CLOSING:
            taps.tap("next_round")
    assert page_of(window).run.timer.next.words() == "Finish"
    taps.tap("next_round")
    assert today_view(desk, section).state is DayState.FINISHED
    assert taps.find("done_view").isVisible()


def test_the_lesson_by_keys_alone(desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open) -> None:
    plan = make_lesson(desk, section)
    window = open_desk()

    def press(key: Qt.Key) -> None:
        target = QApplication.focusWidget() or window
        QTest.keyClick(target, key)
        QApplication.processEvents()

    window.activateWindow()
    page_of(window).ready.setFocus()
    press(Qt.Key.Key_Space)
    assert live.lesson(desk, section, plan).phase is Phase.OPENING
    press(Qt.Key.Key_N)
    assert live.lesson(desk, section, plan).round == 0
    press(Qt.Key.Key_Space)
    assert live.lesson(desk, section, plan).paused
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_Plus)
    press(Qt.Key.Key_F)
    state = live.lesson(desk, section, plan)
    assert (state.paused, state.eyes_on_me) == (False, True)
    press(Qt.Key.Key_C)
    assert page_of(window).is_covered()
    press(Qt.Key.Key_F5)
    assert page_of(window).windows().board is not None


def test_single_letters_do_nothing_outside_the_lesson(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    window = open_desk()
    window.rail.item("today").setFocus()
    QTest.keyClick(window.rail, Qt.Key.Key_N)
    assert live.lesson(desk, section, plan).phase is Phase.OPENING


def test_rounds_move_on_by_themselves_and_a_timer_runs_only_in_a_lesson(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    window = open_desk()
    page = page_of(window)
    assert not page.clock.is_running()
    Taps(window).tap("start")
    assert page.clock.is_running()
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    at_half_past_nine.advance(minutes=sheet.plan.opening_minutes - 1, seconds=50)
    page.clock.last_ms = at_half_past_nine.now_ms
    page.clock.tick()
    assert page.run.timer.words.text() == "left to start"
    at_half_past_nine.advance(seconds=10)
    page.clock.tick()
    assert page.run.timer.words.text() == "left in round 1 of 4"
    window.open_page("today")
    window.hide()
    assert not page.clock.is_running()
    window.show()
    assert page.clock.is_running()
    at_half_past_nine.advance(minutes=5)
    page.clock.last_ms = at_half_past_nine.now_ms
    live.finish(desk, section, plan)
    page.refresh()
    assert not page.clock.is_running()


def test_a_restart_in_mid_lesson_shows_the_same_moment(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    at_half_past_nine.advance(minutes=11, seconds=7)
    first = page_of(open_desk()).run.timer.digits.accessibleName()
    assert page_of(open_desk()).run.timer.digits.accessibleName() == first
    again = bootstrap.open_device(desk.paths, clock=at_half_past_nine)
    try:
        assert live.lesson(again, section, plan) == live.lesson(desk, section, plan)
    finally:
        bootstrap.close_device(again)


def test_a_late_start_shows_the_new_length_first(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    window = open_desk()
    taps = Taps(window)
    assert page_of(window).ready.late.isHidden()
    at_half_past_nine.advance(minutes=12)
    taps.tap("start")
    assert today_view(desk, section).state is DayState.READY, "nothing starts before it was shown"
    assert "12 min late" in page_of(window).ready.late.label.text()
    assert "10:45" in page_of(window).ready.late.label.text()
    taps.tap("start")
    state = live.lesson(desk, section, plan)
    assert max(state.rounds) < 15
    assert state.late_by_seconds <= 0


def test_a_late_start_may_keep_full_rounds(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    at_half_past_nine.advance(minutes=12)
    window = open_desk()
    Taps(window).tap("start_full")
    assert live.lesson(desk, section, plan).rounds == live.lesson_log(desk, section, plan).timing.rounds


@pytest.mark.parametrize(("choice", "phase"), [("here", Phase.OPENING), ("clock", Phase.ROUND), ("finish", None)])
def test_after_sleep_three_choices(
    desk: AppContext,
    section: Id,
    at_half_past_nine: FakeClock,
    open_desk: Open,
    choice: str,
    phase: Phase | None,
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    window = open_desk()
    page = page_of(window)
    page.clock.tick()
    at_half_past_nine.advance(minutes=12)
    page.clock.tick()
    QApplication.processEvents()
    taps = Taps(window)
    assert "12 minutes" in taps.find("slept_banner").findChildren(QWidget)[1].text()  # type: ignore[attr-defined]
    taps.tap(f"slept_{choice}")
    assert live.lesson(desk, section, plan).phase is (phase or Phase.FINISHED)
    assert page.clock.slept.isHidden()


def test_a_whole_group_is_logged_in_two_taps(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    live.next_round(desk, section, plan)
    window = open_desk()
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    taps = Taps(window)
    taps.tap(f"group_{sheet.groups[2].id.hex()}")
    taps.tap("log_group")
    assert taps.count == 2
    assert [row.done for row in today_view(desk, section).rows] == [0, 0, 2, 0]
    assert page_of(window).run.board._cells[2].count.text() == "2/2"


def test_a_raised_hand_is_answered_in_one_tap_and_a_latecomer_excused(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    first, second = (one.id for one in desk.reads.people.students(section)[:2])
    attendance.toggle_away(desk, section, plan, second)
    live.start_lesson(desk, section, plan)
    at_half_past_nine.advance(minutes=25)
    attendance.toggle_away(desk, section, plan, second)
    kiosk.ask_for_help(desk, section, first, plan=plan)
    window = open_desk()
    page = page_of(window)
    help_need, late_need = today_view(desk, section).needs
    taps = Taps(window)
    taps.tap(f"need_{help_need.id.hex()}")
    assert len(page.run.side.needs.rows) == 1
    taps.tap(f"need_{late_need.id.hex()}")
    taps.tap("late_excuse")
    assert [one.kind for one in desk.reads.entries.of_student(section, second)] == [EntryKind.EXCUSED]


def test_needs_are_covered_when_the_class_may_see_and_until_uncovered(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    kiosk.ask_for_help(desk, section, sheet.students()[0], plan=plan)
    window = open_desk()
    page = page_of(window)
    assert not page.is_covered()
    assert "asks for help" in names_on(window)
    Taps(window).tap("open_board")
    assert page.is_covered()
    assert "asks for help" not in names_on(window)
    Taps(window).tap("uncover")
    assert "asks for help" in names_on(window)


def test_with_a_projector_and_one_display_a_lesson_begins_covered(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    make_lesson(desk, section)
    rooms.edit_room(desk, projector=True)
    window = open_desk()
    Taps(window).tap("start")
    assert page_of(window).is_covered()


def test_counts_of_other_computers_are_never_shown_as_live(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    live.next_round(desk, section, plan)
    fields = {"device": desk.new_id(), "name": "Blue 3", "role": "seat", "seat": b"s" * 32}
    desk.commit("seat_made", [put(section, "certificate", desk.new_id(), **fields)])
    words = names_on(open_desk())
    assert "Blue 3: not home yet" in words
    assert "0/2" not in words


def test_one_tap_switches_the_class_and_the_desk_opens_where_the_period_is(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    from blenddesk.services import calendars

    other = fill_class(desk, 4, "5A")
    calendars.add_period(desk, other, 0, HALF_PAST_NINE, 50)
    window = open_desk()
    assert window.session.section_id == other
    taps = Taps(window)
    taps.tap(f"class_{section.hex()}")
    assert taps.count == 1
    assert window.session.section_id == section
    assert desk.settings.last_section == section.hex()


def test_nothing_planned_and_no_class(desk: AppContext, at_half_past_nine: FakeClock, open_desk: Open) -> None:
    window = open_desk()
    assert Taps(window).find("set_up_class").isVisible()
    section = fill_class(desk)
    window.session.choose_section(section)
    for _ in range(4):
        QApplication.processEvents()
    assert Taps(window).find("plan_lesson").isVisible()


def test_copying_the_last_lesson_is_one_tap(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    desk.commit("plan_edited", [put(section, "plan", plan, day="2026-11-20")])
    window = open_desk()
    Taps(window).tap("copy_lesson")
    assert [one.day for one in desk.reads.plans.on_day(section, "2026-11-23")] == ["2026-11-23"]


def test_flipping_keeps_every_window_and_covers_the_desk(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    window = open_desk()
    page = page_of(window)
    page.open_board()
    board = page.windows().board
    assert board is not None
    page.cover(False)
    board.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(board, Qt.Key.Key_F8)
    assert page.is_covered()
    assert page.windows().windows() == [window, board]
    assert board.isVisible()


def all_controls(root: QWidget) -> Iterator[QWidget]:
    for child in root.findChildren(QWidget):
        if child.isVisible() and child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isEnabled():
            yield child


@pytest.mark.parametrize("state", [DayState.READY, DayState.RUNNING, DayState.FINISHED])
def test_screen_readers_meet_every_control_by_a_name(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open, state: DayState
) -> None:
    plan = make_lesson(desk, section)
    if state is not DayState.READY:
        live.start_lesson(desk, section, plan)
        live.next_round(desk, section, plan)
    if state is DayState.FINISHED:
        live.finish(desk, section, plan)
    window = open_desk()
    seen = 0
    for control in all_controls(page_of(window)):
        accessible = QAccessible.queryAccessibleInterface(control)
        assert accessible is not None
        name = accessible.text(QAccessible.Text.Name)
        assert name.strip(), control.objectName()
        assert min(control.width(), control.height()) >= 24, (name, control.size())
        seen += 1
    assert seen > 10


@pytest.mark.parametrize(("language", "scale"), [("en", 1.0), ("en", 1.3), ("ar", 1.0)])
def test_a_stress_class_is_never_cut_off_sideways(
    desk: AppContext,
    at_half_past_nine: FakeClock,
    open_desk: Open,
    themed_app: QApplication,
    language: str,
    scale: float,
) -> None:
    section = fill_class(desk, 45)
    students = desk.reads.people.students(section)
    names = [f"Mohamed {'ABC'[n]}" if n < 3 else "Maximiliana-Konstantinea"[: 24 - n % 3] for n in range(45)]
    drafts = [put(section, "student", one.id, name=name, avatar="") for one, name in zip(students, names, strict=True)]
    desk.commit("renamed", drafts)
    text.use_language(language)
    theme.apply_theme(themed_app, theme.current().tokens, scale=scale, language=language)
    plan = make_lesson(desk, section, "station-mirrored")
    window = open_desk()
    window.resize(1280, 680)
    page = page_of(window)
    for step in ("ready", "running", "finished"):
        if step == "running":
            desk.run(live.start_lesson, section, plan)
        elif step == "finished":
            desk.run(live.finish, section, plan)
        for _ in range(3):
            QApplication.processEvents()
        area = page.stack.currentWidget()
        assert area is not None
        assert area.horizontalScrollBar().maximum() == 0, step  # type: ignore[attr-defined]


@pytest.mark.parametrize(("size", "scale"), [((1280, 680), 1.0), ((1280, 680), 1.3), ((1024, 768), 1.0)])
def test_in_a_lesson_time_needs_and_groups_are_in_view_without_scrolling(
    desk: AppContext,
    at_half_past_nine: FakeClock,
    open_desk: Open,
    themed_app: QApplication,
    size: tuple[int, int],
    scale: float,
) -> None:
    section = fill_class(desk, 45)
    students = desk.reads.people.students(section)
    long = [put(section, "student", one.id, name=f"Maximiliana-Konstantin{n:02}") for n, one in enumerate(students)]
    desk.commit("renamed", long)
    theme.apply_theme(themed_app, theme.current().tokens, scale=scale)
    plan = make_lesson(desk, section, "station-mirrored")
    desk.run(live.start_lesson, section, plan)
    for one in students[:4]:
        kiosk.ask_for_help(desk, section, one.id, plan=plan)
    window = open_desk()
    window.resize(*size)
    for _ in range(4):
        QApplication.processEvents()
    run = page_of(window).run
    view = page_of(window).stack
    assert len(page_of(window).view.rows) == 6  # type: ignore[union-attr]
    for part in (run.timer, run.board, run.side.needs):
        assert part.isVisible()
        bottom = part.mapTo(view, part.rect().bottomLeft()).y()
        assert bottom <= view.height(), (part.objectName(), bottom, view.height())
    shown = run.side.needs.rows
    assert 2 <= len(shown) <= 4
    for row in shown:
        assert row.title.height() < 3 * row.title.fontMetrics().lineSpacing()
        assert "asks for help" in row.title.shown()
        assert row.title.shown() == row.title.text() or row.title.toolTip() == row.title.text()


def test_no_window_flashes_up_while_the_board_is_laid_out_anew(
    desk: AppContext, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    section = fill_class(desk, 45)
    plan = make_lesson(desk, section, "station-mirrored")
    desk.run(live.start_lesson, section, plan)
    window = open_desk()
    window.resize(1280, 600)
    page_of(window).refresh()
    window.resize(1366, 900)
    for _ in range(4):
        QApplication.processEvents()
        assert [one for one in QApplication.topLevelWidgets() if one.isVisible()] == [window]


def test_the_first_paint_needs_no_heavy_library() -> None:
    code = (
        "import sys, blenddesk.ui.desk.window, blenddesk.ui.desk.today; "
        "heavy = ('sqlalchemy', 'nacl', 'pyrage', 'zstandard', 'python_calamine', 'segno', "
        "'blenddesk.ui.board.window');"
        "print([m for m in heavy if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_who_did_what_after_the_lesson(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    student = sheet.students()[0]
    for block in sheet.blocks_of_student(student):
        entries.mark_work(desk, section, plan, block.id, [student], EntryKind.CLAIMED)
    live.finish(desk, section, plan)
    words = names_on(open_desk())
    assert "7 students have something to catch up on" in words
    assert "All done" in words


def test_the_student_computer_opens_here_and_shows_its_count(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    live.next_round(desk, section, plan)
    window = open_desk()
    page = page_of(window)
    taps = Taps(window)
    taps.tap("open_student_computer")
    student_computer = page.windows().student_computer
    assert student_computer is not None
    assert student_computer.isVisible()
    assert "0 of 2 done" in names_on(page.run.side.computers)
    page.open_board()
    assert page.windows().windows() == [window, page.windows().board, student_computer]
