"""One tap away, one tap back; latecomers with their minute; the same meeting before and after the start."""

from __future__ import annotations

import pytest

from blenddesk.domain.attendance import AttendanceStatus
from blenddesk.domain.ids import Id
from blenddesk.errors import Refusal
from blenddesk.services import attendance, live
from blenddesk.services.context import AppContext
from tests.conftest import FakeClock
from tests.lessons import make_lesson


def test_who_is_marked_before_the_start_is_away_in_the_lesson(desk: AppContext, section: Id) -> None:
    for start in (None, 570):
        plan = make_lesson(desk, section, start_minute=start)
        student = desk.reads.people.students(section)[2].id
        attendance.toggle_away(desk, section, plan, student)
        live.start_lesson(desk, section, plan)
        assert attendance.register_of(desk, live.lesson_log(desk, section, plan)).away == (student,)


def test_back_before_the_start_is_here_and_after_it_is_late(desk: AppContext, section: Id, clock: FakeClock) -> None:
    plan = make_lesson(desk, section)
    first, second = (one.id for one in desk.reads.people.students(section)[:2])
    attendance.toggle_away(desk, section, plan, first)
    attendance.toggle_away(desk, section, plan, second)
    attendance.toggle_away(desk, section, plan, first)
    live.start_lesson(desk, section, plan)
    clock.advance(minutes=22)
    attendance.toggle_away(desk, section, plan, second)
    book = attendance.register_of(desk, live.lesson_log(desk, section, plan))
    assert not book.away
    assert [(one.student, one.minute) for one in book.late] == [(second, live.local_minute(clock))]
    attendance.toggle_away(desk, section, plan, second)
    assert attendance.register_of(desk, live.lesson_log(desk, section, plan)).away == (second,)


def test_a_late_minute_can_be_said(desk: AppContext, section: Id) -> None:
    plan = make_lesson(desk, section)
    student = desk.reads.people.students(section)[0].id
    attendance.mark(desk, section, plan, student, AttendanceStatus.LATE, 585)
    (late,) = attendance.register_of(desk, live.lesson_log(desk, section, plan)).late
    assert late.minute == 585


def test_adults_of_the_lesson_are_those_of_the_class_until_said(desk: AppContext, section: Id) -> None:
    plan = make_lesson(desk, section)
    log = live.lesson_log(desk, section, plan)
    live.start_lesson(desk, section, plan)
    meeting = desk.reads.lessons.meeting(section, log.meeting)
    assert meeting is not None
    assert list(meeting.adults) == [one.id for one in desk.reads.sections.adults(section)]
    attendance.set_adults(desk, section, plan, [])
    changed = desk.reads.lessons.meeting(section, log.meeting)
    assert changed is not None
    assert (changed.adults, changed.start_minute) == ((), meeting.start_minute)


@pytest.mark.parametrize(("minute", "code"), [(-1, "minute_out_of_range"), (1440, "minute_out_of_range")])
def test_impossible_minutes_are_refused(desk: AppContext, section: Id, minute: int, code: str) -> None:
    plan = make_lesson(desk, section)
    student = desk.reads.people.students(section)[0].id
    with pytest.raises(Refusal) as caught:
        attendance.mark(desk, section, plan, student, AttendanceStatus.LATE, minute)
    assert caught.value.code == code


def test_a_stranger_is_not_marked(desk: AppContext, section: Id) -> None:
    plan = make_lesson(desk, section)
    with pytest.raises(Refusal) as caught:
        attendance.toggle_away(desk, section, plan, bytes(16))
    assert caught.value.code == "not_in_class"
