"""What the teacher knows of a learner, as chips and a note; covered while others may see the screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Profile
from blenddesk.services import profiles
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.child_words import clear
from blenddesk.ui.desk.session import DeskSession


class ProfileCard(kit.Card):
    """Strengths, needs, interests, preferences and a note. Desk-only; ``show_covered`` hides it all behind a line."""

    uncover_requested = Signal()

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(title=_("About the student"), parent=parent)
        self._session = session
        self._student: Id | None = None
        self._shown: Profile | None = None
        self.cover = QWidget(self)
        covered = QVBoxLayout(self.cover)
        covered.setContentsMargins(0, 4, 0, 0)
        covered.addWidget(kit.Text(_("Covered: someone else may see this screen."), tone="dim", parent=self.cover))
        uncover = kit.Button(_("Show the notes"), icon="eye", parent=self.cover)
        uncover.setObjectName("profile_uncover")
        uncover.clicked.connect(self.uncover_requested)
        covered.addWidget(uncover)
        self.open_part = QWidget(self)
        grid = QGridLayout(self.open_part)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        words = {
            "strengths": (_("Strengths"), _("Explains to others")),
            "needs": (_("Needs"), _("Short instructions")),
            "interests": (_("Interests"), _("Horses")),
            "preferences": (_("Works best"), _("In a quiet corner, with a friend")),
        }
        self._lists = {
            which: ChipList(which, *words[which], partial(self._save_list, which), self.open_part)
            for which in profiles.LISTS
        }
        for place, part in enumerate(self._lists.values()):
            grid.addWidget(part, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        self.note = NoteField(self.open_part)
        self.note.setObjectName("profile_note")
        self.note.setPlaceholderText(_("Reads with her grandmother on Sundays"))
        self.note.setFixedHeight(theme.look_of(self).px(100))
        self.note.left.connect(self._save_note)
        note = kit.FormRow(_("Note"), self.note, _("Stays on teachers' computers"), parent=self.open_part)
        grid.addWidget(note, 2, 0, 1, 2)
        self.body.addWidget(self.cover)
        self.body.addWidget(self.open_part)

    def show_profile(self, student: Id, profile: Profile) -> None:
        if student != self._student:
            self._save_note()
        same = student == self._student
        self._student = student
        self._shown = profile
        for which, part in self._lists.items():
            part.show_items(getattr(profile, which), keep_typed=same)
        if not (same and self.note.hasFocus()):
            self.note.setPlainText(profile.note)

    def show_covered(self, covered: bool) -> None:
        self.cover.setVisible(covered)
        self.open_part.setVisible(not covered)

    def _save_list(self, which: str, items: list[str]) -> bool:
        if self._student is None:
            return False
        return self._session.do(profiles.set_list, self._student, which, items) is not None

    def _save_note(self) -> None:
        shown = self._shown
        if self._student is not None and shown is not None and self.note.toPlainText().strip() != shown.note:
            self._session.do(profiles.set_note, self._student, self.note.toPlainText())


class ChipList(QWidget):
    """Short lines as chips; pressing one takes it away (Undo is in the toast), typing adds one."""

    def __init__(
        self, which: str, title: str, example: str, save: Callable[[list[str]], bool], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._save, self._which, self._example = save, which, example
        self._items: tuple[str, ...] = ()
        self.add = kit.TextField(placeholder=example, name=title, parent=self)
        self.add.setObjectName(f"add_{which}")
        self.add.returnPressed.connect(self._on_return)
        self._chips = QWidget(self)
        self._flow = kit.FlowLayout(self._chips, spacing=6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        column.addWidget(kit.Text(title, role="small", bold=True, tone="dim", parent=self))
        column.addWidget(self._chips)
        column.addWidget(self.add)

    def show_items(self, items: tuple[str, ...], *, keep_typed: bool) -> None:
        if not keep_typed:
            self.add.clear()
        if items == self._items and keep_typed:
            return
        self._items = items
        clear(self._flow)
        for place, item in enumerate(items):
            chip = kit.Chip(item, icon="x", checkable=False, parent=self._chips)
            chip.setObjectName(f"{self._which}_{place}")
            chip.setAccessibleName(_("Take away: {words}").format(words=item))
            chip.clicked.connect(partial(self._remove, item))
            self._flow.addWidget(chip)
            chip.show()
        self._chips.setVisible(bool(items))
        self.add.setPlaceholderText(_("Add one more") if items else self._example)

    def _on_return(self) -> None:
        words = " ".join(self.add.text().split())
        if words and self._save([*self._items, words]):
            self.add.clear()

    def _remove(self, item: str) -> None:
        self.add.setFocus()
        self._save([one for one in self._items if one != item])


class NoteField(QPlainTextEdit):
    """A few lines that are saved when the keys go elsewhere."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()
