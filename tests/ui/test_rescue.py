"""Ways back in the windows: opening a backup with a preview, putting damage right, and what the desk does by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, restoring
from blenddesk.config import Paths
from blenddesk.errors import EnvironmentTrouble
from blenddesk.services import backups, classes, profiles, protection, selfcheck
from blenddesk.services.selfcheck import Health
from blenddesk.storage.selfcheck import Finding
from blenddesk.ui import kit, rescue, upkeep
from blenddesk.ui.app import Face
from blenddesk.ui.desk.backup_card import SecondPlaceSheet
from blenddesk.ui.desk.settings_page import SettingsPage
from blenddesk.ui.desk.upkeep import Caretaker
from blenddesk.ui.desk.window import DeskWindow
from blenddesk.ui.rescue import PackagesSheet, RescueWindow
from blenddesk.ui.restore_sheet import RestoreSheet, preview_lines
from blenddesk.ui.welcome import WelcomeWindow
from tests.conftest import FakeClock, FakeRandomness, fill_class
from tests.faults.damage import flip, root_page
from tests.sync.devices import WEAK
from tests.ui.access import complaints
from tests.ui.clipping import clipped

LONG = 20_000


class Desk:
    """A desk with a class of eight and a backup, closed."""

    def __init__(self, paths: Paths, clock: FakeClock) -> None:
        self.paths, self.clock = paths, clock
        context = bootstrap.create_device(paths, role="desk", name="Ms Okoro", clock=clock)
        classes.found_desk(context, "Ms Okoro")
        self.section = fill_class(context, 8)
        self.key = context.reads.reader.key
        self.backup = backups.back_up(context).file
        self.students = [one.id for one in context.reads.people.students(self.section)]
        profiles.set_note(context, self.students[0], "AfterCanary")
        bootstrap.close_device(context)

    def note(self) -> str:
        context = bootstrap.open_device(self.paths)
        found = context.reads.reader.rows("SELECT note FROM profile_desk WHERE note IS NOT NULL")
        bootstrap.close_device(context)
        return str(found)


@pytest.fixture
def made(tmp_path: Path, clock: FakeClock) -> Desk:
    return Desk(Paths(tmp_path / "desk"), clock)


@pytest.fixture
def face(themed_app: QApplication, made: Desk, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Face]:
    monkeypatch.setattr(rescue, "removable_folders", list)
    running = Face(themed_app, made.paths)
    yield running
    if running.window is not None:
        for toast in running.window.findChildren(kit.Toast):
            toast.close_now()
        running.window.close()
    running.close()


def desk_of(face: Face) -> DeskWindow:
    assert isinstance(face.window, DeskWindow)
    return face.window


def started(face: Face, qtbot: QtBot) -> DeskWindow:
    face.start()
    window = desk_of(face)
    qtbot.waitUntil(lambda: window.caretaker is not None, timeout=LONG)
    return window


def card(window: DeskWindow) -> SettingsPage:
    page = window.open_page("settings")
    assert isinstance(page, SettingsPage)
    page.refresh()
    return page


def press(sheet: RestoreSheet) -> None:
    sheet.go.click()


# --- opening a backup from the desk ---------------------------------------------------------------------------------


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


# --- what the preview says ------------------------------------------------------------------------------------------


def test_the_preview_in_other_cases(made: Desk) -> None:
    prepared = restoring.prepare(made.paths, made.backup, key=made.key)
    from collections import Counter

    same = prepared._replace(difference=restoring.Difference(Counter(), Counter()))
    assert "nothing else" in preview_lines(same)[-1]
    more = prepared._replace(difference=restoring.Difference(Counter(), Counter(entry=3)))
    assert preview_lines(more)[-1] == "3 changes in it are not here."
    unknown = prepared._replace(difference=None)
    assert len(preview_lines(unknown)) == 3


# --- when nothing can be opened -------------------------------------------------------------------------------------


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


def said(face: Face) -> str:
    toasts = face.window.findChildren(kit.Toast) if face.window is not None else []
    return toasts[-1].message() if toasts else ""


# --- what the desk does by itself -----------------------------------------------------------------------------------


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


# --- the second place -----------------------------------------------------------------------------------------------


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
