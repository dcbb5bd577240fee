"""A model of a stick that is pulled: FAT has no journal, what was not synced is there or not, each part on its own."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path


class Pulled(Exception):
    """The stick is gone; nothing after this happens."""


@dataclass
class ModelFile:
    """The bytes of a file, which two names may share for a moment; ``synced`` once the device has said so."""

    data: bytes = b""
    synced: bool = False


@dataclass
class FatStick:
    """A model of a file system without a journal: names and bytes that were not synced may be lost, each on its own.

    ``pull_at`` is the number of the step at which it is pulled. ``survivors`` says what is on it then.
    """

    pull_at: int = 1 << 30
    seed: int = 0
    free: int = 1 << 30
    steps: int = 0
    names: dict[Path, ModelFile] = field(default_factory=dict)
    safe_names: dict[Path, ModelFile] = field(default_factory=dict)

    def _step(self) -> None:
        self.steps += 1
        if self.steps == self.pull_at:
            raise Pulled

    def free_bytes(self, folder: Path) -> int:
        return self.free

    def write_synced(self, path: Path, data: bytes) -> None:
        file = self.names[path] = ModelFile()
        for end in (0, len(data) // 2, len(data)):
            file.data = data[:end]
            self._step()
        file.synced = True
        self._step()

    def sync_folder(self, folder: Path) -> None:
        self._step()
        self.safe_names = dict(self.names)
        self._step()

    def read(self, path: Path) -> bytes:
        return self.names[path].data

    def rename(self, path: Path, to: Path) -> None:
        self.names[to] = self.names[path]  # two writes to the directory, and either may be lost
        self._step()
        del self.names[path]
        self._step()

    def exists(self, path: Path) -> bool:
        return path in self.names

    def listing(self, folder: Path) -> dict[str, tuple[int, int]]:
        return {path.name: (len(file.data), 0) for path, file in self.names.items() if path.parent == folder}

    def remove(self, path: Path) -> None:
        del self.names[path]
        self._step()

    def survivors(self) -> dict[Path, bytes]:
        """What a computer finds that gets the stick now: each name that was not synced is there or not, by chance."""
        chance = random.Random(self.seed)
        found: dict[Path, bytes] = {}
        for path in {**self.safe_names, **self.names}:
            file = self.names.get(path) if chance.random() < 0.5 else self.safe_names.get(path)
            if file is not None:
                size = len(file.data) if file.synced else chance.randrange(len(file.data) + 1)
                found[path] = file.data[:size]
        return found
