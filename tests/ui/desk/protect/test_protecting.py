"""Protecting a desk: phrase, ten words, words copied by hand, and what can be wrong."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.services import protection
from blenddesk.services.context import AppContext
from blenddesk.ui.desk.protect_steps import CheckStep, DoneStep, PhraseStep, SheetStep
from tests.ui.desk.protect.protecting import (
    OTHER,
    PHRASE,
    Open,
    copy_words,
    go,
    opens,
    settle,
    type_phrase,
    words_shown,
)


def test_from_phrase_to_done(open_sheet: Open, desk: AppContext, qtbot: QtBot) -> None:
    sheet = open_sheet("protect")
    type_phrase(sheet, PHRASE, qtbot)
    words = words_shown(sheet)
    assert len(words) == 10
    go(sheet, qtbot)
    assert isinstance(sheet.step, CheckStep)
    assert len(sheet.step.fields.places) == 3
    assert bootstrap.read_key(desk.paths.key), "nothing has changed so far"
    copy_words(sheet, words, qtbot)
    assert isinstance(sheet.step, DoneStep)
    assert opens(desk, PHRASE)
    assert protection.open_with_sheet(desk.paths, " ".join(words)) == desk.reads.reader.key
    with pytest.raises(Refusal, match="locked"):
        bootstrap.read_key(desk.paths.key)
    sheet.go.click()
    assert not sheet.isVisible()


def test_a_short_phrase_and_two_that_differ_go_no_further(open_sheet: Open, qtbot: QtBot) -> None:
    sheet = open_sheet("protect")
    step = sheet.step
    assert isinstance(step, PhraseStep)
    type_phrase(sheet, "short", qtbot)
    assert "at least 8" in step.row.note.text()
    type_phrase(sheet, PHRASE, qtbot, again=PHRASE + "y")
    assert "not the same" in step.again_row.note.text()
    step.again.edited.emit()
    assert step.again_row.note.text() == ""
    assert sheet.step is step


def test_back_shows_the_same_words_and_cancel_leaves_everything(
    open_sheet: Open, desk: AppContext, qtbot: QtBot
) -> None:
    before = desk.paths.key.read_bytes()
    sheet = open_sheet("protect")
    type_phrase(sheet, PHRASE, qtbot)
    words = words_shown(sheet)
    go(sheet, qtbot)
    sheet.back.click()
    assert words_shown(sheet) == words
    sheet.back.click()
    assert isinstance(sheet.step, PhraseStep)
    assert sheet.step.phrase.text() == ""
    type_phrase(sheet, OTHER, qtbot)
    assert words_shown(sheet) == words
    sheet.cancel.click()  # type: ignore[union-attr]
    assert desk.paths.key.read_bytes() == before


def test_a_word_copied_wrongly_is_told_and_can_be_looked_up(open_sheet: Open, qtbot: QtBot) -> None:
    sheet = open_sheet("protect")
    type_phrase(sheet, PHRASE, qtbot)
    words = words_shown(sheet)
    go(sheet, qtbot)
    step = sheet.step
    assert isinstance(step, CheckStep)
    copy_words(sheet, [*words[1:], words[0]], qtbot)
    assert sheet.step is step
    assert step.note.isVisible()
    assert str(step.fields.places[0]) in step.note.text()


def test_a_disk_that_is_full_is_told_and_nothing_changed(
    open_sheet: Open, desk: AppContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = open_sheet("protect")
    type_phrase(sheet, PHRASE, qtbot)
    words = words_shown(sheet)
    go(sheet, qtbot)

    def full(*_args: object, **_more: object) -> None:
        raise EnvironmentTrouble("key_not_written", path="X")

    with monkeypatch.context() as patch:
        patch.setattr(protection, "set_phrase", full)
        copy_words(sheet, words, qtbot)
    assert isinstance(sheet.step, CheckStep)
    assert "could not be written" in sheet.step.note.text()
    assert bootstrap.read_key(desk.paths.key)
    go(sheet, qtbot)
    assert isinstance(sheet.step, DoneStep)


def test_enter_goes_on(open_sheet: Open, qtbot: QtBot) -> None:
    sheet = open_sheet("protect")
    step = sheet.step
    assert isinstance(step, PhraseStep)
    assert QApplication.focusWidget() is step.phrase.line
    QTest.keyClicks(step.phrase.line, PHRASE)
    QTest.keyClick(step.phrase.line, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is step.again.line
    QTest.keyClicks(step.again.line, PHRASE)
    QTest.keyClick(step.again.line, Qt.Key.Key_Return)
    settle(sheet, qtbot)
    assert isinstance(sheet.step, SheetStep)


def test_letters_are_hidden_until_the_eye_is_pressed(open_sheet: Open) -> None:
    step = open_sheet("protect").step
    assert isinstance(step, PhraseStep)
    assert step.phrase.line.echoMode() == QLineEdit.EchoMode.Password
    step.phrase.eye.click()
    assert step.phrase.line.echoMode() == QLineEdit.EchoMode.Normal
    step.phrase.clear()
    assert step.phrase.line.echoMode() == QLineEdit.EchoMode.Password
