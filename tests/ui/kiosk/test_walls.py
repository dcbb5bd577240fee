"""What the student's window may know of the program: of the services only its own, and nothing heavy to start."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import blenddesk.ui.kiosk

FOLDER = Path(blenddesk.ui.kiosk.__file__).parent
HEAVY = {"sqlalchemy", "alembic", "nacl", "pyrage", "zstandard", "python_calamine", "segno"}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def test_of_the_services_it_sees_its_own_only() -> None:
    allowed = ("blenddesk.services.kiosk", "blenddesk.services.context")
    wrong = {
        f"{path.name}: {name}"
        for path in FOLDER.glob("*.py")
        for name in imported(path)
        if name.startswith(("blenddesk.services", "blenddesk.storage", "blenddesk.sync", "blenddesk.ui.desk"))
        and not any(name == one or name.startswith(one + ".") for one in allowed)
    }
    assert not wrong


def test_nothing_reads_reflections() -> None:
    assert not [path.name for path in FOLDER.glob("*.py") if "reflections_of" in path.read_text(encoding="utf-8")]
    services = FOLDER.parents[1] / "services"
    for name in ("kiosk.py", "kiosk_view.py"):
        assert "reflections_of" not in (services / name).read_text(encoding="utf-8")


def test_the_window_loads_without_the_heavy_libraries() -> None:
    code = "import sys, blenddesk.ui.kiosk.window; print(*sorted(name.partition('.')[0] for name in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not HEAVY & set(ran.stdout.split())
