"""This version and a newer one in one class: what one of them does not know is kept, passed on whole, shown later."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.services import classes, exchange, rosters
from tests.conftest import FakeClock, FakeRandomness
from tests.versions.golden import WEAK
from tests.versions.newer import Program, build

pytestmark = pytest.mark.slow

OLD, NEW = ("old", "other old"), ("new", "other new")
THIS = Program()


class Class(NamedTuple):
    """A desk of this version and two student computers of each, after the newer one's work has gone through the desk
    and back; and what they show, by name."""

    root: Path
    newer: Program
    shown: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Class:
    root = tmp_path_factory.mktemp("class")
    stick = root / "stick"
    stick.mkdir()
    desk = bootstrap.create_device(
        Paths(root / "desk" / "data", root / "desk" / "state"),
        role="desk",
        name="Ms Okoro",
        clock=FakeClock(),
        randomness=FakeRandomness(1),
    )
    classes.found_desk(desk, "Ms Okoro")
    classes.create_class(desk, "Sunflowers")
    section = desk.reads.sections.all()[0].id
    rosters.add_student(desk, section, "Amina", "Diallo")
    seats = {name: exchange.add_computer(desk, section, name, stick, strength=WEAK) for name in (*OLD, *NEW)}
    bootstrap.close_device(desk)
    newer = Program(build(tmp_path_factory.mktemp("newer version")))
    for version, names in ((THIS, OLD), (newer, NEW)):
        version.run("join", *(part for n in names for part in (root / n, seats[n].file, " ".join(seats[n].words))))
        version.run("write", root / names[0], stick)
    assert THIS.run("read", stick, root / "desk") == []
    # Only what the older desk has passed on is left.
    for file in stick.glob("*.bdx"):
        file.unlink()
    assert THIS.run("read", stick, root / "desk") == []
    assert list(stick.glob("*.bdx"))
    shown: dict[str, dict[str, Any]] = {}
    for version, names in ((THIS, OLD), (newer, NEW)):
        assert version.run("read", stick, *(root / name for name in names)) == []
        asked = names if version is newer else ("desk", *names)
        shown |= dict(zip(asked, version.run("show", *(root / name for name in asked)), strict=True))
    return Class(root, newer, shown)


@pytest.mark.parametrize("name", ["desk", *OLD])
def test_the_older_keeps_what_it_does_not_know_and_shows_the_rest(both: Class, name: str) -> None:
    shown = both.shown[name]
    assert (shown["sound"], shown["rebuilds"], shown["entries"]) == (True, True, 2)
    assert shown["statuses"]["1"] == 1, "the op of the record that nobody here knows"


@pytest.mark.parametrize("name", NEW)
def test_the_newer_gets_it_unharmed_through_the_older(both: Class, name: str) -> None:
    shown = both.shown[name]
    assert (shown["moods"], shown["banners"]) == (["proud"], ["with a drum"])
    assert (shown["sound"], shown["rebuilds"], shown["entries"]) == (True, True, 2)
    assert "1" not in shown["statuses"]


def test_all_of_one_version_show_the_same(both: Class) -> None:
    assert len({both.shown[name]["digest"] for name in ("desk", *OLD)}) == 1
    assert len({both.shown[name]["digest"] for name in NEW}) == 1


def test_after_its_update_the_older_shows_it_too_and_a_step_back_loses_nothing(both: Class, tmp_path: Path) -> None:
    """An update, and the older version again on the same disk (a school's other installer), and the update again."""
    shutil.copytree(both.root / "desk", tmp_path / "desk")
    for _time in range(2):
        (updated,) = both.newer.run("show", tmp_path / "desk")
        assert (updated["moods"], updated["banners"]) == (["proud"], ["with a drum"])
        assert (updated["sound"], updated["rebuilds"]) == (True, True)
        assert updated["digest"] == both.shown["new"]["digest"]
        (back,) = THIS.run("show", tmp_path / "desk")
        assert (back["digest"], back["entries"], back["sound"]) == (both.shown["desk"]["digest"], 2, True)
