"""A power cut or a refusing disk while files change places."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from blenddesk import bootstrap, changing_places, restoring
from blenddesk.config import Paths
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.services import backups
from tests.restoring.kept import Kept


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
