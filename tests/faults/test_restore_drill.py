"""The restore drill on a few days, and that it would notice a loss; the whole one is ``tests.faults.restore_drill``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import restore_drill
from tests.faults.restore_drill import School


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> School:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BLENDDESK_STATE_DIR", str(tmp_path_factory.mktemp("state")))
        return restore_drill.play(tmp_path_factory.mktemp("school"), days=3)


@pytest.mark.parametrize("number", range(4))
def test_nothing_is_lost_that_was_on_any_of_them(school: School, number: int, tmp_path: Path) -> None:
    one = restore_drill.drills_of(school)[number]
    assert restore_drill.drill(school, one, tmp_path / "new") == []


def test_the_drill_notices_what_is_lost(school: School, tmp_path: Path) -> None:
    one = restore_drill.drills_of(school)[0]
    moment = school.moments[one.file.name]
    school.moments[one.file.name] = moment._replace(canaries=moment.canaries | {"NeverCanary"}, ops=moment.ops + 1)
    try:
        wrong = restore_drill.drill(school, one, tmp_path / "new")
    finally:
        school.moments[one.file.name] = moment
    assert "NeverCanary is lost" in wrong
    assert "it shows something else than the desk did" in wrong


def test_the_stick_shows_nothing_of_the_class(school: School) -> None:
    for file in school.stick.iterdir():
        data = file.read_bytes()
        assert b"Canary" not in data
        assert b"Sunflowers" not in data
