"""The first window: four doors, and what is behind them; trouble in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, text
from blenddesk.config import Paths, load_settings
from blenddesk.domain.ids import Id
from blenddesk.errors import Refusal
from blenddesk.services import exchange
from blenddesk.services.context import AppContext
from blenddesk.sync.wordlock import Strength
from blenddesk.ui import kit, theme
from blenddesk.ui.tasks import Cancelled
from blenddesk.ui.welcome import TroubleWindow, WelcomeWindow
from blenddesk.ui.welcome_doors import find_files, make_own_desk, make_sample_desk
from blenddesk.ui.welcome_sheets import FileWithWordsSheet
from tests.ui.access import complaints
from tests.ui.clipping import clipped

QUICK = Strength(passes=1, memory_bytes=8 << 20)


@dataclass
class FakeFace:
    """Says which data directory would be opened, on which page."""

    paths: Paths
    opened: list[tuple[Paths, str]] = field(default_factory=list)
    relooks: int = 0
    then: list[Callable[[], None]] = field(default_factory=list)

    def switch_to(self, paths: Paths, *, page: str = "") -> None:
        self.opened.append((paths, page))

    def relook(self) -> None:
        self.relooks += 1

    def after_first_paint(self, then: Callable[[], None]) -> None:
        self.then.append(then)


@pytest.fixture
def face(tmp_path: Path) -> FakeFace:
    return FakeFace(Paths(tmp_path / "data"))


@pytest.fixture
def window(themed_app: QApplication, face: FakeFace) -> Iterator[WelcomeWindow]:
    welcome = WelcomeWindow(face)  # type: ignore[arg-type]
    welcome.show()
    yield welcome
    welcome.toast.close_now()
    welcome.close()
    welcome.deleteLater()


def press(root: WelcomeWindow, name: str) -> None:
    button = root.findChild(kit.PaintedButton, name)
    assert button is not None, name
    button.click()


def test_keys_open_the_doors(window: WelcomeWindow, qtbot: QtBot) -> None:
    for key, title in (
        (Qt.Key.Key_2, "Set up my class"),
        (Qt.Key.Key_3, "This is a student computer"),
        (Qt.Key.Key_4, "Open a backup"),
    ):
        qtbot.keyClick(window, key)
        sheet = next(one for one in window.findChildren(kit.Sheet) if one.isVisible())
        assert sheet.title.text() == title
        assert complaints(sheet) == []
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)
        assert not sheet.isVisible()


def test_setting_up_a_class_is_two_names_and_may_be_skipped(
    window: WelcomeWindow, face: FakeFace, qtbot: QtBot
) -> None:
    sheet = window.set_up()
    assert QApplication.focusWidget() is sheet.teacher
    qtbot.keyClicks(sheet.teacher, "Ms Okoro")
    qtbot.keyClick(sheet.teacher, Qt.Key.Key_Return)
    qtbot.keyClicks(sheet.name, "4B")
    qtbot.keyClick(sheet.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(face.opened))
    assert face.opened == [(face.paths, "add_students")]
    context = bootstrap.open_device(face.paths)
    assert context.device_name == "Ms Okoro"
    assert [one.name for one in context.reads.sections.all()] == ["4B"]
    bootstrap.close_device(context)


def test_a_class_name_that_cannot_be_leaves_nothing_behind(window: WelcomeWindow, face: FakeFace, qtbot: QtBot) -> None:
    sheet = window.set_up()
    sheet.name.setText("x" * 61)
    press(window, "setup_make")
    qtbot.waitUntil(lambda: "60 letters" in sheet.row.note.text())
    assert not face.paths.exists
    assert not (face.paths.data / "making").exists()
    sheet.name.setText("")
    press(window, "setup_make")
    qtbot.waitUntil(lambda: bool(face.opened))


def test_the_sample_class_is_made_once(window: WelcomeWindow, face: FakeFace, qtbot: QtBot) -> None:
    press(window, "door_sample")
    qtbot.waitUntil(lambda: bool(face.opened), timeout=30_000)
    assert face.opened == [(face.paths.sample, "")]
    assert face.paths.sample.data == face.paths.data / "sample"
    made = face.paths.sample.database.stat().st_mtime_ns
    window.play_with_sample()
    assert len(face.opened) == 2
    assert face.paths.sample.database.stat().st_mtime_ns == made
    context = bootstrap.open_device(face.paths.sample)
    [section, *_more] = context.reads.sections.all()
    assert len(context.reads.people.students(section.id)) == 32
    bootstrap.close_device(context)


def test_stopping_the_sample_leaves_nothing_behind(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "sample")

    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        make_sample_desk(paths, stop)
    assert not paths.exists
    assert list(paths.data.iterdir()) == []


def test_a_desk_is_made_once(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "own")
    make_own_desk(paths, "Ms Okoro", "4B")
    assert sorted(path.name for path in paths.data.iterdir()) == ["blenddesk.db", "database.key"]


@pytest.fixture
def seat(desk: AppContext, section: Id, tmp_path: Path) -> exchange.AddedComputer:
    """A file and five words for one more student computer."""
    stick = tmp_path / "stick"
    stick.mkdir()
    return exchange.add_computer(desk, section, "Red laptop", stick, strength=QUICK)


def fill(sheet: FileWithWordsSheet, file: Path, words: list[str]) -> None:
    sheet.choose_file(file)
    for place, word in zip(sheet.fields, words, strict=True):
        place.setText(word)


def test_joining_a_class_with_five_words(
    window: WelcomeWindow, face: FakeFace, seat: exchange.AddedComputer, qtbot: QtBot
) -> None:
    sheet = window.join_class()
    fill(sheet, seat.file, list(seat.words))
    press(window, "words_open")
    qtbot.waitUntil(lambda: bool(face.opened), timeout=8_000)
    context = bootstrap.open_device(face.paths)
    assert not context.is_desk
    assert context.device_name == "Red laptop"
    assert [one.name for one in context.reads.sections.all()] == ["Sunflowers"]
    bootstrap.close_device(context)


def test_wrong_words_leave_nothing_behind(
    window: WelcomeWindow, face: FakeFace, seat: exchange.AddedComputer, qtbot: QtBot
) -> None:
    sheet = window.join_class()
    fill(sheet, seat.file, [*seat.words[1:], seat.words[0]])
    press(window, "words_open")
    qtbot.waitUntil(lambda: sheet.trouble.isVisible(), timeout=8_000)
    assert "not the five words" in sheet.trouble.label.text()
    assert not face.paths.exists
    sheet.close_sheet()


def test_each_word_is_checked_as_it_is_typed(window: WelcomeWindow, tmp_path: Path, qtbot: QtBot) -> None:
    sheet = window.join_class()
    first, second = sheet.fields[:2]
    first.setFocus()
    qtbot.keyClicks(first, "rivr ")
    assert QApplication.focusWidget() is second
    assert sheet._hints[0].text() == "Did you mean river?"
    file = tmp_path / "a.bdseat"
    file.write_bytes(b"x")
    sheet.choose_file(file)
    press(window, "words_open")
    assert QApplication.focusWidget() is first
    sheet.close_sheet()


def test_five_words_pasted_at_once(window: WelcomeWindow, qtbot: QtBot) -> None:
    sheet = window.join_class()
    sheet.fields[0].setFocus()
    QApplication.clipboard().setText("orange, river, apple table window")
    qtbot.keyClick(sheet.fields[0], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [one.text() for one in sheet.fields] == ["orange", "river", "apple", "table", "window"]
    press(window, "words_open")
    assert sheet.file_row.note.text() == "Choose the file first."
    sheet.close_sheet()


def test_a_foreign_file_is_said_in_words(window: WelcomeWindow, face: FakeFace, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "photo.bdseat"
    file.write_bytes(b"\x89PNG" * 100)
    sheet = window.join_class()
    fill(sheet, file, ["orange", "river", "apple", "table", "window"])
    press(window, "words_open")
    qtbot.waitUntil(lambda: sheet.trouble.isVisible(), timeout=8_000)
    assert "Something did not work" not in sheet.trouble.label.text()
    assert not face.paths.exists
    sheet.choose_file(tmp_path / "gone.bdseat")
    press(window, "words_open")
    assert "cannot be read" in sheet.trouble.label.text()
    sheet.close_sheet()


def test_a_backup_brings_everything_back(
    window: WelcomeWindow, face: FakeFace, desk: AppContext, section: Id, tmp_path: Path, qtbot: QtBot
) -> None:
    from blenddesk.services import backups

    stick = tmp_path / "stick"
    stick.mkdir()
    saved = backups.save_backup(desk, stick, strength=QUICK)
    sheet = window.open_backup()
    sheet.choose_file(saved.file)
    assert sheet.five.isVisible()
    for entry, word in zip(sheet.five.fields, saved.words, strict=True):
        entry.setText(word)
    press(window, "restore_go")
    qtbot.waitUntil(lambda: sheet.preview.isVisible(), timeout=8_000)
    assert not face.paths.exists
    press(window, "restore_go")
    qtbot.waitUntil(lambda: bool(face.opened), timeout=8_000)
    context = bootstrap.open_device(face.paths)
    assert len(context.reads.people.students(section)) == 8
    bootstrap.close_device(context)


def test_files_are_found_on_a_stick_and_one_folder_deep(tmp_path: Path) -> None:
    (tmp_path / "school" / "deep").mkdir(parents=True)
    for place in ("a.bdseat", "school/b.bdseat", "school/deep/c.bdseat", "d.txt"):
        (tmp_path / place).write_bytes(b"x")
    found = find_files("*.bdseat", [tmp_path, tmp_path / "gone"])
    assert {path.name for path in found} == {"a.bdseat", "b.bdseat"}


def test_the_language_is_kept_and_shown(window: WelcomeWindow, face: FakeFace) -> None:
    window.language.button("ar").click()
    assert load_settings(face.paths.settings).language == "ar"
    assert face.relooks == 1


def test_trouble_when_entering_is_said(window: WelcomeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_paths: Paths, *, page: str = "") -> None:
        raise Refusal("in_use", path="x")

    monkeypatch.setattr(window.face, "switch_to", refuse)
    window._enter(window.face.paths)
    assert "already open" in window.toast.message()


def test_a_screen_reader_meets_every_door(window: WelcomeWindow) -> None:
    assert complaints(window) == []
    assert window.doors[0].words() == "Play with a sample class"
    assert all(door.accessibleDescription() for door in window.doors)


@pytest.mark.parametrize(
    ("size", "scale", "language"),
    [((1366, 705), 1.0, "en"), ((1280, 680), 1.3, "en"), ((1024, 600), 1.0, "en"), ((1280, 680), 1.0, "ar")],
)
def test_it_fits(themed_app: QApplication, face: FakeFace, size: tuple[int, int], scale: float, language: str) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    welcome = WelcomeWindow(face)  # type: ignore[arg-type]
    welcome.resize(*size)
    welcome.show()
    QApplication.processEvents()
    assert clipped(welcome) == []
    welcome.close()
    welcome.deleteLater()


def test_trouble_has_one_button(themed_app: QApplication, qtbot: QtBot) -> None:
    trouble = TroubleWindow("The disk is full. What was saved before is safe.")
    trouble.show()
    assert trouble.state.text.text().startswith("The disk is full")
    assert complaints(trouble) == []
    trouble.findChild(kit.Button, "trouble_close").click()  # type: ignore[union-attr]
    assert not trouble.isVisible()
    trouble.deleteLater()
