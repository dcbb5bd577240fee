"""Five words that are shown once, big enough to copy by hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from blenddesk.text import _, digits
from blenddesk.ui import kit

COLUMNS = 3


class FiveWordsSheet(kit.Sheet):
    """Only its button closes it, so that no stray key loses the words.

    Args:
        words: as they are to be typed later.
        steps: what to do with them, a sentence each, in order.
        actions: buttons before the one that closes it.
    """

    def __init__(
        self,
        window: QWidget,
        title: str,
        words: Sequence[str],
        steps: Sequence[str],
        *,
        actions: Sequence[kit.Button] = (),
    ) -> None:
        super().__init__(window, title, actions=actions, closable=False, width=760)
        self.done = kit.Button(_("I have written them down"), "primary", parent=self)
        self.done.setObjectName("words_done")
        self.done.clicked.connect(self.close_sheet)
        self.add_action(self.done)
        self.body.addWidget(kit.Text(_("Write them down now. They are shown only once and kept nowhere."), parent=self))
        grid = QGridLayout()
        grid.setSpacing(10)
        self.words: list[kit.Text] = []
        for place, word in enumerate(words):
            card = kit.Card(fill="primary_soft", padding=10, raised=False, horizontal=True, parent=self)
            card.body.addWidget(kit.Text(digits(place + 1), role="large", tone="dim", wrap=False, parent=card))
            shown = kit.Text(word, role="title", bold=True, wrap=False, parent=card)
            shown.setObjectName(f"word_{place + 1}")
            card.body.addWidget(shown, 1)
            self.words.append(shown)
            grid.addWidget(card, place // COLUMNS, place % COLUMNS)
        self.body.addLayout(grid)
        column = QVBoxLayout()
        column.setSpacing(4)
        for number, step in enumerate(steps, 1):
            column.addWidget(kit.Text(_("{number}. {step}").format(number=number, step=step), parent=self))
        self.body.addLayout(column)
        self.body.addStretch(1)
