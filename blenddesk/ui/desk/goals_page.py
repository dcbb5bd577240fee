"""All goals of a class: those that have been quiet longest first, who has none yet, and a new one with the student."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.domain.goals import GoalProgress, GoalStatus
from blenddesk.domain.ids import Id
from blenddesk.domain.names import sort_key
from blenddesk.domain.people import Student
from blenddesk.services import goals
from blenddesk.services.goals import StudentGoals
from blenddesk.text import _, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.child_goal_sheet import GoalSheet, ask_new_goal
from blenddesk.ui.desk.child_words import quiet_words, status_words
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.kit import paint

GOING, QUIET, NONE, ENDED = "going", "quiet", "none", "ended"
ROW_WIDTH = 520


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a goal, or a student without one (``progress`` None)."""

    student: Student
    progress: GoalProgress | None

    @property
    def key(self) -> Id:
        return self.progress.goal.id if self.progress is not None else self.student.id


def lines_of(found: list[StudentGoals], which: str) -> list[Line]:
    """The rows of a filter: going on (the quietest first), quiet too long, no goal yet, or ended."""
    if which == NONE:
        return [Line(one.student, None) for one in found if not one.active]
    if which == ENDED:
        ended = [Line(s.student, p) for s in found for p in s.goals if p.goal.status is not GoalStatus.ACTIVE]
        return sorted(ended, key=lambda line: line.progress.last_day if line.progress else "", reverse=True)
    going = [Line(one.student, progress) for one in found for progress in one.active]
    if which == QUIET:
        going = [line for line in going if line.progress is not None and line.progress.stale]
    return sorted(going, key=lambda line: -(line.progress.quiet_school_days if line.progress else 0))


