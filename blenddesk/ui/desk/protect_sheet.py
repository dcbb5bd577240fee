"""Protecting this computer, one thing at a time: the pass phrase, the recovery sheet, three of its words, done."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeVar

from PySide6.QtCore import QDate, QLocale, QMarginsF, QTimer
from PySide6.QtWidgets import QWidget

from blenddesk.domain.ports import today
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import protection
from blenddesk.text import _, is_right_to_left, language
from blenddesk.ui import kit
from blenddesk.ui.desk.protect_steps import CheckStep, DoneStep, OldPhraseStep, PhraseStep, SheetStep, Step
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.tasks import Progress, TaskRunner

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtPrintSupport import QPrinter

    from blenddesk.printing.paper import Page, Paper
    from blenddesk.sync.key_file import KeyFile
    from blenddesk.sync.recovery import NewSheet
    from blenddesk.sync.wordlock import Strength

R = TypeVar("R")
What = Literal["protect", "change", "remove", "sheet", "forgot"]
WORDS_ASKED = 3


class ProtectSheet(kit.Sheet):
    """``what``: set a pass phrase with a recovery sheet, change or remove it, make a new sheet, or a new phrase after
    the recovery words opened the desk. Nothing changes before its last step; Cancel leaves everything as it was.

    ``choose_printer`` and ``choose_file`` ask the person and ``strength`` is how hard the phrase is stretched; tests
    answer for them.
    """

    def __init__(
        self,
        session: DeskSession,
        what: What = "protect",
        *,
        choose_printer: Callable[[QWidget], QPrinter | None] | None = None,
        choose_file: Callable[[QWidget, str], Path | None] | None = None,
        strength: Strength | None = None,
    ) -> None:
        super().__init__(session.window, "", " ", width=720)
        self.setObjectName("protect_sheet")
        self._session, self._what = session, what
        self._paths = session.context.paths
        self._choose_printer, self._choose_file = choose_printer, choose_file
        self._strength = strength
        self._new_phrase = ""
        self._drawn: NewSheet | None = None
        self.tasks = TaskRunner(self)
        self.step: Step | None = None
        self.back = kit.Button(_("Back"), parent=self.card)
        self.back.setObjectName("protect_back")
        self.go = kit.Button(_("Next"), "primary", parent=self.card)
        self.go.setObjectName("protect_next")
        self.add_action(self.back)
        self.add_action(self.go)
        self.back.clicked.connect(self._on_back)
        self.go.clicked.connect(self._on_next)
        if what in ("change", "remove") or (what == "sheet" and protection.protection(self._paths).has_phrase):
            self._ask_old()
        elif what == "sheet":
            self._draw()
        else:
            self._ask_phrase()

    def _key(self) -> bytes:
        return self._session.context.reads.reader.key

    # --- steps ----------------------------------------------------------------------------------------------

    def _show(self, step: Step, *, action: str, back: Callable[[], None] | None = None) -> None:
        """``step`` in place of the one before."""
        if self.step is not None:
            self.step.forget()
            self.body.removeWidget(self.step)
            self.step.hide()
            self.step.deleteLater()
        self.step = step
        self.body.addWidget(step)
        self.title.setText(step.title)
        self.setAccessibleName(step.title)
        self.text.setText(step.about)
        self.text.setVisible(bool(step.about))
        self._go_back = back
        self.back.setVisible(back is not None)
        self.go.setText(action)
        step.entered.connect(self._on_next)
        step.show()
        if self.isVisible():
            self.place()
            # Once more when the step has its width: words that wrap know their height only then.
            QTimer.singleShot(0, self, self.place)
            step.take_keys()
            kit.announce(self, step.title)

    def open(self, focus: QWidget | None = None) -> None:
        super().open(focus)
        if self.step is not None and focus is None:
            self.step.take_keys()

    def _ask_old(self) -> None:
        last = self._what == "remove"
        self._show(
            OldPhraseStep(self._session.context, self._what, self),
            action=_("Remove the pass phrase") if last else _("Next"),
        )

    def _ask_phrase(self) -> None:
        first = self._what in ("protect", "forgot")
        self._show(
            PhraseStep(self._what, self),
            action=_("Next") if self._what == "protect" else _("Change the pass phrase"),
            back=None if first else self._ask_old,
        )

    def _draw(self) -> None:
        """Draws a sheet in a thread: its words are stretched as hard as a phrase. Shown anew it is the same sheet."""
        if self._drawn is not None:
            self._show_words()
            return
        draw = partial(protection.draw_sheet, self._session.context.randomness, language(), self._strength)

        def drawn(sheet: NewSheet) -> None:
            self._drawn = sheet
            self._show_words()

        self._work(draw, drawn)

    def _show_words(self) -> None:
        assert self._drawn is not None
        step = SheetStep(self._drawn.words, self)
        step.print.clicked.connect(self.print_out)
        step.pdf.clicked.connect(self.save_pdf)
        self._show(step, action=_("I have a copy"), back=self._ask_phrase if self._what == "protect" else None)

    def _ask_words(self) -> None:
        assert self._drawn is not None
        places = tuple(sorted(random.sample(range(1, len(self._drawn.words) + 1), WORDS_ASKED)))
        action = _("Protect this computer") if self._what == "protect" else _("Use this sheet")
        self._show(CheckStep(self._drawn.words, places, self), action=action, back=self._show_words)

    # --- going on -------------------------------------------------------------------------------------------

    def _on_back(self) -> None:
        if self._go_back is not None and not self.tasks.is_busy:
            self._go_back()

    def _on_next(self) -> None:
        step = self.step
        if self.tasks.is_busy or step is None:
            return
        if not step.is_right():
            self.place()
            return
        if isinstance(step, OldPhraseStep):
            self._work(step.opener(), self._on_old_right)
        elif isinstance(step, PhraseStep):
            self._new_phrase = step.phrase.text()
            if self._what == "protect":
                self._draw()
            else:
                self._set(_("The pass phrase was changed."))
        elif isinstance(step, SheetStep):
            self._ask_words()
        elif isinstance(step, CheckStep):
            self._set(_("The new recovery sheet is in force. The old one opens only older backups."))
        else:
            self.close_sheet()

    def _on_old_right(self, _key: bytes) -> None:
        if self._what == "change":
            self._ask_phrase()
        elif self._what == "sheet":
            self._draw()
        else:
            self._work(partial(protection.remove_phrase, self._paths, self._key()), self._say_removed)

    def _set(self, said: str) -> None:
        """What was chosen comes into force, all at once."""
        if self._what == "sheet":
            assert self._drawn is not None
            change: Callable[[], KeyFile] = partial(protection.set_sheet, self._paths, self._key(), self._drawn)
        else:
            change = partial(
                protection.set_phrase,
                self._paths,
                self._key(),
                self._new_phrase,
                self._session.context.randomness,
                sheet=self._drawn,
                strength=self._strength,
            )
        self._work(change, self._on_protected if self._what == "protect" else partial(self._say, said))

    def _on_protected(self, _before: KeyFile) -> None:
        self._changed()
        self._show(DoneStep(self), action=_("Done"))
        if self.cancel is not None:
            self.cancel.hide()

    def _say_removed(self, before: KeyFile) -> None:
        self._say(_("The pass phrase was removed. This computer opens without being asked."), before)

    def _say(self, said: str, before: KeyFile) -> None:
        """Says what changed, with Undo: what was in force before is put back."""
        session, paths = self._session, self._paths
        self.close_sheet()
        self._changed()

        def undo() -> None:
            try:
                protection.put_back(paths, before)
            except BlendDeskError as error:
                session.say_trouble(error)
            refresh_protection(session)

        session.window.toast.show_message(said, undo)

    def _changed(self) -> None:
        refresh_protection(self._session)

    def _work(self, act: Callable[[], R], done: Callable[[R], None]) -> None:
        """In a thread, as it takes up to a second or two; trouble is told in the step."""

        def work(_progress: Progress) -> R:
            return act()

        def finished(result: R) -> None:
            self._settle(True)
            done(result)

        def failed(error: Exception) -> None:
            self._settle(True)
            if not isinstance(error, BlendDeskError):
                raise error
            if self.step is not None:
                self.step.show_trouble(error_sentence(error))
                self.place()
            kit.announce(self, error_sentence(error), urgent=True)

        self._settle(False)
        self.tasks.start(_("Opening"), work, done=finished, failed=failed, quietly=True)

    def _settle(self, free: bool) -> None:
        for widget in (self.step, self.go, self.back, self.cancel):
            if widget is not None:
                widget.setEnabled(free)

    def close_sheet(self) -> None:
        self.tasks.wait()
        self._new_phrase, self._drawn = "", None
        if self.step is not None:
            self.step.forget()
        super().close_sheet()

    # --- paper ----------------------------------------------------------------------------------------------

    def print_out(self) -> None:
        from blenddesk.printing.output import draw_pages
        from blenddesk.ui.desk.print_sheet import ask_printer

        printer = (self._choose_printer or ask_printer)(self)
        if printer is None:
            return
        printer.setFullPage(True)
        printer.setPageMargins(QMarginsF(0, 0, 0, 0))
        # Nothing that a printer's queue shows says what it is.
        printer.setDocName("BlendDesk")
        self._put_on_paper(lambda: draw_pages(printer, self._pages(), self._paper()), _("Sent to the printer."))

    def save_pdf(self) -> None:
        from blenddesk.printing.output import write_pdf
        from blenddesk.ui.desk.print_sheet import ask_file

        path = (self._choose_file or ask_file)(self, "recovery-sheet.pdf")
        if path is not None:
            said = _("Saved as {path}. Print it and do not keep the file.").format(path=path)
            self._put_on_paper(lambda: write_pdf(path, self._pages(), self._paper()), said)

    def _put_on_paper(self, act: Callable[[], None], said: str) -> None:
        assert isinstance(self.step, SheetStep)
        try:
            act()
        except BlendDeskError as error:
            self.step.show_trouble(error_sentence(error))
        else:
            self.step.say(said)
        self.place()

    def _pages(self) -> list[Page]:
        from blenddesk.printing.recovery_sheet import RecoverySheet, recovery_pages

        assert self._drawn is not None
        context = self._session.context
        now = today(context.clock)
        day = QLocale(language()).toString(QDate(now.year, now.month, now.day), QLocale.FormatType.LongFormat)
        sheet = RecoverySheet(context.device_name, day, self._drawn.words)
        return recovery_pages(sheet)

    def _paper(self) -> Paper:
        from blenddesk.printing.paper import Paper, PaperSize
        from blenddesk.ui.desk.print_sheet import usual_size

        return Paper(PaperSize(usual_size()), right_to_left=is_right_to_left())


def refresh_protection(session: DeskSession) -> None:
    """The lock and the settings page take up what changed."""
    session.window.refresh_lock(session.window.face)
    page = session.window.page("settings")
    if page is not None:
        page.refresh_soon()
