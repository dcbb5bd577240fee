"""What the program notes about itself for whoever has to help: ids and codes, never a child's name.

``log`` lines go to a rotating file in the data directory; the last lines are kept for a crash report.
"""

from __future__ import annotations

import logging
import platform
import sys
import traceback
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

from blenddesk import __version__

KEPT_LINES = 200
LOG_BYTES = 500_000
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class LastLines(logging.Handler):
    """Keeps the last lines in memory for a crash report."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=KEPT_LINES)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


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
        file = RotatingFileHandler(folder / "blenddesk.log", maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
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
