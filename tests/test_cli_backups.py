"""Backups from the command line keep the contract: file, ops and digest, nothing secret in an argument."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blenddesk import bootstrap, cli, text
from blenddesk.config import Paths
from blenddesk.diagnostics import stop_logging
from blenddesk.services import protection
from tests.conftest import FakeRandomness
from tests.faults.damage import flip, root_page
from tests.sync.devices import WEAK

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    text.use_language("en")
    stop_logging()


def ask(capsys: pytest.CaptureFixture[str], data: Path, *words: str, status: int = 0) -> Json:
    capsys.readouterr()
    assert cli.main(["--data-dir", str(data), "--json", *words]) == status, capsys.readouterr()
    out, err = capsys.readouterr()
    answer: Json = json.loads(out)
    assert answer["ok"] is (status == 0)
    assert "Traceback" not in out + err
    return answer


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    data = tmp_path / "desk"
    ask(capsys, data, "desk", "new", "--teacher", "Ms Okoro")
    ask(capsys, data, "class", "new", "4B")
    (tmp_path / "to").mkdir()
    return data


def test_write_verify_restore(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = ask(capsys, desk, "check")
    written = ask(capsys, desk, "backup", "write", "--to", str(tmp_path / "to"))
    assert Path(written["file"]).is_absolute()
    assert len(written["words"]) == 5
    assert written["ops"] == before["ops"]
    verified = ask(capsys, desk, "backup", "verify", written["file"])
    assert {key: verified[key] for key in ("file", "ops", "digest")} == {
        key: written[key] for key in ("file", "ops", "digest")
    }
    assert ask(capsys, desk, "check")["state_digest"] == before["state_digest"]
    ask(capsys, desk, "class", "new", "5C")
    changed = ask(capsys, desk, "backup", "verify", written["file"])
    assert sum(changed["only_here"].values()) > 0
    assert changed["only_in_backup"] == {}
    restored = ask(capsys, desk, "backup", "restore", written["file"])
    assert (restored["ops"], restored["digest"]) == (written["ops"], written["digest"])
    assert Path(restored["kept_aside"]).is_dir()
    assert restored["packages"]
    assert ask(capsys, desk, "check")["state_digest"] == before["state_digest"]
    ask(capsys, desk, "package", "read", *restored["packages"])
    assert {one["name"] for one in ask(capsys, desk, "class", "list")["classes"]} == {"4B", "5C"}


def test_on_another_computer_by_the_words_of_a_file(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = ask(capsys, desk, "check")
    written = ask(capsys, desk, "backup", "write", "--to", str(tmp_path / "to"))
    new = tmp_path / "new"
    assert ask(capsys, new, "backup", "verify", written["file"], status=1)["code"] == "backup_needs_words"
    assert not new.exists()
    words = tmp_path / "words"
    words.write_text(" ".join(written["words"]) + "\n", encoding="utf-8")
    secret = ("--passphrase-file", str(words))
    assert ask(capsys, new, "backup", "verify", written["file"], *secret)["digest"] == written["digest"]
    assert not new.exists()
    ask(capsys, new, "backup", "restore", written["file"], *secret)
    assert ask(capsys, new, "check")["state_digest"] == before["state_digest"]
    words.write_text("orange river apple table window\n", encoding="utf-8")
    wrong = ask(capsys, tmp_path / "newer", "backup", "restore", written["file"], *secret, status=1)
    assert wrong["code"] == "backup_words_wrong"


def test_by_the_recovery_sheet_and_over_a_locked_desk(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = Paths(desk)
    key = bootstrap.read_key(paths.key)
    sheet = protection.draw_sheet(FakeRandomness(5), "en", WEAK)
    protection.set_phrase(paths, key, "sunflowers in the rain", FakeRandomness(6), sheet=sheet, strength=WEAK)
    secret = tmp_path / "secret"
    secret.write_text("sunflowers in the rain\n", encoding="utf-8")
    by = ("--passphrase-file", str(secret))
    written = ask(capsys, desk, "backup", "write", "--to", str(tmp_path / "to"), *by)
    assert written["words"] == []
    # The pass phrase opens what is here, so the backup needs nothing more.
    assert "only_here" in ask(capsys, desk, "backup", "verify", written["file"], *by)
    # The words of the sheet open the backup, also where they do not open what is here.
    secret.write_text(" ".join(sheet.words) + "\n", encoding="utf-8")
    restored = ask(capsys, desk, "backup", "restore", written["file"], *by)
    assert restored["kept_aside"]
    assert ask(capsys, desk, "check")["ops"] == written["ops"]


def test_for_people(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def say(data: Path, *words: str, status: int = 0) -> str:
        capsys.readouterr()
        assert cli.main(["--data-dir", str(data), *words]) == status
        return "".join(capsys.readouterr())

    said = say(desk, "backup", "write", "--to", str(tmp_path / "to"))
    assert "only these five words" in said
    (file,) = (tmp_path / "to").iterdir()
    assert "0 students" in say(desk, "backup", "verify", str(file))
    assert "What was here before is kept in" in say(desk, "backup", "restore", str(file))
    protection.set_sheet(
        Paths(desk), bootstrap.read_key(Paths(desk).key), protection.draw_sheet(FakeRandomness(5), "en", WEAK)
    )
    assert "recovery sheet opens it" in say(desk, "backup", "write", "--to", str(tmp_path / "to"))


def test_a_damaged_key_file_is_no_obstacle(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = ask(capsys, desk, "backup", "write", "--to", str(tmp_path / "to"))
    words = tmp_path / "words"
    words.write_text(" ".join(written["words"]), encoding="utf-8")
    Paths(desk).key.write_text("nonsense", encoding="ascii")
    ask(capsys, desk, "backup", "restore", written["file"], "--passphrase-file", str(words))
    assert ask(capsys, desk, "check")["ops"] == written["ops"]


def test_check_says_what_is_missing_or_damaged(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = Paths(desk)
    context = bootstrap.open_device(paths)
    with context.ledger.database.write() as connection:
        connection.exec_driver_sql(
            "DELETE FROM op WHERE seq = 1 AND sid = (SELECT sid FROM op GROUP BY sid ORDER BY count(*) DESC LIMIT 1)"
        )
    key = context.reads.reader.key
    bootstrap.close_device(context)
    found = ask(capsys, desk, "check", status=1)
    assert [one["code"] for one in found["findings"]] == ["changes_missing"]
    assert found["integrity"] == "ok"
    flip(paths.database, root_page(paths.database, key, "change"))
    damaged = ask(capsys, desk, "check", "--rebuild", status=1)
    assert (damaged["integrity"], damaged["ops"]) == ("damaged", None)
    put_right = ask(capsys, desk, "check", "--repair", status=1)
    assert Path(put_right["repaired"]["kept_aside"]).is_dir()
    assert [one["code"] for one in put_right["findings"]] == ["changes_missing"]
