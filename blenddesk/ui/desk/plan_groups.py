"""The groups card: ways to group, a panel for each group, and choosing a student to put into another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Student
from blenddesk.domain.plans import PlanSheet
from blenddesk.text import _, digits
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.plan_group_panel import GAP, PAD, PICTURE, GroupPanel, StudentChip
from blenddesk.ui.desk.plan_scroll import smallest_height
from blenddesk.ui.kit import paint

MODES: tuple[tuple[str, str], ...] = (
    ("mixed", "shuffle"),
    ("random", "arrows-clockwise"),
    ("as_last_time", "clock-counter-clockwise"),
    ("by_hand", "hand"),
)
_MOST_COLUMNS = 3
_ROOM_FOR_ICONS = 690
"""A card narrower than this shows the ways to group as words only, so that they stay in one row."""
_SMALLEST_PANEL, _NARROW, _ROWS_IN_COMFORT = 116, 132, 5


def mode_words(mode: str) -> str:
    return {
        "mixed": _("Mixed"),
        "random": _("Random"),
        "as_last_time": _("As last time"),
        "by_hand": _("By hand"),
    }[mode]


class GroupsCard(kit.Card):
    """All groups of a plan. Signals say what the teacher wants; the page does it."""

    mode_requested = Signal(str)
    sort_requested = Signal()
    student_moved = Signal(bytes, bytes)
    """A student and the group to put them into."""
    report_requested = Signal()
    why_requested = Signal(bytes)
    lock_requested = Signal(bytes, bool)
    pointed = Signal(bytes, bytes)
    """A student and the group it would go to, before it is put there; both empty when the pointer left."""

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
        self.report = kit.Button("", "quiet", size="small", icon="list-checks", parent=self)
        self.report.setObjectName("groups_report")
        self.report.setAccessibleDescription(_("Five figures of these groups, each beside the best possible"))
        self.report.clicked.connect(self.report_requested)
        self.report.setVisible(False)
        self.why = kit.Button(_("Why here?"), "soft", size="small", parent=self)
        self.why.setObjectName("why_here")
        self.why.clicked.connect(lambda: self.why_requested.emit(self._chosen or b""))
        self.pin = kit.Button(_("Keep here"), "soft", size="small", icon="push-pin", parent=self)
        self.pin.setObjectName("keep_here")
        self.pin.clicked.connect(self._on_pin_clicked)
        self.hint = kit.Text("", role="small", tone="primary_ink", wrap=False, parent=self)
        self.hint.setObjectName("groups_hint")
        self.hint.setMinimumHeight(theme.look_of(self).px(36))
        self.hint.setVisible(False)
        for widget in (self.hint, self.why, self.pin, self.report):
            flow.addWidget(widget)
        for widget in (self.why, self.pin):
            widget.setVisible(False)
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
        self.is_tight = False
        self._report_words = ("", "")
        self.is_covered = False
        """Others may see the screen: nothing of levels, needs, helpers and rules shows."""
        self.move_words: Callable[[Id, Id, int], str] = lambda _student, _group, _most: ""
        self._lit: Mapping[Id, str] = {}
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
        words = _("{low} to {high}").format(low=sizes[0], high=sizes[-1]) if len(sizes) > 1 else digits(sum(sizes[:1]))
        one = len(sheet.groups) == 1
        self.sizes.setText(_("Everyone together: {n}").format(n=words) if one else _("Groups of {n}").format(n=words))
        for chip in self.modes.values():
            chip.setVisible(not one)
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

    def set_report(self, text: str, brief: str = "") -> None:
        """The one line about how good the groups are; it opens the report card. ``brief``: where there is no room."""
        self._report_words = (text, brief)
        self.report.setText(brief if brief and self.is_tight else text)
        self.report.setToolTip(text if self.is_tight else "")
        self.report.setAccessibleName(text)
        self.report.setVisible(bool(text) and not self.is_covered)

    def set_covered(self, covered: bool) -> None:
        self.is_covered = covered
        self.report.setVisible(bool(self.report.text()) and not covered)
        self._show_choice()

    def light(self, reasons: Mapping[Id, str]) -> None:
        """Lights up students, each with the reason; {} puts the light out."""
        self._lit = reasons
        self._show_choice()

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
            panel.pointed.connect(self._on_panel_pointed)
            self._panels[group.id] = panel

    def _fill_panels(self) -> None:
        """Chips anew, but only when who is where, looks or room changed; the focus stays on its student."""
        if self._sheet is None or not self._sheet.groups:
            return
        across = self._place_panels()
        columns, picture, inner = self._columns(across)
        rows = -(-max(len(group.students) for group in self._sheet.groups) // columns)
        self._save_room(low=rows > _ROWS_IN_COMFORT)
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
                        chip.why_requested.connect(self.why_requested)
                        chips.append(chip)
                panel.set_chips(chips, columns, (inner - 6 * (columns - 1)) / columns)
                if focused in group.students:
                    self.chip(focused).setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_choice()

    def _save_room(self, *, low: bool) -> None:
        """Where the card is narrow or full of names, ways to group have no icons and the report's line is brief."""
        tight = low or self.width() < theme.look_of(self).px(_ROOM_FOR_ICONS)
        for mode, icon in MODES:
            self.modes[mode].set_icon("" if tight else icon)
        self.report.set_icon("" if tight else "list-checks")
        if tight != self.is_tight:
            self.is_tight = tight
            self.set_report(*self._report_words)

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
        with_picture = widest + look.px(PICTURE) + GAP + 2 * PAD
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
        locked = {one for group in self._sheet.groups for one in group.locked} if self._sheet else set()
        for panel in self._panels.values():
            offered = self._chosen is not None and (home is None or panel.group != home.id)
            change = self.move_words(self._chosen, panel.group, 1) if offered and self._chosen else ""
            panel.offer(name if offered else "", change)
            for chip in panel.chips:
                chip.setChecked(chip.student == self._chosen)
                stays = chip.student in locked and not self.is_covered
                chip.set_state(lit="" if self.is_covered else self._lit.get(chip.student, ""), stays=stays)
            panel.update()
        self.hint.setVisible(bool(name))
        self.sort.setVisible(not name and len(self._panels) > 1 and not self.is_covered)
        for button in (self.why, self.pin):
            button.setVisible(bool(name) and home is not None and not self.is_covered)
        self.pin.setText(_("Let go") if self._chosen in locked else _("Keep here"))
        self.hint.setText(_("Choose a group for {student}").format(student=name) if name else "")

    def _on_chip_clicked(self, student: Id) -> None:
        self._chosen = None if student == self._chosen else student
        self._show_choice()

    def _on_pin_clicked(self) -> None:
        home = self._sheet.group_of(self._chosen) if self._sheet and self._chosen else None
        if home is not None and self._chosen is not None:
            student, self._chosen = self._chosen, None
            self._show_choice()
            self.lock_requested.emit(student, student not in home.locked)

    def _on_panel_pointed(self, student: bytes, group: bytes) -> None:
        self.pointed.emit(student or self._chosen or b"", group)

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
        if event.key() == Qt.Key.Key_Escape and (self._chosen is not None or self._lit):
            self._chosen, self._lit = None, {}
            self._show_choice()
            return
        super().keyPressEvent(event)
