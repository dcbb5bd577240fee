"""A desk that went on after its backup."""

from __future__ import annotations

from pathlib import Path

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.services import backups, classes, profiles
from blenddesk.services.context import AppContext
from blenddesk.storage import digest
from blenddesk.sync.wordlock import Strength
from tests.conftest import FakeClock, fill_class

WEAK = Strength(passes=1, memory_bytes=8_192)


class Kept:
    """A desk with a class, a backup of it, and one note that is newer; closed."""

    def __init__(self, root: Path, clock: FakeClock) -> None:
        self.paths, self.clock = Paths(root / "desk", root / "state"), clock
        desk = bootstrap.create_device(self.paths, role="desk", name="Ms Okoro", clock=clock)
        classes.found_desk(desk, "Ms Okoro")
        self.section = fill_class(desk, 4)
        self.key, self.epoch = desk.reads.reader.key, desk.ledger.epoch
        self.words = backups.save_backup(desk, root, strength=WEAK)
        self.backup = self.words.file
        self.before = shown(desk)
        profiles.set_note(desk, desk.reads.people.students(self.section)[0].id, "NewerCanary")
        self.after = shown(desk)
        bootstrap.close_device(desk)

    def open(self) -> AppContext:
        return bootstrap.open_device(self.paths, clock=self.clock)

    def shown(self) -> str:
        desk = self.open()
        try:
            return shown(desk)
        finally:
            bootstrap.close_device(desk)


def shown(desk: AppContext) -> str:
    with desk.ledger.database.read() as connection:
        return digest.whole_digest(connection)
