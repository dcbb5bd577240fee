"""What students did, as the teacher writes it down: one student or a whole group, checked, to do again, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.entries import By, Entry, EntryKind, effective
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft, put
from blenddesk.domain.people import Reflection
from blenddesk.domain.plans import PlanSheet
from blenddesk.domain.ports import today
from blenddesk.domain.progress import DONE, GROWTH_LEVELS, Status, statuses
from blenddesk.errors import Refusal
from blenddesk.services.attendance import register_of
from blenddesk.services.live import lesson_log, sheet_of

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

WORDS = {
    EntryKind.CLAIMED: "work_logged",
    EntryKind.CHECKED: "work_checked",
    EntryKind.MASTERED: "work_mastered",
    EntryKind.REVISE: "work_to_revise",
    EntryKind.EXCUSED: "work_excused",
}
"""What a teacher can say of a student's work, with the label of the change."""
MOST_WORDS = 20


class Logged(NamedTuple):
    """A written entry and the change it is part of."""

    entry: Id
    change: ChangeSet


def mark_work(ctx: AppContext, section: Id, plan: Id, block: Id, students: Sequence[Id], kind: EntryKind) -> ChangeSet:
    """Says the same of the work of several students at one station, in one commit.

    Refusals ``plan_unknown``, ``station_gone``, ``not_in_class``, ``unknown_entry_kind``, ``nobody_chosen``.
    """
    if kind not in WORDS:
        raise Refusal("unknown_entry_kind", kind=str(kind))
    if not students:
        raise Refusal("nobody_chosen")
    sheet = _sheet_with(ctx, section, plan, block)
    _check_enrolled(ctx, section, students)
    drafts = [_entry_draft(ctx, section, sheet, block, student, kind) for student in students]
    args: dict[str, object] = {"block": block.hex(), "count": len(students)}
    label = WORDS[kind]
    if len(students) == 1:
        args["student"] = students[0].hex()
    else:
        label = f"{label}_many"
    return ctx.commit(label, drafts, args=args)


def log_group(ctx: AppContext, section: Id, plan: Id, group: Id, round_: int) -> ChangeSet:
    """Says "done" for everyone of a group who is here and has not logged the station of a round.

    Refusals ``plan_unknown``, ``group_unknown``, ``no_station_then``, ``all_logged``.
    """
    sheet = sheet_of(ctx, section, plan)
    if all(one.id != group for one in sheet.groups):
        raise Refusal("group_unknown")
    block = sheet.block_of(group, round_)
    if block is None:
        raise Refusal("no_station_then")
    here = register_of(ctx, lesson_log(ctx, section, plan)).here
    stands = statuses(ctx.reads.entries.of_plan(section, plan))
    left = [
        student
        for student in sheet.group(group).students
        if student in here and stands.get((student, plan, block.id), Status.NONE) not in DONE
    ]
    if not left:
        raise Refusal("all_logged")
    drafts = [_entry_draft(ctx, section, sheet, block.id, one, EntryKind.CLAIMED, round_) for one in left]
    return ctx.commit("group_logged", drafts, args={"group": group.hex(), "block": block.id.hex(), "count": len(left)})


def excuse_rounds(ctx: AppContext, section: Id, plan: Id, student: Id, rounds: Sequence[int]) -> ChangeSet:
    """Excuses a latecomer from the stations of the rounds that were missed. Refusals ``plan_unknown``,
    ``no_station_then``."""
    sheet = sheet_of(ctx, section, plan)
    group = sheet.group_of(student)
    missed = [(one, sheet.block_of(group.id, one)) for one in rounds] if group is not None else []
    drafts = [
        _entry_draft(ctx, section, sheet, block.id, student, EntryKind.EXCUSED, round_)
        for round_, block in missed
        if block is not None
    ]
    if not drafts:
        raise Refusal("no_station_then")
    return ctx.commit("rounds_excused", drafts, args={"student": student.hex(), "count": len(drafts)})


def add_entry(
    ctx: AppContext,
    section: Id,
    student: Id,
    plan: Id,
    block: Id,
    *,
    growth: int | None = None,
    words: Sequence[str] = (),
    by: By = By.TEACHER,
    day: str | None = None,
) -> Logged:
    """One "I did it" with how it went, from a paper or said aloud. Needs no running lesson.

    ``growth``: 1 still tricky to 4. Refusals as ``mark_work``, and ``growth_out_of_range``, ``too_many_words``.
    """
    if growth is not None and not 1 <= growth <= GROWTH_LEVELS:
        raise Refusal("growth_out_of_range", growth=growth)
    if len(words) > MOST_WORDS:
        raise Refusal("too_many_words", most=MOST_WORDS)
    sheet = _sheet_with(ctx, section, plan, block)
    _check_enrolled(ctx, section, [student])
    draft = _entry_draft(ctx, section, sheet, block, student, EntryKind.CLAIMED, by=by, day=day)
    drafts = [draft]
    if growth is not None or words:
        drafts.append(
            put(
                section,
                "reflection",
                ctx.new_id(),
                student=student,
                entry=draft.entity_id,
                plan=plan,
                block=block,
                growth=growth,
                words=list(words),
                remark="",
                help=False,
                day=draft.fields["day"],
                at_ms=ctx.clock.wall_ms(),
            )
        )
    change = ctx.commit("work_logged", drafts, args={"student": student.hex(), "block": block.hex(), "count": 1})
    return Logged(draft.entity_id, change)


