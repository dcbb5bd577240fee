"""A locked desk: what opens it, what stays open beside it, what is left of its keys, and when it locks by itself."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, text
from blenddesk.config import Paths, Settings, load_settings, save_settings
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.services import classes, live, plans, profiles, protection
from blenddesk.ui import kit, theme
from blenddesk.ui.app import Face
from blenddesk.ui.desk.protect_sheet import ProtectSheet
from blenddesk.ui.desk.today import TodayPage
from blenddesk.ui.desk.window import DeskWindow
from blenddesk.ui.lock_window import LockWindow
from blenddesk.ui.locker import IdleWatch, Locker
from blenddesk.ui.phrase_sheet import PhraseSheet
from tests.conftest import FakeClock, FakeRandomness, fill_class
from tests.sync.devices import WEAK
from tests.ui.access import complaints
from tests.ui.clipping import clipped

PHRASE = "sunflowers in the rain"
DAY = "2026-11-23"


class School:
    """A desk with a class of eight and a lesson on Monday; the words of its sheet."""

    def __init__(self, paths: Paths, clock: FakeClock) -> None:
        self.paths, self.clock = paths, clock
        randomness = FakeRandomness(5)
        context = bootstrap.create_device(paths, role="desk", name="Ms Okoro", clock=clock)
        classes.found_desk(context, "Ms Okoro")
        self.section = fill_class(context, 8)
        self.plan = plans.new_plan(context, self.section, "station-4", day=DAY, start_minute=510, seed=3).plan
        plans.mark_ready(context, self.section, self.plan)
        self.key = context.reads.reader.key
        bootstrap.close_device(context)
        self.sheet = protection.draw_sheet(randomness, "en", WEAK)

    def protect(self) -> None:
        protection.set_phrase(self.paths, self.key, PHRASE, FakeRandomness(6), sheet=self.sheet, strength=WEAK)


@pytest.fixture
def school(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> School:
    made = School(Paths(tmp_path / "desk"), clock)
    monkeypatch.setattr(bootstrap, "SystemClock", lambda: clock)
    monkeypatch.setattr("blenddesk.domain.ports.SystemClock", lambda: clock)
    return made


@pytest.fixture
def face(themed_app: QApplication, school: School) -> Iterator[Face]:
    made = Face(themed_app, school.paths)
    yield made
    if made.context is not None and isinstance(made.window, DeskWindow):
        made.window.toast.close_now()
    made.close()
    if made.window is not None:
        made.window.close()
        made.window.deleteLater()


def lock_of(face: Face) -> LockWindow:
    assert isinstance(face.window, LockWindow)
    return face.window


def desk_of(face: Face) -> DeskWindow:
    assert isinstance(face.window, DeskWindow)
    return face.window


def locker_of(face: Face, qtbot: QtBot) -> Locker:
    qtbot.waitUntil(lambda: desk_of(face).locker is not None)
    locker = desk_of(face).locker
    assert locker is not None
    return locker


def type_phrase(window: LockWindow, phrase: str, qtbot: QtBot) -> None:
    window.phrase.line.setText(phrase)
    window.try_phrase()
    qtbot.waitUntil(lambda: not window.tasks.is_busy)


def open_desk(face: Face, school: School, qtbot: QtBot) -> Locker:
    """The desk, unlocked from its first window on."""
    school.protect()
    face.start()
    type_phrase(lock_of(face), PHRASE, qtbot)
    return locker_of(face, qtbot)


# --- the first window ---------------------------------------------------------------------------------------------


def test_a_desk_with_a_phrase_begins_with_its_lock(face: Face, school: School, qtbot: QtBot) -> None:
    school.protect()
    face.start()
    window = lock_of(face)
    assert face.context is None
    type_phrase(window, "not this one", qtbot)
    assert face.window is window
    assert "not the pass phrase" in window.row.note.text()
    assert window.phrase.text() == ""
    assert not window.go.isEnabled()
    assert window.go.words() == "Wait 1 s"
    window.phrase.line.setText(PHRASE)
    window.try_phrase()
    assert not window.tasks.is_busy, "it waits"
    school.clock.advance(seconds=1)
    qtbot.waitUntil(window.go.isEnabled)
    type_phrase(window, PHRASE, qtbot)
    assert desk_of(face).isVisible()
    assert face.context is not None


def test_an_empty_phrase_costs_no_try(face: Face, school: School) -> None:
    school.protect()
    face.start()
    lock_of(face).go.click()
    assert lock_of(face).row.note.text() == "Type the pass phrase first."
    assert not school.paths.wrong_tries.exists()


def test_the_recovery_words_open_it_and_a_new_phrase_is_chosen(face: Face, school: School, qtbot: QtBot) -> None:
    school.protect()
    face.start()
    window = lock_of(face)
    window.forgot.click()
    typed = [*school.sheet.words]
    typed[2] = "zebra"
    window.words.fields[0].setFocus()
    QTest.keyClicks(window.words.fields[0], " ".join(typed))
    window.words.fields[0].textEdited.emit(" ".join(typed))
    window.open_words.click()
    qtbot.waitUntil(lambda: not window.tasks.is_busy)
    assert school.sheet.words[2] in " ".join(label.text() for label in window.words_trouble.findChildren(kit.Text))
    window.words.fields[2].setText(school.sheet.words[2])
    window.words.entered.emit()
    qtbot.waitUntil(lambda: isinstance(face.window, DeskWindow))
    locker_of(face, qtbot)
    qtbot.waitUntil(lambda: desk_of(face).findChild(ProtectSheet) is not None)
    sheet = desk_of(face).findChild(ProtectSheet)
    assert sheet.title.text() == "Choose a new pass phrase"
    sheet.close_sheet()


def test_words_that_are_missing_or_unknown_are_pointed_at(face: Face, school: School) -> None:
    school.protect()
    face.start()
    window = lock_of(face)
    window.ask_words()
    window.words.fields[0].setText("abandom")
    window.words.fields[1].setText("qqqq")
    window.try_words()
    assert not window.tasks.is_busy
    assert window.words.fields[0].accessibleDescription().startswith("Did you mean")
    assert window.words.fields[1].accessibleDescription() == "Not on the list. Read it again."
    window.back.click()
    assert window.stack.currentIndex() == 0


def test_where_the_account_is_gone_the_words_are_the_only_way(
    face: Face, school: School, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    protection.set_sheet(school.paths, school.key, school.sheet)
    lines = school.paths.key.read_text().split("\n")
    school.paths.key.write_text("\n".join(["dpapi:00ff", *lines[1:]]))
    face.start()
    window = lock_of(face)
    assert window.stack.currentIndex() == 1
    assert not window.back.isVisible()
    assert "account" in " ".join(label.text() for label in window.findChildren(kit.Text))
    for field, word in zip(window.words.fields, school.sheet.words, strict=True):
        field.setText(word)
    window.try_words()
    qtbot.waitUntil(lambda: isinstance(face.window, DeskWindow))


def test_without_a_sheet_that_is_said_in_words(face: Face, school: School) -> None:
    school.paths.key.write_text("dpapi:00ff")
    face.start()
    assert not isinstance(face.window, LockWindow | DeskWindow)
    assert "recovery sheet or a backup" in face.window.state.accessibleDescription() + face.window.state.text.text()


def test_a_right_phrase_for_a_broken_database_is_told(face: Face, school: School, qtbot: QtBot) -> None:
    school.protect()
    school.paths.database.write_bytes(b"\0" * 8192)
    face.start()
    type_phrase(lock_of(face), PHRASE, qtbot)
    assert not isinstance(face.window, LockWindow | DeskWindow)


def test_closing_the_lock_ends_the_program_even_while_it_works(face: Face, school: School) -> None:
    school.protect()
    face.start()
    window = lock_of(face)
    window.phrase.line.setText(PHRASE)
    window.try_phrase()
    window.close()
    assert not window.isVisible()
    assert not window.tasks.is_busy


# --- locking an open desk -----------------------------------------------------------------------------------------


def test_ctrl_l_locks_and_the_phrase_brings_the_desk_back_as_it_was(face: Face, school: School, qtbot: QtBot) -> None:
    locker = open_desk(face, school, qtbot)
    desk = desk_of(face)
    page = desk.open_page("settings")
    assert desk.rail.findChild(kit.PaintedButton, "lock_now").isVisible()
    QTest.keyClick(desk, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert locker.is_locked
    assert not desk.isVisible()
    window = locker.window
    assert window is not None
    assert window.isVisible()
    assert desk.session.context.reads.reader.is_locked
    type_phrase(window, "wrong phrase", qtbot)
    assert locker.is_locked
    school.clock.advance(seconds=1)
    type_phrase(window, PHRASE, qtbot)
    assert not locker.is_locked
    assert desk.isVisible()
    assert desk.stack.currentWidget() is page
    context = desk.session.context
    student = context.reads.people.students(school.section)[0]
    desk.session.do(profiles.set_note, student.id, "after it")
    assert context.ledger.device_id


def test_nothing_that_opens_the_data_is_left_in_memory(face: Face, school: School, qtbot: QtBot) -> None:
    locker = open_desk(face, school, qtbot)
    assert face.context is not None
    desk_of(face).watching.start()
    left = [weakref.ref(one) for one in (face.context.keys, face.context.ledger, face.context.ledger.database)]
    key = face.context.reads.reader.key
    assert gc.get_referrers(key)
    gc.freeze()
    locker.lock()
    assert face.context.reads.reader.is_locked
    assert [one() for one in left] == [None, None, None]
    assert gc.get_referrers(key) == []
    for ask in (lambda: face.context.ledger, lambda: face.context.reads.sections.all()):  # type: ignore[union-attr]
        with pytest.raises(Refusal, match="locked"):
            ask()


@pytest.mark.parametrize("page", ["today", "class", "plan", "goals", "computers", "room", "history", "settings"])
def test_no_page_asks_for_data_behind_the_lock(
    face: Face, school: School, page: str, qtbot: QtBot, capture_nothing: None
) -> None:
    locker = open_desk(face, school, qtbot)
    desk_of(face).open_page(page)
    QApplication.processEvents()
    locker.lock()
    QTest.qWait(60)
    assert locker.window is not None
    type_phrase(locker.window, PHRASE, qtbot)
    QApplication.processEvents()
    assert desk_of(face).isVisible()


@pytest.fixture
def capture_nothing(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question to the locked data would be shown as a toast: here it fails."""

    def fail(_kind: object, error: BaseException, _trace: object) -> None:
        raise AssertionError(f"asked behind the lock: {error!r}")

    monkeypatch.setattr(face, "_on_crash", fail)


