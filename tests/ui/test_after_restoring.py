"""After a backup was put back, every package nearby is read in again: in one press, or by the shared folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, joining
from blenddesk.config import Paths, load_settings, save_settings
from blenddesk.domain.entries import By
from blenddesk.domain.ids import Id
from blenddesk.services import backups, classes, entries, exchange, plans, profiles
from blenddesk.services import watching as use_folder
from blenddesk.ui import kit, rescue, watching
from blenddesk.ui.app import Face
from blenddesk.ui.carry import Carrier
from blenddesk.ui.desk.window import DeskWindow
from blenddesk.ui.rescue import PackagesSheet
from blenddesk.ui.tasks import Progress
from blenddesk.ui.welcome import WelcomeWindow
from tests.conftest import FakeClock, fill_class
from tests.sync.devices import WEAK

LONG = 20_000


class School:
    """A desk and its backup, work that came after it from Blue-1 (in ``share``) and here, and nothing open."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.paths, self.share = Paths(folder / "desk"), folder / "SHARE"
        self.share.mkdir()
        desk = bootstrap.create_device(self.paths, role="desk", name="Ms Okoro", clock=clock)
        classes.found_desk(desk, "Ms Okoro")
        self.section = fill_class(desk, 4)
        plan = plans.new_plan(desk, self.section, "station-4", seed=1)
        plans.mark_ready(desk, self.section, plan.plan)
        added = exchange.add_computer(desk, self.section, "Blue-1", folder, strength=WEAK)
        blue = Paths(folder / "blue")
        blue.data.mkdir()
        joining.open_seat(blue, added.file.read_bytes(), " ".join(added.words), clock=clock)
        station = bootstrap.open_device(blue, clock=clock)
        self.own = backups.back_up(desk).file
        self.saved = backups.save_backup(desk, self.share, strength=WEAK)
        sheet = station.reads.plans.sheet(self.section, plan.plan)
        assert sheet is not None
        for student in station.reads.people.students(self.section)[:3]:
            entries.add_entry(station, self.section, student.id, plan.plan, sheet.blocks[0].id, growth=3, by=By.STUDENT)
        exchange.take_to_computers(station, self.share)
        bootstrap.close_device(station)
        profiles.set_note(desk, desk.reads.people.students(self.section)[0].id, "Canary")
        bootstrap.close_device(desk)


@pytest.fixture
def school(tmp_path: Path, clock: FakeClock) -> School:
    return School(tmp_path, clock)


@pytest.fixture
def face(themed_app: QApplication, school: School, monkeypatch: pytest.MonkeyPatch) -> Iterator[Face]:
    monkeypatch.setattr(rescue, "removable_folders", list)
    running = Face(themed_app, school.paths)
    yield running
    if running.window is not None:
        for toast in running.window.findChildren(kit.Toast):
            toast.close_now()
        running.window.close()
    running.close()


def restore(face: Face, school: School, qtbot: QtBot) -> None:
    """Puts the backup of this computer back as the sheet does."""
    from blenddesk import restoring

    face.start()
    qtbot.waitUntil(lambda: isinstance(face.window, DeskWindow) and face.window.caretaker is not None, timeout=LONG)
    assert face.context is not None
    key = face.context.reads.reader.key
    prepared = restoring.prepare(school.paths, school.own, key=key)
    before = face.window
    rescue.put_back(face, prepared, key)
    qtbot.waitUntil(lambda: isinstance(face.window, DeskWindow) and face.window is not before, timeout=LONG)


def held(face: Face, section: Id) -> tuple[int, int]:
    """(entries of students, notes of the teacher) that the desk shows now."""
    assert face.context is not None
    notes = face.context.reads.reader.rows("SELECT count(*) FROM profile_desk WHERE note IS NOT NULL")
    return len(face.context.reads.entries.of_section(section)), notes[0][0]


