"""Which sync core a run was played on: ranges of seeds count together only under one hash."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = "blenddesk"
DECIDING = ("storage", "sync")
"""All of these floors decides what becomes of an op, but for what only reads for screens."""
READS = "storage/reads/"


def core_hash(root: Path = ROOT) -> str:
    """BLAKE2b-128 of all modules that decide what becomes of an op, file by file."""
    total = blake2b(digest_size=16)
    for file in core_files(root):
        total.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def core_files(root: Path = ROOT) -> list[Path]:
    """``sync``, ``storage`` without its reads, and whatever of the package they import, however far."""
    package = root / PACKAGE
    begin = [
        file
        for floor in DECIDING
        for file in sorted((package / floor).rglob("*.py"))
        if not file.relative_to(package).as_posix().startswith(READS)
    ]
    found: set[Path] = set()
    waiting = list(begin)
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imported(file, root)
    return sorted(found)


def _imported(file: Path, root: Path) -> Iterable[Path]:
    for parts in _names(file.relative_to(root).parent.parts, file.read_bytes()):
        yield from _files_of(parts, root)


@cache
def _names(above: tuple[str, ...], text: bytes) -> tuple[tuple[str, ...], ...]:
    """The modules of the package that a file imports, also inside its functions, and the names that it takes from them
    (which may be modules). Not what is imported only for types: that decides nothing."""
    tree = ast.parse(text)
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for part in node.body
        for inner in ast.walk(part)
    }
    found: list[tuple[str, ...]] = []
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            found += [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = above[: len(above) - node.level + 1] if node.level else ()
            base = (*base, *(node.module or "").split(".")) if node.module else base
            found += [base, *((*base, alias.name) for alias in node.names)]
    return tuple(name for name in found if name[:1] == (PACKAGE,))


def _files_of(parts: tuple[str, ...], root: Path) -> Iterable[Path]:
    for length in range(1, len(parts) + 1):
        path = root.joinpath(*parts[:length])
        candidates = (path / "__init__.py", path.with_suffix(".py"))
        yield from (candidate for candidate in candidates if candidate.is_file())
