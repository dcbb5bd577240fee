"""Which modules make the sync core, and that ranges of long runs add up only when they may."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.histories import records
from tests.faults.histories.core import PACKAGE, ROOT, core_files, core_hash
from tests.faults.histories.long_run import main
from tests.faults.histories.runs import Figures


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("core")
    shutil.copytree(ROOT / PACKAGE, root / PACKAGE, ignore=lambda _folder, names: [n for n in names if _is_big(n)])
    return root


def _is_big(name: str) -> bool:
    return name in ("__pycache__", "ui", "printing", "locale")


@pytest.mark.parametrize(
    ("module", "decides"),
    [
        ("domain/merge.py", True),
        ("domain/registry.py", True),
        ("domain/authority.py", True),
        ("storage/ledger.py", True),
        ("storage/projection.py", True),
        ("sync/importing.py", True),
        ("errors.py", True),
        ("domain/planning/pairs.py", False),
        ("storage/reads/plans.py", False),
        ("services/authority.py", False),
        ("cli.py", False),
    ],
)
def test_only_what_decides_changes_the_hash(copy: Path, module: str, decides: bool) -> None:
    before = core_hash(copy)
    file = copy / PACKAGE / module
    kept = file.read_bytes()
    file.write_bytes(kept + b"\n# another line\n")
    changed = core_hash(copy) != before
    file.write_bytes(kept)
    assert changed is decides


def test_what_is_imported_far_away_or_inside_a_function_is_part_of_it(tmp_path: Path) -> None:
    for name, text in {
        "sync/a.py": "def f() -> None:\n    from blenddesk.domain import near\n",
        "storage/b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import blenddesk.domain.types_only\n",
        "storage/reads/c.py": "",
        "storage/__init__.py": "from . import b\n",
        "domain/near.py": "from .far import x\n",
        "domain/far.py": "import os\nx = 1\n",
        "domain/types_only.py": "",
    }.items():
        file = tmp_path / PACKAGE / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    names = [file.relative_to(tmp_path / PACKAGE).as_posix() for file in core_files(tmp_path)]
    assert names == ["domain/far.py", "domain/near.py", "storage/__init__.py", "storage/b.py", "sync/a.py"]


def _noted(file: Path, first: int, last: int, core: str = "now") -> None:
    records.note(file, core, first, last, Figures(last - first, Counter(entry=last - first), 1.0))


def test_ranges_of_several_days_add_up(tmp_path: Path) -> None:
    file = tmp_path / "ranges"
    _noted(file, 100, 200)
    _noted(file, 0, 100)
    _noted(file, 0, 500, core="before")
    found = records.add_up(records.read(file), "now")
    assert found.figures.histories == 200
    assert found.figures.did["entry"] == 200
    assert found.wrong == ()
    assert found.others == 500
    assert "500 histories on other cores" in records.told(found, "now")


@pytest.mark.parametrize(
    ("ranges", "sentence"),
    [
        ([(0, 10), (20, 30)], "seeds 10:20 are missing"),
        ([(0, 10), (5, 20)], "seeds 5:10 were played twice"),
        ([(0, 30), (5, 10), (30, 40)], "seeds 5:10 were played twice"),
        ([(0, 10), (0, 10)], "seeds 0:10 were played twice"),
    ],
)
def test_missing_and_doubled_seeds_are_named(tmp_path: Path, ranges: list[tuple[int, int]], sentence: str) -> None:
    for first, last in ranges:
        _noted(tmp_path / "ranges", first, last)
    assert records.add_up(records.read(tmp_path / "ranges"), "now").wrong == (sentence,)


def test_what_failed_or_lost_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ranges"
    records.note(file, "now", 0, 10, Figures(9, failed=[(3, "a long report")], lost=2, losing=1))
    assert records.add_up(records.read(file), "now").wrong == (
        "seeds 0:10 are 9 histories only",
        "failed: 3",
        "seeds 0:10 lost 2 entries",
    )


def test_a_line_that_is_no_range_is_named(tmp_path: Path) -> None:
    (tmp_path / "ranges").write_text("{}\n")
    with pytest.raises(ValueError, match="line 1"):
        records.read(tmp_path / "ranges")


def test_the_command_adds_up_for_this_core_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ranges"
    _noted(file, 0, 20, core="before")
    assert main(["--sum", str(file)]) == 1
    _noted(file, 0, 10, core=core_hash())
    assert main(["--sum", str(file)]) == 0
    assert "1 ranges; 10 histories" in capsys.readouterr().out
