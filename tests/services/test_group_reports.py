"""The report card against plain counting and the independent checker; locks, better groups and clashing rules."""

from __future__ import annotations

from itertools import combinations, permutations
from random import Random

import pytest

from blenddesk.domain.group_figures import (
    averages_gap,
    best_averages_gap,
    best_matching,
    best_spread,
    must_meet_again,
    spread,
)
from blenddesk.domain.ids import Id
from blenddesk.domain.planning.group_checker import grouping_faults, pair_points
from blenddesk.errors import Refusal
from blenddesk.services import group_reports, group_solving, groups, history, plans
from blenddesk.services.context import AppContext


def all_groupings(students: int, sizes: list[int]) -> list[list[list[int]]]:
    """Every way to deal so many students into groups of these sizes."""
    if not sizes:
        return [[]]
    found = []

    def deal(left: list[int], rest: list[int], made: list[list[int]]) -> None:
        if not rest:
            found.append(made)
            return
        for group in combinations(left, rest[0]):
            deal([one for one in left if one not in group], rest[1:], [*made, list(group)])

    deal(list(range(students)), sizes, [])
    return found


@pytest.mark.parametrize("seed", range(12))
def test_the_best_possible_figures_are_what_trying_everything_finds(seed: int) -> None:
    random = Random(seed)
    sizes = random.choice([[3, 2, 2], [2, 2, 2], [4, 3], [3, 3], [2, 2, 1]])
    levels = [random.randint(1, 4) for _ in range(sum(sizes))]
    everything = all_groupings(sum(sizes), sizes)
    of = [[[levels[one] for one in group] for group in made] for made in everything]
    assert best_spread(levels, sizes) == min(max(map(spread, made)) for made in of)
    assert best_averages_gap(sum(levels), sizes) <= min(averages_gap(made)[0] for made in of)
    old = random.choice(everything)
    met = {pair: 1 for group in old for pair in combinations(sorted(group), 2)}
    assert must_meet_again(old, sizes) <= min(pair_points(made, met) for made in everything)


