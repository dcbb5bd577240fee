"""The card in Settings, and how every step looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk import text
from blenddesk.config import load_settings
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.protect_sheet import ProtectSheet
from blenddesk.ui.desk.protect_steps import CheckStep, DoneStep, OldPhraseStep, PhraseStep, SheetStep, Step
from blenddesk.ui.desk.settings_page import SettingsPage
from blenddesk.ui.desk.window import DeskWindow
from tests.sync.devices import WEAK
from tests.ui.access import complaints
from tests.ui.clipping import clipped
from tests.ui.desk.protect.protecting import TEN, protect


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
