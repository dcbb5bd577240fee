"""Writing what belongs to a person: into every class the person is in, under the one id of the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import Draft, put
from blenddesk.domain.registry import Value

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext


def person_drafts(ctx: AppContext, person: Id, record: str, entity_id: Id, /, **fields: Value) -> list[Draft]:
    """The same write of a person's record in each class of the person.

    A class is the unit of sharing: a shared computer holds whole classes and nothing else, so what it may know of a
    person has to be in each of them.
    """
    return [put(section, record, entity_id, **fields) for section in ctx.reads.people.sections_of(person)]


def enrollment_id(section: Id, student: Id) -> Id:
    return derived_id("enrollment", section, student)
