"""Lesson plans as read from the projections."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from blenddesk.domain.ids import Id
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
from blenddesk.storage.reads.rows import TableReads, build
from blenddesk.storage.tables import projection

_plan = projection("plan")
_block = projection("block")
_task = projection("block_task")
_group = projection("group")
_membership = projection("membership")
_seat = projection("seat")
_enrollment = projection("enrollment")

_BLOCK_WORDS: dict[str, type[StrEnum]] = {"mode": Mode, "role": Role, "priority": Priority, "gate": Gate} | {
    f"decides_{what}": Decides for what in ("what", "how", "when", "where", "pace", "path")
}
_PLAN_WORDS: dict[str, type[StrEnum]] = {"model": Model, "status": PlanStatus, "grouping": Grouping}


class PlanReads(TableReads):
    def all(self, section: Id, *, since: str = "", until: str = "9999") -> list[Plan]:
        """Plans of a class by day, those without one first; no archived ones. Days are ISO dates, inclusive."""
        rows = self._rows(_plan, _plan.c.section == section)
        plans = [_to_plan(row) for row in rows]
        kept = [p for p in plans if p.status is not PlanStatus.ARCHIVED and (p.day is None or since <= p.day <= until)]
        return sorted(kept, key=lambda p: (p.day or "", p.start_minute or 0, p.id))

    def on_day(self, section: Id, day: str) -> list[Plan]:
        rows = self._rows(_plan, _plan.c.section == section, _plan.c.day == day)
        plans = [_to_plan(row) for row in rows]
        return sorted(
            (p for p in plans if p.status is not PlanStatus.ARCHIVED), key=lambda p: (p.start_minute or 0, p.id)
        )

    def latest_before(self, section: Id, day: str) -> Plan | None:
        """The last lesson planned for a day before ``day`` (an ISO date)."""
        earlier = [p for p in self.all(section) if p.day is not None and p.day < day]
        return earlier[-1] if earlier else None

    def sheet(self, section: Id, plan: Id) -> PlanSheet | None:
        """One whole plan. Students who have left the class are left out of its groups."""
        with self._database.read() as connection:

            def rows(table: Any, key: str = "plan") -> list[Any]:
                query = select(table).where(table.c.section == section, table.c[key] == plan)
                return list(connection.execute(query).mappings())

            plans = rows(_plan, "id")
            if not plans:
                return None
            still_here = select(_enrollment.c.student, _enrollment.c.number).where(
                _enrollment.c.section == section, _enrollment.c.end_day.is_(None) | (_enrollment.c.end_day == "")
            )
            enrolled: dict[Id, int] = dict(connection.execute(still_here).tuples().all())
            blocks, tasks, groups, members, seats = (
                rows(_block),
                rows(_task),
                rows(_group),
                rows(_membership),
                rows(_seat),
            )
        by_group: dict[Id, list[Id]] = {}
        for member in members:
            if member["group"] is not None and member["student"] in enrolled:
                by_group.setdefault(member["group"], []).append(member["student"])
        for students in by_group.values():
            students.sort(key=lambda student: (enrolled[student] or 0, student))
        return PlanSheet(
            plan=_to_plan(plans[0]),
            blocks=tuple(sorted((_to_block(row) for row in blocks), key=lambda b: (b.position, b.id))),
            groups=tuple(
                sorted(
                    (build(Group, row, students=tuple(by_group.get(row["id"], ()))) for row in groups),
                    key=lambda g: (g.position, g.id),
                )
            ),
            seats=tuple(
                sorted(
                    (Seat(row["plan"], row["group"], row["round"], row["block"]) for row in seats),
                    key=lambda seat: (seat.round, seat.group),
                )
            ),
            tasks=tuple(build(BlockTask, row) for row in tasks),
        )

    def groupings_before(self, section: Id, day: str, *, limit: int) -> list[list[list[Id]]]:
        """Who worked with whom in the last ``limit`` lessons before ``day``, newest first."""
        earlier = [p for p in self.all(section) if p.day is not None and p.day < day][-limit:]
        sheets = [self.sheet(section, plan.id) for plan in reversed(earlier)]
        return [[list(group.students) for group in sheet.groups] for sheet in sheets if sheet is not None]


def _to_plan(row: Any) -> Plan:
    return build(Plan, _with_words(row, _PLAN_WORDS))


def _to_block(row: Any) -> Block:
    return build(Block, _with_words(row, _BLOCK_WORDS))


def _with_words(row: Any, words: Mapping[str, type[StrEnum]]) -> dict[str, Any]:
    """The row with its words as enum members; one that only a newer program knows counts as not set."""
    known = {name: kind(row[name]) if row[name] in set(kind) else None for name, kind in words.items()}
    return {**row, **known}
