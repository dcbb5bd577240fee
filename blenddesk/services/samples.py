"""Pretend classes, written through the real write door: the sample class to play with, and whole years to measure."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from blenddesk.domain import minutes as cutting
from blenddesk.domain import templates
from blenddesk.domain.entries import By, EntryKind
from blenddesk.domain.goals import GoalStatus, SetBy
from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import ChangeSet, Draft, merge_change_sets, put
from blenddesk.domain.pictures import CHIPS
from blenddesk.domain.plans import Grouping, Plan, PlanSheet, PlanStatus
from blenddesk.domain.ports import Clock, local_datetime, today
from blenddesk.domain.registry import Value
from blenddesk.errors import Refusal
from blenddesk.interop.roster_model import RosterPreview, RosterStudent
from blenddesk.services import calendars, classes, groups, live, plans, rooms, rosters, sample_words
from blenddesk.services.blocks import class_words
from blenddesk.services.live import moment_ms
from blenddesk.services.plan_minutes import timed
from blenddesk.services.plan_sheets import sheet_drafts

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

TEACHER = "Ms Okoro"
TEMPLATE = "station-4"
PERIOD_MINUTES = 60
MINUTE_NOW = 7
"""The sample's lesson has been running this long: the first turn has just begun."""
HISTORY_DAYS = 21
SAMPLE_SEED = 7
DAYS_IN_BATCH = 10
LESSON_STARTS = 9 * 60
LIMITS = {"classes": (1, 40), "students": (1, 60), "days": (1, 1000), "entries_per_day": (0, 24)}

Progress = Callable[[int, int], None]
"""Called with (done, total) between whole transactions; may raise to stop, then what was written until then stays."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What was written. ``classes`` are (id, name)."""

    change: ChangeSet
    classes: tuple[tuple[Id, str], ...]
    students: int
    entries: int


