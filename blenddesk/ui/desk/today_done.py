"""Today after a lesson: who did what, who needs help, what is carried over, and the next step."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Student
from blenddesk.domain.ports import Clock
from blenddesk.services.reports import StudentWork
from blenddesk.services.today import TodayView
from blenddesk.text import _, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.today_days import day_words
from blenddesk.ui.desk.today_group import shape_of
from blenddesk.ui.desk.today_run import WIDE
from blenddesk.ui.desk.today_side import NARROW_SIDE, SIDE_WIDTH, SideColumn, empty
from blenddesk.ui.desk.today_words import clock_of_minute, clock_of_ms
from blenddesk.ui.kit.fade import fade_below


class WorkRow(QWidget):
    """One student: how many of their places are done, and what waits for a next time."""

    pressed = Signal(object)

    def __init__(self, student: Student, line: StudentWork, *, away: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = kit.NameChip(student.name, avatar=student.avatar, parent=self)
        name.setObjectName(f"work_{student.id.hex()}")
        name.setFixedHeight(theme.look_of(self).px(40))
        name.setFixedWidth(theme.look_of(self).px(162))
        name.clicked.connect(lambda: self.pressed.emit(student.id))
        dots = kit.ProgressDots(line.done, len(line.work), px=16, parent=self)
        carried = ", ".join(block.title for block in line.carried)
        if away:
            words = _("Away")
        elif carried:
            words = _("Catch up: {places}").format(places=carried)
        else:
            words = "" if line.done < len(line.work) or not line.work else _("All done")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 0, 1)
        row.setSpacing(7)
        row.addWidget(name)
        row.addWidget(dots)
        row.addWidget(kit.ShortText(words, "small", tone="dim", lines=2, parent=self), 1)


class DoneView(QWidget):
    """Who did what, group after group in two columns; answers, needs and next steps beside it."""

    student_requested = Signal(object)
    plan_requested = Signal()
    copy_requested = Signal()
    finish_requested = Signal()
    plan_chosen = Signal(object)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("done_view")
        self.setAccessibleName(_("The finished lesson"))
        self._clock = clock
        self._key: object = None
        self.side = SideColumn(clock, whole=True, parent=self)
        self._title = kit.Heading("", "title", parent=self)
        self._detail = kit.Text("", tone="dim", parent=self)
        self.plan = kit.Button(_("Plan the next lesson"), "primary", icon="path", parent=self)
        self.plan.setObjectName("plan_next")
        self.copy = kit.Button(_("Same again, new groups"), icon="copy", parent=self)
        self.copy.setObjectName("copy_lesson")
        self.finish = kit.Button(_("Finish and carry over"), "primary", icon="flag", parent=self)
        self.finish.setObjectName("finish_late")
        self._head = head = kit.Card(horizontal=True, parent=self)
        head.setAccessibleName(_("Finished"))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        head.body.addLayout(words, 1)
        buttons = QHBoxLayout()
        for button in (self.copy, self.plan, self.finish):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        head.body.addLayout(buttons)
        self._work = QGridLayout()
        self._work.setHorizontalSpacing(18)
        self._work.setVerticalSpacing(2)
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(2, 2, 8, 2)
        column.addLayout(self._work)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        kit.put_on_page(area, inner)
        fade_below(area, ground="surface")
        self.card = kit.Card(title=_("Who did what"), parent=self)
        self.card.setObjectName("who_did_what")
        self.card.body.addWidget(area, 1)
        self.rows: list[WorkRow] = []
        self._boxes: list[QWidget] = []
        self._columns = 2
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(head)
        left.addWidget(self.card, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addLayout(left, 1)
        row.addWidget(self.side)
        self.plan.clicked.connect(lambda: self.plan_requested.emit())
        self.copy.clicked.connect(lambda: self.copy_requested.emit())
        self.finish.clicked.connect(lambda: self.finish_requested.emit())

    def fit(self, size: QSize) -> None:
        """Who did what in two columns where there is room, else in one with the buttons below the words."""
        look = theme.look_of(self)
        wide = size.width() >= look.px(WIDE)
        self.side.stand_beside(min(look.px(SIDE_WIDTH), 350) if wide else look.px(NARROW_SIDE), size.height())
        turn = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._head.body.setDirection(turn)
        if self._columns != (2 if wide else 1):
            self._columns = 2 if wide else 1
            self._place_boxes()

    def show_view(self, view: TodayView) -> None:
        assert view.lesson is not None
        state = view.lesson
        self.finish.setVisible(state.left_open)
        self.copy.setVisible(not state.left_open)
        self.plan.setVisible(not state.left_open)
        if state.left_open:
            self._title.setText(_("The lesson is over; nobody pressed Finish"))
        else:
            ended = "" if state.ends_at is None else clock_of_ms(self._clock, state.ends_at)
            self._title.setText(_("Finished at {time}").format(time=ended))
        carried = sum(bool(line.carried) for line in view.work)
        parts = [
            ngettext(
                "{n} student has something to catch up on", "{n} students have something to catch up on", carried
            ).format(n=carried)
            if carried
            else _("Nothing is left over")
        ]
        if view.next_meeting is not None:
            slot = view.next_meeting
            parts.append(
                _("next lesson {day}, {time}").format(day=day_words(slot.day), time=clock_of_minute(slot.start_minute))
            )
        self._detail.setText(" · ".join(parts))
        key = (view.work, view.away, tuple((one.id, one.name, one.avatar) for one in view.students.values()))
        if key != self._key:
            self._key = key
            self._rebuild(view)

    def _rebuild(self, view: TodayView) -> None:
        empty(self._work)
        self.rows, self._boxes = [], []
        away = set(view.away)
        groups: dict[Id, list[StudentWork]] = {}
        for line in view.work:
            if line.group is not None and line.student in view.students:
                groups.setdefault(line.group.id, []).append(line)
        for lines in groups.values():
            group = lines[0].group
            assert group is not None
            box = QWidget(self)
            column = QVBoxLayout(box)
            column.setContentsMargins(0, 0, 0, 8)
            column.setSpacing(2)
            head = QHBoxLayout()
            letter = view.section.look == "older"
            head.addWidget(kit.ShapeIcon(shape_of(group), px=22, letter=letter, parent=box))
            head.addWidget(kit.ShortText(group.name, bold=True, parent=box), 1)
            column.addLayout(head)
            for line in lines:
                row = WorkRow(view.students[line.student], line, away=line.student in away, parent=box)
                row.pressed.connect(self.student_requested)
                self.rows.append(row)
                column.addWidget(row)
            column.addStretch(1)
            self._boxes.append(box)
        self._place_boxes()

    def _place_boxes(self) -> None:
        for place, box in enumerate(self._boxes):
            self._work.addWidget(box, place // self._columns, place % self._columns)
        self._work.setColumnStretch(0, 1)
        self._work.setColumnStretch(1, self._columns - 1)
