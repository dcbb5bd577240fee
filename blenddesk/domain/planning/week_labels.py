"""Who takes which place in a constructed term: apart rules and earlier meetings are met by changing names alone.

Any two students may change names without making a pair meet twice. So the construction stays free of repeats while the
names are swapped for as long as that costs less (a quadratic assignment problem, here by descent from several starts).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random

from blenddesk.domain.planning.week_designs import Week

STARTS = 4


def relabelled(weeks: Sequence[Week], costs: Sequence[Sequence[int]], random: Random) -> list[Week]:
    """The weeks with students renamed so that the sum of ``costs`` over all meetings is small."""
    students = len(costs)
    meets = [[0] * students for _ in range(students)]
    for week in weeks:
        for group in week:
            for one, other in combinations(group, 2):
                meets[one][other] += 1
                meets[other][one] += 1
    names, best = list(range(students)), _cost(meets, costs, list(range(students)))
    for _start in range(STARTS):
        if not best:
            break
        tried = random.sample(range(students), students)
        cost = _descend(meets, costs, tried)
        if cost < best:
            names, best = tried, cost
    return [tuple(tuple(names[place] for place in group) for group in week) for week in weeks]


def _descend(meets: Sequence[Sequence[int]], costs: Sequence[Sequence[int]], names: list[int]) -> int:
    """Swap names in place for as long as a swap helps; what the meetings cost then."""
    better = True
    while better:
        better = False
        for one, other in combinations(range(len(names)), 2):
            mine, theirs = costs[names[one]], costs[names[other]]
            # What the two places differ in, times what the two students differ in; their own meeting stays as it is.
            change = sum(
                (here - there) * (theirs[name] - mine[name])
                for here, there, name in zip(meets[one], meets[other], names, strict=True)
                if here != there and name not in (names[one], names[other])
            )
            if change < 0:
                names[one], names[other] = names[other], names[one]
                better = True
    return _cost(meets, costs, names)


def _cost(meets: Sequence[Sequence[int]], costs: Sequence[Sequence[int]], names: Sequence[int]) -> int:
    places = range(len(names))
    return sum(meets[one][other] * costs[names[one]][names[other]] for one, other in combinations(places, 2))
