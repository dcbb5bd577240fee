"""The steps of protecting a computer, each with one thing to do: ``ProtectSheet`` puts them one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import protection
from blenddesk.services.words import is_same_word
from blenddesk.text import _, digits
from blenddesk.ui import kit
from blenddesk.ui.phrase_field import PhraseField
from blenddesk.ui.recovery_words import RecoveryWords

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

COLUMNS = 2


class Step(QWidget):
    """``title`` and ``about`` stand over it; ``is_right`` says whether to go on, and shows what is missing if not."""

    entered = Signal()
    title = ""
    about = ""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)

    def is_right(self) -> bool:
        return True

    def show_trouble(self, sentence: str) -> None:
        """Says what did not work."""

    def take_keys(self) -> None:
        """Puts the keys where they are wanted first."""

    def forget(self) -> None:
        """Empties what nobody may read later."""


class OldPhraseStep(Step):
    """The pass phrase that is in force, before it is changed: whoever walks by an open desk does not know it."""

    def __init__(self, context: AppContext, what: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = {
            "change": _("Change the pass phrase"),
            "remove": _("Remove the pass phrase"),
        }.get(what, _("New recovery sheet"))
        self.about = {
            "change": _("First the pass phrase as it is now."),
            "remove": _("Then this computer opens without being asked. The recovery sheet stays as it is."),
        }.get(what, _("First the pass phrase. Then the old sheet opens only older backups."))
        self._paths = context.paths
        self._attempts = protection.Attempts(context.paths, context.clock)
        self.phrase = PhraseField(_("Pass phrase now"), "protect_old", self)
        self.row = kit.FormRow(_("Pass phrase now"), self.phrase, parent=self)
        self.column.addWidget(self.row)
        self.phrase.entered.connect(self.entered)
        self.phrase.edited.connect(lambda: self.row.set_trouble(""))

    def opener(self) -> Callable[[], bytes]:
        """Judges what is typed; for a thread."""
        return partial(protection.open_with_phrase, self._paths, self.phrase.text(), self._attempts)

    def is_right(self) -> bool:
        if self.phrase.text().strip():
            return True
        self.row.set_trouble(_("Type the pass phrase first."))
        return False

    def show_trouble(self, sentence: str) -> None:
        self.phrase.clear()
        self.row.set_trouble(sentence)
        self.phrase.setFocus()

    def take_keys(self) -> None:
        self.phrase.setFocus()

    def forget(self) -> None:
        self.phrase.clear()


class PhraseStep(Step):
    """A new pass phrase, twice."""

    def __init__(self, what: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = _("Choose a pass phrase") if what == "protect" else _("Choose a new pass phrase")
        self.about = _("Whoever opens this computer types it first. Four words are easy to keep and hard to guess.")
        if what == "forgot":
            self.about = _("The recovery sheet opened this computer. Choose what opens it from now on, or do it later.")
        self.phrase = PhraseField(_("Pass phrase"), "protect_phrase", self)
        self.again = PhraseField(_("The same again"), "protect_again", self)
        hint = _("At least {n} letters. Capitals count.").format(n=digits(protection.LEAST_LETTERS))
        self.row = kit.FormRow(_("Pass phrase"), self.phrase, hint, parent=self)
        self.again_row = kit.FormRow(_("The same again"), self.again, parent=self)
        self.column.addWidget(self.row)
        self.column.addWidget(self.again_row)
        self.phrase.entered.connect(self.again.setFocus)
        self.again.entered.connect(self.entered)
        for field, row in ((self.phrase, self.row), (self.again, self.again_row)):
            field.edited.connect(partial(row.set_trouble, ""))

    def is_right(self) -> bool:
        try:
            protection.check_phrase(self.phrase.text())
        except BlendDeskError as error:
            self.row.set_trouble(error_sentence(error))
            self.phrase.setFocus()
            return False
        if self.phrase.text().split() != self.again.text().split():
            self.again_row.set_trouble(_("The two are not the same. Show them with the eye, or type the second anew."))
            self.again.setFocus()
            return False
        return True

    def show_trouble(self, sentence: str) -> None:
        self.row.set_trouble(sentence)

    def take_keys(self) -> None:
        self.phrase.setFocus()

    def forget(self) -> None:
        self.phrase.clear()
        self.again.clear()


class SheetStep(Step):
    """The ten words, big enough to copy by hand, with ways to paper."""

    def __init__(self, words: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.title = _("Your recovery sheet")
        self.about = _(
            "When the pass phrase is forgotten, only these ten words open your data. Print them or copy them by hand, "
            "and keep them away from this computer."
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        rows = -(-len(words) // COLUMNS)
        self.words: list[kit.Text] = []
        for place, word in enumerate(words):
            card = kit.Card(fill="primary_soft", padding=5, raised=False, horizontal=True, parent=self)
            card.body.addWidget(kit.Text(digits(place + 1), tone="dim", wrap=False, parent=card))
            shown = kit.Text(word, "large", bold=True, wrap=False, parent=card)
            shown.setObjectName(f"sheet_word_{place + 1}")
            card.body.addWidget(shown, 1)
            self.words.append(shown)
            grid.addWidget(card, place % rows, place // rows)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        self.column.addLayout(grid)
        self.print = kit.Button(_("Print"), size="small", icon="printer", parent=self)
        self.print.setObjectName("protect_print")
        self.pdf = kit.Button(_("Save as PDF"), size="small", icon="download-simple", parent=self)
        self.pdf.setObjectName("protect_pdf")
        self.note = kit.Text("", "small", tone="dim", parent=self)
        self.note.setObjectName("protect_note")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.print)
        row.addWidget(self.pdf)
        row.addWidget(self.note, 1)
        self.column.addLayout(row)

    def say(self, sentence: str) -> None:
        self.note.set_tone("dim")
        self.note.setText(sentence)
        kit.announce(self, sentence)

    def show_trouble(self, sentence: str) -> None:
        self.note.set_tone("danger")
        self.note.setText(sentence)

    def take_keys(self) -> None:
        self.print.setFocus()


class CheckStep(Step):
    """Three of the words, typed from the copy: a sheet nobody can read helps nobody."""

    def __init__(self, words: Sequence[str], places: tuple[int, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.title = _("Is the sheet right?")
        self.about = _("Type these words from your copy.")
        self._words = words
        self.fields = RecoveryWords(places, self)
        self.note = kit.Text("", tone="danger", parent=self)
        self.note.hide()
        self.column.addWidget(self.fields)
        self.column.addWidget(self.note)
        self.fields.entered.connect(self.entered)

    def is_right(self) -> bool:
        self.note.hide()
        typed = self.fields.words()
        for place, word, field in zip(self.fields.places, typed, self.fields.fields, strict=True):
            if not is_same_word(word, self._words[place - 1]):
                self.show_trouble(_("Word {place} is another one on the sheet. Read it again.").format(place=place))
                field.setFocus()
                field.selectAll()
                return False
        return True

    def show_trouble(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.show()
        kit.announce(self, sentence, urgent=True)

    def take_keys(self) -> None:
        self.fields.setFocus()

    def forget(self) -> None:
        self.fields.clear()


class DoneStep(Step):
    """What holds from now on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = _("This computer is protected")
        for sentence in (
            _("Only the pass phrase opens the class data from now on."),
            _("The recovery sheet opens it when the phrase is forgotten. Nobody else can, not even its makers."),
            _("Ctrl+L or the padlock locks at once. How soon it locks by itself is in Settings."),
        ):
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(kit.IconLabel("check-circle", tone="ok", px=22, weight="fill", parent=self))
            row.addWidget(kit.Text(sentence, parent=self), 1)
            self.column.addLayout(row)
