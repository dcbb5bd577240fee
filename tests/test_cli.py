"""The command line keeps its contract: one JSON object, the promised keys, the exit status, and never a traceback."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk import bootstrap, cli, text
from blenddesk.commands import classroom, terminal, upkeep
from blenddesk.config import Paths
from blenddesk.diagnostics import stop_logging
from tests.cli_flow import ROOT, Flow, ask


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    text.use_language("en")
    stop_logging()


@pytest.fixture
def flow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Flow:
    return Flow(tmp_path, capsys)


KEYS: dict[str, set[str]] = {
    "desk new": {"device"},
    "class new": {"class"},
    "class list": {"classes"},
    "roster preview": {"format", "encoding", "delimiter", "columns", "rows", "students", "warnings"},
    "roster import": {
        "classes",
        "students_added",
        "students_updated",
        "students_unchanged",
        "enrollments_added",
        "warnings",
    },
    "student list": {"students"},
    "seat new": {"file", "words"},
    "seat open": {"device", "classes"},
    "package write": {"files", "ops", "bytes"},
    "package read": {"packages"},
    "plan new": {"plan", "turns", "seats", "checks"},
    "plan show": {"plan", "turns", "seats", "checks"},
    "plan check": {"plan", "turns", "seats", "checks"},
    "entry add": {"entry"},
    "report progress": {"students"},
    "check --class": {"integrity", "streams", "ops", "state_digest", "findings"},
    "undo": {"undone"},
    "history": {"changes"},
}
ROW_KEYS: dict[tuple[str, str], set[str]] = {
    ("class list", "classes"): {"id", "name", "students"},
    ("roster preview", "columns"): {"index", "header", "field"},
    ("roster preview", "students"): {"given", "family", "display", "source_id", "class"},
    ("roster import", "classes"): {"id", "name", "students"},
    ("student list", "students"): {"id", "number", "given", "family", "display", "source_id"},
    ("package read", "packages"): {"file", "status", "reason", "from", "new_ops", "conflicts", "refused_ops"},
    ("plan new", "turns"): {"n", "start", "minutes"},
    ("plan new", "seats"): {"turn", "block", "group", "students"},
    ("plan new", "checks"): {"code", "ok", "message"},
    ("report progress", "students"): {
        "id",
        "display",
        "claimed",
        "checked",
        "mastered",
        "carried",
        "goals",
        "last_entry",
    },
}


def test_every_command_keeps_its_contract(flow: Flow) -> None:
    flow.play()
    answers = flow.answers
    for command, keys in KEYS.items():
        assert keys <= set(answers[command]), command
    for (command, key), wanted in ROW_KEYS.items():
        assert answers[command][key], command
        for row in answers[command][key]:
            assert wanted <= set(row), command
    assert [len(seat["students"]) for seat in answers["plan new"]["seats"]] == [3] * 16
    assert [turn["start"] for turn in answers["plan new"]["turns"]] == [5, 19, 32, 45]
    assert answers["plan new"]["status"] == "ready"
    made = [line["label"] for line in answers["history"]["changes"] if line["label"].startswith("plan_")]
    assert made == ["plan_made"]
    assert answers["package read"]["packages"][0] | {"file": "", "records": {}} == {
        "file": "",
        "status": "applied",
        "reason": None,
        "from": "Blue-1",
        "new_ops": 3,
        "conflicts": 0,
        "refused_ops": 0,
        "records": {},
    }
    third = answers["report progress"]["students"][2]
    assert (third["display"], third["claimed"]) == ("Given03", 1)
    assert answers["undo"]["undone"] == "package_read"
    assert set(answers["check --class"]["state_digest"]) == {"class", "desk"}
    paths = [answers["seat new"]["file"], *answers["package write"]["files"], answers["roster export"]["file"]]
    assert all(Path(path).is_absolute() and Path(path).exists() for path in paths)


def test_the_class_has_one_digest_on_both_computers(flow: Flow) -> None:
    flow.play()
    for data in (flow.desk, flow.blue, flow.desk):
        flow(data, "package", "read", str(flow.stick))
        flow(data, "package", "write", "--to", str(flow.stick))
    at_desk = flow(flow.desk, "check", "--class", "4B", "--rebuild")
    at_blue = flow(flow.blue, "check")
    assert at_desk["state_digest"]["class"] == at_blue["state_digest"]["class"]
    assert at_blue["state_digest"]["desk"] is None
    again = flow(flow.desk, "package", "read", str(flow.stick))
    assert {row["status"] for row in again["packages"]} == {"nothing_new"}


def test_a_list_imports_back_unchanged_and_columns_count_from_zero(flow: Flow) -> None:
    flow(flow.desk, "desk", "new", "--teacher", "T")
    swapped = flow(flow.desk, "roster", "import", str(flow.list), "--mapping", "given=0,family=1")
    assert (swapped["students_added"], swapped["classes"][0]["name"]) == (12, "list")
    student = flow(flow.desk, "student", "list", "--class", "list")["students"][0]
    assert (student["given"], student["family"]) == ("Family01", "Given01")
    for ending in ("csv", "xlsx"):
        out = str(flow.stick / f"out.{ending}")
        flow(flow.desk, "roster", "export", "--class", "list", out)
        again = flow(flow.desk, "roster", "import", out)
        assert (again["students_added"], again["students_updated"], again["students_unchanged"]) == (0, 0, 12)


def test_a_folder_of_files_is_one_list(flow: Flow, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "users.csv").write_text(
        "sourcedId,givenName,familyName,role\nu1,Amina,Diallo,student\nu2,Ben,Novak,student\n", encoding="utf-8"
    )
    (folder / "classes.csv").write_text("sourcedId,title\nc1,Science\n", encoding="utf-8")
    (folder / "enrollments.csv").write_text(
        "sourcedId,classSourcedId,userSourcedId,role\ne1,c1,u1,student\ne2,c1,u2,student\n", encoding="utf-8"
    )
    preview = flow(flow.desk, "roster", "preview", str(folder))
    assert [(one["given"], one["class"]) for one in preview["students"]] == [("Amina", "Science"), ("Ben", "Science")]


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["class", "list"], "no_device"),
        (["roster", "preview", "nowhere.csv"], "file_missing"),
        (["seat", "open", "nowhere.bdseat", "--words", "a b c d e"], "file_missing"),
        (["package", "read", "."], "no_device"),
    ],
)
def test_refusals_without_a_device(
    words: list[str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask(capsys, tmp_path / "none", *words, status=1)
    assert answer["code"] == code
    assert ("packages" in answer) is (words[0] == "package")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["class", "new", "4b"], "class_exists"),
        (["class", "new", " "], "class_name_empty"),
        (["student", "list", "--class", "9Z"], "no_such_class"),
        (["student", "list"], "which_class"),
        (["plan", "new", "--class", "4B", "--template", "carousel"], "template_unknown"),
        (["plan", "new", "--class", "5A", "--template", "station-4"], "class_empty"),
        (["plan", "new", "--class", "4B", "--template", "station-4", "--minutes", "12"], "rounds_do_not_fit"),
        (["plan", "show", "--class", "4B"], "no_plan"),
        (["entry", "add", "--class", "4B", "--student", "99", "--block", "1"], "no_such_student"),
        (["seat", "new", "--class", "4B", "--name", "Blue-1", "--to", "nowhere"], "folder_missing"),
        (["desk", "new", "--teacher", "T"], "device_exists"),
        (["sample", "--classes", "0"], "sample_out_of_range"),
    ],
)
def test_refusals_of_a_desk(flow: Flow, words: list[str], code: str) -> None:
    flow(flow.desk, "desk", "new", "--teacher", "T")
    flow(flow.desk, "roster", "import", str(flow.list), "--class", "4B")
    flow(flow.desk, "class", "new", "5A")
    before = flow(flow.desk, "history")["changes"]
    assert flow(flow.desk, *words, status=1)["code"] == code
    assert flow(flow.desk, "history")["changes"] == before


def test_a_damaged_file_is_listed_and_the_others_are_read(flow: Flow) -> None:
    flow.play()
    good = next(iter(flow.stick.glob("*.bdx")))
    (flow.stick / "cut.bdx").write_bytes(good.read_bytes()[:-50])
    (flow.stick / "empty.BDX").write_bytes(b"")
    (flow.stick / "letter.txt").write_bytes(b"Dear all")
    answer = flow(flow.desk, "package", "read", str(flow.stick))
    rows = {Path(row["file"]).name: (row["status"], row["reason"]) for row in answer["packages"]}
    assert rows["cut.bdx"] == ("set_aside", "seal_damaged")
    assert rows["empty.BDX"] == ("set_aside", "file_empty")
    assert "letter.txt" not in rows
    missing = flow(flow.desk, "package", "read", str(flow.stick / "gone.bdx"), status=1)
    assert (missing["code"], missing["packages"][0]["status"]) == ("package_refused", "refused")


def test_a_window_that_is_open_keeps_the_data(flow: Flow) -> None:
    flow(flow.desk, "desk", "new", "--teacher", "T")
    with bootstrap.DataLock(Paths(flow.desk)):
        assert flow(flow.desk, "class", "new", "4B", status=1)["code"] == "in_use"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nonsense"],
        ["class"],
        ["class", "new"],
        ["entry", "add", "--student", "1", "--block", "two"],
        ["entry", "add", "--student", "1", "--block", "1", "--growth", "5"],
        ["roster", "preview", str(ROOT / "README.md"), "--mapping", "given"],
        ["roster", "export", "--class", "4B", "list.pdf"],
        ["demo", "--students", "0"],
        ["--no-such-option", "check"],
    ],
)
def test_wrong_usage(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, tmp_path / "none", *words, status=2)["code"] == "usage"


@pytest.mark.parametrize(
    "words",
    [
        ["tally", "import", "f"],
    ],
)
def test_commands_of_later_versions_say_so(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(capsys, tmp_path, *words, status=2)["code"] == "not_in_this_version"


# --- after an update ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("silent_seconds", [0.0, 60.0])
def test_getting_ready_for_a_new_version_is_told_beside_the_answer(
    silent_seconds: float, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it takes long; a terminal sees the counts too. The answer stays one object."""
    ask(capsys, tmp_path, "desk", "new", "--teacher", "Ms Okoro")
    ask(capsys, tmp_path, "class", "new", "4B")
    context = bootstrap.open_device(Paths(tmp_path))
    with context.ledger.database.write() as connection:
        connection.exec_driver_sql("UPDATE local SET value = x'00' WHERE name = 'projections'")
        connection.exec_driver_sql("DELETE FROM section")
    bootstrap.close_device(context)
    monkeypatch.setattr(terminal, "SILENT_SECONDS", silent_seconds)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert cli.main(["--data-dir", str(tmp_path), "--json", "class", "list"]) == 0
    out, err = capsys.readouterr()
    assert [one["name"] for one in json.loads(out)["classes"]] == ["4B"]
    assert err.count("Nothing is lost") == (0 if silent_seconds else 1)
    assert ("Changes 5 / 5" in err) is not bool(silent_seconds), err
    bootstrap.close_device(bootstrap.open_device(Paths(tmp_path), as_it_is=True))


