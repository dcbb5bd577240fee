"""The one place that joins the floors: opens or makes a device in a data directory and hands out its context."""

from __future__ import annotations

import errno
import gc
import sys
from collections.abc import Callable
from contextlib import suppress
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
    key = randomness.token(KEY_BYTES)
    try:
        paths.data.mkdir(parents=True, exist_ok=True)
        write_key(paths.key, key)
        _make_database(paths, key, role, name, randomness)
    except OSError as error:
        raise _not_writable(paths, error) from error
    return open_device(paths, clock=clock, randomness=randomness)


def _make_database(paths: Paths, key: bytes, role: str, name: str, randomness: Randomness) -> None:
    """Made beside its final name: a power cut leaves either no device or a whole one."""
    from blenddesk.storage import setup
    from blenddesk.storage.database import Database
    from blenddesk.sync.keys import DeviceKeys

    unfinished = paths.database.with_suffix(".making")
    for leftover in unfinished.parent.glob(unfinished.name + "*"):
        leftover.unlink()
    database = Database(unfinished, key)
    try:
        setup.create(database, device_id=new_id(randomness), role=role, name=name, randomness=randomness)
        DeviceKeys(database, randomness)
    finally:
        database.close()
    unfinished.rename(paths.database)


def open_device(
    paths: Paths,
    *,
    key: bytes | None = None,
    clock: Clock | None = None,
    randomness: Randomness | None = None,
    load: Callable[[Callable[[], Core]], Callable[[], Core]] | None = None,
    progress: Callable[[int, int], None] | None = None,
    as_it_is: bool = False,
) -> AppContext:
    """The device in ``paths``, readable at once. ``key`` opens one that this account alone may not (``read_key``).

    ``load`` runs the part that needs the heavy libraries: at once by default, in a thread when a window is being shown;
    whoever gives it calls ``check_place`` after the first paint.
    A version of the program that keeps other tables for its screens may have been here last. They are then made anew
    from the log before anything reads them, ten seconds for a year's work: with ``progress`` counted, or, with
    ``as_it_is``, left to a caller who wants to show that in a window of its own.

    Raises ``Refusal`` (``no_device``, ``locked``), ``EnvironmentTrouble`` or, with ``as_it_is``, ``OutOfDate``.
    """
    if not paths.exists:
        raise Refusal("no_device", path=str(paths.data))
    if load is None:
        check_place(paths)
    key = key or read_key(paths.key)
    # What a power cut left of a key file may open what the one in force does not (``sync.key_file.unfinished``).
    # On a disk that cannot be written there is nothing to take away, and the database will say so.
    with suppress(OSError):
        paths.key.with_name(paths.key.name + ".new").unlink(missing_ok=True)
    clock, randomness = clock or SystemClock(), randomness or SystemRandomness()
    reader = Reader(paths.database, key)
    rows = reader.rows("SELECT name, value FROM local WHERE name NOT LIKE 'key/%'")
    facts = {name: bytes(value) for name, value in rows}
    if facts.get("projections") != fingerprint():
        if as_it_is:
            reader.close()
            raise OutOfDate
        bring_up_to_date(paths, progress, key=key)
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


def bring_up_to_date(
    paths: Paths, progress: Callable[[int, int], None] | None = None, *, key: bytes | None = None
) -> None:
    """Makes the tables of the screens anew from the log, if they are out of date, in one transaction.

    ``progress`` is called with (done, total) changes of the log and may raise to stop: then the data is as it was.
    Raises ``EnvironmentTrouble``.
    """
    from blenddesk.storage import setup
    from blenddesk.storage.database import Database
    from blenddesk.sync.keys import DeviceKeys

    database = Database(paths.database, key or read_key(paths.key))
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
    if context.reads.reader.is_locked:
        return
    context.reads.reader.close()
    context.ledger.note_position()
    context.ledger.database.close()


def lock_device(context: AppContext) -> None:
    """Closes every connection and lets go of the keys; whatever asks for data is refused (``locked``) from now on."""
    try:
        close_device(context)
    finally:
        # Also when noting the position fails, as on a full disk.
        _let_go_of_keys(context)


def _let_go_of_keys(context: AppContext) -> None:
    context.reads.reader.lock()
    forget = getattr(context.core, "forget", None)
    if forget is not None:
        forget()
    context.core = _locked_core
    # What refers to itself in a circle would keep the keys until some later day.
    gc.unfreeze()
    gc.collect()


def unlock_device(context: AppContext, key: bytes) -> None:
    """Opens again what ``lock_device`` closed. Raises ``EnvironmentTrouble``; then it stays locked."""
    reader = context.reads.reader
    reader.unlock(key)
    try:
        device_id = bytes(reader.rows("SELECT value FROM local WHERE name = 'device_id'")[0][0])
        core = open_core(context.paths, key, device_id, context.clock, context.randomness)
    except BaseException:
        reader.lock()
        raise
    context.core = lambda: core


def _locked_core() -> Core:
    raise Refusal("locked", path="")


def is_interrupted(paths: Paths) -> bool:
    """Whether files were changing places when the power went (see ``changing_places``); holding the lock ends that."""
    return (paths.data / "restoring" / "ready.json").exists()


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
        if is_interrupted(self._paths):
            self._finish()

    def _finish(self) -> None:
        """A power cut stopped one database from taking the place of another: that comes before everything else."""
        from blenddesk import changing_places

        try:
            changing_places.finish_interrupted(self._paths)
        except OSError as error:
            self.release()
            raise _not_writable(self._paths, error) from error

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
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return EnvironmentTrouble("disk_full", path=str(paths.data))
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
    """The database's raw key, where this account may open it without being asked.

    Raises ``EnvironmentTrouble`` (``key_missing``, ``key_damaged``, ``key_not_ours``) and ``Refusal`` (``locked``: a
    pass phrase or the recovery sheet opens it, see ``services.protection``).
    """
    try:
        first = path.read_text(encoding="ascii").partition("\n")[0]
        if len(first) == 2 * KEY_BYTES:
            return bytes.fromhex(first)
    except FileNotFoundError as error:
        raise EnvironmentTrouble("key_missing", path=str(path)) from error
    except (OSError, ValueError) as error:
        raise EnvironmentTrouble("key_damaged", path=str(path)) from error
    from blenddesk.sync import account, key_file

    file = key_file.read(path)
    if not file.opens_by_itself:
        raise Refusal("locked", path=str(path.parent))
    return account.give(file.account)


def asks_for_key(path: Path) -> bool:
    """Whether this account alone cannot open the data: quickly, for the moment after the first paint."""
    with path.open("rb") as file:
        return file.read(1) == b"-"


def write_key(path: Path, key: bytes) -> None:
    """Writes the key of a new device for this account, and waits until it is on the disk. Raises ``OSError``."""
    from blenddesk.sync import account, key_file

    fresh = key_file.encode(key_file.KeyFile(account.keep(key)))
    key_file.PrivateDisk().write_private(path, fresh.encode("ascii"))
