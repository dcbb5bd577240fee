"""The card that saves everything on this computer into one file, and the sheets it asks and answers with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QWidget

from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import backups
from blenddesk.services.backups import SavedBackup
from blenddesk.services.context import AppContext
from blenddesk.text import _, language
from blenddesk.ui import kit
from blenddesk.ui.desk.five_words import FiveWordsSheet
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.desk.today_days import clock_of_minute, day_words
from blenddesk.ui.sticks import StickField
from blenddesk.ui.tasks import Progress


def last_backup_words(context: AppContext) -> str:
    """When the last backup of this computer was saved."""
    saved = context.settings.last_backup_ms
    if not saved:
        return _("No backup yet.")
    at = datetime.fromtimestamp(saved / 1000, UTC) + timedelta(minutes=context.clock.zone_minutes())
    when = f"{day_words(at.date())} {clock_of_minute(at.hour * 60 + at.minute)}"
    return _("Last backup: {when}").format(when=when)


class BackupCard(kit.Card):
    """When the last backup was made, and the button that makes one."""

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(title=_("Backup"), parent=parent)
        self._session = session
        self.sheet: BackupSheet | None = None
        self.last = kit.Text("", parent=self)
        self.save = kit.Button(_("Save a backup"), size="small", icon="download-simple", parent=self)
        self.save.setObjectName("settings_backup")
        self.save.clicked.connect(self._on_save_clicked)
        self.body.addWidget(self.last)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addStretch(1)
        self.body.addLayout(row)

    def refresh(self) -> None:
        self.last.setText(last_backup_words(self._session.context))

    def _on_save_clicked(self) -> None:
        self.sheet = BackupSheet(self._session)
        self.sheet.closed.connect(self.refresh)
        self.sheet.open()


class BackupSheet(kit.Sheet):
    """Asks for the stick or folder, writes the file there, then shows its five words."""

    def __init__(self, session: DeskSession) -> None:
        about = _("Everything on this computer goes into one file. Only its five words open it.")
        super().__init__(session.window, _("Save a backup"), about, width=600)
        self.setObjectName("backup_sheet")
        self._session = session
        self.words_sheet: FiveWordsSheet | None = None
        self.sticks = StickField(session.context, self)
        self.row = kit.FormRow(_("Stick or folder"), self.sticks, parent=self)
        self.save = kit.Button(_("Save a backup"), "primary", icon="download-simple", parent=self)
        self.save.setObjectName("backup_now")
        self.save.clicked.connect(self._on_save_clicked)
        self.body.addWidget(self.row)
        self.add_action(self.save)

    def _on_save_clicked(self) -> None:
        folder = self.sticks.folder()
        if folder is None:
            self.row.set_trouble(_("Put a stick in, or choose a folder."))
            return
        if self._session.window.tasks.is_busy:
            return
        self.sticks.remember()
        self._session.window.tasks.start(
            _("Saving the backup"),
            lambda progress: self._make(folder, progress),
            done=self._on_made,
            failed=self._on_failed,
        )

    def _make(self, folder: Path, progress: Progress) -> SavedBackup:
        progress(0, 1)
        return backups.save_backup(self._session.context, folder, language=language())

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, BlendDeskError):
            self.row.set_trouble(error_sentence(error))
        else:
            self._session.say_trouble(error)

    def _on_made(self, saved: SavedBackup) -> None:
        context = self._session.context
        context.save_settings(context.settings._replace(last_backup_ms=context.clock.wall_ms()))
        self.close_sheet()
        steps = (
            _("The backup is the file {file}.").format(file=saved.file.name),
            _("Keep the words somewhere else than the stick."),
            _("To bring it back, choose “Open a backup” when BlendDesk starts, and type the words."),
        )
        self.words_sheet = FiveWordsSheet(self._session.window, _("Five words for the backup"), saved.words, steps)
        self.words_sheet.setObjectName("backup_words_sheet")
        self.words_sheet.open()
