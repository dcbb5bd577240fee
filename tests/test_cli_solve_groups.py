"""``solve groups`` on the command line: the three kinds by their contract, and wrong files answered in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from blenddesk import cli
from blenddesk.domain.planning.group_checker import grouping_faults, pair_points, term_faults, term_repeats


def solve(capsys: pytest.CaptureFixture[str], folder: Path, problem: object, status: int = 0) -> dict[str, Any]:
    file = folder / "problem.json"
    file.write_text(problem if isinstance(problem, str) else json.dumps(problem), "utf-8")
    assert cli.main(["--json", "--data-dir", str(folder / "none"), "solve", "groups", str(file)]) == status
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert answer["ok"] is (status == 0)
    assert not (folder / "none").exists()
    return answer


def test_pairs_are_minimised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    points = [[0, 1, 4], [2, 3, 4], [0, 2, 1], [1, 3, 1], [3, 0, 7], [1, 2, 7]]
    problem = {"kind": "pairs", "students": 4, "sizes": [[2, 2], [2, 2]], "points": points, "iterations": 50}
    answer = solve(capsys, tmp_path, problem)
    assert sorted(answer["groups"]) == [[0, 2], [1, 3]]
    assert answer["points"] == 2
    assert isinstance(answer["points"], int)
    assert answer["milliseconds"] >= 0


def test_pairs_are_maximised_with_fractions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    points = [[0, 1, 1.5], [2, 3, 0.25], [4, 0, -3]]
    problem = {"kind": "pairs", "students": 5, "sizes": [[1, 3], [2, 3]], "points": points, "maximise": True}
    answer = solve(capsys, tmp_path, problem | {"seconds": 0.05})
    assert grouping_faults(answer["groups"], 5, [(1, 3), (2, 3)]) == []
    assert answer["points"] == 1.75


def test_iterations_give_the_same_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    points = [[one, other, one * other * 7919 % 101] for one in range(20) for other in range(one)]
    problem = {"kind": "pairs", "students": 20, "sizes": [[4, 4]] * 5, "points": points, "seed": 3, "iterations": 40}
    first, second = (solve(capsys, tmp_path, problem) for _ in range(2))
    assert first["groups"] == second["groups"]
    assert first["stopped"] == "iterations"
    table = {(other, one): value for one, other, value in points}
    assert first["points"] == pair_points(first["groups"], table)


@pytest.mark.parametrize("bank", [True, False])
def test_weeks(bank: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = {"kind": "weeks", "students": 15, "sizes": [[3, 3]] * 5, "weeks": 7, "seconds": 10, "bank": bank}
    answer = solve(capsys, tmp_path, problem)
    assert term_faults(answer["schedule"], 15, [(3, 3)] * 5, 7) == []
    assert answer["repeat_points"] == term_repeats(answer["schedule"]) == 0
    assert answer["stopped"] == "proven"


def test_regroup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = solve(capsys, tmp_path, {"kind": "regroup", "groups": [[0, 1, 2], [3, 4, 5]], "absent": [0, 1]})
    assert answer["groups"] == [[2, 5], [3, 4]]
    assert answer["moved"] == [5]
    assert answer["stopped"] == "proven"
    everyone_away = {"kind": "regroup", "groups": [[0], [1]], "absent": [0, 1], "sizes_within": 0, "seconds": 0.1}
    assert solve(capsys, tmp_path, everyone_away)["groups"] == [[], []]


PAIRS = {"kind": "pairs", "students": 4, "sizes": [[2, 2], [2, 2]], "points": []}
WEEKS = {"kind": "weeks", "students": 4, "sizes": [[2, 2], [2, 2]], "weeks": 1}
REGROUP = {"kind": "regroup", "groups": [[0, 1], [2, 3]]}


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        ("", "problem_unreadable"),
        ("[1]", "problem_unreadable"),
        ("[" * 100_000, "problem_unreadable"),
        ({}, "problem_wrong"),
        ({"kind": "pears"}, "problem_wrong"),
        ({"kind": ["pairs"]}, "problem_wrong"),
        (PAIRS | {"students": 0}, "problem_wrong"),
        (PAIRS | {"students": True}, "problem_wrong"),
        (PAIRS | {"students": 4.0}, "problem_wrong"),
        (PAIRS | {"sizes": [[2, 1], [2, 2]]}, "problem_wrong"),
        (PAIRS | {"sizes": [2, 2]}, "problem_wrong"),
        (PAIRS | {"sizes": []}, "problem_wrong"),
        (PAIRS | {"sizes": [[1, 1], [2, 2]]}, "sizes_impossible"),
        (PAIRS | {"sizes": [[3, 3], [2, 2]]}, "sizes_impossible"),
        (PAIRS | {"points": [[0, 1]]}, "problem_wrong"),
        (PAIRS | {"points": {"a": 1}}, "problem_wrong"),
        (PAIRS | {"points": [[0, 4, 1]]}, "problem_wrong"),
        (PAIRS | {"points": [[1, 1, 1]]}, "problem_wrong"),
        (PAIRS | {"points": [[0, 1, 1e308]]}, "problem_wrong"),
        ('{"kind": "pairs", "students": 2, "sizes": [[2, 2]], "points": [[0, 1, NaN]]}', "problem_wrong"),
        (PAIRS | {"seconds": -1}, "problem_wrong"),
        (PAIRS | {"seconds": "1"}, "problem_wrong"),
        (PAIRS | {"iterations": 1.5}, "problem_wrong"),
        (PAIRS | {"maximise": 1}, "problem_wrong"),
        (WEEKS | {"weeks": 0}, "problem_wrong"),
        (WEEKS | {"bank": "no"}, "problem_wrong"),
        (REGROUP | {"groups": []}, "problem_wrong"),
        (REGROUP | {"groups": [[0], "1"]}, "problem_wrong"),
        (REGROUP | {"absent": 1}, "problem_wrong"),
        (REGROUP | {"absent": [9]}, "student_unknown"),
        (REGROUP | {"groups": [[0, 1], [1]]}, "student_twice"),
        (REGROUP | {"absent": [0], "sizes_within": 0}, "sizes_impossible"),
    ],
)
def test_what_is_wrong_is_said(problem: object, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = solve(capsys, tmp_path, problem, status=2)
    assert answer["code"] == code
    assert "Nothing was done" in answer["message"]
