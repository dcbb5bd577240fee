"""The groups card: ways to group, a panel for each group with its students to drag or tap over, and its way."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QMimeData, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Student
from blenddesk.domain.plans import Block, Group, PlanSheet
from blenddesk.text import _, ngettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.desk.plan_scroll import smallest_height
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.stations import draw_place_picture

STUDENT_MIME = "application/x-blenddesk-student"
MODES: tuple[tuple[str, str], ...] = (
    ("mixed", "shuffle"),
    ("random", "arrows-clockwise"),
    ("as_last_time", "clock-counter-clockwise"),
    ("by_hand", "hand"),
)
_MOST_COLUMNS = 3
_SMALLEST_PANEL, _NARROW, _ROWS_IN_COMFORT = 116, 132, 5
_PAD, _PICTURE, _GAP = 7, 20, 6
"""Of a chip in a narrow panel: edge, picture and the space after it."""


def mode_words(mode: str) -> str:
    return {
        "mixed": _("Mixed"),
        "random": _("Random"),
        "as_last_time": _("As last time"),
        "by_hand": _("By hand"),
    }[mode]


class StudentChip(kit.NameChip):
    """A student in a group: pressed to choose, dragged to another group."""

    def __init__(self, student: Student, *, picture: bool, parent: QWidget) -> None:
        super().__init__(student.name, avatar=student.avatar if picture else "", checkable=True, parent=parent)
        self.student = student.id
        self.setObjectName(f"student_{student.number}")
        self._pressed_at: QPoint | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(theme.look_of(self).px(56))
        self.low = False

    def least_height(self, width: float) -> int:
        """The least height in which the name can be read in a chip of this width (smallest letters, wrapped)."""
        look = theme.look_of(self)
        picture = look.px(_PICTURE) + _GAP if self._avatar else 0
        font = theme.sized_font(look, 15, bold=True)
        font.setPixelSize(paint.MIN_TEXT_PX)
        room = QRect(0, 0, max(20, int(width) - picture - 2 * _PAD), 1000)
        wrapped = QFontMetrics(font).boundingRect(room, Qt.TextFlag.TextWordWrap, self.words())
        return max(look.px(28 if self.low else 36), wrapped.height() + 2)

    def set_width(self, width: float) -> None:
        self.setMinimumHeight(self.least_height(width))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(40), look.px(28 if self.low else 36))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect())
        chosen = self.isChecked()
        fill = tokens.primary_soft if chosen else tokens.hover if self.is_hovered() else tokens.surface
        line = tokens.primary if chosen else tokens.border
        paint.card(painter, box, 11, fill, line=line, width=2.0 if chosen else max(1.0, tokens.line / 2))
        start = float(_PAD)
        if self._avatar:
            side = float(look.px(_PICTURE if box.width() < look.px(126) else _PICTURE + 6))
            place = QRectF(start, (box.height() - side) / 2, side, side)
            paint.avatar_only(painter, paint.mirrored(self, place), look, self._avatar, self.words())
            start += side + _GAP
        room = paint.mirrored(self, QRectF(start, 1, box.width() - start - _PAD + 2, box.height() - 2))
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

    def offer(self, name: str) -> None:
        """Offer to take the chosen student ("" takes the offer back)."""
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

    def dragLeaveEvent(self, _event: object) -> None:
        self._over = False
        self.update()

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


class GroupsCard(kit.Card):
    """All groups of a plan. Signals say what the teacher wants; the page does it."""

    mode_requested = Signal(str)
    sort_requested = Signal()
    student_moved = Signal(bytes, bytes)
    """A student and the group to put them into."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=12, parent=parent)
        self.setObjectName("groups_card")
        self.sizes = kit.Heading("", parent=self)
        self.sizes.setWordWrap(False)
        self.modes: dict[str, kit.Chip] = {}
        holder = QWidget(self)
        flow = kit.FlowLayout(holder, spacing=8)
        for mode, icon in MODES:
            chip = kit.Chip(mode_words(mode), icon=icon, parent=holder)
            chip.setObjectName(f"mode_{mode}")
            chip.clicked.connect(lambda _checked=False, mode=mode: self._on_mode_clicked(mode))
            self.modes[mode] = chip
            flow.addWidget(chip)
        self.sort = kit.Button(_("My judgement"), "quiet", size="small", parent=self)
        self.sort.setToolTip(_("Sort the class 1 to 4 for mixed groups"))
        self.sort.setAccessibleDescription(self.sort.toolTip())
        self.sort.setObjectName("sort_by_judgement")
        self.sort.clicked.connect(self.sort_requested)
        flow.addWidget(self.sort)
        self.hint = kit.Text("", role="small", tone="primary_ink", wrap=False, parent=self)
        self.hint.setObjectName("groups_hint")
        self.hint.setMinimumHeight(theme.look_of(self).px(36))
        self.hint.setVisible(False)
        flow.addWidget(self.hint)
        top = QHBoxLayout()
        top.setSpacing(14)
        self.sizes.setMinimumHeight(theme.look_of(self).px(36))
        top.addWidget(self.sizes, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(holder, 1)
        self._panels: dict[Id, GroupPanel] = {}
        self._row = QGridLayout()
        self._row.setSpacing(8)
        self.body.addLayout(top)
        self.body.addLayout(self._row, 1)
        self._sheet: PlanSheet | None = None
        self._students: dict[Id, Student] = {}
        self._mode = ""
        self._chosen: Id | None = None
        self._letter = False
        self._layout_key: object = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def hasHeightForWidth(self) -> bool:
        # See ``plan_scroll``.
        return False

    def minimumSizeHint(self) -> QSize:
        smallest = super().minimumSizeHint().width()
        return QSize(smallest, smallest_height(self, max(smallest, self.width())))

    # --- showing --------------------------------------------------------------------------------------------

    def show_sheet(
        self, sheet: PlanSheet, students: Mapping[Id, Student], *, letter: bool = False, had_groups: bool = True
    ) -> None:
        """The groups of a plan. ``had_groups``: there is an earlier lesson for "As last time"."""
        self._sheet, self._students, self._letter = sheet, dict(students), letter
        sizes = sorted({len(group.students) for group in sheet.groups})
        words = _("{low} to {high}").format(low=sizes[0], high=sizes[-1]) if len(sizes) > 1 else str(sum(sizes[:1]))
        self.sizes.setText(_("Groups of {n}").format(n=words))
        self._mode = sheet.plan.grouping.value
        self._show_mode()
        self.modes["as_last_time"].setEnabled(had_groups)
        ids = [group.id for group in sheet.groups]
        if list(self._panels) != ids:
            self._rebuild(sheet)
        for index, group in enumerate(sheet.groups):
            path = [sheet.block_of(group.id, round_) for round_ in range(len(sheet.plan.rounds))]
            self._panels[group.id].show_group(group, index, path)
        if self._chosen is not None and sheet.group_of(self._chosen) is None:
            self._chosen = None
        self._fill_panels()

    def panels(self) -> list[GroupPanel]:
        return list(self._panels.values())

    def chip(self, student: Id) -> StudentChip:
        """KeyError when the student is in no group."""
        for panel in self._panels.values():
            for chip in panel.chips:
                if chip.student == student:
                    return chip
        raise KeyError(student)

    def focus_first(self) -> None:
        chips = [chip for panel in self._panels.values() for chip in panel.chips]
        if chips:
            chips[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _rebuild(self, sheet: PlanSheet) -> None:
        for old in self._panels.values():
            self._row.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        self._panels = {}
        self._layout_key = None
        for group in sheet.groups:
            panel = GroupPanel(group, letter=self._letter, many=len(sheet.groups) > 4, parent=self)
            panel.student_dropped.connect(self.student_moved)
            panel.pressed.connect(self._on_panel_pressed)
            self._panels[group.id] = panel

    def _fill_panels(self) -> None:
        """Chips anew, but only when who is where, looks or room changed; the focus stays on its student."""
        if self._sheet is None or not self._sheet.groups:
            return
        across = self._place_panels()
        columns, picture, inner = self._columns(across)
        rows = -(-max(len(group.students) for group in self._sheet.groups) // columns)
        scale = theme.look_of(self).scale
        members = [(group.id, group.students) for group in self._sheet.groups]
        narrow = inner < theme.look_of(self).px(_NARROW)
        shown = {student.id: (student.name, student.avatar) for student in self._students.values()}
        key = (members, columns, picture, across, narrow, round(inner), scale, shown)
        if key != self._layout_key:
            self._layout_key = key
            focus = QApplication.focusWidget()
            focused = focus.student if isinstance(focus, StudentChip) else None
            for group in self._sheet.groups:
                panel = self._panels[group.id]
                panel.set_dense(narrow=narrow, low=rows > _ROWS_IN_COMFORT)
                chips = []
                for student in group.students:
                    if student in self._students:
                        chip = StudentChip(self._students[student], picture=picture, parent=panel)
                        chip.clicked.connect(lambda _checked=False, one=student: self._on_chip_clicked(one))
                        chips.append(chip)
                panel.set_chips(chips, columns, (inner - 6 * (columns - 1)) / columns)
                if focused in group.students:
                    self.chip(focused).setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_choice()

    def _place_panels(self) -> int:
        """All panels side by side, or in two rows where they would be too narrow; how many there are in a row."""
        panels = list(self._panels.values())
        smallest = theme.look_of(self).px(_SMALLEST_PANEL)
        each = (self.width() - 28 - self._row.spacing() * (len(panels) - 1)) / max(len(panels), 1)
        across = len(panels) if each >= smallest or len(panels) < 3 else -(-len(panels) // 2)
        last, after = self._row.itemAtPosition(0, across - 1), self._row.itemAtPosition(0, across)
        if panels and (last is None or after is not None):
            for panel in panels:
                self._row.removeWidget(panel)
            for column in range(self._row.columnCount()):
                self._row.setColumnStretch(column, 0)
            for index, panel in enumerate(panels):
                self._row.addWidget(panel, index // across, index % across)
                self._row.setColumnStretch(index % across, 1)
        return across

    def _columns(self, across: int) -> tuple[int, bool, float]:
        """Chips side by side, whether with pictures, so that the longest name can be read; and a panel's room."""
        look = theme.look_of(self)
        groups = self._sheet.groups if self._sheet else ()
        inner = (self.width() - 28 - self._row.spacing() * (across - 1)) / max(across, 1) - 20
        font = theme.sized_font(look, 12, bold=True)
        names = [self._students[one].name for group in groups for one in group.students if one in self._students]
        widest = max((paint.text_size(word, font).width() for name in names for word in name.split()), default=20)
        with_picture = widest + look.px(_PICTURE) + _GAP + 2 * _PAD
        if with_picture > inner:
            return 1, False, inner
        most = max((len(group.students) for group in groups), default=1)
        fitting = int((inner + 6) // (with_picture + 6))
        return max(1, min(_MOST_COLUMNS, fitting, most, 3 if most > 12 else 2)), True, inner

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill_panels()
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def restyle(self) -> None:
        self._fill_panels()

    # --- choosing a student, then a group --------------------------------------------------------------------

    def _show_mode(self) -> None:
        for mode, chip in self.modes.items():
            chip.setChecked(mode == self._mode)

    def _show_choice(self) -> None:
        name = self._students[self._chosen].name if self._chosen in self._students else ""
        home = self._sheet.group_of(self._chosen) if self._sheet and self._chosen else None
        for panel in self._panels.values():
            panel.offer(name if home is None or panel.group != home.id else "")
            for chip in panel.chips:
                chip.setChecked(chip.student == self._chosen)
            panel.update()
        self.hint.setVisible(bool(name))
        self.sort.setVisible(not name)
        self.hint.setText(_("Choose a group for {student}").format(student=name) if name else "")

    def _on_chip_clicked(self, student: Id) -> None:
        self._chosen = None if student == self._chosen else student
        self._show_choice()

    def _on_panel_pressed(self, group: Id) -> None:
        if self._chosen is None:
            return
        student, self._chosen = self._chosen, None
        self._show_choice()
        self.student_moved.emit(student, group)

    def _on_mode_clicked(self, mode: str) -> None:
        # The chip follows the plan, not the press: a refusal must leave the old choice standing.
        self._show_mode()
        self.mode_requested.emit(mode)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._chosen is not None:
            self._chosen = None
            self._show_choice()
            return
        super().keyPressEvent(event)
