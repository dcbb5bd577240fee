"""Playlists: rules kept by every timetable, order without blocking, the best one where it can be counted by hand."""

from __future__ import annotations

import pytest

from blenddesk.domain.planning.budget import PROVEN, Budget
from blenddesk.domain.planning.playlists import ANY_TIME, Playlists, Task, Timetable, faults, solve, weight_lost
from tests.benchmarks import rotation_cases


def problem_of(case: rotation_cases.Case) -> Playlists:
    return Playlists(case["students"], case["slots"], tuple(Task(**task) for task in case["tasks"]), case["capacity"])


def best(problem: Playlists, iterations: int = 100, seed: int = 1) -> Timetable:
    *_worse, found = solve(problem, Budget(iterations=iterations), seed)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_every_timetable_keeps_the_rules(seed: int) -> None:
    problem = problem_of(rotation_cases.playlists(seed, "small"))
    for found in solve(problem, Budget(iterations=20), seed):
        assert faults(problem, found.starts) == ()
        assert weight_lost(problem, found.starts) == found.weight_lost
    assert best(problem, 20, seed) == found


def test_what_is_left_out_blocks_nothing_and_any_time_is_any_time() -> None:
    tasks = (
        Task(0, 3, "paper", 1, order=0),
        Task(0, 2, "paper", 9, order=1),
        Task(0, 1, "paper", 9, order=2),
        Task(0, 1, "paper", 9, ANY_TIME),
    )
    found = best(Playlists(1, 4, tasks, {}))
    assert found.weight_lost == 1
    _left_out, first, second, _any = found.starts
    assert found.starts[0] is None
    assert first is not None
    assert second is not None
    assert first + 2 <= second


def test_one_conference_at_a_time() -> None:
    tasks = tuple(Task(student, 1, "teacher", 5) for student in range(6))
    budget = Budget(iterations=1000)
    *_worse, found = solve(Playlists(6, 4, tasks, {"teacher": 1}), budget)
    assert found.weight_lost == 10
    assert sorted(slot for slot in found.starts if slot is not None) == [0, 1, 2, 3]
    assert budget.stopped == PROVEN


@pytest.mark.parametrize(
    ("starts", "code"),
    [((3, None, None), "outside"), ((0, 1, None), "two_at_once"), ((2, 0, None), "order"), ((0, None, 1), "crowded")],
)
def test_the_checker_names_each_fault(starts: tuple[int | None, ...], code: str) -> None:
    tasks = (Task(0, 2, "laptop", 1, 0), Task(0, 1, "paper", 1, 1), Task(1, 1, "laptop", 1, 0))
    assert {fault.code for fault in faults(Playlists(2, 4, tasks, {"laptop": 1}), starts)} == {code}
