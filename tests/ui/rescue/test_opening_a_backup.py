"""Opening a backup from the desk: a preview first, then nothing is thrown away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, restoring
from blenddesk.config import Paths
from blenddesk.services import backups, classes, protection
from blenddesk.ui.app import Face
from blenddesk.ui.rescue import PackagesSheet
from blenddesk.ui.restore_sheet import RestoreSheet, preview_lines
from tests.conftest import FakeClock, FakeRandomness, fill_class
from tests.sync.devices import WEAK
from tests.ui.access import complaints
from tests.ui.clipping import clipped
from tests.ui.rescue.ways_back import LONG, Desk, card, desk_of, press, started


def opened_sheet(face: Face, qtbot: QtBot) -> RestoreSheet:
    page = card(started(face, qtbot))
    page.backup.open_backup.click()
    sheet = page.backup.sheet
    assert isinstance(sheet, RestoreSheet)
    return sheet


def test_a_backup_is_looked_at_first_and_says_what_would_change(face: Face, made: Desk, qtbot: QtBot) -> None:
    sheet = opened_sheet(face, qtbot)
    assert sheet.files.chosen() == str(made.backup)
    assert not sheet.five.isVisible()
    press(sheet)
    qtbot.waitUntil(lambda: sheet.preview.isVisible(), timeout=LONG)
    said = " ".join((sheet.preview.findChild(type(sheet.text), "") is not None and lines(sheet)) or [])
    assert "8 students" in said
    assert "1 change made here. They are kept aside" in said
    assert "Sunflowers" in said
    assert clipped(sheet) == []
    assert complaints(sheet) == []
    sheet.close_sheet()
    assert not (made.paths.data / "restoring").exists()
    assert "AfterCanary" in made.note()


def lines(sheet: RestoreSheet) -> list[str]:
    items = (sheet.preview.body.itemAt(index) for index in range(sheet.preview.body.count()))
    return [item.widget().text() for item in items if item is not None]  # type: ignore[union-attr]


def test_putting_it_back_keeps_all_and_offers_what_it_lacks(face: Face, made: Desk, qtbot: QtBot) -> None:
    sheet = opened_sheet(face, qtbot)
    press(sheet)
    qtbot.waitUntil(lambda: sheet.preview.isVisible(), timeout=LONG)
    press(sheet)
    qtbot.waitUntil(lambda: face.window is not None and face.window.findChild(PackagesSheet) is not None, timeout=LONG)
    window = desk_of(face)
    packages = window.findChild(PackagesSheet)
    assert packages is not None
    assert "in place" in packages.title.text()
    assert len(packages.looks) == 1
    assert face.context is not None
    rows = face.context.reads.reader.rows("SELECT count(*) FROM profile_desk WHERE note IS NOT NULL")
    assert rows == [(0,)]
    packages.looks[0].click()
    from blenddesk.ui.carry import Carrier

    carrier = window.findChild(Carrier)
    assert carrier is not None
    qtbot.waitUntil(lambda: carrier.sheet is not None, timeout=LONG)


def test_words_are_asked_for_when_the_key_does_not_open_it(
    face: Face, made: Desk, tmp_path: Path, clock: FakeClock, qtbot: QtBot
) -> None:
    other = bootstrap.create_device(Paths(tmp_path / "other"), role="desk", name="Mr Sow", clock=clock)
    classes.found_desk(other, "Mr Sow")
    fill_class(other, 3)
    stick = tmp_path / "stick"
    stick.mkdir()
    saved = backups.save_backup(other, stick, strength=WEAK)
    sheet_words = protection.draw_sheet(FakeRandomness(5), "en", WEAK)
    protection.set_sheet(other.paths, other.reads.reader.key, sheet_words)
    sealed = backups.save_backup(other, stick, strength=WEAK)
    bootstrap.close_device(other)
    sheet = opened_sheet(face, qtbot)
    sheet.choose_file(saved.file)
    press(sheet)
    qtbot.waitUntil(lambda: sheet.five.isVisible(), timeout=LONG)
    assert not sheet.ten.isVisible()
    press(sheet)
    assert not sheet.trouble.isVisible()  # the first empty field has the keys
    for field, word in zip(sheet.five.fields, reversed(saved.words), strict=True):
        field.setText(word)
    press(sheet)
    qtbot.waitUntil(lambda: sheet.trouble.isVisible(), timeout=LONG)
    assert "do not open" in sheet.trouble.label.text()
    sheet.choose_file(sealed.file)
    press(sheet)
    qtbot.waitUntil(lambda: sheet.ten.isVisible(), timeout=LONG)
    assert not sheet.five.isVisible()
    for field, word in zip(sheet.ten.fields, sheet_words.words, strict=True):
        field.setText(word)
    press(sheet)
    qtbot.waitUntil(lambda: sheet.preview.isVisible(), timeout=LONG)
    assert "3 students" in " ".join(lines(sheet))
    assert clipped(sheet) == []
    sheet.choose_file(made.backup)
    assert not sheet.preview.isVisible()
    sheet.close_sheet()


def test_nothing_chosen_and_nothing_found(themed_app: QApplication, tmp_path: Path, made: Desk, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QWidget

    from blenddesk.ui.tasks import TaskRunner

    host = QWidget()
    host.resize(1024, 600)
    host.show()
    sheet = RestoreSheet(host, TaskRunner(host), Paths(tmp_path / "none"), lambda _made: None, places=[])
    sheet.open()
    press(sheet)
    assert sheet.file_row.note.text() == "Choose the backup first."
    (tmp_path / "x.bdbackup").write_bytes(b"nonsense")
    sheet.choose_file(tmp_path / "x.bdbackup")
    sheet.look_for_files()
    assert sheet.files.chosen() == str(tmp_path / "x.bdbackup")
    for field, word in zip(sheet.five.fields, ["orange", "river", "apple", "table", "window"], strict=True):
        field.setText(word)
    press(sheet)
    qtbot.waitUntil(lambda: sheet.trouble.isVisible(), timeout=LONG)
    assert "not a BlendDesk backup" in sheet.trouble.label.text()
    sheet.close_sheet()
    host.close()


def test_the_preview_in_other_cases(made: Desk) -> None:
    prepared = restoring.prepare(made.paths, made.backup, key=made.key)
    from collections import Counter

    same = prepared._replace(difference=restoring.Difference(Counter(), Counter()))
    assert "nothing else" in preview_lines(same)[-1]
    more = prepared._replace(difference=restoring.Difference(Counter(), Counter(entry=3)))
    assert preview_lines(more)[-1] == "3 changes in it are not here."
    unknown = prepared._replace(difference=None)
    assert len(preview_lines(unknown)) == 3
