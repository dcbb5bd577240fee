"""The kernel of one grouping: sweeps of swaps and moves, their gain looked up in a table of who costs what where.

Noise for thresholds instead of Metropolis' dice: a step is taken when it costs less than temperature x an exponential
random number, which is the same thing. The hot loop does nothing but look up five numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, cycle
from operator import add, sub
from random import Random

from blenddesk.domain.planning.group_rules import APART, Atom, atoms_of
from blenddesk.domain.planning.pair_problem import Helpers, PairProblem, Solution, cost_of

FIRST_STEPS, MOST_STEPS = 30_000, 60_000
"""Swaps tried from hot to cold in the first run, twice as many in each later one up to the most: a short first run for
who waits 70 ms only, longer ones as they find more (measured on 20 to 45 students)."""


def _exponentials(count: int) -> tuple[int, ...]:
    """Exponential random numbers x 1024, whole: the expected k-th of ``count`` is a sum of 1/m (Renyi 1953)."""
    total, numbers = 0, []
    for left in range(count, 0, -1):
        total += (1 << 30) // left
        numbers.append(total >> 20)
    return tuple(numbers)


NOISE = _exponentials(1024)


class Annealing:
    """The books of one grouping of atoms (students, or blocks of those who stay together)."""

    def __init__(self, problem: PairProblem, start: Sequence[int], random: Random) -> None:
        atoms = atoms_of(len(start), problem.rules)
        assert atoms is not None  # the start keeps the rules, so that they can be kept
        groups = range(len(problem.sizes))
        homes = problem.homes or [[0] * len(problem.sizes)] * len(start)
        self._atoms, self._random, self._sizes = atoms, random, problem.sizes
        self._weights = [len(atom.members) for atom in atoms]
        most = sum(sum(map(abs, row)) for row in (*problem.costs, *homes))
        helpers = sum(one.cost * sum(one.wanted) for one in problem.helpers)
        # No change is above twice all costs and no limit above eight changes: none reaches over the wall.
        self._wall = 20 * (1 + 2 * most + helpers)
        self._costs = _atom_costs(problem, atoms, self._wall)
        self._groups = [start[atom.members[0]] for atom in atoms]
        self._loads = [list(start).count(group) for group in groups]
        self._beside = [[sum(homes[member][group] for member in atom.members) for atom in atoms] for group in groups]
        """``[group][atom]``: what the atom pays in that group beside those who are there now."""
        for atom, group in enumerate(self._groups):
            self._beside[group] = list(map(add, self._beside[group], self._costs[atom]))
        self._helpers = _HelperBooks(problem.helpers, atoms, self._groups, len(groups))
        self._cost = self.best_cost = cost_of(problem, start)
        self._best = list(self._groups)
        self._first_run, self._steps = True, FIRST_STEPS
        self._list_steps()
        changes = self._changes() or [0]
        self._hottest = changes[-1]
        self._temperature = changes[len(changes) // 4] // 4
        """Where the first run begins: at small changes, as the big ones are rules and repeats."""
        attracted = -2 * sum(changes) // len(changes)
        self._bundles = [(place,) for place in self._free if self._weights[place] > 1] + [
            (one, other) for one, other in combinations(self._free, 2) if self._costs[one][other] < attracted
        ]
        """Blocks, and pairs so much wanted together that neither would leave alone."""

    def best(self) -> Solution:
        """The best grouping so far."""
        group_of = [0] * sum(self._weights)
        for atom, group in zip(self._atoms, self._best, strict=True):
            for member in atom.members:
                group_of[member] = group
        return Solution(tuple(group_of), self.best_cost)

    @property
    def can_change(self) -> bool:
        """Whether there is anything to try; else the rules and sizes leave one grouping only."""
        return bool(len(self._sizes) > 1 and (self._swaps or self._movers or self._bundles))

    def temperatures(self) -> Iterator[int]:
        """One run: the first time straight down, then from hot to cold.

        What is hot differs from class to class and from wish to wish, so the temperature follows the share of swaps
        that were taken although they cost something: from one in two hundred evenly down to none.
        """
        while self._first_run:
            before = self._cost
            yield 0
            self._first_run = self._cost < before
        swaps = len(self._swaps) + 1
        sweeps = max(8, self._steps // swaps)
        self._steps = min(MOST_STEPS, 2 * self._steps)
        for left in range(sweeps, 0, -1):
            yield self._temperature
            if self._uphill * 200 * sweeps < swaps * left:
                self._temperature = min(self._hottest, self._temperature * 9 // 8 + 1)
            else:
                self._temperature = self._temperature * 7 // 8

    def sweep(self, temperature: int) -> None:
        """Try every swap once; every move, where sizes have a range; and one exchange for each bundle."""
        offset = self._random.randrange(len(NOISE))
        limits = [temperature * one >> 10 for one in self._noise[offset : offset + len(self._swaps)]]
        groups, costs, beside = self._groups, self._costs, self._beside
        helpers, helped, kinds = self._helpers, self._helpers.asked, self._helpers.kinds
        uphill = 0
        for (one, other, twice), limit in zip(self._swaps, limits, strict=True):
            here, there = groups[one], groups[other]
            if here == there:
                continue
            left, right = beside[here], beside[there]
            change = right[one] - left[one] + left[other] - right[other] - twice
            if helped and kinds[one] != kinds[other]:
                change += helpers.change(helpers.difference(one, other), here, there)
            if change < limit:
                uphill += change > 0
                groups[one], groups[other] = there, here
                difference = list(map(sub, costs[other], costs[one]))
                beside[here] = list(map(add, left, difference))
                beside[there] = list(map(sub, right, difference))
                if helped and kinds[one] != kinds[other]:
                    helpers.shift(helpers.difference(one, other), here, there)
                self._cost += change
                if self._cost < self.best_cost:
                    self._keep()
        self._uphill = uphill
        if self._movers:
            self._sweep_moves(temperature)
        for bundle in self._bundles:
            group = self._random.randrange(len(self._sizes))
            self._exchange(bundle, group, temperature * self._random.choice(NOISE) >> 10)

    def _sweep_moves(self, temperature: int) -> None:
        """Try every student in every other group that has room."""
        loads, sizes, beside, groups = self._loads, self._sizes, self._beside, self._groups
        helpers, helped = self._helpers, self._helpers.asked
        limits = cycle(self._noise[self._random.randrange(len(NOISE)) :])
        for atom in self._movers:
            weight = self._weights[atom]
            for there, (_least, most) in enumerate(sizes):
                here = groups[atom]
                if here == there or loads[there] + weight > most:
                    continue
                if loads[here] - weight < sizes[here][0]:
                    break
                change = beside[there][atom] - beside[here][atom]
                if helped:
                    change += helpers.change(helpers.kinds[atom], here, there)
                if change < temperature * next(limits) >> 10:
                    self._shift(atom, there)
                    if self._cost < self.best_cost:
                        self._keep()

    def _exchange(self, bundle: Sequence[int], there: int, limit: int) -> None:
        """Trade a bundle for as many others as it has students, if that costs less than the limit."""
        here = self._groups[bundle[0]]
        if here == there or any(self._groups[atom] != here for atom in bundle):
            return
        partners = [atom for atom in self._free if self._groups[atom] == there]
        self._random.shuffle(partners)
        chosen, left = [], sum(self._weights[atom] for atom in bundle)
        for atom in partners:
            if self._weights[atom] <= left:
                chosen.append(atom)
                left -= self._weights[atom]
        if self._loads[here] - left < self._sizes[here][0] or self._loads[there] + left > self._sizes[there][1]:
            return
        before = self._cost
        for atom in bundle:
            self._shift(atom, there)
        for atom in chosen:
            self._shift(atom, here)
        if self._cost - before >= limit:
            for atom in chosen:
                self._shift(atom, there)
            for atom in bundle:
                self._shift(atom, here)
        elif self._cost < self.best_cost:
            self._keep()

    def _shift(self, atom: int, there: int) -> None:
        """Put an atom into another group and keep the books."""
        here = self._groups[atom]
        self._cost += self._beside[there][atom] - self._beside[here][atom]
        self._cost += self._helpers.change(self._helpers.kinds[atom], here, there)
        self._helpers.shift(self._helpers.kinds[atom], here, there)
        self._beside[here] = list(map(sub, self._beside[here], self._costs[atom]))
        self._beside[there] = list(map(add, self._beside[there], self._costs[atom]))
        self._groups[atom] = there
        self._loads[here] -= self._weights[atom]
        self._loads[there] += self._weights[atom]

    def _keep(self) -> None:
        self.best_cost = self._cost
        self._best = list(self._groups)

    def _list_steps(self) -> None:
        weights = self._weights
        self._free = [place for place, atom in enumerate(self._atoms) if atom.locked is None]
        self._swaps = [
            (one, other, 2 * self._costs[one][other])
            for one, other in combinations(self._free, 2)
            if weights[one] == weights[other]
        ]
        """Two atoms and twice what they cost together: neither meets the other where it comes to."""
        self._random.shuffle(self._swaps)
        self._movers = self._free if any(low < high for low, high in self._sizes) else []
        # Six in seven steps are taken only if they help: most others change nothing, and taking them takes time.
        noise = [max(0, one - 2048) for one in NOISE]
        self._random.shuffle(noise)
        self._noise = noise * (2 + len(self._swaps) // len(noise))

    def _changes(self) -> list[int]:
        """How much swaps change the cost, smallest first, where they change anything."""
        changes = []
        for one, other, twice in self._swaps[:500]:
            left, right = self._beside[self._groups[one]], self._beside[self._groups[other]]
            change = abs(right[one] - left[one] + left[other] - right[other] - twice)
            if left is not right and 0 < change < self._wall:
                changes.append(change)
        return sorted(changes)


class _HelperBooks:
    """How many helpers of each kind are in each group; a kind is a tuple of counts, one for each ``Helpers``."""

    def __init__(self, helpers: Sequence[Helpers], atoms: Sequence[Atom], group_of: Sequence[int], groups: int) -> None:
        self.asked = bool(helpers)
        self._helpers = helpers
        self.kinds = [tuple(len(set(one.who) & set(atom.members)) for one in helpers) for atom in atoms]
        self._there = [[0] * groups for _ in helpers]
        for kind, group in zip(self.kinds, group_of, strict=True):
            for counts, many in zip(self._there, kind, strict=True):
                counts[group] += many

    def difference(self, one: int, other: int) -> tuple[int, ...]:
        return tuple(map(sub, self.kinds[one], self.kinds[other]))

    def change(self, kind: Sequence[int], here: int, there: int) -> int:
        """What it costs to take these from one group to another."""
        total = 0
        for helpers, counts, many in zip(self._helpers, self._there, kind, strict=True):
            if many:
                for group, after in ((here, counts[here] - many), (there, counts[there] + many)):
                    wanted = helpers.wanted[group]
                    total += (max(0, wanted - after) - max(0, wanted - counts[group])) * helpers.cost
        return total

    def shift(self, kind: Sequence[int], here: int, there: int) -> None:
        for counts, many in zip(self._there, kind, strict=True):
            counts[here] -= many
            counts[there] += many


def _atom_costs(problem: PairProblem, atoms: Sequence[Atom], wall: int) -> list[list[int]]:
    """Costs between atoms; whoever is to be kept apart stands behind a wall that no wish outweighs."""
    costs = [
        [0 if one is other else sum(problem.costs[i][j] for i in one.members for j in other.members) for other in atoms]
        for one in atoms
    ]
    atom_of = {member: place for place, atom in enumerate(atoms) for member in atom.members}
    for kind, first, second in problem.rules:
        if kind == APART:
            one, other = atom_of[first], atom_of[second]
            costs[one][other] = costs[other][one] = wall
    return costs