@dataclass(frozen=True, slots=True)
class _Earlier:
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
    days = _school_days_before(today(ctx.clock), HISTORY_DAYS * 5 // 7)
    total = len(days) + 3
    words = class_words_of_desk(ctx)
    name = words(sample_words.CLASS_NAME)
    section, students, changes = _new_class(ctx, name, sample_words.NAMES)
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
        sheet = _sheet(ctx, section, students, day, LESSON_STARTS, rng)
        drafts = [*_lesson_drafts(ctx, section, sheet, rng)]
        entries += sum(draft.record == "entry" for draft in drafts)
        changes.append(ctx.commit("sample_made", sheet_drafts(section, None, sheet) + drafts))
        count(place + 2, total)
    changes += _lesson_now(ctx, section)
    count(total, total)
    return Sample(merge_change_sets("sample_made", changes), ((section, name),), len(students), entries)


def class_words_of_desk(ctx: AppContext) -> Callable[[str], str]:
    """Message ids into the language that a class made on this desk has."""
    return class_words(ctx, derived_id("no class yet"))


def _new_class(ctx: AppContext, name: str, names: Sequence[tuple[str, str]]) -> tuple[Id, list[Id], list[ChangeSet]]:
    """A class with these students, by the ways a teacher has; in order of the list."""
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
                yield _entry(ctx, section, student, EntryKind.STEP_DONE, day, LESSON_STARTS + 50, about=step)


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
            entry = _entry(ctx, section, student, kind, day, minute, sheet=sheet, block=turn.block, round_=turn.round)
            yield entry
            if kind is EntryKind.CLAIMED and rng.random() < 0.45:
                yield _reflection(ctx, section, entry, rng)
            if kind is EntryKind.CLAIMED and rng.random() < 0.2:
                checked = rng.choice([EntryKind.CHECKED, EntryKind.CHECKED, EntryKind.MASTERED])
                yield _entry(
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
    then = replace(ctx, clock=_Earlier(ctx.clock, now.second * 1000 + MINUTE_NOW * 60_000))
    changes.append(live.start_lesson(then, section, made.plan))
    return changes


# --- whole years --------------------------------------------------------------------------------------------------


def make_year(
    ctx: AppContext,
    *,
    classes: int,
    students: int,
    days: int,
    entries_per_day: int,
    seed: int = 1,
    progress: Progress | None = None,
) -> Sample:
    """``classes`` pretend classes, each with a lesson on each of the last ``days`` school days.

    Every student gets ``entries_per_day`` entries a day. The same seed on the same day gives the same names, lessons
    and entries. Refusals ``not_a_desk``, ``class_exists``, ``sample_out_of_range`` (least, most, found).
    """
    wanted = {"classes": classes, "students": students, "days": days, "entries_per_day": entries_per_day}
    for what, found in wanted.items():
        least, most = LIMITS[what]
        if not least <= found <= most:
            raise Refusal("sample_out_of_range", what=what, least=least, most=most, found=found)
    count = progress or (lambda _done, _total: None)
    total, done = classes * students * days * entries_per_day, 0
    count(0, total)
    school_days = _school_days_before(today(ctx.clock), days)
    changes: list[ChangeSet] = []
    made: list[tuple[Id, str]] = []
    for number in range(classes):
        rng = random.Random(f"{seed}/{number}")
        # Everything but the keys of the class comes from the seed.
        name = _class_name(number)
        section, ids, begun = _new_class(ctx, name, _names(students, rng))
        changes += begun
        made.append((section, name))
        seeded = replace(ctx, randomness=_Seeded(rng))
        for first in range(0, days, DAYS_IN_BATCH):
            drafts: list[Draft] = []
            entries = 0
            for day in school_days[first : first + DAYS_IN_BATCH]:
                sheet = _sheet(seeded, section, ids, day, LESSON_STARTS + number * 70 % 360, rng)
                drafts += sheet_drafts(section, None, sheet)
                of_day = [*_year_entries(seeded, section, sheet, entries_per_day)]
                drafts += of_day
                entries += len(of_day)
            changes.append(ctx.commit("sample_made", drafts))
            done += entries
            count(done, total)
    return Sample(merge_change_sets("sample_made", changes), tuple(made), classes * students, done)


@dataclass(slots=True)
class _Seeded:
    rng: random.Random

    def token(self, length: int) -> bytes:
        return self.rng.randbytes(length)


def _year_entries(ctx: AppContext, section: Id, sheet: PlanSheet, each: int) -> Iterator[Draft]:
    """Exactly ``each`` entries a student: one a turn, then what the teacher says of them, lap after lap."""
    day = date.fromisoformat(sheet.plan.day or "")
    start = sheet.plan.start_minute or 0
    laps = (EntryKind.CLAIMED, EntryKind.CHECKED, EntryKind.MASTERED)
    rounds = len(sheet.plan.rounds)
    for group in sheet.groups:
        turns = sheet.turns(group.id)
        for number in range(each):
            turn = turns[number % rounds]
            lap = min(number // rounds, len(laps) - 1)
            minute = start + turn.start_offset + turn.minutes - 1 + 60 * lap
            by = By.TEACHER if lap else By.STUDENT
            for student in group.students:
                yield _entry(
                    ctx,
                    section,
                    student,
                    laps[lap],
                    day,
                    minute,
                    sheet=sheet,
                    block=turn.block,
                    round_=turn.round,
                    by=by,
                )


def _names(students: int, rng: random.Random) -> list[tuple[str, str]]:
    pairs = [(given, family) for given in sample_words.GIVEN for family in sample_words.FAMILY]
    return rng.sample(pairs, students)


def _class_name(number: int) -> str:
    lap, place = divmod(number, len(sample_words.CLASSES))
    name = sample_words.CLASSES[place]
    return name if not lap else f"{name} {lap + 1}"


# --- shared -------------------------------------------------------------------------------------------------------


def _sheet(
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


def _entry(
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


def _school_days_before(day: date, wanted: int) -> list[date]:
    """The last ``wanted`` days from Monday to Friday before ``day``, oldest first."""
    found: list[date] = []
    while len(found) < wanted:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found[::-1]
