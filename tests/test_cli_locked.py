"""The command line on a desk with a pass phrase: from a file, typed at a terminal, or a clear sentence."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk import bootstrap, cli
from blenddesk.config import Paths
from blenddesk.services import classes, protection
from tests.conftest import FakeRandomness
from tests.sync.devices import WEAK

PHRASE = "four words café rain"


class Screen(io.StringIO):
    """Standard input of someone who sits at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    paths = Paths(tmp_path / "desk")
    context = bootstrap.create_device(paths, role="desk", name="Ms Okoro")
    classes.found_desk(context, "Ms Okoro")
    classes.create_class(context, "4B")
    key = context.reads.reader.key
    bootstrap.close_device(context)
    randomness = FakeRandomness(1)
    sheet = protection.draw_sheet(randomness, "en", WEAK)
    protection.set_phrase(paths, key, PHRASE, randomness, sheet=sheet, strength=WEAK)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return paths.data


def ask(capsys: pytest.CaptureFixture[str], data: Path, *more: str) -> tuple[int, dict[str, object]]:
    status = cli.main(["--data-dir", str(data), "--json", "class", "list", *more])
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("written", [PHRASE, PHRASE + "\n", "\ufeff" + PHRASE + "\r\nand a note below"])
def test_the_first_line_of_a_file_opens_it(
    locked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], written: str
) -> None:
    file = tmp_path / "phrase.txt"
    file.write_bytes(written.encode())
    status, answer = ask(capsys, locked, "--passphrase-file", str(file))
    assert (status, answer["ok"]) == (0, True)
    assert [one["name"] for one in answer["classes"]] == ["4B"]  # type: ignore[attr-defined]


def test_without_a_file_or_a_terminal_it_says_what_to_do(locked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = ask(capsys, locked)
    assert (status, answer["code"]) == (1, "passphrase_needed")
    assert "--passphrase-file" in str(answer["message"])


def test_a_wrong_phrase_is_refused_and_the_next_try_waits(
    locked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        raise KeyboardInterrupt

    monkeypatch.setattr("blenddesk.commands.terminal.sleep", sleep)
    file = tmp_path / "phrase.txt"
    file.write_text("not this one")
    assert ask(capsys, locked, "--passphrase-file", str(file))[1]["code"] == "phrase_wrong"
    assert ask(capsys, locked, "--passphrase-file", str(file))[1]["code"] == "interrupted"
    assert slept == [1]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00"])
def test_a_file_without_a_phrase_is_wrong_usage(
    locked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    file = tmp_path / "phrase.txt"
    file.write_bytes(content)
    status, answer = ask(capsys, locked, "--passphrase-file", str(file))
    assert (status, answer["code"]) == (2, "usage")
    status, answer = ask(capsys, locked, "--passphrase-file", str(tmp_path / "nothing"))
    assert (status, answer["code"]) == (1, "file_missing")


def test_it_is_typed_at_a_terminal(
    locked: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Screen())
    monkeypatch.setattr("getpass.getpass", lambda *_args: PHRASE)
    assert ask(capsys, locked)[0] == 0

    def closed(*_args: object) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", closed)
    assert ask(capsys, locked)[1]["code"] == "passphrase_needed"


def test_a_desk_without_a_phrase_needs_none_and_trouble_with_its_key_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = Paths(tmp_path / "open")
    bootstrap.close_device(bootstrap.create_device(paths, role="desk", name="Ms Okoro"))
    assert ask(capsys, paths.data)[0] == 0
    paths.key.write_text("rubbish:1")
    assert ask(capsys, paths.data)[1]["code"] == "key_not_ours"
    paths.key.write_text("rubbish")
    assert ask(capsys, paths.data)[1]["code"] == "key_damaged"
