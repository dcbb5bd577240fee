"""Who may import whom: the floors of the house, read from the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "blenddesk"

GROUND = {"blenddesk", "errors", "text", "messages", "config", "diagnostics"}
"""Small modules without a floor of their own. ``messages`` turns codes into sentences, so only faces may use it."""
MAY_IMPORT = {
    "domain": {"errors"},
    "storage": {"errors", "domain", "blenddesk"},
    "sync": {"errors", "domain", "storage", "text", "blenddesk"},  # text: where the resources are
    "interop": {"errors", "domain"},
    "services": {"errors", "domain", "storage", "sync", "interop", "config", "text", "blenddesk"},
    "printing": {"errors", "domain", "text"},
    "ui": {
        "errors",
        "domain",
        "services",
        "interop",
        "printing",
        "text",
        "messages",
        "authority_words",
        "check_words",
        "conflict_words",
        "config",
        "diagnostics",
        "blenddesk",
    },
}
MAY_SET_UP = {"ui/app.py", "ui/welcome.py", "ui/welcome_doors.py", "ui/restore_sheet.py", "ui/rescue.py"}
"""Screens that exist before there is a device, or while it is changed for another, and so may open one."""
SETTING_UP = {"bootstrap", "joining", "restoring", "changing_places"}
THIRD_PARTY = {
    "domain": set(),
    "storage": {"sqlalchemy", "sqlcipher3", "msgspec", "zstandard"},
    "sync": {"sqlalchemy", "msgspec", "nacl", "pyrage", "zstandard"},
    "interop": {"python_calamine", "xlsxwriter", "defusedxml"},
    "services": set(),
    "printing": {"PySide6", "segno"},
    "ui": {"PySide6", "shiboken6"},
}


def modules(floor: str) -> list[Path]:
    return sorted((PACKAGE / floor).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """(module, line) of everything a file imports at run time; what only the type checker sees is left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            if node.module == "blenddesk":
                for name in node.names:
                    yield f"blenddesk.{name.name}", node.lineno
            else:
                yield node.module or "", node.lineno


@pytest.mark.parametrize("floor", MAY_IMPORT)
def test_a_floor_stands_on_lower_floors_only(floor: str) -> None:
    wrong = []
    for path in modules(floor):
        place = path.relative_to(PACKAGE).as_posix()
        for name, line in imports(path):
            top = name.split(".")[0]
            if top == "blenddesk":
                target = name.split(".")[1] if "." in name else "blenddesk"
                if target.startswith("__") or target == "RELEASE_MS":
                    target = "blenddesk"
                allowed = MAY_IMPORT[floor] | {floor} | (SETTING_UP if place in MAY_SET_UP else set())
                if target not in allowed:
                    wrong.append(f"{place}:{line} imports {name}")
            elif top not in sys.stdlib_module_names and top not in THIRD_PARTY[floor]:
                wrong.append(f"{place}:{line} imports {name}")
    assert not wrong


def test_the_student_window_sees_only_its_own_use_cases() -> None:
    allowed = {"blenddesk.services.kiosk", "blenddesk.services.context", "blenddesk.services"}
    wrong = [
        f"{path.name}:{line} imports {name}"
        for path in modules("ui/kiosk")
        for name, line in imports(path)
        if name.startswith("blenddesk.services") and name not in allowed
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("blenddesk.domain.live", {"PySide6", "sqlalchemy", "sqlcipher3"}),
        ("blenddesk.services.rosters", {"PySide6", "sqlalchemy", "socket", "ssl", "http", "urllib.request"}),
        ("blenddesk.bootstrap", {"PySide6", "sqlalchemy", "nacl", "pyrage", "zstandard", "alembic"}),
    ],
)
def test_importing_a_module_loads_nothing_heavy(module: str, absent: set[str]) -> None:
    program = f"import sys, {module}; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not absent & set(done.stdout.split())


def test_every_module_begins_with_a_sentence_about_itself() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*.py")
        if not (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0].endswith(".")
    ]
    assert not silent
