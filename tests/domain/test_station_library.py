"""The ready-made stations: each one complete, with pictures that are there and words that fit a card."""

from __future__ import annotations

import pytest

from blenddesk.domain.plans import Block, Mode
from blenddesk.domain.station_library import LIBRARY, in_words
from blenddesk.text import resources_root


def test_there_are_24_with_names_of_their_own() -> None:
    assert len(LIBRARY) == 24
    assert len({block.title for block in LIBRARY.values()}) == 24


@pytest.mark.parametrize("block", LIBRARY.values(), ids=LIBRARY)
def test_each_is_ready_to_use(block: Block) -> None:
    for name in ("title", "task", "output", "paper_twin", "extension", "materials", "skill"):
        assert getattr(block, name), name
    assert len(block.steps) == len(block.step_pictures) == 3
    for picture in (block.picture, *block.step_pictures):
        assert (resources_root() / "pictures" / f"{picture}.svg").is_file(), picture
    assert len(block.title) <= 22
    assert max(map(len, (*block.steps, block.task))) <= 36
    assert 5 <= (block.minutes or 0) <= 20
    assert (block.devices > 0) == (block.mode is Mode.ONLINE)


@pytest.mark.parametrize("block", LIBRARY.values(), ids=LIBRARY)
def test_every_word_is_translated(block: Block) -> None:
    loud = in_words(block, str.upper)
    changed = {name for name in Block._fields if getattr(loud, name) != getattr(block, name)}
    assert changed == {"title", "task", "steps", "output", "paper_twin", "extension", "materials", "skill"}
