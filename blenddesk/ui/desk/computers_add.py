"""Adding a student computer or another teacher's: its name, the stick, then five words, big enough to copy by hand."""

from __future__ import annotations

from pathlib import Path

from blenddesk.domain.ids import Id
from blenddesk.services import exchange
from blenddesk.services.exchange import AddedComputer
from blenddesk.text import _, language
from blenddesk.ui import kit
from blenddesk.ui.desk.five_words import FiveWordsSheet
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.sticks import StickField
from blenddesk.ui.tasks import Progress


class AddComputerSheet(kit.Sheet):
    """Asks for the name and the stick; writes the file and shows ``WordsSheet``."""

    for_teacher = False

    def __init__(self, session: DeskSession, section: Id, suggestion: str = "") -> None:
        super().__init__(session.window, self._title(), self._about(), width=600)
        self.setObjectName("add_computer_sheet")
        self._session = session
        self._section = section
        field, example = self._asked()
        self.name = kit.TextField(suggestion, placeholder=example, name=field, parent=self)
        self.name.setObjectName("add_computer_name")
        self.name.setMaxLength(exchange.MOST_NAME)
        self.name.selectAll()
        self.sticks = StickField(session.context, self)
        self.add = kit.Button(_("Make the file"), "primary", icon="usb", parent=self)
        self.add.setObjectName("add_computer_now")
        self.add.clicked.connect(self._on_add_clicked)
        self.name.returnPressed.connect(self.add.click)
        self.name_row = kit.FormRow(field, self.name, parent=self)
        self.stick_row = kit.FormRow(_("Stick"), self.sticks, parent=self)
        self.body.addWidget(self.name_row)
        self.body.addWidget(self.stick_row)
        self.add_action(self.add)
        self.words_sheet: WordsSheet | None = None

    def _title(self) -> str:
        return _("Add a student computer")

    def _about(self) -> str:
        return _("A file goes on the stick. On the other computer you open it once, with five words.")

    def _asked(self) -> tuple[str, str]:
        """What the field is for, and an example."""
        return _("Name, as the label on it says"), "Blue-1"

    def _on_add_clicked(self) -> None:
        folder = self.sticks.folder()
        if folder is None:
            self.stick_row.set_trouble(_("Put a stick in, or choose a folder."))
            return
        if self._session.window.tasks.is_busy:
            return
        name = self.name.text()
        self.sticks.remember()
        self._session.window.tasks.start(
            _("Making the file"),
            lambda progress: self._make(name, folder, progress),
            done=self._on_made,
            failed=self._on_failed,
        )

    def _make(self, name: str, folder: Path, progress: Progress) -> AddedComputer:
        progress(0, 1)
        return exchange.add_computer(
            self._session.context, self._section, name, folder, for_desk=self.for_teacher, language=language()
        )

    def _on_made(self, added: AddedComputer) -> None:
        self._session.context.announce(added.change)
        self.close_sheet()
        self.words_sheet = WordsSheet(self._session, added, for_teacher=self.for_teacher)
        self.words_sheet.open()

    def _on_failed(self, error: Exception) -> None:
        code = getattr(error, "code", "")
        if code.startswith(("computer_", "name_")):
            from blenddesk.errors import BlendDeskError
            from blenddesk.messages import error_sentence

            assert isinstance(error, BlendDeskError)
            self.name_row.set_trouble(error_sentence(error))
            self.name.setFocus()
            return
        self._session.say_trouble(error)


class AddTeacherSheet(AddComputerSheet):
    """The same for the computer of a colleague."""

    for_teacher = True

    def _title(self) -> str:
        return _("Add another teacher's computer")

    def _about(self) -> str:
        return _(
            "For a co-teacher or a substitute. A file goes on the stick; your colleague opens it once, with five "
            "words. Plans and groups are there at once. What only teachers see follows when you have confirmed it here."
        )

    def _asked(self) -> tuple[str, str]:
        return _("Your colleague's name"), _("Ms Ruiz")


class WordsSheet(FiveWordsSheet):
    """The five words of a new computer, which can be printed too."""

    def __init__(self, session: DeskSession, added: AddedComputer, *, for_teacher: bool = False) -> None:
        steps = _teachers_steps(added) if for_teacher else _students_steps(added)
        title = _("Five words for {name}").format(name=added.name)
        on_paper = kit.Button(_("Print"), icon="printer")
        super().__init__(session.window, title, added.words, steps, actions=(on_paper,))
        self.setObjectName("words_sheet")
        self.print = on_paper
        self.print.setObjectName("words_print")
        self.print.clicked.connect(lambda: self._print(session, added, for_teacher=for_teacher))

    def _print(self, session: DeskSession, added: AddedComputer, *, for_teacher: bool) -> None:
        from blenddesk.ui.desk.print_sheet import PrintSheet
        from blenddesk.ui.desk.prints import WORDS, NewComputer

        computer = NewComputer(added.name, added.file.name, added.words, for_teacher)
        PrintSheet(session, WORDS, computer=computer).open()


def _students_steps(added: AddedComputer) -> tuple[str, ...]:
    return (
        _("Put the stick in the student computer and start BlendDesk there."),
        _("Choose “This is a student computer” and open the file {file}.").format(file=added.file.name),
        _("Type the five words. It works at once, and is home with the next stick."),
    )


def _teachers_steps(added: AddedComputer) -> tuple[str, ...]:
    return (
        _("Put the stick in your colleague's computer and start BlendDesk there."),
        _("Choose “I was given a stick by a colleague” and open the file {file}.").format(file=added.file.name),
        _("Type the five words. The class can be seen there at once."),
        _("There, on the page Computers, press “Take to student computers”. Then bring the stick back."),
        _("Here, press “Bring work home”. This page then asks you to confirm the computer."),
    )
