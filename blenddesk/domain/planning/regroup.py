"""Groups for today when students are away: even again by exactly the fewest moves, everyone else stays.

A move takes one student out of a group and puts one into another. So as many moves are needed as students sit above the
most a group may have, and as many as are missing below the least; the greater of the two numbers is also enough, since
each move can serve both. That is done for each pair of least and most, and the cheapest pair is it: no search, a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple


class Regrouped(NamedTuple):
    """The groups of those who are here, in the same order, and who changed group."""

    groups: tuple[tuple[int, ...], ...]
    moved: tuple[int, ...]


def _no_matter(_student: int, _members: Sequence[int], _left: Sequence[int]) -> int:
    return 0


def regroup(
    groups: Sequence[Sequence[int]],
    absent: Collection[int],
    within: int = 1,
    cost: Callable[[int, Sequence[int], Sequence[int]], int] = _no_matter,
) -> Regrouped:
    """Take out the absent and move as few as possible so that sizes differ by at most ``within``.

    Among the fewest moves each goes to where ``cost(student, group joined, group left)`` is least, the last of a group
    first; the number of groups stays, and no group gets more than sizes need.
    """
    here = [[student for student in group if student not in absent] for group in groups]
    least = _best_least([len(group) for group in here], within)
    most = least + within
    moved = []
    for _move in range(_moves([len(group) for group in here], least, most)):
        sizes = list(map(len, here))
        # From above the most, else from the biggest; to below the least, else to the smallest: a move serves both.
        over, under = max(sizes) > most, min(sizes) < least
        givers = [group for group, size in enumerate(sizes) if size > most or (not over and size == max(sizes))]
        takers = [group for group, size in enumerate(sizes) if size < least or (not under and size == min(sizes))]
        _cost, taker, giver, place = min(
            (cost(here[giver][place], here[taker], here[giver]), taker, giver, -place - 1)
            for giver in givers
            for taker in takers
            for place in range(len(here[giver]))
            if here[giver][place] not in moved
        )
        student = here[giver].pop(-place - 1)
        here[taker].append(student)
        moved.append(student)
    return Regrouped(tuple(map(tuple, here)), tuple(moved))


def fewest_moves(sizes: Sequence[int], within: int = 1) -> int:
    """How many have to move before sizes differ by at most ``within``."""
    least = _best_least(sizes, within)
    return _moves(sizes, least, least + within)


def _best_least(sizes: Sequence[int], within: int) -> int:
    """The smallest size of the cheapest way; of equally cheap ways the evenest."""
    students, groups = sum(sizes), len(sizes)
    ways = [least for least in range(students // groups + 1) if groups * (least + within) >= students]
    return min(ways, key=lambda least: (_moves(sizes, least, least + within), -least))


def _moves(sizes: Sequence[int], least: int, most: int) -> int:
    above = sum(max(0, size - most) for size in sizes)
    below = sum(max(0, least - size) for size in sizes)
    return max(above, below)
