"""Who belongs to a class, on the command line: lists, retiring, taking in, confirming, taking back."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from blenddesk import bootstrap
from blenddesk.commands.authority import _iso
from blenddesk.config import Paths
from blenddesk.domain.ops import put
from blenddesk.storage.verdicts import Door
from tests.cli_flow import Flow, ask

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def english() -> object:
    from blenddesk import text
    from blenddesk.diagnostics import stop_logging

    yield
    text.use_language("en")
    stop_logging()


@pytest.fixture
def flow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Flow:
    """A desk and Blue-1, which logged work and is home."""
    made = Flow(tmp_path, capsys)
    made.play()
    return made


def trip(flow: Flow, data: Path) -> dict[str, object]:
    stick = flow.stick / f"{len(list(flow.stick.iterdir()))}"
    stick.mkdir()
    flow(data, "package", "write", "--to", str(stick))
    return flow(flow.desk, "package", "read", str(stick))


def test_the_computers_of_a_class(flow: Flow) -> None:
    answer = flow(flow.desk, "computer", "list")
    by_name = {one["name"]: one for one in answer["computers"]}
    assert by_name["Ms Okoro"]["this"]
    assert (by_name["Blue-1"]["role"], by_name["Blue-1"]["standing"]) == ("station", "certified")
    assert [one["name"] for one in by_name["Blue-1"]["classes"]] == ["4B"]
    assert (answer["questions"], answer["refused"], answer["held"]) == ([], [], [])


def test_what_a_computer_tried_stands_in_check_and_fails_nothing(flow: Flow) -> None:
    context = bootstrap.open_device(Paths(flow.blue))
    [section] = context.reads.sections.all()
    with mock.patch.object(Door, "check"):
        context.commit("x", [put(section.id, "section", section.id, name="Free")])
    bootstrap.close_device(context)
    read = trip(flow, flow.blue)
    assert sum(one["refused_ops"] for one in read["packages"]) == 1
    answer = flow(flow.desk, "check", "--rebuild")
    [tried] = answer["refused"]
    assert (tried["computer"], tried["record"], tried["change"], tried["fields"]) == (
        "Blue-1",
        "section",
        "put",
        ["name"],
    )
    assert tried["message"] == "Blue-1 tried to change the class."
    assert answer["findings"] == answer["held"] == []


def test_lost_found_and_taken_in(flow: Flow) -> None:
    retired = flow(flow.desk, "computer", "retire", "blue-1")
    assert retired["standing"] == "retired"
    flow(flow.blue, "entry", "add", "--student", "4", "--block", "1")
    trip(flow, flow.blue)
    [waiting] = flow(flow.desk, "check")["held"]
    assert (waiting["computer"], waiting["ops"], waiting["records"]) == ("Blue-1", 1, {"entry": 1})
    assert waiting["message"] == "Blue-1 is retired. 1 change that it wrote afterwards waits for you."
    assert flow(flow.desk, "computer", "accept", retired["id"])["held"] == 0
    assert flow(flow.desk, "computer", "reinstate", "Blue-1")["standing"] == "certified"
    labels = [one["message"] for one in flow(flow.desk, "history", "--limit", "3")["changes"]]
    assert labels[0] == "A retired computer counts again."


def test_refusals_have_words(flow: Flow) -> None:
    assert flow(flow.desk, "computer", "retire", "Green-9", status=1)["code"] == "no_such_computer"
    assert flow(flow.desk, "computer", "retire", "Ms Okoro", status=1)["code"] == "cannot_retire_itself"
    assert flow(flow.desk, "computer", "accept", "Blue-1", status=1)["code"] == "not_retired"
    assert flow(flow.desk, "computer", "confirm", "Blue-1", status=1)["code"] == "confirmed_already"
    assert flow(flow.blue, "computer", "retire", "Ms Okoro", status=1)["code"] == "not_a_desk"
    span = ("--from", "2026-01-01", "--to", "2026-01-02")
    assert flow(flow.desk, "computer", "take-back", "Blue-1", *span, status=1)["code"] == "nothing_then"
    wrong = flow(flow.desk, "computer", "take-back", "Blue-1", "--from", "ten", "--to", "eleven", status=2)
    assert "ten" in wrong["message"]


def test_everything_between_two_times_and_undo(flow: Flow) -> None:
    flow(flow.blue, "entry", "add", "--student", "5", "--block", "1")
    trip(flow, flow.blue)
    claimed = claims(flow)
    ever = ("--from", "2020-01-01T00:00", "--to", "2100-01-01T00:00")
    assert flow(flow.desk, "computer", "take-back", "Blue-1", *ever)["taken_back"] >= 1
    assert claims(flow) == claimed - 1
    flow(flow.desk, "undo")
    assert claims(flow) == claimed


def claims(flow: Flow) -> int:
    return sum(one["claimed"] for one in flow(flow.desk, "report", "progress", "--class", "4B")["students"])


def test_two_computers_with_one_file(flow: Flow, tmp_path: Path) -> None:
    seat = flow(flow.desk, "seat", "new", "--class", "4B", "--name", "Red-1", "--to", str(flow.stick))
    for name in ("one", "two"):
        flow(tmp_path / name, "seat", "open", seat["file"], "--words", " ".join(seat["words"]))
        trip(flow, tmp_path / name)
    answer = flow(flow.desk, "computer", "list")
    [question] = answer["questions"]
    assert question["message"] == "Which is the real Red-1? Several computers opened its file."
    several = flow(flow.desk, "computer", "confirm", "Red-1", status=1)
    assert several["code"] == "which_computer"
    assert question["waiting"][0] in several["message"]
    confirmed = flow(flow.desk, "computer", "confirm", question["waiting"][0], "--name", "Red-2")
    assert (confirmed["name"], confirmed["standing"]) == ("Red-2", "certified")
    assert flow(flow.desk, "computer", "list")["questions"] == []


def test_another_teachers_desk(flow: Flow, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seat = flow(flow.desk, "seat", "new", "--class", "4B", "--name", "Mr Novak", "--teacher", "--to", str(flow.stick))
    other = tmp_path / "novak"
    opened = flow(other, "seat", "open", seat["file"], "--words", " ".join(seat["words"]))
    assert [one["name"] for one in opened["classes"]] == ["4B"]
    early = ask(capsys, other, "plan", "new", "--class", "4B", "--template", "station-3", status=1)
    assert early["code"] == "not_confirmed_yet"
    trip(flow, other)
    [question] = flow(flow.desk, "computer", "list")["questions"]
    assert question["message"] == "Mr Novak's computer wants to join."
    assert flow(flow.desk, "computer", "confirm", "Mr Novak")["standing"] == "certified"
    home = tmp_path / "home"
    home.mkdir()
    flow(flow.desk, "package", "write", "--to", str(home))
    flow(other, "package", "read", str(home))
    assert flow(other, "plan", "new", "--class", "4B", "--template", "station-3")["plan"]
    assert flow(other, "check")["state_digest"]["desk"]


def test_a_clock_without_a_calendar_is_null() -> None:
    assert _iso(0) == "1970-01-01T00:00:00+00:00"
    assert _iso(1 << 62) is None
