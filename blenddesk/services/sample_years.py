"""Whole pretend years, written through the real write door, to measure with and to look at a full desk."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from blenddesk.domain.entries import By, EntryKind
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft, merge_change_sets
from blenddesk.domain.plans import PlanSheet
from blenddesk.domain.ports import today
from blenddesk.errors import Refusal
from blenddesk.services import sample_words
from blenddesk.services.plan_sheets import sheet_drafts
from blenddesk.services.sample_lessons import (
    LESSON_STARTS,
    Progress,
    Sample,
    entry_draft,
    lesson_sheet,
    new_class,
    school_days_before,
)

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

DAYS_IN_BATCH = 10
LIMITS = {"classes": (1, 40), "students": (1, 60), "days": (1, 1000), "entries_per_day": (0, 24)}


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
    school_days = school_days_before(today(ctx.clock), days)
    changes: list[ChangeSet] = []
    made: list[tuple[Id, str]] = []
    for number in range(classes):
        rng = random.Random(f"{seed}/{number}")
        # Everything but the keys of the class comes from the seed.
        name = _class_name(number)
        section, ids, begun = new_class(ctx, name, _names(students, rng))
        changes += begun
        made.append((section, name))
        seeded = ctx.with_ports(randomness=_Seeded(rng))
        for first in range(0, days, DAYS_IN_BATCH):
            drafts: list[Draft] = []
            entries = 0
            for day in school_days[first : first + DAYS_IN_BATCH]:
                sheet = lesson_sheet(seeded, section, ids, day, LESSON_STARTS + number * 70 % 360, rng)
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
                yield entry_draft(
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
