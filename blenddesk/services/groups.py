"""Who works with whom in a lesson: grouping anew, moving by hand, and what the teacher wants kept together or apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING

from blenddesk.domain import groups as grouping
from blenddesk.domain.groups import Groups, Pair
from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.model_seats import model_seats
from blenddesk.domain.ops import ChangeSet, delete, put
from blenddesk.domain.planning import regroup as planning
from blenddesk.domain.plans import SHAPES, Group, Grouping, Model, PlanSheet
from blenddesk.domain.ports import today
from blenddesk.errors import Refusal
from blenddesk.services.plan_sheets import commit_sheet, load_sheet
from blenddesk.text import catalogue

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

TOGETHER, APART = "together", "apart"
REMEMBERED_LESSONS = 6
"""How many earlier groupings mixed groups avoid to repeat."""
LEVELS = range(1, 5)


# --- grouping ---------------------------------------------------------------------------------------------------


def regroup(
    ctx: AppContext, section: Id, plan: Id, mode: str, seed: int | None = None, *, count: int | None = None
) -> ChangeSet:
    """Groups the class anew for one plan: ``mode`` is a word of ``Grouping``, ``count`` the number of groups.

    Groups keep their ids as far as the number goes; shapes are dealt anew. By hand changes nobody's group and only
    gives those without one a place. Refusals ``groups_impossible``, ``groups_out_of_range``, ``no_last_grouping``,
    ``grouping_unknown``, ``class_empty``, ``plan_unknown``.
    """
    before = load_sheet(ctx, section, plan)
    after = regrouped(ctx, section, before, mode, ctx.seed() if seed is None else seed, count=count)
    return commit_sheet(ctx, section, "groups_made", before, after)


def regrouped(
    ctx: AppContext, section: Id, sheet: PlanSheet, mode: str, seed: int, *, count: int | None = None
) -> PlanSheet:
    """The sheet with everyone grouped anew, and seated anew when the number of groups changes."""
    if mode not in set(Grouping):
        raise Refusal("grouping_unknown", mode=mode)
    kind = Grouping(mode)
    roster = [student.id for student in ctx.reads.people.students(section)]
    if kind is Grouping.BY_HAND and sheet.groups and count in (None, len(sheet.groups)):
        placed = with_newcomers(ctx, section, sheet)
        return placed._replace(plan=placed.plan._replace(grouping=kind))
    locked = {one: place for place, group in enumerate(sheet.groups) for one in group.locked if one in group.students}
    many = count or len(sheet.groups)
    kept = locked if many == len(sheet.groups) else {}
    members = deal_members(ctx, section, sheet.plan.day, kind, roster, many, seed, locked=kept)
    changed = with_members(ctx, section, sheet, members, seed)
    return changed._replace(plan=changed.plan._replace(grouping=kind))


def deal_members(
    ctx: AppContext,
    section: Id,
    day: str | None,
    kind: Grouping,
    roster: Sequence[Id],
    count: int,
    seed: int,
    *,
    locked: Mapping[Id, int] | None = None,
) -> Groups:
    """Who is in which of ``count`` groups (fewer when there are fewer students), by the teacher's rules."""
    if not roster:
        raise Refusal("class_empty")
    when = day or today(ctx.clock).isoformat()
    newest_first = ctx.reads.plans.groupings_before(section, when, limit=REMEMBERED_LESSONS)
    history = [one for one in reversed(newest_first) if any(one)]
    if kind is Grouping.AS_LAST_TIME and not history:
        raise Refusal("no_last_grouping")
    together, apart = rule_pairs(ctx, section)
    return grouping.make_groups(
        roster,
        mode=Grouping.MIXED if kind is Grouping.BY_HAND else kind,
        seed=seed,
        group_count=max(1, min(count, len(roster))),
        levels=ctx.reads.people.judgements(section),
        history=history,
        together=together,
        apart=apart,
        locked=locked,
    )


