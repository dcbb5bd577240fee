"""A student computer backs itself up and checks itself; the teacher hears of what is wrong behind the lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, joining
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.errors import EnvironmentTrouble
from blenddesk.services import backups, exchange
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, rescue, upkeep
from blenddesk.ui.kiosk.signs import KioskSheet
from blenddesk.ui.upkeep import StationCare
from tests.conftest import FakeClock
from tests.faults.damage import flip, root_page
from tests.sync.devices import WEAK
from tests.ui.kiosk.conftest import Open
from tests.ui.kiosk.driver import Driver

LONG = 20_000


@pytest.fixture
def station(desk: AppContext, section: Id, me: Id, tmp_path: Path, clock: FakeClock) -> Iterator[AppContext]:
    added = exchange.add_computer(desk, section, "Blue-1", tmp_path, strength=WEAK)
    paths = Paths(tmp_path / "blue")
    paths.data.mkdir()
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    context = bootstrap.open_device(paths, clock=clock)
    yield context
    bootstrap.close_device(context)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "SOON_MS", 50)


def care_of(driver: Driver, qtbot: QtBot) -> StationCare:
    qtbot.waitUntil(lambda: driver.window.care is not None, timeout=LONG)
    assert driver.window.care is not None
    return driver.window.care


def lines(driver: Driver) -> list[str]:
    """What the teacher's sheet says of the data, with the sheet opened and left again."""
    driver.tap("teacher")
    sheet = driver.window.findChild(KioskSheet)
    assert sheet is not None
    said = [one.text() for one in sheet.findChildren(kit.Text) if one.objectName() == "care_line"]
    driver.tap("stay_open")
    return said


def test_after_the_check_a_backup_is_made_of_what_was_done_until_then(
    open_kiosk: Open, station: AppContext, qtbot: QtBot
) -> None:
    driver = open_kiosk(context=station)
    care = care_of(driver, qtbot)
    with qtbot.waitSignal(care.upkeep.backed_up, timeout=LONG) as caught:
        care.upkeep.check_now()
    assert caught.args is not None
    assert [one.path for one in backups.own_backups(station.paths)] == [caught.args[0].file]
    assert not backups.is_due(station)
    assert lines(driver) == []
    qtbot.waitUntil(lambda: not care.upkeep.is_working, timeout=LONG)


def test_the_desks_own_student_computer_leaves_it_to_the_desk(open_kiosk: Open, me: Id, qtbot: QtBot) -> None:
    driver = open_kiosk()
    qtbot.wait(50)
    assert driver.window.care is None


def test_damage_is_told_to_the_teacher_and_spoils_no_backup(
    open_kiosk: Open, station: AppContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    repaired: list[bytes] = []
    monkeypatch.setattr(rescue, "repair", lambda _face, key: repaired.append(key))
    flip(station.paths.database, root_page(station.paths.database, station.reads.reader.key, "change"))
    driver = open_kiosk(context=station)
    driver.window.face = object()  # type: ignore[assignment]
    care = care_of(driver, qtbot)
    care.upkeep.check_now()
    qtbot.waitUntil(lambda: care.is_damaged, timeout=LONG)
    qtbot.wait(150)
    assert backups.own_backups(station.paths) == []
    assert lines(driver) == ["A part of the data on this computer's disk is damaged. What was on a stick is safe."]
    driver.tap("teacher", "teacher_repair")
    assert repaired == [station.reads.reader.key]


def test_a_backup_that_could_not_be_made_is_told_too(
    open_kiosk: Open, station: AppContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise EnvironmentTrouble("disk_full", path="")

    monkeypatch.setattr(backups, "back_up", full)
    driver = open_kiosk(context=station)
    care = care_of(driver, qtbot)
    care.upkeep.check_now()
    qtbot.waitUntil(lambda: care.trouble is not None, timeout=LONG)
    assert lines(driver)[0].startswith("No backup could be made. ")
