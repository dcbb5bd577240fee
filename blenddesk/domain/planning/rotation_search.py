"""Plans a rotation: a walk around the stations first, then ever better ways of the groups through the rounds."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.neighbourhoods import NO_WAY, Search, improve
from blenddesk.domain.planning.rotation import Problem, Seat
from blenddesk.domain.planning.rotation_ways import Resources, ways_of
from blenddesk.errors import Refusal


class Found(NamedTuple):
    """A plan. ``total``: its points by the problem's weights."""

    seats: tuple[Seat, ...]
    total: int


def solve(problem: Problem, budget: Budget, seed: int = 0) -> Iterator[Found]:
    """Ever better plans, none of which breaks a hard rule; ends when the budget is spent or nothing better exists.

    The first comes at once. ``budget.stopped`` says why it ended. Refusal ``locks_clash`` when locked seats break a
    rule among themselves, or leave no room for what has to come before one of them.
    """
    resources = Resources(problem)
    everyone = [ways_of(problem, group, resources) for group in range(len(problem.groups))]
    search = Search(everyone, resources.free, len(problem.days), Random(seed))
    _walk_around(problem, search)
    too_much = any(free < 0 for row in resources.free for free in row)
    if search.total >= NO_WAY or too_much or not set(problem.locks) <= set(_seats(problem, search)):
        raise Refusal("locks_clash")
    for total in improve(search, budget):
        yield Found(_seats(problem, search), total)


def _seats(problem: Problem, search: Search) -> tuple[Seat, ...]:
    seats = []
    for group, way in enumerate(search.ways):
        for which, round_ in way:
            visit = problem.visits[search.everyone[group].options[which].number]
            seats.append(Seat(group, visit.station, round_))
    return tuple(sorted(seats, key=lambda seat: (seat.round, seat.group)))


def _walk_around(problem: Problem, search: Search) -> None:
    """Everyone walks from station to station in one direction: a Latin square, right at once in the classic case.

    Starts are dealt by chance, each station once before any comes again. Who has a locked seat goes first and freely.
    """
    stations = max(len(problem.stations), 1)
    starts: list[int] = []
    while len(starts) < len(problem.groups):
        starts += search.shuffled(range(stations))
    with_locks = {lock.group for lock in problem.locks}
    for group in sorted(range(len(problem.groups)), key=lambda group: group not in with_locks):
        opens = search.opens(group)
        if group not in with_locks:
            for which, option in enumerate(search.everyone[group].options):
                station = problem.visits[option.number].station
                first = (station - starts[group]) % stations
                opens[which] &= sum(1 << round_ for round_ in range(first, len(problem.days), stations))
        search.put(group, opens)
