"""The lock beside a running lesson, the board and the student computer on the same laptop."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk import text
from blenddesk.services import live
from blenddesk.ui import kit
from blenddesk.ui.app import Face
from blenddesk.ui.desk.today import TodayPage
from blenddesk.ui.phrase_sheet import PhraseSheet
from tests.ui.access import complaints
from tests.ui.locker.school import PHRASE, School, desk_of, open_desk, type_phrase


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
