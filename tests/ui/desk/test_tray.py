"""The tray on Today: nothing while nothing waits; then both versions side by side, one press, undo, by keys too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, joining, text
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.services import authority, conflicts, exchange, goals, profiles, rosters
from blenddesk.services.context import AppContext
from blenddesk.storage import verdicts
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.computers_page import ComputersPage
from blenddesk.ui.desk.today import TodayPage
from blenddesk.ui.desk.tray_sheet import TraySheet
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import FakeClock, FakeRandomness
from tests.services.desks import carry, copied
from tests.sync.devices import WEAK
from tests.ui.access import complaints
from tests.ui.clipping import clipped


@pytest.fixture
def met(desk: AppContext, section: Id, tmp_path: Path, clock: FakeClock) -> Iterator[AppContext]:
    """A desk that met a copy of itself on which other things were written: six questions wait."""
    people = desk.reads.people.students(section)
    goals.set_goal(desk, people[1].id, "I read a page", steps=["one line"])
    bootstrap.close_device(desk)
    there = copied(desk, tmp_path / "laptop", clock)
    here = bootstrap.open_device(Paths(desk.paths.data), clock=clock, randomness=FakeRandomness(5))
    step = goals.goals_of_student(here, section, people[1].id)[0].steps[0].step.id
    profiles.set_list(here, people[0].id, "needs", ["sits in front", "short instructions"])
    goals.remove_step(here, section, step)
    rosters.set_avatar(here, people[3].id, "owl")
    rosters.add_student(here, section, "Nora", "Berg")
    clock.advance(minutes=25)
    profiles.set_list(there, people[0].id, "needs", ["large print"])
    goals.edit_step(there, section, step, "two lines")
    rosters.set_avatar(there, people[3].id, "fox")
    rosters.add_student(there, section, "Nora", "Beck")
    clock.advance(minutes=1)
    rosters.set_avatar(here, people[5].id, "cat")
    carry(tmp_path / "stick", here, there)
    bootstrap.close_device(there)
    yield here
    bootstrap.close_device(here)


def show(context: AppContext, section: Id) -> DeskWindow:
    window = DeskWindow(context, section=section)
    window.resize(1366, 705)
    window.show()
    return window


def close(window: DeskWindow) -> None:
    window.toast.close_now()
    window.close()
    window.session.bus.close()
    window.deleteLater()


@pytest.fixture
def window(themed_app: QApplication, met: AppContext, section: Id, qtbot: QtBot) -> Iterator[DeskWindow]:
    made = show(met, section)
    qtbot.waitUntil(lambda: today(made).tray.line is not None)
    yield made
    close(made)


def today(window: DeskWindow) -> TodayPage:
    page = window.page("today")
    assert isinstance(page, TodayPage)
    return page


def said(window: DeskWindow) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in window.findChildren(QLabel) if label.isVisibleTo(window) and label.text()]


def press(sheet: TraySheet, words: str, starts: str = "") -> None:
    button = next(
        one
        for one in sheet.findChildren(kit.Button)
        if one.text() == words and starts in one.accessibleName() and one.isVisibleTo(sheet)
    )
    button.click()


def test_a_desk_with_nothing_to_ask_has_no_tray(
    themed_app: QApplication, desk: AppContext, section: Id, qtbot: QtBot
) -> None:
    made = show(desk, section)
    qtbot.waitUntil(lambda: "tray" in vars(today(made)))
    assert today(made).tray.line is None
    close(made)


def test_a_quiet_line_says_how_many_and_opens_every_version_with_who_and_when(window: DeskWindow) -> None:
    assert "6 things need you" in said(window)
    line = today(window).tray.line
    assert line is not None
    line.button.click()
    words = said(window)
    assert {"Amina: needs", "Carlos: picture", "Ben: taken away, but changed meanwhile"} <= set(words)
    assert {"large print", "sits in front", "short instructions", "Shown now", "Taken away"} <= set(words)
    assert {"This computer · today 8:30", "A copy of this computer · today 8:55"} <= set(words)


def test_what_comes_home_on_another_page_is_in_line_on_today(
    themed_app: QApplication, desk: AppContext, section: Id, tmp_path: Path, clock: FakeClock, qtbot: QtBot
) -> None:
    """Made while Today was hidden, the line once lay over the heading, outside the page's layout."""
    stick = tmp_path / "stick"
    stick.mkdir()
    added = exchange.add_computer(desk, section, "Ms Ruiz", stick, for_desk=True, strength=WEAK)
    paths = Paths(tmp_path / "ruiz")
    paths.data.mkdir()
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    other = bootstrap.open_device(paths, clock=clock)
    made = show(desk, section)
    qtbot.waitUntil(lambda: today(made).isVisible())
    assert today(made).tray.line is None
    made.open_page("computers")
    exchange.take_to_computers(other, stick)
    desk.announce(exchange.bring_home(desk, [stick]).change)
    qtbot.waitUntil(lambda: today(made).tray.line is not None)
    page = made.open_page("today")
    line = today(made).tray.line
    assert line is not None
    qtbot.waitUntil(lambda: line.isVisible() and line.width() > page.width() // 2)
    assert clipped(page) == []
    bootstrap.close_device(other)
    close(made)


def test_one_press_decides_and_undo_asks_again(window: DeskWindow, met: AppContext, section: Id) -> None:
    sheet = today(window).tray.open_sheet()
    amina = met.reads.people.students(section)[0].id
    press(sheet, "Keep this one", "This computer")
    assert profiles.profile(met, section, amina).needs == ("sits in front", "short instructions")
    assert "Amina: needs" not in said(window)
    assert "5 things need you" in said(window)
    assert window.toast.message() == "Amina: one version was chosen."
    window.session.undo()
    assert "Amina: needs" in said(window)
    press(sheet, "Keep both")
    assert set(profiles.profile(met, section, amina).needs) == {"sits in front", "short instructions", "large print"}


def test_everything_can_be_answered_and_then_the_line_is_gone(window: DeskWindow, met: AppContext) -> None:
    sheet = today(window).tray.open_sheet()
    press(sheet, "Keep both")
    press(sheet, "Leave it taken away")
    press(sheet, "Keep this one")
    press(sheet, "Add letters of the family name")
    press(sheet, "Give each a number")
    press(sheet, "Call one of them Ms Okoro 2")
    assert "Nothing needs you now." in said(window)
    line = today(window).tray.line
    assert line is not None
    assert not line.isVisibleTo(window)
    assert conflicts.questions(met) == []
    sheet.close_sheet()


def test_by_keys_alone(window: DeskWindow, met: AppContext) -> None:
    line = today(window).tray.line
    assert line is not None
    line.button.setFocus()
    QTest.keyClick(line.button, Qt.Key.Key_Space)
    sheet = window.findChild(TraySheet)
    assert sheet is not None
    first = QApplication.focusWidget() or sheet.focusWidget()
    assert first is not None
    assert first.accessibleName().startswith(("Keep", "Leave", "Add", "Give", "Call"))
    before = conflicts.count(met)
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert conflicts.count(met) == before - 1
    after = QApplication.focusWidget() or sheet.focusWidget()
    assert after is not None
    assert sheet.isAncestorOf(after)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert window.findChild(TraySheet) is None or not window.findChild(TraySheet).isVisible()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("language", "scale", "size"),
    [("en", 1.0, (1366, 705)), ("en", 1.3, (1280, 680)), ("ar", 1.0, (1366, 705)), ("es", 1.3, (1024, 600))],
)
def test_everything_has_a_name_and_fits(
    themed_app: QApplication,
    met: AppContext,
    section: Id,
    language: str,
    scale: float,
    size: tuple[int, int],
    qtbot: QtBot,
) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language, face="desk")
    made = show(met, section)
    made.resize(*size)
    qtbot.waitUntil(lambda: today(made).tray.line is not None)
    QApplication.processEvents()
    line = today(made).tray.line
    assert line is not None
    assert complaints(line) == []
    assert clipped(line) == []
    sheet = today(made).tray.open_sheet()
    QApplication.processEvents()
    assert complaints(sheet) == []
    assert clipped(sheet) == []
    close(made)


