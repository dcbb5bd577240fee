"""One group on the plan page: its students as chips to tap or drag, and its way through the places."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.domain.people import Student
from blenddesk.domain.plans import Block, Group
from blenddesk.text import _, ngettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.desk.plan_scroll import smallest_height
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.stations import draw_place_picture

STUDENT_MIME = "application/x-blenddesk-student"
PAD, PICTURE, GAP = 7, 20, 6
"""Of a chip in a narrow panel: edge, picture and the space after it."""


class StudentChip(kit.NameChip):
    """A student in a group: pressed to choose, dragged to another group."""

    why_requested = Signal(bytes)

    def __init__(self, student: Student, *, picture: bool, parent: QWidget) -> None:
        super().__init__(student.name, avatar=student.avatar if picture else "", checkable=True, parent=parent)
        self.student = student.id
        self.setObjectName(f"student_{student.number}")
        self._pressed_at: QPoint | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(theme.look_of(self).px(56))
        self.low = False
        self.stays = False
        self._lit = ""

    def set_state(self, *, lit: str, stays: bool) -> None:
        """``lit``: why this name is lit up ("" when it is not); ``stays``: kept in the group, shown by a pin."""
        if (lit, stays) != (self._lit, self.stays):
            self._lit, self.stays = lit, stays
            self.setToolTip(lit or (_("Stays in this group") if stays else ""))
            self.setAccessibleDescription(self.toolTip())
            self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key or the other mouse button: why here."""
        self.why_requested.emit(self.student)
        event.accept()

    def least_height(self, width: float) -> int:
        """The least height in which the name can be read in a chip of this width (smallest letters, wrapped)."""
        look = theme.look_of(self)
        picture = look.px(PICTURE) + GAP if self._avatar else 0
        font = theme.sized_font(look, 15, bold=True)
        font.setPixelSize(paint.MIN_TEXT_PX)
        room = QRect(0, 0, max(20, int(width) - picture - 2 * PAD), 1000)
        wrapped = QFontMetrics(font).boundingRect(room, Qt.TextFlag.TextWordWrap, self.words())
        return max(self._least(look), wrapped.height() + 2)

    def _least(self, look: theme.Look) -> int:
        # Many names below each other grow less than the letters do: more of them stay in view.
        return round(20 + 8 * look.scale) if self.low else look.px(36)

    def set_width(self, width: float) -> None:
        self.setMinimumHeight(self.least_height(width))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(40), self._least(look))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect())
        chosen = self.isChecked()
        fill = tokens.primary_soft if chosen else tokens.hover if self.is_hovered() else tokens.surface
        line = tokens.primary if chosen else tokens.border
        if self._lit and not chosen:
            fill, line = tokens.warn_soft, tokens.warn
        strong = chosen or bool(self._lit)
        paint.card(painter, box, 11, fill, line=line, width=2.0 if strong else max(1.0, tokens.line / 2))
        if self.stays:
            pin = paint.mirrored(self, QRectF(box.right() - 13, 2, 11, 11))
            assets.draw_icon(painter, pin, "push-pin", tokens.primary_ink)
        start = float(PAD)
        if self._avatar:
            side = float(look.px(PICTURE if box.width() < look.px(126) else PICTURE + 6))
            place = QRectF(start, (box.height() - side) / 2, side, side)
            paint.avatar_only(painter, paint.mirrored(self, place), look, self._avatar, self.words())
            start += side + GAP
        room = paint.mirrored(self, QRectF(start, 1, box.width() - start - PAD + 2, box.height() - 2))
        paint.draw_text(painter, room, self.words(), theme.sized_font(look, 15, bold=True), tokens.text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = self._pressed_at is not None and (
            (event.position().toPoint() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        )
        if not far or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        self.setDown(False)
        self._pressed_at = None
        drag = QDrag(self)
        data = QMimeData()
        data.setData(STUDENT_MIME, self.student)
        drag.setMimeData(data)
        drag.setPixmap(self.grab())
        drag.setHotSpot(event.position().toPoint())
        drag.exec(Qt.DropAction.MoveAction)


class GroupPath(QLabel):
    """The places of a group in order of the rounds, as small pictures with arrows between."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._blocks: list[Block | None] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_blocks(self, blocks: list[Block | None]) -> None:
        self._blocks = blocks
        names = [block.title if block else _("no place") for block in blocks]
        self.setAccessibleName(_("Way: {places}").format(places=", ".join(names)))
        self.setToolTip(" → ".join(names))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.look_of(self).px(120), theme.look_of(self).px(40))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, theme.look_of(self).px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._blocks:
            return
        look = theme.look_of(self)
        count = len(self._blocks)
        gap = min(float(look.px(12)), self.width() * 0.22 / count)
        side = min(float(look.px(36)), (self.width() - gap * (count - 1)) / count, float(self.height()))
        with paint.painting(self) as painter:
            for index, block in enumerate(self._blocks):
                x = index * (side + gap)
                spot = paint.mirrored(self, QRectF(x, (self.height() - side) / 2, side, side))
                if block is None:
                    paint.card(painter, spot, side * 0.2, "", line=look.tokens.danger, width=2, dashed=True)
                else:
                    draw_place_picture(painter, spot, look, block.picture, block.tint)
                if index + 1 < count and gap >= 6:
                    arrow = paint.mirrored(self, QRectF(x + side, (self.height() - gap) / 2, gap, gap))
                    turn = kit.is_rtl(self)
                    assets.draw_icon(painter, arrow, "caret-right", look.tokens.dim, mirrored=turn)


class GroupPanel(QFrame):
    """One group: shape, name, students and way. ``student_dropped(student, group)`` when someone is put here."""

    student_dropped = Signal(bytes, bytes)
    pressed = Signal(bytes)
    """A press on the panel itself (to put the chosen student here)."""
    pointed = Signal(bytes, bytes)
    """A student dragged over this group (none: the chosen one) and the group; both empty when the pointer left."""

    def __init__(self, group: Group, *, letter: bool, many: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.group = group.id
        self.setAcceptDrops(True)
        self.shape = kit.ShapeIcon(group.shape, px=22 if many else 28, letter=letter, name=group.name, parent=self)
        self.name = kit.Text(group.name, bold=True, parent=self)
        self.count = kit.Text("", role="small", tone="dim", wrap=False, parent=self)
        self.here = kit.Button(_("Put here"), "soft", size="small", parent=self)
        self.here.setVisible(False)
        self.here.clicked.connect(lambda: self.pressed.emit(self.group))
        self.here.installEventFilter(self)
        self.change = kit.Text("", role="small", tone="primary_ink", parent=self)
        self.change.setVisible(False)
        self.chips: list[StudentChip] = []
        self.grid = kit.ArrowGrid(2, spacing=6, letters=True, parent=self)
        self.path = GroupPath(self)
        self._over = False
        self.low = False
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.shape)
        title = QVBoxLayout()
        title.setSpacing(0)
        title.addWidget(self.name)
        title.addWidget(self.count)
        title.addWidget(self.here)
        title.addWidget(self.change)
        top.addLayout(title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 8, 9, 8)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.grid)
        column.addStretch(1)
        self._line = QFrame(self)
        self._line.setFixedHeight(1)
        self._line.setAutoFillBackground(True)
        column.addWidget(self._line)
        column.addWidget(self.path)

    def show_group(self, group: Group, index: int, path: list[Block | None]) -> None:
        self.setObjectName(f"group_{index}")
        self.here.setObjectName(f"put_here_{index}")
        self.grid.setObjectName(f"group_{index}_students")
        self.setAccessibleName(group.name)
        self.grid.setAccessibleName(group.name)
        self.name.setText(group.name)
        self.shape.set_shape(group.shape, name=group.name)
        size = len(group.students)
        self.count.setText(ngettext("{n} student", "{n} students", size).format(n=size))
        self.path.show_blocks(path)
        palette = self._line.palette()
        palette.setColor(self._line.backgroundRole(), theme.look_of(self).tokens.border)
        self._line.setPalette(palette)

    def set_chips(self, chips: list[StudentChip], columns: int, width: float) -> None:
        """``width``: about how wide each chip will be."""
        self.chips = chips
        for chip in chips:
            chip.low = self.low
            chip.set_width(width)
        self.grid.set_widgets(chips, columns=columns)
        # Qt shows what is added to a shown panel a turn later: until then the panel would stand there empty.
        for chip in chips:
            chip.show()
        for layout in (self.grid.layout(), self.layout()):
            if layout is not None:
                layout.activate()

    def hasHeightForWidth(self) -> bool:
        # See ``plan_scroll``: the students may stand closer before the page scrolls.
        return False

    def minimumSizeHint(self) -> QSize:
        """Panels share their row evenly, whatever their names."""
        smallest = theme.look_of(self).px(90)
        return QSize(smallest, smallest_height(self, max(self.width(), smallest)))

    def set_dense(self, *, narrow: bool, low: bool) -> None:
        """Smaller letters in a narrow panel; less air and no count where many students stand below each other."""
        self.name.set_role("small" if narrow else "body", bold=True)
        self.low = low
        self.count.setVisible(not low)
        column = self.layout()
        if column is not None:
            column.setContentsMargins(8, 4 if low else 8, 8, 3 if low else 8)
            column.setSpacing(3 if low else 6)
        self.grid.set_spacing(3 if low else 6)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            self.pointed.emit(b"", self.group)
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.pointed.emit(b"", b"")
        return super().eventFilter(watched, event)

    def offer(self, name: str, change: str = "") -> None:
        """Offer to take the chosen student ("" takes the offer back); ``change``: what that would do."""
        self.change.setText(change)
        self.change.setVisible(bool(name and change) and not self.low)
        self.here.setAccessibleDescription(change)
        self.here.setVisible(bool(name))
        self.count.setVisible(not name and not self.low)
        self.here.setAccessibleName(_("Put {student} into {group}").format(student=name, group=self.name.text()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.here.isVisibleTo(self):
            self.pressed.emit(self.group)
        super().mousePressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(STUDENT_MIME):
            self._over = True
            self.update()
            event.acceptProposedAction()
            self.pointed.emit(bytes(event.mimeData().data(STUDENT_MIME).data()), self.group)

    def dragLeaveEvent(self, _event: object) -> None:
        self._over = False
        self.update()
        self.pointed.emit(b"", b"")

    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        self.update()
        event.acceptProposedAction()
        self.student_dropped.emit(bytes(event.mimeData().data(STUDENT_MIME).data()), self.group)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        lit = self._over or self.here.isVisibleTo(self)
        with paint.painting(self) as painter:
            fill = tokens.primary_soft if self._over else tokens.quiet
            line = tokens.primary if lit else tokens.border
            paint.card(painter, QRectF(self.rect()), 12, fill, line=line, width=2.0 if lit else 1.2)
