"""Lesson plans: making one from a template or from the last lesson, its day, its minutes, and whether it is ready."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain import minutes as cutting
from blenddesk.domain import model_templates, plan_checks, templates
from blenddesk.domain.calendars import Slot
from blenddesk.domain.ids import Id
from blenddesk.domain.model_seats import Shape, several_days_part
from blenddesk.domain.ops import ChangeSet
from blenddesk.domain.plan_checks import Check
from blenddesk.domain.plans import Block, Grouping, Mode, Plan, PlanSheet, PlanStatus
from blenddesk.domain.ports import today
from blenddesk.domain.templates import Template
from blenddesk.errors import Refusal
from blenddesk.services import calendars, lesson_templates, rooms
from blenddesk.services.blocks import (
    class_words,
    edit_block,
    library_block,
    named,
    set_block_task,
    swap_block_from_library,
)
from blenddesk.services.groups import (
    deal_members,
    regrouped,
    seated,
    with_members,
    with_newcomers,
)
from blenddesk.services.plan_minutes import (
    change_round,
    in_range,
    round_choices,
    set_part_minutes,
    set_period,
    set_round_count,
    timed,
)
from blenddesk.services.plan_sheets import block_task_id, commit_sheet, load_sheet, sheet_drafts

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

__all__ = [
    "PlanMade",
    "When",
    "archive_plan",
    "can_be_used",
    "change_round",
    "checks",
    "coming_plans",
    "copied_sheet",
    "copy_plan",
    "edit_block",
    "last_plan",
    "library_block",
    "mark_ready",
    "new_plan",
    "plan_for_day",
    "rename_plan",
    "round_choices",
    "set_block_task",
    "set_day",
    "set_part_minutes",
    "set_period",
    "set_round_count",
    "sheet",
    "swap_block_from_library",
    "template_list",
]

DEFAULT_PERIOD = 50
COMING_DAYS = 14
MOST_NAME = 60


class PlanMade(NamedTuple):
    """A new plan, ready to use at once: ``plan`` is its id."""

    change: ChangeSet
    plan: Id


# --- reading ----------------------------------------------------------------------------------------------------


def template_list() -> tuple[Template, ...]:
    """The ready-made lessons; their words are message ids."""
    return model_templates.ALL_TEMPLATES


def sheet(ctx: AppContext, section: Id, plan: Id) -> PlanSheet:
    """The whole plan. Refusal ``plan_unknown``."""
    return load_sheet(ctx, section, plan)


def coming_plans(ctx: AppContext, section: Id, *, days: int | None = COMING_DAYS) -> list[Plan]:
    """Plans from today on by day and time, those without a day last; ``days`` None: however far ahead."""
    first = today(ctx.clock)
    until = "9999" if days is None else (first + timedelta(days=days)).isoformat()
    found = ctx.reads.plans.all(section, since=first.isoformat(), until=until)
    return sorted(found, key=lambda plan: (plan.day is None, plan.day or "", plan.start_minute or 0, plan.id))


def plan_for_day(ctx: AppContext, section: Id, day: str, *, minute: int | None = None) -> Plan | None:
    """The plan of a day (ISO date): of several the one that runs at ``minute`` after midnight or comes next.

    Ready plans go before drafts. Without ``minute`` the first of the day.
    """
    found = ctx.reads.plans.on_day(section, day)
    ready = [plan for plan in found if plan.status is PlanStatus.READY] or found
    if minute is not None:
        open_ones = [plan for plan in ready if (plan.start_minute or 0) + plan.period_minutes > minute]
        ready = open_ones or ready[-1:]
    return next(iter(ready), None)


def last_plan(ctx: AppContext, section: Id, before: str | None = None) -> Plan | None:
    """The lesson that "Copy last lesson" means: the latest before a day (today and what is planned included)."""
    day = before or (today(ctx.clock) + timedelta(days=1)).isoformat()
    latest = ctx.reads.lessons.latest_planned(section, day)
    return ctx.reads.plans.get(section, latest[0]) if latest is not None else None


def checks(ctx: AppContext, section: Id, plan: Id) -> tuple[Check, ...]:
    """Every check that applies, with My room, today's absences, the pair rules and the adults of the lesson."""
    return checks_of(ctx, section, load_sheet(ctx, section, plan))


