"""Putting one database in the place of another so that a power cut anywhere leaves one of them, whole.

The new one is made and checked in a folder beside the data. Then files are only renamed, the database last, and a note
says that it has begun: the next start finishes it. What was there before is kept aside and never overwritten.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from blenddesk.config import Paths
from blenddesk.errors import EnvironmentTrouble

T = TypeVar("T")

READY = "ready.json"
"""In the folder ``restoring``: everything there is whole, and files are changing places."""


def preparing_folder(paths: Paths) -> Path:
    return paths.data / "restoring"


def kept_aside_folder(paths: Paths) -> Path:
    return paths.data / "kept-aside"


def discard(paths: Paths) -> None:
    """Takes away what was made and has not begun to change places."""
    shutil.rmtree(preparing_folder(paths), ignore_errors=True)


def finish_interrupted(paths: Paths) -> bool:
    """Finishes what a power cut stopped while files changed places; to be called before anything is opened.

    Says whether there was anything to finish. Raises ``OSError``.
    """
    ready = preparing_folder(paths) / READY
    try:
        aside = json.loads(ready.read_text(encoding="utf-8"))["aside"]
    except FileNotFoundError:
        return False
    except (ValueError, KeyError, TypeError):
        # Torn while it was written: nothing had changed places yet.
        discard(paths)
        return False
    _move(paths, Path(aside) if aside else None)
    return True


def change_places(paths: Paths, aside: Path | None) -> None:
    """What lies in the folder ``restoring`` takes the place of the data, which goes to ``aside``.

    Raises ``EnvironmentTrouble``: nothing has changed, or the next start finishes it.
    """
    making = preparing_folder(paths)
    try:
        _write_synced(making / READY, json.dumps({"aside": str(aside) if aside is not None else ""}))
        _sync_folder(making)
        _move(paths, aside)
    except OSError as error:
        raise EnvironmentTrouble("folder_not_writable", path=str(paths.data), detail=error.strerror) from error


def set_rest_aside(paths: Paths, *folders: Path) -> Path:
    """Moves what is left of a lost device (its key, ``folders``) to a folder of its own, so that one may start new.

    Raises ``EnvironmentTrouble``.
    """
    aside = new_aside(paths)
    try:
        aside.mkdir(parents=True)
        for left in (*folders, paths.key, *sorted(paths.data.glob(paths.database.name + "*"))):
            if left.exists():
                left.replace(aside / left.name)
    except OSError as error:
        raise EnvironmentTrouble("folder_not_writable", path=str(paths.data), detail=error.strerror) from error
    return aside


def _move(paths: Paths, aside: Path | None) -> None:
    """Each step may be done twice. The new database comes last: while it lies in its folder, the other is the old."""
    making = preparing_folder(paths)
    fresh, fresh_key = making / paths.database.name, making / paths.key.name
    if fresh.exists():
        if aside is not None:
            aside.mkdir(parents=True, exist_ok=True)
            if paths.key.exists() and not (aside / paths.key.name).exists():
                shutil.copy2(paths.key, aside / paths.key.name)
            # What a crash left beside the database belongs to it and goes first: alone it would be taken for the new.
            for file in sorted(paths.data.glob(paths.database.name + "*"), reverse=True):
                file.replace(aside / file.name)
            _sync_folder(aside)
        if fresh_key.exists():
            fresh_key.replace(paths.key)
        _sync_folder(paths.data)
        fresh.replace(paths.database)
        _sync_folder(paths.data)
    shutil.rmtree(making)


def make_beside(paths: Paths, make: Callable[[Paths], T]) -> T:
    """What ``make`` sets up at the place it is given moves to ``paths``, where no device may be.

    A power cut, or whatever ``make`` raises, leaves nothing or all of it. It closes what it opens. Raises
    ``EnvironmentTrouble``.
    """
    making = Paths(paths.data / "making", paths.state)
    shutil.rmtree(making.data, ignore_errors=True)
    try:
        made = make(making)
        # The database last: until it is in place there is no device, and the next try starts clean.
        beside = sorted(making.data.glob(making.database.name + "?*"))
        for file in (making.key, *beside):
            file.replace(paths.data / file.name)
        _sync_folder(paths.data)
        making.database.replace(paths.database)
        _sync_folder(paths.data)
    except OSError as error:
        raise EnvironmentTrouble("folder_not_writable", path=str(paths.data), detail=error.strerror) from error
    finally:
        shutil.rmtree(making.data, ignore_errors=True)
    return made


def has_anything(paths: Paths) -> bool:
    """Whether there is anything to keep aside."""
    return paths.key.exists() or any(paths.data.glob(paths.database.name + "*"))


def new_aside(paths: Paths) -> Path:
    """A folder that was never used: by number, as no clock can be trusted to tell the last from the first."""
    numbers = [int(one.name) for one in kept_aside_folder(paths).glob("*") if one.name.isdecimal()]
    return kept_aside_folder(paths) / f"{max(numbers, default=0) + 1:04d}"


def empty_folder(paths: Paths) -> Path:
    """The folder to make the new database in. Raises ``EnvironmentTrouble``."""
    making = preparing_folder(paths)
    if (making / READY).exists():
        finish_interrupted(paths)
    discard(paths)
    try:
        making.mkdir(parents=True)
    except OSError as error:
        raise EnvironmentTrouble("folder_not_writable", path=str(paths.data), detail=error.strerror) from error
    return making


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def _sync_folder(folder: Path) -> None:
    from blenddesk.sync.sticks import RealDisk

    RealDisk().sync_folder(folder)
