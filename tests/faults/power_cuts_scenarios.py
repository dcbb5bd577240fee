"""What a computer is doing when the power goes: writing, reading a package, an update, a backup, erasing a student.

Each scenario makes its data first (``prepare``), does its work through the program's own code with the device open
(``act``), and knows how to do it once more after the cut (``again``). ``io_errors`` works on the same stages.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from blenddesk import bootstrap
from blenddesk.changing_places import make_beside
from blenddesk.config import Paths
from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import put
from blenddesk.domain.retention import Mark
from blenddesk.errors import Refusal
from blenddesk.services import backups as backup_services
from blenddesk.services import classes, erasing
from blenddesk.services.context import AppContext
from blenddesk.storage import digest, history, packed_frames
from blenddesk.storage.packed_frames import FEWEST
from blenddesk.sync import backups, exchange, seats
from blenddesk.sync.sticks import Disk, write_new_file
from tests.faults.recording_vfs import RecordingDisk
from tests.sync.devices import WEAK, HandClock, SeededRandomness

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

STUDENTS = 4
IMPORTED = FEWEST + 6
STICK = Path("/stick")
OTHER_VERSION = b"of another version"

Say = Callable[[str], None]
"""Notes that somebody was told that something is done: ``safe:<path>`` of a file on the stick, ``made`` of a device."""
MADE = "made"


def say_nothing(_said: str) -> None:
    """For whoever does not want to know."""


@dataclass
class Stage:
    """One computer in ``root``: its data in ``desk``, what belongs to the computer in ``state``."""

    root: Path
    seed: int = 1
    clock: HandClock = field(default_factory=HandClock)
    section: Id = b""
    words: dict[str, str] = field(default_factory=dict)
    """Of each backup on the stick, by its path."""

    def __post_init__(self) -> None:
        self.randomness = SeededRandomness(self.seed)

    @property
    def paths(self) -> Paths:
        return Paths(self.root / "desk", self.root / "state")

    @property
    def packages(self) -> Path:
        """A real folder with what another computer wrote."""
        return self.root / "packages"

    def open(self, **options: Any) -> AppContext:
        return bootstrap.open_device(self.paths, clock=self.clock, randomness=self.randomness, **options)

    def student(self, number: int) -> Id:
        return derived_id("test student", self.section, bytes([number]))

    def files(self) -> dict[str, bytes]:
        """All that lies on the computer's disk, by path."""
        return {str(p): p.read_bytes() for folder in self._folders() for p in folder.rglob("*") if p.is_file()}

    def lay(self, files: dict[str, bytes]) -> None:
        """Makes the computer's disk hold exactly these files. What lies on the stick is left out."""
        for folder in self._folders():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        for path, data in files.items():
            if not Path(path).is_relative_to(STICK):
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                Path(path).write_bytes(data)

    def _folders(self) -> tuple[Path, Path]:
        return self.paths.data, self.root / "state"


class Scenario(NamedTuple):
    """``act`` gets an open device, unless the scenario is about opening it (``opens``)."""

    prepare: Callable[[Stage], None]
    act: Callable[[Stage, AppContext, Disk, Say], None]
    again: Callable[[Stage, AppContext], None]
    opens: bool = True


def make_desk(stage: Stage, paths: Paths | None = None) -> AppContext:
    """A desk with a class of four and some work, open."""
    desk = bootstrap.create_device(
        paths or stage.paths, role="desk", name="Ms Okoro", clock=stage.clock, randomness=stage.randomness
    )
    classes.found_desk(desk, "Ms Okoro")
    classes.create_class(desk, "Sunflowers")
    found = classes.class_by_name(desk, "Sunflowers")
    assert found is not None
    stage.section = found.id
    desk.commit(
        "students", [put(stage.section, "student", stage.student(n), name=f"Child {n}") for n in range(STUDENTS)]
    )
    for number in range(STUDENTS):
        log_entry(stage, desk, number)
    return desk


def close_desk(stage: Stage, paths: Paths | None = None) -> None:
    bootstrap.close_device(make_desk(stage, paths))


def log_entry(stage: Stage, desk: AppContext, number: int) -> Id:
    """A finished station and what the child says of it, in one commit."""
    entry, student = stage.randomness.token(16), stage.student(number % STUDENTS)
    stage.clock.now_ms += 1_000
    drafts = [put(stage.section, "entry", entry, student=student, kind="finished", by="student")]
    if number % 2:
        drafts.append(
            put(stage.section, "reflection", stage.randomness.token(16), student=student, entry=entry, growth=3)
        )
    desk.ledger.commit("entry_logged", drafts)
    return entry