def checks_of(ctx: AppContext, section: Id, whole: PlanSheet) -> tuple[Check, ...]:
    """The checks of a sheet that need not be saved yet."""
    adults = [adult.id for adult in ctx.reads.sections.adults(section)]
    away: set[Id] = set()
    for meeting in ctx.reads.lessons.meetings(section):
        if meeting.day == whole.plan.day and whole.plan.start_minute in (None, meeting.start_minute):
            marks = ctx.reads.lessons.attendance(section, meeting.id)
            away = {student for student, mark in marks.items() if mark.status == "away"}
            adults = list(meeting.adults) or adults
    return plan_checks.plan_checks(
        whole,
        students=[student.id for student in ctx.reads.people.students(section)],
        away=away,
        room=rooms.room_card(ctx),
        adults=adults,
        rules=ctx.reads.people.pair_rules(section),
    )


def can_be_used(found: Sequence[Check]) -> bool:
    """Everyone is in a group and every group has a place in every round; warnings do not matter."""
    return plan_checks.can_be_used(found)


# --- making -----------------------------------------------------------------------------------------------------


def new_plan(
    ctx: AppContext,
    section: Id,
    template: str,
    *,
    day: str | None = None,
    start_minute: int | None = None,
    minutes: int | None = None,
    grouping: str = "mixed",
    seed: int | None = None,
    students: Sequence[Id] | None = None,
    replaces: Id | None = None,
    ready: bool = False,
) -> PlanMade:
    """A lesson from a template: stations, groups and everyone's way, in one change and usable as it is.

    Without ``day`` it is for the next meeting of the timetable that has no plan, else for today. ``minutes`` come from
    the timetable, My room, the class or ``DEFAULT_PERIOD`` when not given. ``students``: who is grouped, by default the
    whole class. ``replaces``: a plan that goes for this one and gives its time. ``ready``: in use at once, unless it
    has gaps. Refusals ``template_unknown``, ``class_empty``, ``rounds_do_not_fit``, ``groups_impossible``,
    ``grouping_unknown``, ``no_last_grouping``.
    """
    kind = lesson_templates.template_of(ctx, template)
    if grouping not in set(Grouping):
        raise Refusal("grouping_unknown", mode=grouping)
    dealt = ctx.seed() if seed is None else seed
    old = None if replaces is None else load_sheet(ctx, section, replaces)
    slot = _time_of(old.plan) if old and day is None else _slot(ctx, section, day, start_minute)
    if slot.start_minute is None and start_minute is not None:
        slot = slot._replace(start_minute=start_minute)
    period = minutes if minutes is not None else slot.minutes or _usual_minutes(ctx, section)
    timing = cutting.fit_rounds(
        in_range(period), kind.opening_minutes, kind.moving_minutes, kind.closing_minutes, kind.rounds
    )
    # A template of one's own speaks the teacher's words, which no catalogue touches.
    words = class_words(ctx, section) if template in model_templates.ALL_BY_CODE else str
    plan = Plan(
        id=ctx.new_id(),
        name=words(kind.title),
        model=kind.model,
        template=kind.code,
        shape=kind.shape,
        day=slot.day,
        start_minute=slot.start_minute,
        grouping=Grouping(grouping),
    )
    blocks = templates.plan_blocks(kind, plan.id, ctx.new_id, words)
    room = rooms.room_card(ctx)
    blocks = tuple(_for_room(named(one, its.title), room) for one, its in zip(blocks, kind.blocks, strict=True))
    empty = PlanSheet(timed(plan, timing), blocks)
    roster = students if students is not None else [one.id for one in ctx.reads.people.students(section)]
    members = deal_members(ctx, section, slot.day, plan.grouping, list(roster), kind.groups, dealt)
    made = seated(with_members(ctx, section, empty, members, dealt), dealt)
    if ready:
        made = _ready_if_whole(ctx, section, made)
    return _save_new(ctx, section, "plan_made", made, old)


