"""What the program offers when the data cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk import restoring
from blenddesk.config import Paths
from blenddesk.errors import EnvironmentTrouble
from blenddesk.services import backups
from blenddesk.ui import kit, rescue
from blenddesk.ui.app import Face
from blenddesk.ui.desk.window import DeskWindow
from blenddesk.ui.rescue import RescueWindow
from blenddesk.ui.restore_sheet import RestoreSheet
from blenddesk.ui.welcome import WelcomeWindow
from tests.faults.damage import flip
from tests.ui.access import complaints
from tests.ui.clipping import clipped
from tests.ui.rescue.ways_back import LONG, Desk, press, said


def test_a_database_that_cannot_be_opened_is_put_right(face: Face, made: Desk, qtbot: QtBot) -> None:
    flip(made.paths.database, 1)
    face.start()
    window = face.window
    assert isinstance(window, RescueWindow)
    assert window.repair.isVisible()
    assert not window.start_new.isVisible()
    assert clipped(window) == []
    assert complaints(window) == []
    window.repair.click()
    qtbot.waitUntil(lambda: isinstance(face.window, DeskWindow), timeout=LONG)
    assert face.context is not None
    assert len(face.context.reads.people.students(made.section)) == 8


def test_a_deleted_database_is_not_taken_for_a_new_computer(face: Face, made: Desk, qtbot: QtBot) -> None:
    made.paths.database.unlink()
    face.start()
    window = face.window
    assert isinstance(window, RescueWindow)
    window.open_backup.click()
    sheet = window.findChild(RestoreSheet)
    assert sheet is not None
    assert sheet.files.chosen() == str(made.backup)
    press(sheet)
    qtbot.waitUntil(lambda: sheet.preview.isVisible(), timeout=LONG)
    press(sheet)
    qtbot.waitUntil(lambda: isinstance(face.window, DeskWindow), timeout=LONG)


def test_a_lost_database_that_cannot_be_put_right_is_still_lost(face: Face, made: Desk, qtbot: QtBot) -> None:
    made.paths.database.unlink()
    made.backup.write_bytes(made.backup.read_bytes()[:-1])
    face.start()
    window = face.window
    assert isinstance(window, RescueWindow)
    window.repair.click()
    qtbot.waitUntil(lambda: isinstance(face.window, RescueWindow) and face.window is not window, timeout=LONG)


def test_what_came_of_a_repair_in_words() -> None:
    whole = restoring.Repaired(0, None, True, None)
    assert rescue.repaired_words(whole).endswith("Nothing is missing.")
    assert "may be missing" in rescue.repaired_words(whole._replace(whole=False))


def test_a_folder_that_cannot_be_cleared_is_said(
    face: Face, made: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.paths.database.unlink()
    face.start()
    window = face.window
    assert isinstance(window, RescueWindow)

    def held(*_args: object) -> Path:
        raise EnvironmentTrouble("folder_not_writable", path="x")

    monkeypatch.setattr(rescue, "set_rest_aside", held)
    window.start_new.click()
    assert face.window is window
    toast = window.findChild(kit.Toast)
    assert toast is not None
    assert "cannot be written" in toast.message()


def test_one_may_start_new_and_what_is_left_is_kept(face: Face, made: Desk, qtbot: QtBot) -> None:
    made.paths.database.unlink()
    face.start()
    window = face.window
    assert isinstance(window, RescueWindow)
    assert window.start_new.isVisible()
    window.start_new.click()
    assert isinstance(face.window, WelcomeWindow)
    assert not made.paths.key.exists()
    (aside,) = (made.paths.data / "kept-aside").iterdir()
    assert (aside / "backups" / made.backup.name).exists()


def test_without_key_only_a_backup_helps(face: Face, made: Desk, qtbot: QtBot) -> None:
    made.paths.key.unlink()
    face.start()
    window = face.window
    assert isinstance(window, RescueWindow)
    assert not window.repair.isVisible()
    assert window.open_backup.isVisible()


def test_an_empty_folder_is_a_new_computer(themed_app: QApplication, tmp_path: Path) -> None:
    running = Face(themed_app, Paths(tmp_path / "new"))
    running.start()
    assert isinstance(running.window, WelcomeWindow)
    running.window.close()
    running.close()


def test_a_repair_that_is_impossible_leaves_everything(face: Face, made: Desk, qtbot: QtBot) -> None:
    for file in backups.folder_of(made.paths).iterdir():
        file.unlink()
    flip(made.paths.database, 1)
    damaged = made.paths.database.read_bytes()
    face.start()
    window = face.window
    assert isinstance(window, RescueWindow)
    window.repair.click()
    qtbot.waitUntil(lambda: isinstance(face.window, RescueWindow) and face.window is not window, timeout=LONG)
    assert made.paths.database.read_bytes() == damaged
    qtbot.waitUntil(lambda: said(face) != "", timeout=LONG)
    assert "Too little of the class data can be read" in said(face)