def test_without_a_phrase_there_is_nothing_to_lock(face: Face, school: School, qtbot: QtBot) -> None:
    face.start()
    desk = desk_of(face)
    QTest.qWait(50)
    assert desk.locker is None
    desk.lock_now()
    assert desk.isVisible()
    assert "Settings" in desk.toast.message()
    assert desk.rail.findChild(kit.PaintedButton, "lock_now") is None
    school.protect()
    desk.refresh_lock(face)
    desk.lock_now()
    assert not desk.isVisible()
    assert desk.locker is not None
    before = desk.locker.window
    assert before is not None
    type_phrase(before, PHRASE, qtbot)
    protection.remove_phrase(school.paths, school.key)
    desk.refresh_lock(face)
    desk.lock_now()
    assert desk.isVisible()
    assert not desk.rail.findChild(kit.PaintedButton, "lock_now").isVisible()


def test_another_look_does_not_ask_for_the_phrase_again(face: Face, school: School, qtbot: QtBot) -> None:
    open_desk(face, school, qtbot)
    face.relook()
    assert isinstance(face.window, DeskWindow)
    assert locker_of(face, qtbot).is_protected


def test_data_that_cannot_be_opened_again_stays_locked_and_says_so(
    face: Face, school: School, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    locker = open_desk(face, school, qtbot)
    locker.lock()

    def broken(*_args: object) -> None:
        raise EnvironmentTrouble("disk_full", path="")

    monkeypatch.setattr(bootstrap, "unlock_device", broken)
    assert locker.window is not None
    type_phrase(locker.window, PHRASE, qtbot)
    assert locker.is_locked
    assert "disk is full" in locker.window.row.note.text()


def test_a_sheet_about_the_phrase_does_not_wait_behind_the_lock(face: Face, school: School, qtbot: QtBot) -> None:
    locker = open_desk(face, school, qtbot)
    ProtectSheet(desk_of(face).session, "forgot", strength=WEAK).open()
    locker.lock()
    qtbot.waitUntil(lambda: desk_of(face).findChild(ProtectSheet) is None)


def test_menus_and_dialogues_do_not_float_over_the_lock(face: Face, school: School, qtbot: QtBot) -> None:
    locker = open_desk(face, school, qtbot)
    desk = desk_of(face)
    dialogue = QDialog(desk)
    dialogue.setModal(True)
    dialogue.show()
    menu = QMenu(desk)
    menu.addAction("x")
    menu.popup(desk.mapToGlobal(desk.rect().center()))
    assert QApplication.activePopupWidget() is menu
    locker.lock()
    assert not menu.isVisible()
    assert not dialogue.isVisible()


def test_what_is_half_typed_is_kept_by_its_field(face: Face, school: School, qtbot: QtBot) -> None:
    locker = open_desk(face, school, qtbot)
    desk = desk_of(face)
    field = kit.TextField(parent=desk)
    field.show()
    kept: list[str] = []
    field.editingFinished.connect(lambda: kept.append(field.text()))
    desk.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "half")
    locker.lock()
    assert kept[:1] == ["half"]


