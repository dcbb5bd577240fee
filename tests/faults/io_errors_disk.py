"""A disk and a stick that refuse a call: the k-th that can fail in a certain way, once or from then on."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from tests.faults.recording_vfs import Recorder, RecordingDisk, RecordingFile, RecordingVfs, What


class Kind(NamedTuple):
    """A way to fail: what SQLite's layer of the disk answers by call (none: that call cannot fail so), and a stick."""

    codes: dict[str, int]
    stick: int


IO_ERROR = Kind(
    {
        "open": apsw.SQLITE_CANTOPEN,
        "read": apsw.SQLITE_IOERR_READ,
        "write": apsw.SQLITE_IOERR_WRITE,
        "truncate": apsw.SQLITE_IOERR_TRUNCATE,
        "sync": apsw.SQLITE_IOERR_FSYNC,
        "size": apsw.SQLITE_IOERR_FSTAT,
        "delete": apsw.SQLITE_IOERR_DELETE,
        "access": apsw.SQLITE_IOERR_ACCESS,
        "lock": apsw.SQLITE_IOERR_LOCK,
    },
    errno.EIO,
)
FULL = Kind({"open": apsw.SQLITE_CANTOPEN, "write": apsw.SQLITE_FULL}, errno.ENOSPC)
READ_ONLY = Kind({"open": apsw.SQLITE_CANTOPEN, "write": apsw.SQLITE_IOERR_WRITE}, errno.EROFS)
BUSY = Kind({"lock": apsw.SQLITE_BUSY}, errno.EBUSY)
KINDS = {"io": IO_ERROR, "full": FULL, "readonly": READ_ONLY, "busy": BUSY}
SQLITE_SAYS = {
    apsw.SQLITE_IOERR: "disk I/O error",
    apsw.SQLITE_FULL: "database or disk is full",
    apsw.SQLITE_CANTOPEN: "unable to open database file",
    apsw.SQLITE_BUSY: "database is locked",
}


@dataclass
class Switch:
    """Which call fails. ``sticking``: it and all later ones. Counts the calls that can fail in this way."""

    kind: Kind
    at: int
    sticking: bool = False
    calls: int = 0
    struck: int = 0
    on: bool = False

    @contextmanager
    def off(self) -> Iterator[None]:
        was_on, self.on = self.on, False
        yield
        self.on = was_on

    def strikes(self, call: str) -> bool:
        if not self.on or (call not in self.kind.codes and call != "stick"):
            return False
        self.calls += 1
        hit = self.calls == self.at or (self.sticking and self.calls > self.at)
        self.struck += hit
        return hit

    def check(self, call: str) -> None:
        """Raises what apsw turns into SQLite's result code, with SQLite's own words."""
        if self.strikes(call):
            code = self.kind.codes[call]
            error: Any = type(apsw.exception_for(code))(SQLITE_SAYS[code & 0xFF])
            error.result, error.extendedresult = code & 0xFF, code
            raise error

    def check_stick(self) -> None:
        if self.strikes("stick"):
            raise OSError(self.kind.stick, "the disk of the test says no")


class FaultyVfs(RecordingVfs):
    """A recording disk that refuses a call: it is not done, or half of it when it is a write."""

    def __init__(self, name: str, recorder: Recorder, switch: Switch) -> None:
        self.switch = switch
        super().__init__(name, recorder)

    def make_file(self, path: str, name: Any, flags: list[int]) -> RecordingFile:
        return _FaultyFile(self.recorder, self.switch, path, name, flags)

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        self.switch.check("open")
        return super().xOpen(name, flags)

    def xDelete(self, path: str, sync_folder: bool) -> None:
        self.switch.check("delete")
        super().xDelete(path, sync_folder)

    def xAccess(self, path: str, flags: int) -> bool:
        self.switch.check("access")
        return bool(super().xAccess(path, flags))


class _FaultyFile(RecordingFile):
    def __init__(self, recorder: Recorder, switch: Switch, path: str, name: Any, flags: list[int]) -> None:
        self.switch = switch
        super().__init__(recorder, path, name, flags)

    def xRead(self, amount: int, offset: int) -> Any:
        self.switch.check("read")
        return super().xRead(amount, offset)

    def xWrite(self, data: Any, offset: int) -> None:
        try:
            self.switch.check("write")
        except apsw.Error:
            super().xWrite(bytes(data)[: len(data) // 2], offset)
            raise
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self.switch.check("truncate")
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        try:
            self.switch.check("sync")
        except apsw.Error:
            self.recorder.note(What.FAILED_SYNC, self.path)
            raise
        super().xSync(flags)

    def xFileSize(self) -> int:
        self.switch.check("size")
        return int(super().xFileSize())

    def xLock(self, level: int) -> None:
        self.switch.check("lock")
        super().xLock(level)


class FaultyDisk(RecordingDisk):
    """A stick that refuses a call; of a file half is written then."""

    def __init__(self, recorder: Recorder, switch: Switch) -> None:
        self.switch = switch
        super().__init__(recorder)

    def free_bytes(self, folder: Path) -> int:
        self.switch.check_stick()
        return super().free_bytes(folder)

    def write_synced(self, path: Path, data: bytes) -> None:
        try:
            self.switch.check_stick()
        except OSError:
            super().write_synced(path, data[: len(data) // 2])
            raise
        super().write_synced(path, data)

    def sync_folder(self, folder: Path) -> None:
        self.switch.check_stick()
        super().sync_folder(folder)

    def read(self, path: Path) -> bytes:
        self.switch.check_stick()
        return super().read(path)

    def rename(self, path: Path, to: Path) -> None:
        self.switch.check_stick()
        super().rename(path, to)

    def exists(self, path: Path) -> bool:
        return super().exists(path)  # the real one answers no instead of raising

    def listing(self, folder: Path) -> dict[str, tuple[int, int]]:
        self.switch.check_stick()
        return super().listing(folder)

    def remove(self, path: Path) -> None:
        self.switch.check_stick()
        super().remove(path)
