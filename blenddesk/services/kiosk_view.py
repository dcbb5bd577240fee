"""What the student's window shows: classes and tiles, the round, my stations, my goals; nothing of anyone else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.calendars import Calendar, class_now
from blenddesk.domain.entries import Entry, EntryKind, effective
from blenddesk.domain.goals import GoalProgress, GoalStatus, goal_progress, iso_day
from blenddesk.domain.ids import Id
from blenddesk.domain.lesson_log import EventKind, LessonEvent
from blenddesk.domain.live import LessonState, Phase, lesson_state
from blenddesk.domain.minutes import timing_of
from blenddesk.domain.people import Section, Student
from blenddesk.domain.plans import ADULT_ANY, ADULT_NONE, Block, Gate, Group, Mode, Plan, PlanSheet, PlanStatus
from blenddesk.domain.ports import local_datetime, today
from blenddesk.domain.progress import DONE, Status, Work, count_done, statuses
from blenddesk.errors import Refusal

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

DAYS_AROUND = 14
"""A shared computer carries the plans of about two weeks; farther ones are not what a child comes to log."""
MOST_CARRIED = 4
SIGNED = (Status.CHECKED, Status.MASTERED, Status.EXCUSED)
"""What the teacher has said is done."""


class ClassChoice(NamedTuple):
    """A class this computer is used by. ``now``: its lesson is on, or about to begin."""

    section: Section
    students: int
    now: bool


class RoundNow(NamedTuple):
    """``number`` counts from 0; None when nothing tells. ``seconds_left`` of it; None without a clock to trust."""

    number: int | None
    total: int
    seconds_left: int | None = None
    eyes_on_me: bool = False


class Tile(NamedTuple):
    """A student's place in the grid. ``turn``: their group is at the computers now. ``done``: they logged it."""

    student: Student
    shape: str = ""
    turn: bool = False
    done: bool = False


class ClassView(NamedTuple):
    """What "Who are you?" shows. ``logged`` of ``expected`` only where one computer sees the whole class."""

    section: Section
    sheet: PlanSheet | None
    round: RoundNow
    tiles: tuple[Tile, ...]
    turn: tuple[Group, ...] = ()
    logged: int | None = None
    expected: int | None = None


class MyStation(NamedTuple):
    """A place as this student's group sees it. ``adult``: who is there, by name; "" for nobody in particular."""

    plan: Id
    block: Block
    round: int | None
    status: Status
    adult: str = ""
    any_adult: bool = False
    own_time: bool = False
    """Done in one's own time or order: before class, or from one's list."""
    waits_for: str = ""
    """The title of what has to be done before this; "" when it can be begun."""

    @property
    def done(self) -> bool:
        return self.status in DONE


class MyDay(NamedTuple):
    """Everything a signed-in student sees. ``now``: the station to go to, an index; None when all is done."""

    section: Section
    student: Student
    shape: str
    stations: tuple[MyStation, ...]
    now: int | None
    round: RoundNow
    plan_day: str
    goals: tuple[GoalProgress, ...]


# --- which class, who -------------------------------------------------------------------------------------------


def class_choices(ctx: AppContext) -> tuple[ClassChoice, ...]:
    """The classes of this computer by name; the timetable marks the one whose lesson it is."""
    sections = ctx.reads.sections.all()
    counts = ctx.reads.people.counts()
    timetables = {section.id: ctx.reads.lessons.periods(section.id) for section in sections}
    calendar = Calendar(days=tuple(ctx.reads.lessons.calendar_days()))
    now = class_now(timetables, calendar, local_datetime(ctx.clock))
    if now is None:
        now = _class_with_lesson_today(ctx, sections)
    return tuple(ClassChoice(section, counts.get(section.id, 0), section.id == now) for section in sections)


def _class_with_lesson_today(ctx: AppContext, sections: Sequence[Section]) -> Id | None:
    """Without a timetable: the one class that has a lesson planned for today."""
    day = today(ctx.clock).isoformat()
    planned = [section.id for section in sections if any(_usable(p) for p in ctx.reads.plans.on_day(section.id, day))]
    return planned[0] if len(planned) == 1 else None


def class_view(ctx: AppContext, section: Id, *, live: bool = False, moved_to: int | None = None) -> ClassView:
    """The tiles of a class in their fixed order. ``moved_to``: the round that someone here moved on to by hand.

    Refusal ``no_such_class``.
    """
    found = section_of(ctx, section)
    sheet = plan_in_view(ctx, section, live=live)
    round_ = round_now(ctx, section, sheet, live=live, moved_to=moved_to)
    entries = ctx.reads.entries.of_plan(section, sheet.plan.id) if sheet is not None else []
    stands = statuses(entries)
    turn = groups_at_computers(sheet, round_.number)
    turn_ids = {group.id for group in turn}
    day = today(ctx.clock).isoformat()
    logged_today = {
        entry.student for entry in effective(entries) if entry.kind == EntryKind.CLAIMED and entry.day == day
    }
    tiles = []
    for student in ctx.reads.people.students(section):
        group = sheet.group_of(student.id) if sheet is not None else None
        done = student.id in logged_today
        if sheet is not None and group is not None and round_.number is not None:
            here = sheet.block_of(group.id, round_.number)
            done = here is not None and count_done(sheet, here, (student.id,), stands) == 1
        shape = group.shape if group is not None else ""
        tiles.append(Tile(student, shape, group is not None and group.id in turn_ids, done))
    expected = [tile for tile in tiles if tile.turn]
    counted = live and bool(expected)
    return ClassView(
        found,
        sheet,
        round_,
        tuple(tiles),
        turn,
        sum(tile.done for tile in expected) if counted else None,
        len(expected) if counted else None,
    )


