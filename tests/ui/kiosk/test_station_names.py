"""Stations are called by their name in the language a student reads, where the library has one."""

from __future__ import annotations

import pytest

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.services import blocks, plans
from blenddesk.services.context import AppContext
from blenddesk.ui.kiosk.window import KioskWindow
from tests.ui.kiosk.conftest import Open
from tests.ui.kiosk.walk import PICTURES
from tests.ui.kiosk.world import set_code


@pytest.fixture
def student(desk: AppContext, section: Id) -> Id:
    """A student with a code, in a lesson of today from a template; one of its stations was given another name."""
    found = desk.reads.people.students(section)[0].id
    set_code(desk, section, found)
    plan = plans.new_plan(desk, section, "station-4", ready=True).plan
    team = plans.sheet(desk, section, plan).blocks[2]
    blocks.edit_block(desk, section, team.id, title="Robots")
    return found


def shown(window: KioskWindow) -> set[str]:
    day = window.session.day
    assert day is not None
    return {station.block.title for station in day.stations}


def test_in_the_student_s_own_language(desk: AppContext, section: Id, student: Id, open_kiosk: Open) -> None:
    desk.commit("student_renamed", [put(section, "student", student, language="es")])
    driver = open_kiosk()
    driver.tap(driver.tile(student), *PICTURES)
    assert driver.screen == "stations"
    assert shown(driver.window) == {"Conmigo", "Computadora", "Robots", "Por tu cuenta"}


def test_in_the_language_chosen_on_the_screen(student: Id, open_kiosk: Open) -> None:
    driver = open_kiosk()
    driver.tap("language", "language_ar")
    driver.tap(driver.tile(student), *PICTURES)
    assert shown(driver.window) == {"معي", "الحاسوب", "Robots", "بمفردك"}


def test_without_another_language_the_class_s_words_stay(student: Id, open_kiosk: Open) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(student), *PICTURES)
    assert shown(driver.window) == {"With me", "Computer", "Robots", "On your own"}
