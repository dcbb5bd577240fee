"""The page of the computers at every size, by keys, and the same sheet on a student computer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.services import exchange
from blenddesk.services import watching as use_folder
from blenddesk.services.context import AppContext
from blenddesk.sync.watching import Look
from blenddesk.ui import kit, theme
from blenddesk.ui.carry import CarrySheet
from blenddesk.ui.desk import window as desk_window
from blenddesk.ui.desk.computers_add import WordsSheet
from blenddesk.ui.desk.computers_page import ComputersPage
from blenddesk.ui.watch_card import WatchSheet
from tests.sync.devices import WEAK
from tests.ui.clipping import clipped


def check_fits(widget: QWidget) -> None:
    """Layouts that follow from their width, and scroll bars that take some of it, need a few turns to settle."""
    for _turn in range(40):
        QTest.qWait(25)
        if not clipped(widget):
            break
    assert clipped(widget) == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", [(1366, 705), (1280, 680)])
def test_nothing_is_clipped_with_large_text(
    window: desk_window.DeskWindow,
    open_page: Callable[[], ComputersPage],
    desk: AppContext,
    section: Id,
    stick: Path,
    station: AppContext,
    themed_app: QApplication,
    tmp_path: Path,
    language: str,
    size: tuple[int, int],
) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=1.3, language=language)
    exchange.add_computer(desk, section, "Computer beside the window", stick, strength=WEAK)
    window.resize(*size)
    folder = tmp_path / "A folder with a long name on the network of the school"
    folder.mkdir()
    use_folder.choose_folder(desk, folder)
    use_folder.pause(desk, paused=True)
    page = open_page()
    check_fits(page)
    use_folder.pause(desk, paused=False)
    window.watching.stop()
    for seen in (
        Look(trouble="stick_read_only"),
        Look(last_read_ms=1, last_read_from="Computer beside the window", last_written_ms=1, unread=2),
    ):
        window.watching.seen = seen
        window.watching.changed.emit()
        check_fits(page)
    sheet = page.open_add()
    assert sheet is not None
    sheet.sticks.find_sticks = page.sticks.find_sticks
    sheet.sticks.look_again()
    check_fits(sheet)
    sheet.close_sheet()
    added = exchange.AddedComputer(stick / "Blue-1-abcdefghij.bdseat", ("abandon",) * 5, "Blue-1", None)  # type: ignore[arg-type]
    words = WordsSheet(window.session, added)
    words.open()
    check_fits(words)
    words.close_sheet()
    carry = CarrySheet(window, desk, window.tasks)
    carry.open()
    carry.say("2 classes are on the stick, checked. You can take the stick.", lambda: None)
    check_fits(carry)
    carry.close_sheet()
    shared = WatchSheet(window, desk, window.watching)
    shared.open()
    window.watching.changed.emit()
    check_fits(shared)
    shared.close_sheet()


def test_every_control_has_a_name_and_is_reached_by_keys(
    open_page: Callable[[], ComputersPage], station: AppContext
) -> None:
    page = open_page()
    for widget in page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            face = QAccessible.queryAccessibleInterface(widget)
            assert face.text(QAccessible.Text.Name), widget
    reached = set()
    page.add.setFocus(Qt.FocusReason.TabFocusReason)
    for _step in range(12):
        reached.add(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert {page.add, page.sticks.choice, page.sticks.other, page.take, page.bring, page.watch.choose} <= reached


def test_a_student_computer_carries_with_the_same_sheet(
    station: AppContext, desk: AppContext, section: Id, stick: Path, qtbot: QtBot
) -> None:
    from blenddesk.ui.tasks import TaskRunner

    exchange.bring_home(desk, [stick])
    exchange.take_to_computers(desk, stick)
    host = QWidget()
    host.resize(1280, 680)
    qtbot.addWidget(host)
    with qtbot.waitActive(host):
        host.show()
        host.activateWindow()
    sheet = CarrySheet(host, station, TaskRunner(host))
    sheet.sticks.find_sticks = lambda: [(stick, "BLUE")]
    sheet.open()
    sheet.bring.click()
    qtbot.waitUntil(lambda: sheet.carrier.sheet is not None, timeout=10_000)
    question = sheet.carrier.sheet
    assert question is not None
    assert question.title.text() == "Bring in what is new"
    read = question.findChild(kit.Button, "bring_now")
    assert read is not None
    read.click()
    qtbot.waitUntil(lambda: "came in from Ms Okoro" in sheet.said.label.text(), timeout=10_000)
    sheet.take.click()
    qtbot.waitUntil(lambda: sheet.said.label.text().endswith("You can take the stick."), timeout=10_000)
    sheet.close_sheet()
