"""Changing from one desk page to the next with a school year of data, against the budget."""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path

from tests.benchmarks.measure import timed_ms
from tests.benchmarks.school import school_year

BUDGET_MS = 150


def run() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from blenddesk import bootstrap
    from blenddesk.config import Paths
    from blenddesk.ui import theme
    from blenddesk.ui.desk.window import PAGES, DeskWindow

    with tempfile.TemporaryDirectory() as folder:
        school_year(Path(folder) / "desk", classes_=5, students=40, days=180, entries_per_day=4)
        application = QApplication.instance() or QApplication([])
        assert isinstance(application, QApplication)
        theme.apply_theme(application, theme.load_tokens("day"))
        context = bootstrap.open_device(Paths(Path(folder) / "desk"))
        window = DeskWindow(context, section=context.reads.sections.all()[0].id)
        window.show()
        application.processEvents()

        def change(key: str) -> float:
            def go() -> None:
                window.open_page(key)
                application.processEvents()

            return timed_ms(go)

        for key in PAGES:
            first = change(key)
            again = []
            for _time in range(5):
                change("room" if key != "room" else "today")
                again.append(change(key))
            print(f"{key}: {first:.0f} ms the first time, {statistics.median(again):.0f} ms later; goal {BUDGET_MS}")
        window.close()
        bootstrap.close_device(context)
