"""A process that opens a device and exchanges once, and tells its memory before and at the highest point of that.

``write|read|check DATA STATE STICK``; prints one JSON object.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.services.context import AppContext
from blenddesk.storage import digest
from blenddesk.sync import exchange


def status_mb(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def act(what: str, context: AppContext, stick: Path) -> object:
    if what == "write":
        return exchange.write_packages(context.ledger, context.keys, stick).ops
    if what == "read":
        results = exchange.read_packages(context.ledger, context.keys, [stick])
        assert all(result.status in ("applied", "nothing_new", "set_aside") for result in results), results
        return sum(result.new_ops for result in results)
    with context.ledger.database.read() as connection:
        return len(digest.verify(connection))


def measured(work: Callable[[], object]) -> dict[str, object]:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the highest point starts anew from here
    idle, spent, started = status_mb("VmRSS"), time.process_time(), time.perf_counter()
    result = work()
    return {
        "result": result,
        "cpu_s": time.process_time() - spent,
        "wall_s": time.perf_counter() - started,
        "idle_mb": idle,
        "peak_mb": status_mb("VmHWM"),
    }


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    doing, data, state, folder = sys.argv[1:]
    began = time.process_time()
    opened = bootstrap.open_device(Paths(Path(data), Path(state)))
    opening = time.process_time() - began
    found = measured(lambda: act(doing, opened, Path(folder)))
    bootstrap.close_device(opened)
    print(json.dumps(found | {"open_s": opening}))
