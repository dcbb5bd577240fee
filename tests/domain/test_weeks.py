"""Which days make a week, which day is the same in another, which lessons clash."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from blenddesk.domain.calendars import Calendar, CalendarDay
from blenddesk.domain.weeks import Span, clashing, same_day, week_days

MONDAY = date(2026, 11, 23)


def days(*numbers: int) -> tuple[date, ...]:
    return tuple(MONDAY + timedelta(number) for number in numbers)


def test_a_week_is_monday_to_friday_also_from_its_weekend() -> None:
    for ahead in range(7):
        assert week_days(Calendar(), {0, 2}, MONDAY + timedelta(ahead)) == days(0, 1, 2, 3, 4)


def test_a_taught_or_planned_weekend_day_is_shown() -> None:
    assert week_days(Calendar(), {5}, MONDAY) == days(0, 1, 2, 3, 4, 5)
    assert week_days(Calendar(), (), MONDAY, days(6)) == days(0, 1, 2, 3, 4, 6)


def test_where_sunday_is_taught_and_friday_is_not_the_week_begins_on_sunday() -> None:
    assert week_days(Calendar(), {6, 0, 1, 2, 3}, MONDAY) == days(-1, 0, 1, 2, 3)
    assert week_days(Calendar(), {5, 6, 0}, MONDAY) == days(-2, -1, 0, 1, 2, 3)


def test_holidays_stay_in_the_week() -> None:
    school = Calendar(days=(CalendarDay(b"1" * 16, "2026-11-24", "2026-11-25", name="Feast"),))
    assert week_days(school, {0}, MONDAY) == days(0, 1, 2, 3, 4)


def test_a_cycle_of_six_days_goes_over_a_weekend_and_a_holiday() -> None:
    school = Calendar(days=(CalendarDay(b"1" * 16, "2026-11-25", "2026-11-25"),), cycle_days=6, cycle_start=MONDAY)
    first = days(0, 1, 2, 3, 4, 7, 8)
    for one in first:
        assert week_days(school, {0, 5}, one) == first
    assert week_days(school, {0}, MONDAY + timedelta(9))[0] == MONDAY + timedelta(9)
    # The fourth day of school is day 3 of the cycle; day 3 of the next is eight days on, over the weekend.
    assert same_day(school, days(4)[0], week_days(school, (), MONDAY + timedelta(9))) == days(14)[0]


def test_without_school_near_a_cycle_falls_back_to_the_week() -> None:
    school = Calendar(cycle_start=MONDAY, last_day=MONDAY + timedelta(30))
    assert len(week_days(school, (), MONDAY + timedelta(400))) == 5


@given(st.integers(2, 12), st.integers(0, 200), st.sets(st.integers(0, 260), max_size=20))
def test_every_school_day_is_in_one_cycle_with_each_day_number_once(length: int, ahead: int, off: set[int]) -> None:
    holidays = tuple(
        CalendarDay(
            bytes([n % 256, n // 256]) * 8, (MONDAY + timedelta(n)).isoformat(), (MONDAY + timedelta(n)).isoformat()
        )
        for n in off
    )
    school = Calendar(days=holidays, cycle_days=length, cycle_start=MONDAY)
    day = MONDAY + timedelta(ahead)
    found = week_days(school, (), day)
    if school.is_school_day(day) and school.is_school_day(MONDAY):
        assert day in found
        numbers = [school.cycle_day(one) for one in found if school.is_school_day(one)]
        assert numbers == list(range(length))


def test_the_same_weekday_of_another_week() -> None:
    assert same_day(Calendar(), days(-5)[0], days(0, 1, 2, 3, 4)) == days(2)[0]
    assert same_day(Calendar(), days(-2)[0], days(0, 1, 2, 3, 4)) is None


def test_lessons_at_the_same_time_clash_and_neighbours_do_not() -> None:
    monday, tuesday = "2026-11-23", "2026-11-24"
    spans = [
        Span(monday, 540, 60),
        Span(monday, 600, 45),
        Span(monday, 630, 45),
        Span(tuesday, 540, 60),
        Span(monday, None, 60),
    ]
    assert clashing(spans) == {1, 2}
    assert clashing([Span(monday, 480, 300), Span(monday, 500, 10), Span(monday, 700, 10)]) == {0, 1, 2}
    assert clashing([]) == frozenset()
