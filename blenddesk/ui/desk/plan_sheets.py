"""Sheets of the plan page about students: sorting the class by judgement, who belongs together or apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import PairRule, Student
from blenddesk.services import groups
from blenddesk.text import _, digits
from blenddesk.ui import kit
from blenddesk.ui.desk.session import DeskSession

_LEVEL_KEYS = frozenset("1234")


def rules_sheet(session: DeskSession, window: QWidget, section: Id, students: Sequence[Student]) -> RulesSheet:
    """The sheet, ready to be told the rules and opened; what it adds and takes away is saved."""

    def add(kind: str, first: Id, second: Id) -> None:
        use_case = groups.keep_apart if kind == "apart" else groups.keep_together
        session.quietly(use_case, section, first, second)

    sheet = RulesSheet(window, students)
    sheet.rule_added.connect(add)
    sheet.rule_removed.connect(lambda rule: session.quietly(groups.remove_rule, section, rule))
    return sheet


class SortSheet(kit.Sheet):
    """The class sorted 1 to 4 by the teacher's own judgement, for mixed groups; typing 1 to 4 goes to the next name."""

    saved = Signal(object)
    """A dict: level (1 to 4, or None) by student."""

    def __init__(self, window: QWidget, students: Sequence[Student], levels: Mapping[Id, int]) -> None:
        super().__init__(
            window,
            _("Sort by my judgement"),
            _("1 needs most help, 4 needs least. Only you see it. Mixed groups then have some of each."),
            width=760,
        )
        self._levels: dict[Id, int | None] = {student.id: levels.get(student.id) for student in students}
        self._rows: list[_LevelRow] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(4)
        half = -(-len(students) // 2)
        for index, student in enumerate(students):
            row = _LevelRow(student, self._levels[student.id])
            row.level_chosen.connect(lambda level, place=index: self._on_level_chosen(place, level))
            self._rows.append(row)
            grid.addWidget(row, index % half, index // half)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)
        save = kit.Button(_("Make mixed groups"), "primary")
        save.setObjectName("sort_save")
        save.clicked.connect(self._on_save_clicked)
        self.add_action(save)

    def _on_level_chosen(self, place: int, level: int) -> None:
        row = self._rows[place]
        self._levels[row.student] = level or None
        if place + 1 < len(self._rows):
            self._rows[place + 1].take_focus()

    def _on_save_clicked(self) -> None:
        self.close_sheet()
        self.saved.emit(self._levels)


class _LevelRow(QWidget):
    """A name and four choices."""

    level_chosen = Signal(int)

    def __init__(self, student: Student, level: int | None) -> None:
        super().__init__()
        self.student = student.id
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(kit.Text(student.name), 1)
        choices = [(str(number), digits(number)) for number in range(1, 5)]
        name = _("My judgement of {student}").format(student=student.name)
        self.levels = kit.Segmented(choices, name=name, chosen=str(level or ""), parent=self)
        self.levels.setObjectName(f"levels_{student.number}")
        for number in range(1, 5):
            self.levels.button(str(number)).setAccessibleName(f"{student.name}: {number}")
            self.levels.button(str(number)).installEventFilter(self)
        self.levels.changed.connect(lambda key: self.level_chosen.emit(int(key)))
        row.addWidget(self.levels)

    def take_focus(self) -> None:
        chosen = self.levels.chosen() or "1"
        self.levels.button(chosen).setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.text() in _LEVEL_KEYS:
            self.levels.choose(event.text())
            self.level_chosen.emit(int(event.text()))
            return True
        return super().eventFilter(watched, event)


class RulesSheet(kit.Sheet):
    """Pairs that belong together or apart: those there are, and a new one by choosing two names."""

    rule_added = Signal(str, bytes, bytes)
    """``together`` or ``apart`` and the two students."""
    rule_removed = Signal(bytes)

    def __init__(self, window: QWidget, students: Sequence[Student]) -> None:
        super().__init__(
            window, _("Together and apart"), _("Groups keep these from now on. Only you see them."), width=620
        )
        if self.cancel is not None:
            self.cancel.setText(_("Done"))
        self._names = {student.id: student.name for student in students}
        self._list = QVBoxLayout()
        self.body.addLayout(self._list)
        names = [(student.id.hex(), student.name) for student in students]
        self.first = kit.Choice(names, name=_("First student"))
        self.second = kit.Choice(names, name=_("Second student"))
        self.first.setObjectName("rule_first")
        self.second.setObjectName("rule_second")
        self.second.setCurrentIndex(min(1, len(names) - 1))
        pair = QHBoxLayout()
        pair.addWidget(self.first, 1)
        pair.addWidget(self.second, 1)
        self.body.addLayout(pair)
        buttons = QHBoxLayout()
        for kind, words_ in (("apart", _("Keep apart")), ("together", _("Keep together"))):
            button = kit.Button(words_)
            button.setObjectName(f"rule_{kind}")
            button.clicked.connect(lambda _checked=False, kind=kind: self._on_add_clicked(kind))
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addLayout(buttons)

    def show_rules(self, rules: Sequence[PairRule]) -> None:
        while self._list.count():
            item = self._list.takeAt(0)
            old = item.widget() if item else None
            if old is not None:
                old.setParent(None)
                old.deleteLater()
        for rule in rules:
            self._list.addWidget(self._row(rule))
        self.place()

    def _row(self, rule: PairRule) -> QWidget:
        first, second = sorted(self._names.get(one, "?") for one in (rule.first, rule.second))
        pattern = _("{first} and {second}: apart") if rule.kind == "apart" else _("{first} and {second}: together")
        text = pattern.format(first=first, second=second)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(kit.Text(text), 1)
        gone = kit.IconButton("trash", _("Take away: {rule}").format(rule=text), px=34)
        gone.setObjectName(f"rule_{rule.id.hex()}")
        gone.clicked.connect(lambda _checked=False: self.rule_removed.emit(rule.id))
        line.addWidget(gone)
        return holder

    def _on_add_clicked(self, kind: str) -> None:
        self.rule_added.emit(kind, bytes.fromhex(self.first.chosen()), bytes.fromhex(self.second.chosen()))
