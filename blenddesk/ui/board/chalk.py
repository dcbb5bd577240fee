"""The board without a projector: short enough to copy onto a blackboard, with a line to read aloud."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from blenddesk.domain.live import LessonState
from blenddesk.domain.minutes import Part
from blenddesk.domain.ports import Clock
from blenddesk.services.board import BoardView
from blenddesk.text import _, digits
from blenddesk.ui import kit
from blenddesk.ui.board.places import shape_of, words_of
from blenddesk.ui.desk.today_words import clock_of_ms


def read_aloud(view: BoardView, round_: int) -> str:
    """``Circles go to Computer. Triangles go to Team.``"""
    return " ".join(
        _("{group} go to {place}.").format(group=words_of(group), place=block.title)
        for group, block in view.moves(round_)
    )


class ChalkView(QWidget):
    """One line a group, one column a round, the time over each column: at most a minute of writing."""

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chalk_view")
        self._clock = clock
        self._key: object = None
        self.title = kit.Heading("", "title", parent=self)
        self.aloud = kit.Text("", "large", parent=self)
        self.aloud.setObjectName("read_aloud")
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(28)
        self._table.setVerticalSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self.title)
        column.addLayout(self._table)
        column.addStretch(1)
        column.addWidget(kit.Text(_("Read aloud"), "small", tone="dim", parent=self))
        column.addWidget(self.aloud)

    def show_lesson(self, view: BoardView, state: LessonState) -> None:
        round_ = state.round if state.round is not None else 0
        starts = {one.round: clock_of_ms(self._clock, one.start_ms) for one in state.timeline if one.part is Part.ROUND}
        key = (view, tuple(starts.items()), round_, state.running)
        if key == self._key:
            return
        self._key = key
        self.title.setText(view.title)
        self.aloud.setText(read_aloud(view, round_))
        while (item := self._table.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        rounds = range(len(view.sheet.plan.rounds))
        for number in rounds:
            now = state.running and number == state.round
            words = starts.get(number, digits(number + 1))
            head = kit.Text(words, "large", bold=True, tone="primary_ink" if now else "dim", wrap=False, parent=self)
            self._table.addWidget(head, 0, number + 2)
        for row, group in enumerate(view.sheet.groups, 1):
            self._table.addWidget(kit.ShapeIcon(shape_of(group), px=40, letter=view.older, parent=self), row, 0)
            self._table.addWidget(kit.Text(words_of(group), "large", bold=True, wrap=False, parent=self), row, 1)
            for number in rounds:
                block = view.sheet.block_of(group.id, number)
                now = state.running and number == state.round
                words = "–" if block is None else block.title
                cell = kit.Text(words, "large", bold=now, tone="primary_ink" if now else "text", parent=self)
                self._table.addWidget(cell, row, number + 2, Qt.AlignmentFlag.AlignVCenter)
        for number in rounds:
            self._table.setColumnStretch(number + 2, 1)
