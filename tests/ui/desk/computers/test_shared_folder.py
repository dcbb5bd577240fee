"""The shared folder on the page, sticks that come and go, and ages in words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from blenddesk.domain.ids import Id
from blenddesk.services import exchange
from blenddesk.services import watching as use_folder
from blenddesk.services.context import AppContext
from blenddesk.ui import carry_words, watching
from blenddesk.ui.desk import window as desk_window
from blenddesk.ui.desk.computers_page import ComputersPage
from blenddesk.ui.sticks import StickField, local_mounts, removable_folders
from tests.conftest import FakeClock
from tests.sync.devices import WEAK
from tests.ui.desk.computers.pages import row_words


def test_the_shared_folder_is_chosen_paused_and_left(
    open_page: Callable[[], ComputersPage],
    desk: AppContext,
    section: Id,
    station: AppContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    for name in ("LOOK_EVERY_MS", "GO_ON_MS", "BUSY_MS", "ASK_MS"):
        monkeypatch.setattr(watching, name, 10)
    folder = tmp_path / "School share"
    folder.mkdir()
    exchange.take_to_computers(station, folder)
    page = open_page()
    card = page.watch
    assert not card.pause.isVisible()
    assert not card.end.isVisible()
    card.ask_folder = lambda _start: str(desk.paths.data)
    card.choose.click()
    assert "its own data" in card.status.text()
    card.ask_folder = lambda _start: ""
    card.choose.click()
    assert desk.settings.watched_folder == ""
    card.ask_folder = lambda _start: str(folder)
    card.choose.click()
    qtbot.waitUntil(lambda: "from Blue-1. Last written today" in card.status.text(), timeout=10_000)
    assert card.name.text() == "Shared folder: School share"
    assert len(desk.reads.entries.of_section(section)) == 3
    qtbot.waitUntil(lambda: any("Last home today" in words for words in row_words(page)), timeout=5_000)
    card.pause.click()
    assert card.status.text() == "Paused. Nothing is read or written."
    assert card.pause.words() == "Go on"
    card.pause.click()
    qtbot.waitUntil(lambda: "Last written" in card.status.text(), timeout=10_000)
    card.end.click()
    assert (desk.settings.watched_folder, card.name.text()) == ("", "Shared folder")
    assert len(list(folder.glob("*.bdx"))) == 4, "what is there stays"


def test_a_desk_that_has_a_folder_looks_from_its_start(desk: AppContext, section: Id, tmp_path: Path) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    use_folder.choose_folder(desk, folder)
    window = desk_window.DeskWindow(desk, section=section)
    window.show()
    QTest.qWait(50)
    assert "watching" in vars(window)
    assert not window.is_working()
    window.close()
    window.session.bus.close()
    window.deleteLater()


def test_a_stick_that_is_put_in_is_chosen(desk: AppContext, tmp_path: Path, stick: Path, qtbot: QtBot) -> None:
    kept = tmp_path / "folder"
    kept.mkdir()
    field = StickField(desk)
    qtbot.addWidget(field)
    found: list[tuple[Path, str]] = []
    field.find_sticks = lambda: list(found)
    field.look_again()
    assert field.folder() is None
    field.ask_folder = lambda _start: str(kept)
    field.other.click()
    assert field.folder() == kept
    found.append((stick, "BLUE"))
    field.look_again()
    assert field.folder() == stick
    found.clear()
    field.look_again()
    assert field.folder() == kept


@pytest.mark.skipif(sys.platform != "linux", reason="there is no such file elsewhere")
def test_network_folders_are_not_asked() -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /media/ada/BLUE\\040STICK vfat rw,nosuid 0 0\n"
        "server:/school /mnt/school nfs4 rw 0 0\n//nas/x /media/nas cifs rw 0 0\nodd\n"
    )
    assert local_mounts(mounts) == ["/media/ada/BLUE STICK"]
    assert isinstance(removable_folders(), list)


def test_ages_are_in_words(clock: FakeClock) -> None:
    now = clock.wall_ms()
    clock.advance(minutes=30)
    assert carry_words.when_words(clock, now).startswith("today ")
    clock.advance(minutes=24 * 60)
    assert carry_words.when_words(clock, now).startswith("Monday ")
    clock.advance(minutes=8 * 24 * 60)
    assert carry_words.when_words(clock, now) == "23 November"
    blue = exchange.ComputerStatus("Blue-1", "station", "certified", now, None, 3)
    assert carry_words.home_words(clock, blue) == ("Last home 23 November, 9 days ago", "warn")
    assert carry_words.knows_words(clock, blue) == "Has none of your changes yet"


@pytest.mark.parametrize(
    ("days", "never_home", "waiting"),
    [
        (0, "Not home yet", ("Waits for its file and the five words", "dim")),
        (1, "Not home yet, 1 day", ("Waits for its file and the five words, 1 day", "dim")),
        (3, "Not home yet, 3 days", ("Waits for its file and the five words, 3 days", "warn")),
    ],
)
def test_who_never_came_home_has_an_age(
    desk: AppContext, section: Id, stick: Path, clock: FakeClock, days: int, never_home: str, waiting: tuple[str, str]
) -> None:
    exchange.add_computer(desk, section, "Blue-5", stick, strength=WEAK)
    clock.advance(minutes=days * 24 * 60)
    [blue] = exchange.who_is_home(desk, section)
    assert carry_words.home_words(clock, blue) == waiting
    assert carry_words.home_words(clock, blue._replace(standing="certified")) == (never_home, "warn")
    assert carry_words.home_words(clock, blue._replace(standing="certified", added_ms=None))[0] == "Not home yet"
