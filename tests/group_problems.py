"""Random problems for the group solvers, and all groupings there are of a few students.

``.venv/bin/python -m tests.group_problems 10000`` takes so many of each kind through the checker.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from random import Random
from typing import TypeAlias

from blenddesk.domain.planning import pairs
from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.group_checker import grouping_faults, regrouping_faults, term_faults, term_repeats
from blenddesk.domain.planning.group_rules import APART, LOCKED, TOGETHER, Rule, place
from blenddesk.domain.planning.pair_problem import Helpers, PairProblem, cost_of, lower_bound
from blenddesk.domain.planning.regroup import fewest_moves, regroup
from blenddesk.domain.planning.weeks import WeeksProblem, solve

Grouping: TypeAlias = list[list[int]]


def random_sizes(random: Random, students: int, groups: int) -> list[tuple[int, int]]:
    """A range for each group, so that all of them hold everyone."""
    order = [random.randrange(groups) for _ in range(students)]
    even = random.random() < 0.5
    sizes = []
    for group in range(groups):
        many = students // groups + (group < students % groups) if even else order.count(group)
        slack = random.choice((0, 0, 1, 2))
        sizes.append((max(0, many - slack), many + random.choice((0, slack))))
    return sizes


def random_problem(random: Random, students: int | None = None) -> PairProblem:
    """Anything a teacher may ask for; rules may clash."""
    many = students or random.randrange(1, 25)
    groups = random.randrange(1, min(many, 7) + 1)
    biggest = random.choice((1, 5, 100, 10**7))
    costs = [[0] * many for _ in range(many)]
    for one, other in combinations(range(many), 2):
        costs[one][other] = costs[other][one] = random.randrange(-biggest, biggest + 1)
    homes = (
        [[random.randrange(biggest + 1) for _ in range(groups)] for _ in range(many)] if random.random() < 0.3 else []
    )
    rules: list[Rule] = []
    for _rule in range(random.randrange(6) if many > 1 else 0):
        one, other = random.sample(range(many), 2)
        rules.append(random.choice([(TOGETHER, one, other), (APART, one, other), (LOCKED, one, other % groups)]))
    helpers = [
        Helpers(
            tuple(sorted(random.sample(range(many), random.randrange(many + 1)))),
            tuple(random.randrange(3) for _ in range(groups)),
            random.randrange(1, 50),
        )
        for _ in range(random.choice((0, 0, 1, 2)))
    ]
    return PairProblem(costs, random_sizes(random, many, groups), homes, rules, helpers)


def random_term(random: Random) -> WeeksProblem:
    students = random.randrange(2, 26)
    groups = random.randrange(1, min(students, 8) + 1)
    return WeeksProblem(students, random_sizes(random, students, groups), random.randrange(1, 9))


def groupings_of(students: int, sizes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
    """The group of each student, in every way that keeps the sizes."""
    for way in product(range(len(sizes)), repeat=students):
        if all(least <= way.count(group) <= most for group, (least, most) in enumerate(sizes)):
            yield way


def main(count: int) -> int:
    """Every kind of problem, ``count`` times through the checker; prints the first that fails."""
    for seed in range(count):
        problem = random_problem(Random(seed))
        students, groups = len(problem.costs), len(problem.sizes)
        placing = place(students, problem.sizes, problem.rules, Random(seed))
        faults: list[str] = []
        if placing.group_of is not None:
            *_worse, best = pairs.solve(problem, placing.group_of, seed, Budget(iterations=20))
            in_groups = [[one for one in range(students) if best.group_of[one] == group] for group in range(groups)]
            faults += grouping_faults(in_groups, students, problem.sizes, problem.rules)
            faults += ["cost"] * (not lower_bound(problem) <= best.cost == cost_of(problem, best.group_of))
        term = random_term(Random(seed))
        *_worse_terms, found = solve(term, seed, Budget(iterations=20))
        faults += term_faults(found.schedule, term.students, term.sizes, term.weeks)
        faults += ["repeats"] * (found.repeat_points != term_repeats(found.schedule))
        random = Random(seed)
        before: Grouping = [[] for _ in range(random.randrange(1, 9))]
        for student in range(random.randrange(46)):
            random.choice(before).append(student)
        absent = {student for group in before for student in group if random.random() < 0.2}
        after = regroup(before, absent)
        faults += regrouping_faults(before, after.groups, absent, after.moved, 1)
        faults += ["moves"] * (len(after.moved) != fewest_moves([len(set(group) - absent) for group in before]))
        if faults:
            print(f"seed {seed}: {faults}")
            return 1
    print(f"{count} problems of each kind, no fault")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
