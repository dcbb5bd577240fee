"""Grouping through the use cases: ids stay, shapes are dealt anew, the teacher's hand and rules are kept."""

from __future__ import annotations

import pytest

from blenddesk.domain.ids import Id
from blenddesk.domain.rotations import check_rotation
from blenddesk.errors import Refusal
from blenddesk.services import attendance, classes, groups, plan_fixes, plans, rosters
from blenddesk.services.context import AppContext
from tests.conftest import fill_class


@pytest.fixture
def plan(desk: AppContext, section: Id) -> Id:
    return plans.new_plan(desk, section, "station-4").plan


def test_regrouping_keeps_ids_and_deals_other_shapes(desk: AppContext, section: Id, plan: Id) -> None:
    before = plans.sheet(desk, section, plan)
    groups.regroup(desk, section, plan, "random", seed=7)
    after = plans.sheet(desk, section, plan)
    assert [group.id for group in after.groups] == [group.id for group in before.groups]
    assert all(new.shape != old.shape for new, old in zip(after.groups, before.groups, strict=True))
    assert sorted(after.students()) == sorted(before.students())
    assert after.seats == before.seats


def test_another_number_of_groups_is_seated_anew(desk: AppContext, section: Id, plan: Id) -> None:
    for count in (2, 6):
        groups.regroup(desk, section, plan, "mixed", count=count)
        whole = plans.sheet(desk, section, plan)
        assert len(whole.groups) == count
        assert [one for one in check_rotation(whole) if one.code in ("no_place", "unknown_place")] == []


def test_moving_by_hand_moves_nobody_else(desk: AppContext, section: Id, plan: Id) -> None:
    before = plans.sheet(desk, section, plan)
    student = before.groups[0].students[0]
    groups.move_student(desk, section, plan, student, before.groups[2].id)
    after = plans.sheet(desk, section, plan)
    moved = [one for one in before.students() if before.group_of(one) is None or after.group_of(one) is None]
    assert moved == []
    changed = [one for one in before.students() if before.group_of(one).id != after.group_of(one).id]  # type: ignore[union-attr]
    assert changed == [student]
    with pytest.raises(Refusal, match="already_there"):
        groups.move_student(desk, section, plan, student, before.groups[2].id)
    with pytest.raises(Refusal, match="group_unknown"):
        groups.move_student(desk, section, plan, student, desk.new_id())
    with pytest.raises(Refusal, match="no_such_student"):
        groups.move_student(desk, section, plan, desk.new_id(), before.groups[2].id)


def test_by_hand_keeps_the_groups_and_places_newcomers(desk: AppContext, section: Id, plan: Id) -> None:
    before = plans.sheet(desk, section, plan)
    rosters.add_student(desk, section, "Nur", "Aziz")
    groups.regroup(desk, section, plan, "by_hand")
    after = plans.sheet(desk, section, plan)
    assert after.plan.grouping == "by_hand"
    for old, new in zip(before.groups, after.groups, strict=True):
        assert set(old.students) <= set(new.students)
    assert len(after.students()) == 9


def test_as_last_time_needs_a_last_time(desk: AppContext, section: Id, plan: Id) -> None:
    with pytest.raises(Refusal, match="no_last_grouping"):
        groups.regroup(desk, section, plan, "as_last_time")
    earlier = plans.new_plan(desk, section, "station-4", day="2026-11-20").plan
    groups.regroup(desk, section, plan, "as_last_time")
    last = {frozenset(group.students) for group in plans.sheet(desk, section, earlier).groups}
    assert {frozenset(group.students) for group in plans.sheet(desk, section, plan).groups} == last


def test_rules_hold_and_one_pair_has_one_rule(desk: AppContext, section: Id, plan: Id) -> None:
    first, second, third = (student.id for student in desk.reads.people.students(section)[:3])
    groups.keep_apart(desk, section, second, first)
    groups.keep_together(desk, section, first, second)
    groups.keep_apart(desk, section, first, third)
    rules = desk.reads.people.pair_rules(section)
    assert sorted(rule.kind for rule in rules) == ["apart", "together"]
    for seed in range(6):
        groups.regroup(desk, section, plan, "random", seed=seed)
        whole = plans.sheet(desk, section, plan)
        assert whole.group_of(first) == whole.group_of(second) != whole.group_of(third)
    with pytest.raises(Refusal, match="pair_of_one"):
        groups.keep_apart(desk, section, first, first)
    for rule in rules:
        groups.remove_rule(desk, section, rule.id)
    assert desk.reads.people.pair_rules(section) == []


def test_judgement_spreads_the_levels(desk: AppContext) -> None:
    section = fill_class(desk, 16)
    plan = plans.new_plan(desk, section, "station-4").plan
    roster = desk.reads.people.students(section)
    levels = {student.id: 1 + place // 4 for place, student in enumerate(roster)}
    groups.set_judgements(desk, section, levels)
    groups.regroup(desk, section, plan, "mixed", seed=1)
    for group in plans.sheet(desk, section, plan).groups:
        assert sorted(levels[student] for student in group.students) == [1, 2, 3, 4]
    assert groups.set_judgements(desk, section, levels).is_empty
    with pytest.raises(Refusal, match="level_out_of_range"):
        groups.set_judgement(desk, section, roster[0].id, 5)
    groups.set_judgement(desk, section, roster[0].id, None)
    assert roster[0].id not in desk.reads.people.judgements(section)


def test_older_classes_have_letters_from_the_first(desk: AppContext, section: Id) -> None:
    classes.edit_class(desk, section, look="older")
    whole = plans.sheet(desk, section, plans.new_plan(desk, section, "station-4").plan)
    assert {group.name for group in whole.groups} == {"Group A", "Group B", "Group C", "Group D"}


def test_absences_are_evened_out_with_few_moves(desk: AppContext) -> None:
    section = fill_class(desk, 12)
    whole = plans.sheet(desk, section, plans.new_plan(desk, section, "station-3").plan)
    away = whole.groups[0].students[:3]
    for student in away:
        attendance.toggle_away(desk, section, whole.plan.id, student)
    found = {check.code: check for check in plans.checks(desk, section, whole.plan.id)}
    assert not found["away"].ok
    plan_fixes.fix(desk, section, whole.plan.id, "away")
    after = plans.sheet(desk, section, whole.plan.id)
    here = [sum(one not in away for one in group.students) for group in after.groups]
    assert max(here) - min(here) <= 1
    moved = [one for one in whole.students() if whole.group_of(one).id != after.group_of(one).id]  # type: ignore[union-attr]
    assert len(moved) == 2
    assert plan_fixes.remedies(desk, section, whole.plan.id, "places") == ()
