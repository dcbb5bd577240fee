"""Cuts the power at any moment of real work on the database: ``python -m tests.faults.power_cuts --states 10000``.

The work is done by the program's own code over a recording disk (``recording_vfs``); every state that the disk may be
left in is opened by the program's own code again. ``--control`` switches off what keeps data safe: those must fail.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

import apsw

from blenddesk import bootstrap, changing_places
from blenddesk.errors import BlendDeskError
from blenddesk.storage import anchors, digest
from blenddesk.storage.database import Database
from blenddesk.sync import backups
from blenddesk.sync.backup_files import Secrets
from blenddesk.sync.key_file import PrivateDisk
from tests.faults.apsw_dbapi import ApswConnection, ApswDriver, instead_of_sqlcipher
from tests.faults.histories import memory_folder
from tests.faults.power_cuts_scenarios import MADE, SCENARIOS, STICK, Scenario, Stage, close_desk, sound
from tests.faults.recording_vfs import Event, Recorder, RecordingDisk, RecordingVfs, What, Wreck

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CHECKPOINT_PAGES = 40
"""A short log, so that the work of a few minutes runs through what otherwise takes a day: many checkpoints."""
CLOSER = 8
"""One state in so many is gone on with: opened as a device, its tables made anew, the work done again."""
NO_DEVICE = "no device"
RECOVERY = "recovery"
NAMES = [*SCENARIOS, RECOVERY]
SECOND_CUTS = 40
"""Of one computer whose power went before."""
COMMIT = "commit:"
MAYBE = "maybe:"
"""A state that nobody was told of."""
SAFE = "safe:"
READING = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI

FULL = "PRAGMA synchronous = FULL"
CONTROLS: dict[str, dict[str, str]] = {
    "normal": {FULL: "PRAGMA synchronous = NORMAL"},
    "off": {FULL: "PRAGMA synchronous = OFF"},
    "journal": {"PRAGMA journal_mode = WAL": "PRAGMA journal_mode = DELETE"},
    "no-fsync": {},
}


class Recording(NamedTuple):
    """The disk before the work, and everything that happened to it then."""

    files: dict[str, bytes]
    events: list[Event]

    def moments(self) -> list[str]:
        """The marks of all states that the database goes through, in order."""
        return [event.path for event in self.events if event.what is What.MARK and _is_moment(event.path)]


def _is_moment(mark: str) -> bool:
    return mark.startswith((COMMIT, MAYBE))


def _possible(moments: list[str], passed: int) -> list[str]:
    """The fingerprints that may be found when the power went after so many moments.

    The one that was under way may be there, all of it; the last one that was acknowledged may not be missing.
    """
    first = max((at for at in range(passed) if moments[at].startswith(COMMIT)), default=0)
    last = next((at for at in range(passed, len(moments)) if moments[at].startswith(COMMIT)), len(moments))
    return [mark.partition(":")[2] for mark in moments[first : last + 1]]


def fingerprint(run: Callable[[str], Iterable[Any]]) -> str:
    """Of every row of every table, those of the log as well as the others."""
    total = blake2b(digest_size=12)
    for (table,) in list(run("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")):
        total.update(table.encode())
        for row in run(f'SELECT * FROM "{table}"'):
            total.update(repr(tuple(row)).encode())
    return total.hexdigest()


@contextmanager
def recording(stage: Stage, control: str = "") -> Iterator[Recorder]:
    """While the block runs, the program works on a recording disk, and each commit is marked with its fingerprint."""
    recorder = Recorder(syncs=control != "no-fsync")
    vfs = RecordingVfs("recording", recorder)

    def note_commit(connection: ApswConnection) -> None:
        if connection.path == str(stage.paths.database):
            recorder.mark(COMMIT + fingerprint(connection.execute))

    driver = ApswDriver(
        "recording",
        checkpoint_pages=CHECKPOINT_PAGES,
        rewrites=CONTROLS.get(control),
        after_commit=note_commit,
    )
    write_whole, write_private = anchors._write_whole, PrivateDisk.write_private

    def write_anchor(file: Path, content: object) -> None:
        write_whole(file, content)
        fresh = str(file.with_suffix(".new"))
        recorder.note(What.CREATE, fresh)
        recorder.note(What.WRITE, fresh, data=file.read_bytes())
        recorder.note(What.SYNC, fresh)
        recorder.note(What.RENAME, fresh, data=str(file).encode())

    def write_key(disk: PrivateDisk, path: Path, data: bytes) -> None:
        write_private(disk, path, data)
        recorder.note(What.CREATE, str(path))
        recorder.note(What.WRITE, str(path), data=data)
        recorder.note(What.SYNC, str(path))

    def moving(move: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def noted(path: Path, target: Path) -> Path:
            done = move(path, target)
            if path.is_relative_to(stage.paths.data):
                recorder.note(What.RENAME, str(path), data=str(target).encode())
            if target == stage.paths.database:
                looking = apsw.Connection(f"file:{target}?immutable=1", READING)
                recorder.mark(MAYBE + fingerprint(looking.execute))
                looking.close()
            return done

        return noted

    def sync_folder(folder: Path) -> None:
        recorder.note(What.SYNC_FOLDER, str(folder))

    with (
        instead_of_sqlcipher(driver),
        mock.patch.object(anchors, "_write_whole", write_anchor),
        mock.patch.object(PrivateDisk, "write_private", write_key),
        mock.patch.object(Path, "rename", moving(Path.rename)),
        mock.patch.object(Path, "replace", moving(Path.replace)),
        mock.patch.object(changing_places, "_sync_folder", sync_folder),
    ):
        yield recorder
    vfs.unregister()


def record(scenario: Scenario, stage: Stage, files: dict[str, bytes], control: str = "") -> Recording:
    """Records the scenario's work on these files, from opening the device to closing it."""
    stage.lay(files)
    with instead_of_sqlcipher(ApswDriver()):
        first = _state(stage)
    stage.lay(files)
    with recording(stage, control) as recorder:
        recorder.mark(COMMIT + first)
        disk = RecordingDisk(recorder)

        def say(said: str) -> None:
            # Whoever made the device may rely on what was put in its place.
            made = [event.path.removeprefix(MAYBE) for event in recorder.events if event.path.startswith(MAYBE)]
            recorder.mark(COMMIT + made[-1] if said == MADE else said)

        if scenario.opens:
            desk = stage.open()
            scenario.act(stage, desk, disk, say)
            bootstrap.close_device(desk)
        else:
            scenario.act(stage, None, disk, say)  # type: ignore[arg-type]
    return Recording(files, recorder.events)


