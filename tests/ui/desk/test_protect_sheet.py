"""Protecting this computer step by step: nothing before the last step, everything after it, undo, and paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from blenddesk import bootstrap, text
from blenddesk.config import load_settings
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.printing.output import page_words
from blenddesk.printing.paper import Paper
from blenddesk.printing.recovery_sheet import RecoverySheet, recovery_pages
from blenddesk.services import protection
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.protect_sheet import ProtectSheet, What
from blenddesk.ui.desk.protect_steps import CheckStep, DoneStep, OldPhraseStep, PhraseStep, SheetStep, Step
from blenddesk.ui.desk.settings_page import SettingsPage
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import FakeRandomness
from tests.sync.devices import WEAK
from tests.ui.access import complaints
from tests.ui.clipping import clipped

PHRASE, OTHER = "sunflowers in the rain", "a quieter tune today"
TEN = ["survey", "shock", "canal", "pledge", "jelly", "seat", "shadow", "dune", "clip", "coast"]

Open = Callable[[What], ProtectSheet]


@pytest.fixture
def open_sheet(desk_window: DeskWindow) -> Iterator[Open]:
    opened: list[ProtectSheet] = []

    def show(what: What) -> ProtectSheet:
        sheet = ProtectSheet(desk_window.session, what, strength=WEAK)
        sheet.open()
        opened.append(sheet)
        return sheet

    yield show
    for sheet in opened:
        sheet.tasks.wait()


def settle(sheet: ProtectSheet, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not sheet.tasks.is_busy)


def go(sheet: ProtectSheet, qtbot: QtBot) -> None:
    sheet.go.click()
    settle(sheet, qtbot)


def type_phrase(sheet: ProtectSheet, phrase: str, qtbot: QtBot, *, again: str | None = None) -> None:
    assert isinstance(sheet.step, PhraseStep)
    sheet.step.phrase.line.setText(phrase)
    sheet.step.again.line.setText(phrase if again is None else again)
    go(sheet, qtbot)


def words_shown(sheet: ProtectSheet) -> list[str]:
    assert isinstance(sheet.step, SheetStep)
    return [label.text() for label in sheet.step.words]


def copy_words(sheet: ProtectSheet, words: list[str], qtbot: QtBot) -> None:
    assert isinstance(sheet.step, CheckStep)
    for place, field in zip(sheet.step.fields.places, sheet.step.fields.fields, strict=True):
        field.setText(words[place - 1].upper())
    go(sheet, qtbot)


def protect(desk: AppContext, phrase: str = PHRASE) -> list[str]:
    sheet = protection.draw_sheet(FakeRandomness(3), "en", WEAK)
    key = desk.reads.reader.key
    protection.set_phrase(desk.paths, key, phrase, FakeRandomness(4), sheet=sheet, strength=WEAK)
    return list(sheet.words)


def press_undo(window: DeskWindow) -> None:
    button = window.toast.findChild(kit.PaintedButton, "toast_undo")
    assert button.isVisible()
    button.click()


def opens(desk: AppContext, phrase: str) -> bool:
    desk.paths.wrong_tries.unlink(missing_ok=True)
    try:
        attempts = protection.Attempts(desk.paths, desk.clock)
        return protection.open_with_phrase(desk.paths, phrase, attempts) == desk.reads.reader.key
    except Refusal:
        return False


# --- protecting ---------------------------------------------------------------------------------------------------


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


# --- afterwards ---------------------------------------------------------------------------------------------------


def test_changing_asks_for_the_old_one_and_can_be_undone(
    open_sheet: Open, desk: AppContext, desk_window: DeskWindow, qtbot: QtBot
) -> None:
    protect(desk)
    sheet = open_sheet("change")
    step = sheet.step
    assert isinstance(step, OldPhraseStep)
    go(sheet, qtbot)
    assert step.row.note.text() == "Type the pass phrase first."
    step.phrase.line.setText("not this one")
    go(sheet, qtbot)
    assert "not the pass phrase" in step.row.note.text()
    step.phrase.line.setText(PHRASE)
    go(sheet, qtbot)
    assert "Wait" in step.row.note.text()
    desk.clock.advance(seconds=1)  # type: ignore[attr-defined]
    step.phrase.line.setText(PHRASE)
    go(sheet, qtbot)
    type_phrase(sheet, OTHER, qtbot)
    assert (opens(desk, PHRASE), opens(desk, OTHER)) == (False, True)
    assert desk_window.toast.message() == "The pass phrase was changed."
    press_undo(desk_window)
    assert (opens(desk, PHRASE), opens(desk, OTHER)) == (True, False)


def test_removing_asks_for_it_and_can_be_undone(
    open_sheet: Open, desk: AppContext, desk_window: DeskWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    protect(desk)
    sheet = open_sheet("remove")
    assert isinstance(sheet.step, OldPhraseStep)
    sheet.step.phrase.line.setText(PHRASE)
    sheet.go.click()
    qtbot.waitUntil(lambda: "removed" in desk_window.toast.message())
    assert bootstrap.read_key(desk.paths.key) == desk.reads.reader.key

    def full(*_args: object) -> None:
        raise EnvironmentTrouble("key_not_written", path="X")

    with monkeypatch.context() as patch:
        patch.setattr(protection, "put_back", full)
        press_undo(desk_window)
    assert "could not be written" in desk_window.toast.message()
    assert not opens(desk, PHRASE)


@pytest.mark.parametrize("protected", [True, False])
def test_a_new_sheet(open_sheet: Open, desk: AppContext, qtbot: QtBot, protected: bool) -> None:
    old = protect(desk) if protected else []
    sheet = open_sheet("sheet")
    if protected:
        assert isinstance(sheet.step, OldPhraseStep)
        sheet.step.phrase.line.setText(PHRASE)
        go(sheet, qtbot)
    qtbot.waitUntil(lambda: isinstance(sheet.step, SheetStep))
    words = words_shown(sheet)
    go(sheet, qtbot)
    copy_words(sheet, words, qtbot)
    assert protection.open_with_sheet(desk.paths, " ".join(words)) == desk.reads.reader.key
    assert opens(desk, PHRASE) == protected
    if old:
        with pytest.raises(Refusal, match="recovery_words_wrong"):
            protection.open_with_sheet(desk.paths, " ".join(old))


def test_after_the_words_a_new_phrase_needs_no_old_one(open_sheet: Open, desk: AppContext, qtbot: QtBot) -> None:
    words = protect(desk)
    sheet = open_sheet("forgot")
    type_phrase(sheet, OTHER, qtbot)
    assert opens(desk, OTHER)
    assert protection.open_with_sheet(desk.paths, " ".join(words)) == desk.reads.reader.key


def test_a_closed_sheet_keeps_no_secret(open_sheet: Open, qtbot: QtBot) -> None:
    sheet = open_sheet("protect")
    step = sheet.step
    assert isinstance(step, PhraseStep)
    type_phrase(sheet, PHRASE, qtbot)
    sheet.close_sheet()
    assert not isValid(step) or step.phrase.text() == ""
    assert PHRASE not in [value for value in vars(sheet).values() if isinstance(value, str)]
    assert sheet._drawn is None


# --- paper --------------------------------------------------------------------------------------------------------


def test_the_page_has_every_word_and_what_to_do() -> None:
    (page,) = recovery_pages(RecoverySheet("Ms Okoro", "Monday", tuple(TEN)))
    written = page_words(page, Paper())
    assert [word for word in written if word in TEN] == TEN
    joined = " ".join(written)
    assert "Ms Okoro" in joined
    assert "I forgot the pass phrase" in joined
    for number in range(1, 11):
        assert f"{number}." in written


def test_it_goes_to_a_printer_or_a_pdf(desk_window: DeskWindow, tmp_path: Path, qtbot: QtBot) -> None:
    printed, saved = tmp_path / "printed.pdf", tmp_path / "sheet.pdf"
    answers: list[bool] = [False]

    def printer(_parent: QWidget) -> QPrinter | None:
        if not answers.pop(0):
            return None
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(printed))
        return made

    files: list[Path | None] = [None, saved, tmp_path / "sheet.pdf" / "under a file"]
    sheet = ProtectSheet(
        desk_window.session,
        "sheet",
        strength=WEAK,
        choose_printer=printer,
        choose_file=lambda _parent, _name: files.pop(0),
    )
    sheet.open()
    qtbot.waitUntil(lambda: isinstance(sheet.step, SheetStep))
    step = sheet.step
    assert isinstance(step, SheetStep)
    step.print.click()
    assert step.note.text() == ""
    answers.append(True)
    step.print.click()
    assert step.note.text() == "Sent to the printer."
    assert printed.read_bytes().startswith(b"%PDF")
    step.pdf.click()
    assert not saved.exists()
    step.pdf.click()
    assert "do not keep the file" in step.note.text()
    assert saved.read_bytes().startswith(b"%PDF")
    step.pdf.click()
    assert "Nothing" in step.note.text() or "could not" in step.note.text()
    sheet.close_sheet()


# --- the card in Settings -----------------------------------------------------------------------------------------


@pytest.fixture
def page(desk_window: DeskWindow) -> SettingsPage:
    found = desk_window.open_page("settings")
    assert isinstance(found, SettingsPage)
    return found


def shown(page: SettingsPage) -> set[str]:
    card = page.protection
    buttons = (card.protect, card.lock, card.change, card.new_sheet, card.remove)
    return {button.objectName() for button in buttons if button.isVisible()}


def test_the_card_offers_what_can_be_done(page: SettingsPage, desk: AppContext) -> None:
    card = page.protection
    assert shown(page) == {"protect_protect", "protect_sheet"}
    assert card.amber.isVisible()
    assert not card.minutes_row.isVisible()
    protect(desk)
    page.refresh()
    assert shown(page) == {"protect_lock", "protect_change", "protect_sheet", "protect_remove"}
    assert not card.amber.isVisible()
    assert card.minutes.chosen() == "10"
    card.minutes.button("0").click()
    assert load_settings(desk.paths.settings).lock_minutes == 0


@pytest.mark.parametrize("name", ["protect", "new_sheet", "change", "remove"])
def test_the_buttons_open_their_sheets(page: SettingsPage, desk: AppContext, name: str, qtbot: QtBot) -> None:
    if name != "protect":
        protect(desk)
        page.refresh()
    getattr(page.protection, name).click()
    sheet = page.protection.sheet
    assert sheet is not None
    assert isinstance(sheet.step, PhraseStep if name == "protect" else OldPhraseStep)
    sheet.close_sheet()


# --- how it looks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scale", "language"), [(1.0, "en"), (1.3, "en"), (1.0, "ar"), (1.3, "es")])
def test_every_step_fits_and_speaks(
    themed_app: QApplication, desk: AppContext, desk_window: DeskWindow, scale: float, language: str, qtbot: QtBot
) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    desk_window.resize(1280, 680)
    protect(desk)
    sheet = ProtectSheet(desk_window.session, "protect", strength=WEAK)
    sheet.open()

    def look(step: Step, spoil: Callable[[], object] = lambda: None) -> None:
        sheet._show(step, action="OK", back=lambda: None)
        spoil()
        sheet.place()
        QTest.qWait(20)
        assert clipped(sheet) == [], type(step).__name__
        assert complaints(sheet) == [], type(step).__name__
        assert sheet.scroll_area.verticalScrollBar().maximum() == 0, type(step).__name__

    for what in ("change", "remove", "sheet"):
        old = OldPhraseStep(desk, what, sheet)
        look(old, lambda old=old: old.show_trouble("That is not the pass phrase. Nothing was changed. Try again."))
    for what in ("protect", "forgot"):
        phrase = PhraseStep(what, sheet)
        look(phrase, phrase.is_right)
    look(SheetStep(TEN, sheet))
    check = CheckStep(TEN, (2, 5, 10), sheet)
    look(check, check.is_right)
    look(DoneStep(sheet))
    sheet.close_sheet()


def test_the_rail_keeps_its_pages_with_the_padlock(
    themed_app: QApplication, desk_window: DeskWindow, qtbot: QtBot
) -> None:
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=1.3)
    desk_window.resize(1280, 680)
    desk_window.show_lock_button(True)
    QTest.qWait(20)
    assert clipped(desk_window.rail) == []
    assert complaints(desk_window.rail) == []
    button = desk_window.rail.findChild(kit.PaintedButton, "lock_now")
    assert button.isVisible()
    desk_window.show_lock_button(False)
    assert not button.isVisible()
