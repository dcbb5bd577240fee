"""Running a lesson through the write door: every button, restarts, two desks, odd clocks, carry-overs."""

from __future__ import annotations

import pytest

from blenddesk import bootstrap
from blenddesk.domain.entries import EntryKind
from blenddesk.domain.ids import Id
from blenddesk.domain.live import LessonState, Phase
from blenddesk.domain.progress import Status, statuses
from blenddesk.errors import Refusal
from blenddesk.services import attendance, entries, history, live
from blenddesk.services.context import AppContext
from tests.conftest import FakeClock
from tests.lessons import HALF_PAST_NINE, make_lesson


@pytest.fixture
def plan(desk: AppContext, section: Id) -> Id:
    return make_lesson(desk, section)


def state(desk: AppContext, section: Id, plan: Id) -> LessonState:
    return live.lesson(desk, section, plan)


def refused(code: str, use_case: object, *args: object) -> None:
    with pytest.raises(Refusal) as caught:
        use_case(*args)  # type: ignore[operator]
    assert caught.value.code == code


def test_a_lesson_runs_by_the_clock_from_start_to_close(
    desk: AppContext, section: Id, plan: Id, clock: FakeClock
) -> None:
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    assert state(desk, section, plan).phase is Phase.READY
    live.start_lesson(desk, section, plan)
    assert state(desk, section, plan).phase is Phase.OPENING
    clock.advance(minutes=sheet.plan.opening_minutes)
    now = state(desk, section, plan)
    assert (now.phase, now.round, now.seconds_left) == (Phase.ROUND, 0, sheet.plan.rounds[0] * 60)
    clock.advance(minutes=sheet.plan.rounds[0])
    assert state(desk, section, plan).phase is Phase.MOVING
    clock.advance(minutes=sheet.plan.moving_minutes)
    assert (state(desk, section, plan).phase, state(desk, section, plan).round) == (Phase.ROUND, 1)
    clock.advance(minutes=75)
    assert state(desk, section, plan).phase is Phase.CLOSING


def test_the_state_survives_a_restart_in_mid_lesson(desk: AppContext, section: Id, plan: Id, clock: FakeClock) -> None:
    live.start_lesson(desk, section, plan)
    clock.advance(minutes=6)
    live.plus_minute(desk, section, plan)
    clock.advance(minutes=1)
    live.pause(desk, section, plan)
    clock.advance(minutes=3)
    before = state(desk, section, plan)
    paths = desk.paths
    bootstrap.close_device(desk)
    again = bootstrap.open_device(paths, clock=clock)
    try:
        assert live.lesson(again, section, plan) == before
        live.resume(again, section, plan)
        assert live.lesson(again, section, plan).seconds_left == before.seconds_left
    finally:
        bootstrap.close_device(again)
        desk.core = again.core  # the fixture closes what is closed already


def test_every_button_does_what_it_says(desk: AppContext, section: Id, plan: Id, clock: FakeClock) -> None:
    live.start_lesson(desk, section, plan)
    live.next_round(desk, section, plan)
    first = state(desk, section, plan)
    assert (first.phase, first.round) == (Phase.ROUND, 0)
    clock.advance(minutes=1)
    live.plus_minute(desk, section, plan, 2)
    assert state(desk, section, plan).seconds_left == first.seconds_left + 60
    live.minus_minute(desk, section, plan)
    assert state(desk, section, plan).seconds_left == first.seconds_left
    live.pause(desk, section, plan)
    clock.advance(minutes=5)
    assert state(desk, section, plan).paused
    assert state(desk, section, plan).seconds_left == first.seconds_left
    live.resume(desk, section, plan)
    live.eyes_on(desk, section, plan)
    assert state(desk, section, plan).eyes_on_me
    live.eyes_off(desk, section, plan)
    assert not state(desk, section, plan).eyes_on_me
    live.next_round(desk, section, plan)
    assert (state(desk, section, plan).phase, state(desk, section, plan).round) == (Phase.MOVING, 1)
    live.skip_round(desk, section, plan)
    assert (state(desk, section, plan).phase, state(desk, section, plan).round) == (Phase.MOVING, 2)
    live.refit(desk, section, plan)
    refitted = state(desk, section, plan)
    assert refitted.late_by_seconds <= 0
    assert refitted.late_by_seconds > -4 * 60


def test_buttons_pressed_in_the_same_moment_keep_their_order(desk: AppContext, section: Id, plan: Id) -> None:
    live.start_lesson(desk, section, plan)
    for _ in range(7):
        live.next_round(desk, section, plan)
    now = state(desk, section, plan)
    assert (now.phase, now.round) == (Phase.ROUND, 3)


def test_a_clock_set_back_in_mid_lesson_loses_no_button(
    desk: AppContext, section: Id, plan: Id, clock: FakeClock
) -> None:
    clock.advance(minutes=60)
    live.start_lesson(desk, section, plan, full_rounds=True)
    live.next_round(desk, section, plan)
    clock.advance(minutes=2 - 60)
    assert state(desk, section, plan).clock_back_ms > 0
    live.plus_minute(desk, section, plan)
    before = state(desk, section, plan).seconds_left
    clock.advance(minutes=1)
    after = state(desk, section, plan)
    assert (after.phase, after.round, after.clock_back_ms) == (Phase.ROUND, 0, 0)
    assert after.seconds_left == before - 60


