"""The private environment: when it is ready, when it is remade, and what is written into it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import environment


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "installer").mkdir()
    (tmp_path / "installer" / "requirements-run.txt").write_text("a==1 \\\n    --hash=sha256:00\n", "utf-8")
    (tmp_path / "installer" / "requirements-dev.txt").write_text("a==1 \\\n    --hash=sha256:00\nb==2\n", "utf-8")
    return tmp_path


def stamp(checkout: Path, profile: str, base: str = "/usr/bin/python3") -> dict[str, object]:
    return environment.wanted_stamp(checkout, checkout / ".venv", profile, base)


def test_a_finished_environment_is_ready_for_itself_and_for_less(checkout: Path) -> None:
    run, dev = stamp(checkout, "run"), stamp(checkout, "dev")
    assert environment.decide(run, run) == "ready"
    assert environment.decide(dev, dev) == "ready"
    assert environment.decide(dev, run) == "ready"


def test_the_test_packages_are_added_to_a_run_environment(checkout: Path) -> None:
    assert environment.decide(stamp(checkout, "run"), stamp(checkout, "dev")) == "add"


def test_a_changed_lock_remakes_it(checkout: Path) -> None:
    old_run, old_dev = stamp(checkout, "run"), stamp(checkout, "dev")
    (checkout / "installer" / "requirements-run.txt").write_text("a==2\n", "utf-8")
    assert environment.decide(old_run, stamp(checkout, "run")) == "make"
    assert environment.decide(old_dev, stamp(checkout, "run")) == "make"
    assert environment.decide(old_run, stamp(checkout, "dev")) == "make"


def test_a_changed_lock_of_the_tests_leaves_run_ready(checkout: Path) -> None:
    old = stamp(checkout, "dev")
    (checkout / "installer" / "requirements-dev.txt").write_text("a==1\nb==3\n", "utf-8")
    assert environment.decide(old, stamp(checkout, "run")) == "ready"
    assert environment.decide(old, stamp(checkout, "dev")) == "make"


@pytest.mark.parametrize("key", ["schema", "python", "base", "venv"])
def test_another_python_place_or_way_of_making_remakes_it(checkout: Path, key: str) -> None:
    wanted = stamp(checkout, "run")
    assert environment.decide({**wanted, key: "another"}, wanted) == "make"


@pytest.mark.parametrize("found", [{}, {"requirements": None}, {"requirements": {}}, {"schema": 1}])
def test_no_or_a_strange_stamp_remakes_it(checkout: Path, found: dict[str, object]) -> None:
    assert environment.decide(found, stamp(checkout, "run")) == "make"


@pytest.mark.parametrize("text", ["", "{", "[1]", "\x00"])
def test_a_damaged_stamp_reads_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / environment.STAMP_NAME).write_text(text, "utf-8")
    assert environment.read_stamp(tmp_path) == {}
    assert environment.read_stamp(tmp_path / "absent") == {}


def test_a_stamp_reads_back_as_written(checkout: Path) -> None:
    wanted = stamp(checkout, "dev")
    environment.write_stamp(checkout, wanted)
    assert environment.read_stamp(checkout) == wanted
    assert not (checkout / (environment.STAMP_NAME + ".new")).exists()


class FakePython:
    """Stands for venv and pip: writes what they would, and can die in between."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[str] = []
        self.installed: list[str] = []
        self.pip_fails = False
        monkeypatch.setattr(environment, "make", self.make)
        monkeypatch.setattr(environment, "install_packages", self.install)
        monkeypatch.setattr(environment, "install_project", self.project)

    def make(self, venv: Path, base: str, say: object) -> None:
        self.made.append(base)
        environment.python_of(venv).parent.mkdir(parents=True, exist_ok=True)
        environment.python_of(venv).touch()

    def install(self, root: Path, venv: Path, profile: str, say: object) -> None:
        if self.pip_fails:
            raise environment.Stop("no network")
        self.installed.append(profile)

    def project(self, root: Path, venv: Path) -> None:
        environment.program_of(venv).write_text(environment.program_text(venv), "utf-8")


def test_the_second_time_nothing_is_made_or_installed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakePython(monkeypatch)
    said: list[str] = []
    environment.ensure(checkout, "run", said.append)
    first = list(said)
    environment.ensure(checkout, "run", said.append)
    assert (len(fake.made), fake.installed, said) == (1, ["run"], first)


def test_an_interrupted_set_up_is_made_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakePython(monkeypatch)
    fake.pip_fails = True
    with pytest.raises(environment.Stop):
        environment.ensure(checkout, "run", lambda _: None)
    fake.pip_fails = False
    environment.ensure(checkout, "run", lambda _: None)
    assert (len(fake.made), fake.installed) == (2, ["run"])


def test_half_added_test_packages_do_not_look_finished(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakePython(monkeypatch)
    environment.ensure(checkout, "run", lambda _: None)
    fake.pip_fails = True
    with pytest.raises(environment.Stop):
        environment.ensure(checkout, "dev", lambda _: None)
    assert environment.read_stamp(checkout / ".venv") == {}


def test_an_environment_that_another_tool_rebuilt_is_remade(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakePython(monkeypatch)
    environment.ensure(checkout, "run", lambda _: None)
    environment.program_of(checkout / ".venv").write_text("#!/other/python\n", "utf-8")
    environment.ensure(checkout, "run", lambda _: None)
    assert len(fake.made) == 2


def test_something_that_is_not_our_folder_is_not_removed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "precious"
    elsewhere.mkdir()
    (tmp_path / ".venv").symlink_to(elsewhere)
    with pytest.raises(environment.Stop, match="move it away"):
        environment.make(tmp_path / ".venv", "python3", lambda _: None)
    assert elsewhere.is_dir()


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_the_command_survives_spaces_and_long_paths(tmp_path: Path) -> None:
    venv = tmp_path / ("a folder's " + "long " * 30) / ".venv"
    (venv / "bin").mkdir(parents=True)
    environment.python_of(venv).write_text('#!/bin/sh\nprintf "%s|" "$@"\n', "utf-8")
    environment.python_of(venv).chmod(0o755)
    environment.program_of(venv).write_text(environment.program_text(venv), "utf-8")
    environment.program_of(venv).chmod(0o755)
    done = subprocess.run(
        [environment.program_of(venv), "class", "new", "5 B"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "-m|blenddesk|class|new|5 B|"


def test_packages_are_counted_without_their_hashes() -> None:
    text = "# x\na==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\nb==2 ; x == 'y' \\\n    --hash=sha256:02\n"
    assert environment.count_packages(text) == 2


def test_another_pythons_packages_are_kept_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    monkeypatch.setenv("PIP_CERT", "/kept")
    environ = environment.clean_environ()
    assert "PYTHONPATH" not in environ
    assert "PYTHONHOME" not in environ
    assert environ["PIP_CERT"] == "/kept"
