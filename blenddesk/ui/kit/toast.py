"""A short message at the foot of the window with Undo: 8 seconds, waits under pointer or focus, is read aloud."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QColor, QFocusEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from blenddesk.text import _
from blenddesk.ui import theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import PaintedButton
from blenddesk.ui.kit.labels import IconLabel, Text

STAYS_MS = 8000
_MARGIN = 16


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader say ``text``; polite unless ``urgent`` (time is up). Nothing happens without a reader."""
    if not QAccessible.isActive():
        return
    from PySide6.QtGui import QAccessibleAnnouncementEvent

    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)


class _UndoButton(PaintedButton):
    """The word at the end of a toast."""

    focus_moved = Signal()

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        size = paint.text_size(self.words(), look.font(bold=True))
        size.setWidth(size.width() + look.px(24))
        size.setHeight(max(look.px(40), size.height() + 6))
        return size

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        box = QRectF(self.rect())
        if self.is_hovered() or self.isDown():
            paint.card(painter, box.adjusted(0, 3, 0, -3), 8, "", line=look.tokens.ink_accent, width=1.5)
        paint.draw_text(painter, box, self.words(), look.font(bold=True), look.tokens.ink_accent, paint.CENTRE, lines=1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_moved.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_moved.emit()


class Toast(QWidget):
    """One message at a time over the foot of ``window``; a new one takes the place of the old.

    F6 moves the focus to Undo (the window's own shortcut should call ``focus_undo``).
    """

    closed = Signal()
    undo_requested = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("toast")
        self._host = window
        self._undo: Callable[[], object] | None = None
        self._left = STAYS_MS
        self._pointed_at = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._icon = IconLabel("check-circle", tone="ink_ok", px=18, weight="fill", parent=self)
        self._label = Text("", parent=self, tone="on_ink")
        self._button = _UndoButton(_("Undo"), self)
        self._button.setObjectName("toast_undo")
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(14, 2, 8, 2)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addWidget(self._label, 1)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.close_now)
        self._button.clicked.connect(self._on_button_clicked)
        self._button.focus_moved.connect(self._pause_or_go_on)
        window.installEventFilter(self)
        self.hide()

    def show_message(self, text: str, undo: Callable[[], object] | None = None, *, stays_ms: int = STAYS_MS) -> None:
        """Show ``text``; with ``undo`` there is a button that calls it (and emits ``undo_requested``)."""
        self._undo = undo
        self._pointed_at = False
        self._label.setText(text)
        self._button.setText(_("Undo"))
        self._button.setVisible(undo is not None)
        self.setAccessibleName(text)
        self._left = stays_ms
        self.show()
        self.raise_()
        self.place()
        self._timer.start(stays_ms)
        self._pause_or_go_on()
        announce(self, text)

    def message(self) -> str:
        """The words shown now, or an empty string."""
        return "" if self.isHidden() else self._label.text()

    def is_waiting(self) -> bool:
        """Whether the time stands still because someone points at it or has the focus on Undo."""
        return not self.isHidden() and not self._timer.isActive()

    def focus_undo(self) -> None:
        """Give the focus to Undo when it is shown (F6)."""
        if self._button.isVisible():
            self._button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_now(self) -> None:
        self._timer.stop()
        self._undo = None
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def place(self) -> None:
        """Sit at the leading foot of the window, as wide as the words up to the window."""
        window = self._host
        look = theme.look_of(self)
        words = paint.text_size(self._label.text(), self._label.font()).width()
        button = self._button.sizeHint().width() + 12 if self._undo is not None else 0
        width = min(words + button + look.px(72), window.width() - 2 * _MARGIN)
        width = max(width, min(look.px(280), window.width() - 2 * _MARGIN))
        height = max(look.px(44), self._row.heightForWidth(width))
        left_to_right = self.layoutDirection() == Qt.LayoutDirection.LeftToRight
        lead = self.property("lead") or _MARGIN
        x = lead if left_to_right else window.width() - width - lead
        x = min(max(_MARGIN, x), window.width() - width - _MARGIN)
        self.setGeometry(x, window.height() - height - _MARGIN, width, height)

    def _on_button_clicked(self) -> None:
        undo, self._undo = self._undo, None
        self.close_now()
        self.undo_requested.emit()
        if undo is not None:
            undo()

    def _pause_or_go_on(self) -> None:
        hold = self._pointed_at or self._button is QApplication.focusWidget()
        if hold and self._timer.isActive():
            self._left = max(self._timer.remainingTime(), 1500)
            self._timer.stop()
        elif not hold and not self._timer.isActive() and not self.isHidden():
            self._timer.start(self._left)

    def restyle(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.look_of(self).tokens.ink))
        self.setPalette(palette)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        # A pointer that was parked here before does not count: only one that moves over the message.
        if event.type() in (QEvent.Type.HoverMove, QEvent.Type.HoverLeave):
            self._pointed_at = event.type() == QEvent.Type.HoverMove
            self._pause_or_go_on()
        return done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self.place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        with paint.painting(self) as painter:
            line = tokens.bg if tokens.name == "contrast" else ""
            paint.card(painter, QRectF(self.rect()), 10, tokens.ink, line=line, width=3)
