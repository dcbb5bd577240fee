"""What needs the teacher, question by question: every version side by side, who and when, one click to decide."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from blenddesk import conflict_words
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.services import conflicts, history
from blenddesk.services.conflicts import Kind, Question, Side
from blenddesk.services.context import AppContext
from blenddesk.text import _, name
from blenddesk.ui import kit
from blenddesk.ui.carry_words import when_words
from blenddesk.ui.desk import tray_computers
from blenddesk.ui.desk.child_words import clear
from blenddesk.ui.desk.session import DeskSession

WIDTH = 780
_BESIDE = 2
"""Versions in a row; a third begins the next."""


def who_words(context: AppContext, side: Side) -> str:
    """Which computer wrote it, and the student who sat there."""
    who = _("This computer") if side.here else name(side.who) if side.who else _("Another computer")
    if side.copy:
        who = _("A copy of this computer")
    student = _called(context, side.actor) if side.actor else ""
    return _("{what}, {detail}").format(what=who, detail=name(student)) if student else who


def _called(context: AppContext, student: Id) -> str:
    return history.name_of(context, student.hex())


class TraySheet(kit.Sheet):
    """Stays open while questions are answered; Undo of an answer is in the toast and brings its question back."""

    looked_over = Signal()
    """Something was seen that is no change of the data."""

    def __init__(self, session: DeskSession, student: Id | None = None) -> None:
        """``student``: only what is about this one."""
        super().__init__(
            session.window,
            _("Needs a decision"),
            _("Two computers wrote without knowing of each other. Both versions are kept until you choose."),
            width=WIDTH,
        )
        self.session = session
        self._student = student
        self._shown: list[str] = []
        if self.cancel is not None:
            self.cancel.setText(_("Close"))
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.body.addLayout(self._list)
        session.bus.changed.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        """Shows the questions as they are now; the keys stay where they are, or go to the next question."""
        context, student = self.session.context, self._student
        asked = [
            one
            for one in conflicts.questions(context)
            if student is None or conflicts.student_of(context, one) == student
        ]
        found: list[tuple[str, QWidget]] = [(one.id, QuestionCard(self.session, one, self)) for one in asked]
        if student is None:
            found += tray_computers.cards(self.session, self._on_seen, self)
        keys = [key for key, _card in found]
        if keys == self._shown and keys:
            for _key, card in found:
                card.deleteLater()
            return
        self._shown = keys
        had_keys = self.isVisible() and self._list.count() > 0
        clear(self._list)
        for _key, card in found:
            self._list.addWidget(card)
            card.show()
        self.text.setVisible(bool(asked))
        if not found:
            done = kit.Text(_("Nothing needs you now."), tone="dim", parent=self)
            self._list.addWidget(done)
            done.show()
        if had_keys:
            self.place()
            first = self._first_control()
            if first is not None:
                first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_seen(self) -> None:
        """Nothing was written that anyone else would hear of."""
        self.refresh()
        self.looked_over.emit()

    def _on_changed(self, _change: ChangeSet) -> None:
        if not self.isHidden():
            self.refresh()


class QuestionCard(kit.Card):
    """One question with its versions."""

    def __init__(self, session: DeskSession, asked: Question, parent: QWidget) -> None:
        super().__init__(fill="quiet", padding=12, raised=False, parent=parent)
        self._session, self._asked = session, asked
        context = session.context
        self.title = conflict_words.title(context, asked)
        self.setObjectName(f"question_{asked.id}")
        self.setAccessibleName(self.title)
        self.body.addWidget(kit.Heading(self.title, parent=self))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for column in range(_BESIDE):
            grid.setColumnStretch(column, 1)
        for index, side in enumerate(asked.sides):
            grid.addWidget(self._side(index, side), index // _BESIDE, index % _BESIDE)
        self.body.addLayout(grid)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        for button in self._more_answers():
            foot.addWidget(button)
        foot.addStretch(1)
        if foot.count() > 1:
            self.body.addLayout(foot)

    def _side(self, index: int, side: Side) -> kit.Card:
        context, asked = self._session.context, self._asked
        card = kit.Card(padding=10, raised=False, parent=self)
        card.body.setSpacing(4)
        who = who_words(context, side)
        when = when_words(context.clock, side.at_ms)
        card.body.addWidget(kit.Text(f"{who} · {when}", role="small", tone="dim", parent=card))
        if asked.kind is Kind.COPIES:
            card.body.addWidget(kit.Text(_("Wrote last at that time"), parent=card))
            return card
        lines = conflict_words.side_lines(context, asked, side)
        value = side.cells[0].value if side.cells else None
        if asked.field == "avatar" and isinstance(value, str):
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(kit.AvatarCircle("", value, px=44, parent=card))
            row.addWidget(kit.Text(_avatar_words(value), parent=card), 1)
            card.body.addLayout(row)
        else:
            for line in lines:
                card.body.addWidget(kit.Text(line, parent=card))
        card.body.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        keep = kit.Button(self._keep_words(side), size="small", parent=card)
        keep.setObjectName(f"keep_{asked.id}_{index}")
        keep.setAccessibleName(f"{keep.text()}: {self.title}, {who}, {when}, {index + 1}")
        keep.clicked.connect(lambda _checked=False: self._session.do(conflicts.keep, asked.id, index))
        row.addWidget(keep)
        if index == 0 and asked.kind is not Kind.EDITED_MEANWHILE:
            row.addWidget(kit.Text(_("Shown now"), role="small", tone="dim", parent=card), 1)
        row.addStretch(0)
        card.body.addLayout(row)
        return card

    def _keep_words(self, side: Side) -> str:
        if self._asked.kind is not Kind.EDITED_MEANWHILE:
            return _("Keep this one")
        return _("Leave it taken away") if side.deleted else _("Keep it")

    def _more_answers(self) -> list[QWidget]:
        asked = self._asked
        found: list[QWidget] = []
        if asked.can_keep_both:
            found.append(self._button(_("Keep both"), "both", conflicts.keep_both))
        if asked.kind is Kind.SAME_NAME:
            found.append(self._button(_("Add letters of the family name"), "right", conflicts.put_right))
        elif asked.kind is Kind.SAME_NUMBER:
            found.append(self._button(_("Give each a number"), "right", conflicts.put_right))
        elif asked.kind is Kind.COPIES and asked.suggested:
            words = _("Call one of them {name}").format(name=name(asked.suggested))
            found.append(self._button(words, "right", conflicts.put_right))
        elif asked.kind is Kind.COPIES:
            words = _("Take the stick to both computers. Then one of them can get a name of its own here.")
            found.append(kit.Text(words, role="small", tone="dim", parent=self))
        return found

    def _button(self, words: str, key: str, act: Callable[[AppContext, str], ChangeSet]) -> kit.Button:
        button = kit.Button(words, "soft", size="small", parent=self)
        button.setObjectName(f"{key}_{self._asked.id}")
        button.setAccessibleName(f"{words}: {self.title}")
        button.clicked.connect(lambda _checked=False: self._session.do(act, self._asked.id))
        return button


def _avatar_words(avatar: str) -> str:
    from blenddesk.ui.desk.child_pictures import avatar_name

    return avatar_name(avatar)
