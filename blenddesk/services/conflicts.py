"""What needs the teacher after work came together: two values for one thing, copies of a computer, namesakes.

A *question* shows every standing value with who wrote it and when. Answering is an ordinary change that names all of
them, so it travels and can be undone; until then nothing is lost, whatever is shown meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft, delete, restore
from blenddesk.domain.registry import BY_NAME, Shape, Value
from blenddesk.errors import Refusal
from blenddesk.services import copies, namesakes
from blenddesk.services.copies import ComputerNames

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext
    from blenddesk.storage.reads.conflicts import Contested, Written

PLAN_PARTS = frozenset({"group", "membership", "seat", "block_task"})
"""Records that only mean something together: who made the groups also made their places."""
PERSON_RECORDS = frozenset({"student", "profile", "goal", "goal_step"})
"""Written into every class of a person under one id: asked once, answered everywhere."""
NAME_FIELDS = frozenset({"name", "given", "middle", "family", "preferred"})
STACKED = frozenset({("profile", "note"), ("goal", "note"), ("goal", "why"), ("goal", "measure"), ("goal", "reason")})
"""Notes: of two, both can stand, one below the other."""
MOST_LINES = 20
"""Of a list of which both versions can be kept; the profile takes no more."""


class Kind(StrEnum):
    VALUES = "values"
    """Several values for one thing."""
    PLAN = "plan"
    """The groups and places of a lesson were changed on two computers."""
    EDITED_MEANWHILE = "edited_meanwhile"
    """Deleted on one computer, edited on another that had not seen that; it is there until someone answers."""
    COPIES = "copies"
    """Two computers that are copies of one."""
    SAME_NAME = "same_name"
    """Students of a class who are called the same, because two computers added them."""
    SAME_NUMBER = "same_number"


class Cell(NamedTuple):
    """One field of one record in one class, and a value for it; ``field`` is empty for the whole record."""

    section: Id
    record: str
    entity: Id
    field: str
    value: Value = None


class Side(NamedTuple):
    """What one computer wrote: its values, when by its clock, and the student who sat there (empty: nobody known).

    ``who`` is the name of the computer, "" when it is not known. ``here``: this very computer. ``copy``: one of the
    same identity, such as the laptop that this one was copied to, or what it was before it was restored.
    """

    cells: tuple[Cell, ...]
    device: Id
    who: str
    at_ms: int
    actor: Id = b""
    here: bool = False
    copy: bool = False
    deleted: bool = False


class Question(NamedTuple):
    """One thing that needs the teacher. ``subject``: the record it is about; the class for copies and namesakes.

    ``sides``: what can be kept, the one shown now first; for ``EDITED_MEANWHILE`` what was edited, then the deletion.
    ``students``: those who share a name or a number. ``suggested``: the name that a copy would get.
    """

    id: str
    kind: Kind
    section: Id
    record: str
    subject: Id
    field: str = ""
    sides: tuple[Side, ...] = ()
    can_keep_both: bool = False
    students: tuple[Id, ...] = ()
    suggested: str = ""

    @property
    def at_ms(self) -> int:
        return max((side.at_ms for side in self.sides), default=0)


# --- asking -----------------------------------------------------------------------------------------------------------


def count(ctx: AppContext) -> int:
    """How many questions wait. Nearly always 0, and then known in about a millisecond."""
    return len(_grouped(ctx)) + len(namesakes.shared(ctx)) + len(copies.unnamed(ctx))


def count_about(ctx: AppContext, student: Id) -> int:
    """How many questions are about one student. As quick as ``count``."""
    return sum(
        _student(ctx, group[0].section, record, subject) == student
        for (_kind, record, subject, _field), group in _grouped(ctx).items()
    )


def computers_may_wait(ctx: AppContext) -> bool:
    """Whether ``services.authority`` may have something to ask: a quick look that needs none of what it needs."""
    reads = ctx.reads
    return reads.verdicts.count() != (0, 0) or reads.conflicts.has_shared_seats() or reads.conflicts.has_waiting_desks()


def questions(ctx: AppContext) -> list[Question]:
    """Everything that needs the teacher, the newest first."""
    names = ComputerNames(ctx)
    found = [_question(key, group, names) for key, group in _grouped(ctx).items()]
    found += [_of_namesakes(one) for one in namesakes.shared(ctx)]
    found += [_of_copies(one, names) for one in copies.unnamed(ctx)]
    return sorted(found, key=lambda one: (-one.at_ms, one.id))


def question(ctx: AppContext, question_id: str) -> Question:
    """One question. Refusal ``question_gone``: it was answered, or another value came."""
    for one in questions(ctx):
        if one.id == question_id:
            return one
    raise Refusal("question_gone")


_Key = tuple[Kind, str, Id, str]


def _grouped(ctx: AppContext) -> dict[_Key, list[Contested]]:
    """What waits in the log, put together as a person asks: (kind, record, subject, field)."""
    reads = ctx.reads.conflicts
    if not reads.count():
        return {}
    grouped: dict[_Key, list[Contested]] = {}
    plans: dict[Id, Id] = {}
    for one in reads.contested():
        kind = Kind.VALUES if one.field else Kind.EDITED_MEANWHILE
        key: _Key = (kind, one.record, one.entity, one.field)
        if one.record in PLAN_PARTS:
            plan = plans.setdefault(one.entity, _plan_of(ctx, one))
            key = (Kind.PLAN if one.field else kind, "plan", plan, "")
        elif one.record == "student" and one.field in NAME_FIELDS:
            key = (kind, "student", one.entity, "name")
        grouped.setdefault(key, []).append(one)
    return grouped


def _plan_of(ctx: AppContext, one: Contested) -> Id:
    for row in ctx.reads.reader.records(one.record, section=one.section, id=one.entity):
        plan: Id | None = row["plan"]
        return plan or one.entity
    return one.entity


def _question(key: _Key, group: list[Contested], names: ComputerNames) -> Question:
    kind, record, subject, field = key
    sides = _sides(group, names)
    written = sorted({w.ref for one in group for w in (*one.edits, *one.deletions)})
    digest = blake2b(repr((kind.value, record, subject, field, written)).encode(), digest_size=8)
    section = group[0].section
    both = kind is Kind.VALUES and bool(_both(record, field, sides))
    return Question(digest.hexdigest(), kind, section, record, subject, field, sides, both)


def _sides(group: list[Contested], names: ComputerNames) -> tuple[Side, ...]:
    """One side for each computer that wrote; two of one computer where a copy of it wrote at the same time."""
    found: dict[tuple[Id, Id, int, bool], Side] = {}
    for one in group:
        nth: dict[tuple[Id, Id], int] = {}
        for written, deleted in [*((w, False) for w in one.edits), *((w, True) for w in one.deletions)]:
            life = (written.device, written.epoch)
            number = 0
            if one.field:
                number = nth[life] = nth.get(life, -1) + 1
            cell = Cell(one.section, one.record, one.entity, one.field, written.value)
            side = found.get((*life, number, deleted))
            if side is None:
                side = _side(one.section, written, names)._replace(deleted=deleted)
            if cell not in side.cells:
                side = side._replace(cells=(*side.cells, cell), at_ms=max(side.at_ms, written.at_ms))
            found[(*life, number, deleted)] = side
    sides = sorted(found.values(), key=lambda side: side.deleted)
    return _merged(sides) if all(one.field == "" for one in group) else tuple(sides)


def _merged(sides: list[Side]) -> tuple[Side, ...]:
    """Kept or deleted: two answers, however many computers wrote; each said by the newest of them."""
    kept = [max((s for s in sides if s.deleted is deleted), key=lambda s: s.at_ms) for deleted in (False, True)]
    cells = tuple(dict.fromkeys(cell for side in sides for cell in side.cells))
    return tuple(side._replace(cells=cells) for side in kept)


def _side(section: Id, written: Written, names: ComputerNames) -> Side:
    who = names.of(section, written.device, written.epoch)
    copy = not written.here and names.is_ours(written.device)
    return Side((), written.device, who, written.at_ms, written.actor, written.here, copy)


def _both(record: str, field: str, sides: Iterable[Side]) -> Value:
    """All versions of a list, or of a note below each other, the oldest first; None where only one can stand."""
    values = [cell.value for side in sorted(sides, key=lambda side: side.at_ms) for cell in side.cells[:1]]
    if (record, field) in STACKED:
        texts = [value.strip() for value in values if isinstance(value, str) and value.strip()]
        return "\n".join(dict.fromkeys(texts)) if len(texts) > 1 else None
    if record == "profile" and BY_NAME[record].field(field).shape is Shape.TEXTS:
        lines = [line for value in values if isinstance(value, list) for line in value if isinstance(line, str)]
        union: list[str] = list(dict.fromkeys(lines))
        return union if all(values) and len(union) <= MOST_LINES else None
    return None


def _of_namesakes(shared: namesakes.Shared) -> Question:
    digest = blake2b(repr(shared).encode(), digest_size=8).hexdigest()
    kind = Kind.SAME_NUMBER if shared.number else Kind.SAME_NAME
    return Question(digest, kind, shared.section, "student", shared.section, students=shared.students)


def _of_copies(pair: copies.Copies, names: ComputerNames) -> Question:
    digest = blake2b(repr(("copies", pair.device, pair.lives)).encode(), digest_size=8).hexdigest()
    section = pair.sections[0]
    sides = []
    for epoch, at_ms in pair.lives:
        here, ours = epoch == pair.here, names.is_ours(pair.device)
        who = names.of(section, pair.device, epoch)
        sides.append(Side((), pair.device, who, at_ms, here=here, copy=ours and not here))
    suggested = names.free(section, sides[-1].who) if pair.can_rename else ""
    return Question(digest, Kind.COPIES, section, "computer", pair.device, sides=tuple(sides), suggested=suggested)


# --- answering --------------------------------------------------------------------------------------------------------


def keep(ctx: AppContext, question_id: str, side: int) -> ChangeSet:
    """Keeps what one side says; of a record edited after its deletion: keeps it (0) or leaves it deleted (1).

    Refusals ``question_gone`` and ``no_such_side``.
    """
    asked = question(ctx, question_id)
    if asked.kind not in (Kind.VALUES, Kind.PLAN, Kind.EDITED_MEANWHILE) or not 0 <= side < len(asked.sides):
        raise Refusal("no_such_side")
    chosen = asked.sides[side]
    if asked.kind is Kind.EDITED_MEANWHILE:
        wish = delete if chosen.deleted else restore
        drafts = [wish(*target) for target in dict.fromkeys(cell[:3] for cell in chosen.cells)]
        return ctx.commit("deletion_kept" if chosen.deleted else "deletion_taken_back", drafts, args=_args(ctx, asked))
    wanted = {cell[:4]: cell.value for one in reversed(asked.sides) for cell in one.cells}
    # Where this computer wrote nothing of it, what is shown stays.
    wanted |= {cell[:4]: cell.value for cell in asked.sides[0].cells} | {c[:4]: c.value for c in chosen.cells}
    args = _args(ctx, asked)
    drafts = _settling(ctx, asked, wanted)
    if "student" in args:
        return ctx.commit("conflict_resolved_student", drafts, args=args)
    return ctx.commit("conflict_resolved", drafts, args=args)


def keep_both(ctx: AppContext, question_id: str) -> ChangeSet:
    """Keeps all versions of a list or a note. Refusals ``question_gone``, ``no_such_side`` where only one can stand."""
    asked = question(ctx, question_id)
    both = _both(asked.record, asked.field, asked.sides) if asked.can_keep_both else None
    if both is None:
        raise Refusal("no_such_side")
    wanted: dict[tuple[Id, str, Id, str], Value] = {cell[:4]: both for side in asked.sides for cell in side.cells}
    return ctx.commit("conflict_both_kept", _settling(ctx, asked, wanted), args=_args(ctx, asked))


def put_right(ctx: AppContext, question_id: str) -> ChangeSet:
    """The one click of the other kinds: tells namesakes apart, gives a number of its own, renames a copy.

    Refusals ``question_gone``, ``no_such_side`` for values, and ``copy_not_met`` for a copy that cannot be told from
    the other yet.
    """
    asked = question(ctx, question_id)
    if asked.kind is Kind.SAME_NAME:
        return namesakes.tell_apart(ctx, asked.section, asked.students)
    if asked.kind is Kind.SAME_NUMBER:
        return namesakes.number_apart(ctx, asked.section, asked.students)
    if asked.kind is Kind.COPIES:
        return copies.rename(ctx, asked.subject, asked.suggested)
    raise Refusal("no_such_side")


def _settling(ctx: AppContext, asked: Question, wanted: dict[tuple[Id, str, Id, str], Value]) -> list[Draft]:
    """The answer, for a person's record in every class of the person: a computer may have known some of them only."""
    if asked.record in PERSON_RECORDS:
        homes = ctx.reads.people.sections_of(student_of(ctx, asked))
        wanted = wanted | {(home, *cell[1:]): value for cell, value in wanted.items() for home in homes}
    drafts: dict[tuple[Id, str, Id], dict[str, Value]] = {}
    for (section, record, entity, field), value in wanted.items():
        drafts.setdefault((section, record, entity), {})[field] = value
    return [
        Draft(section, record, entity, fields, settles=True) for (section, record, entity), fields in drafts.items()
    ]


def _args(ctx: AppContext, asked: Question) -> dict[str, object]:
    """Whom the answer is about, for its sentence: ids only."""
    args: dict[str, object] = {"record": asked.record}
    student = student_of(ctx, asked)
    if student:
        args["student"] = student.hex()
    elif asked.record in ("plan", "section"):
        args[asked.record] = asked.subject.hex()
    return args


def student_of(ctx: AppContext, asked: Question) -> Id:
    """The student whose record a question is about; empty when it is about no student."""
    return _student(ctx, asked.section, asked.record, asked.subject)


def _student(ctx: AppContext, section: Id, record: str, subject: Id) -> Id:
    if record == "student":
        return subject
    if record in BY_NAME and any(field.name == "student" for field in BY_NAME[record].fields):
        audience = BY_NAME[record].field("student").audience
        for row in ctx.reads.reader.records(record, audience, section=section, id=subject):
            return row["student"] or b""
    return b""
