"""What long runs have shown, range by range, in a file that several days and computers can add to."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tests.faults.histories.runs import Figures, in_words


class Range(NamedTuple):
    """Seeds ``first`` to ``last`` (not included), played on one day on one core. ``failed`` are seeds."""

    core: str
    first: int
    last: int
    day: str
    histories: int
    lost: int
    losing: int
    failed: list[int]
    seconds: float
    did: dict[str, int]


class Sum(NamedTuple):
    """What a file says of one core. ``wrong``: sentences about seeds that are missing, counted twice or failed;
    ``others``: histories on other cores, which count for nothing."""

    figures: Figures
    wrong: tuple[str, ...]
    ranges: int
    others: int


def note(file: Path, core: str, first: int, last: int, figures: Figures) -> None:
    """Adds a range that is finished; in one write, so that two runs at a time do not tear each other's lines."""
    line = Range(
        core,
        first,
        last,
        datetime.now(UTC).strftime("%Y-%m-%d"),
        figures.histories,
        figures.lost,
        figures.losing,
        [seed for seed, _report in figures.failed],
        round(figures.seconds, 1),
        dict(figures.did),
    )
    with file.open("a", encoding="utf-8") as opened:
        opened.write(json.dumps(line._asdict(), sort_keys=True) + "\n")


def read(file: Path) -> list[Range]:
    """Raises ``ValueError`` with the number of a line that is none."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(Range(**json.loads(line)))
        except (TypeError, ValueError) as error:
            raise ValueError(f"line {number} of {file} is no range: {error}") from error
    return found


def add_up(ranges: list[Range], core: str) -> Sum:
    """The total on one core. From the first seed that was ever played there to the last none may be missing, none
    counted twice, and every range must hold as many histories as it has seeds."""
    total, wrong, reached = Figures(), [], None
    counted = sorted((one for one in ranges if one.core == core), key=lambda one: (one.first, one.last))
    for one in counted:
        if reached is not None and one.first > reached:
            wrong.append(f"seeds {reached}:{one.first} are missing")
        if reached is not None and one.first < reached:
            wrong.append(f"seeds {one.first}:{min(reached, one.last)} were played twice")
        reached = max(one.last, reached or 0)
        if one.histories != one.last - one.first:
            wrong.append(f"seeds {one.first}:{one.last} are {one.histories} histories only")
        if one.failed:
            wrong.append(f"failed: {', '.join(map(str, one.failed))}")
        if one.lost:
            wrong.append(f"seeds {one.first}:{one.last} lost {one.lost} entries")
        failed = [(seed, "") for seed in one.failed]
        total.add(Figures(one.histories, Counter(one.did), one.seconds, one.losing, one.lost, failed))
    others = sum(one.histories for one in ranges if one.core != core)
    return Sum(total, tuple(wrong), len(counted), others)


def told(found: Sum, core: str) -> str:
    """For whoever asks how many are done."""
    lines = [f"sync core {core}: {found.ranges} ranges; {in_words(found.figures)}"]
    lines += [f"WRONG: {sentence}" for sentence in found.wrong]
    if found.others:
        lines.append(f"{found.others} histories on other cores count for nothing here")
    return "\n".join(lines)
