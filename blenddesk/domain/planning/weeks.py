"""A term of groupings: as few pairs as possible meet again; constructions first, search for what they leave.

In this order: the bank, a transversal design, one week that is turned (``week_cycles``), and for more weeks than can be
free of repeats, or sizes nobody constructed, the whole term by search from what the others gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from operator import add
from random import Random
from typing import NamedTuple

from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.group_rules import Sizes
from blenddesk.domain.planning.week_annealing import TermAnnealing
from blenddesk.domain.planning.week_bank import Bank, banked_weeks
from blenddesk.domain.planning.week_cycles import Rings, promising, search, turned
from blenddesk.domain.planning.week_designs import Week, transversal_weeks
from blenddesk.domain.planning.week_labels import relabelled

WAYS_AT_ONCE = 3
"""How many ways to lay students out in rings are searched in turn; the first ones are the easiest."""


class WeeksProblem(NamedTuple):
    """``weeks`` groupings of students counted from 0; ``sizes`` is (least, most) of each group, the same every week.

    ``met[i][j]`` is how often two have met before (nothing: never), ``costs[i][j]`` what a teacher pays for each time
    they meet, in repeated pairs: large for those to be kept apart.
    """

    students: int
    sizes: Sequence[Sizes]
    weeks: int
    met: Sequence[Sequence[int]] = ()
    costs: Sequence[Sequence[int]] = ()


class Term(NamedTuple):
    """``schedule[week][group]`` are students; a pair that met m times before costs m repeat points when it meets."""

    schedule: tuple[Week, ...]
    repeat_points: int
    cost: int
    """Repeat points and what the teacher pays for."""


def repeat_points(schedule: Sequence[Week], met: Sequence[Sequence[int]] = ()) -> int:
    """For each meeting of two students, how often they have met before, counted from nothing."""
    counts: dict[tuple[int, int], int] = {}
    points = 0
    for week in schedule:
        for group in week:
            for pair in combinations(sorted(group), 2):
                before = counts.get(pair, met[pair[0]][pair[1]] if met else 0)
                points += before
                counts[pair] = before + 1
    return points


def fewest_repeat_points(problem: WeeksProblem) -> int:
    """No term has fewer: as many meetings as the sizes ask for, each by the pair that has met least so far."""
    sizes = chosen_sizes(problem.students, problem.sizes)
    meetings = problem.weeks * sum(size * (size - 1) // 2 for size in sizes)
    pairs = problem.students * (problem.students - 1) // 2
    if not pairs:
        return 0
    if problem.met:
        before = sorted(problem.met[one][other] for one, other in combinations(range(problem.students), 2))
        points, level = 0, before[0]
        while meetings:
            # Everyone who has met ``level`` times meets once more, until the meetings run out.
            now = min(meetings, sum(count <= level for count in before))
            points, meetings, level = points + level * now, meetings - now, level + 1
        return points
    laps, rest = divmod(meetings, pairs)
    return pairs * (laps * (laps - 1) // 2) + rest * laps


def chosen_sizes(students: int, sizes: Sequence[Sizes]) -> list[int]:
    """The most even sizes in the ranges, which make the fewest pairs."""
    chosen = [low for low, _high in sizes]
    for _student in range(students - sum(chosen)):
        group = min((one for one, (_low, high) in enumerate(sizes) if chosen[one] < high), key=lambda one: chosen[one])
        chosen[group] += 1
    return chosen


def solve(problem: WeeksProblem, seed: int, budget: Budget, bank: Bank | None = None) -> Iterator[Term]:
    """Ever better terms, the first at once; the last is the best found and ``budget.stopped`` says why it ended.

    An iteration is a sweep over all swaps of a week, a fraction of a millisecond. Without ``bank`` none is used.
    """
    sizes = chosen_sizes(problem.students, problem.sizes)
    random = Random(seed)
    table = [[0] * problem.students for _ in range(problem.students)]
    met, costs = problem.met or table, problem.costs or table
    plain = not problem.met and not problem.costs
    cheapest = min((min(row) for row in problem.costs), default=0)
    bound = fewest_repeat_points(problem) if cheapest >= 0 else None

    def term(weeks: Sequence[Week]) -> Term:
        schedule = tuple(_in_order(week, sizes) for week in weeks)
        paid = sum(costs[one][other] for week in schedule for group in week for one, other in combinations(group, 2))
        points = repeat_points(schedule, problem.met)
        return Term(schedule, points, points + paid)

    known = free_weeks(problem.students, sizes, bank)[: problem.weeks]
    begun = known + [_random_week(sizes, random) for _ in range(problem.weeks - len(known))]
    best = term(begun)
    yield best
    if not plain:
        begun = relabelled(begun, [list(map(add, *rows)) for rows in zip(met, costs, strict=True)], random)
        if term(begun).cost < best.cost:
            best = term(begun)
            yield best
    searches = _searches(problem, sizes, met, costs, begun, len(known), random, cyclic=plain and bound == 0)
    while not budget.is_over():
        if best.cost == bound:
            budget.prove()
        if not budget.spend():
            break
        found = next(searches)
        if found is not None:
            better = term(found)
            if better.cost < best.cost:
                best = better
                yield best


def free_weeks(students: int, sizes: Sequence[int], bank: Bank | None) -> list[Week]:
    """The longest run of weeks without a repeated pair that is known for these sizes; none for uneven ones."""
    if max(sizes) - min(sizes) > 1:
        return []
    ways = [transversal_weeks(students, len(sizes)), banked_weeks(bank or {}, students, len(sizes))]
    return max(ways, key=len)


def _searches(
    problem: WeeksProblem,
    sizes: Sequence[int],
    met: Sequence[Sequence[int]],
    costs: Sequence[Sequence[int]],
    begun: Sequence[Week],
    known: int,
    random: Random,
    *,
    cyclic: bool,
) -> Iterator[list[Week] | None]:
    """One sweep after the other, of each way of searching in turn; gives a term where one is better than before."""
    turning: list[tuple[Rings, Iterator[list[Week] | None]]] = []
    if cyclic:
        most = (problem.students - 1) // max(1, min(sizes) - 1) if min(sizes) > 1 else problem.weeks
        ways = promising(sizes, problem.weeks, max(most, problem.weeks))[:WAYS_AT_ONCE]
        turning = [(rings, search(rings, sizes, random)) for rings in ways]
    by_search = _by_search(TermAnnealing(begun, met, costs, random), known)
    while True:
        for rings, looking in turning:
            base = next(looking)
            if base is not None:
                yield turned(rings, base)[: problem.weeks]
                return
            yield None
        yield next(by_search)


def _by_search(annealing: TermAnnealing, known: int) -> Iterator[list[Week] | None]:
    """The first run leaves weeks that are known to be free as they are, later ones take in the whole term."""
    first, weeks = known, len(annealing.best())
    while True:
        for temperature in annealing.temperatures():
            for week in range(first % weeks, weeks):
                before = annealing.best_cost
                annealing.sweep(week, temperature)
                yield annealing.best() if annealing.best_cost < before else None
        first = 0


def _random_week(sizes: Sequence[int], random: Random) -> Week:
    order = list(range(sum(sizes)))
    random.shuffle(order)
    return tuple(tuple(order.pop() for _ in range(size)) for size in sizes)


def _in_order(week: Week, sizes: Sequence[int]) -> Week:
    """The week with its groups where their sizes are asked for, students in order."""
    by_size: dict[int, list[tuple[int, ...]]] = {}
    for group in sorted((tuple(sorted(group)) for group in week), reverse=True):
        by_size.setdefault(len(group), []).append(group)
    return tuple(by_size[size].pop() for size in sizes)
