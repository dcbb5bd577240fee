"""The table of all that can happen in a history, and how often: a new kind of step is a function and a line here."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.histories import authority, files, machines, work
from tests.faults.histories.computers import Computer
from tests.faults.histories.story import Story

Step = Callable[[Story, Computer], None]

STEPS: tuple[tuple[Step, int], ...] = (
    (work.log, 30),
    (work.edit, 9),
    (work.undo, 9),
    (files.export, 16),
    (files.bring_in, 18),
    (files.bring_in_all, 1),
    (files.lose, 3),
    (files.duplicate, 4),
    (files.damage, 2),
    (machines.clone, 3),
    (machines.keep_image, 7),
    (machines.restore, 4),
    (machines.image_anew, 2),
    (machines.second_opening, 2),
    (machines.confirm, 4),
    (machines.set_clock, 3),
    (machines.restart, 2),
)
RETIRING: tuple[tuple[Step, int], ...] = ((authority.retire, 5), (authority.accept, 3), (authority.reinstate, 3))
ERASING: tuple[tuple[Step, int], ...] = ((authority.erase, 6),)
"""In a share of the histories only, so that the others stay as likely as they were."""


def play(story: Story) -> None:
    """30 to 150 steps, each at some computer, which must show afterwards exactly what follows from what it holds."""
    steps = STEPS + (RETIRING if story.retires else ()) + (ERASING if story.erases else ())
    acts, weights = zip(*steps, strict=True)
    for act in story.chance.choices(acts, weights, k=30 + round(120 * story.chance.random() ** 3)):
        at = story.chance.choice(story.computers)
        act(story, at)
        if at in story.computers:
            story.watch(at)
