"""Which backups stay: the newest, one a day, one a week, one a year for ever, told by counters and never by a clock.

A clock that is wrong by a century must neither delete a good backup nor keep a bad one for ever, so nothing here
compares times. What a "day" is is counted: it ends when the date on the computer is another one than at the backup
before, whichever way it moved, or after so many backups where the date never moves. A week is five such days and a
year two hundred, as many as a school has.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

NEWEST, DAYS, WEEKS = 8, 14, 8
DAYS_IN_WEEK = 5
DAYS_IN_YEAR = 200
MOST_IN_DAY = 12
"""Backups after which a day ends on a computer whose clock stands still at every start."""


class Mark(NamedTuple):
    """What a backup is known by: ``number`` counts backups of one life of a database, ``day`` its days of use."""

    number: int
    day: int


class Position(NamedTuple):
    """Where the counting stands: the newest mark, the date it was made on (days since 1970, a label) and how many
    backups that day has."""

    mark: Mark
    date: int
    in_day: int


START = Position(Mark(0, 0), 0, 0)
"""Before the first backup."""


def next_position(position: Position, date: int) -> Position:
    """The place of the next backup, made when the computer says that it is ``date`` (days since 1970)."""
    number, day = position.mark
    if position.in_day and date == position.date and position.in_day < MOST_IN_DAY:
        return Position(Mark(number + 1, day), date, position.in_day + 1)
    return Position(Mark(number + 1, day + 1), date, 1)


def after_seen(position: Position, seen: Iterable[Mark]) -> Position:
    """The position moved past every mark in ``seen``: a database put back from a backup counts from where that was."""
    newest = max(seen, default=position.mark)
    if newest.number <= position.mark.number:
        return position
    return Position(Mark(newest.number, max(newest.day, position.mark.day)), position.date, position.in_day)


def kept(marks: Iterable[Mark]) -> frozenset[Mark]:
    """Those that stay: the newest eight, and the newest of each of 14 days, of 8 weeks and of every year."""
    newest_first = sorted(marks, reverse=True)
    return frozenset(
        newest_first[:NEWEST]
        + _newest_of_each(newest_first, 1)[:DAYS]
        + _newest_of_each(newest_first, DAYS_IN_WEEK)[:WEEKS]
        + _newest_of_each(newest_first, DAYS_IN_YEAR)
    )


def _newest_of_each(newest_first: list[Mark], days: int) -> list[Mark]:
    found: dict[int, Mark] = {}
    for mark in newest_first:
        found.setdefault(mark.day // days, mark)
    return list(found.values())
