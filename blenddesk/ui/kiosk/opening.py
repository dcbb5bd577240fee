"""Opens what a station works with: an address, a file, a folder or a program on this computer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

PROGRAMS = frozenset({".exe", ".bat", ".cmd", ".com", ".appimage", ".sh", ".jar"})
WEB = ("http://", "https://")


def open_resource(resource: str) -> bool:
    """Starts it and returns whether that worked: the file is there and the system knows what to open it with."""
    text = resource.strip()
    lowered = text.casefold()
    if lowered.startswith(WEB) or lowered.startswith("www."):
        return QDesktopServices.openUrl(QUrl.fromUserInput(text))
    path = Path(QUrl(text).toLocalFile() if lowered.startswith("file:") else text).expanduser()
    if not path.exists():
        return False
    if path.is_file() and path.suffix.casefold() in PROGRAMS:
        started, _process_id = QProcess.startDetached(str(path), [], str(path.parent))
        return started
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.absolute())))
