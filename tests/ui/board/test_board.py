"""The projector board: what is on the wall at each moment, its strip and keys, the distance rule, what never shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.domain.live import Phase
from blenddesk.domain.ops import put
from blenddesk.services import attendance, entries, goals, history, kiosk, live, profiles
from blenddesk.services.context import AppContext
from blenddesk.ui import theme
from blenddesk.ui.board.chalk import read_aloud
from blenddesk.ui.board.fitting import fit_names, least_px
from blenddesk.ui.board.screens import class_may_see, second_screen
from blenddesk.ui.board.window import BoardWindow
from tests.conftest import FakeClock, fill_class
from tests.lessons import HALF_PAST_NINE, make_lesson


@pytest.fixture
def clock_at_start(clock: FakeClock) -> FakeClock:
    clock.now_ms = live.moment_ms(clock, "2026-11-23", HALF_PAST_NINE)
    return clock


@pytest.fixture
def plan(desk: AppContext, section: Id, clock_at_start: FakeClock) -> Id:
    return make_lesson(desk, section)


@pytest.fixture
def board(desk: AppContext, section: Id, plan: Id, themed_app: QApplication) -> Iterator[BoardWindow]:
    window = BoardWindow(desk, section, plan)
    window.resize(1366, 768)
    window.show()
    settle()
    yield window
    window.close()
    window.deleteLater()
    settle()


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def words_on(widget: QWidget) -> str:
    found = []
    for child in widget.findChildren(QWidget):
        if child.isVisible():
            words = getattr(child, "text", None)
            found += [child.accessibleName(), words() if callable(words) else ""]
    return " | ".join(found)


def test_the_wall_follows_the_lesson_by_itself(
    desk: AppContext, section: Id, plan: Id, board: BoardWindow, clock_at_start: FakeClock
) -> None:
    assert (board.part(), board.head.round.text()) == ("places", "We start soon")
    assert not board._tick.isActive()
    desk.run(live.start_lesson, section, plan)
    assert board._tick.isActive()
    assert (board.part(), board.head.round.text()) == ("places", "Get ready")
    seen = []
    for _ in range(76 * 4):
        clock_at_start.advance(seconds=15)
        board.show_now()
        part = (board.part(), board.head.round.text())
        if not seen or seen[-1] != part:
            seen.append(part)
    rounds = [("places", f"Round {n} of 4") for n in (1, 2, 3, 4)]
    ways = [("moving", f"Round {n} of 4") for n in (2, 3, 4)]
    expected = [("places", "Get ready"), rounds[0]]
    for way, round_ in zip(ways, rounds[1:], strict=True):
        expected += [way, round_]
    assert seen == [*expected, ("look_back", "We look back")]
    desk.run(live.finish, section, plan)
    assert board.part() == "end"
    assert not board._tick.isActive()


def test_in_the_last_minute_each_place_says_where_to_go_next(
    desk: AppContext, section: Id, plan: Id, board: BoardWindow, clock_at_start: FakeClock
) -> None:
    desk.run(live.start_lesson, section, plan)
    desk.run(live.next_round, section, plan)
    assert not any(card.is_showing_next() for card in board.places.cards)
    left = live.lesson(desk, section, plan).seconds_left
    clock_at_start.advance(seconds=left - 60)
    board.show_now()
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    for card in board.places.cards:
        (group,) = card.place.groups
        following = sheet.block_of(group.id, 1)
        assert following is not None
        assert card.is_showing_next()
        assert f"{group.name}: next {following.title}." in card.accessibleName()


def test_names_stand_inside_their_place_and_those_away_do_not(
    desk: AppContext, section: Id, plan: Id, board: BoardWindow
) -> None:
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    names = {one.id: one.name for one in desk.reads.people.students(section)}
    away = sheet.groups[0].students[0]
    desk.run(attendance.toggle_away, section, plan, away)
    assert len(board.places.cards) == 4
    for card in board.places.cards:
        (group,) = card.place.groups
        assert {one.name for one in card.place.names} == {names[one] for one in group.students if one != away}


def test_nothing_private_reaches_the_wall(
    desk: AppContext, section: Id, plan: Id, board: BoardWindow, clock_at_start: FakeClock
) -> None:
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    student = sheet.students()[0]
    family = next(one.family for one in desk.reads.people.students(section) if one.id == student)
    profiles.set_list(desk, student, "needs", ["canary-need"])
    goals.set_goal(desk, student, "canary-goal")
    desk.run(live.start_lesson, section, plan)
    desk.run(live.next_round, section, plan)
    block = sheet.blocks_of_student(student)[0]
    entries.add_entry(desk, section, student, plan, block.id, growth=1, words=["canary-word"])
    kiosk.ask_for_help(desk, section, student, plan=plan, block=block.id)
    for _ in range(12):
        board.reload()
        settle()
        words = words_on(board)
        for secret in ("canary", "tricky", "help", family):
            assert secret not in words, secret
        if live.lesson(desk, section, plan).phase is not Phase.CLOSING:
            desk.run(live.next_round, section, plan)


def test_the_strip_does_what_its_buttons_say(desk: AppContext, section: Id, plan: Id, board: BoardWindow) -> None:
    desk.run(live.start_lesson, section, plan)
    assert board.strip.isHidden()
    QTest.keyClick(board, Qt.Key.Key_Space)
    assert board.strip.isVisible()
    click = Qt.MouseButton.LeftButton
    QTest.mouseClick(board.strip.next, click)
    before = live.lesson(desk, section, plan)
    assert before.round == 0
    QTest.mouseClick(board.strip.plus, click)
    assert live.lesson(desk, section, plan).seconds_left == before.seconds_left + 60
    QTest.mouseClick(board.strip.pause, click)
    assert live.lesson(desk, section, plan).paused
    assert "Paused" in board.head.round.text()
    QTest.mouseClick(board.strip.pause, click)
    QTest.mouseClick(board.strip.eyes, click)
    assert board.part() == "eyes"
    QTest.mouseClick(board.strip.eyes, click)
    QTest.mouseClick(board.strip.chalk, click)
    assert board.part() == "chalk"
    QTest.mouseClick(board.strip.leave, click)
    assert not board.isVisible()


def test_the_board_by_keys(desk: AppContext, section: Id, plan: Id, board: BoardWindow) -> None:
    desk.run(live.start_lesson, section, plan)
    board.setFocus()
    for key in (Qt.Key.Key_N, Qt.Key.Key_Plus, Qt.Key.Key_P):
        QTest.keyClick(board, key)
    state = live.lesson(desk, section, plan)
    assert (state.round, state.paused) == (0, True)
    QTest.keyClick(board, Qt.Key.Key_F)
    assert board.part() == "eyes"
    QTest.keyClick(board, Qt.Key.Key_F)
    QTest.keyClick(board, Qt.Key.Key_B)
    assert board.part() == "chalk"
    QTest.keyClick(board, Qt.Key.Key_Escape)
    assert not board.isVisible()


def test_the_strip_goes_away_by_itself_and_a_refusal_is_said(
    desk: AppContext, section: Id, plan: Id, board: BoardWindow, clock_at_start: FakeClock
) -> None:
    desk.run(live.start_lesson, section, plan)
    board.show_strip()
    clock_at_start.advance(seconds=6)
    board.show_now()
    assert board.strip.isHidden()
    desk.run(live.finish, section, plan)
    QTest.keyClick(board, Qt.Key.Key_N)
    assert "not running" in board.strip.note.text()


def test_over_the_desk_the_controls_always_show(desk: AppContext, section: Id, plan: Id) -> None:
    desk.run(live.start_lesson, section, plan)
    board = BoardWindow(desk, section, plan, class_safe=True)
    board.resize(1280, 680)
    board.show()
    settle()
    assert board.strip.isVisible()
    assert board.strip.geometry().top() >= board.stack.geometry().bottom()
    board.close()
    board.deleteLater()


def test_an_undone_plan_is_said_in_words(desk: AppContext, section: Id, plan: Id, board: BoardWindow) -> None:
    from blenddesk.domain.ops import delete

    change = desk.commit("plan_deleted", [delete(section, "plan", plan)])
    desk.announce(change)
    assert board.part() == "end"
    assert "Nothing was changed" in board.end.words.text()
    desk.announce(history.undo(desk, change.change_id))
    assert board.part() == "places"


def test_the_chalk_view_is_short_and_can_be_read_aloud(
    desk: AppContext, section: Id, plan: Id, board: BoardWindow
) -> None:
    desk.run(live.start_lesson, section, plan)
    board.show_chalk(True)
    settle()
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    assert board._view is not None
    aloud = read_aloud(board._view, 0)
    assert board.chalk.aloud.text() == aloud
    for group in sheet.groups:
        block = sheet.block_of(group.id, 0)
        assert block is not None
        assert f"{group.name} go to {block.title}." in aloud
    assert "9:35" in words_on(board.chalk)


def test_every_control_has_a_name_and_every_place_can_be_heard(
    desk: AppContext, section: Id, plan: Id, board: BoardWindow
) -> None:
    desk.run(live.start_lesson, section, plan)
    board.show_strip()
    settle()
    controls = [
        child
        for child in board.findChildren(QWidget)
        if child.isVisible() and child.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(controls) >= 6
    for control in controls:
        accessible = QAccessible.queryAccessibleInterface(control)
        assert accessible is not None
        assert accessible.text(QAccessible.Text.Name).strip(), control.objectName()
    for card in board.places.cards:
        assert all(one.name in card.accessibleName() for one in card.place.names)


# --- fitting --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", ["station-mirrored", "station-4"])
@pytest.mark.parametrize(("language", "scale"), [("en", 1.0), ("en", 1.3), ("ar", 1.0)])
def test_the_stress_class_keeps_the_distance_rule(
    desk: AppContext,
    clock_at_start: FakeClock,
    themed_app: QApplication,
    template: str,
    language: str,
    scale: float,
) -> None:
    section = fill_class(desk, 45)
    students = desk.reads.people.students(section)
    names = [f"Mohamed {'ABC'[n]}" if n < 3 else "Bartholomew Montgomeries" for n in range(45)]
    drafts = [put(section, "student", one.id, name=name, avatar="") for one, name in zip(students, names, strict=True)]
    desk.commit("renamed", drafts)
    text.use_language(language)
    theme.apply_theme(themed_app, theme.current().tokens, scale=scale, language=language)
    plan = make_lesson(desk, section, template)
    live.start_lesson(desk, section, plan)
    board = BoardWindow(desk, section, plan)
    board.show()
    try:
        for size in ((1366, 768), (1280, 680), (1024, 768), (800, 600)):
            board.resize(*size)
            settle()
            check_every_page(board, size[1])
    finally:
        board.close()
        board.deleteLater()
        settle()


def check_every_page(board: BoardWindow, height: int) -> None:
    """All 45 are somewhere, whole and large enough."""
    shown: set[str] = set()
    people = 0
    for page in range(board.places.pages):
        board.places.turn_to(page)
        settle()
        for card in board.places.cards:
            if card.isVisible():
                assert card.fit.fits
                assert card.fit.px >= least_px(height)
                assert board.places.rect().contains(card.geometry())
                assert card.width() >= 300, "the head of a place needs room"
                shown.add(card.objectName())
                people += len(card.place.names)
    assert len(shown) == len(board.places.cards)
    assert people == 45
    assert board.places.pages <= (1 if board.width() >= 1280 else 4)


def test_letters_shrink_first_then_pictures_go() -> None:
    from PySide6.QtCore import QSizeF

    look = theme.current()
    short, long = ["Ben", "Mei", "Uma"], ["Maximiliana-Konstantine"] * 12
    easy = fit_names([short], QSizeF(600, 160), look, 20, pictures=True)
    tighter = fit_names([short * 5], QSizeF(420, 170), look, 18, pictures=True)
    crowded = fit_names([long], QSizeF(560, 210), look, 18, pictures=True)
    assert (easy.pictures, easy.fits) == (True, True)
    assert (tighter.pictures, tighter.fits) == (True, True)
    assert tighter.px < easy.px
    assert (crowded.pictures, crowded.fits) == (False, True)
    assert not fit_names([long], QSizeF(100, 60), look, 18, pictures=True).fits


def test_all_places_of_a_round_write_names_in_the_same_way(
    desk: AppContext, section: Id, plan: Id, board: BoardWindow
) -> None:
    """A place with long names decides for all; and places stay where they were when the names are others."""
    desk.run(live.start_lesson, section, plan)
    student = desk.reads.people.students(section)[0]
    desk.commit("renamed", [put(section, "student", student.id, name="Bartholomew Montgomeries")])
    settle()
    fits = {card.fit for card in board.places.cards}
    assert len(fits) == 1
    assert len({card.size().toTuple() for card in board.places.cards}) <= 2, "a pixel may be left over"
    assert all(card.head_fits(card.fit.px) for card in board.places.cards)


class FakeScreen:
    def __init__(self, x: int, y: int, width: int = 1366) -> None:
        self._box = QRect(x, y, width, 768)

    def geometry(self) -> QRect:
        return self._box


def test_one_or_a_mirrored_display_means_that_the_class_may_see() -> None:
    own, mirror, beside = FakeScreen(0, 0), FakeScreen(0, 0, 1024), FakeScreen(1366, 0)
    assert class_may_see(own, [own])  # type: ignore[arg-type, list-item]
    assert class_may_see(own, [own, mirror])  # type: ignore[arg-type, list-item]
    assert not class_may_see(own, [own, beside])  # type: ignore[arg-type, list-item]
    assert second_screen(own, [own, beside]) is beside  # type: ignore[arg-type, list-item]