class GoalsPage(DeskPage):
    """T11. A row opens the student; N and the button begin a new goal."""

    kinds = frozenset({"section", "student", "enrollment", "goal", "goal_step", "entry", "period", "calendar_day"})

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._found: list[StudentGoals] = []
        self._rows: dict[Id, GoalRow] = {}
        self.search = kit.SearchField(_("Find a goal or name"), parent=self)
        self.search.setObjectName("goals_search")
        self.search.setFixedWidth(theme.look_of(self).px(250))
        self.search.textChanged.connect(self._show)
        self.search.results_requested.connect(self._focus_first)
        self.new = kit.Button(_("New goal"), "primary", icon="plus", parent=self)
        self.new.setObjectName("goals_new")
        self.new.clicked.connect(self._open_new)
        self.header = kit.PageHeader(_("Goals"), actions=(self.search, self.new), parent=self)
        filters = ((GOING, _("Going on")), (QUIET, _("Quiet too long")), (NONE, _("No goal yet")), (ENDED, _("Ended")))
        self.filter = kit.Segmented(filters, name=_("Which goals"), chosen=GOING, parent=self)
        self.filter.setObjectName("goals_filter")
        self.filter.changed.connect(lambda _key: self._show())
        self.grid = kit.ArrowGrid(2, spacing=8)
        self.grid.setAccessibleName(_("Goals"))
        self.nothing = kit.Text("", tone="dim", parent=self)
        self.area = kit.ScrollBody(parent=self)
        self.area.body.addWidget(self.nothing)
        self.area.body.addWidget(self.grid)
        self.area.body.addStretch(1)
        first = kit.Button(_("New goal"), "primary", icon="plus", parent=self)
        first.setObjectName("goals_first")
        first.clicked.connect(self._open_new)
        self._first = first
        self.empty = kit.EmptyState(
            _("Goals are made in a talk"),
            _("Sit down with a student. Write what they say, such as “I read a whole page alone” and two steps."),
            picture="bullseye",
            actions=(first,),
            parent=self,
        )
        row = QHBoxLayout()
        row.addWidget(self.filter)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 14, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addLayout(row)
        column.addWidget(self.area, 1)
        column.addWidget(self.empty, 1)

    def refresh(self) -> None:
        section = self.session.section()
        self._found = goals.goals_of_class(self.session.context, section.id) if section is not None else []
        any_goal = any(one.goals for one in self._found)
        going = sum(len(one.active) for one in self._found)
        without = sum(not one.active for one in self._found)
        words = [section.name] if section is not None else []
        if any_goal:
            words.append(ngettext("{n} going on", "{n} going on", going).format(n=going))
            words.append(
                ngettext("{n} student without a goal", "{n} students without a goal", without).format(n=without)
            )
        self.header.set_words(_("Goals"), " · ".join(words))
        self.empty.setVisible(not any_goal)
        self._first.setVisible(bool(self._found))
        for part in (self.area, self.filter, self.search):
            part.setVisible(any_goal)
        self.new.setVisible(any_goal)
        self._show()

    def _show(self) -> None:
        which = self.filter.chosen()
        wanted = sort_key(self.search.text().strip())[0]
        lines = [line for line in lines_of(self._found, which) if wanted in sort_key(_all_words(line))[0]]
        rows = []
        for line in lines:
            row = self._rows.get(line.key)
            if row is None:
                row = GoalRow(line, self.grid)
                row.setObjectName(f"row_{line.key.hex()}")
                row.clicked.connect(lambda _checked=False, key=line.key: self._open(key))
            else:
                row.show_line(line)
            rows.append(row)
        self._rows = {row.line.key: row for row in rows}
        self.grid.set_widgets(list(rows), columns=self._columns())
        nothing = {
            GOING: _("No goal is going on."),
            QUIET: _("No goal has been quiet for more than two weeks of school."),
            NONE: _("Every student has a goal."),
            ENDED: _("No goal has ended yet."),
        }[which]
        self.nothing.setText(
            _("Nothing here is called “{text}”.").format(text=self.search.text()) if wanted else nothing
        )
        self.nothing.setVisible(not rows)

    def _columns(self) -> int:
        return max(1, (self.width() - 44) // theme.look_of(self).px(ROW_WIDTH))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.grid.set_columns(self._columns())

    def row(self, key: Id) -> GoalRow | None:
        return self._rows.get(key)

    def _open(self, key: Id) -> None:
        line = self._rows[key].line
        if line.progress is None:
            GoalSheet(self.session, student=line.student).open()
        else:
            self.session.window.open_page("child", student=line.student.id)

    def _open_new(self) -> None:
        section = self.session.section_id
        if section is not None:
            ask_new_goal(self.session, section)

    def _focus_first(self) -> None:
        first = next(iter(self.grid.widgets()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)


class GoalRow(kit.PaintedButton):
    """A student's picture and name, the goal, a dot for each step, and how long it has been quiet."""

    def __init__(self, line: Line, parent: QWidget | None = None) -> None:
        self.line = line
        super().__init__("", parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_line(line)

    def show_line(self, line: Line) -> None:
        self.line = line
        theme.need_fonts_for(_all_words(line), theme.look_of(self))
        self.setAccessibleName(_all_words(line))
        progress = line.progress
        if progress is None:
            self.setAccessibleDescription(_("New goal with {name}").format(name=line.student.name))
        else:
            steps = _("{done} of {total} steps").format(done=progress.done, total=len(progress.steps))
            self.setAccessibleDescription(f"{steps}. {self._state()}")
        self.update()

    def _state(self) -> str:
        progress = self.line.progress
        if progress is None:
            return ""
        if progress.goal.status is not GoalStatus.ACTIVE:
            return status_words(progress.goal.status)
        return quiet_words(progress)

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(420), look.px(76))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(300), look.px(76))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens, line = look.tokens, self.line
        box = QRectF(self.rect()).adjusted(1.5, 0.5, -1.5, -3.5)
        if self.is_hovered():
            paint.shadow(painter, box, theme.RADIUS, tokens)
        edge = tokens.control if self.is_hovered() else tokens.border
        paint.card(painter, box, theme.RADIUS, tokens.surface, line=edge, width=max(1.2, tokens.line / 2))
        side = look.px(46)
        circle = QRectF(box.left() + 10, box.center().y() - side / 2, side, side)
        paint.avatar(painter, paint.mirrored(self, circle), look, picture=line.student.avatar, name=line.student.name)
        start, state_width = circle.right() + 12, look.px(172)
        room = QRectF(start, box.top() + 6, box.right() - start - state_width - 20, box.height() - 12)
        name = QRectF(room.left(), room.top(), room.width(), look.px(20))
        small_bold = look.font("small", bold=True)
        paint.draw_text(painter, paint.mirrored(self, name), line.student.name, small_bold, tokens.dim, lines=1)
        words = QRectF(room.left(), name.bottom(), room.width(), room.bottom() - name.bottom())
        progress = line.progress
        if progress is None:
            goal, ink = _("No goal yet: talk about one"), tokens.primary_ink
        else:
            goal, ink = progress.goal.words, tokens.text
        paint.draw_text(painter, paint.mirrored(self, words), goal, look.font("body", bold=True), ink)
        if progress is None:
            return
        end = QRectF(box.right() - state_width - 12, box.top() + 10, state_width, box.height() - 20)
        self._paint_steps(painter, look, QRectF(end.left(), end.top(), end.width(), end.height() / 2), progress)
        below = QRectF(end.left(), end.center().y(), end.width(), end.height() / 2)
        ink = tokens.warn if progress.stale or progress.overdue else tokens.dim
        paint.draw_text(painter, paint.mirrored(self, below), self._state(), look.font("small"), ink, paint.TRAILING)

    def _paint_steps(self, painter: QPainter, look: theme.Look, room: QRectF, progress: GoalProgress) -> None:
        radius, gap = look.px(6), look.px(4)
        for place, step in enumerate(reversed(progress.steps)):
            x = room.right() - radius - place * (2 * radius + gap)
            if x - radius < room.left():
                break
            spot = paint.mirrored(self, QRectF(x, room.center().y(), 0, 0)).topLeft()
            if step.day:
                paint.tick_badge(painter, QPointF(spot), radius, look.tokens)
            else:
                paint.disc(painter, QPointF(spot), radius, look.tokens.surface, line=look.tokens.control, width=1.6)


def _all_words(line: Line) -> str:
    return f"{line.student.name}: {line.progress.goal.words if line.progress is not None else _('No goal yet')}"
