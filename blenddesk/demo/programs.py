"""Runs the real program as a process of its own, once for each thing done at a computer of the demo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blenddesk.config import Paths
from blenddesk.errors import Refusal

LIMIT_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Computer:
    """A computer of the demo: its name and its data directory."""

    name: str
    folder: Path

    def run(self, *arguments: str | Path) -> dict[str, Any]:
        """The program's answer to a command. Refusal ``demo_stopped`` when it does not say ok."""
        words = ["--data-dir", str(self.folder), "--json", *map(str, arguments)]
        return ask(words, f"{self.name}: {' '.join(map(str, arguments[:2]))}", self.folder)

    @property
    def scratch(self) -> Path:
        """What the program would leave in the system's folder for temporary files is left here, and looked at."""
        return scratch_of(self.folder)


def ask(words: list[str], step: str, folder: Path) -> dict[str, Any]:
    """Runs the program with ``words`` and returns the JSON object it prints. Refusal ``demo_stopped``."""
    process = start(words, folder)
    return answer_of(process, step)


def start(words: list[str], folder: Path) -> subprocess.Popen[str]:
    """The program as a process that has begun."""
    scratch = scratch_of(folder)
    scratch.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [*program(), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(scratch),
    )


def answer_of(process: subprocess.Popen[str], step: str) -> dict[str, Any]:
    """Waits for the process and returns what it answered. Refusal ``demo_stopped`` (step, detail)."""
    try:
        out, noise = process.communicate(timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.communicate()
        raise Refusal("demo_stopped", step=step, detail=f"{LIMIT_SECONDS} s") from error
    try:
        answer: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise Refusal(
            "demo_stopped", step=step, detail=noise.strip()[-2_000:] or f"exit {process.returncode}"
        ) from error
    if process.returncode != 0 or not answer.get("ok"):
        raise Refusal("demo_stopped", step=step, detail=str(answer.get("message", noise.strip()[-2_000:])))
    return answer


def program() -> list[str]:
    """How this very program is started: the frozen one by its file, else by its interpreter."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "blenddesk"]


def scratch_of(folder: Path) -> Path:
    """Where the program of a data directory puts what is temporary, and what belongs to its computer."""
    return folder.with_name(f"{folder.name}-temporary")


def paths_of(folder: Path) -> Paths:
    """The data directory as its program sees it."""
    return Paths(folder, state_of(scratch_of(folder)))


def state_of(scratch: Path) -> Path:
    return scratch / "state"


def environment(scratch: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BLENDDESK_")}
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    found = (
        kept
        | temporary
        | {
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONIOENCODING": "utf-8",
            "BLENDDESK_STATE_DIR": str(state_of(scratch)),
        }
    )
    if not getattr(sys, "frozen", False):
        source = str(Path(__file__).parent.parent.parent)
        found["PYTHONPATH"] = os.pathsep.join(filter(None, (source, kept.get("PYTHONPATH", ""))))
    return found
