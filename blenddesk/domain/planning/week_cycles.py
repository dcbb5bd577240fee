"""Weeks without a repeated pair from one week that is turned: rings of students that all move on by one place a week.

Two students of a ring meet in some week as often as their distance occurs in the base week, two of different rings as
often as their offset does; so a base week without a distance or offset twice gives as many weeks as a ring has places
(difference families: Handbook of Combinatorial Designs II.18, VI.16). Students outside the rings stay where they are.
Searched by swaps at one temperature, which finds the 9 perfect weeks of 28 students in groups of 4 in a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from random import Random
from typing import NamedTuple

from blenddesk.domain.planning.pair_annealing import NOISE
from blenddesk.domain.planning.week_designs import Week

TEMPERATURE = 358
"""In 1/1024 of a repeated pair: the middle of what worked (256 stalls, 460 is twice as slow)."""
FIRST_PATIENCE = 256
"""Sweeps before the first fresh start."""


class Rings(NamedTuple):
    """Students are numbered ring by ring; the ``fixed`` ones, who do not turn, come last. ``base`` weeks are turned."""

    rings: int
    places: int
    fixed: int
    base: int
    resting: int = 0
    """The size of the groups of one more week, that turning does not change: rings are cut at equal distances."""

    @property
    def students(self) -> int:
        return self.rings * self.places + self.fixed

    @property
    def weeks(self) -> int:
        return self.base * self.places + bool(self.resting)


def turned(rings: Rings, base: Sequence[Week]) -> list[Week]:
    """Every base week in all its turns, and the resting week where there is one."""
    turning = rings.rings * rings.places

    def moved(student: int, by: int) -> int:
        if student >= turning:
            return student
        ring, place = divmod(student, rings.places)
        return ring * rings.places + (place + by) % rings.places

    weeks = [
        tuple(tuple(moved(student, by) for student in group) for group in week)
        for week in base
        for by in range(rings.places)
    ]
    return [*weeks, _resting_week(rings)] if rings.resting else weeks


def _resting_week(rings: Rings) -> Week:
    """A ring cut into groups of places at equal distances, and those who stay as groups: free for a week of its own."""
    step, turning = rings.places // rings.resting, rings.rings * rings.places
    cut = [
        tuple(range(ring + first, ring + rings.places, step))
        for ring in range(0, turning, rings.places)
        for first in range(step)
    ]
    staying = range(turning, rings.students, rings.resting)
    return tuple(cut + [tuple(range(first, first + rings.resting)) for first in staying])


def promising(sizes: Sequence[int], least: int, most: int, base: int = 1) -> list[Rings]:
    """Ways to lay the students out that may give ``least`` to ``most`` weeks, the easiest first.

    Ways that counting rules out are left away: too few distances for the pairs of a week, or a student who stays and
    would meet a ring twice.
    """
    biggest = max(sizes)
    needed = base * sum(size * (size - 1) // 2 for size in sizes)
    return [
        rings
        for weeks in range(least, most + 1)
        for rings in _layouts(sum(sizes), weeks, base, 0) + _layouts(sum(sizes), weeks - 1, base, biggest)
        if (not rings.resting or min(sizes) == biggest)
        and rings.fixed <= len(sizes)
        and (not rings.fixed or rings.rings >= biggest - 1)
        and _meetings(rings)[1].count(0) >= needed
    ]


def _layouts(students: int, turns: int, base: int, resting: int) -> list[Rings]:
    """Every way to lay out so many students that gives so many weeks by turning."""
    places, left = divmod(turns, base)
    if left or not 2 <= places <= students or (resting and places % resting):
        return []
    return [
        Rings((students - fixed) // places, places, fixed, base, resting)
        for fixed in range(students % places, students, places)
        if not resting or fixed % resting == 0
    ]


def search(rings: Rings, sizes: Sequence[int], random: Random) -> Iterator[list[Week] | None]:
    """Looks for base weeks for ever: gives None after each sweep over all swaps, and the base weeks once found.

    Begins anew with twice the patience whenever it runs out: some beginnings never come to an end.
    """
    patience = FIRST_PATIENCE
    while True:
        for found in islice(_attempt(rings, sizes, random), patience):
            yield found
            if found is not None:
                return
        patience *= 2


def _attempt(rings: Rings, sizes: Sequence[int], random: Random) -> Iterator[list[Week] | None]:
    ids, counts = _meetings(rings)
    weeks = [_dealt(rings.students, sizes, random) for _ in range(rings.base)]
    cost = 0
    for week in weeks:
        for group in week:
            for one, other in combinations(group, 2):
                cost += counts[ids[one][other]]
                counts[ids[one][other]] += 1
    seats = [(group, seat) for group, size in enumerate(sizes) for seat in range(size)]
    swaps = [(*one, *other) for one, other in combinations(seats, 2) if one[0] != other[0]]
    noise = [random.choice(NOISE) * TEMPERATURE >> 10 for _ in range(len(NOISE) + len(swaps))]
    while cost:
        for week in weeks:
            random.shuffle(swaps)
            limits = noise[random.randrange(len(NOISE)) :]
            for (here, seat, there, place), limit in zip(swaps, limits, strict=False):
                left, right = week[here], week[there]
                one, other = left[seat], right[place]
                mine, theirs = ids[one], ids[other]
                friends, others = left[:seat] + left[seat + 1 :], right[:place] + right[place + 1 :]
                change = 0
                for friend in friends:
                    counts[mine[friend]] -= 1
                    change -= counts[mine[friend]]
                for friend in others:
                    counts[theirs[friend]] -= 1
                    change -= counts[theirs[friend]]
                for friend in friends:
                    change += counts[theirs[friend]]
                    counts[theirs[friend]] += 1
                for friend in others:
                    change += counts[mine[friend]]
                    counts[mine[friend]] += 1
                if change <= 0 or change << 10 < limit:
                    left[seat], right[place] = other, one
                    cost += change
                    if not cost:
                        break
                    continue
                for friend in friends:
                    counts[theirs[friend]] -= 1
                    counts[mine[friend]] += 1
                for friend in others:
                    counts[mine[friend]] -= 1
                    counts[theirs[friend]] += 1
            if not cost:
                break
        yield None
    yield [tuple(map(tuple, week)) for week in weeks]


def _dealt(students: int, sizes: Sequence[int], random: Random) -> list[list[int]]:
    order = list(range(students))
    random.shuffle(order)
    return [[order.pop() for _ in range(size)] for size in sizes]


def _meetings(rings: Rings) -> tuple[list[list[int]], list[int]]:
    """For each two students the number of their way to meet, and how often each way is taken before any week is made.

    Opposite places of a ring meet twice when turned around, and students who stay meet every week: both ways count as
    taken already, as do the distances of the resting week.
    """
    turning, places = rings.rings * rings.places, rings.places
    numbers: dict[tuple[int, int, int], int] = {}
    counts: list[int] = []
    ids = [[0] * rings.students for _ in range(rings.students)]
    for one, other in combinations(range(rings.students), 2):
        taken = 0
        if one >= turning:
            way, taken = (one, other, 0), 1
        elif other >= turning:
            way = (other, one // places, 0)
        else:
            first, second = one // places, other // places
            offset = (other - one) % places
            if first == second:
                offset = min(offset, places - offset)
                at_rest = rings.resting and offset % (places // rings.resting) == 0
                taken = int(2 * offset == places or at_rest)
            way = (-1 - first, second, offset)
        if way not in numbers:
            numbers[way] = len(counts)
            counts.append(taken)
        ids[one][other] = ids[other][one] = numbers[way]
    return ids, counts
