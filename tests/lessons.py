"""A lesson for tests: a plan from a template, ready, at half past nine of the day the clock shows."""

from __future__ import annotations

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.domain.plans import PlanStatus
from blenddesk.domain.ports import today
from blenddesk.services import plans
from blenddesk.services.context import AppContext

HALF_PAST_NINE = 9 * 60 + 30


def make_lesson(
    ctx: AppContext,
    section: Id,
    template: str = "station-4",
    *,
    start_minute: int | None = HALF_PAST_NINE,
    minutes: int = 75,
    name: str = "Reading rotation",
    ready: bool = True,
) -> Id:
    """75 minutes as the mock-up has it: 10 to start, four rounds, moves of 2, a close of 5."""
    day = today(ctx.clock).isoformat()
    made = plans.new_plan(ctx, section, template, day=day, start_minute=start_minute, minutes=minutes, seed=7)
    fields: dict[str, object] = {"name": name}
    if start_minute is None:
        fields["start_minute"] = None
    if ready:
        fields["status"] = PlanStatus.READY.value
    ctx.commit("plan_named", [put(section, "plan", made.plan, **fields)])  # type: ignore[arg-type]
    return made.plan
