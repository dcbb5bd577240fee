"""Signs that fill the screen (raised hand, eyes on me), the goodbye line with Oops, and the questions asked over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from blenddesk import text
from blenddesk.domain.people import Student
from blenddesk.text import _
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.kiosk import words
from blenddesk.ui.kiosk.screen import FitText, KioskScreen
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.buttons import Kind
from blenddesk.ui.kit.timer import TimerRing

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow

STILL_HERE_SECONDS = 10
OOPS_SECONDS = 5


class _BigPicture(QLabel):
    """A picture as large as there is room for; the words below say the same."""

    def __init__(self, picture: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = picture
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 120)

    def paintEvent(self, event: QPaintEvent) -> None:
        with paint.painting(self) as painter:
            assets.draw_picture(painter, QRectF(self.rect()), self._picture)


class HelpScreen(KioskScreen):
    """K10. A sign that can be seen across the room; it claims that the teacher knows only where that is so."""

    name = "help"

    def __init__(self, window: KioskWindow, shape: str) -> None:
        super().__init__(window)
        self._shape = shape
        self.column.setContentsMargins(60, 56, 60, 56)
        self.body.addWidget(_BigPicture("raised-hand", self), 1)
        self.body.addWidget(FitText(_("Put up your hand"), "display", centred=True, parent=self))
        if window.live and window.student is not None:
            told = kit.Text(_("Your teacher can see it too."), "large", tone="dim", parent=self)
            told.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.body.addWidget(told)
        back = kit.Button(_("Back"), "primary", size="kiosk", icon="arrow-left", parent=self)
        back.setObjectName("help_back")
        back.clicked.connect(self.go_back)
        self._back = back
        self.body.addWidget(back, 0, Qt.AlignmentFlag.AlignHCenter)

    def first_focus(self) -> QWidget:
        return self._back

    def go_back(self) -> None:
        self.kiosk.back_from_help()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        edge = tokens.groups[self._shape].mark if self._shape in tokens.groups else tokens.primary
        with paint.painting(self) as painter:
            painter.fillRect(self.rect(), QColor(edge))
            paint.card(painter, QRectF(self.rect()).adjusted(28, 28, -28, -28), theme.RADIUS_CARD, tokens.bg)


class EyesSign(QWidget):
    """Over everything while the teacher wants all eyes; goes away with the teacher's next press."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("eyes_on_me")
        self.setGeometry(window.rect())
        column = QVBoxLayout(self)
        column.setContentsMargins(60, 60, 60, 60)
        column.addWidget(_BigPicture("eyes", self), 1)
        column.addWidget(FitText(_("Eyes on me"), "display", centred=True, parent=self))

    def paintEvent(self, event: QPaintEvent) -> None:
        with paint.painting(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.look_of(self).tokens.bg))


class GoodbyeBar(QWidget):
    """K9: saved, and five seconds to say Oops, above tiles that already wait for the next child."""

    def __init__(self, student: Student, avatar: str, older: bool, oops: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("goodbye_bar")
        look = theme.look_of(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 6, 0)
        row.setSpacing(16)
        row.addWidget(kit.IconLabel("check-circle", tone="ok", px=46, weight="fill", name=_("Saved"), parent=self))
        row.addWidget(kit.AvatarCircle(student.name, avatar, px=look.px(54), parent=self))
        row.addWidget(FitText(words.see_you(student.name, older), lines=1, parent=self), 1)
        self.ring = TimerRing(1.0, px=44, icon="arrow-counter-clockwise", parent=self)
        row.addWidget(self.ring)
        self.oops = kit.Button(_("Oops"), size="pill", icon="arrow-counter-clockwise", parent=self)
        self.oops.setObjectName("oops")
        self.oops.setAccessibleName(_("Oops: not yet"))
        self.oops.clicked.connect(oops)
        row.addWidget(self.oops)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        with paint.painting(self) as painter:
            paint.card(painter, QRectF(self.rect()), self.height() / 2, tokens.ok_soft, line=tokens.ok, width=2)


class KioskSheet(kit.Sheet):
    """A question in a child's size. Esc answers like the first button: stay."""

    def __init__(self, window: QWidget, title: str, text: str = "", *, width: int = 640) -> None:
        super().__init__(window, title, text, closable=False, width=width)
        # There is always a button inside to hold the keys.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._stay: kit.Button | None = None

    def answer(self, text: str, name: str, action: Callable[[], object], *, kind: Kind) -> kit.Button:
        """Adds a large button that closes the sheet and then acts; the first one added is what Esc means."""
        button = kit.Button(text, kind, size="kiosk", parent=self.card)
        button.setObjectName(name)

        def act() -> None:
            self.close_sheet()
            action()

        button.clicked.connect(act)
        self._stay = self._stay or button
        self.add_action(button)
        return button

    def offer(self, text: str, name: str, icon: str, action: Callable[[], object]) -> None:
        """Adds a wide button above the answers: something else to do from here."""
        button = kit.Button(text, size="pill", icon=icon, parent=self.card)
        button.setObjectName(name)

        def act() -> None:
            self.close_sheet()
            action()

        button.clicked.connect(act)
        self.body.addWidget(button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stay is not None:
            self._stay.click()
            return
        super().keyPressEvent(event)


class StillHere(KioskSheet):
    """The idle question. Any tap or key stays; after ten seconds the draft is kept and the child signed out."""

    def __init__(self, window: KioskWindow, name: str) -> None:
        super().__init__(window, _("Still here?"), text.name(name))
        self.setObjectName("still_here")
        self._kiosk = window
        self.ring = TimerRing(1.0, px=120, parent=self.card)
        self.body.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignHCenter)
        self.answer(_("I am here"), "stay", window.stay, kind="go")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_sheet()
        self._kiosk.stay()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.close_sheet()
        self._kiosk.stay()


class Shield(QWidget):
    """Takes the taps that were meant for the screen before: a child's finger is slower than the change."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("shield")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def cover(self, size: QSize) -> None:
        self.setGeometry(0, 0, size.width(), size.height())
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing to see."""
