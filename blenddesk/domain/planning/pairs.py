"""One grouping: annealed swaps and moves over one integer table of costs over pairs, for any wish of a teacher.

Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) in sweeps over all swaps, run after run, each from where the
last one ended, for as long as the budget lasts. Whole numbers and ``random.Random`` only, so that the same question
gets the same answer on every computer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.pair_annealing import Annealing
from blenddesk.domain.planning.pair_problem import PairProblem, Solution, lower_bound


def solve(problem: PairProblem, start: Sequence[int], seed: int, budget: Budget) -> Iterator[Solution]:
    """Ever better groupings, the first at once; the last is the best found and ``budget.stopped`` says why it ended.

    ``start`` (see ``group_rules.place``) keeps the rules and so does every answer. An iteration is a sweep over all
    swaps, a third of a millisecond for 30 students.
    """
    search = Annealing(problem, start, Random(seed))
    best = search.best()
    yield best
    bound = lower_bound(problem)
    while not budget.is_over():
        for temperature in search.temperatures():
            if best.cost <= bound or not search.can_change:
                budget.prove()
            if not budget.spend():
                return
            search.sweep(temperature)
            if search.best_cost < best.cost:
                best = search.best()
                yield best
