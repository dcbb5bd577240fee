"""Before anyone is there: the sleeping screen with its clock, and "Which class?" on a computer of several classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt, QTime
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from blenddesk.domain.ports import local_datetime
from blenddesk.services.kiosk import ClassChoice
from blenddesk.text import _, ngettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.kiosk.screen import FitText, KioskScreen
from blenddesk.ui.kit import paint

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow


class AsleepScreen(KioskScreen):
    """A large clock; any tap or key wakes it."""

    name = "asleep"

    def __init__(self, window: KioskWindow, title: str) -> None:
        super().__init__(window)
        self._clock = FitText("", centred=True, lines=1, px=150, parent=self)
        self.body.addStretch(2)
        if title:
            self.body.addWidget(FitText(title, "large", tone="dim", centred=True, parent=self))
        self.body.addWidget(self._clock)
        hint = kit.Button(_("Tap to start"), "go", size="kiosk", icon="hand-waving", parent=self)
        hint.setObjectName("wake")
        hint.clicked.connect(window.wake)
        self._hint = hint
        self.body.addSpacing(16)
        self.body.addWidget(hint, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addStretch(3)
        self.tick()

    def first_focus(self) -> QWidget:
        return self._hint

    def tick(self) -> None:
        now = local_datetime(self.kiosk.context.clock)
        locale = QLocale(theme.look_of(self).language)
        self._clock.setText(locale.toString(QTime(now.hour, now.minute), QLocale.FormatType.ShortFormat))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.kiosk.wake()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.kiosk.wake()


class _ClassButton(kit.PaintedButton):
    """A class to choose; the one whose lesson it is stands out."""

    def __init__(self, choice: ClassChoice, parent: QWidget) -> None:
        self._now = choice.now
        count = ngettext("{n} student", "{n} students", choice.students).format(n=choice.students)
        self._detail = ", ".join(part for part in (choice.section.subject, count) if part)
        super().__init__(choice.section.name, parent)
        theme.need_fonts_for(self._detail, theme.look_of(self))
        self.setAccessibleDescription(self._detail + (", " + _("Now") if choice.now else ""))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def content_size(self) -> QSize:
        return QSize(320, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 84)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = self.rect().toRectF().adjusted(2, 1, -2, -5)
        paint.shadow(painter, box, theme.RADIUS_CARD, tokens)
        lit = self._now or self.is_hovered()
        line = tokens.primary if self._now else tokens.control if lit else tokens.border
        fill = tokens.primary_soft if self._now else tokens.surface
        paint.card(painter, box, theme.RADIUS_CARD, fill, line=line, width=4.0 if self._now else max(1.5, tokens.line))
        name = box.adjusted(20, 8, -20, -box.height() * 0.42)
        paint.draw_text(painter, name, self.words(), look.font("large", bold=True), tokens.text, paint.CENTRE)
        below = box.adjusted(20, box.height() * 0.56, -20, -6)
        paint.draw_text(painter, below, self._detail, look.font("small"), tokens.dim, paint.CENTRE)
        if self._now:
            spot = paint.mirrored(self, box.adjusted(box.width() - 46, 12, -14, -(box.height() - 44)))
            assets.draw_icon(painter, spot, "clock", tokens.primary_ink)


class ClassScreen(KioskScreen):
    """The classes of this computer; the timetable's has the focus."""

    name = "classes"

    def __init__(self, window: KioskWindow, choices: tuple[ClassChoice, ...]) -> None:
        super().__init__(window)
        self.add_title(_("Which class?"))
        self.add_teacher()
        self._first: QWidget | None = None
        if not choices:
            ask = _("Ask your teacher for the class.")
            self.body.addWidget(kit.EmptyState(_("No class yet"), ask, picture="teacher", parent=self))
            return
        columns = 1 if len(choices) < 3 else 2 if len(choices) < 7 else 3
        grid = kit.ArrowGrid(columns, spacing=16, letters=True, parent=self)
        for place, choice in enumerate(choices, 1):
            button = _ClassButton(choice, grid)
            button.setObjectName(f"class_{place}")
            button.setMaximumHeight(180)
            button.clicked.connect(lambda _checked=False, section=choice.section.id: window.choose_class(section))
            grid.add(button)
            if choice.now or self._first is None:
                self._first = button
        layout = grid.layout()
        if isinstance(layout, QGridLayout):
            layout.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.body.addWidget(grid, 1)

    def first_focus(self) -> QWidget | None:
        return self._first

    def go_back(self) -> None:
        self.kiosk.sleep()
