"""Damage to real encrypted databases: which page belongs to what, and a byte of it flipped."""

from __future__ import annotations

from pathlib import Path

from blenddesk.storage.database import connect

PAGE = 4_096


def flip(path: Path, page: int, at: int = 100) -> None:
    """Changes one bit of one page (counted from 1), as a failing disk does."""
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE + at)
        (byte,) = file.read(1)
        file.seek((page - 1) * PAGE + at)
        file.write(bytes([byte ^ 1]))


def pages(path: Path) -> int:
    return path.stat().st_size // PAGE


def root_page(path: Path, key: bytes, name: str) -> int:
    """Where a table or an index begins."""
    connection = connect(path, key)
    try:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        return int(page)
    finally:
        connection.close()
