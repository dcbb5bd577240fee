"""What happened to a student's work, as facts that are only ever added: an undo is a fact too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from blenddesk.domain.ids import Id


class EntryKind(StrEnum):
    STARTED = "started"
    CLAIMED = "claimed"
    """The student says: I did it."""
    CHECKED = "checked"
    """The teacher has seen it."""
    MASTERED = "mastered"
    REVISE = "revise"
    EXCUSED = "excused"
    CARRIED = "carried"
    """Unfinished when the lesson ended; waits for a next time."""
    CHOSE = "chose"
    PROPOSED = "proposed"
    ASKED_HELP = "asked_help"
    STEP_DONE = "step_done"
    """``about``: the goal step."""
    MOVED = "moved"
    """``about``: the group the student went to."""
    UNDONE = "undone"
    """``about``: the entry that is taken back, which may itself be an undo."""


class By(StrEnum):
    STUDENT = "student"
    RECORDER = "recorder"
    TEACHER = "teacher"


class Entry(NamedTuple):
    """One fact. ``kind`` is an ``EntryKind``, or a word of a newer version, which is kept and passed over."""

    id: Id
    student: Id
    kind: str
    plan: Id | None = None
    block: Id | None = None
    about: Id | None = None
    day: str = ""
    """ISO date where it was written."""
    at_ms: int = 0
    round: int | None = None
    by: str = By.STUDENT


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By time, then by id: the same on every computer, whatever way the entries came."""
    return sorted(entries, key=lambda entry: (entry.at_ms, entry.id))


def _may_undo(undo: Entry, target: Entry) -> bool:
    by_teacher = target.by == By.TEACHER and target.kind != EntryKind.STEP_DONE
    return target.student == undo.student and (undo.by == By.TEACHER or not by_teacher)


def effective(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that count, in order: without undos and what they took back.

    An undo of an undo brings the first entry back. Only an entry of the same student can be undone, and what a teacher
    wrote only by a teacher (a small step of a goal, which the student taps, by both). An undo that came before the
    entry it names (another computer's package) takes it back as soon as both are here.
    """
    ordered = in_order(entries)
    by_id = {entry.id: entry for entry in ordered}
    takes_back: dict[Id, Id] = {}
    for entry in ordered:
        target = by_id.get(entry.about) if entry.about is not None else None
        if entry.kind == EntryKind.UNDONE and target is not None and _may_undo(entry, target):
            takes_back[entry.id] = target.id
    # From the last undo of each chain back to what it is all about. Undos that name each other in a ring (only a forged
    # file has them) are never reached; they name nothing else, so nothing is lost by that.
    waiting = Counter(takes_back.values())
    ready = [entry.id for entry in ordered if not waiting[entry.id]]
    taken: set[Id] = set()
    for one in ready:
        about = takes_back.get(one)
        if about is None:
            continue
        if one not in taken:
            taken.add(about)
        waiting[about] -= 1
        if not waiting[about]:
            ready.append(about)
    return [entry for entry in ordered if entry.kind != EntryKind.UNDONE and entry.id not in taken]
