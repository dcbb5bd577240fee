"""Ways back when data is damaged, lost or to be changed for a backup: what the windows offer and how it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from blenddesk import restoring
from blenddesk.changing_places import kept_aside_folder, set_rest_aside
from blenddesk.config import Paths, load_settings
from blenddesk.errors import BlendDeskError, EnvironmentTrouble
from blenddesk.messages import error_sentence
from blenddesk.restoring import Prepared, Repaired
from blenddesk.services import backups
from blenddesk.text import _, ngettext
from blenddesk.ui import kit
from blenddesk.ui.getting_ready import GettingReadyWindow
from blenddesk.ui.restore_sheet import RestoreSheet
from blenddesk.ui.sticks import removable_folders
from blenddesk.ui.tasks import Progress, TaskRunner
from blenddesk.ui.welcome_doors import own_key

if TYPE_CHECKING:
    from blenddesk.ui.app import Face

RESCUED = frozenset({"database_unreadable", "database_missing", "key_missing", "key_damaged", "disk_failing"})
"""Trouble with the data itself, where a backup helps."""


class RescueWindow(QWidget):
    """Why nothing can be opened, what is safe, and the ways back: from what can be read and the newest backup of this
    computer, or from a backup of one's choice."""

    def __init__(self, face: Face, error: BlendDeskError) -> None:
        super().__init__()
        self.setObjectName("rescue_window")
        self.setWindowTitle("BlendDesk")
        self.setMinimumSize(1024, 600)
        self.resize(1366, 705)
        self._face = face
        self._key = own_key(face.paths)
        self.tasks = TaskRunner(self)
        self.repair = kit.Button(_("Put it right"), "primary", icon="arrows-clockwise", parent=self)
        self.repair.setObjectName("rescue_repair")
        self.repair.clicked.connect(self._on_repair_clicked)
        self.open_backup = kit.Button(_("Open a backup"), icon="folder-open", parent=self)
        self.open_backup.setObjectName("rescue_backup")
        self.open_backup.clicked.connect(self._on_backup_clicked)
        self.start_new = kit.Button(_("Start new"), parent=self)
        self.start_new.setObjectName("rescue_new")
        self.start_new.clicked.connect(self._on_start_clicked)
        self.start_new.setVisible(not face.paths.exists)
        leave = kit.Button(_("Close BlendDesk"), parent=self)
        leave.setObjectName("trouble_close")
        leave.clicked.connect(self.close)
        actions = [self.open_backup]
        count = len(backups.own_backups(face.paths, load_settings(face.paths.settings).backup_folder))
        sentence = error_sentence(error)
        if self._key is not None and (count or face.paths.exists):
            actions.insert(0, self.repair)
            sentence = _(
                "The class data here is damaged or gone. Nothing was changed. Put it right from all that can still be "
                "read and the newest backup, or open a backup of your choice."
            )
            if count:
                sentence += " " + ngettext(
                    "There is {n} backup of this computer.", "There are {n} backups of this computer.", count
                ).format(n=count)
        else:
            self.repair.hide()
        self.state = kit.EmptyState(_("BlendDesk cannot open"), sentence, icon="info", actions=actions, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.addWidget(self.state, 1)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addStretch(1)
        foot.addWidget(self.start_new)
        foot.addWidget(leave)
        foot.addStretch(1)
        column.addLayout(foot)
        actions[0].setFocus()

    def _on_repair_clicked(self) -> None:
        if self._key is not None:
            repair(self._face, self._key)

    def _on_start_clicked(self) -> None:
        """What is left of the lost data stays in a folder of its own; Welcome comes next."""
        try:
            set_rest_aside(self._face.paths, backups.folder_of(self._face.paths))
        except BlendDeskError as error:
            kit.Toast(self).show_message(error_sentence(error))
            return
        self._face.show_welcome()

    def _on_backup_clicked(self) -> RestoreSheet:
        sheet = RestoreSheet(
            self,
            self.tasks,
            self._face.paths,
            lambda prepared: put_back(self._face, prepared, self._key),
            key=self._key,
        )
        sheet.open()
        return sheet


def repair(face: Face, key: bytes) -> None:
    """Puts the data right under counted progress and opens it, with what came of it in words."""
    paths, came_of_it = face.paths, list[Repaired]()

    def work(progress: Progress) -> None:
        came_of_it.append(restoring.repair(paths, key, progress=progress))

    _change_data(
        face,
        work,
        title=_("Putting the class data right"),
        text=_(
            "From all that can be read here and the newest backup. The damaged data is kept in a folder of its own."
        ),
        done=lambda: _tell(face, repaired_words(came_of_it[0])),
        key=key,
    )


def put_back(face: Face, prepared: Prepared, key: bytes | None) -> None:
    """Puts a prepared backup in place of the data, opens it and offers the packages that may hold what it lacks."""
    paths = face.paths

    def work(_progress: Progress) -> None:
        restoring.carry_out(paths, prepared, key=key)

    _change_data(
        face,
        work,
        title=_("Putting the backup back"),
        text=_("Nothing is thrown away. What is here now is kept in a folder of its own."),
        done=lambda: tell_restored(face, prepared),
        key=key if prepared.head.key == key else None,
    )


def repaired_words(repaired: Repaired) -> str:
    """What came of a repair: what happened, what is safe, what to do."""
    if repaired.whole:
        return _("The class data is right again. Nothing is missing.")
    return _(
        "The class data is right again. A few of the latest changes may be missing. Bring home work from the other "
        "computers: what they hold comes back."
    )


def _change_data(
    face: Face,
    work: Callable[[Progress], None],
    *,
    title: str,
    text: str,
    done: Callable[[], None],
    key: bytes | None,
) -> None:
    """Closes the device, lets ``work`` change its files under counted progress, and opens it again with ``key``.

    ``done`` is called then, in the new window. After Cancel, and after trouble, what was there is opened again.
    """
    before = face.context.reads.reader.key if face.context is not None else key
    face.close_device()

    def open_it(with_key: bytes | None, then: Callable[[], None] | None = None) -> None:
        try:
            if not face.paths.exists:
                raise EnvironmentTrouble("database_missing", path=str(face.paths.data))
            face.open_device(key=with_key)
        except BlendDeskError as error:
            face.show_trouble(error)
            return
        if then is not None:
            face.after_first_paint(then)

    def failed(error: BlendDeskError) -> None:
        open_it(before)
        face.after_first_paint(lambda: _say(face, error_sentence(error)))

    window = GettingReadyWindow(
        work,
        done=partial(open_it, key, done),
        failed=failed,
        cancelled=partial(open_it, before),
        title=title,
        text=text,
    )
    face.show(window)
    window.start()


def _say(face: Face, words: str) -> None:
    if face.window is not None:
        kit.Toast(face.window).show_message(words)


def tell_restored(face: Face, prepared: Prepared) -> None:
    """In the window over the restored data."""
    _tell(face, _("The backup is in place."), beside=[prepared.file.parent])


def _tell(face: Face, words: str, beside: Sequence[Path] = ()) -> None:
    """Says it in the window that is open now, and offers to read what may hold more."""
    window = face.window
    if window is None:
        return
    folders = packages_at(face.paths, beside)
    if not folders or face.context is None:
        _say(face, words)
        return
    PackagesSheet(window, words, folders, face).open()


def packages_at(paths: Paths, beside: Sequence[Path] = ()) -> list[Path]:
    """Folders with packages that may hold what a restored database lacks: the newest kept aside, ``beside`` the backup,
    sticks, and the folders that were chosen here for carrying and for backups. A shared folder only while it is paused:
    otherwise it is read anew by itself, because what was read of it is remembered in the database."""
    settings = load_settings(paths.settings)
    chosen = [settings.last_folder, settings.backup_folder, settings.watched_folder if settings.watch_paused else ""]
    places = [*beside, *(folder for folder, _name in removable_folders()), *(Path(one) for one in chosen if one)]
    found = restoring.packages_found(paths, places)
    newest = next((file.parent for file in found if kept_aside_folder(paths) in file.parents), None)
    return [*([newest] if newest else []), *dict.fromkeys(file.parent for file in found if file.parent in places)]


class PackagesSheet(kit.Sheet):
    """After a backup was put back: work that may not be in it, to be looked at and read in, or left where it is.

    All of it in one press, as one change that one undo takes back; or a place alone.
    """

    def __init__(self, window: QWidget, words: str, folders: list[Path], face: Face) -> None:
        self.all = kit.Button(_("Look at all of it"), "primary", icon="download-simple")
        self.all.setObjectName("packages_all")
        super().__init__(
            window,
            words,
            _("There is work that may not be in it. Look at it first; you decide whether to read it in."),
            actions=(self.all,),
            width=620,
        )
        self.setObjectName("packages_sheet")
        self._face = face
        self.looks: list[kit.Button] = []
        sticks = [folder for folder, _name in removable_folders()]
        for folder in folders:
            row = QHBoxLayout()
            row.setSpacing(12)
            aside = kept_aside_folder(face.paths) in folder.parents
            place = _("The stick {name}") if folder in sticks else _("The folder {name}")
            name = _("What was on this computer before") if aside else place.format(name=folder.name)
            row.addWidget(kit.Text(name, parent=self), 1)
            look = kit.Button(_("Look at it"), size="small", parent=self)
            look.setObjectName(f"packages_look_{len(self.looks) + 1}")
            look.setAccessibleName(_("Look at it: {what}").format(what=name))
            look.clicked.connect(lambda _checked=False, folder=folder: self._look(folder))
            row.addWidget(look)
            self.looks.append(look)
            self.body.addLayout(row)
        self.all.clicked.connect(lambda: self._look(*folders))
        if self.cancel is not None:
            self.cancel.setText(_("Not now"))

    def _look(self, *folders: Path) -> None:
        from blenddesk.ui.carry import Carrier

        window, context = self._face.window, self._face.context
        self.close_sheet()
        if window is None or context is None:
            return
        tasks: TaskRunner = getattr(window, "tasks", None) or TaskRunner(window)

        def say(sentence: str, undo: Callable[[], None] | None) -> None:
            toast = kit.Toast(window)
            toast.show_message(sentence, undo)

        Carrier(window, context, tasks, say).bring(*folders)
