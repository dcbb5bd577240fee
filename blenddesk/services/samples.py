"""The sample class to play with, written through the real write door; its lesson has been running seven minutes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.entries import By, EntryKind
from blenddesk.domain.goals import GoalStatus, SetBy
from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import ChangeSet, Draft, merge_change_sets, put
from blenddesk.domain.pictures import CHIPS
from blenddesk.domain.plans import PlanSheet
from blenddesk.domain.ports import Clock, local_datetime, today
from blenddesk.domain.registry import Value
from blenddesk.services import calendars, live, plans, rooms, sample_words
from blenddesk.services.plan_sheets import sheet_drafts
from blenddesk.services.sample_lessons import (
    LESSON_STARTS,
    PERIOD_MINUTES,
    TEMPLATE,
    Progress,
    Sample,
    class_words_of_desk,
    entry_draft,
    lesson_sheet,
    new_class,
    school_days_before,
)

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

TEACHER = "Ms Okoro"
MINUTE_NOW = 7
"""The sample's lesson has been running this long: the first turn has just begun."""
HISTORY_DAYS = 21
SAMPLE_SEED = 7


class _Earlier(NamedTuple):
    """The clock as it was some minutes ago: the sample's lesson has begun before it was made."""

    clock: Clock
    by_ms: int

    def wall_ms(self) -> int:
        return self.clock.wall_ms() - self.by_ms

    def steady_ms(self) -> int:
        return self.clock.steady_ms() - self.by_ms

    def zone_minutes(self) -> int:
        return self.clock.zone_minutes()


# --- the sample class -------------------------------------------------------------------------------------------


