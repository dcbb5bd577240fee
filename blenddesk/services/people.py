"""Writing what belongs to a person: into every class the person is in, under the one id of the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import Draft, put
from blenddesk.domain.registry import BY_NAME, Value

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext


def person_drafts(ctx: AppContext, person: Id, record: str, entity_id: Id, /, **fields: Value) -> list[Draft]:
    """The same write of a person's record in each class of the person.

    A class is the unit of sharing: a shared computer holds whole classes and nothing else, so what it may know of a
    person has to be in each of them.
    """
    return [put(section, record, entity_id, **fields) for section in ctx.reads.people.sections_of(person)]


def copy_person_drafts(ctx: AppContext, person: Id, source: Id, target: Id) -> list[Draft]:
    """What a class that has not met this person has to know: name parts, picture, sign-in, goals, steps, profile.

    Not the name on the tile: that depends on who else is in the class. Entries stay in the class they were made in.
    """
    drafts = []
    for record, ids in (
        ("student", [person]),
        ("profile", [derived_id("profile", person)]),
        ("goal", [goal.id for goal in ctx.reads.goals.of_student(source, person)]),
        ("goal_step", [s.id for some in ctx.reads.goals.steps(source).values() for s in some if s.student == person]),
    ):
        for entity in ids:
            fields = _all_fields(ctx, source, record, entity)
            fields.pop("name", None)
            if fields:
                drafts.append(put(target, record, entity, **fields))
    return drafts


def _all_fields(ctx: AppContext, section: Id, record: str, entity: Id) -> dict[str, Value]:
    """Every field of a record that was ever set, of all audiences this computer can read."""
    fields: dict[str, Value] = {}
    for audience in BY_NAME[record].audiences():
        for row in ctx.reads.reader.records(record, audience, section=section, id=entity):
            fields |= {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in row.items()
                if value is not None
            }
    return {name: value for name, value in fields.items() if name not in ("section", "id")}


def enrollment_id(section: Id, student: Id) -> Id:
    return derived_id("enrollment", section, student)
