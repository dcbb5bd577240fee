"""Students and class lists: importing, adding by hand, renaming, leaving, pictures and sign-in codes."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.names import FullName, display_names
from blenddesk.domain.ops import ChangeSet, Draft, put
from blenddesk.domain.people import Student
from blenddesk.domain.pictures import deal_avatars, deal_code, is_code
from blenddesk.domain.ports import today
from blenddesk.errors import Refusal
from blenddesk.interop.matching import ImportPlan, KnownStudent, plan_import
from blenddesk.interop.roster_model import RosterPreview, RosterStudent
from blenddesk.services.classes import class_by_name, new_class_drafts
from blenddesk.services.people import copy_person_drafts, enrollment_id, person_drafts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from blenddesk.services.context import AppContext


class ClassCount(NamedTuple):
    id: Id
    name: str
    students: int


class RosterImport(NamedTuple):
    """What an import did. ``classes`` are those of the list, with all students they have now."""

    change: ChangeSet
    classes: tuple[ClassCount, ...]
    students_added: int
    students_updated: int
    students_unchanged: int
    enrollments_added: int


def preview_import(
    ctx: AppContext,
    preview: RosterPreview,
    *,
    class_name: str | None = None,
) -> ImportPlan:
    """What importing would do: who is new, changed, the same, doubtful, missing. Changes nothing."""
    incoming = _in_classes(preview, class_name, fallback=class_name or "")
    plan = plan_import(_known(ctx), incoming, source=preview.format, full_list=not preview.delta)
    # Who is in no class any more has left already.
    return replace(plan, missing=tuple(known for known in plan.missing if known.classes))


def import_roster(
    ctx: AppContext,
    preview: RosterPreview,
    *,
    file_name: str = "",
    class_name: str | None = None,
    same_person: Mapping[int, Id] | None = None,
    pictures: Mapping[int, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> RosterImport:
    """Writes a class list in one transaction: new students, changed names, new places in classes.

    ``class_name`` puts everyone in that class; else the list's own classes count, or the file's name where it has
    none. ``same_person`` says, by row, which known student a doubtful one is; undecided ones are added as new.
    ``pictures`` are those dealt beforehand, by row (``deal_pictures``): what was shown is written. The same list
    again changes nothing. Nobody is ever removed. Refusals: ``roster_empty`` and those of new classes.
    """
    if not preview.students:
        raise Refusal("roster_empty")
    fallback = PurePath(file_name).stem or "Class"
    incoming = _in_classes(preview, class_name, fallback=fallback)
    plan = plan_import(_known(ctx), incoming, source=preview.format, full_list=not preview.delta)
    writer = _RosterWriter(ctx, source=preview.format, pictures=pictures)
    total = len(incoming)
    matches = [(match.known, match.incoming, match.fields) for match in (*plan.updated, *plan.unchanged)]
    new = [*plan.added]
    for doubt in plan.doubtful:
        chosen = (same_person or {}).get(doubt.incoming.row)
        known = next((k for k in doubt.candidates if chosen is not None and k.id == chosen.hex()), None)
        if known is None:
            new.append(doubt.incoming)
        else:
            matches.append((known, doubt.incoming, ("given", "family", "display", "source_id", "classes")))
    for known, student, fields in matches:
        writer.update(known, student, fields)
    for done, student in enumerate(sorted(new, key=lambda student: student.row), 1):
        writer.add(student)
        if progress is not None:
            progress(done, total)
    drafts = writer.finish()
    change = ctx.ledger.commit(
        "roster_imported",
        drafts,
        args={"added": writer.added, "updated": writer.updated},
        before=writer.before,
    )
    counts = ctx.reads.people.counts()
    return RosterImport(
        change,
        tuple(ClassCount(s, name, counts.get(s, 0)) for name, s in writer.sections.items()),
        writer.added,
        writer.updated,
        len(incoming) - writer.added - writer.updated,
        writer.enrollments,
    )


class _RosterWriter:
    """Gathers the drafts of one import: what a class needs to know of each person, in every class of the person."""

    def __init__(self, ctx: AppContext, *, source: str, pictures: Mapping[int, str] | None = None) -> None:
        self.ctx = ctx
        self.source = source
        self.pictures = pictures or {}
        self.rng = random.Random(ctx.seed())
        self.sections: dict[str, Id] = {}
        self.added = self.updated = self.enrollments = 0
        self._drafts: list[Draft] = []
        self._founding: list[Callable[[Connection], None]] = []
        self._people: dict[Id, dict[Id, FullName]] = {}
        self._names: dict[Id, dict[Id, str]] = {}
        self._avatars: dict[Id, set[str]] = {}
        self._numbers: dict[Id, int] = {}
        self._fields: dict[tuple[Id, Id], dict[str, object]] = {}

    def add(self, student: RosterStudent) -> None:
        person = self.ctx.new_id()
        sections = [self._section(name) for name in student.classes]
        taken = set().union(*(self._avatars[section] for section in sections))
        promised = self.pictures.get(student.row, "")
        avatar = promised if promised and promised not in taken else deal_avatars(1, taken, self.rng)[0]
        code = deal_code(self.rng)
        for section in sections:
            self._avatars[section].add(avatar)
            self._fields[section, person] = {
                "avatar": avatar,
                "code": code,
                "given": student.given,
                "family": student.family,
                "preferred": _preferred(student),
                "source_system": self.source,
                "source_id": student.source_id,
            }
            self._people[section][person] = _full_name(person, student)
            self._enroll(section, person)
        self.added += 1

    def update(self, known: KnownStudent, student: RosterStudent, fields: Sequence[str]) -> None:
        person = bytes.fromhex(known.id)
        homes = self.ctx.reads.people.sections_of(person)
        written: dict[str, object] = {}
        if {"given", "family", "display"} & set(fields):
            written |= {"given": student.given, "family": student.family, "preferred": _preferred(student)}
        if "source_id" in fields:
            written |= {"source_id": student.source_id, "source_system": self.source}
        for section in homes:
            self._open(section)
            if "given" in written:
                self._people[section][person] = _full_name(person, student)
                self._names[section].pop(person, None)
            if written:
                self._fields.setdefault((section, person), {}).update(written)
        moved = False
        for name in student.classes:
            section = self._section(name)
            if section in homes and self._is_enrolled(section, person):
                continue
            moved = True
            if section in homes:
                self._come_back(section, person)
                continue
            self._copy(person, homes[0], section)
            self._enroll(section, person)
        self.updated += bool(written) or moved

    def before(self, connection: Connection) -> None:
        for store in self._founding:
            store(connection)

    def finish(self) -> list[Draft]:
        """All drafts, with the names that children are called by worked out class by class."""
        for section, people in self._people.items():
            names = display_names(list(people.values()), keep=self._names[section])
            for person, name in names.items():
                if name != self._names[section].get(person):
                    self._fields.setdefault((section, person), {})["name"] = name
        for (section, person), fields in self._fields.items():
            self._drafts.append(Draft(section, "student", person, fields))  # type: ignore[arg-type]
        return self._drafts

    def _section(self, name: str) -> Id:
        """The class of that name, made when there is none."""
        if name not in self.sections:
            known = class_by_name(self.ctx, name)
            section = known.id if known is not None else self.ctx.new_id()
            if known is None:
                drafts, store = new_class_drafts(self.ctx, section, name)
                self._drafts += drafts
                self._founding.append(store)
            self.sections[name] = section
            self._open(section)
        return self.sections[name]

    def _open(self, section: Id) -> None:
        if section in self._people:
            return
        students = self.ctx.reads.people.students(section, left=True)
        self._people[section] = {s.id: FullName(s.id, s.given, s.family, s.middle, s.preferred) for s in students}
        self._names[section] = {s.id: s.name for s in students}
        self._avatars[section] = {s.avatar for s in students}
        self._numbers[section] = self.ctx.reads.people.next_number(section)

    def _is_enrolled(self, section: Id, person: Id) -> bool:
        return any(student.id == person for student in self.ctx.reads.people.students(section))

    def _copy(self, person: Id, source: Id, section: Id) -> None:
        """One person, one picture, one sign-in: what the other class knows goes with them."""
        student = self.ctx.reads.people.student(source, person)
        if student is None:
            return
        for draft in copy_person_drafts(self.ctx, person, source, section):
            if draft.record == "student":
                self._fields[section, person] = dict(draft.fields)
            else:
                self._drafts.append(draft)
        self._people[section][person] = FullName(
            person, student.given, student.family, student.middle, student.preferred
        )

    def _come_back(self, section: Id, person: Id) -> None:
        """Who was in the class before gets the old place back."""
        self.enrollments += 1
        self._drafts.append(put(section, "enrollment", enrollment_id(section, person), end_day=None))

    def _enroll(self, section: Id, person: Id) -> None:
        number = self._numbers[section]
        self._numbers[section] += 1
        self.enrollments += 1
        self._drafts.append(
            put(
                section,
                "enrollment",
                enrollment_id(section, person),
                student=person,
                number=number,
                start_day=today(self.ctx.clock).isoformat(),
                end_day=None,
            )
        )


def add_student(ctx: AppContext, section: Id, given: str, family: str = "") -> ChangeSet:
    """A newcomer takes the next free place; nobody else moves. Refusal ``name_empty``."""
    if not (given.strip() or family.strip()):
        raise Refusal("name_empty")
    found = ctx.reads.sections.get(section)
    if found is None:
        raise Refusal("no_such_class")
    writer = _RosterWriter(ctx, source="")
    writer.add(RosterStudent(1, given.strip(), family.strip(), given.strip(), "", (found.name,)))
    return ctx.commit("student_added", writer.finish(), args={"section": section.hex()})


def rename_student(ctx: AppContext, student: Id, given: str, family: str) -> ChangeSet:
    """Writes a name in every class of the person; others keep what they are called, but that a namesake who went by
    the first name alone gets letters too. Refusal ``name_empty``."""
    if not (given.strip() or family.strip()):
        raise Refusal("name_empty")
    drafts = []
    for section in ctx.reads.people.sections_of(student):
        people = ctx.reads.people.students(section, left=True)
        full = [
            FullName(student, given.strip(), family.strip())
            if s.id == student
            else FullName(s.id, s.given, s.family, s.middle, s.preferred)
            for s in people
        ]
        names = display_names(full, keep={s.id: s.name for s in people if s.id != student})
        drafts += [
            put(section, "student", s.id, name=names[s.id]) for s in people if s.id != student and names[s.id] != s.name
        ]
        drafts.append(
            put(
                section,
                "student",
                student,
                name=names[student],
                given=given.strip(),
                family=family.strip(),
                preferred="",
            )
        )
    return ctx.commit("student_renamed", drafts, args={"student": student.hex()})


def set_avatar(ctx: AppContext, student: Id, avatar: str) -> ChangeSet:
    return ctx.commit(
        "avatar_chosen", person_drafts(ctx, student, "student", student, avatar=avatar), args={"student": student.hex()}
    )


def new_code(ctx: AppContext, student: Id, code: Sequence[int] | None = None) -> ChangeSet:
    """Three other pictures to sign in with, dealt at random unless given. Refusal ``code_malformed``."""
    dealt = list(code) if code is not None else deal_code(random.Random(ctx.seed()))
    if not is_code(dealt):
        raise Refusal("code_malformed")
    return ctx.commit(
        "code_changed", person_drafts(ctx, student, "student", student, code=dealt), args={"student": student.hex()}
    )


def leave_class(ctx: AppContext, section: Id, student: Id) -> ChangeSet:
    """The student is no longer in the class from today; everything they did stays readable."""
    draft = put(section, "enrollment", enrollment_id(section, student), end_day=today(ctx.clock).isoformat())
    return ctx.commit("student_left", [draft], args={"student": student.hex(), "section": section.hex()})


def move_student(ctx: AppContext, student: Id, source: Id, target: Id) -> ChangeSet:
    """Leaves one class and joins another from today, with goals, profile and sign-in; old entries stay readable.

    Who was in the class before gets the old place back. Refusals ``no_such_class``, ``no_such_student``.
    """
    left = put(source, "enrollment", enrollment_id(source, student), end_day=today(ctx.clock).isoformat())
    drafts = [left, *_joining_drafts(ctx, student, source, target)]
    args = {"student": student.hex(), "section": target.hex()}
    return ctx.commit("student_moved", drafts, args=args)


def join_class(ctx: AppContext, student: Id, source: Id, target: Id) -> ChangeSet:
    """Like ``move_student``, but the student stays in the first class too."""
    args = {"student": student.hex(), "section": target.hex()}
    return ctx.commit("student_joined", _joining_drafts(ctx, student, source, target), args=args)


def _joining_drafts(ctx: AppContext, student: Id, source: Id, target: Id) -> list[Draft]:
    found = ctx.reads.sections.get(target)
    if found is None:
        raise Refusal("no_such_class")
    known = ctx.reads.people.student(source, student)
    if known is None:
        raise Refusal("no_such_student")
    here = ctx.reads.people.student(target, student)
    if here is not None and not here.end_day:
        raise Refusal("already_in_class", name=found.name)
    if here is not None:
        return [put(target, "enrollment", enrollment_id(target, student), end_day=None)]
    incoming = RosterStudent(1, known.given, known.family, known.given, known.source_id, (found.name,))
    writer = _RosterWriter(ctx, source=known.source_system)
    writer.update(KnownStudent(student.hex(), known.given, known.family, known.given), incoming, ())
    return writer.finish()


def deal_pictures(ctx: AppContext, students: Sequence[RosterStudent], section: Id | None, seed: int) -> dict[int, str]:
    """A picture for each new student by row, none that the class has already while there are enough."""
    known = ctx.reads.people.students(section, left=True) if section is not None else []
    dealt = deal_avatars(len(students), {student.avatar for student in known}, random.Random(seed))
    return {student.row: avatar for student, avatar in zip(students, dealt, strict=True)}


def students_for_export(ctx: AppContext, section: Id) -> list[RosterStudent]:
    """The class as a list that imports back with no change."""
    found = ctx.reads.sections.get(section)
    name = found.name if found is not None else ""
    return [_exported(student, name) for student in ctx.reads.people.students(section)]


def _exported(student: Student, class_name: str) -> RosterStudent:
    display = student.preferred or student.given or student.family
    return RosterStudent(student.number, student.given, student.family, display, student.source_id, (class_name,))


def _known(ctx: AppContext) -> list[KnownStudent]:
    """Every person on this desk once, with all their classes."""
    known: dict[Id, KnownStudent] = {}
    for section in ctx.reads.sections.all(archived=True):
        # Also who has left: the same child in a new list is the same person, with goals and profile.
        for student in ctx.reads.people.students(section.id, left=True):
            before = known.get(student.id)
            here = () if student.end_day else (section.name,)
            known[student.id] = KnownStudent(
                student.id.hex(),
                student.given,
                student.family,
                student.preferred or student.given or student.family,
                student.source_system,
                student.source_id,
                (*(before.classes if before else ()), *here),
            )
    return list(known.values())


def _in_classes(preview: RosterPreview, class_name: str | None, *, fallback: str) -> list[RosterStudent]:
    """The students with the classes they will be in."""
    return [
        RosterStudent(
            student.row,
            student.given,
            student.family,
            student.display,
            student.source_id,
            (class_name,) if class_name else student.classes or (fallback,),
        )
        for student in preview.students
    ]


def _preferred(student: RosterStudent) -> str:
    return student.display if student.display not in (student.given, student.family) else ""


def _full_name(person: Id, student: RosterStudent) -> FullName:
    return FullName(person, student.given, student.family, "", _preferred(student))
