"""The sheets behind the doors of Welcome: setting up a class, and opening a file with five words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QWidget

from blenddesk.errors import BlendDeskError, EnvironmentTrouble
from blenddesk.messages import error_sentence
from blenddesk.services.words import is_on_list, meant_word
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.welcome_doors import find_files

WORDS = 5
MOST_BYTES = 1 << 30


class SetUpSheet(kit.Sheet):
    """Two names, both may be left empty; the class list comes next, on the desk."""

    def __init__(self, window: QWidget, make: Callable[[str, str], None]) -> None:
        button = kit.Button(_("Make my class"), "primary", icon="check")
        button.setObjectName("setup_make")
        about = _("Next you paste or open the list of your students. You can skip anything and do it later.")
        super().__init__(window, _("Set up my class"), about, actions=(button,), width=520)
        self._make = make
        self.teacher = kit.TextField(placeholder=_("Ms Okoro"))
        self.teacher.setObjectName("setup_teacher")
        self.name = kit.TextField(placeholder=_("4B"))
        self.name.setObjectName("setup_class")
        self.body.addWidget(kit.FormRow(_("Your name"), self.teacher, parent=self))
        self.row = kit.FormRow(_("Name of the class"), self.name, parent=self)
        self.body.addWidget(self.row)
        self.teacher.returnPressed.connect(self.name.setFocus)
        self.name.returnPressed.connect(self._done)
        button.clicked.connect(self._done)

    def _done(self) -> None:
        teacher = " ".join(self.teacher.text().split()) or _("Teacher")
        self._make(teacher, " ".join(self.name.text().split()) or _("My class"))

    def show_trouble(self, error: BlendDeskError) -> None:
        self.row.set_trouble(error_sentence(error))
        self.name.setFocus()


class FileWithWordsSheet(kit.Sheet):
    """A file and the five words that open it. Each word is checked as soon as it is typed.

    ``open_file(data, words)`` is called with the content of the file; trouble comes back through ``show_trouble``.
    """

    def __init__(
        self,
        window: QWidget,
        title: str,
        about: str,
        pattern: str,
        open_file: Callable[[bytes, str], None],
        *,
        action: str,
    ) -> None:
        self.go = kit.Button(action, "primary", icon="lock-key-open")
        self.go.setObjectName("words_open")
        super().__init__(window, title, about, actions=(self.go,), width=640)
        self._open_file, self._pattern = open_file, pattern
        self.files = kit.Choice()
        self.files.setObjectName("words_file")
        self.files.setPlaceholderText(_("No file found yet"))
        self.browse = kit.Button(_("Choose a file"), icon="folder-open", parent=self)
        self.browse.setObjectName("words_browse")
        self.browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(10)
        self.file_row = kit.FormRow(_("The file"), self.files, _("Put in the stick, then look again."), parent=self)
        row.addWidget(self.file_row, 1)
        self.again = kit.IconButton("arrows-clockwise", _("Look again"), px=42, parent=self)
        self.again.setObjectName("words_again")
        self.again.clicked.connect(self.look_for_files)
        row.addWidget(self.again)
        row.addWidget(self.browse)
        self.body.addLayout(row)
        self.fields: list[kit.TextField] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        self._hints: list[kit.Text] = []
        for place in range(WORDS):
            field = kit.TextField(name=_("Word {number}").format(number=place + 1))
            field.setObjectName(f"word_{place + 1}")
            field.setPlaceholderText(str(place + 1))
            field.editingFinished.connect(partial(self._check, place))
            field.textEdited.connect(lambda typed, place=place: self._on_edited(place, typed))
            hint = kit.Text("", role="small", tone="danger", parent=self)
            hint.setMinimumHeight(theme.look_of(self).px(36))
            hint.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, 0, place)
            grid.addWidget(hint, 1, place)
            grid.setColumnStretch(place, 1)
            self.fields.append(field)
            self._hints.append(hint)
        self.body.addWidget(kit.Text(_("The five words"), bold=True, parent=self))
        self.body.addLayout(grid)
        self.trouble = kit.Banner("", "danger", parent=self)
        self.trouble.setObjectName("words_trouble")
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.go.clicked.connect(self._go)
        self.fields[-1].returnPressed.connect(self._go)
        for before, after in zip(self.fields, self.fields[1:], strict=False):
            before.returnPressed.connect(after.setFocus)
        self.look_for_files()

    def look_for_files(self) -> None:
        """Finds files on sticks; what was chosen stays chosen."""
        chosen = self.files.chosen()
        found = [str(path) for path in find_files(self._pattern)]
        if chosen and chosen not in found:
            found.insert(0, chosen)
        self.files.clear()
        for path in found:
            self.files.addItem(Path(path).name, path)
        self.files.choose(chosen or (found[0] if found else ""))

    def choose_file(self, path: Path) -> None:
        if self.files.findData(str(path)) < 0:
            self.files.addItem(path.name, str(path))
        self.files.choose(str(path))

    def _browse(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Choose a file"), "", f"BlendDesk ({self._pattern})")
        if chosen:
            self.choose_file(Path(chosen))

    def _on_edited(self, place: int, typed: str) -> None:
        """A space means: next word. All five pasted at once fill all five fields."""
        self._hints[place].setText("")
        words = typed.replace(",", " ").split()
        if len(words) > 1:
            for field, word in zip(self.fields[place:], words, strict=False):
                field.setText(word)
        if len(words) > 1 or (words and typed.endswith(" ")):
            self.fields[place].setText(words[0])
            after = min(place + len(words), WORDS - 1)
            self.fields[after].setFocus()

    def _check(self, place: int) -> bool:
        typed = self.fields[place].text().strip()
        if not typed or is_on_list(typed):
            self._hints[place].setText("")
            return bool(typed)
        meant = meant_word(typed)
        words = _("Did you mean {word}?").format(word=meant) if meant else _("Not on the list. Read it again.")
        self._hints[place].setText(words)
        self.fields[place].setAccessibleDescription(words)
        return False

    def _go(self) -> None:
        self.trouble.hide()
        path = self.files.chosen()
        if not path:
            self.file_row.set_trouble(_("Choose the file first."))
            return
        wrong = [place for place in range(WORDS) if not self._check(place)]
        if wrong:
            self.fields[wrong[0]].setFocus()
            return
        try:
            with Path(path).open("rb") as file:
                data = file.read(MOST_BYTES)
        except OSError as error:
            self.show_trouble(EnvironmentTrouble("file_unreadable", path=path, detail=error.strerror))
            return
        self._open_file(data, " ".join(field.text().strip() for field in self.fields))

    def show_trouble(self, error: BlendDeskError) -> None:
        self.trouble.set_text(error_sentence(error))
        self.trouble.show()
        self.place()
        kit.announce(self, error_sentence(error), urgent=True)
