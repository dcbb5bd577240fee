"""The one door for developers and the curious: set everything up, then run, test, check, build or lock."""

# Standard library only, and old syntax only: this file must still load on the Pythons it refuses.
from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import environment
import machine

ROOT = Path(__file__).resolve().parent.parent
DEMO_PICTURES = "demo-pictures"
MOST_WORKERS = 8

USAGE = """\
usage: python3 installer/dev.py COMMAND [ARGUMENTS]

  run  [ARGUMENTS]   set up if need be, then start BlendDesk; without arguments it opens the sample class
                     (or, without a screen, plays a whole lesson and makes pictures of it)
  test [ARGUMENTS]   set up if need be, then lint, format check, types and tests (arguments go to pytest)
  check              lint, format check and types only
  build              freeze the program into dist/blenddesk and let it test itself
  lock               choose the newest fitting packages and write installer/requirements-*.txt (network)
"""


def say(text: str) -> None:
    """One line of progress, at once even when the output is a file."""
    print(text, flush=True)


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code (2 for an unknown command)."""
    commands = {"run": run, "test": test, "check": check, "build": build, "lock": lock}
    if not arguments or arguments[0] not in commands:
        print(USAGE, end="")
        return 0 if arguments in (["-h"], ["--help"], ["help"]) else 2
    try:
        machine.check_python(sys.version_info[:3])
        machine.check_c_library(*platform.libc_ver(), platform.machine())
        return commands[arguments[0]](arguments[1:])
    except machine.Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\nStopped. Type the same command to go on; a half-made .venv is noticed and made again.", file=sys.stderr
        )
        return 130


def run(arguments: list[str]) -> int:
    """Start BlendDesk: with the sample class, or the demo when there is no screen, or whatever the arguments say."""
    screen = machine.has_screen(dict(os.environ), platform.system())
    machine.ensure(screen=screen, build=False, say=say)
    python = environment.ensure(ROOT, "run", say)
    if arguments:
        return call(python, ["-m", "blenddesk", *arguments], offscreen=not screen)
    if screen:
        return call(python, ["-m", "blenddesk", "--sample"], offscreen=False)
    return play_demo(python)


def play_demo(python: Path) -> int:
    """Play a whole lesson offscreen and say where its pictures are."""
    folder = Path.cwd() / DEMO_PICTURES
    say("There is no screen here, so BlendDesk plays a whole lesson by itself and makes pictures of every screen ...")
    code = call(python, ["-m", "blenddesk", "demo", "--out", str(folder)], offscreen=True)
    if code == 0:
        say(f"The pictures of every screen are in {folder}")
    return code


def test(arguments: list[str]) -> int:
    """Everything that must hold before a change is shared: lint, format, types and all tests, without a screen."""
    machine.ensure(screen=False, build=False, say=say)
    python = environment.ensure(ROOT, "dev", say)
    pytest = ["-m", "pytest", *parallel(arguments), *arguments]
    return run_steps(python, [*CHECKS, ("tests", pytest)])


def check(arguments: list[str]) -> int:
    """Lint, format check and types, then nothing else."""
    refuse_arguments("check", arguments)
    machine.ensure(screen=False, build=False, say=say)
    return run_steps(environment.ensure(ROOT, "dev", say), CHECKS)


def build(arguments: list[str]) -> int:
    """Freeze the program with PyInstaller and let the frozen one test itself (see installer/build.py)."""
    machine.ensure(screen=False, build=True, say=say)
    python = environment.ensure(ROOT, "dev", say)
    return call(python, [str(ROOT / "installer" / "build.py"), *arguments], offscreen=True)


def lock(arguments: list[str]) -> int:
    """Write the locked requirements anew (see installer/lock.py)."""
    machine.ensure(screen=False, build=False, say=say)
    return call(Path(environment.base_interpreter()), [str(ROOT / "installer" / "lock.py"), *arguments], offscreen=True)


CHECKS = [
    ("lint", ["-m", "ruff", "check", "."]),
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("types", ["-m", "mypy"]),
]


def refuse_arguments(command: str, arguments: list[str]) -> None:
    """Raise Stop when a command that takes no arguments was given some."""
    if arguments:
        raise machine.Stop("`{}` takes no arguments, and got: {}".format(command, " ".join(arguments)))


def parallel(arguments: list[str]) -> list[str]:
    """The pytest options for one worker a core, unless the person chose otherwise or wants the debugger.

    Who has nothing left takes tests from the others: some take a minute, and the order is another each time.
    """
    own_choice = any(word.startswith(("-n", "--numprocesses", "--pdb", "--trace")) for word in arguments)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if own_choice or "no:xdist" in arguments or cores == 1:
        return []
    return ["-n", str(min(cores, MOST_WORKERS)), "--dist", "worksteal"]


def run_steps(python: Path, steps: list[tuple[str, list[str]]]) -> int:
    """Run all steps even when one fails, so that one run shows everything; 1 if any failed."""
    failed = []
    for name, command in steps:
        started = time.monotonic()
        say(f"== {name}")
        if call(python, command, offscreen=True) != 0:
            failed.append(name)
        say(f"   {time.monotonic() - started:.1f} s")
    say("Failed: {}".format(", ".join(failed)) if failed else "Everything passed.")
    return 1 if failed else 0


def call(python: Path, command: list[str], offscreen: bool) -> int:
    """Run the interpreter, from the caller's folder for the program, else from the checkout; returns its exit code."""
    environ = environment.clean_environ()
    if offscreen:
        environ["QT_QPA_PLATFORM"] = "offscreen"
        if not any(environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
            environ["LC_CTYPE"] = "C.UTF-8"  # bare machines name no locale, and Qt would complain at every start
    inside = None if command[:2] == ["-m", "blenddesk"] else str(ROOT)
    return subprocess.run([str(python), *command], env=environ, cwd=inside, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
