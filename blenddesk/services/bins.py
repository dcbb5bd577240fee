"""The bin: what was put away or taken away in the last year, and bringing one thing back."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.hlc import COUNTER_BITS
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, put, restore
from blenddesk.domain.plans import PlanStatus
from blenddesk.domain.ports import today
from blenddesk.domain.registry import Value
from blenddesk.errors import Refusal
from blenddesk.services import classes
from blenddesk.services.people import enrollment_id

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

DAYS = 365
RECORDS = ("goal", "goal_step", "adult", "period", "calendar_day", "pair_rule", "student", "enrollment", "plan")
"""What can be brought back by itself. Parts of a lesson only fit the lesson they were made for: undo is for them."""


class Kind(StrEnum):
    CLASS = "class"
    """Put away with everything in it."""
    LESSON = "lesson"
    """Put away."""
    STUDENT = "student"
    """Left a class; the work stays readable."""
    RECORD = "record"
    """Taken away: ``Thing.record`` says what."""


class Thing(NamedTuple):
    """Something in the bin. ``values``: what was known of a record that is gone, by field; ``day``: when it went."""

    kind: Kind
    record: str
    id: Id
    section: Id
    name: str
    day: date
    sections: tuple[Id, ...] = ()
    values: dict[str, Value] = {}


def things(ctx: AppContext) -> list[Thing]:
    """Everything of the last year that can be brought back, the latest first."""
    now = today(ctx.clock)
    since = now - timedelta(DAYS)
    found = [*_classes(ctx), *_lessons(ctx), *_students(ctx), *_records(ctx)]
    found = [one for one in found if one.day >= since]
    return sorted(found, key=lambda one: (one.day, one.name, one.id), reverse=True)


def bring_back(ctx: AppContext, thing: Thing) -> ChangeSet:
    """Back as it was. Refusals ``not_in_bin`` when it is back already, ``class_exists``, ``no_such_class``."""
    if not any(one[:4] == thing[:4] for one in things(ctx)):
        raise Refusal("not_in_bin")
    if thing.kind is Kind.CLASS:
        namesake = classes.class_by_name(ctx, thing.name)
        if namesake is not None:
            raise Refusal("class_exists", name=namesake.name)
        return ctx.commit(
            "class_brought_back",
            [put(thing.section, "section", thing.section, archived=False)],
            args={"section": thing.section.hex()},
        )
    if thing.kind is Kind.LESSON:
        draft = put(thing.section, "plan", thing.id, status=PlanStatus.DRAFT.value)
        return ctx.commit("plan_brought_back", [draft], args={"plan": thing.id.hex()})
    if thing.kind is Kind.STUDENT:
        back = put(thing.section, "enrollment", enrollment_id(thing.section, thing.id), end_day=None)
        args = {"student": thing.id.hex(), "section": thing.section.hex()}
        return ctx.commit("student_back", [back], args=args)
    drafts = [restore(section, thing.record, thing.id) for section in thing.sections]
    return ctx.commit("brought_back", drafts, args={"record": thing.record})


def _classes(ctx: AppContext) -> list[Thing]:
    put_away = [one for one in ctx.reads.sections.all(archived=True) if one.archived]
    days = _days(ctx, "section", "archived", [one.id for one in put_away])
    return [Thing(Kind.CLASS, "section", s.id, s.id, s.name, days[s.id]) for s in put_away if s.id in days]


def _lessons(ctx: AppContext) -> list[Thing]:
    found = []
    for section in ctx.reads.sections.all():
        rows = ctx.reads.reader.records("plan", section=section.id, status=PlanStatus.ARCHIVED.value)
        days = _days(ctx, "plan", "status", [row["id"] for row in rows])
        found += [
            Thing(Kind.LESSON, "plan", row["id"], section.id, row["name"] or "", days[row["id"]])
            for row in rows
            if row["id"] in days
        ]
    return found


def _students(ctx: AppContext) -> list[Thing]:
    found = []
    for section in ctx.reads.sections.all():
        for student in ctx.reads.people.students(section.id, left=True):
            day = _iso(student.end_day)
            if day is not None:
                found.append(Thing(Kind.STUDENT, "enrollment", student.id, section.id, student.name, day))
    return found


def _records(ctx: AppContext) -> list[Thing]:
    """A record of a person is one thing, in however many classes it was."""
    since_ms = ctx.clock.wall_ms() - (DAYS + 1) * 24 * 3_600_000
    found: dict[tuple[str, Id], Thing] = {}
    for gone in ctx.reads.conflicts.deleted(max(since_ms, 0) << COUNTER_BITS, RECORDS):
        key = (gone.record, gone.entity)
        before = found.get(key)
        if before is not None:
            sections = tuple(dict.fromkeys((*before.sections, gone.section)))
            found[key] = before._replace(sections=sections, values=before.values | gone.values)
            continue
        words = next((str(gone.values[name]) for name in ("name", "words", "title") if gone.values.get(name)), "")
        day = _day(ctx, gone.deletion.at_ms)
        found[key] = Thing(
            Kind.RECORD, gone.record, gone.entity, gone.section, words, day, (gone.section,), gone.values
        )
    return list(found.values())


def _days(ctx: AppContext, record: str, field: str, ids: list[Id]) -> dict[Id, date]:
    """When the field of each of these was last written."""
    written = ctx.reads.conflicts.written(record, field, ids)
    return {entity: _day(ctx, one.at_ms) for entity, one in written.items()}


def _day(ctx: AppContext, ms: int) -> date:
    zone = timezone(timedelta(minutes=ctx.clock.zone_minutes()))
    return datetime.fromtimestamp(ms / 1000, zone).date()


def _iso(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None
