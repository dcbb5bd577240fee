"""What a rotation breaks and what it costs: knows the rules and nothing of how plans are searched for.

Used by tests, while a seat is dragged, and before anything is saved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from blenddesk.domain.planning.rotation import ADULT_ANY, ADULT_NONE, Points, Problem, Seat, Visit


class Breach(NamedTuple):
    """A hard rule that a plan breaks.

    Codes: not_allowed (no such visit, or outside the rounds), again, over_night (a visit goes on on another day),
    two_places, blocked, too_early (``station`` before what must come first), crowded (groups), too_many_students,
    devices, adults, adult_away, lock.
    """

    code: str
    groups: tuple[int, ...]
    station: int | None = None
    round: int | None = None


def breaches(problem: Problem, seats: Iterable[Seat]) -> tuple[Breach, ...]:
    """Every hard rule that the seats break; () for a plan that can be used."""
    placed = list(seats)
    allowed = _allowed(problem)
    found = [Breach("lock", (lock.group,), lock.station, lock.round) for lock in problem.locks if lock not in placed]
    known = []
    for seat in placed:
        visit = allowed.get((seat.group, seat.station))
        if visit is None or not 0 <= seat.round <= len(problem.days) - visit.rounds:
            found.append(Breach("not_allowed", (seat.group,), seat.station, seat.round))
        else:
            known.append((seat, range(seat.round, seat.round + visit.rounds)))
    found += _of_groups(problem, known)
    found += _of_rounds(problem, known)
    return tuple(found)


def points(problem: Problem, seats: Iterable[Seat]) -> Points:
    """What the seats leave to be wished for. The seats break no hard rule."""
    placed = list(seats)
    allowed = _allowed(problem)
    visited = {(seat.group, seat.station) for seat in placed}
    missed = [visit for visit in problem.visits if (visit.group, visit.station) not in visited]
    busy = set(problem.blocked)
    with_adult = [0] * len(problem.groups)
    screens: dict[tuple[int, int], bool] = {}
    for seat in placed:
        station, length = problem.stations[seat.station], allowed[seat.group, seat.station].rounds
        busy |= {(seat.group, round_) for round_ in range(seat.round, seat.round + length)}
        with_adult[seat.group] += length if station.adult != ADULT_NONE else 0
        screens[seat.group, seat.round + length] = station.screen
    screen_after_screen = sum(
        problem.stations[seat.station].screen
        and screens.get((seat.group, seat.round), False)
        and problem.days[seat.round - 1] == problem.days[seat.round]
        for seat in placed
    )
    return Points(
        must_missed=sum(visit.must for visit in missed),
        catch_up_missed=sum(visit.catch_up and not visit.must for visit in missed),
        may_lost=sum(visit.wish for visit in missed if not visit.must),
        uneven=sum((rounds - problem.fair_share) ** 2 for rounds in with_adult),
        idle=len(problem.groups) * len(problem.days) - len(busy),
        screen=screen_after_screen,
        moved=len(set(placed) - set(problem.previous)) if problem.previous else 0,
    )


def _allowed(problem: Problem) -> dict[tuple[int, int], Visit]:
    return {(visit.group, visit.station): visit for visit in problem.visits}


def _of_groups(problem: Problem, known: Sequence[tuple[Seat, range]]) -> list[Breach]:
    """What a group cannot do, wherever the others are."""
    found = []
    times = Counter((seat.group, seat.station) for seat, _rounds in known)
    found += [Breach("again", (group,), station) for (group, station), count in times.items() if count > 1]
    places = Counter((seat.group, round_) for seat, rounds in known for round_ in rounds)
    found += [Breach("two_places", (group,), None, round_) for (group, round_), n in places.items() if n > 1]
    ends = {(seat.group, seat.station): rounds.stop for seat, rounds in known}
    for seat, rounds in known:
        if len({problem.days[round_] for round_ in rounds}) > 1:
            found.append(Breach("over_night", (seat.group,), seat.station, seat.round))
        found += [
            Breach("blocked", (seat.group,), seat.station, round_)
            for round_ in rounds
            if (seat.group, round_) in problem.blocked
        ]
        for first, then in problem.before:
            if then == seat.station and ends.get((seat.group, first), seat.round + 1) > seat.round:
                found.append(Breach("too_early", (seat.group,), seat.station, seat.round))
    return found


def _of_rounds(problem: Problem, known: Sequence[tuple[Seat, range]]) -> list[Breach]:
    """What the room, the computers and the adults do not give in a round."""
    found = []
    for round_ in problem.rounds:
        here = [seat for seat, rounds in known if round_ in rounds]
        by_station: dict[int, list[int]] = {}
        for seat in here:
            by_station.setdefault(seat.station, []).append(seat.group)
        for index, groups in by_station.items():
            station = problem.stations[index]
            if len(groups) > station.capacity:
                found.append(Breach("crowded", tuple(groups), index, round_))
            if station.students is not None and sum(problem.groups[group].size for group in groups) > station.students:
                found.append(Breach("too_many_students", tuple(groups), index, round_))
        for pool, computers in enumerate(problem.devices):
            users = [seat for seat in here if problem.stations[seat.station].pool == pool]
            needed = sum(problem.devices_of(seat.group, seat.station) for seat in users)
            if computers is not None and needed > computers:
                found.append(Breach("devices", tuple(seat.group for seat in users), None, round_))
        led = [seat for seat in here if problem.stations[seat.station].adult != ADULT_NONE]
        if len(led) > len(problem.adults):
            found.append(Breach("adults", tuple(seat.group for seat in led), None, round_))
        named: dict[str, list[Seat]] = {}
        for seat in led:
            named.setdefault(problem.stations[seat.station].adult, []).append(seat)
        named.pop(ADULT_ANY, None)
        for name, wanted in named.items():
            if len(wanted) > problem.adults.count(name):
                code = "adults" if name in problem.adults else "adult_away"
                found.append(Breach(code, tuple(seat.group for seat in wanted), wanted[0].station, round_))
    return found
