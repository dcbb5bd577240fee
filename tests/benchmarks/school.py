"""A school year of data to measure on, made through the real write door."""

from __future__ import annotations

from pathlib import Path

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.services import classes, sample_years


def school_year(folder: Path, *, classes_: int = 5, students: int, days: int, entries_per_day: int) -> None:
    """A desk in ``folder`` with that many classes, students, school days and entries a student and day."""
    context = bootstrap.create_device(Paths(folder), role="desk", name="Ms Okoro")
    classes.found_desk(context, "Ms Okoro")
    sample_years.make_year(
        context, classes=classes_, students=students, days=days, entries_per_day=entries_per_day, seed=1
    )
    bootstrap.close_device(context)
