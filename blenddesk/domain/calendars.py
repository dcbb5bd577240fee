"""When a class meets: a weekly or N-day timetable, holidays, half-days; all counts of days use real meetings."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from blenddesk.domain.ids import Id

MONDAY_TO_FRIDAY = frozenset(range(5))
FAR_DAYS = 400
"""How far the next and the last meeting are looked for: over the longest summer, and no further."""


class DayKind(StrEnum):
    OFF = "off"
    SHORT = "short"
    """A half-day or short bells: lessons of at most ``minutes``."""


class Period(NamedTuple):
    """A regular meeting. ``day``: 0 Monday to 6 Sunday, or the day of the cycle from 0."""

    id: Id
    section: Id
    day: int
    start_minute: int
    minutes: int


class CalendarDay(NamedTuple):
    """Days that are not like others, both ends included, ISO dates."""

    id: Id
    first_day: str
    last_day: str
    kind: str = DayKind.OFF
    minutes: int | None = None
    name: str = ""


class Slot(NamedTuple):
    """One meeting: a day, when it begins (minutes after midnight) and how long it is."""

    day: date
    start_minute: int
    minutes: int

    @property
    def end_minute(self) -> int:
        return self.start_minute + self.minutes


class Calendar(NamedTuple):
    """What all classes of a school share.

    With a ``cycle_start`` the timetable is a cycle of ``cycle_days`` school days, of which that is day 0; without one
    it is a week.
    ``weekdays``: on which days school is held, 0 Monday to 6 Sunday.
    """

    days: tuple[CalendarDay, ...] = ()
    cycle_days: int = 5
    cycle_start: date | None = None
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    first_day: date | None = None
    last_day: date | None = None
    """The school year, both ends included; None: no end is known."""

    def special(self, day: date) -> CalendarDay | None:
        """The entry for a day; a day off wins over a short one."""
        iso = day.isoformat()
        found = [one for one in self.days if one.first_day <= iso <= (one.last_day or one.first_day)]
        return min(found, key=lambda one: (one.kind != DayKind.OFF, one.id), default=None)

    def is_off(self, day: date) -> bool:
        if (self.first_day is not None and day < self.first_day) or (self.last_day is not None and day > self.last_day):
            return True
        special = self.special(day)
        return special is not None and special.kind == DayKind.OFF

    def is_school_day(self, day: date) -> bool:
        return day.weekday() in self.weekdays and not self.is_off(day)

    def cycle_day(self, day: date) -> int | None:
        """The day's number in the timetable; None when there is no school (in a week: when it is a day off)."""
        if self.cycle_start is None:
            return None if self.is_off(day) else day.weekday()
        if not self.is_school_day(day):
            return None
        if day >= self.cycle_start:
            return self.school_days(self.cycle_start, day) % self.cycle_days
        return -self.school_days(day, self.cycle_start) % self.cycle_days

    def school_days(self, first: date, last: date) -> int:
        """School days from ``first`` up to, but without, ``last``."""
        return sum(self.is_school_day(day) for day in _days(first, last))


def meetings_on(periods: Iterable[Period], calendar: Calendar, day: date) -> tuple[Slot, ...]:
    """The meetings of one class on a day, the earliest first; short bells shorten them."""
    number = calendar.cycle_day(day)
    if number is None:
        return ()
    special = calendar.special(day)
    slots = []
    for period in periods:
        if period.day == number:
            minutes = period.minutes
            if special is not None and special.minutes is not None:
                minutes = min(minutes, special.minutes)
            if minutes > 0:
                slots.append(Slot(day, period.start_minute, minutes))
    return tuple(sorted(slots))


def next_meeting(periods: Collection[Period], calendar: Calendar, after: datetime) -> Slot | None:
    """The first meeting that begins after a moment (local time); None when there is none within a year."""
    for day in _days(after.date(), after.date() + timedelta(FAR_DAYS)) if periods else ():
        for slot in meetings_on(periods, calendar, day):
            if (slot.day, slot.start_minute) > (after.date(), _minute(after)):
                return slot
    return None


def previous_meeting(periods: Collection[Period], calendar: Calendar, before: datetime) -> Slot | None:
    """The last meeting that was over before a moment; None when there is none within a year."""
    for back in range(FAR_DAYS) if periods else ():
        day = before.date() - timedelta(back)
        for slot in reversed(meetings_on(periods, calendar, day)):
            if (slot.day, slot.end_minute) <= (before.date(), _minute(before)):
                return slot
    return None


def meetings_between(periods: Collection[Period], calendar: Calendar, first: date, last: date) -> tuple[Slot, ...]:
    """All meetings from ``first`` up to, but without, ``last``: what "3 lessons ago" counts."""
    return tuple(slot for day in _days(first, last) for slot in meetings_on(periods, calendar, day))


def class_now(
    timetables: Mapping[Id, Collection[Period]], calendar: Calendar, at: datetime, *, early_minutes: int = 15
) -> Id | None:
    """The class whose lesson is on, else the one that begins within ``early_minutes``, else None.

    Of two at once the one that began last: the other is the one that runs over.
    """
    minute = _minute(at)
    running: list[tuple[int, Id]] = []
    coming: list[tuple[int, Id]] = []
    for section, periods in timetables.items():
        for slot in meetings_on(periods, calendar, at.date()):
            if slot.start_minute <= minute < slot.end_minute:
                running.append((slot.start_minute, section))
            elif minute < slot.start_minute <= minute + early_minutes:
                coming.append((slot.start_minute, section))
    if running:
        return max(running)[1]
    return min(coming)[1] if coming else None


def _days(first: date, last: date) -> Iterator[date]:
    for number in range(max((last - first).days, 0)):
        yield first + timedelta(number)


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute
