"""Adding students: pasted names, a list from a file, or typed one by one, with a preview before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from blenddesk.domain.ids import Id
from blenddesk.errors import BlendDeskError, EnvironmentTrouble
from blenddesk.text import _, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.add_draft import Reading, RosterDraft
from blenddesk.ui.desk.add_preview import ListPreview
from blenddesk.ui.desk.add_source import ReadingCard, SourceCard
from blenddesk.ui.desk.add_typing import TypingPanel
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession

if TYPE_CHECKING:
    from blenddesk.services.rosters import RosterImport

LARGE_BYTES = 100_000
MANY_STUDENTS = 150
"""From here on reading or writing may take longer than a blink: it runs off the window's thread with counts."""
MOST_BYTES = 64 * 1024 * 1024
READ_AFTER_MS = 150
FROM_LIST = "list"
SIDE_WIDTH = 330


class AddStudentsPage(DeskPage):
    """T5. ``open_with(way="paste" | "file" | "type")``. Nothing is written before the main button is pressed."""

    kinds = frozenset({"section", "student", "enrollment"})

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.setAcceptDrops(True)
        self.draft = RosterDraft(seed=session.context.seed())
        self._due_reading = QTimer(self)
        self._due_reading.setSingleShot(True)
        self._due_reading.setInterval(READ_AFTER_MS)
        self._due_reading.timeout.connect(self.read_now)
        self.back = kit.IconButton("caret-left", _("Back to the class"), px=42, parent=self)
        self.back.setObjectName("add_back")
        self.back.clicked.connect(lambda: session.window.open_page("class"))
        self.add = kit.Button(_("Nothing to add yet"), "primary", icon="user-plus", parent=self)
        self.add.setObjectName("add_all")
        self.add.clicked.connect(self.add_all)
        self.header = kit.PageHeader(_("Add students"), actions=(self.add,), parent=self)
        ways = (
            ("paste", _("Paste names"), "clipboard-text"),
            ("file", _("Open a list"), "folder-open"),
            ("type", _("Type names"), "keyboard"),
        )
        self.way = kit.Segmented(ways, name=_("How to add"), chosen="paste", parent=self)
        self.way.setObjectName("add_way")
        self.way.changed.connect(self.choose_way)
        self.typing = TypingPanel(session, self)
        self._ways = QStackedWidget(self)
        self._ways.addWidget(self._list_part())
        self._ways.addWidget(self.typing)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.back)
        top.addWidget(self.header, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 14, 20, 12)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.way)
        layout.addWidget(self._ways, 1)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.back.click)
        self.choose_way("paste")

    # --- building -------------------------------------------------------------------------------------------

    def _list_part(self) -> QWidget:
        part = QWidget(self)
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        left = kit.ScrollBody(parent=part)
        left.setFixedWidth(theme.look_of(self).px(SIDE_WIDTH))
        source, reading = SourceCard(self), ReadingCard(self)
        self.paste, self.paste_label = source.paste, source.paste_label
        self.file_button, self.file_label = source.file_button, source.file_label
        self.into, self.new_class, self.whole = reading.into, reading.new_class, reading.whole
        self.separator, self.alphabet = reading.separator, reading.alphabet
        self.into_row, self.class_row = reading.into_row, reading.class_row
        self.paste.textChanged.connect(self._on_paste_changed)
        self.file_button.clicked.connect(self.ask_file)
        self.into.activated.connect(self._on_into_chosen)
        self.new_class.textChanged.connect(self._on_into_chosen)
        for choice in (self.whole, self.separator, self.alphabet):
            choice.activated.connect(self._on_reading_changed)
        left.body.addWidget(source)
        left.body.addWidget(reading)
        left.body.addStretch(1)
        row.addWidget(left)
        self.preview = ListPreview(part)
        self.preview.assigned.connect(self._on_assigned)
        self.preview.decided.connect(self._on_decided)
        row.addWidget(self.preview, 1)
        return part

    # --- showing --------------------------------------------------------------------------------------------

    def open_with(self, **what: object) -> None:
        way = what.get("way")
        self.choose_way(way if isinstance(way, str) else "paste")

    def choose_way(self, way: str) -> None:
        """``paste``, ``file`` or ``type``; the keys go where the first thing has to be done."""
        self.way.choose(way)
        self._ways.setCurrentIndex(1 if way == "type" else 0)
        for widget, of_way in (
            (self.paste, "paste"),
            (self.paste_label, "paste"),
            (self.file_button, "file"),
            (self.file_label, "file"),
        ):
            widget.setVisible(way == of_way)
        self.add.setVisible(way != "type")
        target = {"paste": self.paste, "file": self.file_button}.get(way, self.typing.given)
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.session.window.rail.choose("class")
        if self.way.chosen() == "paste":
            self.paste.setFocus()

    def refresh(self) -> None:
        if self.session.section_id is None:
            known = self.session.context.reads.sections.all()
            self.session.choose_section(known[0].id if known else None)
        self._show_classes()
        section = self.session.section()
        self.header.set_words(_("Add students"), section.name if section is not None else "")
        self.typing.refresh()
        if self.draft.data:
            self.read_now()
        else:
            self._show()

    def _show_classes(self) -> None:
        chosen = self.into.chosen()
        section = self.session.section()
        self.into.clear()
        for one in self.session.context.reads.sections.all():
            self.into.addItem(one.name, one.id.hex())
        if (self.draft.reading is not None and self.draft.reading.has_classes) or chosen == FROM_LIST:
            self.into.addItem(_("The classes in the list"), FROM_LIST)
        self.into.choose(chosen or (section.id.hex() if section is not None else ""))
        if self.into.currentIndex() < 0 and self.into.count():
            self.into.setCurrentIndex(0)
        has_class = self.into.count() > 0
        self.into_row.setVisible(has_class)
        self.class_row.setVisible(not has_class)
        self._take_class()

    def _take_class(self) -> None:
        key = self.into.chosen()
        if not key:
            typed = " ".join(self.new_class.text().split())
            self.draft.section, self.draft.class_name = None, typed or _("My class")
        elif key == FROM_LIST:
            self.draft.section, self.draft.class_name = None, None
        else:
            self.draft.section, self.draft.class_name = bytes.fromhex(key), self.into.currentText()

    def _show(self) -> None:
        self.preview.show_draft(self.draft)
        new, changed = self.draft.new_count(), self.draft.changed_count()
        if new:
            self.add.setText(ngettext("Add {n} student", "Add {n} students", new).format(n=new))
        elif changed:
            self.add.setText(ngettext("Save {n} change", "Save {n} changes", changed).format(n=changed))
        else:
            self.add.setText(_("Nothing to add") if self.preview.table.rows.rowCount() else _("Nothing to add yet"))
        self.add.setEnabled(bool(new or changed))

    # --- reading --------------------------------------------------------------------------------------------

    def _on_paste_changed(self) -> None:
        self.draft.load(self.paste.toPlainText().strip().encode(), _("The pasted list"))
        self._due_reading.start()

    def _on_reading_changed(self) -> None:
        separator = self.separator.chosen()
        if (self.draft.alphabet, self.draft.separator) != (self.alphabet.chosen(), separator):
            self.draft.alphabet, self.draft.separator = self.alphabet.chosen(), separator
            self.draft.mapping.clear()
        self.draft.whole_names = self.whole.chosen()
        self.read_now()

    def _on_into_chosen(self) -> None:
        self._take_class()
        if self.draft.data:
            self._due_reading.start()

    def _on_assigned(self, column: int, what: str) -> None:
        self.draft.assign(column, what)
        self.read_now()

    def _on_decided(self, row: int, who: Id | None) -> None:
        self.draft.decide(row, who)
        self._show()

    def ask_file(self) -> None:
        """Lets the teacher choose a file; nothing happens when none is chosen."""
        folder = self.session.context.settings.last_folder
        kinds = _("Class lists") + " (*.csv *.tsv *.txt *.xlsx *.xls *.xlsb *.ods *.zip)"
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Open a list"), folder, f"{kinds};;{_('All files')} (*)")
        if chosen:
            self.read_file(Path(chosen))

    def read_file(self, path: Path) -> None:
        """Shows what is in a file."""
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES)
        except OSError as error:
            trouble = EnvironmentTrouble("file_unreadable", path=str(path), detail=error.strerror)
            self.draft.load(b"", path.name)
            self.draft.fail(trouble)
            self._show()
            return
        self.file_label.setText(path.name)
        self.draft.load(data, path.name)
        if not data:
            self._due_reading.stop()
            self._try_reading()
            return
        self.read_now()

    def read_now(self) -> None:
        """Reads the draft; a long one in a thread with counts and Cancel."""
        self._due_reading.stop()
        if not self.draft.data:
            self.draft.reading = self.draft.trouble = None
            self.draft.columns = ()
            self._show()
        elif len(self.draft.data) < LARGE_BYTES:
            self._try_reading()
        elif not self.session.window.tasks.is_busy:
            context = self.session.context
            self.session.window.tasks.start(
                _("Reading the list"),
                lambda progress: self.draft.read(context, progress),
                done=self._on_read,
                failed=self._on_trouble,
                cancelled=lambda: self._on_cancelled(),
            )

    def _try_reading(self) -> None:
        try:
            reading = self.draft.read(self.session.context)
        except BlendDeskError as error:
            self._on_trouble(error)
        else:
            self._on_read(reading)

    def _on_read(self, reading: Reading) -> None:
        self.draft.take(reading)
        if reading.has_classes and self.into.findData(FROM_LIST) < 0:
            self._show_classes()
        self._show()

    def _on_trouble(self, error: Exception) -> None:
        if not isinstance(error, BlendDeskError):
            raise error
        self.draft.fail(error)
        self._show()

    def _on_cancelled(self) -> None:
        self.draft.load(b"", "")
        self.draft.reading = self.draft.trouble = None
        self._show()

    # --- adding ---------------------------------------------------------------------------------------------

    def add_all(self) -> None:
        """Writes the list as one change with one Undo, then shows the class."""
        reading = self.draft.reading
        if reading is None:
            return
        if len(reading.preview.students) < MANY_STUDENTS:
            try:
                self._on_added(self.draft.add(self.session.context))
            except BlendDeskError as error:
                self._on_trouble(error)
            return
        context = self.session.context
        self.session.window.tasks.start(
            _("Adding the students"),
            lambda progress: self.draft.add(context, progress),
            done=self._on_added,
            failed=self._on_trouble,
        )

    def _on_added(self, result: RosterImport) -> None:
        self.draft.load(b"", "")
        self.draft.reading = None
        self.draft.columns = ()
        self.paste.blockSignals(True)
        self.paste.clear()
        self.paste.blockSignals(False)
        if result.classes and self.session.section_id not in {one.id for one in result.classes}:
            self.session.choose_section(result.classes[0].id)
        self._show()
        self.session.window.open_page("class")
        if not result.change.is_empty:
            self.session.say_change(result.change.change_id)

    # --- dropping a file ------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.choose_way("file")
            self.read_file(files[0])

    def hideEvent(self, event: QHideEvent) -> None:
        self._due_reading.stop()
        super().hideEvent(event)
