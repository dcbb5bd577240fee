"""The volumes that this computer wrote into folders: what is in each, and which of them nobody needs any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from blenddesk.domain.ids import Id
from blenddesk.sync import own_files
from blenddesk.sync.keys import read_local, write_local
from blenddesk.sync.sticks import Disk

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

WORD, BLOBS = "word", "blobs"


class OwnVolume(msgspec.Struct, array_like=True, frozen=True):
    """A file that was written and read back. ``mark``: of a word, what it says; of pictures, what the desks had said
    when it was last found whole. ``names``: the blobs in it."""

    name: str
    size: int
    sha256: bytes
    kind: str
    names: list[bytes]
    mark: bytes


_decode = msgspec.msgpack.Decoder(list[OwnVolume]).decode


def remembered(connection: Connection, section: Id) -> list[OwnVolume]:
    """Every volume of a class that we wrote anywhere, oldest first."""
    kept = read_local(connection, _key(section))
    return [] if kept is None else _decode(kept)


def remember(connection: Connection, section: Id, volumes: Iterable[OwnVolume]) -> None:
    kept = list(volumes)[-own_files.REMEMBERED_NAMES :]
    write_local(connection, _key(section), msgspec.msgpack.encode(kept))


def present(volumes: Iterable[OwnVolume], there: dict[str, tuple[int, int]]) -> list[tuple[OwnVolume, str]]:
    """Those of ``volumes`` that lie in a folder with this listing, by the look of it, each with its name there."""
    return [
        (volume, name)
        for volume in volumes
        for name in own_files.among([volume.name], there)
        if there[name][0] == volume.size
    ]


def is_whole(disk: Disk, path: Path, volume: OwnVolume) -> bool:
    """Whether the file, read now, is what we wrote."""
    try:
        return sha256(disk.read(path)).digest() == volume.sha256
    except OSError:
        return False


def is_superfluous(volume: OwnVolume, safe: Collection[bytes], others: Iterable[OwnVolume]) -> bool:
    """Whether each of its blobs is safe without it: at home, erased, or in another volume that was found whole."""
    elsewhere = {name for other in others if other is not volume for name in other.names}
    return all(name in safe or name in elsewhere for name in volume.names)


def _key(section: Id) -> str:
    return f"pictures/files/{section.hex()}"
