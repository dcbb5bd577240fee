"""What a teacher notes of a learner: strengths, needs, interests, preferences. Desk-only, always."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import ChangeSet
from blenddesk.domain.people import Profile
from blenddesk.errors import Refusal
from blenddesk.services.people import person_drafts

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

LISTS = ("strengths", "needs", "interests", "preferences")
MOST_ITEMS = 20


def profile(ctx: AppContext, section: Id, student: Id) -> Profile:
    return ctx.reads.people.profile(section, student)


def set_list(ctx: AppContext, student: Id, which: str, items: Sequence[str]) -> ChangeSet:
    """Writes one of ``LISTS``: trimmed, empty and repeated lines left out. Refusal ``profile_too_long``."""
    if which not in LISTS:
        raise Refusal("unknown_field", field=which)
    kept = list(dict.fromkeys(line.strip() for line in items if line.strip()))
    if len(kept) > MOST_ITEMS:
        raise Refusal("profile_too_long", most=MOST_ITEMS)
    drafts = person_drafts(ctx, student, "profile", derived_id("profile", student), student=student, **{which: kept})
    return ctx.commit("profile_edited", drafts, args={"student": student.hex()})


def set_note(ctx: AppContext, student: Id, note: str) -> ChangeSet:
    drafts = person_drafts(ctx, student, "profile", derived_id("profile", student), student=student, note=note.strip())
    return ctx.commit("profile_edited", drafts, args={"student": student.hex()})
