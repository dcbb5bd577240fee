"""The one place that joins the floors: opens or makes a device in a data directory and hands out its context."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blenddesk.config import Paths, load_settings
from blenddesk.domain.ports import Clock, Randomness, SystemClock, SystemRandomness, new_id
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.services.context import AppContext
from blenddesk.storage import setup
from blenddesk.storage.database import KEY_BYTES, Database
from blenddesk.storage.ledger import Ledger
from blenddesk.storage.reads import Reads
from blenddesk.sync.keys import DeviceKeys


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
    randomness = randomness or SystemRandomness()
    try:
        paths.data.mkdir(parents=True, exist_ok=True)
        write_key(paths.key, randomness.token(KEY_BYTES))
    except OSError as error:
        raise EnvironmentTrouble("folder_not_writable", path=str(paths.data), detail=error.strerror) from error
    # Made beside its final name: a power cut leaves either no device or a whole one.
    unfinished = paths.database.with_suffix(".making")
    for leftover in unfinished.parent.glob(unfinished.name + "*"):
        leftover.unlink()
    database = Database(unfinished, read_key(paths.key))
    setup.create(database, device_id=new_id(randomness), role=role, name=name, randomness=randomness)
    DeviceKeys.create(database, randomness)
    database.close()
    unfinished.rename(paths.database)
    return open_device(paths, clock=clock, randomness=randomness)


def open_device(paths: Paths, *, clock: Clock | None = None, randomness: Randomness | None = None) -> AppContext:
    """The device in ``paths``. Raises ``Refusal`` (``no_device``) or ``EnvironmentTrouble``."""
    if not paths.exists:
        raise Refusal("no_device", path=str(paths.data))
    randomness = randomness or SystemRandomness()
    database = Database(paths.database, read_key(paths.key))
    keys = DeviceKeys(database, randomness)
    setup.refresh_projections(database, keys)
    ledger = Ledger(
        database,
        device_id=_fact(database, "device_id"),
        epoch=_fact(database, "epoch"),
        clock=clock or SystemClock(),
        randomness=randomness,
        keys=keys,
    )
    return AppContext(
        paths=paths,
        role=_fact(database, "role").decode(),
        device_name=_fact(database, "name").decode(),
        ledger=ledger,
        reads=Reads(database),
        keys=keys,
        clock=ledger.clock,
        randomness=randomness,
        settings=load_settings(paths.settings),
    )


def close_device(context: AppContext) -> None:
    context.ledger.database.close()


@contextmanager
def exclusive(paths: Paths) -> Iterator[None]:
    """Holds the data directory for this process while the block runs. Raises ``Refusal`` (``in_use``)."""
    import filelock

    try:
        paths.data.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(paths.lock, timeout=0)
        lock.acquire()
    except filelock.Timeout as error:
        raise Refusal("in_use", path=str(paths.data)) from error
    except OSError as error:
        raise EnvironmentTrouble("folder_not_writable", path=str(paths.data), detail=error.strerror) from error
    try:
        yield
    finally:
        lock.release()


def read_key(path: Path) -> bytes:
    """The database's raw key. Raises ``EnvironmentTrouble`` (``key_missing``, ``key_damaged``)."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
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


def _fact(database: Database, name: str) -> bytes:
    value = setup.local_value(database, name)
    if value is None:
        raise EnvironmentTrouble("database_unreadable", path=str(database.path), detail=name)
    return value
