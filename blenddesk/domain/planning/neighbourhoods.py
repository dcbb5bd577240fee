"""Ways for everyone at once: takes out a few, puts each back by an exact programme, accepts late.

Large neighbourhood search (Shaw 1998) with late acceptance (Burke and Bykov 2017). A few leave their places; one after
another each takes the best way through what is free. All but the last find the free places randomly priced, so that
those who come first leave room to those who come after. A lower bound ends the search when nothing better can exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.lower_bound import Bound
from blenddesk.domain.planning.ways import SCALE, Option, Way, Ways

_DEAREST = (1, 2, 4, 12, 60)
"""Most points that a random price may have; one of them is dealt for each iteration."""
_DEARER = 0.15
"""How often prices go up to the worth of something instead, so that even a must-do is given up for somebody else's."""
_CLOSED = (0.0, 0.0, 0.2, 0.5)
"""Part of the places that are closed to all but the last one; dealt likewise."""
_PROVING = 10
"""One part in so many of the effort goes into the lower bound."""
_QUIET = 10
"""Iterations without a better plan after which some effort goes into proving that there is none."""
NO_WAY = 1 << 200
"""What it costs when someone cannot reach a locked place."""

_Undo: TypeAlias = list[tuple[int, Way, int]]


class Pace(NamedTuple):
    """What was measured to find most within a second.

    ``memory``: a change is accepted when it is no worse than the plan so many changes ago. ``width``: states that a
    round keeps for the last one put back; ``width_priced``: for those before it.
    """

    memory: int = 6
    width: int = 20
    width_priced: int = 6


def improve(search: Search, budget: Budget) -> Iterator[int]:
    """Points of ever better plans, the one of the beginning first; ``search.ways`` is the plan while it is yielded.

    Ends when the budget is spent or nothing better exists; ``budget.stopped`` says which.
    """
    best = search.total
    yield best
    bound = Bound(search.everyone, search.free, search.rounds, budget)
    search.alone = bound.alone
    past = [best] * search.pace.memory
    quiet = 0
    while True:
        if best <= bound.value:
            budget.prove()
        if not budget.spend():
            return
        before = search.total
        undo = search.step() if budget.spent > 1 else search.deal_again()
        place = budget.spent % search.pace.memory
        if search.total > before and search.total > past[place]:
            search.restore(undo)
        past[place] = search.total
        quiet += 1
        if search.total < best:
            best, quiet = search.total, 0
            yield best
        if quiet > _QUIET and bound.wants_more and _PROVING * bound.work < search.work:
            bound.tighten(best)


class Search:
    """A plan that always keeps the hard rules, and what is left free beside it.

    ``free[resource][round]``: what there is. At first nobody has a way; ``put`` gives one to each.
    """

    def __init__(
        self,
        everyone: Sequence[Ways],
        free: Sequence[Sequence[int]],
        rounds: int,
        random: Random,
        pace: Pace = Pace(),
    ) -> None:
        self.everyone = everyone
        self.free = free
        self.rounds = rounds
        self.pace = pace
        self.ways: list[Way] = [() for _ in everyone]
        self.total = 0
        self.alone: Sequence[int] = [0] * len(everyone)
        """What each would cost with all the room for themselves."""
        self._random = random
        worths = sorted({option.worth for ways in everyone for option in ways.options} - {0})
        self._worths = [max(worth * 3 // 2, 2) for worth in worths] or [2]
        self._costs = [0] * len(everyone)
        self._left = [list(row) for row in free]

    @property
    def work(self) -> int:
        return sum(ways.work for ways in self.everyone)

    def put(
        self, who: int, opens: Sequence[int], prices: Sequence[Sequence[int]] | None = None, width: int | None = None
    ) -> None:
        """Give someone without a way the best one within ``opens`` (as ``Ways.best`` wants it)."""
        best = self.everyone[who].best(opens, prices, width or self.pace.width)
        way: Way = ()
        cost = NO_WAY
        if best is not None:
            cost, way = best
            cost = (cost - sum(prices[which][round_] for which, round_ in way if prices is not None)) // SCALE
        self.total += cost - self._costs[who]
        self.ways[who], self._costs[who] = way, cost
        self._take(who, way, -1)

    def opens(self, who: int) -> list[int]:
        """For each option the rounds in which it may begin and everything it needs is free, as bits."""
        return [self._open(option) for option in self.everyone[who].options]

    def deal_again(self) -> _Undo:
        """Everyone again, those who lost most first."""
        return self._again(sorted(range(len(self.everyone)), key=lambda who: -self._costs[who]))

    def step(self) -> _Undo:
        """Take out two to four, one of them with something to gain, and put them back."""
        random = self._random
        count = min(2 + int(random.random() * 3), len(self.everyone))
        losing = [who for who, cost in enumerate(self._costs) if cost > self.alone[who]]
        chosen = [losing[int(random.random() * len(losing))]] if losing else []
        rest = [who for who in self.shuffled(range(len(self.everyone))) if who not in chosen]
        return self._again(self.shuffled((chosen + rest)[:count]))

    def restore(self, undo: _Undo) -> None:
        """Take a step back."""
        for who, _way, _cost in undo:
            self._take(who, self.ways[who], 1)
        for who, way, cost in undo:
            self.total += cost - self._costs[who]
            self.ways[who], self._costs[who] = way, cost
            self._take(who, way, -1)

    def shuffled(self, numbers: Sequence[int]) -> list[int]:
        # Not Random.shuffle: only random() is promised to give the same numbers in every version of Python.
        return sorted(numbers, key=lambda _number: self._random.random())

    def _again(self, chosen: Sequence[int]) -> _Undo:
        undo = [(who, self.ways[who], self._costs[who]) for who in chosen]
        for who in chosen:
            self._take(who, self.ways[who], 1)
            self.ways[who] = ()
        random = self._random
        scales = self._worths if random.random() < _DEARER else _DEAREST
        dearest = SCALE * scales[int(random.random() * len(scales))]
        closed = _CLOSED[int(random.random() * len(_CLOSED))]
        for who in chosen:
            is_last = who == chosen[-1]
            options, opens = self.everyone[who].options, self.opens(who)
            # The last one takes what is best; a price below a sixteenth a round only decides between equals.
            most = 2 if is_last else dearest
            prices = [[int(random.random() * most) for _ in range(self.rounds)] for _ in options]
            if closed and not is_last:
                # Who uses nothing of what is shared (a locked seat has its own already) is in nobody's way.
                opens = [
                    self._partly(starts, closed) if option.uses else starts
                    for starts, option in zip(opens, options, strict=True)
                ]
            self.put(who, opens, prices, self.pace.width if is_last else self.pace.width_priced)
        return undo

    def _partly(self, starts: int, closed: float) -> int:
        for round_ in range(self.rounds):
            if self._random.random() < closed:
                starts &= ~(1 << round_)
        return starts

    def _open(self, option: Option) -> int:
        free = option.starts
        for use in option.uses:
            enough, bit = 0, 1
            for left in self._left[use.resource]:
                if left >= use.amount:
                    enough |= bit
                bit <<= 1
            for later in range(option.length):
                free &= enough >> later
        return free

    def _take(self, who: int, way: Way, sign: int) -> None:
        options = self.everyone[who].options
        for which, first in way:
            for use in options[which].uses:
                left = self._left[use.resource]
                for round_ in range(first, first + options[which].length):
                    left[round_] += sign * use.amount