def copy_plan(
    ctx: AppContext,
    section: Id,
    source: Id | None = None,
    *,
    day: str | None = None,
    start_minute: int | None = None,
    groups: str = "new",
    seed: int | None = None,
    replaces: Id | None = None,
) -> PlanMade:
    """A lesson like an earlier one (the last by default), with ``new`` (mixed) or the ``same`` groups.

    The copy of a lesson that was used is ready at once. Rounds are cut anew from the minutes of its day. Refusals
    ``no_last_lesson``, ``plan_unknown``, ``class_empty``, ``rounds_do_not_fit``, ``groups_impossible``.
    """
    slot = _slot(ctx, section, day, start_minute)
    old = None if replaces is None else load_sheet(ctx, section, replaces)
    if old is not None and day is None:
        slot = _time_of(old.plan)
    latest = last_plan(ctx, section, slot.day or "9999") or last_plan(ctx, section)
    if source is None:
        if latest is None or latest.id == replaces:
            raise Refusal("no_last_lesson")
        source = latest.id
    way = Grouping.MIXED if groups == "new" else None
    copied = copied_sheet(ctx, section, load_sheet(ctx, section, source), slot, way, seed)
    return _save_new(ctx, section, "plan_copied", copied, old)


def copied_sheet(
    ctx: AppContext, section: Id, pattern: PlanSheet, when: When, groups: Grouping | None, seed: int | None = None
) -> PlanSheet:
    """A copy of ``pattern`` for ``when``, not saved: grouped anew in one way, or (None) with the same groups.

    Rounds are cut anew from the minutes of its time; the copy of a ready lesson is ready if nobody has a gap in it.
    Refusals ``class_empty``, ``rounds_do_not_fit``, ``groups_impossible``, ``no_last_grouping``.
    """
    dealt = ctx.seed() if seed is None else seed
    timing = cutting.timing_of(pattern.plan)
    if when.minutes not in (None, timing.period):
        timing = cutting.fit_rounds(
            in_range(when.minutes or 0), timing.opening, timing.moving, timing.closing, max(len(timing.rounds), 1)
        )
    plan = timed(pattern.plan, timing)._replace(
        id=ctx.new_id(),
        day=when.day,
        start_minute=when.start_minute,
        status=PlanStatus.DRAFT,
        copied_from=pattern.plan.id,
        series=None,
        part=None,
    )
    copied = _copied(ctx, pattern, plan)
    if groups is not None or not copied.groups:
        way = groups or Grouping.MIXED
        copied = regrouped(ctx, section, copied, way, dealt, count=len(copied.groups) or len(copied.blocks))
    else:
        copied = with_newcomers(ctx, section, copied)
    copied = seated(copied, dealt)
    return _ready_if_whole(ctx, section, copied) if pattern.plan.status is PlanStatus.READY else copied


def _copied(ctx: AppContext, pattern: PlanSheet, plan: Plan) -> PlanSheet:
    """The stations and groups of ``pattern`` under new ids, tasks of single groups included; without seats.

    Of a lesson whose groups are online on different days the copy is the next of these days.
    """
    if pattern.plan.shape == Shape.SEVERAL_DAYS:
        part = several_days_part(pattern.plan, len(pattern.groups)) + 1
        plan = plan._replace(series=pattern.plan.series or pattern.plan.id, part=part % max(len(pattern.groups), 1) + 1)
    block_ids = {block.id: ctx.new_id() for block in pattern.blocks}
    group_ids = {group.id: ctx.new_id() for group in pattern.groups}
    blocks = tuple(
        block._replace(
            id=block_ids[block.id],
            plan=plan.id,
            after=tuple(block_ids[before] for before in block.after if before in block_ids),
        )
        for block in pattern.blocks
    )
    groups = tuple(group._replace(id=group_ids[group.id], plan=plan.id) for group in pattern.groups)
    tasks = tuple(
        task._replace(
            id=block_task_id(block_ids[task.block], group_ids[task.group]),
            plan=plan.id,
            block=block_ids[task.block],
            group=group_ids[task.group],
        )
        for task in pattern.tasks
        if task.block in block_ids and task.group in group_ids
    )
    return PlanSheet(plan, blocks, groups, (), tasks)


def _ready_if_whole(ctx: AppContext, section: Id, made: PlanSheet) -> PlanSheet:
    """The sheet as a plan in use; the draft that it was when somebody would have no place."""
    if not can_be_used(checks_of(ctx, section, made)):
        return made
    return made._replace(plan=made.plan._replace(status=PlanStatus.READY))


def _save_new(ctx: AppContext, section: Id, label: str, made: PlanSheet, old: PlanSheet | None) -> PlanMade:
    drafts = sheet_drafts(section, None, made)
    if old is not None:
        drafts += sheet_drafts(section, old, old._replace(plan=old.plan._replace(status=PlanStatus.ARCHIVED)))
    change = ctx.commit(label, drafts, args={"plan": made.plan.id.hex()})
    return PlanMade(change, made.plan.id)


