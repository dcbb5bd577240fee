"""Hands that count their taps, and what can be read of Today."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk.ui.desk.today import TodayPage
from blenddesk.ui.desk.window import DeskWindow

W = TypeVar("W", bound=QWidget)


Open = Callable[[], DeskWindow]


class Taps:
    """Clicks through the screen only, and counts them."""

    def __init__(self, root: QWidget) -> None:
        self.root, self.count = root, 0

    def find(self, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
        for top in (self.root, *QApplication.topLevelWidgets()):
            for found in top.findChildren(kind, name):
                if found.isVisible():
                    return found
        raise AssertionError(f"{name} is not on screen")

    def tap(self, name: str) -> None:
        widget = self.find(name)
        assert widget.isEnabled(), name
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        for _ in range(4):  # the change, the refresh it asks for, the layout, the paint
            QApplication.processEvents()
        self.count += 1


def page_of(window: DeskWindow) -> TodayPage:
    page = window.page("today")
    assert isinstance(page, TodayPage)
    return page


def names_on(widget: QWidget) -> str:
    """Everything a reader meets on the visible part of a window."""
    found = []
    for child in widget.findChildren(QWidget):
        if child.isVisible():
            words = getattr(child, "text", None)
            found += [child.accessibleName(), words() if callable(words) else ""]
    return " | ".join(found)
