"""The program's own test passes as the frozen program would run it, and fails when something does not work."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from blenddesk import selftest

SECONDS = 20


def test_the_program_passes_its_own_test(tmp_path: Path) -> None:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "blenddesk", "--self-test"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1] == "The self-test passed."
    assert len(lines) >= 9
    assert any("none lost" in line for line in lines)
    assert time.monotonic() - begun < SECONDS * 3, "a machine for tests may be busy; alone it takes a few seconds"
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


def test_lost_work_makes_it_fail(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Negative control: a desk that does not take in what comes home."""
    from blenddesk.services import exchange

    real = exchange.bring_home

    def deaf(ctx, paths, **options):
        return real(ctx, [], **options) if ctx.is_desk else real(ctx, paths, **options)

    monkeypatch.setattr(exchange, "bring_home", deaf)
    assert selftest.run_self_test() == 1
    said = capsys.readouterr().out
    assert "FAILED: Failed: entries lost on the way" in said
    assert "passed" not in said