def test_work_under_way_keeps_the_data_open_until_it_ends(face: Face, school: School, qtbot: QtBot) -> None:
    locker = open_desk(face, school, qtbot)
    go = threading.Event()
    desk_of(face).tasks.start("Long", lambda _progress: go.wait(5), done=lambda _: None, failed=lambda _: None)
    locker.lock()
    assert face.context is not None
    assert not face.context.reads.reader.is_locked
    go.set()
    qtbot.waitUntil(lambda: face.context.reads.reader.is_locked, timeout=4_000)  # type: ignore[union-attr]
    locker.lock()


def test_words_on_the_lock_of_an_open_desk_ask_for_a_new_phrase(face: Face, school: School, qtbot: QtBot) -> None:
    locker = open_desk(face, school, qtbot)
    locker.lock()
    window = locker.window
    assert window is not None
    window.ask_words()
    for field, word in zip(window.words.fields, school.sheet.words, strict=True):
        field.setText(word)
    window.try_words()
    qtbot.waitUntil(lambda: desk_of(face).findChild(ProtectSheet) is not None)
    locker.unlock(school.key)
    desk_of(face).findChild(ProtectSheet).close_sheet()


def test_closing_the_program_from_the_lock_leaves_it_in_order(face: Face, school: School, qtbot: QtBot) -> None:
    locker = open_desk(face, school, qtbot)
    locker.lock()
    face.close()
    context = bootstrap.open_device(school.paths, key=school.key)
    assert len(context.reads.sections.all()) == 1
    bootstrap.close_device(context)


