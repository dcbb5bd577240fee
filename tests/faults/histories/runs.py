"""Plays seeds from beginning to end and adds up what happened; a failure names its seed and last steps."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.histories.classrooms import memory_folder
from tests.faults.histories.control import naive_dedupe
from tests.faults.histories.direct_sql import direct_sql
from tests.faults.histories.ending import go_round, judge
from tests.faults.histories.packing import early_packing
from tests.faults.histories.steps import play
from tests.faults.histories.story import Story

LAST_STEPS = 40
LONG_WAY = 10
"""Of so many seeds one goes through SQLAlchemy's results, too (``direct_sql``)."""
NEVER_PACKED = 3
"""Of so many seeds one keeps what comes in as it came (``packing``)."""


class HistoryFailed(AssertionError):
    """The history of a seed did not end as promised; says how, and the last steps."""


@dataclass
class Figures:
    """What happened, added up over histories. ``lost`` counts (computer, entry) pairs, ``failed`` holds reports."""

    histories: int = 0
    did: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    losing: int = 0
    lost: int = 0
    failed: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        self.histories += other.histories
        self.did += other.did
        self.seconds += other.seconds
        self.losing += other.losing
        self.lost += other.lost
        self.failed += other.failed


def run_history(seed: int, *, naive: bool = False, look: Callable[[Story], None] | None = None) -> Figures:
    """One history from its seed. Raises ``HistoryFailed`` unless ``naive``, whose losses are only counted. ``look`` is
    shown the end."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=memory_folder(), prefix=f"history-{seed}-") as folder:
        story = Story(seed, Path(folder), watched=not naive)
        try:
            play(story)
            go_round(story)
            lost = judge(story)
            if look is not None:
                look(story)
            if lost and not naive:
                names = {name: [entry.hex()[:8] for entry in sorted(entries)] for name, entries in lost.items()}
                raise AssertionError(f"lost: {names}")
        except Exception as error:
            steps = "\n  ".join(story.steps[-LAST_STEPS:])
            raise HistoryFailed(f"seed {seed}: {type(error).__name__}: {error}\nlast steps:\n  {steps}") from error
        finally:
            story.close()
    count = sum(map(len, lost.values()))
    return Figures(1, story.did, time.perf_counter() - started, int(count > 0), count)


@contextmanager
def way_of(seed: int) -> Iterator[None]:
    """How the statements of a seed's history reach the driver, and how early its logs are packed."""
    with (
        nullcontext() if seed % LONG_WAY == 0 else direct_sql(),
        nullcontext() if seed % NEVER_PACKED == 0 else early_packing(),
    ):
        yield


def run_histories(seeds: Iterable[int], *, naive: bool = False) -> Figures:
    """Histories one after the other; those that failed are in ``failed``."""
    total = Figures()
    with naive_dedupe() if naive else nullcontext():
        for seed in seeds:
            try:
                with way_of(seed):
                    total.add(run_history(seed, naive=naive))
            except HistoryFailed as failure:
                total.histories += 1
                total.failed.append((seed, str(failure)))
    return total


def in_words(figures: Figures) -> str:
    did = ", ".join(f"{count} {what}" for what, count in sorted(figures.did.items()))
    return (
        f"{figures.histories} histories, {figures.lost} entries lost in {figures.losing}, "
        f"{len(figures.failed)} failed; {figures.seconds:.0f} s of work; {did}"
    )
