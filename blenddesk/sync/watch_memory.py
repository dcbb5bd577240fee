"""What is kept of a watched folder between two starts: which files were read, and what was written there last.

It lies in the database, not beside it: a database that is put back from a copy forgets with it what it has not read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from blenddesk.domain.ids import Id
from blenddesk.sync.keys import read_local, write_local
from blenddesk.sync.manifest import PackageKind

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

PackageName = tuple[Id, PackageKind]
_NAME = "watched"


class ReadFile(msgspec.Struct, array_like=True, frozen=True):
    """A file that was read to the end: size, time of its last change, content, and whether this computer wrote it."""

    size: int
    changed: int
    sha256: bytes
    ours: bool


class WrittenFile(msgspec.Struct, array_like=True, frozen=True):
    """The newest package of one kind that was written into this folder; ``mark`` as ``packages.content_mark``."""

    sha256: bytes
    mark: bytes


class Memory(msgspec.Struct, array_like=True):
    """``read`` by file name as the system has it, ``written`` by ``key_of``; times are ms since 1970, 0 for never."""

    folder: bytes
    read: dict[bytes, ReadFile] = {}
    written: dict[bytes, WrittenFile] = {}
    last_read_ms: int = 0
    last_read_from: str = ""
    last_written_ms: int = 0


def key_of(one: PackageName) -> bytes:
    section, kind = one
    return section + bytes([kind])


def load(connection: Connection, folder: Path) -> Memory:
    """What is known of this folder; nothing when it is another one than the last time, or a newer program kept it."""
    kept = read_local(connection, _NAME)
    fresh = Memory(os.fsencode(folder))
    if kept is None:
        return fresh
    try:
        memory = msgspec.msgpack.decode(kept, type=Memory)
    except msgspec.MsgspecError:
        # Forgetting costs no more than reading the files once more.
        return fresh
    return memory if memory.folder == fresh.folder else fresh


def save(connection: Connection, encoded: bytes) -> None:
    write_local(connection, _NAME, encoded)


def encode(memory: Memory) -> bytes:
    return msgspec.msgpack.encode(memory)


def known_content(connection: Connection, sha256: bytes) -> Id | None:
    """Who wrote the package with this content, if it has been read to the end, by whatever way."""
    found = connection.exec_driver_sql(
        "SELECT sender FROM package_seen WHERE sha256 = ? AND result IN ('applied', 'nothing_new')", (sha256,)
    ).scalar_one_or_none()
    return None if found is None else bytes(found)


def forget_what_was_read(connection: Connection) -> None:
    """Every file of the watched folder is read again: for whoever has lost a part of the log and wants it healed."""
    connection.exec_driver_sql("DELETE FROM local WHERE name = ?", (_NAME,))
    connection.exec_driver_sql("DELETE FROM package_seen")
