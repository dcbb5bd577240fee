"""Reports: where each student of a class stands, and how the rounds of a lesson went, from the desk's own data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.goals import GoalStatus
from blenddesk.domain.ids import Id
from blenddesk.domain.people import Student
from blenddesk.domain.plans import Block, Group, PlanSheet
from blenddesk.domain.progress import DONE, RoundResult, Status, StudentProgress, progress, round_result, statuses
from blenddesk.services.live import sheet_of

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

_GOALS_THAT_COUNT = frozenset({GoalStatus.ACTIVE, GoalStatus.REACHED})


class ProgressLine(NamedTuple):
    """One student of ``report progress``."""

    student: Student
    progress: StudentProgress


class StudentWork(NamedTuple):
    """One student after (or in) a lesson: where they stand at each place they visit, in order of the rounds."""

    student: Id
    group: Group | None
    work: tuple[tuple[Block, Status], ...]

    @property
    def done(self) -> int:
        return sum(status in DONE for _block, status in self.work)

    @property
    def carried(self) -> tuple[Block, ...]:
        return tuple(block for block, status in self.work if status is Status.CARRIED)


def progress_report(ctx: AppContext, section: Id) -> list[ProgressLine]:
    """Every student of a class in order of the list: stations by where they stand, goals, the day of the last entry."""
    students = ctx.reads.people.students(section)
    goals = Counter(goal.student for goal in ctx.reads.goals.of_section(section) if goal.status in _GOALS_THAT_COUNT)
    lines = progress([one.id for one in students], ctx.reads.entries.of_section(section), goals)
    return [ProgressLine(student, line) for student, line in zip(students, lines, strict=True)]


def round_results(ctx: AppContext, section: Id, plan: Id, rounds: Iterable[int]) -> tuple[RoundResult, ...]:
    """How rounds (from 0) went: who logged, how many said what, who needs help. Refusal ``plan_unknown``."""
    sheet = sheet_of(ctx, section, plan)
    entries = ctx.reads.entries.of_plan(section, plan)
    reflections = ctx.reads.entries.reflections_of_plan(section, plan)
    return tuple(round_result(sheet, round_, entries, reflections) for round_ in rounds)


def lesson_report(ctx: AppContext, section: Id, plan: Id) -> tuple[StudentWork, ...]:
    """Who did what in a lesson, group after group. Refusal ``plan_unknown``."""
    sheet = sheet_of(ctx, section, plan)
    stands = statuses(ctx.reads.entries.of_plan(section, plan))
    return work_of(sheet, stands)


def work_of(sheet: PlanSheet, stands: dict[tuple[Id, Id, Id], Status]) -> tuple[StudentWork, ...]:
    """``lesson_report`` for a sheet and statuses that are already read."""
    lines = []
    for group in sheet.groups:
        for student in group.students:
            work = tuple(
                (block, stands.get((student, sheet.plan.id, block.id), Status.NONE))
                for block in sheet.blocks_of_student(student)
            )
            lines.append(StudentWork(student, group, work))
    return tuple(lines)
