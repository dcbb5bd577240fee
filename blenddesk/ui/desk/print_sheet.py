"""Print: what, on which paper, as it will look; then to a printer or into a PDF, page by page, with Cancel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.printing.output import draw_pages, page_image, page_words, write_pdf
from blenddesk.printing.paper import Page, Paper, PaperSize
from blenddesk.text import _, is_right_to_left
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.prints import KINDS, WORDS, NewComputer, file_name, print_pages
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.kit import paint
from blenddesk.ui.tasks import Progress

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

PREVIEW, COMFORT = QSize(300, 380), QSize(440, 430)
"""The least room for a page, and the room it takes where there is some."""
PREVIEW_DOTS = 3
"""The page is drawn this many times larger than it is shown, so that it stays crisp on every screen."""


class PagePreview(QLabel):
    """One page as it will be printed; a screen reader reads everything that stands on it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("print_preview")
        self.setMinimumSize(PREVIEW)
        self._image = QImage()

    def sizeHint(self) -> QSize:
        return COMFORT

    def show_page(self, page: Page | None, paper: Paper) -> None:
        if page is None:
            self._image = QImage()
            self.setAccessibleName(_("Nothing to print"))
        else:
            self._image = page_image(page, paper, PREVIEW.width() * PREVIEW_DOTS)
            self.setAccessibleName(page.title)
            self.setAccessibleDescription(", ".join(page_words(page, paper)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        tokens = theme.look_of(self).tokens
        room = QRectF(self.rect()).adjusted(6, 6, -6, -8)
        size = self._image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        box = QRectF(0, 0, size.width(), size.height())
        box.moveCenter(room.center())
        with paint.painting(self) as painter:
            paint.shadow(painter, box, 2, tokens)
            painter.fillRect(box, QColor("#FFFFFF"))
            painter.drawImage(box, self._image)
            painter.setPen(QColor(tokens.border))
            painter.drawRect(box)


class PrintSheet(kit.Sheet):
    """``what``: one of ``prints.KINDS``, or ``words`` with the new ``computer``. ``plan``: else today's or the next.

    ``choose_file`` and ``choose_printer`` ask the person; tests answer for them.
    """

    def __init__(
        self,
        session: DeskSession,
        what: str = "cards",
        *,
        plan: Id | None = None,
        computer: NewComputer | None = None,
        choose_file: Callable[[QWidget, str], Path | None] | None = None,
        choose_printer: Callable[[QWidget], QPrinter | None] | None = None,
    ) -> None:
        super().__init__(session.window, _("Print"), width=900)
        self.setObjectName("print_sheet")
        self.session = session
        self._plan, self._computer = plan, computer
        self._choose_file = choose_file or ask_file
        self._choose_printer = choose_printer or ask_printer
        self._pages: list[Page] = []
        self._place = 0
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(self._choices(what), 2)
        row.addLayout(self._preview(), 3)
        self.body.addLayout(row)
        self.pdf = kit.Button(_("Save as PDF"), icon="download-simple", parent=self.card)
        self.pdf.setObjectName("print_pdf")
        self.pdf.clicked.connect(self.save_pdf)
        self.paper = kit.Button(_("Print"), "primary", icon="printer", parent=self.card)
        self.paper.setObjectName("print_print")
        self.paper.clicked.connect(self.print_out)
        self.add_action(self.pdf)
        self.add_action(self.paper)
        self.refresh()

    # --- parts ----------------------------------------------------------------------------------------------

    def _choices(self, what: str) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        kinds = [(WORDS, _("The five words"))] if what == WORDS else []
        kinds += [(key, _(word)) for key, word in KINDS.items()]
        self.kind = kit.Choice(kinds, name=_("What to print"), chosen=what)
        self.kind.setObjectName("print_kind")
        self.kind.currentIndexChanged.connect(lambda _index: self.refresh())
        column.addWidget(kit.FormRow(_("What to print"), self.kind))
        self.size_of_paper = kit.Segmented(
            [(PaperSize.A4.value, "A4"), (PaperSize.LETTER.value, "Letter")], name=_("Paper"), chosen=usual_size()
        )
        self.size_of_paper.setObjectName("print_size")
        self.size_of_paper.changed.connect(lambda _key: self._show_page())
        column.addWidget(kit.FormRow(_("Paper"), self.size_of_paper))
        self.saver = kit.Switch(_("Save ink"))
        self.saver.setObjectName("print_saver")
        self.saver.toggled.connect(lambda _on: self._show_page())
        column.addWidget(self.saver)
        self.note = kit.Text("", "small", tone="dim", parent=self.card)
        self.note.setObjectName("print_note")
        column.addWidget(self.note)
        column.addStretch(1)
        return column

    def _preview(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        self.preview = PagePreview(self.card)
        column.addWidget(self.preview, 1)
        turn = QHBoxLayout()
        self.back = kit.IconButton("caret-left", _("Page before"), parent=self.card)
        self.back.setObjectName("print_back")
        self.back.clicked.connect(lambda: self._turn(-1))
        self.count = kit.Text("", "small", tone="dim", wrap=False, parent=self.card)
        self.count.setObjectName("print_count")
        self.onward = kit.IconButton("caret-right", _("Next page"), parent=self.card)
        self.onward.setObjectName("print_next")
        self.onward.clicked.connect(lambda: self._turn(1))
        turn.addStretch(1)
        for widget in (self.back, self.count, self.onward):
            turn.addWidget(widget)
        turn.addStretch(1)
        column.addLayout(turn)
        return column

    # --- what is shown --------------------------------------------------------------------------------------

    def choices(self) -> Paper:
        """The paper as chosen; pages run the way the words do."""
        size = PaperSize(self.size_of_paper.chosen())
        return Paper(size, ink_saver=self.saver.isChecked(), right_to_left=is_right_to_left())

    def refresh(self) -> None:
        """Reads the data of the chosen kind anew."""
        what = self.kind.chosen()
        notes = {
            "cards": _("No family names, no groups. To sign in, students tap their name and three pictures."),
            "codes": _("These pictures are what each student signs in with. Keep the list in your folder."),
            "stations": _("Fold each page into a tent, so that it reads from both sides."),
            "board": _("Hang it up, or copy it onto the blackboard. A line to read aloud stands below."),
        }
        section = self.session.section_id
        self._pages, self._place = [], 0
        try:
            if section is not None:
                self._pages = print_pages(self.session.context, section, what, plan=self._plan, computer=self._computer)
            self.note.setText(notes.get(what, ""))
        except BlendDeskError as error:
            self.note.setText(error_sentence(error))
        for button in (self.pdf, self.paper):
            button.setEnabled(bool(self._pages))
        self._show_page()

    def _turn(self, by: int) -> None:
        self._place = min(max(self._place + by, 0), max(len(self._pages) - 1, 0))
        self._show_page()

    def _show_page(self) -> None:
        total = len(self._pages)
        self.preview.show_page(self._pages[self._place] if self._pages else None, self.choices())
        self.count.setText(_("{n} of {total}").format(n=self._place + 1, total=total) if total else "")
        self.back.setEnabled(self._place > 0)
        self.onward.setEnabled(self._place + 1 < total)

    # --- doing it -------------------------------------------------------------------------------------------

    def save_pdf(self) -> None:
        path = self._choose_file(self, file_name(self.kind.chosen()))
        if path is None:
            return
        pages, paper, title = list(self._pages), self.choices(), self.kind.currentText()

        def work(progress: Progress) -> Path:
            write_pdf(path, pages, paper, title=title, progress=progress)
            return path

        self._start(_("Saving a PDF"), work, _("Saved as {path}.").format(path=path))

    def print_out(self) -> None:
        printer = self._choose_printer(self)
        if printer is None:
            return
        pages, paper = list(self._pages), self.choices()
        printer.setFullPage(True)
        printer.setPageMargins(QMarginsF(0, 0, 0, 0))
        printer.setDocName(self.kind.currentText())

        def work(progress: Progress) -> None:
            draw_pages(printer, pages, paper, progress=progress)

        self._start(_("Printing"), work, _("Sent to the printer."))

    def _start(self, title: str, work: Callable[[Progress], object], said: str) -> None:
        session = self.session
        self.close_sheet()
        session.window.tasks.start(
            title,
            work,
            done=lambda _result: session.say(said),
            failed=session.say_trouble,
            cancelled=lambda: session.say(_("Stopped. Nothing was kept.")),
        )


def usual_size() -> str:
    """What this part of the world prints on."""
    from PySide6.QtCore import QLocale

    metric = QLocale.system().measurementSystem() != QLocale.MeasurementSystem.ImperialUSSystem
    return PaperSize.A4.value if metric else PaperSize.LETTER.value


def ask_file(parent: QWidget, name: str) -> Path | None:
    from PySide6.QtCore import QStandardPaths
    from PySide6.QtWidgets import QFileDialog

    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    chosen, _kind = QFileDialog.getSaveFileName(parent, _("Save as PDF"), str(Path(folder) / name), "PDF (*.pdf)")
    if not chosen:
        return None
    return Path(chosen) if chosen.lower().endswith(".pdf") else Path(chosen + ".pdf")


def ask_printer(parent: QWidget) -> QPrinter | None:
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None
