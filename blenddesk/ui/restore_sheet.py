"""Opening a backup: which file, the words if it needs any, then in plain words what putting it back would change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from blenddesk import changing_places, restoring
from blenddesk.config import Paths, load_settings
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.restoring import Difference, Prepared
from blenddesk.services import backups
from blenddesk.text import _, digits, ngettext
from blenddesk.ui import kit
from blenddesk.ui.desk.today_days import clock_of_minute, day_words
from blenddesk.ui.recovery_words import RecoveryWords
from blenddesk.ui.tasks import Progress, TaskRunner
from blenddesk.ui.welcome_doors import BACKUP_FILES, find_files

FIVE = tuple(range(1, 6))


class Found(NamedTuple):
    """A backup file to choose, and what the list calls it."""

    path: Path
    words: str


class RestoreSheet(kit.Sheet):
    """``key``: the database's key of this computer, which opens its own backups without words, or None.

    ``put_back`` is called with what was prepared once the person has read what would change and pressed the button.
    """

    def __init__(
        self,
        window: QWidget,
        tasks: TaskRunner,
        paths: Paths,
        put_back: Callable[[Prepared], None],
        *,
        key: bytes | None = None,
        places: list[Path] | None = None,
    ) -> None:
        """``places``: folders to look for files in, in place of sticks and the usual ones (for tests)."""
        self.go = kit.Button(_("See what is in it"), "primary")
        self.go.setObjectName("restore_go")
        about = _("Nothing changes yet. First you see what is in it.")
        super().__init__(window, _("Open a backup"), about, actions=(self.go,), width=700)
        self.setObjectName("restore_sheet")
        self._tasks, self._paths, self._put_back, self._key, self._places = tasks, paths, put_back, key, places
        self._prepared: Prepared | None = None
        self.files = kit.Choice()
        self.files.setObjectName("restore_file")
        self.files.setPlaceholderText(_("No backup found yet"))
        self.files.currentIndexChanged.connect(lambda _index: self._on_file_chosen())
        self.again = kit.IconButton("arrows-clockwise", _("Look again"), px=42, parent=self)
        self.again.setObjectName("restore_again")
        self.again.clicked.connect(self.look_for_files)
        self.browse = kit.Button(_("Choose a file"), icon="folder-open", parent=self)
        self.browse.setObjectName("restore_browse")
        self.browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(10)
        self.file_row = kit.FormRow(_("The backup"), self.files, parent=self)
        row.addWidget(self.file_row, 1)
        bottom = Qt.AlignmentFlag.AlignBottom
        row.addWidget(self.again, 0, bottom)
        row.addWidget(self.browse, 0, bottom)
        self.body.addLayout(row)
        self.five_title = kit.Text(_("The five words of this backup"), bold=True, parent=self)
        self.five = RecoveryWords(FIVE, self)
        self.ten_title = kit.Text(_("The ten words of the recovery sheet"), bold=True, parent=self)
        self.ten = RecoveryWords(parent=self)
        for field in (self.five, self.ten):
            field.entered.connect(self._on_go)
        for part in (self.five_title, self.five, self.ten_title, self.ten):
            part.hide()
            self.body.addWidget(part)
        self.trouble = kit.Banner("", "danger", parent=self)
        self.trouble.setObjectName("restore_trouble")
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.preview = kit.Card(fill="quiet", padding=14, raised=False, parent=self)
        self.preview.setObjectName("restore_preview")
        self.preview.hide()
        self.body.addWidget(self.preview)
        self.go.clicked.connect(self._on_go)
        self.closed.connect(self._on_closed)
        self.look_for_files()

    # --- which file -----------------------------------------------------------------------------------------

    def look_for_files(self) -> None:
        """Backups of this computer, its second place, and files on sticks; what was chosen stays chosen."""
        chosen = self.files.chosen()
        second = load_settings(self._paths.settings).backup_folder
        here = backups.folder_of(self._paths)
        own = [Found(one.path, file_words(one, here)) for one in backups.own_backups(self._paths, second)]
        known = {one.path for one in own}
        others = [path for path in find_files(BACKUP_FILES, self._places) if path not in known]
        found = [*own, *(Found(path, path.name) for path in others)]
        if chosen and chosen not in [str(one.path) for one in found]:
            found.insert(0, Found(Path(chosen), Path(chosen).name))
        self.files.clear()
        for one in found:
            self.files.addItem(one.words, str(one.path))
        self.files.choose(chosen or (str(found[0].path) if found else ""))
        self._on_file_chosen()

    def choose_file(self, path: Path) -> None:
        if self.files.findData(str(path)) < 0:
            self.files.addItem(path.name, str(path))
        self.files.choose(str(path))

    def _browse(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Choose a file"), "", f"BlendDesk ({BACKUP_FILES})")
        if chosen:
            self.choose_file(Path(chosen))

    def _on_file_chosen(self) -> None:
        self.trouble.hide()
        self.file_row.set_trouble("")
        self._forget_prepared()
        # Words are asked for only when this computer cannot open it by itself, which shows when it is tried.
        self._ask_words(self._key is None and bool(self.files.chosen()))

    def _ask_words(self, wanted: bool) -> None:
        kinds = backups.words_of(Path(self.files.chosen())) if wanted else frozenset()
        for kind, title, field in (("words", self.five_title, self.five), ("sheet", self.ten_title, self.ten)):
            title.setVisible(kind in kinds)
            field.setVisible(kind in kinds)
        self.place()

    def _typed(self) -> str | None:
        """What was typed into the words in view; None when a word is missing or unknown."""
        shown = [field for field in (self.five, self.ten) if field.isVisibleTo(self)]
        begun = [field for field in shown if any(field.words())]
        if not shown:
            return ""
        return (begun or shown)[0].typed()

    # --- looking and putting back ---------------------------------------------------------------------------

    def _on_go(self) -> None:
        if self._tasks.is_busy:
            return
        if self._prepared is not None:
            prepared, self._prepared = self._prepared, None
            self.close_sheet()
            self._put_back(prepared)
            return
        path = self.files.chosen()
        if not path:
            self.file_row.set_trouble(_("Choose the backup first."))
            return
        self.trouble.hide()
        typed = self._typed()
        if typed is None:
            return

        def work(progress: Progress) -> Prepared:
            return restoring.prepare(self._paths, Path(path), key=self._key, typed=typed, progress=progress)

        self._tasks.start(_("Opening the backup"), work, done=self._on_prepared, failed=self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, BlendDeskError):
            raise error
        if error.code == "backup_needs_words" and not self.five.isVisibleTo(self) and not self.ten.isVisibleTo(self):
            self._ask_words(wanted=True)
            shown = [field for field in (self.five, self.ten) if field.isVisibleTo(self)]
            if shown:
                shown[0].setFocus()
                return
        for field in (self.five, self.ten):
            if field.isVisibleTo(self):
                field.show_trouble(error)
        self.trouble.set_text(error_sentence(error))
        self.trouble.show()
        self.place()
        kit.announce(self, error_sentence(error), urgent=True)

    def _on_prepared(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._ask_words(wanted=False)
        _empty(self.preview)
        lines = preview_lines(prepared)
        for number, line in enumerate(lines):
            self.preview.body.addWidget(kit.Text(line, bold=not number, parent=self.preview))
        self.preview.show()
        self.text.setText(_("Nothing is thrown away. What is here now is kept in a folder of its own."))
        self.go.setText(_("Put it back"))
        self.place()
        self.go.setFocus()
        kit.announce(self, " ".join(lines))

    def _forget_prepared(self) -> None:
        if self._prepared is not None:
            self._prepared = None
            changing_places.discard(self._paths)
            self.preview.hide()
            self.text.setText(_("Nothing changes yet. First you see what is in it."))
            self.go.setText(_("See what is in it"))

    def _on_closed(self) -> None:
        if self._prepared is not None:
            self._prepared = None
            changing_places.discard(self._paths)


def preview_lines(prepared: Prepared) -> list[str]:
    """What is in a backup and what putting it back would change, a sentence each."""
    head, difference = prepared.head, prepared.difference
    lines = [_("Backup of {when}").format(when=moment_words(head.made_ms))]
    if head.classes:
        lines.append(_("Classes: {names}").format(names=", ".join(head.classes)))
    counts = head.counts
    lines.append(
        _("In it: {students}, {entries}, {plans}, {goals}.").format(
            students=ngettext("{n} student", "{n} students", counts["student"]).format(n=digits(counts["student"])),
            entries=ngettext("{n} entry", "{n} entries", counts["entry"]).format(n=digits(counts["entry"])),
            plans=ngettext("{n} lesson", "{n} lessons", counts["plan"]).format(n=digits(counts["plan"])),
            goals=ngettext("{n} goal", "{n} goals", counts["goal"]).format(n=digits(counts["goal"])),
        )
    )
    return lines if difference is None else [*lines, *_difference_lines(difference)]


def _difference_lines(difference: Difference) -> list[str]:
    here, there = difference.only_here, difference.only_there
    if not here and not there:
        return [_("Everything that is here is in it, and nothing else.")]
    lines = []
    if here:
        changes = ngettext("{n} change", "{n} changes", here.total()).format(n=digits(here.total()))
        entries = ngettext("{n} entry", "{n} entries", here["entry"]).format(n=digits(here["entry"]))
        some = _("Not in it: {changes} made here. They are kept aside and can be read in again.")
        more = _("Not in it: {changes} made here, {entries} among them. They are kept aside and can be read in again.")
        lines.append((more if here["entry"] else some).format(changes=changes, entries=entries))
    if there:
        lines.append(
            ngettext("{n} change in it is not here.", "{n} changes in it are not here.", there.total()).format(
                n=digits(there.total())
            )
        )
    return lines


def file_words(file: backups.BackupFile, here: Path) -> str:
    """A backup of this computer in a list: when it was made, as the file system says, and where it lies."""
    when = moment_words(file.made_ms)
    if file.path.parent == here:
        return _("{when}, on this computer").format(when=when)
    return _("{when}, on {place}").format(when=when, place=file.path.parent.name)


def moment_words(ms: int) -> str:
    at = datetime.fromtimestamp(ms / 1000).astimezone()
    return f"{day_words(at.date())} {clock_of_minute(at.hour * 60 + at.minute)}"


def _empty(card: kit.Card) -> None:
    while (item := card.body.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.deleteLater()
