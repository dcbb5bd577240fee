"""A rotation as ways of its groups: what each visit takes of what is shared, when it may begin and what it costs."""

from __future__ import annotations

from blenddesk.domain.planning.rotation import ADULT_ANY, ADULT_NONE, Problem, Seat, Visit, Weights
from blenddesk.domain.planning.ways import SCREEN, Move, Option, Use, Ways


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


def ways_of(problem: Problem, group: int, resources: Resources) -> Ways:
    """All ways of one group through the rounds. Costs are points by the problem's weights."""
    weights = problem.weights
    options, order, locked = options_of(problem, group, resources)
    before = frozenset(problem.previous)
    moves: list[list[Move]] = [[] for _ in problem.rounds]
    for which, option in enumerate(options):
        station = problem.visits[option.number].station
        screen = problem.stations[station].screen and weights.screen
        for round_ in problem.rounds:
            if option.starts >> round_ & 1:
                moved = weights.moved if before and Seat(group, station, round_) not in before else 0
                end = round_ + option.length
                # The evening ends it: what comes next is on another day.
                goes_on = end < len(problem.days) and problem.days[end] == problem.days[round_]
                needs = order[which]
                if screen:
                    # Two moves: coming straight from another screen costs more.
                    test, put = option.bit | needs | SCREEN, option.bit | (SCREEN if goes_on else 0)
                    moves[round_].append(Move(which, test, needs, put, moved))
                    moves[round_].append(Move(which, test, needs | SCREEN, put, moved + weights.screen))
                else:
                    moves[round_].append(Move(which, option.bit | needs, needs, option.bit, moved))
    idle = [
        None if locked >> round_ & 1 else 0 if (group, round_) in problem.blocked else weights.idle
        for round_ in problem.rounds
    ]
    owed = sum(worth_of(visit, weights) for visit in problem.visits if visit.group == group)
    adults = [
        (option.bit, option.length)
        for option in options
        if problem.stations[problem.visits[option.number].station].adult != ADULT_NONE
    ]
    share = problem.fair_share

    def unevenness(state: int) -> int:
        return weights.uneven * (sum(length for bit, length in adults if state & bit) - share) ** 2

    return Ways(options, idle, moves, owed, unevenness if weights.uneven else None)


def worth_of(visit: Visit, weights: Weights) -> int:
    """Points that it costs when the visit does not take place."""
    if visit.must:
        return weights.must_missed
    return visit.wish * weights.may_lost + (weights.catch_up_missed if visit.catch_up else 0)


def options_of(problem: Problem, group: int, resources: Resources) -> tuple[list[Option], list[int], int]:
    """The visits that the group could make, for each the bits of what must come before it, and its locked rounds."""
    mine = [number for number, visit in enumerate(problem.visits) if visit.group == group]
    bits = {problem.visits[number].station: SCREEN << 1 + index for index, number in enumerate(mine)}
    locks = {lock.station: lock.round for lock in problem.locks if lock.group == group}
    locked = 0
    for number in mine:
        visit = problem.visits[number]
        if visit.station in locks:
            locked |= (1 << visit.rounds) - 1 << locks[visit.station]
    options, order = [], []
    for number in mine:
        visit = problem.visits[number]
        earlier = {first for first, then in problem.before if then == visit.station}
        uses = resources.uses[number]
        # What must come first is not for this group, or it needs more computers than there are: it never goes there.
        if not earlier <= set(bits) or any(use.amount > resources.room[use.resource] for use in uses):
            continue
        starts = 0
        for round_ in range(len(problem.days) - visit.rounds + 1):
            span = range(round_, round_ + visit.rounds)
            within_a_day = problem.days[span[0]] == problem.days[span[-1]]
            there = not any((group, one) in problem.blocked for one in span)
            elsewhere = any(locked >> one & 1 for one in span)
            if visit.station in locks:
                elsewhere = locks[visit.station] != round_
            if within_a_day and there and not elsewhere:
                starts |= 1 << round_
        # What a locked seat takes is taken already.
        uses = () if visit.station in locks else uses
        worth = worth_of(visit, problem.weights)
        options.append(Option(number, bits[visit.station], visit.rounds, worth, uses, starts))
        order.append(sum(bits[first] for first in earlier))
    return options, order, locked
