"""Two desks of one class for tests: a teacher's laptop and the laptop that its disk was copied to."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.services import exchange
from blenddesk.services.context import AppContext
from tests.conftest import FakeClock, FakeRandomness


def copied(desk: AppContext, folder: Path, clock: FakeClock, *, seed: int = 77) -> AppContext:
    """The same data in another folder, opened there: a second computer that begins a life of its own. ``desk`` must be
    closed and be opened again by the caller."""
    shutil.copytree(desk.paths.data, folder)
    return bootstrap.open_device(Paths(folder), clock=clock, randomness=FakeRandomness(seed))


def carry(stick: Path, *desks: AppContext) -> None:
    """The stick goes from one to the next and round once more, so that all hold the same at the end."""
    stick.mkdir(parents=True, exist_ok=True)
    order: Sequence[AppContext] = [*desks, *desks]
    for desk in order:
        home = desk.run(exchange.bring_home, [stick])
        assert not home.refused, home
        exchange.take_to_computers(desk, stick)
