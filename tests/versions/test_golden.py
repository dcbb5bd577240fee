"""Whatever a released version wrote stays readable: databases, packages, seat files, backups and key files (P10)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from blenddesk import bootstrap, joining, restoring
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.services import authority, exchange, protection
from blenddesk.services.context import AppContext
from blenddesk.storage import digest
from blenddesk.storage.database import Database
from blenddesk.sync.trust import Standing, load_trust
from tests.conftest import FakeClock
from tests.versions import golden
from tests.versions.packed_database import can_be_read, pack, unpack

RELEASES = sorted(folder for folder in golden.FOLDER.iterdir() if (folder / "known.json").exists())

needs_pages = pytest.mark.skipif(not can_be_read(), reason="no library here that opens pages")


class Release(NamedTuple):
    """The files of one release, and what they must show."""

    folder: Path
    known: dict[str, Any]

    @property
    def section(self) -> Id:
        return bytes.fromhex(self.known["section"])

    def key(self, name: str) -> bytes:
        return bytes.fromhex(self.known[name]["key"])

    def put(self, name: str, to: Path) -> Paths:
        """The data folder of ``desk`` or ``blue``, as a disk that was copied to this computer."""
        paths = Paths(to / name, to / f"state of {name}")
        paths.data.mkdir(parents=True)
        packed = (self.folder / f"{name}.db.packed").read_bytes()
        paths.database.write_bytes(unpack(packed, self.key(name)))
        shutil.copyfile(self.folder / f"{name}.key", paths.key)
        paths.key.chmod(0o600)
        return paths

    @contextmanager
    def opened(self, name: str, to: Path) -> Iterator[AppContext]:
        clock = FakeClock()
        clock.advance(minutes=24 * 60)
        context = bootstrap.open_device(self.put(name, to), clock=clock)
        try:
            yield context
        finally:
            bootstrap.close_device(context)


@pytest.fixture(params=RELEASES, ids=lambda folder: folder.name)
def release(request: pytest.FixtureRequest) -> Release:
    folder: Path = request.param
    return Release(folder, json.loads((folder / "known.json").read_text(encoding="utf-8")))


def shows(database: Database, rows: dict[str, list[dict[str, Any]]], more: frozenset[str] = frozenset()) -> None:
    """Every value that was shown is shown; columns, tables and (in tables named ``more``) rows may have come since."""
    now = golden.rows_of(database)
    for table, expected in rows.items():
        found = {(row["section"], row["id"]): row for row in now.get(table, ())}
        if table not in more:
            assert len(found) == len(expected), f"{table} has {len(found)} rows, not {len(expected)}"
        for row in expected:
            shown = found[row["section"], row["id"]]
            assert {name: shown.get(name) for name in row} == row, table


def sound(context: AppContext) -> None:
    with context.ledger.database.read() as connection:
        assert digest.verify(connection) == []
    assert digest.rebuild(context.ledger)


def test_there_are_golden_files_of_the_first_release() -> None:
    """A check of nothing would pass."""
    assert any(folder.name.startswith("0.") for folder in RELEASES)


@needs_pages
@pytest.mark.parametrize("name", ["desk", "blue"])
def test_the_database_opens_and_shows_what_it_showed(release: Release, name: str, tmp_path: Path) -> None:
    with release.opened(name, tmp_path) as context:
        shows(context.ledger.database, release.known[name]["rows"])
        sound(context)


@needs_pages
def test_who_was_retired_and_erased_stays_so(release: Release, tmp_path: Path) -> None:
    with release.opened("desk", tmp_path) as desk:
        with desk.ledger.database.read() as connection:
            standings = [one.standing for one in load_trust(connection, release.section).devices]
        assert standings.count(Standing.RETIRED) == 1
        assert sum(work.ops for work in authority.held(desk)) == release.known["held"]
        erased = bytes.fromhex(release.known["erased"])
        assert erased not in {student.id for student in desk.reads.people.students(release.section)}


@needs_pages
def test_work_goes_on_in_it(release: Release, tmp_path: Path) -> None:
    """It opens on another computer, so in a new life; what is written then is there the next time."""
    with release.opened("desk", tmp_path) as desk:
        name = release.section[:4].hex()
        added = exchange.add_computer(desk, release.section, name, tmp_path, strength=golden.WEAK)
        assert added.file.exists()
    again = bootstrap.open_device(Paths(tmp_path / "desk", tmp_path / "state of desk"))
    with again.ledger.database.read() as connection:
        seats = load_trust(connection, release.section).seats.values()
    bootstrap.close_device(again)
    assert name in {seat.name for seat in seats}


@needs_pages
@pytest.mark.parametrize(("name", "package"), [("desk", "from-blue"), ("blue", "from-desk")])
def test_a_package_brings_what_the_other_had_not_read(
    release: Release, name: str, package: str, tmp_path: Path
) -> None:
    later = release.known["later"][package]
    more = frozenset({"entry", "reflection_drop", "goal"})
    with release.opened(name, tmp_path) as context:
        before = repr(golden.rows_of(context.ledger.database))
        home = exchange.bring_home(context, [release.folder / f"{package}.bdx"])
        assert home.refused == ()
        after = repr(golden.rows_of(context.ledger.database))
        assert later in after
        assert later not in before
        shows(context.ledger.database, release.known[name]["rows"], more)
        sound(context)


@needs_pages
def test_a_seat_opens_and_its_computer_sees_the_class(release: Release, tmp_path: Path) -> None:
    data = (release.folder / "seat.bdseat").read_bytes()
    paths = Paths(tmp_path / "new", tmp_path / "state of new")
    clock = FakeClock()
    joining.open_seat(paths, data, " ".join(release.known["seat words"]), clock=clock)
    computer = bootstrap.open_device(paths, clock=clock)
    try:
        desk, blue = release.known["desk"]["rows"], release.known["blue"]["rows"]
        shows(computer.ledger.database, {table: desk[table] for table in blue if table not in golden.STATEMENTS})
        sound(computer)
    finally:
        bootstrap.close_device(computer)


@pytest.mark.parametrize("by", ["sheet", "key"])
def test_a_backup_is_put_back(release: Release, by: str, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "data", tmp_path / "state")
    typed = " ".join(release.known["sheet words"]) if by == "sheet" else ""
    key = release.key("desk") if by == "key" else None
    restoring.restore(paths, release.folder / "desk.bdbackup", typed=typed, key=key, clock=FakeClock())
    desk = bootstrap.open_device(paths, clock=FakeClock())
    try:
        shows(desk.ledger.database, release.known["desk"]["rows"])
        sound(desk)
    finally:
        bootstrap.close_device(desk)


def test_the_words_of_the_sheet_open_the_key_file(release: Release, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "desk", tmp_path / "state")
    paths.data.mkdir()
    shutil.copyfile(release.folder / "desk.key", paths.key)
    paths.key.chmod(0o600)
    assert protection.open_with_sheet(paths, " ".join(release.known["sheet words"])) == release.key("desk")


@needs_pages
def test_a_packed_database_is_byte_for_byte_what_was_packed(tmp_path: Path) -> None:
    key = bytes(range(32))
    database = Database(tmp_path / "a.db", key)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE word (text TEXT)")
        connection.exec_driver_sql("INSERT INTO word VALUES (?)", ("marmalade" * 2_000,))
    database.close()
    data = (tmp_path / "a.db").read_bytes()
    packed = pack(data, key)
    assert unpack(packed, key) == data
    assert len(packed) * 4 < len(data)


@needs_pages
def test_the_script_makes_files_that_pass_all_this(tmp_path: Path) -> None:
    """So that the golden files of the next release can be made on the day they are needed."""
    golden.make(tmp_path / "school", tmp_path / "made")
    known = json.loads((tmp_path / "made" / "known.json").read_text(encoding="utf-8"))
    made = Release(tmp_path / "made", known)
    with made.opened("desk", tmp_path / "desk") as desk:
        shows(desk.ledger.database, known["desk"]["rows"])
        home = exchange.bring_home(desk, [made.folder / "from-blue.bdx"])
        assert home.refused == ()
