"""Closing a school year: classes that go on into the next one, classes that are put away; nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import MINE, Id, derived_id
from blenddesk.domain.ops import ChangeSet, Draft, put
from blenddesk.domain.plans import PlanStatus
from blenddesk.domain.ports import today
from blenddesk.errors import Refusal
from blenddesk.services.classes import clean_class_name, school_year
from blenddesk.services.people import enrollment_id

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext


class NextYear(NamedTuple):
    """What becomes of a class: it goes on under ``name`` with its students and goals, or is put away."""

    section: Id
    name: str
    goes_on: bool


def current_year(ctx: AppContext) -> str:
    """The school year that the classes of this desk are in, such as ``2026/27``: the latest one any of them has."""
    years = [section.year for section in ctx.reads.sections.all() if section.year]
    return max(years, default=school_year(ctx))


def year_after(year: str) -> str:
    """``2027/28`` for ``2026/27``; a name of another form gets no successor and is returned as it is."""
    first = year.partition("/")[0]
    if not (first.isascii() and first.isdigit()):
        return year
    return f"{int(first) + 1}/{(int(first) + 2) % 100:02d}"


def close_year(ctx: AppContext, year: str, wishes: Sequence[NextYear]) -> ChangeSet:
    """Closes the school year ``year`` as of today, in one change that one undo takes back.

    Classes that go on take their students, goals, sign-in and student computers along and start without lessons: those
    of the year are put away. Of classes that are put away every student's time ends today. Entries stay where they are
    and are read as before. Classes not among ``wishes`` stay as they are.

    Refusals: ``no_class``, ``no_such_class``, ``class_name_...``, ``class_exists``, ``not_a_desk``, ``year_closed``.
    """
    if not ctx.is_desk:
        raise Refusal("not_a_desk")
    if not wishes:
        raise Refusal("no_class")
    known = {section.id: section for section in ctx.reads.sections.all()}
    if any(wish.section not in known for wish in wishes):
        raise Refusal("no_such_class")
    if all(known[wish.section].year > year for wish in wishes):
        raise Refusal("year_closed", year=year)
    taken = {one.name.casefold() for one in known.values() if one.id not in {wish.section for wish in wishes}}
    last_day = today(ctx.clock).isoformat()
    drafts: list[Draft] = []
    for wish in wishes:
        if not wish.goes_on:
            drafts += _put_away(ctx, wish.section, last_day)
            continue
        name = clean_class_name(wish.name)
        if name.casefold() in taken:
            raise Refusal("class_exists", name=name)
        taken.add(name.casefold())
        drafts += _goes_on(ctx, wish.section, name, year_after(year), last_day)
    drafts += [
        put(MINE, "school_year", _year_id(year), name=year, last_day=last_day),
        put(MINE, "school_year", _year_id(year_after(year)), name=year_after(year)),
    ]
    return ctx.commit("year_closed", drafts, args={"year": year})


def _put_away(ctx: AppContext, section: Id, last_day: str) -> list[Draft]:
    ended = [
        put(section, "enrollment", enrollment_id(section, student.id), end_day=last_day)
        for student in ctx.reads.people.students(section)
    ]
    return [put(section, "section", section, archived=True), *ended]


def _goes_on(ctx: AppContext, section: Id, name: str, year: str, last_day: str) -> list[Draft]:
    lessons = [
        put(section, "plan", row["id"], status=PlanStatus.ARCHIVED.value)
        for row in ctx.reads.reader.records("plan", section=section)
        if row["status"] != PlanStatus.ARCHIVED and (row["day"] or "") <= last_day
    ]
    return [put(section, "section", section, name=name, year=year), *lessons]


def _year_id(year: str) -> Id:
    return derived_id("school_year", year.encode())
