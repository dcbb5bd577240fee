"""A week of lessons of one or all classes: reading it, copying a lesson or a week, moving, giving to other classes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain import calendars as timetable
from blenddesk.domain import minutes as cutting
from blenddesk.domain import weeks
from blenddesk.domain.calendars import Calendar, CalendarDay, DayKind, Slot
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft
from blenddesk.domain.plan_checks import Check
from blenddesk.domain.plans import ADULT_ANY, ADULT_NONE, Grouping, Plan, PlanSheet
from blenddesk.domain.ports import today
from blenddesk.domain.weeks import Span
from blenddesk.errors import Refusal
from blenddesk.services import calendars, plans
from blenddesk.services.groups import seated
from blenddesk.services.plan_minutes import in_range, refit, timed
from blenddesk.services.plan_sheets import commit_sheet, load_sheet, sheet_drafts
from blenddesk.services.plans import When

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

WEEKS_BACK = 10
"""How far "last week" is looked for: over a holiday, and no further."""
DAYS_AHEAD = 21
"""How far a free meeting of another class is looked for."""


class Lesson(NamedTuple):
    """A plan in its place. ``clash``: at the time of another lesson; ``longer_by``: minutes beyond its meeting."""

    section: Id
    plan: Plan
    clash: bool = False
    longer_by: int = 0


class Day(NamedTuple):
    """One column. ``free``: meetings without a lesson, by class; ``special``: the holiday or short day it is."""

    day: date
    special: CalendarDay | None
    lessons: tuple[Lesson, ...]
    free: tuple[tuple[Id, Slot], ...]

    @property
    def is_off(self) -> bool:
        return self.special is not None and self.special.kind == DayKind.OFF


class Week(NamedTuple):
    """``days`` from first to last; ``has_timetable``: one of its classes has meetings at all."""

    days: tuple[Day, ...]
    has_timetable: bool

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(lesson for day in self.days for lesson in day.lessons)


class WeekCopied(NamedTuple):
    """Lessons copied, and why others were not: a day off, a lesson there already, no way to fit them."""

    change: ChangeSet
    copied: int
    days_off: int
    taken: int
    unfit: int


class Given(NamedTuple):
    """``made``: class and new plan; ``left_out``: classes without a place for it and the refusal's code; ``warned``:
    copies of which a check says something."""

    change: ChangeSet
    made: tuple[tuple[Id, Id], ...]
    left_out: tuple[tuple[Id, str], ...]
    warned: int


# --- reading ----------------------------------------------------------------------------------------------------


def week(ctx: AppContext, sections: Collection[Id], day: date, *, school: Calendar | None = None) -> Week:
    """The week (or cycle) that ``day`` is in, with the lessons and free meetings of ``sections``.

    Clashes count lessons of all classes: there is one teacher. ``school``: another calendar than the saved one.
    """
    calendar = school or calendars.calendar(ctx)
    days = shown_days(ctx, day, calendar)
    first, last = days[0].isoformat(), days[-1].isoformat()
    everything = [
        (home.id, plan)
        for home in ctx.reads.sections.all()
        for plan in ctx.reads.plans.all(home.id, since=first, until=last)
        if plan.day is not None
    ]
    spans = [Span(plan.day or "", plan.start_minute, plan.period_minutes) for _home, plan in everything]
    clashes = weeks.clashing(spans)
    periods = {one: calendars.periods(ctx, one) for one in sections}
    columns = []
    for one in days:
        meetings = {home: timetable.meetings_on(periods[home], calendar, one) for home in sections}
        found = [
            Lesson(home, plan, place in clashes, _longer_by(plan, meetings[home]))
            for place, (home, plan) in enumerate(everything)
            if home in meetings and plan.day == one.isoformat()
        ]
        found.sort(key=lambda lesson: (lesson.plan.start_minute or 0, lesson.plan.period_minutes, lesson.plan.id))
        free = [
            (home, slot)
            for home, slots in meetings.items()
            for slot in _free(slots, [lesson.plan for lesson in found if lesson.section == home])
        ]
        free.sort(key=lambda pair: (pair[1].start_minute, pair[0]))
        columns.append(Day(one, calendar.special(one), tuple(found), tuple(free)))
    return Week(tuple(columns), any(periods.values()))


def shown_days(ctx: AppContext, day: date, calendar: Calendar | None = None) -> tuple[date, ...]:
    """The days side by side with ``day``, the same for all classes; weekend days only when taught or planned."""
    around = ctx.reads.sections.all()
    near = (day - timedelta(7)).isoformat(), (day + timedelta(7)).isoformat()
    planned = {
        date.fromisoformat(plan.day)
        for home in around
        for plan in ctx.reads.plans.all(home.id, since=near[0], until=near[1])
        if plan.day is not None
    }
    taught = {period.day for home in around for period in calendars.periods(ctx, home.id)}
    return weeks.week_days(calendar or calendars.calendar(ctx), taught, day, planned)


def troubles(ctx: AppContext, section: Id, plan: Id) -> tuple[Check, ...]:
    """The checks of a lesson that fail. Refusal ``plan_unknown``."""
    return tuple(check for check in plans.checks(ctx, section, plan) if not check.ok)


# --- copying and moving -------------------------------------------------------------------------------------------


def copy_lesson(
    ctx: AppContext,
    section: Id,
    plan: Id,
    day: date,
    start_minute: int | None = None,
    *,
    into: Id | None = None,
) -> plans.PlanMade:
    """The lesson once more on ``day``, in the same class or ``into`` another, cut to the minutes of the meeting there.

    Without ``start_minute``: the first free meeting of the day, else the time it has. Groups are made anew the same
    way; those made by hand stay as they are within the class. Refusals ``day_is_off``, ``plan_unknown``,
    ``class_empty``, ``rounds_do_not_fit``, ``groups_impossible``.
    """
    pattern = load_sheet(ctx, section, plan)
    home = into or section
    when = _place(ctx, calendars.calendar(ctx), home, pattern.plan, day, start_minute)
    made = _copy(ctx, section, pattern, home, when)
    change = ctx.commit("plan_copied", sheet_drafts(home, None, made), args={"plan": made.plan.id.hex()})
    return plans.PlanMade(change, made.plan.id)


def move_lesson(ctx: AppContext, section: Id, plan: Id, day: date, start_minute: int | None = None) -> ChangeSet:
    """The lesson on another day or at another time, cut to the minutes of the meeting there; groups stay.

    Refusals ``day_is_off``, ``lesson_was_taught``, ``plan_unknown``, ``rounds_do_not_fit``.
    """
    before = load_sheet(ctx, section, plan)
    if ctx.reads.lessons.runs(section, plan):
        raise Refusal("lesson_was_taught")
    when = _place(ctx, calendars.calendar(ctx), section, before.plan, day, start_minute, leaves=True)
    after = _fitted(before, when.minutes)
    if len(after.plan.rounds) != len(before.plan.rounds):
        after = seated(after, ctx.seed())
    moved = after.plan._replace(day=when.day, start_minute=when.start_minute)
    return commit_sheet(ctx, section, "plan_day_set", before, after._replace(plan=moved))


def copy_week(ctx: AppContext, sections: Collection[Id], day: date, *, school: Calendar | None = None) -> WeekCopied:
    """The lessons of the latest earlier week that has some, in the week of ``day``: one change.

    Each goes to the same day and time, cut to that day's minutes; days off and meetings that have a lesson are passed
    over. Refusals ``no_earlier_week``, ``nothing_to_copy``.
    """
    calendar = school or calendars.calendar(ctx)
    target = shown_days(ctx, day, calendar)
    drafts: list[Draft] = []
    counts = {"copied": 0, "days_off": 0, "taken": 0, "unfit": 0}
    series: dict[Id, Id] = {}
    for section, plan in _earlier_lessons(ctx, sections, target[0], calendar):
        there = weeks.same_day(calendar, date.fromisoformat(plan.day or ""), target)
        if there is None or calendar.is_off(there):
            counts["days_off"] += 1
            continue
        if any(_same_time(plan, other) for other in ctx.reads.plans.on_day(section, there.isoformat())):
            counts["taken"] += 1
            continue
        try:
            when = _place(ctx, calendar, section, plan, there, plan.start_minute)
            made = _copy(ctx, section, load_sheet(ctx, section, plan.id), section, when)
        except Refusal:
            # Counted and said: one lesson that does not fit a short day keeps no other from being copied.
            counts["unfit"] += 1
            continue
        if plan.series is not None:
            new = series.setdefault(plan.series, ctx.new_id())
            made = made._replace(plan=made.plan._replace(series=new, part=plan.part))
        drafts += sheet_drafts(section, None, made)
        counts["copied"] += 1
    if not drafts:
        raise Refusal("nothing_to_copy", days_off=counts["days_off"], taken=counts["taken"])
    change = ctx.commit("week_copied", drafts, args={"count": counts["copied"]})
    return WeekCopied(change, **counts)


def give_to_classes(ctx: AppContext, section: Id, plan: Id, classes: Sequence[Id]) -> Given:
    """The lesson in other classes too, at their next meeting without one from its day on, with groups of their own.

    One change. A class without students or without a free meeting is left out and named. Refusals ``plan_unknown``,
    ``no_class_chosen``, ``no_class_fits`` (code: why the first could not have it).
    """
    if not classes:
        raise Refusal("no_class_chosen")
    pattern = load_sheet(ctx, section, plan)
    calendar = calendars.calendar(ctx)
    drafts: list[Draft] = []
    made: list[tuple[Id, Id]] = []
    left_out: list[tuple[Id, str]] = []
    warned = 0
    for home in classes:
        try:
            copy = _copy(ctx, section, pattern, home, _next_free(ctx, calendar, home, pattern.plan))
        except Refusal as refused:
            left_out.append((home, refused.code))
            continue
        warned += any(not check.ok for check in plans.checks_of(ctx, home, copy))
        drafts += sheet_drafts(home, None, copy)
        made.append((home, copy.plan.id))
    if not drafts:
        raise Refusal("no_class_fits", reason=left_out[0][1])
    change = ctx.commit("plan_given", drafts, args={"plan": plan.hex(), "count": len(made)})
    return Given(change, tuple(made), tuple(left_out), warned)


# --- the parts ----------------------------------------------------------------------------------------------------


def _earlier_lessons(
    ctx: AppContext, sections: Collection[Id], first: date, calendar: Calendar
) -> Iterator[tuple[Id, Plan]]:
    """Class and plan of the latest week before ``first`` that has lessons. Refusal ``no_earlier_week``."""
    for _ago in range(WEEKS_BACK):
        days = shown_days(ctx, first - timedelta(1), calendar)
        found = [
            (section, plan)
            for section in sections
            for plan in ctx.reads.plans.all(section, since=days[0].isoformat(), until=days[-1].isoformat())
            if plan.day is not None
        ]
        if found:
            return iter(sorted(found, key=lambda pair: (pair[1].day or "", pair[1].start_minute or 0, pair[1].id)))
        # Sunday of a week from Monday to Friday lies after its last day: step over the whole week.
        first = min(days[0], first - timedelta(1))
    raise Refusal("no_earlier_week")


def _copy(ctx: AppContext, section: Id, pattern: PlanSheet, home: Id, when: When) -> PlanSheet:
    own = home == section
    by_hand = pattern.plan.grouping in (Grouping.BY_HAND, Grouping.AS_LAST_TIME)
    way = pattern.plan.grouping
    sheet = pattern if own else _for_class(ctx, section, pattern, home)
    copy = plans.copied_sheet(
        ctx, home, _fitted(sheet, when.minutes), when, None if own and by_hand else Grouping.MIXED if by_hand else way
    )
    return copy if own else copy._replace(plan=copy.plan._replace(copied_from=None))


def _for_class(ctx: AppContext, section: Id, pattern: PlanSheet, home: Id) -> PlanSheet:
    """The pattern with the adults of another class: the one of the same name, else whoever is there."""
    names = {adult.id.hex(): adult.name for adult in ctx.reads.sections.adults(section)}
    there = {adult.name: adult.id for adult in ctx.reads.sections.adults(home)}
    blocks = []
    for block in pattern.blocks:
        if block.adult not in (ADULT_NONE, ADULT_ANY):
            found = there.get(names.get(block.adult, ""))
            block = block._replace(adult=ADULT_ANY if found is None else found.hex())
        blocks.append(block)
    adults = [there.get(names.get(adult.hex(), "")) for adult in pattern.plan.adults]
    plan = pattern.plan._replace(adults=tuple(adult for adult in adults if adult is not None))
    return pattern._replace(plan=plan, blocks=tuple(blocks))


def _fitted(sheet: PlanSheet, minutes: int | None) -> PlanSheet:
    """The sheet cut to ``minutes``, with fewer rounds when they would not fit; seats are not made anew."""
    timing = cutting.timing_of(sheet.plan)
    if minutes in (None, timing.period):
        return sheet
    wanted = timing._replace(period=in_range(minutes or 0))
    choices = cutting.round_choices(wanted.period, wanted.opening, wanted.moving, wanted.closing)
    most = max((choice.rounds for choice in choices), default=len(timing.rounds))
    return sheet._replace(plan=timed(sheet.plan, refit(wanted, min(len(timing.rounds), most))))


def _place(
    ctx: AppContext,
    calendar: Calendar,
    section: Id,
    plan: Plan,
    day: date,
    start_minute: int | None,
    *,
    leaves: bool = False,
) -> When:
    """The meeting of a class on ``day`` that a lesson goes to, with its minutes; ``leaves``: its own gets free.

    Refusal ``day_is_off``.
    """
    special = calendar.special(day)
    if calendar.is_off(day):
        raise Refusal("day_is_off", name=special.name if special else "")
    slots = timetable.meetings_on(calendars.periods(ctx, section), calendar, day)
    others = [one for one in ctx.reads.plans.on_day(section, day.isoformat()) if not (leaves and one.id == plan.id)]
    start = start_minute
    if start is None:
        free = _free(slots, others)
        same = [slot for slot in free if slot.start_minute == plan.start_minute]
        start = next((slot.start_minute for slot in same or free), plan.start_minute)
    slot = next((slot for slot in slots if slot.start_minute == start), None)
    if slot is not None:
        return When(day.isoformat(), start, slot.minutes)
    short = special.minutes if special is not None else None
    return When(day.isoformat(), start, min(plan.period_minutes, short or plan.period_minutes))


def _next_free(ctx: AppContext, calendar: Calendar, home: Id, plan: Plan) -> When:
    """The first meeting of ``home`` without a lesson from the day of ``plan`` on. Refusal ``no_free_meeting``."""
    first = date.fromisoformat(plan.day) if plan.day else today(ctx.clock)
    periods = calendars.periods(ctx, home)
    if not periods:
        return _place(ctx, calendar, home, plan, first, plan.start_minute)
    for slot in timetable.meetings_between(periods, calendar, first, first + timedelta(DAYS_AHEAD)):
        if _free([slot], ctx.reads.plans.on_day(home, slot.day.isoformat())):
            return When(slot.day.isoformat(), slot.start_minute, slot.minutes)
    raise Refusal("no_free_meeting")


def _free(slots: Sequence[Slot], lessons: Sequence[Plan]) -> list[Slot]:
    """The meetings in whose time no lesson is; a lesson without a time takes the first of them."""
    timed_ones = [plan for plan in lessons if plan.start_minute is not None]
    free = [
        slot
        for slot in slots
        if not any(
            (plan.start_minute or 0) < slot.end_minute
            and slot.start_minute < (plan.start_minute or 0) + plan.period_minutes
            for plan in timed_ones
        )
    ]
    return free[len(lessons) - len(timed_ones) :]


def _same_time(plan: Plan, other: Plan) -> bool:
    if plan.start_minute is None or other.start_minute is None:
        return True
    ends = plan.start_minute + plan.period_minutes, other.start_minute + other.period_minutes
    return plan.start_minute < ends[1] and other.start_minute < ends[0]


def _longer_by(plan: Plan, slots: Sequence[Slot]) -> int:
    slot = next((slot for slot in slots if slot.start_minute == plan.start_minute), None)
    return 0 if slot is None else max(0, plan.period_minutes - slot.minutes)
