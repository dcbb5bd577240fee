"""Plans a rotation: takes out a few groups, puts each back by an exact programme, accepts late.

Large neighbourhood search (Shaw 1998) with late acceptance (Burke and Bykov 2017). A few groups leave their seats; one
after another each takes its best way through what is free. All but the last find the free places randomly priced, so
that the earlier ones leave room to the later ones. A lower bound ends the search when nothing better can exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.rotation import Problem, Seat
from blenddesk.domain.planning.rotation_bounds import Bound
from blenddesk.domain.planning.rotation_paths import SCALE, Option, Paths, Resources, Way
from blenddesk.errors import Refusal

_MEMORY = 15
"""A change is accepted when it is no worse than the plan so many changes ago."""
_DEAREST = (1, 2, 4, 12, 60)
"""Most points that a random price may have; one of them is dealt for each iteration."""
_CLOSED = (0.0, 0.0, 0.0, 0.2)
"""Part of the places that are closed to all but the last group; dealt likewise. Opens ways to give a must-do up."""
_WIDTH = 40
"""States that a round keeps. Half of it finds less, double of it is slower on five days and the same on one."""
_NO_WAY = 1 << 200
"""What it costs when a group cannot reach a locked seat."""
_QUIET = 10
"""Iterations without a better plan after which some effort goes into proving that there is none."""

_Undo: TypeAlias = list[tuple[int, Way, int]]


class Found(NamedTuple):
    """A plan. ``total``: its points by the problem's weights."""

    seats: tuple[Seat, ...]
    total: int


def solve(problem: Problem, budget: Budget, seed: int = 0) -> Iterator[Found]:
    """Ever better plans, none of which breaks a hard rule; ends when the budget is spent or nothing better exists.

    The first comes at once. ``budget.stopped`` says why it ended. Refusal ``locks_clash`` when locked seats break a
    rule among themselves, or leave no room for what has to come before one of them.
    """
    random = Random(seed)
    search = _Search(problem, random)
    search.walk_around()
    best = search.total
    if best >= _NO_WAY:
        raise Refusal("locks_clash")
    yield search.found()
    bound = Bound(search.paths, search.resources, len(problem.days), budget)
    search.alone = bound.alone
    past = [best] * _MEMORY
    quiet = 0
    while True:
        if best <= bound.value:
            budget.prove()
        if not budget.spend():
            return
        before = search.total
        undo = search.step() if budget.spent > 1 else search.deal_again()
        place = budget.spent % _MEMORY
        if search.total > before and search.total > past[place]:
            search.restore(undo)
        past[place] = search.total
        quiet += 1
        if search.total < best:
            best, quiet = search.total, 0
            yield search.found()
        if quiet > _QUIET and bound.wants_more and 4 * bound.work < search.work:
            bound.tighten(best)


