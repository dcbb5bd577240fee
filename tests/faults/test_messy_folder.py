"""Shared folders in a mess: nothing is lost, all come out the same, own files stay few; a careless way fails."""

from __future__ import annotations

import hashlib

import pytest

from blenddesk.sync import exchange, watching
from tests.faults import messy_folder

CHUNK = 6
CONTROL = 40
"""Seeds among which the control must fail."""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("first", range(0, 18, CHUNK))
def test_whatever_the_folder_does_all_come_out_the_same(first: int) -> None:
    did = messy_folder.play_all(range(first, first + CHUNK))
    assert did["histories"] == CHUNK
    for what in ("entry", "look", "carried half", "carried zeros", "carried renamed", "duplicate", "vanish", "rename"):
        assert did[what] > 0, f"no {what} in {CHUNK} histories"


def test_taking_files_of_one_size_for_one_file_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: by whole KiB, as a file manager shows them."""

    def by_size(data: bytes) -> object:
        return hashlib.sha256(str(len(data) // 1024).encode())

    monkeypatch.setattr(watching, "sha256", by_size)
    monkeypatch.setattr(exchange, "sha256", by_size)
    with pytest.raises(AssertionError, match="different digests"):
        messy_folder.play_all(range(CONTROL))
