"""Why not every must-do can be done: proofs by counting, each with numbers and with remedies that really remove it.

A reason is only ever given when the counts prove it; no reason does not mean that there is a plan. What is counted, for
each group: its rounds. For each station, pool of computers and adult: the rounds that must-dos ask for and the rounds
there are, also of any part of the rounds or the groups (Hall's condition, found as a minimum cut).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from blenddesk.domain.planning.rotation import ADULT_ANY, ADULT_NONE, CONTRACT, Problem, Visit
from blenddesk.domain.planning.rotation_ways import Resources, options_of, ways_of
from blenddesk.domain.planning.ways import SCALE, Option

_MOST = 12
"""Rounds, computers, places or adults that a remedy adds at most."""


class Remedy(NamedTuple):
    """A change of the problem (``applied``). ``amount``: how many rounds, places, adults, computers, or who share one.

    Codes: more_rounds (on a further day), more_places (a twin of the station), make_may (the stations are no must for
    the groups any more), shorten (visits of one round), unblock (the groups are there after all), share_devices,
    more_devices, paper_twin (the stations do without computers), another_adult, without_adult, any_adult, any_order.
    """

    code: str
    amount: int = 0
    groups: tuple[int, ...] = ()
    stations: tuple[int, ...] = ()


class Reason(NamedTuple):
    """``groups`` have ``needed`` of something at ``stations`` of which there is only ``have``.

    Codes and their unit: group_time (rounds of one group), doubles (stretches of ``length`` rounds within a day),
    order (must-dos that one group can do), station_room (rounds times groups at a station), student_room (rounds times
    students), devices_short (rounds times computers), teacher_rounds (rounds with an adult), adult_rounds (rounds with
    the adult ``adult``). ``rounds``: those that count; () for all.
    """

    code: str
    groups: tuple[int, ...]
    stations: tuple[int, ...]
    needed: int
    have: int
    remedies: tuple[Remedy, ...] = ()
    rounds: tuple[int, ...] = ()
    length: int = 1
    adult: str = ""

    def is_like(self, other: Reason) -> bool:
        """Whether both are about the same clash, with other numbers."""
        if self.code != other.code or self.adult != other.adult:
            return False
        if self.code in ("group_time", "doubles", "order"):
            return self.groups == other.groups
        return bool(set(self.stations) & set(other.stations))


class _Demand(NamedTuple):
    """A must-do that takes ``amount`` of a resource in ``rounds`` of the rounds ``open``."""

    group: int
    station: int
    amount: int
    rounds: int
    open: tuple[int, ...]


def reasons(problem: Problem) -> tuple[Reason, ...]:
    """Everything that counting finds wrong, each with the remedies that remove it, the gentlest first."""
    return tuple(reason._replace(remedies=tuple(_helping(problem, reason))) for reason in clashes(problem))


def clashes(problem: Problem) -> tuple[Reason, ...]:
    """The reasons without their remedies. Their order: groups, then stations, computers, adults."""
    resources = Resources(problem)
    found: list[Reason] = []
    options: list[Option] = []
    for group in range(len(problem.groups)):
        musts = [visit for visit in problem.visits if visit.group == group and visit.must]
        mine, order, _locked = options_of(problem, group, resources)
        options += _narrowed(problem, mine, order)
        found += _of_group(problem, group, musts, resources)
    by_visit = {option.number: option for option in options}
    for resource, (kind, which) in enumerate(resources.kinds):
        demands = [
            _Demand(visit.group, visit.station, use.amount, visit.rounds, _rounds_of(by_visit.get(number)))
            for number, visit in enumerate(problem.visits)
            if visit.must
            for use in resources.uses[number]
            if use.resource == resource
        ]
        clash = _overfull(problem, demands, resources.room[resource])
        if clash is not None:
            code = {"groups": "station_room", "students": "student_room", "devices": "devices_short"}.get(kind)
            adult = str(which) if kind == "adults" else ""
            found.append(clash._replace(code=code or ("adult_rounds" if adult else "teacher_rounds"), adult=adult))
    return tuple(found)


# --- one group ----------------------------------------------------------------------------------------------------


def _of_group(problem: Problem, group: int, musts: Sequence[Visit], resources: Resources) -> Iterator[Reason]:
    stations = tuple(visit.station for visit in musts)
    stretches = _stretches(problem, group)
    needed, have = sum(visit.rounds for visit in musts), sum(stretches)
    if needed > have:
        yield Reason("group_time", (group,), stations, needed, have)
        return
    for length in sorted({visit.rounds for visit in musts} - {1}):
        long = [visit for visit in musts if visit.rounds >= length]
        room = sum(stretch // length for stretch in stretches)
        if len(long) > room:
            at = tuple(visit.station for visit in long)
            yield Reason("doubles", (group,), at, len(long), room, length=length)
            return
    if not (problem.before or problem.locks or any(visit.rounds > 1 for visit in musts)):
        return
    # Neither rounds nor stretches are too few, but order, locks and stretches together may be: try all ways.
    alone = problem._replace(
        visits=tuple(visit for visit in problem.visits if visit.group == group),
        weights=CONTRACT._replace(catch_up_missed=0, may_lost=0, idle=0, screen=0),
        previous=(),
        locks=tuple(lock for lock in problem.locks if lock.group == group),
    )
    ways = ways_of(alone, group, Resources(alone))
    best = ways.best([option.starts for option in ways.options])
    possible = 0 if best is None else len(musts) - best[0] // (CONTRACT.must_missed * SCALE)
    too_many_computers = {
        number
        for number, visit in enumerate(problem.visits)
        if visit.group == group and any(use.amount > resources.room[use.resource] for use in resources.uses[number])
    }
    if possible < len(musts) and not too_many_computers:
        yield Reason("order", (group,), stations, len(musts), possible)


def _stretches(problem: Problem, group: int) -> list[int]:
    """The lengths of the group's rounds on end, each within a day and without a blocked round."""
    found: list[int] = []
    going_on = False
    for round_, day in enumerate(problem.days):
        if (group, round_) in problem.blocked:
            going_on = False
            continue
        if going_on and problem.days[round_ - 1] == day:
            found[-1] += 1
        else:
            found.append(1)
        going_on = True
    return found


