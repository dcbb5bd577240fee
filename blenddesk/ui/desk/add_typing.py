"""Typing students one by one: each is added at once, with Undo, and the keys go back for the next name."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.services import classes, rosters
from blenddesk.text import _, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.child_words import clear
from blenddesk.ui.desk.session import DeskSession

MOST_SHOWN = 12


class TypingPanel(QWidget):
    """First and family name, Enter, next. Without a class yet, the first name typed makes one."""

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        card = kit.Card(title=_("Who is new?"), parent=self)
        card.setMaximumWidth(theme.look_of(self).px(640))
        self.given = kit.TextField(placeholder=_("Amina"))
        self.given.setObjectName("type_given")
        self.family = kit.TextField(placeholder=_("Diallo"))
        self.family.setObjectName("type_family")
        self.given_row = kit.FormRow(_("First name"), self.given, parent=card)
        hint = _("May be left empty. Stays on teachers' computers.")
        family_row = kit.FormRow(_("Family name"), self.family, hint, parent=card)
        self.add = kit.Button(_("Add"), "primary", icon="user-plus", parent=card)
        self.add.setObjectName("type_add")
        self.add.clicked.connect(self._add)
        self.given.returnPressed.connect(self._add)
        self.family.returnPressed.connect(self._add)
        fields = QHBoxLayout()
        fields.setSpacing(12)
        fields.addWidget(self.given_row, 1, Qt.AlignmentFlag.AlignTop)
        fields.addWidget(family_row, 1, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(fields)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.add)
        card.body.addLayout(row)
        self.count = kit.Text("", tone="dim", parent=card)
        card.body.addWidget(self.count)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        card.body.addLayout(self._list)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = kit.ScrollBody(parent=self)
        area.body.addWidget(card)
        area.body.addStretch(1)
        outer.addWidget(area)

    def refresh(self) -> None:
        """The latest first, so that the name just typed can be seen."""
        section = self._session.section_id
        students = self._session.context.reads.people.students(section) if section is not None else []
        self.count.setText(
            ngettext("{n} student in the class", "{n} students in the class", len(students)).format(n=len(students))
        )
        clear(self._list)
        for student in reversed(students[-MOST_SHOWN:]):
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(kit.AvatarCircle("", student.avatar, px=32, parent=self))
            row.addWidget(kit.Text(" ".join(filter(None, (student.given, student.family))) or student.name), 1)
            self._list.addLayout(row)

    def _add(self) -> None:
        self.given_row.set_trouble("")
        section = self._session.section_id
        if section is None and self._session.do(classes.create_class, _("My class")) is not None:
            made = classes.class_by_name(self._session.context, _("My class"))
            section = made.id if made is not None else None
            self._session.choose_section(section)
        if section is None:
            return
        if self._session.do(rosters.add_student, section, self.given.text(), self.family.text()) is None:
            self.given_row.set_trouble(self._session.window.toast.message())
        else:
            self.given.clear()
            self.family.clear()
        self.given.setFocus()
