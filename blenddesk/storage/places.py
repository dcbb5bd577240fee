"""Where a database may not live: on a network drive, or in a folder that another program copies between computers.

SQLite's locks do not hold over a network, and a program that synchronises files copies a database while it is being
written, or puts an old one in its place. Class data travels in packages instead; those may lie in any such folder.
"""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

from blenddesk.errors import EnvironmentTrouble

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afs", "afpfs", "ncpfs", "webdav", "davfs", "fuse.davfs2"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.gvfsd-fuse", "fuse.smbnetfs", "fuse.google-drive-ocamlfuse"}
)
SYNC_MARKS = (".stfolder", ".dropbox", ".sync", ".owncloudsync.log", ".nextcloudsync.log", ".tmp.drivedownload")
"""What Syncthing, Dropbox, Resilio, ownCloud, Nextcloud and Google Drive leave in the top folder of what they copy."""
SYNC_PATTERNS = ("._sync_*.db", ".sync_*.db")
"""The journals of the Nextcloud and ownCloud clients, whose names hold a number."""
SYNC_FOLDERS = ("dropbox", "onedrive", "google drive", "googledrive", "nextcloud", "owncloud", "icloud drive",
                "iclouddrive", "mobile documents", "mega", "megasync", "pcloud drive", "yandex.disk")  # fmt: skip
"""Names that these programs give their folders; OneDrive adds the school's name ("OneDrive - Hill School")."""


def check_place(folder: Path) -> None:
    """Raises ``EnvironmentTrouble`` (``folder_on_network``, ``folder_synchronised``; path, name) for such a folder."""
    place = folder.resolve()
    if is_on_network(place):
        raise EnvironmentTrouble("folder_on_network", path=str(folder))
    name = synchronised_by(place)
    if name is not None:
        raise EnvironmentTrouble("folder_synchronised", path=str(folder), name=name)


def is_on_network(place: Path) -> bool:
    """Whether the folder lies on another computer. Unknown counts as no: most folders are where they seem to be."""
    if sys.platform == "win32":
        return _is_remote_drive(place)
    if sys.platform == "darwin":
        return _file_system_of(place, _mac_mounts()) in NETWORK_FILE_SYSTEMS
    try:
        table = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return _file_system_of(place, linux_mounts(table)) in NETWORK_FILE_SYSTEMS


def linux_mounts(table: str) -> list[tuple[str, str]]:
    """(mount point, file system) of each line of ``/proc/mounts``, where spaces are written as ``\\040``."""
    rows = [line.split(" ") for line in table.splitlines()]
    return [(row[1].replace("\\040", " "), row[2]) for row in rows if len(row) > 2]


def _file_system_of(place: Path, mounts: list[tuple[str, str]]) -> str:
    """Of the longest mount point above ``place``; of two at one point the later hides the other."""
    found = ("", "")
    for point, kind in mounts:
        if PurePosixPath(place).is_relative_to(point) and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1]


def _mac_mounts() -> list[tuple[str, str]]:
    import re
    import subprocess

    try:
        shown = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=True, timeout=5).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return re.findall(r" on (.+) \((\w+)[,)]", shown)


def _is_remote_drive(place: Path) -> bool:
    import ctypes

    drive = PureWindowsPath(place).drive
    if drive.startswith("\\\\"):
        return True
    remote = 4
    return bool(ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == remote)  # type: ignore[attr-defined]


def synchronised_by(place: Path) -> str | None:
    """The name of the folder above (or of) ``place`` that a program copies between computers; None when there is none.

    What lies in the user's home folder itself is no sign: only its own folder is copied by such a program.
    """
    home = Path.home()
    for folder in (place, *place.parents):
        name = folder.name.casefold()
        if any(name == known or name.startswith(f"{known} - ") for known in SYNC_FOLDERS):
            return folder.name
        if folder == home:
            continue
        if any((folder / mark).exists() for mark in SYNC_MARKS) or any(_has(folder, one) for one in SYNC_PATTERNS):
            return folder.name
    return None


def _has(folder: Path, pattern: str) -> bool:
    try:
        return next(folder.glob(pattern), None) is not None
    except OSError:
        return False
