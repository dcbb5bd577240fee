"""A stand-in for the version after this one: the same program whose registry knows one more record and one more field.

``build`` copies the package and adds the lines that a programmer would add. What it does runs in a process of its own,
since one process has one registry: ``Program(...).run("write", ...)`` is ``python -m tests.versions.newer write ...``
with the package that is meant in front of all others.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FIELD, RECORD = "mood", "parade"
ADDED = (
    (
        "domain/registry.py",
        '        "9 by text CLASS",  # student | recorder | teacher\n',
        f'        "900 {FIELD} text CLASS",\n',
    ),
    (
        "domain/registry.py",
        "RECORDS: tuple[Record, ...] = (\n",
        f'    _record(9_000, "{RECORD}", "1 student id CLASS", "2 banner text CLASS"),\n',
    ),
    ("domain/authority.py", '_RULES = """\n', f"entry 900-900 all nobody\n{RECORD} 1-2 all desk\n"),
)
"""File, line, and what the newer version has after it."""


def build(to: Path) -> Path:
    """The newer version as a folder to import from."""
    package = to / "blenddesk"
    shutil.copytree(ROOT / "blenddesk", package, ignore=shutil.ignore_patterns("__pycache__", "ui", "printing"))
    for name, line, more in ADDED:
        file = package / name
        text = file.read_text(encoding="utf-8")
        assert text.count(line) == 1, f"{name} has no such line any more: {line}"
        file.write_text(text.replace(line, line + more), encoding="utf-8")
    shutil.copytree(ROOT / "resources", to / "resources")
    return to


class Program:
    """One version of the program."""

    def __init__(self, folder: Path = ROOT) -> None:
        self.folder = folder

    def run(self, action: str, *arguments: object) -> Any:
        """What the action printed, as JSON. Raises ``AssertionError`` with all that a failing process said."""
        found = subprocess.run(
            [sys.executable, "-m", "tests.versions.newer", action, *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(self.folder), str(ROOT)])},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert found.returncode == 0, found.stderr
        return json.loads(found.stdout)


# --- in the process of its own --------------------------------------------------------------------------------------


def _open(folder: str) -> Any:
    from blenddesk import bootstrap
    from blenddesk.config import Paths
    from tests.conftest import FakeClock

    clock = FakeClock()
    at = Path(folder)
    clock.advance(minutes=sum(1 for _ in at.parent.rglob("*")))
    return bootstrap.open_device(Paths(at / "data", at / "state"), clock=clock)


def _join(folder: str, seat: str, words: str, *more: str) -> object:
    """Each three arguments are a folder, a seat file and its words."""
    from blenddesk import joining
    from blenddesk.config import Paths
    from tests.conftest import FakeClock

    at = Path(folder)
    joining.open_seat(Paths(at / "data", at / "state"), Path(seat).read_bytes(), words, clock=FakeClock())
    return _join(*more) if more else "joined"


def _write(folder: str, stick: str) -> object:
    """Something of the new record, an entry with the new field, and one as everybody knows it."""
    from blenddesk import bootstrap
    from blenddesk.domain.ops import put
    from blenddesk.domain.registry import BY_NAME
    from blenddesk.services import exchange

    context = _open(folder)
    section = context.reads.sections.all()[0].id
    (student, *_others) = (student.id for student in context.reads.people.students(section))
    new = {FIELD: "proud"} if BY_NAME["entry"].fields[-1].name == FIELD else {}
    drafts = [
        put(section, "entry", context.randomness.token(16), student=student, kind="finished", by="student", **new)
    ]
    if RECORD in BY_NAME:
        drafts.append(put(section, RECORD, context.randomness.token(16), student=student, banner="with a drum"))
    context.ledger.commit("entry_logged", drafts)
    exchange.take_to_computers(context, Path(stick))
    bootstrap.close_device(context)
    return "written"


def _read(stick: str, *folders: str) -> object:
    """One after the other brings home all of a stick and writes on it again. Returns what was refused."""
    return [reason for folder in folders for reason in _read_at(stick, folder)]


def _read_at(stick: str, folder: str) -> list[str | None]:
    from blenddesk import bootstrap
    from blenddesk.services import exchange

    context = _open(folder)
    home = exchange.bring_home(context, [Path(stick)])
    exchange.take_to_computers(context, Path(stick))
    bootstrap.close_device(context)
    return [package.reason for package in home.refused]


def _show(*folders: str) -> object:
    """What this version shows on each, and whether it is what the log says."""
    return [_show_at(folder) for folder in folders]


def _show_at(folder: str) -> object:
    from blenddesk import bootstrap
    from blenddesk.domain.registry import BY_NAME
    from blenddesk.storage import digest

    context = _open(folder)
    found: dict[str, object] = {}
    with context.ledger.database.read() as connection:
        found["sound"] = digest.verify(connection) == []
        found["entries"] = connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one()
        statuses = connection.exec_driver_sql("SELECT status, count(*) FROM op GROUP BY status ORDER BY status")
        found["statuses"] = {str(status): count for status, count in statuses}
        if RECORD in BY_NAME:
            rows = connection.exec_driver_sql(f"SELECT {FIELD} FROM entry WHERE {FIELD} IS NOT NULL ORDER BY id")
            found["moods"] = list(rows.scalars())
            found["banners"] = list(connection.exec_driver_sql(f"SELECT banner FROM {RECORD}").scalars())
    found["rebuilds"] = digest.rebuild(context.ledger)
    with context.ledger.database.read() as connection:
        found["digest"] = digest.class_digest(connection, context.reads.sections.all()[0].id)
    bootstrap.close_device(context)
    return found


ACTIONS: dict[str, Callable[..., object]] = {"join": _join, "write": _write, "read": _read, "show": _show}

if __name__ == "__main__":
    print(json.dumps(ACTIONS[sys.argv[1]](*sys.argv[2:])))
