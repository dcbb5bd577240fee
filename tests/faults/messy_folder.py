"""A shared folder as other programs leave it: ``python -m tests.faults.messy_folder --seeds 0:1000``.

Every computer has the folder as its own copy, as with Syncthing or Nextcloud, and watches it with the program's own
``Watcher``. In between files arrive late, half, filled with zeros, renamed, twice, as conflict copies, in any order or
not at all; old ones return, people rename and delete, folders vanish and come back, computers are copied and restored.
Then everything is brought together and nothing may be missing anywhere. A seed fixes every step.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from blenddesk.domain.ids import Id
from blenddesk.sync import own_files
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.watching import LONGEST_WAIT_MS, WRITE_EVERY_MS, Look, Watcher
from tests.sync.devices import Classroom, Device, HandClock, make_classroom

STEPS = (30, 60)
MOST_COMPUTERS = 5
ROUNDS = 6
"""Everyone looks and the folders become alike: more often than this it must not take."""
CONFLICTS = ("{stem}.sync-conflict-20261122-101500-ABCDEFG{end}", "{stem} (1){end}", "{stem} (conflicted copy){end}")
RENAMES = (*CONFLICTS, "BD-{short}~1.BDX", "{upper}.BDX", "work of monday{end}")


class Computer:
    """A device, its own copy of the folder, and whoever watches it."""

    def __init__(self, device: Device, folder: Path) -> None:
        self.device, self.folder = device, folder
        self.away = folder.with_name(folder.name + "-away")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.watcher = Watcher(device.ledger, device.keys, folder)

    @property
    def is_there(self) -> bool:
        return self.folder.is_dir()

    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*")) if self.is_there else []

    def start_watching(self) -> None:
        self.watcher = Watcher(self.device.ledger, self.device.keys, self.folder)


class Mess:
    """One history. ``did`` counts what happened in it."""

    def __init__(self, room: Classroom, root: Path, seed: int) -> None:
        self.root, self.clock = root, room.clock
        self.chance = random.Random(seed)
        self.did: Counter[str] = Counter()
        self.computers = [Computer(device, root / f"folder{n}") for n, device in enumerate(room.devices)]
        self.whole: dict[str, bytes] = {}
        """Every file ever written, by its name."""
        self.entries_of: dict[bytes, set[Id]] = {}
        """The entries that its writer held, by the digest of a file."""
        self.pledged: set[Id] = set()
        """Entries of files that a computer removed by itself: it must have had them elsewhere."""
        self.removed: set[str] = set()
        self.images: dict[int, Path] = {}

    # --- what happens ----------------------------------------------------------------------------------------------

    def play(self) -> None:
        doings: Sequence[tuple[Callable[[], str], int]] = (
            (self.log_entry, 6),
            (self.look, 10),
            (self.carry, 10),
            (self.copy_within, 2),
            (self.rename, 2),
            (self.bring_old_back, 2),
            (self.delete, 1),
            (self.put_junk, 1),
            (self.vanish, 1),
            (self.restart, 1),
            (self.copy_computer, 1),
            (self.take_image, 1),
            (self.restore, 1),
        )
        for _step in range(self.chance.randint(*STEPS)):
            [doing] = self.chance.choices([one for one, _w in doings], [weight for _d, weight in doings])
            self.did[doing()] += 1
            self.clock.now_ms += self.chance.choice((1_000, 60_000, WRITE_EVERY_MS))
        self.bring_together()

    def one(self) -> Computer:
        return self.chance.choice(self.computers)

    def one_file(self) -> Path | None:
        files = self.one().files()
        return self.chance.choice(files) if files else None

    def log_entry(self) -> str:
        self.one().device.log_entry(self.chance.randrange(2))
        return "entry"

    def look(self) -> str:
        computer = self.one()
        look = self.watch(computer)
        assert look.trouble == (None if computer.is_there else "folder_gone"), look.trouble
        return "look" if computer.is_there else "look into nothing"

    def watch(self, computer: Computer) -> Look:
        before = {path.name: sha256(path.read_bytes()).digest() for path in computer.files() if path.is_file()}
        look = computer.watcher.look()
        for parcel in look.parcels:
            data = parcel.path.read_bytes()
            self.whole[parcel.path.name] = data
            self.entries_of[sha256(data).digest()] = computer.device.ids_of("entry")
            before.pop(parcel.path.name, None)
            self.check_own(computer, parcel.kind)
        if computer.is_there:
            for name, digest in before.items():
                if not (computer.folder / name).exists():
                    self.did["own file removed"] += 1
                    self.pledged |= self.entries_of[digest]
                    self.removed.add(name)
        return look

    def check_own(self, computer: Computer, kind: PackageKind) -> None:
        """Two files of its own at most, but for damaged ones and those that another life of it wrote."""
        names = own_files.remembered(computer.device.database, computer.device.section, kind)
        there = own_files.among(names, [path.name for path in computer.files()])
        kept = [name for name in there if (computer.folder / name).read_bytes() == self.whole.get(name)]
        assert len(kept) <= own_files.KEPT_FILES or self.did["restore"] + self.did["copy"], kept

    def carry(self) -> str:
        """Some files go from one copy of the folder to another, each in its own way."""
        source, target = self.one(), self.one()
        if source is target or not (source.is_there and target.is_there):
            return "nothing carried"
        for file in self.chance.sample(source.files(), k=len(source.files())):
            way = self.chance.choice(("whole", "whole", "whole", "half", "zeros", "renamed", "conflict", "not yet"))
            data, to = file.read_bytes(), target.folder / file.name
            if way == "half":
                data = data[: self.chance.randrange(len(data) + 1)]
            elif way == "zeros":
                data = bytes(len(data))
            elif way in ("renamed", "conflict"):
                to = target.folder / self.other_name(file, CONFLICTS if way == "conflict" else RENAMES)
            if way != "not yet" and (not to.exists() or self.whole.get(to.name) != to.read_bytes()):
                to.write_bytes(data)
                self.did[f"carried {way}"] += 1
        return "carry"

    def other_name(self, file: Path, patterns: Sequence[str]) -> str:
        stem = file.stem
        return self.chance.choice(patterns).format(
            stem=stem, end=file.suffix, short=stem[3:7].upper(), upper=stem.upper()
        )

    def copy_within(self) -> str:
        file = self.one_file()
        if file is not None:
            shutil.copy(file, file.with_name(self.other_name(file, CONFLICTS)))
        return "duplicate"

    def rename(self) -> str:
        file = self.one_file()
        if file is not None:
            file.replace(file.with_name(self.other_name(file, RENAMES)))
        return "rename"

    def bring_old_back(self) -> str:
        computer = self.one()
        if self.whole and computer.is_there:
            name = self.chance.choice(sorted(self.whole))
            (computer.folder / name).write_bytes(self.whole[name])
        return "old one returns"

    def delete(self) -> str:
        file = self.one_file()
        if file is not None:
            file.unlink()
        return "delete"

    def put_junk(self) -> str:
        computer = self.one()
        if computer.is_there:
            (computer.folder / f"junk{self.chance.randrange(3)}.bdx").write_bytes(self.chance.randbytes(900))
        return "junk"

    def vanish(self) -> str:
        computer = self.one()
        if computer.is_there and not computer.away.exists():
            computer.folder.rename(computer.away)
            if self.chance.random() < 0.5:
                computer.folder.mkdir()  # the empty folder under a mount
            return "vanish"
        self.come_back(computer)
        return "come back"

    def come_back(self, computer: Computer) -> None:
        if computer.away.exists():
            if computer.is_there:
                for path in computer.files():
                    path.replace(computer.away / path.name)
                computer.folder.rmdir()
            computer.away.rename(computer.folder)

    def restart(self) -> str:
        computer = self.one()
        computer.device.restart()
        computer.start_watching()
        return "restart"

    def copy_computer(self) -> str:
        if len(self.computers) >= MOST_COMPUTERS:
            return "no more computers"
        original = self.chance.choice(self.computers[1:])
        number = len(self.computers)
        original.device.close()
        copy = original.device.copied_to(self.root / f"copy{number}", self.clock, self.chance.randrange(1 << 30))
        original.device._open()
        original.start_watching()
        self.computers.append(Computer(copy, self.root / f"folder{number}"))
        return "copy"

    def take_image(self) -> str:
        number = self.chance.randrange(1, len(self.computers))
        device = self.computers[number].device
        device.close()
        if number in self.images:
            shutil.rmtree(self.images[number])
        self.images[number] = self.root / f"image{number}"
        shutil.copytree(device.folder, self.images[number])
        device._open()
        self.computers[number].start_watching()
        return "image"

    def restore(self) -> str:
        if not self.images:
            return "nothing to restore"
        number = self.chance.choice(sorted(self.images))
        computer = self.computers[number]
        computer.device.close()
        shutil.rmtree(computer.device.folder)
        shutil.copytree(self.images[number], computer.device.folder)
        computer.device._open()
        computer.start_watching()
        return "restore"

    # --- the end ---------------------------------------------------------------------------------------------------

    def bring_together(self) -> None:
        """Folders come back and grow alike, everyone looks; all of it must then be everywhere."""
        for computer in self.computers:
            self.come_back(computer)
            computer.folder.mkdir(exist_ok=True)
        # The last files of all come in halves first: there is no later one that would make up for them.
        self.clock.now_ms += WRITE_EVERY_MS
        for computer in self.computers:
            self.watch(computer)
        for _each in self.computers:
            self.carry()
        for computer in self.computers:
            self.watch(computer)
        wanted = set(self.pledged)
        for computer in self.computers:
            wanted |= computer.device.ids_of("entry")
            for file in computer.files():
                wanted |= self.entries_of.get(sha256(file.read_bytes()).digest(), set())
        rounds = 0
        while True:
            self.make_alike()
            self.clock.now_ms += LONGEST_WAIT_MS
            busy = False
            for computer in self.computers:
                more = True
                while more:
                    look = self.watch(computer)
                    assert look.trouble is None, look.trouble
                    busy |= bool(look.parcels) or any(package.new_ops for package in look.packages)
                    more = look.more
            if not busy:
                break
            rounds += 1
            assert rounds <= ROUNDS, "never quiet"
        digests = {computer.device.digest() for computer in self.computers}
        assert len(digests) == 1, f"{len(digests)} different digests"
        for computer in self.computers:
            for kind in PackageKind:
                self.check_own(computer, kind)
            missing = wanted - computer.device.ids_of("entry")
            assert not missing, f"{computer.device.name} lacks {len(missing)} of {len(wanted)} entries"
        self.did["rounds"] += rounds

    def make_alike(self) -> None:
        """What one has all have, whole; what its writer removed goes everywhere."""
        there = {file.name: file.read_bytes() for computer in self.computers for file in computer.files()}
        for name, found in there.items():
            for computer in self.computers:
                if name in self.removed:
                    (computer.folder / name).unlink(missing_ok=True)
                else:
                    (computer.folder / name).write_bytes(self.whole.get(name, found))


def play(template: Classroom, root: Path, seed: int) -> Counter[str]:
    """One history in the empty folder ``root``; what happened in it. Raises ``AssertionError``."""
    clock = HandClock(template.clock.now_ms)
    # Half of them with one student computer: nobody else passes its work on then.
    computers = template.devices[: 2 + seed % 2]
    devices = [
        device.copied_to(root / f"computer{number}", clock, seed * 100 + number)
        for number, device in enumerate(computers)
    ]
    mess = Mess(Classroom(devices[0], devices[1:], clock), root, seed)
    try:
        mess.play()
    except BaseException as error:
        error.add_note(f"seed {seed}, after {dict(mess.did)}")
        raise
    finally:
        for computer in mess.computers:
            computer.device.close()
    return mess.did


@contextmanager
def templates() -> Iterator[tuple[Classroom, Path]]:
    """A classroom to copy, and a folder for the histories; in memory where the system has such a disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        room = make_classroom(Path(folder) / "template", stations=2)
        room.close()
        yield room, Path(folder)


def play_all(seeds: Iterable[int]) -> Counter[str]:
    total: Counter[str] = Counter()
    with templates() as (room, folder):
        for seed in seeds:
            root = folder / f"seed{seed}"
            root.mkdir()
            total += play(room, root, seed)
            total["histories"] += 1
            shutil.rmtree(root)
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0:1000", help="first:last, the last not included")
    first, _colon, last = parser.parse_args().seeds.partition(":")
    begun = time.monotonic()
    total = play_all(range(int(first), int(last)))
    print(f"{dict(total)} in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
