"""Levels decide in their order, and no line of a report card is ever below its bound."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from blenddesk.domain.planning import pairs
from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.group_levels import (
    HELPERS,
    MOVED,
    REPEATS,
    WISH,
    Blend,
    Wishes,
    meetings,
    problem_of,
    report,
    when_away,
    why_here,
)
from blenddesk.domain.planning.group_rules import APART, place
from blenddesk.domain.planning.pair_problem import cost_of
from tests.group_problems import groupings_of

ORDERS = list(permutations((REPEATS, WISH, MOVED)))


def random_wishes(random: Random) -> Wishes:
    students, sizes = random.choice(((6, [(2, 2)] * 3), (7, [(2, 3)] * 3), (6, [(3, 3)] * 2), (6, [(1, 5)] * 2)))
    table = [[0] * students for _ in range(students)]
    for one in range(students):
        for other in range(one):
            table[one][other] = table[other][one] = random.choice((0, 0, 1, 2))
    return Wishes(
        sizes,
        [random.choice((None, 1, 2, 3, 4)) for _ in range(students)],
        Blend(random.randrange(3), random.randrange(3), random.randrange(3)),
        [frozenset(random.sample(["chess", "cats", "kites"], random.randrange(3))) for _ in range(students)],
        helpers=[(tuple(random.sample(range(students), 2)), (1,) * len(sizes))] if random.random() < 0.5 else [],
        met=table,
        last=[random.choice((None, *range(len(sizes)))) for _ in range(students)] if random.random() < 0.7 else [],
        order=random.choice(ORDERS),
    )


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32))
def test_the_cheapest_is_the_best_level_by_level_and_bounds_hold(seed: int) -> None:
    wishes = random_wishes(Random(seed))
    problem = problem_of(wishes)
    ways = list(groupings_of(len(wishes.levels), wishes.sizes))
    cards = {way: report(wishes, way) for way in ways}
    by_levels = min(tuple(line.points for line in card) for card in cards.values())
    cheapest = min(ways, key=lambda way: cost_of(problem, way))
    assert tuple(line.points for line in cards[cheapest]) == by_levels
    assert all(line.points >= line.at_least >= 0 for card in cards.values() for line in card)
    assert [line.name for line in cards[cheapest]][2:] == list(wishes.order)


def test_meetings_before_the_window_are_forgotten() -> None:
    history = [(date(2026, 9, 1), [[0, 1], [2, 3]]), (date(2026, 11, 2), [[0, 1], [2]]), (date(2026, 11, 9), [[1, 0]])]
    assert meetings(4, history, since=date(2026, 10, 1)) == [[0, 2, 0, 0], [2, 0, 0, 0], [0] * 4, [0] * 4]
    assert meetings(4, history)[2][3] == 1


def test_who_met_is_parted_before_levels_are_evened() -> None:
    met = meetings(4, [(date(2026, 11, 9), [[0, 1], [2, 3]]), (date(2026, 11, 9), [[0, 2], [1, 3]])])
    wishes = Wishes([(2, 2)] * 2, [1, 2, 2, 4], Blend(mixed=1), met=met, rules=[(APART, 0, 1)])
    start = place(4, wishes.sizes, wishes.rules, Random(1)).group_of
    assert start is not None
    *_worse, best = pairs.solve(problem_of(wishes), start, 1, Budget(iterations=50))
    assert best.group_of[0] == best.group_of[3]
    lines = {line.name: line for line in report(wishes, best.group_of)}
    assert (lines[REPEATS].points, lines[HELPERS].points) == (0, 0)
    assert lines[WISH].points > 0


def test_why_here_begins_with_the_own_group() -> None:
    wishes = Wishes([(2, 2)] * 2, [1, 1, 4, 4], Blend(similar=1), met=meetings(4, [(date(2026, 1, 1), [[0, 2]])]))
    assert why_here(wishes, (0, 0, 1, 1), 0) == [(0, 0, 0), (1, 1, 72)]
    assert when_away((REPEATS, WISH, MOVED)) == (MOVED, REPEATS, WISH)
