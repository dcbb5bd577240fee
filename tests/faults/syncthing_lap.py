"""A desk and a student computer with a folder that a real Syncthing keeps alike: ``-m tests.faults.syncthing_lap``.

Each round both do some work and something happens to the folder: the connection breaks, both sides change one file
(which makes real ``.sync-conflict`` copies), a file arrives in halves, is renamed, copied, deleted or put back, a
Syncthing is started anew. Then both must have everything, every look must be without trouble, and own files must stay
few. ``python -m tests.faults.syncthing_lap --rounds 1000`` is the long run, about a second a round.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from blenddesk.domain.ids import Id
from blenddesk.sync import own_files
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.watching import LONGEST_WAIT_MS, Watcher
from tests.faults.syncthing import Syncthing, pair, program, wait_until
from tests.sync.devices import Classroom, Device, make_classroom

ALIKE_SECONDS = 60.0
MOST_EXCHANGES = 6
TIDY_EVERY = 15
"""Rounds after which a person throws away what only lies about, so that the folder does not grow for ever."""


class Side:
    """One computer: its device, its Syncthing, and whoever watches the folder."""

    def __init__(self, device: Device, syncthing: Syncthing) -> None:
        self.device, self.syncthing = device, syncthing
        self.watcher = Watcher(device.ledger, device.keys, syncthing.folder)
        self.written: dict[str, bytes] = {}

    @property
    def folder(self) -> Path:
        return self.syncthing.folder

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.suffix == ".bdx")

    def look(self) -> bool:
        """Whether anything was read or written."""
        busy, more = False, True
        while more:
            look = self.watcher.look()
            assert look.trouble is None, look.trouble
            busy |= bool(look.parcels) or any(package.new_ops for package in look.packages)
            self.written |= {parcel.path.name: parcel.path.read_bytes() for parcel in look.parcels}
            more = look.more
        return busy

    def check_own(self) -> None:
        for kind in PackageKind:
            names = own_files.remembered(self.device.database, self.device.section, kind)
            there = own_files.among(names, [path.name for path in self.files()])
            whole = [name for name in there if (self.folder / name).read_bytes() == self.written.get(name)]
            assert len(whole) <= own_files.KEPT_FILES, whole


class Laps:
    """``did`` counts what happened. Everything follows from ``seed`` but how Syncthing takes its time."""

    def __init__(self, room: Classroom, one: Syncthing, other: Syncthing, seed: int) -> None:
        self.clock = room.clock
        self.chance = random.Random(seed)
        self.desk, self.station = Side(room.desk, one), Side(room.stations[0], other)
        self.sides = (self.desk, self.station)
        self.did: Counter[str] = Counter()
        self.entries: set[Id] = set()
        self.halves: list[tuple[Path, bytes]] = []

    def round(self) -> None:
        self.did["rounds"] += 1
        for _entry in range(self.chance.randrange(3)):
            self.entries.add(self.station.device.log_entry(self.chance.randrange(2)))
        if self.chance.random() < 0.3:
            self.desk.device.rename(0, f"Name {self.did['rounds']}")
        troubles: Sequence[Callable[[], None]] = (
            self.nothing,
            self.apart,
            self.conflict,
            self.halve,
            self.rename,
            self.copy,
            self.delete,
            self.bring_old_back,
            self.start_anew,
        )
        # Each in its turn at first, so that a short run has met them all; then by chance, starting anew less often.
        turn = self.did["rounds"] - 1
        trouble = troubles[turn] if turn < len(troubles) else self.chance.choice(troubles[:-1])
        trouble()
        self.did[trouble.__name__] += 1
        self.settle()
        if not self.did["rounds"] % TIDY_EVERY:
            self.throw_away()

    def settle(self) -> None:
        """Looks and Syncthing by turns until nobody has anything new; then all must be everywhere."""
        for _exchange in range(MOST_EXCHANGES):
            self.clock.now_ms += LONGEST_WAIT_MS
            busy = [side.look() for side in self.sides]
            self.become_alike()
            if not any(busy):
                break
            for path, data in self.halves:
                path.write_bytes(data)
            self.halves.clear()
        else:
            raise AssertionError("never quiet")
        assert self.desk.device.digest() == self.station.device.digest()
        for side in self.sides:
            missing = self.entries - side.device.ids_of("entry")
            assert not missing, f"{side.device.name} lacks {len(missing)} entries"
            side.check_own()
        conflicts = [path for path in self.desk.files() if ".sync-conflict-" in path.name]
        self.did["most conflict copies"] = max(self.did["most conflict copies"], len(conflicts))

    def become_alike(self) -> None:
        one, other = (side.syncthing for side in self.sides)
        one.scan()
        other.scan()

        def alike() -> bool:
            if not (one.has_all() and other.has_all() and one.other_has_all(other) and other.other_has_all(one)):
                return False
            return self.contents(self.desk) == self.contents(self.station)

        wait_until(alike, ALIKE_SECONDS, "Syncthing does not come to rest")

    def contents(self, side: Side) -> dict[str, bytes]:
        with suppress(FileNotFoundError):  # taken away by Syncthing this very moment: not at rest yet
            return {path.name: path.read_bytes() for path in side.files()}
        return {side.device.name: b""}

    # --- what happens ----------------------------------------------------------------------------------------------

    def side(self) -> Side:
        return self.chance.choice(self.sides)

    def file(self) -> Path | None:
        files = self.side().files()
        return self.chance.choice(files) if files else None

    def nothing(self) -> None: ...

    def part(self) -> None:
        one, other = (side.syncthing for side in self.sides)
        one.pause(other)
        wait_until(lambda: not other.is_connected(one) and not one.is_connected(other), 20, "still connected")

    def meet_again(self) -> None:
        one, other = (side.syncthing for side in self.sides)
        one.resume(other)
        wait_until(lambda: other.is_connected(one) and one.is_connected(other), 30, "not connected again")

    def apart(self) -> None:
        self.part()
        self.clock.now_ms += LONGEST_WAIT_MS
        for side in self.sides:
            side.look()
        self.entries.add(self.station.device.log_entry(0))
        self.meet_again()

    def conflict(self) -> None:
        """Both change the same file without knowing of each other, one of them leaving half of it."""
        shared = [path.name for path in self.desk.files() if (self.station.folder / path.name).exists()]
        if not shared:
            return
        name = self.chance.choice(shared)
        self.part()
        data = (self.desk.folder / name).read_bytes()
        (self.desk.folder / name).write_bytes(data[: len(data) // 2])
        (self.station.folder / name).write_bytes(data + b"more")
        for side in self.sides:
            side.syncthing.scan()
        self.meet_again()

    def halve(self) -> None:
        """A file that is there in half when everyone looks and Syncthing carries it on; the rest comes later."""
        file = self.file()
        if file is not None:
            data = file.read_bytes()
            copy = file.with_name(f"copied-{self.chance.randrange(1 << 30)}.bdx")
            copy.write_bytes(data[: self.chance.randrange(len(data))])
            self.halves.append((copy, data))

    def rename(self) -> None:
        file = self.file()
        if file is not None:
            file.rename(file.with_name(f"renamed ({self.chance.randrange(1 << 30)}).bdx"))

    def copy(self) -> None:
        file = self.file()
        if file is not None:
            shutil.copy(file, file.with_name(f"{file.stem} (1).bdx"))

    def delete(self) -> None:
        file = self.file()
        if file is not None:
            file.unlink()

    def bring_old_back(self) -> None:
        side = self.side()
        for name in self.chance.sample(sorted(side.written), k=min(3, len(side.written))):
            (side.folder / name).write_bytes(side.written[name])

    def start_anew(self) -> None:
        side, other = self.sides if self.chance.random() < 0.5 else self.sides[::-1]
        side.syncthing.stop()
        side.syncthing.start()
        side.watcher = Watcher(side.device.ledger, side.device.keys, side.folder)
        wait_until(lambda: side.syncthing.is_connected(other.syncthing), 30, "not connected again")

    def throw_away(self) -> None:
        ours = {name for side in self.sides for name in side.written}
        for path in self.desk.files():
            if path.name not in ours:
                path.unlink()
        self.become_alike()


def run(root: Path, rounds: int, seed: int) -> Counter[str]:
    """Plays ``rounds`` rounds below the empty folder ``root``. Raises ``AssertionError``."""
    room = make_classroom(root / "room", stations=1)
    try:
        with pair(root) as (one, other):
            laps = Laps(room, one, other, seed)
            try:
                for _round in range(rounds):
                    laps.round()
            except BaseException as error:
                error.add_note(f"seed {seed}, after {dict(laps.did)}")
                raise
    finally:
        room.close()
    return laps.did


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if program() is None:
        print("Syncthing is not on this computer, so nothing was tried. On Debian: apt-get install syncthing")
        return 1
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        did = run(Path(folder), options.rounds, options.seed)
    print(f"{dict(did)} in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
