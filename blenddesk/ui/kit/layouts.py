"""Containers: a layout that flows into the next line, and a grid in which arrow keys move in two dimensions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QLayoutItem, QWidget
from shiboken6 import isValid

from blenddesk.ui.kit.base import is_rtl

_ARROWS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class FlowLayout(QLayout):
    """Puts widgets side by side and goes on in the next line when a line is full; mirrored by reading direction."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        margins = self.contentsMargins()
        hints = [item.sizeHint() for item in self._living()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        height = max((hint.height() for hint in hints), default=0)
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._living():
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _living(self) -> list[QLayoutItem]:
        """Without those that Qt has deleted already: a page that is being taken down still asks for its size."""
        return [item for item in self._items if isValid(item)]

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        area = rect.marginsRemoved(margins)
        host = self.parentWidget()
        mirror = host is not None and is_rtl(host)
        x, y, line = area.left(), area.top(), 0
        for item in self._living():
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            size = item.sizeHint()
            if x > area.left() and x + size.width() > area.right() + 1:
                x, y, line = area.left(), y + line + self.spacing(), 0
            if move:
                left = area.left() + area.right() + 1 - x - size.width() if mirror else x
                item.setGeometry(QRect(QPoint(left, y), size))
            x += size.width() + self.spacing()
            line = max(line, size.height())
        return y + line - rect.top() + margins.bottom()


class ArrowGrid(QWidget):
    """Widgets in rows and columns with real two-dimensional arrow keys: Tab goes in and out, arrows move inside.

    Left and right follow the screen in both reading directions. Home and End go to the first and last; a letter
    jumps to the next widget whose accessible name (or text) starts with it. Disabled and hidden widgets are skipped.
    """

    def __init__(
        self, columns: int, *, spacing: int = 10, letters: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = columns
        self._letters = letters
        self._widgets: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(spacing)

    def columns(self) -> int:
        return self._columns

    def widgets(self) -> list[QWidget]:
        """The widgets in reading order."""
        return list(self._widgets)

    def set_widgets(self, widgets: Sequence[QWidget], *, columns: int | None = None) -> None:
        """Show these instead; widgets that are no longer in it are deleted."""
        for old in self._widgets:
            self._grid.removeWidget(old)
            old.removeEventFilter(self)
            if old not in widgets:
                old.setParent(None)
                old.deleteLater()
        self._columns = columns or self._columns
        self._widgets = []
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        for widget in widgets:
            self.add(widget)

    def add(self, widget: QWidget) -> None:
        index = len(self._widgets)
        self._widgets.append(widget)
        self._grid.addWidget(widget, index // self._columns, index % self._columns)
        self._grid.setColumnStretch(index % self._columns, 1)
        widget.installEventFilter(self)

    def set_spacing(self, spacing: int) -> None:
        """Other air between the widgets."""
        self._grid.setSpacing(spacing)

    def set_columns(self, columns: int) -> None:
        """Lay the same widgets out in another number of columns."""
        if columns != self._columns:
            self.set_widgets(self._widgets[:], columns=columns)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or watched not in self._widgets:
            return False
        assert isinstance(event, QKeyEvent)
        assert isinstance(watched, QWidget)
        target = self._target(self._widgets.index(watched), event)
        if target is None:
            return False
        target.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _target(self, index: int, event: QKeyEvent) -> QWidget | None:
        key = Qt.Key(event.key())
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return None
        if key in _ARROWS:
            rows, columns = _ARROWS[key]
            return self._step(index, rows, -columns if is_rtl(self) else columns)
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            ordered = self._widgets if key == Qt.Key.Key_Home else self._widgets[::-1]
            return next((w for w in ordered if _can_focus(w)), None)
        letter = event.text().casefold()
        if self._letters and letter.isalpha():
            ring = self._widgets[index + 1 :] + self._widgets[: index + 1]
            return next((w for w in ring if _can_focus(w) and _name(w).casefold().startswith(letter)), None)
        return None

    def _step(self, index: int, rows: int, columns: int) -> QWidget:
        """The next usable widget in a direction; at the edge, where we are (keys never fall out of the grid)."""
        row, column = divmod(index, self._columns)
        last_row = (len(self._widgets) - 1) // self._columns
        while True:
            row, column = row + rows, column + columns
            if not (0 <= row <= last_row and 0 <= column < self._columns):
                return self._widgets[index]
            found = row * self._columns + column
            if found >= len(self._widgets):
                if rows > 0:
                    # A short last row: go to its last widget rather than nowhere.
                    found = len(self._widgets) - 1
                else:
                    return self._widgets[index]
            if _can_focus(self._widgets[found]):
                return self._widgets[found]


def _can_focus(widget: QWidget) -> bool:
    return widget.isEnabled() and not widget.isHidden() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def _name(widget: QWidget) -> str:
    name = widget.accessibleName()
    text = getattr(widget, "words", None)
    return name or (text() if callable(text) else "")
