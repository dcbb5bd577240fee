"""Meetings follow the timetable, holidays and short days; counts use real meetings only."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from blenddesk.domain.calendars import (
    Calendar,
    CalendarDay,
    Period,
    Slot,
    class_now,
    meetings_between,
    meetings_on,
    next_meeting,
    previous_meeting,
)

CLASS_A, CLASS_B = bytes([1]) * 16, bytes([2]) * 16
MONDAY = date(2026, 11, 23)


def period(day: int, start: int = 570, minutes: int = 50, section: bytes = CLASS_A) -> Period:
    return Period(bytes(16), section, day, start, minutes)


def off(first: date, last: date | None = None, kind: str = "off", minutes: int | None = None) -> CalendarDay:
    return CalendarDay(bytes(16), first.isoformat(), (last or first).isoformat(), kind, minutes)


MONDAY_AND_THURSDAY = (period(0), period(3, 600))


def at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60))


def test_next_and_previous_skip_holidays() -> None:
    calendar = Calendar((off(MONDAY + timedelta(3), MONDAY + timedelta(7)),))
    second_thursday = Slot(MONDAY + timedelta(10), 600, 50)
    assert next_meeting(MONDAY_AND_THURSDAY, calendar, at(MONDAY, 570)) == second_thursday
    assert next_meeting(MONDAY_AND_THURSDAY, calendar, at(MONDAY, 569)) == Slot(MONDAY, 570, 50)
    assert previous_meeting(MONDAY_AND_THURSDAY, calendar, at(MONDAY + timedelta(9), 0)) == Slot(MONDAY, 570, 50)
    before = previous_meeting(MONDAY_AND_THURSDAY, calendar, at(MONDAY, 619))
    assert before == Slot(MONDAY - timedelta(4), 600, 50)
    assert previous_meeting(MONDAY_AND_THURSDAY, calendar, at(MONDAY, 620)) == Slot(MONDAY, 570, 50)


def test_no_timetable_and_no_end_of_holidays_give_no_meeting() -> None:
    assert next_meeting((), Calendar(), at(MONDAY, 0)) is None
    assert previous_meeting((), Calendar(), at(MONDAY, 0)) is None
    assert next_meeting(MONDAY_AND_THURSDAY, Calendar(last_day=MONDAY), at(MONDAY, 600)) is None
    assert not Calendar(first_day=MONDAY).is_school_day(MONDAY - timedelta(3))


def test_short_bells_shorten_and_a_day_off_wins() -> None:
    short = off(MONDAY, kind="short", minutes=30)
    assert meetings_on(MONDAY_AND_THURSDAY, Calendar((short,)), MONDAY) == (Slot(MONDAY, 570, 30),)
    assert meetings_on(MONDAY_AND_THURSDAY, Calendar((short, off(MONDAY))), MONDAY) == ()
    assert meetings_on((period(0, 570, 25),), Calendar((short,)), MONDAY)[0].minutes == 25
    half = off(MONDAY, kind="short", minutes=0)
    assert meetings_on(MONDAY_AND_THURSDAY, Calendar((half,)), MONDAY) == ()


def test_a_six_day_cycle_counts_school_days_only() -> None:
    calendar = Calendar((off(MONDAY + timedelta(2)),), cycle_days=6, cycle_start=MONDAY)
    days = [calendar.cycle_day(MONDAY + timedelta(number)) for number in range(10)]
    assert days == [0, 1, None, 2, 3, None, None, 4, 5, 0]
    assert calendar.cycle_day(MONDAY - timedelta(3)) == 5
    assert [slot.day for slot in meetings_between([period(0)], calendar, MONDAY, MONDAY + timedelta(10))] == [
        MONDAY,
        MONDAY + timedelta(9),
    ]


@given(st.integers(-40, 40), st.integers(2, 10), st.sets(st.integers(-40, 40), max_size=12))
def test_a_cycle_goes_on_one_day_at_a_time(offset: int, length: int, holidays: set[int]) -> None:
    calendar = Calendar(
        tuple(off(MONDAY + timedelta(number)) for number in sorted(holidays)), cycle_days=length, cycle_start=MONDAY
    )
    start = MONDAY + timedelta(offset)
    numbers = [calendar.cycle_day(start + timedelta(number)) for number in range(30)]
    seen = [number for number in numbers if number is not None]
    assert all((before + 1) % length == after for before, after in pairwise(seen))


def test_which_class_is_on() -> None:
    timetables = {CLASS_A: [period(0, 540, 60)], CLASS_B: [period(0, 600, 60, CLASS_B)]}
    calendar = Calendar()
    assert class_now(timetables, calendar, at(MONDAY, 545)) == CLASS_A
    assert class_now(timetables, calendar, at(MONDAY, 599)) == CLASS_A
    assert class_now(timetables, calendar, at(MONDAY, 600)) == CLASS_B
    assert class_now(timetables, calendar, at(MONDAY, 530)) == CLASS_A
    assert class_now(timetables, calendar, at(MONDAY, 500)) is None
    assert class_now(timetables, calendar, at(MONDAY, 660)) is None
    assert class_now(timetables, calendar, at(MONDAY + timedelta(1), 545)) is None
    overlapping = {CLASS_A: [period(0, 540, 90)], CLASS_B: [period(0, 600, 60, CLASS_B)]}
    assert class_now(overlapping, calendar, at(MONDAY, 610)) == CLASS_B


@given(st.sets(st.integers(0, 6), min_size=1), st.integers(0, 60), st.integers(0, 1439), st.sets(st.integers(0, 60)))
def test_next_and_previous_are_the_nearest_of_all_meetings(
    days: set[int], offset: int, minute: int, holidays: set[int]
) -> None:
    periods = [period(day) for day in days]
    calendar = Calendar(tuple(off(MONDAY + timedelta(number)) for number in sorted(holidays)))
    moment = at(MONDAY + timedelta(offset), minute)
    every = meetings_between(periods, calendar, MONDAY - timedelta(30), MONDAY + timedelta(120))
    later = [slot for slot in every if at(slot.day, slot.start_minute) > moment]
    earlier = [slot for slot in every if at(slot.day, slot.end_minute) <= moment]
    assert next_meeting(periods, calendar, moment) == later[0]
    assert previous_meeting(periods, calendar, moment) == earlier[-1]
