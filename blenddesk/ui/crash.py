"""A bug met a person: written down without names, and said in words."""

from __future__ import annotations

import logging

from PySide6.QtWidgets import QWidget

from blenddesk.config import Paths
from blenddesk.diagnostics import crash_report, log_crash
from blenddesk.text import _, name
from blenddesk.ui import kit


def tell_crash(error: BaseException, paths: Paths, window: QWidget | None) -> None:
    """Notes the error in the log and in a report beside the data, and says so over ``window``, if one is there."""
    log_crash(error)
    report = paths.data / "crash-report.txt"
    try:
        report.write_text(crash_report(error), encoding="utf-8")
    except OSError:
        logging.getLogger("blenddesk.crash").exception("the crash report could not be saved")
    if window is None:
        return
    sheet = kit.Sheet(
        window,
        _("BlendDesk made a mistake"),
        _(
            "Everything saved before is safe. What you did last may be missing. You can go on. A report "
            "without names is in {path}."
        ).format(path=name(str(report))),
        closable=True,
    )
    sheet.open()
