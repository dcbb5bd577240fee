"""A desk with a pass phrase begins with its lock: the phrase, the recovery words, and what can be wrong."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from blenddesk.services import protection
from blenddesk.ui import kit
from blenddesk.ui.app import Face
from blenddesk.ui.desk.protect_sheet import ProtectSheet
from blenddesk.ui.desk.window import DeskWindow
from blenddesk.ui.lock_window import LockWindow
from tests.ui.locker.school import PHRASE, School, desk_of, lock_of, locker_of, type_phrase


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
