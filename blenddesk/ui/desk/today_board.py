"""Today's board of groups and rounds: who is where, what is logged; tap a student, then a group, to move them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.live import Phase
from blenddesk.domain.people import Student
from blenddesk.domain.plans import SHAPES, Block, Group, PlanSheet
from blenddesk.services.today import DayState, GroupRow, TodayView
from blenddesk.text import _, digits, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.today_words import round_words
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import PaintedButton
from blenddesk.ui.kit.people import draw_group_mark
from blenddesk.ui.kit.stations import When

MOST_FACES = 8
"""Faces in a row of a group; the rest are behind a number."""
FACE_PX = 25


def shape_of(group: Group) -> str:
    """A shape the kit can draw, whatever a newer program wrote."""
    return group.shape if group.shape in SHAPES else SHAPES[group.position % len(SHAPES)]


class Face(PaintedButton):
    """A student in a group: stays pressed while they are about to be moved; pale when away."""

    def __init__(self, student: Student, *, away: bool, parent: QWidget | None = None) -> None:
        self.student = student.id
        self._avatar, self._away = student.avatar, away
        super().__init__(student.name, parent)
        self.setObjectName(f"face_{student.id.hex()}")
        self.setCheckable(True)
        self.setToolTip(student.name)
        self.setAccessibleDescription(_("Away") if away else "")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def content_size(self) -> QSize:
        return QSize(FACE_PX, FACE_PX)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        lit = self.isChecked() or self.is_hovered()
        if self._away:
            painter.setOpacity(0.35)
        ring = look.tokens.primary if lit else ""
        paint.avatar(painter, box, look, picture=self._avatar, name=self.words(), ring=ring, ring_width=2.5)
        if self._away:
            painter.setOpacity(1.0)
            spot = paint.mirrored(self, QRectF(box.right() - 10, box.bottom() - 10, 10, 10))
            paint.disc(painter, spot.center(), 5.5, look.tokens.danger, line=look.tokens.surface, width=1.5)
            bar = QRectF(0, 0, 5, 1.6)
            bar.moveCenter(spot.center())
            paint.card(painter, bar, 0.5, look.tokens.on_danger)


class MoreFaces(PaintedButton):
    """``+2``: the students that a row has no room for."""

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(
            max(FACE_PX, paint.text_size(self.words(), theme.sized_font(look, 12, bold=True)).width()), FACE_PX
        )

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        ink = look.tokens.primary_ink if self.is_hovered() else look.tokens.dim
        font = theme.sized_font(look, 12, bold=True)
        paint.draw_text(painter, QRectF(self.rect()), self.words(), font, ink, paint.CENTRE, lines=1)


class GroupName(PaintedButton):
    """A group's shape and name: a target while a student is being moved, else opens the group."""

    def __init__(self, group: Group, *, letter: bool, parent: QWidget | None = None) -> None:
        self._shape, self._letter, self._target = shape_of(group), letter, False
        super().__init__(group.name or kit.group_name(self._shape), parent)
        self.setObjectName(f"group_{group.id.hex()}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_target(self, target: bool) -> None:
        self._target = target
        self.setAccessibleDescription(_("Move here") if target else "")
        self.update()

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        words = paint.text_size(self.words(), theme.sized_font(look, 15, bold=True)).width()
        return QSize(words + look.px(38), look.px(26))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(90), look.px(26))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        box = QRectF(self.rect())
        if self._target or self.is_hovered():
            line = look.tokens.primary if self._target else ""
            paint.card(painter, box, 8, look.tokens.primary_soft, line=line, width=1.5)
        side = box.height() - 6
        mark = paint.mirrored(self, QRectF(3, 3, side, side))
        draw_group_mark(painter, mark, look, self._shape, letter=self._letter)
        room = paint.mirrored(self, QRectF(side + 11, 0, box.width() - side - 15, box.height()))
        font = theme.sized_font(look, 15, bold=True)
        paint.draw_text(painter, room, self.words(), font, look.tokens.text, lines=1)


class RoundHead(QLabel):
    """``Round 3``, or a filled ``Now · Round 2``."""

    def __init__(self, words: str, *, now: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._now = words, now
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
            paint.draw_text(painter, box.adjusted(4, 0, -4, 0), self._words, font, ink, paint.CENTRE, lines=1)


class BoardCell(kit.RotationCell):
    """A cell that asks for little height: six groups have to fit, and fewer grow into the room there is."""

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(140), look.px(56))


