"""Pictures in a watched folder: what is new there is taken home, what others need is put there, now and then."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from blenddesk.storage.blobs import beside
from blenddesk.storage.ledger import Ledger
from blenddesk.sync import picture_words, volume_carrier
from blenddesk.sync.envelope import MAX_FILE_BYTES
from blenddesk.sync.keys import DeviceKeys, our_sections
from blenddesk.sync.sticks import Disk
from blenddesk.sync.volumes import SUFFIX

WRITE_EVERY_MS = 10 * 60_000


class _Seen(NamedTuple):
    """A volume that was read, and what could not be taken from it then. ``knew``: how much had come in by then."""

    size: int
    changed: int
    names: frozenset[bytes]
    refused: bool
    knew: int


class VolumeWatch:
    """The volumes of one folder for one open device; used by the folder's ``Watcher``, from its thread."""

    def __init__(self, ledger: Ledger, keys: DeviceKeys, folder: Path, disk: Disk, budget: int) -> None:
        self._ledger, self._keys, self._folder, self._disk, self._budget = ledger, keys, folder, disk, budget
        self._seen: dict[str, _Seen] = {}
        self._next_write_ms: int | None = None

    def look(self, *, wrote: bool, knew: int, cancelled: volume_carrier.Cancelled) -> int:
        """Takes what is new, then writes what is due: when packages were just written (``wrote``), pictures came, or
        some time has passed. Returns how many pictures came. ``knew`` grows with every change that comes in.

        Raises like ``volume_carrier.read_volumes``, and ``OSError`` of the folder.
        """
        taken = self._take(knew, cancelled)
        now = self._ledger.clock.steady_ms()
        if wrote or taken or self._next_write_ms is None or now >= self._next_write_ms:
            self._next_write_ms = now + WRITE_EVERY_MS
            volume_carrier.write_volumes(
                self._ledger, self._keys, self._folder, budget=self._budget, disk=self._disk, cancelled=cancelled
            )
        return taken

    def _take(self, knew: int, cancelled: volume_carrier.Cancelled) -> int:
        there = {
            name: about
            for name, about in self._disk.listing(self._folder).items()
            if name.lower().endswith(SUFFIX) and not name.startswith(".")
        }
        self._seen = {name: seen for name, seen in self._seen.items() if name in there}
        missing = self._missing() if there else frozenset()
        taken = 0
        for name, (size, changed) in sorted(there.items()):
            if cancelled():
                return taken
            seen = self._seen.get(name)
            # What could not be opened may open once something has come in: the class it belongs to, for one.
            known = seen is not None and (seen.size, seen.changed) == (size, changed)
            if (
                known
                and seen is not None
                and missing.isdisjoint(seen.names)
                and not (seen.refused and seen.knew < knew)
            ):
                continue
            taken += self._read(name, size, changed, knew)
        return taken

    def _read(self, name: str, size: int, changed: int, knew: int) -> int:
        names, refused, taken = frozenset[bytes](), True, 0
        if 0 < size <= MAX_FILE_BYTES:
            try:
                data = self._disk.read(self._folder / name)
            except OSError:
                return 0
            result = volume_carrier.judge(self._ledger, self._keys, self._folder / name, data)
            names, refused, taken = result.names, result.reason is not None, result.taken
        self._seen[name] = _Seen(size, changed, names, refused, knew)
        return taken

    def _missing(self) -> frozenset[bytes]:
        """The pictures that this computer knows of and has not."""
        found: set[bytes] = set()
        blobs = beside(self._ledger.database.path)
        with self._ledger.database.read() as connection:
            for section in our_sections(connection):
                known = picture_words.known_pictures(connection, section)
                found |= known.difference(blobs.names(section)) if known else set()
        return frozenset(found)
