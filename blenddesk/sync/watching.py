"""A folder that is looked into again and again: what appears is read once, what others lack is written when due.

The folder may be a stick, a network share or kept alike by another program (Nextcloud, Syncthing), so nothing in it is
trusted: names, times, order, that a file is whole, that what was there is still there. A file that is missing means
nothing; a file that cannot be read is tried again after growing waits; each computer writes and removes only its own.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from blenddesk.errors import BlendDeskError, Refusal
from blenddesk.storage.ledger import Ledger
from blenddesk.sync import exchange, own_files, watch_memory
from blenddesk.sync.envelope import MAX_FILE_BYTES
from blenddesk.sync.exchange import Cancelled, PackageResult, Parcel, never
from blenddesk.sync.keys import DeviceKeys
from blenddesk.sync.packages import SUFFIX, content_mark
from blenddesk.sync.sticks import Disk, RealDisk
from blenddesk.sync.volume_carrier import USUAL_BUDGET
from blenddesk.sync.volume_watch import VolumeWatch
from blenddesk.sync.watch_memory import Memory, PackageName, ReadFile, WrittenFile, key_of

WRITE_EVERY_MS = 10 * 60_000
"""A package is always full, so it is not written for every tap."""
FIRST_WAIT_MS = 5_000
LONGEST_WAIT_MS = 60 * 60_000
FIRST_WRITE_WAIT_MS = 60_000
BATCH = 8
"""Files read in one look; the rest is for the next, so that whoever waits for the database comes between."""
NOT_WHOLE_TRIES = 3
"""A file that could not be read this often is told; before, it is most likely still being copied."""
FOR_OTHERS = frozenset({"not_for_us", "class_unknown"})
LABEL = "folder_read"

Listing = Mapping[str, tuple[int, int]]


class Look(NamedTuple):
    """What one look did and found. Times are ms since 1970, 0 when it never happened.

    ``trouble`` is the code of what is wrong with the folder or our own disk, None when nothing is. ``packages`` are the
    files read in this look, whatever became of them; ``more``: it stopped early and should go on at once. ``unread``
    counts files that could not be read for some time; ``only_foreign``: nothing there is for this computer.
    ``writes_at_ms``: something new waits here for its turn to be written.
    """

    trouble: str | None = None
    packages: tuple[PackageResult, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    more: bool = False
    unread: int = 0
    only_foreign: bool = False
    last_read_ms: int = 0
    last_read_from: str = ""
    last_written_ms: int = 0
    writes_at_ms: int = 0
    pictures: int = 0
    """Pictures of work that came in with this look."""
    gave_way: bool = False
    """Somebody else wanted to write meanwhile: what was being read is to be read again, not quite at once."""


class _Trial(NamedTuple):
    """A file that could not be read: what it looked like then, why, how often, and when it is due again (steady ms)."""

    size: int
    changed: int
    sha256: bytes
    code: str
    tries: int
    due_ms: int
    knew: int


def mount_of(folder: Path) -> str:
    """The mount point that a folder lies on, to notice later that nothing is mounted there any more."""
    return next((str(place) for place in (folder, *folder.parents) if os.path.ismount(place)), "")


class Watcher:
    """Watches one folder for one open device. ``look`` is called again and again, from one thread at a time."""

    def __init__(
        self,
        ledger: Ledger,
        keys: DeviceKeys,
        folder: Path,
        *,
        mount: str = "",
        disk: Disk | None = None,
        picture_budget: int = USUAL_BUDGET,
    ) -> None:
        """``mount``: what ``mount_of`` gave when the folder was chosen; "" when it is not to be checked.
        ``picture_budget``: bytes of pictures that may lie in the folder."""
        self.folder = folder
        self._ledger, self._keys = ledger, keys
        self._mount = mount
        self._disk = disk or RealDisk()
        self._volumes = VolumeWatch(ledger, keys, folder, self._disk, picture_budget)
        self._pictures = 0
        self._memory: Memory | None = None
        self._saved = b""
        self._trials: dict[str, _Trial] = {}
        self._knew = 0
        """Grows with everything that comes in: what could not be opened before may open now."""
        self._write_trouble: str | None = None
        self._write_tries = 0
        self._write_again_ms = 0
        self._writes_at_ms = 0
        self._tidied: dict[PackageName, list[str]] = {}
        self._gave_way = False

    def look(self, *, cancelled: Cancelled = never) -> Look:
        """Reads what is new in the folder, then writes what is due. ``cancelled`` stops it between two steps.

        Trouble with the folder or our own disk is in the answer; nothing is raised for it.
        """
        packages: list[PackageResult] = []
        parcels: tuple[Parcel, ...] = ()
        more = self._gave_way = False
        self._pictures = 0
        trouble = None
        try:
            memory = self._remember()
            there = self._list()
            if there is None:
                trouble = "folder_gone"
            else:
                more = self._read_new(memory, there, packages, cancelled)
                if not more:
                    parcels = self._write_due(memory, there, cancelled)
                    trouble = self._write_trouble
                    self._pictures = self._volumes.look(wrote=bool(parcels), knew=self._knew, cancelled=cancelled)
            self._save(memory)
        except BlendDeskError as error:
            if error.code == "cancelled":
                # Whoever stopped it may have closed the database: nothing more of it is touched.
                return self._answer(None, packages, parcels, more=True)
            trouble = error.code
        except OSError as error:
            trouble = "folder_closed" if error.errno in (errno.EACCES, errno.EPERM) else "folder_gone"
        return self._answer(trouble, packages, parcels, more=more)

    def _answer(
        self, trouble: str | None, packages: Collection[PackageResult], parcels: tuple[Parcel, ...], *, more: bool
    ) -> Look:
        memory = self._memory or Memory(b"")
        foreign = any(trial.code in FOR_OTHERS for trial in self._trials.values())
        return Look(
            trouble,
            tuple(packages),
            parcels,
            more,
            sum(t.tries >= NOT_WHOLE_TRIES and t.code not in FOR_OTHERS for t in self._trials.values()),
            foreign and all(kept.ours for kept in memory.read.values()),
            memory.last_read_ms,
            memory.last_read_from,
            memory.last_written_ms,
            self._writes_at_ms,
            self._pictures,
            self._gave_way,
        )

    # --- what is there ----------------------------------------------------------------------------------------------

    def _list(self) -> Listing | None:
        """The files that may be packages; None when the folder is not there. May raise ``OSError``."""
        if self._mount and not os.path.ismount(self._mount):
            # What is left of a share or stick that is gone is an empty folder on our own disk.
            return None
        found = self._disk.listing(self.folder)
        # Names that begin with a dot are what file managers and programs that copy leave beside real files.
        return {
            name: about for name, about in found.items() if name.lower().endswith(SUFFIX) and not name.startswith(".")
        }

    # --- reading ----------------------------------------------------------------------------------------------------

    def _read_new(self, memory: Memory, there: Listing, packages: list[PackageResult], cancelled: Cancelled) -> bool:
        """Reads some of what is due; True when there is more."""
        for name in [name for name in self._trials if name not in there]:
            del self._trials[name]
        # What is gone is only forgotten: if it returns it is looked at again, and its content is known then.
        memory.read = {name: kept for name, kept in memory.read.items() if os.fsdecode(name) in there}
        opened = 0
        # Files that were tried before come last: many of them must not keep new ones waiting.
        for name in sorted(there, key=lambda name: (name in self._trials, name)):
            if not self._is_due(memory, name, *there[name]):
                continue
            if opened == BATCH:
                return True
            opened += 1
            result = self._read_one(memory, name, *there[name], cancelled)
            if result is None:
                continue
            packages.append(result)
            if result.new_ops:
                self._knew += 1
        return any(self._is_due(memory, name, *there[name]) for name in self._trials)

    def _is_due(self, memory: Memory, name: str, size: int, changed: int) -> bool:
        kept = memory.read.get(os.fsencode(name))
        if kept is not None and (kept.size, kept.changed) == (size, changed):
            return False
        trial = self._trials.get(name)
        if trial is None or (trial.size, trial.changed) != (size, changed):
            return True
        return trial.knew != self._knew or self._ledger.clock.steady_ms() >= trial.due_ms

    def _read_one(
        self, memory: Memory, name: str, size: int, changed: int, cancelled: Cancelled
    ) -> PackageResult | None:
        """Reads one file; None when there was nothing to judge: it has gone, or its content is known."""
        memory.read.pop(os.fsencode(name), None)
        digest = b""
        result: PackageResult | None = None
        code = "file_empty" if size == 0 else "file_too_large"
        if 0 < size <= MAX_FILE_BYTES:
            try:
                data = self._disk.read(self.folder / name)
            except FileNotFoundError:
                return None
            except OSError:
                code = "file_unreadable"
            else:
                # Reading from a dead share may take minutes; whoever wanted an end meanwhile has it now.
                if cancelled():
                    raise Refusal("cancelled")
                digest = sha256(data).digest()
                with self._ledger.database.read() as connection:
                    known = watch_memory.known_content(connection, digest)
                if known is not None:
                    memory.read[os.fsencode(name)] = ReadFile(size, changed, digest, known == self._keys.device_id)
                    self._trials.pop(name, None)
                    return None
                tried = self._trials.get(name)
                if tried is not None and (tried.sha256, tried.knew) == (digest, self._knew):
                    code = tried.code
                else:
                    result = exchange.read_package(
                        self._ledger,
                        self._keys,
                        self.folder / name,
                        data,
                        label=LABEL,
                        cancelled=self._gives_way(cancelled),
                    )
                    if result.reason is None:
                        self._note_read(memory, name, size, changed, digest, result)
                        return result
                    code = result.reason
        self._put_off(name, size, changed, digest, code)
        return result

    def _gives_way(self, cancelled: Cancelled) -> Cancelled:
        """A year of work takes seconds to come in, and nobody who taps is to wait for that."""

        def stop() -> bool:
            self._gave_way |= self._ledger.database.is_wanted
            return self._gave_way or cancelled()

        return stop

    def _note_read(
        self, memory: Memory, name: str, size: int, changed: int, digest: bytes, result: PackageResult
    ) -> None:
        ours = result.sender_id == self._keys.device_id
        memory.read[os.fsencode(name)] = ReadFile(size, changed, digest, ours)
        self._trials.pop(name, None)
        if not ours:
            memory.last_read_ms = self._ledger.clock.wall_ms()
            memory.last_read_from = result.sender or ""

    def _put_off(self, name: str, size: int, changed: int, digest: bytes, code: str) -> None:
        before = self._trials.get(name)
        # A file that goes on growing is new each time; one that stays as it is waits longer and longer.
        same = before is not None and (before.size, before.changed, before.code) == (size, changed, code)
        tries = before.tries + 1 if same and before is not None else 1
        wait = LONGEST_WAIT_MS if code in FOR_OTHERS else min(FIRST_WAIT_MS << min(tries - 1, 10), LONGEST_WAIT_MS)
        due = self._ledger.clock.steady_ms() + wait
        self._trials[name] = _Trial(size, changed, digest, code, tries, due, self._knew)

    # --- writing ----------------------------------------------------------------------------------------------------

    def _write_due(self, memory: Memory, there: Listing, cancelled: Cancelled) -> tuple[Parcel, ...]:
        with self._ledger.database.read() as connection:
            wanted = exchange.packages_of(connection, self._keys)
            marks = {one: content_mark(connection, *one) for one in wanted}
        due = [one for one in wanted if not self._is_out(memory, one, marks[one])]
        self._writes_at_ms = 0
        if not due:
            self._write_trouble, self._write_tries = None, 0
            for one in wanted:
                self._tidy(memory, one, there)
            return ()
        now = self._ledger.clock.wall_ms()
        # A clock that was set back has no say: waiting for it could take years.
        if 0 <= now - memory.last_written_ms < WRITE_EVERY_MS:
            self._writes_at_ms = memory.last_written_ms + WRITE_EVERY_MS
            return ()
        if self._write_trouble is not None and self._ledger.clock.steady_ms() < self._write_again_ms:
            return ()
        try:
            report = exchange.write_packages(
                self._ledger, self._keys, self.folder, cancelled=cancelled, disk=self._disk, only=due
            )
        except BlendDeskError as error:
            if error.code == "cancelled":
                raise
            self._write_trouble = error.code
            wait = min(FIRST_WRITE_WAIT_MS << min(self._write_tries, 10), WRITE_EVERY_MS)
            self._write_tries += 1
            self._write_again_ms = self._ledger.clock.steady_ms() + wait
            return ()
        self._write_trouble, self._write_tries = None, 0
        self._note_written(memory, report.parcels)
        return report.parcels

    def _is_out(self, memory: Memory, one: PackageName, mark: bytes) -> bool:
        """Whether the folder has our package of this kind with all that it would hold now, under whatever name."""
        written = memory.written.get(key_of(one))
        if written is None or written.mark != mark:
            return False
        return any(kept.sha256 == written.sha256 for kept in memory.read.values())

    def _note_written(self, memory: Memory, parcels: tuple[Parcel, ...]) -> None:
        memory.last_written_ms = self._ledger.clock.wall_ms()
        for parcel in parcels:
            written = WrittenFile(parcel.sha256, parcel.mark)
            memory.written[key_of((parcel.section, parcel.kind))] = written
        there = self._disk.listing(self.folder)
        for parcel in parcels:
            if parcel.path.name in there:
                size, changed = there[parcel.path.name]
                memory.read[os.fsencode(parcel.path.name)] = ReadFile(size, changed, parcel.sha256, ours=True)

    def _tidy(self, memory: Memory, one: PackageName, there: Listing) -> None:
        """Older files of ours that came back (another program put them there again) go once more.

        As after writing: only when the newest, read now, is whole and holds all that we have.
        """
        present = own_files.among(own_files.remembered(self._ledger.database, *one), there)
        if len(present) <= own_files.KEPT_FILES or self._tidied.get(one) == present:
            return
        self._tidied[one] = present
        written = memory.written[key_of(one)]
        newest = self.folder / present[-1]
        with suppress(OSError), self._ledger.database.read() as connection:
            whole = sha256(self._disk.read(newest)).digest() == written.sha256
            if whole and content_mark(connection, *one) == written.mark:
                own_files.tidy(connection, self._keys, present, *one, self.folder, self._disk)

    # --- what is kept -----------------------------------------------------------------------------------------------

    def _remember(self) -> Memory:
        if self._memory is None:
            with self._ledger.database.read() as connection:
                self._memory = watch_memory.load(connection, self.folder)
        return self._memory

    def _save(self, memory: Memory) -> None:
        encoded = watch_memory.encode(memory)
        if encoded != self._saved:
            with self._ledger.database.write() as connection:
                watch_memory.save(connection, encoded)
            self._saved = encoded