# --- name, day, status --------------------------------------------------------------------------------------------


def mark_ready(ctx: AppContext, section: Id, plan: Id) -> ChangeSet:
    """Use this plan. Warnings are allowed, a gap in who goes where is not: refusal ``plan_has_gaps``."""
    before = load_sheet(ctx, section, plan)
    if not can_be_used(checks_of(ctx, section, before)):
        raise Refusal("plan_has_gaps")
    return _edit(ctx, section, "plan_ready", before, status=PlanStatus.READY)


def rename_plan(ctx: AppContext, section: Id, plan: Id, name: str) -> ChangeSet:
    """Refusals ``plan_name_empty``, ``plan_name_long``."""
    cleaned = " ".join(name.split())
    if not cleaned:
        raise Refusal("plan_name_empty")
    if len(cleaned) > MOST_NAME:
        raise Refusal("plan_name_long", most=MOST_NAME)
    return _edit(ctx, section, "plan_renamed", load_sheet(ctx, section, plan), name=cleaned)


def set_day(ctx: AppContext, section: Id, plan: Id, day: str | None, start_minute: int | None = None) -> ChangeSet:
    """When the lesson is (ISO date, minutes after midnight); its minutes stay. Refusal ``day_malformed``."""
    return _edit(ctx, section, "plan_day_set", load_sheet(ctx, section, plan), day=_iso(day), start_minute=start_minute)


def archive_plan(ctx: AppContext, section: Id, plan: Id) -> ChangeSet:
    """Puts a plan away; entries about it stay readable and Undo brings it back."""
    return _edit(ctx, section, "plan_archived", load_sheet(ctx, section, plan), status=PlanStatus.ARCHIVED)


def _edit(ctx: AppContext, section: Id, label: str, before: PlanSheet, **fields: object) -> ChangeSet:
    after = before._replace(plan=before.plan._replace(**fields))  # type: ignore[arg-type]
    return commit_sheet(ctx, section, label, before, after)


# --- when -----------------------------------------------------------------------------------------------------


class When(NamedTuple):
    """A time for a plan as far as it is known."""

    day: str | None
    start_minute: int | None = None
    minutes: int | None = None


def _slot(ctx: AppContext, section: Id, day: str | None, start_minute: int | None) -> When:
    """The meeting that a new plan is for: of the day, else the next that has no plan yet, else today."""
    if day is None:
        slots = calendars.coming_slots(ctx, section, days=60)
    else:
        slots = calendars.slots_on(ctx, section, date.fromisoformat(_iso(day) or ""))
    fitting = [one for one in slots if start_minute in (None, one.start_minute)]
    taken = {(plan.day, plan.start_minute) for plan in ctx.reads.plans.all(section)}
    free = [one for one in fitting if (one.day.isoformat(), one.start_minute) not in taken]
    best: Slot | None = next(iter(free or (fitting if day is not None else ())), None)
    if best is None:
        return When(day or _free_day(ctx, {day for day, _start in taken}), start_minute)
    return When(best.day.isoformat(), best.start_minute, best.minutes)


def _free_day(ctx: AppContext, taken: Collection[str | None]) -> str:
    """Without a timetable: today, or the first school day after it that has no plan yet."""
    school = calendars.calendar(ctx)
    first = today(ctx.clock)
    coming = [first, *(day for ahead in range(1, COMING_DAYS) if school.is_school_day(day := first + timedelta(ahead)))]
    return next((day for day in coming if day.isoformat() not in taken), first).isoformat()


def _time_of(plan: Plan) -> When:
    return When(plan.day, plan.start_minute, plan.period_minutes)


def _usual_minutes(ctx: AppContext, section: Id) -> int:
    home = ctx.reads.sections.get(section)
    return rooms.room_card(ctx).period_minutes or (home.minutes if home else 0) or DEFAULT_PERIOD


def _iso(day: str | None) -> str | None:
    try:
        return None if day is None else date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise Refusal("day_malformed", day=day) from error


def _for_room(block: Block, room: plan_checks.RoomCard) -> Block:
    """A ready-made station as this room can have it: as many at a computer as the teacher said, no sound without."""
    if block.mode is Mode.OFFLINE:
        return block
    sharing = room.students_per_computer if block.devices and room.students_per_computer else block.devices
    return block._replace(devices=sharing, headphones=block.headphones and room.headphones != 0)
