"""Walks a student's window through all its screens, and looks at each as a screen reader and a small finger would."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QWidget

from blenddesk.domain.ids import Id
from tests.conftest import FakeClock
from tests.ui.kiosk.driver import Driver

PICTURES = ("picture_4", "picture_5", "picture_6")
ROLES = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.EditableText,
}


def visit(driver: Driver, me: Id, clock: FakeClock, look: Callable[[str], None]) -> None:
    """Goes through all screens and calls ``look`` at each."""
    look("who")
    driver.tap(driver.tile(me))
    look("pictures")
    driver.tap(*PICTURES[:2])
    look("pictures half")
    driver.tap(PICTURES[2])
    look("stations")
    driver.tap("goal")
    look("goal")
    driver.tap("did_step")
    look("goal done")
    driver.tap("back", "friend")
    look("friends")
    driver.tap("friend_1", "friends_done")
    driver.tap(next(f"tick_{n}" for n in range(1, 5) if driver.has(f"tick_{n}")))
    look("stations ticked")
    driver.tap("help")
    look("help")
    driver.tap("help_back", "did_it")
    look("reflect")
    driver.tap("show_work")
    look("show work, looking")
    driver.wait(lambda: driver.has("photo_8"))
    look("show work")
    driver.tap("photo_1")
    driver.wait(lambda: driver.screen == "reflect")
    look("reflect with a picture")
    driver.tap("growth_2", "growth_3", "write")
    look("writing")
    driver.tap("remark_done")
    look("reflect done")
    clock.advance(seconds=30)
    driver.window.tick()
    driver.settle()
    look("still here")
    driver.tap("stay", "finish")
    look("goodbye")
    clock.advance(seconds=6)
    driver.window.tick()
    clock.advance(seconds=600)
    driver.window.tick()
    driver.settle()
    assert driver.screen == "asleep"
    look("asleep")
    driver.window.show_classes()
    driver.settle()
    look("classes")


def focusables(window: QWidget) -> list[QWidget]:
    """What Tab reaches, in the order of the focus chain from the first widget of the window."""
    found = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if reached and widget.isVisible() and widget.isEnabled() and widget.window() is window:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def goes_back(first: QRect, second: QRect, *, rtl: bool) -> bool:
    """Whether ``second`` should have been read before ``first``: above it (and not in a later column), or on the same
    line and nearer to where reading begins."""
    same_line = first.center().y() in range(second.top(), second.bottom() + 1)
    if same_line:
        return second.center().x() > first.center().x() if rtl else second.center().x() < first.center().x()
    later_column = second.right() <= first.left() if rtl else second.left() >= first.right()
    return second.bottom() <= first.top() and not later_column


def troubles(driver: Driver, screen: str, *, rtl: bool) -> list[str]:
    window = driver.window
    found = []
    names: dict[str, str] = {}
    reached = focusables(window)
    sheets = [one for one in window.findChildren(QWidget, "still_here") if one.isVisible()]
    if sheets:
        reached = [one for one in reached if sheets[0].isAncestorOf(one)]
    if not reached:
        found.append(f"{screen}: nothing can be reached")
    for widget in reached:
        key = widget.objectName() or type(widget).__name__
        face = QAccessible.queryAccessibleInterface(widget)
        name = face.text(QAccessible.Text.Name)
        if not name:
            found.append(f"{screen}: {key} has no name")
        if name in names:
            found.append(f"{screen}: {key} and {names[name]} are both called {name!r}")
        names[name] = key
        if face.role() not in ROLES:
            found.append(f"{screen}: {key} is a {face.role().name}")
        pill = widget.height() >= 64 and widget.height() < 80 and getattr(widget, "_size", "") == "pill"
        round_pill = widget.width() >= 64 and getattr(widget, "_round", False)
        least = 64 if pill or round_pill or isinstance(widget, QLineEdit) else 80
        if widget.width() < least or widget.height() < least:
            found.append(f"{screen}: {key} is only {widget.size().toTuple()}")
    for before, after in pairwise(reached):
        if goes_back(place(before, window), place(after, window), rtl=rtl):
            found.append(f"{screen}: Tab goes back from {before.objectName()} to {after.objectName()}")
    return found
