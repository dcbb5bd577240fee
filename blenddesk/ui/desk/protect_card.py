"""The card about protecting this computer: what opens the class data, how soon it locks, and what can be changed."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QWidget

from blenddesk.services import protection
from blenddesk.text import _, digits
from blenddesk.ui import kit
from blenddesk.ui.desk.protect_sheet import ProtectSheet, What
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.key_place import KeyPlaceLine

MINUTES = (5, 10, 20, 0)
"""Of nobody touching anything, after which it locks; 0: never."""


class ProtectCard(kit.Card):
    """``sheet`` is the one opened last, for those who drive it."""

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(title=_("Protection"), parent=parent)
        self.setObjectName("protect_card")
        self._session = session
        self.sheet: ProtectSheet | None = None
        self.state = kit.Text("", bold=True, parent=self)
        self.detail = kit.Text("", "small", tone="dim", parent=self)
        self.amber = KeyPlaceLine(self)
        for words in (self.state, self.detail, self.amber):
            self.body.addWidget(words)
        choices = [(str(minutes), self._minutes_words(minutes)) for minutes in MINUTES]
        self.minutes = kit.Segmented(choices, name=_("Lock by itself after"), parent=self)
        self.minutes.setObjectName("protect_minutes")
        self.minutes.changed.connect(self._on_minutes_changed)
        self.minutes_row = kit.FormRow(_("Lock by itself after"), self.minutes, parent=self)
        self.body.addWidget(self.minutes_row)
        buttons = QWidget(self)
        flow = kit.FlowLayout(buttons, spacing=8)
        self.protect = self._button("protect", _("Protect this computer"), "shield-check", buttons)
        self.lock = self._button("lock", _("Lock now"), "lock-key", buttons)
        self.change = self._button("change", _("Change the pass phrase"), "key", buttons)
        self.new_sheet = self._button("sheet", _("New recovery sheet"), "file-text", buttons)
        self.remove = self._button("remove", _("Remove the pass phrase"), "lock-key-open", buttons)
        for button in (self.protect, self.lock, self.change, self.new_sheet, self.remove):
            flow.addWidget(button)
        self.body.addWidget(buttons)

    def _button(self, what: What | Literal["lock"], words: str, icon: str, parent: QWidget) -> kit.Button:
        button = kit.Button(words, "soft" if what == "protect" else "secondary", size="small", icon=icon, parent=parent)
        button.setObjectName(f"protect_{what}")
        button.clicked.connect(lambda: self._session.window.lock_now() if what == "lock" else self._open(what))
        return button

    @staticmethod
    def _minutes_words(minutes: int) -> str:
        return _("{n} min").format(n=digits(minutes)) if minutes else _("Never")

    def refresh(self) -> None:
        known = protection.protection(self._session.context.paths)
        sheet = _("There is a recovery sheet.") if known.has_sheet else _("There is no recovery sheet yet.")
        if known.has_phrase:
            self.state.setText(_("Only the pass phrase opens the class data."))
            self.detail.setText(sheet)
        else:
            self.state.setText(_("Whoever uses this account can open the class data."))
            self.detail.setText(_("With a pass phrase, that is asked for before anything is shown.") + " " + sheet)
        self.amber.setVisible(known.key_in_file)
        self.minutes_row.setVisible(known.has_phrase)
        nearest = min(MINUTES, key=lambda one: abs(one - self._session.context.settings.lock_minutes))
        self.minutes.choose(str(nearest))
        self.protect.setVisible(not known.has_phrase)
        for button in (self.lock, self.change, self.remove):
            button.setVisible(known.has_phrase)

    def _open(self, what: What) -> None:
        self.sheet = ProtectSheet(self._session, what)
        self.sheet.open()

    def _on_minutes_changed(self, key: str) -> None:
        context = self._session.context
        context.save_settings(context.settings._replace(lock_minutes=int(key)))
        self._session.window.refresh_lock(self._session.window.face)
