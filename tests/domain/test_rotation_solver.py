"""Rotations keep every hard rule, count their points right, are repeatable, and find what can be proved best."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from blenddesk.commands.problem_file import Problem as File
from blenddesk.commands.solve_rotation import read_rotation
from blenddesk.domain.planning.budget import CANCELLED, ITERATIONS, PROVEN, TIME, Budget
from blenddesk.domain.planning.rotation import ADULT_ANY, Group, Points, Problem, Seat, Station, Visit
from blenddesk.domain.planning.rotation_checker import breaches, points
from blenddesk.domain.planning.rotation_search import Found, solve
from blenddesk.errors import Refusal
from tests.benchmarks import rotation_cases

PINNED = [183, 102, 112, 4057, 167, 1075]
"""Totals of six cases after 40 iterations: the same on every Python."""


def case(kind: str, seed: int) -> Problem:
    return read_rotation(File(Path(), rotation_cases.rotation(kind, seed)))


def best(problem: Problem, iterations: int = 60, seed: int = 1) -> tuple[Found, Budget]:
    budget = Budget(iterations=iterations)
    *_worse, found = solve(problem, budget, seed)
    assert breaches(problem, found.seats) == ()
    assert points(problem, found.seats).total(problem.weights) == found.total
    return found, budget


def classic(count: int, **changes: object) -> Problem:
    """So many groups of 6, stations that all must visit, and rounds."""
    problem = Problem(
        days=(0,) * count,
        groups=tuple(Group(f"G{number}", 6) for number in range(count)),
        stations=tuple(Station(f"S{number}") for number in range(count)),
        visits=tuple(Visit(group, station, must=True) for group in range(count) for station in range(count)),
    )
    return problem._replace(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("kind", ["small", "typical"])
def test_no_plan_on_the_way_breaks_a_rule_and_each_is_better(kind: str, seed: int) -> None:
    problem = case(kind, 1000 + seed)
    totals = []
    for found in solve(problem, Budget(iterations=25), seed):
        assert breaches(problem, found.seats) == ()
        assert points(problem, found.seats).total(problem.weights) == found.total
        totals.append(found.total)
    assert all(after < before for before, after in pairwise(totals))


def test_ordinary_rotations_are_proved_best_without_a_search() -> None:
    for count in range(2, 9):
        found, budget = best(classic(count), iterations=1000)
        assert found.total == 0
        assert len(found.seats) == count * count
        assert (budget.stopped, budget.spent) == (PROVEN, 0)


def test_the_same_seed_and_iterations_give_the_same_plan() -> None:
    for seed in range(4):
        problem = case("typical", seed)
        first, budget = best(problem, 40, seed)
        assert best(problem, 40, seed)[0] == first
        assert budget.stopped in (ITERATIONS, PROVEN)
    assert [best(case("typical", seed), 40, 7)[0].total for seed in range(6)] == PINNED


def test_cancelling_and_time_end_a_search_within_an_iteration() -> None:
    problem = case("hard", 1)
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 30

    budget = Budget(cancelled=cancelled)
    assert list(solve(problem, budget, 1))
    assert budget.stopped == CANCELLED
    assert asked == 31
    budget = Budget(seconds=0)
    assert len(list(solve(problem, budget, 1))) == 1
    assert budget.stopped in (TIME, PROVEN)


def test_locked_seats_stay_and_clashing_ones_are_refused() -> None:
    locks = (Seat(0, 2, 0), Seat(1, 2, 3))
    found, _budget = best(classic(4, locks=locks), 200)
    assert set(locks) <= set(found.seats)
    assert found.total == 0
    for clash in ((Seat(0, 2, 0), Seat(1, 2, 0)), (Seat(0, 2, 0), Seat(0, 1, 0)), (Seat(0, 2, 9),), (Seat(0, 9, 0),)):
        with pytest.raises(Refusal, match="locks_clash"):
            list(solve(classic(4, locks=clash), Budget(iterations=1)))
    with pytest.raises(Refusal, match="locks_clash"):
        # Nothing can come before the first round.
        list(solve(classic(4, locks=(Seat(0, 2, 0),), before=((1, 2),)), Budget(iterations=1)))


@pytest.mark.parametrize("seed", range(25))
def test_locks_taken_from_a_plan_can_be_kept(seed: int) -> None:
    problem = case("typical", 500 + seed)._replace(before=())
    found, _budget = best(problem, 10, seed)
    random = Random(seed)
    locks = tuple(seat for seat in found.seats if random.random() < 0.3)
    again, _budget = best(problem._replace(locks=locks), 10, seed)
    assert set(locks) <= set(again.seats)


def test_levels_put_an_earlier_plan_last_and_wishes_before_idle_rounds() -> None:
    problem = classic(4)
    earlier, _budget = best(problem, 50, seed=1)
    changed = problem._replace(previous=earlier.seats).in_levels()
    same, _budget = best(changed, 400, seed=2)
    assert points(changed, same.seats)._replace(uneven=0) == Points()
    assert all(high >= low for high, low in pairwise(changed.weights))


def test_named_adults_and_several_adults() -> None:
    stations = (Station("A", adult="Ana"), Station("B", adult=ADULT_ANY), Station("C"), Station("D"))
    alone, _budget = best(classic(4, stations=stations, adults=("Ana",)), 300)
    assert alone.total // 1000 == 4  # eight rounds with an adult are asked for, four there are
    assert best(classic(4, stations=stations, adults=("Ana", "Ben")), 300)[0].total == 0
    away, _budget = best(classic(4, stations=stations, adults=("Ben", "Cem")), 100)
    assert not any(seat.station == 0 for seat in away.seats)


def test_teacher_time_is_shared_out_evenly_when_asked() -> None:
    problem = Problem(
        days=(0,) * 6,
        groups=tuple(Group("", 4) for _ in range(3)),
        stations=tuple(Station(adult=ADULT_ANY) for _ in range(4)),
        visits=tuple(Visit(group, station, wish=1) for group in range(3) for station in range(4)),
    )
    found, _budget = best(problem._replace(weights=problem.weights._replace(uneven=5)), 300)
    assert [sum(seat.group == group for seat in found.seats) for group in range(3)] == [2, 2, 2]


def test_pools_of_computers_are_told_apart() -> None:
    stations = (Station(students_per_device=1, capacity=3), Station(capacity=3), Station(students_per_device=1, pool=1))
    problem = Problem(
        days=(0,) * 3,
        groups=tuple(Group("", 4) for _ in range(3)),
        stations=stations,
        visits=tuple(Visit(group, station, must=True) for group in range(3) for station in range(3)),
        devices=(4, 4),
    )
    assert best(problem, 100)[0].total == 0
    assert best(problem._replace(devices=(3, 4)), 50)[0].total >= 3000


def test_catch_up_comes_before_wishes_and_after_must_dos() -> None:
    visits = (Visit(0, 0, must=True), Visit(0, 1, catch_up=True), Visit(0, 2, wish=9))
    problem = Problem((0, 0), (Group("", 3),), (Station(), Station(), Station()), visits)
    found, _budget = best(problem.in_levels())
    assert {seat.station for seat in found.seats} == {0, 1}
    assert points(problem, found.seats)._replace(uneven=0) == Points(may_lost=9)


@pytest.mark.parametrize(
    ("seats", "code"),
    [
        ([Seat(0, 3, 0)], "not_allowed"),
        ([Seat(0, 0, 4)], "not_allowed"),
        ([Seat(0, 2, 3)], "not_allowed"),
        ([Seat(0, 0, 0), Seat(0, 0, 2)], "again"),
        ([Seat(0, 2, 1)], "over_night"),
        ([Seat(0, 0, 0), Seat(0, 1, 0)], "two_places"),
        ([Seat(1, 0, 3)], "blocked"),
        ([Seat(0, 1, 0)], "too_early"),
        ([Seat(0, 0, 1), Seat(0, 1, 0)], "too_early"),
        ([Seat(0, 0, 0), Seat(1, 0, 0)], "crowded"),
        ([Seat(0, 2, 0), Seat(1, 2, 0)], "too_many_students"),
        ([Seat(0, 2, 0), Seat(1, 2, 0)], "devices"),
        ([Seat(0, 0, 0), Seat(1, 4, 0)], "adults"),
        ([Seat(1, 5, 0)], "adult_away"),
        ([], "lock"),
    ],
)
def test_the_checker_names_each_breach(seats: list[Seat], code: str) -> None:
    problem = Problem(
        days=(0, 0, 1, 1),
        groups=(Group("", 5), Group("", 5)),
        stations=(
            Station(adult=ADULT_ANY),
            Station(),
            Station(capacity=2, students=8, students_per_device=1),
            Station(),
            Station(adult=ADULT_ANY),
            Station(adult="Ana"),
        ),
        visits=(
            *(Visit(group, station) for group in (0, 1) for station in (0, 1, 4, 5)),
            *(Visit(group, 2, rounds=2) for group in (0, 1)),
        ),
        before=((0, 1),),
        blocked=frozenset({(1, 3)}),
        devices=(6,),
        locks=(Seat(1, 1, 2),) if code == "lock" else (),
    )
    assert code in {breach.code for breach in breaches(problem, seats)}
    assert breaches(problem._replace(locks=()), []) == ()


def test_points_are_counted_as_the_contract_says() -> None:
    screen = Station(screen=True)
    problem = Problem(
        days=(0, 0, 0, 1),
        groups=(Group("", 2), Group("", 2)),
        stations=(screen, screen, screen),
        visits=(Visit(0, 0), Visit(0, 1), Visit(0, 2), Visit(1, 0, must=True), Visit(1, 1, wish=4)),
        blocked=frozenset({(1, 0), (1, 1)}),
    )
    seats = [Seat(0, 0, 0), Seat(0, 1, 1), Seat(0, 2, 3)]
    assert points(problem, seats) == Points(must_missed=1, may_lost=4, idle=3, screen=1, uneven=8)
    assert points(problem, seats).total(problem.weights) == 1000 + 4 + 9 + 2


def test_nothing_to_plan_is_a_plan() -> None:
    assert best(Problem((), (), (), ()))[0] == Found((), 0)
    assert best(Problem((0, 0), (Group(),), (), ()))[0].total == 6
    assert best(Problem((), (Group(),), (Station(),), (Visit(0, 0, must=True),)))[0].total == 1000
