"""Importing Qt without the detours PySide6 takes: its own sources stay compiled, and `import` is Python's own again.

PySide6 carries a dozen Python files as text inside its libraries and compiles them at every start: a tenth of the time
to the first window (measured with 6.11 on Python 3.11). What Python does for every other module, keep the compiled code
in a ``__pycache__`` folder, is done here for these. The code is found by the hash of its source that Python has for
such files, so another PySide6 has other entries, and a missing, old or damaged file only means compiling once more.
"""

from __future__ import annotations

import builtins
import marshal
import sys
from importlib.util import source_hash
from pathlib import Path
from types import CodeType
from typing import Any


def import_qt(kept: Path | None = None) -> None:
    """Imports QtWidgets, and with it QtCore and QtGui, unless they are imported already.

    ``kept`` is the file with the compiled code; it is written when something in it was missing and it can be.
    """
    if "PySide6.QtWidgets" not in sys.modules:
        with_compiled_code(kept or _kept_file())
    if hasattr(builtins, "__orig_import__"):
        # After PySide6 has put its own in place, every later import reads source files (60 ms for SQLAlchemy).
        builtins.__import__ = builtins.__orig_import__


def with_compiled_code(kept: Path) -> None:
    known, fresh = _read(kept), dict[bytes, CodeType]()
    compile_now = builtins.compile

    def compile_once(source: Any, filename: Any, mode: str, *flags: Any, **options: Any) -> Any:
        if flags or options or mode != "exec" or not isinstance(source, bytes | str):
            return compile_now(source, filename, mode, *flags, **options)
        text = source.encode() if isinstance(source, str) else source
        key = source_hash(f"{filename}\0".encode() + text)
        code = known.get(key) or fresh.get(key)
        if code is None:
            code = fresh[key] = compile_now(source, filename, mode)
        return code

    builtins.compile = compile_once
    try:
        import PySide6.QtWidgets  # noqa: F401
    finally:
        builtins.compile = compile_now
    if fresh:
        _write(kept, known | fresh)


def _kept_file() -> Path:
    """Beside the other compiled modules, one for each kind of Python; in the frozen program with its other data."""
    frozen = getattr(sys, "_MEIPASS", None)
    folder = Path(__file__).parent / "__pycache__" if frozen is None else Path(frozen)
    return folder / f"pyside6.{sys.implementation.cache_tag}.code"


def _read(kept: Path) -> dict[bytes, CodeType]:
    try:
        digest, data = (whole := kept.read_bytes())[:8], whole[8:]
        return marshal.loads(data) if digest == source_hash(data) else {}
    except OSError:
        return {}


def _write(kept: Path, codes: dict[bytes, CodeType]) -> None:
    """Whole or not at all; where nothing may be written the next start compiles again, as PySide6 alone would."""
    if sys.dont_write_bytecode and not hasattr(sys, "_MEIPASS"):
        return
    data = marshal.dumps(codes)
    beside = kept.with_suffix(".new")
    try:
        beside.write_bytes(source_hash(data) + data)
        beside.replace(kept)
    except OSError:
        return
