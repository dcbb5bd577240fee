"""What follows from the entries: where each student stands at each block, what is carried over, how a round went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from random import Random
from typing import NamedTuple, TypeAlias

from blenddesk.domain.calendars import Slot
from blenddesk.domain.entries import Entry, EntryKind, effective
from blenddesk.domain.ids import Id
from blenddesk.domain.people import Reflection
from blenddesk.domain.plans import ADULT_ANY, ADULT_NONE, Block, Group, Model, PlanSheet, Priority

Work: TypeAlias = tuple[Id, Id, Id]
"""Student, plan, block."""

OWNER_STUDENT = "student"
OWNER_TEACHER = "teacher"
GROWTH_LEVELS = 4


class Status(StrEnum):
    NONE = "none"
    CLAIMED = "claimed"
    CHECKED = "checked"
    MASTERED = "mastered"
    REVISE = "revise"
    EXCUSED = "excused"
    CARRIED = "carried"


DONE = frozenset({Status.CLAIMED, Status.CHECKED, Status.MASTERED, Status.EXCUSED})
"""Nothing is left to do for the student (a check by the teacher may be)."""

_TEACHERS_WORD = {
    EntryKind.CHECKED: Status.CHECKED,
    EntryKind.MASTERED: Status.MASTERED,
    EntryKind.REVISE: Status.REVISE,
    EntryKind.EXCUSED: Status.EXCUSED,
}


class StudentProgress(NamedTuple):
    """Counts of blocks by where they stand now, of goals, and the ISO day of the last entry ("" when none)."""

    student: Id
    claimed: int = 0
    checked: int = 0
    mastered: int = 0
    revise: int = 0
    excused: int = 0
    carried: int = 0
    goals: int = 0
    last_entry: str = ""


class CarryOver(NamedTuple):
    """A station that a student did not finish, who sees to it and when: the next meeting, None when none is known."""

    student: Id
    plan: Id
    block: Id
    round: int | None
    owner: str
    """``student``, ``teacher`` or the id of an adult in hex."""
    when: Slot | None


class RoundResult(NamedTuple):
    """How a round went, without names but of those who asked for help. ``growth[0]`` counts "still tricky"."""

    round: int
    growth: tuple[int, ...]
    logged: int
    """Students who said that they did it, whether or not they said how it went."""
    students: int
    need_help: tuple[Id, ...]


class GroupDone(NamedTuple):
    group: Id
    done: int
    students: int


def statuses(entries: Iterable[Entry]) -> dict[Work, Status]:
    """Where each student stands at each block with at least one entry that counts.

    A teacher's word holds until the teacher's next; only "do it again" (revise) and "excused" give way to a new "I did
    it". What was carried over stops being so when it is done.
    """
    found: dict[Work, Status] = {}
    for entry in effective(entries):
        if entry.plan is None or entry.block is None:
            continue
        work = (entry.student, entry.plan, entry.block)
        found[work] = _after(found.get(work, Status.NONE), entry.kind)
    return {work: status for work, status in found.items() if status is not Status.NONE}


def progress(
    students: Sequence[Id], entries: Iterable[Entry], goals: Mapping[Id, int] | None = None
) -> tuple[StudentProgress, ...]:
    """One line per student, in the order given. ``goals``: how many goals each has."""
    kept = list(entries)
    counts: dict[Id, Counter[Status]] = {}
    for (student, _plan, _block), status in statuses(kept).items():
        counts.setdefault(student, Counter())[status] += 1
    last: dict[Id, str] = {}
    for entry in effective(kept):
        last[entry.student] = max(last.get(entry.student, ""), entry.day)
    lines = []
    for student in students:
        count = counts.get(student, Counter())
        lines.append(
            StudentProgress(
                student,
                claimed=count[Status.CLAIMED],
                checked=count[Status.CHECKED],
                mastered=count[Status.MASTERED],
                revise=count[Status.REVISE],
                excused=count[Status.EXCUSED],
                carried=count[Status.CARRIED],
                goals=(goals or {}).get(student, 0),
                last_entry=last.get(student, ""),
            )
        )
    return tuple(lines)


def carry_overs(
    sheet: PlanSheet, entries: Iterable[Entry], present: Collection[Id], when: Slot | None
) -> tuple[CarryOver, ...]:
    """What the students who were there did not finish when the lesson ended: each visit but may-dos.

    Of a playlist it is the items, whose round is None. What was for before class is not carried: there is no penalty
    for a home without a computer. The owner is the adult that the station names, the teacher where any adult is needed,
    else the student. Skipped rounds count: the work is still to do. Nothing is carried twice.
    """
    stands = statuses(entries)
    found = []
    for group, block, round_ in _owed(sheet):
        if block.priority is Priority.MAY:
            continue
        for student in group.students:
            work = (student, sheet.plan.id, block.id)
            if student in present and stands.get(work, Status.NONE) is Status.NONE:
                owner = {ADULT_NONE: OWNER_STUDENT, "": OWNER_STUDENT, ADULT_ANY: OWNER_TEACHER}.get(block.adult)
                found.append(CarryOver(*work, round_, owner or block.adult, when))
                stands[work] = Status.CARRIED
    return tuple(found)


def round_result(
    sheet: PlanSheet, round_: int, entries: Iterable[Entry], reflections: Iterable[Reflection]
) -> RoundResult:
    """How round ``round_`` went. A child's last word about a station counts; one about an undone entry does not.

    Children log when they reach the computer, so what counts is where they were in the round, not when they said it.
    """
    kept = list(entries)
    where = {
        student: sheet.counts_at(sheet.block(turn.block))
        for turn in sheet.turns()
        if turn.round == round_
        for student in sheet.group(turn.group).students
    }
    stands = statuses(kept)
    standing = {entry.id for entry in effective(kept)}
    said: dict[Id, Reflection] = {}
    for reflection in sorted(reflections, key=lambda one: (one.at_ms, one.id)):
        about_this = reflection.plan == sheet.plan.id and reflection.block in where.get(reflection.student, ())
        if about_this and (reflection.entry is None or reflection.entry in standing):
            said[reflection.student] = reflection
    growth = Counter(reflection.growth for reflection in said.values())
    return RoundResult(
        round_,
        tuple(growth[level] for level in range(1, GROWTH_LEVELS + 1)),
        sum(any((student, sheet.plan.id, one) in stands for one in blocks) for student, blocks in where.items()),
        len(where),
        tuple(student for student in where if student in said and said[student].help),
    )


def groups_done(sheet: PlanSheet, round_: int, entries: Iterable[Entry]) -> tuple[GroupDone, ...]:
    """How many of each group have logged the station they are at in a round."""
    stands = statuses(entries)
    lines = []
    for turn in sheet.turns():
        if turn.round == round_:
            students = sheet.group(turn.group).students
            block = sheet.block(turn.block)
            lines.append(GroupDone(turn.group, count_done(sheet, block, students, stands), len(students)))
    return tuple(lines)


def count_done(sheet: PlanSheet, block: Block, students: Iterable[Id], stands: Mapping[Work, Status]) -> int:
    """How many of the students have done what there is to do at a block; on one's own list any item counts."""
    counting = sheet.counts_at(block)
    return sum(
        any(stands.get((one, sheet.plan.id, item), Status.NONE) in DONE for item in counting) for one in students
    )


def pick_show_me(present: Sequence[Id], picked_before: Iterable[Id], count: int, seed: int) -> tuple[Id, ...]:
    """Who shows their work: at random among those who were asked least often, so that everyone's turn comes."""
    times = Counter(picked_before)
    order = list(present)
    Random(seed).shuffle(order)
    return tuple(sorted(order, key=lambda student: times[student])[:count])


def _owed(sheet: PlanSheet) -> Iterator[tuple[Group, Block, int | None]]:
    """What each group has to do in the lesson and in which round; None: whenever they like."""
    for turn in sheet.turns():
        block = sheet.block(turn.block)
        if not sheet.is_list(block):
            yield sheet.group(turn.group), block, turn.round
    if sheet.plan.model is Model.PLAYLIST:
        for group in sheet.groups:
            for block in sheet.own_time():
                yield group, block, None


def _after(status: Status, kind: str) -> Status:
    if kind in _TEACHERS_WORD:
        return _TEACHERS_WORD[EntryKind(kind)]
    if kind == EntryKind.CLAIMED and status not in (Status.CHECKED, Status.MASTERED):
        return Status.CLAIMED
    if kind == EntryKind.CARRIED and status is Status.NONE:
        return Status.CARRIED
    return status