def _narrowed(problem: Problem, options: Sequence[Option], order: Sequence[int]) -> list[Option]:
    """A group's options without the starts that the order of its must-dos rules out."""
    starts = [option.starts for option in options]
    pairs = [(a, b) for b, needs in enumerate(order) for a, option in enumerate(options) if needs & option.bit]
    for _again in options:
        for first, then in pairs:
            if starts[first]:
                # Not before the first can be over; and the first not so late that a must-do has no time after it.
                earliest = (starts[first] & -starts[first]).bit_length() - 1 + options[first].length
                starts[then] &= -1 << earliest
            else:
                starts[then] = 0
            if problem.visits[options[then].number].must and starts[then]:
                latest = starts[then].bit_length() - 1 - options[first].length
                starts[first] &= (1 << max(latest + 1, 0)) - 1
    return [option._replace(starts=left) for option, left in zip(options, starts, strict=True)]


def _rounds_of(option: Option | None) -> tuple[int, ...]:
    """The rounds in which a visit may be under way."""
    if option is None:
        return ()
    rounds = 0
    for later in range(option.length):
        rounds |= option.starts << later
    return tuple(round_ for round_ in range(rounds.bit_length()) if rounds >> round_ & 1)


# --- one station, pool of computers or adult ------------------------------------------------------------------------


