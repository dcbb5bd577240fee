"""What one student did lately, and how it went in the student's own answers, as rows and as one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.domain.entries import EntryKind
from blenddesk.domain.ids import Id
from blenddesk.services.context import AppContext
from blenddesk.text import _, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.child_words import clear, day_words
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.growth import draw_small_growth, growth_short

MOST_ROWS = 8
MOST_POINTS = 24


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One finished station. ``growth`` 1 to 4 as the student answered, 0 when nothing was said (or it is not here)."""

    day: str
    title: str
    picture: str
    tint: int
    growth: int
    remark: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Work:
    finished: int
    rows: tuple[WorkRow, ...]
    levels: tuple[int, ...]
    """Answers by time, the oldest first."""


def work_of(context: AppContext, section: Id, student: Id) -> Work:
    """What the student did in this class, the latest first, with what was said of it."""
    finished, entries = context.reads.entries.latest_work(section, student, MOST_ROWS)
    reflections = context.reads.entries.reflections_of_student(section, student)
    said = {one.entry: one for one in reflections if one.entry is not None}
    claimed = [entry for entry in entries if entry.kind == EntryKind.CLAIMED]
    checked = {(e.plan, e.block) for e in entries if e.kind in (EntryKind.CHECKED, EntryKind.MASTERED)}
    latest = claimed[: -MOST_ROWS - 1 : -1]
    plans = {entry.plan for entry in latest if entry.plan is not None}
    blocks = {plan: context.reads.plans.blocks(section, plan) for plan in plans}
    rows = []
    for entry in latest:
        block = None
        if entry.plan is not None and entry.block is not None:
            block = blocks[entry.plan].get(entry.block)
        answer = said.get(entry.id)
        rows.append(
            WorkRow(
                entry.day,
                block.title if block is not None else _("A station of an earlier lesson"),
                block.picture if block is not None else "",
                block.tint if block is not None else 0,
                (answer.growth or 0) if answer is not None else 0,
                answer.remark if answer is not None else "",
                (entry.plan, entry.block) in checked,
            )
        )
    levels = tuple(one.growth for one in reflections if one.growth)[-MOST_POINTS:]
    return Work(finished, tuple(rows), levels)


class WorkCard(kit.Card):
    """The work of one student. While covered, rows stay and answers do not show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(title=_("Work"), parent=parent)
        self.count = kit.Text("", role="small", tone="dim", parent=self)
        self.line = GrowthPath(self)
        self.body.addWidget(self.count)
        self.body.addWidget(self.line)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.body.addLayout(self._rows)

    def show_work(self, work: Work, *, older: bool, covered: bool) -> None:
        words = ngettext("{n} station done", "{n} stations done", work.finished).format(n=work.finished)
        self.count.setText(words if work.finished else _("Nothing yet. Finished stations appear here, such as “Read”."))
        self.line.show_levels(() if covered else work.levels)
        self.line.setVisible(not covered and len(work.levels) > 1)
        clear(self._rows)
        for row in work.rows:
            self._rows.addWidget(_Row(row, older=older, covered=covered, parent=self))


class _Row(QWidget):
    def __init__(self, row: WorkRow, *, older: bool, covered: bool, parent: QWidget) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 2, 0, 2)
        line.setSpacing(10)
        line.addWidget(kit.PlacePicture("", row.picture, row.tint, px=36, parent=self))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(kit.Text(row.title, bold=True, parent=self))
        parts = [day_words(row.day)]
        if row.growth and not covered:
            parts.append(growth_short(row.growth, older=older))
        if row.checked:
            parts.append(_("seen by the teacher"))
        if row.remark and not covered:
            parts.append(f"“{row.remark}”")
        words.addWidget(kit.Text(" · ".join(filter(None, parts)), role="small", tone="dim", parent=self))
        line.addLayout(words, 1)
        if row.growth and not covered:
            line.addWidget(kit.GrowthLine(row.growth, px=26, parent=self))


class GrowthPath(QLabel):
    """The student's answers over time as one line between the four levels; numbers are in its accessible name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_levels(self, levels: Sequence[int]) -> None:
        self._levels = tuple(levels)
        told = ", ".join(map(str, levels))
        self.setAccessibleName(_("How it went, 1 to 4, the latest last: {levels}").format(levels=told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, theme.look_of(self).px(104))

    def minimumSizeHint(self) -> QSize:
        return QSize(140, theme.look_of(self).px(104))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        lead, row = 30.0, self.height() / 4
        with paint.painting(self) as painter:
            for level in (1, 2, 3, 4):
                y = self.height() - (level - 0.5) * row
                side = min(22.0, row - 2)
                spot = QRectF(0, y - side / 2, side, side)
                draw_small_growth(painter, paint.mirrored(self, spot), level)
                painter.setPen(QPen(QColor(tokens.border), 1))
                ends = paint.mirrored(self, QRectF(lead, y, self.width() - lead, 0))
                painter.drawLine(ends.topLeft(), ends.topRight())
            step = (self.width() - lead - 20) / max(1, len(self._levels) - 1)
            points = []
            for place, level in enumerate(self._levels):
                y = self.height() - (level - 0.5) * row
                points.append(paint.mirrored(self, QRectF(lead + 10 + place * step, y, 0, 0)).topLeft())
            painter.setPen(QPen(QColor(tokens.primary), 2.4))
            if len(points) > 1:
                painter.drawPolyline(points)
            for point in points:
                paint.disc(painter, QPointF(point), 5, tokens.primary, line=tokens.surface, width=2)
