"""A class with a lesson of today, groups and goals for tests of the student's window, made through the write door."""

from __future__ import annotations

from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import Draft, put
from blenddesk.domain.plans import SHAPES, Block, Group, Plan, PlanSheet, PlanStatus
from blenddesk.domain.ports import local_datetime, today
from blenddesk.domain.registry import BY_NAME
from blenddesk.domain.seating import make_seats
from blenddesk.domain.templates import TEMPLATES, plan_blocks
from blenddesk.services.context import AppContext

CODE = (3, 4, 5)
"""Key, ball, apple: the middle row of the nine."""


def half_an_hour_ago(ctx: AppContext) -> int:
    """Minutes after midnight, local time."""
    now = local_datetime(ctx.clock)
    return now.hour * 60 + now.minute - 30


def plan_lesson(
    ctx: AppContext,
    section: Id,
    *,
    day: str = "",
    groups: int = 4,
    template: int = 0,
    with_clock: bool = True,
    status: PlanStatus = PlanStatus.READY,
    blocks: tuple[Block, ...] | None = None,
) -> PlanSheet:
    """A station lesson of today: four rounds of 12 minutes from half an hour ago, everyone dealt to a group in turn."""
    students = [student.id for student in ctx.reads.people.students(section)]
    plan_id = ctx.new_id()
    plan = Plan(
        plan_id,
        name="Words",
        day=day or today(ctx.clock).isoformat(),
        start_minute=half_an_hour_ago(ctx) if with_clock else None,
        period_minutes=60,
        opening_minutes=3,
        moving_minutes=2,
        closing_minutes=3,
        rounds=(12, 12, 12, 12),
        status=status,
    )
    made = blocks or plan_blocks(TEMPLATES[template], plan_id, ctx.new_id, lambda message: message)
    made = tuple(block._replace(plan=plan_id) for block in made)
    group_ids = [ctx.new_id() for _ in range(groups)]
    sheet = PlanSheet(
        plan,
        made,
        tuple(
            Group(group, plan_id, place, shape=SHAPES[place], students=tuple(students[place::groups]))
            for place, group in enumerate(group_ids)
        ),
        make_seats(plan_id, group_ids, made, 4, 1),
    )
    ctx.commit("plan_made", _drafts(section, sheet))
    found = ctx.reads.plans.sheet(section, plan_id)
    assert found is not None
    return found


def _drafts(section: Id, sheet: PlanSheet) -> list[Draft]:
    """What makes a whole plan; written here so that these tests stand on the write door alone."""
    plan = sheet.plan.id
    drafts = [_whole(section, "plan", sheet.plan)]
    drafts += [_whole(section, "block", block) for block in sheet.blocks]
    for group in sheet.groups:
        drafts.append(_whole(section, "group", group))
        drafts += [
            put(section, "membership", derived_id("membership", plan, who), plan=plan, student=who, group=group.id)
            for who in group.students
        ]
    for seat in sheet.seats:
        seat_id = derived_id("seat", plan, seat.group, seat.round.to_bytes(2, "big"))
        drafts.append(put(section, "seat", seat_id, plan=plan, group=seat.group, round=seat.round, block=seat.block))
    return drafts


def _whole(section: Id, record: str, thing: Plan | Block | Group) -> Draft:
    stored = {field.name for field in BY_NAME[record].fields}
    values = {name: value for name, value in thing._asdict().items() if name in stored}
    plain = {
        name: list(value) if isinstance(value, tuple) else str(value) if isinstance(value, str) else value
        for name, value in values.items()
    }
    return put(section, record, thing.id, **plain)


def give_goal(ctx: AppContext, section: Id, student: Id, words: str, *steps: str) -> list[Id]:
    """An active goal with its steps; returns the ids of the steps."""
    goal = ctx.new_id()
    ids = [ctx.new_id() for _ in steps]
    drafts = [
        put(
            section, "goal", goal, student=student, words=words, status="active", set_by="student", set_day="2026-11-16"
        )
    ]
    drafts += [
        put(section, "goal_step", step, goal=goal, student=student, position=place, words=text)
        for place, (step, text) in enumerate(zip(ids, steps, strict=True))
    ]
    ctx.commit("goal_made", drafts)
    return ids


def set_code(ctx: AppContext, section: Id, student: Id, code: tuple[int, ...] = CODE) -> None:
    ctx.commit("code", [put(section, "student", student, code=list(code))])


def start_lesson(ctx: AppContext, section: Id, plan: Id) -> Id:
    """Starts the lesson now, as the teacher's Start does; returns the run."""
    meeting = derived_id("meeting", section, b"today")
    run = ctx.new_id()
    now, day = ctx.clock.wall_ms(), today(ctx.clock).isoformat()
    ctx.commit(
        "lesson_started",
        [
            put(
                section,
                "meeting",
                meeting,
                day=day,
                start_minute=half_an_hour_ago(ctx),
                minutes=60,
            ),
            put(section, "run", run, plan=plan, meeting=meeting, started_ms=now),
        ],
    )
    log_event(ctx, section, run, "started", value=1)
    return run


def log_event(ctx: AppContext, section: Id, run: Id, kind: str, value: int | None = None) -> None:
    """One more line of a running lesson; its id begins with the number of lines before it."""
    event = len(ctx.reads.lessons.events(section, run)).to_bytes(4, "big") + ctx.new_id()[4:]
    at_ms = ctx.clock.wall_ms()
    ctx.commit("e", [put(section, "lesson_event", event, run=run, kind=kind, at_ms=at_ms, value=value)])
