"""Which sync core a run was played on: ranges of seeds count together only under one hash."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def core_hash() -> str:
    """BLAKE2b-128 of all that decides what becomes of an op: storage, sync and domain, file by file."""
    total = blake2b(digest_size=16)
    for floor in ("domain", "storage", "sync"):
        for file in sorted((ROOT / "blenddesk" / floor).rglob("*.py")):
            total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()
