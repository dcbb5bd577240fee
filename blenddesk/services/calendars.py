"""When classes meet: weekly periods, holidays and short days, and which meeting is on or comes next."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from blenddesk.domain import calendars
from blenddesk.domain.calendars import Calendar, CalendarDay, DayKind, Period, Slot
from blenddesk.domain.ids import MINE, Id, derived_id
from blenddesk.domain.ops import ChangeSet, delete, put
from blenddesk.domain.ports import local_datetime
from blenddesk.errors import Refusal

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

DAY_MINUTES = 24 * 60
SHORTEST, LONGEST = 5, 300
"""Minutes of a period."""


def meeting_id(section: Id, day: str, start_minute: int) -> Id:
    """The one meeting of a class that begins at a time of a day, the same on every computer."""
    return derived_id("meeting", section, day.encode(), start_minute.to_bytes(2, "big"))


def calendar(ctx: AppContext) -> Calendar:
    """What all classes share: holidays and short days."""
    return Calendar(days=tuple(ctx.reads.lessons.calendar_days()))


def periods(ctx: AppContext, section: Id) -> list[Period]:
    """The weekly meeting times of a class by day and time."""
    return ctx.reads.lessons.periods(section)


def add_period(ctx: AppContext, section: Id, day: int, start_minute: int, minutes: int) -> ChangeSet:
    """The class meets every week on ``day`` (0 Monday to 6 Sunday) from ``start_minute`` after midnight.

    Refusals ``period_out_of_range``, ``period_exists`` (it overlaps another of this class).
    """
    _check_period(ctx, section, day, start_minute, minutes, None)
    draft = put(section, "period", ctx.new_id(), day=day, start_minute=start_minute, minutes=minutes)
    return ctx.commit("timetable_edited", [draft], args={"section": section.hex()})


def change_period(ctx: AppContext, section: Id, period: Id, *, day: int, start_minute: int, minutes: int) -> ChangeSet:
    """Moves a weekly meeting. Refusals as ``add_period``."""
    _check_period(ctx, section, day, start_minute, minutes, period)
    draft = put(section, "period", period, day=day, start_minute=start_minute, minutes=minutes)
    return ctx.commit("timetable_edited", [draft], args={"section": section.hex()})


def remove_period(ctx: AppContext, section: Id, period: Id) -> ChangeSet:
    draft = delete(section, "period", period)
    return ctx.commit("timetable_edited", [draft], args={"section": section.hex()})


def add_days_off(ctx: AppContext, first: str, last: str, *, name: str = "") -> ChangeSet:
    """No lessons from ``first`` to ``last`` (ISO dates, both included). Refusal ``days_out_of_order``."""
    return _add_days(ctx, first, last, kind=DayKind.OFF, minutes=None, name=name)


def add_short_days(ctx: AppContext, first: str, last: str, minutes: int, *, name: str = "") -> ChangeSet:
    """Lessons of at most ``minutes`` on these days. Refusals ``days_out_of_order``, ``period_out_of_range``."""
    if not SHORTEST <= minutes <= LONGEST:
        raise Refusal("period_out_of_range", least=SHORTEST, most=LONGEST)
    return _add_days(ctx, first, last, kind=DayKind.SHORT, minutes=minutes, name=name)


def remove_days(ctx: AppContext, days: Id) -> ChangeSet:
    return ctx.commit("calendar_edited", [delete(MINE, "calendar_day", days)])


def special_days(ctx: AppContext) -> list[CalendarDay]:
    """Holidays and short days, the earliest first."""
    return ctx.reads.lessons.calendar_days()


def slots_on(ctx: AppContext, section: Id, day: date) -> tuple[Slot, ...]:
    """The meetings of a class on a day; short days and holidays are taken into account."""
    return calendars.meetings_on(periods(ctx, section), calendar(ctx), day)


def slot_now(ctx: AppContext, section: Id, *, early_minutes: int = 15) -> Slot | None:
    """The meeting that is on, else the one that begins within ``early_minutes``."""
    now = local_datetime(ctx.clock)
    minute = now.hour * 60 + now.minute
    coming = [one for one in slots_on(ctx, section, now.date()) if one.end_minute > minute]
    return next((one for one in coming if one.start_minute - early_minutes <= minute), None)


def next_slot(ctx: AppContext, section: Id, after: datetime | None = None) -> Slot | None:
    """The first meeting that begins after a moment of local time (now by default); None without a timetable."""
    moment = after or local_datetime(ctx.clock)
    return calendars.next_meeting(periods(ctx, section), calendar(ctx), moment)


def coming_slots(ctx: AppContext, section: Id, *, days: int = 14) -> tuple[Slot, ...]:
    """The meetings from now (one that is on included) through the coming ``days``."""
    now = local_datetime(ctx.clock)
    found = calendars.meetings_between(
        periods(ctx, section), calendar(ctx), now.date(), now.date() + timedelta(days=days)
    )
    minute = now.hour * 60 + now.minute
    return tuple(slot for slot in found if slot.day > now.date() or slot.end_minute > minute)


def class_now(ctx: AppContext) -> Id | None:
    """The class whose lesson is on or about to begin; None when there is none now."""
    by_section: dict[Id, list[Period]] = {section.id: [] for section in ctx.reads.sections.all()}
    for period in ctx.reads.lessons.periods():
        by_section.get(period.section, []).append(period)
    return calendars.class_now(by_section, calendar(ctx), local_datetime(ctx.clock))


def _check_period(ctx: AppContext, section: Id, day: int, start_minute: int, minutes: int, itself: Id | None) -> None:
    fits = SHORTEST <= minutes <= LONGEST and start_minute >= 0 and start_minute + minutes <= DAY_MINUTES
    if not (fits and 0 <= day <= 6):
        raise Refusal("period_out_of_range", least=SHORTEST, most=LONGEST)
    for other in periods(ctx, section):
        overlaps = start_minute < other.start_minute + other.minutes and other.start_minute < start_minute + minutes
        if other.id != itself and other.day == day and overlaps:
            raise Refusal("period_exists")


def _add_days(ctx: AppContext, first: str, last: str, *, kind: DayKind, minutes: int | None, name: str) -> ChangeSet:
    try:
        in_order = date.fromisoformat(first) <= date.fromisoformat(last)
    except ValueError as error:
        raise Refusal("day_malformed", day=first) from error
    if not in_order:
        raise Refusal("days_out_of_order")
    fields = {"first_day": first, "last_day": last, "kind": str(kind), "minutes": minutes, "name": name.strip()}
    return ctx.commit("calendar_edited", [put(MINE, "calendar_day", ctx.new_id(), **fields)])
