"""The one door for developers, the locked requirements behind it, and that README and CI use it as it is."""

from __future__ import annotations

import ast
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dev
import lock

ROOT = dev.ROOT
PROFILES = ("run", "dev")
NEEDED_BEFORE_INSTALL = ("dev.py", "machine.py", "environment.py")


def lock_text(profile: str) -> str:
    return (ROOT / "installer" / f"requirements-{profile}.txt").read_text("utf-8")


def pyproject() -> dict[str, dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", NEEDED_BEFORE_INSTALL)
def test_set_up_needs_only_the_standard_library(name: str) -> None:
    imported = set()
    for node in ast.walk(ast.parse((ROOT / "installer" / name).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported <= set(sys.stdlib_module_names) | {"machine", "environment"}


@pytest.mark.parametrize("name", NEEDED_BEFORE_INSTALL)
def test_set_up_still_loads_on_the_pythons_it_refuses(name: str) -> None:
    ast.parse((ROOT / "installer" / name).read_text("utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_lock_is_sound(profile: str) -> None:
    assert lock.find_problems(lock_text(profile)) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_the_lock_names_no_host(profile: str) -> None:
    words = re.sub(r"--hash=sha256:[0-9a-f]{64}", "", lock_text(profile))
    assert re.findall(r"\w+\.(?:org|com|io|net|dev)\b|://|index-url|find-links", words) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("--index-url x\na==1 --hash=sha256:0\n", "option"),
        ("a @ https://host/a.whl --hash=sha256:0\n", "host"),
        ("a>=1 \\\n    --hash=sha256:0\n", "exact version"),
        ("a==1\n", "hash"),
    ],
)
def test_an_unsound_lock_is_noticed(text: str, problem: str) -> None:
    assert any(problem in found for found in lock.find_problems(text))


def test_every_requirement_of_the_project_is_locked_within_its_bounds() -> None:
    from packaging.requirements import Requirement

    project = pyproject()
    wanted = {"run": project["project"]["dependencies"], "dev": project["dependency-groups"]["dev"]}
    for profile, requirements in wanted.items():
        locked = {normal(name): line for name, line in lock.package_blocks(lock_text(profile)).items()}
        assert isinstance(requirements, list)
        for text in requirements:
            requirement = Requirement(text)
            line = locked[normal(requirement.name)]
            version = line.split("==", 1)[1].split()[0]
            assert requirement.specifier.contains(version), f"{line[:60]} does not meet {text}"


def test_tests_run_with_exactly_what_ships() -> None:
    run, everything = (lock.package_blocks(lock_text(profile)) for profile in PROFILES)
    assert {name: everything.get(name) for name in run} == run


def test_the_version_chosen_by_hand_is_the_one_locked() -> None:
    assert lock.package_blocks(lock_text("run"))["pyside6-essentials"].startswith("pyside6-essentials==6.11.3 ")
    assert lock.chosen_pins() == ["PySide6-Essentials==6.11.3"]


def test_the_version_is_told_once() -> None:
    import blenddesk

    assert pyproject()["project"]["version"] == blenddesk.__version__


def test_the_commands_in_readme_and_contributing_exist() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text("utf-8")
        used = set(re.findall(r"python3 installer/dev\.py (\w+)", text))
        assert {"run", "test"} <= used, name
        for command in used:
            assert callable(getattr(dev, command)), command
            assert f"  {command} " in dev.USAGE


def test_ci_calls_the_readmes_test_command_then_the_frozen_program() -> None:
    script = ROOT / ".ci" / "run"
    text = script.read_text("utf-8")
    assert text.index("python3 installer/dev.py test\n") < text.index("python3 installer/dev.py build\n")
    assert "set -euo pipefail" in text
    assert script.stat().st_mode & stat.S_IXUSR


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["fly"], 2), (["--help"], 0)])
def test_usage(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(arguments) == code
    assert capsys.readouterr().out == dev.USAGE


def test_a_stop_is_one_sentence_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev.sys, "version_info", (3, 9, 1))
    assert dev.main(["run"]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("This is Python 3.9")
    assert "Traceback" not in captured.err


def test_check_takes_no_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["check", "tests"]) == 1
    assert "takes no arguments" in capsys.readouterr().err


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], bool]]:
    """Every interpreter call dev.py would make, with nothing set up."""
    made: list[tuple[list[str], bool]] = []

    def call(python: Path, command: list[str], offscreen: bool) -> int:
        made.append((command, offscreen))
        return 1 if "ruff" in command and "--check" in command else 0

    monkeypatch.setattr(dev.machine, "ensure", lambda **_: None)
    monkeypatch.setattr(dev.environment, "ensure", lambda *_: Path("python"))
    monkeypatch.setattr(dev, "call", call)
    return made


def test_run_opens_the_sample_class_on_a_screen(
    monkeypatch: pytest.MonkeyPatch, calls: list[tuple[list[str], bool]]
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert dev.main(["run"]) == 0
    assert calls == [(["-m", "blenddesk", "--sample"], False)]


def test_run_plays_the_demo_without_a_screen_and_says_where_the_pictures_are(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    calls: list[tuple[list[str], bool]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(dev.platform, "system", lambda: "Linux")
    monkeypatch.chdir(tmp_path)
    assert dev.main(["run"]) == 0
    pictures = tmp_path / dev.DEMO_PICTURES
    assert calls == [(["-m", "blenddesk", "demo", "--out", str(pictures)], True)]
    assert capsys.readouterr().out.endswith(f"The pictures of every screen are in {pictures}\n")


def test_run_passes_arguments_on(monkeypatch: pytest.MonkeyPatch, calls: list[tuple[list[str], bool]]) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    dev.main(["run", "class", "list", "--json"])
    assert calls == [(["-m", "blenddesk", "class", "list", "--json"], False)]


def test_test_runs_every_step_even_after_one_failed_and_fails(
    calls: list[tuple[list[str], bool]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["test", "-p", "no:xdist", "-k", "goal"]) == 1
    assert [command[1] for command, _ in calls] == ["ruff", "ruff", "mypy", "pytest"]
    assert calls[-1] == (["-m", "pytest", "-p", "no:xdist", "-k", "goal"], True)
    assert "Failed: format" in capsys.readouterr().out


@pytest.mark.parametrize("own", [["-n", "4"], ["-n0"], ["--pdb"], ["-p", "no:xdist"]])
def test_the_persons_choice_of_workers_stands(own: list[str]) -> None:
    assert dev.parallel(own) == []


def test_workers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert dev.parallel([]) == ["-n", "8", "--dist", "worksteal"]
    monkeypatch.setattr(dev.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert dev.parallel([]) == ["-n", "2", "--dist", "worksteal"]
    monkeypatch.setattr(dev.os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert dev.parallel([]) == []


def test_the_ignored_files_are_not_in_the_repository() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    ignored = subprocess.run(
        ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert ignored == ""
    for name in ("uv.lock", ".venv/x", "dist/x", "build/x", "demo-pictures/x"):
        assert subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False).returncode == 0, name
