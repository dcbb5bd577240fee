"""Makes the golden files of a release: what it writes, kept for ever, for later programs to show that they read it.

``python -m tests.versions.golden`` writes ``tests/data/golden/<version>/`` once, when a release is made; what lies
there is never made anew. A desk and a student computer with something of every record, a package of each that the other
has not read, a seat file, a backup, the key files with the recovery sheet's lock, and what all of it must show.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from blenddesk import __version__, bootstrap, joining
from blenddesk.config import Paths
from blenddesk.domain.authority import Role, permissions
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Kind, put
from blenddesk.domain.registry import BY_NAME, BY_NUMBER, RECORDS, Field, Shape, Value
from blenddesk.services import authority, backups, classes, erasing, exchange, goals, profiles, protection, rosters
from blenddesk.services.context import AppContext
from blenddesk.storage import history
from blenddesk.storage.columns import table_name
from blenddesk.storage.database import Database
from blenddesk.storage.tables import PROJECTIONS
from blenddesk.sync.wordlock import Strength
from tests.conftest import FakeClock, FakeRandomness
from tests.versions.packed_database import pack

FOLDER = Path(__file__).resolve().parents[1] / "data" / "golden"
WEAK = Strength(passes=1, memory_bytes=8_192)
STATEMENTS = frozenset({"certificate", "announcement", "retirement", "erasure", "blob_erasure"})
BY_HAND = frozenset({"withdrawal", "withdrawal_private", "section", "student", "enrollment", "profile"})
"""Written by what a teacher does."""
MINUTES = 5


def make(root: Path, to: Path) -> None:
    """Plays a small school in ``root`` and keeps its files in ``to``."""
    to.mkdir(parents=True)
    clock = FakeClock()
    stick, seats = root / "stick", root / "seats"
    for folder in (stick, seats):
        folder.mkdir(parents=True)
    desk_paths, blue_paths = (Paths(root / name, root / f"state of {name}") for name in ("desk", "blue"))
    desk = bootstrap.create_device(desk_paths, role="desk", name="Ms Okoro", clock=clock, randomness=FakeRandomness(1))
    classes.found_desk(desk, "Ms Okoro")
    classes.create_class(desk, "Sunflowers")
    section = desk.reads.sections.all()[0].id
    for given, family in (("Amina", "Diallo"), ("Ben", "Novak"), ("Chloe", "Martin")):
        rosters.add_student(desk, section, given, family)
    amina, ben, chloe = (student.id for student in desk.reads.people.students(section))
    profiles.set_note(desk, amina, "reads aloud at home")
    goals.set_goal(desk, amina, "Tell a story with a beginning and an end")
    sheet = protection.draw_sheet(FakeRandomness(2), "en", WEAK)
    protection.set_sheet(desk_paths, desk.reads.reader.key, sheet)
    clock.advance(minutes=MINUTES)
    desk.ledger.commit("everything", [_something(record.name, section, amina) for record in RECORDS if _may(record)])
    blue = _computer(desk, section, "Blue-1", seats, blue_paths, clock, seed=3)
    lost_paths = Paths(root / "lost", root / "state of lost")
    lost = _computer(desk, section, "Blue-2", seats, lost_paths, clock, seed=4)
    for computer in (blue, lost):
        _entry(computer, section, ben, f"said at {computer.keys.device_id.hex()[:4]}", clock)
        exchange.take_to_computers(computer, stick)
    exchange.bring_home(desk, [stick])
    change = goals.set_goal(desk, ben, "taken back again")
    history.undo(desk.ledger, change.change_id)
    authority.retire(desk, lost.keys.device_id)
    _entry(lost, section, ben, "said by nobody we trust", clock)
    exchange.take_to_computers(lost, stick)
    exchange.bring_home(desk, [stick])
    erasing.erase_student(desk, chloe)
    exchange.take_to_computers(desk, stick)
    exchange.bring_home(blue, [stick])
    clock.advance(minutes=MINUTES)
    # What the other one has not read.
    said = _entry(blue, section, amina, "said after the last lap", clock)
    goals.set_goal(desk, amina, "written after the last lap")
    for name, computer in (("blue", blue), ("desk", desk)):
        taken = root / f"from {name}"
        taken.mkdir()
        exchange.take_to_computers(computer, taken)
        shutil.copyfile(max(taken.glob("*.bdx"), key=lambda file: file.stat().st_size), to / f"from-{name}.bdx")
    added = exchange.add_computer(desk, section, "Blue-3", seats, strength=WEAK)
    shutil.copyfile(added.file, to / "seat.bdseat")
    backed_up = backups.back_up(desk)
    shutil.copyfile(backed_up.file, to / "desk.bdbackup")
    known: dict[str, Any] = {
        "version": __version__,
        "section": section.hex(),
        "erased": chloe.hex(),
        "later": {"from-blue": said.hex(), "from-desk": "written after the last lap"},
        "sheet words": list(sheet.words),
        "seat words": list(added.words),
        "held": 2,
    }
    for name, computer, paths in (("desk", desk, desk_paths), ("blue", blue, blue_paths)):
        known[name] = {"key": computer.reads.reader.key.hex(), "rows": rows_of(computer.ledger.database)}
        key = computer.reads.reader.key
        bootstrap.close_device(computer)
        (to / f"{name}.db.packed").write_bytes(pack(paths.database.read_bytes(), key))
        shutil.copyfile(paths.key, to / f"{name}.key")
    bootstrap.close_device(lost)
    (to / "known.json").write_text(json.dumps(known, indent=0, sort_keys=True, ensure_ascii=False), encoding="utf-8")


def rows_of(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that screens read, without the columns that are empty. Bytes as ``hex:...``."""
    found: dict[str, list[dict[str, Any]]] = {}
    with database.read() as connection:
        # By the names that screens ask for: what lies under them is each version's own affair.
        for table in sorted(table_name(BY_NUMBER[number].name, audience) for number, audience in PROJECTIONS):
            result = connection.exec_driver_sql(f'SELECT * FROM "{table}" ORDER BY section, id')
            names = list(result.keys())
            rows = [
                {name: _plain(value) for name, value in zip(names, row, strict=True) if value is not None}
                for row in result
            ]
            if rows:
                found[table] = rows
    return found


