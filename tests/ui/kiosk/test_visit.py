"""What happens to a visit: wrong pictures, wrong child, idle, drafts, friends, a station's own program, closing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from blenddesk import bootstrap, text
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.errors import EnvironmentTrouble
from blenddesk.services import classes, kiosk
from blenddesk.services.context import AppContext
from blenddesk.ui import kit
from tests.conftest import FakeClock, FakeRandomness, fill_class
from tests.ui.kiosk.conftest import Open
from tests.ui.kiosk.driver import Driver
from tests.ui.kiosk.world import log_event, plan_lesson, set_code, start_lesson

PICTURES = ("picture_4", "picture_5", "picture_6")
Pass = Callable[[Driver, float], None]


def claims(ctx: AppContext, section: Id) -> list[tuple[Id, str]]:
    return [(one.student, one.by) for one in ctx.reads.entries.of_section(section) if one.kind == "claimed"]


# --- signing in -----------------------------------------------------------------------------------------------------


def test_three_misses_send_to_the_teacher_and_lock_nobody_out(
    open_kiosk: Open, me: Id, desk: AppContext, section: Id
) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me))
    said = driver.window.findChild(kit.Text, "pictures_message")
    assert isinstance(said, kit.Text)
    for words in ("Not quite. Try again.", "Not quite. Try again.", "Ask your teacher."):
        driver.tap("picture_1", "picture_2", "picture_3")
        assert said.text() == words
        assert driver.find("dot_0").accessibleName().endswith("empty")
    QTest.qWait(250)  # the boxes stop shaking
    (call,) = desk.reads.entries.reflections_of_student(section, me)
    assert (call.help, list(call.words)) == (True, ["sign_in"])
    driver.tap(*PICTURES)
    assert driver.screen == "stations"


def test_the_pictures_never_show_which_were_tapped(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me))
    # All but the one under the pointer, which is lit wherever the pointer goes.
    others = [place for place in range(1, 10) if place != 5]
    before = {place: driver.find(f"picture_{place}").grab().toImage() for place in others}
    driver.tap("picture_4", "picture_5")
    after = {place: driver.find(f"picture_{place}").grab().toImage() for place in others}
    assert before == after
    names = {driver.find(f"dot_{place}").accessibleName() for place in range(3)}
    assert not any(kit.password_picture_name(place) in name for place in range(9) for name in names)


def test_a_box_takes_the_last_picture_back(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), "picture_1", "dot_0")
    driver.tap(*PICTURES)
    assert driver.screen == "stations"


def test_a_child_without_a_code_gets_in_on_a_shared_computer_and_chooses_one_on_the_desk(
    open_kiosk: Open, me: Id, desk: AppContext, section: Id
) -> None:
    desk.commit("c", [put(section, "student", me, code=None, avatar="")])
    driver = open_kiosk()
    driver.tap(driver.tile(me))
    assert driver.screen == "choose_avatar"
    driver.tap("avatar_5")
    driver.tap("picture_1", "picture_1", "picture_2", "picture_3")
    driver.tap("picture_1", "picture_2", "picture_4")
    assert desk.reads.people.student(section, me).code == ()  # type: ignore[union-attr]
    driver.tap("picture_7", "picture_8", "picture_9", "picture_7", "picture_8", "picture_9")
    assert driver.screen == "stations"
    person = desk.reads.people.student(section, me)
    assert person is not None
    assert (list(person.code), bool(person.avatar)) == ([0, 1, 2], True)


def test_not_me_leaves_the_draft_as_its_owner_left_it(
    open_kiosk: Open, me: Id, desk: AppContext, section: Id, pass_time: Pass
) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES)
    mine = next(f"tick_{n}" for n in range(1, 5) if driver.has(f"tick_{n}"))
    driver.tap(mine)
    pass_time(driver, 25)
    pass_time(driver, 11)
    assert driver.screen == "who"
    driver.tap(driver.tile(me), *PICTURES)
    assert driver.find(mine).isChecked()  # type: ignore[attr-defined]
    driver.tap(mine, "not_me")
    driver.tap(driver.tile(me), *PICTURES)
    assert driver.find(mine).isChecked()  # type: ignore[attr-defined]
    assert claims(desk, section) == []


# --- leaving in the middle ------------------------------------------------------------------------------------------


def test_idle_asks_then_keeps_the_draft_and_signs_out(open_kiosk: Open, me: Id, pass_time: Pass) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES, "did_it", "growth_2", "chip_fun")
    pass_time(driver, 15)
    assert not driver.has("still_here")
    pass_time(driver, 6)
    assert driver.has("still_here")
    driver.tap("stay")
    pass_time(driver, 15)
    assert not driver.has("still_here")
    pass_time(driver, 6)
    pass_time(driver, 10)
    assert (driver.screen, driver.window.student) == ("who", None)
    driver.tap(driver.tile(me), *PICTURES)
    assert driver.screen == "reflect"
    assert driver.find("growth_2").isChecked()  # type: ignore[attr-defined]
    assert driver.find("chip_fun").isChecked()  # type: ignore[attr-defined]
    assert not driver.find("growth_3").isChecked()  # type: ignore[attr-defined]


def test_another_childs_draft_is_another(
    open_kiosk: Open, me: Id, desk: AppContext, section: Id, pass_time: Pass
) -> None:
    other = desk.reads.people.students(section)[0].id
    set_code(desk, section, other)
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES, "did_it", "growth_2")
    pass_time(driver, 21)
    pass_time(driver, 10)
    driver.tap(driver.tile(other), *PICTURES)
    assert driver.screen == "stations"
    driver.tap("did_it")
    assert not any(driver.find(f"growth_{level}").isChecked() for level in range(1, 5))  # type: ignore[attr-defined]


def test_what_was_ticked_is_saved_when_the_window_closes(
    open_kiosk: Open, me: Id, desk: AppContext, section: Id, pass_time: Pass
) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES, "did_it", "growth_2")
    pass_time(driver, 21)
    pass_time(driver, 10)
    driver.window.close()
    driver.settle()
    assert driver.window.isVisible()
    driver.tap("close_for_good")
    assert not driver.window.isVisible()
    assert claims(desk, section) == [(me, "student")]


def test_a_full_disk_is_told_and_loses_no_tick(
    open_kiosk: Open, me: Id, desk: AppContext, section: Id, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES, "did_it", "growth_2")
    with monkeypatch.context() as patch:

        def full(*args: object, **kwargs: object) -> None:
            raise EnvironmentTrouble("disk_full")

        patch.setattr(kiosk, "finish_visit", full)
        driver.tap("finish")
        assert not driver.has("goodbye_bar")
        driver.tap("told")
        driver.window.close_for_good()
        driver.settle()
        assert driver.window.isVisible()
        driver.tap("told")
    driver.tap("finish")
    assert driver.has("goodbye_bar")
    assert claims(desk, section) == [(me, "student")]


def test_goodbye_asks_about_ticks_first(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES)
    driver.tap(next(f"tick_{n}" for n in range(1, 5) if driver.has(f"tick_{n}")), "goodbye")
    assert driver.screen == "reflect"
    driver.tap("skip")
    assert driver.has("goodbye_bar")


def test_nothing_is_preselected_and_saving_waits(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES, "did_it")
    assert not any(driver.find(f"growth_{level}").isChecked() for level in range(1, 5))  # type: ignore[attr-defined]
    assert not driver.find("finish").isEnabled()
    driver.tap("skip")
    assert len(claims(desk, section)) == 1
    assert desk.reads.entries.reflections_of_student(section, me) == []


def test_a_remark_is_typed_and_saved(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES, "did_it", "growth_4", "write")
    QTest.keyClicks(driver.find("remark"), "I read 12 lines")
    driver.tap("remark_done", "finish")
    (said,) = desk.reads.entries.reflections_of_student(section, me)
    assert said.remark == "I read 12 lines"


# --- together -------------------------------------------------------------------------------------------------------


def test_a_pair_logs_together(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES, "friend", "friend_1", "friends_done", "did_it", "growth_3", "finish")
    assert sorted(by for _who, by in claims(desk, section)) == ["recorder", "student"]
    assert len({who for who, _by in claims(desk, section)}) == 2


# --- the station's own program --------------------------------------------------------------------------------------


def give_program(desk: AppContext, section: Id, resource: str) -> None:
    for plan in desk.reads.plans.all(section):
        sheet = desk.reads.plans.sheet(section, plan.id)
        assert sheet is not None
        desk.commit("r", [put(section, "block", block.id, resource=resource) for block in sheet.blocks])


def test_start_opens_the_program_and_the_strip_brings_the_child_back(
    open_kiosk: Open, me: Id, desk: AppContext, section: Id, pass_time: Pass
) -> None:
    give_program(desk, section, "C:/maths/maths.exe")
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES, "start")
    window = driver.window
    assert driver.opened == ["C:/maths/maths.exe"]
    assert window.strip is not None
    assert (window.isVisible(), window.strip.isVisible()) == (False, True)
    pass_time(driver, 300)
    assert window.strip is not None
    QTest.mouseClick(window.strip.findChild(QWidget, "strip_done"), Qt.MouseButton.LeftButton)
    driver.settle()
    assert (window.isVisible(), window.strip, driver.screen) == (True, None, "stations")
    assert window.student is not None
    driver.tap("start")
    pass_time(driver, 3600)
    assert (window.isVisible(), window.strip) == (True, None)


def test_a_question_goes_with_its_screen_and_stays_over_a_refreshed_one(
    open_kiosk: Open, me: Id, desk: AppContext, section: Id
) -> None:
    driver = open_kiosk()
    driver.tap("language")
    desk.announce(desk.commit("n", [put(section, "student", me, name="Carlitos")]))
    driver.settle()
    driver.tap("language_es")
    assert text.language() == "es"
    driver.tap("teacher")
    driver.window.sleep()
    driver.settle()
    assert driver.window.open_sheet() is None
    driver.tap("wake")
    assert driver.screen == "who"


def test_what_does_not_open_is_told_with_the_paper_way(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    give_program(desk, section, "/nowhere/file.pdf")
    driver = open_kiosk(opens=False)
    driver.tap(driver.tile(me), *PICTURES, "start")
    assert driver.window.strip is None
    assert driver.has("told")
    driver.tap("told")


# --- rounds, lessons, classes ---------------------------------------------------------------------------------------


def test_anyone_moves_the_suggested_round_on(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    assert driver.window.session.view is not None
    before = driver.window.session.view.round.number
    driver.tap("next_round")
    assert before is not None
    assert driver.window.session.view.round.number == (before + 1) % 4


def test_another_station_is_one_tap_away(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk()
    driver.tap(driver.tile(me), *PICTURES)
    card = next(f"station_{n}" for n in range(1, 5) if driver.has(f"station_{n}"))
    driver.tap(card)
    assert not driver.has(card)


def test_counts_and_eyes_on_me_are_for_the_teachers_own_computer(
    open_kiosk: Open, me: Id, desk: AppContext, section: Id, pass_time: Pass
) -> None:
    plan = desk.reads.plans.all(section)[0]
    run = start_lesson(desk, section, plan.id)
    driver = open_kiosk(live=True)
    assert not driver.has("next_round")
    texts = [one.text() for one in driver.window.findChildren(kit.Text)]
    assert "0 of 2" in texts
    log_event(desk, section, run, "eyes_on")
    pass_time(driver, 1)
    assert driver.has("eyes_on_me")
    log_event(desk, section, run, "eyes_off")
    pass_time(driver, 1)
    assert not driver.has("eyes_on_me")


def test_two_classes_are_asked_for_and_the_timetable_chooses(desk: AppContext, section: Id, open_kiosk: Open) -> None:
    other = fill_class(desk, 3, "Zebras")
    plan_lesson(desk, other, groups=2)
    driver = open_kiosk()
    driver.tap("other_class")
    assert driver.screen == "classes"
    assert driver.window.focusWidget() is driver.find("class_2")
    driver.tap("class_2")
    assert driver.window.session.section_id == other


def test_a_changed_list_shows_at_once(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    driver = open_kiosk()
    change = desk.commit("n", [put(section, "student", me, name="Carlitos")])
    desk.announce(change)
    driver.settle()
    assert driver.find(driver.tile(me)).words() == "Carlitos"  # type: ignore[attr-defined]


# --- window ---------------------------------------------------------------------------------------------------------


def test_taps_meant_for_the_screen_before_are_lost(open_kiosk: Open, me: Id) -> None:
    driver = open_kiosk(guard_ms=60_000)
    guard = driver.window._guard
    guard.timeout.emit()
    driver.tap(driver.tile(me))
    assert (driver.screen, guard.isActive()) == ("pictures", True)
    driver.tap("picture_4")
    assert driver.find("dot_0").accessibleName().endswith("empty")
    guard.timeout.emit()
    driver.tap("picture_4")
    assert not driver.find("dot_0").accessibleName().endswith("empty")


def test_each_child_is_spoken_to_in_their_language(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    desk.commit("l", [put(section, "student", me, language="ar")])
    driver = open_kiosk()
    driver.tap(driver.tile(me))
    assert driver.window.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert text.language() == "ar"
    driver.tap("not_me")
    assert driver.window.layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert text.language() == "en"
    driver.tap("language", "language_es")
    assert (driver.screen, text.language()) == ("who", "es")


@pytest.fixture
def station(tmp_path: Path, clock: FakeClock) -> Iterator[AppContext]:
    context = bootstrap.create_device(
        Paths(tmp_path / "station"), role="station", name="Window seat", clock=clock, randomness=FakeRandomness(7)
    )
    yield context
    bootstrap.close_device(context)


def test_a_shared_computer_without_a_class_says_what_to_do_and_closes_only_when_asked(
    station: AppContext, open_kiosk: Open
) -> None:
    driver = open_kiosk(context=station)
    assert driver.screen == "classes"
    driver.window.close()
    driver.settle()
    assert driver.window.isVisible()
    driver.tap("stay_open")
    assert driver.window.isVisible()


def test_the_desks_own_window_closes_at_once_when_nobody_is_there(open_kiosk: Open, section: Id) -> None:
    driver = open_kiosk()
    driver.window.close()
    assert not driver.window.isVisible()


def test_a_class_signed_in_by_tapping_has_no_pictures(open_kiosk: Open, me: Id, desk: AppContext, section: Id) -> None:
    classes.edit_class(desk, section, sign_in="tap")
    driver = open_kiosk()
    driver.tap(driver.tile(me))
    assert driver.screen == "stations"
