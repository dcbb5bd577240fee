"""The files that this computer wrote into folders: which they are, and which of them nobody needs any more.

A file is taken for ours by the names we remember and by what is in it, never by its name alone. Files of other
computers, also of a copy of this one, are never touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from blenddesk.domain.ids import Id
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage.database import Database
from blenddesk.sync.keys import DeviceKeys, read_local, write_local
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.packages import holds_all, open_package
from blenddesk.sync.sticks import Disk

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

KEPT_FILES = 2
REMEMBERED_NAMES = 400
"""A folder that is written to all day must not make us forget what lies on the sticks."""


def remember(database: Database, section: Id, kind: PackageKind, name: str) -> list[str]:
    """Notes the name of a file that was just written and checked; returns all names of its kind, oldest first."""
    with database.write() as writing:
        names = [*_remembered(writing, section, kind), name][-REMEMBERED_NAMES:]
        write_local(writing, _key(section, kind), json.dumps(names).encode())
    return names


def remembered(database: Database, section: Id, kind: PackageKind) -> list[str]:
    """The names of the files of one kind that this computer wrote anywhere, oldest first."""
    with database.read() as connection:
        return _remembered(connection, section, kind)


def among(names: Sequence[str], there: Iterable[str]) -> list[str]:
    """Those of ``names`` that are there, in their order and as they are written there.

    Without regard to case: some file systems give a name back in capitals, and others then have both.
    """
    found: dict[str, list[str]] = {}
    for name in sorted(there):
        found.setdefault(name.casefold(), []).append(name)
    return [one for name in dict.fromkeys(name.casefold() for name in names) for one in found.get(name, ())]


def tidy(
    connection: Connection,
    keys: DeviceKeys,
    names: Sequence[str],
    section: Id,
    kind: PackageKind,
    folder: Path,
    disk: Disk,
) -> list[Path]:
    """Removes files of ours (``names``, oldest first) that the newest makes superfluous; the last two always stay.

    To be called when the newest has been verified and holds all that ``connection`` sees of the class: a file goes only
    if, opened now, it is ours and holds nothing that we do not. One that a copy of this computer wrote, or this one
    before it was restored, may be the only place where something is left. Returns what was removed.
    """
    removed: list[Path] = []
    # An older file that cannot be read or removed stays: it does no harm.
    with suppress(OSError):
        for name in among(names, disk.listing(folder))[:-KEPT_FILES]:
            old = folder / name
            with suppress(OSError, ExchangeTrouble):
                contents = open_package(connection, keys, disk.read(old)).contents
                ours = contents.manifest.sender == keys.device_id
                same = (contents.manifest.section, contents.kind) == (section, kind)
                if ours and same and holds_all(connection, contents.have()):
                    disk.remove(old)
                    removed.append(old)
    return removed


def _key(section: Id, kind: PackageKind) -> str:
    return f"exported/{section.hex()}/{kind:d}"


def _remembered(connection: Connection, section: Id, kind: PackageKind) -> list[str]:
    kept = read_local(connection, _key(section, kind))
    names: list[str] = json.loads(kept) if kept is not None else []
    return names
