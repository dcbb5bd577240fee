"""What [Fix] does: each remedy of a failed check is tried on the plan, and only what puts it right is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain import minutes as cutting
from blenddesk.domain import model_templates, templates
from blenddesk.domain.ids import Id
from blenddesk.domain.model_seats import Shape
from blenddesk.domain.ops import ChangeSet
from blenddesk.domain.plan_checks import Check
from blenddesk.domain.plans import ADULT_ANY, ADULT_NONE, Block, Decides, Grouping, Mode, PlanSheet, Priority, Role
from blenddesk.errors import Refusal
from blenddesk.services import rooms
from blenddesk.services.blocks import class_words
from blenddesk.services.groups import evened_out, regrouped, seated, with_newcomers
from blenddesk.services.plan_minutes import refit, timed, with_round_count
from blenddesk.services.plan_sheets import commit_sheet, load_sheet
from blenddesk.services.plans import checks_of

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

MOST_SHARING = 4
MOST_LESSONS = 6
"""Over how many lessons a class may take turns at the computers."""
STATIONS = "stations"
_TRIES = 3
"""How often groups or seats are dealt again before a remedy counts as not helping."""


class Remedy(NamedTuple):
    """A way to put a check right. ``sheet`` is the plan after it.

    ``breaks``: checks it would spoil, by code, and ``STATIONS`` when some are left out.
    """

    code: str
    sheet: PlanSheet
    breaks: tuple[str, ...] = ()


def remedies(ctx: AppContext, section: Id, plan: Id, check: str) -> tuple[Remedy, ...]:
    """What really puts a failed check right, the best first: what spoils nothing else before what does.

    Empty when the check is in order or nothing helps by itself.
    """
    before = load_sheet(ctx, section, plan)
    found = {one.code: one for one in checks_of(ctx, section, before)}
    failed = found.get(check)
    if failed is None or failed.ok:
        return ()
    helping = [
        remedy
        for code in failed.remedies
        if code in _REMEDIES
        for remedy in [_tried(ctx, section, before, found, failed, code)]
        if remedy is not None
    ]
    return tuple(sorted(helping, key=lambda remedy: len(remedy.breaks)))


def can_fix(check: Check) -> bool:
    """Whether a failed check has a remedy that can be tried."""
    return not check.ok and any(code in _REMEDIES for code in check.remedies)


def fix(ctx: AppContext, section: Id, plan: Id, check: str, remedy: str | None = None) -> ChangeSet:
    """Puts a failed check right by the given remedy or the best one. Refusal ``no_remedy``."""
    chosen = next((one for one in remedies(ctx, section, plan, check) if remedy in (None, one.code)), None)
    if chosen is None:
        raise Refusal("no_remedy", check=check)
    return commit_sheet(ctx, section, "plan_fixed", load_sheet(ctx, section, plan), chosen.sheet)


def _tried(
    ctx: AppContext, section: Id, before: PlanSheet, found: dict[str, Check], failed: Check, code: str
) -> Remedy | None:
    for after in _REMEDIES[code](_Case(ctx, section, before, failed)):
        results = {one.code: one for one in checks_of(ctx, section, after)}
        if failed.code not in results or results[failed.code].ok:
            spoiled = [
                one.code for one in results.values() if not one.ok and (one.code not in found or found[one.code].ok)
            ]
            if len(after.blocks) < len(before.blocks):
                spoiled.append(STATIONS)
            return Remedy(code, after, tuple(spoiled))
    return None


class _Case(NamedTuple):
    ctx: AppContext
    section: Id
    sheet: PlanSheet
    check: Check

    def number(self, name: str) -> int:
        value = self.check.data.get(name)
        return value if isinstance(value, int) else 0

    def floor(self) -> int:
        return rooms.room_card(self.ctx).floor_minutes or cutting.DEFAULT_FLOOR

    def blocks(self, change: Callable[[Block], Block]) -> PlanSheet:
        return self.sheet._replace(blocks=tuple(change(block) for block in self.sheet.blocks))


def _seat_again(case: _Case) -> Iterator[PlanSheet]:
    for _try in range(_TRIES):
        yield seated(case.sheet, case.ctx.seed())


def _group_again(case: _Case) -> Iterator[PlanSheet]:
    mode = Grouping.MIXED if case.sheet.plan.grouping is Grouping.BY_HAND else case.sheet.plan.grouping
    try:
        yield regrouped(case.ctx, case.section, case.sheet, mode, case.ctx.seed())
    except Refusal:
        # The rules clash with each other: grouping again is no remedy, and the check goes on naming them.
        return


def _rounds(case: _Case, count: int) -> Iterator[PlanSheet]:
    try:
        yield with_round_count(case.sheet, count, case.ctx.seed())
    except Refusal:
        # So many rounds do not fit the period: no remedy.
        return


def _more_rounds(case: _Case) -> Iterator[PlanSheet]:
    yield from _rounds(case, len(case.sheet.blocks))


def _fewer_rounds(case: _Case) -> Iterator[PlanSheet]:
    for count in range(len(case.sheet.plan.rounds) - 1, 0, -1):
        yield from _rounds(case, count)


def _refit(case: _Case) -> Iterator[PlanSheet]:
    yield from _rounds(case, len(case.sheet.plan.rounds))


def _shorter_moving(case: _Case) -> Iterator[PlanSheet]:
    timing = cutting.timing_of(case.sheet.plan)
    for moving in range(timing.moving - 1, 0, -1):
        shorter = refit(timing._replace(moving=moving), len(timing.rounds))
        yield case.sheet._replace(plan=timed(case.sheet.plan, shorter))


def _fewer_stations(case: _Case) -> Iterator[PlanSheet]:
    """As many stations as there are rounds, or both fewer: may-dos go first, then those at the end; with me stays."""
    order = {Priority.MAY: 0, Priority.SHOULD: 1, Priority.MUST: 2}
    by_worth = sorted(case.sheet.blocks, key=lambda block: (order[block.priority], -block.position))
    rounds = len(case.sheet.plan.rounds)
    for count in range(min(rounds, len(by_worth) - 1), 0, -1):
        gone = {block.id for block in by_worth[: len(by_worth) - count]}
        for fitting in _rounds(case, count):
            yield _without(case, fitting, gone)


def _drop_led(case: _Case) -> Iterator[PlanSheet]:
    """Stations that need someone go, the last ones first, until the adults who are there are enough."""
    gone: set[Id] = set()
    for block in reversed(case.sheet.blocks):
        if block.adult not in ("", ADULT_NONE) and len(gone) + 1 < len(case.sheet.blocks):
            gone.add(block.id)
            yield _without(case, case.sheet, gone)


def _without(case: _Case, sheet: PlanSheet, gone: set[Id]) -> PlanSheet:
    blocks = tuple(block for block in sheet.blocks if block.id not in gone)
    tasks = tuple(task for task in sheet.tasks if task.block not in gone)
    return seated(sheet._replace(blocks=blocks, tasks=tasks), case.ctx.seed())


def _share_computers(case: _Case) -> Iterator[PlanSheet]:
    sharing = case.number("share")
    if 1 <= sharing <= MOST_SHARING:
        yield case.blocks(lambda block: block._replace(devices=max(block.devices, sharing)) if block.devices else block)


def _paper_twin(case: _Case) -> Iterator[PlanSheet]:
    def on_paper(block: Block) -> Block:
        if not block.devices:
            return block
        task = block.paper_twin or block.task
        return block._replace(mode=Mode.OFFLINE, devices=0, headphones=False, task=task, resource="")

    yield case.blocks(on_paper)


def _projector_led(case: _Case) -> Iterator[PlanSheet]:
    """The online part for all eyes at once; not in a room that has no projector."""
    if rooms.room_card(case.ctx).projector is False:
        return
    task = class_words(case.ctx, case.section)(model_templates.FROM_THE_PROJECTOR)

    def together(block: Block) -> Block:
        if not block.devices:
            return block
        shown = block._replace(devices=0, headphones=False, role=Role.TEACHER, adult=ADULT_ANY, task=task)
        return shown._replace(decides_pace=Decides.TEACHER, decides_path=Decides.TEACHER)

    yield case.blocks(together)


def _halves(case: _Case) -> Iterator[PlanSheet]:
    """One half is online while the other does the next part, then they swap; if need be they share computers too."""
    halved = case.sheet._replace(plan=case.sheet.plan._replace(shape=Shape.HALVES.value))
    for sheet in _in_parts(case, halved, 2):
        for sharing in range(1, MOST_SHARING):
            yield sheet._replace(blocks=_shared(sheet.blocks, sharing))


def _several_lessons(case: _Case) -> Iterator[PlanSheet]:
    """A part of the class is online in each of several lessons, and the others do the same on paper."""
    online = next((block for block in case.sheet.blocks if block.mode is Mode.ONLINE), None)
    if online is None or case.sheet.plan.shape:
        return
    pattern = model_templates.WHOLE_GROUP._replace(blocks=(model_templates.ON_PAPER,))
    words = class_words(case.ctx, case.section)
    (paper,) = templates.plan_blocks(pattern, case.sheet.plan.id, case.ctx.new_id, words)
    paper = paper._replace(task=online.paper_twin or paper.task)
    blocks: list[Block] = []
    for block in case.sheet.blocks:
        blocks += [online._replace(priority=Priority.SHOULD), paper] if block.id == online.id else [block]
    plan = case.sheet.plan._replace(shape=Shape.SEVERAL_DAYS.value, series=case.sheet.plan.id, part=1)
    placed = tuple(block._replace(position=place) for place, block in enumerate(blocks))
    for parts in range(2, MOST_LESSONS + 1):
        yield from _in_parts(case, case.sheet._replace(plan=plan, blocks=placed), parts)


def _in_parts(case: _Case, sheet: PlanSheet, parts: int) -> Iterator[PlanSheet]:
    try:
        yield seated(regrouped(case.ctx, case.section, sheet, Grouping.MIXED, 0, count=parts), 0)
    except Refusal:
        # The rules of who is together clash with so many groups: no remedy.
        return


def _shared(blocks: tuple[Block, ...], sharing: int) -> tuple[Block, ...]:
    return tuple(block._replace(devices=max(block.devices, sharing)) if block.devices else block for block in blocks)


def _without_sound(case: _Case) -> Iterator[PlanSheet]:
    yield case.blocks(lambda block: block._replace(headphones=False))


def _more_places(case: _Case) -> Iterator[PlanSheet]:
    needed = case.number("students")
    yield case.blocks(lambda block: block._replace(capacity=max(block.capacity, needed)) if block.capacity else block)


def _without_adult(case: _Case) -> Iterator[PlanSheet]:
    """Stations that need someone work alone, the last ones first, until the adults who are there are enough."""
    blocks = list(case.sheet.blocks)
    for place in reversed(range(len(blocks))):
        if blocks[place].adult != ADULT_NONE:
            blocks[place] = blocks[place]._replace(adult=ADULT_NONE)
            yield case.sheet._replace(blocks=tuple(blocks))


def _another_adult(case: _Case) -> Iterator[PlanSheet]:
    yield case.blocks(
        lambda block: block if block.adult in (ADULT_NONE, ADULT_ANY) else block._replace(adult=ADULT_ANY)
    )


def _place_in_smallest(case: _Case) -> Iterator[PlanSheet]:
    if case.sheet.groups:
        yield with_newcomers(case.ctx, case.section, case.sheet)


def _even_out_today(case: _Case) -> Iterator[PlanSheet]:
    students = case.check.data.get("students")
    away = set(students) if isinstance(students, tuple) else set()
    yield evened_out(case.ctx, case.section, case.sheet, away)


_REMEDIES: dict[str, Callable[[_Case], Iterator[PlanSheet]]] = {
    "seat_again": _seat_again,
    "group_again": _group_again,
    "more_rounds": _more_rounds,
    "fewer_rounds": _fewer_rounds,
    "refit": _refit,
    "shorter_moving": _shorter_moving,
    "fewer_stations": _fewer_stations,
    "share_computers": _share_computers,
    "paper_twin": _paper_twin,
    "projector_led": _projector_led,
    "halves": _halves,
    "several_lessons": _several_lessons,
    "without_sound": _without_sound,
    "more_places": _more_places,
    "without_adult": _without_adult,
    "drop_led": _drop_led,
    "another_adult": _another_adult,
    "place_in_smallest": _place_in_smallest,
    "even_out_today": _even_out_today,
}
"""Remedies that can be done at once; others named by a check need the teacher (another day, another template)."""
