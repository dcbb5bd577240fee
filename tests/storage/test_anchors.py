"""A copied, moved or restored database is noticed before it writes; one that merely goes on is left alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.services import classes
from blenddesk.services.context import AppContext
from blenddesk.storage import anchors
from blenddesk.storage.streams import decode_genesis


@pytest.fixture
def place(tmp_path: Path) -> Paths:
    """A desk with one class, closed."""
    paths = Paths(tmp_path / "desk", tmp_path / "state")
    context = bootstrap.create_device(paths, role="desk", name="Ms Okoro")
    context.run(classes.found_desk, "Ms Okoro")
    context.run(classes.create_class, "4B")
    bootstrap.close_device(context)
    return paths


def visit(paths: Paths, do: Callable[[AppContext], object] = lambda _context: None) -> bytes:
    """Opens the desk, does something, closes it; the epoch it had."""
    context = bootstrap.open_device(paths)
    try:
        do(context)
        return context.ledger.epoch
    finally:
        bootstrap.close_device(context)


def add_class(context: AppContext) -> None:
    context.run(classes.create_class, "5A")


def copy_of(paths: Paths, name: str) -> Paths:
    shutil.copytree(paths.data, paths.data.with_name(name))
    return Paths(paths.data.with_name(name), paths.state)


def test_a_database_that_goes_on_keeps_its_life(place: Paths) -> None:
    epochs = {visit(place), visit(place, add_class), visit(place)}
    assert len(epochs) == 1


def test_what_a_crash_kept_from_the_second_place_is_no_new_life(place: Paths) -> None:
    """The database may be ahead of what was written down, never behind."""
    file = next((place.state or place.data).iterdir())
    before = file.read_bytes()
    epoch = visit(place, add_class)
    file.write_bytes(before)
    assert visit(place) == epoch


def test_an_old_copy_put_back_begins_a_new_life(place: Paths) -> None:
    old = copy_of(place, "old")
    epoch = visit(place, add_class)
    shutil.rmtree(place.data)
    old.data.rename(place.data)
    assert visit(place) != epoch


def test_a_copy_beside_the_original_begins_a_new_life_once_and_the_original_goes_on(place: Paths) -> None:
    epoch = visit(place)
    copy = copy_of(place, "copy")
    other = visit(copy)
    assert other != epoch
    assert visit(place) == epoch
    assert visit(copy) == other
    assert visit(place, add_class) == epoch


def test_a_folder_that_was_moved_goes_on(place: Paths) -> None:
    epoch = visit(place)
    moved = Paths(place.data.with_name("moved"), place.state)
    place.data.rename(moved.data)
    assert visit(moved) == epoch
    assert visit(moved, add_class) == epoch


def test_another_computer_with_the_same_disk_begins_a_new_life(place: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Imaged: the file came along with the database, the network card did not."""
    epoch = visit(place)
    monkeypatch.setattr(anchors, "_card_addresses", lambda: ["02:00:00:00:00:01"])
    other = visit(place)
    assert other != epoch
    assert visit(place) == other


@pytest.mark.parametrize(
    "damage", ["gone", "{", '{"format": 1, "lives": 3}', '{"format": 1, "lives": {"x": {}}}', "[]"]
)
def test_without_the_second_place_nobody_can_know_and_a_new_life_begins(place: Paths, damage: str) -> None:
    epoch = visit(place)
    file = next((place.state or place.data).iterdir())
    if damage == "gone":
        file.unlink()
    else:
        file.write_text(damage, encoding="utf-8")
    other = visit(place)
    assert other != epoch
    assert visit(place) == other


def test_a_state_folder_that_cannot_be_written_costs_the_notice_and_nothing_else(
    place: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    epoch = visit(place)
    blocked = place.data.with_name("blocked")
    blocked.write_text("not a folder", encoding="utf-8")
    other = visit(Paths(place.data, blocked), add_class)
    assert other != epoch, "it was written down once, and here nothing is known of it"
    assert "cannot be written" in caplog.text
    assert len(_names(place)) == 2


def _names(paths: Paths) -> list[str]:
    found: list[str] = []
    visit(paths, lambda context: found.extend(section.name for section in context.reads.sections.all()))
    return found


def test_a_new_life_continues_the_streams_of_the_old(place: Paths) -> None:
    (place.state or place.data).rename(place.data.with_name("elsewhere"))
    visit(place, lambda context: context.run(classes.edit_class, context.reads.sections.all()[0].id, name="4C"))

    def look(context: AppContext) -> None:
        with context.ledger.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT stream_id, genesis, epoch FROM stream").all()
        known = {bytes(row.stream_id) for row in rows}
        continued = [decode_genesis(bytes(row.genesis)).continues for row in rows]
        assert len({bytes(row.epoch) for row in rows}) == 2
        assert any(one in known for one in continued)

    visit(place, look)


def test_the_file_says_nothing_of_the_class_or_the_computer(place: Paths) -> None:
    file = next((place.state or place.data).iterdir())
    life = json.loads(file.read_text(encoding="utf-8"))["lives"][str(place.data.resolve())]
    assert set(life) == {"epoch", "machine", "heads"}
    for number in (*anchors._system_numbers(), *anchors._card_addresses()):
        assert number not in file.read_text(encoding="utf-8")
