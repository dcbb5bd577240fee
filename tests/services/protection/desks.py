"""A desk whose protection is set, changed and tried."""

from __future__ import annotations

from blenddesk.config import Paths
from blenddesk.errors import Refusal
from blenddesk.services import protection
from blenddesk.services.protection import Attempts
from blenddesk.sync import key_file
from tests.conftest import FakeClock, FakeRandomness
from tests.sync.devices import WEAK

PHRASE, OTHER = "Phrasecanary walks slowly", "Another canary sings"


class Desk:
    """A desk's place and key, with a sheet that was drawn for it; the database is closed."""

    def __init__(self, paths: Paths, key: bytes) -> None:
        self.paths, self.key = paths, key
        self.randomness = FakeRandomness(7)
        self.sheet = protection.draw_sheet(self.randomness, "en", WEAK)
        self.words = " ".join(self.sheet.words)

    def set_phrase(
        self, phrase: str = PHRASE, *, sheet: bool = True, disk: key_file.Disk | None = None
    ) -> key_file.KeyFile:
        return protection.set_phrase(
            self.paths,
            self.key,
            phrase,
            self.randomness,
            sheet=self.sheet if sheet else None,
            strength=WEAK,
            disk=disk,
        )

    def open_with(self, phrase: str) -> bytes:
        self.paths.wrong_tries.unlink(missing_ok=True)
        return protection.open_with_phrase(self.paths, phrase, Attempts(self.paths, FakeClock()))

    def is_opened_by(self, phrase: str) -> bool:
        try:
            return self.open_with(phrase) == self.key
        except Refusal:
            return False
