"""What Today shows of a class: nothing planned, ready, running or finished; and who needs the teacher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from blenddesk.domain.attendance import Attendance, Register, missed_rounds, register
from blenddesk.domain.calendars import Slot
from blenddesk.domain.entries import By, Entry, EntryKind, effective
from blenddesk.domain.ids import Id
from blenddesk.domain.lesson_log import MINUTE_MS
from blenddesk.domain.live import LessonState, Phase
from blenddesk.domain.minutes import Part
from blenddesk.domain.people import Adult, Reflection, Section, Student
from blenddesk.domain.plans import Group, Plan, PlanSheet, PlanStatus
from blenddesk.domain.ports import local_datetime, today
from blenddesk.domain.progress import DONE, RoundResult, Status, Work, round_result, statuses
from blenddesk.errors import Refusal
from blenddesk.services.calendars import class_now as class_now
from blenddesk.services.calendars import next_slot
from blenddesk.services.live import LessonLog, lesson_log
from blenddesk.services.reports import StudentWork, work_of

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

SIGN_IN_WORD = "sign_in"
"""The word in a call for help that means: the pictures were missed three times."""
TRICKY = 1
_NOBODY = Register((), (), ())


class DayState(StrEnum):
    NOTHING = "nothing"
    READY = "ready"
    RUNNING = "running"
    FINISHED = "finished"


class NeedKind(StrEnum):
    HELP = "help"
    SIGN_IN = "sign_in"
    LATE = "late"
    TRICKY = "tricky"


@dataclass(frozen=True, slots=True)
class Need:
    """Someone who waits for the teacher. ``id`` names the call, so that a screen can note that it was answered.

    ``rounds``: what a latecomer missed. ``at_ms``: when it was said (0 when unknown).
    """

    id: Id
    kind: NeedKind
    student: Id
    block: Id | None = None
    at_ms: int = 0
    rounds: tuple[int, ...] = ()
    minute: int | None = None


@dataclass(frozen=True, slots=True)
class ComputerHome:
    """A student computer of the class and when its work last came home (wall ms; None: never)."""

    name: str
    last_home_ms: int | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group on the board of groups and rounds. ``done`` of the ``here`` students logged the station shown."""

    group: Group
    here: int
    done: int


@dataclass(frozen=True, slots=True)
class TodayView:
    """One class today. Everything after ``plans`` belongs to ``sheet``, the lesson shown, and is empty without one."""

    section: Section
    state: DayState
    now: datetime
    students: Mapping[Id, Student]
    plans: tuple[Plan, ...] = ()
    """All lessons of the day, the one shown among them; drafts too."""
    computers: tuple[ComputerHome, ...] = ()
    next_meeting: Slot | None = None
    sheet: PlanSheet | None = None
    log: LessonLog | None = None
    lesson: LessonState | None = None
    register: Register = _NOBODY
    adults: tuple[Adult, ...] = ()
    board_round: int | None = None
    """The round whose logged counts are shown: the one that runs, on the way and after it the one before."""
    rows: tuple[GroupRow, ...] = ()
    logged_here: int = 0
    """Entries of students in this lesson that this desk holds."""
    needs: tuple[Need, ...] = ()
    results: tuple[RoundResult, ...] = ()
    """Rounds that are over, in order."""
    work: tuple[StudentWork, ...] = ()
    """Who did what; only when finished."""

    @property
    def is_live(self) -> bool:
        """Whether the counts can be the whole truth: no other computer holds entries that this desk has not seen."""
        return not self.computers


def today_view(ctx: AppContext, section: Id, *, plan: Id | None = None) -> TodayView:
    """What Today shows. ``plan``: show this lesson of today instead of the one that runs or comes next.

    Refusal ``class_unknown``.
    """
    with ctx.reads.reader.steady():
        return _view(ctx, section, plan)


