"""What is wrong with where the groups of a plan go: gaps, crowds, second visits and stations that are missed."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import PlanSheet, Priority


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
