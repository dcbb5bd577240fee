"""One focus ring for every control, Qt's own included: two tones, so one of them shows on any surface.

It appears only after a key press: a student who taps or a teacher with a mouse never sees it. Key presses are
watched at the windows, not at the application: a filter there would cost a Python call for every event.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWindow
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

from blenddesk.ui import theme

MARGIN = 4
_POINTER_EVENTS = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


_MOVES = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide})


class FocusRing(QWidget):
    """Ink 2 px inside, amber 3 px outside, around the widget that has the focus.

    Not a QFocusFrame: that one keeps bare pointers to its widget and to what it lies on, and follows them into deleted
    or moved widgets (seen as crashes in Qt 6.8 when a page was rebuilt under the focus).
    """

    def __init__(self, widget: QWidget) -> None:
        host = _host_of(widget)
        super().__init__(host)
        self._widget = widget
        self._host = host
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Whatever moves the widget on its host is one of these.
        link: QWidget | None = widget
        while link is not None and link is not host:
            link.installEventFilter(self)
            link = link.parentWidget()
        self.place()

    def widget(self) -> QWidget:
        """What the ring is around."""
        return self._widget

    def place(self) -> None:
        """Around the widget as it lies now; hidden with it."""
        there = isValid(self._widget) and self._widget.isVisible() and self._host.isAncestorOf(self._widget)
        if there:
            box = QRect(self._widget.mapTo(self._host, QPoint(0, 0)), self._widget.size())
            self.setGeometry(box.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
            self.raise_()
        self.setVisible(there)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self.place()
        elif event.type() == QEvent.Type.ParentChange:
            # On its way to another place: whoever focuses it there gets a new ring.
            self.hide()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if not isValid(self._widget):
            return
        tokens = theme.look_of(self._widget).tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(self.rect())
        radius = min(14.0, box.height() / 2)
        painter.setPen(QPen(QColor(tokens.focus_outer), 3))
        painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), radius, radius)
        painter.setPen(QPen(QColor(tokens.focus_inner), 2))
        painter.drawRoundedRect(box.adjusted(4, 4, -4, -4), max(2.0, radius - 3), max(2.0, radius - 3))
        painter.end()


def _host_of(widget: QWidget) -> QWidget:
    """What the ring lies on: the scrolled area the widget is in, so that it is moved and cut with it, or the window."""
    inside = widget
    parent = inside.parentWidget()
    while parent is not None and not inside.isWindow():
        if isinstance(parent, QAbstractScrollArea) and inside is parent.viewport():
            return inside
        inside, parent = parent, parent.parentWidget()
    return inside


class FocusWatcher(QObject):
    """Shows the ring when the focus moves by keys and hides it at the next tap or click."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._keys = False
        self._ring: FocusRing | None = None
        app.focusChanged.connect(self._on_app_focus_changed)
        app.focusWindowChanged.connect(self._on_app_window_changed)
        self._on_app_window_changed(app.focusWindow())

    def by_keys(self) -> bool:
        """Whether the person's last move was a key."""
        return self._keys

    def ring(self) -> FocusRing | None:
        return self._ring if self._ring is not None and isValid(self._ring) else None

    def _on_app_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._show(now)

    def _on_app_window_changed(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def _show(self, widget: QWidget | None) -> None:
        # The ring lives in the window of its widget and dies with it.
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._ring = None
        if widget is not None and self._keys and not isinstance(widget, QAbstractScrollArea):
            self._ring = FocusRing(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and not self._keys:
            self._keys = True
            self._show(QApplication.focusWidget())
        elif kind in _POINTER_EVENTS and self._keys:
            self._keys = False
            self._show(None)
        return False


@cache
def watch_focus(app: QApplication) -> FocusWatcher:
    """Start watching; called after ``apply_theme``. The watcher belongs to the application, which has only one."""
    # Remembered, not looked for: to look through the application's children PySide creates the class of styles.
    return FocusWatcher(app)
