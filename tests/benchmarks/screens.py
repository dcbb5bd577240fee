"""Changing from one desk page to the next with a school year of data, against the budget."""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path

from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from tests.benchmarks.measure import timed_ms
from tests.benchmarks.school import school_year

BUDGET_MS = 150


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        school_year(Path(folder) / "desk", classes_=5, students=40, days=180, entries_per_day=4)
        measure_pages(Paths(Path(folder) / "desk"))


def measure_pages(paths: Paths, section: Id | None = None) -> None:
    """Opens the desk of ``paths`` and goes to every page, for the first time and five times more."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from blenddesk import bootstrap
    from blenddesk.ui import theme
    from blenddesk.ui.desk.window import FOOT_PAGES, PAGES, DeskWindow

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme.apply_theme(application, theme.load_tokens("day"))
    context = bootstrap.open_device(paths)
    window = DeskWindow(context, section=section or context.reads.sections.all()[0].id)
    window.show()
    application.processEvents()

    student = context.reads.people.students(window.session.section_id or b"")[0].id

    def change(key: str) -> float:
        def go() -> None:
            window.open_page(key, **({"student": student} if key == "child" else {}))
            application.processEvents()

        return timed_ms(go)

    for key in (*PAGES, *FOOT_PAGES, "child", "bin"):
        first = change(key)
        again = []
        for _time in range(5):
            change("room" if key != "room" else "today")
            again.append(change(key))
        print(f"{key}: {first:.0f} ms the first time, {statistics.median(again):.0f} ms later; goal {BUDGET_MS}")
    window.close()
    bootstrap.close_device(context)
