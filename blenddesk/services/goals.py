"""Goals in the child's own words with small steps, the same in every class of the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.entries import By, Entry, EntryKind, effective
from blenddesk.domain.goals import Goal, GoalProgress, GoalStatus, GoalStep, SetBy, goal_progress, iso_day
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft, delete
from blenddesk.domain.people import Student
from blenddesk.domain.ports import today
from blenddesk.domain.registry import Value
from blenddesk.errors import Refusal
from blenddesk.services.calendars import calendar
from blenddesk.services.people import person_drafts

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

MOST_LETTERS = 200
"""Of a goal and of a step: what a child can read at one look, in any language."""
MOST_STEPS = 9
TEXT_FIELDS = ("picture", "by_day", "measure", "why", "note", "set_by")
"""What goals have beside ``words`` and steps; ``measure``, ``why`` and ``note`` never leave the desks."""


class StudentGoals(NamedTuple):
    """One student of a class with all their goals: active ones first, then the newest."""

    student: Student
    goals: tuple[GoalProgress, ...]

    @property
    def active(self) -> tuple[GoalProgress, ...]:
        return tuple(one for one in self.goals if one.goal.status is GoalStatus.ACTIVE)


# --- reading ----------------------------------------------------------------------------------------------------------


def goals_of_class(ctx: AppContext, section: Id) -> list[StudentGoals]:
    """Every student enrolled in the class, in the order of the list, with their goals."""
    students = ctx.reads.people.students(section)
    goals: dict[Id, list[Goal]] = {}
    for goal in ctx.reads.goals.of_section(section):
        goals.setdefault(goal.student, []).append(goal)
    steps = ctx.reads.goals.steps(section)
    done = _step_entries(ctx, ctx.reads.people.sections_with_any(one.id for one in students))
    measure = _Measure(ctx, section)
    return [
        StudentGoals(student, measure.of(goals.get(student.id, []), steps, done.get(student.id, [])))
        for student in students
    ]


def goals_of_student(ctx: AppContext, section: Id, student: Id) -> tuple[GoalProgress, ...]:
    """The goals of one student, active ones first, then the newest."""
    goals = ctx.reads.goals.of_student(section, student)
    done = _step_entries(ctx, ctx.reads.people.sections_of(student)).get(student, [])
    return _Measure(ctx, section).of(goals, ctx.reads.goals.steps(section), done)


class _Measure:
    """How far goals are, by the timetable and holidays of one class."""

    def __init__(self, ctx: AppContext, section: Id) -> None:
        self._today = today(ctx.clock)
        self._periods = ctx.reads.lessons.periods(section)
        self._calendar = calendar(ctx)

    def of(
        self, goals: Iterable[Goal], steps: Mapping[Id, Sequence[GoalStep]], entries: Sequence[Entry]
    ) -> tuple[GoalProgress, ...]:
        found = [
            goal_progress(
                goal, steps.get(goal.id, ()), entries, self._today, periods=self._periods, calendar=self._calendar
            )
            for goal in goals
        ]
        return tuple(sorted(found, key=lambda one: one.goal.status is not GoalStatus.ACTIVE))


def _step_entries(ctx: AppContext, sections: Iterable[Id]) -> dict[Id, list[Entry]]:
    """Steps done and taken back, by student: a step tapped in one class counts in all classes of the person."""
    by_id: dict[Id, Entry] = {}
    for section in sections:
        by_id |= {entry.id: entry for entry in ctx.reads.entries.about_steps(section)}
    found: dict[Id, list[Entry]] = {}
    for entry in by_id.values():
        found.setdefault(entry.student, []).append(entry)
    return found


# --- goals ------------------------------------------------------------------------------------------------------------


def set_goal(
    ctx: AppContext,
    /,
    student: Id,
    words: str,
    *,
    steps: Sequence[str] = (),
    set_by: SetBy = SetBy.TOGETHER,
    **fields: str,
) -> ChangeSet:
    """A new active goal from today with its steps, in one change. ``fields`` are some of ``TEXT_FIELDS``.

    Refusals: ``goal_empty``, ``goal_too_long``, ``goal_steps_many``, ``goal_day``, ``unknown_field``,
    ``no_such_student``.
    """
    lines = [_clean(step, "goal_step_empty") for step in steps if step.strip()]
    if len(lines) > MOST_STEPS:
        raise Refusal("goal_steps_many", most=MOST_STEPS)
    goal = ctx.new_id()
    drafts = person_drafts(
        ctx,
        student,
        "goal",
        goal,
        student=student,
        words=_clean(words, "goal_empty"),
        status=GoalStatus.ACTIVE.value,
        set_by=set_by.value,
        set_day=today(ctx.clock).isoformat(),
        **_checked(fields),
    )
    if not drafts:
        raise Refusal("no_such_student")
    for position, line in enumerate(lines):
        drafts += _step_drafts(ctx, student, ctx.new_id(), goal=goal, position=position, words=line)
    return ctx.commit("goal_set", drafts, args={"student": student.hex(), "goal": goal.hex()})


def edit_goal(ctx: AppContext, /, section: Id, goal: Id, **fields: str) -> ChangeSet:
    """Writes ``words`` or some of ``TEXT_FIELDS``. Refusals as ``set_goal`` and ``no_such_goal``."""
    found = _goal(ctx, section, goal)
    words = {"words": _clean(fields.pop("words"), "goal_empty")} if "words" in fields else {}
    drafts = person_drafts(ctx, found.student, "goal", goal, **words, **_checked(fields))
    return ctx.commit("goal_edited", drafts, args=_args(found))


def set_status(ctx: AppContext, section: Id, goal: Id, status: GoalStatus, reason: str = "") -> ChangeSet:
    """Reached, changed, let go (with the reason, desk-only) or active again. Refusal ``no_such_goal``."""
    found = _goal(ctx, section, goal)
    drafts = person_drafts(ctx, found.student, "goal", goal, status=status.value, reason=reason.strip())
    return ctx.commit(f"goal_{status.value}", drafts, args=_args(found))


# --- steps ------------------------------------------------------------------------------------------------------------


def add_step(ctx: AppContext, section: Id, goal: Id, words: str) -> ChangeSet:
    """One more step at the end. Refusals ``goal_step_empty``, ``goal_too_long``, ``goal_steps_many``."""
    found = _goal(ctx, section, goal)
    steps = ctx.reads.goals.steps(section).get(goal, [])
    if len(steps) >= MOST_STEPS:
        raise Refusal("goal_steps_many", most=MOST_STEPS)
    position = steps[-1].position + 1 if steps else 0
    line = _clean(words, "goal_step_empty")
    drafts = _step_drafts(ctx, found.student, ctx.new_id(), goal=goal, position=position, words=line)
    return ctx.commit("goal_step_added", drafts, args=_args(found))


def edit_step(ctx: AppContext, section: Id, step: Id, words: str) -> ChangeSet:
    """Other words for a step; what was done of it stays. Refusals ``no_such_step``, ``goal_step_empty``, ..."""
    found = _step(ctx, section, step)
    drafts = person_drafts(ctx, found.student, "goal_step", step, words=_clean(words, "goal_step_empty"))
    return ctx.commit("goal_step_edited", drafts, args={"student": found.student.hex()})


def remove_step(ctx: AppContext, section: Id, step: Id) -> ChangeSet:
    """Takes a step away; Undo brings it back with what was done of it. Refusal ``no_such_step``."""
    found = _step(ctx, section, step)
    drafts = [delete(home, "goal_step", step) for home in ctx.reads.people.sections_of(found.student)]
    return ctx.commit("goal_step_removed", drafts, args={"student": found.student.hex()})


def order_steps(ctx: AppContext, section: Id, goal: Id, order: Sequence[Id]) -> ChangeSet:
    """Puts the steps of a goal in this order. Refusal ``no_such_step`` unless these are exactly its steps."""
    found = _goal(ctx, section, goal)
    steps = {step.id: step for step in ctx.reads.goals.steps(section).get(goal, [])}
    if sorted(order) != sorted(steps):
        raise Refusal("no_such_step")
    drafts: list[Draft] = []
    for position, step in enumerate(order):
        if steps[step].position != position:
            drafts += person_drafts(ctx, found.student, "goal_step", step, position=position)
    return ctx.commit("goal_steps_ordered", drafts, args=_args(found))


def do_step(ctx: AppContext, section: Id, step: Id, *, by: By = By.TEACHER) -> ChangeSet:
    """Notes that the student did a step, as one entry in every class of the student. Doing it twice changes nothing."""
    found = _step(ctx, section, step)
    if _standing(ctx, found):
        return ChangeSet(0, "step_done")
    return _write_entry(ctx, "step_done", found, ctx.new_id(), EntryKind.STEP_DONE, step, by)


def undo_step(ctx: AppContext, section: Id, step: Id, *, by: By = By.TEACHER) -> ChangeSet:
    """Takes back that a step was done, whoever said so and wherever. A step that is open stays as it is."""
    found = _step(ctx, section, step)
    drafts: list[Draft] = []
    for entry in _standing(ctx, found):
        drafts += _entry_drafts(ctx, found.student, ctx.new_id(), EntryKind.UNDONE, entry.id, by)
    if not drafts:
        return ChangeSet(0, "step_undone")
    return ctx.commit("step_undone", drafts, args={"student": found.student.hex()})


def _standing(ctx: AppContext, step: GoalStep) -> list[Entry]:
    """The entries by which a step counts as done."""
    entries = _step_entries(ctx, ctx.reads.people.sections_of(step.student)).get(step.student, [])
    return [one for one in effective(entries) if one.kind == EntryKind.STEP_DONE and one.about == step.id]


def _write_entry(
    ctx: AppContext, label: str, step: GoalStep, entry: Id, kind: EntryKind, about: Id, by: By
) -> ChangeSet:
    drafts = _entry_drafts(ctx, step.student, entry, kind, about, by)
    return ctx.commit(label, drafts, args={"student": step.student.hex()})


def _entry_drafts(ctx: AppContext, student: Id, entry: Id, kind: EntryKind, about: Id, by: By) -> list[Draft]:
    return person_drafts(
        ctx,
        student,
        "entry",
        entry,
        student=student,
        kind=kind.value,
        about=about,
        day=today(ctx.clock).isoformat(),
        at_ms=ctx.clock.wall_ms(),
        by=by.value,
    )


def _step_drafts(ctx: AppContext, student: Id, step: Id, *, goal: Id, position: int, words: str) -> list[Draft]:
    return person_drafts(ctx, student, "goal_step", step, goal=goal, student=student, position=position, words=words)


def _goal(ctx: AppContext, section: Id, goal: Id) -> Goal:
    found = ctx.reads.goals.get(section, goal)
    if found is None:
        raise Refusal("no_such_goal")
    return found


def _step(ctx: AppContext, section: Id, step: Id) -> GoalStep:
    for steps in ctx.reads.goals.steps(section).values():
        for one in steps:
            if one.id == step:
                return one
    raise Refusal("no_such_step")


def _clean(words: str, empty: str) -> str:
    cleaned = " ".join(words.split())
    if not cleaned:
        raise Refusal(empty)
    if len(cleaned) > MOST_LETTERS:
        raise Refusal("goal_too_long", most=MOST_LETTERS)
    return cleaned


def _checked(fields: Mapping[str, str]) -> dict[str, Value]:
    for name in fields:
        if name not in TEXT_FIELDS:
            raise Refusal("unknown_field", field=name)
    if fields.get("by_day") and iso_day(fields["by_day"]) is None:
        raise Refusal("goal_day", day=fields["by_day"])
    if "set_by" in fields and fields["set_by"] not in set(SetBy):
        raise Refusal("unknown_field", field="set_by")
    return {name: value.strip() for name, value in fields.items()}


def _args(goal: Goal) -> dict[str, object]:
    return {"student": goal.student.hex(), "goal": goal.id.hex()}
