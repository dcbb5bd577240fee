"""The demo as a real program: nothing lost, one class everywhere, no secret at a student computer; and it can fail."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from blenddesk import demo
from blenddesk.demo import classroom, privacy
from blenddesk.demo.programs import Computer
from blenddesk.errors import Refusal

STUDENTS, KIOSKS = 6, 2


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out = tmp_path_factory.mktemp("demo")
    said: list[str] = []
    answer = demo.play(out, STUDENTS, KIOSKS, 3, said.append, pictures=False)
    return {**answer, "said": said, "out": out}


def test_every_entry_of_the_student_computers_is_at_the_desk(played: dict[str, Any]) -> None:
    assert played["students"] == STUDENTS
    assert played["entries"] == STUDENTS * 4
    assert played["lost"] == 0
    assert played["goal_steps"] == STUDENTS // 2
    desk = next(one for one in played["devices"] if one["name"] == "Desk")
    report = run("--data-dir", desk["dir"], "--json", "report", "progress")
    assert [one["claimed"] for one in report["students"]] == [4] * STUDENTS


def test_all_computers_print_the_same_digest(played: dict[str, Any]) -> None:
    assert len(played["devices"]) == 1 + KIOSKS
    digests = {run("--data-dir", one["dir"], "--json", "check")["state_digest"]["class"] for one in played["devices"]}
    assert digests == {played["digest"]}


def test_reading_every_package_again_changes_nothing(played: dict[str, Any]) -> None:
    files = sorted((played["out"] / "devices" / "stick").glob("*.bdx"))
    assert files
    assert played["packages"] >= len(files)
    for one in played["devices"]:
        rows = run("--data-dir", one["dir"], "--json", "package", "read", *map(str, files))["packages"]
        assert len(rows) == len(files)
        assert sum(row["new_ops"] for row in rows) == 0
        assert {row["status"] for row in rows} <= {"nothing_new", "set_aside"}


def test_the_student_computers_keep_no_secret(played: dict[str, Any]) -> None:
    children = classroom.pretend_class(STUDENTS, 3)
    secrets = privacy.secrets_of(children)
    assert played["secrets_checked"] == len(secrets) == STUDENTS * 4
    folders = {one["name"]: Path(one["dir"]) for one in played["devices"]}
    for name, folder in folders.items():
        found = privacy.found_in(privacy.decrypted(folder), secrets)
        assert found == (set(secrets) if name == "Desk" else set())
    # The special-needs column of the class list stays in the list: no computer has read it.
    assert "Special Needs" in (played["out"] / "devices" / "class-list.csv").read_text(encoding="utf-8")
    for folder in folders.values():
        assert b"Special Needs" not in privacy.decrypted(folder)


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"\x00" + "Needcanary77".encode("utf-16-le") + b"\x01")
    (data,) = privacy.raw_files([tmp_path]).values()
    assert privacy.found_in(data, ["needcanary77", "other"]) == {"needcanary77"}


def test_an_entry_that_stays_on_the_way_stops_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the stick of the first computer never reaches the desk."""
    real = Computer.run

    def forgetful(self: Computer, *arguments: str | Path) -> dict[str, Any]:
        if self.name == "Desk" and arguments[:2] == ("package", "read"):
            return {"ok": True, "packages": []}
        return real(self, *arguments)

    monkeypatch.setattr(Computer, "run", forgetful)
    with pytest.raises(Refusal) as caught:
        demo.play(tmp_path, 4, 1, 3, lambda _line: None, pictures=False)
    assert caught.value.code == "demo_stopped"
    assert caught.value.data["step"] == "entries that did not come home"


def test_a_folder_that_is_not_the_demos_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "devices" / "mine.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    with pytest.raises(Refusal) as caught:
        demo.play(tmp_path, STUDENTS, KIOSKS, 3, lambda _line: None, pictures=False)
    assert caught.value.code == "demo_folder_taken"
    assert kept.read_text() == "mine"


def test_playing_again_replaces_the_demo_and_nothing_else(tmp_path: Path) -> None:
    demo._prepare(tmp_path, 4, 2, 3, print)
    mine, old = tmp_path / "holiday.png", tmp_path / "devices" / "red-1" / "blenddesk.db"
    mine.write_bytes(b"mine")
    old.parent.mkdir()
    old.write_bytes(b"old")
    room = demo._prepare(tmp_path, 4, 1, 3, print)
    assert mine.read_bytes() == b"mine"
    assert not old.exists()
    assert room.stick.is_dir()


def test_every_child_logs_all_stations_once_whatever_the_seed() -> None:
    for students, kiosks in ((1, 1), (6, 2), (45, 12)):
        children = classroom.pretend_class(students, 9)
        visits = [visit for place in range(kiosks) for visit in demo.visits_at(children, place, kiosks)]
        for child in children:
            assert sum(int(str(v["stations"])) for v in visits if v["number"] == child.number) == classroom.STATIONS
        assert len({child.family for child in children}) == students
        assert len(privacy.secrets_of(children)) == 4 * students


def run(*words: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "blenddesk", *words], capture_output=True, text=True, check=False)
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["ok"], answer
    return answer
