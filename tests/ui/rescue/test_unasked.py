"""What the desk does for its data by itself: self-check, backups, one line, and a second place."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk.errors import EnvironmentTrouble
from blenddesk.services import backups, selfcheck
from blenddesk.services.selfcheck import Health
from blenddesk.storage.selfcheck import Finding
from blenddesk.ui import kit, upkeep
from blenddesk.ui.app import Face
from blenddesk.ui.desk.backup_card import SecondPlaceSheet
from blenddesk.ui.desk.upkeep import Caretaker
from blenddesk.ui.desk.window import DeskWindow
from tests.faults.damage import flip, root_page
from tests.ui.clipping import clipped
from tests.ui.rescue.ways_back import LONG, Desk, card, desk_of, started


def caretaker(window: DeskWindow) -> Caretaker:
    assert window.caretaker is not None
    return window.caretaker


def test_a_damaged_page_is_said_on_the_desk_and_put_right_there(face: Face, made: Desk, qtbot: QtBot) -> None:
    flip(made.paths.database, root_page(made.paths.database, made.key, "change"))
    window = started(face, qtbot)
    care = caretaker(window)
    care.upkeep.check_now()
    qtbot.waitUntil(lambda: care.line is not None, timeout=LONG)
    assert care.line is not None
    assert "damaged" in care.line.label.text()
    assert care.line.isVisible()
    button = care.line.findChild(kit.Button, "upkeep_repair")
    assert button is not None
    button.click()
    qtbot.waitUntil(lambda: isinstance(face.window, DeskWindow) and face.window is not window, timeout=LONG)
    again = started_again(face, qtbot)
    care = caretaker(again)
    with qtbot.waitSignal(care.upkeep.checked, timeout=LONG) as caught:
        care.upkeep.check_now()
    assert caught.args is not None
    assert caught.args[0].findings == ()


def started_again(face: Face, qtbot: QtBot) -> DeskWindow:
    window = desk_of(face)
    qtbot.waitUntil(lambda: window.caretaker is not None, timeout=LONG)
    return window


def test_a_backup_every_hour_if_there_is_anything_new(face: Face, made: Desk, qtbot: QtBot) -> None:
    care = caretaker(started(face, qtbot))
    assert care.upkeep.is_backup_due()
    with qtbot.waitSignal(care.upkeep.backed_up, timeout=LONG) as caught:
        care.upkeep.back_up_now()
    assert caught.args is not None
    assert caught.args[0].file.exists()
    qtbot.waitUntil(lambda: not care.is_working, timeout=LONG)
    assert not care.upkeep.is_backup_due()
    care.upkeep.back_up_now()
    qtbot.waitUntil(lambda: not care.is_working, timeout=LONG)
    assert len(backups.own_backups(made.paths)) == 2


class ByAPerson(QCloseEvent):
    def spontaneous(self) -> bool:
        return True


def test_a_backup_at_the_end(face: Face, made: Desk, qtbot: QtBot) -> None:
    window = started(face, qtbot)
    event = ByAPerson()
    window.closeEvent(event)
    assert not event.isAccepted()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)
    assert len(backups.own_backups(made.paths)) == 2


def test_nothing_new_closes_at_once(face: Face, made: Desk, qtbot: QtBot) -> None:
    window = started(face, qtbot)
    assert face.context is not None
    backups.back_up(face.context)
    event = ByAPerson()
    window.closeEvent(event)
    assert event.isAccepted()


def test_closing_twice_wants_no_backup(face: Face, made: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = started(face, qtbot)

    def slow(_context: object, *, progress: object) -> None:
        for step in range(10_000):
            progress(step, 10_000)  # type: ignore[operator]
            QApplication.instance().thread().msleep(1)  # type: ignore[union-attr]

    monkeypatch.setattr(backups, "back_up", slow)
    window.closeEvent(ByAPerson())
    second = ByAPerson()
    window.closeEvent(second)
    assert not second.isAccepted()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)


@pytest.mark.parametrize(
    ("health", "said"),
    [
        (Health((Finding("changes_missing", {}),)), "A few changes are missing"),
        (Health((Finding("chain_broken", {}),)), "is damaged"),
        (Health((), True), "made anew"),
        (Health((), False, (Path("x"),)), "put aside"),
        (EnvironmentTrouble("database_unreadable", path=""), "is damaged"),
    ],
)
def test_every_finding_is_one_line(face: Face, qtbot: QtBot, health: object, said: str) -> None:
    window = started(face, qtbot)
    care = caretaker(window)
    care.upkeep.checked.emit(health)
    assert care.line is not None
    assert said in care.line.label.text()
    assert window.stack.isVisible()
    qtbot.waitUntil(lambda: not care.is_working, timeout=LONG)


def test_a_sound_desk_says_nothing_and_a_place_long_away_one_quiet_line(
    face: Face, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    care = caretaker(started(face, qtbot))
    care.upkeep.checked.emit(Health())
    assert line_of(care) is None
    monkeypatch.setattr(backups, "second_place", lambda _ctx: backups.SecondPlace(Path("/media/STICK"), 6))
    care.upkeep.checked.emit(Health())
    line = line_of(care)
    assert line is not None
    assert "No backup on STICK for 6 days" in line.label.text()


def line_of(care: Caretaker) -> kit.Banner | None:
    return care.line


def test_a_backup_that_fails_says_why(face: Face, qtbot: QtBot) -> None:
    care = caretaker(started(face, qtbot))
    care.upkeep.backed_up.emit(EnvironmentTrouble("disk_full", path=""))
    assert care.line is not None
    assert "The disk is full" in care.line.label.text()


def test_the_check_gives_way_to_longer_work(face: Face, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = started(face, qtbot)
    care = caretaker(window)
    calls: list[int] = []
    monkeypatch.setattr(selfcheck, "check", lambda _ctx: calls.append(1))
    monkeypatch.setattr(care.upkeep, "_is_busy", lambda: True)
    care.upkeep.check_now()
    care.upkeep.back_up_now()
    assert calls == []
    assert not care.is_working


def test_a_mistake_of_ours_in_the_thread_is_noted_and_no_more(
    face: Face, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    care = caretaker(started(face, qtbot))
    noted: list[BaseException] = []
    monkeypatch.setattr(upkeep, "log_crash", noted.append)

    def wrong(_ctx: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(selfcheck, "check", wrong)
    care.upkeep.check_now()
    qtbot.waitUntil(lambda: bool(noted), timeout=LONG)


def test_a_second_place_is_chosen_and_taken_away(face: Face, qtbot: QtBot, tmp_path: Path) -> None:
    window = started(face, qtbot)
    page = card(window)
    assert "only" in page.backup.place.text()
    stick = tmp_path / "STICK"
    stick.mkdir()
    page.backup.second.click()
    sheet = page.backup.sheet
    assert isinstance(sheet, SecondPlaceSheet)
    sheet.sticks.find_sticks = list
    sheet.choose.click()
    assert "Put a stick in" in sheet.row.note.text()
    sheet.sticks.choose(window.session.context.paths.data)
    sheet.choose.click()
    assert "lost together" in sheet.row.note.text()
    shown: SecondPlaceSheet = sheet
    qtbot.waitUntil(lambda: clipped(shown) == [], timeout=LONG)
    sheet.sticks.choose(stick)
    sheet.choose.click()
    assert page.backup.place.text() == "Backups are made by themselves, here and on STICK."
    qtbot.waitUntil(lambda: bool(list(stick.iterdir())), timeout=LONG)
    page.backup.second.click()
    sheet = page.backup.sheet
    assert isinstance(sheet, SecondPlaceSheet)
    sheet.none.click()
    assert "only" in page.backup.place.text()
