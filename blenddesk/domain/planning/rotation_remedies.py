"""What would help when not every must-do can be done: changes of the problem, each one button."""

from __future__ import annotations

from typing import NamedTuple

from blenddesk.domain.planning.rotation import ADULT_ANY, ADULT_NONE, Problem


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
