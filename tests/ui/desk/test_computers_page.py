"""The student computers page: adding one, taking work out, bringing it home, sticks, and who is home."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, joining, text
from blenddesk.config import Paths
from blenddesk.domain.entries import By
from blenddesk.domain.ids import Id
from blenddesk.services import entries, exchange, plans
from blenddesk.services import watching as use_folder
from blenddesk.services.context import AppContext
from blenddesk.sync.watching import Look
from blenddesk.ui import carry_words, kit, theme, watching
from blenddesk.ui.carry import CarrySheet
from blenddesk.ui.desk import window as desk_window
from blenddesk.ui.desk.computers_add import AddComputerSheet, WordsSheet
from blenddesk.ui.desk.computers_page import ComputersPage
from blenddesk.ui.sticks import StickField, local_mounts, removable_folders
from blenddesk.ui.watch_card import WatchSheet
from tests.conftest import FakeClock
from tests.sync.devices import WEAK
from tests.ui.clipping import clipped


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "STICK"
    folder.mkdir()
    return folder


@pytest.fixture
def window(
    desk: AppContext, section: Id, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> Iterator[desk_window.DeskWindow]:
    """The desk's window with this page first, so that nothing else is built."""
    word, icon, place = desk_window.PAGES["computers"]
    monkeypatch.setitem(desk_window.PAGES, "today", (word, icon, place))
    made = desk_window.DeskWindow(desk, section=section)
    qtbot.addWidget(made)
    yield made
    made.toast.close_now()
    made.close()


@pytest.fixture
def open_page(window: desk_window.DeskWindow, stick: Path, qtbot: QtBot) -> Callable[[], ComputersPage]:
    def show() -> ComputersPage:
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        page = window.open_page("computers")
        assert isinstance(page, ComputersPage)
        page.sticks.find_sticks = lambda: [(stick, "BLUE")]
        page.sticks.look_again()
        return page

    return show


@pytest.fixture
def station(desk: AppContext, section: Id, stick: Path, tmp_path: Path, clock: FakeClock) -> Iterator[AppContext]:
    """Blue-1 with three entries, on the stick already."""
    made = plans.new_plan(desk, section, "station-4", seed=1)
    plans.mark_ready(desk, section, made.plan)
    added = exchange.add_computer(desk, section, "Blue-1", stick, strength=WEAK)
    paths = Paths(tmp_path / "blue")
    paths.data.mkdir()
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    context = bootstrap.open_device(paths, clock=clock)
    sheet = context.reads.plans.sheet(section, made.plan)
    assert sheet is not None
    for student in context.reads.people.students(section)[:3]:
        entries.add_entry(context, section, student.id, made.plan, sheet.blocks[0].id, growth=3, by=By.STUDENT)
    exchange.take_to_computers(context, stick)
    yield context
    bootstrap.close_device(context)


def said(page: ComputersPage) -> str:
    return page.session.window.toast.message()


def row_words(page: ComputersPage) -> list[str]:
    return [row.accessibleName() for row in page._rows.values()]


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


# --- the shared folder ----------------------------------------------------------------------------------------------


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


# --- sticks ---------------------------------------------------------------------------------------------------------


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


# --- words ----------------------------------------------------------------------------------------------------------


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


def check_fits(widget: QWidget) -> None:
    """Layouts that follow from their width, and scroll bars that take some of it, need a few turns to settle."""
    for _turn in range(40):
        QTest.qWait(25)
        if not clipped(widget):
            break
    assert clipped(widget) == []


# --- every screen ---------------------------------------------------------------------------------------------------


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
