"""One history while it is played: the computers, the files on the sticks, and what must be true after every step."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from blenddesk import RELEASE_MS
from blenddesk.domain.ids import Id
from tests.faults.histories import facts
from tests.faults.histories.classrooms import LAYOUTS, template
from tests.faults.histories.computers import Computer, Image
from tests.faults.histories.facts import NOTHING, Fact, Facts, What
from tests.sync.devices import HandClock, SeededRandomness

MOST_COMPUTERS = (4, 5, 6, 7)
"""With copies and second openings; a seed draws one."""
MOST_IMAGES = 4
SHARE = 0.2
"""Of the histories, how many have computers retired, and how many children erased."""


class Content(NamedTuple):
    """What a file holds. Nothing that is ``damaged`` may be taken for a package."""

    facts: Facts = NOTHING
    damaged: bool = False


class Story:
    """All computers and sticks of one seed. ``contents`` knows every file that ever was.

    ``watched``: after each step the computer it happened at must show exactly what follows from what it holds. The
    control, which loses things, is only judged in the end, and has no anchors.
    """

    def __init__(self, seed: int, folder: Path, *, watched: bool = True) -> None:
        self.seed, self.folder, self.watched = seed, folder, watched
        self.chance = random.Random(seed)
        self.randomness = SeededRandomness(seed)
        self.did: Counter[str] = Counter()
        self.steps: list[str] = []
        self.contents: dict[Path, Content] = {}
        self.images: list[tuple[Computer, Image]] = []
        self.facts_made = self.computers_made = 0
        self.written: set[Id] = set()
        self.notices = self.chance.choice((0.0, 0.0, 0.3, 0.6, 1.0))
        """How often a copied or restored disk is one that the anchor can tell."""
        authority = random.Random(f"authority {seed}")
        self.retires = watched and authority.random() < SHARE
        self.erases = watched and authority.random() < SHARE
        """Drawn apart, so that the other histories are those that they always were."""
        self.most_computers = self.chance.choice(MOST_COMPUTERS)
        self.sticks = [folder / f"stick {at}" for at in range(self.chance.choice((1, 2, 3)))]
        for stick in self.sticks:
            stick.mkdir()
        known = template(self.chance.choice(LAYOUTS))
        self.blank = known.blank
        self.computers = [
            self.computer(i, f"{'desk' if i.is_desk else 'blue'}-{at}") for at, i in enumerate(known.images)
        ]
        for one in self.computers:
            one.start()

    def computer(self, image: Image, name: str, clock_ms: int | None = None) -> Computer:
        """A computer with this disk, not started yet."""
        self.computers_made += 1
        clock = HandClock(RELEASE_MS + 3_600_000 if clock_ms is None else clock_ms)
        folder = self.folder / f"{self.computers_made} {name}"
        seed = self.seed * 1_000 + self.computers_made
        return Computer(folder, image, name, clock, seed, anchored=self.watched)

    def close(self) -> None:
        for one in self.computers:
            one.close()

    def say(self, did: str, detail: str = "") -> None:
        self.did[did] += 1
        self.steps.append(f"{did} {detail}".rstrip())

    def files(self) -> list[Path]:
        return [file for file in self.contents if file.exists()]

    # --- the model ----------------------------------------------------------------------------------------------

    def record(self, at: Computer, section: Id, what: What, student: Id, words: str = "") -> Fact:
        """A new entry, or something said, that is about to be written; what is said is sealed to the desks that are
        not retired as far as the writer has heard."""
        self.facts_made += 1
        fact = Fact(
            self.facts_made,
            section,
            what,
            entity=self.randomness.token(16),
            words=words,
            writer=at.device_id,
            student=student,
            unreadable_to=facts.retired_devices(at.holds, section) if words else (),
        )
        self.written.add(fact.id)
        return fact

    def withdrawals(self, at: Computer, taken_back: Facts) -> Facts:
        """What taking back these facts adds: one withdrawal for each class."""
        made = []
        for section in sorted({fact.section for fact in taken_back}):
            self.facts_made += 1
            gone = facts.of(taken_back, section)
            made.append(Fact(self.facts_made, section, What.WITHDRAWAL, takes_back=gone, writer=at.device_id))
        return frozenset(made)

    def watch(self, at: Computer) -> None:
        """Raises when a computer does not show exactly what it should, of all that it holds."""
        if not self.watched:
            return
        left = facts.standing(at.holds)
        entries = {fact.id for fact in left if fact.what is What.ENTRY}
        shown = at.shown_entries()
        assert shown == entries, f"{at.name} {_differs(shown, entries)}"
        said = {fact for fact in left if fact.what is What.SAID and at.is_desk}
        remarks = {fact.id: fact.words for fact in said if at.device_id not in fact.unreadable_to}
        read = at.shown_remarks()
        assert read == remarks, f"{at.name}, of what was said, {_differs(set(read), set(remarks))}"


def _differs(shown: set[Id], due: set[Id]) -> str:
    lacks, has = ([entry.hex()[:8] for entry in sorted(part)] for part in (due - shown, shown - due))
    return f"lacks {lacks}, shows {has} too"
