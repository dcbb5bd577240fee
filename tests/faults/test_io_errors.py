"""A disk that fails at any call costs nothing that was saved. Every call there is: ``tests.faults.io_errors``."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest import mock

import apsw
import pytest
import sqlcipher3.dbapi2 as driver

from blenddesk import bootstrap
from blenddesk.errors import EnvironmentTrouble
from blenddesk.messages import error_sentence
from blenddesk.services.context import AppContext
from blenddesk.storage import database, setup
from blenddesk.storage.database import Database
from tests.faults import power_cuts_scenarios as work
from tests.faults.apsw_dbapi import ApswConnection, ApswDriver, OperationalError, instead_of_sqlcipher
from tests.faults.io_errors import OPERATIONS, every_call, strike_each
from tests.faults.io_errors_disk import IO_ERROR, KINDS, FaultyVfs, Switch
from tests.faults.power_cuts_scenarios import Stage, sound
from tests.faults.recording_vfs import Recorder
from tests.sync.devices import make_classroom

STEPS = {"migration": 61, "backup": 131, "import": 23, "export": 9}
"""Every so many calls; every single one of the others."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_any_call_may_fail(name: str, kind: str) -> None:
    told: Counter[str | None] = Counter()
    for struck in every_call(name, kind, step=STEPS.get(name, 3 if kind == "io" else 5)):
        assert struck.wrong == [], f"call {struck.switch.at}, sticking {struck.switch.sticking}: " + "\n".join(
            struck.wrong
        )
        told[struck.code] += 1
    if kind != "busy" or name in ("open", "show", "migration", "export"):
        assert set(told) - {None}, f"nothing was ever told: {told}"


def test_a_program_that_takes_every_commit_for_done_is_caught(tmp_path: Path) -> None:
    """Negative control: what the disk says of a commit is not passed on."""
    commit = ApswConnection.commit

    def hide(self: ApswConnection) -> None:
        with suppress(OperationalError):
            commit(self)

    with mock.patch.object(ApswConnection, "commit", hide):
        struck = list(strike_each(OPERATIONS["commit"], Stage(tmp_path), IO_ERROR, step=5, sticking=False))
    assert any("said to be done, but not saved" in one.wrong for one in struck)


# --- what was found ---------------------------------------------------------------------------------------------------


@contextmanager
def failing(switch: Switch) -> Iterator[None]:
    """The program's code over a disk that fails as the switch says."""
    vfs = FaultyVfs("faulty", Recorder(), switch)
    driver = ApswDriver("faulty")
    with instead_of_sqlcipher(driver):
        yield
        switch.on = False
        driver.close_all()
    vfs.unregister()


def test_a_page_that_the_disk_fails_says_so(tmp_path: Path) -> None:
    """The failed read had ended the transaction; ending it once more hid what had happened."""
    stage = Stage(tmp_path)
    with instead_of_sqlcipher(ApswDriver()):
        work.close_desk(stage)
    switch = Switch(IO_ERROR._replace(codes={"read": apsw.SQLITE_IOERR_READ}), 1, sticking=True)
    with failing(switch):
        desk = stage.open()
        desk.reads.reader.close()
        with desk.reads.reader.steady():
            switch.on = True
            with pytest.raises(EnvironmentTrouble, match="disk_failing"):
                desk.reads.reader.rows("SELECT frame FROM op")
        switch.on = False
        with desk.reads.reader.steady():
            assert desk.reads.reader.rows("SELECT frame FROM op")
        bootstrap.close_device(desk)


@pytest.mark.parametrize("collecting", [True, False])
def test_a_new_life_that_was_not_saved_has_not_begun(tmp_path: Path, collecting: bool) -> None:
    """The program went on in a life that the database did not know of, until it was started again."""
    switch = Switch(IO_ERROR._replace(codes={"sync": apsw.SQLITE_IOERR_FSYNC}), 1, sticking=True)
    stick = tmp_path / "stick"
    stick.mkdir()
    with failing(switch):
        room = make_classroom(tmp_path, stations=1)
        original = room.stations[0]
        original.close()
        twin = original.copied_to(tmp_path / "copy", room.clock, seed=99)
        twin.log_entry(0)
        twin.write(stick)
        original.restart()
        life = original.ledger.epoch
        if not collecting:
            gc.disable()
        switch.on = True
        with pytest.raises(EnvironmentTrouble, match="disk_failing"):
            original.read(stick)
        switch.on = False
        assert gc.isenabled() == collecting
        gc.enable()
        assert original.ledger.epoch == life == setup.local_value(original.database, "epoch")
        assert [result.status for result in original.read(stick)] == ["applied"]
        assert original.ledger.epoch != life
        assert original.ledger.epoch == setup.local_value(original.database, "epoch")
        twin.close()
        room.close()


def test_a_mistake_of_ours_is_not_told_as_damage(tmp_path: Path) -> None:
    """A statement that did not fit its table was told as class data that cannot be read."""
    store = Database(tmp_path / "a.db", bytes(32))
    with store.write() as connection:
        connection.exec_driver_sql("CREATE TABLE a (b NOT NULL)")

    def write_nothing() -> None:
        with store.write() as connection:
            connection.exec_driver_sql("INSERT INTO a VALUES (NULL)")

    with pytest.raises(driver.IntegrityError):
        write_nothing()
    store.close()


