"""From a child's last tap to the commit on the disk, against a bare synced commit of one row on the same disk."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.ops import put
from blenddesk.services import classes
from blenddesk.storage.database import connect
from tests.benchmarks.measure import alternating, line, timed_ms

EACH = 40


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        context = bootstrap.create_device(Paths(Path(folder) / "desk"), role="desk", name="Ms Okoro")
        classes.found_desk(context, "Ms Okoro")
        classes.create_class(context, "4B")
        section = context.reads.sections.all()[0].id
        student = context.new_id()
        bare = connect(Path(folder) / "bare.db", os.urandom(32), create=True)
        bare.execute("CREATE TABLE entry (id BLOB PRIMARY KEY, data BLOB)")

        def visit() -> None:
            for _entry in range(EACH):
                entry = context.new_id()
                context.commit(
                    "visit",
                    [
                        put(section, "entry", entry, student=student, kind="claimed", day="2026-11-23", at_ms=1),
                        put(section, "reflection", context.new_id(), student=student, entry=entry, growth=3),
                    ],
                    actor=student,
                )

        def row() -> None:
            for _entry in range(EACH):
                bare.execute("BEGIN IMMEDIATE")
                bare.execute("INSERT INTO entry VALUES (?, ?)", (os.urandom(16), bytes(100)))
                bare.execute("COMMIT")

        ours, limit = alternating(lambda: timed_ms(visit) / EACH, lambda: timed_ms(row) / EACH)
        line("tap to commit (entry and sealed answer)", ours, limit, "ms", "as near 1 as signing and sealing allow")
        bare.close()
        bootstrap.close_device(context)