def test_the_page_of_a_student_says_so_too_and_shows_only_what_is_about_them(
    window: DeskWindow, met: AppContext, section: Id
) -> None:
    amina, ben = met.reads.people.students(section)[0], met.reads.people.students(section)[2]
    page = window.open_page("child", student=amina.id)
    assert "1 thing here was written on two computers. Both versions are kept." in said(window)
    assert complaints(page) == []
    look = page.findChild(kit.Button, "child_versions")
    assert look is not None
    look.click()
    sheet = window.findChild(TraySheet)
    assert sheet is not None
    words = said(window)
    assert "Amina: needs" in words
    assert "Carlos: picture" not in words
    press(sheet, "Keep both")
    sheet.close_sheet()
    said(window)
    assert not look.isVisibleTo(window)
    window.open_page("child", student=ben.id)
    assert not any("written on two computers" in line for line in said(window))


# --- computers --------------------------------------------------------------------------------------------------------


@pytest.fixture
def tried(
    desk: AppContext, section: Id, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AppContext]:
    """A desk that heard of a Blue-1 whose program was tampered with, and of two computers that opened Blue-2's file."""
    stick = tmp_path / "stick"
    stick.mkdir()
    opened = []
    files = [exchange.add_computer(desk, section, name, stick, strength=WEAK) for name in ("Blue-1", "Blue-2")]
    for seed, added in enumerate((files[0], files[1], files[1])):
        paths = Paths(tmp_path / f"station{seed}")
        paths.data.mkdir()
        joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
        opened.append(bootstrap.open_device(paths, clock=clock, randomness=FakeRandomness(20 + seed)))
        carry(stick, opened[-1], desk)
    with monkeypatch.context() as patched:
        patched.setattr(verdicts.Door, "check", lambda *_args: None)
        child = opened[0].reads.people.students(section)[0].id
        opened[0].commit("student_renamed", [put(section, "student", child, name="Boss")])
    carry(stick, opened[0], desk)
    yield desk
    for one in opened:
        bootstrap.close_device(one)


