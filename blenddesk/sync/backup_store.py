"""Where backups lie: one folder on this computer and a second place, named by counters and thinned by them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, Protocol

from blenddesk.domain.ids import Id
from blenddesk.domain.retention import Mark, kept
from blenddesk.errors import EnvironmentTrouble
from blenddesk.sync.sticks import SPARE_BYTES, RealDisk, _patiently, _sync, stick_trouble

CHUNK = 1 << 20
_NAME = re.compile(r"blenddesk-([0-9a-f]{8})-(\d{6,12})-d(\d{5,12})\.bdbackup")


class Disk(Protocol):
    """What keeping large files safely needs of a disk. Every method may raise ``OSError``."""

    def free_bytes(self, folder: Path) -> int: ...

    def names(self, folder: Path) -> list[str]: ...

    def size(self, path: Path) -> int: ...

    def write_stream(self, path: Path, chunks: Iterable[bytes]) -> None:
        """Makes or empties the file, writes it and returns once the device says that it has it."""
        ...

    def read_stream(self, path: Path) -> Iterator[bytes]: ...

    def sync_folder(self, folder: Path) -> None: ...

    def rename(self, path: Path, to: Path) -> None: ...

    def exists(self, path: Path) -> bool: ...

    def remove(self, path: Path) -> None: ...


class LargeFileDisk(RealDisk):
    """The computer's own file system, for files that need not fit into memory."""

    def names(self, folder: Path) -> list[str]:
        return sorted(path.name for path in folder.iterdir())

    def size(self, path: Path) -> int:
        return path.stat().st_size

    def write_stream(self, path: Path, chunks: Iterable[bytes]) -> None:
        with _patiently(lambda: path.open("wb")) as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            _sync(file.fileno())

    def read_stream(self, path: Path) -> Iterator[bytes]:
        with _patiently(lambda: path.open("rb")) as file:
            while chunk := file.read(CHUNK):
                yield chunk


class Kept(NamedTuple):
    """A backup made by itself, as its name tells. ``life``: of which life of which database."""

    path: Path
    life: str
    mark: Mark
    size: int


def life_mark(device_id: Id, epoch: Id) -> str:
    """Eight letters that tell the backups of one life of a database from all others in the same folder."""
    return blake2b(device_id + epoch, digest_size=4).hexdigest()


def name_of(life: str, mark: Mark) -> str:
    return f"blenddesk-{life}-{mark.number:06d}-d{mark.day:05d}.bdbackup"


def listed(folder: Path, disk: Disk) -> list[Kept]:
    """The backups in a folder that were made by themselves, those of one life together, the newest first.

    A file whose name a person changed is none of them, so it is never taken away. Raises ``OSError``.
    """
    found = []
    for name in disk.names(folder):
        read = _NAME.fullmatch(name)
        if read is not None:
            mark = Mark(int(read[2]), int(read[3]))
            found.append(Kept(folder / name, read[1], mark, disk.size(folder / name)))
    return sorted(found, key=lambda one: (one.life, one.mark), reverse=True)


def store(source: Path, folder: Path, name: str, disk: Disk) -> Path:
    """Copies a finished backup into a folder and returns its path there once it has been read back and is safe.

    A file of that name with other content (of a copied computer) stays; the new one gets a name of its own. Raises
    ``EnvironmentTrouble`` (those of a stick): what was there before is as it was.
    """
    try:
        size, wanted = source.stat().st_size, _hash(disk.read_stream(source))
        path = _free_name(folder, name, wanted, disk)
        if disk.exists(path):
            return path
        if disk.free_bytes(folder) < size + SPARE_BYTES:
            raise EnvironmentTrouble("stick_full", folder=str(folder), needed=size + SPARE_BYTES)
        # One name for each life: what a pulled stick left behind is used up by the next try.
        temporary = folder / f"{name.rsplit('-', 2)[0]}.tmp"
        disk.write_stream(temporary, disk.read_stream(source))
        disk.sync_folder(folder)
        _check(temporary, wanted, disk)
        disk.rename(temporary, path)
        disk.sync_folder(folder)
        _check(path, wanted, disk)
    except OSError as error:
        raise stick_trouble(error, folder) from error
    return path


def thin(folder: Path, life: str, disk: Disk) -> int:
    """Takes away the backups of one life that need not stay (``domain.retention``) and says how many.

    Those of other lives stay: a copied computer may write to the same stick. Raises ``OSError``.
    """
    ours = [one for one in listed(folder, disk) if one.life == life]
    stay = kept(one.mark for one in ours)
    gone = [one for one in ours if one.mark not in stay]
    for one in gone:
        disk.remove(one.path)
    return len(gone)


def set_aside(path: Path, disk: Disk) -> Path:
    """Renames a backup that turned out damaged, so that no good one is taken away for its sake. Raises ``OSError``."""
    aside = path.with_name(path.name + ".damaged")
    disk.rename(path, aside)
    return aside


def discard_unfinished(folder: Path, disk: Disk) -> None:
    """Takes away what an interrupted copy left."""
    with suppress(OSError):
        for name in disk.names(folder):
            if name.startswith("blenddesk-") and name.endswith(".tmp"):
                disk.remove(folder / name)


def _free_name(folder: Path, name: str, wanted: bytes, disk: Disk) -> Path:
    path, number = folder / name, 1
    while disk.exists(path) and _hash(disk.read_stream(path)) != wanted:
        number += 1
        path = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return path


def _check(path: Path, wanted: bytes, disk: Disk) -> None:
    if _hash(disk.read_stream(path)) != wanted:
        raise EnvironmentTrouble("stick_unreliable", folder=str(path.parent))


def _hash(chunks: Iterator[bytes]) -> bytes:
    total = blake2b(digest_size=32)
    for chunk in chunks:
        total.update(chunk)
    return total.digest()
