"""Lesson templates of one's own: a lesson kept without its students and its day, to start others from in any class."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain import model_templates
from blenddesk.domain.ids import MINE, Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.domain.plans import ADULT_ANY, ADULT_NONE, Plan, PlanSheet, PlanStatus
from blenddesk.domain.templates import N_, Template
from blenddesk.errors import Refusal
from blenddesk.services.plan_sheets import commit_sheet, load_sheet

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

OWN = "own-"
"""The code of a template of one's own is this and the id of its plan in hex."""
SUMMARY = N_("a lesson of yours")
MOST_NAME = 60


class TemplateMade(NamedTuple):
    """A new template of one's own and the code that ``plans.new_plan`` takes."""

    change: ChangeSet
    code: str


def own_templates(ctx: AppContext) -> tuple[Template, ...]:
    """Templates of one's own by name; their words are the teacher's, no message ids."""
    kept = sorted(ctx.reads.plans.all(MINE), key=lambda plan: (plan.name.casefold(), plan.id))
    return tuple(_template(load_sheet(ctx, MINE, plan.id)) for plan in kept)


def template_of(ctx: AppContext, code: str) -> Template:
    """A ready-made template or one of one's own. Refusal ``template_unknown``."""
    known = model_templates.ALL_BY_CODE.get(code)
    if known is not None:
        return known
    return _template(_sheet(ctx, code))


def keep_as_template(ctx: AppContext, section: Id, plan: Id, name: str) -> TemplateMade:
    """Keeps a lesson's stations, minutes and number of groups; nothing of its students, its day or its adults.

    Refusals ``plan_unknown``, ``plan_name_empty``, ``plan_name_long``.
    """
    pattern = load_sheet(ctx, section, plan)
    kept = Plan(
        id=ctx.new_id(),
        name=_clean_name(name),
        model=pattern.plan.model,
        template=pattern.plan.template,
        period_minutes=pattern.plan.period_minutes,
        opening_minutes=pattern.plan.opening_minutes,
        moving_minutes=pattern.plan.moving_minutes,
        closing_minutes=pattern.plan.closing_minutes,
        rounds=pattern.plan.rounds,
        copied_from=plan,
        shape=pattern.plan.shape,
    )
    ids = {block.id: ctx.new_id() for block in pattern.blocks}
    blocks = tuple(
        block._replace(
            id=ids[block.id],
            plan=kept.id,
            adult=block.adult if block.adult in (ADULT_NONE, ADULT_ANY) else ADULT_ANY,
            after=tuple(ids[one] for one in block.after if one in ids),
            copied_from=block.id,
        )
        for block in pattern.blocks
    )
    groups = tuple(
        group._replace(id=ctx.new_id(), plan=kept.id, name="", students=(), locked=()) for group in pattern.groups
    )
    change = commit_sheet(ctx, MINE, "template_kept", None, PlanSheet(kept, blocks, groups))
    return TemplateMade(change, OWN + kept.id.hex())


def rename_template(ctx: AppContext, code: str, name: str) -> ChangeSet:
    """Refusals ``template_unknown``, ``plan_name_empty``, ``plan_name_long``."""
    before = _sheet(ctx, code)
    after = before._replace(plan=before.plan._replace(name=_clean_name(name)))
    return commit_sheet(ctx, MINE, "template_renamed", before, after)


def archive_template(ctx: AppContext, code: str) -> ChangeSet:
    """Puts a template of one's own away; lessons made from it stay. Refusal ``template_unknown``."""
    before = _sheet(ctx, code)
    after = before._replace(plan=before.plan._replace(status=PlanStatus.ARCHIVED))
    return commit_sheet(ctx, MINE, "template_archived", before, after)


def _sheet(ctx: AppContext, code: str) -> PlanSheet:
    try:
        found = ctx.reads.plans.sheet(MINE, bytes.fromhex(code.removeprefix(OWN)))
    except ValueError:
        found = None
    if found is None or found.plan.status is PlanStatus.ARCHIVED:
        raise Refusal("template_unknown", template=code)
    return found


def _template(sheet: PlanSheet) -> Template:
    plan = sheet.plan
    return Template(
        code=OWN + plan.id.hex(),
        title=plan.name,
        summary=SUMMARY,
        groups=max(len(sheet.groups), 1),
        rounds=max(len(plan.rounds), 1),
        blocks=sheet.blocks,
        model=plan.model,
        shape=plan.shape,
        opening_minutes=plan.opening_minutes,
        moving_minutes=plan.moving_minutes,
        closing_minutes=plan.closing_minutes,
    )


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise Refusal("plan_name_empty")
    if len(cleaned) > MOST_NAME:
        raise Refusal("plan_name_long", most=MOST_NAME)
    return cleaned
