"""The files beside the database that hold pictures: one sealed blob each, named by its content, written once.

A name is a hash of the sealed bytes keyed with the class, so that every computer of the class can tell whether a file
is what it should be without being able to open it, and a blob of one class is none in another. A file that is missing
means nothing; only an erasure takes one away.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from blenddesk.domain.evidence import BLOB_NAME_BYTES, MAX_BLOB_BYTES
from blenddesk.domain.ids import Id
from blenddesk.errors import EnvironmentTrouble, ExchangeTrouble

FOLDER = "pictures"
SUFFIX = ".blob"
UNFINISHED = ".tmp"
DAMAGED = ".damaged"


def name_of(section: Id, data: bytes) -> bytes:
    """The name (32 bytes) of a blob of a class."""
    return blake2b(data, digest_size=BLOB_NAME_BYTES, key=section, person=b"bd-blob1").digest()


def beside(database: Path) -> Blobs:
    """The blobs that belong to the database in this file."""
    return Blobs(database.parent / FOLDER)


class Blobs:
    """The blobs in one folder, each class in a folder of its own. Every method may be called from any thread."""

    _writing = threading.Lock()

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self, section: Id) -> list[bytes]:
        """The names of the blobs that are here, the newest first as the file system has it; their content is not
        looked at. Raises ``EnvironmentTrouble``."""
        found: list[tuple[int, bytes]] = []
        try:
            with os.scandir(self._folder_of(section)) as entries:
                for entry in entries:
                    name = _name_in(entry.name)
                    if name is not None:
                        found.append((entry.stat().st_mtime_ns, name))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _trouble(error, self.folder) from error
        return [name for _changed, name in sorted(found, reverse=True)]

    def has(self, section: Id, name: bytes) -> bool:
        return self.path(section, name).exists()

    def path(self, section: Id, name: bytes) -> Path:
        return self._folder_of(section) / (name.hex() + SUFFIX)

    def add(self, section: Id, data: bytes) -> bytes:
        """Keeps a blob and returns its name once it is on the disk; the same one again changes nothing.

        Raises ``EnvironmentTrouble`` (``disk_full``, ``folder_not_writable``): then it is not here, and all others are.
        """
        name = name_of(section, data)
        path = self.path(section, name)
        with self._writing:
            if self._is_whole(section, path, name):
                return name
            unfinished = path.with_suffix(UNFINISHED)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._sweep(path.parent)
                with unfinished.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                # A damaged file of that name is replaced: its name says what belongs there.
                unfinished.replace(path)
                _sync_folder(path.parent)
            except OSError as error:
                with suppress(OSError):
                    unfinished.unlink(missing_ok=True)
                raise _trouble(error, self.folder) from error
        return name

    def read(self, section: Id, name: bytes) -> bytes | None:
        """The sealed bytes; None when they are not here.

        Raises ``ExchangeTrouble`` (``picture_damaged``: the file is not what its name says) and ``EnvironmentTrouble``.
        """
        try:
            with self.path(section, name).open("rb") as file:
                data = file.read(MAX_BLOB_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _trouble(error, self.folder) from error
        if name_of(section, data) != name:
            raise ExchangeTrouble("picture_damaged")
        return data

    def set_aside(self, section: Id, name: bytes) -> None:
        """Renames a damaged file, so that its picture counts as missing and is asked for again."""
        path = self.path(section, name)
        try:
            path.replace(path.with_suffix(DAMAGED))
        except FileNotFoundError:
            return
        except OSError as error:
            raise _trouble(error, self.folder) from error

    def remove(self, section: Id, names: Iterable[bytes]) -> int:
        """Takes away what was erased; returns how many files there were. Raises ``EnvironmentTrouble``."""
        removed = 0
        for name in names:
            path = self.path(section, name)
            try:
                path.with_suffix(DAMAGED).unlink(missing_ok=True)
                path.unlink()
                removed += 1
            except FileNotFoundError:
                continue
            except OSError as error:
                raise _trouble(error, self.folder) from error
        return removed

    def _folder_of(self, section: Id) -> Path:
        return self.folder / section.hex()

    def _is_whole(self, section: Id, path: Path, name: bytes) -> bool:
        try:
            return name_of(section, path.read_bytes()) == name
        except OSError:
            return False

    @staticmethod
    def _sweep(folder: Path) -> None:
        """What a power cut left half written."""
        for left in folder.glob("*" + UNFINISHED):
            left.unlink(missing_ok=True)


def _name_in(file_name: str) -> bytes | None:
    stem, suffix = Path(file_name).stem, Path(file_name).suffix
    if suffix != SUFFIX or len(stem) != 2 * BLOB_NAME_BYTES:
        return None
    try:
        return bytes.fromhex(stem)
    except ValueError:
        return None


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # a folder cannot be opened there; NTFS writes it with the file
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _trouble(error: OSError, folder: Path) -> EnvironmentTrouble:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return EnvironmentTrouble("disk_full", path=str(folder))
    return EnvironmentTrouble("folder_not_writable", path=str(folder), detail=error.strerror)
