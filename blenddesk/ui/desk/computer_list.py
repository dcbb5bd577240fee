"""Computers of the class in a card: their names, since when they are home, what they know of our changes, answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.text import _
from blenddesk.ui import kit

RETIRED = "retired"
FIRST = 8
"""Rows that are made before the page is painted: more are not in view then."""
PART = 5
"""Rows made at a time afterwards, a few milliseconds, so that nobody's scrolling waits for them."""
PAUSE_MS = 15


class Answer(NamedTuple):
    """One answer to a computer that waits: its button's words, a word for the button's name, and what it does."""

    words: str
    key: str
    act: Callable[[], object]


class Line(NamedTuple):
    """What a row shows. ``key``: the computer's id, or the name of a place that no computer has taken yet.

    ``standing``: empty when it cannot be retired from here. ``answers``: the usual one first.
    """

    key: bytes
    name: str
    home: str
    tone: str
    knows: str
    standing: str = ""
    answers: tuple[Answer, ...] = ()


class ComputerList(kit.Card):
    """``lost_or_back(id, lost)`` is called for the button that retires a computer or takes it back."""

    def __init__(
        self, title: str, lost_or_back: Callable[[Id, bool], None], parent: QWidget, *, icon: str, lost: str
    ) -> None:
        super().__init__(title=title, parent=parent)
        self.rows: dict[bytes, ComputerRow] = {}
        self._lost_or_back, self._icon, self._lost = lost_or_back, icon, lost
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self._lines: dict[bytes, Line] = {}
        self._room = QWidget(self)
        self._room.hide()
        self._list.addWidget(self._room)
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.setInterval(PAUSE_MS)
        self._more.timeout.connect(lambda: self._make_rows(PART))
        self.body.addLayout(self._list)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Rows by computer, so that focus and place stay. Of many new ones the first at once, the others soon after."""
        self._more.stop()
        self._lines = {line.key: line for line in lines}
        for key in [key for key in self.rows if key not in self._lines]:
            row = self.rows.pop(key)
            self._list.removeWidget(row)
            row.deleteLater()
        for key, row in self.rows.items():
            row.show_line(self._lines[key])
        self._make_rows(FIRST)

    def _make_rows(self, most: int) -> None:
        """The next rows that are not there yet; room is kept for the others, so that nothing below them jumps."""
        place = missing = 0
        for key, line in self._lines.items():
            if key not in self.rows:
                if not most:
                    missing += 1
                    continue
                most -= 1
                row = self.rows[key] = ComputerRow(self, icon=self._icon, lost=self._lost)
                row.lost.clicked.connect(partial(self._on_lost_clicked, key))
                row.show_line(line)
                self._list.insertWidget(place, row)
            place += 1
        if missing:
            # As high as the rows that are there: the last of them is the likest to those that follow.
            shown = next(self.rows[key] for key in reversed(self._lines) if key in self.rows)
            spacing = self._list.spacing()
            self._room.setFixedHeight(missing * (shown.sizeHint().height() + spacing) - spacing)
            self._more.start()
        self._room.setVisible(bool(missing))

    def _on_lost_clicked(self, key: Id, _checked: bool = False) -> None:
        self._lost_or_back(key, not self.rows[key].is_retired)


class ComputerRow(QWidget):
    """``lost``: what the button says that takes the computer out of the class."""

    def __init__(self, parent: QWidget, *, icon: str, lost: str) -> None:
        super().__init__(parent)
        self.name = kit.Text("", bold=True, wrap=False, parent=self)
        self.knows = kit.Text("", role="small", tone="dim", wrap=False, parent=self)
        self.mark = kit.IconLabel("check-circle", tone="ok", px=20, parent=self)
        self.home = kit.Text("", wrap=False, parent=self)
        self.is_retired = False
        self.lost = kit.Button("", "quiet", size="small", parent=self)
        self.lost.hide()
        self._lost_words = lost
        self._asked: list[kit.Button] = []
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.knows)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(12)
        row.addWidget(kit.IconLabel(icon, tone="primary_ink", px=28, weight="regular", parent=self))
        row.addLayout(words, 1)
        row.addWidget(self.mark)
        row.addWidget(self.home)
        row.addWidget(self.lost)

    def show_line(self, line: Line) -> None:
        self.setObjectName(f"computer_{line.name}")
        self.setAccessibleName(", ".join(part for part in (line.name, line.home, line.knows) if part))
        self.name.setText(line.name)
        self.home.setText(line.home)
        self.knows.setText(line.knows)
        self.knows.setVisible(bool(line.knows))
        icon = {"ok": "check-circle", "warn": "warning-circle"}.get(line.tone, "clock")
        self.mark.set_icon(icon, tone=line.tone)
        self.is_retired = line.standing == RETIRED
        self.lost.setText(_("It is back") if self.is_retired else self._lost_words)
        self.lost.setObjectName(f"lost_{line.name}")
        self.lost.setAccessibleName(f"{self.lost.text()}: {self.accessibleName()}")
        self.lost.setVisible(bool(line.standing))
        self._offer(line.answers)

    def _offer(self, answers: Sequence[Answer]) -> None:
        """Made anew only when they say something else, so that the keys stay where they are."""
        if [button.text() for button in self._asked] != [answer.words for answer in answers]:
            for button in self._asked:
                self._row.removeWidget(button)
                button.deleteLater()
            self._asked = []
            for answer in answers:
                button = kit.Button(answer.words, "quiet" if self._asked else "primary", size="small", parent=self)
                button.clicked.connect(lambda _checked=False, act=answer.act: act())
                self._row.addWidget(button)
                button.show()
                self._asked.append(button)
        for button, answer in zip(self._asked, answers, strict=True):
            button.setObjectName(f"{answer.key}_{self.name.text()}")
            button.setAccessibleName(f"{answer.words}: {self.accessibleName()}")