# --- beside a running lesson --------------------------------------------------------------------------------------


def start_lesson(face: Face, school: School, qtbot: QtBot) -> TodayPage:
    today = desk_of(face).open_page("today")
    assert isinstance(today, TodayPage)
    desk_of(face).session.quietly(live.start_lesson, school.section, school.plan)
    QApplication.processEvents()
    today.refresh()
    return today


def test_a_running_lesson_shows_its_time_on_the_lock_and_nobody_s_name(
    face: Face, school: School, qtbot: QtBot
) -> None:
    locker = open_desk(face, school, qtbot)
    start_lesson(face, school, qtbot)
    locker.lock()
    window = locker.window
    assert window is not None
    assert face.context is not None
    assert face.context.reads.reader.is_locked, "the time needs no data"
    assert window.lesson.text().endswith("left to start")
    before = window.lesson.text()
    school.clock.advance(seconds=7)
    qtbot.waitUntil(lambda: window.lesson.text() != before)
    shown = " ".join(label.text() for label in window.findChildren(kit.Text))
    assert "Amina" not in shown
    school.clock.advance(minutes=600)
    type_phrase(window, PHRASE, qtbot)


def test_behind_a_student_s_window_the_lock_keeps_its_own_language(face: Face, school: School, qtbot: QtBot) -> None:
    locker = open_desk(face, school, qtbot)
    start_lesson(face, school, qtbot)
    locker.lock()
    window = locker.window
    assert window is not None
    before = window.lesson.text()
    text.use_language("es")
    school.clock.advance(seconds=7)
    qtbot.waitUntil(lambda: window.lesson.text() != before)
    assert window.lesson.text().endswith("left to start")
    assert window.go.words() == "Open"
    text.use_language("en")


def test_the_board_stays_and_the_lesson_goes_on_there(face: Face, school: School, qtbot: QtBot) -> None:
    locker = open_desk(face, school, qtbot)
    today = start_lesson(face, school, qtbot)
    today.open_board()
    board = today.windows().board
    assert board is not None
    locker.lock()
    assert locker.is_locked
    assert board.isVisible()
    assert face.context is not None
    assert not face.context.reads.reader.is_locked, "the board needs the data"
    step = board.state().step  # type: ignore[union-attr]
    board._next()
    assert board.state().step > step  # type: ignore[union-attr]
    window = locker.window
    assert window is not None
    qtbot.waitUntil(lambda: "round 1" in window.lesson.text())
    window.close()
    assert locker.is_locked, "the lock is put aside, not away, while the board is open"
    board.close()
    qtbot.waitUntil(lambda: face.context.reads.reader.is_locked, timeout=3_000)  # type: ignore[union-attr]
    window.showNormal()
    type_phrase(window, PHRASE, qtbot)
    assert desk_of(face).isVisible()


