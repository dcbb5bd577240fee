"""Changes of the protection under power cuts and on disks that refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from blenddesk import bootstrap
from blenddesk.errors import EnvironmentTrouble
from blenddesk.services import protection
from blenddesk.sync import key_file
from tests.conftest import FakeRandomness
from tests.services.protection.desks import OTHER, PHRASE, Desk
from tests.sync.devices import WEAK
from tests.sync.test_key_file import CutDisk, FailingDisk, PowerCut

STEPS = 5


CHANGES: dict[str, Callable[[Desk, key_file.Disk | None], object]] = {
    "set": lambda place, disk: place.set_phrase(disk=disk),
    "change": lambda place, disk: place.set_phrase(OTHER, sheet=False, disk=disk),
    "remove": lambda place, disk: protection.remove_phrase(place.paths, place.key, disk=disk),
    "sheet": lambda place, disk: protection.set_sheet(
        place.paths, place.key, protection.draw_sheet(FakeRandomness(8), "en", WEAK), disk=disk
    ),
}


@pytest.mark.parametrize("part", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("at", range(STEPS))
@pytest.mark.parametrize("change", CHANGES)
def test_a_power_cut_at_any_step_leaves_a_way_in_that_was_promised(
    place: Desk, change: str, at: int, part: float
) -> None:
    if change != "set":
        place.set_phrase()
    before = place.paths.key.read_bytes()
    with pytest.raises(PowerCut):
        CHANGES[change](place, CutDisk(at, part))
    swapped = place.paths.key.read_bytes() != before
    assert swapped == (at == STEPS - 1)
    expected = {"set": (False, PHRASE), "change": (PHRASE, OTHER), "remove": (PHRASE, False), "sheet": (PHRASE, PHRASE)}
    phrase = expected[change][swapped]
    if phrase:
        assert place.is_opened_by(str(phrase))
        context = bootstrap.open_device(place.paths, key=place.open_with(str(phrase)))
    else:
        context = bootstrap.open_device(place.paths)
    assert len(context.reads.sections.all()) == 1
    bootstrap.close_device(context)
    assert not key_file.unfinished(place.paths.key).exists(), "what the power cut left is gone once it was opened"


@pytest.mark.parametrize("at", range(STEPS - 1))
@pytest.mark.parametrize("change", CHANGES)
def test_a_disk_that_says_no_leaves_the_old_way_in(place: Desk, change: str, at: int) -> None:
    if change != "set":
        place.set_phrase()
    before = place.paths.key.read_bytes()
    with pytest.raises(EnvironmentTrouble, match="key_not_written"):
        CHANGES[change](place, FailingDisk(at))
    assert place.paths.key.read_bytes() == before


def test_a_disk_that_gives_back_something_else_changes_nothing(place: Desk) -> None:
    class Forgetful(key_file.PrivateDisk):
        def read(self, path: Path) -> bytes:
            return b"ab" * 32 + b"\n"

    with pytest.raises(EnvironmentTrouble, match="key_not_written"):
        place.set_phrase(disk=Forgetful())
    assert bootstrap.read_key(place.paths.key) == place.key
