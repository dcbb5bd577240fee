"""Cold start to the first usable window, its memory, and the event loop's longest gap while the libraries load."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from tests.benchmarks.measure import alternating, child, line
from tests.benchmarks.school import school_year


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        school_year(Path(folder) / "desk", classes_=5, students=40, days=180, entries_per_day=4)
        data = str(Path(folder) / "desk")
        memory: list[float] = []

        def ours() -> float:
            found = child("first_paint.py", "desk", data)
            memory.append(found["rss_mb"])
            assert found["heavy"] == 0, "a heavy library was loaded before the first paint"
            return found["cpu_ms"]

        opened, bare = alternating(ours, lambda: child("first_paint.py", "bare")["cpu_ms"])
        line("first window, 5 classes x 40, a year of entries (CPU)", opened, bare, "ms", "at most 1.5")
        print(f"memory at that point: {statistics.median(memory):.0f} MB resident; goal at most 80")
        watched = [child("first_paint.py", "watch", data) for _run in range(3)]
        loading, idle = (", ".join(f"{w[key]:.0f}" for w in watched) for key in ("loading_gap_ms", "idle_gap_ms"))
        print(
            f"longest gap of the event loop while the libraries load: {loading} ms; goal 33; idle, same runs: {idle} ms"
        )
