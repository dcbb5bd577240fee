"""Groups are even, keep every rule or say which ones clash, and shapes never stick."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blenddesk.domain.groups import (
    Rule,
    broken_rules,
    deal_shapes,
    group_sizes,
    make_groups,
    move_student,
    place_newcomer,
)
from blenddesk.domain.ids import Id
from blenddesk.domain.plans import SHAPES, Group, Grouping
from blenddesk.errors import Refusal


def ids(count: int, first: int = 0) -> list[Id]:
    return [bytes([0, first + number]) * 8 for number in range(count)]


def meetings(history: Sequence[Sequence[Sequence[Id]]]) -> Counter[frozenset[Id]]:
    return Counter(frozenset(pair) for grouping in history for group in grouping for pair in combinations(group, 2))


@pytest.mark.parametrize(
    ("students", "count", "size", "sizes"),
    [(32, 4, None, (8, 8, 8, 8)), (30, 4, None, (8, 8, 7, 7)), (28, None, 4, (4,) * 7), (11, None, 4, (4, 4, 3))],
)
def test_sizes(students: int, count: int | None, size: int | None, sizes: tuple[int, ...]) -> None:
    assert group_sizes(students, group_count=count, group_size=size) == sizes


@pytest.mark.parametrize(
    ("students", "count", "size"), [(3, 4, None), (0, 1, None), (5, 0, None), (5, None, 0), (5, 2, 2)]
)
def test_groups_of_nobody_are_refused(students: int, count: int | None, size: int | None) -> None:
    with pytest.raises(Refusal, match="groups_out_of_range"):
        group_sizes(students, group_count=count, group_size=size)


@settings(deadline=None)  # a test of its own watches the time, in CPU
@given(st.integers(1, 60), st.data())
def test_everyone_is_in_one_group_and_rules_hold_or_are_named(students: int, data: st.DataObject) -> None:
    people = ids(students)
    count = data.draw(st.integers(1, min(students, 9)))
    pair = st.tuples(st.sampled_from(people), st.sampled_from(people)).filter(lambda two: two[0] != two[1])
    pairs = st.lists(pair, max_size=5) if students > 1 else st.just([])
    together, apart = data.draw(pairs), data.draw(pairs)
    locked = data.draw(st.dictionaries(st.sampled_from(people), st.integers(0, count - 1), max_size=4))
    levels = data.draw(st.dictionaries(st.sampled_from(people), st.integers(1, 4)))
    mode = data.draw(st.sampled_from([Grouping.RANDOM, Grouping.MIXED]))
    seed = data.draw(st.integers(0, 2**32))

    def make(
        together: Sequence[tuple[Id, Id]], apart: Sequence[tuple[Id, Id]], locked: dict[Id, int]
    ) -> tuple[tuple[Id, ...], ...]:
        return make_groups(
            people,
            mode=mode,
            seed=seed,
            group_count=count,
            levels=levels,
            together=together,
            apart=apart,
            locked=locked,
        )

    try:
        groups = make(together, apart, locked)
    except Refusal as caught:
        groups, refusal = None, caught
    if groups is None:
        assert (refusal.code, refusal.data["proven"]) == ("groups_impossible", True)
        rules = refusal.data["rules"]
        assert isinstance(rules, tuple)
        assert rules
        kept = [rule for rule in rules[1:] if isinstance(rule, Rule)]
        # Any one rule of a smallest clash taken away makes the rest possible.
        make(
            [(rule.students[0], rule.students[1]) for rule in kept if rule.kind == "together"],
            [(rule.students[0], rule.students[1]) for rule in kept if rule.kind == "apart"],
            {rule.students[0]: rule.group for rule in kept if rule.group is not None},
        )
        return
    assert sorted(student for group in groups for student in group) == people
    assert max(map(len, groups)) - min(map(len, groups)) <= 1
    assert broken_rules(groups, together=together, apart=apart) == ()
    assert all(student in groups[place] for student, place in locked.items())
    assert groups == make(together, apart, locked)
    assert all(list(group) == sorted(group) for group in groups)


def test_the_two_rules_that_clash_are_named_among_many() -> None:
    people = ids(40)
    fine = [(people[20], people[number]) for number in range(21, 33)]
    with pytest.raises(Refusal) as caught:
        make_groups(
            people,
            mode=Grouping.RANDOM,
            seed=1,
            group_count=5,
            together=[(people[0], people[1]), (people[5], people[6]), (people[1], people[2])],
            apart=[*fine, (people[0], people[2])],
        )
    rules = caught.value.data["rules"]
    assert set(rules) == {  # type: ignore[call-overload]
        Rule("together", (people[0], people[1])),
        Rule("together", (people[1], people[2])),
        Rule("apart", (people[0], people[2])),
    }


def test_seven_who_stay_apart_do_not_fit_in_six_groups_whatever_else_is_asked() -> None:
    people = ids(60)
    feud = list(combinations(people[:7], 2))
    fine = [(people[20], people[number]) for number in range(21, 40)]
    with pytest.raises(Refusal) as caught:
        make_groups(people, mode=Grouping.RANDOM, seed=3, group_count=6, apart=feud + fine)
    rules = caught.value.data["rules"]
    assert caught.value.data["proven"] is True
    assert {rule.students for rule in rules} == set(feud)  # type: ignore[attr-defined]


def test_three_who_stay_apart_do_not_fit_in_two_halves_among_many_quarrels_that_do() -> None:
    people = ids(51)
    fine = [(people[4 * ring + step], people[4 * ring + (step + 1) % 4]) for ring in range(12) for step in range(4)]
    feud = list(combinations(people[48:], 2))
    with pytest.raises(Refusal) as caught:
        make_groups(people, mode=Grouping.RANDOM, seed=3, group_count=2, apart=fine + feud)
    rules = caught.value.data["rules"]
    assert caught.value.data["proven"] is True
    assert {rule.students for rule in rules} == set(feud)  # type: ignore[attr-defined]


@settings(deadline=None)  # a test of its own watches the time, in CPU
@given(st.integers(8, 60), st.integers(2, 6), st.integers(0, 999), st.data())
def test_mixed_groups_spread_every_level(students: int, count: int, seed: int, data: st.DataObject) -> None:
    people = ids(students)
    levels = {student: data.draw(st.integers(1, 4)) for student in people}
    groups = make_groups(people, mode=Grouping.MIXED, seed=seed, group_count=count, levels=levels)
    for level in range(1, 5):
        share = [sum(levels[student] == level for student in group) for group in groups]
        # Sizes differ by one, so a level can be one off twice over; a group of all the strong ones cannot happen.
        assert max(share) - min(share) <= 2


def test_four_of_each_level_go_one_to_a_group() -> None:
    people = ids(16)
    levels = {student: place // 4 + 1 for place, student in enumerate(people)}
    for seed in range(5):
        groups = make_groups(people, mode=Grouping.MIXED, seed=seed, group_count=4, levels=levels)
        assert all(sorted(levels[student] for student in group) == [1, 2, 3, 4] for group in groups)


def test_mixed_groups_without_levels_meet_new_partners() -> None:
    people = ids(28)
    history: list[tuple[tuple[Id, ...], ...]] = []
    for week in range(4):
        history.append(make_groups(people, mode=Grouping.MIXED, seed=week, group_count=7, history=history))
    assert max(meetings(history).values()) == 1
    random = [make_groups(people, mode=Grouping.RANDOM, seed=week, group_count=7) for week in range(4)]
    assert max(meetings(random).values()) > 1


def test_another_seed_is_another_grouping() -> None:
    people = ids(24)
    assert len({make_groups(people, mode=Grouping.RANDOM, seed=seed, group_count=4) for seed in range(20)}) == 20


@settings(deadline=None)  # a test of its own watches the time, in CPU
@given(st.integers(4, 60), st.integers(2, 7), st.integers(0, 99), st.data())
def test_as_last_time_moves_as_few_as_the_sizes_need(students: int, count: int, seed: int, data: st.DataObject) -> None:
    people = ids(students)
    count = min(count, students)
    last = make_groups(people, mode=Grouping.RANDOM, seed=seed, group_count=count)
    same = make_groups(people, mode=Grouping.AS_LAST_TIME, seed=seed + 1, history=[last])
    assert same == last
    left = set(data.draw(st.lists(st.sampled_from(people), max_size=students - count)))
    newcomers = ids(data.draw(st.integers(0, 3)), first=100)
    now = [student for student in people if student not in left] + newcomers
    groups = make_groups(now, mode=Grouping.AS_LAST_TIME, seed=seed, history=[last])
    assert sorted(student for group in groups for student in group) == sorted(now)
    sizes = list(map(len, groups))
    assert max(sizes) - min(sizes) <= 1
    stayed = sum(len(set(before) & set(after)) for before, after in zip(last, groups, strict=True))
    remaining = sorted((len(set(group) - left) for group in last), reverse=True)
    target = sorted(sizes, reverse=True)
    assert stayed == sum(min(before, after) for before, after in zip(remaining, target, strict=True))


def test_by_hand_keeps_the_teachers_uneven_groups() -> None:
    people = ids(9)
    mine = [people[:5], people[5:7], people[7:8]]
    groups = make_groups(people, mode=Grouping.BY_HAND, seed=1, group_count=3, history=[mine])
    assert groups == (tuple(people[:5]), tuple(people[5:7]), (people[7], people[8]))


def test_sixty_students_with_everything_take_less_than_a_blink() -> None:
    people = ids(60)
    levels = {student: place % 4 for place, student in enumerate(people)}
    history = [make_groups(people, mode=Grouping.RANDOM, seed=seed, group_count=8) for seed in range(10)]
    best = 1.0
    for seed in range(3):
        start = process_time()
        make_groups(
            people, mode=Grouping.MIXED, seed=seed, group_count=8, levels=levels, history=history,
            together=[(people[0], people[1])], apart=[(people[2], people[3])],
        )  # fmt: skip
        best = min(best, process_time() - start)
    assert best < 0.05


@given(st.integers(0, 30), st.integers(0, 999))
def test_shapes_are_dealt_anew_and_never_a_star(count: int, seed: int) -> None:
    first = deal_shapes(count, seed)
    again = deal_shapes(count, seed + 1, first)
    for shapes in (first, again):
        assert len(shapes) == count
        assert set(shapes) <= set(SHAPES)
        assert len(set(shapes)) == min(count, len(SHAPES))
    assert all(before != after for before, after in zip(first, again, strict=True))
    assert "star" not in SHAPES


def groups_of(*sizes: int) -> list[Group]:
    people = iter(ids(sum(sizes)))
    return [
        Group(bytes([9, place]) * 8, bytes(16), place, students=tuple(next(people) for _ in range(size)))
        for place, size in enumerate(sizes)
    ]


def test_moving_a_student_names_what_it_breaks() -> None:
    groups = groups_of(3, 3)
    student, friend, enemy = groups[0].students[0], groups[0].students[1], groups[1].students[0]
    move = move_student(groups, student, groups[1].id, together=[(student, friend)], apart=[(enemy, student)])
    assert (move.before, move.after) == (groups[0].id, groups[1].id)
    assert [rule.kind for rule in move.breaks] == ["together", "apart", "sizes"]
    assert move_student(groups_of(4, 3), student, groups[1].id).breaks == ()
    with pytest.raises(Refusal, match="already_there"):
        move_student(groups, student, groups[0].id)
    with pytest.raises(Refusal, match="group_unknown"):
        move_student(groups, student, bytes(16))


def test_a_newcomer_goes_to_the_smallest_group_without_an_enemy() -> None:
    groups = groups_of(4, 3, 3)
    newcomer = ids(1, first=200)[0]
    assert place_newcomer(groups, newcomer) == groups[1].id
    assert place_newcomer(groups, newcomer, apart=[(groups[1].students[0], newcomer)]) == groups[2].id
