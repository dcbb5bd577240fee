"""Nothing is clipped at any size, in larger text, mirrored, or with the class that stresses every screen."""

from __future__ import annotations

import pytest

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.services.context import AppContext
from tests.conftest import FakeClock, fill_class
from tests.ui.clipping import clipped
from tests.ui.kiosk.conftest import Open
from tests.ui.kiosk.walk import troubles, visit
from tests.ui.kiosk.world import give_goal, plan_lesson, set_code


@pytest.mark.parametrize(
    ("size", "scale"), [((1366, 768), 1.0), ((1280, 680), 1.0), ((1024, 768), 1.0), ((1280, 680), 1.3)]
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_is_clipped(
    open_kiosk: Open, me: Id, clock: FakeClock, size: tuple[int, int], scale: float, language: str
) -> None:
    driver = open_kiosk(size=size, scale=scale, language=language)
    found: list[str] = []
    visit(driver, me, clock, lambda screen: found.extend(f"{screen}: {one}" for one in clipped(driver.window)))
    assert driver.window.size().toTuple() == size
    assert not found, "\n".join(found)


LONG = [
    "Mohamed Sal",
    "Mohamed Sai",
    "Mohamed B",
    "Wilhelmina-Konstantinova",
    "Abdurrahmanoglukhanzadeh",
    "Maximiliana Alexandrovna",
]


@pytest.fixture
def stress(desk: AppContext) -> Id:
    """45 students without pictures, three Mohameds, names of 24 letters, six groups."""
    section = fill_class(desk, 45, "Stress")
    people = desk.reads.people.students(section)
    drafts = [put(section, "student", person.id, avatar="") for person in people]
    drafts += [put(section, "student", person.id, name=name) for person, name in zip(people, LONG, strict=False)]
    desk.commit("stress", drafts)
    plan_lesson(desk, section, groups=6)
    for person in people[3:5]:
        set_code(desk, section, person.id)
        give_goal(
            desk, section, person.id, "I can read a whole page aloud to my little sister at home", "a", "b", "c", "d"
        )
    return section


@pytest.mark.parametrize(
    ("size", "who", "look"),
    [
        ((1366, 768), 4, "younger"),
        ((1280, 680), 3, "older"),
        ((1280, 680), 4, "younger"),
        ((1024, 768), 3, "younger"),
        ((1024, 768), 4, "older"),
    ],
)
def test_the_stress_class_fits(
    open_kiosk: Open, desk: AppContext, clock: FakeClock, stress: Id, size: tuple[int, int], who: int, look: str
) -> None:
    driver = open_kiosk(size=size, of=stress, look=look)
    found: list[str] = []
    student = desk.reads.people.students(stress)[who].id

    def look_at(screen: str) -> None:
        found.extend(f"{screen}: {one}" for one in clipped(driver.window))
        found.extend(troubles(driver, screen, rtl=False))

    visit(driver, student, clock, look_at)
    assert driver.window.size().toTuple() == size
    assert not found, "\n".join(found)
