"""Pictures on the student's page: views, where one still is, adding, words, hiding with undo, covered from others."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.services import pictures
from blenddesk.services.context import AppContext
from blenddesk.storage.blobs import beside
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.child_evidence import MOST_TILES, EvidenceCard, EvidenceSheet
from blenddesk.ui.desk.child_page import ChildPage
from blenddesk.ui.desk.window import DeskWindow
from blenddesk.ui.picture_intake import packed
from tests.ui.access import complaints
from tests.ui.clipping import clipped


@pytest.fixture
def amina(desk: AppContext, section: Id) -> Id:
    return desk.reads.people.students(section)[0].id


def add(desk: AppContext, section: Id, student: Id, count: int = 1) -> None:
    for number in range(count):
        image = QImage(40, 30, QImage.Format.Format_RGB32)
        image.fill(number * 1_000)
        pictures.add_picture(desk, section, student, packed(image), from_student=bool(number % 2))


@pytest.fixture
def page(desk_window: DeskWindow, desk: AppContext, section: Id, amina: Id, qtbot: QtBot) -> ChildPage:
    add(desk, section, amina, 3)
    found = desk_window.open_page("child", student=amina)
    assert isinstance(found, ChildPage)
    found.set_covered(False)
    qtbot.waitUntil(lambda: all(tile.has_image() for tile in tiles(found.evidence)))
    return found


def tiles(card: EvidenceCard) -> list[kit.PhotoTile]:
    QApplication.processEvents()
    return [tile for tile in card.findChildren(kit.PhotoTile) if not tile.isHidden()]


def sheet_of(page: ChildPage) -> EvidenceSheet:
    [found] = [sheet for sheet in page.session.window.findChildren(EvidenceSheet) if sheet.isVisible()]
    return found


def press(root: kit.Sheet | ChildPage, name: str) -> None:
    button = root.findChild(kit.PaintedButton, name)
    assert button is not None
    button.click()


def test_words_are_written_below_and_hiding_is_undone(
    page: ChildPage, desk: AppContext, section: Id, amina: Id, qtbot: QtBot
) -> None:
    assert len(tiles(page.evidence)) == 3
    tiles(page.evidence)[0].click()
    sheet = sheet_of(page)
    assert sheet.photo.has_image()
    sheet.caption.setText("counts in threes")
    press(sheet, "evidence_save")
    assert pictures.pictures_of(desk, section, amina)[0].evidence.caption == "counts in threes"
    qtbot.waitUntil(lambda: tiles(page.evidence)[0].words() == "counts in threes")
    tiles(page.evidence)[0].click()
    press(sheet_of(page), "evidence_hide")
    qtbot.waitUntil(lambda: len(tiles(page.evidence)) == 2)
    assert page.session.window.toast.message() == "A picture of Amina's work was hidden. It is kept."
    page.session.undo()
    qtbot.waitUntil(lambda: len(tiles(page.evidence)) == 3)


def test_one_is_added_from_a_file(
    page: ChildPage,
    desk: AppContext,
    section: Id,
    amina: Id,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(7)
    assert image.save(str(tmp_path / "work.png"))
    monkeypatch.setattr(page.evidence, "ask_file", lambda: str(tmp_path / "work.png"))
    page.evidence.add.click()
    qtbot.waitUntil(lambda: len(tiles(page.evidence)) == 4)
    assert page.session.window.toast.message() == "A picture of Amina's work was added."
    (tmp_path / "words.png").write_text("words")
    monkeypatch.setattr(page.evidence, "ask_file", lambda: str(tmp_path / "words.png"))
    page.evidence.add.click()
    qtbot.waitUntil(lambda: "is not a picture" in page.session.window.toast.message())
    monkeypatch.setattr(page.evidence, "ask_file", lambda: "")
    page.evidence.add.click()
    assert not page.session.window.tasks.is_busy
    assert len(pictures.pictures_of(desk, section, amina)) == 4


def test_one_that_has_not_come_says_where_it_is(
    page: ChildPage, desk: AppContext, section: Id, amina: Id, qtbot: QtBot
) -> None:
    shown = pictures.pictures_of(desk, section, amina)[0]
    beside(desk.paths.database).path(section, shown.evidence.blob).unlink()
    page.refresh()
    qtbot.waitUntil(lambda: sum(tile.has_image() for tile in tiles(page.evidence)) == 2)
    assert page.evidence.words.text() == "1 has not come home yet"
    waiting = next(tile for tile in tiles(page.evidence) if not tile.has_image())
    assert waiting.accessibleName().endswith(", on Ms Okoro")
    waiting.click()
    said = " ".join(label.text() for label in sheet_of(page).findChildren(QLabel))
    assert "This picture is still on Ms Okoro." in said


def test_covered_pictures_do_not_show(page: ChildPage) -> None:
    page.set_covered(True)
    assert tiles(page.evidence) == []
    assert page.evidence.words.text() == "3 pictures, covered"
    page.set_covered(False)
    assert len(tiles(page.evidence)) == 3


def test_of_many_the_newest_show_first(page: ChildPage, desk: AppContext, section: Id, amina: Id, qtbot: QtBot) -> None:
    add(desk, section, amina, MOST_TILES)
    page.refresh()
    assert len(tiles(page.evidence)) == MOST_TILES
    assert page.evidence.everything.words() == f"Show all {MOST_TILES + 3}"
    page.evidence.everything.click()
    assert len(tiles(page.evidence)) == MOST_TILES + 3


def test_nobody_has_pictures_at_first(desk_window: DeskWindow, amina: Id) -> None:
    page = desk_window.open_page("child", student=amina)
    assert isinstance(page, ChildPage)
    assert page.evidence.words.text().startswith("Nothing yet.")
    assert tiles(page.evidence) == []


def test_every_control_has_a_name_and_is_reached(page: ChildPage) -> None:
    assert complaints(page) == []
    tiles(page.evidence)[0].click()
    assert complaints(sheet_of(page)) == []


@pytest.mark.parametrize(
    ("size", "scale", "language"),
    [((1366, 768), 1.0, "en"), ((1280, 680), 1.0, "ar"), ((1280, 680), 1.3, "en"), ((1024, 768), 1.0, "es")],
)
def test_nothing_is_clipped(
    page: ChildPage,
    desk: AppContext,
    section: Id,
    amina: Id,
    size: tuple[int, int],
    scale: float,
    language: str,
    themed_app: QApplication,
) -> None:
    evidence = pictures.pictures_of(desk, section, amina)[0].evidence.id
    pictures.set_caption(desk, section, evidence, "Wilhelmina-Konstantinova reads a whole page aloud to her sister")
    window = page.session.window
    text.use_language(language)
    theme.set_look(window, language=language, scale=scale)
    window.resize(*size)
    page.refresh()
    QApplication.processEvents()
    assert clipped(page) == []
    tiles(page.evidence)[0].click()
    QApplication.processEvents()
    assert clipped(sheet_of(page)) == []