def test_what_must_meet_again_is_reached_where_all_groups_can_mix() -> None:
    old = [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert must_meet_again(old, [4, 4]) == 4
    assert pair_points([[0, 1, 4, 5], [2, 3, 6, 7]], {p: 1 for group in old for p in combinations(group, 2)}) == 4


@pytest.mark.parametrize("seed", range(8))
def test_groups_go_on_as_those_that_keep_most_students(seed: int) -> None:
    random = Random(seed)
    before: list[list[int]] = [[], [], []]
    for one in range(8):
        random.choice(before).append(one)
    group_of = [random.randrange(3) for _ in range(8)]
    numbers = best_matching(before, group_of, 3)
    assert len(set(numbers)) == 3
    stay = sum(group_of[one] == numbers[place] for place, group in enumerate(before) for one in group)
    assert stay == max(
        sum(group_of[one] == way[place] for place, group in enumerate(before) for one in group)
        for way in permutations(range(3))
    )


@pytest.fixture
def plan(desk: AppContext, section: Id) -> Id:
    """The second of two lessons, with levels."""
    students = [student.id for student in desk.reads.people.students(section)]
    groups.set_judgements(desk, section, {one: 1 + place % 4 for place, one in enumerate(students)})
    first = plans.new_plan(desk, section, "station-4", day="2026-11-20").plan
    plans.mark_ready(desk, section, first)
    return plans.new_plan(desk, section, "station-4", day="2026-11-24").plan


def asked(desk: AppContext, section: Id, plan: Id) -> group_reports.Asked:
    return group_reports.asked(desk, section, plans.sheet(desk, section, plan))


@pytest.mark.parametrize("mode", ["mixed", "random", "as_last_time", "by_hand"])
def test_every_line_is_what_plain_counting_finds(desk: AppContext, section: Id, plan: Id, mode: str) -> None:
    groups.regroup(desk, section, plan, mode, seed=5)
    whole = plans.sheet(desk, section, plan)
    members = [set(group.students) for group in whole.groups]
    one, two = sorted(members[0])
    groups.keep_apart(desk, section, one, two)
    report = group_reports.report(asked(desk, section, plan))
    assert report.line("rules")[:3] == ("rules", 1, 0)
    assert report.line("rules").pairs == ((min(one, two), max(one, two)),)
    earlier = desk.reads.plans.groupings_before(section, "2026-11-24", limit=6)[0]
    again = {
        frozenset(pair) for group in earlier for pair in combinations(group, 2) if any(set(pair) <= m for m in members)
    }
    assert {frozenset(pair) for pair in report.line("repeats").pairs} == again
    assert report.line("repeats").number == len(again)
    stayed = max(
        sum(len(set(group) & new) for group, new in zip(earlier, way, strict=True)) for way in permutations(members)
    )
    assert report.line("moved").number == 8 - stayed
    for line in report.lines:
        assert line.number >= line.best
    if mode == "mixed":
        levels = desk.reads.people.judgements(section)
        averages = [sum(levels[one] for one in group) / len(group) for group in members]
        assert report.line("wish").number == pytest.approx(100 * (max(averages) - min(averages)), abs=1)


def test_a_move_is_foretold(desk: AppContext, section: Id, plan: Id) -> None:
    groups.regroup(desk, section, plan, "as_last_time", seed=5)
    ask = asked(desk, section, plan)
    student, target = ask.students[0], ask.groups[(ask.group_of[0] + 1) % 4]
    foretold = group_reports.report(ask, group_reports.after_move(ask, student, target))
    groups.move_student(desk, section, plan, student, target)
    told = group_reports.report(asked(desk, section, plan))
    assert [line.number for line in foretold.lines] == [line.number for line in told.lines]


def test_helpers_are_counted_and_dealt(desk: AppContext, section: Id, plan: Id) -> None:
    first = plans.sheet(desk, section, plan).groups[0]
    for student in first.students:
        group_solving.set_helps_with(desk, section, student, ["reader"])
    group_solving.set_helpers(desk, section, plan, ["reader"])
    line = group_reports.report(asked(desk, section, plan)).line("helpers")
    assert (line.number, line.best, line.total) == (3, 2, 4)
    assert len(line.students) == 6
    answer = group_solving.improved(group_solving.ask_for(desk, section, plan), 3, lambda: False)
    group_solving.take(desk, section, plan, answer)
    assert group_reports.report(asked(desk, section, plan)).line("helpers").number == 2
    reasons = group_reports.why_here(asked(desk, section, plan), first.students[0])
    assert group_reports.Reason("helper", words=("reader",)) in reasons


@pytest.mark.parametrize("seed", range(4))
def test_better_groups_keep_locks_and_rules_and_the_seed_says_it_again(
    desk: AppContext, section: Id, plan: Id, seed: int
) -> None:
    groups.regroup(desk, section, plan, "random", seed=seed)
    before = plans.sheet(desk, section, plan)
    locked = before.groups[1].students[0]
    change = group_solving.set_locked(desk, section, plan, locked, locked=True)
    assert group_solving.set_locked(desk, section, plan, locked, locked=True).is_empty
    ask = group_solving.ask_for(desk, section, plan)
    answer = group_solving.improved(ask, seed, lambda: False)
    assert group_solving.improved(ask, seed, lambda: False) == answer
    found = [[one for one, home in enumerate(answer.group_of) if home == place] for place in range(4)]
    assert grouping_faults(found, 8, ask.wishes.sizes, ask.wishes.rules) == []
    old, new = group_reports.report(ask), group_reports.report(ask, answer.group_of)
    assert new.line("repeats").number <= old.line("repeats").number
    taken = group_solving.take(desk, section, plan, answer)
    if answer.is_new:
        assert desk.reads.plans.group_wishes(section, plan).seed == seed
        history.undo(desk, taken.change_id)
        assert plans.sheet(desk, section, plan).groups[1].students == before.groups[1].students
    groups.regroup(desk, section, plan, "random", seed=seed + 50)
    whole = plans.sheet(desk, section, plan)
    assert locked in whole.groups[1].students
    assert whole.groups[1].locked == (locked,)
    assert change.change_id


def test_the_fewest_rules_that_clash_are_named_and_dropping_one_helps(desk: AppContext, section: Id, plan: Id) -> None:
    students = [student.id for student in desk.reads.people.students(section)]
    groups.keep_together(desk, section, students[0], students[1])
    groups.keep_apart(desk, section, students[6], students[7])
    sheet = plans.sheet(desk, section, plan)
    home = sheet.group_of(students[0])
    assert home is not None
    away = next(group for group in sheet.groups if group.id != home.id)
    groups.move_student(desk, section, plan, students[1], away.id)
    for student in students[:2]:
        group_solving.set_locked(desk, section, plan, student, locked=True)
    with pytest.raises(Refusal, match="groups_impossible") as caught:
        group_solving.improved(group_solving.ask_for(desk, section, plan), 1, lambda: False)
    rules = group_solving.named(desk, section, caught.value)
    assert sorted(rule.kind for rule in rules) == ["locked", "locked", "together"]
    for rule in rules:
        change = group_solving.drop_rule(desk, section, plan, rule)
        answer = group_solving.improved(group_solving.ask_for(desk, section, plan), 1, lambda: False)
        assert group_reports.report(answer.asked, answer.group_of).line("rules").number == 0
        history.undo(desk, change.change_id)
    assert group_solving.named(desk, section, Refusal("class_empty")) == ()
