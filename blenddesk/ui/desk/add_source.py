"""Where a class list comes from and how it is read: the two cards beside the preview."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.add_draft import ALPHABETS, SEPARATORS, WHOLE_NAMES


class SourceCard(kit.Card):
    """A box to paste names into, or a button that opens a file; the page shows one of the two."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.paste = QPlainTextEdit(self)
        self.paste.setObjectName("add_paste")
        self.paste.setAccessibleName(_("Names, one student in each line"))
        self.paste.setPlaceholderText(_("Amina Diallo\nNovak, Ben\nBeyza Kaya"))
        self.paste.setTabChangesFocus(True)
        self.paste.setMinimumHeight(theme.look_of(self).px(150))
        self.paste_label = kit.Text(_("One student in each line, from any list or sheet"), role="small", tone="dim")
        self.file_button = kit.Button(_("Choose a file"), icon="folder-open", parent=self)
        self.file_button.setObjectName("add_file")
        hint = _("CSV, TSV, XLSX, ODS, or the packed folder your school system gives. Or drop the file here.")
        self.file_label = kit.Text(hint, role="small", tone="dim", parent=self)
        for widget in (self.paste_label, self.paste, self.file_button, self.file_label):
            self.body.addWidget(widget)


class ReadingCard(kit.Card):
    """Into which class, and what to do where BlendDesk guessed wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(title=_("How to read it"), parent=parent)
        self.into = kit.Choice(name=_("Into which class"))
        self.into.setObjectName("add_into")
        self.new_class = kit.TextField(placeholder=_("4B"), name=_("Name of the class"))
        self.new_class.setObjectName("add_class_name")
        self.whole = kit.Choice([(key, _(words)) for key, words in WHOLE_NAMES.items()], chosen="given")
        self.whole.setObjectName("add_whole")
        self.separator = kit.Choice([(key, _(words)) for key, words in SEPARATORS.items()], chosen="auto")
        self.separator.setObjectName("add_separator")
        self.alphabet = kit.Choice([(key, _(words)) for key, words in ALPHABETS.items()], chosen="en")
        self.alphabet.setObjectName("add_alphabet")
        self.into_row = kit.FormRow(_("Into which class"), self.into, parent=self)
        self.class_row = kit.FormRow(_("Name of the class"), self.new_class, parent=self)
        hint = _("Only for old files whose accents look wrong")
        for row in (
            self.into_row,
            self.class_row,
            kit.FormRow(_("Whole names"), self.whole, parent=self),
            kit.FormRow(_("Between the columns"), self.separator, parent=self),
            kit.FormRow(_("Letters of"), self.alphabet, hint, parent=self),
        ):
            self.body.addWidget(row)
