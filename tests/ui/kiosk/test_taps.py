"""A child's jobs in counted taps: real clicks, and what is on the disk when Goodbye shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from blenddesk.domain.ids import Id
from blenddesk.services.context import AppContext
from blenddesk.storage.reader import Reader
from tests.ui.kiosk.conftest import Open
from tests.ui.kiosk.driver import Driver

PICTURES = ("picture_4", "picture_5", "picture_6")


@pytest.fixture
def at_goodbye(desk: AppContext) -> Callable[[Driver], list[tuple[int, int]]]:
    """Reads (claims, changes) through a connection of its own at the very moment the screen changes to Goodbye."""

    def watch(driver: Driver) -> list[tuple[int, int]]:
        seen: list[tuple[int, int]] = []

        def on_screen(name: str) -> None:
            if name != "who":
                return
            reader = Reader(desk.paths.database, bytes.fromhex(desk.paths.key.read_text()))
            claims = reader.rows("SELECT count(*) FROM entry WHERE kind = 'claimed'")[0][0]
            changes = reader.rows("SELECT count(*) FROM change WHERE label = 'visit_finished'")[0][0]
            reader.close()
            seen.append((claims, changes))

        driver.window.screen_changed.connect(on_screen)
        return seen

    return watch


def test_a_whole_visit_by_pictures_is_seven_taps(
    open_kiosk: Open, me: Id, at_goodbye: Callable[[Driver], list[tuple[int, int]]]
) -> None:
    driver = open_kiosk()
    seen = at_goodbye(driver)
    driver.tap(driver.tile(me), *PICTURES, "did_it", "growth_3", "finish")
    assert driver.taps == 7
    assert seen == [(1, 1)]
    assert driver.has("goodbye_bar")
    assert driver.window.student is None


def test_logging_one_station_with_a_word_is_four_taps(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES)
    driver.taps = 0
    driver.tap("did_it", "growth_2", "chip_hard", "finish")
    assert driver.taps == 4
    (said,) = desk.reads.entries.reflections_of_student(section, me)
    assert (said.growth, list(said.words)) == (2, ["hard"])


def test_four_stations_in_one_visit_cost_two_more_taps_each(
    open_kiosk: Open, me: Id, desk: AppContext, section: Id, at_goodbye: Callable[[Driver], list[tuple[int, int]]]
) -> None:
    driver = open_kiosk()
    seen = at_goodbye(driver)
    driver.tap(driver.tile(me), *PICTURES)
    ticks = [f"tick_{n}" for n in range(1, 5) if driver.has(f"tick_{n}")]
    assert len(ticks) == 3
    driver.tap(*ticks, "did_it", "growth_1", "growth_2", "growth_3", "growth_4", "finish")
    assert driver.taps == 7 + 3 * 2
    assert seen == [(4, 1)]
    said = desk.reads.entries.reflections_of_student(section, me)
    assert sorted(one.growth or 0 for one in said) == [1, 2, 3, 4]


def test_tapping_the_name_is_enough_where_the_class_says_so(
    open_kiosk: Open, me: Id, desk: AppContext, section: Id
) -> None:
    from blenddesk.services import classes

    classes.edit_class(desk, section, sign_in="tap")
    driver = open_kiosk()
    driver.tap(driver.tile(me), "did_it", "growth_3", "finish")
    assert driver.taps == 4
    assert driver.has("goodbye_bar")


def test_oops_is_one_tap_and_brings_the_answers_back(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES, "did_it", "growth_3", "chip_fun", "finish", "oops")
    assert driver.screen == "reflect"
    assert desk.reads.entries.of_section(section) == []
    assert driver.find("finish").isEnabled()
    driver.tap("finish")
    assert len(desk.reads.entries.of_section(section)) == 1


def test_help_is_one_tap(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES)
    driver.taps = 0
    driver.tap("help")
    assert (driver.taps, driver.screen) == (1, "help")
    (said,) = desk.reads.entries.reflections_of_student(section, me)
    assert said.help
    driver.tap("help_back")
    assert driver.screen == "stations"


def test_a_goal_step_is_two_taps(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES)
    driver.taps = 0
    driver.tap("goal", "did_step")
    assert driver.taps == 2
    assert [entry.kind for entry in desk.reads.entries.of_student(section, me)] == ["step_done"]
    driver.tap("goal_step_1")
    assert {entry.kind for entry in desk.reads.entries.of_student(section, me)} == {"step_done", "undone"}
