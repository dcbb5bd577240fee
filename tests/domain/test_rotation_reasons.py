"""Reasons are proofs: never given for what is possible, and each of their remedies removes its clash."""

from __future__ import annotations

from pathlib import Path

import pytest

from blenddesk.commands.problem_file import Problem as File
from blenddesk.commands.solve_rotation import read_rotation
from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.rotation import ADULT_ANY, Group, Problem, Station, Visit
from blenddesk.domain.planning.rotation_checker import points
from blenddesk.domain.planning.rotation_reasons import Reason, clashes, reasons
from blenddesk.domain.planning.rotation_remedies import applied
from blenddesk.domain.planning.rotation_search import solve
from blenddesk.reason_words import reason_sentence, remedy_sentence
from tests.benchmarks import rotation_cases


def impossible(seed: int) -> Problem:
    return read_rotation(File(Path(), rotation_cases.impossible(seed)))


def without_what_nobody_reaches(problem: Problem, seed: int) -> Problem:
    """A problem that a plan is known for: what some plan of it misses is no must any more."""
    *_worse, found = solve(problem, Budget(iterations=2), seed)
    made = {(seat.group, seat.station) for seat in found.seats}
    visits = tuple(visit._replace(must=visit.must and (visit.group, visit.station) in made) for visit in problem.visits)
    feasible = problem._replace(visits=visits)
    assert points(feasible, found.seats).must_missed == 0
    return feasible


def room(musts: int, **changes: object) -> Problem:
    problem = Problem(
        days=(0,) * 4,
        groups=tuple(Group(f"G{number}", 8) for number in range(4)),
        stations=tuple(Station(f"S{number}") for number in range(5)),
        visits=tuple(Visit(group, station, must=True) for group in range(4) for station in range(musts)),
    )
    return problem._replace(**changes)  # type: ignore[arg-type]


def only(problem: Problem) -> Reason:
    (reason,) = reasons(problem)
    assert len(reason.remedies) >= 2
    return reason


@pytest.mark.parametrize("seed", range(120))
def test_nothing_that_has_a_plan_is_called_impossible(seed: int) -> None:
    assert clashes(without_what_nobody_reaches(impossible(seed), seed)) == ()


@pytest.mark.parametrize("seed", range(40))
def test_each_remedy_removes_its_clash(seed: int) -> None:
    problem = impossible(seed)
    for reason in reasons(problem):
        assert reason.needed > reason.have
        assert reason_sentence(reason, problem)
        for remedy in reason.remedies:
            after = applied(problem, remedy)
            assert after != problem
            assert not any(reason.is_like(other) for other in clashes(after))
            assert remedy_sentence(remedy, problem)


def test_impossible_problems_offer_a_choice_of_remedies() -> None:
    found = [reason for seed in range(15) for reason in reasons(impossible(seed))]
    assert sum(len(reason.remedies) >= 2 for reason in found) >= 0.9 * len(found) > 20


def test_five_stations_in_four_rounds_are_too_many_for_each_group() -> None:
    times = [reason for reason in reasons(room(5)) if reason.code == "group_time"]
    assert [(reason.groups, reason.needed, reason.have) for reason in times] == [((g,), 5, 4) for g in range(4)]
    assert [remedy.code for remedy in times[0].remedies] == ["more_rounds", "make_may"]
    sentence = reason_sentence(times[0], room(5))
    assert sentence == "G0 must visit S0, S1, S2, S3, S4. That takes 5 rounds, but there are 4."


def test_one_teacher_and_two_stations_with_a_teacher() -> None:
    stations = (Station("A", adult=ADULT_ANY), Station("B", adult=ADULT_ANY), Station("C"), Station("D"))
    problem = room(4, stations=stations)
    reason = only(problem)
    assert (reason.code, reason.groups, reason.stations) == ("teacher_rounds", (0, 1, 2, 3), (0, 1))
    assert (reason.needed, reason.have) == (8, 4)
    assert [remedy_sentence(remedy, problem) for remedy in reason.remedies] == [
        "Ask 1 more adult to help",
        "Let students work alone at B",
        "Add 4 rounds on another day",
        "Make A, B a may-do for G2, G3",
    ]


def test_six_computers_for_eight_students() -> None:
    stations = (Station("A", students_per_device=1), *(Station() for _ in range(3)))
    reason = only(room(4, stations=stations, devices=(6,)))
    assert (reason.code, reason.stations) == ("devices_at_once", (0,))
    assert (reason.needed, reason.have) == (8, 6)
    assert [remedy.code for remedy in reason.remedies] == ["share_devices", "paper_twin", "more_devices", "make_may"]
    assert [remedy.amount for remedy in reason.remedies] == [2, 1, 2, 4]


def test_computers_that_do_not_go_round_are_not_counted() -> None:
    """Three groups of 4 and 7 computers: one group at a time, 3 computers stay in the cupboard."""
    problem = Problem(
        days=(0, 0),
        groups=tuple(Group("", 4) for _ in range(3)),
        stations=(Station(students_per_device=1, capacity=3),),
        visits=tuple(Visit(group, 0, must=True) for group in range(3)),
        devices=(7,),
    )
    reason = only(problem)
    assert (reason.code, reason.needed, reason.have) == ("devices_short", 12, 8)


def test_rounds_in_which_nobody_can_come_do_not_help() -> None:
    """Room in four rounds, but two of the groups are only there in the first."""
    blocked = frozenset((group, round_) for group in (0, 1) for round_ in (1, 2, 3))
    reason = only(room(1, blocked=blocked))
    assert (reason.code, reason.groups, reason.stations, reason.rounds) == ("station_room", (0, 1), (0,), (0,))
    assert (reason.needed, reason.have) == (2, 1)


def test_long_visits_need_rounds_on_end_and_order_needs_time() -> None:
    visits = (Visit(0, 0, must=True, rounds=2), Visit(0, 1, must=True, rounds=2))
    problem = Problem((0, 0, 0), (Group("G"),), (Station("A"), Station("B")), visits)
    assert only(problem._replace(days=(0, 0, 0, 1))).code == "doubles"
    assert only(problem).code == "group_time"
    problem = Problem((0,) * 3, (Group(),), (Station(), Station()), tuple(Visit(0, one, must=True) for one in (0, 1)))
    assert only(problem._replace(before=((0, 1), (1, 0)))).code == "order"
