"""Today's view of a class in all four states, and who needs the teacher."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from blenddesk.domain.entries import EntryKind
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.domain.ports import today
from blenddesk.errors import Refusal
from blenddesk.services import attendance, calendars, entries, kiosk, live
from blenddesk.services.context import AppContext
from blenddesk.services.today import SIGN_IN_WORD, DayState, NeedKind, TodayView, today_view
from tests.conftest import FakeClock
from tests.lessons import make_lesson


def test_the_word_for_a_missed_sign_in_is_the_one_that_is_written() -> None:
    assert SIGN_IN_WORD == kiosk.SIGN_IN_WORD


def test_the_four_states_in_order(desk: AppContext, section: Id, clock: FakeClock) -> None:
    assert today_view(desk, section).state is DayState.NOTHING
    plan = make_lesson(desk, section, ready=False)
    draft = today_view(desk, section)
    assert (draft.state, [one.id for one in draft.plans]) == (DayState.NOTHING, [plan])
    from blenddesk.services import plans

    plans.mark_ready(desk, section, plan)
    ready = today_view(desk, section)
    assert ready.state is DayState.READY
    assert ready.sheet is not None
    assert [row.here for row in ready.rows] == [2, 2, 2, 2]
    live.start_lesson(desk, section, plan)
    assert today_view(desk, section).state is DayState.RUNNING
    clock.advance(minutes=20)
    live.finish(desk, section, plan)
    done = today_view(desk, section)
    assert done.state is DayState.FINISHED
    assert len(done.work) == 8
    assert all(len(line.carried) == 4 for line in done.work)


def test_a_lesson_of_yesterday_is_not_todays(desk: AppContext, section: Id, clock: FakeClock) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    live.finish(desk, section, plan)
    clock.advance(minutes=24 * 60)
    assert today_view(desk, section).state is DayState.NOTHING


def test_a_plan_of_another_day_that_runs_is_shown(desk: AppContext, section: Id) -> None:
    plan = make_lesson(desk, section)
    later = (today(desk.clock) + timedelta(3)).isoformat()
    desk.commit("plan_edited", [put(section, "plan", plan, day=later)])
    assert today_view(desk, section).state is DayState.NOTHING
    live.start_lesson(desk, section, plan)
    assert today_view(desk, section).state is DayState.RUNNING


def test_of_two_lessons_the_one_that_runs_else_the_next_is_shown(
    desk: AppContext, section: Id, clock: FakeClock
) -> None:
    first = make_lesson(desk, section, start_minute=600, minutes=40)
    second = make_lesson(desk, section, start_minute=700, minutes=40)

    def shown(plan: Id | None = None) -> Id:
        sheet = today_view(desk, section, plan=plan).sheet
        assert sheet is not None
        return sheet.plan.id

    assert (shown(), shown(second)) == (first, second)
    live.start_lesson(desk, section, second)
    assert shown() == second
    live.finish(desk, section, second)
    assert shown() == first
    clock.now_ms = live.moment_ms(clock, "2026-11-23", 690)
    assert shown() == first, "the second is over; the first could still be held"


def test_counts_and_results_follow_the_rounds(desk: AppContext, section: Id, clock: FakeClock) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    view = today_view(desk, section)
    assert (view.board_round, view.results) == (None, ())
    live.next_round(desk, section, plan)
    sheet = today_view(desk, section).sheet
    assert sheet is not None
    group = sheet.groups[0]
    entries.log_group(desk, section, plan, group.id, 0)
    view = today_view(desk, section)
    assert (view.board_round, view.results) == (0, ())
    assert [row.done for row in view.rows] == [2, 0, 0, 0]
    live.next_round(desk, section, plan)
    view = today_view(desk, section)
    assert (view.board_round, [one.logged for one in view.results]) == (0, [2])
    attendance.toggle_away(desk, section, plan, group.students[0])
    first = today_view(desk, section).rows[0]
    assert (first.done, first.here) == (1, 1)


def test_raised_hands_come_first_then_latecomers_then_what_was_tricky(
    desk: AppContext, section: Id, clock: FakeClock
) -> None:
    plan = make_lesson(desk, section)
    students = [one.id for one in desk.reads.people.students(section)]
    attendance.toggle_away(desk, section, plan, students[0])
    live.start_lesson(desk, section, plan)
    view = today_view(desk, section)
    assert view.sheet is not None
    group = view.sheet.group_of(students[1])
    assert group is not None
    block = view.sheet.block_of(group.id, 0)
    assert block is not None
    entries.add_entry(desk, section, students[1], plan, block.id, growth=1)
    clock.advance(minutes=25)
    attendance.toggle_away(desk, section, plan, students[0])
    kiosk.ask_for_help(desk, section, students[2], plan=plan, block=block.id)
    clock.advance(minutes=1)
    kiosk.note_missed_sign_in(desk, section, students[3])
    needs = today_view(desk, section).needs
    assert [(need.kind, need.student) for need in needs] == [
        (NeedKind.SIGN_IN, students[3]),
        (NeedKind.HELP, students[2]),
        (NeedKind.LATE, students[0]),
        (NeedKind.TRICKY, students[1]),
    ]
    assert needs[2].rounds == (0,)
    entries.add_entry(desk, section, students[1], plan, block.id, growth=3)
    assert NeedKind.TRICKY not in {need.kind for need in today_view(desk, section).needs}


def test_what_was_taken_back_needs_nobody(desk: AppContext, section: Id) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    sheet = today_view(desk, section).sheet
    assert sheet is not None
    student = sheet.students()[0]
    made = entries.add_entry(desk, section, student, plan, sheet.blocks[0].id, growth=1)
    entries.undo_entry(desk, section, student, made.entry)
    assert today_view(desk, section).needs == ()


def test_other_computers_are_named_with_their_last_time_home(desk: AppContext, section: Id) -> None:
    assert today_view(desk, section).is_live
    desk.commit(
        "seat_made",
        [put(section, "certificate", desk.new_id(), device=desk.new_id(), name="Blue 3", role="seat", seat=b"s" * 32)],
    )
    view = today_view(desk, section)
    assert [(one.name, one.last_home_ms) for one in view.computers] == [("Blue 3", None)]
    assert not view.is_live


def test_the_next_meeting_is_told_when_nothing_is_planned(desk: AppContext, section: Id) -> None:
    assert today_view(desk, section).next_meeting is None
    calendars.add_period(desk, section, 2, 600, 50)
    slot = today_view(desk, section).next_meeting
    assert slot is not None
    assert (slot.day.weekday(), slot.start_minute) == (2, 600)


def test_no_such_class(desk: AppContext) -> None:
    with pytest.raises(Refusal) as caught:
        today_view(desk, bytes(16))
    assert caught.value.code == "class_unknown"


def test_a_teachers_own_entries_are_not_taken_for_students(desk: AppContext, section: Id) -> None:
    plan = make_lesson(desk, section)
    view: TodayView = today_view(desk, section)
    assert view.sheet is not None
    block = view.sheet.blocks[0].id
    entries.mark_work(desk, section, plan, block, [view.sheet.students()[0]], EntryKind.CLAIMED)
    assert today_view(desk, section).logged_here == 0


def test_today_is_read_without_the_heavy_libraries() -> None:
    code = (
        "import sys, blenddesk.services.today, blenddesk.services.live, blenddesk.services.attendance, "
        "blenddesk.services.entries; "
        "print([m for m in ('sqlalchemy', 'nacl', 'pyrage', 'PySide6', 'segno') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
