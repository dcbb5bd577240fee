"""Counts whether what must happen at one station, with one pool of computers or one adult fits into the rounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Demand(NamedTuple):
    """A must-do that takes ``amount`` of a resource in ``rounds`` of the rounds ``open``."""

    group: int
    station: int
    amount: int
    rounds: int
    open: tuple[int, ...]


class Overfull(NamedTuple):
    """A part of the demands that asks for ``needed`` in ``rounds`` (() for all), where no more than ``have`` fits."""

    groups: tuple[int, ...]
    stations: tuple[int, ...]
    needed: int
    have: int
    rounds: tuple[int, ...]


class _Cut(NamedTuple):
    """Indices of demands that ask for ``needed`` in ``rounds``, of which only ``have`` can flow."""

    demands: Sequence[int]
    rounds: Sequence[int]
    needed: int
    have: int


def overfull(demands: Sequence[Demand], room: int, rounds: int) -> Overfull | None:
    """Demands that cannot all be met; None when counting does not show it. ``room``: of the resource in each round.

    Each amount fits into the room, and each demand has a round open to it.
    """
    amounts = sorted({demand.amount for demand in demands} - {0})
    # Only so much of the room can be in use at once: two groups that need 4 each leave 1 of 5 lying.
    found, unit = _cut(demands, [_largest_sum([one.amount for one in demands], room)] * rounds), 1
    for amount in amounts if amounts != [1] else ():
        if found is not None:
            break
        # Of those that need at least so much only a few fit at once, however small the rest of them is.
        large = [one._replace(amount=int(one.amount >= amount)) for one in demands]
        found, unit = _cut(large, [room // amount] * rounds), amount
        if found is not None:
            found = found._replace(demands=[number for number in found.demands if large[number].amount])
    if found is None:
        return None
    chosen = [demands[number] for number in found.demands]
    return Overfull(
        tuple(sorted({one.group for one in chosen})),
        tuple(sorted({one.station for one in chosen})),
        found.needed * unit,
        found.have * unit,
        () if len(found.rounds) == rounds else tuple(found.rounds),
    )


def _largest_sum(amounts: Sequence[int], room: int) -> int:
    """The most of the room that some of the amounts fill."""
    sums = 1
    for amount in amounts:
        sums |= sums << amount
    return (sums & (1 << room + 1) - 1).bit_length() - 1


def _cut(demands: Sequence[Demand], room: Sequence[int]) -> _Cut | None:
    """What asks for more than the rounds open to it have; None when all flows.

    Demand -> its group in a round -> the round -> its room. A group is at one place in a round. What cannot flow is
    shown by the minimum cut (Ford and Fulkerson 1956). Demands and rounds on the source's side of it are the answer.
    """
    total = sum(one.amount * one.rounds for one in demands)
    everywhere = list(range(len(room)))
    if total > sum(room):
        return _Cut(range(len(demands)), everywhere, total, sum(room))
    capacity: dict[object, dict[object, int]] = {}

    def edge(start: object, end: object, most: int) -> None:
        capacity.setdefault(start, {})[end] = most
        capacity.setdefault(end, {}).setdefault(start, 0)

    largest: dict[tuple[int, int], int] = {}
    for number, one in enumerate(demands):
        edge("source", number, one.amount * one.rounds)
        for round_ in one.open:
            edge(number, (one.group, round_), one.amount)
            largest[one.group, round_] = max(largest.get((one.group, round_), 0), one.amount)
    for (group, round_), amount in largest.items():
        edge((group, round_), ("round", round_), amount)
    for round_, most in enumerate(room):
        edge(("round", round_), "sink", most)
    while total:
        came_from: dict[object, object] = {"source": None}
        waiting = deque(["source"] if "source" in capacity else [])
        while waiting and "sink" not in came_from:
            node = waiting.popleft()
            for following, most in capacity[node].items():
                if most > 0 and following not in came_from:
                    came_from[following] = node
                    waiting.append(following)  # type: ignore[arg-type]
        if "sink" not in came_from:
            reached = [number for number in range(len(demands)) if number in came_from]
            needed = sum(demands[number].amount * demands[number].rounds for number in reached)
            rounds = sorted({round_ for number in reached for round_ in demands[number].open})
            return _Cut(reached, rounds, needed, needed - total)
        way = ["sink"]
        while way[-1] != "source":
            way.append(came_from[way[-1]])  # type: ignore[arg-type]
        flow = min(capacity[start][end] for end, start in pairwise(way))
        for end, start in pairwise(way):
            capacity[start][end] -= flow
            capacity[end][start] += flow
        total -= flow
    return None
