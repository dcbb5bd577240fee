"""Choices of this computer: kept at once, shown anew when they are about the look."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk import restoring, text
from blenddesk.config import Paths, load_settings
from blenddesk.errors import EnvironmentTrouble
from blenddesk.services import backups
from blenddesk.services.backups import PicturesLeft
from blenddesk.services.context import AppContext
from blenddesk.ui import theme
from blenddesk.ui.desk.backup_card import pictures_left_words
from blenddesk.ui.desk.settings_page import LANGUAGES, SettingsPage
from blenddesk.ui.desk.window import DeskWindow
from tests.sync.devices import WEAK
from tests.ui.access import complaints
from tests.ui.clipping import clipped


class FakeFace:
    """Counts how often the window would be built anew."""

    relooks = 0

    def relook(self) -> None:
        self.relooks += 1


@pytest.fixture
def page(desk_window: DeskWindow) -> SettingsPage:
    found = desk_window.open_page("settings")
    assert isinstance(found, SettingsPage)
    return found


@pytest.fixture
def face(page: SettingsPage, monkeypatch: pytest.MonkeyPatch) -> FakeFace:
    fake = FakeFace()
    monkeypatch.setattr(page.session.window, "face", fake)
    return fake


def test_each_choice_is_kept_at_once(page: SettingsPage, desk: AppContext, face: FakeFace) -> None:
    page.language.button("es").click()
    page._theme_buttons["contrast"].click()
    page.scale.button("1.3").click()
    page.still.click()
    page.sounds.click()
    kept = load_settings(desk.paths.settings)
    assert (kept.language, kept.theme, kept.text_scale) == ("es", "contrast", 1.3)
    assert (kept.reduced_motion, kept.sounds) == (True, False)
    assert face.relooks == 3


def test_choosing_what_is_chosen_changes_nothing(page: SettingsPage, desk: AppContext, face: FakeFace) -> None:
    page._theme_buttons["day"].click()
    page.scale.button("1.0").click()
    assert face.relooks == 0
    assert not desk.paths.settings.exists()


def test_every_theme_and_language_is_offered_but_the_testers_own(page: SettingsPage) -> None:
    assert set(page._theme_buttons) == set(theme.THEMES)
    assert [key for key, _name in LANGUAGES] == ["en", "es", "ar"]


def test_what_is_copied_for_support_names_nobody(page: SettingsPage, desk: AppContext) -> None:
    page.copy.click()
    copied = QApplication.clipboard().text()
    assert copied.startswith("BlendDesk ")
    assert desk.device_name not in copied
    assert "Sunflowers" not in copied


def test_a_backup_is_saved_and_its_words_open_it(
    page: SettingsPage, desk: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(backups, "save_backup", partial(backups.save_backup, strength=WEAK))
    assert page.backup.last.text() == "No backup yet."
    page.backup.save.click()
    sheet = page.backup.sheet
    assert sheet is not None
    sheet.sticks.find_sticks = list
    sheet.save.click()
    assert sheet.row.note.text() == "Put a stick in, or choose a folder."
    stick = tmp_path / "STICK"
    stick.mkdir()
    sheet.sticks.choose(stick)
    sheet.save.click()
    qtbot.waitUntil(lambda: not page.session.window.tasks.is_busy, timeout=10_000)
    shown = sheet.words_sheet
    assert shown is not None
    words = [label.text() for label in shown.words]
    assert len(words) == 5
    (file,) = stick.glob("*.bdbackup")
    again = Paths(tmp_path / "again")
    restoring.restore(again, file, typed=" ".join(words))
    assert again.exists
    assert load_settings(desk.paths.settings).last_backup_ms == desk.clock.wall_ms()
    assert page.backup.last.text().startswith("Last backup: ")
    shown.done.click()


def test_a_backup_that_cannot_be_written_says_so(
    page: SettingsPage, desk: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise EnvironmentTrouble("folder_missing", path="STICK")

    monkeypatch.setattr(backups, "save_backup", full)
    page.backup.save.click()
    sheet = page.backup.sheet
    assert sheet is not None
    sheet.sticks.choose(tmp_path)
    sheet.save.click()
    qtbot.waitUntil(lambda: not page.session.window.tasks.is_busy, timeout=10_000)
    assert "STICK" in sheet.row.note.text()
    assert sheet.words_sheet is None
    assert desk.settings.last_backup_ms == 0
    sheet.close_sheet()


@pytest.mark.parametrize(("scale", "language"), [(1.0, "en"), (1.3, "en"), (1.0, "ar")])
def test_it_fits_and_speaks(desk_window: DeskWindow, themed_app: QApplication, scale: float, language: str) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    desk_window.resize(1280, 680)
    page = desk_window.open_page("settings")
    QApplication.processEvents()
    assert clipped(page) == []
    assert complaints(page) == []


def test_how_much_of_a_stick_pictures_may_take(page: SettingsPage, desk: AppContext) -> None:
    assert page.backup.budget.button("500").isChecked()
    page.backup.budget.button("1000").click()
    assert desk.settings.picture_budget_mb == 1000
    assert load_settings(desk.paths.settings).picture_budget_mb == 1000
    desk.save_settings(desk.settings._replace(picture_budget_mb=90))
    page.refresh()
    assert page.backup.budget.button("100").isChecked(), "the nearest of what may be chosen"


def test_the_card_says_which_pictures_the_copy_is_without(page: SettingsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page.backup.pictures.isHidden()
    left = PicturesLeft(12, ("Blue-3",), 1)
    monkeypatch.setattr(backups, "pictures_left", lambda _context: left)
    page.refresh()
    said = page.backup.pictures.text()
    assert "12 pictures are not in the copy yet: they are on" in said
    assert "Blue-3" in said
    assert said.endswith("1 picture had no room beside the copy. It is on this computer.")
    assert pictures_left_words(PicturesLeft(1)) == "1 picture is not in the copy yet: it has not come home."