def undo_entry(ctx: AppContext, section: Id, student: Id, entry: Id) -> ChangeSet:
    """Takes an entry back by another one, wherever it was written. Refusal ``entry_gone``."""
    found = _standing(ctx, section, student, entry)
    return ctx.commit(
        "entry_taken_back", [_taken_back(ctx, section, found)], args={"student": student.hex(), **_block_arg(found)}
    )


def move_entry(ctx: AppContext, section: Id, student: Id, entry: Id, to: Id) -> ChangeSet:
    """An entry that the wrong student made goes to the right one, with what was said. Refusals ``entry_gone``,
    ``not_in_class``, ``same_student``."""
    if student == to:
        raise Refusal("same_student")
    _check_enrolled(ctx, section, [to])
    found = _standing(ctx, section, student, entry)
    fresh = ctx.new_id()
    drafts = [
        _taken_back(ctx, section, found),
        put(
            section,
            "entry",
            fresh,
            student=to,
            kind=found.kind,
            plan=found.plan,
            block=found.block,
            about=found.about,
            day=found.day,
            # Its own time: the work was done then, and a later word about it by the right student still comes later.
            at_ms=found.at_ms,
            round=found.round,
            by=By.TEACHER.value,
        ),
    ]
    drafts += [
        _said_by(section, ctx.new_id(), to, fresh, said)
        for said in ctx.reads.entries.reflections_of_student(section, student)
        if said.entry == entry
    ]
    return ctx.commit("entry_moved", drafts, args={"student": student.hex(), "to": to.hex(), **_block_arg(found)})


def _sheet_with(ctx: AppContext, section: Id, plan: Id, block: Id) -> PlanSheet:
    sheet = sheet_of(ctx, section, plan)
    if all(one.id != block for one in sheet.blocks):
        raise Refusal("station_gone")
    return sheet


def _check_enrolled(ctx: AppContext, section: Id, students: Iterable[Id]) -> None:
    enrolled = {one.id for one in ctx.reads.people.students(section)}
    if not enrolled.issuperset(students):
        raise Refusal("not_in_class")


def _round_at(sheet: PlanSheet, student: Id, block: Id) -> int | None:
    """The round in which the student's group is at the station; None when it is not their turn in this plan."""
    group = sheet.group_of(student)
    if group is None:
        return None
    return next((seat.round for seat in sheet.seats if seat.group == group.id and seat.block == block), None)


def _entry_draft(
    ctx: AppContext,
    section: Id,
    sheet: PlanSheet,
    block: Id,
    student: Id,
    kind: EntryKind,
    round_: int | None = None,
    *,
    by: By = By.TEACHER,
    day: str | None = None,
) -> Draft:
    return put(
        section,
        "entry",
        ctx.new_id(),
        student=student,
        kind=kind.value,
        plan=sheet.plan.id,
        block=block,
        day=day or today(ctx.clock).isoformat(),
        at_ms=ctx.clock.wall_ms(),
        round=_round_at(sheet, student, block) if round_ is None else round_,
        by=by.value,
    )


def _standing(ctx: AppContext, section: Id, student: Id, entry: Id) -> Entry:
    for found in effective(ctx.reads.entries.of_student(section, student)):
        if found.id == entry:
            return found
    raise Refusal("entry_gone")


def _taken_back(ctx: AppContext, section: Id, entry: Entry) -> Draft:
    return put(
        section,
        "entry",
        ctx.new_id(),
        student=entry.student,
        kind=EntryKind.UNDONE.value,
        plan=entry.plan,
        block=entry.block,
        about=entry.id,
        day=today(ctx.clock).isoformat(),
        # An undo counts after what it names, even when that came from a computer whose clock is ahead.
        at_ms=max(ctx.clock.wall_ms(), entry.at_ms),
        round=entry.round,
        by=By.TEACHER.value,
    )


def _block_arg(entry: Entry) -> dict[str, object]:
    return {} if entry.block is None else {"block": entry.block.hex()}


def _said_by(section: Id, new_id: Id, student: Id, entry: Id, said: Reflection) -> Draft:
    """The same words as another student's, about another entry."""
    return put(
        section,
        "reflection",
        new_id,
        student=student,
        entry=entry,
        plan=said.plan,
        block=said.block,
        growth=said.growth,
        words=list(said.words),
        remark=said.remark,
        help=said.help,
        day=said.day,
        at_ms=said.at_ms,
    )