def rename(stage: Stage, desk: AppContext, number: int, name: str) -> None:
    stage.clock.now_ms += 1_000
    desk.ledger.commit("student_edited", [put(stage.section, "student", stage.student(number), name=name)])


# --- making a device --------------------------------------------------------------------------------------------------


def _make(stage: Stage, _desk: AppContext, _disk: Disk, say: Say) -> None:
    make_beside(stage.paths, lambda making: close_desk(stage, making))
    say(MADE)
    desk = stage.open()
    log_entry(stage, desk, 1)
    bootstrap.close_device(desk)


def _make_again(stage: Stage, desk: AppContext) -> None:
    rename(stage, desk, 1, "After the cut")


# --- commit -----------------------------------------------------------------------------------------------------------


def _work(stage: Stage, desk: AppContext, _disk: Disk, _say: Say) -> None:
    """A lesson's worth: entries, edits, undo and redo; now and then something leaves the computer."""
    for number in range(30):
        log_entry(stage, desk, number)
        if number % 3 == 0:
            rename(stage, desk, number % STUDENTS, f"Child {number} " + "x" * 40 * number)
        if number % 5 == 4:
            history.undo(desk.ledger)
            desk.ledger.note_position()
    history.undo(desk.ledger)


def _work_on(stage: Stage, desk: AppContext) -> None:
    log_entry(stage, desk, 0)
    rename(stage, desk, 1, "After the cut")


# --- import -----------------------------------------------------------------------------------------------------------


def _prepare_import(stage: Stage) -> None:
    """A student computer's stick with 70 entries, enough to be packed, lies in ``stage.packages``."""
    desk = make_desk(stage)
    seat = seats.new_seat(desk.ledger, desk.keys, stage.section, "Blue-3", strength=WEAK)
    place = Paths(stage.root / "station", stage.root / "station state")
    station = bootstrap.create_device(
        place, role="station", name="Blue-3", clock=stage.clock, randomness=SeededRandomness(stage.seed + 1)
    )
    seats.open_seat(station.ledger, station.keys, seat.data, " ".join(seat.words))
    for number in range(IMPORTED):
        log_entry(stage, station, number)
    stage.packages.mkdir()
    exchange.write_packages(station.ledger, station.keys, stage.packages)
    bootstrap.close_device(station)
    bootstrap.close_device(desk)


def _import(stage: Stage, desk: AppContext, _disk: Disk, _say: Say) -> None:
    log_entry(stage, desk, 1)
    results = exchange.read_packages(desk.ledger, desk.keys, [stage.packages])
    assert [result.status for result in results] == ["applied"]
    log_entry(stage, desk, 2)


def _import_again(stage: Stage, desk: AppContext) -> None:
    results = exchange.read_packages(desk.ledger, desk.keys, [stage.packages])
    assert [result.status for result in results] in (["applied"], ["nothing_new"]), results
    found = desk.reads.reader.rows("SELECT count(*) FROM entry")[0][0]
    assert found >= STUDENTS + IMPORTED, found


# --- migration --------------------------------------------------------------------------------------------------------


def _prepare_migration(stage: Stage) -> None:
    """The program that was here last kept other tables: other columns, one missing, one that says other things."""
    desk = make_desk(stage)
    for number in range(40):
        log_entry(stage, desk, number)
    with desk.ledger.database.write() as connection:
        connection.exec_driver_sql("UPDATE student SET name = 'of another version'")
        connection.exec_driver_sql("ALTER TABLE student ADD COLUMN shoe_size INTEGER")
        connection.exec_driver_sql("DROP VIEW reflection_drop")
        connection.exec_driver_sql("DROP TABLE reflection_drop_row")
        # A table where there is a view now, as there was before ids were kept by number.
        connection.exec_driver_sql("DROP VIEW entry")
        connection.exec_driver_sql(
            "CREATE TABLE entry (section BLOB NOT NULL, id BLOB NOT NULL, PRIMARY KEY (section, id))"
        )
        connection.exec_driver_sql("UPDATE local SET value = ? WHERE name = 'projections'", (OTHER_VERSION,))
    bootstrap.close_device(desk)


def _migrate(stage: Stage, _desk: AppContext, _disk: Disk, _say: Say) -> None:
    bootstrap.bring_up_to_date(stage.paths)


