"""A desk and a student computer by commands alone, and what each command answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from blenddesk import cli

ROOT = Path(__file__).parent.parent
LIST = "Family,Given,ID\n" + "".join(f"Family{n:02},Given{n:02},{n:03}\n" for n in range(1, 13))

Json = dict[str, Any]


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
