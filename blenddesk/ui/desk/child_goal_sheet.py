"""Sheets about one goal: setting or changing it with the student beside you, and closing it with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from blenddesk.domain.goals import Goal, GoalStatus, SetBy
from blenddesk.domain.ids import Id
from blenddesk.domain.people import Student
from blenddesk.domain.ports import today
from blenddesk.services import goals
from blenddesk.text import _, ngettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.desk.child_words import day_words
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.kit import paint

PICTURES = (
    "bullseye",
    "open-book",
    "pencil",
    "input-numbers",
    "speech-balloon",
    "ear",
    "handshake",
    "raised-hand",
    "straight-ruler",
    "musical-notes",
    "paintbrush",
    "running-shoe",
)
"""What a goal may look like on the student's screen; the first is for every goal."""
WEEKS = (1, 2, 4, 6, 8, 12)


class GoalSheet(kit.Sheet):
    """A new goal, or another form of ``goal``. Without a ``student`` it asks first whose goal it is."""

    def __init__(
        self,
        session: DeskSession,
        *,
        student: Student | None = None,
        students: Sequence[Student] = (),
        goal: Goal | None = None,
    ) -> None:
        save = kit.Button(_("Save the goal"), "primary")
        save.setObjectName("goal_save")
        title = _("Change the goal") if goal is not None else _("A new goal")
        about = _("Sit down together. The words are the student's own, the steps are small.")
        super().__init__(session.window, title, "" if goal is not None else about, actions=(save,), width=740)
        self._session, self._student, self._goal = session, student.id if student is not None else None, goal
        circumstances = QHBoxLayout()
        circumstances.setSpacing(20)
        self.who: kit.Choice | None = None
        if student is None and goal is None:
            self.who = kit.Choice([(one.id.hex(), one.name) for one in students])
            self.who.setObjectName("goal_who")
            self.who.setCurrentIndex(-1)
            self.who_row = kit.FormRow(_("Whose goal?"), self.who, parent=self)
            circumstances.addWidget(self.who_row, 1)
            self.body.addLayout(circumstances)
            self._make_set_by(goal)
        self.words = kit.TextField(goal.words if goal is not None else "", placeholder=_("I read a whole page alone"))
        self.words.setObjectName("goal_words")
        self.words.setMaxLength(goals.MOST_LETTERS)
        self.words_row = kit.FormRow(_("In the student's words"), self.words, parent=self)
        self.body.addWidget(self.words_row)
        self.steps: QPlainTextEdit | None = None
        if goal is None:
            self.steps = _lines("goal_steps", _("I read one line\nI read five lines\nI read a page to a friend"), 80)
            self.body.addWidget(kit.FormRow(_("Small steps"), self.steps, _("One in each line"), parent=self))
        if self.who is None:
            self.body.addLayout(circumstances)
            self._make_set_by(goal)
        circumstances.addWidget(kit.FormRow(_("Who set it"), self.set_by, parent=self))
        self._make_day(goal)
        if self.who is None:
            circumstances.addWidget(kit.FormRow(_("By when"), self.day, parent=self), 1)
        self._add_pictures(goal)
        self.measure = kit.TextField(goal.measure if goal is not None else "", placeholder=_("From 1 line to 20 lines"))
        self.why = kit.TextField(goal.why if goal is not None else "", placeholder=_("To read to my little sister"))
        self.note = kit.TextField(goal.note if goal is not None else "")
        private = QHBoxLayout()
        private.setSpacing(12)
        if self.who is not None:
            private.addWidget(kit.FormRow(_("By when"), self.day, parent=self), 1)
        for name, field, label in (
            ("goal_measure", self.measure, _("How you will see it")),
            ("goal_why", self.why, _("Why it matters")),
            ("goal_note", self.note, _("Your note")),
        ):
            field.setObjectName(name)
            private.addWidget(kit.FormRow(label, field, parent=self), 1)
        self.body.addLayout(private)
        hint = kit.Text(_("These three stay on teachers' computers."), role="small", tone="dim", parent=self)
        self.body.addWidget(hint)
        save.clicked.connect(self._save)
        self.words.returnPressed.connect(self._save)

    def _make_set_by(self, goal: Goal | None) -> None:
        ways = (
            (SetBy.STUDENT.value, _("The student")),
            (SetBy.TOGETHER.value, _("Together")),
            (SetBy.TEACHER.value, _("The teacher")),
        )
        chosen = goal.set_by.value if goal is not None else SetBy.TOGETHER.value
        self.set_by = kit.Segmented(ways, name=_("Who set it"), chosen=chosen, parent=self)
        self.set_by.setObjectName("goal_set_by")

    def _make_day(self, goal: Goal | None) -> None:
        self.day = kit.Choice([("", _("No day")), *self._days(goal)], chosen="")
        self.day.setObjectName("goal_day")
        self.day.choose(goal.by_day if goal is not None else "")

    def _days(self, goal: Goal | None) -> list[tuple[str, str]]:
        """Some weeks from now, and the day the goal has already when that is another one."""
        now = today(self._session.context.clock)
        found = []
        for weeks in WEEKS:
            day = (now + timedelta(weeks=weeks)).isoformat()
            words = ngettext("In {n} week, {day}", "In {n} weeks, {day}", weeks)
            found.append((day, words.format(n=weeks, day=day_words(day))))
        if goal is not None and goal.by_day and goal.by_day not in dict(found):
            found.insert(0, (goal.by_day, day_words(goal.by_day) or goal.by_day))
        return found

    def _add_pictures(self, goal: Goal | None) -> None:
        self.pictures = kit.ArrowGrid(len(PICTURES), spacing=4)
        self.pictures.setAccessibleName(_("Picture of the goal"))
        chosen = goal.picture if goal is not None else ""
        shown = list(PICTURES) if not chosen or chosen in PICTURES else [chosen, *PICTURES[1:]]
        self._picture_buttons: dict[str, PictureChoice] = {}
        for number, name in enumerate(shown):
            button = PictureChoice(name, _("Picture {number}").format(number=number + 1), self.pictures)
            button.setObjectName(f"goal_picture_{name}")
            button.setChecked(name == (chosen or PICTURES[0]))
            self._picture_buttons[name] = button
        self.pictures.set_widgets(list(self._picture_buttons.values()))
        self.body.addWidget(kit.FormRow(_("Its picture"), self.pictures, parent=self))

    def _fields(self) -> dict[str, str]:
        picture = next(name for name, button in self._picture_buttons.items() if button.isChecked())
        return {
            "picture": picture,
            "by_day": self.day.chosen(),
            "measure": self.measure.text(),
            "why": self.why.text(),
            "note": self.note.text(),
        }

    def _save(self) -> None:
        who = self._student or (bytes.fromhex(self.who.chosen()) if self.who is not None else b"")
        if not who:
            self.who_row.set_trouble(_("Choose a student first."))
            return
        fields, set_by = self._fields(), SetBy(self.set_by.chosen())
        if self._goal is None:
            steps = self.steps.toPlainText().splitlines() if self.steps is not None else []
            done = self._session.do(goals.set_goal, who, self.words.text(), steps=steps, set_by=set_by, **fields)
        else:
            section = self._session.section_id
            assert section is not None
            fields |= {"words": self.words.text(), "set_by": set_by.value}
            done = self._session.do(goals.edit_goal, section, self._goal.id, **fields)
        if done is None:
            self.words_row.set_trouble(self._session.window.toast.message())
            self.words.setFocus()
        else:
            self.close_sheet()


