"""The lock that comes by itself, and how it looks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk import text
from blenddesk.config import Settings, load_settings, save_settings
from blenddesk.ui import theme
from blenddesk.ui.app import Face
from blenddesk.ui.lock_window import LockWindow
from blenddesk.ui.locker import IdleWatch
from tests.ui.access import complaints
from tests.ui.clipping import clipped
from tests.ui.locker.school import School, desk_of, open_desk


def test_it_locks_after_the_chosen_time_without_a_touch(face: Face, school: School, qtbot: QtBot) -> None:
    school.paths.data.mkdir(exist_ok=True)
    save_settings(school.paths.settings, Settings(lock_minutes=5))
    locker = open_desk(face, school, qtbot)
    watch = locker.findChild(IdleWatch)
    school.clock.advance(minutes=4)
    watch.look()
    assert not locker.is_locked
    handle = desk_of(face).windowHandle()
    watch._watch(handle)
    school.clock.advance(minutes=4)
    press = QMouseEvent(
        QEvent.Type.MouseButtonPress,
        QPointF(5, 5),
        QPointF(5, 5),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(handle, press)
    watch.look()
    assert not locker.is_locked, "a touch begins the time anew"
    school.clock.advance(minutes=5)
    watch.look()
    assert locker.is_locked


def test_the_first_touch_after_a_long_sleep_locks(face: Face, school: School, qtbot: QtBot) -> None:
    """While the lid was closed no timer ran."""
    locker = open_desk(face, school, qtbot)
    watch = locker.findChild(IdleWatch)
    watch._watch(desk_of(face).windowHandle())
    school.clock.advance(minutes=11)
    QTest.keyClick(desk_of(face).windowHandle(), Qt.Key.Key_Shift)
    assert locker.is_locked


def test_never_is_never_and_no_phrase_no_watch(face: Face, school: School, qtbot: QtBot) -> None:
    save_settings(school.paths.settings, Settings(lock_minutes=0))
    locker = open_desk(face, school, qtbot)
    watch = locker.findChild(IdleWatch)
    school.clock.advance(minutes=600)
    watch.look()
    QTest.keyClick(desk_of(face).windowHandle(), Qt.Key.Key_Shift)
    assert not locker.is_locked
    assert load_settings(school.paths.settings).lock_minutes == 0


@pytest.mark.parametrize(("scale", "language"), [(1.0, "en"), (1.3, "en"), (1.0, "ar"), (1.3, "es")])
def test_the_lock_fits_and_speaks(
    themed_app: QApplication, school: School, scale: float, language: str, qtbot: QtBot
) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    window = LockWindow(school.paths, school.clock, lesson=lambda: "7:42 left in round 2 of 4")
    window.resize(1280, 680)
    window.show()
    window.row.set_trouble("That is not the pass phrase. Nothing was changed. Try again, or use the recovery sheet.")
    for show in (window.ask_phrase, window.ask_words):
        show()
        QApplication.processEvents()
        assert clipped(window) == []
        assert complaints(window) == []
    window.close()
    window.deleteLater()
