"""Ten fields for the words of a recovery sheet; each word is checked as soon as it is typed, all of them together."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from blenddesk.errors import BlendDeskError
from blenddesk.services.words import is_on_list, meant_word
from blenddesk.text import _, digits
from blenddesk.ui import kit, theme

COLUMNS = 5
WORDS = 10


class RecoveryWords(QWidget):
    """``places``: which words of the sheet are asked for, counted from 1; all ten unless given."""

    entered = Signal()
    """Enter in the last field."""

    def __init__(self, places: tuple[int, ...] = tuple(range(1, WORDS + 1)), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.places = places
        self.fields: list[kit.TextField] = []
        self._hints: list[kit.Text] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        for index, place in enumerate(places):
            row, column = divmod(index, COLUMNS)
            field = kit.TextField(name=_("Word {number}").format(number=place), parent=self)
            field.setObjectName(f"recovery_{place}")
            field.editingFinished.connect(partial(self._check, index))
            field.textEdited.connect(partial(self._on_edited, index))
            hint = kit.Text("", role="small", tone="danger", parent=self)
            hint.setMinimumHeight(theme.look_of(self).px(36))
            hint.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            number = kit.Text(digits(place), tone="dim", wrap=False, parent=self)
            grid.addWidget(number, 2 * row, 2 * column)
            grid.addWidget(field, 2 * row, 2 * column + 1)
            grid.addWidget(hint, 2 * row + 1, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)
            self.fields.append(field)
            self._hints.append(hint)
        for before, after in zip(self.fields, self.fields[1:], strict=False):
            before.returnPressed.connect(after.setFocus)
        self.fields[-1].returnPressed.connect(self.entered)
        self.setFocusProxy(self.fields[0])

    def words(self) -> list[str]:
        return [field.text().strip() for field in self.fields]

    def typed(self) -> str | None:
        """All words in one line; None, with the keys in the first that needs a look, when one is missing or unknown."""
        wrong = [index for index in range(len(self.fields)) if not self._check(index)]
        if wrong:
            self.fields[wrong[0]].setFocus()
            return None
        return " ".join(self.words())

    def show_trouble(self, error: BlendDeskError) -> None:
        """Puts the keys where the trouble is, if it says where."""
        place = error.data.get("place", error.data.get("first"))
        if place in self.places:
            index = self.places.index(int(str(place)))
            if error.data.get("meant"):
                self._say(index, _("Did you mean {word}?").format(word=error.data["meant"]))
            self.fields[index].setFocus()
            self.fields[index].selectAll()

    def clear(self) -> None:
        for index, field in enumerate(self.fields):
            field.setText("")
            self._say(index, "")

    def _on_edited(self, index: int, typed: str) -> None:
        """A space means: next word. All of them pasted at once fill all fields."""
        self._say(index, "")
        words = typed.replace(",", " ").split()
        if len(words) > 1:
            for field, word in zip(self.fields[index:], words, strict=False):
                field.setText(word)
        if len(words) > 1 or (words and typed.endswith(" ")):
            self.fields[index].setText(words[0])
            self.fields[min(index + len(words), len(self.fields) - 1)].setFocus()

    def _check(self, index: int) -> bool:
        typed = self.fields[index].text().strip()
        if not typed or is_on_list(typed):
            self._say(index, "")
            return bool(typed)
        meant = meant_word(typed)
        self._say(
            index, _("Did you mean {word}?").format(word=meant) if meant else _("Not on the list. Read it again.")
        )
        return False

    def _say(self, index: int, words: str) -> None:
        self._hints[index].setText(words)
        self.fields[index].setAccessibleDescription(words)
