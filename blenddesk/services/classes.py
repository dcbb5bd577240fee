"""Classes: making, changing, putting away; their adults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from blenddesk.domain.ids import MINE, Id, derived_id
from blenddesk.domain.ops import ChangeSet, Draft, delete, put
from blenddesk.domain.people import Section
from blenddesk.domain.ports import today
from blenddesk.domain.registry import Value
from blenddesk.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from blenddesk.services.context import AppContext

MAX_NAME = 60
FIRST_MONTH = 8
"""A school year that begins in August or later is named after two years."""


def school_year(ctx: AppContext) -> str:
    """The name of the school year that today lies in, such as ``2026/27``."""
    now = today(ctx.clock)
    first = now.year if now.month >= FIRST_MONTH else now.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def clean_class_name(name: str) -> str:
    """The name without stray white space. Refusals ``class_name_empty``, ``class_name_long``."""
    cleaned = " ".join(name.split())
    if not cleaned:
        raise Refusal("class_name_empty")
    if len(cleaned) > MAX_NAME:
        raise Refusal("class_name_long", most=MAX_NAME)
    return cleaned


def class_by_name(ctx: AppContext, name: str) -> Section | None:
    """The class of that name, whatever the capitals."""
    wanted = " ".join(name.split()).casefold()
    return next((s for s in ctx.reads.sections.all() if s.name.casefold() == wanted), None)


def create_class(ctx: AppContext, name: str, *, look: str = "younger", language: str = "") -> ChangeSet:
    """A new class with this desk as its owner. Refusals: ``class_name_...``, ``class_exists``, ``not_a_desk``."""
    section = ctx.new_id()
    drafts, before = new_class_drafts(ctx, section, name, look=look, language=language)
    return ctx.ledger.commit("class_created", drafts, args={"section": section.hex()}, before=before)


def new_class_drafts(
    ctx: AppContext, section: Id, name: str, *, look: str = "younger", language: str = ""
) -> tuple[list[Draft], Callable[[Connection], None]]:
    """What makes a class, for a commit that does more as well: its drafts, and what must run first in it."""
    from blenddesk.sync.trust import found_class

    if not ctx.is_desk:
        raise Refusal("not_a_desk")
    cleaned = clean_class_name(name)
    if class_by_name(ctx, cleaned) is not None:
        raise Refusal("class_exists", name=cleaned)
    founding = found_class(ctx.keys, section, ctx.device_name, ctx.randomness)
    drafts = [
        put(
            section,
            "section",
            section,
            name=cleaned,
            year=school_year(ctx),
            look=look,
            sign_in="pictures",
            language=language or ctx.settings.language,
            archived=False,
        ),
        put(section, "adult", ctx.new_id(), name=ctx.device_name, role="teacher", position=0),
        *founding.drafts,
    ]
    return drafts, founding.store


def found_desk(ctx: AppContext, teacher: str) -> ChangeSet:
    """The first thing a new desk writes: its teacher and the scope of what belongs to no class."""
    from blenddesk.sync.trust import found_class

    founding = found_class(ctx.keys, MINE, teacher, ctx.randomness)
    drafts = [put(MINE, "teacher", derived_id("teacher", MINE), name=teacher), *founding.drafts]
    return ctx.ledger.commit("desk_created", drafts, before=founding.store)


def edit_class(ctx: AppContext, /, section: Id, **fields: Value) -> ChangeSet:
    """Writes fields of the class: ``name``, ``look``, ``sign_in``, ``language``, ``minutes``, ``idle_seconds``, ..."""
    if "name" in fields:
        fields["name"] = clean_class_name(str(fields["name"]))
    return ctx.commit("class_edited", [put(section, "section", section, **fields)], args={"section": section.hex()})


def save_class(ctx: AppContext, /, section: Id, adults: Sequence[str], **fields: Value) -> ChangeSet:
    """The fields that differ and the adults by name, in one change; nothing when all is as it was.

    Refusals ``class_name_...``, ``class_exists``, ``no_such_class``.
    """
    before = ctx.reads.sections.get(section)
    if before is None:
        raise Refusal("no_such_class")
    if "name" in fields:
        fields["name"] = clean_class_name(str(fields["name"]))
        namesake = class_by_name(ctx, str(fields["name"]))
        if namesake is not None and namesake.id != section:
            raise Refusal("class_exists", name=namesake.name)
    changed = {name: value for name, value in fields.items() if getattr(before, name) != value}
    drafts = [put(section, "section", section, **changed)] if changed else []
    drafts += _adult_drafts(ctx, section, adults)
    if not drafts:
        return ChangeSet(0, "class_edited")
    return ctx.commit("class_edited", drafts, args={"section": section.hex()})


def archive_class(ctx: AppContext, section: Id) -> ChangeSet:
    """Puts a class away; nothing is deleted and Undo brings it back."""
    return ctx.commit(
        "class_archived", [put(section, "section", section, archived=True)], args={"section": section.hex()}
    )


def set_adults(ctx: AppContext, section: Id, names: Sequence[str]) -> ChangeSet:
    """The adults of a class in order; those known by name keep their id, others no longer named are removed."""
    return ctx.commit("adults_edited", _adult_drafts(ctx, section, names), args={"section": section.hex()})


def _adult_drafts(ctx: AppContext, section: Id, names: Sequence[str]) -> list[Draft]:
    known = {adult.name: adult for adult in ctx.reads.sections.adults(section)}
    wanted = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    drafts = []
    for position, name in enumerate(wanted):
        adult = known.get(name)
        if adult is None:
            drafts.append(put(section, "adult", ctx.new_id(), name=name, role="assistant", position=position))
        elif adult.position != position:
            drafts.append(put(section, "adult", adult.id, position=position))
    return drafts + [delete(section, "adult", adult.id) for name, adult in known.items() if name not in wanted]
