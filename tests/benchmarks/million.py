"""1,000,000 entries of 40 student computers over five years in one class: open, write, read, check, screens; memory.

Takes about half an hour, most of it to make the data through the real write door; ``MILLION_CLASS`` names a folder in
which it is kept for the next time.
"""

from __future__ import annotations

import logging
import os
import pickle
import shutil
import tempfile
from pathlib import Path

from blenddesk.config import Paths
from tests.benchmarks import screens
from tests.benchmarks.logged_class import LoggedClass, logged_class
from tests.benchmarks.measure import child

ENTRIES = 1_000_000
GOAL_MB = 400


def run() -> None:
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = os.environ.get("MILLION_CLASS")
        made = _class_in(Path(kept) if kept else folder / "class")
        size = made.desk.database.stat().st_size
        print(f"database: {size / 1e6:.0f} MB, {size / ENTRIES:.0f} bytes an entry")
        desk, fresh = (folder / device.data.name for device in (made.desk, made.fresh))
        for device, at in ((made.desk, desk), (made.fresh, fresh)):
            shutil.copytree(device.data, at)
        (folder / "stick").mkdir()
        for what, at in (("write", desk), ("read", fresh), ("read", fresh), ("check", desk)):
            found = child("exchange_memory.py", what, str(at), str(folder / "state"), str(folder / "stick"))
            print(
                f"{at.name}: open {found['open_s']:.1f} s, {what} ({found['result']:,}) {found['cpu_s']:.1f} s of CPU,"
                f" {found['wall_s']:.1f} s; memory {found['peak_mb']:.0f} MB, goal {GOAL_MB}"
            )
        screens.measure_pages(Paths(desk, folder / "state"), made.section)


def _class_in(folder: Path) -> LoggedClass:
    note = folder / "class.pickle"
    if not note.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = logged_class(folder, computers=40, entries=ENTRIES, students=30, days=900, together=25, lessons=True)
        note.write_bytes(pickle.dumps((made.section, made.students)))
    section, students = pickle.loads(note.read_bytes())
    desk, fresh = (Paths(folder / name, folder / "state") for name in ("desk", "computer0"))
    return LoggedClass(desk, fresh, section, students)
