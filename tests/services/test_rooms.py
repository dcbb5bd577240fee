"""My room and the timetable through the use cases."""

from __future__ import annotations

import pytest

from blenddesk.domain.ids import Id
from blenddesk.domain.plan_checks import RoomCard
from blenddesk.domain.ports import local_datetime
from blenddesk.errors import Refusal
from blenddesk.services import calendars, plans, rooms
from blenddesk.services.context import AppContext
from tests.conftest import FakeClock, fill_class


def test_a_room_says_only_what_was_said(desk: AppContext) -> None:
    assert rooms.room_card(desk) == RoomCard()
    rooms.edit_room(desk, computers=6, projector=True)
    rooms.edit_room(desk, headphones=8)
    assert rooms.room_card(desk) == RoomCard(computers=6, projector=True, headphones=8)
    rooms.edit_room(desk, computers=None)
    assert rooms.room_card(desk).computers is None


@pytest.mark.parametrize("wrong", [{"computers": -1}, {"students_per_computer": 9}, {"period_minutes": 2}])
def test_a_room_has_bounds(desk: AppContext, wrong: dict[str, int]) -> None:
    with pytest.raises(Refusal, match="room_out_of_range"):
        rooms.edit_room(desk, **wrong)
    with pytest.raises(Refusal, match="unknown_field"):
        rooms.edit_room(desk, whiteboards=2)


def test_templates_follow_the_room(desk: AppContext, section: Id) -> None:
    rooms.edit_room(desk, students_per_computer=1, headphones=0)
    made = plans.new_plan(desk, section, "station-4")
    computer = plans.sheet(desk, section, made.plan).blocks[1]
    assert (computer.devices, computer.headphones) == (1, False)


def test_the_timetable_knows_now_and_next(desk: AppContext, section: Id, clock: FakeClock) -> None:
    other = fill_class(desk, 2, "5A")
    start = local_datetime(clock).hour * 60 + local_datetime(clock).minute
    calendars.add_period(desk, section, 0, start, 60)
    calendars.add_period(desk, other, 0, start + 65, 45)
    now = calendars.slot_now(desk, section)
    assert now is not None
    assert (now.start_minute, now.minutes) == (start, 60)
    assert calendars.class_now(desk) == section
    clock.advance(minutes=62)
    assert calendars.class_now(desk) == other
    assert calendars.slot_now(desk, section) is None
    coming = calendars.next_slot(desk, section)
    assert coming is not None
    assert coming.day.isoformat() == "2026-11-30"
    calendars.add_days_off(desk, "2026-11-30", "2026-12-04", name="Break")
    calendars.add_short_days(desk, "2026-12-07", "2026-12-07", 30)
    coming = calendars.next_slot(desk, section)
    assert coming is not None
    assert (coming.day.isoformat(), coming.minutes) == ("2026-12-07", 30)
    assert len(calendars.coming_slots(desk, section, days=22)) == 2


def test_periods_may_not_overlap_and_can_be_moved(desk: AppContext, section: Id) -> None:
    calendars.add_period(desk, section, 1, 600, 50)
    with pytest.raises(Refusal, match="period_exists"):
        calendars.add_period(desk, section, 1, 640, 50)
    with pytest.raises(Refusal, match="period_out_of_range"):
        calendars.add_period(desk, section, 7, 600, 50)
    period = calendars.periods(desk, section)[0]
    calendars.change_period(desk, section, period.id, day=1, start_minute=620, minutes=40)
    assert calendars.periods(desk, section)[0].start_minute == 620
    calendars.remove_period(desk, section, period.id)
    assert calendars.periods(desk, section) == []


def test_days_off_come_in_order(desk: AppContext) -> None:
    with pytest.raises(Refusal, match="days_out_of_order"):
        calendars.add_days_off(desk, "2026-12-24", "2026-12-01")
    with pytest.raises(Refusal, match="day_malformed"):
        calendars.add_days_off(desk, "Christmas", "2026-12-26")
    calendars.add_days_off(desk, "2026-12-24", "2026-12-26", name="Break")
    days = calendars.special_days(desk)[0]
    assert days.name == "Break"
    calendars.remove_days(desk, days.id)
    assert calendars.special_days(desk) == []