class GroupCell(QWidget):
    """One group: name, faces, how many logged. Faces are chosen, the name is pressed."""

    def __init__(
        self,
        row: GroupRow,
        students: Mapping[Id, Student],
        away: frozenset[Id],
        *,
        counted: bool,
        letter: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = GroupName(row.group, letter=letter, parent=self)
        self.faces: list[Face] = []
        self.more: MoreFaces | None = None
        self.count = kit.Text("", role="small", bold=True, wrap=False, parent=self)
        self.bar = kit.ProgressBar(0, 1, name=self.name.words(), group=shape_of(row.group), height=6, parent=self)
        people = [students[one] for one in row.group.students if one in students]
        shown = people if len(people) <= MOST_FACES else people[: MOST_FACES - 1]
        faces = QHBoxLayout()
        faces.setSpacing(1)
        faces.setContentsMargins(3, 0, 0, 0)
        for student in shown:
            face = Face(student, away=student.id in away, parent=self)
            self.faces.append(face)
            faces.addWidget(face)
        if len(people) > len(shown):
            self.more = MoreFaces(_("+{n}").format(n=len(people) - len(shown)), self)
            self.more.setObjectName(f"more_{row.group.id.hex()}")
            self.more.setAccessibleName(_("All of {group}").format(group=self.name.words()))
            faces.addWidget(self.more)
        faces.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.name, 1)
        top.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 6, 1)
        column.setSpacing(2)
        column.addStretch(1)
        column.addLayout(top)
        column.addLayout(faces)
        column.addWidget(self.bar)
        column.addStretch(1)
        self.bar.setVisible(counted)
        self.show_count(row, counted=counted)

    def show_count(self, row: GroupRow, *, counted: bool) -> None:
        size = ngettext("{n} student", "{n} students", row.here).format(n=row.here)
        self.count.setText(_("{done}/{here}").format(done=row.done, here=row.here) if counted else digits(row.here))
        self.count.setAccessibleName(_("{done} of {total}").format(done=row.done, total=row.here) if counted else size)
        self.bar.set_progress(row.done, row.here)
        self.bar.setVisible(counted)


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
        self._view: TodayView | None = None
        self._cells: list[GroupCell] = []
        self._table = QWidget(self)
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
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

    def show_view(self, view: TodayView) -> None:
        """Rebuilt only when groups, places or the round change; else only the counts move."""
        assert view.sheet is not None
        assert view.lesson is not None
        self._view = view
        counted = self._is_counted(view)
        key = (
            view.sheet.blocks,
            view.sheet.groups,
            view.sheet.seats,
            view.sheet.tasks,
            len(view.lesson.rounds),
            (view.lesson.phase, view.lesson.round),
            tuple((one.id, one.name, one.avatar) for one in view.students.values()),
            view.register.away,
            (counted, view.section.look, view.is_live),
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
            away = student in view.register.away
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
                    widget.setParent(None)
                    widget.deleteLater()
        letter = view.section.look == "older"
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
        head = kit.Text(title, role="small", bold=True, tone="dim", parent=self._head)
        head.setFixedWidth(self._name_width())
        self._heads.addWidget(head)
        for round_ in rounds:
            words = round_words(round_)
            is_now = round_ == now
            if is_now:
                words = (_("Next · {round}") if state.phase is Phase.MOVING else _("Now · {round}")).format(round=words)
            self._heads.addWidget(RoundHead(words, now=is_now, parent=self._head), 1)
        away = frozenset(view.register.away)
        self._cells = []
        over = {one.round for one in view.results}
        for place, row in enumerate(view.rows):
            cell = GroupCell(row, view.students, away, counted=counted, letter=letter, parent=self._table)
            cell.setFixedWidth(self._name_width())
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

    def _name_width(self) -> int:
        return max(MOST_FACES * (FACE_PX + 1) + 12, theme.look_of(self).px(206))

    def _rotation_cell(self, group: Group, block: Block, round_: int, when: When) -> BoardCell:
        cell = BoardCell(block.title, block.task, picture=block.picture, tint=block.tint, when=when, parent=self._table)
        cell.setObjectName(f"cell_{group.id.hex()}_{round_}")
        name = group.name or kit.group_name(shape_of(group))
        cell.setAccessibleName(
            _("{group}, {round}: {place}").format(group=name, round=round_words(round_), place=block.title)
        )
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