def test_what_a_computer_tried_and_a_file_opened_twice_are_in_the_tray(
    themed_app: QApplication, tried: AppContext, section: Id, qtbot: QtBot
) -> None:
    made = show(tried, section)
    qtbot.waitUntil(lambda: today(made).tray.line is not None)
    sheet = today(made).tray.open_sheet()
    words = said(made)
    assert "2 things need you" in words
    assert {"Blue-1 tried to change a student.", "Which is the real Blue-2? Several computers opened its file."} <= set(
        words
    )
    assert complaints(sheet) == []
    assert clipped(sheet) == []
    assert "Boss" not in {s.name for s in tried.reads.people.students(section)}
    press(sheet, "Seen")
    assert "1 thing needs you" in said(made)
    press(sheet, "Both are real: call the second Blue-3")
    assert "Nothing needs you now." in said(made)
    assert {"Blue-1", "Blue-2", "Blue-3"} <= {one.name for one in authority.computers(tried)}
    close(made)


def test_a_lost_computer_is_retired_in_one_press_and_comes_back_in_another(
    themed_app: QApplication, tried: AppContext, section: Id
) -> None:
    made = show(tried, section)
    page = made.open_page("computers")
    assert isinstance(page, ComputersPage)

    def row(name: str) -> kit.Button:
        QApplication.processEvents()
        found = next(one for one in page.findChildren(kit.Button) if one.objectName() == f"lost_{name}")
        assert found.isVisibleTo(page)
        return found

    row("Blue-1").click()
    assert "Blue-1 is retired" in made.toast.message()
    assert [one.name for one in authority.computers(tried) if one.standing == "retired"] == ["Blue-1"]
    assert row("Blue-1").text() == "It is back"
    row("Blue-1").click()
    assert made.toast.message() == "Blue-1 belongs to the class again."
    assert not any(one.standing == "retired" for one in authority.computers(tried))
    assert row("Blue-1").text() == "Lost or stolen"
    assert complaints(page) == []
    close(made)