def test_a_late_start_keeps_the_bell_unless_told_otherwise(
    desk: AppContext, section: Id, plan: Id, clock: FakeClock
) -> None:
    planned = live.lesson_log(desk, section, plan).timing
    clock.now_ms = live.moment_ms(clock, "2026-11-23", HALF_PAST_NINE) + 11 * 60_000
    late = live.lesson_log(desk, section, plan).late(clock.wall_ms())
    assert late.late_minutes == 11
    assert sum(late.timing.rounds) == sum(planned.rounds) - 11 + planned.spare
    bell = state(desk, section, plan).bell_at
    change = live.start_lesson(desk, section, plan)
    shorter = state(desk, section, plan)
    assert shorter.rounds == late.timing.rounds
    assert shorter.bell_at == bell
    assert shorter.late_by_seconds <= 0
    history.undo(desk, change.change_id)
    assert state(desk, section, plan).phase is Phase.READY
    live.start_lesson(desk, section, plan, full_rounds=True)
    assert state(desk, section, plan).rounds == planned.rounds
    assert state(desk, section, plan).late_by_seconds > 0


def test_a_plan_without_a_time_starts_when_it_is_started(desk: AppContext, section: Id, clock: FakeClock) -> None:
    free = make_lesson(desk, section, start_minute=None)
    clock.advance(minutes=37, seconds=20)
    live.start_lesson(desk, section, free)
    now = state(desk, section, free)
    assert now.late_by_seconds <= 0
    assert now.rounds == live.lesson_log(desk, section, free).timing.rounds


def test_two_desks_that_start_the_same_lesson_write_one_run(desk: AppContext, section: Id, plan: Id) -> None:
    log = live.lesson_log(desk, section, plan)
    live.start_lesson(desk, section, plan)
    started = live.lesson_log(desk, section, plan)
    assert started.meeting == log.meeting
    # The other desk's start, as it would arrive: the same ids from the same meaning.
    other = live.event_draft(desk, section, started.run or b"", (), live.EventKind.STARTED)
    desk.commit("lesson_started", [other])
    assert len(desk.reads.lessons.runs(section, plan)) == 1
    assert state(desk, section, plan).phase is Phase.OPENING


def test_finish_carries_over_what_those_who_were_there_did_not_finish(
    desk: AppContext, section: Id, plan: Id, clock: FakeClock
) -> None:
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    students = [one.id for one in desk.reads.people.students(section)]
    away, busy, idle = students[:3]
    attendance.toggle_away(desk, section, plan, away)
    live.start_lesson(desk, section, plan)
    for block in sheet.blocks_of_student(busy):
        entries.mark_work(desk, section, plan, block.id, [busy], EntryKind.CLAIMED)
    clock.advance(minutes=75)
    change = live.finish(desk, section, plan)
    assert state(desk, section, plan).phase is Phase.FINISHED
    stands = statuses(desk.reads.entries.of_plan(section, plan))
    carried = {student for (student, _p, _b), status in stands.items() if status is Status.CARRIED}
    assert carried == set(students) - {away, busy}
    assert sum(status is Status.CARRIED for (who, _p, _b), status in stands.items() if who == idle) == 4
    refused("lesson_not_running", live.pause, desk, section, plan)
    history.undo(desk, change.change_id)
    assert state(desk, section, plan).phase is Phase.CLOSING
    assert Status.CARRIED not in statuses(desk.reads.entries.of_plan(section, plan)).values()


def test_sleep_can_be_taken_out_of_the_lesson(desk: AppContext, section: Id, plan: Id, clock: FakeClock) -> None:
    live.start_lesson(desk, section, plan)
    clock.advance(minutes=2)
    asleep_since, left = clock.wall_ms(), state(desk, section, plan).seconds_left
    clock.advance(minutes=12)
    assert state(desk, section, plan).phase is not Phase.OPENING
    live.slept(desk, section, plan, asleep_since)
    assert (state(desk, section, plan).phase, state(desk, section, plan).seconds_left) == (Phase.OPENING, left)


def test_a_forgotten_lesson_is_over_and_can_still_be_finished(
    desk: AppContext, section: Id, plan: Id, clock: FakeClock
) -> None:
    live.start_lesson(desk, section, plan)
    clock.advance(minutes=300)
    assert state(desk, section, plan).left_open
    live.finish(desk, section, plan)
    assert not state(desk, section, plan).left_open


def test_what_cannot_be_is_refused(desk: AppContext, section: Id, plan: Id) -> None:
    refused("lesson_not_running", live.next_round, desk, section, plan)
    refused("plan_unknown", live.start_lesson, desk, section, bytes(16))
    live.start_lesson(desk, section, plan)
    refused("lesson_has_started", live.start_lesson, desk, section, plan)
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    student = sheet.groups[0].students[0]
    refused("already_there", live.move_student, desk, section, plan, student, sheet.groups[0].id)
    refused("group_unknown", live.move_student, desk, section, plan, student, bytes(16))


def test_a_move_in_the_lesson_is_noted_and_undone_as_one(desk: AppContext, section: Id, plan: Id) -> None:
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    student, there = sheet.groups[0].students[0], sheet.groups[1].id
    live.start_lesson(desk, section, plan)
    change = live.move_student(desk, section, plan, student, there)
    moved = desk.reads.plans.sheet(section, plan)
    assert moved is not None
    assert student in moved.group(there).students
    assert [one.kind for one in desk.reads.entries.of_plan(section, plan)] == [EntryKind.MOVED]
    history.undo(desk, change.change_id)
    assert desk.reads.plans.sheet(section, plan) == sheet
    assert desk.reads.entries.of_plan(section, plan) == []