def _state(stage: Stage) -> str:
    """The fingerprint of what lies there; NO_DEVICE when nothing does."""
    if not stage.paths.exists:
        return NO_DEVICE
    with opened(stage) as database, database.read() as connection:
        return fingerprint(raw(connection))


def raw(connection: Connection) -> Callable[[str], Iterable[Any]]:
    """Runs statements past SQLAlchemy, which takes its time with hundreds of them."""
    driver_connection: Any = connection.connection.driver_connection
    run: Callable[[str], Iterable[Any]] = driver_connection.execute
    return run


@contextmanager
def opened(stage: Stage) -> Iterator[Database]:
    database = Database(stage.paths.database, bootstrap.read_key(stage.paths.key))
    try:
        yield database
    finally:
        database.close()


# --- judging ----------------------------------------------------------------------------------------------------------


def judge(scenario: Scenario, stage: Stage, made: Recording, seeds: Iterable[int]) -> tuple[Counter[str], list[str]]:
    """Counts of what is wrong with the states of the seeds (``states``: how many there were), and a line for each."""
    wrong: Counter[str] = Counter()
    lines: list[str] = []
    distinct: set[int] = set()
    wreck = Wreck(made.events, made.files)
    moments = made.moments()
    with instead_of_sqlcipher(ApswDriver()):
        for at, seed in sorted((random.Random(seed).randint(0, len(made.events)), seed) for seed in seeds):
            wreck.advance(at)
            chance = random.Random(f"state {seed}")
            left = wreck.left(chance)
            anchor_is_there = _other_place(stage, left, chance)
            stage.lay(left)
            passed = max(1, sum(map(_is_moment, wreck.marks)))
            found = _look(stage, moments, passed)
            if not found and seed % CLOSER == 0:
                found = _look_closer(scenario, stage, anchor_is_there)
            found += _look_at_stick(stage, left, wreck.marks, closely=seed % CLOSER == 1)
            wrong["states"] += 1
            distinct.add(hash(tuple(sorted(left.items()))))
            wrong.update(dict.fromkeys([what for what, _detail in found], 1))
            lines += [
                f"seed {seed}, after {at} of {len(made.events)} events: {what} {detail}" for what, detail in found
            ]
    wrong["distinct"] = len(distinct)
    return wrong, lines


