"""The one place that joins the floors: opens or makes a device in a data directory and hands out its context."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from blenddesk.config import Paths, load_settings, state_dir
from blenddesk.domain.ids import Id
from blenddesk.domain.ports import Clock, Randomness, SystemClock, SystemRandomness, new_id
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.services.context import AppContext, Core
from blenddesk.storage.columns import fingerprint
from blenddesk.storage.database import KEY_BYTES
from blenddesk.storage.reader import Reader
from blenddesk.storage.reads import Reads


class OutOfDate(Exception):
    """The tables of the screens have to be made anew first: ``bring_up_to_date``."""


def create_device(
    paths: Paths,
    *,
    role: str,
    name: str,
    clock: Clock | None = None,
    randomness: Randomness | None = None,
) -> AppContext:
    """A new desk or shared computer in an empty data directory. ``name`` is the teacher's or the computer's.

    Raises ``Refusal`` (``device_exists``) and ``EnvironmentTrouble``.
    """
    if paths.exists:
        raise Refusal("device_exists", path=str(paths.data))
    check_place(paths)
    randomness = randomness or SystemRandomness()
    try:
        paths.data.mkdir(parents=True, exist_ok=True)
        write_key(paths.key, randomness.token(KEY_BYTES))
    except OSError as error:
        raise EnvironmentTrouble("folder_not_writable", path=str(paths.data), detail=error.strerror) from error
    from blenddesk.storage import setup
    from blenddesk.storage.database import Database
    from blenddesk.sync.keys import DeviceKeys

    # Made beside its final name: a power cut leaves either no device or a whole one.
    unfinished = paths.database.with_suffix(".making")
    for leftover in unfinished.parent.glob(unfinished.name + "*"):
        leftover.unlink()
    database = Database(unfinished, read_key(paths.key))
    setup.create(database, device_id=new_id(randomness), role=role, name=name, randomness=randomness)
    DeviceKeys(database, randomness)
    database.close()
    unfinished.rename(paths.database)
    return open_device(paths, clock=clock, randomness=randomness)


def open_device(
    paths: Paths,
    *,
    clock: Clock | None = None,
    randomness: Randomness | None = None,
    load: Callable[[Callable[[], Core]], Callable[[], Core]] | None = None,
    progress: Callable[[int, int], None] | None = None,
    as_it_is: bool = False,
) -> AppContext:
    """The device in ``paths``, readable at once.

    ``load`` runs the part that needs the heavy libraries: at once by default, in a thread when a window is being shown;
    whoever gives it calls ``check_place`` after the first paint.
    A version of the program that keeps other tables for its screens may have been here last. They are then made anew
    from the log before anything reads them, ten seconds for a year's work: with ``progress`` counted, or, with
    ``as_it_is``, left to a caller who wants to show that in a window of its own.

    Raises ``Refusal`` (``no_device``), ``EnvironmentTrouble`` or, with ``as_it_is``, ``OutOfDate``.
    """
    if not paths.exists:
        raise Refusal("no_device", path=str(paths.data))
    if load is None:
        check_place(paths)
    key = read_key(paths.key)
    clock, randomness = clock or SystemClock(), randomness or SystemRandomness()
    reader = Reader(paths.database, key)
    rows = reader.rows("SELECT name, value FROM local WHERE name NOT LIKE 'key/%'")
    facts = {name: bytes(value) for name, value in rows}
    if facts.get("projections") != fingerprint():
        if as_it_is:
            reader.close()
            raise OutOfDate
        bring_up_to_date(paths, progress)
    return AppContext(
        paths=paths,
        role=facts["role"].decode(),
        device_name=facts["name"].decode(),
        reads=Reads(reader),
        core=(load or load_now)(lambda: open_core(paths, key, facts["device_id"], clock, randomness)),
        clock=clock,
        randomness=randomness,
        settings=load_settings(paths.settings),
    )


def check_place(paths: Paths) -> None:
    """Raises ``EnvironmentTrouble`` where no database may live (see ``storage.places``)."""
    from blenddesk.storage import places

    places.check_place(paths.data)


def bring_up_to_date(paths: Paths, progress: Callable[[int, int], None] | None = None) -> None:
    """Makes the tables of the screens anew from the log, if they are out of date, in one transaction.

    ``progress`` is called with (done, total) changes of the log and may raise to stop: then the data is as it was.
    Raises ``EnvironmentTrouble``.
    """
    from blenddesk.storage import setup
    from blenddesk.storage.database import Database
    from blenddesk.sync.keys import DeviceKeys

    database = Database(paths.database, read_key(paths.key))
    try:
        setup.refresh_projections(database, DeviceKeys(database, SystemRandomness()), progress)
    finally:
        database.close()


def load_now(make: Callable[[], Core]) -> Callable[[], Core]:
    core = make()
    return lambda: core


def open_core(paths: Paths, key: bytes, device_id: Id, clock: Clock, randomness: Randomness) -> Core:
    """The write door and the keys, with the libraries behind them."""
    from blenddesk.storage import setup
    from blenddesk.storage.anchors import Anchor, machine_mark
    from blenddesk.storage.database import Database
    from blenddesk.storage.ledger import Ledger
    from blenddesk.sync.keys import DeviceKeys

    database = Database(paths.database, key)
    keys = DeviceKeys(database, randomness)
    anchor = Anchor(database, device_id, paths.data, paths.state or state_dir(), machine_mark(device_id))
    anchor.settle(randomness)
    epoch = setup.local_value(database, "epoch") or b""
    ledger = Ledger(
        database, device_id=device_id, epoch=epoch, clock=clock, randomness=randomness, keys=keys, anchor=anchor
    )
    return Core(ledger, keys)


def close_device(context: AppContext) -> None:
    """Closes every connection; call before the data directory is copied, moved or opened again."""
    context.reads.reader.close()
    context.ledger.note_position()
    context.ledger.database.close()


class DataLock:
    """Holds a data directory for this process: two programs on one database would each miss what the other did."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._file: BinaryIO | None = None

    def acquire(self) -> None:
        """Raises ``Refusal`` (``in_use``) or ``EnvironmentTrouble`` (``folder_not_writable``)."""
        try:
            self._paths.data.mkdir(parents=True, exist_ok=True)
            file = self._paths.lock.open("ab")
        except OSError as error:
            raise _not_writable(self._paths, error) from error
        try:
            _take(file.fileno())
        except (BlockingIOError, PermissionError) as error:
            file.close()
            raise Refusal("in_use", path=str(self._paths.data)) from error
        except OSError as error:
            file.close()
            raise _not_writable(self._paths, error) from error
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> DataLock:
        self.acquire()
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()


def _not_writable(paths: Paths, error: OSError) -> EnvironmentTrouble:
    return EnvironmentTrouble("folder_not_writable", path=str(paths.data), detail=error.strerror)


def _take(descriptor: int) -> None:
    """Locks an open file until it is closed, by whatever end this process comes to; raises at once if it is taken."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def read_key(path: Path) -> bytes:
    """The database's raw key. Raises ``EnvironmentTrouble`` (``key_missing``, ``key_damaged``)."""
    try:
        key = bytes.fromhex(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise EnvironmentTrouble("key_missing", path=str(path)) from error
    except (OSError, ValueError) as error:
        raise EnvironmentTrouble("key_damaged", path=str(path)) from error
    if len(key) != KEY_BYTES:
        raise EnvironmentTrouble("key_damaged", path=str(path))
    return key


def write_key(path: Path, key: bytes) -> None:
    """Writes the key where only this account can read it, and waits until it is on the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
