"""The command line keeps its contract: one JSON object, the promised keys, the exit status, and never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blenddesk import bootstrap, cli, text
from blenddesk.commands import classroom, terminal, upkeep
from blenddesk.config import Paths
from blenddesk.diagnostics import stop_logging

ROOT = Path(__file__).parent.parent
LIST = "Family,Given,ID\n" + "".join(f"Family{n:02},Given{n:02},{n:03}\n" for n in range(1, 13))

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    text.use_language("en")
    stop_logging()


def ask(capsys: pytest.CaptureFixture[str], data: Path, *words: str, status: int = 0) -> Json:
    """Runs a command with ``--json``; checks the exit status and that exactly one object was printed."""
    capsys.readouterr()
    assert cli.main(["--data-dir", str(data), "--json", *words]) == status, capsys.readouterr()
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    answer: Json = json.loads(out)
    assert answer["ok"] is (status == 0)
    assert "Traceback" not in out + err
    if status:
        assert answer["code"]
        assert answer["message"].endswith((".", "?"))
    return answer


class Flow:
    """A desk and a student computer by commands alone; what each command answered, by its name."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.desk, self.blue, self.stick = root / "desk", root / "blue", root / "stick"
        self.stick.mkdir()
        self.list = root / "list.csv"
        self.list.write_text(LIST, encoding="utf-8")
        self.answers: dict[str, Json] = {}
        self._capsys = capsys

    def __call__(self, data: Path, *words: str, status: int = 0) -> Json:
        answer = ask(self._capsys, data, *words, status=status)
        self.answers.setdefault(" ".join(words[:2]), answer)
        return answer

    def play(self) -> None:
        do, desk, blue = self, self.desk, self.blue
        do(desk, "desk", "new", "--teacher", "Ms Okoro")
        do(desk, "roster", "preview", str(self.list))
        do(desk, "roster", "import", str(self.list), "--class", "4B")
        do(desk, "class", "new", "5A")
        do(desk, "class", "list")
        do(desk, "student", "list", "--class", "4B")
        do(desk, "plan", "new", "--class", "4B", "--template", "station-4", "--minutes", "60")
        do(desk, "plan", "show", "--class", "4B")
        do(desk, "plan", "check", "--class", "4B")
        seat = do(desk, "seat", "new", "--class", "4B", "--name", "Blue-1", "--to", str(self.stick))
        do(blue, "seat", "open", seat["file"], "--words", " ".join(seat["words"]))
        do(blue, "entry", "add", "--student", "3", "--block", "2", "--growth", "4", "--words", "fun,hard")
        do(blue, "package", "write", "--to", str(self.stick))
        do(desk, "package", "read", str(self.stick))
        do(desk, "report", "progress", "--class", "4B")
        do(desk, "roster", "export", "--class", "4B", str(self.stick / "out.csv"))
        do(desk, "check", "--class", "4B")
        do(desk, "undo")
        do(desk, "history")


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
        ["solve", "rotation", "f"],
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


# --- as a program ---------------------------------------------------------------------------------------------------


def run(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "blenddesk", "--data-dir", str(data), "--json", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_the_program_answers_with_one_object_and_a_status(tmp_path: Path) -> None:
    data = tmp_path / "desk"
    assert json.loads(run("desk", "new", "--teacher", "Zoë", data=data).stdout)["ok"]
    refused = run("class", "new", "", data=data)
    assert (refused.returncode, json.loads(refused.stdout)["code"]) == (1, "class_name_empty")
    wrong = run("class", "nwe", data=data)
    assert (wrong.returncode, json.loads(wrong.stdout)["code"]) == (2, "usage")
    assert "Traceback" not in refused.stderr + wrong.stderr


def test_a_command_loads_only_what_it_needs(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    program = (
        "import sys; from blenddesk.cli import main; "
        f"main(['--data-dir', {str(tmp_path / 'x')!r}, '--json', 'roster', 'preview', {str(file)!r}]); "
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert not loaded & {"PySide6", "sqlalchemy", "sqlcipher3", "nacl", "pyrage", "zstandard"}
    assert json.loads(done.stdout)["rows"] == 12


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal to send to one program")
def test_ctrl_c_leaves_whole_batches_and_a_sound_database(tmp_path: Path) -> None:
    data = tmp_path / "desk"
    size = ("--classes", "20", "--students", "40", "--days", "200")
    command = [sys.executable, "-m", "blenddesk", "--data-dir", str(data), "--json", "sample", *size]
    # A background job of a shell ignores Ctrl+C, and so would its children: ours must hear it.
    heard = (lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) if os.name == "posix" else None
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heard
    ) as program:
        deadline = time.monotonic() + 30
        while not (data / "blenddesk.db-wal").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.8)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=30)
    assert (program.returncode, json.loads(out)["code"]) == (1, "interrupted")
    assert "Traceback" not in err
    checked = json.loads(run("check", data=data).stdout)
    assert (checked["integrity"], checked["findings"]) == ("ok", [])
