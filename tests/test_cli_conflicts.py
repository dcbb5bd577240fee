"""The command line lists what needs a decision and takes the answer: ``conflict list`` and ``conflict resolve``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.services import profiles, rosters
from blenddesk.services.context import AppContext
from tests.cli_flow import ask
from tests.conftest import FakeClock, FakeRandomness
from tests.services.desks import carry, copied


@pytest.fixture
def folder(desk: AppContext, section: Id, tmp_path: Path, clock: FakeClock) -> Path:
    """The data directory of a desk that met a copy of itself."""
    bootstrap.close_device(desk)
    there = copied(desk, tmp_path / "laptop", clock)
    here = bootstrap.open_device(Paths(desk.paths.data), clock=clock, randomness=FakeRandomness(5))
    amina = here.reads.people.students(section)[0].id
    profiles.set_list(here, amina, "needs", ["sits in front"])
    rosters.add_student(here, section, "Nora", "Berg")
    clock.advance(minutes=5)
    profiles.set_list(there, amina, "needs", ["large print"])
    rosters.add_student(there, section, "Nora", "Beck")
    carry(tmp_path / "stick", here, there)
    bootstrap.close_device(there)
    bootstrap.close_device(here)
    return desk.paths.data


def listed(capsys: pytest.CaptureFixture[str], folder: Path) -> dict[str, dict[str, Any]]:
    found = ask(capsys, folder, "conflict", "list")["conflicts"]
    assert all({"id", "record", "field", "values"} <= set(one) for one in found)
    return {one["kind"]: one for one in found}


def test_both_values_are_listed_with_who_and_when_and_one_is_kept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = listed(capsys, folder)["values"]
    assert (asked["record"], asked["field"], asked["both"]) == ("profile", "needs", True)
    assert [(one["value"], one["who"], one["when"]) for one in asked["values"]] == [
        (["large print"], "Ms Okoro", "2026-11-23T08:35:00+00:00"),
        (["sits in front"], "Ms Okoro", "2026-11-23T08:30:00+00:00"),
    ]
    for wrong, status, code in (("3", 1, "no_such_side"), ("0", 1, "no_such_side"), ("x", 2, "usage")):
        answer = ask(capsys, folder, "conflict", "resolve", asked["id"], "--keep", wrong, status=status)
        assert answer["code"] == code
    assert ask(capsys, folder, "conflict", "resolve", asked["id"], status=2)["code"] == "usage"
    done = ask(capsys, folder, "conflict", "resolve", asked["id"], "--keep", "2")
    assert done["resolved"] == asked["id"]
    assert "values" not in listed(capsys, folder)
    answer = ask(capsys, folder, "conflict", "resolve", asked["id"], "--keep", "2", status=1)
    assert answer["code"] == "question_gone"
    assert ask(capsys, folder, "history")["changes"][0]["message"] == done["message"]
    ask(capsys, folder, "undo")
    assert listed(capsys, folder)["values"]["id"] == asked["id"]
    ask(capsys, folder, "conflict", "resolve", asked["id"], "--keep", "both")
    assert "values" not in listed(capsys, folder)


def test_what_has_one_answer_needs_no_number(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("same_name", "same_number"):
        ask(capsys, folder, "conflict", "resolve", listed(capsys, folder)[kind]["id"])
    assert not {"same_name", "same_number"} & set(listed(capsys, folder))
