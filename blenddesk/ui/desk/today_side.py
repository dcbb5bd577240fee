"""The column beside a lesson: who needs the teacher, how a round went, student computers; covered on demand."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.ports import Clock
from blenddesk.domain.progress import RoundResult
from blenddesk.services.today import ComputerHome, Need, NeedKind, TodayView
from blenddesk.text import _, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.today_words import home_words, need_words
from blenddesk.ui.kit.fade import fade_below

SIDE_WIDTH = 312
NARROW_SIDE = 236
"""Width (at text size 1) of the column where the page is narrow."""
NEEDS_SHOWN = 4
"""More are behind a button: a list that pushes the rest off the screen helps nobody."""
_NEED_WIDTH = 250
"""Of one need in a strip, at text size 1."""
_FACE_FROM = 262
"""Width (at text size 1) of the column from which there is room for faces."""
_NO_LIMIT = 16_777_215


def empty(layout: QLayout) -> None:
    """Takes everything out of a layout and deletes it."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            empty(inner)


class NeedRow(QWidget):
    """One person who waits, with the button that answers."""

    answered = Signal(object)

    def __init__(
        self,
        clock: Clock,
        need: Need,
        view: TodayView,
        *,
        lines: int = 2,
        face: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        student = view.students.get(need.student)
        self._clock, self._need, self._view = clock, need, view
        title, detail = need_words(clock, need, student, view)
        name = student.name if student else ""
        self.title = kit.ShortText(title, name=name, lines=lines, bold=True, parent=self)
        self.detail = kit.ShortText(detail, "small", tone="dim", parent=self)
        late = _("Fix") if need.rounds else _("Seen")
        words = {NeedKind.LATE: late, NeedKind.TRICKY: _("Open")}.get(need.kind, _("Going"))
        self.button = kit.Button(words, size="small", parent=self)
        self.button.setObjectName(f"need_{need.id.hex()}")
        self.button.setAccessibleName(_("{action}: {need}").format(action=words, need=title))
        self.button.clicked.connect(lambda: self.answered.emit(need))
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        if face:
            avatar = student.avatar if student else ""
            row.addWidget(kit.AvatarCircle(name or title, avatar, px=36, parent=self))
        row.addLayout(column, 1)
        row.addWidget(self.button)

    def tell_time(self) -> None:
        """The minutes since it was said, as they pass."""
        _title, detail = need_words(self._clock, self._need, self._view.students.get(self._need.student), self._view)
        if detail != self.detail.text():
            self.detail.setText(detail)


class NeedsCard(kit.Card):
    """Who needs the teacher, raised hands first."""

    answered = Signal(object)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("needs")
        self.setAccessibleName(_("Needs you"))
        self._clock = clock
        self._key: object = None
        self._all = False
        self._strip = False
        self._columns, self._most = 1, NEEDS_SHOWN
        self._face = True
        self._last: tuple[TodayView, Collection[Id]] | None = None
        self.rows: list[NeedRow] = []
        self._count = kit.CountBadge(0, name=_("{n} need you"), parent=self)
        self.hide_button = kit.IconButton("eye-slash", _("Cover"), px=30, framed=False, parent=self)
        self.hide_button.setObjectName("cover_now")
        self.hide_button.setToolTip(_("Hide who needs you while the class can see this screen (C)"))
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(kit.Heading(_("Needs you"), parent=self), 1)
        top.addWidget(self.hide_button)
        top.addWidget(self._count)
        self.body.setSpacing(6)
        self._list = QGridLayout()
        self._list.setHorizontalSpacing(16)
        self._list.setVerticalSpacing(2)
        self.body.addLayout(top)
        self.body.addLayout(self._list, 1)

    def stand(self, *, strip: bool, width: int, most: int) -> None:
        """As a list with at most ``most`` needs, or as a strip of the page's width with those that fit beside it."""
        look = theme.look_of(self)
        shape = self._strip, self._columns, self._most, self._face
        self._strip = strip
        if strip:
            self._columns = self._most = max(1, (width - look.px(250)) // look.px(_NEED_WIDTH))
            self._face = True
        else:
            self._columns, self._most = 1, max(2, min(most, NEEDS_SHOWN))
            self._face = width >= look.px(_FACE_FROM)
        if shape == (self._strip, self._columns, self._most, self._face):
            return
        self.body.setDirection(QBoxLayout.Direction.LeftToRight if strip else QBoxLayout.Direction.TopToBottom)
        self.body.setContentsMargins(*((14, 6, 14, 11) if strip else (18, 16, 18, 21)))
        self.body.setSpacing(16 if strip else 6)
        if self._last is not None:
            self._key = None
            self.show_needs(*self._last)

    def show_needs(self, view: TodayView, answered: Collection[Id]) -> None:
        self._last = view, answered
        needs = [one for one in view.needs if one.id not in answered]
        key = (needs, self._all, tuple((one.id, one.name, one.avatar) for one in view.students.values()))
        if key == self._key:
            return
        self._key = key
        self._count.set_count(len(needs))
        self._count.setVisible(bool(needs))
        empty(self._list)
        self.rows = []
        shown = needs if self._all else needs[: self._most]
        lines = 1 if self._strip else 2
        for place, need in enumerate(shown):
            row = NeedRow(self._clock, need, view, lines=lines, face=self._face, parent=self)
            row.answered.connect(self.answered)
            self.rows.append(row)
            self._list.addWidget(row, place // self._columns, place % self._columns)
            row.show()  # At once: what is not shown yet counts for nothing when the page is fitted.
        for column in range(self._list.columnCount()):
            self._list.setColumnStretch(column, 1 if column < self._columns else 0)
        if not needs:
            self._list.addWidget(kit.Text(_("Nobody waits for you now."), tone="dim", parent=self), 0, 0)
        if len(needs) > self._most:
            rest = len(needs) - self._most
            words = _("Show fewer") if self._all else ngettext("and {n} more", "and {n} more", rest).format(n=rest)
            more = kit.Button(words, "quiet", size="small", parent=self)
            more.setObjectName("needs_all")
            more.clicked.connect(lambda: self._show_all(view, answered))
            if self._strip:
                self._list.addWidget(more, 0, self._columns)
            else:
                self._list.addWidget(more, len(shown), 0)
            more.show()

    def tell_time(self) -> None:
        for row in self.rows:
            row.tell_time()

    def _show_all(self, view: TodayView, answered: Collection[Id]) -> None:
        self._all = not self._all
        self.show_needs(view, answered)


class ResultCard(kit.Card):
    """How a round (or the whole lesson) went: counts of answers, and who asked for help."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("result")
        self._title = kit.Heading("", parent=self)
        self._said = kit.Text("", role="small", tone="dim", wrap=False, parent=self)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._said)
        self.body.setSpacing(2)
        self.body.addLayout(top)
        self._rows: list[kit.GrowthCount] = []
        self._help = kit.ShortText("", "small", lines=2, parent=self)
        self._older: bool | None = None

    def show_results(self, view: TodayView, results: Sequence[RoundResult], *, whole: bool = False) -> None:
        """The last of ``results``; all of them together when ``whole``. Hidden before the first round is over."""
        self.setVisible(bool(results))
        if not results:
            return
        older = view.section.look == "older"
        if older != self._older:
            self._older = older
            for row in self._rows:
                row.deleteLater()
            self._rows = [kit.GrowthCount(level, 0, 1, older=older, parent=self) for level in (1, 2, 3, 4)]
            for row in self._rows:
                self.body.addWidget(row)
                row.show()
            self.body.addWidget(self._help)
        shown = results if whole else results[-1:]
        growth = [sum(one.growth[level] for one in shown) for level in range(4)]
        students = sum(one.students for one in shown)
        title = _("How the lesson went") if whole else _("How round {number} went").format(number=shown[0].round + 1)
        self._title.setText(title)
        self.setAccessibleName(title)
        self._said.setText(_("{done} of {total}").format(done=sum(growth), total=students))
        for row, count in zip(self._rows, growth, strict=True):
            row.set_count(count, max(students, 1))
        names = sorted({view.students[one].name for each in shown for one in each.need_help if one in view.students})
        self._help.setText(_("{names} asked for help").format(names=", ".join(names)))
        self._help.setVisible(bool(names))


class ComputersCard(kit.Card):
    """The student computers: the one on this laptop with its counts, the others with when they were last home."""

    open_requested = Signal()
    stick_requested = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(fill="quiet", padding=12, parent=parent)
        self.setObjectName("computers")
        self.setAccessibleName(_("Student computers"))
        self._clock = clock
        self._title = kit.Text("", bold=True, parent=self)
        self._detail = kit.Text("", role="small", tone="dim", parent=self)
        self.button = kit.Button(_("Open here"), size="small", icon="desktop", parent=self)
        self.button.setObjectName("open_student_computer")
        self.button.clicked.connect(lambda: self.open_requested.emit())
        self.stick = kit.Button(_("Bring work home"), "quiet", size="small", icon="usb", parent=self)
        self.stick.setObjectName("bring_work_home")
        self.stick.clicked.connect(lambda: self.stick_requested.emit())
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self.button)
        self.body.addLayout(row)
        self.body.addWidget(self.stick)

    def show_computers(self, view: TodayView, *, open_here: bool, here_words: str) -> None:
        self.button.setText(_("Show it") if open_here else _("Open here"))
        self.stick.setVisible(bool(view.computers))
        if open_here:
            self._title.setText(_("Student computer is open"))
            self._detail.setText(here_words)
        else:
            self._title.setText(_("Student computers") if view.computers else _("Student computer"))
            self._detail.setText(_homes(self._clock, view.computers) or _("on this laptop"))


def _homes(clock: Clock, computers: Sequence[ComputerHome]) -> str:
    """One line each for up to three; how many more there are."""
    lines = [f"{one.name}: {home_words(clock, one)}" for one in computers[:3]]
    more = len(computers) - 3
    if more > 0:
        lines.append(ngettext("and {n} more", "and {n} more", more).format(n=more))
    return "\n".join(lines)


class CoverCard(kit.Card):
    """Stands where needs and results are while the class can see this screen."""

    uncover_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("cover")
        self.setAccessibleName(_("Covered"))
        self.body.addWidget(kit.Heading(_("Covered"), parent=self))
        self.body.addWidget(
            kit.Text(
                _("The class may see this screen. Who needs you and how it went stay hidden."), tone="dim", parent=self
            ),
            1,
        )
        self.button = kit.Button(_("Show them here"), size="small", icon="eye", parent=self)
        self.button.setObjectName("uncover")
        self.button.clicked.connect(lambda: self.uncover_requested.emit())
        self.body.addWidget(self.button)

    def set_strip(self, strip: bool) -> None:
        """All in one row across the page, or below each other in the column."""
        self.body.setDirection(QBoxLayout.Direction.LeftToRight if strip else QBoxLayout.Direction.TopToBottom)
        self.body.setContentsMargins(*((14, 6, 14, 11) if strip else (18, 16, 18, 21)))


class SideColumn(QScrollArea):
    """Needs, result and computers, or the cover in place of the first two; scrolls by itself beside the board."""

    answered = Signal(object)
    cover_toggled = Signal(bool)

    def __init__(self, clock: Clock, *, whole: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = QWidget(self)
        self._whole = whole
        self.needs = NeedsCard(clock, self)
        self.result = ResultCard(self)
        self.cover = CoverCard(self)
        self.computers = ComputersCard(clock, self)
        self.needs.hide_button.clicked.connect(lambda: self.cover_toggled.emit(True))
        self.cover.uncover_requested.connect(lambda: self.cover_toggled.emit(False))
        self.needs.answered.connect(self.answered)
        self._column = column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self.cover, self.needs, self.result):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self.computers)
        kit.put_on_page(self, self._inner)
        fade_below(self)

    def stand_beside(self, width: int, height: int) -> None:
        """In a column of this size beside the lesson; with less height fewer needs, so that the rest has room."""
        self._set_below(False)
        self.setFixedWidth(width)
        self.setMinimumHeight(0)
        self.setMaximumHeight(_NO_LIMIT)
        look = theme.look_of(self)
        rest = 60 + look.px(30) + (look.px(210) if self.result.isVisibleTo(self) else 0) + look.px(70)
        self.needs.stand(strip=False, width=width, most=(height - rest) // look.px(62))
        self._column.insertWidget(0, self.cover)
        self._column.insertWidget(1, self.needs)

    def stand_below(self, width: int, urgent: QVBoxLayout) -> None:
        """Who needs the teacher goes as a strip into ``urgent``; the rest stands in a row, as high as it has to be."""
        self._set_below(True)
        self.needs.stand(strip=True, width=width, most=0)
        urgent.addWidget(self.cover)
        urgent.addWidget(self.needs)
        self.setMinimumWidth(0)
        self.setMaximumWidth(_NO_LIMIT)
        self.setFixedHeight(self.rest_height())

    def rest_height(self) -> int:
        """What result and computers need below the lesson."""
        parts = [one for one in (self.result, self.computers) if one.isVisibleTo(self)]
        return max(self.minimumSizeHint().height(), *(one.sizeHint().height() + 2 for one in parts))

    def _set_below(self, below: bool) -> None:
        self.cover.set_strip(below)
        turn = QBoxLayout.Direction.LeftToRight if below else QBoxLayout.Direction.TopToBottom
        self._column.setDirection(turn)
        for part in (self.result, self.computers):
            self._column.setStretchFactor(part, 1 if below else 0)
            self._column.setAlignment(part, Qt.AlignmentFlag.AlignTop if below else Qt.AlignmentFlag(0))
        for place in range(self._column.count()):
            item = self._column.itemAt(place)
            if item is not None and item.spacerItem() is not None:
                self._column.setStretch(place, 0 if below else 1)

    def show_view(
        self, view: TodayView, *, covered: bool, answered: Collection[Id], open_here: bool, here_words: str
    ) -> None:
        self.cover.setVisible(covered)
        self.needs.setVisible(not covered)
        if covered:
            self.result.hide()
        else:
            self.needs.show_needs(view, answered)
            self.result.show_results(view, view.results, whole=self._whole)
        self.computers.show_computers(view, open_here=open_here, here_words=here_words)
