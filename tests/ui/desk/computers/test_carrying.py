"""Adding a student computer, taking work out, bringing it home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.services import exchange
from blenddesk.services.context import AppContext
from blenddesk.sync.volume_carrier import VolumeResult
from blenddesk.ui import carry_words, kit
from blenddesk.ui.desk.computers_add import AddComputerSheet, WordsSheet
from blenddesk.ui.desk.computers_page import ComputersPage
from tests.sync.devices import WEAK
from tests.ui.desk.computers.pages import row_words


def said(page: ComputersPage) -> str:
    return page.session.window.toast.message()


def test_without_a_computer_the_page_says_what_one_is_for(open_page: Callable[[], ComputersPage]) -> None:
    page = open_page()
    assert page.empty.isVisible()
    assert not page.add.isVisible()
    assert page.add_first.isEnabled()


def test_adding_a_computer_shows_five_words_once(
    open_page: Callable[[], ComputersPage], desk: AppContext, section: Id, stick: Path, qtbot: QtBot
) -> None:
    page = open_page()
    page.add_first.click()
    sheet = page.window().findChild(AddComputerSheet)
    assert sheet is not None
    assert sheet.name.text() == "Blue-1"
    sheet.sticks.find_sticks = page.sticks.find_sticks
    sheet.sticks.look_again()
    QTest.keyClick(sheet.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.words_sheet is not None and sheet.words_sheet.isVisible(), timeout=10_000)
    shown = sheet.words_sheet
    assert isinstance(shown, WordsSheet)
    words = [label.text() for label in shown.words]
    assert len(words) == 5
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert shown.isVisible()
    [file] = stick.glob("Blue-1-*.bdseat")
    assert any(file.name in label.text() for label in shown.findChildren(kit.Text))
    QTest.keyClick(shown.done, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(page._rows), timeout=5_000)
    assert row_words(page) == ["Blue-1, Waits for its file and the five words"]
    assert page._free_name(section) == "Blue-2"


def test_a_name_that_is_taken_is_said_beside_the_field(
    open_page: Callable[[], ComputersPage], desk: AppContext, section: Id, stick: Path, qtbot: QtBot
) -> None:
    exchange.add_computer(desk, section, "Blue-1", stick, strength=WEAK)
    page = open_page()
    sheet = page.open_add()
    assert sheet is not None
    sheet.sticks.find_sticks = page.sticks.find_sticks
    sheet.sticks.look_again()
    sheet.name.setText("blue-1")
    sheet.add.click()
    qtbot.waitUntil(lambda: "named blue-1" in sheet.name_row.note.text(), timeout=10_000)
    assert sheet.isVisible()
    sheet.close_sheet()


def test_work_is_shown_first_then_brought_home_and_undone(
    open_page: Callable[[], ComputersPage], desk: AppContext, section: Id, station: AppContext, qtbot: QtBot
) -> None:
    page = open_page()
    page.bring.click()
    qtbot.waitUntil(lambda: page.carrier.sheet is not None, timeout=10_000)
    sheet = page.carrier.sheet
    assert sheet is not None
    lines = [label.text() for label in sheet.body.parentWidget().findChildren(kit.Text)]
    assert "3 new entries of what was done" in lines
    assert "3 answers to “How did it go?”" in lines
    assert "From Blue-1" in lines
    assert "0 need you, 0 removed" in lines
    assert desk.reads.entries.of_section(section) == []
    read = sheet.findChild(kit.Button, "bring_now")
    assert QApplication.focusWidget() is read
    QTest.keyClick(read, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: said(page) == "3 new entries are home from Blue-1.", timeout=10_000)
    assert len(desk.reads.entries.of_section(section)) == 3
    qtbot.waitUntil(lambda: any("Last home today" in words for words in row_words(page)), timeout=5_000)
    toast = page.session.window.toast
    toast.focus_undo()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: desk.reads.entries.of_section(section) == [], timeout=5_000)
    assert said(page) == "Undone. The stick still has all of it."


def test_you_can_take_the_stick_is_said_when_it_is_true(
    open_page: Callable[[], ComputersPage], station: AppContext, stick: Path, qtbot: QtBot
) -> None:
    page = open_page()
    before = set(stick.glob("*.bdx"))
    page.take.click()
    assert "take the stick" not in said(page)
    qtbot.waitUntil(lambda: said(page).endswith("You can take the stick."), timeout=10_000)
    assert set(stick.glob("*.bdx")) > before
    assert page.session.context.settings.last_folder == str(stick)


def test_a_stick_that_is_pulled_is_told_in_words(
    open_page: Callable[[], ComputersPage], station: AppContext, stick: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    page = open_page()
    folder = tmp_path / "gone"
    page.carrier.take(folder)
    qtbot.waitUntil(lambda: said(page).startswith("There is no folder"), timeout=10_000)


def test_nothing_new_is_said_without_a_question(
    open_page: Callable[[], ComputersPage], desk: AppContext, station: AppContext, stick: Path, qtbot: QtBot
) -> None:
    exchange.bring_home(desk, [stick])
    page = open_page()
    page.bring.click()
    qtbot.waitUntil(lambda: said(page) == "Nothing new. All of it was here already.", timeout=10_000)
    qtbot.waitUntil(lambda: not page.session.window.tasks.is_busy, timeout=10_000)
    assert page.carrier.sheet is None


def test_a_damaged_file_with_pictures_is_said_after_reading() -> None:
    damaged = VolumeResult(Path("BLUE/blue-1.bdv"), "refused", "segment_damaged")
    foreign = VolumeResult(Path("BLUE/green-2.bdv"), "set_aside", "not_for_us")
    good = VolumeResult(Path("BLUE/blue-2.bdv"), "taken", None, "Blue-2", 2)
    home = exchange.Home((), ChangeSet(0, "package_read"), volumes=(damaged, foreign, good))
    [sentence] = carry_words.trouble_lines(home)
    assert "blue-1.bdv" in sentence
    assert carry_words.done_words(home, at_desk=True) == f"2 pictures of work are home. {sentence}"
    assert carry_words.trouble_lines(home._replace(volumes=(foreign, good))) == []
