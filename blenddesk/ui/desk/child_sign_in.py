"""How a student signs in: the picture everyone knows, the three secret ones on demand, new ones; and their classes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.domain.people import Section, Student
from blenddesk.domain.pictures import CODE_PICTURES
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk.child_pictures import AvatarSheet
from blenddesk.ui.desk.child_words import clear, day_words
from blenddesk.ui.desk.session import DeskSession


class SignInCard(kit.Card):
    """The secret pictures are shown only while the button is down, never when the page opens."""

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(title=_("Signing in"), parent=parent)
        self._session = session
        self._student: Student | None = None
        self.avatar = kit.AvatarCircle("", px=56, parent=self)
        self.change = kit.Button(_("Other picture"), size="small", parent=self)
        self.change.setObjectName("avatar_change")
        self.change.clicked.connect(self._choose_avatar)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.avatar)
        top.addWidget(self.change, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addStretch(1)
        self.body.addLayout(top)
        self.explain = kit.Text("", role="small", tone="dim", parent=self)
        self.body.addWidget(self.explain)
        self._secret = QWidget(self)
        self._pictures = QHBoxLayout(self._secret)
        self._pictures.setContentsMargins(0, 0, 0, 0)
        self._pictures.setSpacing(10)
        self.body.addWidget(self._secret)
        self.show_button = kit.Button(_("Show the three pictures"), size="small", icon="eye", parent=self)
        self.show_button.setObjectName("code_show")
        self.show_button.clicked.connect(self._toggle)
        self.new_button = kit.Button(_("New pictures"), size="small", icon="shuffle", parent=self)
        self.new_button.setObjectName("code_new")
        self.new_button.clicked.connect(self._new_code)
        self.body.addWidget(self.show_button)
        self.body.addWidget(self.new_button)

    def show_student(self, student: Student, section: Section) -> None:
        if self._student is None or self._student.id != student.id:
            self.hide_code()
        self._student = student
        self.avatar.set_student(student.name, student.avatar)
        by_pictures = section.sign_in == "pictures"
        words = _("Taps the own name, then three pictures in order.") if by_pictures else _("Taps the own name.")
        self.explain.setText(words)
        self.show_button.setVisible(by_pictures)
        self.new_button.setVisible(by_pictures)
        if self._secret.isVisibleTo(self):
            self._fill_code()

    def hide_code(self) -> None:
        """Covers the three pictures again; called when the page is left."""
        clear(self._pictures)
        self._secret.hide()
        self.show_button.setText(_("Show the three pictures"))
        self.show_button.set_icon("eye")

    def is_code_shown(self) -> bool:
        return self._pictures.count() > 0

    def _toggle(self) -> None:
        if self.is_code_shown():
            self.hide_code()
            return
        self._fill_code()
        self._secret.show()
        self.show_button.setText(_("Hide the pictures"))
        self.show_button.set_icon("eye-slash")

    def _fill_code(self) -> None:
        clear(self._pictures)
        for index in self._student.code if self._student is not None else ():
            one = QVBoxLayout()
            one.setSpacing(2)
            name = kit.password_picture_name(index)
            one.addWidget(kit.PlacePicture(name, CODE_PICTURES[index], px=48, plain=True, parent=self._secret))
            one.addWidget(kit.Text(name, role="small", wrap=False, parent=self._secret))
            self._pictures.addLayout(one)
        self._pictures.addStretch(1)

    def _new_code(self) -> None:
        from blenddesk.services import rosters

        if self._student is not None:
            self._session.do(rosters.new_code, self._student.id)

    def _choose_avatar(self) -> None:
        student = self._student
        if student is None:
            return
        classmates = self._session.context.reads.people.students(student.section)
        taken = {one.avatar for one in classmates if one.id != student.id}

        def save(avatar: str) -> object:
            from blenddesk.services import rosters

            return self._session.do(rosters.set_avatar, student.id, avatar)

        AvatarSheet(self._session, student.avatar, taken, save).open()


class ClassesCard(kit.Card):
    """The classes of a student now and before; joining another, moving, leaving."""

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(title=_("Classes"), parent=parent)
        self._session = session
        self._student: Student | None = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        self.body.addLayout(self._lines)
        self.move_on = kit.Button(_("Move to another class"), size="small", icon="arrow-right", parent=self)
        self.also = kit.Button(_("Add to another class"), size="small", icon="plus", parent=self)
        self.leave = kit.Button(_("Left the class"), size="small", icon="user-minus", parent=self)
        self.erase = kit.Button(_("Erase for good"), "quiet", size="small", icon="trash", parent=self)
        for name, button, act in (
            ("move", self.move_on, lambda: self._choose(moving=True)),
            ("also", self.also, lambda: self._choose(moving=False)),
            ("leave", self.leave, self._leave),
            ("erase", self.erase, self._erase),
        ):
            button.setObjectName(f"class_{name}")
            button.clicked.connect(act)
            self.body.addWidget(button)

    def show_student(self, student: Student) -> None:
        self._student = student
        clear(self._lines)
        reads = self._session.context.reads
        for home in reads.people.sections_of(student.id):
            section, there = reads.sections.get(home), reads.people.student(home, student.id)
            if section is None or there is None:
                continue
            words = section.name
            if there.end_day:
                words = _("{name}, until {day}").format(name=section.name, day=day_words(there.end_day))
            self._lines.addWidget(kit.Text(words, tone="dim" if there.end_day else "text", parent=self))
        others = self._others()
        self.move_on.setVisible(bool(others) and not student.end_day)
        self.also.setVisible(bool(others))
        self.leave.setVisible(not student.end_day)

    def _others(self) -> list[Section]:
        if self._student is None:
            return []
        reads = self._session.context.reads
        inside = {
            home
            for home in reads.people.sections_of(self._student.id)
            if (there := reads.people.student(home, self._student.id)) is not None and not there.end_day
        }
        return [one for one in reads.sections.all() if one.id not in inside]

    def _choose(self, *, moving: bool) -> None:
        if self._student is not None:
            ChooseClassSheet(self._session, self._student, self._others(), moving=moving).open()

    def _erase(self) -> None:
        from blenddesk.ui.desk.erase_sheet import open_erase_sheet

        if self._student is not None:
            open_erase_sheet(self._session, self._student)

    def _leave(self) -> None:
        """Undo is in the toast, so nothing is asked; the work stays readable."""
        from blenddesk.services import rosters

        if self._student is not None:
            student = self._student
            self._session.window.open_page("class")
            self._session.do(rosters.leave_class, student.section, student.id)


class ChooseClassSheet(kit.Sheet):
    """Which class a student moves to or joins."""

    def __init__(self, session: DeskSession, student: Student, others: Sequence[Section], *, moving: bool) -> None:
        title = _("Move {name} to …") if moving else _("Add {name} to …")
        about = _("Goals, notes and sign-in go along. The work done so far stays readable here.")
        super().__init__(session.window, title.format(name=student.name), about, width=460)
        for section in others:
            button = kit.Button(section.name, parent=self)
            button.setObjectName(f"to_{section.id.hex()}")
            button.clicked.connect(lambda _checked=False, target=section.id: self._go(session, student, target, moving))
            self.body.addWidget(button)

    def _go(self, session: DeskSession, student: Student, target: bytes, moving: bool) -> None:
        from blenddesk.services import rosters

        self.close_sheet()
        act = rosters.move_student if moving else rosters.join_class
        if session.do(act, student.id, student.section, target) is not None and moving:
            session.window.open_page("class")


class RenameSheet(kit.Sheet):
    """First and family name of a student."""

    def __init__(self, session: DeskSession, student: Student) -> None:
        save = kit.Button(_("Save"), "primary")
        save.setObjectName("rename_save")
        super().__init__(session.window, _("Name"), actions=(save,), width=460)
        self._session, self._student = session, student
        self.given = kit.TextField(student.given or student.name)
        self.given.setObjectName("rename_given")
        self.family = kit.TextField(student.family)
        self.family.setObjectName("rename_family")
        self.row = kit.FormRow(_("First name"), self.given, parent=self)
        self.body.addWidget(self.row)
        hint = _("Stays on teachers' computers; others see a letter of it when two share a first name")
        self.body.addWidget(kit.FormRow(_("Family name"), self.family, hint, parent=self))
        save.clicked.connect(self._save)
        self.given.returnPressed.connect(self._save)
        self.family.returnPressed.connect(self._save)

    def _save(self) -> None:
        from blenddesk.services import rosters

        done = self._session.do(rosters.rename_student, self._student.id, self.given.text(), self.family.text())
        if done is None:
            self.row.set_trouble(self._session.window.toast.message())
        else:
            self.close_sheet()
