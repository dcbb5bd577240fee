"""The best way of one group through the rounds, given what the others leave free: an exact dynamic programme.

States are (round, set of visited stations, came straight from a screen). Each state keeps one integer: the cost so far,
with the way that led there in its lowest bits. Extending a way is then one addition, comparing two ways is one
comparison, and no table of predecessors is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from blenddesk.domain.planning.rotation import ADULT_ANY, ADULT_NONE, Problem, Seat, Visit, Weights

SCALE = 16
"""Costs inside are points times this, so that prices can be fractions of a point."""

Way: TypeAlias = tuple[tuple[int, int], ...]
"""(which of the group's visits, first round), in order of time."""


class Use(NamedTuple):
    """A visit takes ``amount`` of a resource in each of its rounds."""

    resource: int
    amount: int


class Option(NamedTuple):
    """A visit as its group sees it. ``bit`` and ``needs`` are sets of visits; bit 0 of a state is the screen."""

    visit: int
    station: int
    bit: int
    needs: int
    length: int
    screen: bool
    with_adult: bool
    uses: tuple[Use, ...]
    starts: int
    """The rounds it may begin in, as bits, as far as the group alone decides."""


class _Move(NamedTuple):
    """A visit that begins in a certain round: allowed in a state when ``state & test == wanted``."""

    option: int
    test: int
    wanted: int
    put: int
    length: int
    cost: int


class Resources:
    """Everything that groups share: places at stations, computers, adults. ``room[k]``: how much of it in a round.

    ``free[k][round]`` is what the locked seats leave of it; below 0 when they alone break a rule.
    """

    def __init__(self, problem: Problem) -> None:
        self.room: list[int] = []
        self.kinds: list[tuple[str, int | str]] = []
        """("groups" or "students", station), ("devices", pool), ("adults", "" for all of them or a name)."""
        self._numbers: dict[tuple[str, int | str], int] = {}
        self.uses = [self._uses_of(problem, visit.group, visit.station) for visit in problem.visits]
        self.free = [[room] * len(problem.days) for room in self.room]
        locks = {(lock.group, lock.station): lock.round for lock in problem.locks}
        for uses, visit in zip(self.uses, problem.visits, strict=True):
            first = locks.get((visit.group, visit.station))
            for use in uses if first is not None else ():
                for round_ in range(first or 0, min((first or 0) + visit.rounds, len(problem.days))):
                    self.free[use.resource][round_] -= use.amount

    def _number(self, kind: str, which: int | str, room: int) -> int:
        if (kind, which) not in self._numbers:
            self._numbers[kind, which] = len(self.room)
            self.room.append(room)
            self.kinds.append((kind, which))
        return self._numbers[kind, which]

    def _uses_of(self, problem: Problem, group: int, station: int) -> tuple[Use, ...]:
        place = problem.stations[station]
        uses = [Use(self._number("groups", station, place.capacity), 1)]
        if place.students is not None:
            uses.append(Use(self._number("students", station, place.students), problem.groups[group].size))
        computers = problem.devices[place.pool] if place.students_per_device else None
        if computers is not None:
            amount = problem.devices_of(group, station)
            uses.append(Use(self._number("devices", place.pool, computers), amount))
        if place.adult != ADULT_NONE:
            uses.append(Use(self._number("adults", "", len(problem.adults)), 1))
            if place.adult != ADULT_ANY:
                uses.append(Use(self._number("adults", place.adult, problem.adults.count(place.adult)), 1))
        return tuple(uses)


class Paths:
    """All ways of one group. Costs are points (by the problem's weights) times SCALE."""

    def __init__(self, problem: Problem, group: int, resources: Resources) -> None:
        mine = [number for number, visit in enumerate(problem.visits) if visit.group == group]
        self._rounds = len(problem.days)
        self._width = (len(mine) + 1).bit_length()
        self._shift = self._width * self._rounds
        self._never = 1 << (self._shift + 250)
        self.options, locked = options_of(problem, group, resources)
        self.locked = bool(locked)
        """Whether a locked seat is the group's."""
        weights = problem.weights
        worth = {number: _worth(problem.visits[number], weights) for number in mine}
        # What all visits are worth is owed at first and won back visit by visit.
        self._owed = sum(worth.values()) * SCALE << self._shift
        idle = weights.idle * SCALE << self._shift
        self._idle = [
            None if locked >> round_ & 1 else 0 if (group, round_) in problem.blocked else idle
            for round_ in problem.rounds
        ]
        before = frozenset(problem.previous)
        self._moves = [
            [
                move
                for index, option in enumerate(self.options)
                if option.starts >> round_ & 1
                for move in self._moves_of(
                    index,
                    option,
                    round_,
                    -worth[option.visit]
                    + weights.moved * (bool(before) and Seat(group, option.station, round_) not in before),
                    weights.screen,
                    problem.days[round_ : round_ + option.length + 1],
                )
            ]
            for round_ in problem.rounds
        ]
        self._uneven = weights.uneven * SCALE << self._shift
        self._share = problem.fair_share
        self._values = [(option.bit, worth[option.visit] * SCALE << self._shift) for option in self.options]
        self._promises: dict[tuple[int, int], int] = {}
        self.work = 0
        """States looked at so far: the measure of effort that is the same on every computer."""

    def best(
        self, opens: Sequence[int], prices: Sequence[Sequence[int]] | None = None, width: int | None = None
    ) -> tuple[int, Way] | None:
        """The cheapest way and its cost, prices included; None when a locked seat cannot be reached.

        ``opens``: for each option the rounds it may begin in, as bits. ``prices[option][round]``: what it costs more
        to begin there. ``width``: the most states that a round keeps, those that promise most; None: all, so that the
        answer is exact. With fewer states than that in each round (always in an ordinary lesson) it is exact too.
        """
        shift, never = self._shift, self._never
        layers: list[dict[int, int]] = [{} for _ in range(self._rounds + 1)]
        layers[0][0] = self._owed
        for round_, idle in enumerate(self._idle):
            layer = layers[round_]
            if not layer:
                continue
            if width is not None and len(layer) > width:
                layer = self._most_promising(layer, round_, width)
            self.work += len(layer)
            steps = [
                (
                    move.test,
                    move.wanted,
                    move.put,
                    move.cost if prices is None else move.cost + (prices[move.option][round_] << shift),
                    layers[round_ + move.length],
                    layers[round_ + move.length].get,
                )
                for move in self._moves[round_]
                if opens[move.option] >> round_ & 1
            ]
            following = layers[round_ + 1]
            known = following.get
            for state, cost in layer.items():
                visited = state & -2
                if idle is not None and cost + idle < known(visited, never):
                    following[visited] = cost + idle
                for test, wanted, put, more, into, known_there in steps:
                    if state & test == wanted:
                        reached = visited | put
                        if cost + more < known_there(reached, never):
                            into[reached] = cost + more
            layers[round_] = {}
        ends = layers[self._rounds]
        if not ends:
            return None
        if self._uneven:
            least = min(cost + self._unevenness(state) for state, cost in ends.items())
        else:
            least = min(ends.values())
        return least >> shift, self._way(least & ((1 << shift) - 1))

    def _most_promising(self, layer: dict[int, int], round_: int, width: int) -> dict[int, int]:
        """The states that would cost least if all rounds from this one on went to the best of what is unvisited."""
        known, left = self._promises, self._rounds - round_
        ranked = []
        for state, cost in layer.items():
            promise = known.get((state, left))
            if promise is None:
                unvisited = sorted((worth for bit, worth in self._values if not state & bit), reverse=True)
                promise = known[state, left] = sum(unvisited[:left])
            ranked.append((cost - promise, state))
        ranked.sort()
        return {state: layer[state] for _cost, state in ranked[:width]}

    def _moves_of(
        self, index: int, option: Option, round_: int, points: int, screen: int, days: Sequence[int]
    ) -> list[_Move]:
        """The visit as moves: one, or for a screen two, as coming straight from another screen costs more."""
        cost = (points * SCALE << self._shift) + (index + 1 << self._width * round_)
        test = option.bit | option.needs
        if not (option.screen and screen):
            return [_Move(index, test, option.needs, option.bit, option.length, cost)]
        # The evening ends it: what comes next is on another day.
        put = option.bit | (len(days) > option.length and days[option.length] == days[0])
        more = cost + (screen * SCALE << self._shift)
        return [
            _Move(index, test | 1, option.needs, put, option.length, cost),
            _Move(index, test | 1, option.needs | 1, put, option.length, more),
        ]

    def _unevenness(self, state: int) -> int:
        rounds = sum(option.length for option in self.options if option.with_adult and state & option.bit)
        return self._uneven * (rounds - self._share) ** 2

    def _way(self, packed: int) -> Way:
        mask = (1 << self._width) - 1
        numbers = [(packed >> self._width * round_ & mask, round_) for round_ in range(self._rounds)]
        return tuple((number - 1, round_) for number, round_ in numbers if number)


def _worth(visit: Visit, weights: Weights) -> int:
    if visit.must:
        return weights.must_missed
    return visit.wish * weights.may_lost + (weights.catch_up_missed if visit.catch_up else 0)


def options_of(problem: Problem, group: int, resources: Resources) -> tuple[tuple[Option, ...], int]:
    """The visits that the group could make at all, and the rounds in which a lock says where it is, as bits."""
    mine = [number for number, visit in enumerate(problem.visits) if visit.group == group]
    bits = {problem.visits[number].station: 2 << index for index, number in enumerate(mine)}
    locks = {lock.station: lock.round for lock in problem.locks if lock.group == group}
    locked = 0
    for number in mine:
        visit = problem.visits[number]
        if visit.station in locks:
            locked |= ((1 << visit.rounds) - 1) << locks[visit.station]
    options = []
    for number in mine:
        visit = problem.visits[number]
        station = problem.stations[visit.station]
        first = [a for a, b in problem.before if b == visit.station]
        uses = resources.uses[number]
        # What must come first is not for this group, or it needs more computers than there are: it never goes there.
        if any(a not in bits for a in first) or any(use.amount > resources.room[use.resource] for use in uses):
            continue
        starts = 0
        for round_ in range(len(problem.days) - visit.rounds + 1):
            span = range(round_, round_ + visit.rounds)
            in_a_day = len({problem.days[one] for one in span}) == 1
            there = not any((group, one) in problem.blocked for one in span)
            taken = locked & sum(1 << one for one in span)
            if visit.station in locks:
                taken = locks[visit.station] != round_
            if in_a_day and there and not taken:
                starts |= 1 << round_
        options.append(
            Option(
                number,
                visit.station,
                bits[visit.station],
                sum(bits[a] for a in set(first)),
                visit.rounds,
                station.screen,
                station.adult != ADULT_NONE,
                # What locked seats take is taken already.
                () if visit.station in locks else uses,
                starts,
            )
        )
    return tuple(options), locked