def groups_at_computers(sheet: PlanSheet | None, round_: int | None) -> tuple[Group, ...]:
    """Whose turn it is at a computer in a round: the groups at a station that needs one; () when none does."""
    if sheet is None or round_ is None:
        return ()
    found = []
    for group in sheet.groups:
        block = sheet.block_of(group.id, round_)
        if block is not None and (block.mode is Mode.ONLINE or block.devices > 0):
            found.append(group)
    return tuple(found)


# --- the plan and the round ---------------------------------------------------------------------------------------


def plan_in_view(ctx: AppContext, section: Id, *, live: bool = False) -> PlanSheet | None:
    """The lesson that runs, else today's, else the nearest to come or just past within two weeks; None without one."""
    here = local_datetime(ctx.clock)
    plans = [plan for plan in ctx.reads.plans.all(section) if _usable(plan)]
    minute = here.hour * 60 + here.minute

    def distance(plan: Plan) -> tuple[bool, int, bool, int]:
        day = iso_day(plan.day) or date.max
        days = (day - here.date()).days
        start = plan.start_minute if plan.start_minute is not None else minute
        off = start - minute if start > minute else max(minute - start - plan.period_minutes, 0)
        return not (live and _running(ctx, section, plan) is not None), abs(days), days < 0, off

    near = [
        plan for plan in plans if abs((iso_day(plan.day) or date.max).toordinal() - here.toordinal()) <= DAYS_AROUND
    ]
    best = min(near, key=distance, default=None)
    return None if best is None else ctx.reads.plans.sheet(section, best.id)


def round_now(
    ctx: AppContext, section: Id, sheet: PlanSheet | None, *, live: bool, moved_to: int | None = None
) -> RoundNow:
    """The round: as the teacher's lesson runs when this computer sees it; else what the plan's clock suggests."""
    if sheet is None:
        return RoundNow(None, 0)
    count = len(sheet.plan.rounds)
    state = _running(ctx, section, sheet.plan) if live else None
    if state is None:
        if moved_to is not None:
            return RoundNow(min(moved_to, count - 1) if count else None, count)
        state = _by_the_clock(ctx, sheet.plan)
    if state is None:
        return RoundNow(None, count)
    index = {Phase.OPENING: 0, Phase.CLOSING: count - 1}.get(state.phase, state.round)
    left = state.seconds_left if state.phase is Phase.ROUND else None
    return RoundNow(index if count else None, count, left, state.eyes_on_me)


def _running(ctx: AppContext, section: Id, plan: Plan) -> LessonState | None:
    """The state of the plan's lesson while it runs; None before and after."""
    for run in ctx.reads.lessons.runs(section, plan.id)[:1]:
        events = ctx.reads.lessons.events(section, run["id"])
        state = lesson_state(timing_of(plan), events, ctx.clock.wall_ms(), planned_start_ms=_planned_start(ctx, plan))
        if state.running:
            return state
    return None


def _by_the_clock(ctx: AppContext, plan: Plan) -> LessonState | None:
    """The lesson as if it had begun on time; None when its hour has not come, is over, or was never set."""
    start = _planned_start(ctx, plan)
    now = ctx.clock.wall_ms()
    if start is None or plan.day != today(ctx.clock).isoformat() or now < start:
        return None
    if now >= start + plan.period_minutes * 60_000:
        return None
    state = lesson_state(timing_of(plan), [LessonEvent(EventKind.STARTED, start)], now, planned_start_ms=start)
    return state if state.running else None


def _planned_start(ctx: AppContext, plan: Plan) -> int | None:
    day = iso_day(plan.day)
    if day is None or plan.start_minute is None:
        return None
    days = (day - date(1970, 1, 1)).days
    return ((days * 24 * 60) + plan.start_minute - ctx.clock.zone_minutes()) * 60_000


def _usable(plan: Plan) -> bool:
    """A draft is the teacher's own until "Use this plan"."""
    return plan.status is PlanStatus.READY


# --- what a signed-in student sees --------------------------------------------------------------------------------


