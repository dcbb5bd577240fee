"""Qt's start: the second import compiles nothing, and whatever is wrong with the kept file harms nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import builtins, sys
from pathlib import Path
compiled = []
compile_now = builtins.compile
builtins.compile = lambda *args, **options: (compiled.append(args[1]), compile_now(*args, **options))[1]
sys.path.insert(0, sys.argv[2])
# Not through the package, which imports Qt by itself.
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("qt_start", Path(sys.argv[2]) / "blenddesk" / "ui" / "qt_start.py")
module = module_from_spec(spec)
spec.loader.exec_module(module)
module.import_qt(Path(sys.argv[1]))
assert builtins.__import__.__name__ != "__feature_import__"
from PySide6.QtCore import QPoint
try:
    QPoint().setX("one")
except TypeError as error:  # in words that come from those files
    assert "setX(x: int" in str(error), error
print(sum(str(name).startswith("shibokensupport") for name in compiled))
"""


def compiled_files(kept: Path) -> int:
    """How many of PySide6's own sources a fresh process had to compile."""
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(kept), str(root)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_the_second_start_compiles_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "kept.code"
    assert compiled_files(kept) > 5
    assert compiled_files(kept) == 0


@pytest.mark.parametrize("damage", [lambda data: data[:1000], lambda data: b"x" + data[1:], lambda data: b""])
def test_a_damaged_file_is_written_anew(tmp_path: Path, damage: object) -> None:
    kept = tmp_path / "kept.code"
    compiled_files(kept)
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))  # type: ignore[operator]
    assert compiled_files(kept) > 5
    assert kept.read_bytes() == whole


def test_where_nothing_can_be_written_it_starts_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert compiled_files(tmp_path / "file" / "kept.code") > 5