def press(root: QWidget | None, name: str) -> None:
    assert root is not None
    button = root.findChild(kit.Button, name)
    assert button is not None, name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_all_that_lies_nearby_is_read_in_one_press_and_undone_in_one(face: Face, school: School, qtbot: QtBot) -> None:
    save_settings(school.paths.settings, load_settings(school.paths.settings)._replace(last_folder=str(school.share)))
    restore(face, school, qtbot)
    qtbot.waitUntil(lambda: face.window is not None and face.window.findChild(PackagesSheet) is not None, timeout=LONG)
    assert held(face, school.section) == (0, 0)
    window = face.window
    assert isinstance(window, DeskWindow)
    packages = window.findChild(PackagesSheet)
    assert packages is not None
    assert [look.accessibleName() for look in packages.looks] == [
        "Look at it: What was on this computer before",
        "Look at it: The folder SHARE",
    ]
    counted: list[tuple[int, int]] = []
    report = Progress.__call__

    def count(progress: Progress, done: int, total: int) -> None:
        counted.append((done, total))
        report(progress, done, total)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Progress, "__call__", count)
        press(packages, "packages_all")
        carrier = window.findChild(Carrier)
        assert carrier is not None
        qtbot.waitUntil(lambda: carrier.sheet is not None, timeout=LONG)
        press(carrier.sheet, "bring_now")
        qtbot.waitUntil(lambda: held(face, school.section) == (3, 1), timeout=LONG)
    assert counted[-1][0] == counted[-1][1] > 0, "bytes of all the files, to the last"

    def undo() -> list[QAbstractButton]:
        buttons = window.findChildren(QAbstractButton)
        return [one for one in buttons if one.objectName() == "toast_undo" and one.isVisible()]

    qtbot.waitUntil(lambda: bool(undo()), timeout=LONG)
    QTest.mouseClick(undo()[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: held(face, school.section) == (0, 0), timeout=LONG)


def test_the_shared_folder_is_read_again_by_itself(
    face: Face, school: School, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOOK_EVERY_MS", "GO_ON_MS", "BUSY_MS", "ASK_MS"):
        monkeypatch.setattr(watching, name, 10)
    desk = bootstrap.open_device(school.paths)
    use_folder.choose_folder(desk, school.share)
    found = use_folder.watcher(desk)
    while not desk.reads.entries.of_section(school.section):
        found.look()
    bootstrap.close_device(desk)
    restore(face, school, qtbot)
    # Nobody presses anything: what the restored database does not remember to have read is new to it.
    qtbot.waitUntil(lambda: held(face, school.section)[0] == 3, timeout=LONG)
    assert face.window is not None
    packages = face.window.findChild(PackagesSheet)
    assert packages is not None
    assert [look.accessibleName() for look in packages.looks] == ["Look at it: What was on this computer before"]


def test_on_a_new_computer_the_files_beside_the_backup_are_offered(
    themed_app: QApplication, school: School, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescue, "removable_folders", list)
    face = Face(themed_app, Paths(tmp_path / "new"))
    face.start()
    assert isinstance(face.window, WelcomeWindow)
    sheet = face.window.open_backup()
    sheet.choose_file(school.saved.file)
    for field, word in zip(sheet.five.fields, school.saved.words, strict=True):
        field.setText(word)
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sheet.preview.isVisible(), timeout=LONG)
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: face.window is not None and face.window.findChild(PackagesSheet) is not None, timeout=LONG)
    assert face.window is not None
    packages = face.window.findChild(PackagesSheet)
    assert packages is not None
    assert "in place" in packages.title.text()
    press(packages, "packages_all")
    carrier = face.window.findChild(Carrier)
    assert carrier is not None
    qtbot.waitUntil(lambda: carrier.sheet is not None, timeout=LONG)
    press(carrier.sheet, "bring_now")
    qtbot.waitUntil(lambda: held(face, school.section)[0] == 3, timeout=LONG)
    for toast in face.window.findChildren(kit.Toast):
        toast.close_now()
    face.window.close()
    face.close()
