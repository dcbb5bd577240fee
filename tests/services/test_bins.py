"""The bin: everything put away or taken away within a year comes back in one step, also from another desk."""

from __future__ import annotations

import pytest

from blenddesk.domain.ids import Id
from blenddesk.errors import Refusal
from blenddesk.services import bins, calendars, classes, goals, history, plans, rosters
from blenddesk.services.bins import Kind, Thing
from blenddesk.services.context import AppContext
from blenddesk.services.plan_sheets import load_sheet
from tests.conftest import FakeClock


def only(desk: AppContext, kind: Kind) -> Thing:
    [found] = [one for one in bins.things(desk) if one.kind is kind]
    return found


def test_nothing_is_in_the_bin_of_a_fresh_class(desk: AppContext, section: Id) -> None:
    assert bins.things(desk) == []


def test_a_class_comes_back_with_everything_unless_another_has_its_name(desk: AppContext, section: Id) -> None:
    classes.archive_class(desk, section)
    thing = only(desk, Kind.CLASS)
    assert (thing.name, thing.day.isoformat()) == ("Sunflowers", "2026-11-23")
    classes.create_class(desk, "Sunflowers")
    with pytest.raises(Refusal, match="class_exists"):
        bins.bring_back(desk, thing)
    history.undo(desk)
    change = bins.bring_back(desk, thing)
    assert len(desk.reads.people.students(section)) == 8
    assert bins.things(desk) == []
    with pytest.raises(Refusal, match="not_in_bin"):
        bins.bring_back(desk, thing)
    history.undo(desk, change.change_id)
    assert only(desk, Kind.CLASS) == thing


def test_a_lesson_comes_back_to_be_planned_on(desk: AppContext, section: Id) -> None:
    made = plans.new_plan(desk, section, "station-4", seed=1)
    plans.archive_plan(desk, section, made.plan)
    bins.bring_back(desk, only(desk, Kind.LESSON))
    assert load_sheet(desk, section, made.plan).plan.status.value == "draft"
    assert bins.things(desk) == []


def test_a_student_who_left_comes_back_to_the_old_place(desk: AppContext, section: Id) -> None:
    ben = desk.reads.people.students(section)[1]
    rosters.leave_class(desk, section, ben.id)
    rosters.add_student(desk, section, "Nora", "Berg")
    bins.bring_back(desk, only(desk, Kind.STUDENT))
    back = desk.reads.people.students(section)[1]
    assert (back.id, back.number) == (ben.id, 2)


def test_a_step_comes_back_in_every_class_of_the_person(desk: AppContext, section: Id) -> None:
    amina = desk.reads.people.students(section)[0].id
    classes.create_class(desk, "Maths")
    maths = classes.class_by_name(desk, "Maths")
    assert maths is not None
    rosters.join_class(desk, amina, section, maths.id)
    goals.set_goal(desk, amina, "I read a page", steps=["one line"])
    step = goals.goals_of_student(desk, section, amina)[0].steps[0].step
    goals.remove_step(desk, section, step.id)
    thing = only(desk, Kind.RECORD)
    assert (thing.record, thing.name, len(thing.sections)) == ("goal_step", "one line", 2)
    assert thing.values["student"] == amina
    bins.bring_back(desk, thing)
    for home in (section, maths.id):
        assert goals.goals_of_student(desk, home, amina)[0].steps[0].step == step
    assert bins.things(desk) == []


def test_after_a_year_it_is_no_longer_offered(desk: AppContext, section: Id, clock: FakeClock) -> None:
    calendars.add_period(desk, section, 0, 540, 50)
    calendars.remove_period(desk, section, desk.reads.lessons.periods(section)[0].id)
    clock.advance(minutes=60 * 24 * 365)
    assert [one.record for one in bins.things(desk)] == ["period"]
    clock.advance(minutes=60 * 24)
    assert bins.things(desk) == []
