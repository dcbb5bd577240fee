"""What painted controls share: taking up a look, states, accessible names, sizes, keyboard activation."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from blenddesk.ui import theme
from blenddesk.ui.kit import paint

LOOK_CHANGES = frozenset({QEvent.Type.ParentChange, QEvent.Type.LayoutDirectionChange})
"""After these in ``changeEvent`` a widget may have another look; all else is told by ``theme.refresh``.

Watched there and not in ``event``, which would cost a Python call for every event of every widget.
"""

DIRECTED_ICONS = frozenset(
    {
        "arrow-left",
        "arrow-right",
        "caret-left",
        "caret-right",
        "backspace",
        "sign-in",
        "sign-out",
        "list-checks",
        "list-numbers",
        "path",
        "arrow-counter-clockwise",
        "door-open",
        "arrow-square-out",
    }
)
"""Icons that point along the reading direction and so turn round on right-to-left screens."""


def is_rtl(widget: QWidget) -> bool:
    return widget.layoutDirection() == Qt.LayoutDirection.RightToLeft


class PaintedButton(QAbstractButton):
    """A button that paints itself. Subclasses give ``content_size`` and ``paint_content``.

    The accessible role comes from Qt: push button, or tick box when checkable, or radio button when exclusive.
    Enter presses it as well as Space, because the student's main action is Enter.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Words on the button; also its accessible name unless one is set."""
        theme.need_fonts_for(text, theme.look_of(self))
        # An ampersand in a station's or student's name is a letter, not a shortcut.
        super().setText(text.replace("&", "&&"))
        self.updateGeometry()

    def words(self) -> str:
        """The text as written, without the doubled ampersands that Qt wants."""
        return self.text().replace("&&", "&")

    def content_size(self) -> QSize:
        raise NotImplementedError

    def paint_content(self, painter: QPainter) -> None:
        raise NotImplementedError

    def is_hovered(self) -> bool:
        return self.isEnabled() and self.underMouse()

    def restyle(self) -> None:
        """Take up a changed look; called by ``theme.refresh`` and when moved to another parent."""
        self.updateGeometry()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_CHANGES:
            self.restyle()

    def enterEvent(self, event: QEnterEvent) -> None:
        # The hand comes with the pointer: to make one, PySide creates a dozen classes the first paint does not need.
        if self.focusPolicy() != Qt.FocusPolicy.NoFocus:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        super().enterEvent(event)

    def sizeHint(self) -> QSize:
        return self.content_size()

    def minimumSizeHint(self) -> QSize:
        return self.content_size()

    def paintEvent(self, event: QPaintEvent) -> None:
        with paint.painting(self) as painter:
            if not self.isEnabled():
                painter.setOpacity(0.45)
            self.paint_content(painter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)