def with_members(ctx: AppContext, section: Id, sheet: PlanSheet, members: Groups, seed: int) -> PlanSheet:
    """The sheet with these students in its groups: ids stay as far as the number goes, shapes are dealt anew."""
    shapes = deal_group_shapes(ctx, section, len(members), seed, [group.shape for group in sheet.groups])
    names = group_names(ctx, section, shapes)
    if sheet.plan.model is Model.WHOLE_GROUP and len(members) == 1:
        names = [_whole_class(ctx, section)]
    ids = [group.id for group in sheet.groups][: len(members)]
    ids += [ctx.new_id() for _more in range(len(members) - len(ids))]
    stay = [group.locked for group in sheet.groups] + [()] * len(members)
    groups = tuple(
        Group(ids[index], sheet.plan.id, index, names[index], shapes[index], tuple(students))._replace(
            locked=tuple(one for one in stay[index] if one in students)
        )
        for index, students in enumerate(members)
    )
    kept = set(ids)
    tasks = tuple(task for task in sheet.tasks if task.group in kept)
    changed = sheet._replace(groups=groups, tasks=tasks)
    return changed if len(groups) == len(sheet.groups) else seated(changed, seed)


def seated(sheet: PlanSheet, seed: int) -> PlanSheet:
    """The sheet with a place for every group in every round."""
    of_model = model_seats(sheet)
    if of_model is not None:
        return sheet._replace(seats=of_model)
    # Not at the top: the planner is no part of what the first window needs.
    from blenddesk.domain.seating import make_seats

    ids = [group.id for group in sheet.groups]
    return sheet._replace(seats=make_seats(sheet.plan.id, ids, sheet.blocks, len(sheet.plan.rounds), seed))


def deal_group_shapes(
    ctx: AppContext, section: Id, count: int, seed: int, previous: Sequence[str] = ()
) -> tuple[str, ...]:
    """A shape for each group, none where it was. Older classes see letters, so theirs are the first: A, B, C."""
    if _is_older(ctx, section) and count <= len(SHAPES):
        first = list(SHAPES[:count])
        Random(seed).shuffle(first)
        return tuple(first)
    return grouping.deal_shapes(count, seed, previous)


def group_names(ctx: AppContext, section: Id, shapes: Sequence[str]) -> list[str]:
    """What groups are called, in the class's language: "Circles", in older classes "Group A"; a number tells twins."""
    home = ctx.reads.sections.get(section)
    words = catalogue((home.language if home else "") or ctx.settings.language)
    plural = {
        "circle": words.pgettext("group of students", "Circles"),
        "triangle": words.pgettext("group of students", "Triangles"),
        "square": words.pgettext("group of students", "Squares"),
        "diamond": words.pgettext("group of students", "Diamonds"),
        "hexagon": words.pgettext("group of students", "Hexagons"),
        "drop": words.pgettext("group of students", "Drops"),
        "arch": words.pgettext("group of students", "Arches"),
        "flower": words.pgettext("group of students", "Flowers"),
    }
    if _is_older(ctx, section):
        letter = words.pgettext("group of students", "Group {letter}")
        plural = {shape: letter.format(letter="ABCDEFGH"[place]) for place, shape in enumerate(SHAPES)}
    names: list[str] = []
    for place, shape in enumerate(shapes):
        twin = list(shapes[:place]).count(shape)
        names.append(f"{plural[shape]} {twin + 1}" if twin else plural[shape])
    return names


def _whole_class(ctx: AppContext, section: Id) -> str:
    home = ctx.reads.sections.get(section)
    return catalogue((home.language if home else "") or ctx.settings.language).gettext("Whole class")


def _is_older(ctx: AppContext, section: Id) -> bool:
    home = ctx.reads.sections.get(section)
    return home is not None and home.look == "older"


# --- by hand ----------------------------------------------------------------------------------------------------


def move_student(ctx: AppContext, section: Id, plan: Id, student: Id, group: Id) -> ChangeSet:
    """Moves one student and nobody else; the teacher's hand wins over rules, the checks name what it breaks.

    Refusals ``group_unknown``, ``already_there``, ``no_such_student``, ``plan_unknown``.
    """
    before = load_sheet(ctx, section, plan)
    if all(one.id != student for one in ctx.reads.people.students(section)):
        raise Refusal("no_such_student")
    grouping.move_student(before.groups, student, group)
    return commit_sheet(
        ctx, section, "student_regrouped", before, moved(before, student, group), student=student, group=group
    )


def moved(sheet: PlanSheet, student: Id, group: Id) -> PlanSheet:
    """The sheet with a student in one group and in no other."""
    groups = []
    for one in sheet.groups:
        others = tuple(other for other in one.students if other != student)
        groups.append(one._replace(students=(*others, student) if one.id == group else others))
    return sheet._replace(groups=tuple(groups))


