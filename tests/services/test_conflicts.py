"""What needs the teacher: asked with both values, who and when; answered in one click, with undo; never lost before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.goals import GoalStatus
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.errors import Refusal
from blenddesk.services import conflicts, goals, groups, history, plans, profiles, rosters
from blenddesk.services.conflicts import Kind, Question
from blenddesk.services.context import AppContext
from blenddesk.services.plan_sheets import load_sheet, seat_id
from tests.conftest import FakeClock, FakeRandomness
from tests.services.desks import carry, copied


class Two(NamedTuple):
    here: AppContext
    there: AppContext
    section: Id
    clock: FakeClock
    stick: Path

    def lap(self) -> None:
        carry(self.stick, self.here, self.there)

    def student(self, index: int = 0) -> Id:
        return self.here.reads.people.students(self.section)[index].id

    def asked(self, desk: AppContext | None = None) -> list[Question]:
        """Without the question which of the two laptops is which."""
        return [one for one in conflicts.questions(desk or self.here) if one.kind is not Kind.COPIES]


@pytest.fixture
def two(desk: AppContext, section: Id, tmp_path: Path, clock: FakeClock) -> Iterator[Two]:
    bootstrap.close_device(desk)
    there = copied(desk, tmp_path / "laptop", clock)
    here = bootstrap.open_device(Paths(desk.paths.data), clock=clock, randomness=FakeRandomness(5))
    yield Two(here, there, section, clock, tmp_path / "stick")
    bootstrap.close_device(there)
    bootstrap.close_device(here)


def test_nothing_waits_in_an_ordinary_class(desk: AppContext, section: Id) -> None:
    rosters.rename_student(desk, desk.reads.people.students(section)[0].id, "Amina", "Sow")
    assert conflicts.count(desk) == 0
    assert conflicts.questions(desk) == []


def test_needs_written_on_two_desks_are_shown_side_by_side_and_one_click_decides_for_both(two: Two) -> None:
    amina = two.student()
    profiles.set_list(two.here, amina, "needs", ["sits in front"])
    two.clock.advance(minutes=10)
    profiles.set_list(two.there, amina, "needs", ["large print"])
    two.lap()
    [asked] = two.asked()
    assert (asked.kind, asked.record, asked.field, asked.subject != b"") == (Kind.VALUES, "profile", "needs", True)
    assert [side.cells[0].value for side in asked.sides] == [["large print"], ["sits in front"]]
    assert [(side.who, side.here, side.copy) for side in asked.sides] == [
        ("Ms Okoro", False, True),
        ("Ms Okoro", True, False),
    ]
    assert asked.sides[0].at_ms - asked.sides[1].at_ms == 600_000
    assert conflicts.student_of(two.here, asked) == amina
    assert [one.id for one in two.asked(two.there)] == [asked.id]
    # What is shown meanwhile is the later one.
    assert profiles.profile(two.here, two.section, amina).needs == ("large print",)
    change = two.here.run(conflicts.keep, asked.id, 1)
    assert profiles.profile(two.here, two.section, amina).needs == ("sits in front",)
    assert two.asked() == []
    history.undo(two.here, change.change_id)
    assert [one.id for one in two.asked()] == [asked.id]
    assert profiles.profile(two.here, two.section, amina).needs == ("large print",)
    conflicts.keep(two.here, asked.id, 1)
    two.lap()
    assert two.asked(two.there) == []
    assert profiles.profile(two.there, two.section, amina).needs == ("sits in front",)


def test_both_lists_and_both_notes_can_be_kept(two: Two) -> None:
    amina = two.student()
    profiles.set_list(two.here, amina, "interests", ["stars", "frogs"])
    profiles.set_note(two.here, amina, "Reads at home.")
    two.clock.advance(minutes=1)
    profiles.set_list(two.there, amina, "interests", ["frogs", "trains"])
    profiles.set_note(two.there, amina, "New glasses.")
    two.lap()
    asked = {one.field: one for one in two.asked()}
    assert all(one.can_keep_both for one in asked.values())
    for one in asked.values():
        conflicts.keep_both(two.here, one.id)
    profile = profiles.profile(two.here, two.section, amina)
    assert profile.interests == ("stars", "frogs", "trains")
    assert profile.note == "Reads at home.\nNew glasses."
    assert two.asked() == []


def test_of_two_states_of_a_goal_only_one_can_stand(two: Two) -> None:
    amina = two.student()
    goals.set_goal(two.here, amina, "I read a page")
    two.lap()
    goal = goals.goals_of_student(two.here, two.section, amina)[0].goal.id
    goals.set_status(two.here, two.section, goal, GoalStatus.REACHED)
    goals.set_status(two.there, two.section, goal, GoalStatus.LET_GO, "moved on")
    two.lap()
    asked = {one.field: one for one in two.asked()}
    assert set(asked) == {"status", "reason"}
    assert not asked["status"].can_keep_both
    with pytest.raises(Refusal, match="no_such_side"):
        conflicts.keep_both(two.here, asked["status"].id)
    reached = next(i for i, side in enumerate(asked["status"].sides) if side.cells[0].value == "reached")
    conflicts.keep(two.here, asked["status"].id, reached)
    assert goals.goals_of_student(two.here, two.section, amina)[0].goal.status is GoalStatus.REACHED


def test_a_name_is_one_question_whatever_it_is_made_of(two: Two) -> None:
    amina = two.student()
    rosters.rename_student(two.here, amina, "Aminata", "Diallo")
    rosters.rename_student(two.there, amina, "Amina", "Diop")
    two.lap()
    [asked] = two.asked()
    assert (asked.record, asked.field) == ("student", "name")
    chosen = next(i for i, side in enumerate(asked.sides) if side.here)
    conflicts.keep(two.here, asked.id, chosen)
    student = two.here.reads.people.student(two.section, amina)
    assert student is not None
    assert (student.name, student.given, student.family) == ("Aminata", "Aminata", "Diallo")
    assert two.asked() == []


def test_a_person_of_two_classes_is_asked_about_once(two: Two) -> None:
    from blenddesk.services import classes

    amina = two.student()
    classes.create_class(two.here, "Maths")
    maths = classes.class_by_name(two.here, "Maths")
    assert maths is not None
    rosters.join_class(two.here, amina, two.section, maths.id)
    two.lap()
    rosters.set_avatar(two.here, amina, "owl")
    rosters.set_avatar(two.there, amina, "fox")
    two.lap()
    [asked] = two.asked()
    conflicts.keep(two.here, asked.id, 1)
    seen = {two.here.reads.people.student(home, amina).avatar for home in (two.section, maths.id)}  # type: ignore[union-attr]
    assert seen == {asked.sides[1].cells[0].value}
    assert two.asked() == []


def test_groups_made_on_two_desks_are_one_question(two: Two) -> None:
    made = plans.new_plan(two.here, two.section, "station-4", seed=1)
    two.lap()
    sheet = load_sheet(two.here, two.section, made.plan)
    first, second, third = sheet.groups[:3]
    child = first.students[0]
    groups.move_student(two.here, two.section, made.plan, child, second.id)
    two.clock.advance(minutes=1)
    groups.move_student(two.there, two.section, made.plan, child, third.id)
    two.lap()
    [asked] = two.asked()
    assert (asked.kind, asked.subject) == (Kind.PLAN, made.plan)
    conflicts.keep(two.here, asked.id, next(i for i, side in enumerate(asked.sides) if side.here))
    after = load_sheet(two.here, two.section, made.plan)
    assert child in next(group for group in after.groups if group.id == second.id).students
    assert two.asked() == []


def test_a_double_booking_is_no_refusal_and_no_question_but_a_check_that_says_so(two: Two) -> None:
    made = plans.new_plan(two.here, two.section, "station-4", seed=1)
    first, second, third = [seat for seat in load_sheet(two.here, two.section, made.plan).seats if seat.round == 0][:3]
    two.here.commit("x", [put(two.section, "block", third.block, capacity=5)])
    two.lap()

    def fits(desk: AppContext) -> bool:
        return next(check for check in plans.checks(desk, two.section, made.plan) if check.code == "capacity").ok

    for desk, seat in ((two.here, first), (two.there, second)):
        desk.commit("x", [put(two.section, "seat", seat_id(made.plan, seat.group, 0), block=third.block)])
        assert fits(desk)
    two.lap()
    assert two.asked() == []
    assert not fits(two.here)
    assert not fits(two.there)


def test_a_step_deleted_here_and_edited_there_stays_until_somebody_says_so(two: Two) -> None:
    amina = two.student()
    goals.set_goal(two.here, amina, "I read a page", steps=["one line"])
    two.lap()
    step = goals.goals_of_student(two.here, two.section, amina)[0].steps[0].step.id
    goals.remove_step(two.here, two.section, step)
    goals.edit_step(two.there, two.section, step, "two lines")
    two.lap()
    [asked] = two.asked()
    assert asked.kind is Kind.EDITED_MEANWHILE
    assert [side.deleted for side in asked.sides] == [False, True]
    assert goals.goals_of_student(two.here, two.section, amina)[0].steps[0].step.words == "two lines"
    change = conflicts.keep(two.here, asked.id, 1)
    assert goals.goals_of_student(two.here, two.section, amina)[0].steps == ()
    history.undo(two.here, change.change_id)
    conflicts.keep(two.here, asked.id, 0)
    assert goals.goals_of_student(two.here, two.section, amina)[0].steps[0].step.words == "two lines"
    assert two.asked() == []
    two.lap()
    assert two.asked(two.there) == []


def test_an_answer_to_what_has_changed_meanwhile_is_refused(two: Two) -> None:
    amina = two.student()
    rosters.set_avatar(two.here, amina, "owl")
    rosters.set_avatar(two.there, amina, "fox")
    two.lap()
    [asked] = two.asked()
    for side in (-1, 2):
        with pytest.raises(Refusal, match="no_such_side"):
            conflicts.keep(two.here, asked.id, side)
    with pytest.raises(Refusal, match="no_such_side"):
        conflicts.put_right(two.here, asked.id)
    rosters.set_avatar(two.here, amina, "cat")
    with pytest.raises(Refusal, match="question_gone"):
        conflicts.keep(two.here, asked.id, 0)
    # Editing what is shown answers nothing: the value that lost still waits.
    [again] = two.asked()
    assert len(again.sides) == 2
