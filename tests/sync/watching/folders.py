"""A classroom whose computers share a folder, and a disk that counts what is asked of it."""

from __future__ import annotations

import os
from pathlib import Path

from blenddesk.sync import own_files
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.sticks import RealDisk
from blenddesk.sync.watching import WRITE_EVERY_MS, Look, Watcher
from tests.sync.devices import Classroom, Device


class CountingDisk(RealDisk):
    """The real disk, counting what is opened, with trouble on demand."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.listings = 0
        self.writings = 0
        self.trouble: dict[str, int] = {}
        """errno by the method's name, or by the name of a file."""

    def read(self, path: Path) -> bytes:
        self.opened.append(path.name)
        self._fail(path.name)
        return super().read(path)

    def listing(self, folder: Path) -> dict[str, tuple[int, int]]:
        self.listings += 1
        self._fail("listing")
        self._fail(f"listing {self.listings}")
        return super().listing(folder)

    def write_synced(self, path: Path, data: bytes) -> None:
        self.writings += 1
        self._fail("write_synced")
        super().write_synced(path, data)

    def _fail(self, what: str) -> None:
        if what in self.trouble:
            raise OSError(self.trouble[what], os.strerror(self.trouble[what]))


def watch(device: Device, folder: Path) -> Watcher:
    return Watcher(device.ledger, device.keys, folder, disk=CountingDisk())


def disk_of(watcher: Watcher) -> CountingDisk:
    disk = watcher._disk
    assert isinstance(disk, CountingDisk)
    return disk


def settle(room: Classroom, *watchers: Watcher) -> list[Look]:
    """Everyone looks, and again after ten minutes, until nothing is read and nothing written; the last looks."""
    for _round in range(12):
        room.clock.now_ms += WRITE_EVERY_MS
        looks = []
        for watcher in watchers:
            while (look := watcher.look()).more:
                looks.append(look)
            looks.append(look)
        if not any(look.packages or look.parcels for look in looks):
            return looks[-len(watchers) :]
    raise AssertionError("never quiet")


def own(folder: Path, device: Device, kind: PackageKind = PackageKind.CLASS) -> list[str]:
    names = own_files.remembered(device.database, device.section, kind)
    return own_files.among(names, [path.name for path in folder.iterdir()])
