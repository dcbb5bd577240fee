"""Who is where in which round of the models whose way is fixed: whole group, flipped and playlist; from blocks alone.

Station lessons are dealt by ``seating``. Here the model says it: a class moves as one (or its halves swap, or a part of
it is online in each of several lessons), a flipped lesson begins where the check before class sends each group, and of
a playlist one group after the other talks with the teacher while the rest work on their lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from blenddesk.domain.plans import Block, Mode, Model, Plan, PlanSheet, Role, Seat


class Shape(StrEnum):
    """Words of ``Plan.shape`` that change who is where; "" is one class that moves as one."""

    HALVES = "flip_flop"
    SEVERAL_DAYS = "several_days"


def model_seats(sheet: PlanSheet) -> tuple[Seat, ...] | None:
    """Seats of every group and round, in order of the rounds; None for a model that has its seats dealt."""
    ways = _ways(sheet)
    if ways is None:
        return None
    return tuple(
        Seat(sheet.plan.id, group.id, round_, ways[place][round_].id)
        for round_ in range(len(sheet.plan.rounds))
        for place, group in enumerate(sheet.groups)
    )


def in_class(plan: Plan, blocks: Sequence[Block]) -> list[Block]:
    """The blocks that groups are seated at, in order; the others of the plan are done in the student's own time."""
    if plan.model is Model.FLIPPED:
        # What is looked at before class comes first, and its check next to it.
        before = next((place for place, block in enumerate(blocks) if block.role is Role.CHECK), -1)
        return list(blocks[before + 1 :])
    if plan.model is Model.PLAYLIST:
        talk = next((block for block in blocks if block.role is Role.TEACHER), None)
        at_list = next((block for block in blocks if block is not talk), None)
        return [block for block in (at_list, talk) if block is not None]
    return list(blocks)


def several_days_part(plan: Plan, parts: int) -> int:
    """Which of ``parts`` groups is online in this lesson, from 0."""
    return ((plan.part or 1) - 1) % max(parts, 1)


def _ways(sheet: PlanSheet) -> list[list[Block]] | None:
    """Each group's blocks, round by round."""
    rounds, groups = len(sheet.plan.rounds), len(sheet.groups)
    blocks = in_class(sheet.plan, sheet.blocks)
    if not blocks or sheet.plan.model not in (Model.WHOLE_GROUP, Model.FLIPPED, Model.PLAYLIST):
        return None
    if sheet.plan.model is Model.PLAYLIST:
        return [_list_and_talk(blocks, place, groups, rounds) for place in range(groups)]
    if sheet.plan.model is Model.FLIPPED:
        return [_from_the_check(blocks, place, groups, rounds) for place in range(groups)]
    return [_as_one(sheet.plan, blocks, place, groups, rounds) for place in range(groups)]


def _list_and_talk(blocks: Sequence[Block], place: int, groups: int, rounds: int) -> list[Block]:
    # A group by itself works on its list every other round.
    lap = max(groups, 2)
    talks = [round_ % lap == place if rounds > groups else place % rounds == round_ for round_ in range(rounds)]
    return [blocks[-1] if talk else blocks[0] for talk in talks]


def _from_the_check(blocks: Sequence[Block], place: int, groups: int, rounds: int) -> list[Block]:
    """The first group (not yet) begins at the first block, the last (ready) nearest to the end; all step on.

    Who reaches the end goes back to the second block (with me): the first is for those who have not seen it at home.
    """
    starts = max(len(blocks) - 1, 1)
    way = place * starts // max(groups, starts) if groups > starts else place
    found = []
    for _round in range(rounds):
        found.append(blocks[way])
        way = way + 1 if way + 1 < len(blocks) else min(1, len(blocks) - 1)
    return found


def _as_one(plan: Plan, blocks: Sequence[Block], place: int, groups: int, rounds: int) -> list[Block]:
    way = list(blocks)
    online = next((spot for spot, block in enumerate(way) if block.mode is Mode.ONLINE), None)
    if online is not None and online + 1 < len(way):
        if plan.shape == Shape.HALVES and place % 2:
            way[online], way[online + 1] = way[online + 1], way[online]
        elif plan.shape == Shape.SEVERAL_DAYS:
            # The block after the online one is its paper twin: today's part is at the computers, the rest on paper.
            del way[online + 1 if place == several_days_part(plan, groups) else online]
    return [way[min(round_, len(way) - 1)] for round_ in range(rounds)]
