"""A picture of my work: found, taken along in two taps, saved sealed; broken files and slow cards stop nobody."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from blenddesk.domain.ids import Id
from blenddesk.services import pictures
from blenddesk.services.context import AppContext
from blenddesk.ui.kiosk import show_work
from blenddesk.ui.kiosk.show_work import ShowWorkScreen, newest_pictures
from tests.ui.kiosk.conftest import Open
from tests.ui.kiosk.driver import Driver


def at_reflect(driver: Driver, me: Id) -> None:
    driver.tap(driver.tile(me), "picture_4", "picture_5", "picture_6", "did_it")


def screen(driver: Driver) -> ShowWorkScreen:
    found = driver.window.screen_widget
    assert isinstance(found, ShowWorkScreen)
    return found


def test_two_taps_and_it_goes_along(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    driver = open_kiosk()
    at_reflect(driver, me)
    before = driver.taps
    driver.tap("show_work")
    driver.wait(lambda: driver.has("photo_1"))
    driver.tap("photo_1")
    driver.wait(lambda: driver.screen == "reflect")
    assert driver.taps - before == 2
    draft = driver.window.session.draft()
    assert draft.picture is not None
    assert draft.picture.width == 49, "the newest"
    driver.tap("growth_3", "finish")
    [shown] = pictures.pictures_of(desk, section, me)
    assert pictures.picture_data(desk, section, shown.evidence) == draft.picture.data
    assert shown.evidence.block is not None
    driver.tap("oops")
    assert pictures.pictures_of(desk, section, me) == []
    assert driver.window.session.draft().picture is not None, "as it was before"


def test_it_can_be_left_out_again_and_the_pages_turned(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    at_reflect(driver, me)
    driver.tap("show_work")
    driver.wait(lambda: driver.has("photo_8"))
    driver.wait(lambda: all(tile.has_image() for tile in screen(driver).grid.widgets()))
    assert not driver.has("no_picture")
    driver.tap("more_pictures")
    driver.tap("photo_10")
    driver.wait(lambda: driver.screen == "reflect")
    picture = driver.window.session.draft().picture
    assert picture is not None
    assert picture.width == 40
    driver.tap("show_work", "no_picture")
    assert driver.window.session.draft().picture is None
    driver.tap("show_work", "back")
    assert driver.screen == "reflect"


def test_another_child_under_this_name_leaves_no_picture(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    at_reflect(driver, me)
    driver.tap("show_work")
    driver.wait(lambda: driver.has("photo_1"))
    driver.tap("photo_1")
    driver.wait(lambda: driver.screen == "reflect")
    driver.tap("not_me")
    at_reflect(driver, me)
    assert driver.window.session.draft().picture is None


def test_a_file_that_is_no_picture_cannot_be_chosen(open_kiosk: Open, me: Id, card: Path) -> None:
    (card / "broken.jpg").write_bytes(b"nothing")
    driver = open_kiosk()
    at_reflect(driver, me)
    driver.tap("show_work")
    driver.wait(lambda: driver.has("photo_1") and not driver.find("photo_1").isEnabled())
    # Taken out between the look and the tap.
    driver.wait(lambda: all(tile.has_image() or not tile.isEnabled() for tile in screen(driver).grid.widgets()))
    shutil.rmtree(card)
    driver.tap("photo_2")
    message = driver.find("show_work_message")
    driver.wait(lambda: message.property("text") == "It did not open. Take another.")
    driver.tap("back")
    assert driver.screen == "reflect"


def test_a_card_that_is_put_in_is_found(open_kiosk: Open, me: Id, card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show_work, "places", lambda: [card / "nowhere"])
    driver = open_kiosk()
    at_reflect(driver, me)
    driver.tap("show_work")
    message = driver.find("show_work_message")
    driver.wait(lambda: message.property("text") == "Put in your stick or card.")
    monkeypatch.setattr(show_work, "places", lambda: [card])
    driver.window.tick()
    driver.wait(lambda: driver.has("photo_1"))


def test_help_comes_back_to_the_answers(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    at_reflect(driver, me)
    driver.tap("show_work", "help", "help_back")
    assert driver.screen == "reflect"


def test_where_pictures_are_looked_for(card: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = card / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    for name in ("deep.jpg", ".hidden.jpg"):
        (deep / name).write_bytes(b"x")
    (card / ".hidden.jpg").write_bytes(b"x")
    (card / "words.txt").write_bytes(b"x")
    (card / "NEW.JPG").write_bytes(b"x")
    (card / "link.jpg").symlink_to(card / "NEW.JPG")
    os.utime(card / "NEW.JPG", (99, 99))
    found = newest_pictures([tmp_path / "gone", card.parent])
    assert [path.name for path in found[:2]] == ["NEW.JPG", "IMG_9.jpg"]
    assert len(found) == 11
    assert len(newest_pictures([card.parent], most=3)) == 3
    monkeypatch.setattr(show_work, "MOST_ENTRIES", 4)
    assert len(newest_pictures([card.parent])) < 4


def test_the_places_are_sticks_and_the_accounts_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(show_work, "removable_folders", lambda: [(tmp_path, "CARD")])
    assert show_work.places()[0] == tmp_path
    assert len(show_work.places()) == 2
