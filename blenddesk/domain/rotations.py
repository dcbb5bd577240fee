"""Where each group goes in each round: a walk around the stations, or the best that fits; and a checker of any plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import NamedTuple, TypeAlias

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Block, PlanSheet, Priority, Seat

Table: TypeAlias = tuple[tuple[int | None, ...], ...]
"""``table[group][round]`` is the index of the station, None where there is no room for the group."""

_ATTEMPTS = 80
_WORTH = {Priority.MUST: 1000, Priority.SHOULD: 30, Priority.MAY: 1}


class Problem(NamedTuple):
    """Something wrong with who goes where: no_place, two_places, unknown_place, visits_again, misses or crowded."""

    code: str
    group: Id | None = None
    block: Id | None = None
    round: int | None = None
    groups: tuple[Id, ...] = ()


def groups_at_once(groups: int, stations: int) -> int:
    """How many groups must be at a station at the same time: 1, or 2 for a big class that runs each station twice."""
    return -(-groups // stations) if stations else 0


def make_seats(plan: Id, groups: Sequence[Id], blocks: Sequence[Block], rounds: int, seed: int) -> tuple[Seat, ...]:
    """Seats for every group and round, in order of the rounds. The same seed gives the same seats."""
    at_once = [groups_at_once(len(groups), len(blocks))] * len(blocks)
    table = make_rotation(len(groups), [block.priority for block in blocks], rounds, at_once=at_once, seed=seed)
    seats = []
    for round_ in range(rounds):
        for group, row in zip(groups, table, strict=True):
            station = row[round_]
            seats.append(Seat(plan, group, round_, None if station is None else blocks[station].id))
    return tuple(seats)


def make_rotation(
    groups: int, priorities: Sequence[Priority], rounds: int, *, at_once: Sequence[int], seed: int
) -> Table:
    """Seat ``groups`` at the stations (one priority and one number of groups at once for each) for ``rounds`` rounds.

    With enough rounds and room every group visits every station once, walking in one direction from a start that chance
    deals. With fewer rounds than stations must-dos come first. With more rounds than stations a second lap begins.
    """
    stations = len(priorities)
    random = Random(seed)
    if not stations or not rounds or not groups:
        return ((None,) * rounds,) * groups
    everything_matters_alike = rounds >= stations or len(set(priorities)) == 1
    if everything_matters_alike and groups <= stations * min(at_once):
        return _walk(groups, stations, rounds, random)
    return _best_found(groups, priorities, rounds, at_once, random)


def check_rotation(sheet: PlanSheet, at_once: int | None = None) -> tuple[Problem, ...]:
    """Everything wrong with who goes where; knows the rules and nothing of how seats are made.

    ``at_once``: groups that fit at one station; by default as many as an even spread needs.
    """
    rounds = range(len(sheet.plan.rounds))
    blocks = {block.id: block for block in sheet.blocks}
    most = groups_at_once(len(sheet.groups), len(blocks)) if at_once is None else at_once
    known_groups = {group.id for group in sheet.groups}
    problems = []
    places: dict[tuple[Id, int], list[Id]] = {}
    for seat in sheet.seats:
        if seat.block is None:
            continue
        if seat.block not in blocks or seat.group not in known_groups or seat.round not in rounds:
            problems.append(Problem("unknown_place", seat.group, seat.block, seat.round))
            continue
        places.setdefault((seat.group, seat.round), []).append(seat.block)
    for group in sheet.groups:
        visits: Counter[Id] = Counter()
        for round_ in rounds:
            here = places.get((group.id, round_), [])
            visits.update(here[:1])
            if not here:
                problems.append(Problem("no_place", group.id, None, round_))
            elif len(here) > 1:
                problems.append(Problem("two_places", group.id, here[1], round_))
        for block in sheet.blocks:
            if visits[block.id] > -(-len(rounds) // len(blocks)):
                problems.append(Problem("visits_again", group.id, block.id))
            if block.priority is Priority.MUST and not visits[block.id]:
                problems.append(Problem("misses", group.id, block.id))
    for round_ in rounds:
        for block in sheet.blocks:
            together = tuple(group.id for group in sheet.groups if block.id in places.get((group.id, round_), []))
            if len(together) > most:
                problems.append(Problem("crowded", None, block.id, round_, together))
    return tuple(problems)


def _walk(groups: int, stations: int, rounds: int, random: Random) -> Table:
    """Everyone steps on to the next station; starts differ, so nobody meets as long as there is a start for each."""
    starts: list[int] = []
    while len(starts) < groups:
        lap = list(range(stations))
        random.shuffle(lap)
        starts += lap
    return tuple(tuple((start + round_) % stations for round_ in range(rounds)) for start in starts[:groups])


def _best_found(
    groups: int, priorities: Sequence[Priority], rounds: int, at_once: Sequence[int], random: Random
) -> Table:
    """Round by round, everyone to what matters most of what they have not seen; the best of many deals of chance."""
    worth = [_WORTH[priority] for priority in priorities]
    best: Table = ()
    best_cost = None
    for _ in range(_ATTEMPTS):
        table = _one_deal(groups, worth, rounds, at_once, random)
        cost = _cost(table, worth, rounds)
        if best_cost is None or cost < best_cost:
            best, best_cost = table, cost
        if best_cost == 0:
            break
    return best


def _one_deal(groups: int, worth: Sequence[int], rounds: int, at_once: Sequence[int], random: Random) -> Table:
    table: list[list[int | None]] = [[] for _ in range(groups)]
    stations = range(len(worth))
    for _round in range(rounds):
        taken: list[list[int]] = [[] for _ in stations]
        wishes = []
        for row in table:
            unseen = [station for station in stations if station not in row]
            wishes.append(sorted(unseen, key=lambda station: (-worth[station], random.random())))
        # By chance, so that no group always gets the may-dos that others leave.
        for group in random.sample(range(groups), groups):
            _seat(group, wishes, taken, at_once, set())
        for group, row in enumerate(table):
            here = next((station for station in stations if group in taken[station]), None)
            if here is None:
                # A second visit is better than standing about.
                free = [station for station in stations if len(taken[station]) < at_once[station]]
                here = min(free, key=lambda station: (row.count(station), random.random()), default=None)
                if here is not None:
                    taken[here].append(group)
            row.append(here)
    return tuple(tuple(row) for row in table)


def _seat(
    group: int, wishes: Sequence[Sequence[int]], taken: list[list[int]], at_once: Sequence[int], asked: set[int]
) -> bool:
    """Give the group its best free station; someone may have to take another wish of theirs (augmenting path)."""
    for station in wishes[group]:
        if station in asked:
            continue
        asked.add(station)
        if len(taken[station]) < at_once[station]:
            taken[station].append(group)
            return True
        for other in list(taken[station]):
            if _seat(other, wishes, taken, at_once, asked):
                taken[station].remove(other)
                taken[station].append(group)
                return True
    return False


def _cost(table: Table, worth: Sequence[int], rounds: int) -> int:
    """What is missed beyond what the number of rounds makes everyone miss, and rounds without a place."""
    reachable = sum(sorted(worth, reverse=True)[:rounds])
    missed = sum(reachable - sum(worth[station] for station in set(row) if station is not None) for row in table)
    return missed + 1000 * sum(row.count(None) for row in table)
