"""A shared computer from its file to the desk: joins, brings in, a student's visit, and the stick brings it home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, joining, text
from blenddesk.config import Paths
from blenddesk.domain.entries import EntryKind
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.services import exchange, rosters
from blenddesk.services.context import AppContext
from blenddesk.sync import account
from blenddesk.ui import kit
from blenddesk.ui.carry import CarrySheet
from blenddesk.ui.join import JoinSheet
from blenddesk.ui.key_place import KeyPlaceLine
from tests.conftest import FakeClock, fill_class
from tests.sync.devices import WEAK
from tests.ui.kiosk.conftest import Open
from tests.ui.kiosk.driver import Driver
from tests.ui.kiosk.walk import PICTURES


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "STICK"
    folder.mkdir()
    return folder


@pytest.fixture
def station(
    desk: AppContext, section: Id, me: Id, stick: Path, tmp_path: Path, clock: FakeClock
) -> Iterator[AppContext]:
    """Blue-1, joined by its file and words when ``me`` had one goal; known to the desk."""
    added = exchange.add_computer(desk, section, "Blue-1", stick, strength=WEAK)
    paths = Paths(tmp_path / "blue")
    paths.data.mkdir()
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    context = bootstrap.open_device(paths, clock=clock)
    exchange.take_to_computers(context, stick)
    exchange.bring_home(desk, [stick])
    yield context
    bootstrap.close_device(context)


def open_carry(driver: Driver, stick: Path) -> CarrySheet:
    driver.tap("teacher", "teacher_carry")
    sheet = driver.window.findChild(CarrySheet)
    assert isinstance(sheet, CarrySheet)
    sheet.sticks.find_sticks = lambda: [(stick, "BLUE")]
    sheet.sticks.look_again()
    return sheet


def wait_said(sheet: CarrySheet, words: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: words in sheet.said.label.text(), timeout=10_000)


def claims(ctx: AppContext, section: Id, student: Id) -> list[Id]:
    return sorted(one.id for one in ctx.reads.entries.of_student(section, student) if one.kind == EntryKind.CLAIMED)


def growth(ctx: AppContext, section: Id, student: Id) -> list[int]:
    return sorted(one.growth for one in ctx.reads.entries.reflections_of_student(section, student) if one.growth)


def steps_done(ctx: AppContext, section: Id) -> list[Id | None]:
    return [one.about for one in ctx.reads.entries.about_steps(section)]


def names_shown(driver: Driver) -> set[str]:
    view = driver.window.session.view
    assert view is not None
    return {tile.student.name for tile in view.tiles}


def test_a_day_at_a_shared_computer_comes_home_with_the_stick(
    desk: AppContext,
    station: AppContext,
    section: Id,
    me: Id,
    stick: Path,
    open_kiosk: Open,
    pass_time: Callable[[Driver, float], None],
    qtbot: QtBot,
) -> None:
    """The desk's news in, a visit with two stations and a goal step, the work out, and home: by taps."""
    rosters.add_student(desk, section, "Zuri", "Adams")
    exchange.take_to_computers(desk, stick)
    driver = open_kiosk(context=station)
    assert driver.screen == "who"
    assert "Zuri" not in names_shown(driver)
    sheet = open_carry(driver, stick)
    driver.tap("carry_bring")
    qtbot.waitUntil(lambda: driver.has("bring_now"), timeout=10_000)
    driver.tap("bring_now")
    wait_said(sheet, "Ms Okoro", qtbot)
    driver.settle()
    assert "Zuri" in names_shown(driver), "the tiles show what the stick brought"
    driver.tap("sheet_cancel")

    driver.tap(driver.tile(me), *PICTURES, "goal", "did_step", "back")
    driver.tap(next(f"tick_{n}" for n in range(1, 5) if driver.has(f"tick_{n}")))
    driver.tap("did_it", "growth_3", "growth_2", "finish")
    assert driver.has("goodbye_bar")
    assert len(claims(station, section, me)) == 2
    pass_time(driver, 6)

    sheet = open_carry(driver, stick)
    driver.tap("carry_take")
    wait_said(sheet, "You can take the stick.", qtbot)
    assert claims(desk, section, me) == []
    home = exchange.bring_home(desk, [stick])
    assert not home.refused
    assert claims(desk, section, me) == claims(station, section, me)
    assert growth(desk, section, me) == [2, 3]
    assert len(steps_done(desk, section)) == 1
    assert steps_done(desk, section) == steps_done(station, section)
    driver.tap("sheet_cancel")
    assert driver.screen == "who"


