"""The goals of one student on the desk: words, small steps to tick, how old they are, and what ended before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.domain.goals import GoalProgress, GoalStatus, StepDone
from blenddesk.domain.ids import Id
from blenddesk.domain.people import Student
from blenddesk.services import goals
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.child_goal_sheet import PICTURES, AskWordsSheet, CloseGoalSheet, GoalSheet
from blenddesk.ui.desk.child_words import clear, day_words, goal_line, status_words
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.kit import paint


class GoalsCard(kit.Card):
    """All goals of ``student``; built anew when they changed, with the keys where they were."""

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(title=_("Goals"), parent=parent)
        self._session = session
        self._student: Student | None = None
        self._shown: tuple[GoalProgress, ...] | None = None
        assert self.heading is not None
        self.body.removeWidget(self.heading)
        self.new = kit.Button(_("New goal"), size="small", icon="plus", parent=self)
        self.new.setObjectName("goal_new")
        self.new.clicked.connect(self._open_new)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.new)
        self.body.addLayout(top)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.body.addLayout(self._list)

    def show_goals(self, student: Student, found: tuple[GoalProgress, ...]) -> None:
        if student == self._student and found == self._shown:
            return
        same = self._student is not None and self._student.id == student.id
        focused = self.focusWidget()
        name = focused.objectName() if focused is not None and focused.hasFocus() else ""
        typed = {
            field.objectName(): field.text() for field in self.findChildren(kit.TextField) if same and field.text()
        }
        self._student, self._shown = student, found
        clear(self._list)
        active = [one for one in found if one.goal.status is GoalStatus.ACTIVE]
        for progress in active:
            self._list.addWidget(GoalBlock(self._session, progress, self))
        if not active:
            hint = _("No goal yet. Goals are made in a talk, such as “I read a whole page alone.”")
            self._list.addWidget(kit.Text(hint, tone="dim", parent=self))
        for progress in (one for one in found if one.goal.status is not GoalStatus.ACTIVE):
            self._list.addWidget(ClosedGoal(self._session, progress, self))
        for field in self.findChildren(kit.TextField):
            field.setText(typed.get(field.objectName(), ""))
        back = self.findChild(QWidget, name) if name else None
        if back is not None:
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_new(self) -> None:
        if self._student is not None:
            GoalSheet(self._session, student=self._student).open()


class GoalBlock(kit.Card):
    """One active goal: picture, the child's words, steps, and what can be done with it."""

    def __init__(self, session: DeskSession, progress: GoalProgress, parent: QWidget) -> None:
        super().__init__(fill="goal", raised=False, padding=14, parent=parent)
        self._session, self._progress = session, progress
        goal = progress.goal
        self.setObjectName(f"goal_{goal.id.hex()}")
        self.setAccessibleName(goal.words)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(kit.PlacePicture("", goal.picture or PICTURES[0], px=46, plain=True, parent=self))
        words = QVBoxLayout()
        words.setSpacing(2)
        title = kit.Text(goal.words, role="large", bold=True, parent=self)
        line = kit.Text(goal_line(progress), role="small", parent=self)
        line.set_tone("warn" if progress.stale or progress.overdue else "dim")
        words.addWidget(title)
        words.addWidget(line)
        for label, value in ((_("How we see it"), goal.measure), (_("Why"), goal.why), (_("Note"), goal.note)):
            if value:
                words.addWidget(kit.Text(f"{label}: {value}", role="small", tone="dim", parent=self))
        top.addLayout(words, 1)
        edit = kit.IconButton("pencil-simple", _("Change the goal: {words}").format(words=goal.words), px=36)
        edit.setObjectName(f"edit_{goal.id.hex()}")
        edit.clicked.connect(self._edit)
        end = kit.Button(_("Close"), size="small", icon="flag", parent=self)
        end.setObjectName(f"close_{goal.id.hex()}")
        end.setAccessibleName(_("Close the goal: {words}").format(words=goal.words))
        end.clicked.connect(lambda: CloseGoalSheet(session, goal).open())
        top.addWidget(edit, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(end, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        for place, step in enumerate(progress.steps):
            self.body.addLayout(self._step_row(place, step))
        self.add_step = kit.TextField(placeholder=_("Add a small step"), name=_("Add a small step"), parent=self)
        self.add_step.setObjectName(f"add_step_{goal.id.hex()}")
        self.add_step.setVisible(len(progress.steps) < goals.MOST_STEPS)
        self.add_step.returnPressed.connect(self._add_step)
        self.body.addWidget(self.add_step)

    def _step_row(self, place: int, line: StepDone) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        key, words = line.step.id.hex(), line.step.words
        tick = StepTick(words, day_words(line.day), self)
        tick.setObjectName(f"step_{key}")
        tick.clicked.connect(lambda checked, step=line.step.id: self._tick(step, checked))
        row.addWidget(tick, 1)
        tools: list[tuple[str, str, str, Callable[[], object]]] = [
            ("pencil-simple", _("Change the step: {words}"), "edit", partial(self._edit_step, line)),
            ("trash", _("Take the step away: {words}"), "remove", partial(self._remove_step, line.step.id)),
        ]
        if place:
            tools.insert(0, ("arrow-up", _("Move up: {words}"), "up", partial(self._move_up, place)))
        for icon, name, what, act in tools:
            button = kit.IconButton(icon, name.format(words=words), px=32, framed=False, parent=self)
            button.setObjectName(f"{what}_{key}")
            button.clicked.connect(act)
            row.addWidget(button)
        return row

    def _section(self) -> Id:
        section = self._session.section_id
        assert section is not None
        return section

    def _tick(self, step: Id, checked: bool) -> None:
        self._session.do(goals.do_step if checked else goals.undo_step, self._section(), step)

    def _add_step(self) -> None:
        words = self.add_step.text()
        self.add_step.clear()
        if self._session.do(goals.add_step, self._section(), self._progress.goal.id, words) is None:
            self.add_step.setText(words)

    def _edit(self) -> None:
        student = self._session.context.reads.people.student(self._section(), self._progress.goal.student)
        if student is not None:
            GoalSheet(self._session, student=student, goal=self._progress.goal).open()

    def _edit_step(self, line: StepDone) -> None:
        def save(words: str) -> object:
            return self._session.do(goals.edit_step, self._section(), line.step.id, words)

        AskWordsSheet(self._session, _("Change the step"), _("Small step"), line.step.words, save).open()

    def _remove_step(self, step: Id) -> None:
        self._session.do(goals.remove_step, self._section(), step)

    def _move_up(self, place: int) -> None:
        order = [line.step.id for line in self._progress.steps]
        order[place - 1], order[place] = order[place], order[place - 1]
        self._session.do(goals.order_steps, self._section(), self._progress.goal.id, order)


class StepTick(kit.PaintedButton):
    """A small step with a box to tick; the day on which it was done stands at the end."""

    def __init__(self, words: str, day: str, parent: QWidget) -> None:
        self._day = day
        super().__init__(words, parent)
        self.setCheckable(True)
        self.setChecked(bool(day))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(_("Done on {day}").format(day=day) if day else "")

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(160), look.px(40))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect())
        if self.is_hovered():
            paint.card(painter, box, 8, tokens.surface)
        radius = look.px(11)
        spot = paint.mirrored(self, QRectF(6, box.center().y() - radius, 2 * radius, 2 * radius))
        if self.isChecked():
            paint.tick_badge(painter, spot.center(), radius, tokens, ring="")
        else:
            paint.disc(painter, spot.center(), radius, tokens.surface, line=tokens.control, width=max(1.6, tokens.line))
        small = look.font("small")
        day = paint.text_size(self._day, small).width() + 8 if self._day else 0
        start = 2 * radius + 16
        room = QRectF(start, 0, box.width() - start - day - 6, box.height())
        ink = tokens.dim if self.isChecked() else tokens.text
        paint.draw_text(painter, paint.mirrored(self, room), self.words(), look.font("body"), ink)
        if day:
            end = QRectF(box.right() - day - 4, 0, day, box.height())
            paint.draw_text(painter, paint.mirrored(self, end), self._day, small, tokens.dim, paint.TRAILING, lines=1)


