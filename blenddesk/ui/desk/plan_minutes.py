"""The minutes card: the lesson as a bar of its parts, rounds with less and more, and the sheet to choose rounds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.domain.minutes import Choice
from blenddesk.domain.plans import Plan
from blenddesk.text import _, digits, ngettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.desk import plan_words as words
from blenddesk.ui.kit import paint

_ACROSS = 138
"""Width of a round from which its buttons stand beside its words."""
_BUTTONS = 80
"""Room that the buttons of a round take beside a title that is longer than usual."""


class _EdgeBox(kit.PaintedButton):
    """Start or end of the lesson; pressing it opens the minutes sheet."""

    def __init__(self, text: str, picture: str, parent: QWidget) -> None:
        self._picture = picture
        self._minutes = ""
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_minutes(self, minutes: int) -> None:
        self._minutes = words.minutes_words(minutes)
        self.setAccessibleDescription(self._minutes)
        self.update()

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(112 if self._picture else 64), look.px(52))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(60), look.px(52))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect())
        fill = tokens.hover if self.is_hovered() else tokens.sunken
        paint.card(painter, box, 10, fill, line=tokens.control, width=max(1.3, tokens.line / 2))
        side = float(look.px(28))
        start = 10.0
        if self._picture and box.width() > look.px(98):
            assets.draw_picture(
                painter, paint.mirrored(self, QRectF(start, (box.height() - side) / 2, side, side)), self._picture
            )
            start += side + 8
        align = paint.LEFT if start > 10 else paint.CENTRE
        left = start if align == paint.LEFT else 4.0
        room = box.width() - left - 4
        middle = box.center().y()
        upper = QRectF(left, 6, room, middle - 6)
        lower = QRectF(left, middle, room, middle - 6)
        paint.draw_text(
            painter, paint.mirrored(self, upper), self.words(), look.font(bold=True), tokens.text, align, lines=1
        )
        paint.draw_text(painter, paint.mirrored(self, lower), self._minutes, look.font(), tokens.dim, align, lines=1)


class _MoveGap(QLabel):
    """Moving time between two rounds, drawn as footprints with its minutes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._minutes = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_minutes(self, minutes: int) -> None:
        self._minutes = minutes
        self.setAccessibleName(_("Moving: {minutes}").format(minutes=words.minutes_words(minutes)))
        self.setToolTip(self.accessibleName())
        self.setVisible(minutes > 0)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.look_of(self).px(24), theme.look_of(self).px(52))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.look_of(self).px(20), theme.look_of(self).px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        with paint.painting(self) as painter:
            middle = self.height() / 2
            side = min(float(look.px(18)), self.width() - 2.0)
            spot = QRectF((self.width() - side) / 2, middle - side - 1, side, side)
            assets.draw_picture(painter, spot, "footprints")
            below = QRectF(0, middle, self.width(), look.px(20))
            font = theme.sized_font(look, 13, bold=True)
            paint.draw_text(painter, below, digits(self._minutes), font, look.tokens.dim, paint.CENTRE, lines=1)


