"""What Today shows of the lesson that runs, comes next or is over: its board, its results and who needs the teacher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from blenddesk.domain.attendance import Attendance, missed_rounds, register
from blenddesk.domain.entries import By, Entry, EntryKind, effective
from blenddesk.domain.ids import Id
from blenddesk.domain.lesson_log import MINUTE_MS
from blenddesk.domain.live import LessonState, Phase
from blenddesk.domain.minutes import Part
from blenddesk.domain.people import Adult, Reflection
from blenddesk.domain.plans import Group, PlanSheet
from blenddesk.domain.progress import Status, Work, count_done, round_result, statuses
from blenddesk.services.calendars import next_slot
from blenddesk.services.live import LessonLog, lesson_log
from blenddesk.services.today import SIGN_IN_WORD, DayState, GroupRow, Need, NeedKind, TodayView

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext
    from blenddesk.services.reports import StudentWork

TRICKY = 1


def with_lesson(ctx: AppContext, view: TodayView, plans: Sequence[Id], wanted: Id | None) -> TodayView:
    """``view`` with one of ``plans`` and all it shows; they are the lessons of its day that are ready, at least one."""
    now_ms = ctx.clock.wall_ms()
    section = view.section.id
    students = {one.id: one for one in ctx.reads.people.students(section)}
    logs = {one: lesson_log(ctx, section, one) for one in plans}
    shown = _choose(logs, wanted, now_ms)
    log, state = logs[shown], logs[shown].at(now_ms)
    sheet = ctx.reads.plans.sheet(section, shown)
    assert sheet is not None
    marks = ctx.reads.lessons.attendance(section, log.meeting)
    book = register(list(students), marks.values())
    entries = ctx.reads.entries.of_plan(section, shown)
    said = ctx.reads.entries.reflections_of_plan(section, shown)
    stands = statuses(entries)
    here = _with_students(sheet, book.here)
    over = _rounds_over(state, now_ms)
    board_round = _board_round(state, over)
    finished = state.phase is Phase.FINISHED
    meeting = ctx.reads.lessons.meeting(section, log.meeting)
    return view._replace(
        state={Phase.READY: DayState.READY, Phase.FINISHED: DayState.FINISHED}.get(state.phase, DayState.RUNNING),
        sheet=sheet,
        students=students,
        log=log,
        lesson=state,
        here=book.here,
        away=book.away,
        adults=_adults(ctx, section, None if meeting is None else meeting.adults),
        board_round=board_round,
        rows=tuple(_row(sheet, group, here, board_round, stands) for group in sheet.groups),
        logged_here=sum(entry.by != By.TEACHER and entry.kind == EntryKind.CLAIMED for entry in effective(entries)),
        needs=_needs(ctx, sheet, log, entries, [*said, *_said_of_no_station(ctx, section, log.day)], book.late, stands),
        results=tuple(round_result(here, one, entries, said) for one in over),
        work=_work(sheet, stands) if finished else (),
        next_meeting=next_slot(ctx, section) if finished else None,
    )


def _choose(logs: Mapping[Id, LessonLog], wanted: Id | None, now_ms: int) -> Id:
    """The lesson asked for, else the one that runs, else the next to start, else the last that is over."""
    if wanted is not None and wanted in logs:
        return wanted
    states = {one: log.at(now_ms) for one, log in logs.items()}
    for one, state in states.items():
        if state.running:
            return one
    waiting = {one: state for one, state in states.items() if state.phase is Phase.READY}
    if waiting:
        # Of two not yet started the later one, once the first one's bell has rung: nobody starts that any more.
        in_time = [one for one, state in waiting.items() if (state.bell_at or now_ms + 1) > now_ms]
        return in_time[0] if in_time else list(waiting)[-1]
    return list(states)[-1]


def _work(sheet: PlanSheet, stands: dict[Work, Status]) -> tuple[StudentWork, ...]:
    from blenddesk.services.reports import work_of

    return work_of(sheet, stands)


def _adults(ctx: AppContext, section: Id, present: tuple[Id, ...] | None) -> tuple[Adult, ...]:
    adults = ctx.reads.sections.adults(section)
    return tuple(one for one in adults if present is None or one.id in present)


def _with_students(sheet: PlanSheet, students: Sequence[Id]) -> PlanSheet:
    present = set(students)
    groups = tuple(
        group._replace(students=tuple(one for one in group.students if one in present)) for group in sheet.groups
    )
    return sheet._replace(groups=groups)


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
        done = count_done(sheet, block, present, stands)
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
    return block is None or count_done(sheet, block, (student,), stands) == 1
