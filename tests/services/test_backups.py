"""Backups that are made by themselves: when, where, which stay, and what becomes of the second place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from blenddesk import bootstrap, restoring
from blenddesk.domain.ids import Id
from blenddesk.domain.retention import NEWEST, Mark
from blenddesk.errors import EnvironmentTrouble
from blenddesk.services import backups, profiles, protection
from blenddesk.services.backups import LONG_AWAY
from blenddesk.services.context import AppContext
from blenddesk.sync import backup_store, recovery
from blenddesk.sync.backup_store import LargeFileDisk
from blenddesk.sync.wordlock import Strength
from tests.conftest import FakeClock, FakeRandomness

WEAK = Strength(passes=1, memory_bytes=8_192)
DAY = 24 * 60


def work(desk: AppContext, section: Id) -> None:
    student = desk.reads.people.students(section)[0]
    profiles.set_note(desk, student.id, desk.randomness.token(6).hex())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_due_when_something_was_written_and_not_before(desk: AppContext, section: Id) -> None:
    assert backups.is_due(desk)
    backups.back_up(desk)
    assert not backups.is_due(desk)
    work(desk, section)
    assert backups.is_due(desk)


def test_due_when_others_may_open_it_from_now_on(desk: AppContext, section: Id) -> None:
    backups.back_up(desk)
    sheet = recovery.draw_sheet(FakeRandomness(5), strength=WEAK)
    protection.set_sheet(desk.paths, desk.reads.reader.key, sheet)
    assert backups.is_due(desk)
    made = backups.back_up(desk)
    assert backups.words_of(made.file) == {"sheet"}


def test_named_by_counter_and_thinned(desk: AppContext, section: Id, clock: FakeClock) -> None:
    made = []
    for day in range(4):
        for _hour in range(5):
            work(desk, section)
            made.append(backups.back_up(desk).file)
        clock.advance(minutes=DAY)
        assert day + 1 == backups.day_of_use(desk)
    left = backups.own_backups(desk.paths)
    assert [one.path for one in left][:NEWEST] == made[: -NEWEST - 1 : -1]
    assert len(left) == NEWEST + 2
    assert names(backups.folder_of(desk.paths))[0].endswith("-000005-d00001.bdbackup")
    assert not backups.making_folder(desk.paths).exists()


@pytest.mark.parametrize("wrong_ms", [0, 4_070_908_800_000])
def test_a_wrong_clock_takes_no_good_backup_away(
    desk: AppContext, section: Id, clock: FakeClock, wrong_ms: int
) -> None:
    good = []
    for _day in range(3):
        work(desk, section)
        good.append(backups.back_up(desk).file)
        clock.advance(minutes=DAY)
    right = clock.now_ms
    clock.now_ms = wrong_ms
    work(desk, section)
    backups.back_up(desk)
    clock.now_ms = right
    for _day in range(3):
        work(desk, section)
        good.append(backups.back_up(desk).file)
        clock.advance(minutes=DAY)
    left = [one.path for one in backups.own_backups(desk.paths)]
    assert set(good) <= set(left)
    assert left[0] == good[-1]


def test_a_saved_one_has_words_or_the_sheet(desk: AppContext, section: Id, tmp_path: Path) -> None:
    saved = backups.save_backup(desk, tmp_path, strength=WEAK)
    assert len(saved.words) == 5
    assert backups.words_of(saved.file) == {"words"}
    sheet = recovery.draw_sheet(FakeRandomness(5), strength=WEAK)
    protection.set_sheet(desk.paths, desk.reads.reader.key, sheet)
    by_sheet = backups.save_backup(desk, tmp_path, strength=WEAK)
    assert by_sheet.words == ()
    assert by_sheet.file != saved.file
    assert backups.own_backups(desk.paths, str(tmp_path)) == []
    with pytest.raises(EnvironmentTrouble, match="folder_missing"):
        backups.save_backup(desk, tmp_path / "nothing", strength=WEAK)


def test_words_of_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"nothing of ours")
    assert backups.words_of(tmp_path / "x") == {"words"}
    assert backups.words_of(tmp_path / "gone") == {"words"}


def test_cancel_leaves_nothing(desk: AppContext, section: Id) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise Stop

    with pytest.raises(Stop):
        backups.back_up(desk, progress=stop)
    assert names(backups.folder_of(desk.paths)) == []
    assert not backups.making_folder(desk.paths).exists()
    assert backups.is_due(desk)


# --- the second place -----------------------------------------------------------------------------------------------


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "STICK"
    folder.mkdir()
    return folder


def test_it_is_asked_for_and_remembered(desk: AppContext, section: Id, stick: Path) -> None:
    assert backups.second_place(desk) is None
    assert backups.back_up(desk).second == "none"
    backups.choose_second_place(desk, stick)
    assert backups.is_due(desk)
    made = backups.back_up(desk)
    assert made.second == "written"
    assert (stick / made.file.name).read_bytes() == made.file.read_bytes()
    place = backups.second_place(desk)
    assert place is not None
    assert (place.folder, place.is_long_away) == (stick, False)
    backups.choose_second_place(desk, None)
    assert backups.second_place(desk) is None


def test_where_it_may_not_be(desk: AppContext, section: Id, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentTrouble, match="folder_missing"):
        backups.choose_second_place(desk, tmp_path / "nothing")
    inside = desk.paths.data / "inside"
    inside.mkdir()
    with pytest.raises(EnvironmentTrouble, match="backup_same_place"):
        backups.choose_second_place(desk, inside)


def test_away_for_long_is_counted_in_days_of_use(desk: AppContext, section: Id, stick: Path, clock: FakeClock) -> None:
    backups.choose_second_place(desk, stick)
    backups.back_up(desk)
    stick.rename(stick.with_name("in the drawer"))
    for day in range(LONG_AWAY):
        place = backups.second_place(desk)
        assert place is not None
        assert (place.days_away, place.is_long_away) == (day, False)
        clock.advance(minutes=DAY)
        work(desk, section)
        assert backups.back_up(desk).second == "away"
    place = backups.second_place(desk)
    assert place is not None
    assert place.is_long_away
    stick.with_name("in the drawer").rename(stick)
    work(desk, section)
    assert backups.back_up(desk).second == "written"
    place = backups.second_place(desk)
    assert place is not None
    assert place.days_away == 0


class FullStick(LargeFileDisk):
    """Has room on this computer only."""

    def free_bytes(self, folder: Path) -> int:
        return 10 if folder.name == "STICK" else super().free_bytes(folder)


class StuckFiles(LargeFileDisk):
    """Lets nothing be taken away."""

    def remove(self, path: Path) -> None:
        raise PermissionError(13, "held by a virus scanner")


def test_trouble_there_is_no_trouble_here(desk: AppContext, section: Id, stick: Path) -> None:
    backups.choose_second_place(desk, stick)
    made = backups.back_up(desk, disk=FullStick())
    assert made.second == "stick_full"
    assert made.file.exists()
    assert names(stick) == []


def test_old_ones_that_cannot_be_taken_away_do_no_harm(desk: AppContext, section: Id) -> None:
    for _each in range(NEWEST + 2):
        work(desk, section)
        made = backups.back_up(desk, disk=StuckFiles())
        assert made.thinned == 0
    assert len(backups.own_backups(desk.paths)) == NEWEST + 2
    work(desk, section)
    assert backups.back_up(desk).thinned == 3


def test_two_computers_on_one_stick_leave_each_others_alone(
    desk: AppContext, section: Id, stick: Path, clock: FakeClock
) -> None:
    other = backup_store.name_of("0badcafe", Mark(900_000, 900))
    (stick / other).write_bytes(b"of another computer")
    (stick / "holiday-000001-d00001.bdbackup").write_bytes(b"a person's own name")
    backups.choose_second_place(desk, stick)
    for _each in range(NEWEST + 4):
        work(desk, section)
        backups.back_up(desk)
    assert other in names(stick)
    assert "holiday-000001-d00001.bdbackup" in names(stick)
    ours = [name for name in names(stick) if name not in (other, "holiday-000001-d00001.bdbackup")]
    assert len(ours) == NEWEST
    assert all("-d00001" in name for name in ours)


# --- counting on ------------------------------------------------------------------------------------------------------


def test_numbers_go_on_after_an_older_backup_was_put_back(desk: AppContext, section: Id) -> None:
    files = []
    for _each in range(3):
        work(desk, section)
        files.append(backups.back_up(desk).file)
    key = desk.reads.reader.key
    bootstrap.close_device(desk)
    restoring.restore(desk.paths, files[0], key=key)
    again = bootstrap.open_device(desk.paths, clock=desk.clock)
    made = backups.back_up(again).file
    assert made.name.split("-")[1] != files[0].name.split("-")[1]
    assert "-000004-" in made.name
    assert [one.path for one in backups.own_backups(again.paths)] == [made, *reversed(files)]
    bootstrap.close_device(again)


def test_damaged_ones_are_renamed_and_count_no_more(desk: AppContext, section: Id) -> None:
    files = []
    for _each in range(3):
        work(desk, section)
        files.append(backups.back_up(desk).file)
    files[1].write_bytes(files[1].read_bytes()[:-1])
    (aside,) = backups.check_own_backups(desk)
    assert aside.name == files[1].name + ".damaged"
    assert [one.path for one in backups.own_backups(desk.paths)] == [files[2], files[0]]
    assert backups.check_own_backups(desk) == []


# --- the store --------------------------------------------------------------------------------------------------------


def test_the_same_file_again_is_there_already_and_another_gets_a_name_of_its_own(tmp_path: Path) -> None:
    disk, folder = LargeFileDisk(), tmp_path / "to"
    folder.mkdir()
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"one" * 1000)
    other.write_bytes(b"other" * 1000)
    name = backup_store.name_of("0badcafe", Mark(1, 1))
    first = backup_store.store(one, folder, name, disk)
    assert backup_store.store(one, folder, name, disk) == first
    second = backup_store.store(other, folder, name, disk)
    assert second.read_bytes() == other.read_bytes()
    assert first.read_bytes() == one.read_bytes()
    assert [one.path for one in backup_store.listed(folder, disk)] == [first]
    assert len(names(folder)) == 2


class LyingDisk(LargeFileDisk):
    """Reads back something else than was written."""

    def read_stream(self, path: Path):  # type: ignore[no-untyped-def]
        for chunk in super().read_stream(path):
            yield chunk[:-1] + b"!" if path.suffix == ".tmp" else chunk


class GoneDisk(LargeFileDisk):
    def sync_folder(self, folder: Path) -> None:
        raise OSError(5, "pulled")


@pytest.mark.parametrize(("disk", "code"), [(LyingDisk(), "stick_unreliable"), (GoneDisk(), "stick_gone")])
def test_a_stick_that_fails_says_so_and_the_next_try_cleans_up(disk: LargeFileDisk, code: str, tmp_path: Path) -> None:
    folder = tmp_path / "to"
    folder.mkdir()
    source = tmp_path / "source"
    source.write_bytes(b"backup" * 1000)
    name = backup_store.name_of("0badcafe", Mark(1, 1))
    with pytest.raises(EnvironmentTrouble) as caught:
        backup_store.store(source, folder, name, disk)
    assert caught.value.code == code
    assert not (folder / name).exists()
    backup_store.discard_unfinished(folder, LargeFileDisk())
    assert names(folder) == []
    backup_store.discard_unfinished(tmp_path / "nothing", LargeFileDisk())


def test_own_backups_of_places_that_are_not_there(desk: AppContext, tmp_path: Path) -> None:
    assert backups.own_backups(desk.paths, str(tmp_path / "nothing")) == []
    shutil.rmtree(backups.folder_of(desk.paths), ignore_errors=True)
    assert backups.own_backups(desk.paths) == []
