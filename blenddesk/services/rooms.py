"""My room: what there is to teach with. Every template and check uses it; nothing of it has to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blenddesk.domain.ids import MINE, derived_id
from blenddesk.domain.ops import ChangeSet, put
from blenddesk.domain.plan_checks import RoomCard
from blenddesk.domain.registry import Value
from blenddesk.errors import Refusal

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

LIMITS: dict[str, tuple[int, int]] = {
    "computers": (0, 60),
    "students_per_computer": (1, 4),
    "headphones": (0, 60),
    "period_minutes": (15, 240),
    "class_size": (1, 60),
    "floor_minutes": (3, 30),
}
"""The smallest and largest number of each field that holds one."""
_YES_OR_NO = frozenset({"projector", "printer"})


def room_card(ctx: AppContext) -> RoomCard:
    """My room as far as it was said; what was not is None."""
    row = ctx.reads.lessons.room_row()
    return RoomCard(**{name: row[name] for name in RoomCard._fields if name in row})


def edit_room(ctx: AppContext, /, **changes: Value) -> ChangeSet:
    """Writes fields of ``RoomCard``; None takes one back to "not said".

    Refusals ``unknown_field`` and ``room_out_of_range`` (field, least, most).
    """
    for name, value in changes.items():
        if name not in LIMITS and name not in _YES_OR_NO:
            raise Refusal("unknown_field", field=name)
        if value is None:
            continue
        if name in _YES_OR_NO:
            if not isinstance(value, bool):
                raise Refusal("field_malformed", field=name)
            continue
        least, most = LIMITS[name]
        if not isinstance(value, int) or not least <= value <= most:
            raise Refusal("room_out_of_range", field=name, least=least, most=most)
    return ctx.commit("room_edited", [put(MINE, "room", derived_id("room", MINE), **changes)])
