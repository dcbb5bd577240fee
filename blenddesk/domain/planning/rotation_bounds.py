"""What no plan of a rotation can beat: a lower bound of its points, tightened step by step.

Lagrangian relaxation (Held and Karp 1971): rooms, computers and adults are not limited but cost a rent in each round;
every group then takes its best way by itself. All ways together, less what the rents bring in, never cost more than the
best plan. Rents rise where too many come and fall where room is left (subgradient steps, Polyak's length).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from math import prod

from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.rotation_paths import SCALE, Option, Paths, Resources, Way
from blenddesk.errors import Refusal

_PATIENCE = 12
"""Steps without a better bound after which steps get shorter."""
_SHORTEST = 12
"""How often steps get shorter before the bound is as good as it gets."""
_MOST_STATIONS = 10
"""Ways through more stations than that are too many to look at all of them."""


class Bound:
    """``value``: points that every plan has at least, locked seats being reachable."""

    def __init__(self, paths: Sequence[Paths], resources: Resources, rounds: int, budget: Budget) -> None:
        self.value = 0
        self.work = 0
        """States looked at for it, as ``Paths.work`` counts them."""
        self.alone = [0] * len(paths)
        """What each group would cost if it had the room for itself, in points."""
        self.wants_more = all(len(one.options) <= _MOST_STATIONS for one in paths)
        """Whether another step may still help."""
        self._paths = paths
        self._budget = budget
        self._free = resources.free
        self._rents = [[0] * rounds for _ in resources.room]
        """By resource and round, in points times SCALE."""
        self._best = 0
        self._waited = self._shortened = 0
        if self.wants_more:
            ways = self._best_ways()
            if ways is not None:
                self.alone = [cost // SCALE for cost, _way in ways]
                self._learn(ways, sum(self.alone) + 10)

    def tighten(self, known: int) -> None:
        """One step towards the best bound. ``known``: the points of some plan."""
        ways = self._best_ways()
        if ways is not None:
            self._learn(ways, known)

    def _best_ways(self) -> list[tuple[int, Way]] | None:
        """Each group's best way when rooms cost their rents; None when the budget ran out meanwhile."""
        ways = []
        for paths in self._paths:
            if self._budget.is_over():
                return None
            before = paths.work
            best = paths.best(
                [option.starts for option in paths.options],
                [_priced(option, self._rents) for option in paths.options],
            )
            self.work += paths.work - before
            if best is None:
                raise Refusal("locks_clash")
            ways.append(best)
        return ways

    def _learn(self, ways: Sequence[tuple[int, Way]], known: int) -> None:
        income = sum(map(prod, zip(_flat(self._rents), _flat(self._free), strict=True)))
        total = sum(cost for cost, _way in ways) - income
        if total > self._best:
            self._best, self._waited = total, 0
            self.value = max(self.value, -(-total // SCALE))
        else:
            self._waited += 1
            if self._waited > _PATIENCE:
                self._waited, self._shortened = 0, self._shortened + 1
        wanted = [[-free for free in row] for row in self._free]
        for paths, (_cost, way) in zip(self._paths, ways, strict=True):
            _count(paths.options, way, wanted)
        moving = [
            (row, round_, slope)
            for row, slopes in zip(self._rents, wanted, strict=True)
            for round_, slope in enumerate(slopes)
            if slope > 0 or row[round_]
        ]
        steepness = sum(slope * slope for _row, _round, slope in moving)
        if not steepness or self._shortened > _SHORTEST:
            # Nobody is in the way of anybody, or the steps have become too small: this is the best bound there is.
            self.wants_more = False
            return
        missing = max(known * SCALE - total, 1)
        for row, round_, slope in moving:
            row[round_] = max(0, row[round_] + (missing * slope * 3 >> self._shortened) // (2 * steepness))


def _priced(option: Option, rents: Sequence[Sequence[int]]) -> list[int]:
    """What an option costs more for each round that it may begin in."""
    rounds = range(len(rents[0]) if rents else 0)
    return [
        sum(sum(rents[use.resource][round_ : round_ + option.length]) * use.amount for use in option.uses)
        for round_ in rounds
    ]


def _count(options: Sequence[Option], way: Way, used: list[list[int]]) -> None:
    for which, first in way:
        for use in options[which].uses:
            for round_ in range(first, first + options[which].length):
                used[use.resource][round_] += use.amount


def _flat(rows: Iterable[Iterable[int]]) -> Iterable[int]:
    return chain.from_iterable(rows)
