"""A goal's steps, age and silence are counted in real meetings and school days."""

from datetime import date, timedelta

from blenddesk.domain.calendars import Calendar, CalendarDay, Period
from blenddesk.domain.entries import Entry
from blenddesk.domain.goals import Goal, GoalProgress, GoalStatus, GoalStep, active_goals, goal_progress, iso_day

MONDAY = date(2026, 11, 2)
ANA, BEN, GOAL, OTHER = (bytes([number]) * 16 for number in range(4))
STEPS = [GoalStep(bytes([10 + number]) * 16, GOAL, ANA, number, f"step {number}") for number in (2, 0, 1)]
SET = Goal(GOAL, ANA, "I can read a page aloud", set_day=MONDAY.isoformat())
TIMETABLE = (Period(bytes(16), bytes(16), 0, 570, 50), Period(bytes(16), bytes(16), 3, 570, 50))


def done(step: int, day: date, student: bytes = ANA, number: int = 0) -> Entry:
    about = bytes([10 + step]) * 16
    return Entry(bytes([50 + number]) * 16, student, "step_done", about=about, day=day.isoformat(), at_ms=number)


def look(after_days: int, *entries: Entry, goal: Goal = SET, calendar: Calendar | None = None) -> GoalProgress:
    today = MONDAY + timedelta(after_days)
    return goal_progress(goal, STEPS, entries, today, periods=TIMETABLE, calendar=calendar)


def test_steps_stand_in_order_and_the_first_day_counts() -> None:
    found = look(10, done(0, MONDAY + timedelta(1)), done(0, MONDAY + timedelta(7), number=1))
    assert [line.step.position for line in found.steps] == [0, 1, 2]
    assert [line.day for line in found.steps] == ["2026-11-03", "", ""]
    assert found.done == 1
    assert found.next_step is not None
    assert found.next_step.position == 1
    assert look(1, done(0, MONDAY, student=BEN)).done == 0


def test_an_oops_takes_a_step_back() -> None:
    tapped = done(1, MONDAY)
    oops = Entry(bytes([99]) * 16, ANA, "undone", about=tapped.id, at_ms=5)
    assert look(1, tapped).done == 1
    assert look(1, tapped, oops).done == 0


def test_age_in_meetings_and_school_days() -> None:
    assert look(0).meetings == 0
    assert look(14).meetings == 4
    assert (look(14).quiet_school_days, look(14).stale) == (10, False)
    assert (look(15).quiet_school_days, look(15).stale) == (11, True)
    moved_on = look(15, done(0, MONDAY + timedelta(14)))
    assert (moved_on.quiet_school_days, moved_on.stale, moved_on.last_day) == (1, False, "2026-11-16")


def test_holidays_do_not_make_a_goal_old() -> None:
    week_off = Calendar((CalendarDay(bytes(16), "2026-11-09", "2026-11-13"),))
    assert not look(15, calendar=week_off).stale
    assert look(15, calendar=week_off).meetings == 3


def test_only_an_active_goal_can_be_stale_or_overdue() -> None:
    due = SET._replace(by_day="2026-11-04")
    assert not look(2, goal=due).overdue
    assert look(3, goal=due).overdue
    for status in (GoalStatus.REACHED, GoalStatus.CHANGED, GoalStatus.LET_GO):
        ended = look(30, goal=due._replace(status=status))
        assert (ended.stale, ended.overdue) == (False, False)


def test_goals_per_student_and_days_that_are_none() -> None:
    goals = [SET, SET._replace(id=OTHER, student=BEN), SET._replace(id=bytes(16), status=GoalStatus.REACHED)]
    assert active_goals(goals) == {ANA: 1, BEN: 1}
    assert [iso_day(text) for text in (None, "", "soon", "2026-02-30")] == [None] * 4
    assert look(5, goal=SET._replace(set_day="")).quiet_school_days == 0