# --- never a traceback ----------------------------------------------------------------------------------------------


def test_a_mistake_is_told_without_a_traceback(
    flow: Flow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_terminal: object) -> None:
        raise RuntimeError("Amina Diallo")

    flow(flow.desk, "desk", "new", "--teacher", "T")
    monkeypatch.setattr(classroom, "class_list", broken)
    assert flow(flow.desk, "class", "list", status=1)["code"] == "mistake"
    log = flow.desk / "logs" / "blenddesk.log"
    stop_logging()
    assert "RuntimeError" in log.read_text(encoding="utf-8")
    assert "Amina" not in log.read_text(encoding="utf-8")
    flow(flow.desk, "class", "list", "--debug", status=1)
    stop_logging()
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_stopping_is_an_answer(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_terminal: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(upkeep, "check", stopped)
    assert flow(flow.desk, "check", status=1)["code"] == "interrupted"


def test_messages_for_people_are_in_their_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "desk"
    assert cli.main(["--data-dir", str(data), "desk", "new", "--teacher", "T"]) == 0
    assert str(data) in capsys.readouterr().out
    assert cli.main(["class", "list", "--data-dir", str(data), "--lang", "xx"]) == 0
    assert cli.main(["--help"]) == 0
    assert "roster" in capsys.readouterr().out
