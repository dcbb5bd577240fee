"""Copies of pictures beside backups: each once, under its own name, sealed as it lies here; and back from there.

A backup holds the list of pictures with their keys but not the pictures: forty backups of a year would hold each of
them forty times. What does not fit in the budget is counted, and still comes home in volumes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import MINE, Id
from blenddesk.errors import EnvironmentTrouble, ExchangeTrouble
from blenddesk.storage.blobs import FOLDER, Blobs
from blenddesk.sync.erasures import erased_blobs
from blenddesk.sync.keys import our_sections
from blenddesk.sync.picture_words import known_pictures

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = logging.getLogger(__name__)

BUDGET = 2 << 30
"""Bytes of pictures at one place of backups: some six thousand."""


class Copies(NamedTuple):
    """``copied`` now, ``kept`` there in all, ``left``: known here and not there (no room, or not home yet)."""

    copied: int = 0
    kept: int = 0
    left: int = 0


class Pictures(NamedTuple):
    """Of one class: those that count, and those to be gone."""

    known: frozenset[bytes]
    erased: frozenset[bytes]


def pictures_of(connection: Connection) -> dict[Id, Pictures]:
    return {
        section: Pictures(known_pictures(connection, section), erased_blobs(connection, section))
        for section in our_sections(connection)
        if section != MINE
    }


def copy_beside(blobs: Blobs, pictures: Mapping[Id, Pictures], folder: Path, *, budget: int = BUDGET) -> Copies:
    """Copies what is here and not beside the backups in ``folder``, the newest first, and takes erased ones away there.

    Raises ``EnvironmentTrouble`` of that place; what was copied stays.
    """
    there = Blobs(folder / FOLDER)
    room = budget - sum(_size(there, section, name) for section in pictures for name in there.names(section))
    copied = kept = left = 0
    for section, known in pictures.items():
        there.remove(section, known.erased)
        held = set(there.names(section))
        kept += len(held)
        wanted = [name for name in blobs.names(section) if name in known.known and name not in held]
        left += len(known.known - held) - len(wanted)
        for name in wanted:
            data = _read(blobs, section, name)
            if data is None or len(data) > room:
                left += 1
                continue
            there.add(section, data)
            room -= len(data)
            copied += 1
    return Copies(copied, kept + copied, left)


def fetch_from(folders: Iterable[Path], blobs: Blobs, pictures: Mapping[Id, Pictures]) -> int:
    """Takes the pictures that are missing here from beside backups; returns how many. A place that cannot be read, or
    a file that is not what its name says, is passed over. Raises ``EnvironmentTrouble`` of our own disk."""
    fetched = 0
    for folder in folders:
        there = Blobs(folder / FOLDER)
        for section, known in pictures.items():
            for name in sorted(known.known.difference(blobs.names(section))):
                data = _read(there, section, name)
                if data is not None:
                    blobs.add(section, data)
                    fetched += 1
    return fetched


def _read(blobs: Blobs, section: Id, name: bytes) -> bytes | None:
    try:
        return blobs.read(section, name)
    except (EnvironmentTrouble, ExchangeTrouble) as trouble:
        log.info("a picture cannot be read: %s", trouble.code)
        return None


def _size(blobs: Blobs, section: Id, name: bytes) -> int:
    try:
        return blobs.path(section, name).stat().st_size
    except OSError:
        return 0
