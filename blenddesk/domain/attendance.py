"""Who is in the lesson: students here, away or late, and which rounds a latecomer missed; adults by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Plan


class AttendanceStatus(StrEnum):
    HERE = "here"
    AWAY = "away"
    LATE = "late"


class Meeting(NamedTuple):
    """One lesson of a class on a day, with the ids of the adults who are there."""

    id: Id
    section: Id
    day: str = ""
    start_minute: int = 0
    minutes: int = 0
    adults: tuple[Id, ...] = ()


class Attendance(NamedTuple):
    """``minute``: when a late student came, in minutes after midnight."""

    meeting: Id
    student: Id
    status: AttendanceStatus = AttendanceStatus.HERE
    minute: int | None = None


class Register(NamedTuple):
    """Who is here and who is not, each in order of the class list; latecomers are here and also in ``late``."""

    here: tuple[Id, ...]
    away: tuple[Id, ...]
    late: tuple[Attendance, ...]


def register(students: Sequence[Id], attendance: Iterable[Attendance]) -> Register:
    """The register of one meeting: everybody of whom nothing is said is here. Others than ``students`` are left out."""
    marks = {mark.student: mark for mark in attendance}
    away = {one for one in students if one in marks and marks[one].status is AttendanceStatus.AWAY}
    return Register(
        tuple(one for one in students if one not in away),
        tuple(one for one in students if one in away),
        tuple(marks[one] for one in students if one in marks and marks[one].status is AttendanceStatus.LATE),
    )


def missed_rounds(plan: Plan, lesson_start_minute: int, came_minute: int) -> tuple[int, ...]:
    """The rounds that were over by half or more when a student came (both times in minutes after midnight)."""
    return tuple(
        round_
        for round_, minutes in enumerate(plan.rounds)
        if lesson_start_minute + plan.round_offset(round_) + minutes / 2 <= came_minute
    )
