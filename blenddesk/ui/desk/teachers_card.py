"""Other teachers' computers: adding one, who wants to join, confirming, retiring; and joining a colleague's class."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.services import authority
from blenddesk.services.authority import Computer
from blenddesk.services.context import AppContext
from blenddesk.services.exchange import NOT_OPENED, ComputerStatus
from blenddesk.text import _
from blenddesk.text import name as isolated
from blenddesk.ui import carry_words, kit
from blenddesk.ui.desk import computer_answers
from blenddesk.ui.desk.computer_list import RETIRED, Answer, ComputerList, Line
from blenddesk.ui.desk.computers_add import AddTeacherSheet
from blenddesk.ui.desk.session import DeskSession

if TYPE_CHECKING:
    from blenddesk.ui.join import JoinSheet


class TeachersCard(ComputerList):
    """Without colleagues a sentence and the two ways to get some."""

    def __init__(self, session: DeskSession, parent: QWidget) -> None:
        super().__init__(
            _("Other teachers' computers"), self._on_retire_or_back, parent, icon="laptop", lost=_("Retire")
        )
        self.session = session
        self.about = kit.Text("", tone="dim", parent=self)
        self.body.insertWidget(1, self.about)
        self.add = kit.Button(_("Add another teacher's computer"), "soft", size="small", icon="plus", parent=self)
        self.add.setObjectName("teachers_add")
        self.add.clicked.connect(self.open_add)
        self.join = kit.Button(_("I was given a stick by a colleague"), "quiet", size="small", parent=self)
        self.join.setObjectName("teachers_join")
        self.join.clicked.connect(self.open_join)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.add)
        foot.addWidget(self.join)
        foot.addStretch(1)
        self.body.addLayout(foot)

    # --- showing --------------------------------------------------------------------------------------------

    def show_colleagues(
        self, colleagues: list[ComputerStatus], known: tuple[Computer, ...], *, made_here: bool
    ) -> None:
        """``colleagues``: the teachers' computers of the class in view; ``known``: every computer of all classes."""
        self.add.setVisible(made_here)
        self.about.setText(self._about(colleagues, made_here=made_here))
        self.about.setVisible(bool(self.about.text()))
        retirable = {one.device_id for one in known if one.can_retire}
        # Who waits for an answer comes first, who is retired last.
        order = ("held", "announced", "certified", NOT_OPENED, RETIRED)
        ordered = sorted(colleagues, key=lambda one: order.index(one.standing))
        self.show_lines([self._line(one, retirable, made_here=made_here) for one in ordered])

    def _about(self, colleagues: list[ComputerStatus], *, made_here: bool) -> str:
        if not made_here:
            words = _("Computers are added, confirmed and retired on the computer of {name}.")
            return words.format(name=_owner(colleagues))
        if colleagues:
            return ""
        return _("A co-teacher or a substitute works with the same class on a computer of their own.")

    def _line(self, one: ComputerStatus, retirable: set[Id], *, made_here: bool) -> Line:
        clock = self.session.context.clock
        home, tone = carry_words.home_words(clock, one)
        standing = one.standing if one.device_id in retirable or (made_here and one.standing == RETIRED) else ""
        answers: tuple[Answer, ...] = ()
        if one.device_id is not None and one.standing in ("announced", "held"):
            opened = authority.opened_ms(self.session.context, one.device_id)
            when = carry_words.when_words(clock, opened) if opened is not None else ""
            held = one.standing == "held"
            home = _("Several opened this file; this one {when}") if held else _("Wants to join, opened {when}")
            home, tone, standing = home.format(when=when), "warn", ""
            answers = self._answers(one.device_id, one.name) if made_here else ()
        key = one.device_id or one.name.encode()
        return Line(key, one.name, home, tone, carry_words.knows_words(clock, one), standing, answers)

    def _answers(self, device_id: Id, name: str) -> tuple[Answer, ...]:
        return (
            Answer(_("Confirm"), "confirm", partial(self._confirm, device_id, name)),
            Answer(_("Not ours"), "refuse", partial(computer_answers.refuse, self.session, device_id, name)),
        )

    # --- doing ----------------------------------------------------------------------------------------------

    def open_add(self) -> AddTeacherSheet | None:
        section = self.session.section_id
        if section is None:
            return None
        sheet = AddTeacherSheet(self.session, section)
        sheet.open(sheet.name)
        return sheet

    def open_join(self) -> JoinSheet:
        from blenddesk.ui.join import JoinSheet

        window = self.session.window
        sheet = JoinSheet(window, self.session.context, window.tasks, self._on_joined)
        sheet.open()
        return sheet

    def _on_joined(self, section: Id) -> None:
        self.session.choose_section(section)
        self.session.say(_("The class is here. Take a stick there and back, so that this computer is confirmed."))

    def _confirm(self, device_id: Id, name: str) -> None:
        """A second computer on one file, once the first is confirmed, gets a name of its own."""
        section = self.session.section_id
        asked = [one for one in authority.questions(self.session.context) if one.section == section]
        taken = any(one.holder is not None for one in asked if device_id in [each.device_id for each in one.waiting])
        called = computer_answers.free_name(self.session, section, name) if taken and section is not None else ""
        computer_answers.confirm(self.session, device_id, name, called)

    def _on_retire_or_back(self, device_id: Id, lost: bool) -> None:
        act = computer_answers.retire if lost else computer_answers.reinstate
        act(self.session, device_id, self.rows[device_id].name.text())


def waiting_words(context: AppContext, section: Id | None, colleagues: list[ComputerStatus]) -> str:
    """What to do on a teacher's computer that is not confirmed yet; "" on any other."""
    if section is None or not authority.waits_for_confirmation(context, section):
        return ""
    words = _(
        "{name} has not confirmed this computer yet. Until then you can look and change nothing. Press “Take "
        "to student computers”, carry the stick there, and bring it back."
    )
    return words.format(name=_owner(colleagues))


def _owner(colleagues: list[ComputerStatus]) -> str:
    return isolated(next((one.name for one in colleagues if one.role == "owner"), "") or _("the other teacher"))