class CloseGoalSheet(kit.Sheet):
    """How a goal ends: reached, set aside for another, or let go; with the reason, for teachers only."""

    def __init__(self, session: DeskSession, goal: Goal, then: Callable[[GoalStatus], None] | None = None) -> None:
        save = kit.Button(_("Close the goal"), "primary")
        save.setObjectName("goal_close")
        super().__init__(session.window, _("How does this goal end?"), goal.words, actions=(save,), width=560)
        self._session, self._goal, self._then = session, goal, then
        ways = (
            (GoalStatus.REACHED.value, _("Reached"), "check"),
            (GoalStatus.CHANGED.value, _("Set aside for another"), "arrows-clockwise"),
            (GoalStatus.LET_GO.value, _("Let go"), "x"),
        )
        self.status = kit.Segmented(ways, name=_("How does this goal end?"), chosen=GoalStatus.REACHED.value)
        self.status.setObjectName("goal_status")
        self.body.addWidget(self.status)
        self.reason = kit.TextField(placeholder=_("She reads to her sister every evening now"))
        self.reason.setObjectName("goal_reason")
        hint = _("Stays on teachers' computers. May be left empty.")
        self.body.addWidget(kit.FormRow(_("Why"), self.reason, hint, parent=self))
        save.clicked.connect(self._save)
        self.reason.returnPressed.connect(self._save)

    def _save(self) -> None:
        section = self._session.section_id
        assert section is not None
        status = GoalStatus(self.status.chosen())
        self.close_sheet()
        if self._session.do(goals.set_status, section, self._goal.id, status, self.reason.text()) and self._then:
            self._then(status)


class AskWordsSheet(kit.Sheet):
    """Asks for one line of words and hands it on; stays open with the trouble when it cannot be used."""

    def __init__(
        self,
        session: DeskSession,
        title: str,
        label: str,
        words: str,
        save: Callable[[str], object],
        *,
        action: str = "",
    ) -> None:
        button = kit.Button(action or _("Save"), "primary")
        button.setObjectName("words_save")
        super().__init__(session.window, title, actions=(button,), width=520)
        self._session, self._save_words = session, save
        self.field = kit.TextField(words)
        self.field.setObjectName("words_field")
        self.row = kit.FormRow(label, self.field, parent=self)
        self.body.addWidget(self.row)
        button.clicked.connect(self._save)
        self.field.returnPressed.connect(self._save)

    def _save(self) -> None:
        if self._save_words(self.field.text()) is None:
            self.row.set_trouble(self._session.window.toast.message())
        else:
            self.close_sheet()


class PictureChoice(kit.PaintedButton):
    """One of several pictures, framed when chosen; its name says what is in it."""

    def __init__(self, picture: str, name: str, parent: QWidget, *, px: int = 40) -> None:
        self.picture, self._px = picture, px
        super().__init__("", parent)
        self.setAccessibleName(name)
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def content_size(self) -> QSize:
        side = theme.look_of(self).px(self._px)
        return QSize(side, side)

    def paint_content(self, painter: QPainter) -> None:
        tokens = theme.look_of(self).tokens
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill = tokens.primary_soft if self.isChecked() else tokens.hover if self.is_hovered() else ""
        paint.card(painter, box, 10, fill, line=tokens.primary if self.isChecked() else "", width=2.4)
        if assets.has_picture(self.picture):
            side = min(box.width(), box.height()) * 0.7
            inner = QRectF(0, 0, side, side)
            inner.moveCenter(box.center())
            assets.draw_picture(painter, inner, self.picture)


def _lines(name: str, example: str, height: int) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setObjectName(name)
    field.setPlaceholderText(example)
    field.setTabChangesFocus(True)
    field.setFixedHeight(theme.look_of(field).px(height))
    return field


def ask_new_goal(session: DeskSession, section: Id) -> GoalSheet:
    """The sheet for a new goal of anyone in the class."""
    sheet = GoalSheet(session, students=session.context.reads.people.students(section))
    sheet.open()
    return sheet
