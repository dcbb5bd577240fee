"""What the killed processes of ``test_kill`` do: log entries, or read a package, until somebody pulls the plug.

Run in a process of its own that was forked from a server with everything imported, so that the kill falls into the work
and not into the start of Python.
"""

from __future__ import annotations

import os
from pathlib import Path

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.sync.exchange import read_packages


def log_entries(folder: str, section: Id, student: Id, acknowledged: int) -> None:
    """Logs one visit after the other and writes the id of each to the pipe once its commit has returned."""
    context = bootstrap.open_device(Paths(Path(folder)))
    os.write(acknowledged, b"R" * 16)
    while True:
        entry = context.new_id()
        context.commit(
            "visit",
            [
                put(section, "entry", entry, student=student, kind="claimed", day="2026-11-23", at_ms=1),
                put(section, "reflection", context.new_id(), student=student, entry=entry, growth=3),
            ],
            actor=student,
        )
        os.write(acknowledged, entry)


def read_home(folder: str, packages: str, acknowledged: int) -> None:
    """Reads every package once; says when it begins and when it is done."""
    context = bootstrap.open_device(Paths(Path(folder)))
    os.write(acknowledged, b"R" * 16)
    read_packages(context.ledger, context.keys, [Path(packages)])
    os.write(acknowledged, b"D" * 16)
