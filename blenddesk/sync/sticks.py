"""Files onto a stick so that pulling it at any moment loses nothing: new names only, synced, read back, then done.

A file that another one replaces can be lost with it on FAT when the stick is pulled; a new unique name cannot. The
steps and the reasons for their order are the write protocol of the package format.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Protocol, TypeVar

from blenddesk.domain.ids import Id
from blenddesk.domain.ports import Randomness
from blenddesk.errors import EnvironmentTrouble

SPARE_BYTES = 4 << 20
NAME_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 letters and digits without those that look alike."""
RETRIES = 5
RETRY_SECONDS = 0.2

_T = TypeVar("_T")


class Disk(Protocol):
    """What writing a file safely needs of a disk. Every method may raise ``OSError``."""

    def free_bytes(self, folder: Path) -> int: ...

    def write_synced(self, path: Path, data: bytes) -> None:
        """Makes or empties the file, writes it and returns once the device says that it has it."""
        ...

    def sync_folder(self, folder: Path) -> None: ...

    def read(self, path: Path) -> bytes: ...

    def rename(self, path: Path, to: Path) -> None: ...

    def exists(self, path: Path) -> bool: ...

    def listing(self, folder: Path) -> dict[str, tuple[int, int]]:
        """The plain files in the folder by name: (size in bytes, time of the last change in ns)."""
        ...

    def remove(self, path: Path) -> None: ...


class RealDisk:
    """The computer's own file system."""

    def free_bytes(self, folder: Path) -> int:
        return shutil.disk_usage(folder).free

    def write_synced(self, path: Path, data: bytes) -> None:
        def write() -> None:
            with path.open("wb") as file:
                file.write(data)
                file.flush()
                _sync(file.fileno())

        _patiently(write)

    def sync_folder(self, folder: Path) -> None:
        if sys.platform == "win32":  # a folder cannot be opened there; NTFS and exFAT write it with the file
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            # Some network file systems have nothing to sync in a folder; what was written is read back in any case.
            if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
                raise
        finally:
            os.close(handle)

    def read(self, path: Path) -> bytes:
        return _patiently(path.read_bytes)

    def rename(self, path: Path, to: Path) -> None:
        _patiently(lambda: path.rename(to))

    def exists(self, path: Path) -> bool:
        return path.exists()

    def listing(self, folder: Path) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        with os.scandir(folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # taken away since the folder was opened, or a link to nothing
                    if entry.is_file():
                        # Windows keeps an old size in the folder while a file is being written.
                        about = Path(entry.path).stat() if sys.platform == "win32" else entry.stat()
                        found[entry.name] = (about.st_size, about.st_mtime_ns)
        return found

    def remove(self, path: Path) -> None:
        _patiently(path.unlink)


def _sync(handle: int) -> None:
    """Down to the device; and forgets what memory holds of it, so that reading back asks the device."""
    if sys.platform == "darwin":
        import fcntl

        try:
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
        except OSError:  # network drives do not know it
            os.fsync(handle)
    else:
        os.fsync(handle)
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def _patiently(act: Callable[[], _T]) -> _T:
    """Virus scanners and indexers hold new files for a moment on Windows; that passes."""
    for _attempt in range(RETRIES - 1 if sys.platform == "win32" else 0):
        try:
            return act()
        except PermissionError:
            time.sleep(RETRY_SECONDS)
    return act()


def write_new_file(
    folder: Path, data: bytes, suffix: str, *, device_id: Id, randomness: Randomness, disk: Disk, stem: str = "bd"
) -> Path:
    """Writes ``data`` under a name that was never used and returns the path once it is safe to pull the stick.

    Whatever happens before, the other files of the folder are as they were. Raises ``EnvironmentTrouble``:
    ``stick_full``, ``stick_read_only``, ``stick_gone`` or ``stick_unreliable`` (what is read back differs).
    """
    try:
        if disk.free_bytes(folder) < 2 * len(data) + SPARE_BYTES:
            raise EnvironmentTrouble("stick_full", folder=str(folder), needed=2 * len(data) + SPARE_BYTES)
        # One name for each device: what a pulled stick left behind is used up by the next try.
        temporary = folder / f"bd-{blake2b(device_id, digest_size=4).hexdigest()}.tmp"
        disk.write_synced(temporary, data)
        disk.sync_folder(folder)
        _check(disk, temporary, data)
        path = _unused_name(folder, stem, suffix, randomness, disk)
        disk.rename(temporary, path)
        disk.sync_folder(folder)
        _check(disk, path, data)
    except OSError as error:
        raise stick_trouble(error, folder) from error
    return path


def _check(disk: Disk, path: Path, data: bytes) -> None:
    if disk.read(path) != data:
        raise EnvironmentTrouble("stick_unreliable", folder=str(path.parent))


def _unused_name(folder: Path, stem: str, suffix: str, randomness: Randomness, disk: Disk) -> Path:
    while True:
        letters = "".join(NAME_LETTERS[byte % len(NAME_LETTERS)] for byte in randomness.token(10))
        path = folder / f"{stem}-{letters}{suffix}"
        if not disk.exists(path):
            return path


def stick_trouble(error: OSError, folder: Path) -> EnvironmentTrouble:
    """What the operating system says about a folder, as one of our codes."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return EnvironmentTrouble("stick_full", folder=str(folder))
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return EnvironmentTrouble("stick_read_only", folder=str(folder))
    return EnvironmentTrouble("stick_gone", folder=str(folder), detail=str(error))
