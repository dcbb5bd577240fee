"""Taking work to other computers and bringing theirs home, from any window: the desk's page and a student computer.

On a student computer: ``CarrySheet(window, context, tasks).open()``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget

from blenddesk.domain.ops import ChangeSet
from blenddesk.errors import BlendDeskError, Refusal
from blenddesk.messages import error_sentence
from blenddesk.services import exchange
from blenddesk.services.context import AppContext
from blenddesk.services.exchange import Home, Taken
from blenddesk.text import _, ngettext
from blenddesk.ui import carry_words, kit
from blenddesk.ui.sticks import StickField
from blenddesk.ui.tasks import Cancelled, Progress, TaskRunner

Say = Callable[[str, Callable[[], None] | None], None]
"""Shows a sentence, with Undo when something to undo is given."""


class Carrier(QObject):
    """Does the carrying under counted progress with Cancel, asks before it changes anything, and says what happened."""

    def __init__(self, window: QWidget, context: AppContext, tasks: TaskRunner, say: Say) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._tasks = tasks
        self._say = say
        self.sheet: kit.Sheet | None = None
        """The question that is open now."""

    def take(self, folder: Path) -> None:
        """Writes to the stick; says "You can take the stick" only after everything was read back from it."""
        self._start(
            _("Writing to the stick"),
            partial(exchange.take_to_computers, self._context, folder),
            self._on_taken,
        )

    def bring(self, *folders: Path) -> None:
        """Looks at what is on the stick (or in several folders) and asks; then reads it."""
        self._start(
            _("Looking at the stick") if len(folders) == 1 else _("Looking at all the files"),
            partial(exchange.bring_home, self._context, folders, preview=True),
            partial(self._ask, folders),
        )

    def _start(self, title: str, work: Callable[..., object], done: Callable[..., None]) -> None:
        if self._tasks.is_busy:
            return

        def run(progress: Progress) -> object:
            def count(now: int, total: int) -> None:
                # Stopping goes through ``cancelled``: anything raised here would look like a damaged file.
                with suppress(Cancelled):
                    progress(now, total)

            try:
                return work(progress=count, cancelled=lambda: progress.is_cancelled)
            except Refusal as refusal:
                if refusal.code == "cancelled":
                    raise Cancelled from refusal
                raise

        self._tasks.start(title, run, done=done, failed=self._on_failed, cancelled=self._on_cancelled)

    def _on_taken(self, taken: Taken) -> None:
        said = ngettext(
            "{n} class is on the stick, checked. You can take the stick.",
            "{n} classes are on the stick, checked. You can take the stick.",
            taken.classes,
        )
        words = [said.format(n=taken.classes), carry_words.pictures_taken_words(taken)]
        self._say(" ".join(filter(None, words)), None)

    def _ask(self, folders: Sequence[Path], home: Home) -> None:
        lines = carry_words.home_lines(home)
        trouble = carry_words.trouble_lines(home)
        if not lines and not trouble:
            nothing = _("There is no work from other computers on it.") if not home.packages else ""
            self._say(nothing or carry_words.done_words(home, self._context.is_desk), None)
            # What was read again still tells who was here.
            if home.packages:
                self._read(folders, quiet=True)
            return
        title = _("Bring work home") if self._context.is_desk else _("Bring in what is new")
        sheet = kit.Sheet(self._window, title, "", width=560)
        sheet.setObjectName("bring_sheet")
        for icon, words in lines:
            sheet.body.addWidget(_line(icon, words, sheet))
        for sentence in trouble:
            sheet.body.addWidget(kit.Banner(sentence, "warn", parent=sheet))
        if lines:
            if self._context.is_desk:
                sheet.body.addWidget(kit.Text(_("You can undo all of it afterwards."), tone="dim", parent=sheet))
            read = kit.Button(title, "primary", icon="download-simple", parent=sheet)
            read.setObjectName("bring_now")
            read.clicked.connect(sheet.close_sheet)
            read.clicked.connect(lambda: self._read(folders))
            sheet.add_action(read)
        self.sheet = sheet
        sheet.closed.connect(self._forget_sheet)
        sheet.open(read if lines else None)

    def _read(self, folders: Sequence[Path], *, quiet: bool = False) -> None:
        self._start(
            _("Bringing work home"),
            partial(exchange.bring_home, self._context, folders),
            partial(self._on_read, quiet),
        )

    def _on_read(self, quiet: bool, home: Home) -> None:
        if not home.change.is_empty:
            self._context.announce(home.change)
        if home.pictures:
            # The changes that name them may have come long before.
            self._context.announce(ChangeSet(0, "package_read", frozenset({"evidence"})))
        if not quiet or home.pictures or carry_words.trouble_lines(home._replace(packages=())):
            # A student computer takes back nothing that others wrote.
            undo = partial(self.undo, home) if home.changes and self._context.is_desk else None
            self._say(carry_words.done_words(home, self._context.is_desk), undo)

    def undo(self, home: Home) -> None:
        """Takes back everything that one reading brought."""
        try:
            change: ChangeSet = exchange.undo_bring_home(self._context, home.changes)
        except BlendDeskError as error:
            self._say(error_sentence(error), None)
            return
        self._context.announce(change)
        self._say(_("Undone. The stick still has all of it."), None)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, BlendDeskError):
            raise error
        self._say(error_sentence(error), None)

    def _on_cancelled(self) -> None:
        self._say(_("Stopped. What was done before is safe."), None)

    def _forget_sheet(self) -> None:
        self.sheet = None


class CarrySheet(kit.Sheet):
    """The same on a student computer, behind the teacher's way in: write our work, read what is new."""

    def __init__(self, window: QWidget, context: AppContext, tasks: TaskRunner) -> None:
        words = _("Put the teacher's stick in. First bring in what is new, then put your work on it.")
        super().__init__(window, _("Carry work with a stick"), words, width=640)
        self.setObjectName("carry_sheet")
        if self.cancel is not None:
            self.cancel.setText(_("Close"))
        self.carrier = Carrier(window, context, tasks, self.say)
        self.sticks = StickField(context, self)
        self.bring = kit.Button(_("Bring in what is new"), "primary", icon="download-simple", parent=self)
        self.bring.setObjectName("carry_bring")
        self.bring.clicked.connect(lambda: self._with_folder(self.carrier.bring))
        self.take = kit.Button(_("Put work on the stick"), "primary", icon="upload-simple", parent=self)
        self.take.setObjectName("carry_take")
        self.take.clicked.connect(lambda: self._with_folder(self.carrier.take))
        self.undo = kit.Button(_("Undo"), icon="arrow-counter-clockwise", parent=self)
        self.undo.setObjectName("carry_undo")
        self.undo.hide()
        self.said = kit.Banner("", "info", actions=(self.undo,), parent=self)
        self.said.setObjectName("carry_said")
        self.said.hide()
        self._undo: Callable[[], None] | None = None
        self.undo.clicked.connect(self._on_undo_clicked)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.bring, 1)
        row.addWidget(self.take, 1)
        self.body.addWidget(self.sticks)
        self.body.addLayout(row)
        self.body.addWidget(self.said)
        self.sticks.changed.connect(self._show_ready)
        self._show_ready()

    def say(self, sentence: str, undo: Callable[[], None] | None) -> None:
        self.said.set_text(sentence)
        self.said.show()
        self._undo = undo
        self.undo.setVisible(undo is not None)
        kit.announce(self, sentence)
        self.body.activate()
        self.place()

    def _show_ready(self) -> None:
        ready = self.sticks.folder() is not None
        self.bring.setEnabled(ready)
        self.take.setEnabled(ready)

    def _with_folder(self, act: Callable[[Path], None]) -> None:
        folder = self.sticks.folder()
        if folder is not None:
            self.sticks.remember()
            act(folder)

    def _on_undo_clicked(self) -> None:
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()


def _line(icon: str, words: str, parent: QWidget) -> QWidget:
    row = QWidget(parent)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(10)
    layout.addWidget(kit.IconLabel(icon, tone="primary_ink", px=22, parent=row))
    layout.addWidget(kit.Text(words, parent=row), 1)
    return row
