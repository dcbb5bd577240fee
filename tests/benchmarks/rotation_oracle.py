"""Proves optima of rotations and playlists with CP-SAT, in a Python that has ortools.

Written from the contract alone and run as a process of its own, so that it shares nothing with the solvers it judges.
``python tests/benchmarks/rotation_oracle.py [seconds] < cases.jsonl``: a case a line in, a line ``[proven, optimum,
must_missed]`` out.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from typing import Any

from ortools.sat.python import cp_model  # type: ignore[import-not-found,unused-ignore]


def rotation(case: dict[str, Any], seconds: float) -> tuple[bool, int, int]:
    model = cp_model.CpModel()
    days = [one["day"] for one in case["rounds"]]
    rounds = len(days)
    blocked = {tuple(pair) for pair in case.get("blocked", [])}
    starts: dict[tuple[int, int], dict[int, Any]] = {}
    lengths: dict[tuple[int, int], int] = {}
    busy = defaultdict(list)
    cost: list[Any] = []
    musts: list[Any] = []
    for visit in case["visits"]:
        group, station, length = visit["group"], visit["station"], visit.get("rounds", 1)
        lengths[group, station] = length
        mine = starts[group, station] = {}
        for first in range(rounds - length + 1):
            span = range(first, first + length)
            if len({days[one] for one in span}) == 1 and not any((group, one) in blocked for one in span):
                mine[first] = model.NewBoolVar("")
                for one in span:
                    busy[group, one].append((station, mine[first]))
        model.Add(sum(mine.values()) <= 1)
        missed = 1 - sum(mine.values())
        if visit["must"]:
            musts.append(missed)
        else:
            cost.append(visit.get("wish", 0) * missed)
    for group in range(len(case["groups"])):
        for one in range(rounds):
            here = sum(var for _station, var in busy[group, one])
            model.Add(here <= 1)
            if (group, one) not in blocked:
                cost.append(3 * (1 - here))
    for first, then in case.get("before", []):
        for (group, station), mine in starts.items():
            if station == then:
                earlier, length = starts.get((group, first), {}), lengths.get((group, first), 0)
                for start, var in mine.items():
                    model.Add(sum(v for s, v in earlier.items() if s + length <= start) >= var)
    for one in range(rounds):
        computers, led = [], []
        for index, station in enumerate(case["stations"]):
            here = [(g, v) for g in range(len(case["groups"])) for s, v in busy[g, one] if s == index]
            model.Add(sum(v for _g, v in here) <= station.get("capacity", 1))
            if station["needs"] == "device":
                share = station.get("students_per_device", 1)
                computers += [-(-case["groups"][g]["size"] // share) * v for g, v in here]
            if station["needs"] == "teacher":
                led += [v for _g, v in here]
        model.Add(sum(computers) <= case["devices"])
        model.Add(sum(led) <= case.get("teachers", 1))
    for group in range(len(case["groups"])):
        for one in range(1, rounds):
            if days[one] != days[one - 1]:
                continue
            begins = [v for (g, s), mine in starts.items() if g == group and case["stations"][s].get("screen")
                      for first, v in mine.items() if first == one]  # fmt: skip
            ends = [v for (g, s), mine in starts.items() if g == group and case["stations"][s].get("screen")
                    for first, v in mine.items() if first + lengths[g, s] == one]  # fmt: skip
            if begins and ends:
                both = model.NewBoolVar("")
                model.Add(both >= sum(begins) + sum(ends) - 1)
                cost.append(2 * both)
    model.Minimize(sum(cost) + 1000 * sum(musts))
    solver, proven = _solved(model, seconds)
    return proven, round(solver.ObjectiveValue()), sum(int(solver.Value(one)) for one in musts)


def playlists(case: dict[str, Any], seconds: float) -> tuple[bool, int, int]:
    model = cp_model.CpModel()
    slots = case["slots"]
    busy, taken = defaultdict(list), defaultdict(list)
    starts = []
    for task in case["tasks"]:
        mine = {first: model.NewBoolVar("") for first in range(slots - task["slots"] + 1)}
        starts.append(mine)
        model.Add(sum(mine.values()) <= 1)
        for first, var in mine.items():
            for one in range(first, first + task["slots"]):
                busy[task["student"], one].append(var)
                taken[task["resource"], one].append(var)
    for here in busy.values():
        model.Add(sum(here) <= 1)
    for (resource, _one), here in taken.items():
        if resource in case["capacity"]:
            model.Add(sum(here) <= case["capacity"][resource])
    for i, first in enumerate(case["tasks"]):
        for j, then in enumerate(case["tasks"]):
            if first["student"] == then["student"] and 0 <= first["order"] < then["order"]:
                for slot in range(slots):
                    # If the later one begins by this slot, the earlier one does not end after it.
                    late = [v for s, v in starts[i].items() if s + first["slots"] > slot]
                    soon = [v for s, v in starts[j].items() if s <= slot]
                    model.Add(sum(late) + sum(soon) <= 1)
    lost = sum(task["weight"] * (1 - sum(mine.values())) for task, mine in zip(case["tasks"], starts, strict=True))
    model.Minimize(lost)
    solver, proven = _solved(model, seconds)
    return proven, round(solver.ObjectiveValue()), 0


def _solved(model: Any, seconds: float) -> tuple[Any, bool]:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    return solver, solver.Solve(model) == cp_model.OPTIMAL


if __name__ == "__main__":
    limit = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    for line in sys.stdin:
        one = json.loads(line)
        print(json.dumps((playlists if one.get("kind") == "playlists" else rotation)(one, limit)), flush=True)
