"""Every student's own timetable of a playlist: which task begins in which slot, when places are short.

The same search as for rotations: a student is a group of one, a task a visit, and each student's best way through the
slots is exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.neighbourhoods import Pace, Search, improve
from blenddesk.domain.planning.ways import SCREEN, Move, Option, Use, Ways

_PACE = Pace(memory=15, width=40, width_priced=40)
ANY_TIME = -1
"""The order of a task that may come at any time."""


class Task(NamedTuple):
    """``slots`` on end at a place of ``resource``. ``weight``: what is lost without it.

    Of two tasks of a student with an ``order`` the one with the smaller order comes first, if both take place.
    """

    student: int
    slots: int = 1
    resource: str = ""
    weight: int = 1
    order: int = ANY_TIME


class Playlists(NamedTuple):
    """``capacity``: places of a resource in each slot; a resource that is not in it has no limit."""

    students: int
    slots: int
    tasks: tuple[Task, ...]
    capacity: Mapping[str, int]


class Timetable(NamedTuple):
    """``starts``: the first slot of each task, None for one that does not take place."""

    starts: tuple[int | None, ...]
    weight_lost: int


class Fault(NamedTuple):
    """A rule that starts break: outside (the slots), two_at_once, order or crowded. ``tasks``: those concerned."""

    code: str
    tasks: tuple[int, ...]
    slot: int


def solve(problem: Playlists, budget: Budget, seed: int = 0) -> Iterator[Timetable]:
    """Ever better timetables; ends when the budget is spent or nothing better exists (``budget.stopped`` says)."""
    names = sorted(problem.capacity)
    everyone = [_ways(problem, student, names) for student in range(problem.students)]
    free = [[problem.capacity[name]] * problem.slots for name in names]
    search = Search(everyone, free, problem.slots, Random(seed), _PACE)
    for student in search.shuffled(range(problem.students)):
        search.put(student, search.opens(student))
    for lost in improve(search, budget):
        starts: list[int | None] = [None] * len(problem.tasks)
        for ways, way in zip(search.everyone, search.ways, strict=True):
            for which, slot in way:
                starts[ways.options[which].number] = slot
        yield Timetable(tuple(starts), lost)


def faults(problem: Playlists, starts: Sequence[int | None]) -> tuple[Fault, ...]:
    """Everything that the starts break; knows the rules and nothing of how they were found."""
    placed = [(number, task, start) for number, (task, start) in enumerate(zip(problem.tasks, starts, strict=True))]
    known = [(number, task, start) for number, task, start in placed if start is not None]
    found = [
        Fault("outside", (number,), start)
        for number, task, start in known
        if start < 0 or start + task.slots > problem.slots
    ]
    taken: Counter[tuple[str, int]] = Counter()
    for number, task, start in known:
        taken.update((task.resource, slot) for slot in range(start, start + task.slots))
        for other_number, other, later in known:
            if other.student == task.student and other_number != number:
                if start <= later < start + task.slots and (start, number) < (later, other_number):
                    found.append(Fault("two_at_once", (number, other_number), later))
                if 0 <= other.order < task.order and later > start:
                    found.append(Fault("order", (other_number, number), start))
    for (resource, slot), count in taken.items():
        if count > problem.capacity.get(resource, count):
            at = tuple(
                n for n, task, start in known if task.resource == resource and start <= slot < start + task.slots
            )
            found.append(Fault("crowded", at, slot))
    return tuple(found)


def weight_lost(problem: Playlists, starts: Sequence[int | None]) -> int:
    return sum(task.weight for task, start in zip(problem.tasks, starts, strict=True) if start is None)


def _ways(problem: Playlists, student: int, names: Sequence[str]) -> Ways:
    mine = [(number, task) for number, task in enumerate(problem.tasks) if task.student == student]
    options = []
    for which, (number, task) in enumerate(mine):
        uses = (Use(names.index(task.resource), 1),) if task.resource in problem.capacity else ()
        starts = (1 << max(problem.slots - task.slots + 1, 0)) - 1
        options.append(Option(number, SCREEN << 1 + which, task.slots, task.weight, uses, starts))
    moves: list[list[Move]] = [[] for _ in range(problem.slots)]
    for which, (_number, task) in enumerate(mine):
        bit = options[which].bit
        # What comes later must not have been done; what comes earlier and was left out does not matter.
        later = sum(options[other].bit for other, (_n, one) in enumerate(mine) if 0 <= task.order < one.order)
        for slot in range(problem.slots - task.slots + 1):
            moves[slot].append(Move(which, bit | later, 0, bit))
    return Ways(options, [0] * problem.slots, moves)
