"""One group on Today's board: its shape and name, its students' faces, and how many have logged."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Student
from blenddesk.domain.plans import SHAPES, Group, Mode
from blenddesk.services.today import GroupRow, TodayView
from blenddesk.text import _, digits, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import PaintedButton
from blenddesk.ui.kit.people import draw_group_mark

MOST_FACES = 8
"""Faces in a row of a group; the rest are behind a number."""
FACE_PX = 25


class Rows(Enum):
    """How the groups stand on the board, from the roomiest to the lowest."""

    TALL = 0
    """Name, faces, and a bar of who logged."""
    LOW = 1
    """Name and faces; the count is said in figures."""
    LINE = 2
    """The faces beside the name, on one line."""
    NAMES = 3
    """The name alone: a press opens the group with its faces."""


def shape_of(group: Group) -> str:
    """A shape the kit can draw, whatever a newer program wrote."""
    return group.shape if group.shape in SHAPES else SHAPES[group.position % len(SHAPES)]


def at_computer_words(view: TodayView) -> str:
    """``Triangles · 3 of 8 done``: the group that is at the computers in this round."""
    if view.sheet is None or view.board_round is None:
        return _("on this laptop")
    for row in view.rows:
        block = view.sheet.block_of(row.group.id, view.board_round)
        if block is not None and block.mode is Mode.ONLINE:
            name = row.group.name or kit.group_name(shape_of(row.group))
            return _("{group} · {done} of {total} done").format(group=name, done=row.done, total=row.here)
    return _("on this laptop")


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
        rows: Rows = Rows.TALL,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._has_bar = counted and rows is Rows.TALL
        self.name = GroupName(row.group, letter=letter, parent=self)
        self.faces: list[Face] = []
        self.more: MoreFaces | None = None
        self.count = kit.Text("", role="small", bold=True, wrap=False, parent=self)
        self.bar = kit.ProgressBar(0, 1, name=self.name.words(), group=shape_of(row.group), height=6, parent=self)
        people = [students[one] for one in row.group.students if one in students]
        shown = people if len(people) <= MOST_FACES else people[: MOST_FACES - 1]
        if rows is Rows.NAMES:
            shown = people = []
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
        if rows is Rows.LINE:
            top.addLayout(faces)
        top.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 6, 1)
        column.setSpacing(2 if rows is Rows.TALL else 0)
        column.addStretch(1)
        column.addLayout(top)
        if rows in (Rows.TALL, Rows.LOW):
            column.addLayout(faces)
        column.addWidget(self.bar)
        column.addStretch(1)
        self.show_count(row, counted=counted)

    def show_count(self, row: GroupRow, *, counted: bool) -> None:
        size = ngettext("{n} student", "{n} students", row.here).format(n=row.here)
        self.count.setText(_("{done}/{here}").format(done=row.done, here=row.here) if counted else digits(row.here))
        self.count.setAccessibleName(_("{done} of {total}").format(done=row.done, total=row.here) if counted else size)
        self.bar.set_progress(row.done, row.here)
        self.bar.setVisible(self._has_bar)
