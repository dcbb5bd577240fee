"""The card that saves everything on this computer into one file, and the sheets it asks and answers with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget

from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import backups
from blenddesk.services.backups import PicturesLeft, SavedBackup
from blenddesk.services.context import AppContext
from blenddesk.text import _, digits, language, name, ngettext
from blenddesk.ui import kit
from blenddesk.ui.desk.five_words import FiveWordsSheet
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.desk.today_days import clock_of_minute, day_words
from blenddesk.ui.sticks import StickField
from blenddesk.ui.tasks import Progress

PICTURE_BUDGETS = (100, 500, 1000, 4000)
"""What may be chosen for pictures on a stick, in MB."""


def _size_words(megabytes: int) -> str:
    if megabytes < 1000:
        return _("{n} MB").format(n=digits(megabytes))
    return _("{n} GB").format(n=digits(megabytes // 1000))


def _listed(names: Iterable[str]) -> str:
    """ "Blue-1, Blue-2 and Blue-3" in the language of the desk."""
    return QLocale(language()).createSeparatedList([name(one) for one in names])


def last_backup_words(context: AppContext) -> str:
    """When the last backup of this computer was made, by whom ever asked for it."""
    saved = context.settings.last_backup_ms
    own = backups.own_backups(context.paths)
    newest = max([saved, *(one.made_ms for one in own[:1])])
    if not newest:
        return _("No backup yet.")
    at = datetime.fromtimestamp(newest / 1000, UTC) + timedelta(minutes=context.clock.zone_minutes())
    when = f"{day_words(at.date())} {clock_of_minute(at.hour * 60 + at.minute)}"
    return _("Last backup: {when}").format(when=when)


def second_place_words(context: AppContext) -> str:
    """Where backups also go, and since when they could not."""
    place = backups.second_place(context)
    if place is None:
        return _("Backups are made by themselves, on this computer only. A second place is safer.")
    name = place.folder.name or str(place.folder)
    if place.is_long_away:
        return ngettext(
            "A second place is {name}. It was not there for {n} day.",
            "A second place is {name}. It was not there for {n} days.",
            place.days_away,
        ).format(name=name, n=digits(place.days_away))
    return _("Backups are made by themselves, here and on {name}.").format(name=name)


def pictures_left_words(left: PicturesLeft) -> str:
    """Which pictures the newest copy elsewhere is without, and where they are; "" when it has all."""
    parts = []
    if left.away and left.computers:
        words = ngettext(
            "{n} picture is not in the copy yet: it is on {names}.",
            "{n} pictures are not in the copy yet: they are on {names}.",
            left.away,
        )
        parts.append(words.format(n=digits(left.away), names=_listed(left.computers)))
    elif left.away:
        words = ngettext(
            "{n} picture is not in the copy yet: it has not come home.",
            "{n} pictures are not in the copy yet: they have not come home.",
            left.away,
        )
        parts.append(words.format(n=digits(left.away)))
    if left.no_room:
        words = ngettext(
            "{n} picture had no room beside the copy. It is on this computer.",
            "{n} pictures had no room beside the copy. They are on this computer.",
            left.no_room,
        )
        parts.append(words.format(n=digits(left.no_room)))
    return " ".join(parts)


class BackupCard(kit.Card):
    """When the last backup was made, where backups go by themselves, and the buttons to save one and to open one."""

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(title=_("Backup"), parent=parent)
        self._session = session
        self.sheet: kit.Sheet | None = None
        self.last = kit.Text("", parent=self)
        self.place = kit.Text("", tone="dim", parent=self)
        self.pictures = kit.Text("", tone="warn", parent=self)
        self.pictures.setObjectName("settings_pictures_left")
        self.body.addWidget(self.last)
        self.body.addWidget(self.place)
        self.body.addWidget(self.pictures)
        buttons = QWidget(self)
        row = kit.FlowLayout(buttons, spacing=8)
        self.save = self._button(_("Save a backup"), "settings_backup", "download-simple", self._on_save_clicked)
        self.second = self._button(_("Second place"), "settings_second_place", "usb", self._on_second_clicked)
        self.open_backup = self._button(_("Open a backup"), "settings_restore", "folder-open", self._on_open_clicked)
        for button in (self.save, self.second, self.open_backup):
            row.addWidget(button)
        self.body.addWidget(buttons)
        sizes = [(str(size), _size_words(size)) for size in PICTURE_BUDGETS]
        self.budget = kit.Segmented(sizes, name=_("Room for pictures on each stick"), parent=self)
        self.budget.setObjectName("settings_picture_budget")
        self.budget.changed.connect(self._on_budget_chosen)
        self.body.addWidget(kit.FormRow(_("Room for pictures on each stick"), self.budget, parent=self))

    def _on_budget_chosen(self, size: str) -> None:
        context = self._session.context
        context.save_settings(context.settings._replace(picture_budget_mb=int(size)))

    def _button(self, words: str, name: str, icon: str, act: Callable[[], None]) -> kit.Button:
        button = kit.Button(words, size="small", icon=icon, parent=self)
        button.setObjectName(name)
        button.clicked.connect(act)
        return button

    def refresh(self) -> None:
        context = self._session.context
        self.last.setText(last_backup_words(context))
        self.place.setText(second_place_words(context))
        self.pictures.setText(pictures_left_words(backups.pictures_left(context)))
        self.pictures.setVisible(bool(self.pictures.text()))
        chosen = min(PICTURE_BUDGETS, key=lambda size: abs(size - context.settings.picture_budget_mb))
        self.budget.choose(str(chosen))
        self.open_backup.setVisible(self._session.window.face is not None)

    def _on_save_clicked(self) -> None:
        self._open(BackupSheet(self._session))

    def _on_second_clicked(self) -> None:
        self._open(SecondPlaceSheet(self._session))

    def _on_open_clicked(self) -> None:
        from blenddesk.ui import rescue
        from blenddesk.ui.restore_sheet import RestoreSheet

        face, context = self._session.window.face, self._session.context
        if face is not None:
            key = context.reads.reader.key
            tasks = self._session.window.tasks
            window = self._session.window
            self._open(
                RestoreSheet(window, tasks, context.paths, lambda made: rescue.put_back(face, made, key), key=key)
            )

    def _open(self, sheet: kit.Sheet) -> None:
        self.sheet = sheet
        sheet.closed.connect(self.refresh)
        sheet.open()


class SecondPlaceSheet(kit.Sheet):
    """Asks where backups also go by themselves: a stick that stays in, or a folder on another disk."""

    def __init__(self, session: DeskSession) -> None:
        about = _(
            "Every hour of work and at the end of the day a backup is made on this computer. If the computer is lost, "
            "only another place has it: a stick, or a folder on another disk."
        )
        super().__init__(session.window, _("A second place for backups"), about, width=620)
        self.setObjectName("second_place_sheet")
        self._session = session
        context = session.context
        self.sticks = StickField(context, self)
        self.row = kit.FormRow(_("Stick or folder"), self.sticks, parent=self)
        self.body.addWidget(self.row)
        if not backups.has_sheet(context.paths):
            words = _(
                "Without a recovery sheet only this computer can open these backups. Make the sheet first: Settings, "
                "Protection."
            )
            self.body.addWidget(kit.Text(words, tone="warn", parent=self))
        if context.settings.backup_folder:
            self.none = kit.Button(_("No second place"), parent=self)
            self.none.setObjectName("second_place_none")
            self.none.clicked.connect(lambda: self._choose(None))
            self.add_action(self.none)
        self.choose = kit.Button(_("Use this place"), "primary", icon="check", parent=self)
        self.choose.setObjectName("second_place_choose")
        self.choose.clicked.connect(self._on_choose_clicked)
        self.add_action(self.choose)

    def _on_choose_clicked(self) -> None:
        folder = self.sticks.folder()
        if folder is None:
            self._say(_("Put a stick in, or choose a folder."))
        else:
            self._choose(folder)

    def _say(self, trouble: str) -> None:
        self.row.set_trouble(trouble)
        self.place()

    def _choose(self, folder: Path | None) -> None:
        try:
            backups.choose_second_place(self._session.context, folder)
        except BlendDeskError as error:
            self._say(error_sentence(error))
            return
        self.close_sheet()
        caretaker = self._session.window.caretaker
        if folder is not None and caretaker is not None:
            caretaker.upkeep.back_up_now()


class BackupSheet(kit.Sheet):
    """Asks for the stick or folder, writes the file there, then shows its five words."""

    def __init__(self, session: DeskSession) -> None:
        by_sheet = _("Everything on this computer goes into one file. Only the recovery sheet opens it.")
        by_words = _("Everything on this computer goes into one file. Only its five words open it.")
        about = by_sheet if backups.has_sheet(session.context.paths) else by_words
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
        return backups.save_backup(self._session.context, folder, language=language(), progress=progress)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, BlendDeskError):
            self.row.set_trouble(error_sentence(error))
        else:
            self._session.say_trouble(error)

    def _on_made(self, saved: SavedBackup) -> None:
        context = self._session.context
        context.save_settings(context.settings._replace(last_backup_ms=context.clock.wall_ms()))
        self.close_sheet()
        left = pictures_left_words(backups.pictures_left(context)) if saved.pictures_left else ""
        if not saved.words:
            said = _("The backup is the file {file}. The recovery sheet opens it.").format(file=saved.file.name)
            self._session.say(" ".join(filter(None, (said, left))))
            return
        steps = (
            _("The backup is the file {file}.").format(file=saved.file.name),
            _("Keep the words somewhere else than the stick."),
            _("To bring it back, choose “Open a backup” when BlendDesk starts, and type the words."),
            *filter(None, [left]),
        )
        self.words_sheet = FiveWordsSheet(self._session.window, _("Five words for the backup"), saved.words, steps)
        self.words_sheet.setObjectName("backup_words_sheet")
        self.words_sheet.open()
