"""How good rotations, reasons and playlists are beside proven optima, and how fast: the goals of the planner.

The optima in ``tests/data/rotation_optima.json`` were proved by CP-SAT; ``ORACLE_PYTHON`` names a Python with ortools
(dependency group ``oracles``, in a virtual environment of its own) to prove them anew, which takes half an hour.
Times are CPU time, as the machine may be shared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import TypeVar

from blenddesk.commands.problem_file import Problem as File
from blenddesk.commands.solve_rotation import read_rotation
from blenddesk.domain.planning import playlists
from blenddesk.domain.planning.budget import PROVEN, Budget
from blenddesk.domain.planning.rotation import Problem
from blenddesk.domain.planning.rotation_checker import breaches, points
from blenddesk.domain.planning.rotation_reasons import clashes
from blenddesk.domain.planning.rotation_search import Found, solve
from tests.benchmarks import rotation_cases
from tests.benchmarks.rotation_cases import Case

OPTIMA = Path(__file__).parent.parent / "data" / "rotation_optima.json"
ORACLE = Path(__file__).parent / "rotation_oracle.py"
REFERENCE = 0.80
"""Seconds of the loop below on the machine that the goals were written for."""
COUNTS = {"small": 30, "typical": 30, "hard": 40, "trolley": 10, "impossible": 150}
PLAYLISTS = {"small": 15, "typical": 25}

_Plan = TypeVar("_Plan")


def run() -> None:
    optima = _optima()
    begun = process_time()
    total = 0
    for number in range(10_000_000):
        total += number * number % 7
    print(f"this machine takes {(process_time() - begun) / REFERENCE:.2f} times as long as the reference")
    _rotations(optima, 0.2, ("small", "typical"), "goal 59 of 60")
    _rotations(optima, 1.0, ("small", "typical", "hard"), "goal 97 of 100")
    _rotations(optima, 3.0, ("trolley",), "three sections, one trolley")
    _reasons(optima)
    _playlists(optima)


def case(kind: str, seed: int) -> Case:
    if kind in ("trolley", "impossible"):
        made: Case = getattr(rotation_cases, kind)(seed)
        return made
    return rotation_cases.rotation(kind, seed)


def problem(kind: str, seed: int) -> Problem:
    return read_rotation(File(Path(), case(kind, seed)))


def _rotations(optima: dict[str, list[list[int] | None]], seconds: float, kinds: tuple[str, ...], goal: str) -> None:
    best = proven = no_more_missed = cases = broken = 0
    first, off = 0.0, []
    for kind in kinds:
        for seed, optimum in enumerate(optima[kind][: COUNTS[kind]]):
            if optimum is None:
                continue
            asked = problem(kind, seed)
            budget = Budget(seconds, clock=process_time)
            begun = process_time()
            plans = solve(asked, budget, seed)
            found = next(plans)
            first = max(first, process_time() - begun)
            for better in plans:
                found = better
            cases += 1
            broken += bool(breaches(asked, found.seats)) or not _is_counted_right(asked, found)
            best += found.total == optimum[0]
            proven += budget.stopped == PROVEN
            no_more_missed += points(asked, found.seats).must_missed <= optimum[1]
            if found.total != optimum[0]:
                off.append(found.total - optimum[0])
    print(f"{', '.join(kinds)} in {seconds} s: {best} of {cases} optimal ({goal}), {proven} proved to be")
    print(f"   no must-do missed that need not be: {no_more_missed} of {cases}; rules broken: {broken}")
    print(f"   first answer within {first * 1000:.0f} ms; points above the optimum in the others: {sorted(off)}")


def _is_counted_right(asked: Problem, found: Found) -> bool:
    return points(asked, found.seats).total(asked.weights) == found.total


def _reasons(optima: dict[str, list[list[int] | None]]) -> None:
    named = impossible = false = cases = 0
    spent = 0.0
    for kind in COUNTS:
        for seed, optimum in enumerate(optima[kind][: COUNTS[kind]]):
            if optimum is None:
                continue
            asked = problem(kind, seed)
            begun = process_time()
            found = clashes(asked)
            spent += process_time() - begun
            cases += 1
            impossible += optimum[1] > 0
            named += optimum[1] > 0 and bool(found)
            false += optimum[1] == 0 and bool(found)
    print(f"reasons: {named} of {impossible} impossible cases named (goal 75 of 81), {false} false alarms in {cases}")
    print(f"   {spent / cases * 1000:.1f} ms each")


def _playlists(optima: dict[str, list[list[int] | None]]) -> None:
    gaps = []
    for kind, count in PLAYLISTS.items():
        for seed, optimum in enumerate(optima[f"playlists {kind}"][:count]):
            if optimum is None:
                continue
            asked = playlists_of(rotation_cases.playlists(seed, kind))
            found = _last(playlists.solve(asked, Budget(1.0, clock=process_time), seed))
            assert not playlists.faults(asked, found.starts)
            reachable = sum(task.weight for task in asked.tasks) - optimum[0]
            gaps.append(100 * (found.weight_lost - optimum[0]) / reachable)
    print(f"playlists in 1 s: at most {max(gaps):.2f} % of weight below the optimum (goal 1.5), {_mean(gaps):.2f} mean")


def playlists_of(made: Case) -> playlists.Playlists:
    tasks = tuple(playlists.Task(**task) for task in made["tasks"])
    return playlists.Playlists(made["students"], made["slots"], tasks, made["capacity"])


def _optima() -> dict[str, list[list[int] | None]]:
    """[points, must-dos missed] of each case by kind, None where nothing was proved."""
    python = os.environ.get("ORACLE_PYTHON")
    if not python:
        known: dict[str, list[list[int] | None]] = json.loads(OPTIMA.read_text("utf-8"))
        return known
    cases = {kind: [case(kind, seed) for seed in range(count)] for kind, count in COUNTS.items()}
    cases |= {
        f"playlists {kind}": [rotation_cases.playlists(s, kind) for s in range(n)] for kind, n in PLAYLISTS.items()
    }
    proved = {}
    for kind, some in cases.items():
        lines = "".join(json.dumps(one) + "\n" for one in some)
        print(f"proving {kind} ...", file=sys.stderr)
        done = subprocess.run([python, ORACLE, "25"], input=lines, capture_output=True, text=True, check=True)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        proved[kind] = [row[1:] if row[0] else None for row in rows]
    return proved


def _last(plans: Iterator[_Plan]) -> _Plan:
    *_worse, best = plans
    return best


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)