def with_newcomers(ctx: AppContext, section: Id, sheet: PlanSheet) -> PlanSheet:
    """The sheet with everyone who has no group yet in the smallest one that suits."""
    _together, apart = rule_pairs(ctx, section)
    placed = set(sheet.students())
    for student in ctx.reads.people.students(section):
        if student.id not in placed:
            sheet = moved(sheet, student.id, grouping.place_newcomer(sheet.groups, student.id, apart=apart))
    return sheet


def evened_out(ctx: AppContext, section: Id, sheet: PlanSheet, away: set[Id]) -> PlanSheet:
    """The sheet with groups of those who are here within 1 of each other: the fewest moves, and few rules broken."""
    if not sheet.groups:
        return sheet
    together, apart = rule_pairs(ctx, section)
    students = sheet.students()
    number = {student: place for place, student in enumerate(students)}
    friends, enemies = (_partners(pairs, number) for pairs in (together, apart))

    def broken(student: int, joined: Sequence[int], left: Sequence[int]) -> int:
        return len(enemies[student] & set(joined)) + len(friends[student] & set(left))

    groups = [[number[student] for student in group.students] for group in sheet.groups]
    after = planning.regroup(groups, {number[student] for student in students if student in away}, cost=broken)
    for group, members in zip(sheet.groups, after.groups, strict=True):
        for student in members:
            if student in after.moved:
                sheet = moved(sheet, students[student], group.id)
    return sheet


def _partners(pairs: Sequence[Pair], number: Mapping[Id, int]) -> list[set[int]]:
    partners: list[set[int]] = [set() for _ in number]
    for first, second in pairs:
        if first in number and second in number:
            partners[number[first]].add(number[second])
            partners[number[second]].add(number[first])
    return partners


# --- what the teacher knows ---------------------------------------------------------------------------------------


def rule_pairs(ctx: AppContext, section: Id) -> tuple[list[Pair], list[Pair]]:
    """The pairs that belong together, and those to keep apart."""
    rules = ctx.reads.people.pair_rules(section)
    together = [(rule.first, rule.second) for rule in rules if rule.kind == TOGETHER]
    return together, [(rule.first, rule.second) for rule in rules if rule.kind == APART]


def keep_together(ctx: AppContext, section: Id, first: Id, second: Id) -> ChangeSet:
    """From now on these two are put into one group. Refusal ``pair_of_one``."""
    return _keep(ctx, section, first, second, TOGETHER)


def keep_apart(ctx: AppContext, section: Id, first: Id, second: Id) -> ChangeSet:
    """From now on these two are put into two groups. Refusal ``pair_of_one``."""
    return _keep(ctx, section, first, second, APART)


def remove_rule(ctx: AppContext, section: Id, rule: Id) -> ChangeSet:
    return ctx.commit("pair_rule_removed", [delete(section, "pair_rule", rule)])


def _keep(ctx: AppContext, section: Id, first: Id, second: Id, kind: str) -> ChangeSet:
    if first == second:
        raise Refusal("pair_of_one")
    low, high = sorted((first, second))
    # One record for a pair: who is kept apart now is no longer kept together.
    draft = put(section, "pair_rule", derived_id("pair_rule", low, high), first=low, second=high, kind=kind)
    return ctx.commit(f"kept_{kind}", [draft], args={"student": first.hex(), "other": second.hex()})


def set_judgement(ctx: AppContext, section: Id, student: Id, level: int | None) -> ChangeSet:
    """The teacher's own sorting of one student, 1 to 4, for mixed groups; None takes it back. Never leaves the desk."""
    return set_judgements(ctx, section, {student: level})


def set_judgements(ctx: AppContext, section: Id, levels: Mapping[Id, int | None]) -> ChangeSet:
    """The whole class sorted in one change. Refusal ``level_out_of_range``."""
    known = ctx.reads.people.judgements(section)
    day = today(ctx.clock).isoformat()
    drafts = []
    for student, level in levels.items():
        if level is not None and level not in LEVELS:
            raise Refusal("level_out_of_range", least=LEVELS[0], most=LEVELS[-1])
        if known.get(student) != level:
            entity = derived_id("judgement", student)
            drafts.append(put(section, "judgement", entity, student=student, level=level, day=day))
    return ctx.commit("judgement_set", drafts)
