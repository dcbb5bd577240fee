"""Sheets of the plan page: which lesson and when, sorting the class by judgement, who belongs together or apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import PairRule, Student
from blenddesk.domain.plans import Plan, PlanStatus
from blenddesk.text import _, digits
from blenddesk.ui import kit
from blenddesk.ui.desk import plan_words as words

_LEVEL_KEYS = frozenset("1234")


class LessonsSheet(kit.Sheet):
    """The coming lessons of the class, a new one, and the name and day of the one in view."""

    plan_chosen = Signal(bytes)
    new_requested = Signal()
    renamed = Signal(str)
    day_chosen = Signal(str, int)
    """An ISO day and minutes after midnight (-1: no time)."""
    archive_requested = Signal()

    def __init__(
        self, window: QWidget, plans: Sequence[Plan], current: Plan | None, days: Sequence[tuple[str, int]]
    ) -> None:
        super().__init__(window, _("Lessons"), width=600)
        if self.cancel is not None:
            self.cancel.setText(_("Done"))
        for plan in plans:
            self.body.addWidget(self._row(plan, chosen=current is not None and plan.id == current.id))
        fresh = kit.Button(_("New lesson"), "secondary", icon="plus")
        fresh.setObjectName("lessons_new")
        fresh.clicked.connect(self._on_new_clicked)
        line = QHBoxLayout()
        line.addWidget(fresh)
        line.addStretch(1)
        self.body.addLayout(line)
        if current is None:
            return
        self.body.addWidget(kit.Heading(_("This lesson")))
        self.name = kit.TextField(current.name, name=_("Name of the lesson"))
        self.name.setObjectName("lesson_name")
        self.name.editingFinished.connect(self._on_name_finished)
        self.body.addWidget(kit.FormRow(_("Name"), self.name))
        self._days = list(days)
        choices = [(str(index), _day_and_time(day, start)) for index, (day, start) in enumerate(self._days)]
        now = (current.day or "", -1 if current.start_minute is None else current.start_minute)
        self.day = kit.Choice(choices, name=_("Day of the lesson"))
        self.day.setObjectName("lesson_day")
        self.day.setCurrentIndex(self._days.index(now) if now in self._days else -1)
        self.day.activated.connect(self._on_day_activated)
        self.body.addWidget(kit.FormRow(_("Day"), self.day))
        away = kit.Button(_("Put this lesson away"), "quiet", icon="archive")
        away.setObjectName("lesson_archive")
        away.clicked.connect(self._on_archive_clicked)
        foot = QHBoxLayout()
        foot.addWidget(away)
        foot.addStretch(1)
        self.body.addLayout(foot)
        self._name = current.name

    def _row(self, plan: Plan, *, chosen: bool) -> QWidget:
        state = _("ready to use") if plan.status is PlanStatus.READY else _("not in use yet")
        title = _("{day} · {name}").format(day=words.day_words(plan.day), name=plan.name)
        row = kit.StationCard(
            title,
            " · ".join([words.time_words(plan), state]),
            icon="calendar-check" if plan.status is PlanStatus.READY else "calendar-blank",
            tint=1,
            caret=not chosen,
            done=chosen,
        )
        row.setObjectName(f"lesson_{plan.id.hex()}")
        if chosen:
            row.setAccessibleDescription(_("{detail}, in view").format(detail=state))
        row.clicked.connect(lambda _checked=False, one=plan.id: self._on_plan_clicked(one))
        return row

    def _on_plan_clicked(self, plan: Id) -> None:
        self.close_sheet()
        self.plan_chosen.emit(plan)

    def _on_new_clicked(self) -> None:
        self.close_sheet()
        self.new_requested.emit()

    def _on_archive_clicked(self) -> None:
        self.close_sheet()
        self.archive_requested.emit()

    def _on_name_finished(self) -> None:
        if self.name.text().strip() != self._name:
            self._name = self.name.text().strip()
            self.renamed.emit(self._name)

    def _on_day_activated(self, index: int) -> None:
        self.day_chosen.emit(*self._days[index])


def _day_and_time(day: str, start: int) -> str:
    if start < 0:
        return words.day_words(day)
    return _("{day}, {time}").format(day=words.day_words(day), time=words.clock_words(start))


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
