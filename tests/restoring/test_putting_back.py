"""Putting a backup back: a new life, nothing thrown away, keys of newer classes, data that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from blenddesk import bootstrap, changing_places, class_keys, restoring
from blenddesk.config import Paths
from blenddesk.services import backups, classes, exchange, protection
from blenddesk.storage.database import Database
from tests.conftest import FakeClock, FakeRandomness
from tests.faults.damage import flip, root_page
from tests.restoring.kept import WEAK, Kept, shown


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
