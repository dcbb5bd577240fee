"""Today's board of groups and rounds: who is where, what is logged; tap a student, then a group, to move them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.live import Phase
from blenddesk.domain.people import Student
from blenddesk.domain.plans import Block, Group, PlanSheet
from blenddesk.services.today import DayState, TodayView
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.today_group import FACE_PX, MOST_FACES, GroupCell, Rows, shape_of
from blenddesk.ui.desk.today_words import round_words
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.stations import When

CELL_WIDTH = 118
"""Width (at text size 1) that a place needs beside its picture; below it the faces of the groups make room."""


def _gap(rows: Rows) -> int:
    """Air between the groups."""
    return 6 if rows is Rows.TALL else 4


class RoundHead(QLabel):
    """``Round 3``, or a filled ``Now · Round 2``; over the groups the words stand at the leading side."""

    def __init__(self, words: str, *, now: bool = False, leading: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._now, self._leading = words, now, leading
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(90), look.px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        box = QRectF(self.rect())
        with paint.painting(self) as painter:
            if self._now:
                paint.card(painter, box, 8, look.tokens.primary)
            ink = look.tokens.on_primary if self._now else look.tokens.dim
            font = theme.sized_font(look, 14, bold=True)
            align = paint.LEFT if self._leading else paint.CENTRE
            edge = 0 if self._leading else 4
            paint.draw_text(painter, box.adjusted(edge, 0, -edge, 0), self._words, font, ink, align, lines=1)


class BoardCell(kit.RotationCell):
    """A cell that asks for little height: six groups have to fit, and fewer grow into the room there is."""

    _brief = False

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(140), look.px(34))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(84), look.px(34))

    def leave_out_task(self) -> None:
        """The name alone, to be read at a glance where rows are low; the task is in the tool tip."""
        self._brief = True

    def _lines(self, look: theme.Look, box: QRectF, start: float, room: float) -> tuple[QRectF, QRectF]:
        upper, lower = super()._lines(look, box, start, room)
        if self._brief:
            lower.setHeight(0)
        return upper, lower


class ChosenBar(QWidget):
    """What can be done with the student who was tapped; stands in place of the board's head."""

    away_pressed = Signal()
    log_pressed = Signal()
    open_pressed = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = kit.Text("", bold=True, parent=self)
        self.away = kit.Button(_("Away"), size="small", icon="user-minus", parent=self)
        self.log = kit.Button(_("Did it"), size="small", icon="check", parent=self)
        self.open = kit.Button(_("Open"), size="small", icon="user", parent=self)
        self.close_button = kit.IconButton("x", _("Let go"), px=30, framed=False, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        for button, name in (
            (self.away, "chosen_away"),
            (self.log, "chosen_log"),
            (self.open, "chosen_open"),
            (self.close_button, "chosen_close"),
        ):
            button.setObjectName(name)
            row.addWidget(button)
        self.away.clicked.connect(lambda: self.away_pressed.emit())
        self.log.clicked.connect(lambda: self.log_pressed.emit())
        self.open.clicked.connect(lambda: self.open_pressed.emit())
        self.close_button.clicked.connect(lambda: self.closed.emit())

    def show_student(self, student: Student, *, away: bool, can_log: bool) -> None:
        self.words.setText(_("{name}: tap a group to move").format(name=student.name))
        self.away.setText(_("Here again") if away else _("Away"))
        self.log.setVisible(can_log)


class GroupBoard(kit.Card):
    """Groups down, rounds across. Emits what a person wants; changes nothing itself."""

    move_requested = Signal(object, object)
    """Student id, group id."""
    away_requested = Signal(object)
    log_requested = Signal(object)
    student_requested = Signal(object)
    group_requested = Signal(object, object)
    """Group id, and the round whose cell was pressed (None: the name)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=12, parent=parent)
        self.setObjectName("group_board")
        self.setAccessibleName(_("Groups and rounds"))
        self._key: object = None
        self._chosen: Id | None = None
        self._rows = Rows.TALL
        self._room = QSize(10_000, 10_000)
        self._view: TodayView | None = None
        self._cells: list[GroupCell] = []
        self._table = QWidget(self)
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._bar = ChosenBar(self)
        self._head = QWidget(self)
        self._heads = QHBoxLayout(self._head)
        self._heads.setContentsMargins(0, 0, 0, 0)
        self._heads.setSpacing(8)
        self._over = QStackedLayout()
        self._over.addWidget(self._head)
        self._over.addWidget(self._bar)
        self.body.setSpacing(6)
        self.body.addLayout(self._over)
        self.body.addWidget(self._table, 1)
        self._bar.away_pressed.connect(lambda: self._with_chosen(self.away_requested))
        self._bar.log_pressed.connect(lambda: self._with_chosen(self.log_requested))
        self._bar.open_pressed.connect(lambda: self._with_chosen(self.student_requested))
        self._bar.closed.connect(lambda: self.choose(None))

    def fit(self, width: int, height: int) -> None:
        """Takes the roomiest rows that this width and height have room for."""
        self._room = QSize(width, height)
        if self._view is not None and self._fitting(self._view) is not self._rows:
            self.show_view(self._view)

    def rows(self) -> Rows:
        """How the groups stand now."""
        return self._rows

    def least_height(self, view: TodayView, rows: Rows = Rows.NAMES) -> int:
        """The least height of the whole card for the groups of a lesson, in pixels."""
        look = theme.look_of(self)
        name = look.px(26) + 2
        row = {
            Rows.TALL: max(name + FACE_PX + 6 + 4, look.px(56)),
            Rows.LOW: name + FACE_PX,
            Rows.LINE: max(name, FACE_PX + 2, look.px(34)),
            Rows.NAMES: max(name, look.px(34)),
        }[rows]
        margins = self.body.contentsMargins()
        around = (
            margins.top() + margins.bottom() + self.body.spacing() + max(look.px(28), self._bar.sizeHint().height())
        )
        return around + len(view.rows) * row + (len(view.rows) - 1) * _gap(rows)

    def _fitting(self, view: TodayView) -> Rows:
        for rows in (Rows.TALL, Rows.LOW):
            if self.least_height(view, rows) <= self._room.height():
                return rows
        assert view.sheet is not None
        cells = self._room.width() - 2 * 14 - self._name_width(Rows.LINE)
        least = theme.look_of(self).px(CELL_WIDTH) + self._grid.horizontalSpacing()
        return Rows.LINE if cells >= len(view.sheet.plan.rounds) * least else Rows.NAMES

    def show_view(self, view: TodayView) -> None:
        """Rebuilt only when groups, places or the round change; else only the counts move."""
        assert view.sheet is not None
        assert view.lesson is not None
        self._view = view
        counted = self._is_counted(view)
        self._rows = self._fitting(view)
        key = (
            view.sheet.blocks,
            view.sheet.groups,
            view.sheet.seats,
            view.sheet.tasks,
            len(view.lesson.rounds),
            (view.lesson.phase, view.lesson.round),
            tuple((one.id, one.name, one.avatar) for one in view.students.values()),
            view.away,
            (counted, view.section.look, view.is_live, self._rows, self._name_width(self._rows)),
        )
        if key != self._key:
            self._key = key
            self._rebuild(view, view.sheet, counted)
        for cell, row in zip(self._cells, view.rows, strict=True):
            cell.show_count(row, counted=counted)
        self.choose(self._chosen if self._chosen in view.students else None)

    def choose(self, student: Id | None) -> None:
        """Pick a student up (their face stays pressed, groups become targets), or let go with None."""
        self._chosen = student
        view = self._view
        for cell in self._cells:
            for face in cell.faces:
                face.setChecked(face.student == student)
            holds = student is not None and any(face.isChecked() for face in cell.faces)
            cell.name.set_target(student is not None and not holds)
        if student is not None and view is not None and student in view.students:
            running = view.state is DayState.RUNNING and view.board_round is not None
            away = student in view.away
            self._bar.show_student(view.students[student], away=away, can_log=running and not away)
            self._over.setCurrentWidget(self._bar)
        else:
            self._over.setCurrentWidget(self._head)

    def chosen(self) -> Id | None:
        return self._chosen

    @staticmethod
    def _is_counted(view: TodayView) -> bool:
        """Counts are shown where they can be true: nothing is logged elsewhere, or something was logged here."""
        return view.board_round is not None and (view.is_live or view.logged_here > 0)

    def _rebuild(self, view: TodayView, sheet: PlanSheet, counted: bool) -> None:
        hadfocus = self.focusWidget().objectName() if self.focusWidget() is not None else ""
        for layout in (self._grid, self._heads):
            while (item := layout.takeAt(0)) is not None:
                widget = item.widget()
                if widget is not None:
                    widget.hide()  # Else Qt may still show it, as a window of its own: it was put here in this turn.
                    widget.setParent(None)
                    widget.deleteLater()
        letter = view.section.look == "older"
        self._grid.setVerticalSpacing(_gap(self._rows))
        state = view.lesson
        assert state is not None
        now = state.round if state.phase in (Phase.ROUND, Phase.MOVING) else None
        rounds = range(len(sheet.plan.rounds))
        if not counted:
            title = _("Groups")
        elif view.is_live:
            title = _("Groups · logged this round")
        else:
            title = _("Groups · logged on this computer")
        head = RoundHead(title, leading=True, parent=self._head)
        head.setFixedWidth(self._name_width(self._rows))
        self._heads.addWidget(head)
        for round_ in rounds:
            words = round_words(round_)
            is_now = round_ == now
            if is_now:
                words = (_("Next · {round}") if state.phase is Phase.MOVING else _("Now · {round}")).format(round=words)
            self._heads.addWidget(RoundHead(words, now=is_now, parent=self._head), 1)
        away = frozenset(view.away)
        self._cells = []
        over = {one.round for one in view.results}
        for place, row in enumerate(view.rows):
            cell = GroupCell(
                row, view.students, away, counted=counted, letter=letter, rows=self._rows, parent=self._table
            )
            cell.setFixedWidth(self._name_width(self._rows))
            self._connect(cell, row.group)
            self._cells.append(cell)
            self._grid.addWidget(cell, place, 0)
            self._grid.setRowStretch(place, 1)
            for round_ in rounds:
                block = sheet.block_of(row.group.id, round_)
                if block is not None:
                    shown = sheet.block_for(block.id, row.group.id)
                    when: When = "now" if round_ == now else "past" if round_ in over else "next"
                    self._grid.addWidget(self._rotation_cell(row.group, shown, round_, when), place, round_ + 1)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if 0 < column <= len(rounds) else 0)
        for spare in range(len(view.rows), self._grid.rowCount()):
            self._grid.setRowStretch(spare, 0)
        found = self.findChild(QWidget, hadfocus) if hadfocus else None
        if found is not None:
            found.setFocus()

    def _name_width(self, rows: Rows) -> int:
        look, faces = theme.look_of(self), MOST_FACES * (FACE_PX + 1)
        if rows is Rows.LINE:
            return look.px(156) + faces
        return look.px(160) if rows is Rows.NAMES else max(faces + 12, look.px(206))

    def _rotation_cell(self, group: Group, block: Block, round_: int, when: When) -> BoardCell:
        cell = BoardCell(block.title, block.task, picture=block.picture, tint=block.tint, when=when, parent=self._table)
        cell.setObjectName(f"cell_{group.id.hex()}_{round_}")
        name = group.name or kit.group_name(shape_of(group))
        cell.setAccessibleName(
            _("{group}, {round}: {place}").format(group=name, round=round_words(round_), place=block.title)
        )
        cell.setToolTip(block.task)
        if self._rows is not Rows.TALL:
            cell.leave_out_task()
        cell.clicked.connect(lambda: self.group_requested.emit(group.id, round_))
        return cell

    def _connect(self, cell: GroupCell, group: Group) -> None:
        for face in cell.faces:
            one = face.student
            face.clicked.connect(lambda checked, one=one: self.choose(one if checked else None))
        cell.name.clicked.connect(lambda: self._on_group_pressed(group.id))
        if cell.more is not None:
            cell.more.clicked.connect(lambda: self.group_requested.emit(group.id, None))

    def _on_group_pressed(self, group: Id) -> None:
        if self._chosen is None:
            self.group_requested.emit(group, None)
            return
        student, self._chosen = self._chosen, None
        self.choose(None)
        self.move_requested.emit(student, group)

    def _with_chosen(self, wish: SignalInstance) -> None:
        student = self._chosen
        self.choose(None)
        if student is not None:
            wish.emit(student)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._chosen is not None:
            self.choose(None)
            return
        super().keyPressEvent(event)
