"""One focus ring for every control, Qt's own included: two tones, so one of them shows on any surface.

It appears only after a key press: a student who taps or a teacher with a mouse never sees it. Key presses are
watched at the windows, not at the application: a filter there would cost a Python call for every event.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWindow
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFocusFrame, QWidget
from shiboken6 import delete, isValid

from blenddesk.ui import theme

_POINTER_EVENTS = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class FocusRing(QFocusFrame):
    """Ink 2 px inside, amber 3 px outside, around the widget that has the focus.

    One ring for one widget, and deleted at once when the focus goes on: QFocusFrame keeps bare pointers to its widget
    and to what it lies on, and follows them when these are long deleted or moved (seen as crashes in Qt 6.8).
    """

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self.widget()).tokens
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
        if self._ring is not None and isValid(self._ring):
            delete(self._ring)
        self._ring = None
        if widget is not None and self._keys and not _holds_others(widget):
            self._ring = FocusRing()
            self._ring.setWidget(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and not self._keys:
            self._keys = True
            self._show(QApplication.focusWidget())
        elif kind in _POINTER_EVENTS and self._keys:
            self._keys = False
            self._show(None)
        return False


def _holds_others(widget: QWidget) -> bool:
    """A page or sheet may have the keys itself; a ring around all of it would point at nothing."""
    return widget.layout() is not None or isinstance(widget, QAbstractScrollArea)


@cache
def watch_focus(app: QApplication) -> FocusWatcher:
    """Start watching; called after ``apply_theme``. The watcher belongs to the application, which has only one."""
    # Remembered, not looked for: to look through the application's children PySide creates the class of styles.
    return FocusWatcher(app)
