"""Questions and long work inside the window: a card over a dimmed page, closed by Esc, that keeps the focus inside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from blenddesk.text import _
from blenddesk.ui import theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.buttons import Button
from blenddesk.ui.kit.containers import Card
from blenddesk.ui.kit.labels import Heading, Text
from blenddesk.ui.kit.progress import ProgressBar
from blenddesk.ui.kit.toast import announce


class Sheet(QWidget):
    """A question over the page it belongs to. ``open()`` shows it, ``close_sheet()`` takes it away and deletes it.

    Put widgets into ``body``; buttons given as ``actions`` sit at the foot, the main one last. The focus goes to
    the first control inside and returns afterwards to where it was.

    Args:
        window: the window (or page) it covers.
        closable: Esc and "Cancel" close it without an answer.
    """

    closed = Signal()
    """After it went away, by whatever way."""

    def __init__(
        self,
        window: QWidget,
        title: str,
        text: str = "",
        *,
        actions: Sequence[Button] = (),
        closable: bool = True,
        width: int = 560,
    ) -> None:
        super().__init__(window)
        self.setObjectName("sheet")
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._closable = closable
        self._returns_to: QWidget | None = None
        self._host = window
        self._width = width
        self.card = Card(padding=24, radius=theme.RADIUS_LARGE, parent=self)
        self.title = Heading(title, "title", parent=self.card)
        self.text = Text(text, tone="dim", parent=self.card)
        self.text.setVisible(bool(text))
        self._inner = inner = QWidget(self.card)
        self.body = QVBoxLayout(inner)
        self.body.setContentsMargins(0, 6, 0, 6)
        self.body.setSpacing(10)
        self.scroll_area = QScrollArea(self.card)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setWidget(inner)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Imported here: no window opens with a sheet.
        from blenddesk.ui.kit.fade import fade_below

        fade_below(self.scroll_area, ground="surface")
        inner.setAutoFillBackground(False)
        self.scroll_area.viewport().setAutoFillBackground(False)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(10)
        self._foot.addStretch(1)
        self.card.body.addWidget(self.title)
        self.card.body.addWidget(self.text)
        self.card.body.addWidget(self.scroll_area, 1)
        self.card.body.addLayout(self._foot)
        self.cancel: Button | None = None
        if closable:
            self.cancel = Button(_("Cancel"), parent=self.card)
            self.cancel.setObjectName("sheet_cancel")
            self.cancel.clicked.connect(self.close_sheet)
            self._foot.addWidget(self.cancel)
        for action in actions:
            self._foot.addWidget(action)
        window.installEventFilter(self)
        self.hide()

    def add_action(self, button: Button) -> None:
        self._foot.addWidget(button)

    def open(self, focus: QWidget | None = None) -> None:
        """Show it over the window; ``focus`` gets the keys, else the first control inside."""
        self._returns_to = QApplication.focusWidget()
        self.place()
        self.show()
        self.raise_()
        target = focus or self._first_control() or self
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.title.text())

    def close_sheet(self) -> None:
        """Take it away and give the focus back."""
        self._host.removeEventFilter(self)
        self.hide()
        back = self._returns_to
        if back is not None and _is_alive(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        self.deleteLater()

    def controls(self) -> list[QWidget]:
        """What Tab reaches inside, in reading order."""
        found: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            inside = self.isAncestorOf(widget) and widget.isVisibleTo(self) and widget.isEnabled()
            if inside and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                found.append(widget)
            widget = widget.nextInFocusChain()
        # The chain knows in which order things were made; people read the body first, then the foot.
        items = (self._foot.itemAt(index) for index in range(self._foot.count()))
        foot = [item.widget() for item in items if item is not None]
        body = [widget for widget in found if widget not in foot]
        return body + [widget for widget in foot if widget in found]

    def _first_control(self) -> QWidget | None:
        controls = [c for c in self.controls() if c is not self.cancel]
        return next(iter(controls), self.cancel)

    def place(self) -> None:
        """Cover the window; the card as wide as asked and as high as its content, within the window."""
        window = self._host
        self.setGeometry(window.rect())
        look = theme.look_of(self)
        width = min(look.px(self._width), window.width() - 32)
        content = self._inner
        wanted = content.heightForWidth(width - 56) if content.hasHeightForWidth() else content.sizeHint().height()
        self.scroll_area.setMinimumHeight(min(wanted, window.height() // 2))
        self.scroll_area.setVisible(self.body.count() > 0)
        layout = self.card.body
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        if self.body.count():
            # A scroll area asks for the height its words would have in a narrow column.
            asked = max(self.scroll_area.sizeHint().height(), self.scroll_area.minimumHeight())
            height += wanted - asked
        height = min(height, window.height() - 32)
        self.card.setGeometry((window.width() - width) // 2, (window.height() - height) // 2, width, height)

    def restyle(self) -> None:
        if not self.isHidden():
            self.place()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside: behind the sheet nothing can be pressed."""
        controls = self.controls()
        if not controls:
            return True
        now = QApplication.focusWidget()
        step = 1 if forward else -1
        index = controls.index(now) + step if now in controls else 0
        controls[index % len(controls)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._closable:
            self.close_sheet()
            return
        super().keyPressEvent(event)
        # Nothing falls through to the page below, such as its single-letter keys.
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self.place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        with paint.painting(self) as painter:
            veil = QColor("#000000" if theme.look_of(self).tokens.dark else theme.look_of(self).tokens.ink)
            veil.setAlphaF(0.45)
            painter.fillRect(QRectF(self.rect()), veil)


class ProgressSheet(Sheet):
    """Long work in words: what is done, "12 of 32", and Cancel, which leaves nothing half done.

    ``cancel_requested`` only asks; whoever runs the work stops it and then calls ``close_sheet``.
    """

    cancel_requested = Signal()

    def __init__(self, window: QWidget, title: str, text: str = "", *, cancellable: bool = True) -> None:
        super().__init__(window, title, text, closable=False, width=460)
        self._cancellable = cancellable
        self._count = Text("", bold=True, parent=self.card)
        self._bar = ProgressBar(0, 1, name=title, height=12, parent=self.card)
        self.body.addWidget(self._count)
        self.body.addWidget(self._bar)
        self.stop = Button(_("Cancel"), parent=self.card)
        self.stop.setObjectName("progress_cancel")
        self.stop.clicked.connect(self._on_stop_clicked)
        self.stop.setVisible(cancellable)
        self.add_action(self.stop)

    def set_progress(self, done: int, total: int, *, text: str | None = None) -> None:
        """Real counts: ``done`` of ``total`` steps."""
        self._count.setText(_("{done} of {total}").format(done=done, total=total))
        self._bar.set_progress(done, total)
        if text is not None:
            self.text.setText(text)
            self.text.setVisible(bool(text))

    def _on_stop_clicked(self) -> None:
        self.stop.setEnabled(False)
        self.stop.setText(_("Stopping..."))
        self.cancel_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._cancellable and self.stop.isEnabled():
            self._on_stop_clicked()
            return
        super().keyPressEvent(event)


def _is_alive(widget: QWidget) -> bool:
    from shiboken6 import isValid

    return isValid(widget)
