"""``solve rotation FILE``: who is at which station in which round, or every student's timetable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from blenddesk.commands.problem_file import Problem
from blenddesk.commands.solve_groups import budget_of
from blenddesk.commands.terminal import Answer, Terminal, absolute
from blenddesk.domain.planning import playlists, rotation, rotation_checker, rotation_reasons
from blenddesk.domain.planning import rotation_search as search
from blenddesk.domain.planning.rotation import ADULT_ANY, ADULT_NONE
from blenddesk.reason_words import reason_sentence, remedy_sentence
from blenddesk.text import _

COMPLETE, BEST_FOUND, IMPOSSIBLE = "complete", "best_found", "impossible"
LONGEST, MANY = 10_000, 1_000
"""Sizes beyond which a file is taken for a mistake."""

_Plan = TypeVar("_Plan")


def solve_rotation(terminal: Terminal) -> Answer:
    problem = Problem(absolute(terminal.options.file))
    if problem.has("kind") and problem.word("kind", ("rotation", "playlists")) == "playlists":
        return _playlists(problem)
    return _rotation(problem)


def _rotation(problem: Problem) -> Answer:
    asked = read_rotation(problem)
    budget = budget_of(problem, 1.0)
    found = _last(search.solve(asked, budget, problem.number("seed", default=1)))
    milliseconds = budget.milliseconds
    points = rotation_checker.points(asked, found.seats)
    # A plan with all must-dos is the best proof that there is one.
    why = rotation_reasons.reasons(asked) if points.must_missed else ()
    status = COMPLETE if not points.must_missed else IMPOSSIBLE if why else BEST_FOUND
    reasons = [
        {
            "code": reason.code,
            "message": reason_sentence(reason, asked),
            "groups": reason.groups,
            "stations": reason.stations,
            "rounds": reason.rounds,
            "needed": reason.needed,
            "have": reason.have,
            "remedies": [
                {
                    "code": remedy.code,
                    "message": remedy_sentence(remedy, asked),
                    "amount": remedy.amount,
                    "groups": remedy.groups,
                    "stations": remedy.stations,
                }
                for remedy in reason.remedies
            ],
        }
        for reason in why
    ]
    counts = {"must_missed": points.must_missed, "may_lost": points.may_lost}
    counts |= {"idle": points.idle, "screen": points.screen}
    data: dict[str, object] = {
        "status": status,
        "seats": [seat._asdict() for seat in found.seats],
        "points": counts,
        "total": found.total,
        "reasons": reasons,
        "milliseconds": milliseconds,
        "stopped": budget.stopped,
    }
    lines = [_grid_line(asked, found.seats, group) for group in range(len(asked.groups))]
    lines += [str(reason["message"]) for reason in reasons]
    if status == BEST_FOUND:
        lines.append(_("No plan was found that visits all must-do stations. This one leaves out the fewest."))
    return Answer(data, lines)


def _grid_line(problem: rotation.Problem, seats: Sequence[rotation.Seat], group: int) -> str:
    """A group's way in one line: "Circles: Computer, With me, -"."""
    lengths = {(visit.group, visit.station): visit.rounds for visit in problem.visits}
    names = ["-"] * len(problem.days)
    for seat in seats:
        if seat.group == group:
            for round_ in range(seat.round, seat.round + lengths[seat.group, seat.station]):
                names[round_] = problem.stations[seat.station].name or str(seat.station)
    return f"{problem.groups[group].name or group}: {', '.join(names)}"


def _playlists(problem: Problem) -> Answer:
    students = problem.number("students", least=0, most=MANY)
    tasks = tuple(
        playlists.Task(
            one.number("student", least=0, most=students - 1),
            one.number("slots", default=1, least=1, most=LONGEST),
            one.text("resource", default=""),
            one.number("weight", default=1, least=0),
            one.number("order", default=playlists.ANY_TIME, least=playlists.ANY_TIME),
        )
        for one in problem.objects("tasks")
    )
    slots = problem.number("slots", least=0, most=MANY)
    asked = playlists.Playlists(students, slots, tasks, problem.number_map("capacity"))
    budget = budget_of(problem, 1.0)
    found = _last(playlists.solve(asked, budget, problem.number("seed", default=1)))
    data: dict[str, object] = {
        "starts": found.starts,
        "weight_lost": found.weight_lost,
        "milliseconds": budget.milliseconds,
        "stopped": budget.stopped,
    }
    lines = [
        f"{task.student}: {task.resource} {'-' if start is None else start}"
        for task, start in zip(tasks, found.starts, strict=True)
    ]
    return Answer(data, lines)


def read_rotation(problem: Problem) -> rotation.Problem:
    """The rotation in a file. UsageError ``problem_wrong`` names the first value that is missing or wrong."""
    days = tuple(one.number("day", default=0) for one in problem.objects("rounds"))
    groups = tuple(
        rotation.Group(one.text("name", default=""), one.number("size", default=1, least=0, most=LONGEST))
        for one in problem.objects("groups")
    )
    stations = tuple(_station(one) for one in problem.objects("stations"))
    visits: dict[tuple[int, int], rotation.Visit] = {}
    for one in problem.objects("visits"):
        pair = (
            one.number("group", least=0, most=len(groups) - 1),
            one.number("station", least=0, most=len(stations) - 1),
        )
        if pair in visits:
            raise one.wrong("visits")
        visits[pair] = rotation.Visit(
            *pair,
            must=one.flag("must", default=False),
            wish=one.number("wish", default=0, least=0, most=9),
            rounds=one.number("rounds", default=1, least=1, most=LONGEST),
        )
    teachers = problem.number("teachers", default=1, least=0, most=MANY)
    devices = problem.number("devices", least=0, most=LONGEST) if problem.has("devices") else None
    return rotation.Problem(
        days,
        groups,
        stations,
        tuple(visits.values()),
        before=tuple(dict.fromkeys(problem.index_pairs("before", len(stations), len(stations)))),
        blocked=frozenset(problem.index_pairs("blocked", len(groups), len(days))),
        devices=(devices,),
        adults=(ADULT_ANY,) * teachers,
    )


def _station(one: Problem) -> rotation.Station:
    needs = one.word("needs", ("device", "teacher", "none")) if one.has("needs") else "none"
    sharing = one.number("students_per_device", default=1, least=1, most=LONGEST)
    return rotation.Station(
        one.text("name", default=""),
        one.number("capacity", default=1, least=0, most=LONGEST),
        students_per_device=sharing if needs == "device" else 0,
        adult=ADULT_ANY if needs == "teacher" else ADULT_NONE,
        screen=one.flag("screen", default=False),
    )


def _last(plans: Iterator[_Plan]) -> _Plan:
    *_worse, best = plans
    return best
