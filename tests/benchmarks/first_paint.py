"""A process that opens the desk (``desk DIR``) or a bare window (``bare``) and tells what that cost at first paint."""

from __future__ import annotations

import json
import resource
import sys
import time
from itertools import pairwise
from pathlib import Path

HEAVY = ("sqlalchemy", "alembic", "nacl", "pyrage")
WATCH_MS = 2_500


def usage() -> dict[str, float]:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "cpu_ms": (spent.ru_utime + spent.ru_stime) * 1000,
        "rss_mb": pages * resource.getpagesize() / 1e6,
        "heavy": sum(name in sys.modules for name in HEAVY),
    }


def bare() -> None:
    from PySide6.QtWidgets import QApplication, QWidget

    application = QApplication([])

    class Window(QWidget):
        def paintEvent(self, event: object) -> None:
            print(json.dumps(usage()))
            application.quit()

    window = Window()
    window.resize(1366, 705)
    window.show()
    application.exec()


def desk(folder: str, *, watch: bool) -> None:
    """What ``blenddesk --data-dir`` does up to the first paint; with ``watch``, the event loop while the rest loads."""
    import gc

    gc.disable()
    from blenddesk.config import Paths
    from blenddesk.ui import app  # isort: skip - before Qt, as in the program
    from PySide6.QtCore import QTimer

    application = app.theme.new_application()
    face = app.Face(application, Paths(Path(folder)))
    face.start()
    found: dict[str, float] = {}
    beats: list[float] = []
    heart = QTimer()
    heart.setInterval(1)
    heart.timeout.connect(lambda: beats.append(time.perf_counter()))

    def painted() -> None:
        found.update(usage())
        if not watch:
            application.quit()
            return
        app._collect_again()
        heart.start()
        QTimer.singleShot(WATCH_MS, loaded)

    def loaded() -> None:
        found["loading_gap_ms"] = longest_gap(beats)
        found["heavy_after"] = sum(name in sys.modules for name in HEAVY)
        beats.clear()
        QTimer.singleShot(WATCH_MS, idle)

    def idle() -> None:
        found["idle_gap_ms"] = longest_gap(beats)
        heart.stop()
        application.quit()

    assert face.window is not None
    app.FirstPaint(face.window, painted)
    application.exec()
    face.close()
    print(json.dumps(found))


def longest_gap(beats: list[float]) -> float:
    return max((b - a) * 1000 for a, b in pairwise(beats))


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare()
    else:
        desk(sys.argv[2], watch=sys.argv[1] == "watch")
