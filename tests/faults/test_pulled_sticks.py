"""Whenever the stick is pulled, what was called safe is on it. Long run: ``python -m tests.faults.pulled_sticks``."""

from __future__ import annotations

from pathlib import Path

import pytest

from blenddesk.sync import exchange, own_files
from tests.faults import pulled_sticks
from tests.sync.devices import make_classroom


def test_what_was_called_safe_is_there(tmp_path: Path) -> None:
    room = make_classroom(tmp_path, stations=1)
    assert pulled_sticks.pulls(room, range(300)) == {"pulls": 300}
    room.close()


def test_a_file_written_over_the_last_one_is_lost_in_this_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: one name for every export, without syncing the folder."""

    def write_over(folder: Path, data: bytes, suffix: str, *, disk: object, **_rest: object) -> Path:
        path = folder / f"work{suffix}"
        disk.write_synced(path, data)  # type: ignore[attr-defined]
        return path

    monkeypatch.setattr(exchange, "write_new_file", write_over)
    monkeypatch.setattr(own_files, "tidy", lambda *_args: [])
    room = make_classroom(tmp_path, stations=1)
    wrong = pulled_sticks.pulls(room, range(1, 200, 2))
    room.close()
    assert wrong["newest missing"] > 10
    assert wrong["no valid package"] > 0