def _view(ctx: AppContext, section: Id, wanted: Id | None) -> TodayView:
    home = ctx.reads.sections.get(section)
    if home is None:
        raise Refusal("class_unknown")
    now_ms = ctx.clock.wall_ms()
    day = today(ctx.clock).isoformat()
    students = {one.id: one for one in ctx.reads.people.students(section)}
    plans = _plans_of_day(ctx, section, day)
    view = TodayView(
        home,
        DayState.NOTHING,
        local_datetime(ctx.clock),
        students,
        tuple(plans),
        computers=computers_home(ctx, section),
    )
    logs = {one.id: lesson_log(ctx, section, one.id) for one in plans if one.status is PlanStatus.READY}
    shown = _choose(plans, logs, wanted, now_ms)
    if shown is None:
        return replace(view, next_meeting=next_slot(ctx, section))
    log, state = logs[shown.id], logs[shown.id].at(now_ms)
    sheet = ctx.reads.plans.sheet(section, shown.id)
    assert sheet is not None
    marks = ctx.reads.lessons.attendance(section, log.meeting)
    book = register(list(students), marks.values())
    entries = ctx.reads.entries.of_plan(section, shown.id)
    said = ctx.reads.entries.reflections_of_plan(section, shown.id)
    stands = statuses(entries)
    here = _with_students(sheet, book.here)
    over = _rounds_over(state, now_ms)
    board_round = _board_round(state, over)
    finished = state.phase is Phase.FINISHED
    meeting = ctx.reads.lessons.meeting(section, log.meeting)
    return replace(
        view,
        state={Phase.READY: DayState.READY, Phase.FINISHED: DayState.FINISHED}.get(state.phase, DayState.RUNNING),
        sheet=sheet,
        log=log,
        lesson=state,
        register=book,
        adults=_adults(ctx, section, None if meeting is None else meeting.adults),
        board_round=board_round,
        rows=tuple(_row(sheet, group, here, board_round, stands) for group in sheet.groups),
        logged_here=sum(entry.by != By.TEACHER and entry.kind == EntryKind.CLAIMED for entry in effective(entries)),
        needs=_needs(ctx, sheet, log, entries, [*said, *_said_of_no_station(ctx, section, log.day)], book.late, stands),
        results=tuple(round_result(here, one, entries, said) for one in over),
        work=work_of(sheet, stands) if finished else (),
        next_meeting=next_slot(ctx, section) if finished else None,
    )


def computers_home(ctx: AppContext, section: Id) -> tuple[ComputerHome, ...]:
    """The other computers of a class by name, with when their work last came home."""
    return tuple(ComputerHome(name, at_ms) for name, at_ms in ctx.reads.lessons.computers_home(section))


def _plans_of_day(ctx: AppContext, section: Id, day: str) -> list[Plan]:
    """Today's lessons, and one of another day that was started today or still runs."""
    plans = list(ctx.reads.plans.on_day(section, day))
    latest = ctx.reads.lessons.latest_run(section)
    if latest is not None and all(one.id != latest["plan"] for one in plans):
        other = ctx.reads.plans.get(section, latest["plan"])
        if other is not None and lesson_log(ctx, section, other.id).run is not None:
            plans.append(other)
    return plans


def _choose(plans: Sequence[Plan], logs: Mapping[Id, LessonLog], wanted: Id | None, now_ms: int) -> Plan | None:
    """The lesson asked for, else the one that runs, else the next to start, else the last that is over."""
    ready = [one for one in plans if one.id in logs]
    states = {one.id: logs[one.id].at(now_ms) for one in ready}
    for one in ready:
        if one.id == wanted:
            return one
    for one in ready:
        if states[one.id].running:
            return one
    waiting = [one for one in ready if states[one.id].phase is Phase.READY]
    if waiting:
        # Of two not yet started the later one, once the first one's bell has rung: nobody starts that any more.
        in_time = [one for one in waiting if (states[one.id].bell_at or now_ms + 1) > now_ms]
        return in_time[0] if in_time else waiting[-1]
    return ready[-1] if ready else None


def _adults(ctx: AppContext, section: Id, present: tuple[Id, ...] | None) -> tuple[Adult, ...]:
    adults = ctx.reads.sections.adults(section)
    return tuple(one for one in adults if present is None or one.id in present)


