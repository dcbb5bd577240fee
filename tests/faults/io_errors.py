"""Lets the disk fail at every single call, once or for good: ``python -m tests.faults.io_errors``.

The program's own code works over a disk that refuses its k-th call (``FaultyVfs`` below SQLite, ``FaultyDisk`` for the
stick), for every k. Then: a plain sentence or success, the database as the last acknowledged commit left it, the same
work done again on the same open device, and a sound database in the end.
"""

from __future__ import annotations

import argparse
import errno
import logging
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import apsw

from blenddesk import bootstrap
from blenddesk.errors import BlendDeskError, EnvironmentTrouble
from blenddesk.messages import ERRORS, error_sentence
from blenddesk.services.context import AppContext
from blenddesk.storage import database
from blenddesk.sync import exchange
from blenddesk.sync.sticks import Disk
from tests.faults import power_cuts_scenarios as work
from tests.faults.apsw_dbapi import ApswConnection, ApswDriver, Hook, instead_of_sqlcipher
from tests.faults.histories import memory_folder
from tests.faults.power_cuts import fingerprint, opened
from tests.faults.power_cuts_scenarios import STICK, Stage, sound
from tests.faults.recording_vfs import Recorder, RecordingDisk, RecordingFile, RecordingVfs, What, Wreck


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
EXPECTED = {
    *("disk_full", "disk_failing", "database_locked", "database_not_writable"),
    *("stick_full", "stick_read_only", "stick_gone", "stick_unreliable"),
}
"""Codes that say what happened. ``database_unreadable`` is not among them: nothing here is damaged."""


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


# --- the work ---------------------------------------------------------------------------------------------------------


class Operation(NamedTuple):
    """``run`` gets an open device, unless it is about opening one (``opens`` False)."""

    prepare: Callable[[Stage], None]
    run: Callable[[Stage, AppContext, Disk], None]
    opens: bool = True


def _open(stage: Stage, _desk: AppContext, _disk: Disk) -> None:
    bootstrap.close_device(stage.open())


def _commit(stage: Stage, desk: AppContext, _disk: Disk) -> None:
    work.log_entry(stage, desk, 1)
    work.rename(stage, desk, 2, "Another name")


def _import(stage: Stage, desk: AppContext, _disk: Disk) -> None:
    results = exchange.read_packages(desk.ledger, desk.keys, [stage.packages])
    assert [result.status for result in results] in (["applied"], ["nothing_new"]), results


def _migrate(stage: Stage, _desk: AppContext, _disk: Disk) -> None:
    bootstrap.bring_up_to_date(stage.paths)


def _backup(stage: Stage, desk: AppContext, disk: Disk) -> None:
    work.save_backup(stage, desk, disk, work.say_nothing)


def _export(stage: Stage, desk: AppContext, disk: Disk) -> None:
    exchange.write_packages(desk.ledger, desk.keys, STICK, disk=disk)


OPERATIONS = {
    "open": Operation(work.close_desk, _open, opens=False),
    "commit": Operation(work.close_desk, _commit),
    "import": Operation(work.SCENARIOS["import"].prepare, _import),
    "migration": Operation(work.SCENARIOS["migration"].prepare, _migrate, opens=False),
    "backup": Operation(work.close_desk, _backup),
    "export": Operation(work.close_desk, _export),
}


class Strike(NamedTuple):
    """One failure of one call and what came of it. ``wrong``: what must not be, a line each."""

    switch: Switch
    code: str | None
    wrong: list[str]


def prepare(operation: Operation, stage: Stage) -> tuple[dict[str, bytes], str]:
    """The files before the work, as a computer without power left them (a log not yet in the database)."""
    with instead_of_sqlcipher(ApswDriver()):
        operation.prepare(stage)
        with opened(stage) as store:
            with store.write() as connection:
                connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES ('in the log', x'00')")
            files = {path: data for path, data in stage.files().items() if not path.endswith("-shm")}
            with store.read() as connection:
                return files, fingerprint(connection.exec_driver_sql)