def my_day(
    ctx: AppContext,
    section: Id,
    student: Id,
    *,
    live: bool = False,
    moved_to: int | None = None,
    language: str = "",
) -> MyDay:
    """Stations, round and goals of one student. Refusals ``no_such_class``, ``not_in_class``.

    Stations are called as in ``language`` (a code; by default the student's own) where they have a name in it.
    """
    found = section_of(ctx, section)
    person = ctx.reads.people.student(section, student)
    if person is None:
        raise Refusal("not_in_class")
    sheet = plan_in_view(ctx, section, live=live)
    entries = entries_everywhere(ctx, student)
    stands = statuses(entries)
    round_ = round_now(ctx, section, sheet, live=live, moved_to=moved_to)
    adults = {adult.id.hex(): adult.name for adult in ctx.reads.sections.adults(section)}
    group = sheet.group_of(student) if sheet is not None else None
    stations = _carried(ctx, section, student, sheet, stands, adults)
    now = None
    if sheet is not None and group is not None:
        turns = {turn.block: turn.round for turn in reversed(sheet.turns(group.id))}
        mine = [
            _my_station(sheet, block, turns.get(block.id), stands, student, adults)
            for block in sheet.blocks_of_student(student)
        ]
        mine = own_time_marked(sheet, mine)
        here = sheet.block_of(group.id, round_.number) if round_.number is not None else None
        now = next((i for i, one in enumerate(mine) if here is not None and one.block.id == here.id), None)
        if here is not None and sheet.is_list(here):
            now = next((i for i, one in enumerate(mine) if one.own_time and not (one.done or one.waits_for)), None)
        stations = [*mine, *stations]
    if now is None:
        now = next((i for i, one in enumerate(stations) if not (one.done or one.waits_for)), None)
    spoken = language or person.language
    stations = [one._replace(block=_named_for(one.block, spoken)) for one in stations]
    shape = group.shape if group is not None else ""
    day = sheet.plan.day or "" if sheet is not None else ""
    goals = my_goals(ctx, section, student, entries)
    return MyDay(found, person, shape, tuple(stations), now, round_, day, goals)


def my_goals(
    ctx: AppContext, section: Id, student: Id, entries: Collection[Entry] | None = None
) -> tuple[GoalProgress, ...]:
    """The student's active goals with their steps, the newest first."""
    known = entries_everywhere(ctx, student) if entries is None else entries
    steps = ctx.reads.goals.steps(section)
    return tuple(
        goal_progress(goal, steps.get(goal.id, []), known, today(ctx.clock))
        for goal in ctx.reads.goals.of_student(section, student)
        if goal.status is GoalStatus.ACTIVE
    )


def _my_station(
    sheet: PlanSheet, block: Block, round_: int | None, stands: dict[Work, Status], student: Id, adults: dict[str, str]
) -> MyStation:
    status = stands.get((student, sheet.plan.id, block.id), Status.NONE)
    adult = "" if block.adult in (ADULT_NONE, ADULT_ANY) else adults.get(block.adult, "")
    return MyStation(sheet.plan.id, block, round_, status, adult, block.adult == ADULT_ANY)


def _named_for(block: Block, language: str) -> Block:
    return block._replace(title=block.title_in(language))


def own_time_marked(sheet: PlanSheet, mine: Sequence[MyStation]) -> list[MyStation]:
    """The stations of one student with what is for their own time, and what has to wait for another one.

    A block whose gate is the teacher's or a mastery check opens what comes after it when the teacher has said so.
    """
    own = {block.id for block in sheet.own_time()}
    by_block = {one.block.id: one for one in mine}

    def is_open(block: Id) -> bool:
        before = by_block.get(block)
        if before is None:
            return True
        asks_teacher = before.block.gate in (Gate.TEACHER, Gate.MASTERY)
        return before.status in (SIGNED if asks_teacher else DONE)

    marked = []
    for one in mine:
        waits = next((by_block[before].block.title for before in one.block.after if not is_open(before)), "")
        marked.append(one._replace(own_time=one.block.id in own, waits_for="" if one.done else waits))
    return marked


def _carried(
    ctx: AppContext,
    section: Id,
    student: Id,
    shown: PlanSheet | None,
    stands: dict[Work, Status],
    adults: dict[str, str],
) -> list[MyStation]:
    """Stations of earlier lessons that were not finished and wait for this one."""
    found = []
    now = today(ctx.clock)
    for (who, plan, block), status in stands.items():
        if who != student or status is not Status.CARRIED or (shown is not None and shown.plan.id == plan):
            continue
        sheet = ctx.reads.plans.sheet(section, plan)
        day = iso_day(sheet.plan.day) if sheet is not None else None
        if sheet is None or day is None or not 0 <= (now - day).days <= DAYS_AROUND:
            continue
        if any(one.id == block for one in sheet.blocks):
            group = sheet.group_of(student)
            mine = sheet.block_for(block, group.id if group is not None else None)
            found.append(_my_station(sheet, mine, None, stands, student, adults))
    return found[:MOST_CARRIED]


def section_of(ctx: AppContext, section: Id) -> Section:
    """Refusal ``no_such_class``."""
    found = ctx.reads.sections.get(section)
    if found is None:
        raise Refusal("no_such_class")
    return found


def entries_everywhere(ctx: AppContext, student: Id) -> list[Entry]:
    """The student's entries in all classes that this computer knows, each once: goal steps are written into all."""
    known = {}
    for section in ctx.reads.people.sections_of(student):
        known.update({entry.id: entry for entry in ctx.reads.entries.of_student(section, student)})
    return list(known.values())