def _with_students(sheet: PlanSheet, students: Sequence[Id]) -> PlanSheet:
    present = set(students)
    groups = tuple(
        replace(group, students=tuple(one for one in group.students if one in present)) for group in sheet.groups
    )
    return replace(sheet, groups=groups)


def _rounds_over(state: LessonState, now_ms: int) -> tuple[int, ...]:
    if state.phase is Phase.READY:
        return ()
    return tuple(
        one.round
        for one in state.timeline
        if one.part is Part.ROUND and one.round is not None and not one.skipped and one.end_ms <= now_ms
        if not (state.phase is Phase.ROUND and one.round == state.round)
    )


def _board_round(state: LessonState, over: Sequence[int]) -> int | None:
    if state.phase is Phase.ROUND:
        return state.round
    return over[-1] if over else None


def _row(
    sheet: PlanSheet, group: Group, here: PlanSheet, board_round: int | None, stands: Mapping[Work, Status]
) -> GroupRow:
    present = here.group(group.id).students
    block = None if board_round is None else sheet.block_of(group.id, board_round)
    done = 0
    if block is not None:
        done = sum(stands.get((one, sheet.plan.id, block.id), Status.NONE) in DONE for one in present)
    return GroupRow(group, len(present), done)


def _said_of_no_station(ctx: AppContext, section: Id, day: str) -> list[Reflection]:
    return [one for one in ctx.reads.entries.reflections_on(section, day) if one.plan is None and one.help]


def _needs(
    ctx: AppContext,
    sheet: PlanSheet,
    log: LessonLog,
    entries: Sequence[Entry],
    said: Sequence[Reflection],
    late: Sequence[Attendance],
    stands: Mapping[Work, Status],
) -> tuple[Need, ...]:
    """Raised hands first, then latecomers, then what was still tricky; of each the newest first."""
    standing = {entry.id for entry in effective(entries)}
    calls = [
        Need(
            one.id, NeedKind.SIGN_IN if SIGN_IN_WORD in one.words else NeedKind.HELP, one.student, one.block, one.at_ms
        )
        for one in said
        if one.help and (one.entry is None or one.entry in standing)
    ]
    calls += [
        Need(one.id, NeedKind.HELP, one.student, one.block, one.at_ms)
        for one in effective(entries)
        if one.kind == EntryKind.ASKED_HELP
    ]
    last: dict[tuple[Id, Id | None], Reflection] = {}
    for one in sorted(said, key=lambda reflection: (reflection.at_ms, reflection.id)):
        if one.growth is not None and (one.entry is None or one.entry in standing):
            last[one.student, one.block] = one
    tricky = [
        Need(one.id, NeedKind.TRICKY, one.student, one.block, one.at_ms)
        for one in last.values()
        if one.growth == TRICKY and not one.help
    ]
    arrivals = []
    if log.run is not None:
        start = log.events[0].at_ms if log.events else log.planned_start_ms or 0
        start_minute = (start // MINUTE_MS + ctx.clock.zone_minutes()) % (24 * 60)
        for mark in late:
            missed = missed_rounds(sheet.plan, start_minute, mark.minute or 0)
            open_rounds = tuple(round_ for round_ in missed if not _is_done(sheet, mark.student, round_, stands))
            arrivals.append(Need(mark.student, NeedKind.LATE, mark.student, None, 0, open_rounds, mark.minute))
    known = {student for group in sheet.groups for student in group.students}
    newest = [*sorted(calls, key=_newest), *arrivals, *sorted(tricky, key=_newest)]
    return tuple(need for need in newest if need.student in known or need.kind is NeedKind.SIGN_IN)


def _newest(need: Need) -> tuple[int, Id]:
    return -need.at_ms, need.id


def _is_done(sheet: PlanSheet, student: Id, round_: int, stands: Mapping[Work, Status]) -> bool:
    group = sheet.group_of(student)
    block = None if group is None else sheet.block_of(group.id, round_)
    return block is None or stands.get((student, sheet.plan.id, block.id), Status.NONE) in DONE
