"""The shared folder through the use cases: choosing it, pausing, and what a look changes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from blenddesk import bootstrap, joining
from blenddesk.config import Paths, load_settings
from blenddesk.domain.entries import By
from blenddesk.domain.ids import Id
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.messages import change_sentence
from blenddesk.services import entries, exchange, history, plans, watching
from blenddesk.services.context import AppContext
from tests.conftest import FakeClock
from tests.sync.devices import WEAK


def isolated_away(words: str) -> str:
    """Without the marks that keep a name's reading direction."""
    return words.translate({0x2068: None, 0x2069: None})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shared"
    made.mkdir()
    return made


def test_the_folder_is_remembered_paused_and_forgotten(desk: AppContext, folder: Path) -> None:
    watching.choose_folder(desk, folder)
    watching.pause(desk, paused=True)
    kept = load_settings(desk.paths.settings)
    assert (kept.watched_folder, kept.watch_paused) == (str(folder), True)
    assert kept.watched_mount in [str(place) for place in folder.resolve().parents]
    watching.choose_folder(desk, folder)
    assert not desk.settings.watch_paused, "who chooses wants it to go on"
    watching.forget_folder(desk)
    assert load_settings(desk.paths.settings).watched_folder == ""


def test_a_folder_that_is_not_there_is_not_chosen(desk: AppContext, folder: Path) -> None:
    with pytest.raises(EnvironmentTrouble, match="folder_missing"):
        watching.choose_folder(desk, folder / "gone")
    assert desk.settings.watched_folder == ""


def test_our_own_data_is_never_shared(desk: AppContext) -> None:
    (desk.paths.data / "inside").mkdir()
    for place in (desk.paths.data, desk.paths.data / "inside", desk.paths.data / "inside" / ".."):
        with pytest.raises(Refusal, match="folder_is_data"):
            watching.choose_folder(desk, place)


def test_two_computers_meet_in_the_folder(
    desk: AppContext, section: Id, folder: Path, tmp_path: Path, clock: FakeClock
) -> None:
    made = plans.new_plan(desk, section, "station-4", seed=1)
    plans.mark_ready(desk, section, made.plan)
    added = exchange.add_computer(desk, section, "Blue-1", folder, strength=WEAK)
    paths = Paths(tmp_path / "blue-1")
    paths.data.mkdir()
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    station = bootstrap.open_device(paths, clock=clock)
    for context in (desk, station):
        watching.choose_folder(context, folder)
    sheet = station.reads.plans.sheet(section, made.plan)
    assert sheet is not None
    student = station.reads.people.students(section)[0]
    entries.add_entry(station, section, student.id, made.plan, sheet.blocks[0].id, growth=2, by=By.STUDENT)
    seen, change = watching.look(watching.watcher(station), lambda: False)
    assert (len(seen.parcels), change.is_empty) == (1, True)
    seen, change = watching.look(watching.watcher(desk), lambda: False)
    assert change.label == "folder_read"
    assert {"entry", "announcement"} <= change.kinds
    assert len(desk.reads.entries.of_section(section)) == 1
    assert [one.last_home_ms for one in exchange.who_is_home(desk, section)] == [clock.wall_ms()]
    line = history.change(desk, change.change_id)
    said = change_sentence(line.label, line.args, partial(history.name_of, desk))
    assert isolated_away(said) == "Work from Blue-1 came by itself, from the shared folder."
    history.undo(desk, change.change_id)
    assert desk.reads.entries.of_section(section) == []
    bootstrap.close_device(station)
