"""Running a lesson: what its buttons write into the log, and the state that follows from the log and the clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from blenddesk.domain.attendance import register
from blenddesk.domain.entries import By, EntryKind
from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.lesson_log import MINUTE_MS, late_start
from blenddesk.domain.live import EventKind, LateStart, LessonEvent, LessonState, lesson_state
from blenddesk.domain.minutes import Timing, timing_of
from blenddesk.domain.ops import ChangeSet, Draft, put
from blenddesk.domain.plans import Plan, PlanSheet
from blenddesk.domain.ports import Clock, local_datetime, today
from blenddesk.domain.progress import carry_overs
from blenddesk.errors import Refusal
from blenddesk.services.calendars import meeting_id, next_slot

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

FULL_ROUNDS = 1
"""Value of a start that keeps the rounds as planned although it is late."""
_COUNTER_BYTES = 4
StateValue: TypeAlias = Callable[[LessonState], int]


class LessonLog(NamedTuple):
    """One lesson as written down: enough to compute its state at any moment without asking the data again.

    ``run`` is None before the start. ``planned_start_ms`` is None for a lesson without a time of day.
    """

    section: Id
    plan: Id
    meeting: Id
    day: str
    run: Id | None
    timing: Timing
    events: tuple[LessonEvent, ...] = ()
    planned_start_ms: int | None = None

    def at(self, now_ms: int) -> LessonState:
        return lesson_state(self.timing, self.events, now_ms, planned_start_ms=self.planned_start_ms)

    def late(self, now_ms: int) -> LateStart:
        """What Start would do now."""
        return late_start(self.timing, self.planned_start_ms, now_ms)


def lesson_log(ctx: AppContext, section: Id, plan: Id) -> LessonLog:
    """The log of the lesson that uses a plan now: the one that runs, else today's, else an empty one for today.

    Refusal ``plan_unknown``.
    """
    found = _plan(ctx, section, plan)
    timing = timing_of(found)
    day = today(ctx.clock).isoformat()
    for row in ctx.reads.lessons.runs(section, plan)[:1]:
        meeting = ctx.reads.lessons.meeting(section, row["meeting"])
        if meeting is None:
            continue
        start = None if found.start_minute is None else moment_ms(ctx.clock, meeting.day, meeting.start_minute)
        events = tuple(ctx.reads.lessons.events(section, row["id"]))
        log = LessonLog(section, plan, meeting.id, meeting.day, row["id"], timing, events, start)
        if meeting.day == day or log.at(ctx.clock.wall_ms()).running:
            return log
    start = None if found.start_minute is None else moment_ms(ctx.clock, day, found.start_minute)
    return LessonLog(section, plan, _meeting_id(section, found, day), day, None, timing, (), start)


def lesson(ctx: AppContext, section: Id, plan: Id) -> LessonState:
    """Where the lesson stands now; the same after a restart. Refusal ``plan_unknown``."""
    return lesson_log(ctx, section, plan).at(ctx.clock.wall_ms())


def moment_ms(clock: Clock, day: str, minute: int) -> int:
    """A local time of day (minutes after midnight) as wall ms."""
    midnight = (date.fromisoformat(day) - date(1970, 1, 1)).days * 24 * 60
    return (midnight + minute - clock.zone_minutes()) * MINUTE_MS


def local_minute(clock: Clock) -> int:
    """Minutes after local midnight."""
    now = local_datetime(clock)
    return now.hour * 60 + now.minute


def meeting_drafts(ctx: AppContext, log: LessonLog) -> list[Draft]:
    """The meeting of a lesson if it is not written yet, with every adult of the class in it."""
    if ctx.reads.lessons.meeting(log.section, log.meeting) is not None:
        return []
    plan = _plan(ctx, log.section, log.plan)
    adults = [adult.id for adult in ctx.reads.sections.adults(log.section)]
    start = plan.start_minute if plan.start_minute is not None else local_minute(ctx.clock)
    return [
        put(
            log.section,
            "meeting",
            log.meeting,
            day=log.day,
            start_minute=start,
            minutes=plan.period_minutes,
            adults=adults,
        )
    ]


# --- the buttons ------------------------------------------------------------------------------------------------


def start_lesson(ctx: AppContext, section: Id, plan: Id, *, full_rounds: bool = False) -> ChangeSet:
    """Starts a plan now. A late start shortens the rounds and keeps the bell, unless ``full_rounds``.

    Meeting and run have ids of their own meaning, so that two desks that start the same lesson write one. Refusals
    ``plan_unknown``, ``lesson_has_started``, ``plan_without_rounds``.
    """
    log = lesson_log(ctx, section, plan)
    if log.events:
        raise Refusal("lesson_has_started")
    if not log.timing.rounds:
        raise Refusal("plan_without_rounds")
    run = derived_id("run", log.meeting, plan)
    now = ctx.clock.wall_ms()
    drafts = [
        *meeting_drafts(ctx, log),
        put(section, "run", run, plan=plan, meeting=log.meeting, started_ms=now),
        event_draft(ctx, section, run, (), EventKind.STARTED, FULL_ROUNDS if full_rounds else None),
    ]
    return ctx.commit("lesson_started", drafts, args={"plan": plan.hex()})


def next_round(ctx: AppContext, section: Id, plan: Id) -> ChangeSet:
    """Goes on to what comes next: on the way, the round, the close. Two desks that press together go on once."""
    return _write(ctx, section, plan, EventKind.NEXT, "lesson_next", of_state=lambda state: state.step)


def plus_minute(ctx: AppContext, section: Id, plan: Id, minutes: int = 1) -> ChangeSet:
    return _write(ctx, section, plan, EventKind.PLUS_MINUTE, "lesson_longer", minutes)


def minus_minute(ctx: AppContext, section: Id, plan: Id, minutes: int = 1) -> ChangeSet:
    return _write(ctx, section, plan, EventKind.MINUS_MINUTE, "lesson_shorter", minutes)


def pause(ctx: AppContext, section: Id, plan: Id) -> ChangeSet:
    return _write(ctx, section, plan, EventKind.PAUSED, "lesson_paused")


def resume(ctx: AppContext, section: Id, plan: Id) -> ChangeSet:
    return _write(ctx, section, plan, EventKind.RESUMED, "lesson_resumed")


def skip_round(ctx: AppContext, section: Id, plan: Id, round_: int | None = None) -> ChangeSet:
    """Leaves a round out (from 0): by default the one that runs, else the next."""
    return _write(ctx, section, plan, EventKind.SKIPPED, "round_skipped", round_)


def eyes_on(ctx: AppContext, section: Id, plan: Id) -> ChangeSet:
    return _write(ctx, section, plan, EventKind.EYES_ON, "eyes_on")


def eyes_off(ctx: AppContext, section: Id, plan: Id) -> ChangeSet:
    return _write(ctx, section, plan, EventKind.EYES_OFF, "eyes_off")


def refit(ctx: AppContext, section: Id, plan: Id) -> ChangeSet:
    """The rounds to come share the time to the bell evenly."""
    return _write(ctx, section, plan, EventKind.REFIT, "lesson_refit")


def slept(ctx: AppContext, section: Id, plan: Id, since_ms: int) -> ChangeSet:
    """Goes on from where the lesson was when the computer fell asleep at ``since_ms``."""
    seconds = max((ctx.clock.wall_ms() - since_ms) // 1_000, 0)
    return _write(ctx, section, plan, EventKind.SLEPT, "lesson_slept", seconds)


def finish(ctx: AppContext, section: Id, plan: Id) -> ChangeSet:
    """Ends the lesson; what the students who were there did not finish is carried over, in the same commit."""
    log = _running(ctx, section, plan)
    assert log.run is not None
    sheet = ctx.reads.plans.sheet(section, plan)
    assert sheet is not None
    attendance = ctx.reads.lessons.attendance(section, log.meeting).values()
    here = register(sheet.students(), attendance).here
    entries = ctx.reads.entries.of_plan(section, plan)
    now = ctx.clock.wall_ms()
    left = carry_overs(sheet, entries, here, next_slot(ctx, section))
    drafts = [event_draft(ctx, section, log.run, log.events, EventKind.FINISHED)]
    drafts += [
        put(
            section,
            "entry",
            ctx.new_id(),
            student=one.student,
            kind=EntryKind.CARRIED.value,
            plan=plan,
            block=one.block,
            day=log.day,
            at_ms=now,
            round=one.round,
            by=By.TEACHER.value,
        )
        for one in left
    ]
    return ctx.commit("lesson_finished", drafts, args={"plan": plan.hex(), "carried": len(left)})


def move_student(ctx: AppContext, section: Id, plan: Id, student: Id, group: Id) -> ChangeSet:
    """Puts a student into another group from now on. Refusals ``group_unknown``, ``already_there``."""
    sheet = ctx.reads.plans.sheet(section, plan)
    if sheet is None or all(one.id != group for one in sheet.groups):
        raise Refusal("group_unknown")
    if student in sheet.group(group).students:
        raise Refusal("already_there")
    log = lesson_log(ctx, section, plan)
    drafts = [
        put(
            section,
            "membership",
            derived_id("membership", plan, student),
            plan=plan,
            student=student,
            group=group,
        )
    ]
    state = log.at(ctx.clock.wall_ms())
    if state.running:
        drafts.append(
            put(
                section,
                "entry",
                ctx.new_id(),
                student=student,
                kind=EntryKind.MOVED.value,
                plan=plan,
                about=group,
                day=log.day,
                at_ms=ctx.clock.wall_ms(),
                round=state.round,
                by=By.TEACHER.value,
            )
        )
    return ctx.commit("student_regrouped", drafts, args={"student": student.hex(), "group": group.hex()})


def event_draft(
    ctx: AppContext, section: Id, run: Id, before: Sequence[LessonEvent], kind: EventKind, value: int | None = None
) -> Draft:
    """One more line of a run's log. ``before``: the lines known so far.

    The id begins with their number, so that the log keeps its order when the clock is set back between two lines.
    """
    entity = len(before).to_bytes(_COUNTER_BYTES, "big") + ctx.new_id()[_COUNTER_BYTES:]
    return put(section, "lesson_event", entity, run=run, kind=kind.value, at_ms=ctx.clock.wall_ms(), value=value)


def sheet_of(ctx: AppContext, section: Id, plan: Id) -> PlanSheet:
    """Refusal ``plan_unknown``."""
    sheet = ctx.reads.plans.sheet(section, plan)
    if sheet is None:
        raise Refusal("plan_unknown")
    return sheet


# --- inside -----------------------------------------------------------------------------------------------------


def _plan(ctx: AppContext, section: Id, plan: Id) -> Plan:
    found = ctx.reads.plans.get(section, plan)
    if found is None:
        raise Refusal("plan_unknown")
    return found


def _meeting_id(section: Id, plan: Plan, day: str) -> Id:
    """By the time of the meeting; a plan without a time is a meeting of its own on each day."""
    if plan.start_minute is None:
        return derived_id("meeting", section, day.encode(), plan.id)
    return meeting_id(section, day, plan.start_minute)


def _running(ctx: AppContext, section: Id, plan: Id) -> LessonLog:
    log = lesson_log(ctx, section, plan)
    state = log.at(ctx.clock.wall_ms())
    # One that only the clock has ended can still be ended by hand, so that its work is carried over.
    if not (state.running or state.left_open):
        raise Refusal("lesson_not_running")
    return log


def _write(
    ctx: AppContext,
    section: Id,
    plan: Id,
    kind: EventKind,
    label: str,
    value: int | None = None,
    *,
    of_state: StateValue | None = None,
) -> ChangeSet:
    log = _running(ctx, section, plan)
    assert log.run is not None
    if of_state is not None:
        value = of_state(log.at(ctx.clock.wall_ms()))
    draft = event_draft(ctx, section, log.run, log.events, kind, value)
    return ctx.commit(label, [draft], args={"plan": plan.hex()})
