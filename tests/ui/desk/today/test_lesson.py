"""A lesson by taps and by keys: started, moved on, marked, undone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from blenddesk.domain.ids import Id
from blenddesk.domain.live import Phase
from blenddesk.services import live
from blenddesk.services.context import AppContext
from blenddesk.services.today import DayState, today_view
from tests.conftest import FakeClock
from tests.lessons import make_lesson
from tests.ui.desk.today.taps import Open, Taps, page_of


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