def _other_place(stage: Stage, left: dict[str, bytes], chance: random.Random) -> bool:
    """The file beside the database may be gone or unreadable too; says whether it is whole."""
    files = [path for path in left if Path(path).parent == stage.root / "state" and path.endswith(".json")]
    fate = chance.choice(["kept"] * 6 + ["gone", "torn"])
    for path in files:
        if fate == "gone":
            del left[path]
        elif fate == "torn":
            left[path] = left[path][: len(left[path]) // 2] + b"\0" * 40
    return bool(files) and fate == "kept"


def _look(stage: Stage, moments: list[str], passed: int) -> list[tuple[str, str]]:
    """Opens what is left as the program does: sound, nothing acknowledged lost, no half transaction."""
    found = NO_DEVICE
    try:
        if stage.paths.exists:
            with opened(stage) as database, database.read() as connection:
                if lines := sound(connection):
                    return [("not sound", lines[0])]
                found = fingerprint(raw(connection))
    except BlendDeskError as error:
        return [("does not open", str(error))]
    if found in _possible(moments, passed):
        return []
    fingerprints = [mark.partition(":")[2] for mark in moments]
    if found in fingerprints:
        return [("acknowledged commit lost", f"{fingerprints.index(found)} of {passed - 1}")]
    return [("half a transaction", "")]


def _look_closer(scenario: Scenario, stage: Stage, anchor_is_there: bool) -> list[tuple[str, str]]:
    """Goes on with the device: the same life, tables equal to their log, no two ops at one place, work done again."""
    if not stage.paths.exists:
        stage = copy(stage)  # a new device with a class of its own
        close_desk(stage)
    with opened(stage) as database, database.read() as connection:
        life = connection.exec_driver_sql("SELECT value FROM local WHERE name = 'epoch'").scalar_one()
    desk = stage.open()
    found: list[tuple[str, str]] = []
    try:
        # Without a journal the place where a device was made may show it too: then it looks copied, and is named so.
        is_twice = (stage.paths.data / "making" / stage.paths.database.name).exists()
        if anchor_is_there and not is_twice and desk.ledger.epoch != bytes(life):
            found.append(("a new life for nothing", ""))
        if not digest.rebuild(desk.ledger):
            found.append(("tables differ from their log", ""))
        scenario.again(stage, desk)
        if not digest.rebuild(desk.ledger):
            found.append(("tables differ from their log afterwards", ""))
        with desk.ledger.database.read() as connection:
            found += [("not sound afterwards", line) for line in sound(connection)]
        twins = "SELECT count(*) FROM (SELECT 1 FROM op GROUP BY sid, seq HAVING count(*) > 1)"
        if desk.reads.reader.rows(twins) != [(0,)]:
            found.append(("two ops at one place", ""))
    except (BlendDeskError, AssertionError):
        found.append(("cannot go on", traceback.format_exc(limit=-2)))
    finally:
        bootstrap.close_device(desk)
    return found


def _look_at_stick(stage: Stage, left: dict[str, bytes], said: list[str], *, closely: bool) -> list[tuple[str, str]]:
    """Every backup that was called safe is there; one under a final name opens with its words and is a whole moment."""
    on_stick = {path: data for path, data in left.items() if Path(path).parent == STICK}
    found = [
        ("backup lost", path) for mark in said if (path := mark.removeprefix(SAFE)) != mark and path not in on_stick
    ]
    for path, data in on_stick.items():
        if path.endswith(backups.SUFFIX):
            file, to = stage.root / "from-the-stick", stage.root / "opened"
            file.write_bytes(data)
            try:
                head = backups.open_backup(file, Secrets(None, stage.words[path]), to)
            except BlendDeskError as error:
                found.append(("backup torn", str(error)))
                continue
            if closely:
                stage.lay({str(stage.paths.database): to.read_bytes(), str(stage.paths.key): head.key.hex().encode()})
                found += [(f"in the backup: {what}", detail) for what, detail in _look_at_restored(stage, head.digest)]
            to.unlink()
    return found


def _look_at_restored(stage: Stage, shown: str) -> list[tuple[str, str]]:
    """A backup has no tables for screens: opening the device makes them, and they are what they were."""
    with opened(stage) as database, database.read() as connection:
        if lines := sound(connection):
            return [("not sound", lines[0])]
    desk = stage.open()
    try:
        with desk.ledger.database.read() as connection:
            return [] if digest.whole_digest(connection) == shown else [("no moment of the data", "")]
    finally:
        bootstrap.close_device(desk)


def cut(name: str, seeds: Iterable[int], control: str = "") -> tuple[Counter[str], list[str]]:
    """One scenario by name: records its work and judges the states of the seeds."""
    if name == RECOVERY:
        return _cut_twice(list(seeds), control)
    with tempfile.TemporaryDirectory(dir=memory_folder()) as root:
        stage = Stage(Path(root))
        return judge(
            SCENARIOS[name], stage, record(SCENARIOS[name], stage, _prepared(SCENARIOS[name], stage), control), seeds
        )


def _cut_twice(seeds: list[int], control: str) -> tuple[Counter[str], list[str]]:
    """The power goes, comes back, and goes again while the program opens what was left and works on."""
    scenario = SCENARIOS["commit"]
    wrong: Counter[str] = Counter()
    lines: list[str] = []
    with tempfile.TemporaryDirectory(dir=memory_folder()) as root:
        stage = Stage(Path(root))
        first = record(scenario, stage, _prepared(scenario, stage), control)
        for start in range(0, len(seeds), SECOND_CUTS):
            chance = random.Random(f"first cut {seeds[start]}")
            wreck = Wreck(first.events, first.files)
            wreck.advance(chance.randint(0, len(first.events)))
            second = record(scenario, stage, wreck.left(chance), control)
            found, said = judge(scenario, stage, second, seeds[start : start + SECOND_CUTS])
            wrong += found
            lines += [f"first cut {seeds[start]}, {line}" for line in said]
    return wrong, lines


def _prepared(scenario: Scenario, stage: Stage) -> dict[str, bytes]:
    with instead_of_sqlcipher(ApswDriver()):
        scenario.prepare(stage)
    return stage.files()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=int, default=10_000, help="of each scenario")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--scenario", choices=NAMES)
    parser.add_argument("--control", choices=list(CONTROLS), default="")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    failed = False
    for name in [options.scenario] if options.scenario else NAMES:
        begun = time.monotonic()
        wrong, lines = cut(name, range(options.first, options.first + options.states), options.control)
        print(f"{name}: {dict(wrong)} in {time.monotonic() - begun:.0f} s", flush=True)
        print(*lines[:20], sep="\n", end="\n" if lines else "")
        failed |= bool(lines)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
