"""Shapes of a rotation: one click turns the rotation that is planned into one that fits the time or the room."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from blenddesk.domain.minutes import Choice, round_choices
from blenddesk.domain.planning.rotation import ADULT_ANY, Group, Problem, Station, Visit

LEAST_WISH = 1


def most_rounds(period: int, opening: int, length: int, transition: int, closing: int) -> int:
    """The largest R with opening + R * length + (R - 1) * transition + closing <= period, in minutes; 0 when none."""
    return max((period - opening - closing + transition) // (length + transition), 0) if length > 0 else 0


def choices(period: int, opening: int, transition: int, closing: int, floor: int) -> tuple[Choice, ...]:
    """The table that the teacher chooses from (3 x 14, 4 x 10), rounds under the floor of minutes left out.

    Never empty as long as one round of a minute fits: then the longest rounds there are stay, marked as too short.
    """
    everything = round_choices(period, opening, transition, closing, floor=floor)
    return tuple(choice for choice in everything if not choice.under_floor) or everything[:1]


def classic(groups: Sequence[Group], stations: Sequence[Station], rounds: int) -> Problem:
    """Every group must visit every station, in one lesson."""
    return Problem(
        (0,) * rounds,
        tuple(groups),
        tuple(stations),
        tuple(Visit(group, station, True) for group in range(len(groups)) for station in range(len(stations))),
    )


def must_and_may(problem: Problem, musts: Collection[int], wish: int = LEAST_WISH) -> Problem:
    """Only the stations ``musts`` are for everyone; the others are worth ``wish`` (1 to 9) to each group."""
    return problem._replace(
        visits=tuple(
            visit._replace(must=visit.station in musts, wish=0 if visit.station in musts else visit.wish or wish)
            for visit in problem.visits
        )
    )


def free_form(problem: Problem) -> Problem:
    """No bell: groups move on when they are done. All stations are open to all, nothing is a must, order is free."""
    groups = len(problem.groups)
    return must_and_may(problem, ())._replace(
        stations=tuple(station._replace(capacity=max(station.capacity, groups)) for station in problem.stations),
        before=(),
    )


def flip_flop(problem: Problem, first: int, second: int) -> Problem:
    """Two halves of the class at two of the stations swap at half time."""
    sizes = [group.size for group in problem.groups]
    halves: list[list[int]] = [[], []]
    for group in sorted(range(len(sizes)), key=lambda group: -sizes[group]):
        # The larger groups first, each to the half that has fewer students by then.
        halves[sum(sizes[one] for one in halves[0]) > sum(sizes[one] for one in halves[1])].append(group)
    merged = tuple(
        Group(" + ".join(problem.groups[group].name for group in sorted(half)), sum(sizes[group] for group in half))
        for half in halves
        if half
    )
    day = problem.days[:1] or (0,)
    stations = (problem.stations[first], problem.stations[second])
    shaped = classic(merged, stations, 2)
    return shaped._replace(days=day * 2, devices=problem.devices, adults=problem.adults, weights=problem.weights)


def mirror(problem: Problem, sides: int = 2) -> Problem:
    """The set of stations stands ``sides`` times in the room: as many groups more fit at each station."""
    return problem._replace(
        stations=tuple(
            station._replace(
                capacity=station.capacity * sides,
                students=None if station.students is None else station.students * sides,
            )
            for station in problem.stations
        )
    )


def over_days(problem: Problem, rounds_a_day: int) -> Problem:
    """The same number of rounds over several lessons. Locks and blocked rounds stay at their round."""
    return problem._replace(days=tuple(round_ // max(rounds_a_day, 1) for round_ in problem.rounds))


def with_make_up(problem: Problem, station: Station, missing: Sequence[int], capacity: int = 1) -> Problem:
    """One more station, where the groups ``missing`` catch up; the others may go there when nothing else is open."""
    number = len(problem.stations)
    visits = tuple(
        Visit(group, number, catch_up=group in missing, wish=0 if group in missing else LEAST_WISH)
        for group in range(len(problem.groups))
    )
    return problem._replace(
        stations=(*problem.stations, station._replace(capacity=capacity)), visits=problem.visits + visits
    )


def together(sections: Sequence[Problem], devices: int | None) -> Problem:
    """Sections at the same time that share one trolley of ``devices`` computers.

    Rounds are those of the longest section. Each keeps its own adults: any adult of a section becomes one adult by the
    name of the section's number, named ones keep their names.
    """
    days = max((section.days for section in sections), key=len, default=())
    merged = Problem(days, (), (), (), devices=(devices,), adults=())
    for number, section in enumerate(sections):
        first_group, first_station = len(merged.groups), len(merged.stations)
        own = f"section {number}"
        missing = {
            (first_group + group, round_)
            for group in range(len(section.groups))
            for round_ in range(len(section.days), len(days))
        }
        merged = merged._replace(
            groups=merged.groups + section.groups,
            stations=merged.stations
            + tuple(
                station._replace(pool=0, adult=own if station.adult == ADULT_ANY else station.adult)
                for station in section.stations
            ),
            visits=merged.visits
            + tuple(
                visit._replace(group=visit.group + first_group, station=visit.station + first_station)
                for visit in section.visits
            ),
            before=merged.before + tuple((a + first_station, b + first_station) for a, b in section.before),
            blocked=merged.blocked | {(group + first_group, round_) for group, round_ in section.blocked} | missing,
            adults=merged.adults + tuple(own if adult == ADULT_ANY else adult for adult in section.adults),
            locks=merged.locks
            + tuple(
                lock._replace(group=lock.group + first_group, station=lock.station + first_station)
                for lock in section.locks
            ),
            weights=section.weights,
        )
    return merged
