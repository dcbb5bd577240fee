"""What time does to a lesson: rounds that move on, a restart, a late start, a computer that slept."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk import bootstrap
from blenddesk.domain.ids import Id
from blenddesk.domain.live import Phase
from blenddesk.services import live
from blenddesk.services.context import AppContext
from blenddesk.services.today import DayState, today_view
from tests.conftest import FakeClock
from tests.lessons import make_lesson
from tests.ui.desk.today.taps import Open, Taps, page_of


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