def test_the_student_computer_on_this_laptop_is_left_with_the_phrase_only(
    face: Face, school: School, qtbot: QtBot
) -> None:
    locker = open_desk(face, school, qtbot)
    today = start_lesson(face, school, qtbot)
    today.open_student_computer()
    student = today.windows().student_computer
    assert student is not None
    assert locker.is_locked
    assert not desk_of(face).isVisible()
    student.close()
    assert student.isVisible()
    asked = student.findChild(PhraseSheet)
    asked.phrase.line.setText("abracadabra")
    asked.go.click()
    qtbot.waitUntil(lambda: not asked.tasks.is_busy)
    assert "not the pass phrase" in asked.row.note.text()
    assert complaints(asked) == []
    asked.close_sheet()
    student.close_asked.emit()
    (asked,) = [one for one in student.findChildren(PhraseSheet) if one.isVisible()]
    school.clock.advance(seconds=2)
    asked.go.click()
    assert asked.row.note.text() == "Type the pass phrase first."
    asked.phrase.line.setText(PHRASE)
    asked.phrase.entered.emit()
    qtbot.waitUntil(lambda: today.windows().student_computer is None)
    assert not locker.is_locked
    assert desk_of(face).isVisible()


def test_the_key_that_flips_comes_to_the_lock_and_locks_again(face: Face, school: School, qtbot: QtBot) -> None:
    locker = open_desk(face, school, qtbot)
    today = start_lesson(face, school, qtbot)
    today.open_student_computer()
    windows = today.windows()
    assert windows.windows()[0] is locker.window
    assert locker.window is not None
    type_phrase(locker.window, PHRASE, qtbot)
    assert windows.windows()[0] is desk_of(face)
    desk_of(face).activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is desk_of(face))
    desk_of(face).flip_windows()
    assert locker.is_locked, "the desk behind a student computer is locked again"
    assert locker.window is not None
    locker.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is locker.window)
    type_phrase(locker.window, PHRASE, qtbot)


def test_the_desk_takes_its_windows_with_it(face: Face, school: School, qtbot: QtBot) -> None:
    open_desk(face, school, qtbot)
    today = start_lesson(face, school, qtbot)
    today.open_student_computer()
    student = today.windows().student_computer
    assert student is not None
    face.close()
    assert not student.isVisible()


# --- by itself ----------------------------------------------------------------------------------------------------


def test_it_locks_after_the_chosen_time_without_a_touch(face: Face, school: School, qtbot: QtBot) -> None:
    school.paths.data.mkdir(exist_ok=True)
    save_settings(school.paths.settings, Settings(lock_minutes=5))
    locker = open_desk(face, school, qtbot)
    watch = locker.findChild(IdleWatch)
    school.clock.advance(minutes=4)
    watch.look()
    assert not locker.is_locked
    handle = desk_of(face).windowHandle()
    watch._watch(handle)
    school.clock.advance(minutes=4)
    press = QMouseEvent(
        QEvent.Type.MouseButtonPress,
        QPointF(5, 5),
        QPointF(5, 5),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(handle, press)
    watch.look()
    assert not locker.is_locked, "a touch begins the time anew"
    school.clock.advance(minutes=5)
    watch.look()
    assert locker.is_locked


def test_the_first_touch_after_a_long_sleep_locks(face: Face, school: School, qtbot: QtBot) -> None:
    """While the lid was closed no timer ran."""
    locker = open_desk(face, school, qtbot)
    watch = locker.findChild(IdleWatch)
    watch._watch(desk_of(face).windowHandle())
    school.clock.advance(minutes=11)
    QTest.keyClick(desk_of(face).windowHandle(), Qt.Key.Key_Shift)
    assert locker.is_locked


def test_never_is_never_and_no_phrase_no_watch(face: Face, school: School, qtbot: QtBot) -> None:
    save_settings(school.paths.settings, Settings(lock_minutes=0))
    locker = open_desk(face, school, qtbot)
    watch = locker.findChild(IdleWatch)
    school.clock.advance(minutes=600)
    watch.look()
    QTest.keyClick(desk_of(face).windowHandle(), Qt.Key.Key_Shift)
    assert not locker.is_locked
    assert load_settings(school.paths.settings).lock_minutes == 0


# --- how it looks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scale", "language"), [(1.0, "en"), (1.3, "en"), (1.0, "ar"), (1.3, "es")])
def test_the_lock_fits_and_speaks(
    themed_app: QApplication, school: School, scale: float, language: str, qtbot: QtBot
) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    window = LockWindow(school.paths, school.clock, lesson=lambda: "7:42 left in round 2 of 4")
    window.resize(1280, 680)
    window.show()
    window.row.set_trouble("That is not the pass phrase. Nothing was changed. Try again, or use the recovery sheet.")
    for show in (window.ask_phrase, window.ask_words):
        show()
        QApplication.processEvents()
        assert clipped(window) == []
        assert complaints(window) == []
    window.close()
    window.deleteLater()
