"""Who is here: one tap marks a student away, another brings them back (late, when the lesson runs); adults by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from blenddesk.domain.attendance import AttendanceStatus, Register, register
from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import ChangeSet, put
from blenddesk.errors import Refusal
from blenddesk.services.live import LessonLog, lesson_log, local_minute, meeting_drafts

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

_LABELS = {
    AttendanceStatus.HERE: "student_here",
    AttendanceStatus.AWAY: "student_away",
    AttendanceStatus.LATE: "student_late",
}
_MINUTES_OF_DAY = 24 * 60


def mark(
    ctx: AppContext, section: Id, plan: Id, student: Id, status: AttendanceStatus, minute: int | None = None
) -> ChangeSet:
    """Marks a student in the lesson of a plan. ``minute``: when a late one came, after midnight; None: now.

    Refusals ``plan_unknown``, ``not_in_class``, ``minute_out_of_range``.
    """
    if minute is not None and not 0 <= minute < _MINUTES_OF_DAY:
        raise Refusal("minute_out_of_range", minute=minute)
    if all(one.id != student for one in ctx.reads.people.students(section)):
        raise Refusal("not_in_class")
    log = lesson_log(ctx, section, plan)
    if status is AttendanceStatus.LATE and minute is None:
        minute = local_minute(ctx.clock)
    drafts = [
        *meeting_drafts(ctx, log),
        put(
            section,
            "attendance",
            derived_id("attendance", log.meeting, student),
            meeting=log.meeting,
            student=student,
            status=status.value,
            minute=minute if status is AttendanceStatus.LATE else None,
        ),
    ]
    return ctx.commit(_LABELS[status], drafts, args={"student": student.hex()})


def toggle_away(ctx: AppContext, section: Id, plan: Id, student: Id) -> ChangeSet:
    """Away if here; if away, here again: as a latecomer once the lesson has started."""
    log = lesson_log(ctx, section, plan)
    marked = ctx.reads.lessons.attendance(section, log.meeting).get(student)
    if marked is None or marked.status is not AttendanceStatus.AWAY:
        return mark(ctx, section, plan, student, AttendanceStatus.AWAY)
    running = log.at(ctx.clock.wall_ms()).running
    return mark(ctx, section, plan, student, AttendanceStatus.LATE if running else AttendanceStatus.HERE)


def set_adults(ctx: AppContext, section: Id, plan: Id, adults: Sequence[Id]) -> ChangeSet:
    """Which adults of the class are in the lesson."""
    log = lesson_log(ctx, section, plan)
    drafts = [*meeting_drafts(ctx, log), put(section, "meeting", log.meeting, adults=list(adults))]
    return ctx.commit("lesson_adults", drafts, args={"plan": plan.hex()})


def register_of(ctx: AppContext, log: LessonLog) -> Register:
    """Everybody of the class in order of the list: here, away, late."""
    students = [one.id for one in ctx.reads.people.students(log.section)]
    return register(students, ctx.reads.lessons.attendance(log.section, log.meeting).values())
