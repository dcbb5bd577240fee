"""``solve rotation`` from the outside: the contract's keys, its statuses, and wrong files refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from blenddesk.cli import main
from tests.benchmarks import rotation_cases

SMALL: dict[str, Any] = {
    "rounds": [{"day": 0}, {"day": 0}],
    "groups": [{"name": "Circles", "size": 5}, {"name": "Squares", "size": 5}],
    "devices": 5,
    "stations": [
        {"name": "Computer", "needs": "device", "capacity": 1, "students_per_device": 1, "screen": True},
        {"name": "With me", "needs": "teacher", "capacity": 1, "students_per_device": 1, "screen": False},
    ],
    "visits": [{"group": g, "station": s, "must": True, "wish": 0, "rounds": 1} for g in (0, 1) for s in (0, 1)],
    "before": [],
    "blocked": [],
    "seconds": 1,
    "seed": 1,
}


def solve(tmp_path: Path, capsys: pytest.CaptureFixture[str], problem: object) -> tuple[int, dict[str, Any]]:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(problem), encoding="utf-8")
    status = main(["--json", "solve", "rotation", str(file)])
    return status, json.loads(capsys.readouterr().out)


def test_a_complete_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = solve(tmp_path, capsys, SMALL)
    assert (status, answer["ok"], answer["status"], answer["stopped"]) == (0, True, "complete", "proven")
    assert answer["points"] == {"must_missed": 0, "may_lost": 0, "idle": 0, "screen": 0}
    assert answer["reasons"] == []
    assert sorted((seat["group"], seat["round"]) for seat in answer["seats"]) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert isinstance(answer["milliseconds"], int)


def test_an_impossible_one_says_why_and_still_gives_the_best_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, answer = solve(tmp_path, capsys, {**SMALL, "rounds": [{"day": 0}], "iterations": 50})
    assert (status, answer["ok"], answer["status"]) == (0, True, "impossible")
    assert len(answer["seats"]) == 2
    assert answer["points"]["must_missed"] == 2
    reason = answer["reasons"][0]
    assert reason["code"] == "group_time"
    assert reason["message"] == "Circles must visit Computer, With me. That takes 2 rounds, but there are 1."
    assert [remedy["code"] for remedy in reason["remedies"]] == ["more_rounds", "make_may"]
    assert all(remedy["message"] for remedy in reason["remedies"])


def test_iterations_repeat_an_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = {**rotation_cases.rotation("typical", 1), "iterations": 30}
    _status, first = solve(tmp_path, capsys, problem)
    _status, second = solve(tmp_path, capsys, problem)
    assert first["seats"] == second["seats"]
    assert first["stopped"] == "iterations"
    total = 1000 * first["points"]["must_missed"] + first["points"]["may_lost"]
    assert first["total"] == total + 3 * first["points"]["idle"] + 2 * first["points"]["screen"]


def test_more_teachers_and_no_limit_of_devices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    led = [{**station, "needs": "teacher"} for station in SMALL["stations"]]
    assert solve(tmp_path, capsys, {**SMALL, "stations": led})[1]["status"] == "impossible"
    assert solve(tmp_path, capsys, {**SMALL, "stations": led, "teachers": 2})[1]["status"] == "complete"
    assert solve(tmp_path, capsys, {**SMALL, "devices": 4})[1]["status"] == "impossible"
    without = {key: value for key, value in SMALL.items() if key != "devices"}
    assert solve(tmp_path, capsys, without)[1]["status"] == "complete"


def test_playlists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    task = {"student": 0, "slots": 1, "resource": "teacher", "weight": 10, "order": 0}
    problem = {
        "kind": "playlists",
        "students": 2,
        "slots": 1,
        "capacity": {"teacher": 1},
        "tasks": [task, {**task, "student": 1, "weight": 7}, {**task, "student": 1, "resource": "paper", "order": -1}],
        "seconds": 1,
    }
    status, answer = solve(tmp_path, capsys, problem)
    assert (status, answer["ok"], answer["starts"], answer["weight_lost"]) == (0, True, [0, None, 0], 7)
    assert answer["stopped"] == "proven"


@pytest.mark.parametrize(
    "change",
    [
        {"rounds": 4},
        {"rounds": [1]},
        {"groups": None},
        {"groups": [{"name": 3}]},
        {"stations": [{"needs": "adult"}]},
        {"stations": [{"capacity": -1}]},
        {"stations": [{"students_per_device": 0}]},
        {"visits": [{"group": 2, "station": 0}]},
        {"visits": [{"group": 0, "station": 0}] * 2},
        {"visits": [{"group": 0, "station": 0, "wish": 10}]},
        {"visits": [{"group": 0, "station": 0, "rounds": 0}]},
        {"visits": [{"group": 0, "station": 0, "must": "yes"}]},
        {"before": [[0, 2]]},
        {"before": [0]},
        {"blocked": [[0, 2]]},
        {"devices": -1},
        {"teachers": "two"},
        {"seconds": -1},
        {"iterations": 1.5},
        {"kind": "pairs"},
        {"kind": "playlists", "students": 1, "slots": 2, "tasks": [{"student": 1}]},
        {"kind": "playlists", "students": 1, "slots": 2, "tasks": [{"student": 0}], "capacity": {"a": -1}},
        {"kind": "playlists", "students": 1, "slots": 2, "tasks": [{"student": 0, "order": -2}]},
    ],
)
def test_wrong_files_are_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, object]
) -> None:
    status, answer = solve(tmp_path, capsys, {**SMALL, **change})
    assert (status, answer["ok"], answer["code"]) == (2, False, "problem_wrong")
    assert "Nothing was done." in answer["message"]


def test_for_people_a_line_a_group(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(SMALL), encoding="utf-8")
    assert main(["solve", "rotation", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sorted(lines[0].removeprefix("Circles: ").split(", ")) == ["Computer", "With me"]
    assert len(lines) == 2
