"""Pulls the stick at a random step of real exports and looks at what is left: ``python -m tests.faults.pulled_sticks``.

The packages, the ledger and the tidying of older files are the program's own; only the disk is a model (``fat_stick``).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from blenddesk.errors import ExchangeTrouble
from blenddesk.sync import exchange
from blenddesk.sync.packages import open_package
from tests.faults.fat_stick import FatStick, Pulled
from tests.sync.devices import Classroom, Device, make_classroom

FOLDER = Path("/stick")
EXPORTS = 4
"""More than the two files a computer keeps, so that older ones are removed under way."""


def steps_of(device: Device) -> int:
    """How many steps the exports take when nobody pulls."""
    stick = FatStick()
    write(device, stick)
    return stick.steps


def write(device: Device, stick: FatStick) -> list[dict[Path, bytes]]:
    """Exports until it is done or the stick is gone; what was said to be safe after each, newest last."""
    safe: list[dict[Path, bytes]] = []
    try:
        for _export in range(EXPORTS):
            report = exchange.write_packages(device.ledger, device.keys, FOLDER, disk=stick)
            safe.append({path: stick.names[path].data for path in report.files})
    except Pulled:
        pass
    return safe


def pull(device: Device, steps: int, seed: int) -> Counter[str]:
    """One pull at a step drawn by ``seed``: counts of what must not be."""
    chance = random.Random(seed)
    stick = FatStick(pull_at=chance.randrange(1, steps + 1), seed=seed)
    safe = write(device, stick)
    found = stick.survivors()
    wrong: Counter[str] = Counter()
    if safe:
        wrong["newest missing"] += any(found.get(path) != data for path, data in safe[-1].items())
        wrong["no valid package"] += not any(_is_valid(device, data) for data in found.values())
    wrong["torn under a final name"] += any(
        path.suffix == ".bdx" and not _is_valid(device, data) for path, data in found.items()
    )
    return wrong


def _is_valid(device: Device, data: bytes) -> bool:
    try:
        with device.database.read() as connection:
            open_package(connection, device.keys, data)
    except ExchangeTrouble:
        return False
    return True


def pulls(room: Classroom, seeds: Iterable[int]) -> Counter[str]:
    """By turns at the desk (three packages an export) and at a student computer (one)."""
    devices = (room.desk, room.stations[0])
    steps = [steps_of(device) for device in devices]
    wrong: Counter[str] = Counter()
    for seed in seeds:
        which = seed % len(devices)
        wrong += pull(devices[which], steps[which], seed)
        wrong["pulls"] += 1
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pulls", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        room = make_classroom(Path(folder), stations=1)
        begun = time.monotonic()
        wrong = pulls(room, range(options.first, options.first + options.pulls))
        room.close()
    print(f"{dict(wrong)} in {time.monotonic() - begun:.0f} s")
    return int(any(count for name, count in wrong.items() if name != "pulls"))


if __name__ == "__main__":
    sys.exit(main())
