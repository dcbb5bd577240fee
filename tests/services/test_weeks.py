"""The week through the use cases: holidays, short days, cycles, two classes, and one Undo for each change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from blenddesk.domain.calendars import Calendar
from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Grouping, PlanStatus
from blenddesk.domain.rotations import check_rotation
from blenddesk.errors import Refusal
from blenddesk.services import calendars, classes, groups, history, live, plans, rosters, weeks
from blenddesk.services.context import AppContext
from tests.conftest import fill_class

MONDAY = date(2026, 11, 23)
TUESDAY, WEDNESDAY, FRIDAY = (MONDAY + timedelta(ahead) for ahead in (1, 2, 4))
NEXT = MONDAY + timedelta(7)
NINE, ELEVEN = 9 * 60, 11 * 60


@pytest.fixture
def taught(desk: AppContext) -> Id:
    """A class of 16 that meets on Monday, Wednesday and Friday from 9:00 for 60 minutes."""
    section = fill_class(desk, 16, "Class 4B")
    for day in (0, 2, 4):
        calendars.add_period(desk, section, day, NINE, 60)
    return section


def lesson(desk: AppContext, section: Id, day: date, template: str = "station-4") -> Id:
    return plans.new_plan(desk, section, template, day=day.isoformat(), ready=True, seed=3).plan


def empty_class(desk: AppContext) -> Id:
    classes.create_class(desk, "Class 6")
    found = classes.class_by_name(desk, "Class 6")
    assert found is not None
    return found.id


def on(desk: AppContext, section: Id, day: date) -> list[tuple[int | None, int]]:
    found = desk.reads.plans.on_day(section, day.isoformat())
    return [(plan.start_minute, plan.period_minutes) for plan in found]


def test_a_week_shows_lessons_free_meetings_and_days_off(desk: AppContext, taught: Id) -> None:
    made = lesson(desk, taught, MONDAY)
    calendars.add_days_off(desk, TUESDAY.isoformat(), WEDNESDAY.isoformat(), name="Feast")
    week = weeks.week(desk, [taught], FRIDAY)
    assert [day.day for day in week.days] == [MONDAY + timedelta(ahead) for ahead in range(5)]
    assert [one.plan.id for one in week.lessons] == [made]
    assert [day.is_off for day in week.days] == [False, True, True, False, False]
    assert week.days[1].special is not None
    assert week.days[1].special.name == "Feast"
    assert [[slot.start_minute for _home, slot in day.free] for day in week.days] == [[], [], [], [], [NINE]]


def test_lessons_of_two_classes_at_one_time_clash_even_when_one_class_is_shown(desk: AppContext, taught: Id) -> None:
    other = fill_class(desk, 8, "Class 5A")
    calendars.add_period(desk, other, 0, NINE + 30, 60)
    lesson(desk, taught, MONDAY)
    lesson(desk, other, MONDAY)
    lesson(desk, taught, FRIDAY)
    assert [one.clash for one in weeks.week(desk, [taught], MONDAY).lessons] == [True, False]
    both = weeks.week(desk, [taught, other], MONDAY)
    assert [(one.section, one.clash) for one in both.lessons] == [(taught, True), (other, True), (taught, False)]


def test_a_lesson_longer_than_its_short_day_is_marked(desk: AppContext, taught: Id) -> None:
    lesson(desk, taught, MONDAY)
    calendars.add_short_days(desk, MONDAY.isoformat(), MONDAY.isoformat(), 40)
    assert [one.longer_by for one in weeks.week(desk, [taught], MONDAY).lessons] == [20]


def test_a_copy_takes_the_free_meeting_and_the_minutes_of_a_short_day(desk: AppContext, taught: Id) -> None:
    made = lesson(desk, taught, MONDAY)
    calendars.add_short_days(desk, WEDNESDAY.isoformat(), WEDNESDAY.isoformat(), 40)
    copy = weeks.copy_lesson(desk, taught, made, WEDNESDAY)
    whole = plans.sheet(desk, taught, copy.plan)
    assert (whole.plan.start_minute, whole.plan.period_minutes) == (NINE, 40)
    assert whole.plan.planned_minutes == 40
    assert check_rotation(whole) == ()
    assert (whole.plan.status, whole.plan.copied_from) == (PlanStatus.READY, made)
    history.undo(desk)
    assert on(desk, taught, WEDNESDAY) == []


def test_a_very_short_day_gets_fewer_rounds(desk: AppContext, taught: Id) -> None:
    made = lesson(desk, taught, MONDAY)
    calendars.add_short_days(desk, WEDNESDAY.isoformat(), WEDNESDAY.isoformat(), 14)
    whole = plans.sheet(desk, taught, weeks.copy_lesson(desk, taught, made, WEDNESDAY).plan)
    assert whole.plan.planned_minutes == 14
    assert 0 < len(whole.plan.rounds) < 4
    assert {seat.round for seat in whole.seats} == set(range(len(whole.plan.rounds)))


def test_a_copy_on_its_own_day_goes_to_the_other_meeting(desk: AppContext, taught: Id) -> None:
    calendars.add_period(desk, taught, 0, ELEVEN, 45)
    made = lesson(desk, taught, MONDAY)
    weeks.copy_lesson(desk, taught, made, MONDAY)
    assert on(desk, taught, MONDAY) == [(NINE, 60), (ELEVEN, 45)]


def test_nothing_is_copied_or_moved_to_a_day_off(desk: AppContext, taught: Id) -> None:
    made = lesson(desk, taught, MONDAY)
    calendars.add_days_off(desk, WEDNESDAY.isoformat(), WEDNESDAY.isoformat())
    for use_case in (weeks.copy_lesson, weeks.move_lesson):
        with pytest.raises(Refusal, match="day_is_off"):
            use_case(desk, taught, made, WEDNESDAY)
    assert on(desk, taught, MONDAY) == [(NINE, 60)]


def test_groups_made_by_hand_stay_in_the_class_and_others_are_made_anew(desk: AppContext, taught: Id) -> None:
    made = lesson(desk, taught, MONDAY)
    before = {group.students for group in plans.sheet(desk, taught, made).groups}
    mixed = plans.sheet(desk, taught, weeks.copy_lesson(desk, taught, made, WEDNESDAY).plan)
    assert {group.students for group in mixed.groups} != before
    groups.regroup(desk, taught, made, Grouping.BY_HAND)
    same = plans.sheet(desk, taught, weeks.copy_lesson(desk, taught, made, FRIDAY).plan)
    assert {group.students for group in same.groups} == before
    assert same.plan.grouping is Grouping.BY_HAND


def test_a_lesson_moves_with_its_groups_and_comes_back(desk: AppContext, taught: Id) -> None:
    made = lesson(desk, taught, MONDAY)
    before = plans.sheet(desk, taught, made)
    calendars.add_short_days(desk, FRIDAY.isoformat(), FRIDAY.isoformat(), 45)
    weeks.move_lesson(desk, taught, made, FRIDAY)
    after = plans.sheet(desk, taught, made)
    assert (after.plan.day, after.plan.start_minute, after.plan.period_minutes) == (FRIDAY.isoformat(), NINE, 45)
    assert (after.groups, after.seats) == (before.groups, before.seats)
    history.undo(desk)
    assert plans.sheet(desk, taught, made) == before


def test_a_move_to_fewer_rounds_seats_everyone_anew(desk: AppContext, taught: Id) -> None:
    made = lesson(desk, taught, MONDAY)
    calendars.add_short_days(desk, FRIDAY.isoformat(), FRIDAY.isoformat(), 14)
    weeks.move_lesson(desk, taught, made, FRIDAY)
    after = plans.sheet(desk, taught, made)
    assert {seat.round for seat in after.seats} == set(range(len(after.plan.rounds)))


def test_a_lesson_that_was_taught_stays_on_its_day(desk: AppContext, taught: Id) -> None:
    made = lesson(desk, taught, MONDAY)
    live.start_lesson(desk, taught, made)
    with pytest.raises(Refusal, match="lesson_was_taught"):
        weeks.move_lesson(desk, taught, made, FRIDAY)


def test_last_week_is_copied_but_for_the_holiday_and_what_is_planned(desk: AppContext, taught: Id) -> None:
    for day in (MONDAY, WEDNESDAY, FRIDAY):
        lesson(desk, taught, day)
    planned = lesson(desk, taught, NEXT + timedelta(4))
    calendars.add_days_off(desk, NEXT.isoformat(), NEXT.isoformat(), name="Feast")
    calendars.add_short_days(desk, "2026-12-02", "2026-12-02", 30)
    count = len(history.changes(desk))
    done = weeks.copy_week(desk, [taught], NEXT)
    assert (done.copied, done.days_off, done.taken, done.unfit) == (1, 1, 1, 0)
    assert len(history.changes(desk)) == count + 1
    assert [on(desk, taught, NEXT + timedelta(ahead)) for ahead in (0, 2, 4)] == [[], [(NINE, 30)], [(NINE, 60)]]
    history.undo(desk)
    assert [one.plan.id for one in weeks.week(desk, [taught], NEXT).lessons] == [planned]


def test_last_week_of_all_classes_over_a_week_of_holidays_is_one_undo(desk: AppContext, taught: Id) -> None:
    other = fill_class(desk, 8, "Class 5A")
    calendars.add_period(desk, other, 1, NINE, 45)
    lesson(desk, taught, MONDAY)
    lesson(desk, other, TUESDAY)
    calendars.add_days_off(desk, NEXT.isoformat(), (NEXT + timedelta(4)).isoformat())
    later = NEXT + timedelta(7)
    done = weeks.copy_week(desk, [taught, other], later)
    assert done.copied == 2
    assert {one.section for one in weeks.week(desk, [taught, other], later).lessons} == {taught, other}
    history.undo(desk)
    assert weeks.week(desk, [taught, other], later).lessons == ()


def test_a_week_with_nothing_before_it_or_nothing_to_do_is_refused(desk: AppContext, taught: Id) -> None:
    with pytest.raises(Refusal, match="no_earlier_week"):
        weeks.copy_week(desk, [taught], MONDAY)
    lesson(desk, taught, MONDAY)
    weeks.copy_week(desk, [taught], NEXT)
    with pytest.raises(Refusal, match="nothing_to_copy"):
        weeks.copy_week(desk, [taught], NEXT)


def test_a_lesson_that_cannot_be_fitted_is_counted_and_keeps_no_other_back(desk: AppContext, taught: Id) -> None:
    lesson(desk, taught, MONDAY)
    lesson(desk, taught, WEDNESDAY)
    calendars.add_short_days(desk, NEXT.isoformat(), NEXT.isoformat(), 8)
    done = weeks.copy_week(desk, [taught], NEXT)
    assert (done.copied, done.unfit) == (1, 1)


def test_a_cycle_of_six_days_is_copied_day_by_day(desk: AppContext) -> None:
    section = fill_class(desk, 8, "Class 6")
    calendars.add_period(desk, section, 0, NINE, 60)
    calendars.add_period(desk, section, 5, ELEVEN, 45)
    school = Calendar(cycle_days=6, cycle_start=MONDAY)
    sixth = MONDAY + timedelta(7)
    plans.new_plan(desk, section, "station-4", day=MONDAY.isoformat(), start_minute=NINE, minutes=60)
    plans.new_plan(desk, section, "station-4", day=sixth.isoformat(), start_minute=ELEVEN, minutes=45)
    assert len(weeks.week(desk, [section], MONDAY, school=school).days) == 6
    second = MONDAY + timedelta(8)
    assert weeks.copy_week(desk, [section], second, school=school).copied == 2
    assert on(desk, section, second) == [(NINE, 60)]
    assert on(desk, section, MONDAY + timedelta(15)) == [(ELEVEN, 45)]


def test_other_classes_get_the_lesson_with_their_own_groups_and_adults(desk: AppContext, taught: Id) -> None:
    other, empty = fill_class(desk, 12, "Class 5A"), empty_class(desk)
    calendars.add_period(desk, other, 1, ELEVEN, 50)
    calendars.add_period(desk, empty, 1, NINE, 50)
    lesson(desk, other, TUESDAY)
    made = lesson(desk, taught, MONDAY)
    count = len(history.changes(desk))
    given = weeks.give_to_classes(desk, taught, made, [other, empty])
    assert len(history.changes(desk)) == count + 1
    assert given.left_out == ((empty, "class_empty"),)
    [(home, copy)] = given.made
    whole = plans.sheet(desk, other, copy)
    roster = {student.id for student in desk.reads.people.students(other)}
    assert home == other
    assert {student for group in whole.groups for student in group.students} == roster
    # Tuesday has a lesson already, so it is for the Tuesday after.
    assert (whole.plan.day, whole.plan.start_minute, whole.plan.period_minutes) == ("2026-12-01", ELEVEN, 50)
    assert (whole.plan.status, whole.plan.copied_from) == (PlanStatus.READY, None)
    history.undo(desk)
    assert on(desk, other, date(2026, 12, 1)) == []


def test_a_lesson_is_given_to_nobody_when_no_class_can_have_it(desk: AppContext, taught: Id) -> None:
    empty = empty_class(desk)
    made = lesson(desk, taught, MONDAY)
    with pytest.raises(Refusal, match="no_class_fits"):
        weeks.give_to_classes(desk, taught, made, [empty])
    with pytest.raises(Refusal, match="no_class_chosen"):
        weeks.give_to_classes(desk, taught, made, [])
    full = fill_class(desk, 8, "Class 7")
    calendars.add_period(desk, full, 0, NINE, 45)
    calendars.add_days_off(desk, MONDAY.isoformat(), "2026-12-31")
    with pytest.raises(Refusal) as refused:
        weeks.give_to_classes(desk, taught, made, [full])
    assert refused.value.data["reason"] == "no_free_meeting"


def test_pasting_into_another_class_goes_to_its_meeting(desk: AppContext, taught: Id) -> None:
    other = fill_class(desk, 8, "Class 5A")
    calendars.add_period(desk, other, 1, ELEVEN, 40)
    made = lesson(desk, taught, MONDAY)
    weeks.copy_lesson(desk, taught, made, TUESDAY, ELEVEN, into=other)
    assert on(desk, other, TUESDAY) == [(ELEVEN, 40)]
    assert on(desk, taught, TUESDAY) == []


def test_troubles_are_the_checks_that_fail(desk: AppContext, taught: Id) -> None:
    made = lesson(desk, taught, MONDAY)
    assert [one.code for one in weeks.troubles(desk, taught, made)] == [
        one.code for one in plans.checks(desk, taught, made) if not one.ok
    ]
    rosters.add_student(desk, taught, "Zoe")
    assert "placed" in [one.code for one in weeks.troubles(desk, taught, made)]
