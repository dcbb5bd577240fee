"""What Today shows of a class: nothing planned, ready, running or finished; and who needs the teacher."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.ports import local_datetime, today
from blenddesk.errors import Refusal
from blenddesk.services.calendars import class_now as class_now
from blenddesk.services.calendars import next_slot

if TYPE_CHECKING:
    from blenddesk.domain.calendars import Slot
    from blenddesk.domain.live import LessonState
    from blenddesk.domain.people import Adult, Section, Student
    from blenddesk.domain.plans import Group, Plan, PlanSheet
    from blenddesk.domain.progress import RoundResult
    from blenddesk.services.context import AppContext
    from blenddesk.services.live import LessonLog
    from blenddesk.services.reports import StudentWork

SIGN_IN_WORD = "sign_in"
"""The word in a call for help that means: the pictures were missed three times."""


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


class Need(NamedTuple):
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


class ComputerHome(NamedTuple):
    """A student computer of the class and when its work last came home (wall ms; None: never)."""

    name: str
    last_home_ms: int | None


class GroupRow(NamedTuple):
    """A group on the board of groups and rounds. ``done`` of the ``here`` students logged the station shown."""

    group: Group
    here: int
    done: int


class TodayView(NamedTuple):
    """One class today. From ``sheet`` on all belongs to the lesson shown and is empty without one."""

    section: Section
    state: DayState
    now: datetime
    plans: tuple[Plan, ...] = ()
    """All lessons of the day, the one shown among them; drafts too."""
    computers: tuple[ComputerHome, ...] = ()
    next_meeting: Slot | None = None
    sheet: PlanSheet | None = None
    students: Mapping[Id, Student] = MappingProxyType({})
    log: LessonLog | None = None
    lesson: LessonState | None = None
    here: tuple[Id, ...] = ()
    away: tuple[Id, ...] = ()
    """Who of the class is here and who is not, each in order of the class list."""
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
    plans = _plans_of_day(ctx, section, today(ctx.clock).isoformat())
    view = TodayView(
        home,
        DayState.NOTHING,
        local_datetime(ctx.clock),
        tuple(plans),
        computers=computers_home(ctx, section),
    )
    ready = [one.id for one in plans if one.status == "ready"]
    if not ready:
        return view._replace(next_meeting=next_slot(ctx, section))
    # What a lesson needs is imported with a lesson: a desk without one today starts sooner.
    from blenddesk.services.today_lesson import with_lesson

    return with_lesson(ctx, view, ready, wanted)


def computers_home(ctx: AppContext, section: Id) -> tuple[ComputerHome, ...]:
    """The other computers of a class by name, with when their work last came home."""
    return tuple(ComputerHome(name, at_ms) for name, at_ms in ctx.reads.lessons.computers_home(section))


def _plans_of_day(ctx: AppContext, section: Id, day: str) -> list[Plan]:
    """Today's lessons, and one of another day that was started today or still runs."""
    plans = ctx.reads.plans.on_day(section, day) if ctx.reads.lessons.is_planned(section, day) else []
    latest = ctx.reads.lessons.latest_run(section)
    if latest is not None and all(one.id != latest["plan"] for one in plans):
        from blenddesk.services.live import lesson_log

        other = ctx.reads.plans.get(section, latest["plan"])
        if other is not None and lesson_log(ctx, section, other.id).run is not None:
            plans.append(other)
    return plans
