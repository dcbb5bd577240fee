"""10,000 random rotations, playlists and possible problems: no rule is broken, and no alarm is false."""

from __future__ import annotations

from blenddesk.domain.planning import playlists
from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.rotation import Problem
from blenddesk.domain.planning.rotation_checker import breaches, points
from blenddesk.domain.planning.rotation_reasons import clashes
from blenddesk.domain.planning.rotation_search import solve
from tests.benchmarks import rotation_cases
from tests.benchmarks.planning_rotations import playlists_of, problem

COUNT = 10_000
FIRST = 1_000_000
"""Seeds that nothing else uses."""


def run() -> None:
    broken = false = crowded = 0
    for seed in range(FIRST, FIRST + COUNT):
        kind = ("small", "typical", "small", "trolley", "impossible")[seed % 5]
        asked = problem(kind, seed)
        *_worse, found = solve(asked, Budget(iterations=3), seed)
        broken += bool(breaches(asked, found.seats))
        broken += points(asked, found.seats).total(asked.weights) != found.total
        false += bool(clashes(_possible(asked, {(seat.group, seat.station) for seat in found.seats})))
        timetables = playlists_of(rotation_cases.playlists(seed, "small"))
        *_worse, timetable = playlists.solve(timetables, Budget(iterations=3), seed)
        crowded += bool(playlists.faults(timetables, timetable.starts))
    print(f"of {COUNT} each: rotations that break a rule {broken}, false alarms {false}, playlists {crowded}")


def _possible(asked: Problem, made: set[tuple[int, int]]) -> Problem:
    """What a plan is known for: visits that it does not make are no must any more."""
    visits = tuple(visit._replace(must=visit.must and (visit.group, visit.station) in made) for visit in asked.visits)
    return asked._replace(visits=visits)
