"""Backups are thinned by counters: no clock, however wrong, deletes a good one or pins a bad one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from blenddesk.domain.retention import (
    DAYS,
    DAYS_IN_WEEK,
    DAYS_IN_YEAR,
    MOST_IN_DAY,
    NEWEST,
    START,
    WEEKS,
    Mark,
    Position,
    after_seen,
    kept,
    next_position,
)

YEAR_1970, TODAY, YEAR_2099 = 0, 20_780, 47_480
DATES = st.one_of(st.sampled_from([YEAR_1970, TODAY, TODAY + 1, YEAR_2099]), st.integers(-40_000, 60_000))


def marks_of(dates: list[int]) -> list[Mark]:
    position, made = START, []
    for date in dates:
        position = next_position(position, date)
        made.append(position.mark)
    return made


def school_days(days: int, a_day: int) -> list[int]:
    return [TODAY + day for day in range(days) for _each in range(a_day)]


def test_a_year_of_hourly_backups_is_a_few_dozen_files() -> None:
    made = marks_of(school_days(days=DAYS_IN_YEAR, a_day=6))
    left = kept(made)
    assert set(made[-NEWEST:]) <= left
    assert {mark.day for mark in left} >= {made[-1].day - back for back in range(DAYS)}
    assert len(left) <= NEWEST + DAYS + WEEKS + 2


def test_one_of_every_year_stays_for_ever() -> None:
    made = marks_of(school_days(days=10 * DAYS_IN_YEAR, a_day=1))
    assert {mark.day // DAYS_IN_YEAR for mark in kept(made)} == set(range(11))


@given(st.lists(DATES, max_size=300))
def test_a_clock_can_only_begin_a_day_never_skip_or_go_back(dates: list[int]) -> None:
    made = marks_of(dates)
    for before, after in pairwise(made):
        assert after.number == before.number + 1
        assert after.day - before.day in (0, 1)


@given(st.lists(DATES, max_size=300))
def test_what_stays_is_the_newest_of_its_kind_whatever_the_clock_said(dates: list[int]) -> None:
    made = marks_of(dates)
    left = kept(made)
    assert set(made[-NEWEST:]) <= left
    for length, how_many in ((1, DAYS), (DAYS_IN_WEEK, WEEKS), (DAYS_IN_YEAR, len(made))):
        spans = sorted({mark.day // length for mark in made}, reverse=True)[:how_many]
        for span in spans:
            assert max(mark for mark in made if mark.day // length == span) in left
    years = {mark.day // DAYS_IN_YEAR for mark in made}
    assert len(left) <= NEWEST + DAYS + WEEKS + len(years)


@given(st.lists(DATES, max_size=200), st.integers(-100_000, 100_000))
def test_the_dates_themselves_mean_nothing(dates: list[int], moved: int) -> None:
    assert marks_of(dates) == marks_of([date + moved for date in dates])


@given(st.lists(DATES, max_size=400))
def test_thinning_each_time_leaves_what_thinning_once_leaves(dates: list[int]) -> None:
    step_by_step: set[Mark] = set()
    for mark in marks_of(dates):
        step_by_step = set(kept(step_by_step | {mark}))
    assert step_by_step == kept(marks_of(dates))


def test_one_leap_to_2099_and_back_costs_two_days_and_no_backup() -> None:
    honest = school_days(days=20, a_day=4)
    leap = [*honest[:42], YEAR_2099, *honest[42:]]
    assert marks_of(leap)[-1].day == marks_of(honest)[-1].day + 2
    assert set(marks_of(leap)[-NEWEST:]) <= kept(marks_of(leap))


def test_a_clock_that_stands_at_1970_still_has_days() -> None:
    made = marks_of([YEAR_1970] * (MOST_IN_DAY * 30))
    assert made[-1].day == 30
    assert len({mark.day for mark in kept(made)}) >= DAYS


def test_a_database_put_back_counts_past_what_lies_beside_it() -> None:
    restored = Position(Mark(5, 2), TODAY, 3)
    seen = [Mark(3, 1), Mark(40, 9)]
    assert next_position(after_seen(restored, seen), TODAY).mark == Mark(41, 9)
    assert after_seen(restored, [Mark(4, 2)]) == restored
    assert after_seen(restored, []) == restored
