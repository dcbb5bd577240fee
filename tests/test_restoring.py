"""Putting a backup back: a preview, a new life, what was here kept aside, and a power cut at every step survived."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from blenddesk import bootstrap, changing_places, class_keys, restoring
from blenddesk.config import Paths
from blenddesk.errors import BlendDeskError, EnvironmentTrouble, ExchangeTrouble, Refusal
from blenddesk.services import backups, classes, exchange, profiles, protection
from blenddesk.services.context import AppContext
from blenddesk.storage import digest, setup
from blenddesk.storage.database import Database
from blenddesk.sync.wordlock import Strength
from tests.conftest import FakeClock, FakeRandomness, fill_class
from tests.faults.damage import flip, root_page

WEAK = Strength(passes=1, memory_bytes=8_192)


class Kept:
    """A desk with a class, a backup of it, and one note that is newer; closed."""

    def __init__(self, root: Path, clock: FakeClock) -> None:
        self.paths, self.clock = Paths(root / "desk", root / "state"), clock
        desk = bootstrap.create_device(self.paths, role="desk", name="Ms Okoro", clock=clock)
        classes.found_desk(desk, "Ms Okoro")
        self.section = fill_class(desk, 4)
        self.key, self.epoch = desk.reads.reader.key, desk.ledger.epoch
        self.words = backups.save_backup(desk, root, strength=WEAK)
        self.backup = self.words.file
        self.before = shown(desk)
        profiles.set_note(desk, desk.reads.people.students(self.section)[0].id, "NewerCanary")
        self.after = shown(desk)
        bootstrap.close_device(desk)

    def open(self) -> AppContext:
        return bootstrap.open_device(self.paths, clock=self.clock)

    def shown(self) -> str:
        desk = self.open()
        try:
            return shown(desk)
        finally:
            bootstrap.close_device(desk)


def shown(desk: AppContext) -> str:
    with desk.ledger.database.read() as connection:
        return digest.whole_digest(connection)


@pytest.fixture
def kept(tmp_path: Path, clock: FakeClock) -> Kept:
    return Kept(tmp_path, clock)


def test_looking_changes_nothing_and_says_what_would(kept: Kept) -> None:
    seen: list[tuple[int, int]] = []
    prepared = restoring.prepare(kept.paths, kept.backup, key=kept.key, progress=lambda *count: seen.append(count))
    assert prepared.head.counts["student"] == 4
    assert prepared.difference is not None
    assert prepared.difference.only_here == {"profile": 1}
    assert not prepared.difference.only_there
    assert seen[-1][0] == seen[-1][1] > 0
    changing_places.discard(kept.paths)
    assert kept.shown() == kept.after


def test_it_comes_back_as_a_new_life_and_nothing_is_thrown_away(kept: Kept) -> None:
    restored = restoring.restore(kept.paths, kept.backup, key=kept.key, clock=kept.clock)
    desk = kept.open()
    assert shown(desk) == kept.before
    assert desk.ledger.epoch != kept.epoch
    assert restored.kept_aside == changing_places.kept_aside_folder(kept.paths) / "0001"
    assert restored.packages
    assert bootstrap.read_key(restored.kept_aside / kept.paths.key.name) == kept.key
    assert restoring.packages_found(kept.paths) == sorted(restored.packages)
    home = exchange.bring_home(desk, restored.packages)
    assert home.new_ops == 1
    assert shown(desk) == kept.after
    bootstrap.close_device(desk)


def test_what_was_kept_aside_is_never_overwritten(kept: Kept) -> None:
    for number in range(1, 4):
        restored = restoring.restore(kept.paths, kept.backup, key=kept.key, clock=kept.clock)
        assert restored.kept_aside is not None
        assert restored.kept_aside.name == f"{number:04d}"
        assert (restored.kept_aside / kept.paths.database.name).exists()
    assert [folder.name for folder in sorted(changing_places.kept_aside_folder(kept.paths).iterdir())] == [
        "0001",
        "0002",
        "0003",
    ]


def test_on_a_new_computer_by_words_and_by_sheet(kept: Kept, tmp_path: Path) -> None:
    new = Paths(tmp_path / "new" / "data", tmp_path / "new" / "state")
    restored = restoring.restore(new, kept.backup, typed=" ".join(kept.words.words))
    assert restored.kept_aside is None
    assert restored.packages == ()
    desk = bootstrap.open_device(new, clock=kept.clock)
    assert shown(desk) == kept.before
    sheet = protection.draw_sheet(FakeRandomness(5), "en", WEAK)
    protection.set_sheet(new, desk.reads.reader.key, sheet)
    sealed = backups.save_backup(desk, tmp_path, strength=WEAK).file
    bootstrap.close_device(desk)
    newer = Paths(tmp_path / "newer" / "data", tmp_path / "newer" / "state")
    restoring.restore(newer, sealed, typed=" ".join(sheet.words))
    # The sheet opens this computer too, from now on.
    assert protection.open_with_sheet(newer, " ".join(sheet.words)) == kept.key


def test_another_desks_backup_brings_its_own_key(kept: Kept, tmp_path: Path, clock: FakeClock) -> None:
    other = bootstrap.create_device(Paths(tmp_path / "other"), role="desk", name="Mr Sow", clock=clock)
    classes.found_desk(other, "Mr Sow")
    classes.create_class(other, "Oaks")
    saved = backups.save_backup(other, tmp_path, strength=WEAK)
    key = other.reads.reader.key
    bootstrap.close_device(other)
    restored = restoring.restore(kept.paths, saved.file, typed=" ".join(saved.words), key=kept.key, clock=clock)
    assert bootstrap.read_key(kept.paths.key) == key
    assert restored.kept_aside is not None
    assert bootstrap.read_key(restored.kept_aside / kept.paths.key.name) == kept.key
    desk = kept.open()
    assert [one.name for one in desk.reads.sections.all()] == ["Oaks"]
    bootstrap.close_device(desk)


def test_a_class_made_since_can_be_read_in_again(kept: Kept) -> None:
    desk = kept.open()
    classes.create_class(desk, "Oaks")
    bootstrap.close_device(desk)
    restored = restoring.restore(kept.paths, kept.backup, key=kept.key, clock=kept.clock)
    desk = kept.open()
    assert [one.name for one in desk.reads.sections.all()] == ["Sunflowers"]
    # Nothing is known of the class but its keys; that keeps no work from travelling.
    exchange.take_to_computers(desk, kept.paths.data)
    exchange.bring_home(desk, restored.packages)
    assert {one.name for one in desk.reads.sections.all()} == {"Sunflowers", "Oaks"}
    bootstrap.close_device(desk)


def test_keys_of_newer_classes_come_from_a_newer_backup_beside_it(kept: Kept, tmp_path: Path) -> None:
    desk = kept.open()
    older = backups.back_up(desk).file
    classes.create_class(desk, "Oaks")
    stick = tmp_path / "stick"
    stick.mkdir()
    taken = exchange.take_to_computers(desk, stick)
    newer = backups.back_up(desk).file
    bootstrap.close_device(desk)
    (newer.parent / backups.BackupFile(newer, 0, 0).path.name.replace("-0000", "-0009")).write_bytes(b"damaged")
    new = Paths(tmp_path / "new" / "data", tmp_path / "new" / "state")
    restoring.restore(new, older, key=kept.key)
    again = bootstrap.open_device(new, clock=kept.clock)
    exchange.bring_home(again, taken.files)
    assert {one.name for one in again.reads.sections.all()} == {"Sunflowers", "Oaks"}
    bootstrap.close_device(again)


def test_a_stranger_s_newer_backup_brings_no_keys(kept: Kept, tmp_path: Path, clock: FakeClock) -> None:
    mine, other = Database(kept.paths.database, kept.key), Paths(tmp_path / "other")
    stranger = bootstrap.create_device(other, role="desk", name="Mr Sow", clock=clock)
    classes.found_desk(stranger, "Mr Sow")
    before = mine_keys(mine)
    class_keys._carry_class_keys(stranger.ledger.database, mine)
    assert mine_keys(mine) == before
    mine.close()
    bootstrap.close_device(stranger)


def mine_keys(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.exec_driver_sql("SELECT name FROM local ORDER BY name").scalars())


def test_data_that_cannot_be_read_is_kept_aside_all_the_same(kept: Kept) -> None:
    flip(kept.paths.database, root_page(kept.paths.database, kept.key, "stream"))
    damaged = kept.paths.database.read_bytes()
    prepared = restoring.prepare(kept.paths, kept.backup, key=kept.key)
    assert prepared.difference is None
    restored = restoring.carry_out(kept.paths, prepared, key=kept.key, clock=kept.clock)
    assert restored.packages == ()
    assert restored.kept_aside is not None
    assert (restored.kept_aside / kept.paths.database.name).read_bytes() == damaged
    assert kept.shown() == kept.before


@pytest.mark.parametrize("page", ["local", "op"])
def test_other_damage_does_not_stop_it_either(kept: Kept, page: str) -> None:
    flip(kept.paths.database, root_page(kept.paths.database, kept.key, page))
    restored = restoring.restore(kept.paths, kept.backup, key=kept.key, clock=kept.clock)
    assert restored.packages == ()
    assert kept.shown() == kept.before


def test_without_the_key_of_what_is_here_it_is_kept_unread(kept: Kept) -> None:
    restored = restoring.restore(kept.paths, kept.backup, typed=" ".join(kept.words.words), clock=kept.clock)
    assert restored.packages == ()
    assert kept.shown() == kept.before


def test_a_desk_without_a_class_has_nothing_to_pack(tmp_path: Path, clock: FakeClock) -> None:
    paths = Paths(tmp_path / "desk", tmp_path / "state")
    desk = bootstrap.create_device(paths, role="desk", name="Ms Okoro", clock=clock)
    classes.found_desk(desk, "Ms Okoro")
    saved = backups.save_backup(desk, tmp_path, strength=WEAK)
    key = desk.reads.reader.key
    bootstrap.close_device(desk)
    restored = restoring.restore(paths, saved.file, key=key, clock=clock)
    assert restored.packages == ()
    assert restored.kept_aside is not None


class Stop(Exception):
    """Cancel."""


def test_cancel_leaves_nothing_behind(kept: Kept) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        restoring.prepare(kept.paths, kept.backup, key=kept.key, progress=stop)
    assert not changing_places.preparing_folder(kept.paths).exists()
    with pytest.raises(Stop):
        restoring.repair(kept.paths, kept.key, progress=stop)
    assert not changing_places.preparing_folder(kept.paths).exists()
    assert kept.shown() == kept.after


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: data[:-1], "backup_damaged"),
        (lambda data: b"PK" + data, "not_a_backup"),
    ],
)
def test_a_spoilt_backup_changes_nothing(kept: Kept, spoil: Callable[[bytes], bytes], code: str) -> None:
    kept.backup.write_bytes(spoil(kept.backup.read_bytes()))
    with pytest.raises(BlendDeskError) as caught:
        restoring.restore(kept.paths, kept.backup, key=kept.key)
    assert caught.value.code == code
    assert not changing_places.preparing_folder(kept.paths).exists()
    assert kept.shown() == kept.after


def test_a_backup_that_shows_something_else_than_it_says_is_damaged(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "whole_digest", lambda _connection: "something else")
    with pytest.raises(ExchangeTrouble, match="backup_damaged"):
        restoring.prepare(kept.paths, kept.backup, key=kept.key)


def test_a_database_inside_that_is_not_sound_is_damaged(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_args: object) -> bool:
        raise EnvironmentTrouble("database_unreadable", path="")

    with monkeypatch.context() as patch:
        patch.setattr(setup, "refresh_projections", unreadable)
        with pytest.raises(ExchangeTrouble, match="backup_damaged"):
            restoring.prepare(kept.paths, kept.backup, key=kept.key)

    def full(*_args: object) -> bool:
        raise EnvironmentTrouble("disk_full", path="")

    with monkeypatch.context() as patch:
        patch.setattr(setup, "refresh_projections", full)
        with pytest.raises(EnvironmentTrouble, match="disk_full"):
            restoring.prepare(kept.paths, kept.backup, key=kept.key)


def test_a_folder_that_cannot_be_written(kept: Kept, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(EnvironmentTrouble, match="folder_not_writable"):
        restoring.prepare(Paths(blocked / "data", tmp_path / "s"), kept.backup, key=kept.key)


def test_packages_are_found_in_folders_that_are_there(kept: Kept, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "bd-a.bdx").write_bytes(b"x")
    (stick / ".bd-b.bdx").write_bytes(b"x")
    assert restoring.packages_found(kept.paths, [stick, tmp_path / "gone"]) == [stick / "bd-a.bdx"]


def test_a_key_that_cannot_be_written(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from blenddesk.sync import key_file

    def full(*_args: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(key_file.PrivateDisk, "write_private", full)
    new = Paths(tmp_path / "new" / "data", tmp_path / "new" / "state")
    with pytest.raises(EnvironmentTrouble, match="folder_not_writable"):
        restoring.restore(new, kept.backup, typed=" ".join(kept.words.words))
    assert not new.exists


# --- a power cut while files change places --------------------------------------------------------------------------


class PowerCut(Exception):
    """Nothing after this happens."""


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cut]:
    """Counts every change of the disk while files change places; raises at the one of the number that is set."""
    cut_at = [0]
    count = [0]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def act(*args: object, **more: object) -> object:
            count[0] += 1
            if count[0] == cut_at[0]:
                raise PowerCut
            return real(*args, **more)

        return act

    monkeypatch.setattr(Path, "replace", counted(Path.replace))
    monkeypatch.setattr(shutil, "copy2", counted(shutil.copy2))
    monkeypatch.setattr(shutil, "rmtree", counted(shutil.rmtree))
    monkeypatch.setattr(os, "fsync", counted(os.fsync))

    def again(number: int) -> None:
        cut_at[0], count[0] = number, 0

    yield Cut(again)
    again(0)


class Cut(NamedTuple):
    at: Callable[[int], None]


@pytest.mark.parametrize("same_key", [True, False])
def test_a_power_cut_at_every_step_leaves_one_of_the_two_whole(
    kept: Kept, steps: Cut, same_key: bool, tmp_path: Path
) -> None:
    original = tmp_path / "original"
    shutil.copytree(kept.paths.data, original)
    outcomes = set()
    for number in range(1, 60):
        shutil.rmtree(kept.paths.data)
        shutil.copytree(original, kept.paths.data)
        prepared = restoring.prepare(
            kept.paths, kept.backup, key=kept.key if same_key else None, typed=" ".join(kept.words.words)
        )
        aside = changing_places.new_aside(kept.paths)
        steps.at(number)
        try:
            changing_places.change_places(kept.paths, aside)
        except PowerCut:
            cut = True
        else:
            cut = False
        steps.at(0)
        assert prepared.head.ops
        # The next start: whoever takes the lock finishes it.
        with bootstrap.DataLock(kept.paths):
            now = kept.shown()
        assert now in (kept.before, kept.after), number
        assert not (changing_places.preparing_folder(kept.paths) / changing_places.READY).exists()
        if now == kept.before:
            assert (aside / kept.paths.database.name).exists()
            assert (aside / kept.paths.key.name).exists()
        outcomes.add(now)
        if not cut:
            break
    else:
        pytest.fail("it never came to its end")
    assert outcomes == {kept.before}, "what has begun is finished"
    assert number > 6


def test_a_note_that_was_torn_means_nothing_had_moved(kept: Kept) -> None:
    restoring.prepare(kept.paths, kept.backup, key=kept.key)
    ready = changing_places.preparing_folder(kept.paths) / changing_places.READY
    ready.write_text('{"asi')
    assert changing_places.finish_interrupted(kept.paths) is False
    assert kept.shown() == kept.after


def test_preparing_finishes_what_was_interrupted_first(kept: Kept) -> None:
    restoring.prepare(kept.paths, kept.backup, key=kept.key)
    ready = changing_places.preparing_folder(kept.paths) / changing_places.READY
    ready.write_text(json.dumps({"aside": ""}))
    for file in kept.paths.data.glob("blenddesk.db*"):
        file.unlink()
    restoring.prepare(kept.paths, kept.backup, key=kept.key)
    changing_places.discard(kept.paths)
    assert kept.shown() == kept.before


def test_a_disk_that_refuses_is_said_and_the_next_start_finishes(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = restoring.prepare(kept.paths, kept.backup, key=kept.key)

    def refuse(*_args: object) -> None:
        raise OSError(13, "held by a virus scanner")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(EnvironmentTrouble, match="folder_not_writable"):
            changing_places.change_places(kept.paths, changing_places.new_aside(kept.paths))
        lock = bootstrap.DataLock(kept.paths)
        with pytest.raises(EnvironmentTrouble, match="folder_not_writable"):
            lock.acquire()
    with bootstrap.DataLock(kept.paths):
        assert kept.shown() == kept.before
    assert prepared.head.ops


def test_refusals_of_the_words(kept: Kept, tmp_path: Path) -> None:
    new = Paths(tmp_path / "new" / "data", tmp_path / "new" / "state")
    with pytest.raises(Refusal, match="backup_needs_words"):
        restoring.prepare(new, kept.backup)
    assert not new.exists


def test_changes_that_only_a_newer_program_knows_are_counted_too() -> None:
    from collections import Counter

    assert restoring._by_name(Counter({99_999: 3, 99_998: 1})) == {restoring.UNKNOWN: 4}


def test_setting_what_is_left_aside_keeps_key_and_backups(kept: Kept) -> None:
    desk = kept.open()
    file = backups.back_up(desk).file
    bootstrap.close_device(desk)
    kept.paths.database.unlink()
    aside = changing_places.set_rest_aside(kept.paths, backups.folder_of(kept.paths))
    assert (aside / kept.paths.key.name).exists()
    assert (aside / backups.folder_of(kept.paths).name / file.name).exists()
    assert not kept.paths.key.exists()
    assert not backups.folder_of(kept.paths).exists()
    again = changing_places.set_rest_aside(kept.paths, backups.folder_of(kept.paths))
    assert again != aside