def test_what_a_child_ticked_and_left_goes_along(
    desk: AppContext, station: AppContext, section: Id, me: Id, stick: Path, open_kiosk: Open, qtbot: QtBot
) -> None:
    driver = open_kiosk(context=station)
    driver.tap(driver.tile(me), *PICTURES, "did_it")
    driver.window.show_who()
    driver.settle()
    assert claims(station, section, me) == []
    open_carry(driver, stick)
    assert len(claims(station, section, me)) == 1
    driver.tap("sheet_cancel")
    assert driver.window.open_sheet() is None


def test_one_more_class_on_the_same_computer(
    desk: AppContext, station: AppContext, section: Id, stick: Path, open_kiosk: Open, qtbot: QtBot
) -> None:
    other = fill_class(desk, 3, name="Rivers")
    added = exchange.add_computer(desk, other, "Blue-1", stick, strength=WEAK)
    driver = open_kiosk(context=station)
    driver.tap("teacher", "teacher_join")
    sheet = driver.window.findChild(JoinSheet)
    assert isinstance(sheet, JoinSheet)
    sheet.choose_file(added.file)
    for typed in ([*added.words[1:], added.words[0]], added.words):
        for field, word in zip(sheet.fields, typed, strict=True):
            field.setText(word)
        driver.tap("words_open")
        qtbot.waitUntil(lambda: driver.screen == "classes" or sheet.trouble.isVisible(), timeout=10_000)
        if typed is not added.words:
            assert "not the five words" in sheet.trouble.label.text()
            assert driver.screen == "who"
    driver.settle()
    assert driver.screen == "classes"
    assert [one.name for one in station.reads.sections.all()] == ["Rivers", "Sunflowers"]
    assert driver.has("class_2")


@pytest.mark.parametrize("in_file", [True, False])
def test_the_teacher_sees_when_the_key_lies_in_a_file(
    station: AppContext, open_kiosk: Open, monkeypatch: pytest.MonkeyPatch, in_file: bool
) -> None:
    if not in_file:
        monkeypatch.setattr(account, "is_plain", lambda _line: False)
    driver = open_kiosk(context=station)
    driver.tap("teacher")
    assert (driver.window.findChild(KeyPlaceLine) is not None) == in_file
    driver.tap("stay_open")


def test_the_desks_own_window_has_nothing_to_carry(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    driver.tap("teacher")
    assert not driver.has("teacher_carry")
    assert not driver.has("teacher_join")
    driver.tap("stay_open")


def test_each_window_on_the_desk_keeps_its_language(
    desk: AppContext, section: Id, me: Id, open_kiosk: Open, qtbot: QtBot
) -> None:
    """A page behind the student's window refreshes in the teacher's words; the student's window in the child's."""
    from blenddesk.ui.bus import Bus
    from blenddesk.ui.page import Page

    class Behind(Page):
        kinds = frozenset({"student"})

        def refresh(self) -> None:
            self.said = text.language()

    bus = Bus(desk)
    page = Behind(bus)
    page.show()
    desk.commit("l", [put(section, "student", me, language="es")])
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES)
    assert text.language() == "es"
    page.said = ""
    desk.announce(desk.commit("n", [put(section, "student", me, name="Other")]))
    qtbot.waitUntil(lambda: page.said != "", timeout=5_000)
    assert (page.said, text.language()) == ("en", "es")
    QCoreApplication.sendEvent(driver.window, QEvent(QEvent.Type.WindowDeactivate))
    assert text.language() == "en"
    desk.announce(desk.commit("n", [put(section, "student", me, name="Another")]))
    driver.settle()
    assert text.language() == "en"
    button = driver.find("did_it")
    assert isinstance(button, kit.PaintedButton)
    assert button.words() == text.catalogue("es").gettext("I did it")
    page.close()
    page.deleteLater()
    bus.close()