def strike(operation: Operation, stage: Stage, files: dict[str, bytes], first: str, switch: Switch) -> Strike:
    """Does the work while one call fails, then once more with a sound disk, and looks at what is there."""
    stage.lay(files)
    recorder = Recorder()
    acknowledged, attempted = [first], list[str]()
    vfs = FaultyVfs("faulty", recorder, switch)

    def note(moments: list[str]) -> Hook:
        def append(connection: ApswConnection) -> None:
            if connection.path == str(stage.paths.database):
                with switch.off():
                    moments.append(fingerprint(connection.execute))

        return append

    driver = ApswDriver("faulty", checkpoint_pages=8, before_commit=note(attempted), after_commit=note(acknowledged))
    disk = FaultyDisk(recorder, switch)
    with instead_of_sqlcipher(driver), mock.patch.object(database, "BUSY_MS", 20):
        try:
            code, wrong = _try(operation, stage, disk, switch, acknowledged)
        finally:
            switch.on = False
            driver.close_all()
            vfs.unregister()
    with instead_of_sqlcipher(ApswDriver()):
        # A commit whose last sync failed lies in the log, and is found there if the program goes away before it writes
        # again: what was reported as not saved may then be there after all, whole.
        possible = acknowledged[-1:] + ([] if operation.opens else attempted)
        wrong += _look(stage, possible, "afterwards")
        if operation.opens:
            # Only here: whoever opens the file anew takes for granted what a failed sync left in doubt, as SQLite does.
            wreck = Wreck(recorder.events, files)
            wreck.advance(len(recorder.events))
            stage.lay(wreck.left(random.Random(switch.at)))
            wrong += _look(stage, possible, "after a power cut afterwards")
    return Strike(switch, code, wrong)


def _try(
    operation: Operation, stage: Stage, disk: FaultyDisk, switch: Switch, acknowledged: list[str]
) -> tuple[str | None, list[str]]:
    wrong: list[str] = []
    code: str | None = None
    desk: Any = stage.open() if operation.opens else None
    switch.on = True
    try:
        operation.run(stage, desk, disk)
    except BlendDeskError as error:
        code = error.code
        if code not in EXPECTED or not isinstance(error, EnvironmentTrouble) or code not in ERRORS:
            wrong.append(f"told {code}: {error_sentence(error)}")
    except Exception:  # noqa: BLE001 - whatever it is, it is what the test is looking for
        wrong.append(f"no sentence: {traceback.format_exc()}")
    switch.on = False
    if desk is not None:
        with desk.ledger.database.read() as connection:
            now = fingerprint(connection.exec_driver_sql)
        if now != acknowledged[-1]:
            wrong.append("what the screens would show is not what was acknowledged")
    try:
        operation.run(stage, desk, disk)
        if desk is not None:
            bootstrap.close_device(desk)
    except Exception:  # noqa: BLE001 - whatever it is, it is what the test is looking for
        wrong.append(f"once more does not work: {traceback.format_exc()}")
    return code, wrong


def _look(stage: Stage, possible: list[str], when: str) -> list[str]:
    try:
        with opened(stage) as store, store.read() as connection:
            wrong = [f"{when}: {line}" for line in sound(connection)]
            if fingerprint(connection.exec_driver_sql) not in possible:
                wrong.append(f"{when}: not what was acknowledged")
    except BlendDeskError as error:
        return [f"{when}: does not open: {error}"]
    return wrong


def count_calls(operation: Operation, stage: Stage, files: dict[str, bytes], first: str, kind: Kind) -> int:
    """How many calls of the work can fail in this way."""
    switch = Switch(kind, at=0)
    found = strike(operation, stage, files, first, switch)
    assert found.wrong == [], found.wrong
    return switch.calls


def every_call(name: str, kind_name: str, *, step: int = 1, first: int = 1) -> Iterator[Strike]:
    """Strikes at every ``step``-th call from ``first`` on, once and for good."""
    operation, kind = OPERATIONS[name], KINDS[kind_name]
    with tempfile.TemporaryDirectory(dir=memory_folder()) as root:
        stage = Stage(Path(root))
        files, fingerprint_ = prepare(operation, stage)
        calls = count_calls(operation, stage, files, fingerprint_, kind)
        for at in range(first, calls + 1, step):
            for sticking in (False, True):
                yield strike(operation, stage, files, fingerprint_, Switch(kind, at, sticking))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", choices=list(OPERATIONS))
    parser.add_argument("--kind", choices=list(KINDS))
    parser.add_argument("--step", type=int, default=1, help="only every so many calls")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    failed = 0
    for name in [options.work] if options.work else list(OPERATIONS):
        for kind in [options.kind] if options.kind else list(KINDS):
            begun = time.monotonic()
            told: Counter[str] = Counter()
            for struck in every_call(name, kind, step=options.step):
                told[struck.code or "went on"] += 1
                for line in struck.wrong:
                    failed += 1
                    print(f"{name}, {kind} at call {struck.switch.at}, sticking {struck.switch.sticking}: {line}")
            print(f"{name}, {kind}: {dict(told)} in {time.monotonic() - begun:.0f} s", flush=True)
    print(f"{failed} wrong")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
