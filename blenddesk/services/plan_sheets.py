"""Reading a whole plan and writing what changed: use cases turn one sheet into another, the difference is committed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import ChangeSet, Draft, delete, put
from blenddesk.domain.plans import Block, BlockTask, Group, Plan, PlanSheet, Seat
from blenddesk.domain.registry import BY_NAME, Value
from blenddesk.errors import Refusal

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

_Part: TypeAlias = Plan | Block | Group | Seat | BlockTask


def load_sheet(ctx: AppContext, section: Id, plan: Id) -> PlanSheet:
    """The whole plan. Refusal ``plan_unknown``."""
    found = ctx.reads.plans.sheet(section, plan)
    if found is None:
        raise Refusal("plan_unknown")
    return found


def commit_sheet(
    ctx: AppContext, section: Id, label: str, before: PlanSheet | None, after: PlanSheet, **args: Id | int | str
) -> ChangeSet:
    """Writes the difference as one change. Ids among ``args`` are noted in hex; ``plan`` is noted always."""
    noted = {name: value.hex() if isinstance(value, bytes) else value for name, value in args.items()}
    return ctx.commit(label, sheet_drafts(section, before, after), args={"plan": after.plan.id.hex(), **noted})


def membership_id(plan: Id, student: Id) -> Id:
    return derived_id("membership", plan, student)


def seat_id(plan: Id, group: Id, round_: int) -> Id:
    return derived_id("seat", plan, group, round_.to_bytes(2, "big"))


def block_task_id(block: Id, group: Id) -> Id:
    return derived_id("block_task", block, group)


def sheet_drafts(section: Id, before: PlanSheet | None, after: PlanSheet) -> list[Draft]:
    """What has to be written to turn ``before`` (None: nothing there yet) into ``after``: changed fields only.

    Both are sheets of the same plan. An unchanged plan gives no drafts.
    """
    old, new = _rows(before), _rows(after)
    drafts = []
    for key, values in new.items():
        record, entity_id = key
        changed = {name: value for name, value in values.items() if key not in old or old[key].get(name) != value}
        if changed:
            drafts.append(put(section, record, entity_id, **changed))
    return drafts + [delete(section, record, entity_id) for record, entity_id in old if (record, entity_id) not in new]


def _rows(sheet: PlanSheet | None) -> dict[tuple[str, Id], dict[str, Value]]:
    return {} if sheet is None else dict(_each_row(sheet))


def _each_row(sheet: PlanSheet) -> Iterator[tuple[tuple[str, Id], dict[str, Value]]]:
    plan = sheet.plan.id
    yield ("plan", plan), _values("plan", sheet.plan)
    for block in sheet.blocks:
        yield ("block", block.id), _values("block", block)
    for group in sheet.groups:
        yield ("group", group.id), _values("group", group)
        for student in group.students:
            values: dict[str, Value] = {
                "plan": plan,
                "student": student,
                "group": group.id,
                "locked": student in group.locked,
            }
            yield ("membership", membership_id(plan, student)), values
    for seat in sheet.seats:
        yield ("seat", seat_id(plan, seat.group, seat.round)), _values("seat", seat)
    for task in sheet.tasks:
        yield ("block_task", task.id), _values("block_task", task)


def _values(record: str, thing: _Part) -> dict[str, Value]:
    """The fields of a part that its record stores, as the registry's plain types."""
    stored = {field.name for field in BY_NAME[record].fields}
    return {name: _plain(value) for name, value in thing._asdict().items() if name in stored}


def _plain(value: object) -> Value:
    if isinstance(value, tuple | list):
        return list(value)
    # An enum member is its word.
    return str(value) if isinstance(value, str) else value  # type: ignore[return-value]