def make_sample(ctx: AppContext, progress: Progress | None = None) -> Sample:
    """ "Sunflowers": 32 students with goals, steps and profiles, three weeks of lessons, and one at minute 7 right now.

    Refusals ``not_a_desk``, ``class_exists``.
    """
    count = progress or (lambda _done, _total: None)
    rng = random.Random(SAMPLE_SEED)
    days = school_days_before(today(ctx.clock), HISTORY_DAYS * 5 // 7)
    total = len(days) + 3
    words = class_words_of_desk(ctx)
    name = words(sample_words.CLASS_NAME)
    section, students, changes = new_class(ctx, name, sample_words.NAMES)
    count(1, total)
    changes.append(
        ctx.commit(
            "sample_made",
            [*_profiles(section, students, words, rng), *_goals(ctx, section, students, words, days, rng)],
        )
    )
    count(2, total)
    entries = 0
    for place, day in enumerate(days, 1):
        sheet = lesson_sheet(ctx, section, students, day, LESSON_STARTS, rng)
        drafts = [*_lesson_drafts(ctx, section, sheet, rng)]
        entries += sum(draft.record == "entry" for draft in drafts)
        changes.append(ctx.commit("sample_made", sheet_drafts(section, None, sheet) + drafts))
        count(place + 2, total)
    changes += _lesson_now(ctx, section)
    count(total, total)
    return Sample(merge_change_sets("sample_made", changes), ((section, name),), len(students), entries)


def _profiles(section: Id, students: Sequence[Id], words: Callable[[str], str], rng: random.Random) -> Iterator[Draft]:
    def some(lines: Sequence[str], most: int) -> list[str]:
        return [words(line) for line in rng.sample(lines, rng.randint(1, most))]

    for student in students:
        if rng.random() < 0.75:
            fields: dict[str, Value] = {
                "student": student,
                "strengths": some(sample_words.STRENGTHS, 2),
                "needs": some(sample_words.NEEDS, 2) if rng.random() < 0.5 else [],
                "interests": some(sample_words.INTERESTS, 2),
                "preferences": some(sample_words.PREFERENCES, 1),
            }
            yield Draft(section, "profile", derived_id("profile", student), fields)


def _goals(
    ctx: AppContext,
    section: Id,
    students: Sequence[Id],
    words: Callable[[str], str],
    days: Sequence[date],
    rng: random.Random,
) -> Iterator[Draft]:
    """A goal for most, some of its small steps done on school days since."""
    for student in students:
        if rng.random() > 0.8:
            continue
        said, picture, steps = rng.choice(sample_words.GOALS)
        set_on = rng.randrange(len(days))
        goal = ctx.new_id()
        done = min(rng.randint(0, 3), len(days) - set_on)
        yield put(
            section,
            "goal",
            goal,
            student=student,
            words=words(said),
            status=(GoalStatus.REACHED if done == len(steps) else GoalStatus.ACTIVE).value,
            set_by=rng.choice([SetBy.STUDENT, SetBy.TOGETHER, SetBy.TOGETHER, SetBy.TEACHER]).value,
            set_day=days[set_on].isoformat(),
            picture=picture,
        )
        for position, step_words in enumerate(steps):
            step = ctx.new_id()
            yield put(
                section, "goal_step", step, goal=goal, student=student, position=position, words=words(step_words)
            )
            if position < done:
                day = days[min(set_on + position + rng.randint(0, 2), len(days) - 1)]
                yield entry_draft(ctx, section, student, EntryKind.STEP_DONE, day, LESSON_STARTS + 50, about=step)


def _lesson_drafts(ctx: AppContext, section: Id, sheet: PlanSheet, rng: random.Random) -> Iterator[Draft]:
    """What a class does in one lesson: most finish, some say how it went, a few are left to catch up or to check."""
    day = date.fromisoformat(sheet.plan.day or "")
    away = set(rng.sample(sheet.students(), rng.choice([0, 0, 1, 2])))
    for turn in sheet.turns():
        minute = LESSON_STARTS + turn.start_offset + turn.minutes - 1
        for student in sheet.group(turn.group).students:
            if student in away:
                continue
            kind = EntryKind.CLAIMED if rng.random() < 0.94 else EntryKind.CARRIED
            entry = entry_draft(
                ctx, section, student, kind, day, minute, sheet=sheet, block=turn.block, round_=turn.round
            )
            yield entry
            if kind is EntryKind.CLAIMED and rng.random() < 0.45:
                yield _reflection(ctx, section, entry, rng)
            if kind is EntryKind.CLAIMED and rng.random() < 0.2:
                checked = rng.choice([EntryKind.CHECKED, EntryKind.CHECKED, EntryKind.MASTERED])
                yield entry_draft(
                    ctx, section, student, checked, day, minute + 30, sheet=sheet, block=turn.block, by=By.TEACHER
                )


def _reflection(ctx: AppContext, section: Id, entry: Draft, rng: random.Random) -> Draft:
    fields = {name: entry.fields[name] for name in ("student", "plan", "block", "day", "at_ms")}
    growth = rng.choices([1, 2, 3, 4], [1, 3, 5, 3])[0]
    words = rng.sample(CHIPS, rng.choice([0, 1, 1, 2]))
    said = {**fields, "entry": entry.entity_id, "growth": growth, "words": words, "remark": "", "help": growth == 1}
    return Draft(section, "reflection", ctx.new_id(), said)


def _lesson_now(ctx: AppContext, section: Id) -> list[ChangeSet]:
    """The room, the timetable, and a lesson that began seven minutes ago."""
    now = local_datetime(ctx.clock)
    begin = max(now.hour * 60 + now.minute - MINUTE_NOW, 0)
    changes = []
    if not ctx.reads.lessons.room_row():
        changes.append(
            rooms.edit_room(
                ctx,
                computers=4,
                students_per_computer=2,
                headphones=8,
                projector=True,
                printer=True,
                period_minutes=PERIOD_MINUTES,
                class_size=32,
            )
        )
    minutes = min(PERIOD_MINUTES, 24 * 60 - begin)
    weekdays = {0, 1, 2, 3, 4, now.weekday()}
    if minutes >= calendars.SHORTEST:
        changes += [calendars.add_period(ctx, section, day, begin, minutes) for day in sorted(weekdays)]
    made = plans.new_plan(
        ctx,
        section,
        TEMPLATE,
        day=now.date().isoformat(),
        start_minute=begin,
        minutes=PERIOD_MINUTES,
        seed=SAMPLE_SEED,
    )
    changes += [made.change, plans.mark_ready(ctx, section, made.plan)]
    then = ctx.with_ports(clock=_Earlier(ctx.clock, now.second * 1000 + MINUTE_NOW * 60_000))
    changes.append(live.start_lesson(then, section, made.plan))
    return changes
