"""A flipped byte anywhere in a real encrypted database is noticed, has a sentence and a tested way back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blenddesk import bootstrap, restoring
from blenddesk.changing_places import kept_aside_folder
from blenddesk.config import Paths
from blenddesk.errors import BlendDeskError, EnvironmentTrouble
from blenddesk.messages import error_sentence
from blenddesk.services import backups, exchange, profiles, selfcheck
from blenddesk.services.context import AppContext
from blenddesk.storage import digest
from tests.conftest import FakeClock, FakeRandomness, fill_class
from tests.faults.damage import flip, pages, root_page


class Sick:
    """A desk with a week of work, a backup of most of it, and its database closed, ready to be damaged."""

    def __init__(self, root: Path, clock: FakeClock) -> None:
        self.paths = Paths(root / "desk", root / "state")
        self.clock, self.randomness = clock, FakeRandomness(3)
        desk = bootstrap.create_device(
            self.paths, role="desk", name="Ms Okoro", clock=clock, randomness=self.randomness
        )
        from blenddesk.services import classes

        classes.found_desk(desk, "Ms Okoro")
        self.section = fill_class(desk, 12)
        self.key = desk.reads.reader.key
        for number in range(40):
            self.note(desk, f"BeforeCanary{number}")
        self.backup = backups.back_up(desk).file
        for number in range(5):
            self.note(desk, f"AfterCanary{number}")
        self.digest = self.digest_of(desk)
        self.ops = self.ops_of(desk)
        bootstrap.close_device(desk)
        self.whole = root / "whole.db"
        shutil.copy(self.paths.database, self.whole)

    def note(self, desk: AppContext, words: str) -> None:
        self.clock.advance(seconds=1)
        students = desk.reads.people.students(self.section)
        profiles.set_note(desk, students[len(words) % len(students)].id, words + " " + "x" * 200)

    def open(self) -> AppContext:
        return bootstrap.open_device(self.paths, clock=self.clock, randomness=self.randomness)

    @staticmethod
    def digest_of(desk: AppContext) -> str:
        with desk.ledger.database.read() as connection:
            return digest.whole_digest(connection)

    @staticmethod
    def ops_of(desk: AppContext) -> set[tuple[bytes, int, bytes]]:
        with desk.ledger.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT stream_id, op.seq, hash8 FROM op JOIN stream USING (sid)")
            return {tuple(row) for row in rows}

    def anew(self) -> None:
        """The undamaged database again, and nothing kept aside."""
        for file in self.paths.data.glob(self.paths.database.name + "*"):
            file.unlink()
        shutil.copy(self.whole, self.paths.database)
        bootstrap.write_key(self.paths.key, self.key)
        shutil.rmtree(kept_aside_folder(self.paths), ignore_errors=True)


@pytest.fixture(scope="module")
def sick(tmp_path_factory: pytest.TempPathFactory) -> Sick:
    return Sick(tmp_path_factory.mktemp("sick"), FakeClock())


@pytest.fixture(autouse=True)
def healed(sick: Sick) -> Iterator[None]:
    yield
    sick.anew()


def symptoms(sick: Sick) -> list[str]:
    """What the program says of the database: at opening, else at the self-check."""
    try:
        desk = sick.open()
    except BlendDeskError as error:
        return [error.code]
    try:
        return [finding.code for finding in selfcheck.check(desk).findings]
    except EnvironmentTrouble as error:
        return [error.code]
    finally:
        bootstrap.close_device(desk)


def test_a_sound_database_has_no_symptoms(sick: Sick) -> None:
    assert symptoms(sick) == []


@pytest.mark.parametrize(
    "what", ["op", "op_entity", "stream", "signed_head", "local", "change", "student", "profile_desk", "entry_row_plan"]
)
def test_a_page_of_every_kind_is_noticed_and_put_right(sick: Sick, what: str) -> None:
    before = set(sick.ops)
    flip(sick.paths.database, root_page(sick.paths.database, sick.key, what))
    found = symptoms(sick)
    assert found, f"damage to {what} was not noticed"
    repaired = restoring.repair(sick.paths, sick.key, randomness=sick.randomness)
    assert repaired.kept_aside is not None
    assert (repaired.kept_aside / sick.paths.database.name).exists()
    desk = sick.open()
    assert symptoms_of(desk) == []
    if what not in ("op", "stream", "local", "change", "signed_head"):
        # Nothing of the log was on the page, so nothing is missing.
        assert sick.ops_of(desk) == before
        assert sick.digest_of(desk) == sick.digest
        assert repaired.whole
    sick.note(desk, "written after the repair")
    bootstrap.close_device(desk)


def symptoms_of(desk: AppContext) -> list[str]:
    return [finding.code for finding in selfcheck.check(desk).findings]


def test_every_page_of_the_file(sick: Sick) -> None:
    """Whatever page it is: noticed (or unused), put right, and nothing of the backup missing afterwards."""
    restored = restoring.restore(sick.paths, sick.backup, key=sick.key, randomness=sick.randomness)
    assert restored.kept_aside is not None
    desk = sick.open()
    in_backup = sick.ops_of(desk)
    bootstrap.close_device(desk)
    count = pages(sick.whole)
    lost = unnoticed = 0
    for page in range(1, count + 1, max(1, count // 25)):
        sick.anew()
        flip(sick.paths.database, page)
        found = symptoms(sick)
        unnoticed += not found
        repaired = restoring.repair(sick.paths, sick.key, randomness=sick.randomness)
        desk = sick.open()
        held = sick.ops_of(desk)
        assert symptoms_of(desk) in ([], ["changes_missing"]), page
        bootstrap.close_device(desk)
        assert in_backup <= held, page
        lost += len(sick.ops - held) > 0
        assert repaired.backup == sick.backup
    assert unnoticed == 0
    # Only pages that hold what was written since the backup can cost anything: a few of them, and page 1.
    assert lost <= 8


# --- other ways to lose a database ----------------------------------------------------------------------------------


def test_where_a_sentence_is_needed_there_is_one() -> None:
    for code in ("database_unreadable", "database_missing", "key_missing", "key_damaged", "repair_impossible"):
        sentence = error_sentence(EnvironmentTrouble(code, path="/data"))
        assert "Something did not work" not in sentence
        assert sentence.count(".") >= 2


@pytest.mark.parametrize("left", [0, 10, 4_096, 3 * 4_096 + 5, -4_096])
def test_a_truncated_database(sick: Sick, left: int) -> None:
    data = sick.paths.database.read_bytes()
    sick.paths.database.write_bytes(data[:left])
    assert symptoms(sick)
    repaired = restoring.repair(sick.paths, sick.key, randomness=sick.randomness)
    assert repaired.backup == sick.backup
    desk = sick.open()
    assert symptoms_of(desk) == []
    assert b"BeforeCanary39" in b"".join(str(row).encode() for row in notes(desk))
    bootstrap.close_device(desk)


def notes(desk: AppContext) -> list[object]:
    return list(desk.reads.reader.rows("SELECT note FROM profile_desk"))


def test_a_deleted_database(sick: Sick) -> None:
    sick.paths.database.unlink()
    assert symptoms(sick) == ["no_device"]
    repaired = restoring.repair(sick.paths, sick.key, randomness=sick.randomness)
    assert repaired.backup == sick.backup
    assert repaired.saved == 0
    desk = sick.open()
    assert symptoms_of(desk) == []
    bootstrap.close_device(desk)


def test_everything_but_the_backups_is_gone(sick: Sick) -> None:
    sick.paths.database.unlink()
    sick.paths.key.unlink()
    repaired = restoring.repair(sick.paths, sick.key, randomness=sick.randomness)
    assert repaired.kept_aside is None
    desk = sick.open()
    assert symptoms_of(desk) == []
    bootstrap.close_device(desk)


def test_a_newest_backup_that_is_damaged_too(sick: Sick) -> None:
    sick.paths.database.unlink()
    worse = sick.backup.with_name(sick.backup.name.replace("-000001-", "-000002-"))
    worse.write_bytes(sick.backup.read_bytes()[:-1])
    try:
        assert restoring.repair(sick.paths, sick.key, randomness=sick.randomness).backup == sick.backup
    finally:
        worse.unlink()


def test_a_deleted_database_without_a_backup_is_said_to_be_lost(sick: Sick, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "elsewhere", tmp_path / "state")
    paths.data.mkdir()
    bootstrap.write_key(paths.key, sick.key)
    with pytest.raises(EnvironmentTrouble, match="repair_impossible"):
        restoring.repair(paths, sick.key)
    assert [path.name for path in paths.data.iterdir()] == [paths.key.name]


def test_without_a_backup_what_can_be_read_is_saved(sick: Sick, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "alone", tmp_path / "state")
    paths.data.mkdir()
    bootstrap.write_key(paths.key, sick.key)
    shutil.copy(sick.whole, paths.database)
    flip(paths.database, root_page(paths.database, sick.key, "profile_desk"))
    repaired = restoring.repair(paths, sick.key)
    assert repaired == (len(sick.ops), None, True, repaired.kept_aside)
    desk = bootstrap.open_device(paths, clock=sick.clock)
    assert (sick.ops_of(desk), sick.digest_of(desk)) == (sick.ops, sick.digest)
    bootstrap.close_device(desk)


def test_without_a_backup_and_without_its_own_name_nothing_is_touched(sick: Sick, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "alone", tmp_path / "state")
    paths.data.mkdir()
    bootstrap.write_key(paths.key, sick.key)
    shutil.copy(sick.whole, paths.database)
    flip(paths.database, root_page(paths.database, sick.key, "local"))
    damaged = paths.database.read_bytes()
    with pytest.raises(EnvironmentTrouble, match="repair_impossible"):
        restoring.repair(paths, sick.key)
    assert paths.database.read_bytes() == damaged


def test_a_deleted_anchor_only_begins_a_new_life(sick: Sick) -> None:
    before = sick.open()
    epoch = before.ledger.epoch
    bootstrap.close_device(before)
    assert sick.paths.state is not None
    shutil.rmtree(sick.paths.state)
    desk = sick.open()
    assert desk.ledger.epoch != epoch
    assert sick.ops_of(desk) == sick.ops
    assert symptoms_of(desk) == []
    sick.note(desk, "written after")
    bootstrap.close_device(desk)


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_text("nonsense")])
def test_a_lost_key_file_is_made_again_by_a_backup_and_its_secret(sick: Sick, spoil: Callable[[Path], None]) -> None:
    spoil(sick.paths.key)
    assert symptoms(sick) in (["key_missing"], ["key_damaged"])
    restoring.restore(sick.paths, sick.backup, key=sick.key, randomness=sick.randomness)
    desk = sick.open()
    assert symptoms_of(desk) == []
    bootstrap.close_device(desk)
    assert bootstrap.read_key(sick.paths.key) == sick.key


def crashed(sick: Sick) -> Path:
    """The database as a computer without power left it: the newest work is in the write-ahead log only."""
    desk = sick.open()
    for number in range(4):
        sick.note(desk, f"WalCanary{number}")
    wal = Path(f"{sick.paths.database}-wal")
    copies = {path: path.read_bytes() for path in (sick.paths.database, wal)}
    bootstrap.close_device(desk)
    for path, data in copies.items():
        path.write_bytes(data)
    return wal


@pytest.mark.parametrize("place", [0.02, 0.5, 0.97])
def test_a_damaged_write_ahead_log_never_breaks_the_database(sick: Sick, place: float) -> None:
    """What SQLite cannot trust it leaves out: the database is sound and older, and a new life of it begins."""
    wal = crashed(sick)
    data = bytearray(wal.read_bytes())
    data[int(len(data) * place)] ^= 1
    wal.write_bytes(data)
    desk = sick.open()
    assert symptoms_of(desk) == []
    assert sick.ops <= sick.ops_of(desk)
    sick.note(desk, "written after")
    assert digest.rebuild(desk.ledger)
    bootstrap.close_device(desk)


def test_a_whole_write_ahead_log_is_taken_up(sick: Sick) -> None:
    crashed(sick)
    desk = sick.open()
    assert any("WalCanary" in str(row) for row in notes(desk))
    bootstrap.close_device(desk)


# --- what a gap means for others -------------------------------------------------------------------------------------


def with_a_gap(sick: Sick, places: range) -> AppContext:
    """The database after a repair that could not bring back some ops of the middle."""
    desk = sick.open()
    with desk.ledger.database.write() as connection:
        sid = connection.exec_driver_sql("SELECT sid FROM op GROUP BY sid ORDER BY count(*) DESC").scalar()
        connection.exec_driver_sql(
            "DELETE FROM op WHERE sid = ? AND seq BETWEEN ? AND ?", (sid, places.start, places.stop - 1)
        )
    bootstrap.close_device(desk)
    shutil.move(backups.folder_of(sick.paths), sick.paths.data / "hidden")
    try:
        repaired = restoring.repair(sick.paths, sick.key, randomness=sick.randomness)
    finally:
        shutil.move(sick.paths.data / "hidden", backups.folder_of(sick.paths))
    assert not repaired.whole
    return sick.open()


def test_a_gap_is_said_given_up_and_healed_by_the_next_package(sick: Sick, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    whole = sick.open()
    taken = exchange.take_to_computers(whole, stick)
    bootstrap.close_device(whole)
    desk = with_a_gap(sick, range(10, 14))
    assert set(symptoms_of(desk)) == {"changes_missing"}
    with pytest.raises(AssertionError):
        assert sick.ops <= sick.ops_of(desk)
    # Work travels all the same: what can be proven.
    smaller = exchange.take_to_computers(desk, stick)
    assert 0 < smaller.ops < taken.ops + 10
    home = exchange.bring_home(desk, list(taken.files))
    assert [one.status for one in home.packages if one.status == "refused"] == []
    assert home.new_ops == 4
    assert symptoms_of(desk) == []
    assert sick.ops <= sick.ops_of(desk)
    assert digest.rebuild(desk.ledger)
    exchange.take_to_computers(desk, stick)
    bootstrap.close_device(desk)