class _RoundBox(QFrame):
    """One round: its minutes between less and more; + and - keys work while something in it has the keys."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.minutes = 0
        self.setObjectName(f"round_{number}")
        name = _("Round {number}").format(number=number)
        self.setAccessibleName(name)
        self.title = kit.Text(name, bold=True, wrap=False, parent=self)
        self.length = kit.Text("", tone="dim", wrap=False, parent=self)
        self.less = kit.IconButton("minus", _("Less time for round {number}").format(number=number), px=28, parent=self)
        self.more = kit.IconButton("plus", _("More time for round {number}").format(number=number), px=28, parent=self)
        self.less.setObjectName(f"round_{number}_less")
        self.more.setObjectName(f"round_{number}_more")
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self.title)
        lines.addWidget(self.length)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.less)
        buttons.addWidget(self.more)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(9, 3, 7, 3)
        self._box.setSpacing(2)
        self._box.addLayout(lines, 1)
        self._box.addLayout(buttons)

    def set_minutes(self, minutes: int) -> None:
        self.minutes = minutes
        self.length.setText(words.minutes_words(minutes))

    def set_tall(self, tall: bool) -> None:
        """Buttons below the words, for many rounds or large text."""
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._box.setDirection(down if tall else across)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        with paint.painting(self) as painter:
            paint.card(painter, QRectF(self.rect()), 10, tokens.primary_soft, line=tokens.primary, width=1.4)


class MinutesCard(kit.Card):
    """``round_changed(index, minutes)`` from the buttons; ``sheet_requested`` from start, end and the sum."""

    round_changed = Signal(int, int)
    sheet_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=9, parent=parent)
        self.setObjectName("minutes_card")
        self.setAccessibleName(_("Minutes"))
        self.heading = kit.Heading(_("Minutes"), parent=self)
        self.sum = kit.Button("", "quiet", size="small", parent=self)
        self.sum.setObjectName("minutes_sum")
        self.sum.clicked.connect(self.sheet_requested)
        top = QHBoxLayout()
        top.addWidget(self.heading)
        top.addStretch(1)
        top.addWidget(self.sum)
        self.start = _EdgeBox(_("Start"), "sun-with-face", self)
        self.start.setObjectName("minutes_start")
        self.end = _EdgeBox(_("End"), "", self)
        self.end.setObjectName("minutes_end")
        for edge in (self.start, self.end):
            edge.clicked.connect(self.sheet_requested)
        self._rounds: list[_RoundBox] = []
        self._gaps: list[_MoveGap] = []
        self._bar = QHBoxLayout()
        self._bar.setSpacing(4)
        self._bar.addWidget(self.start)
        self._bar.addWidget(self.end)
        self.body.setSpacing(3)
        self.body.addLayout(top)
        self.body.addLayout(self._bar)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_plan(self, plan: Plan, titles: Sequence[str] = ()) -> None:
        """The parts of a plan; boxes stay the same ones while the number of rounds does. ``titles``: what everybody
        does in each round, where that is one thing."""
        if len(self._rounds) != len(plan.rounds):
            self._rebuild(len(plan.rounds))
        self.start.set_minutes(plan.opening_minutes)
        self.end.set_minutes(plan.closing_minutes)
        for index, (box, minutes) in enumerate(zip(self._rounds, plan.rounds, strict=True)):
            box.set_minutes(minutes)
            box.title.setText(titles[index] if index < len(titles) else box.accessibleName())
            box.less.setEnabled(minutes > 1)
            box.more.setEnabled(minutes < sum(plan.rounds) - len(plan.rounds) + 1)
        for gap in self._gaps:
            gap.set_minutes(plan.moving_minutes)
        text, fits = words.used_words(plan)
        self.sum.setText(text)
        self.sum.setAccessibleDescription(_("Choose how many rounds and how long"))
        self.sum.setProperty("fits", fits)
        self._stretch(plan)
        self._fit_width()

    def rounds(self) -> list[_RoundBox]:
        return list(self._rounds)

    def focused_round(self) -> int | None:
        """The round that has the keys, counted from 0."""
        for index, box in enumerate(self._rounds):
            focus = box.window().focusWidget()
            if focus is not None and box.isAncestorOf(focus):
                return index
        return None

    def step_round(self, index: int, by: int) -> None:
        self.round_changed.emit(index, self._rounds[index].minutes + by)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_width()

    def _rebuild(self, count: int) -> None:
        for old in [*self._rounds, *self._gaps]:
            self._bar.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        self._rounds, self._gaps = [], []
        place = 1
        before: QWidget = self.start
        for index in range(count):
            if index:
                gap = _MoveGap(self)
                self._gaps.append(gap)
                self._bar.insertWidget(place, gap)
                place += 1
            box = _RoundBox(index + 1, self)
            box.less.clicked.connect(lambda _checked=False, index=index: self.step_round(index, -1))
            box.more.clicked.connect(lambda _checked=False, index=index: self.step_round(index, 1))
            self._rounds.append(box)
            self._bar.insertWidget(place, box)
            place += 1
            QWidget.setTabOrder(before, box.less)
            QWidget.setTabOrder(box.less, box.more)
            before = box.more
        QWidget.setTabOrder(before, self.end)

    def _stretch(self, plan: Plan) -> None:
        self._bar.setStretchFactor(self.start, max(plan.opening_minutes, 4))
        self._bar.setStretchFactor(self.end, max(plan.closing_minutes, 3))
        for box, minutes in zip(self._rounds, plan.rounds, strict=True):
            self._bar.setStretchFactor(box, max(minutes, 6))

    def _fit_width(self) -> None:
        """Words and buttons of a round side by side where there is room, the picture of the start only then."""
        if not self._rounds:
            return
        look = theme.look_of(self)
        gaps = len(self._gaps) * look.px(24) + (2 * len(self._rounds)) * self._bar.spacing()
        room = self.width() - 32 - gaps - self.end.minimumSizeHint().width()
        wide, narrow = look.px(104), self.start.minimumSizeHint().width()
        with_picture = (room - wide) / len(self._rounds) >= look.px(_ACROSS)
        self.start.setMinimumWidth(wide if with_picture else narrow)
        widest = max(box.title.sizeHint().width() for box in self._rounds)
        tall = (room - narrow) / len(self._rounds) < max(look.px(_ACROSS), widest + look.px(_BUTTONS))
        for box in self._rounds:
            box.set_tall(tall)


class MinutesSheet(kit.Sheet):
    """How long the lesson and its parts are, and how many rounds: every change shows at once.

    ``part_changed(name, minutes)`` with ``period``, ``opening``, ``moving`` or ``closing``; ``count_chosen(rounds)``.
    """

    part_changed = Signal(str, int)
    count_chosen = Signal(int)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, _("Minutes of this lesson"), width=700)
        if self.cancel is not None:
            self.cancel.setText(_("Done"))
        parts = [
            ("period", _("Whole lesson"), 10, 300, 5),
            ("opening", _("Start"), 0, 60, 1),
            ("moving", _("Each move"), 0, 15, 1),
            ("closing", _("End"), 0, 60, 1),
        ]
        self.steppers: dict[str, kit.Stepper] = {}
        grid = kit.FlowLayout(spacing=14)
        for name, label, low, high, step in parts:
            stepper = kit.Stepper(low, low, high, name=label, step=step, suffix=_("min"))
            stepper.setObjectName(f"minutes_{name}")
            stepper.value_changed.connect(lambda value, name=name: self.part_changed.emit(name, value))
            self.steppers[name] = stepper
            grid.addWidget(kit.FormRow(label, stepper))
        holder = QWidget()
        holder.setLayout(grid)
        self.body.addWidget(holder)
        self.body.addWidget(kit.Heading(_("How many rounds?")))
        self.choices = QVBoxLayout()
        self.choices.setSpacing(6)
        self.body.addLayout(self.choices)
        self._lines: list[kit.Button] = []

    def show_plan(self, plan: Plan, choices: tuple[Choice, ...]) -> None:
        values = {
            "period": plan.period_minutes,
            "opening": plan.opening_minutes,
            "moving": plan.moving_minutes,
            "closing": plan.closing_minutes,
        }
        for name, value in values.items():
            self.steppers[name].set_value(value)
        focus = self.window().focusWidget()
        kept = focus.objectName() if isinstance(focus, QWidget) and self.isAncestorOf(focus) else ""
        for old in self._lines:
            self.choices.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        self._lines = []
        for choice in choices:
            if choice.rounds < 2:
                continue
            line = self._line(choice, chosen=choice.rounds == len(plan.rounds))
            self.choices.addWidget(line)
            self._lines.append(line)
            if line.objectName() == kept:
                line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.place()

    def _line(self, choice: Choice, *, chosen: bool) -> kit.Button:
        text = words.rounds_words([choice.longest] * choice.rounds)
        if choice.shortest != choice.longest:
            text = words.rounds_words([choice.shortest] + [choice.longest] * (choice.rounds - 1))
        if choice.under_floor:
            text = _("{rounds} · short").format(rounds=text)
        line = kit.Button(text, "primary" if chosen else "secondary", icon="check" if chosen else "")
        line.setObjectName(f"rounds_{choice.rounds}")
        line.setAccessibleDescription(
            ngettext("{n} round", "{n} rounds", choice.rounds).format(n=choice.rounds) if not chosen else _("Chosen")
        )
        line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line.clicked.connect(lambda _checked=False: self.count_chosen.emit(choice.rounds))
        return line
