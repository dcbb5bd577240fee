"""Finding USB sticks, and a field to choose one of them or any folder."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStorageInfo, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from blenddesk.services.context import AppContext
from blenddesk.text import _
from blenddesk.ui import kit

LOOK_EVERY_MS = 2000
MOUNT_ROOTS = ("/Volumes/",) if sys.platform == "darwin" else ("/media/", "/run/media/", "/mnt/")
NETWORK_KINDS = ("nfs", "cifs", "smb", "fuse.", "9p", "autofs")
DRIVE_REMOVABLE = 2


def removable_folders() -> list[tuple[Path, str]]:
    """Mounted sticks and cards that can be written to: (folder, name to show), by name."""
    volumes = map(QStorageInfo, _linux_roots()) if sys.platform == "linux" else QStorageInfo.mountedVolumes()
    found = [
        (Path(volume.rootPath()), volume.displayName() or volume.rootPath())
        for volume in volumes
        if _is_removable(volume.rootPath()) and volume.isValid() and volume.isReady() and not volume.isReadOnly()
    ]
    return sorted(found, key=lambda one: (one[1].casefold(), str(one[0])))


def _linux_roots() -> list[str]:
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return []
    return local_mounts(mounts)


def local_mounts(mounts: str) -> list[str]:
    """Where sticks are mounted, from the text of ``/proc/self/mounts``.

    Only these are looked at any closer: asking a network folder whose server is gone would stop the window.
    """
    found = []
    for line in mounts.splitlines():
        _device, root, kind, *_rest = [*line.split(" "), "", "", ""]
        root = re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), root)
        if root.startswith(MOUNT_ROOTS) and not kind.startswith(NETWORK_KINDS):
            found.append(root)
    return found


def _is_removable(root: str) -> bool:
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(str(Path(root))) == DRIVE_REMOVABLE)
    return root.startswith(MOUNT_ROOTS)


class StickField(QWidget):
    """Which stick or folder: sticks appear as they are put in; the folder chosen last is remembered.

    ``ask_folder`` and ``find_sticks`` may be replaced by tests.
    """

    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.find_sticks: Callable[[], list[tuple[Path, str]]] = removable_folders
        self.ask_folder: Callable[[str], str] = self._ask_folder
        self._shown: list[tuple[Path, str]] | None = None
        self.choice = kit.Choice(name=_("Stick or folder"), parent=self)
        self.choice.setObjectName("stick_choice")
        self.choice.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.other = kit.Button(_("Choose a folder"), icon="folder-open", parent=self)
        self.other.setObjectName("stick_other")
        self.other.clicked.connect(self._on_other_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.choice, 1)
        row.addWidget(self.other)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_EVERY_MS)
        self._look.timeout.connect(self.look_again)

    def folder(self) -> Path | None:
        """What is chosen and there; None when there is neither stick nor folder."""
        chosen = self.choice.chosen()
        return Path(chosen) if chosen and Path(chosen).is_dir() else None

    def look_again(self) -> None:
        """Sticks put in or taken out since; the choice stays as long as what was chosen is there."""
        places = self.find_sticks()
        last = self._context.settings.last_folder
        if last and Path(last).is_dir() and Path(last) not in [path for path, _name in places]:
            places = [*places, (Path(last), Path(last).name or last)]
        if places == self._shown:
            return
        fresh = [path for path, _name in places if path not in [old for old, _n in self._shown or []]]
        before = self.choice.chosen()
        self._shown = places
        self.choice.blockSignals(True)
        self.choice.clear()
        names = [name for _path, name in places]
        for path, name in places:
            # The whole path only where the name does not tell: it is long and means little to most.
            self.choice.addItem(name if names.count(name) == 1 else f"{name} ({path})", str(path))
            self.choice.setItemData(self.choice.count() - 1, str(path), Qt.ItemDataRole.ToolTipRole)
        if not places:
            self.choice.addItem(_("Put a stick in, or choose a folder"), "")
        sticks = [path for path in fresh if str(path) != last]
        wanted = str(sticks[0]) if sticks else before if before in [str(path) for path, _n in places] else ""
        if wanted:
            self.choice.choose(wanted)
        self.choice.blockSignals(False)
        self.choice.setEnabled(bool(places))
        self.choice.restyle()
        self.changed.emit()

    def remember(self) -> None:
        """The folder in use becomes the one offered next time."""
        folder = self.folder()
        if folder is not None and str(folder) != self._context.settings.last_folder:
            self._context.save_settings(self._context.settings._replace(last_folder=str(folder)))

    def choose(self, folder: Path) -> None:
        self._context.save_settings(self._context.settings._replace(last_folder=str(folder)))
        self.look_again()
        self.choice.choose(str(folder))

    def _on_other_clicked(self) -> None:
        chosen = self.ask_folder(str(self.folder() or ""))
        if chosen:
            self.choose(Path(chosen))

    def _ask_folder(self, start: str) -> str:
        return QFileDialog.getExistingDirectory(self, _("Choose a folder"), start)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.choice.restyle()
        self.look_again()
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._look.stop()
        super().hideEvent(event)
