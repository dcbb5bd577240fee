"""The checkout's private `.venv`: made from hashed, locked packages, stamped when finished, remade when stale."""

# Standard library only, and old syntax only: this file must still load on the Pythons that dev.py refuses.
from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from machine import Stop

# Raise this when the way the environment is made changes, so that older ones are remade.
SCHEMA = 1
STAMP_NAME = "blenddesk-stamp.json"
PROFILES = ("run", "dev")


def requirements_file(root: Path, profile: str) -> Path:
    """The locked requirements of a profile: `run` is what the program needs, `dev` adds what the tests need."""
    return root / "installer" / f"requirements-{profile}.txt"


def python_of(venv: Path) -> Path:
    """The environment's own interpreter."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def program_of(venv: Path) -> Path:
    """The `blenddesk` command inside the environment."""
    return venv / "Scripts" / "blenddesk.cmd" if os.name == "nt" else venv / "bin" / "blenddesk"


def program_text(venv: Path) -> str:
    """That command's text: a shell line, not a `#!` line to the interpreter, as paths may be long or hold spaces."""
    if os.name == "nt":
        return '@"%~dp0python.exe" -m blenddesk %*\n'
    return f'#!/bin/sh\nexec {shlex.quote(str(python_of(venv)))} -m blenddesk "$@"\n'


def wanted_stamp(root: Path, venv: Path, profile: str, base_python: str) -> dict[str, object]:
    """What the stamp of a finished environment says: any difference means it no longer fits this checkout."""
    hashes = {
        name: hashlib.sha256(requirements_file(root, name).read_bytes()).hexdigest()
        for name in PROFILES[: PROFILES.index(profile) + 1]
    }
    return {
        "schema": SCHEMA,
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "base": base_python,
        "venv": str(venv),
        "requirements": hashes,
    }


def read_stamp(venv: Path) -> dict[str, object]:
    """The stamp on disk, or an empty one when there is none or it is unreadable (then the environment is remade)."""
    try:
        stamp = json.loads((venv / STAMP_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def decide(found: dict[str, object], wanted: dict[str, object]) -> str:
    """'ready' (start at once), 'add' (only the test packages are missing) or 'make' (anything else)."""
    found_hashes, wanted_hashes = found.get("requirements"), wanted["requirements"]
    if not isinstance(found_hashes, dict) or not isinstance(wanted_hashes, dict):
        return "make"
    if {**found, "requirements": None} != {**wanted, "requirements": None}:
        return "make"
    common = set(found_hashes) & set(wanted_hashes)
    if "run" not in common or any(found_hashes[name] != wanted_hashes[name] for name in common):
        return "make"
    return "ready" if set(wanted_hashes) <= set(found_hashes) else "add"


def is_ours(venv: Path) -> bool:
    """True while the interpreter and our own `blenddesk` command stand (another tool may have rebuilt the folder)."""
    try:
        return python_of(venv).exists() and program_of(venv).read_text("utf-8") == program_text(venv)
    except (OSError, ValueError):
        return False


def clean_environ() -> dict[str, str]:
    """The caller's variables without those that would let another Python's packages in."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


def base_interpreter() -> str:
    """The Python outside any environment, so that the private one can be remade even while it is the active one."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)


def ensure(root: Path, profile: str, say: Callable[[str], None]) -> Path:
    """Make the environment fit `profile` ('run' or 'dev'), return its interpreter; no network when it fits already."""
    venv = root / ".venv"
    base = base_interpreter()
    wanted = wanted_stamp(root, venv, profile, base)
    step = decide(read_stamp(venv), wanted) if is_ours(venv) else "make"
    if step == "ready":
        return python_of(venv)
    if step == "make":
        make(venv, base, say)
    else:
        (venv / STAMP_NAME).unlink()  # half-added packages must not look finished
    install_packages(root, venv, profile, say)
    install_project(root, venv)
    write_stamp(venv, wanted)
    say("The private environment is ready.")
    return python_of(venv)


def make(venv: Path, base: str, say: Callable[[str], None]) -> None:
    """An empty environment with pip; whatever stood there (finished for another Python, half made) is removed first."""
    if venv.is_symlink() or venv.is_file():
        raise Stop(f"{venv} is not a folder of this checkout; move it away and try again.")
    if venv.exists():
        say("Removing the old or half-made .venv ...")
        shutil.rmtree(venv)
    say("Making a private Python environment in .venv ...")
    done = subprocess.run(
        [base, "-m", "venv", str(venv)], capture_output=True, text=True, check=False, env=clean_environ()
    )
    if done.returncode != 0:
        raise Stop("The private environment could not be made. Python said:\n" + (done.stdout + done.stderr).strip())


def count_packages(requirements: str) -> int:
    """How many packages a locked requirements text names (some may be for other systems)."""
    return sum(1 for line in requirements.splitlines() if line and not line.startswith((" ", "#", "-")))


def install_packages(root: Path, venv: Path, profile: str, say: Callable[[str], None]) -> None:
    """Install the locked packages, every file checked against its hash, counting them as pip reaches each."""
    file = requirements_file(root, profile)
    total = count_packages(file.read_text("utf-8"))
    say(f"Downloading and installing at most {total} packages (about 100 MB the first time) ...")
    command = [str(python_of(venv)), "-m", "pip", "install", "--require-hashes", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar=off", "-r", str(file)]
    count, log = 0, []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=clean_environ(),
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            log.append(line.rstrip())
            words = line.split()
            if words[:1] in (["Collecting"], ["Processing"]) and len(words) > 1:  # by name, or a file found at hand
                count += 1
                say(f"  {count:2d}  {Path(words[1]).name}")
    if process.returncode != 0:
        raise Stop(
            "The packages could not be installed. pip's last words were:\n{}\n"
            "Nothing outside .venv was changed. Check the network, then type the same command again.".format(
                "\n".join(log[-12:])
            )
        )


def install_project(root: Path, venv: Path) -> None:
    """Let the environment see this checkout (a `.pth` line) and give it the `blenddesk` command, with no build tool."""
    answer = subprocess.run(
        [str(python_of(venv)), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
        env=clean_environ(),
    )
    Path(answer.stdout.strip(), "blenddesk-checkout.pth").write_text(str(root) + "\n", "utf-8")
    program = program_of(venv)
    program.write_text(program_text(venv), "utf-8")
    program.chmod(0o755)


def write_stamp(venv: Path, stamp: dict[str, object]) -> None:
    """Write the stamp last and in one step, so that an interrupted set-up leaves none."""
    unfinished = venv / (STAMP_NAME + ".new")
    unfinished.write_text(json.dumps(stamp, indent=2) + "\n", "utf-8")
    unfinished.replace(venv / STAMP_NAME)
