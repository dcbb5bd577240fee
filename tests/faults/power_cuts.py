"""Cuts the power at any moment of real work on the database: ``python -m tests.faults.power_cuts --states 10000``.

The work is done by the program's own code over a recording disk (``recording_vfs``); every state that the disk may be
left in is opened by the program's own code again. ``--control`` switches off what keeps data safe: those must fail.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from blenddesk import bootstrap
from blenddesk.errors import BlendDeskError
from blenddesk.storage import anchors, digest
from blenddesk.storage.database import Database
from blenddesk.sync import backups
from blenddesk.sync.backup_files import Secrets
from tests.faults.apsw_dbapi import ApswConnection, ApswDriver, instead_of_sqlcipher
from tests.faults.histories import memory_folder
from tests.faults.power_cuts_scenarios import SCENARIOS, STICK, Scenario, Stage, sound
from tests.faults.recording_vfs import Event, Recorder, RecordingDisk, RecordingVfs, What, Wreck

CHECKPOINT_PAGES = 40
"""A short log, so that the work of a few minutes runs through what otherwise takes a day: many checkpoints."""
CLOSER = 8
"""One state in so many is gone on with: opened as a device, its tables made anew, the work done again."""
RECOVERY = "recovery"
NAMES = [*SCENARIOS, RECOVERY]
SECOND_CUTS = 40
"""Of one computer whose power went before."""
COMMIT = "commit:"
SAFE = "safe:"

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

    def commits(self) -> list[str]:
        """The fingerprints of the database after each commit, in order."""
        marks = [event.path for event in self.events if event.what is What.MARK]
        return [mark.removeprefix(COMMIT) for mark in marks if mark.startswith(COMMIT)]


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
    write_whole = anchors._write_whole

    def write_anchor(file: Path, content: object) -> None:
        write_whole(file, content)
        fresh = str(file.with_suffix(".new"))
        recorder.note(What.CREATE, fresh)
        recorder.note(What.WRITE, fresh, data=file.read_bytes())
        recorder.note(What.SYNC, fresh)
        recorder.note(What.RENAME, fresh, data=str(file).encode())

    with instead_of_sqlcipher(driver), mock.patch.object(anchors, "_write_whole", write_anchor):
        yield recorder
    vfs.unregister()


def record(scenario: Scenario, stage: Stage, files: dict[str, bytes], control: str = "") -> Recording:
    """Records the scenario's work on these files, from opening the device to closing it."""
    stage.lay(files)
    with instead_of_sqlcipher(ApswDriver()), opened(stage) as database, database.read() as connection:
        first = fingerprint(connection.exec_driver_sql)
    stage.lay(files)
    with recording(stage, control) as recorder:
        recorder.mark(COMMIT + first)
        disk = RecordingDisk(recorder)
        if scenario.opens:
            desk = stage.open()
            scenario.act(stage, desk, disk, recorder.mark)
            bootstrap.close_device(desk)
        else:
            scenario.act(stage, None, disk, recorder.mark)  # type: ignore[arg-type]
    return Recording(files, recorder.events)


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
    commits = made.commits()
    with instead_of_sqlcipher(ApswDriver()):
        for at, seed in sorted((random.Random(seed).randint(0, len(made.events)), seed) for seed in seeds):
            wreck.advance(at)
            chance = random.Random(f"state {seed}")
            left = wreck.left(chance)
            anchor_is_there = _other_place(stage, left, chance)
            stage.lay(left)
            said = [mark for mark in wreck.marks if mark.startswith(COMMIT)]
            found = _look(stage, commits, max(1, len(said)))
            if not found and seed % CLOSER == 0:
                found = _look_closer(scenario, stage, anchor_is_there)
            found += _look_at_stick(stage, left, wreck.marks, commits, closely=seed % CLOSER == 1)
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


def _look(stage: Stage, commits: list[str], acknowledged: int) -> list[tuple[str, str]]:
    """Opens what is left as the program does: sound, nothing acknowledged lost, no half transaction."""
    try:
        with opened(stage) as database, database.read() as connection:
            if lines := sound(connection):
                return [("not sound", lines[0])]
            found = fingerprint(connection.exec_driver_sql)
    except BlendDeskError as error:
        return [("does not open", str(error))]
    # The one that was under way when the power went may be there, all of it; one that was reported may not be missing.
    if found in commits[acknowledged - 1 : acknowledged + 1]:
        return []
    if found in commits:
        return [("acknowledged commit lost", f"{commits.index(found)} of {acknowledged - 1}")]
    return [("half a transaction", "")]


def _look_closer(scenario: Scenario, stage: Stage, anchor_is_there: bool) -> list[tuple[str, str]]:
    """Goes on with the device: the same life, tables equal to their log, no two ops at one place, work done again."""
    with opened(stage) as database, database.read() as connection:
        life = connection.exec_driver_sql("SELECT value FROM local WHERE name = 'epoch'").scalar_one()
    desk = stage.open()
    found: list[tuple[str, str]] = []
    try:
        if anchor_is_there and desk.ledger.epoch != bytes(life):
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


def _look_at_stick(
    stage: Stage, left: dict[str, bytes], said: list[str], commits: list[str], *, closely: bool
) -> list[tuple[str, str]]:
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
