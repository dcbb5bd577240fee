"""A disk that notes every write, sync and change of a folder, and then says what a power cut may have left of them.

``Recorder`` collects events in the order in which the program asked for them: of SQLite through ``RecordingVfs``, of
the program's own files through ``RecordingDisk``. ``Wreck`` replays them; at any point it knows which bytes and names
are safe (a sync that came back covers them) and makes states of what is not: each unsynced write kept, lost or torn at
sector boundaries, in any subset and order, each unsynced name there or not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, NamedTuple

import apsw

SECTORS = (512, 4096)


class What(Enum):
    """``MARK`` is no doing of the disk: the program was told something at this moment (``Event.data`` says what)."""

    CREATE = auto()
    WRITE = auto()
    TRUNCATE = auto()
    SYNC = auto()
    FAILED_SYNC = auto()
    DELETE = auto()
    RENAME = auto()
    SYNC_FOLDER = auto()
    MARK = auto()


class Event(NamedTuple):
    """``path`` is a file's, or the folder's of ``SYNC_FOLDER``; ``at`` the offset, or the size of ``TRUNCATE``."""

    what: What
    path: str
    at: int = 0
    data: bytes = b""


@dataclass
class Recorder:
    """What happened. ``syncs`` False makes a disk that says "done" and does nothing."""

    events: list[Event] = field(default_factory=list)
    syncs: bool = True

    def note(self, what: What, path: str, at: int = 0, data: bytes = b"") -> None:
        if self.syncs or what not in (What.SYNC, What.SYNC_FOLDER):
            self.events.append(Event(what, path, at, data))

    def mark(self, said: str) -> None:
        self.note(What.MARK, said)


class RecordingVfs(apsw.VFS):
    """The computer's own file system, with every change of a file or folder noted. ``unregister`` when done."""

    def __init__(self, name: str, recorder: Recorder) -> None:
        self.recorder = recorder
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None:
            return apsw.VFSFile("", name, flags)  # a temporary file of SQLite's own: gone after a power cut anyway
        is_new = not Path(path).exists()
        file = self.make_file(path, name, flags)
        if is_new:
            self.recorder.note(What.CREATE, path)
        # SQLite's Unix layer syncs the folder with the first sync of a journal or log that a connection may have made,
        # and only of those.
        file.syncs_folder = bool(flags[0] & (apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL))
        return file

    def make_file(self, path: str, name: Any, flags: list[int]) -> RecordingFile:
        return RecordingFile(self.recorder, path, name, flags)

    def xDelete(self, path: str, sync_folder: bool) -> None:
        super().xDelete(path, sync_folder)
        self.recorder.note(What.DELETE, path)
        if sync_folder:
            self.recorder.note(What.SYNC_FOLDER, str(Path(path).parent))


