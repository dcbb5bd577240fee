"""Erasing a student for good: what would go, the name typed once more, counted progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blenddesk.domain.people import Student
from blenddesk.services import erasing
from blenddesk.text import _, digits, name, ngettext
from blenddesk.ui import kit
from blenddesk.ui.desk.session import DeskSession

if TYPE_CHECKING:
    from blenddesk.domain.ops import ChangeSet


def open_erase_sheet(session: DeskSession, student: Student) -> None:
    """Counts what is known of the student first; then asks."""

    def counted(known: erasing.Known) -> None:
        EraseSheet(session, student, known).open()

    session.window.tasks.start(
        _("Looking for what is known of {name}").format(name=name(student.name)),
        lambda progress: erasing.what_is_known(session.context, student.id, progress),
        done=counted,
        failed=session.say_trouble,
    )


class EraseSheet(kit.Sheet):
    """Nothing brings a child back from here, so the name is typed before the button works."""

    def __init__(self, session: DeskSession, student: Student, known: erasing.Known) -> None:
        self.erase = kit.Button(_("Erase for good"), "danger", icon="trash")
        self.erase.setObjectName("erase_go")
        super().__init__(
            session.window,
            _("Erase {name} for good?").format(name=name(student.name)),
            _("For when a family asks for it. The work of a student who only left the class should stay readable."),
            actions=(self.erase,),
            width=520,
        )
        self._session, self._student = session, student
        for words in _what_goes(known):
            self.body.addWidget(kit.CheckRow(words, state="warn", parent=self))
        self.body.addWidget(
            kit.Text(
                _(
                    "It goes from this computer now and from the student computers with the next stick. Backups made "
                    "before still hold it; after opening one, the next stick erases it again. There is no undo."
                ),
                "small",
                tone="dim",
                parent=self,
            )
        )
        self.typed = kit.TextField()
        self.typed.setObjectName("erase_name")
        self.typed.setPlaceholderText(student.name)
        self.typed.textChanged.connect(self._on_typed)
        self.body.addWidget(kit.FormRow(_("Type the name to go on"), self.typed, parent=self))
        self.erase.clicked.connect(self._go)
        self._on_typed()

    def _on_typed(self) -> None:
        said = " ".join(self.typed.text().split()).casefold()
        self.erase.setEnabled(said == " ".join(self._student.name.split()).casefold())

    def _go(self) -> None:
        session, student = self._session, self._student
        self.close_sheet()

        def done(change: ChangeSet) -> None:
            session.window.open_page("class")
            session.context.announce(change)
            session.say(_("{name} was erased for good.").format(name=name(student.name)))

        session.window.tasks.start(
            _("Erasing {name}").format(name=name(student.name)),
            lambda progress: erasing.erase_student(session.context, student.id, progress),
            done=done,
            failed=session.say_trouble,
        )


def _what_goes(known: erasing.Known) -> list[str]:
    entries, said = known.records["entry"], known.records["reflection"]
    goals = known.records["goal"] + known.records["goal_step"]
    lines = [_("Names, picture and sign-in, notes, strengths and needs, groups and attendance")]
    if entries:
        lines.append(ngettext("{n} entry", "{n} entries", entries).format(n=digits(entries)))
    if said:
        lines.append(ngettext("{n} thing said", "{n} things said", said).format(n=digits(said)))
    shown = known.records["evidence"] + known.records["evidence_private"]
    if shown:
        lines.append(ngettext("{n} picture of work", "{n} pictures of work", shown).format(n=digits(shown)))
    if goals:
        lines.append(_("All goals and steps"))
    return lines
