"""The base of the student's screens: the header with its pills, words that shrink to fit, and where the keys begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.text import _
from blenddesk.ui import theme
from blenddesk.ui.kit import Button, IconButton, Text, paint
from blenddesk.ui.kit.buttons import Kind

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow

MARGIN = 28
LOW = 720
"""Windows lower than this (1280x680, a scaled laptop) get tighter spacing."""


NARROW = 1180
"""... and so do narrow ones (old projectors and tablets, 1024x768)."""


class FitText(QLabel):
    """One or two lines in large letters that shrink and then wrap to the room there is: a name is never cut.

    A label, so that screen readers meet it; painted, because a label of Qt's would clip.
    """

    def __init__(
        self,
        text: str,
        role: theme.Role = "title",
        *,
        bold: bool = True,
        tone: str = "text",
        station: int | None = None,
        centred: bool = False,
        lines: int = 2,
        px: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._px = px
        self._role: theme.Role = role
        self._bold, self._tone, self._station, self._centred, self._lines = bold, tone, station, centred, lines
        self.setTextFormat(Qt.TextFormat.PlainText)
        theme.need_fonts_for(text, theme.look_of(self))
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def _font(self) -> QFont:
        look = theme.look_of(self)
        if self._px:
            return theme.sized_font(look, self._px, bold=self._bold)
        return look.font(self._role, bold=self._bold)

    def sizeHint(self) -> QSize:
        look = theme.look_of(self)
        height = look.px(self._px) if self._px else look.text_px(self._role)
        return QSize(paint.text_size(self.text(), self._font()).width() + 4, round(height * 1.36))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        ink = getattr(tokens, self._tone) if self._station is None else tokens.station(self._station).ink
        with paint.painting(self) as painter:
            paint.draw_text(
                painter,
                QRectF(self.rect()),
                self.text(),
                self._font(),
                ink,
                paint.CENTRE if self._centred else paint.LEFT,
                lines=self._lines,
            )


class KioskScreen(QWidget):
    """One screen, built fresh each time it is shown (a child may bring another language) and thrown away after.

    ``lead`` holds what stands at the leading side of the header, ``pills`` the buttons at its other side, ``body`` the
    rest. Subclasses say in ``first_focus`` where the keys begin and in ``go_back`` what Esc does.
    """

    name = ""
    """The objectName, by which drivers and tests find it."""

    def __init__(self, window: KioskWindow) -> None:
        super().__init__(window)
        self.kiosk = window
        self.setObjectName(f"screen_{self.name}")
        self.older = window.older
        self.low = window.height() < LOW or window.width() < NARROW
        self.cramped = self.low and theme.look_of(window).scale > 1.15
        column = QVBoxLayout(self)
        top, foot = (4, 6) if self.cramped else (10, 12) if self.low else (16, 20)
        column.setContentsMargins(MARGIN, top, MARGIN, foot)
        column.setSpacing(8 if self.low else 14)
        self.header = QWidget(self)
        header = QHBoxLayout(self.header)
        header.setContentsMargins(0, 0, 0, 0)
        header.setSpacing(14)
        self.lead = QHBoxLayout()
        self.lead.setSpacing(14)
        self.pills = QHBoxLayout()
        self.pills.setSpacing(14 if window.width() >= 1180 else 8)
        header.addLayout(self.lead, 1)
        header.addLayout(self.pills)
        column.addWidget(self.header)
        self.column = column
        self.body = QVBoxLayout()
        self.body.setSpacing(column.spacing())
        column.addLayout(self.body, 1)

    # --- to override ------------------------------------------------------------------------------------------------

    def first_focus(self) -> QWidget | None:
        return None

    def go_back(self) -> None:
        """Esc: one step back."""

    def tick(self) -> None:
        """Once a second while it is shown."""

    # --- parts ------------------------------------------------------------------------------------------------------

    def pill(self, words: str, name: str, icon: str = "", kind: Kind = "secondary") -> Button:
        button = Button(words, kind, size="pill", icon=icon, parent=self)
        button.setObjectName(name)
        return button

    def round_pill(self, icon: str, words: str, name: str) -> IconButton:
        """A pill that is its icon only, where a third or fourth would push the title away."""
        button = IconButton(icon, words, px=64, round_shape=True, parent=self)
        button.setObjectName(name)
        return button

    def add_teacher(self) -> None:
        button = self.round_pill("lock-key", _("Teacher"), "teacher")
        button.clicked.connect(lambda: self.kiosk.close_asked.emit())
        self.pills.addWidget(button)

    def add_not_me(self, icon: str = "user-minus") -> Button:
        """For the child who took the wrong tile: leaves everything as its owner left it."""
        button = self.pill(_("Not me"), "not_me", icon)
        button.clicked.connect(self.kiosk.not_me)
        return button

    def add_help(self) -> Button:
        button = self.pill(_("Help"), "help", "hand")
        button.clicked.connect(self.kiosk.ask_for_help)
        self.pills.addWidget(button)
        return button

    def add_title(self, title: str, subtitle: str = "", *, station: int | None = None) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(FitText(title, station=station, parent=self))
        if subtitle:
            words.addWidget(Text(subtitle, tone="dim", parent=self))
        self.lead.addLayout(words, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
            return
        super().keyPressEvent(event)
