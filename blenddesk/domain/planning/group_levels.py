"""What a teacher wants of groups, level by level; as one pair problem, and as a report card in plain counts.

Two groupings are compared level by level and the first difference decides. Inside, a level weighs more than everything
below it together, so that one table of costs says the same. Outside there are counts, each beside a bound that no
grouping can undercut; a bound is proven by counting and so may be lower than the best there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple, TypeAlias

from blenddesk.domain.planning.group_checker import grouping_faults
from blenddesk.domain.planning.group_rules import Rule, Sizes
from blenddesk.domain.planning.pair_problem import Helpers, PairProblem, lower_bound, missing_helpers
from blenddesk.domain.planning.regroup import fewest_moves

Table: TypeAlias = list[list[int]]

RULES, HELPERS, REPEATS, WISH, MOVED = "rules", "helpers", "repeats", "wish", "moved"
"""The lines of the report card; the last three in the order that the teacher chose."""


class Blend(NamedTuple):
    """How much each way to group counts, from 0; all 0 is random."""

    similar: int = 0
    mixed: int = 0
    interest: int = 0


class Wishes(NamedTuple):
    """Students are counted from 0. Without a ``level`` (None) a student counts as an average one.

    ``interests`` of a student are any words; ``helpers`` are (students, wanted in each group); ``last`` is the group
    of each student last time, or None; ``met`` a table of how often two have met (``meetings``).
    """

    sizes: Sequence[Sizes]
    levels: Sequence[int | None]
    blend: Blend = Blend()
    interests: Sequence[frozenset[str]] = ()
    rules: Sequence[Rule] = ()
    helpers: Sequence[tuple[tuple[int, ...], tuple[int, ...]]] = ()
    met: Sequence[Sequence[int]] = ()
    last: Sequence[int | None] = ()
    order: tuple[str, str, str] = (REPEATS, WISH, MOVED)


class Line(NamedTuple):
    """One line of the report card: how many, and what no grouping can be below."""

    name: str
    points: int
    at_least: int


def meetings(
    students: int, history: Iterable[tuple[date, Sequence[Sequence[int]]]], *, since: date | None = None
) -> Table:
    """How often two students shared a group in the lessons since a day: meeting again costs that many points."""
    met = _nothing(students)
    for day, groups in history:
        if since is None or day >= since:
            for group in groups:
                for one, other in combinations(group, 2):
                    met[one][other] += 1
                    met[other][one] += 1
    return met


def when_away(order: tuple[str, str, str]) -> tuple[str, str, str]:
    """The order for a day with students away: who stays where they are comes first."""
    first, second = (name for name in order if name != MOVED)
    return MOVED, first, second


def problem_of(wishes: Wishes) -> PairProblem:
    """The wishes as one problem whose cost puts one level before the other."""
    students = len(wishes.levels)
    most = max(high for _low, high in wishes.sizes)
    costs, homes = _nothing(students), [[0] * len(wishes.sizes) for _ in range(students)]
    weight = 1
    for name in reversed(wishes.order):
        if name == MOVED:
            for student, home in enumerate(wishes.last):
                for group in range(len(wishes.sizes)):
                    homes[student][group] += weight * (home is not None and home != group)
            weight *= 1 + students
            continue
        table = _table(wishes, name)
        for one, row in enumerate(table):
            costs[one] = [cost + weight * more for cost, more in zip(costs[one], row, strict=True)]
        # No grouping is further from another than this: everyone beside the dearest or the cheapest partners.
        weight *= 1 + students * (most - 1) * max((max(row) - min(0, *row) for row in table), default=0)
    helpers = [Helpers(who, wanted, weight) for who, wanted in wishes.helpers]
    return PairProblem(costs, wishes.sizes, homes if wishes.last else (), wishes.rules, helpers)


def report(wishes: Wishes, group_of: Sequence[int]) -> tuple[Line, ...]:
    """The five lines, most important first."""
    students = len(group_of)
    groups = [[one for one in range(students) if group_of[one] == group] for group in range(len(wishes.sizes))]
    free = [(0, students)] * len(wishes.sizes)
    lines = {
        RULES: Line(RULES, len(grouping_faults(groups, students, free, wishes.rules)), 0),
        HELPERS: Line(
            HELPERS,
            sum(missing_helpers(Helpers(who, wanted, 1), group_of) for who, wanted in wishes.helpers),
            sum(max(0, sum(wanted) - len(who)) for who, wanted in wishes.helpers),
        ),
        MOVED: Line(MOVED, *_moves(wishes, group_of)),
    }
    for name in (REPEATS, WISH):
        table = _table(wishes, name)
        points = sum(table[one][other] for group in groups for one, other in combinations(group, 2))
        offset = _offset(wishes) if name == WISH else 0
        at_least = max(lower_bound(PairProblem(table, wishes.sizes)) + offset, 0)
        lines[name] = Line(name, points + offset, at_least)
    return tuple(lines[name] for name in (RULES, HELPERS, *wishes.order))


def why_here(wishes: Wishes, group_of: Sequence[int], student: int) -> list[tuple[int, int, int]]:
    """For each group what the student would add to it: (group, repeat points, wish points), its own first."""
    repeats, wish = _table(wishes, REPEATS), _table(wishes, WISH)
    found = []
    for group in range(len(wishes.sizes)):
        others = [one for one, home in enumerate(group_of) if home == group and one != student]
        found.append((group, sum(repeats[student][one] for one in others), sum(wish[student][one] for one in others)))
    return sorted(found, key=lambda row: (row[0] != group_of[student], row))


def _table(wishes: Wishes, name: str) -> Table:
    if name == REPEATS:
        return [list(row) for row in wishes.met] if wishes.met else _nothing(len(wishes.levels))
    off = _off_average(wishes.levels)
    table = _nothing(len(wishes.levels))
    similar, mixed, interest = wishes.blend
    for one, other in combinations(range(len(off)), 2):
        cost = similar * abs(off[one] - off[other]) + 2 * mixed * off[one] * off[other]
        if wishes.interests and not wishes.interests[one] & wishes.interests[other]:
            cost += interest
        table[one][other] = table[other][one] = cost
    return table


def _off_average(levels: Sequence[int | None]) -> list[int]:
    """How far each is from the average level, in twelfths of a level; 0 for those without one."""
    known = [level for level in levels if level is not None]
    average = 12 * sum(known) // len(known) if known else 0
    return [0 if level is None else 12 * level - average for level in levels]


def _offset(wishes: Wishes) -> int:
    """What makes the mixed points the sum over groups of (distance from the average)^2, which is 0 at best."""
    return wishes.blend.mixed * sum(off * off for off in _off_average(wishes.levels))


def _moves(wishes: Wishes, group_of: Sequence[int]) -> tuple[int, int]:
    """How many left their last group, and how many have to (by counting, for sizes within 1 of each other)."""
    if not wishes.last:
        return 0, 0
    moved = sum(home is not None and home != group for home, group in zip(wishes.last, group_of, strict=True))
    sizes = [sum(home == group for home in wishes.last) for group in range(len(wishes.sizes))]
    above = sum(max(0, size - high) for size, (_low, high) in zip(sizes, wishes.sizes, strict=True))
    gone = sum(home is not None and home >= len(wishes.sizes) for home in wishes.last)
    newcomers = len(group_of) - sum(sizes)
    within = max(high for _low, high in wishes.sizes) - min(low for low, _high in wishes.sizes)
    return moved, max(above + gone, fewest_moves(sizes, within) if not newcomers else 0)


def _nothing(students: int) -> Table:
    return [[0] * students for _ in range(students)]
