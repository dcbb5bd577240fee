"""Plain figures of groups with the best that any grouping can reach: spread of levels, gap of averages, who stayed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def spread(levels: Sequence[int]) -> int:
    """From the lowest to the highest level of one group."""
    return max(levels) - min(levels) if levels else 0


def best_spread(levels: Sequence[int], sizes: Sequence[int]) -> int:
    """The least that the widest group can be: groups of neighbours in the sorted row, which no swapping can better."""
    row = sorted(levels)
    small = min(sizes, default=0)
    bigger = sum(size > small for size in sizes)
    # best[k]: the widest so far when k of the groups made are of the bigger size.
    best: dict[int, int] = {0: 0}
    for done in range(len(sizes)):
        step: dict[int, int] = {}
        for used, widest in best.items():
            start = done * small + used
            for more in (0, 1):
                if used + more <= bigger and done + 1 - (used + more) <= len(sizes) - bigger:
                    wide = max(widest, spread(row[start : start + small + more]))
                    step[used + more] = min(wide, step.get(used + more, wide))
        best = step
    return best[bigger]


def averages_gap(groups: Sequence[Sequence[int]]) -> tuple[int, set[int]]:
    """Hundredths of a level between the highest and the lowest average, and the groups that have them."""
    averages = {index: Fraction(sum(group), len(group)) for index, group in enumerate(groups) if group}
    if not averages:
        return 0, set()
    low, high = min(averages.values()), max(averages.values())
    ends = {index for index, average in averages.items() if low < high and average in (low, high)}
    return int((high - low) * 100), ends


def best_averages_gap(total: int, sizes: Sequence[int]) -> int:
    """Hundredths of a level that averages must differ by, as sums of levels are whole numbers (rounded down)."""
    kinds = sorted({size for size in sizes if size})
    if not kinds:
        return 0
    middle = Fraction(total, sum(sizes))
    lows = [Fraction(int(middle * size) - down, size) for size in kinds for down in range(3)]
    highs = [Fraction(-int(-middle * size // 1) + up, size) for size in kinds for up in range(3)]
    fitting = [
        high - low
        for low in lows
        for high in highs
        if low <= high
        and all(-(-low * size // 1) <= high * size // 1 for size in kinds)
        and sum(-(-low * size // 1) for size in sizes) <= total <= sum(high * size // 1 for size in sizes)
    ]
    return int(min(fitting, default=Fraction(0)) * 100)


def must_meet_again(groups: Sequence[Sequence[int]], sizes: Sequence[int]) -> int:
    """Pairs of one earlier lesson that share a group again however groups of these sizes are made.

    A new group takes its students as evenly as it can from the old groups and, first of all, from those who had none.
    """
    old = [group for group in groups if group]
    if not old:
        return 0
    free = sum(sizes) - sum(map(len, old))
    least = 0
    for size in sizes:
        each, more = divmod(max(0, size - free), len(old))
        least += more * (each + 1) * each // 2 + (len(old) - more) * each * (each - 1) // 2
    return least


def best_matching(groups: Sequence[Sequence[int]], group_of: Sequence[int], count: int) -> list[int]:
    """For each earlier group the present one (0 to ``count`` - 1) that it goes on as, so that most students stay.

    Each present group goes on from at most one; those that end get numbers from ``count`` on. Exact, over subsets of
    the present groups, while there are no more than ten; then the biggest overlap first.
    """
    overlap = [[sum(group_of[one] == now for one in group) for now in range(count)] for group in groups]
    numbers = _exact(overlap, count) if max(count, len(groups)) <= 10 else _greedy(overlap, count)
    return [count + index if number is None else number for index, number in enumerate(numbers)]


def _exact(overlap: Sequence[Sequence[int]], count: int) -> list[int | None]:
    best: dict[int, tuple[int, list[int | None]]] = {0: (0, [])}
    for row in overlap:
        step: dict[int, tuple[int, list[int | None]]] = {}
        for taken, (stay, chosen) in best.items():
            ways: list[tuple[int, int, int | None]] = [(taken, stay, None)]
            ways += [
                (taken | 1 << now, stay + row[now], now) for now in range(count) if row[now] and not taken >> now & 1
            ]
            for mask, total, now_ in ways:
                if mask not in step or total > step[mask][0]:
                    step[mask] = (total, [*chosen, now_])
        best = step
    return max(best.values(), key=lambda way: way[0])[1]


def _greedy(overlap: Sequence[Sequence[int]], count: int) -> list[int | None]:
    ranked = sorted((-row[now], index, now) for index, row in enumerate(overlap) for now in range(count) if row[now])
    numbers: list[int | None] = [None] * len(overlap)
    free = set(range(count))
    for _stay, index, now in ranked:
        if numbers[index] is None and now in free:
            numbers[index] = now
            free.discard(now)
    return numbers