def _overfull(problem: Problem, demands: Sequence[_Demand], room: int) -> Reason | None:
    """A part of the demands that asks for more than its rounds have; its code is still open."""
    if not demands:
        return None
    amounts = sorted({demand.amount for demand in demands})
    # Only so much of the room can be in use at once: two groups that need 4 each leave 1 of 5 lying.
    usable = _largest_sum([demand.amount for demand in demands], room)
    found = _cut(demands, [usable] * len(problem.days))
    for amount in amounts:
        if found is None and amount:
            # Of those that need at least so much only a few fit at once; each counts as one of them.
            large = [demand._replace(amount=1) for demand in demands if demand.amount >= amount]
            found = _cut(large, [room // amount] * len(problem.days))
            if found is not None:
                chosen, rounds = found
                at_once = room // amount
                found = [demand for demand in demands if demand._replace(amount=1) in chosen], rounds
                if amounts == [1]:
                    break
                groups, stations = _who(found[0])
                needed = sum(demand.rounds for demand in found[0]) * amount
                return Reason(
                    "", groups, stations, needed, at_once * len(rounds) * amount, rounds=_part(problem, rounds)
                )
    if found is None:
        return None
    chosen, rounds = found
    groups, stations = _who(chosen)
    needed = sum(demand.amount * demand.rounds for demand in chosen)
    return Reason("", groups, stations, needed, usable * len(rounds), rounds=_part(problem, rounds))


def _who(demands: Sequence[_Demand]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(sorted({one.group for one in demands})), tuple(sorted({one.station for one in demands}))


def _part(problem: Problem, rounds: Sequence[int]) -> tuple[int, ...]:
    return () if len(rounds) == len(problem.days) else tuple(rounds)


def _largest_sum(amounts: Sequence[int], room: int) -> int:
    sums = 1
    for amount in amounts:
        sums |= sums << amount
    return (sums & (1 << room + 1) - 1).bit_length() - 1 if room >= 0 else 0


def _cut(demands: Sequence[_Demand], room: Sequence[int]) -> tuple[list[_Demand], list[int]] | None:
    """Demands that ask for more than all the rounds open to them have, and these rounds; None when all flows.

    Demand -> its group in a round -> the round -> its room. A group is at one place in a round. What cannot flow is
    shown by the minimum cut (Ford and Fulkerson 1956). Demands and rounds on the source's side of it are the answer.
    """
    total = sum(one.amount * one.rounds for one in demands)
    everywhere = list(range(len(room)))
    if total > sum(room):
        return list(demands), everywhere
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
            reached = [one for number, one in enumerate(demands) if number in came_from]
            return reached, sorted({round_ for one in reached for round_ in one.open})
        way = ["sink"]
        while way[-1] != "source":
            way.append(came_from[way[-1]])  # type: ignore[arg-type]
        flow = min(capacity[start][end] for end, start in pairwise(way))
        for end, start in pairwise(way):
            capacity[start][end] -= flow
            capacity[end][start] += flow
        total -= flow
    return None


# --- remedies -------------------------------------------------------------------------------------------------------


def applied(problem: Problem, remedy: Remedy) -> Problem:
    """The problem after a remedy."""
    code, amount = remedy.code, remedy.amount
    if code == "more_rounds":
        return problem._replace(days=problem.days + (max(problem.days, default=-1) + 1,) * amount)
    if code == "more_devices":
        pools = {problem.stations[station].pool for station in remedy.stations}
        devices = [
            have + amount if have is not None and pool in pools else have for pool, have in enumerate(problem.devices)
        ]
        return problem._replace(devices=tuple(devices))
    if code == "another_adult":
        names = {problem.stations[station].adult for station in remedy.stations} - {ADULT_ANY, ADULT_NONE}
        return problem._replace(
            adults=problem.adults
            + (*sorted(names - set(problem.adults)),)[:amount]
            + (ADULT_ANY,) * (amount - len(names - set(problem.adults)))
        )
    if code == "unblock":
        return problem._replace(blocked=frozenset(pair for pair in problem.blocked if pair[0] not in remedy.groups))
    if code == "any_order":
        return problem._replace(before=tuple(pair for pair in problem.before if pair[1] not in remedy.stations))
    if code in ("make_may", "shorten"):
        change = {"must": False} if code == "make_may" else {"rounds": 1}
        return problem._replace(
            visits=tuple(
                visit._replace(**change) if visit.group in remedy.groups and visit.station in remedy.stations else visit
                for visit in problem.visits
            )
        )
    changes: dict[str, object] = {
        "share_devices": {"students_per_device": amount},
        "paper_twin": {"students_per_device": 0, "screen": False},
        "without_adult": {"adult": ADULT_NONE},
        "any_adult": {"adult": ADULT_ANY},
    }
    stations = []
    for index, station in enumerate(problem.stations):
        if index in remedy.stations:
            if code == "more_places":
                students = station.students and station.students // max(station.capacity, 1) * (
                    station.capacity + amount
                )
                station = station._replace(capacity=station.capacity + amount, students=students)
            else:
                station = station._replace(**changes[code])  # type: ignore[arg-type]
        stations.append(station)
    return problem._replace(stations=tuple(stations))


def _helping(problem: Problem, reason: Reason) -> Iterator[Remedy]:
    """The remedies that remove the clash, each as small as it can be."""
    for tries in _candidates(problem, reason):
        for remedy in tries:
            if not any(reason.is_like(other) for other in clashes(applied(problem, remedy))):
                yield remedy
                break


def _candidates(problem: Problem, reason: Reason) -> Iterator[list[Remedy]]:
    """Lists of remedies of one kind, the smallest first."""
    groups, stations = reason.groups, reason.stations
    steps = range(1, _MOST + 1)
    more_rounds = [Remedy("more_rounds", n) for n in steps]
    if reason.code in ("group_time", "doubles", "order"):
        if reason.code == "order":
            yield [Remedy("any_order", 0, groups, stations)]
        yield more_rounds
        if any(visit.rounds > 1 for visit in problem.visits if visit.group in groups and visit.station in stations):
            yield [Remedy("shorten", 1, groups, stations)]
        yield [Remedy("make_may", n, groups, stations[-n:]) for n in range(1, len(stations) + 1)]
        if any(group in groups for group, _round in problem.blocked):
            yield [Remedy("unblock", 0, groups)]
        return
    if reason.code in ("station_room", "student_room"):
        yield [Remedy("more_places", n, (), stations) for n in steps]
    if reason.code == "devices_short":
        shared = max(problem.stations[station].students_per_device for station in stations)
        yield [Remedy("share_devices", n, (), stations) for n in range(shared + 1, 5)]
        yield [Remedy("paper_twin", n, (), stations[-n:]) for n in range(1, len(stations) + 1)]
        yield [Remedy("more_devices", n, (), stations) for n in range(1, 41)]
    if reason.code == "adult_rounds":
        yield [Remedy("any_adult", 0, (), stations)]
    if reason.code in ("teacher_rounds", "adult_rounds"):
        yield [Remedy("another_adult", n, (), stations) for n in range(1, 4)]
        yield [Remedy("without_adult", n, (), stations[-n:]) for n in range(1, len(stations) + 1)]
    yield more_rounds
    yield [Remedy("make_may", n, groups[-n:], stations) for n in range(1, len(groups) + 1)]