class ClosedGoal(QWidget):
    """A goal that ended: how, why, and the way to go on with it."""

    def __init__(self, session: DeskSession, progress: GoalProgress, parent: QWidget) -> None:
        super().__init__(parent)
        goal = progress.goal
        reached = goal.status is GoalStatus.REACHED
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 0, 0)
        row.setSpacing(10)
        icon, tone = ("check-circle", "ok") if reached else ("clock-counter-clockwise", "dim")
        row.addWidget(kit.IconLabel(icon, tone=tone, px=20, weight="fill" if reached else "bold", parent=self))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(kit.Text(goal.words, parent=self))
        line = " · ".join(filter(None, (status_words(goal.status), goal.reason)))
        words.addWidget(kit.Text(line, role="small", tone="dim", parent=self))
        row.addLayout(words, 1)
        again = kit.Button(_("Go on with it"), "quiet", size="small", parent=self)
        again.setObjectName(f"again_{goal.id.hex()}")
        again.setAccessibleName(_("Go on with it: {words}").format(words=goal.words))
        again.clicked.connect(lambda: self._go_on(session, goal.id))
        row.addWidget(again)

    def _go_on(self, session: DeskSession, goal: Id) -> None:
        section = session.section_id
        if section is not None:
            session.do(goals.set_status, section, goal, GoalStatus.ACTIVE)
