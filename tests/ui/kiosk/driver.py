"""Drives a student's window with real clicks and keys, offscreen, and counts them."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk.ui.kiosk.window import KioskWindow


class Driver:
    """``tap`` and ``press`` act as a child does: on what is visible and enabled, through the window's events."""

    def __init__(self, window: KioskWindow) -> None:
        self.window = window
        self.taps = 0
        self.keys = 0
        self.opened: list[str] = []

    def find(self, name: str) -> QWidget:
        found = [one for one in self.window.findChildren(QWidget, name) if one.isVisible()]
        assert len(found) == 1, f"{len(found)} visible widgets are called {name} on {self.window.screen_name}"
        return found[0]

    def has(self, name: str) -> bool:
        return any(one.isVisible() for one in self.window.findChildren(QWidget, name))

    def tap(self, *names: str) -> None:
        for name in names:
            widget = self.find(name)
            assert widget.isEnabled(), f"{name} cannot be tapped"
            # On the window where the widget is, so that what lies over it gets the tap instead.
            spot = widget.mapTo(self.window, widget.rect().center())
            hit = self.window.childAt(spot)
            assert hit is not None
            QTest.mouseClick(hit, Qt.MouseButton.LeftButton, pos=hit.mapFrom(self.window, spot))
            self.taps += 1
            self.settle()

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            target = QApplication.focusWidget()
            assert target is not None, f"nothing has the keys on {self.window.screen_name}"
            QTest.keyClick(target, key)
            self.keys += 1
            self.settle()

    def settle(self) -> None:
        for _turn in range(3):
            QCoreApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def wait(self, until: Callable[[], bool], seconds: float = 10) -> None:
        """For what happens in a thread."""
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, f"it did not come, on {self.window.screen_name}"
            self.settle()
            time.sleep(0.005)

    @property
    def screen(self) -> str:
        return self.window.screen_name

    def tile(self, student: bytes) -> str:
        """The objectName of a student's tile."""
        view = self.window.session.view
        assert view is not None
        place = next(i for i, tile in enumerate(view.tiles, 1) if tile.student.id == student)
        return f"tile_{place}"
