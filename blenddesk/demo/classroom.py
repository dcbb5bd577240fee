"""The pretend class of the demo: names, needs, goals and what children write, each with a word found nowhere else."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass

CLASS_NAME = "Sunflowers"
TEACHER = "Ms Okoro"
TEMPLATE = "station-4"
STATIONS = 4
STATION_NAMES = (
    "Blue",
    "Red",
    "Green",
    "Yellow",
    "Orange",
    "Purple",
    "Silver",
    "Gold",
    "Brown",
    "White",
    "Pink",
    "Grey",
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_GIVEN = _words(
    """
    Amina Ben Beyza Carlos Chloe Daniel Dina Elif Farid Grace Hana Ibrahim Ines Jonas Kaya Kwame Lara Leo Maya Mei Nadia
    Noah Omar Priya Rosa Sam Sofia Tariq Uma Yusuf Zoe Aaron Bruno Clara Diego Emma Felix Gita Hugo Iris Jamal Kim Lucia
    Mohamed Nico
    """
)
_FIRST = _words("Brund Quar Stov Vell Zwick Morn Plav Grent Hask Lumb Tarn Krond")
_LAST = _words("ewyck atholm ossian urelle ibanky emarov ylstra unsworth ockedal erindax")
_STRENGTHS = ("reads aloud with joy", "draws what she thinks", "helps others calmly", "asks good questions")
_INTERESTS = ("whales", "football", "trains", "cooking", "space")
_GOALS = (
    ("I read one page aloud every day", ("Choose a book", "Read to my partner", "Read to the class")),
    ("I check my sums", ("Do the first one again", "Use the number line", "Tell how I did it")),
    ("I start on my own", ("Read the card", "Take what I need", "Begin in one minute")),
    ("I write in full sentences", ("Say it first", "Big letter and full stop", "Read it again")),
)
_VISITS = ((4,), (2, 2), (3, 1))
"""How many stations a child logs in each visit to the computer."""


@dataclass(frozen=True, slots=True)
class Child:
    """``family``, ``need``, ``note`` and ``remark`` must never be readable at a student computer."""

    number: int
    given: str
    family: str
    need: str
    note: str
    remark: str
    strength: str
    interest: str
    goal: str
    steps: tuple[str, ...]
    visits: tuple[int, ...]
    """Stations logged in each visit; together ``STATIONS``."""
    taps_step: bool

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.family, self.need, self.note, self.remark


def pretend_class(students: int, seed: int) -> list[Child]:
    """``students`` (at most 45) children, the same for the same seed."""
    rng = random.Random(seed)
    families = [first + last for first in _FIRST for last in _LAST]
    rng.shuffle(families)
    children = []
    for number, given in enumerate(_GIVEN[:students], 1):
        code = f"{rng.randrange(16**8):08x}"
        goal, steps = rng.choice(_GOALS)
        children.append(
            Child(
                number,
                given,
                families[number - 1],
                f"needcanary{code} short instructions",
                f"notecanary{code} talk with the family in March",
                f"saidcanary{code} page seven was odd",
                rng.choice(_STRENGTHS),
                rng.choice(_INTERESTS),
                goal,
                steps,
                _VISITS[number % len(_VISITS)],
                number % 2 == 0,
            )
        )
    return children


def class_list(children: list[Child]) -> str:
    """The class list as a school office sends it: with a column that is nobody's business and must not be read."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Student ID", "Last Name", "First Name", "Special Needs"])
    for child in children:
        writer.writerow([f"S{child.number:04}", child.family, child.given, child.need])
    return text.getvalue()