def _plain(value: object) -> object:
    return f"hex:{value.hex()}" if isinstance(value, bytes) else value


def _may(record: Any) -> bool:
    """Whether the owner writes it, and as an op like any other."""
    allowed = permissions(Role.OWNER).get((record.number, Kind.PUT))
    return allowed is not None and record.name not in STATEMENTS | BY_HAND


def _something(name: str, section: Id, student: Id) -> Any:
    record = BY_NAME[name]
    values = {field.name: _value(field, name, student) for field in record.fields}
    return put(section, name, bytes([record.number]) * 16, **values)


def _value(field: Field, record: str, student: Id) -> Value:
    if field.name in ("student", "first", "second"):
        return student
    some: dict[Shape, Value] = {
        Shape.TEXT: f"{record} {field.name}",
        Shape.INT: field.number * 1_000 + 1,
        Shape.BOOL: True,
        Shape.ID: bytes([field.number]) * 16,
        Shape.BYTES: bytes([field.number]) * 7,
        Shape.TEXTS: [f"{record} {field.name}", "and another"],
        Shape.INTS: [field.number, -1],
        Shape.IDS: [bytes([field.number]) * 16, bytes([field.number + 1]) * 16],
    }
    return some[field.shape]


def _computer(
    desk: AppContext, section: Id, name: str, seats: Path, paths: Paths, clock: FakeClock, seed: int
) -> AppContext:
    added = exchange.add_computer(desk, section, name, seats, strength=WEAK)
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    return bootstrap.open_device(paths, clock=clock, randomness=FakeRandomness(seed))


def _entry(computer: AppContext, section: Id, student: Id, remark: str, clock: FakeClock) -> Id:
    clock.advance(minutes=MINUTES)
    entry = computer.randomness.token(16)
    computer.ledger.commit(
        "entry_logged",
        [
            put(section, "entry", entry, student=student, kind="finished", by="student"),
            put(section, "reflection", computer.randomness.token(16), student=student, entry=entry, remark=remark),
        ],
        actor=student,
    )
    return entry


def main(arguments: Sequence[str]) -> int:
    to = FOLDER / (arguments[0] if arguments else __version__)
    if to.exists():
        print(f"{to} is there already: what a release wrote is never written anew")
        return 1
    with tempfile.TemporaryDirectory() as root:
        made = Path(root) / "made"
        make(Path(root), made)
        shutil.copytree(made, to)
    print(f"{sum(file.stat().st_size for file in to.iterdir())} bytes in {to}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