# --- real disks -------------------------------------------------------------------------------------------------------


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A desk with the driver that ships, closed."""
    made = Stage(tmp_path)
    work.close_desk(made)
    return made


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB of its own."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True).returncode
    ):
        pytest.skip("only who may mount a file system can fill one")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def told(error: pytest.ExceptionInfo[EnvironmentTrouble]) -> str:
    return error_sentence(error.value)


def shown(desk: AppContext) -> int:
    count: int = desk.reads.reader.rows("SELECT count(*) FROM entry")[0][0]
    return count


def assert_sound(stage: Stage, entries: int) -> None:
    desk = stage.open()
    assert shown(desk) == entries
    with desk.ledger.database.read() as connection:
        assert sound(connection) == []
    bootstrap.close_device(desk)


def test_a_full_disk_keeps_what_it_holds_and_takes_more_when_there_is_room(small_disk: Path) -> None:
    stage = Stage(small_disk)
    desk = work.make_desk(stage)
    filler = small_disk / "filler"
    filler.write_bytes(b"\0" * (shutil.disk_usage(small_disk).free - 100_000))
    saved = work.STUDENTS

    def log_on() -> None:
        nonlocal saved
        for number in range(100):
            work.log_entry(stage, desk, number)
            saved += 1

    with pytest.raises(EnvironmentTrouble, match="disk_full") as full:
        log_on()
    assert told(full).startswith("The disk is full.")
    assert shown(desk) == saved > work.STUDENTS
    bootstrap.close_device(desk)
    filler.write_bytes(b"\0" * (filler.stat().st_size + shutil.disk_usage(small_disk).free))
    with pytest.raises(EnvironmentTrouble, match="disk_full"):
        stage.open()
    filler.unlink()
    desk = stage.open()
    log_on()
    bootstrap.close_device(desk)
    assert_sound(stage, saved)


def test_a_full_disk_makes_no_half_device(small_disk: Path) -> None:
    filler = small_disk / "filler"
    stage = Stage(small_disk)
    for room in (0, 4_096, 65_536, 200_000):
        filler.write_bytes(b"\0" * (shutil.disk_usage(small_disk).free - room))
        with pytest.raises(EnvironmentTrouble, match="disk_full"):
            work.make_desk(stage)
        filler.unlink()
        assert not stage.paths.exists
    work.close_desk(stage)
    assert_sound(stage, work.STUDENTS)


def test_a_disk_that_cannot_be_written_is_named(small_disk: Path) -> None:
    stage = Stage(small_disk)
    work.close_desk(stage)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(EnvironmentTrouble, match="database_not_writable") as trouble:
        stage.open()
    assert told(trouble) == (
        f"The folder {stage.paths.data} cannot be written to. Nothing was changed. Choose another folder."
    )
    with pytest.raises(EnvironmentTrouble, match="database_not_writable"):
        bootstrap.bring_up_to_date(stage.paths)
    other = Stage(small_disk / "other")
    with pytest.raises(EnvironmentTrouble, match="folder_not_writable"):
        work.make_desk(other)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert_sound(stage, work.STUDENTS)


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    resource = pytest.importorskip("resource", reason="limits of Unix")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("room", [0, 100, 5_000, 20_000])
def test_writes_that_fail_for_real_are_told_and_can_be_done_again(stage: Stage, room: int) -> None:
    desk = stage.open()
    work.log_entry(stage, desk, 1)
    written = (stage.paths.data / "blenddesk.db-wal").stat().st_size
    with no_file_larger_than(written + room), pytest.raises(EnvironmentTrouble, match="disk_failing") as trouble:
        work.log_entry(stage, desk, 2)
    assert told(trouble).startswith("This computer's disk did not do what it was asked. What was saved before is safe.")
    assert shown(desk) == work.STUDENTS + 1
    work.log_entry(stage, desk, 2)
    bootstrap.close_device(desk)
    assert_sound(stage, work.STUDENTS + 2)


def test_a_database_that_another_program_writes_is_named(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 30)
    desk = stage.open()
    holding = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import sys, pathlib; from blenddesk.storage.database import connect\n"
            "one = connect(pathlib.Path(sys.argv[1]), bytes.fromhex(sys.argv[2])); one.execute('BEGIN IMMEDIATE')\n"
            "print('held', flush=True); sys.stdin.read()",
            str(stage.paths.database),
            bootstrap.read_key(stage.paths.key).hex(),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert holding.stdout is not None
    assert holding.stdout.readline() == b"held\n"
    with pytest.raises(EnvironmentTrouble, match="database_locked") as trouble:
        work.log_entry(stage, desk, 1)
    assert told(trouble) == "Another program is using the class data. Nothing was changed. Close it and try again."
    assert shown(desk) == work.STUDENTS
    holding.communicate(b"")
    work.log_entry(stage, desk, 1)
    bootstrap.close_device(desk)
    assert_sound(stage, work.STUDENTS + 1)


def test_an_emptied_database_is_not_opened_as_a_new_one(stage: Stage) -> None:
    stage.paths.database.write_bytes(b"")
    with pytest.raises(EnvironmentTrouble, match="database_unreadable"):
        stage.open()
    assert stage.paths.database.read_bytes() == b""
