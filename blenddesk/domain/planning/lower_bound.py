"""What no plan can beat: a lower bound of the points of all ways together, tightened step by step.

Lagrangian relaxation (Held and Karp 1971): places, computers and adults are not limited but cost a rent in each round;
everyone then takes their best way by themselves. All these ways, less what the rents bring in, never cost more than the
best plan. Rents rise where too many come and fall where room is left (subgradient steps, Polyak's length).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import prod

from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.ways import SCALE, Option, Way, Ways

_PATIENCE = 12
"""Steps without a better bound after which steps get shorter."""
_SHORTEST = 12
"""How often steps get shorter before the bound is as good as it gets."""
_MOST_OPTIONS = 10
"""Ways through more options than that are too many to look at all of them."""


class Bound:
    """``value``: points that every plan has at least. ``free[resource][round]``: what there is for all together."""

    def __init__(self, everyone: Sequence[Ways], free: Sequence[Sequence[int]], rounds: int, budget: Budget) -> None:
        self.value = 0
        self.work = 0
        """States looked at for it, as ``Ways.work`` counts them."""
        self.alone = [0] * len(everyone)
        """What each would cost with all the room for themselves, in points."""
        self.wants_more = all(len(ways.options) <= _MOST_OPTIONS for ways in everyone)
        """Whether another step may still help."""
        self._everyone = everyone
        self._budget = budget
        self._free = free
        self._rents = [[0] * rounds for _ in free]
        """By resource and round, in points times SCALE."""
        self._best = 0
        self._waited = self._shortened = 0
        if self.wants_more:
            found = self._best_ways()
            if found is not None:
                self.alone = [cost // SCALE for cost, _way in found]
                self._learn(found, sum(self.alone) + 10)

    def tighten(self, known: int) -> None:
        """One step towards the best bound. ``known``: the points of some plan."""
        found = self._best_ways()
        if found is not None:
            self._learn(found, known)

    def _best_ways(self) -> list[tuple[int, Way]] | None:
        """Everyone's best way when rooms cost their rents; None when the budget ran out meanwhile."""
        found = []
        for ways in self._everyone:
            if self._budget.is_over():
                return None
            before = ways.work
            best = ways.best([one.starts for one in ways.options], [_priced(one, self._rents) for one in ways.options])
            self.work += ways.work - before
            assert best is not None  # a first plan was found with even less room
            found.append(best)
        return found

    def _learn(self, found: Sequence[tuple[int, Way]], known: int) -> None:
        income = sum(map(prod, zip(chain.from_iterable(self._rents), chain.from_iterable(self._free), strict=True)))
        total = sum(cost for cost, _way in found) - income
        if total > self._best:
            self._best, self._waited = total, 0
            self.value = max(self.value, -(-total // SCALE))
        else:
            self._waited += 1
            if self._waited > _PATIENCE:
                self._waited, self._shortened = 0, self._shortened + 1
        wanted = [[-free for free in row] for row in self._free]
        for ways, (_cost, way) in zip(self._everyone, found, strict=True):
            _count(ways.options, way, wanted)
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
    rounds = range(len(rents[0]) if rents else option.starts.bit_length())
    return [
        sum(sum(rents[use.resource][round_ : round_ + option.length]) * use.amount for use in option.uses)
        for round_ in rounds
    ]


def _count(options: Sequence[Option], way: Way, used: list[list[int]]) -> None:
    for which, first in way:
        for use in options[which].uses:
            for round_ in range(first, first + options[which].length):
                used[use.resource][round_] += use.amount