class _Search:
    """A plan that always keeps the hard rules, and what is left free beside it."""

    def __init__(self, problem: Problem, random: Random) -> None:
        self.resources = Resources(problem)
        self.paths = [Paths(problem, group, self.resources) for group in range(len(problem.groups))]
        self._problem = problem
        self._random = random
        self._ways: list[Way] = [() for _ in self.paths]
        self._costs = [0] * len(self.paths)
        self._left = [list(rounds) for rounds in self.resources.free]
        self.alone: Sequence[int] = ()
        """What each group would cost if it had the room for itself."""

    @property
    def work(self) -> int:
        return sum(paths.work for paths in self.paths)

    @property
    def total(self) -> int:
        return sum(self._costs)

    def found(self) -> Found:
        seats = [
            Seat(group, self.paths[group].options[which].station, round_)
            for group, way in enumerate(self._ways)
            for which, round_ in way
        ]
        return Found(tuple(sorted(seats, key=lambda seat: (seat.round, seat.group))), self.total)

    def walk_around(self) -> None:
        """Everyone walks from station to station in one direction: a Latin square, right at once in the classic case.

        Those who must reach a locked seat walk first.
        """
        stations = max(len(self._problem.stations), 1)
        starts: list[int] = []
        while len(starts) < len(self.paths):
            starts += self._shuffled(range(stations))
        waiting = sorted(range(len(self.paths)), key=lambda group: not self.paths[group].locked)
        for group in waiting:
            paths = self.paths[group]
            if paths.locked:
                self._put_back(group, self._opens(group))
                continue
            walk = [
                sum(
                    1 << round_
                    for round_ in self._problem.rounds
                    if (starts[group] + round_) % stations == option.station
                )
                for option in paths.options
            ]
            opens = [free & own for free, own in zip(self._opens(group), walk, strict=True)]
            self._put_back(group, opens)

    def deal_again(self) -> _Undo:
        """Everyone again, those who can spare least first."""
        everyone = sorted(range(len(self.paths)), key=lambda group: -self._costs[group])
        return self._again(everyone)

    def step(self) -> _Undo:
        """Take out two to four groups, one of them with something to gain, and put them back."""
        random = self._random
        count = min(2 + int(random.random() * 3), len(self.paths))
        losing = [group for group, cost in enumerate(self._costs) if cost > self.alone[group]]
        chosen = [losing[int(random.random() * len(losing))]] if losing else []
        rest = [group for group in self._shuffled(range(len(self.paths))) if group not in chosen]
        return self._again(self._shuffled((chosen + rest)[:count]))

    def restore(self, undo: _Undo) -> None:
        for group, _way, _cost in undo:
            self._take(group, self._ways[group], 1)
        for group, way, cost in undo:
            self._ways[group], self._costs[group] = way, cost
            self._take(group, way, -1)

    def _again(self, groups: Sequence[int]) -> _Undo:
        undo = [(group, self._ways[group], self._costs[group]) for group in groups]
        for group in groups:
            self._take(group, self._ways[group], 1)
            self._ways[group] = ()
        random = self._random
        dearest = SCALE * _DEAREST[int(random.random() * len(_DEAREST))]
        closed = _CLOSED[int(random.random() * len(_CLOSED))]
        for group in groups:
            # The last one takes what is best; a price below a sixteenth a round only decides between equals.
            most = dearest if group != groups[-1] else 2
            prices = [[int(random.random() * most) for _ in self._problem.days] for _ in self.paths[group].options]
            opens = self._opens(group)
            if closed and group != groups[-1]:
                # A locked seat uses nothing that is not its own already, and stays open.
                opens = [
                    self._partly(starts, closed) if option.uses else starts
                    for starts, option in zip(opens, self.paths[group].options, strict=True)
                ]
            self._put_back(group, opens, prices)
        return undo

    def _put_back(self, group: int, opens: Sequence[int], prices: Sequence[Sequence[int]] | None = None) -> None:
        best = self.paths[group].best(opens, prices, _WIDTH)
        if best is None:
            self._ways[group], self._costs[group] = (), _NO_WAY
            return
        cost, way = best
        if prices is not None:
            cost -= sum(prices[which][round_] for which, round_ in way)
        self._ways[group], self._costs[group] = way, cost // SCALE
        self._take(group, way, -1)

    def _take(self, group: int, way: Way, sign: int) -> None:
        options = self.paths[group].options
        for which, first in way:
            for use in options[which].uses:
                left = self._left[use.resource]
                for round_ in range(first, first + options[which].length):
                    left[round_] += sign * use.amount

    def _opens(self, group: int) -> list[int]:
        """For each option of the group the rounds in which it may begin and everything it needs is free, as bits."""
        return [self._open(option) for option in self.paths[group].options]

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

    def _partly(self, starts: int, closed: float) -> int:
        for round_ in self._problem.rounds:
            if self._random.random() < closed:
                starts &= ~(1 << round_)
        return starts

    def _shuffled(self, numbers: Sequence[int]) -> list[int]:
        # Not Random.shuffle: only random() is promised to give the same numbers in every version of Python.
        return sorted(numbers, key=lambda _number: self._random.random())
