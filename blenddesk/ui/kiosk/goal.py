"""My goal: in my own words, with its steps as stepping stones that I tap when I have done one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from blenddesk.domain.goals import GoalProgress
from blenddesk.text import _, digits
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.kiosk.keys import digit_of
from blenddesk.ui.kiosk.screen import FitText, KioskScreen
from blenddesk.ui.kit import paint

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow


class StepStone(kit.PaintedButton):
    """One small step: its number, its words, and a tick once it is done. Tapping a ticked one takes it back."""

    def __init__(self, number: int, text: str, *, done: bool, is_next: bool, parent: QWidget) -> None:
        self._number, self._is_next = number, is_next
        super().__init__(text, parent)
        self.setAccessibleName(_("Step {number}: {words}").format(number=number, words=text))
        self.setCheckable(True)
        self.setChecked(done)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def content_size(self) -> QSize:
        return QSize(280, 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 92)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect()).adjusted(2, 2, -2, -5)
        radius = min(46.0, box.height() / 2)
        paint.shadow(painter, box, radius, tokens)
        done = self.isChecked()
        fill = tokens.ok_soft if done else tokens.goal if self._is_next else tokens.surface
        line = tokens.ok if done else tokens.goal_border if self._is_next else tokens.border
        wide = done or self._is_next
        paint.card(painter, box, radius, fill, line=line, width=4.0 if wide else max(1.6, tokens.line))
        side = look.px(52)
        spot = paint.mirrored(self, QRectF(box.left() + 22, box.center().y() - side / 2, side, side))
        if done:
            paint.tick_badge(painter, spot.center(), side / 2, tokens)
        else:
            paint.disc(painter, spot.center(), side / 2, tokens.goal_text)
            font = look.font("large", bold=True)
            paint.draw_text(painter, spot, digits(self._number), font, tokens.surface, paint.CENTRE, lines=1)
        room = QRectF(box.left() + 22 + side + 14, box.top() + 6, box.width() - side - 58, box.height() - 12)
        paint.draw_text(
            painter, paint.mirrored(self, room), self.words(), look.font("large", bold=True), tokens.text, lines=3
        )


class GoalScreen(KioskScreen):
    """K6."""

    name = "goal"

    def __init__(self, window: KioskWindow, goals: tuple[GoalProgress, ...], place: int = 0) -> None:
        super().__init__(window)
        self._goals, self._place = goals, place % len(goals)
        goal = goals[self._place]
        self._steps = goal.steps
        back = self.pill(_("Back"), "back", "arrow-left")
        back.clicked.connect(self.go_back)
        self.lead.addWidget(back)
        self.add_title(_("My goal"))
        if len(goals) > 1:
            other = self.pill(_("My other goal"), "other_goal", "target")
            other.clicked.connect(lambda: window.show_goal(self._place + 1))
            self.pills.addWidget(other)
        self.pills.addWidget(self.add_not_me())
        self.add_help()
        look = theme.look_of(window)
        card = kit.Card(fill="goal", horizontal=True, padding=18, radius=theme.RADIUS_CARD, parent=self)
        picture = goal.goal.picture if assets.has_picture(goal.goal.picture) else "glowing-star"
        icon = "target" if self.older else ""
        px = look.px(84)
        card.body.addWidget(kit.PlacePicture("", picture, 2, icon=icon, px=px, plain=True, parent=card))
        card.body.addSpacing(10)
        words = FitText(goal.goal.words, "title", lines=3, parent=card)
        words.setMinimumHeight(look.px(96))
        card.body.addWidget(words, 1)
        self.body.addWidget(card)
        self._stones: list[StepStone] = []
        if self._steps:
            self.body.addWidget(kit.Text(_("Did a step? Tap it."), tone="dim", parent=self))
            columns = 1 if len(self._steps) < 3 else 2 if len(self._steps) < 7 else 3
            grid = kit.ArrowGrid(columns, spacing=14, parent=self)
            for number, one in enumerate(self._steps, 1):
                stone = StepStone(
                    number, one.step.words, done=bool(one.day), is_next=one.step == goal.next_step, parent=grid
                )
                stone.setObjectName(f"goal_step_{number}")
                stone.setMaximumHeight(look.px(170))
                stone.clicked.connect(lambda on, step=one.step.id: window.tap_step(step, on))
                self._stones.append(stone)
            grid.set_widgets(self._stones, columns=columns)
            self.body.addWidget(grid, 1)
        else:
            self.body.addWidget(
                kit.EmptyState(_("Make steps with your teacher."), picture="footprints", parent=self), 1
            )
        foot = QHBoxLayout()
        self._did: kit.Button | None = None
        if goal.next_step is not None:
            step = goal.next_step.id
            self._did = kit.Button(_("I did a step"), "go", size="kiosk", icon="check-circle", parent=self)
            self._did.setObjectName("did_step")
            self._did.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._did.clicked.connect(lambda: window.tap_step(step, True))
            foot.addWidget(self._did)
        elif self._steps:
            praise = FitText(_("All steps done! Tell your teacher."), "large", centred=True, parent=self)
            foot.addWidget(praise)
        self.body.addLayout(foot)

    @property
    def place(self) -> int:
        return self._place

    def first_focus(self) -> QWidget | None:
        return self._did or next(iter(self._stones), None)

    def go_back(self) -> None:
        self.kiosk.show_stations()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = digit_of(event)
        if digit is not None and digit <= len(self._stones):
            self._stones[digit - 1].click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._did is not None:
            self._did.click()
        else:
            super().keyPressEvent(event)
