"""The mutation test itself: the changes it makes, that it tells the dead from the living, its list of exceptions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.mutation import operators, records, running
from tests.faults.mutation.targets import CORE, ROOT, SIMULATOR

SOURCE = '''"""A sample."""

LIMIT = 3


def is_long(words: list[str], least: int = LIMIT) -> bool:
    """Never shown."""
    if len(words) > least and words:
        return True
    return False


def total(numbers: list[int]) -> int:
    found = 0
    for number in numbers:
        found += number
    return found
'''
TESTS = """
import sys
sys.path.insert(0, {folder!r})
import sample


def test_long():
    assert sample.is_long(["a"] * 5)
    assert not sample.is_long(["a"] * 2)


def test_total():
    assert sample.total([1, 2]) == 3
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.py"
    path.write_text(SOURCE, "utf-8")
    return path


def test_the_changes_and_where_they_are(sample: Path) -> None:
    found = [(made.function, made.mutation) for made in operators.mutants(sample, "sample.py")]
    assert found[:3] == [("", "3 -> 4"), ("", "3 -> 2"), ("is_long", "if len(words) > least and words -> not")]
    inside = {mutation for function, mutation in found if function == "is_long"}
    assert {
        "len(words) > least and words -> len(words) > least or words",
        "len(words) > least and words -> words",
        "len(words) > least and words -> len(words) > least",
        "len(words) > least -> len(words) >= least",
        "len(words) > least -> len(words) <= least",
        "return True -> None",
        "True -> False",
    } <= inside
    assert {"found += number -> dropped", "found += number -> found -= number"} <= {text for _function, text in found}
    assert not any("Never shown" in text or "sample" in text.lower() for _function, text in found)


def test_every_change_is_another_program_and_leaves_nothing_behind(sample: Path) -> None:
    plain = compile(SOURCE, str(sample), "exec")
    codes = [made.compile() for made in operators.mutants(sample, "sample.py")]
    assert plain not in codes
    again = [made.compile() for made in operators.mutants(sample, "sample.py")]
    assert codes == again


def test_statements_for_the_database_are_changed_too(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text('def f(c):\n    c.run("SELECT 1 FROM op WHERE seq <= ? AND sid = ? ORDER BY seq DESC")\n', "utf-8")
    found = " ".join(made.mutation for made in operators.mutants(path, "sample.py"))
    assert "seq < ?" in found
    assert " OR sid" in found
    assert "ORDER BY seq'" in found


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_the_dead_are_told_from_the_living(sample: Path) -> None:
    pytest.importorskip("coverage")
    # Nothing to change at import: that costs a fresh pytest for each mutant.
    sample.write_text(SOURCE.replace("LIMIT = 3", "from math import pi as LIMIT"), "utf-8")
    tests = sample.parent / "test_sample.py"
    tests.write_text(TESTS.format(folder=str(sample.parent)), "utf-8")
    record = sample.parent / "record.jsonl"
    command = [
        sys.executable,
        "-m",
        "tests.faults.mutation",
        str(sample),
        "--record",
        str(record),
        "--tests",
        str(tests),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    fate = {
        (row["function"], row["mutation"]): (row["status"], row["by"].rpartition("::")[2])
        for row in map(json.loads, record.read_text("utf-8").splitlines())
    }
    assert fate["total", "found += number -> dropped"] == ("killed", "test_total")
    assert fate["is_long", "len(words) > least -> len(words) <= least"] == ("killed", "test_long")
    assert fate["is_long", "len(words) > least -> len(words) >= least"] == ("survived", "")
    assert "0 not run yet" in done.stdout
    again = subprocess.run(
        [*command, "--report"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert "len(words) > least -> len(words) >= least" in again


def test_what_is_listed_as_changing_nothing_is_still_there() -> None:
    """A list that nobody looks after would hide survivors of code that has changed since."""
    listed = records.equivalents()
    modules = {module for module, _function, _mutation in listed}
    assert modules <= {*CORE, *SIMULATOR}
    there = {records.key_of(made) for module in modules for made in operators.mutants(ROOT / module, module)}
    assert listed.keys() <= there
    assert all(len(why) > 15 for why in listed.values())


def test_a_record_forgets_what_was_said_of_a_module_that_has_changed(tmp_path: Path) -> None:
    module = CORE[0]
    row = {"module": module, "function": "f", "mutation": "a -> b", "line": 1, "status": "killed", "by": "t"}
    file = tmp_path / "record.jsonl"
    lines = [{**row, "of": running.fingerprint(module)}, {**row, "mutation": "c -> d", "of": "another"}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert list(records.Record(file).entries) == [(module, "f", "a -> b")]


def test_a_score_counts_what_no_test_ran_as_alive() -> None:
    entries = {
        ("m.py", "f", "1"): records.Entry("killed", "t", 1),
        ("m.py", "f", "2"): records.Entry("timeout", "", 2),
        ("m.py", "f", "3"): records.Entry("unfinished", "", 3),
        ("m.py", "f", "4"): records.Entry("uncovered", "", 4),
        ("m.py", "f", "5"): records.Entry("survived", "", 5),
        ("m.py", "f", "6"): records.Entry("unfit", "", 6),
    }
    lines = list(records.report(entries, {("m.py", "f", "5"): "means the same"}))
    assert "4 mutants" in lines[0]
    assert "2 killed" in lines[0]
    assert "2 survived" in lines[0]
    assert "1 equivalent" in lines[0]
    assert "50.0 %" in lines[0]
    assert [line for line in lines if line.startswith("m.py:")] == ["m.py:3 f [unfinished] 3", "m.py:4 f [uncovered] 4"]