class RecordingFile(apsw.VFSFile):
    """An open file of a ``RecordingVfs``."""

    def __init__(self, recorder: Recorder, path: str, name: Any, flags: list[int]) -> None:
        self.recorder, self.path, self.syncs_folder = recorder, path, False
        super().__init__("", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:
        super().xWrite(data, offset)
        self.recorder.note(What.WRITE, self.path, offset, bytes(data))

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        self.recorder.note(What.TRUNCATE, self.path, size)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self.recorder.note(What.SYNC, self.path)
        if self.syncs_folder:
            self.recorder.note(What.SYNC_FOLDER, str(Path(self.path).parent))
            self.syncs_folder = False


class RecordingDisk:
    """The program's port for sticks (``blenddesk.sync.sticks.Disk``) on a model in memory, noted with the rest."""

    def __init__(self, recorder: Recorder, free: int = 1 << 30) -> None:
        self.recorder, self.free = recorder, free
        self.files: dict[Path, bytes] = {}

    def free_bytes(self, folder: Path) -> int:
        return self.free

    def write_synced(self, path: Path, data: bytes) -> None:
        if path not in self.files:
            self.recorder.note(What.CREATE, str(path))
        self.recorder.note(What.TRUNCATE, str(path), 0)
        for start in range(0, len(data), 65_536):
            self.recorder.note(What.WRITE, str(path), start, data[start : start + 65_536])
        self.recorder.note(What.SYNC, str(path))
        self.files[path] = data

    def sync_folder(self, folder: Path) -> None:
        self.recorder.note(What.SYNC_FOLDER, str(folder))

    def read(self, path: Path) -> bytes:
        return self.files[path]

    def rename(self, path: Path, to: Path) -> None:
        self.recorder.note(What.RENAME, str(path), data=str(to).encode())
        self.files[to] = self.files.pop(path)

    def exists(self, path: Path) -> bool:
        return path in self.files

    def listing(self, folder: Path) -> dict[str, tuple[int, int]]:
        return {path.name: (len(data), 0) for path, data in self.files.items() if path.parent == folder}

    def remove(self, path: Path) -> None:
        self.recorder.note(What.DELETE, str(path))
        del self.files[path]


# --- what is left ---------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Content:
    """The bytes of a file: those that a sync covers, and the writes since, oldest first.

    A sync that failed leaves its writes in doubt for good: systems forget them, and a later sync that works covers only
    what was written after.
    """

    safe: bytearray = field(default_factory=bytearray)
    doubtful: list[Event] = field(default_factory=list)
    pending: list[Event] = field(default_factory=list)

    def settle(self) -> None:
        for event in self.pending:
            _apply(self.safe, event, b"\0")
            self.doubtful = [old for old in self.doubtful if not _overlap(old, event)]
        self.pending.clear()

    def fail(self) -> None:
        self.doubtful += self.pending
        self.pending.clear()


class _NameChange(NamedTuple):
    """A name that came (``content``) or went (None), not yet safe."""

    path: str
    content: _Content | None


class Wreck:
    """A disk while it works, from a list of events; ``left`` says what a cut leaves where ``advance`` has come to."""

    def __init__(self, events: list[Event], files: dict[str, bytes]) -> None:
        """``files``: what lay safely on the disk before the first event."""
        self._events = events
        self.at = 0
        self.marks: list[str] = []
        self._names = {path: _Content(bytearray(data)) for path, data in files.items()}
        self._safe_names = dict(self._names)
        self._changes: list[_NameChange] = []

    def advance(self, to: int) -> None:
        """Goes on to the moment after the first ``to`` events."""
        for event in self._events[self.at : to]:
            self._replay(event)
        self.at = to

    def _replay(self, event: Event) -> None:
        what, path = event.what, event.path
        if what is What.MARK:
            self.marks.append(path)
        elif what is What.CREATE:
            self._rename(path, _Content())
        elif what is What.DELETE:
            self._rename(path, None)
        elif what is What.RENAME:
            content = self._names[path]
            self._rename(event.data.decode(), content)
            self._rename(path, None)
        elif what is What.SYNC:
            self._names[path].settle()
        elif what is What.FAILED_SYNC:
            self._names[path].fail()
        elif what is What.SYNC_FOLDER:
            for change in self._changes:
                if _folder(change.path) == path:
                    _set(self._safe_names, change)
            self._changes = [change for change in self._changes if _folder(change.path) != path]
        else:
            self._names[path].pending.append(event)

    def _rename(self, path: str, content: _Content | None) -> None:
        change = _NameChange(path, content)
        self._changes.append(change)
        _set(self._names, change)

    def left(self, chance: random.Random) -> dict[str, bytes]:
        """One of the states that a power cut now may leave: the bytes of each file by its path."""
        names = dict(self._safe_names)
        for change in _some_names(self._changes, chance):
            _set(names, change)
        style = chance.choice(list(_Style))
        made: dict[int, bytes] = {}
        for path in sorted(names):
            content = names[path]
            if id(content) not in made:
                made[id(content)] = _torn(content, style, chance)
        return {path: made[id(content)] for path, content in names.items()}


def _folder(path: str) -> str:
    return str(Path(path).parent)


def _set(names: dict[str, _Content], change: _NameChange) -> None:
    if change.content is None:
        names.pop(change.path, None)
    else:
        names[change.path] = change.content


def _some_names(changes: list[_NameChange], chance: random.Random) -> list[_NameChange]:
    """A journal loses the newest changes of names; a file system without one may lose each on its own."""
    if chance.random() < 0.5:
        return changes[: chance.randint(0, len(changes))]
    return [change for change in changes if chance.random() < 0.5]


class _Style(Enum):
    """How a disk may have gone about the writes that nobody told it to finish."""

    IN_ORDER = auto()
    """As asked for, up to one that was cut short."""
    SUBSET = auto()
    """Each whole or not at all."""
    TORN = auto()
    """Each sector on its own."""
    SHUFFLED = auto()
    """Each sector on its own, and a later write of one place may lie under an earlier."""


def _torn(content: _Content, style: _Style, chance: random.Random) -> bytes:
    """The file's bytes after the cut."""
    data = bytearray(content.safe)
    writes = content.doubtful + content.pending
    if not writes:
        return bytes(data)
    sector = chance.choice(SECTORS)
    share = chance.choice((0.05, 0.3, 0.5, 0.7, 0.95))
    # What a file has grown by and nobody wrote: nothing on most file systems, what lay there before on others.
    filler = b"\0" if chance.random() < 0.7 else chance.randbytes(64)
    if style is _Style.IN_ORDER:
        last = chance.randrange(len(writes) + 1)
        cut = [part for event in writes[last : last + 1] for part in _sectors(event, sector)]
        writes = writes[:last] + cut[: chance.randint(0, len(cut))]
    elif style is _Style.SUBSET:
        writes = [event for event in writes if chance.random() < share]
    else:
        if style is _Style.SHUFFLED:
            writes = _shuffled(writes, chance)
        writes = [part for event in writes for part in _sectors(event, sector) if chance.random() < share]
    for event in writes:
        _apply(data, event, filler)
    return bytes(data)


def _shuffled(writes: list[Event], chance: random.Random) -> list[Event]:
    """In any order, but none of them to the other side of a change of size: file systems keep those in their place."""
    runs: list[list[Event]] = [[]]
    for event in writes:
        if event.what is What.TRUNCATE:
            runs += [[event], []]
        else:
            runs[-1].append(event)
    for run in runs:
        chance.shuffle(run)
    return [event for run in runs for event in run]


def _sectors(event: Event, sector: int) -> Iterator[Event]:
    """The write as the disk sees it: one for each sector that it touches."""
    if event.what is What.TRUNCATE:
        yield event
        return
    start, end = event.at, event.at + len(event.data)
    while start < end:
        stop = min(end, (start // sector + 1) * sector)
        yield event._replace(at=start, data=event.data[start - event.at : stop - event.at])
        start = stop


def _overlap(old: Event, new: Event) -> bool:
    """Whether the newer write leaves nothing to say for the older."""
    if What.TRUNCATE in (old.what, new.what):
        return old.what is new.what or old.at >= new.at
    return old.at < new.at + len(new.data) and new.at < old.at + len(old.data)


def _apply(data: bytearray, event: Event, filler: bytes) -> None:
    if event.what is What.TRUNCATE:
        if event.at <= len(data):
            del data[event.at :]
            return
        data += (filler * (event.at - len(data)))[: event.at - len(data)]
        return
    gap = event.at - len(data)
    if gap > 0:
        data += (filler * gap)[:gap]
    data[event.at : event.at + len(event.data)] = event.data
