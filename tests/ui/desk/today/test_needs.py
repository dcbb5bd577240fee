"""Who needs the teacher, what is covered, and the class in view."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from blenddesk.domain.entries import EntryKind
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.services import attendance, kiosk, live, rooms
from blenddesk.services.context import AppContext
from blenddesk.services.today import today_view
from tests.conftest import FakeClock, fill_class
from tests.lessons import HALF_PAST_NINE, make_lesson
from tests.ui.desk.today.taps import Open, Taps, names_on, page_of


def test_a_whole_group_is_logged_in_two_taps(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    live.next_round(desk, section, plan)
    window = open_desk()
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    taps = Taps(window)
    taps.tap(f"group_{sheet.groups[2].id.hex()}")
    taps.tap("log_group")
    assert taps.count == 2
    assert [row.done for row in today_view(desk, section).rows] == [0, 0, 2, 0]
    assert page_of(window).run.board._cells[2].count.text() == "2/2"


def test_a_raised_hand_is_answered_in_one_tap_and_a_latecomer_excused(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    first, second = (one.id for one in desk.reads.people.students(section)[:2])
    attendance.toggle_away(desk, section, plan, second)
    live.start_lesson(desk, section, plan)
    at_half_past_nine.advance(minutes=25)
    attendance.toggle_away(desk, section, plan, second)
    kiosk.ask_for_help(desk, section, first, plan=plan)
    window = open_desk()
    page = page_of(window)
    help_need, late_need = today_view(desk, section).needs
    taps = Taps(window)
    taps.tap(f"need_{help_need.id.hex()}")
    assert len(page.run.side.needs.rows) == 1
    taps.tap(f"need_{late_need.id.hex()}")
    taps.tap("late_excuse")
    assert [one.kind for one in desk.reads.entries.of_student(section, second)] == [EntryKind.EXCUSED]


def test_needs_are_covered_when_the_class_may_see_and_until_uncovered(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    kiosk.ask_for_help(desk, section, sheet.students()[0], plan=plan)
    window = open_desk()
    page = page_of(window)
    assert not page.is_covered()
    assert "asks for help" in names_on(window)
    Taps(window).tap("open_board")
    assert page.is_covered()
    assert "asks for help" not in names_on(window)
    Taps(window).tap("uncover")
    assert "asks for help" in names_on(window)


def test_with_a_projector_and_one_display_a_lesson_begins_covered(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    make_lesson(desk, section)
    rooms.edit_room(desk, projector=True)
    window = open_desk()
    Taps(window).tap("start")
    assert page_of(window).is_covered()


def test_counts_of_other_computers_are_never_shown_as_live(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    live.next_round(desk, section, plan)
    fields = {"device": desk.new_id(), "name": "Blue 3", "role": "seat", "seat": b"s" * 32}
    desk.commit("seat_made", [put(section, "certificate", desk.new_id(), **fields)])
    words = names_on(open_desk())
    assert "Blue 3: not home yet" in words
    assert "0/2" not in words


def test_one_tap_switches_the_class_and_the_desk_opens_where_the_period_is(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    from blenddesk.services import calendars

    other = fill_class(desk, 4, "5A")
    calendars.add_period(desk, other, 0, HALF_PAST_NINE, 50)
    window = open_desk()
    assert window.session.section_id == other
    taps = Taps(window)
    taps.tap(f"class_{section.hex()}")
    assert taps.count == 1
    assert window.session.section_id == section
    assert desk.settings.last_section == section.hex()


def test_nothing_planned_and_no_class(desk: AppContext, at_half_past_nine: FakeClock, open_desk: Open) -> None:
    window = open_desk()
    assert Taps(window).find("set_up_class").isVisible()
    section = fill_class(desk)
    window.session.choose_section(section)
    for _ in range(4):
        QApplication.processEvents()
    assert Taps(window).find("plan_lesson").isVisible()


def test_copying_the_last_lesson_is_one_tap(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    desk.commit("plan_edited", [put(section, "plan", plan, day="2026-11-20")])
    window = open_desk()
    Taps(window).tap("copy_lesson")
    assert [one.day for one in desk.reads.plans.on_day(section, "2026-11-23")] == ["2026-11-23"]
