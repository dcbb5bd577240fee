"""Writes the file map in CONTRIBUTING.md from the first docstring line of every module, or checks it with --check."""

from __future__ import annotations

import argparse
import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "python3 installer/file_map.py"
BEGIN, END = "<!-- file map begins -->\n", "<!-- file map ends -->\n"


def main() -> int:
    """Write the map, or with --check compare only; 1 when a module has no first line or the map is old."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail when the map is out of date")
    options = parser.parse_args()
    contributing = ROOT / "CONTRIBUTING.md"
    lines, silent = describe(ROOT)
    if silent:
        print(f"No first docstring line in: {', '.join(silent)}", file=sys.stderr)
        return 1
    old = contributing.read_text("utf-8")
    new = replace_map(old, file_map(lines))
    if old == new:
        return 0
    if options.check:
        print(f"The file map in CONTRIBUTING.md is out of date. Type: {COMMAND}", file=sys.stderr)
        return 1
    contributing.write_text(new, "utf-8")
    return 0


def describe(root: Path) -> tuple[dict[str, str], list[str]]:
    """Module path below `root` -> its first docstring line, and the modules that have none."""
    lines, silent = {}, []
    for folder in ("blenddesk", "installer"):
        for file in sorted((root / folder).rglob("*.py")):
            place = file.relative_to(root).as_posix()
            docstring = ast.get_docstring(ast.parse(file.read_text("utf-8")))
            if docstring:
                lines[place] = docstring.splitlines()[0].strip()
            else:
                silent.append(place)
    return lines, silent


def file_map(lines: dict[str, str]) -> str:
    """The map as Markdown: a heading for each folder, a bullet for each module, a folder's own line first."""
    folders: dict[str, list[str]] = {}
    for place in sorted(lines):
        folders.setdefault(place.rsplit("/", 1)[0], []).append(place)
    parts = []
    for folder in sorted(folders):
        own = f"{folder}/__init__.py"
        parts.append(f"\n### {folder}/\n\n" + (f"{lines[own]}\n\n" if own in lines else ""))
        parts += [f"- `{place.rsplit('/', 1)[1]}`: {lines[place]}\n" for place in folders[folder] if place != own]
    return "".join(parts) + "\n"


def replace_map(text: str, new_map: str) -> str:
    """`text` with what stands between the two marks replaced; ValueError when a mark is missing."""
    head, rest = text.split(BEGIN, 1)
    _, tail = rest.split(END, 1)
    return head + BEGIN + new_map + END + tail


if __name__ == "__main__":
    sys.exit(main())
