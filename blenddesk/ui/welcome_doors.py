"""What is behind the doors of Welcome: making a desk, the pretend class, and finding files on sticks. No widgets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, QStorageInfo

from blenddesk import bootstrap, text
from blenddesk.config import Paths
from blenddesk.errors import BlendDeskError

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

Progress = Callable[[int, int], None]
SEAT_FILES = "*.bdseat"
BACKUP_FILES = "*.bdbackup"
MOST_FILES = 50


def make_own_desk(paths: Paths, teacher: str, class_name: str) -> None:
    """A new desk with its teacher and one empty class, all of it or nothing. Refusals of ``services.classes``."""
    from blenddesk.services import classes

    def fill(context: AppContext) -> None:
        context.run(classes.found_desk, teacher)
        context.run(classes.create_class, class_name, language=text.language())

    _make(paths, teacher, fill)


def make_sample_desk(paths: Paths, progress: Progress) -> None:
    """The pretend class, all of it or nothing: ``progress`` may raise to stop."""
    from blenddesk.services import classes, samples

    def fill(context: AppContext) -> None:
        context.run(classes.found_desk, samples.TEACHER)
        context.run(samples.make_sample, progress)

    _make(paths, samples.TEACHER, fill)


def _make(paths: Paths, teacher: str, fill: Callable[[AppContext], None]) -> None:
    """Made beside its place and moved in when it is whole: a power cut or Cancel leaves nothing half done."""
    from blenddesk.changing_places import make_beside

    def make(making: Paths) -> None:
        context = bootstrap.create_device(making, role="desk", name=teacher)
        try:
            fill(context)
        finally:
            bootstrap.close_device(context)

    make_beside(paths, make)


def own_key(paths: Paths) -> bytes | None:
    """The database's key where it is still here and this account may use it: then own backups need no words."""
    try:
        return bootstrap.read_key(paths.key)
    except BlendDeskError:
        return None


def find_files(pattern: str, folders: list[Path] | None = None) -> list[Path]:
    """Files of that kind on sticks, in Downloads and on the desktop, at most one folder deep; newest first."""
    found: dict[Path, float] = {}
    for folder in _likely_folders() if folders is None else folders:
        for deep in (pattern, f"*/{pattern}"):
            try:
                for file in folder.glob(deep):
                    found[file] = file.stat().st_mtime
            except OSError:
                # A stick that is just being pulled, a folder of someone else: look at the next one.
                continue
    return sorted(found, key=lambda file: -found[file])[:MOST_FILES]


def _likely_folders() -> list[Path]:
    sticks = [
        Path(volume.rootPath())
        for volume in QStorageInfo.mountedVolumes()
        if volume.isValid() and volume.isReady() and not volume.isRoot()
    ]
    system = ("/proc", "/sys", "/dev", "/boot", "/etc", "/usr")
    sticks = [stick for stick in sticks if not str(stick).startswith(system)]
    places = (QStandardPaths.StandardLocation.DownloadLocation, QStandardPaths.StandardLocation.DesktopLocation)
    return [*sticks, *(Path(QStandardPaths.writableLocation(place)) for place in places)]
