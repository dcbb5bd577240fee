"""A classroom of one desk and a student computer for each test, and an empty shared folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.devices import Classroom, HandClock, make_classroom


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Made once: making keys and joining takes ten times as long as copying."""
    made = make_classroom(tmp_path_factory.mktemp("template"), stations=1)
    made.close()
    return made


@pytest.fixture
def room(template: Classroom, tmp_path: Path) -> Iterator[Classroom]:
    clock = HandClock(template.clock.now_ms)
    desk, station = (
        device.copied_to(tmp_path / device.name, clock, seed) for seed, device in enumerate(template.devices)
    )
    made = Classroom(desk, [station], clock)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shared"
    made.mkdir()
    return made
