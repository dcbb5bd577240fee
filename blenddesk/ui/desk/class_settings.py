"""Sheets about a whole class: its settings, putting it away, and making a new one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

from blenddesk.domain.people import Section
from blenddesk.services import classes
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.session import DeskSession

IDLE_SECONDS = (5, 120)


class ClassSettingsSheet(kit.Sheet):
    """Name, look, sign-in, idle time and adults of a class; saved together as one change."""

    def __init__(self, session: DeskSession, section: Section) -> None:
        save = kit.Button(_("Save"), "primary")
        save.setObjectName("class_save")
        super().__init__(session.window, _("Class settings"), actions=(save,), width=620)
        self._session, self._section = session, section
        self.name = kit.TextField(section.name)
        self.name.setObjectName("class_name")
        self.name_row = kit.FormRow(_("Name"), self.name, parent=self)
        self.body.addWidget(self.name_row)
        looks = (("younger", _("Younger")), ("older", _("Older")))
        self.look = kit.Segmented(looks, name=_("Look on student screens"), chosen=section.look)
        self.look.setObjectName("class_look")
        ways = (("pictures", _("Three pictures")), ("tap", _("Tap the name")))
        self.sign_in = kit.Segmented(ways, name=_("Signing in"), chosen=section.sign_in)
        self.sign_in.setObjectName("class_sign_in")
        top = Qt.AlignmentFlag.AlignTop
        pair = QHBoxLayout()
        pair.setSpacing(24)
        look_hint = _("Pictures and plants, or symbols and bars")
        pair.addWidget(kit.FormRow(_("Look on student screens"), self.look, look_hint, parent=self), 1, top)
        sign_in_hint = _("Pictures keep a classmate from signing in for fun")
        pair.addWidget(kit.FormRow(_("Signing in"), self.sign_in, sign_in_hint, parent=self), 1, top)
        self.body.addLayout(pair)
        self.idle = kit.Stepper(
            section.idle_seconds, *IDLE_SECONDS, name=_("Seconds of quiet"), step=5, suffix=_("seconds")
        )
        self.idle.setObjectName("class_idle")
        idle_hint = _("Then a student computer asks “Are you still there?” and keeps what was begun")
        self.body.addWidget(kit.FormRow(_("Ask after"), self.idle, idle_hint, parent=self))
        self.adults = QPlainTextEdit()
        self.adults.setObjectName("class_adults")
        self.adults.setTabChangesFocus(True)
        self.adults.setFixedHeight(theme.look_of(self).px(84))
        adults = session.context.reads.sections.adults(section.id)
        self.adults.setPlainText("\n".join(adult.name for adult in adults))
        self.body.addWidget(kit.FormRow(_("Adults"), self.adults, _("One name in each line"), parent=self))
        self.put_away = kit.Button(_("Put this class away"), "quiet", icon="archive", parent=self)
        self.put_away.setObjectName("class_put_away")
        self.put_away.clicked.connect(self._archive)
        row = QHBoxLayout()
        row.addWidget(self.put_away)
        row.addStretch(1)
        self.body.addLayout(row)
        save.clicked.connect(self._save)

    def _save(self) -> None:
        done = self._session.do(
            classes.save_class,
            self._section.id,
            self.adults.toPlainText().splitlines(),
            name=self.name.text(),
            look=self.look.chosen(),
            sign_in=self.sign_in.chosen(),
            idle_seconds=self.idle.value(),
        )
        if done is None:
            self.name_row.set_trouble(self._session.window.toast.message())
            self.name.setFocus()
        else:
            self.close_sheet()

    def _archive(self) -> None:
        """Undo is in the toast, so nothing is asked."""
        self.close_sheet()
        self._session.do(classes.archive_class, self._section.id)


class NewClassSheet(kit.Sheet):
    """Asks for a name and makes the class; it is in view afterwards."""

    def __init__(self, session: DeskSession) -> None:
        make = kit.Button(_("Make the class"), "primary")
        make.setObjectName("new_class_make")
        super().__init__(session.window, _("New class"), actions=(make,), width=460)
        self._session = session
        self.name = kit.TextField(placeholder=_("4B"))
        self.name.setObjectName("new_class_name")
        self.row = kit.FormRow(_("Name"), self.name, parent=self)
        self.body.addWidget(self.row)
        make.clicked.connect(self._make)
        self.name.returnPressed.connect(self._make)

    def _make(self) -> None:
        if self._session.do(classes.create_class, self.name.text()) is None:
            self.row.set_trouble(self._session.window.toast.message())
            return
        made = classes.class_by_name(self._session.context, self.name.text())
        self.close_sheet()
        if made is not None:
            self._session.choose_section(made.id)
