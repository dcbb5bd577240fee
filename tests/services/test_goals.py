"""Goals through the use cases: written into every class of the person, moved on, closed, and undone."""

from __future__ import annotations

import pytest

from blenddesk.domain.entries import By
from blenddesk.domain.goals import GoalStatus, SetBy
from blenddesk.domain.ids import Id
from blenddesk.domain.registry import Audience
from blenddesk.errors import Refusal
from blenddesk.services import classes, goals, history, profiles, rosters
from blenddesk.services.context import AppContext
from tests.conftest import FakeClock, fill_class


@pytest.fixture
def amina(desk: AppContext, section: Id) -> Id:
    return desk.reads.people.students(section)[0].id


def test_a_goal_keeps_the_childs_words_and_steps(desk: AppContext, section: Id, amina: Id) -> None:
    goals.set_goal(
        desk,
        amina,
        "  I read a whole  page alone ",
        steps=["I read one line", "", "I read five lines"],
        set_by=SetBy.STUDENT,
        picture="open-book",
        by_day="2026-12-18",
        why="to read to my sister",
    )
    [progress] = goals.goals_of_student(desk, section, amina)
    goal = progress.goal
    assert goal.words == "I read a whole page alone"
    assert (goal.status, goal.set_by, goal.set_day) == (GoalStatus.ACTIVE, SetBy.STUDENT, "2026-11-23")
    assert (goal.by_day, goal.why, goal.picture) == ("2026-12-18", "to read to my sister", "open-book")
    assert [line.step.words for line in progress.steps] == ["I read one line", "I read five lines"]
    assert progress.done == 0


def test_what_only_teachers_may_read_stays_on_desks(desk: AppContext, section: Id, amina: Id) -> None:
    goals.set_goal(desk, amina, "I count to 20", measure="counts to 8", why="shop", note="ask the family")
    shared = desk.reads.reader.records("goal", Audience.CLASS, section=section)
    assert not any(secret in repr(shared) for secret in ("counts to 8", "shop", "ask the family"))


@pytest.mark.parametrize(
    ("words", "fields", "code"),
    [
        (" ", {}, "goal_empty"),
        ("x" * 201, {}, "goal_too_long"),
        ("ok", {"by_day": "next week"}, "goal_day"),
        ("ok", {"set_by": "nobody"}, "unknown_field"),
        ("ok", {"status": "reached"}, "unknown_field"),
    ],
)
def test_wishes_that_cannot_be_granted(
    desk: AppContext, section: Id, amina: Id, words: str, fields: dict[str, str], code: str
) -> None:
    goals.set_goal(desk, amina, "first")
    goal = goals.goals_of_student(desk, section, amina)[0].goal
    with pytest.raises(Refusal) as refused:
        goals.edit_goal(desk, section, goal.id, words=words, **fields)
    assert refused.value.code == code
    assert goals.goals_of_student(desk, section, amina)[0].goal == goal


def test_too_many_steps_are_refused_before_anything_is_written(desk: AppContext, section: Id, amina: Id) -> None:
    with pytest.raises(Refusal) as refused:
        goals.set_goal(desk, amina, "all", steps=[f"step {n}" for n in range(10)])
    assert refused.value.code == "goal_steps_many"
    assert goals.goals_of_student(desk, section, amina) == ()


def test_nobody_has_no_goal(desk: AppContext, section: Id) -> None:
    with pytest.raises(Refusal) as refused:
        goals.set_goal(desk, bytes(16), "I fly")
    assert refused.value.code == "no_such_student"
    with pytest.raises(Refusal) as refused:
        goals.set_status(desk, section, bytes(16), GoalStatus.REACHED)
    assert refused.value.code == "no_such_goal"


def test_a_goal_is_in_every_class_of_the_person(desk: AppContext, section: Id, amina: Id) -> None:
    other = fill_class(desk, 2, "Music")
    rosters.join_class(desk, amina, section, other)
    goals.set_goal(desk, amina, "I sing alone", steps=["I hum"])
    here, there = (goals.goals_of_student(desk, one, amina)[0] for one in (section, other))
    assert here.goal == there.goal
    assert [line.step.id for line in here.steps] == [line.step.id for line in there.steps]
    goals.do_step(desk, other, there.steps[0].step.id, by=By.STUDENT)
    assert goals.goals_of_student(desk, section, amina)[0].done == 1
    assert len(desk.reads.entries.about_steps(section)) == 1


