"""The bank: weeks without a repeated pair for classes of 12 to 45, found once by ``installer/week_bank.py``, shipped.

A line of it: students, groups, places of a ring, students who stay, base weeks (see ``week_cycles``), then after a bar
weeks that are not turned, e.g. ``15 5 7 1 | 05A 17B ... | ``. A student is one of 0-9A-Za-z, weeks are parted by ``/``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from blenddesk.domain.planning.week_cycles import Rings, turned
from blenddesk.domain.planning.week_designs import Week

SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
Bank: TypeAlias = Mapping[tuple[int, int], str]
"""(students, groups) to the line of the bank."""


def read_bank(text: str) -> Bank:
    """The lines of a bank, unread until they are asked for: a class needs only one of them."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {(int(students), int(groups)): line for line in lines for students, groups in [line.split()[:2]]}


def banked_weeks(bank: Bank, students: int, groups: int) -> list[Week]:
    """Weeks without a repeated pair, sizes within 1, in any order; none where the bank has no such class."""
    line = bank.get((students, groups))
    if line is None:
        return []
    head, base, more = line.split("|")
    places, fixed = map(int, head.split()[2:])
    rings = Rings((students - fixed) // places, places, fixed, len(_weeks(base)))
    return turned(rings, _weeks(base)) + _weeks(more)


def bank_line(groups: int, rings: Rings, base: Sequence[Week], more: Sequence[Week]) -> str:
    """How the bank writes turned weeks and further ones."""
    return f"{rings.students} {groups} {rings.places} {rings.fixed} | {_written(base)} | {_written(more)}".strip()


def _weeks(text: str) -> list[Week]:
    return [
        tuple(tuple(SYMBOLS.index(student) for student in group) for group in week.split())
        for week in text.split("/")
        if week.strip()
    ]


def _written(weeks: Iterable[Week]) -> str:
    return " / ".join(" ".join("".join(SYMBOLS[student] for student in group) for group in week) for week in weeks)
