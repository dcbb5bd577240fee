"""The window that shows first after an update: counts, and the desk after it; or out of it with nothing changed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.errors import EnvironmentTrouble
from blenddesk.ui import kit
from blenddesk.ui.getting_ready import GettingReadyWindow
from blenddesk.ui.tasks import Progress
from tests.benchmarks.school import school_year
from tests.ui.access import complaints
from tests.ui.clipping import clipped

ROOT = Path(__file__).parent.parent.parent


class Work:
    """Counts to a number and then waits until the test lets it go on."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.trouble: Exception | None = None
        self.ended = ""

    def __call__(self, progress: Progress) -> None:
        progress(3200, 144_000)
        while not self.go.wait(0.005):
            progress(3200, 144_000)
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def window(themed_app: QApplication, work: Work) -> Iterator[GettingReadyWindow]:
    def ended(how: str) -> None:
        work.ended = how

    window = GettingReadyWindow(work, done=lambda: ended("done"), failed=lambda error: ended(error.code))
    window.show()
    window.start()
    yield window
    work.go.set()
    window.close()
    window.deleteLater()


def shown_sheet(qtbot: QtBot, window: GettingReadyWindow) -> kit.ProgressSheet:
    qtbot.waitUntil(lambda: any(sheet.isVisible() for sheet in window.findChildren(kit.ProgressSheet)))
    return window.findChild(kit.ProgressSheet)


def test_it_counts_says_that_nothing_is_lost_and_gives_way(
    qtbot: QtBot, window: GettingReadyWindow, work: Work
) -> None:
    sheet = shown_sheet(qtbot, window)
    words = " ".join(text.text() for text in sheet.findChildren(kit.Text))
    assert sheet.title.text() == "Getting ready for the new version"
    assert "Nothing is lost." in words
    assert "3200 of 144000" in words.replace(",", "")
    assert complaints(window) == []
    assert clipped(window) == []
    work.go.set()
    qtbot.waitUntil(lambda: work.ended == "done")


@pytest.mark.parametrize("by", ["cancel", "close"])
def test_cancel_and_closing_stop_the_work_and_close_the_program(
    qtbot: QtBot, window: GettingReadyWindow, work: Work, by: str
) -> None:
    if by == "cancel":
        shown_sheet(qtbot, window).stop.click()
    else:
        window.close()
        assert window.isVisible(), "it waits for the work to be undone"
    qtbot.waitUntil(lambda: not window.isVisible())
    assert not window.tasks.is_busy
    assert work.ended == ""


def test_trouble_is_handed_on(qtbot: QtBot, window: GettingReadyWindow, work: Work) -> None:
    work.trouble = EnvironmentTrouble("disk_full", path="/data")
    work.go.set()
    qtbot.waitUntil(lambda: work.ended == "disk_full")


PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.ui import app

application = app.theme.new_application()
face = app.Face(application, Paths(Path(sys.argv[1])))
face.start()
print(face.window.objectName())

def look():
    if face.context is not None:
        print(face.window.objectName(), face.context.reads.reader.rows("SELECT count(*) FROM entry")[0][0])
        application.quit()

timer = QTimer()
timer.timeout.connect(look)
timer.start(5)
application.exec()
face.close()
"""


def test_after_an_update_the_desk_opens_by_way_of_it(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "desk")
    school_year(paths.data, classes_=1, students=4, days=5, entries_per_day=2)
    context = bootstrap.open_device(paths)
    with context.ledger.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM entry_row")
        connection.exec_driver_sql("UPDATE local SET value = x'00' WHERE name = 'projections'")
    bootstrap.close_device(context)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(paths.data)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["getting_ready_window", "desk_window", "40"]
