"""Where each group of a plan goes in each round: a walk around the stations, or the best that the planner finds."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple, TypeAlias

from blenddesk.domain.ids import Id
from blenddesk.domain.planning import rotation
from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.rotation_checker import breaches
from blenddesk.domain.planning.rotation_search import solve
from blenddesk.domain.plans import ADULT_ANY, ADULT_NONE, Block, Mode, Priority, Seat
from blenddesk.domain.rotations import groups_at_once

Table: TypeAlias = tuple[tuple[int | None, ...], ...]
"""``table[group][round]`` is the index of the station, None where there is no room for the group."""

_WISHES = {Priority.MUST: 0, Priority.SHOULD: 9, Priority.MAY: 1}
_WEIGHTS = rotation.Weights(idle=100)
"""A group without a place is worse than any wish that is not met."""
_ITERATIONS, _SECONDS = 120, 0.15
"""What seating a plan may take: far more than an ordinary lesson needs, which is proved best in a few ms."""


class Limits(NamedTuple):
    """What the room gives in each round; None: as much as is needed. ``adults``: how many are in the lesson."""

    computers: int | None = None
    adults: int | None = None


def make_seats(
    plan: Id,
    groups: Sequence[Id],
    blocks: Sequence[Block],
    rounds: int,
    seed: int,
    sizes: Sequence[int] = (),
    limits: Limits = Limits(),
) -> tuple[Seat, ...]:
    """Seats for every group and round, in order of the rounds. The same seed gives the same seats.

    ``sizes``: how many students are in each group; only needed for ``limits.computers``.
    """
    at_once = groups_at_once(len(groups), len(blocks))
    problem = rotation.Problem(
        days=(0,) * min(rounds, len(blocks)),
        groups=tuple(rotation.Group(size=size) for size in sizes or (0,) * len(groups)),
        stations=tuple(_station(block, at_once, limits) for block in blocks),
        visits=_visits(len(groups), [block.priority for block in blocks]),
        devices=(limits.computers,),
        adults=(ADULT_ANY,) * (limits.adults or 0),
        weights=_WEIGHTS,
    )
    table = _table(problem, rounds, seed)
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
    problem = rotation.Problem(
        days=(0,) * min(rounds, len(priorities)),
        groups=(rotation.Group(),) * groups,
        stations=tuple(rotation.Station(capacity=room) for room in at_once),
        visits=_visits(groups, priorities),
        weights=_WEIGHTS,
    )
    return _table(problem, rounds, seed)


def _station(block: Block, at_once: int, limits: Limits) -> rotation.Station:
    """A block as a place to visit; what the limits say nothing about is not asked for."""
    return rotation.Station(
        capacity=at_once,
        students_per_device=0 if limits.computers is None else block.devices,
        adult=ADULT_NONE if limits.adults is None or block.adult in ("", ADULT_NONE) else ADULT_ANY,
        screen=block.mode is Mode.ONLINE,
    )


def _visits(groups: int, priorities: Sequence[Priority]) -> tuple[rotation.Visit, ...]:
    return tuple(
        rotation.Visit(group, station, priority is Priority.MUST, _WISHES[priority])
        for group in range(groups)
        for station, priority in enumerate(priorities)
    )


def _table(problem: rotation.Problem, rounds: int, seed: int) -> Table:
    """Everyone's stations in ``rounds`` rounds, of which the problem has the first lap."""
    groups, stations = len(problem.groups), len(problem.stations)
    random = Random(seed)
    if not stations or not rounds or not groups:
        return ((None,) * rounds,) * groups
    walk = _walk(groups, stations, rounds, random)
    first_lap = [
        rotation.Seat(group, row[round_], round_) for group, row in enumerate(walk) for round_ in problem.rounds
    ]
    everything_matters_alike = rounds >= stations or len({visit.wish for visit in problem.visits}) == 1
    if everything_matters_alike and not breaches(problem, first_lap):
        return walk
    # All rounds at once, so that what the first lap has no room for comes in the second.
    *_worse, best = solve(problem._replace(days=(0,) * rounds), Budget(_SECONDS, _ITERATIONS), seed)
    table: list[list[int | None]] = [[None] * rounds for _ in range(groups)]
    for seat in best.seats:
        table[seat.group][seat.round] = seat.station
    for round_ in range(rounds):
        _fill(problem, table, round_, random)
    return tuple(map(tuple, table))


def _walk(groups: int, stations: int, rounds: int, random: Random) -> tuple[tuple[int, ...], ...]:
    """Everyone steps on to the next station; starts differ, so nobody meets as long as there is a start for each."""
    starts: list[int] = []
    while len(starts) < groups:
        lap = list(range(stations))
        random.shuffle(lap)
        starts += lap
    return tuple(tuple((start + round_) % stations for round_ in range(rounds)) for start in starts[:groups])


def _fill(problem: rotation.Problem, table: list[list[int | None]], round_: int, random: Random) -> None:
    """Who has no place in a round visits a station again where there is room: better than standing about."""
    for group in random.sample(range(len(table)), len(table)):
        row = table[group]
        if row[round_] is not None:
            continue
        for station in sorted(range(len(problem.stations)), key=lambda one: (row.count(one), random.random())):
            row[round_] = station
            here = [rotation.Seat(other, at, 0) for other, its in enumerate(table) if (at := its[round_]) is not None]
            if not breaches(problem, here):
                break
            row[round_] = None
