"""Lesson plans as read from the projections."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from blenddesk.domain.group_wishes import GroupWishes
from blenddesk.domain.ids import MINE, Id
from blenddesk.domain.plans import (
    Block,
    BlockTask,
    Decides,
    Gate,
    Group,
    Grouping,
    Mode,
    Model,
    Plan,
    PlanSheet,
    PlanStatus,
    Priority,
    Role,
    Seat,
)
from blenddesk.domain.registry import Audience
from blenddesk.storage.reader import Reader, build, with_words

_BLOCK_WORDS: dict[str, type[StrEnum]] = {"mode": Mode, "role": Role, "priority": Priority, "gate": Gate} | {
    f"decides_{what}": Decides for what in ("what", "how", "when", "where", "pace", "path")
}
_PLAN_WORDS: dict[str, type[StrEnum]] = {"model": Model, "status": PlanStatus, "grouping": Grouping}


class PlanReads:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def all(self, section: Id, *, since: str = "", until: str = "9999") -> list[Plan]:
        """Plans of a class by day, those without one first; no archived ones. Days are ISO dates, inclusive."""
        plans = self._plans(section=section)
        return [plan for plan in plans if plan.day is None or since <= plan.day <= until]

    def on_day(self, section: Id, day: str) -> list[Plan]:
        return self._plans(section=section, day=day)

    def get(self, section: Id, plan: Id) -> Plan | None:
        rows = self._reader.records("plan", section=section, id=plan)
        return _to_plan(rows[0]) if rows else None

    def sheet(self, section: Id, plan: Id) -> PlanSheet | None:
        """One whole plan. Students who have left the class are left out of its groups."""
        with self._reader.steady():
            plans = self._reader.records("plan", section=section, id=plan)
            if not plans:
                return None
            blocks, tasks, groups, members, seats = (
                self._reader.records(record, section=section, plan=plan)
                for record in ("block", "block_task", "group", "membership", "seat")
            )
            enrolled = {
                row["student"]: (row["number"] or 0, row["student"])
                for row in self._reader.records("enrollment", section=section)
                if not row["end_day"]
            }
        by_group: dict[Id, list[Id]] = {}
        locked: dict[Id, list[Id]] = {}
        for member in members:
            if member["group"] is not None and member["student"] in enrolled:
                by_group.setdefault(member["group"], []).append(member["student"])
                if member["locked"]:
                    locked.setdefault(member["group"], []).append(member["student"])
        for students in by_group.values():
            students.sort(key=lambda student: enrolled[student])
        found_groups = [
            build(
                Group,
                row,
                students=tuple(by_group.get(row["id"], ())),
                locked=tuple(sorted(locked.get(row["id"], ()), key=lambda student: enrolled[student])),
            )
            for row in groups
        ]
        found_seats = [
            Seat(row["plan"], row["group"], row["round"], row["block"], bool(row["locked"])) for row in seats
        ]
        return PlanSheet(
            plan=_to_plan(plans[0]),
            blocks=tuple(sorted(map(_to_block, blocks), key=lambda block: (block.position, block.id))),
            groups=tuple(sorted(found_groups, key=lambda group: (group.position, group.id))),
            seats=tuple(sorted(found_seats, key=lambda seat: (seat.round, seat.group))),
            tasks=tuple(build(BlockTask, row) for row in tasks),
        )

    def blocks(self, section: Id, plan: Id) -> dict[Id, Block]:
        """The stations of one plan by id: what a name and a picture need of it."""
        found = (_to_block(row) for row in self._reader.records("block", section=section, plan=plan))
        return {block.id: block for block in found}

    def own_stations(self) -> list[Block]:
        """The teacher's own station library by title, archived ones included."""
        rows = self._reader.records("block", section=MINE)
        found = [_to_block(row | {"plan": MINE}) for row in rows if row["plan"] is None]
        return sorted(found, key=lambda block: (block.title.casefold(), block.id))

    def groupings_before(self, section: Id, day: str, *, limit: int) -> list[list[list[Id]]]:
        """Who worked with whom in the last ``limit`` lessons before ``day``, newest first."""
        earlier = [plan for plan in self.all(section) if plan.day is not None and plan.day < day][-limit:]
        sheets = [self.sheet(section, plan.id) for plan in reversed(earlier)]
        return [[list(group.students) for group in sheet.groups] for sheet in sheets if sheet is not None]

    def group_wishes(self, section: Id, plan: Id) -> GroupWishes:
        """What the plan's groups were made for; empty wishes while nobody has asked for anything."""
        rows = self._reader.records("grouping", Audience.DESK, section=section, plan=plan)
        if not rows:
            return GroupWishes(plan)
        lists = {name: tuple(rows[0][name] or ()) for name in ("helpers", "order", "blend")}
        return GroupWishes(plan, **lists, seed=rows[0]["seed"] or 0)

    def _plans(self, **where: Any) -> list[Plan]:
        plans = [_to_plan(row) for row in self._reader.records("plan", **where)]
        kept = [plan for plan in plans if plan.status is not PlanStatus.ARCHIVED]
        return sorted(kept, key=lambda plan: (plan.day or "", plan.start_minute or 0, plan.id))


def _to_plan(row: dict[str, Any]) -> Plan:
    return build(Plan, with_words(row, _PLAN_WORDS))


def _to_block(row: dict[str, Any]) -> Block:
    return build(Block, with_words(row, _BLOCK_WORDS))
