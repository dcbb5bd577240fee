"""Changing and removing the pass phrase, a new sheet, and the sheet on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from blenddesk import bootstrap
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.printing.output import page_words
from blenddesk.printing.paper import Paper
from blenddesk.printing.recovery_sheet import RecoverySheet, recovery_pages
from blenddesk.services import protection
from blenddesk.services.context import AppContext
from blenddesk.ui import kit
from blenddesk.ui.desk.protect_sheet import ProtectSheet
from blenddesk.ui.desk.protect_steps import OldPhraseStep, PhraseStep, SheetStep
from blenddesk.ui.desk.window import DeskWindow
from tests.sync.devices import WEAK
from tests.ui.desk.protect.protecting import (
    OTHER,
    PHRASE,
    TEN,
    Open,
    copy_words,
    go,
    opens,
    protect,
    type_phrase,
    words_shown,
)


def press_undo(window: DeskWindow) -> None:
    button = window.toast.findChild(kit.PaintedButton, "toast_undo")
    assert button.isVisible()
    button.click()


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
