"""The program's own notes: set aside when they are full, kept for a report, and no file costs no lesson."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk import diagnostics


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    yield
    diagnostics.stop_logging()


def test_a_full_log_is_set_aside_and_three_older_ones_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "LOG_BYTES", 100)
    diagnostics.start_logging(tmp_path)
    for number in range(12):
        logging.getLogger("blenddesk.test").info("%s", f"{number:02} " + "x" * 100)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["blenddesk.log", "blenddesk.log.1", "blenddesk.log.2", "blenddesk.log.3"]
    kept = [(tmp_path / name).read_text(encoding="utf-8") for name in reversed(names)]
    assert [line.split()[4] for line in "".join(kept).splitlines()] == [f"{number:02}" for number in range(8, 12)]


def test_a_folder_that_cannot_be_written_costs_only_the_log(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file in the way", encoding="utf-8")
    diagnostics.start_logging(tmp_path / "logs")
    logging.getLogger("blenddesk.test").info("still here")
    assert "still here" in diagnostics.crash_report(ValueError("not shown"))
