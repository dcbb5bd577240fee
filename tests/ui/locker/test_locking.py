"""Locking an open desk: what goes from memory, what waits, and how it comes back."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.services import profiles, protection
from blenddesk.ui import kit
from blenddesk.ui.app import Face
from blenddesk.ui.desk.protect_sheet import ProtectSheet
from blenddesk.ui.desk.window import DeskWindow
from tests.sync.devices import WEAK
from tests.ui.locker.school import PHRASE, School, desk_of, locker_of, open_desk, type_phrase


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
