"""What pretend classes are made of: a class with its students, a used lesson by chance, an entry, school days."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain import minutes as cutting
from blenddesk.domain import templates
from blenddesk.domain.entries import By, EntryKind
from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import ChangeSet, Draft
from blenddesk.domain.plans import Grouping, Plan, PlanSheet, PlanStatus
from blenddesk.domain.registry import Value
from blenddesk.interop.roster_model import RosterPreview, RosterStudent
from blenddesk.services import classes, groups, rosters
from blenddesk.services.blocks import class_words
from blenddesk.services.live import moment_ms
from blenddesk.services.plan_minutes import timed

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

TEMPLATE = "station-4"
PERIOD_MINUTES = 60
LESSON_STARTS = 9 * 60
"""Minutes after midnight."""

Progress = Callable[[int, int], None]
"""Called with (done, total) between whole transactions; may raise to stop, then what was written until then stays."""


class Sample(NamedTuple):
    """What was written. ``classes`` are (id, name)."""

    change: ChangeSet
    classes: tuple[tuple[Id, str], ...]
    students: int
    entries: int


def class_words_of_desk(ctx: AppContext) -> Callable[[str], str]:
    """Message ids into the language that a class made on this desk has."""
    return class_words(ctx, derived_id("no class yet"))


def new_class(ctx: AppContext, name: str, names: Sequence[tuple[str, str]]) -> tuple[Id, list[Id], list[ChangeSet]]:
    """A class with these students, by the ways a teacher has: its id, theirs in order of the list, what was changed."""
    made = classes.create_class(ctx, name)
    rows = tuple(
        RosterStudent(row, given, family, given, f"sample-{row}-{name}", ())
        for row, (given, family) in enumerate(names, 1)
    )
    preview = RosterPreview("sample", None, None, (), len(rows), rows, (), ())
    done = rosters.import_roster(ctx, preview, class_name=name)
    section = done.classes[0].id
    edited = classes.edit_class(ctx, section, minutes=PERIOD_MINUTES)
    ids = [student.id for student in ctx.reads.people.students(section)]
    return section, ids, [made, done.change, edited]


def lesson_sheet(
    ctx: AppContext, section: Id, students: Sequence[Id], day: date, start_minute: int, rng: random.Random
) -> PlanSheet:
    """A used lesson of four stations with groups dealt by chance."""
    kind = templates.BY_CODE[TEMPLATE]
    timing = cutting.fit_rounds(
        PERIOD_MINUTES, kind.opening_minutes, kind.moving_minutes, kind.closing_minutes, kind.rounds
    )
    words = class_words_of_desk(ctx)
    plan = Plan(
        id=ctx.new_id(),
        name=words(kind.title),
        template=kind.code,
        day=day.isoformat(),
        start_minute=start_minute,
        status=PlanStatus.READY,
        grouping=Grouping.RANDOM,
    )
    blocks = templates.plan_blocks(kind, plan.id, ctx.new_id, words)
    dealt = rng.sample(list(students), len(students))
    count = min(kind.groups, len(dealt))
    order = {student: place for place, student in enumerate(students)}
    members = tuple(tuple(sorted(dealt[place::count], key=order.__getitem__)) for place in range(count))
    seed = rng.randrange(1 << 30)
    return groups.seated(groups.with_members(ctx, section, PlanSheet(timed(plan, timing), blocks), members, seed), seed)


def entry_draft(
    ctx: AppContext,
    section: Id,
    student: Id,
    kind: EntryKind,
    day: date,
    minute: int,
    *,
    sheet: PlanSheet | None = None,
    block: Id | None = None,
    about: Id | None = None,
    round_: int | None = None,
    by: By = By.STUDENT,
) -> Draft:
    fields: dict[str, Value] = {
        "student": student,
        "kind": kind.value,
        "day": day.isoformat(),
        "at_ms": moment_ms(ctx.clock, day.isoformat(), minute),
        "by": by.value,
    }
    if sheet is not None:
        fields |= {"plan": sheet.plan.id, "block": block}
    if about is not None:
        fields["about"] = about
    if round_ is not None:
        fields["round"] = round_
    return Draft(section, "entry", ctx.new_id(), fields)


def school_days_before(day: date, wanted: int) -> list[date]:
    """The last ``wanted`` days from Monday to Friday before ``day``, oldest first."""
    found: list[date] = []
    while len(found) < wanted:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found[::-1]
