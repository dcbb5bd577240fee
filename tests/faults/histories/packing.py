"""Logs that are packed early: histories are short, and what packs hundreds of ops would never pack any of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from blenddesk.storage import packed_frames
from tests.faults.histories.computers import Computer

FEWEST = 2


@contextmanager
def early_packing() -> Iterator[None]:
    """Two neighbours are packed as they come in, as 64 are in the program, whether it pays or not."""
    with (
        mock.patch.object(packed_frames, "FEWEST", FEWEST),
        mock.patch.object(packed_frames, "_pays", return_value=True),
    ):
        yield


def pack_what_lies_there(at: Computer) -> int:
    """As the self-check does with hundreds; how many ops were packed."""
    return packed_frames.pack_older(at.ledger.database, fewest=FEWEST, most=16)