def test_steps_done_once_and_taken_back(desk: AppContext, section: Id, amina: Id, clock: FakeClock) -> None:
    goals.set_goal(desk, amina, "I sing alone", steps=["I hum", "I sing to a friend"])
    step = goals.goals_of_student(desk, section, amina)[0].steps[0].step.id
    clock.advance(minutes=1)
    goals.do_step(desk, section, step)
    assert goals.do_step(desk, section, step).is_empty
    progress = goals.goals_of_student(desk, section, amina)[0]
    assert [bool(line.day) for line in progress.steps] == [True, False]
    assert progress.next_step is not None
    assert progress.next_step.words == "I sing to a friend"
    clock.advance(minutes=1)
    goals.undo_step(desk, section, step)
    assert goals.goals_of_student(desk, section, amina)[0].done == 0
    assert goals.undo_step(desk, section, step).is_empty
    history.undo(desk)
    assert goals.goals_of_student(desk, section, amina)[0].done == 1


def test_steps_added_ordered_renamed_removed(desk: AppContext, section: Id, amina: Id) -> None:
    goals.set_goal(desk, amina, "I sing alone", steps=["one", "two"])
    goal = goals.goals_of_student(desk, section, amina)[0].goal.id
    goals.add_step(desk, section, goal, "three")
    ids = [line.step.id for line in goals.goals_of_student(desk, section, amina)[0].steps]
    goals.order_steps(desk, section, goal, [ids[2], ids[0], ids[1]])
    goals.edit_step(desk, section, ids[0], "first")
    goals.remove_step(desk, section, ids[1])
    words = [line.step.words for line in goals.goals_of_student(desk, section, amina)[0].steps]
    assert words == ["three", "first"]
    with pytest.raises(Refusal):
        goals.order_steps(desk, section, goal, ids)
    history.undo(desk)
    assert len(goals.goals_of_student(desk, section, amina)[0].steps) == 3


def test_status_with_reason_and_undo(desk: AppContext, section: Id, amina: Id) -> None:
    goals.set_goal(desk, amina, "I sing alone")
    goal = goals.goals_of_student(desk, section, amina)[0].goal.id
    change = goals.set_status(desk, section, goal, GoalStatus.LET_GO, "she likes drums more")
    closed = goals.goals_of_student(desk, section, amina)[0].goal
    assert (closed.status, closed.reason) == (GoalStatus.LET_GO, "she likes drums more")
    history.undo(desk, change.change_id)
    assert goals.goals_of_student(desk, section, amina)[0].goal.status is GoalStatus.ACTIVE


def test_goals_grow_old_in_school_days(desk: AppContext, section: Id, amina: Id, clock: FakeClock) -> None:
    goals.set_goal(desk, amina, "I sing alone")
    clock.advance(minutes=60 * 24 * 14)
    [mine] = [one for one in goals.goals_of_class(desk, section) if one.goals]
    assert mine.student.id == amina
    assert mine.active[0].quiet_school_days == 10
    assert not mine.active[0].stale
    clock.advance(minutes=60 * 24)
    assert goals.goals_of_student(desk, section, amina)[0].stale


def test_moving_class_carries_goals_profile_and_sign_in(desk: AppContext, section: Id, amina: Id) -> None:
    goals.set_goal(desk, amina, "I sing alone", steps=["I hum"], note="quiet")
    profiles.set_list(desk, amina, "needs", ["sits near the board"])
    before = desk.reads.people.student(section, amina)
    other = fill_class(desk, 3, "Moon")
    rosters.move_student(desk, amina, section, other)
    assert amina not in {one.id for one in desk.reads.people.students(section)}
    after = desk.reads.people.student(other, amina)
    assert before is not None
    assert after is not None
    assert (after.avatar, after.code, after.given, after.family) == (
        before.avatar,
        before.code,
        before.given,
        before.family,
    )
    assert after.number == 4
    [progress] = goals.goals_of_student(desk, other, amina)
    assert (progress.goal.words, progress.goal.note, len(progress.steps)) == ("I sing alone", "quiet", 1)
    assert profiles.profile(desk, other, amina).needs == ("sits near the board",)
    with pytest.raises(Refusal) as refused:
        rosters.join_class(desk, amina, section, other)
    assert refused.value.code == "already_in_class"
    rosters.move_student(desk, amina, other, section)
    assert desk.reads.people.students(section)[0].id == amina
    assert classes.class_by_name(desk, "Moon") is not None


def test_goals_of_a_class_list_everyone(desk: AppContext, section: Id, amina: Id) -> None:
    goals.set_goal(desk, amina, "I sing alone")
    listed = goals.goals_of_class(desk, section)
    assert len(listed) == 8
    assert [bool(one.active) for one in listed].count(True) == 1
