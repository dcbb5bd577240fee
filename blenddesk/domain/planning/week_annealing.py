"""A whole term by search: week after week the one-grouping kernel's sweep, on the meetings of all the other weeks.

What a week costs, the others fixed, is a table over pairs: how often each pair meets in them. So the term needs no
search of its own, only this table kept up to date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import combinations
from operator import add, sub
from random import Random

from blenddesk.domain.planning.pair_annealing import NOISE
from blenddesk.domain.planning.week_designs import Week

SWEEPS_A_RUN = 120
HOT, COLD = 300, 100
"""Temperatures in 1/1024 of a repeated pair, measured on 20 to 45 students."""


class TermAnnealing:
    """The meetings of a term whose first weeks may be kept. ``met`` and ``costs`` are symmetric tables of students.

    Minimises the sum over pairs of C(meetings, 2), with ``met`` counted as earlier meetings, plus ``costs`` a meeting.
    """

    def __init__(
        self, weeks: Sequence[Week], met: Sequence[Sequence[int]], costs: Sequence[Sequence[int]], random: Random
    ) -> None:
        students = range(len(met))
        self._random = random
        self._weeks = [_groups_of(week, len(met)) for week in weeks]
        self._sizes = [len(week) for week in weeks]
        self._table = [list(map(add, met[one], costs[one])) for one in students]
        """What the next meeting of two students costs: how often they have met, and what the teacher thinks of it."""
        self._cost = 0
        for week in weeks:
            for group in week:
                for one, other in combinations(group, 2):
                    self._cost += self._table[one][other]
                    self._count(one, other, 1)
        self._pairs = list(combinations(students, 2))
        random.shuffle(self._pairs)
        noise = list(NOISE)
        random.shuffle(noise)
        self._noise = noise * (2 + len(self._pairs) // len(noise))
        self.best_cost = self._cost
        self._best = [list(week) for week in self._weeks]

    def best(self) -> list[Week]:
        """The best term so far."""
        weeks = []
        for group_of, groups in zip(self._best, self._sizes, strict=True):
            week: list[list[int]] = [[] for _ in range(groups)]
            for student, group in enumerate(group_of):
                week[group].append(student)
            weeks.append(tuple(map(tuple, week)))
        return weeks

    def temperatures(self) -> Iterator[int]:
        """One run, evenly from hot to cold."""
        for sweep in range(SWEEPS_A_RUN):
            yield HOT - (HOT - COLD) * sweep // SWEEPS_A_RUN

    def sweep(self, week: int, temperature: int) -> None:
        """Try every swap of one week once."""
        groups = self._weeks[week]
        members: list[list[int]] = [[] for _ in range(self._sizes[week])]
        for student, group in enumerate(groups):
            members[group].append(student)
        for group_ in members:
            for one, other in combinations(group_, 2):
                self._count(one, other, -1)
        table = self._table
        beside = [reduce(_added, (table[student] for student in group_), [0] * len(groups)) for group_ in members]
        self._cost -= sum(beside[group][student] for student, group in enumerate(groups)) // 2
        inside = sum(beside[group][student] for student, group in enumerate(groups)) // 2
        offset = self._random.randrange(len(NOISE))
        limits = [temperature * one >> 20 for one in self._noise[offset : offset + len(self._pairs)]]
        best_inside = self.best_cost - self._cost
        for (one, other), limit in zip(self._pairs, limits, strict=True):
            here, there = groups[one], groups[other]
            if here == there:
                continue
            left, right = beside[here], beside[there]
            change = right[one] - left[one] + left[other] - right[other] - 2 * table[one][other]
            if change <= limit:
                groups[one], groups[other] = there, here
                difference = list(map(sub, table[other], table[one]))
                beside[here] = list(map(add, left, difference))
                beside[there] = list(map(sub, right, difference))
                inside += change
                if inside < best_inside:
                    best_inside = inside
                    self.best_cost = self._cost + inside
                    self._best = [list(other_week) for other_week in self._weeks]
        self._cost += inside
        members = [[] for _ in members]
        for student, group in enumerate(groups):
            members[group].append(student)
        for group_ in members:
            for one, other in combinations(group_, 2):
                self._count(one, other, 1)

    def _count(self, one: int, other: int, by: int) -> None:
        self._table[one][other] += by
        self._table[other][one] += by


def _added(one: list[int], other: list[int]) -> list[int]:
    return list(map(add, one, other))


def _groups_of(week: Week, students: int) -> list[int]:
    group_of = [0] * students
    for group, members in enumerate(week):
        for student in members:
            group_of[student] = group
    return group_of
