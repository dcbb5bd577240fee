"""A student's goals: in whose words, how far, and how long nothing has happened, counted in real school days."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from blenddesk.domain.calendars import Calendar, Period, meetings_between
from blenddesk.domain.entries import Entry, EntryKind, effective
from blenddesk.domain.ids import Id

STALE_AFTER_SCHOOL_DAYS = 10


class GoalStatus(StrEnum):
    ACTIVE = "active"
    REACHED = "reached"
    CHANGED = "changed"
    LET_GO = "let_go"


class SetBy(StrEnum):
    STUDENT = "student"
    TOGETHER = "together"
    TEACHER = "teacher"


class Goal(NamedTuple):
    """``words`` are the child's own. Days are ISO dates. ``measure`` and after are only on a desk, but ``by_day``."""

    id: Id
    student: Id
    words: str = ""
    status: GoalStatus = GoalStatus.ACTIVE
    set_by: SetBy = SetBy.STUDENT
    set_day: str = ""
    picture: str = ""
    measure: str = ""
    why: str = ""
    note: str = ""
    by_day: str = ""
    reason: str = ""


class GoalStep(NamedTuple):
    id: Id
    goal: Id
    student: Id
    position: int = 0
    words: str = ""


class StepDone(NamedTuple):
    """A step and the ISO day on which the student first did it; "" while it is open."""

    step: GoalStep
    day: str


class GoalProgress(NamedTuple):
    """A goal with its steps in order. ``last_day``: when it was set or last moved on (ISO; "" when not known)."""

    goal: Goal
    steps: tuple[StepDone, ...]
    last_day: str
    meetings: int
    """Lessons of the class since the goal was set, today's not counted."""
    quiet_school_days: int
    """School days since ``last_day``."""
    stale: bool
    overdue: bool

    @property
    def done(self) -> int:
        return sum(bool(step.day) for step in self.steps)

    @property
    def next_step(self) -> GoalStep | None:
        return next((one.step for one in self.steps if not one.day), None)


def goal_progress(
    goal: Goal,
    steps: Iterable[GoalStep],
    entries: Iterable[Entry],
    today: date,
    *,
    periods: Collection[Period] = (),
    calendar: Calendar | None = None,
    stale_after: int = STALE_AFTER_SCHOOL_DAYS,
) -> GoalProgress:
    """How far a goal is. A goal that is still active and quiet for more than ``stale_after`` school days is stale.

    Holidays do not make a goal old: days are counted by the calendar (Monday to Friday when there is none).
    """
    calendar = calendar or Calendar()
    done: dict[Id, str] = {}
    for entry in effective(entries):
        if entry.kind == EntryKind.STEP_DONE and entry.about is not None and entry.student == goal.student:
            done.setdefault(entry.about, entry.day)
    mine = sorted((step for step in steps if step.goal == goal.id), key=lambda step: (step.position, step.id))
    lines = tuple(StepDone(step, done.get(step.id, "")) for step in mine)
    last_day = max([goal.set_day, *(line.day for line in lines)])
    since, set_on = iso_day(last_day), iso_day(goal.set_day)
    quiet = calendar.school_days(since, today) if since is not None else 0
    active = goal.status is GoalStatus.ACTIVE
    return GoalProgress(
        goal,
        lines,
        last_day,
        meetings=len(meetings_between(periods, calendar, set_on, today)) if set_on is not None else 0,
        quiet_school_days=quiet,
        stale=active and quiet > stale_after,
        overdue=active and bool(goal.by_day) and goal.by_day < today.isoformat(),
    )


def active_goals(goals: Iterable[Goal]) -> dict[Id, int]:
    """How many active goals each student has."""
    counts: dict[Id, int] = {}
    for goal in goals:
        if goal.status is GoalStatus.ACTIVE:
            counts[goal.student] = counts.get(goal.student, 0) + 1
    return counts


def iso_day(text: str | None) -> date | None:
    """The date of an ISO day, None for nothing or for a word that is none (another version's, a damaged one)."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
