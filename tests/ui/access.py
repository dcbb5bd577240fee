"""Walks a window as a screen reader and a keyboard do, and says what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSpinBox, QComboBox, QLineEdit, QWidget

SMALLEST = 24
"""WCAG 2.5.8: the least height and width of a target on the desk."""


def focusable(root: QWidget) -> list[QWidget]:
    """What Tab reaches in ``root``, shown and enabled; the inner parts of Qt's own controls are left out."""
    found = []
    for widget in root.findChildren(QWidget):
        inner = isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox | QLineEdit)
        in_popup = widget.window() is not root.window()
        if inner or in_popup or not widget.isVisibleTo(root) or not widget.isEnabled():
            continue
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
    return found


def complaints(root: QWidget) -> list[str]:
    """A line for each control without a name, with a name twice, too small, or which Tab cannot reach."""
    wrong: list[str] = []
    names: dict[str, QWidget] = {}
    controls = focusable(root)
    for widget in controls:
        face = QAccessible.queryAccessibleInterface(widget)
        # On Linux Qt says a combo box's value for its name; its own name reaches readers as the label relation does.
        name = widget.accessibleName() if isinstance(widget, QComboBox) else face.text(QAccessible.Text.Name).strip()
        where = f"{type(widget).__name__} {widget.objectName()!r}"
        if not name:
            wrong.append(f"{where}: no name")
        elif name in names:
            wrong.append(f"{where}: {name!r} is also {names[name].objectName()!r}")
        names[name] = widget
        if min(widget.width(), widget.height()) < SMALLEST and not isinstance(widget, QAbstractScrollArea):
            wrong.append(f"{where}: {widget.width()} x {widget.height()}")
    reached = set()
    widget = root.window().nextInFocusChain()
    while widget is not None and widget is not root.window():
        reached.add(widget)
        widget = widget.nextInFocusChain()
    wrong += [f"{one.objectName()}: Tab never comes here" for one in controls if one not in reached]
    return wrong
