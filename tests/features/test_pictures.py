"""Every screen of the demo's pictures can be shown: no view asks for what its computer may not do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from blenddesk.demo import pictures


@pytest.mark.parametrize("part", pictures.PARTS)
def test_every_picture_is_taken(part: str, tmp_path: Path) -> None:
    """In a program of its own, as in the demo: pictures change language, look and size as they go."""
    run = subprocess.run(
        [sys.executable, "-m", "blenddesk", "--demo-pictures", str(tmp_path), part],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    answer = json.loads(run.stdout)
    assert answer["ok"], answer
    assert run.returncode == 0, run.stderr
    files = [Path(file) for file in answer["pictures"]]
    assert {file.stem for file in files} >= {name for name, _how in pictures.PARTS[part]}
    for file in files:
        assert file.stat().st_size > 1_000, file.name
