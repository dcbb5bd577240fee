"""Today before a lesson runs: ready, with the register, a look at the board and Start."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.live import LateStart
from blenddesk.domain.people import Student
from blenddesk.domain.plans import Plan, PlanStatus
from blenddesk.domain.ports import Clock
from blenddesk.services.today import TodayView
from blenddesk.text import _, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.today_board import GroupBoard
from blenddesk.ui.desk.today_group import Rows
from blenddesk.ui.desk.today_run import WIDE
from blenddesk.ui.desk.today_side import NARROW_SIDE, SIDE_WIDTH, empty
from blenddesk.ui.desk.today_words import clock_of_minute, clock_of_ms, late_words, lengths_words, line_now, line_parts
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import PaintedButton
from blenddesk.ui.kit.fade import fade_below


class HereTile(PaintedButton):
    """A student in the register: pressed in while here; a tap marks them away, another brings them back."""

    def __init__(self, student: Student, parent: QWidget | None = None) -> None:
        self.student = student.id
        self._avatar, self._away = student.avatar, False
        super().__init__(student.name, parent)
        self.setObjectName(f"here_{student.id.hex()}")

    def set_away(self, away: bool) -> None:
        self._away = away
        self.setAccessibleDescription(_("Away") if away else _("Here"))
        self.update()

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(128), look.px(38))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(90), look.px(38))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect())
        fill = tokens.hover if self.is_hovered() else tokens.sunken if self._away else tokens.surface
        paint.card(painter, box, 10, fill, line=tokens.control if self.is_hovered() else tokens.border, width=1.2)
        side = box.height() - 10
        face = paint.mirrored(self, QRectF(6, 5, side, side))
        if self._away:
            painter.setOpacity(painter.opacity() * 0.4)
        paint.avatar(painter, face, look, picture=self._avatar, name=self.words())
        if self._away:
            painter.setOpacity(1.0)
        room = QRectF(side + 13, 2, box.width() - side - 18, box.height() - 4)
        font = theme.sized_font(look, 14, bold=not self._away)
        if not self._away:
            paint.draw_text(painter, paint.mirrored(self, room), self.words(), font, tokens.text)
            return
        upper = QRectF(room.left(), room.top(), room.width(), room.height() / 2)
        lower = QRectF(room.left(), room.center().y(), room.width(), room.height() / 2)
        paint.draw_text(painter, paint.mirrored(self, upper), self.words(), font, tokens.dim, lines=1)
        small = theme.sized_font(look, 12, bold=True)
        paint.draw_text(painter, paint.mirrored(self, lower), _("Away"), small, tokens.danger, lines=1)


class RegisterCard(kit.Card):
    """Everybody is here until tapped."""

    toggled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=12, parent=parent)
        self.setObjectName("register")
        self.setAccessibleName(_("Who is here"))
        top = QHBoxLayout()
        top.addWidget(kit.Heading(_("Who is here"), parent=self), 1)
        self.hint = kit.Text(_("Tap who is away"), role="small", tone="dim", parent=self)
        top.addWidget(self.hint)
        self.grid = kit.ArrowGrid(2, spacing=6, letters=True, parent=self)
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(2, 2, 8, 2)
        column.addWidget(self.grid)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        kit.put_on_page(area, inner)
        fade_below(area, ground="surface")
        self.body.addLayout(top)
        self.body.addWidget(area, 1)
        self._key: object = None
        self.tiles: list[HereTile] = []

    def show_view(self, view: TodayView) -> None:
        key = tuple((one.id, one.name, one.avatar) for one in view.students.values())
        if key != self._key:
            self._key = key
            self.tiles = [HereTile(student, self.grid) for student in view.students.values()]
            for tile in self.tiles:
                tile.clicked.connect(lambda _checked=False, one=tile.student: self.toggled.emit(one))
            self.grid.set_widgets(self.tiles)
        for tile in self.tiles:
            tile.set_away(tile.student in view.away)


class ReadyView(QWidget):
    """The lesson that comes: Start, what it will be, who is here."""

    start_requested = Signal(bool)
    """True: full rounds although it is late."""
    away_toggled = Signal(object)
    plan_chosen = Signal(object)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ready_view")
        self.setAccessibleName(_("The lesson that comes"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._clock = clock
        self._promised: tuple[int, ...] | None = None
        self.start = kit.Button(_("Start"), "primary", icon="play", parent=self)
        self.start.setObjectName("start")
        self.start.setToolTip(_("Key: {key}").format(key=_("Space")))
        self.full = kit.Button("", size="small", parent=self)
        self.full.setObjectName("start_full")
        self.late = kit.Banner("", "warn", actions=[self.full], parent=self)
        self.late.setObjectName("late_banner")
        self._when = kit.Heading("", "title", parent=self)
        self._what = kit.Text("", tone="dim", parent=self)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._when)
        words.addWidget(self._what)
        self._card = card = kit.Card(horizontal=True, parent=self)
        card.setAccessibleName(_("Start"))
        card.body.addLayout(words, 1)
        card.body.addWidget(self.start, 0, Qt.AlignmentFlag.AlignVCenter)
        self.line = kit.LessonLine(parent=self)
        self.board = GroupBoard(self)
        self.register = RegisterCard(self)
        self._others = QHBoxLayout()
        self._left = left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.late)
        left.addWidget(card)
        left.addWidget(self.line)
        left.addWidget(self.board, 1)
        left.addLayout(self._others)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addLayout(left, 1)
        row.addWidget(self.register)
        self.start.clicked.connect(self.press_start)
        self.full.clicked.connect(lambda: self.start_requested.emit(True))
        self.register.toggled.connect(self.away_toggled)
        self._view: TodayView | None = None
        self._size = QSize(WIDE * 2, WIDE)
        self.fit(self._size)

    def fit(self, size: QSize) -> None:
        """The register in two columns where there is room, else in one; the line and the groups lower if they must."""
        self._size = size
        look = theme.look_of(self)
        wide = size.width() >= look.px(WIDE)
        aside = min(look.px(SIDE_WIDTH), 360) if wide else look.px(NARROW_SIDE)
        self.register.setFixedWidth(aside)
        self.register.grid.set_columns(2 if wide else 1)
        self.register.hint.setVisible(wide)
        if self._view is None:
            return
        width = size.width() - aside - self._row.spacing()
        for low in (False, True):
            self.line.set_slim(low)
            self._left.setSpacing(6 if low else 10)
            self._card.body.setContentsMargins(18, 8 if low else 16, 18, 13 if low else 21)
            parts = [self._card, self.line, *([self.late] if self.late.isVisibleTo(self) else [])]
            others = sum(one.sizeHint().height() + self._left.spacing() for one in parts)
            others += self._others.sizeHint().height() + self._left.spacing() if self._others.count() else 0
            self.board.fit(width, size.height() - others)
            if self.board.least_height(self._view, Rows.TALL) <= size.height() - others:
                return

    def show_view(self, view: TodayView, now_ms: int) -> None:
        assert view.sheet is not None
        assert view.lesson is not None
        assert view.log is not None
        self._view = view
        state, plan = view.lesson, view.sheet.plan
        late = view.log.late(now_ms)
        self._show_late(late, now_ms)
        self._when.setText(
            _("Starts at {time}").format(time=clock_of_minute(plan.start_minute))
            if plan.start_minute is not None
            else _("Ready to start")
        )
        count = ngettext("{n} round of {minutes} min", "{n} rounds of {minutes} min", state.round_count)
        parts = [count.format(n=state.round_count, minutes=lengths_words(state.rounds))]
        if state.ends_at is not None:
            parts.append(_("until {time}").format(time=clock_of_ms(self._clock, state.ends_at)))
        parts += [one.name for one in view.adults]
        self._what.setText(" · ".join(parts))
        index, share = line_now(state)
        ends = "" if state.ends_at is None else clock_of_ms(self._clock, state.ends_at)
        self.line.set_parts(line_parts(self._clock, state), current=index, share=share, ends=ends)
        self.board.show_view(view)
        self.register.show_view(view)
        self._show_others(view.plans, plan.id)
        self.fit(self._size)

    def press_start(self) -> None:
        """Starts; but a lesson that is late shows its new round length first, unless it was shown already."""
        view = self._view
        if view is None or view.log is None:
            return
        now_ms = self._clock.wall_ms()
        late = view.log.late(now_ms)
        if late.late_minutes and self._promised != late.timing.rounds:
            self._show_late(late, now_ms)
            self.start.setFocus(Qt.FocusReason.OtherFocusReason)
            kit.announce(self.late, self.late.label.text(), urgent=True)
            return
        self.start_requested.emit(False)

    def _show_late(self, late: LateStart, now_ms: int) -> None:
        """What Start would do now; ``_promised`` is what the person has been shown."""
        assert self._view is not None
        assert self._view.log is not None
        bell = self._view.log.at(now_ms).bell_at
        self._promised = late.timing.rounds
        self.late.setVisible(late.late_minutes > 0)
        self.late.set_text(late_words(self._clock, late, bell) if late.late_minutes else "")
        planned = self._view.log.timing.rounds
        self.full.setVisible(late.fits and late.timing.rounds != planned)
        self.full.setText(_("Keep {minutes} min").format(minutes=lengths_words(planned)))
        self.start.setText(
            _("Start: {minutes} min rounds").format(minutes=lengths_words(late.timing.rounds))
            if late.late_minutes
            else _("Start")
        )

    def _show_others(self, plans: tuple[Plan, ...], shown: Id) -> None:
        empty(self._others)
        others = [one for one in plans if one.id != shown and one.status is PlanStatus.READY]
        for plan in others:
            when = "" if plan.start_minute is None else clock_of_minute(plan.start_minute)
            button = kit.Button(_("Also today: {name} {time}").format(name=plan.name, time=when), "quiet", size="small")
            button.setObjectName(f"other_{plan.id.hex()}")
            button.clicked.connect(lambda _checked=False, one=plan.id: self.plan_chosen.emit(one))
            self._others.addWidget(button)
        if others:
            self._others.addStretch(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.press_start()
            return
        super().keyPressEvent(event)
