"""A class with its student computers and years of logged work, every entry written by the computer it was tapped on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Draft, put
from blenddesk.domain.ports import today
from blenddesk.services import classes, sample_lessons, sample_words
from blenddesk.services.context import AppContext
from blenddesk.services.plan_sheets import sheet_drafts
from blenddesk.sync import exchange, seats
from blenddesk.sync.wordlock import Strength

WEAK = Strength(passes=1, memory_bytes=8_192)
ROUNDS = 4
ROUND_MS = 12 * 60_000


@dataclass
class LessonClock:
    """A clock that goes where the lesson is, so that the times in the log lie as far apart as in a classroom."""

    now_ms: int

    def wall_ms(self) -> int:
        return self.now_ms

    def steady_ms(self) -> int:
        return self.now_ms

    def zone_minutes(self) -> int:
        return 60


class Lesson(NamedTuple):
    """What an entry needs of the plan that it belongs to. ``starts_ms`` since 1970."""

    plan: Id
    blocks: tuple[Id, ...]
    day: date
    starts_ms: int


class LoggedClass(NamedTuple):
    """``desk`` holds everything, ``fresh`` has opened its seat and read nothing yet; both are closed."""

    desk: Paths
    fresh: Paths
    section: Id
    students: tuple[Id, ...]


def logged_class(
    folder: Path, *, computers: int, entries: int, students: int, days: int, together: int, lessons: bool
) -> LoggedClass:
    """``entries`` of ``students`` on the last ``days`` school days, in equal parts from each student computer.

    ``together`` entries are one commit: what one of a table logs for all. With ``lessons`` the desk has the plan of
    every day as well.
    """
    rng = random.Random(1)
    at = [Paths(folder / f"computer{number}", folder / "state") for number in range(computers + 1)]
    desk = bootstrap.create_device(Paths(folder / "desk", folder / "state"), role="desk", name="Ms Okoro")
    classes.found_desk(desk, "Ms Okoro")
    names = rng.sample([(given, family) for given in sample_words.GIVEN for family in sample_words.FAMILY], students)
    section, ids, _changes = sample_lessons.new_class(desk, "4B", names)
    opened = [_open_seat(desk, section, paths) for paths in at]
    held = _lessons(desk, section, ids, days, rng, written=lessons)
    for number, (computer, clock) in enumerate(opened[1:]):
        share = entries // computers + (number < entries % computers)
        _log(computer, clock, section, ids, held, share, together, rng)
        (folder / "stick").mkdir(exist_ok=True)
        exchange.write_packages(computer.ledger, computer.keys, folder / "stick")
    for computer, _clock in opened:
        bootstrap.close_device(computer)
    for result in exchange.read_packages(desk.ledger, desk.keys, [folder / "stick"]):
        assert result.status == "applied", result
    assert len(desk.reads.reader.rows("SELECT 1 FROM entry")) == entries
    bootstrap.close_device(desk)
    return LoggedClass(desk.paths, at[0], section, tuple(ids))


def log_more(computer: AppContext, section: Id, students: tuple[Id, ...], entries: int) -> None:
    """A class day on one computer, for what is new inside a full package."""
    now = computer.clock.wall_ms()
    lesson = Lesson(computer.new_id(), tuple(computer.new_id() for _block in range(ROUNDS)), today(computer.clock), now)
    drafts = _drafts(computer, section, list(students), [lesson], entries, random.Random(2))
    for _moment, draft in drafts:
        computer.commit("entry_logged", [draft])


def _open_seat(desk: AppContext, section: Id, paths: Paths) -> tuple[AppContext, LessonClock]:
    seat = seats.new_seat(desk.ledger, desk.keys, section, paths.data.name, strength=WEAK)
    clock = LessonClock(desk.clock.wall_ms())
    computer = bootstrap.create_device(paths, role="station", name=paths.data.name, clock=clock)
    seats.open_seat(computer.ledger, computer.keys, seat.data, " ".join(seat.words))
    return computer, clock


def _lessons(
    desk: AppContext, section: Id, students: list[Id], days: int, rng: random.Random, *, written: bool
) -> list[Lesson]:
    held = []
    for day in sample_lessons.school_days_before(today(desk.clock), days):
        starts_ms = round(datetime(day.year, day.month, day.day, 9, tzinfo=UTC).timestamp() * 1000)
        if written:
            sheet = sample_lessons.lesson_sheet(desk, section, students, day, sample_lessons.LESSON_STARTS, rng)
            desk.commit("plan_made", sheet_drafts(section, None, sheet))
            held.append(Lesson(sheet.plan.id, tuple(block.id for block in sheet.blocks), day, starts_ms))
        else:
            held.append(Lesson(desk.new_id(), tuple(desk.new_id() for _block in range(ROUNDS)), day, starts_ms))
    return held


def _log(
    computer: AppContext,
    clock: LessonClock,
    section: Id,
    students: list[Id],
    held: list[Lesson],
    entries: int,
    together: int,
    rng: random.Random,
) -> None:
    drafts = _drafts(computer, section, students, held, entries, rng)
    while batch := list(islice(drafts, together)):
        clock.now_ms = batch[-1][0]
        computer.commit("entry_logged", [draft for _moment, draft in batch], actor=rng.choice(students))


def _drafts(
    computer: AppContext, section: Id, students: list[Id], held: list[Lesson], entries: int, rng: random.Random
) -> Iterator[tuple[int, Draft]]:
    """(when, entry), by time; spread evenly over the lessons and their rounds."""
    for number in range(entries):
        lesson = held[number * len(held) // entries]
        round_ = number * len(held) * ROUNDS // entries % ROUNDS
        at_ms = lesson.starts_ms + round_ * ROUND_MS + number * 997 % ROUND_MS + rng.randrange(900)
        yield (
            at_ms,
            put(
                section,
                "entry",
                computer.new_id(),
                student=rng.choice(students),
                kind=rng.choice(("started", "claimed", "claimed", "claimed", "asked_help")),
                plan=lesson.plan,
                block=lesson.blocks[round_ % len(lesson.blocks)],
                day=lesson.day.isoformat(),
                at_ms=at_ms,
                round=round_ + 1,
                by="student",
            ),
        )
