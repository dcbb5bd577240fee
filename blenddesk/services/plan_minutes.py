"""The minutes of a plan: its period, its parts, one round, the number of rounds; rounds are always cut to fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blenddesk.domain import minutes as cutting
from blenddesk.domain.ids import Id
from blenddesk.domain.minutes import Choice, Timing
from blenddesk.domain.ops import ChangeSet
from blenddesk.domain.plans import Plan, PlanSheet
from blenddesk.errors import Refusal
from blenddesk.services import rooms
from blenddesk.services.groups import seated
from blenddesk.services.plan_sheets import commit_sheet, load_sheet

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

SHORTEST_PERIOD, LONGEST_PERIOD = 10, 300
MOST_PART = 60
"""Minutes of opening, one move or closing."""


def set_period(ctx: AppContext, section: Id, plan: Id, minutes: int) -> ChangeSet:
    """The length of the lesson; rounds are cut anew. Refusals ``period_out_of_range``, ``rounds_do_not_fit``."""
    before = load_sheet(ctx, section, plan)
    timing = cutting.timing_of(before.plan)._replace(period=in_range(minutes))
    return _commit_timing(ctx, section, before, refit(timing, len(before.plan.rounds)))


def set_part_minutes(
    ctx: AppContext,
    section: Id,
    plan: Id,
    *,
    opening: int | None = None,
    moving: int | None = None,
    closing: int | None = None,
) -> ChangeSet:
    """Minutes of the start, of each move, of the end; rounds are cut anew. Refusals as ``set_period``."""
    before = load_sheet(ctx, section, plan)
    old = cutting.timing_of(before.plan)
    timing = old._replace(
        opening=old.opening if opening is None else opening,
        moving=old.moving if moving is None else moving,
        closing=old.closing if closing is None else closing,
    )
    if max(timing.opening, timing.moving, timing.closing) > MOST_PART:
        raise Refusal("minutes_out_of_range", period=timing.period, rounds=len(timing.rounds))
    return _commit_timing(ctx, section, before, refit(timing, len(timing.rounds)))


def change_round(ctx: AppContext, section: Id, plan: Id, round_: int, minutes: int) -> ChangeSet:
    """Other minutes for one round (0 is the first); the others share what is left. Refusal ``round_out_of_range``."""
    before = load_sheet(ctx, section, plan)
    return _commit_timing(ctx, section, before, cutting.change_round(cutting.timing_of(before.plan), round_, minutes))


def set_round_count(ctx: AppContext, section: Id, plan: Id, count: int, seed: int | None = None) -> ChangeSet:
    """Another number of rounds: cut and seated anew. Refusal ``rounds_do_not_fit``."""
    before = load_sheet(ctx, section, plan)
    after = with_round_count(before, count, ctx.seed() if seed is None else seed)
    return commit_sheet(ctx, section, "minutes_changed", before, after)


def with_round_count(whole: PlanSheet, count: int, seed: int) -> PlanSheet:
    """The sheet with ``count`` rounds, everyone seated anew."""
    timing = refit(cutting.timing_of(whole.plan), count)
    return seated(whole._replace(plan=timed(whole.plan, timing)), seed)


def round_choices(ctx: AppContext, section: Id, plan: Id) -> tuple[Choice, ...]:
    """Every number of rounds that fits the period, to choose from ("3 of 14 min or 4 of 10")."""
    timing = cutting.timing_of(load_sheet(ctx, section, plan).plan)
    floor = rooms.room_card(ctx).floor_minutes or cutting.DEFAULT_FLOOR
    return cutting.round_choices(timing.period, timing.opening, timing.moving, timing.closing, floor=floor)


def refit(timing: Timing, rounds: int) -> Timing:
    return cutting.fit_rounds(timing.period, timing.opening, timing.moving, timing.closing, max(rounds, 1))


def timed(plan: Plan, timing: Timing) -> Plan:
    return plan._replace(
        period_minutes=timing.period,
        opening_minutes=timing.opening,
        moving_minutes=timing.moving,
        closing_minutes=timing.closing,
        rounds=timing.rounds,
    )


def _commit_timing(ctx: AppContext, section: Id, before: PlanSheet, timing: Timing) -> ChangeSet:
    after = before._replace(plan=timed(before.plan, timing))
    return commit_sheet(ctx, section, "minutes_changed", before, after)


def in_range(minutes: int) -> int:
    if not SHORTEST_PERIOD <= minutes <= LONGEST_PERIOD:
        raise Refusal("period_out_of_range", least=SHORTEST_PERIOD, most=LONGEST_PERIOD)
    return minutes
