"""What the program notes about itself for whoever has to help: ids and codes, never a child's name.

``log`` lines go to a rotating file in the data directory; the last lines are kept for a crash report.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections import deque
from itertools import pairwise
from pathlib import Path
from typing import TextIO

from blenddesk import __version__

KEPT_LINES = 200
KEPT_FILES = 3
LOG_BYTES = 500_000
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class LastLines(logging.Handler):
    """Keeps the last lines in memory for a crash report."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=KEPT_LINES)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class LogFile(logging.FileHandler):
    """A log that is set aside when it is full (``.1`` is the last one set aside, ``.3`` the oldest that is kept).

    Not the one of ``logging.handlers``: with that come sockets and pickles, which every start would pay for.
    """

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self.stream is not None and self.stream.tell() >= LOG_BYTES:
                self._set_aside(self.stream)
        except OSError:
            self.handleError(record)
        super().emit(record)

    def _set_aside(self, full: TextIO) -> None:
        full.close()
        try:
            names = [self.baseFilename, *(f"{self.baseFilename}.{number}" for number in range(1, KEPT_FILES + 1))]
            for newer, older in reversed(list(pairwise(names))):
                if Path(newer).exists():
                    Path(newer).replace(older)
        finally:
            self.stream = self._open()


_last_lines = LastLines()


def start_logging(folder: Path, *, debug: bool = False) -> None:
    """Logs to ``folder``/blenddesk.log from now on. A folder that cannot be written costs the log, not the lesson."""
    root = logging.getLogger("blenddesk")
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    root.propagate = False
    formatter = logging.Formatter(FORMAT)
    _last_lines.setFormatter(formatter)
    stop_logging()
    root.addHandler(_last_lines)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = LogFile(folder / "blenddesk.log", encoding="utf-8")
    except OSError as error:
        root.warning("no log file: %s", error.strerror)
        return
    file.setFormatter(formatter)
    root.addHandler(file)


def stop_logging() -> None:
    root = logging.getLogger("blenddesk")
    for handler in list(root.handlers):
        root.removeHandler(handler)
        if handler is not _last_lines:
            handler.close()


def crash_report(error: BaseException) -> str:
    """Text to save to a file and send: versions, the places in our code, the last log lines; no values, no names.

    Only file, line and function of each frame are given: the text of an exception may hold what a teacher typed.
    """
    import platform

    frames = traceback.extract_tb(error.__traceback__)
    places = [f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
    return "\n".join(
        [
            f"BlendDesk {__version__}, Python {platform.python_version()}, {platform.platform()}",
            f"{type(error).__name__}",
            *places,
            "",
            *_last_lines.lines,
        ]
    )


def log_crash(error: BaseException) -> None:
    logging.getLogger("blenddesk.crash").error("%s", crash_report(error))


def is_frozen() -> bool:
    return getattr(sys, "frozen", False) is True
