"""Timing things so that the figures can be compared: interleaved runs, minimum and median, CPU of whole processes."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
RUNS = 7


def line(what: str, ours: list[float], limit: list[float], unit: str, budget: str) -> None:
    """One figure: ours and the limit as minimum (median), and their ratio by minimum and by median."""
    ratio_min, ratio_median = min(ours) / min(limit), statistics.median(ours) / statistics.median(limit)
    print(
        f"{what}: {min(ours):.1f} ({statistics.median(ours):.1f}) {unit}, limit {min(limit):.1f}"
        f" ({statistics.median(limit):.1f}) {unit}, ratio {ratio_min:.2f} ({ratio_median:.2f}); goal {budget}"
    )


def alternating(
    ours: Callable[[], float], limit: Callable[[], float], runs: int = RUNS
) -> tuple[list[float], list[float]]:
    """Both in turn, A B A B, after one warm-up each, so that a drifting machine hits both."""
    ours()
    limit()
    pairs = [(ours(), limit()) for _run in range(runs)]
    return [a for a, _b in pairs], [b for _a, b in pairs]


def timed_ms(work: Callable[[], object]) -> float:
    """CPU-independent wall time of one call in ms."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def child(script: str, *arguments: str) -> dict[str, float]:
    """Runs a script of this folder in a fresh offscreen process and returns the JSON object it prints last."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / script), *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result
