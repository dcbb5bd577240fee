"""Lets the disk fail at every single call, once or for good: ``python -m tests.faults.io_errors``.

The program's own code works over a disk that refuses its k-th call (``FaultyVfs`` below SQLite, ``FaultyDisk`` for the
stick), for every k. Then: a plain sentence or success, the database as the last acknowledged commit left it, the same
work done again on the same open device, and a sound database in the end.
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
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from blenddesk import bootstrap
from blenddesk.errors import BlendDeskError, EnvironmentTrouble, Refusal
from blenddesk.messages import ERRORS, error_sentence
from blenddesk.services import erasing
from blenddesk.services.context import AppContext
from blenddesk.storage import database
from blenddesk.sync import exchange
from blenddesk.sync.sticks import Disk
from tests.faults import power_cuts_scenarios as work
from tests.faults.apsw_dbapi import ApswConnection, ApswDriver, Hook, instead_of_sqlcipher
from tests.faults.histories import memory_folder
from tests.faults.io_errors_disk import KINDS, FaultyDisk, FaultyVfs, Kind, Switch
from tests.faults.power_cuts import fingerprint, opened, raw
from tests.faults.power_cuts_scenarios import STICK, Stage, sound
from tests.faults.recording_vfs import Recorder, Wreck

EXPECTED = {
    *("disk_full", "disk_failing", "database_locked", "database_not_writable"),
    # A read that fails while the copy is looked at; the sentence tells to look after the disk.
    "backup_copy_differs",
    *("stick_full", "stick_read_only", "stick_gone", "stick_unreliable"),
}
"""Codes that say what happened. ``database_unreadable`` is not among them: nothing here is damaged."""


# --- the work ---------------------------------------------------------------------------------------------------------


class Operation(NamedTuple):
    """``run`` gets an open device, unless it is about opening one (``opens`` False).

    ``goes_on``: it has something to do after its last commit that may fail.
    """

    prepare: Callable[[Stage], None]
    run: Callable[[Stage, AppContext, Disk], None]
    opens: bool = True
    goes_on: bool = False


def _open(stage: Stage, _desk: AppContext, _disk: Disk) -> None:
    bootstrap.close_device(stage.open())


def _show(stage: Stage, desk: AppContext, _disk: Disk) -> None:
    """What a page asks for when it is opened, from a connection that has read nothing yet."""
    reader = desk.reads.reader
    reader.close()
    with reader.steady():
        assert len(reader.records("student")) == work.STUDENTS
        assert len(desk.reads.entries.of_section(stage.section)) == work.STUDENTS


def _commit(stage: Stage, desk: AppContext, _disk: Disk) -> None:
    work.log_entry(stage, desk, 1)
    work.rename(stage, desk, 2, "Another name")


def _import(stage: Stage, desk: AppContext, _disk: Disk) -> None:
    results = exchange.read_packages(desk.ledger, desk.keys, [stage.packages])
    assert [result.status for result in results] in (["applied"], ["nothing_new"]), results


def _migrate(stage: Stage, _desk: AppContext, _disk: Disk) -> None:
    bootstrap.bring_up_to_date(stage.paths)


def _erase(stage: Stage, desk: AppContext, _disk: Disk) -> None:
    with suppress(Refusal):  # the second time there is nobody left to erase
        erasing.erase_student(desk, stage.student(1))


def _backup(stage: Stage, desk: AppContext, disk: Disk) -> None:
    work.save_backup(stage, desk, disk, work.say_nothing)


def _export(stage: Stage, desk: AppContext, disk: Disk) -> None:
    exchange.write_packages(desk.ledger, desk.keys, STICK, disk=disk)


OPERATIONS = {
    "open": Operation(work.close_desk, _open, opens=False, goes_on=True),
    "show": Operation(work.close_desk, _show, goes_on=True),
    "commit": Operation(work.close_desk, _commit),
    "import": Operation(work.SCENARIOS["import"].prepare, _import),
    "migration": Operation(work.SCENARIOS["migration"].prepare, _migrate, opens=False),
    "backup": Operation(work.close_desk, _backup, goes_on=True),
    "erase": Operation(work.close_desk, _erase),
    "export": Operation(work.close_desk, _export, goes_on=True),
}


class Strike(NamedTuple):
    """One failure of one call and what came of it.

    ``code``: what was told, or None; ``commits``: how many were acknowledged until then; ``wrong``: what must not be.
    """

    switch: Switch
    code: str | None
    commits: int
    wrong: list[str]


def prepare(operation: Operation, stage: Stage) -> tuple[dict[str, bytes], str]:
    """The files before the work, as a computer without power left them (a log not yet in the database)."""
    with instead_of_sqlcipher(ApswDriver()):
        operation.prepare(stage)
        with opened(stage) as store:
            with store.write() as connection:
                connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES ('in the log', x'00')")
            files = {path: data for path, data in stage.files().items() if not path.endswith("-shm")}
            with store.read() as connection:
                return files, fingerprint(raw(connection))


def strike(operation: Operation, stage: Stage, files: dict[str, bytes], first: str, switch: Switch) -> Strike:
    """Does the work while one call fails, then once more with a sound disk, and looks at what is there."""
    stage.lay(files)
    recorder = Recorder()
    acknowledged, attempted = [first], list[str]()
    vfs = FaultyVfs("faulty", recorder, switch)

    def note(moments: list[str]) -> Hook:
        def append(connection: ApswConnection) -> None:
            if connection.path == str(stage.paths.database):
                with switch.off():
                    moments.append(fingerprint(connection.execute))

        return append

    driver = ApswDriver("faulty", checkpoint_pages=8, before_commit=note(attempted), after_commit=note(acknowledged))
    disk = FaultyDisk(recorder, switch)
    with instead_of_sqlcipher(driver), mock.patch.object(database, "BUSY_MS", 20):
        try:
            code, commits, wrong = _try(operation, stage, disk, switch, acknowledged)
        finally:
            switch.on = False
            driver.close_all()
            vfs.unregister()
    with instead_of_sqlcipher(ApswDriver()):
        # A commit whose last sync failed lies in the log, and is found there if the program goes away before it writes
        # again: what was reported as not saved may then be there after all, whole.
        possible = acknowledged[-1:] + ([] if operation.opens else attempted)
        wrong += _look(stage, possible, "afterwards")
        if operation.opens:
            # Only here: whoever opens the file anew takes for granted what a failed sync left in doubt, as SQLite does.
            wreck = Wreck(recorder.events, files)
            wreck.advance(len(recorder.events))
            stage.lay(wreck.left(random.Random(switch.at)))
            wrong += _look(stage, possible, "after a power cut afterwards")
    return Strike(switch, code, commits, wrong)


def _try(
    operation: Operation, stage: Stage, disk: FaultyDisk, switch: Switch, acknowledged: list[str]
) -> tuple[str | None, int, list[str]]:
    wrong: list[str] = []
    code: str | None = None
    desk: Any = stage.open() if operation.opens else None
    switch.on = True
    try:
        operation.run(stage, desk, disk)
    except BlendDeskError as error:
        code = error.code
        if code not in EXPECTED or not isinstance(error, EnvironmentTrouble) or code not in ERRORS:
            wrong.append(f"told {code}: {error_sentence(error)}")
    except Exception:  # noqa: BLE001 - whatever it is, it is what the test is looking for
        wrong.append(f"no sentence: {traceback.format_exc()}")
    switch.on = False
    commits = len(acknowledged) - 1
    if desk is not None:
        with desk.ledger.database.read() as connection:
            now = fingerprint(raw(connection))
        if now != acknowledged[-1]:
            wrong.append("what the screens would show is not what was acknowledged")
    try:
        operation.run(stage, desk, disk)
        if desk is not None:
            bootstrap.close_device(desk)
    except Exception:  # noqa: BLE001 - whatever it is, it is what the test is looking for
        wrong.append(f"once more does not work: {traceback.format_exc()}")
    return code, commits, wrong


def _look(stage: Stage, possible: list[str], when: str) -> list[str]:
    try:
        with opened(stage) as store, store.read() as connection:
            wrong = [f"{when}: {line}" for line in sound(connection)]
            if fingerprint(raw(connection)) not in possible:
                wrong.append(f"{when}: not what was acknowledged")
    except BlendDeskError as error:
        return [f"{when}: does not open: {error}"]
    return wrong


def strike_each(
    operation: Operation, stage: Stage, kind: Kind, *, step: int = 1, first: int = 1, sticking: bool | None = None
) -> Iterator[Strike]:
    """Strikes at every ``step``-th call from ``first`` on; once, for good, or (None) both one after the other."""
    files, before = prepare(operation, stage)
    sound_disk = strike(operation, stage, files, before, Switch(kind, at=0))
    assert sound_disk.wrong == [], sound_disk.wrong
    for at in range(first, sound_disk.switch.calls + 1, step):
        for sticks in (False, True) if sticking is None else (sticking,):
            struck = strike(operation, stage, files, before, Switch(kind, at, sticks))
            if struck.code is None and struck.commits < sound_disk.commits:
                struck.wrong.append("said to be done, but not saved")
            if struck.code is not None and struck.commits == sound_disk.commits and not operation.goes_on:
                struck.wrong.append(f"said to have failed ({struck.code}), but saved")
            yield struck


def every_call(name: str, kind_name: str, *, step: int = 1) -> Iterator[Strike]:
    """Strikes at every ``step``-th call of the work, once and for good."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as root:
        yield from strike_each(OPERATIONS[name], Stage(Path(root)), KINDS[kind_name], step=step)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", choices=list(OPERATIONS))
    parser.add_argument("--kind", choices=list(KINDS))
    parser.add_argument("--step", type=int, default=1, help="only every so many calls")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    failed = 0
    for name in [options.work] if options.work else list(OPERATIONS):
        for kind in [options.kind] if options.kind else list(KINDS):
            begun = time.monotonic()
            told: Counter[str] = Counter()
            for struck in every_call(name, kind, step=options.step):
                told[struck.code or "went on"] += 1
                for line in struck.wrong:
                    failed += 1
                    print(f"{name}, {kind} at call {struck.switch.at}, sticking {struck.switch.sticking}: {line}")
            print(f"{name}, {kind}: {dict(told)} in {time.monotonic() - begun:.0f} s", flush=True)
    print(f"{failed} wrong")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
