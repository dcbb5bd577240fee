"""Why not every must-do can be done: proofs by counting, each with numbers and with remedies that really remove it.

A reason is only ever given when the counts prove it; no reason does not mean that there is a plan. What is counted, for
each group: its rounds. For each station, pool of computers and adult: the rounds that must-dos ask for and the rounds
there are, also of any part of the rounds or the groups (Hall's condition, found as a minimum cut).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from blenddesk.domain.planning.counting import Demand, overfull
from blenddesk.domain.planning.rotation import CONTRACT, Problem
from blenddesk.domain.planning.rotation_remedies import Remedy, applied
from blenddesk.domain.planning.rotation_ways import Resources, options_of, ways_of
from blenddesk.domain.planning.ways import SCALE, Option

_MOST = 12
"""Rounds, computers, places or adults that a remedy adds at most."""


class Reason(NamedTuple):
    """``groups`` have ``needed`` of something at ``stations`` of which there is only ``have``.

    Codes and their unit: group_time (rounds of one group), doubles (stretches of ``length`` rounds within a day),
    order (must-dos that one group can do), station_room (rounds times groups at a station), student_room (rounds times
    students), devices_short (rounds times computers), teacher_rounds (rounds with an adult), adult_rounds (rounds with
    the adult ``adult``). A single group is too much even by itself: no_room (places for a group), students_at_once
    (seats), devices_at_once (computers), no_adult (adults), adult_away (the adult ``adult``). ``rounds``: those that
    count; () for all.
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


_CODES = {
    "groups": ("station_room", "no_room"),
    "students": ("student_room", "students_at_once"),
    "devices": ("devices_short", "devices_at_once"),
    "adults": ("teacher_rounds", "no_adult"),
}
"""By kind of resource: too much over the rounds; a group that needs more than there ever is."""


def reasons(problem: Problem) -> tuple[Reason, ...]:
    """Everything that counting finds wrong, each with the remedies that remove it, the gentlest first."""
    return tuple(reason._replace(remedies=tuple(_helping(problem, reason))) for reason in clashes(problem))


def clashes(problem: Problem, like: Reason | None = None) -> tuple[Reason, ...]:
    """The reasons without their remedies: of the groups, then of stations, computers and adults.

    ``like``: only those that may be about the same clash.
    """
    resources = Resources(problem)
    found: list[Reason] = []
    rounds_of: dict[int, tuple[int, ...]] = {}
    for group in range(len(problem.groups)):
        options, order, _locked = options_of(problem, group, resources)
        for option in _narrowed(problem, options, order):
            rounds_of[option.number] = _rounds_of(option)
        if like is None or like.groups == (group,):
            found += _of_group(problem, group, resources)
    for resource, (kind, which) in enumerate(resources.kinds):
        codes = ("adult_rounds", "adult_away") if kind == "adults" and which else _CODES[kind]
        if like is not None and like.code not in codes:
            continue
        room = resources.room[resource]
        demands = [
            Demand(visit.group, visit.station, use.amount, visit.rounds, rounds_of.get(number, ()))
            for number, visit in enumerate(problem.visits)
            if visit.must
            for use in resources.uses[number]
            if use.resource == resource
        ]
        adult = str(which) if kind == "adults" else ""
        large = [one for one in demands if one.amount > room]
        if large:
            groups, stations = {one.group for one in large}, {one.station for one in large}
            most = max(one.amount for one in large)
            found.append(Reason(codes[1], tuple(sorted(groups)), tuple(sorted(stations)), most, room, adult=adult))
        # What has no round open to it is a matter of its group alone, and told there.
        clash = overfull([one for one in demands if one.amount <= room and one.open], room, len(problem.days))
        if clash is not None:
            groups_, stations_, needed, have, rounds = clash
            found.append(Reason(codes[0], groups_, stations_, needed, have, rounds=rounds, adult=adult))
    return tuple(found)


# --- one group ----------------------------------------------------------------------------------------------------


def _of_group(problem: Problem, group: int, resources: Resources) -> Iterator[Reason]:
    musts = [visit for visit in problem.visits if visit.group == group and visit.must]
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


# --- remedies -------------------------------------------------------------------------------------------------------


def _helping(problem: Problem, reason: Reason) -> Iterator[Remedy]:
    """The remedies that remove the clash, each as small as it can be."""
    for tries in _candidates(problem, reason):
        for remedy in tries:
            after = clashes(applied(problem, remedy), like=reason)
            if not any(reason.is_like(other) for other in after):
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
    if reason.code in ("station_room", "student_room", "no_room", "students_at_once"):
        yield [Remedy("more_places", n, (), stations) for n in steps]
    if reason.code in ("devices_short", "devices_at_once"):
        shared = max(problem.stations[station].students_per_device for station in stations)
        yield [Remedy("share_devices", n, (), stations) for n in range(shared + 1, 5)]
        yield [Remedy("paper_twin", n, (), stations[-n:]) for n in range(1, len(stations) + 1)]
        yield [Remedy("more_devices", n, (), stations) for n in range(1, 41)]
    if reason.code in ("adult_rounds", "adult_away"):
        yield [Remedy("any_adult", 0, (), stations)]
    if reason.code in ("teacher_rounds", "adult_rounds", "no_adult", "adult_away"):
        yield [Remedy("another_adult", n, (), stations) for n in range(1, 4)]
        yield [Remedy("without_adult", n, (), stations[-n:]) for n in range(1, len(stations) + 1)]
    yield more_rounds
    yield [Remedy("make_may", n, groups[-n:], stations) for n in range(1, len(groups) + 1)]
