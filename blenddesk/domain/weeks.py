"""A week of lessons: which days are side by side, which day of another week is the same, which lessons clash."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from blenddesk.domain.calendars import Calendar

_FRIDAY, _SATURDAY, _SUNDAY = 4, 5, 6
_LONGEST_CYCLE = 120
"""Days that a cycle may take with all its holidays; looked through for its first day."""


class Span(NamedTuple):
    """When a lesson is: ``day`` an ISO date, ``start`` minutes after midnight (None: no time), ``minutes`` long."""

    day: str
    start: int | None
    minutes: int


def week_days(calendar: Calendar, taught: Collection[int], day: date, also: Collection[date] = ()) -> tuple[date, ...]:
    """The days shown with ``day``, days off among them: its week, or the whole cycle of an N-day timetable.

    ``taught``: days of the timetable (0 Monday) with a meeting. A weekend day is shown only when it is taught or among
    ``also``. Where Sunday is taught and Friday is not, the week begins on Sunday (or a taught Saturday).
    """
    if calendar.cycle_start is not None:
        cycle = _cycle_days(calendar, day)
        if cycle:
            return tuple(one for one in cycle if one.weekday() in calendar.weekdays or one in also)
    first, shown = 0, set(calendar.weekdays) | (set(taught) if calendar.cycle_start is None else set())
    if calendar.cycle_start is None and _SUNDAY in taught and _FRIDAY not in taught:
        first = _SATURDAY if _SATURDAY in taught else _SUNDAY
        shown.discard(_FRIDAY)
    begin = day - timedelta((day.weekday() - first) % 7)
    days = [begin + timedelta(ahead) for ahead in range(7)]
    return tuple(one for one in days if one.weekday() in shown or one in also)


def same_day(calendar: Calendar, day: date, week: Sequence[date]) -> date | None:
    """The day of ``week`` that is what ``day`` is in its own: the same weekday, or the same day of the cycle."""
    wanted = _number(calendar, day)
    return next((one for one in week if wanted is not None and _number(calendar, one) == wanted), None)


def clashing(spans: Sequence[Span]) -> frozenset[int]:
    """Places in ``spans`` of lessons that run at the same time as another one."""
    timed = sorted(
        (span.day, span.start, span.start + span.minutes, place)
        for place, span in enumerate(spans)
        if span.start is not None
    )
    found: set[int] = set()
    for index, (day, _start, end, place) in enumerate(timed):
        for other_day, other_start, _other_end, other in timed[index + 1 :]:
            if other_day != day or other_start >= end:
                break
            found |= {place, other}
    return frozenset(found)


def _number(calendar: Calendar, day: date) -> int | None:
    return day.weekday() if calendar.cycle_start is None else calendar.cycle_day(day)


def _cycle_days(calendar: Calendar, day: date) -> tuple[date, ...]:
    """From the first day of the cycle that ``day`` is in, up to the next cycle; () when none is near."""
    back = (day - timedelta(ago) for ago in range(_LONGEST_CYCLE))
    first = next((one for one in back if calendar.cycle_day(one) == 0), None)
    if first is None:
        return ()
    ahead = (first + timedelta(number) for number in range(1, _LONGEST_CYCLE))
    after = next((one for one in ahead if calendar.cycle_day(one) == 0), None)
    if after is None or not first <= day < after:
        return ()
    return tuple(first + timedelta(number) for number in range((after - first).days))
