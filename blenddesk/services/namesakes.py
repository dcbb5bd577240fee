"""Students of one class who got the same name or number because two computers added them; telling them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.names import FullName, display_names, same_name
from blenddesk.domain.ops import ChangeSet, put
from blenddesk.services.people import enrollment_id

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext


class Shared(NamedTuple):
    """Students of a class who share a ``name``, or a ``number`` in the list (0: it is the name)."""

    section: Id
    students: tuple[Id, ...]
    name: str
    number: int


def shared(ctx: AppContext) -> list[Shared]:
    """Every name and number that several students of a class have; nearly always none."""
    names: dict[tuple[Id, str], list[tuple[Id, str]]] = {}
    numbers: dict[tuple[Id, int], list[Id]] = {}
    for section, student, name, number in ctx.reads.conflicts.enrolled():
        names.setdefault((section, same_name(name)), []).append((student, name))
        if number:
            numbers.setdefault((section, number), []).append(student)
    found = [
        Shared(section, tuple(sorted(one for one, _name in some)), some[0][1], 0)
        for (section, _key), some in sorted(names.items())
        if len(some) > 1
    ]
    return found + [
        Shared(section, tuple(sorted(some)), "", number)
        for (section, number), some in sorted(numbers.items())
        if len(some) > 1
    ]


def tell_apart(ctx: AppContext, section: Id, students: tuple[Id, ...]) -> ChangeSet:
    """Letters of the family name for those who are called the same; everyone else keeps their name."""
    people = ctx.reads.people.students(section, left=True)
    full = [FullName(s.id, s.given, s.family, s.middle, s.preferred) for s in people]
    names = display_names(full, keep={s.id: s.name for s in people if s.id not in students})
    drafts = [put(section, "student", one.id, name=names[one.id]) for one in people if names[one.id] != one.name]
    return ctx.commit("namesakes_told_apart", drafts, args={"section": section.hex()})


def number_apart(ctx: AppContext, section: Id, students: tuple[Id, ...]) -> ChangeSet:
    """The first keeps the number, each other takes the next free one: nobody else's tile moves."""
    free = ctx.reads.people.next_number(section)
    drafts = [
        put(section, "enrollment", enrollment_id(section, student), number=free + index)
        for index, student in enumerate(students[1:])
    ]
    return ctx.commit("numbers_told_apart", drafts, args={"section": section.hex()})