def _migrate_again(stage: Stage, desk: AppContext) -> None:
    names = {name for (name,) in desk.reads.reader.rows("SELECT name FROM student")}
    assert names == {f"Child {number}" for number in range(STUDENTS)}, names
    assert desk.reads.reader.rows("SELECT count(*) FROM reflection_drop") == [(STUDENTS // 2 + 20,)]


# --- backup -----------------------------------------------------------------------------------------------------------


def _backup(stage: Stage, desk: AppContext, disk: Disk, say: Say) -> None:
    for number in range(3):
        log_entry(stage, desk, number)
        save_backup(stage, desk, disk, say)


def save_backup(stage: Stage, desk: AppContext, disk: Disk, say: Say) -> None:
    """As ``services.backups.save_backup`` does it, with a disk and a strength of the test's own."""
    key = bootstrap.read_key(stage.paths.key)
    making = backup_services.making_folder(stage.paths)
    try:
        drawn = backups.draw_words(stage.randomness, strength=WEAK)
        data = backups.seal_backup(desk.ledger, key, making, Mark(1, 1), [drawn.way]).file.read_bytes()
    finally:
        shutil.rmtree(making, ignore_errors=True)
    file = write_new_file(
        STICK, data, backups.SUFFIX, device_id=desk.keys.device_id, randomness=stage.randomness, disk=disk
    )
    stage.words[str(file)] = " ".join(drawn.words)
    say(f"safe:{file}")


def _backup_again(stage: Stage, desk: AppContext) -> None:
    from tests.faults.recording_vfs import Recorder

    save_backup(stage, desk, RecordingDisk(Recorder()), say_nothing)
    left = [p.name for p in stage.paths.data.iterdir() if p.is_dir()]
    assert left == [], f"what a broken backup left lies there for ever: {left}"


# --- packing ----------------------------------------------------------------------------------------------------------


def _prepare_packing(stage: Stage) -> None:
    """A desk's own work of a while, and what came in bulk."""
    _prepare_import(stage)
    desk = stage.open()
    exchange.read_packages(desk.ledger, desk.keys, [stage.packages])
    for number in range(2 * FEWEST):
        log_entry(stage, desk, number)
    bootstrap.close_device(desk)


def _pack(stage: Stage, desk: AppContext, _disk: Disk, _say: Say) -> None:
    log_entry(stage, desk, 0)
    assert packed_frames.pack_older(desk.ledger.database, fewest=FEWEST, most=FEWEST) >= 2 * FEWEST
    log_entry(stage, desk, 1)
    erasing.erase_student(desk, stage.student(1))


def _pack_again(stage: Stage, desk: AppContext) -> None:
    packed_frames.pack_older(desk.ledger.database, fewest=FEWEST, most=FEWEST)
    with suppress(Refusal):  # it may have been done before the cut
        erasing.erase_student(desk, stage.student(1))
    kept = desk.reads.reader.rows("SELECT count(*) FROM entry")[0][0]
    assert kept >= (STUDENTS + IMPORTED + 2 * FEWEST) * 3 // 4 - 1, kept


# --- purge ------------------------------------------------------------------------------------------------------------


def _prepare_purge(stage: Stage) -> None:
    desk = make_desk(stage)
    for number in range(60):
        log_entry(stage, desk, number)
    bootstrap.close_device(desk)


def _purge(stage: Stage, desk: AppContext, _disk: Disk, _say: Say) -> None:
    log_entry(stage, desk, 0)
    erasing.erase_student(desk, stage.student(1))
    log_entry(stage, desk, 2)
    erasing.erase_student(desk, stage.student(2))


def _purge_again(stage: Stage, desk: AppContext) -> None:
    for number in (1, 2):
        with suppress(Refusal):  # it may have been done before the cut
            erasing.erase_student(desk, stage.student(number))
    left = "SELECT (SELECT count(*) FROM entry WHERE student = ?) + (SELECT count(*) FROM student WHERE id = ?)"
    for number in (1, 2):
        with desk.ledger.database.read() as connection:
            found = connection.exec_driver_sql(left, (stage.student(number),) * 2).scalar_one()
        assert found == 0, f"{found} records of an erased student"


SCENARIOS = {
    "making": Scenario(lambda stage: stage.lay({}), _make, _make_again, opens=False),
    "commit": Scenario(close_desk, _work, _work_on),
    "import": Scenario(_prepare_import, _import, _import_again),
    "migration": Scenario(_prepare_migration, _migrate, _migrate_again, opens=False),
    "backup": Scenario(close_desk, _backup, _backup_again),
    "packing": Scenario(_prepare_packing, _pack, _pack_again),
    "purge": Scenario(_prepare_purge, _purge, _purge_again),
}


def sound(connection: Connection) -> list[str]:
    """What is wrong with a database: the file, or a chain of its log."""
    wrong = [f"damaged: {line}" for (line,) in connection.exec_driver_sql("PRAGMA integrity_check") if line != "ok"]
    return wrong or [f"chain: {finding}" for finding in digest.verify(connection)]
