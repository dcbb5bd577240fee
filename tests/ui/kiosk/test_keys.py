"""The student's window by keyboard alone, on any keyboard: keys by their place, hints only after a key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from blenddesk.domain.ids import Id
from blenddesk.services.context import AppContext
from blenddesk.ui import kit
from blenddesk.ui.kiosk.keys import digit_of, picture_of
from tests.ui.kiosk.conftest import Open

NONE = Qt.KeyboardModifier.NoModifier
PAD = Qt.KeyboardModifier.KeypadModifier


def key(text: str, *, scan: int = 0, virtual: int = 0, modifiers: Qt.KeyboardModifier = NONE) -> QKeyEvent:
    code = ord(text.upper()) if text.isascii() and text else 0
    return QKeyEvent(QEvent.Type.KeyPress, code, modifiers, scan, virtual, 0, text)


@pytest.mark.parametrize(
    ("event", "platform", "picture"),
    [
        (key("7", modifiers=PAD), "linux", 0),
        (key("5", modifiers=PAD), "win32", 4),
        (key("3", modifiers=PAD), "darwin", 8),
        (key("7", scan=16), "linux", 0),
        (key("è", scan=16), "linux", 0),
        (key("è", scan=8), "win32", 0),
        (key("é", scan=3), "win32", 7),
        (key("٧", scan=16), "linux", 0),
        (key("٧"), "linux", 0),
        (key("a", scan=24), "linux", 0),
        (key("q", scan=38), "linux", 3),
        (key("ض", scan=24), "linux", 0),
        (key("ض", scan=16), "win32", 0),
        (key("w", scan=44), "win32", 6),
        (key("q", virtual=12, scan=1), "darwin", 0),
        (key("5", virtual=23, scan=1), "darwin", 4),
        (key("c"), "linux", 8),
        (key("p", scan=33), "linux", None),
        (key("0", scan=19), "linux", None),
        (key(""), "linux", None),
    ],
)
def test_a_key_means_the_picture_that_lies_like_it(event: QKeyEvent, platform: str, picture: int | None) -> None:
    assert picture_of(event, platform=platform) == picture


def test_letters_are_no_digits() -> None:
    assert digit_of(key("q", scan=24), platform="linux") is None
    assert digit_of(key("1", scan=10), platform="linux") == 1


def test_a_whole_visit_by_keys(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    driver = open_kiosk()
    driver.press(Qt.Key.Key_C)
    assert driver.window.focusWidget() is driver.find(driver.tile(me))
    driver.press(Qt.Key.Key_Return)
    driver.press(Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_6)
    assert driver.screen == "stations"
    driver.press(Qt.Key.Key_Return, Qt.Key.Key_3, Qt.Key.Key_F, Qt.Key.Key_Return)
    assert driver.has("goodbye_bar")
    (said,) = desk.reads.entries.reflections_of_student(section, me)
    assert (said.growth, list(said.words)) == (3, ["fun"])
    assert driver.window.focusWidget() in driver.window.findChildren(kit.NameTile)


def test_escape_goes_one_step_back_everywhere(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me))
    driver.press(Qt.Key.Key_Escape)
    assert driver.screen == "who"
    driver.tap(driver.tile(me), "picture_4", "picture_5", "picture_6")
    driver.press(Qt.Key.Key_G)
    assert driver.screen == "goal"
    driver.press(Qt.Key.Key_2)
    assert driver.find("goal_step_2").isChecked()  # type: ignore[attr-defined]
    driver.press(Qt.Key.Key_Escape)
    driver.press(Qt.Key.Key_Return)
    assert driver.screen == "reflect"
    driver.press(Qt.Key.Key_Escape)
    assert driver.screen == "stations"
    driver.tap("help")
    driver.press(Qt.Key.Key_Escape)
    assert driver.screen == "stations"


def test_backspace_takes_a_picture_back_and_hints_show_after_a_key(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), "picture_1")
    plain = driver.find("picture_9").grab().toImage()
    driver.press(Qt.Key.Key_Backspace)
    assert driver.find("picture_9").grab().toImage() != plain
    driver.press(Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_6)
    assert driver.screen == "stations"


def test_digits_open_a_station(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), "picture_4", "picture_5", "picture_6")
    number = next(n for n in range(1, 5) if driver.has(f"station_{n}"))
    driver.press(Qt.Key(Qt.Key.Key_0 + number))
    assert not driver.has(f"station_{number}")


def test_any_key_wakes(open_kiosk: Open, section: Id) -> None:
    driver = open_kiosk()
    driver.window.sleep()
    driver.settle()
    driver.press(Qt.Key.Key_X)
    assert driver.screen == "who"
