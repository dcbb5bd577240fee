"""What somebody types who has not read the help: odd numbers, several plans a day, names in one column."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_flow import Json, ask


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A desk with class 4B of eight."""
    data = tmp_path / "desk"
    names = tmp_path / "4B.csv"
    names.write_text("First name,Family name\n" + "".join(f"Kid{n},Family{n}\n" for n in "abcdefgh"), encoding="utf-8")
    ask(capsys, data, "desk", "new", "--teacher", "T")
    ask(capsys, data, "roster", "import", str(names))
    return data


def plan(capsys: pytest.CaptureFixture[str], data: Path, *words: str, status: int = 0) -> Json:
    return ask(capsys, data, "plan", *words, status=status)


def test_of_several_plans_of_a_day_the_newest_is_meant(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = [plan(capsys, data, "new", "--template", "station-2", "--date", "2031-01-06")["plan"] for _n in range(3)]
    assert len(set(made)) == 3
    assert plan(capsys, data, "show", "--date", "2031-01-06")["plan"] == made[-1]
    assert plan(capsys, data, "check", "--date", "2031-01-06")["plan"] == made[-1]
    entry = ask(capsys, data, "entry", "add", "--student", "1", "--block", "2", "--date", "2031-01-06")
    assert entry["plan"] == made[-1]


@pytest.mark.parametrize("minutes", ["0", "-5", "5", "301", "1" + "0" * 30])
def test_minutes_out_of_range_are_refused(data: Path, capsys: pytest.CaptureFixture[str], minutes: str) -> None:
    answer = plan(capsys, data, "new", "--template", "station-4", "--minutes", minutes, status=1)
    assert answer["code"] == "period_out_of_range"


@pytest.mark.parametrize("mapping", ["given=-1", "given=x", "given", "=1", "given=1,family=-2"])
def test_a_column_counts_from_zero(data: Path, capsys: pytest.CaptureFixture[str], mapping: str) -> None:
    answer = ask(capsys, data, "roster", "preview", str(data.parent / "4B.csv"), "--mapping", mapping, status=2)
    assert answer["code"] == "usage"


@pytest.mark.parametrize("limit", ["0", "-1", "1" + "0" * 30])
def test_a_history_is_as_long_as_asked(data: Path, capsys: pytest.CaptureFixture[str], limit: str) -> None:
    assert ask(capsys, data, "history", "--limit", limit, status=2)["code"] == "usage"
    assert len(ask(capsys, data, "history", "--limit", "1")["changes"]) == 1


def test_packages_are_promised_in_every_answer(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, data, "package", "read", status=2)["packages"] == []
    assert ask(capsys, data / "none", "package", "read", "x.bdx", status=1)["packages"] == []


TOO_LONG = "x" * 5000


@pytest.mark.parametrize(
    "words",
    [
        ["package", "read", TOO_LONG],
        ["package", "write", "--to", TOO_LONG],
        ["roster", "import", TOO_LONG],
        ["class", "list", "--data-dir", TOO_LONG],
        ["desk", "new", "--teacher", "T", "--data-dir", TOO_LONG],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_path_that_no_disk_takes_is_no_mistake_of_ours(
    data: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    answer = ask(capsys, data, *words, status=1)
    assert answer["code"] in ("file_unreadable", "file_missing", "folder_missing", "folder_not_writable", "no_device")


@pytest.mark.parametrize(
    "words",
    [
        ["class", "new", "caf\udce9"],
        ["seat", "new", "--name", "Blue\udcff", "--to", "."],
        ["roster", "import", "4B.csv", "--class", "\udcff"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_bytes_that_are_no_letters_are_wrong_usage(
    data: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert ask(capsys, data, *words, status=2)["code"] == "usage"


def test_an_id_may_be_typed_in_capitals(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan(capsys, data, "new", "--template", "station-2")
    student = ask(capsys, data, "student", "list", "--class", "4B")["students"][0]["id"]
    ask(capsys, data, "entry", "add", "--student", student.upper(), "--block", "1")
    assert ask(capsys, data, "report", "progress")["students"][0]["claimed"] == 1


def called(capsys: pytest.CaptureFixture[str], data: Path, name: str) -> list[tuple[str, str, str]]:
    students = ask(capsys, data, "student", "list", "--class", name)["students"]
    return [(one["display"], one["given"], one["family"]) for one in students]


@pytest.mark.parametrize(
    ("language", "names", "wanted"),
    [
        ("en", ["Amina Diallo", "Amina Keita", "Ben Novak", "李雷"], ["Amina D", "Amina K", "Ben", "李雷"]),
        ("vi", ["Nguyễn Văn An", "Trần Thị An", "Lê Bình"], ["An N", "An T", "Bình"]),
    ],
)
def test_whole_names_stay_whole_on_the_desk_and_one_word_goes_to_student_computers(
    data: Path, capsys: pytest.CaptureFixture[str], language: str, names: list[str], wanted: list[str]
) -> None:
    names_file = data.parent / "whole.csv"
    names_file.write_text("Name\n" + "\n".join(names), encoding="utf-8")
    command = ("--lang", language, "roster", "import", str(names_file), "--class", "Whole")
    first = ask(capsys, data, *command)
    assert "names_not_split" in {warning["code"] for warning in first["warnings"]}
    assert called(capsys, data, "Whole") == [(word, name, "") for word, name in zip(wanted, names, strict=True)]
    again = ask(capsys, data, *command)
    assert (again["students_added"], again["students_updated"], again["enrollments_added"]) == (0, 0, 0)
    for ending in ("csv", "xlsx"):
        out = str(data.parent / f"out.{ending}")
        ask(capsys, data, "roster", "export", "--class", "Whole", out)
        back = ask(capsys, data, "roster", "import", out)
        assert (back["students_added"], back["students_updated"], back["enrollments_added"]) == (0, 0, 0)


def test_a_name_in_one_cell_is_the_same_as_in_two(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The Add students page splits whole names the way the teacher says; the same list by command finds them again."""
    whole = data.parent / "whole.csv"
    whole.write_text("Name\n" + "\n".join(f"Kid{n} Family{n}" for n in "abcdefgh"), encoding="utf-8")
    before = called(capsys, data, "4B")
    again = ask(capsys, data, "roster", "import", str(whole), "--class", "4B")
    assert (again["students_added"], again["students_updated"], again["enrollments_added"]) == (0, 0, 0)
    assert called(capsys, data, "4B") == before
    ask(capsys, data, "roster", "import", str(whole), "--class", "5A")
    split = ask(capsys, data, "roster", "import", str(data.parent / "4B.csv"), "--class", "5A")
    assert (split["students_added"], split["enrollments_added"]) == (0, 0)
    assert called(capsys, data, "5A")[0] == ("Kida", "Kida", "Familya")
