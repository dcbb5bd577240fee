"""The small strip that stays on top while a child works in another program: who, how long still, Done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from blenddesk.domain.people import Student
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.kiosk.screen import FitText
from blenddesk.ui.kit import paint

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow


class KioskStrip(QWidget):
    """``finished`` when Done is pressed or the strip is closed by whatever way: back to the same child's draft."""

    finished = Signal()

    def __init__(self, window: KioskWindow, student: Student, avatar: str, title: str, seconds: int | None) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint,
        )
        self.setObjectName("kiosk_strip")
        self.setWindowTitle("BlendDesk")
        self.setAccessibleName(_("BlendDesk strip"))
        # The strip is no part of the window it stands for, so it needs the same look of its own.
        look = theme.look_of(window)
        theme.set_look(self, tokens=look.tokens, face="kiosk", language=look.language, scale=look.scale)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 10, 14, 10)
        row.setSpacing(14)
        row.addWidget(kit.AvatarCircle(student.name, avatar, px=look.px(60), parent=self))
        row.addWidget(FitText(student.name, "large", parent=self), 1)
        row.addWidget(FitText(title, "body", bold=False, tone="dim", parent=self), 1)
        self.timer = kit.TimerDigits(seconds or 0, px=30, parent=self)
        self.timer.setVisible(seconds is not None)
        row.addWidget(self.timer)
        self.done = kit.Button(_("Done"), "go", size="kiosk", icon="check-circle", parent=self)
        self.done.setObjectName("strip_done")
        self.done.clicked.connect(self.close)
        row.addWidget(self.done)
        self.setFixedHeight(max(look.px(104), self.sizeHint().height()))
        self._told = False

    def show_on_top(self) -> None:
        """In the middle of the screen's upper edge, no wider than two thirds of it."""
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        width = min(max(self.minimumSizeHint().width(), 720), room.width() - 40)
        self.setFixedWidth(width)
        self.move(room.left() + (room.width() - width) // 2, room.top() + 4)
        self.show()

    def set_seconds(self, seconds: int | None) -> None:
        self.timer.setVisible(seconds is not None)
        if seconds is not None:
            self.timer.set_seconds(seconds)
            self.timer.set_tone("warn" if seconds <= 60 else "text")

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if not self._told:
            self._told = True
            self.finished.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        with paint.painting(self) as painter:
            painter.fillRect(self.rect(), self.palette().window())
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            paint.card(painter, box, 0, tokens.bg, line=tokens.control, width=2)
