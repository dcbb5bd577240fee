"""What one grouping is asked for, as one table of costs over pairs; what it costs, and what none can undercut."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from blenddesk.domain.planning.group_rules import Rule, Sizes


class Helpers(NamedTuple):
    """``wanted[group]`` of the students ``who`` should be in each group; each one missing costs ``cost``."""

    who: tuple[int, ...]
    wanted: tuple[int, ...]
    cost: int


class PairProblem(NamedTuple):
    """Students and groups are counted from 0.

    ``costs[i][j]`` (symmetric, 0 for i = j) is paid once when i and j share a group, ``homes[i][group]`` (or nothing at
    all) by i for being in a group. ``sizes`` is (least, most) of each group. Rules always hold.
    """

    costs: Sequence[Sequence[int]]
    sizes: Sequence[Sizes]
    homes: Sequence[Sequence[int]] = ()
    rules: Sequence[Rule] = ()
    helpers: Sequence[Helpers] = ()


class Solution(NamedTuple):
    group_of: tuple[int, ...]
    cost: int


def cost_of(problem: PairProblem, group_of: Sequence[int]) -> int:
    """What a grouping costs, counted from nothing."""
    students = range(len(group_of))
    pairs = sum(problem.costs[i][j] for i, j in combinations(students, 2) if group_of[i] == group_of[j])
    homes = sum(problem.homes[i][group_of[i]] for i in students) if problem.homes else 0
    return pairs + homes + sum(missing_helpers(helpers, group_of) * helpers.cost for helpers in problem.helpers)


def lower_bound(problem: PairProblem) -> int:
    """No grouping costs less: everyone with the cheapest partners there are, in the smallest or biggest group.

    Half of what all students pay, as each pair is paid for by two.
    """
    least, most = min(low for low, _high in problem.sizes), max(high for _low, high in problem.sizes)
    twice = 0
    for student, row in enumerate(problem.costs):
        others = sorted(cost for other, cost in enumerate(row) if other != student)
        twice += min(sum(others[: size - 1]) for size in range(max(1, least), most + 1))
    homes = sum(map(min, problem.homes))
    short = sum(max(0, sum(one.wanted) - len(one.who)) * one.cost for one in problem.helpers)
    return -(-twice // 2) + homes + short


def missing_helpers(helpers: Helpers, group_of: Sequence[int]) -> int:
    """How many helpers groups lack, all groups together."""
    there = [0] * len(helpers.wanted)
    for student in helpers.who:
        there[group_of[student]] += 1
    return sum(max(0, wanted - count) for wanted, count in zip(helpers.wanted, there, strict=True))
