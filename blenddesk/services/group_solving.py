"""Groups improved around those who are locked, and a second answer beside the first: solved apart, then taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import TYPE_CHECKING, NamedTuple, cast

from blenddesk.domain.groups import Rule
from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import ChangeSet, delete, put
from blenddesk.domain.planning import group_rules
from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.group_checker import grouping_faults
from blenddesk.domain.planning.group_levels import problem_of
from blenddesk.domain.planning.pairs import solve
from blenddesk.domain.plans import PlanSheet
from blenddesk.errors import BlendDeskError, Refusal
from blenddesk.services.group_reports import Asked, AskedRule, asked
from blenddesk.services.plan_sheets import load_sheet, membership_id, sheet_drafts

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

SWEEPS = 500
"""About a fifth of a second for 32 students; counted, so that the same seed gives the same groups everywhere."""
MOST_SECONDS = 3.0
_OTHERS = 4
"""How often a second answer is sought that differs from the first."""


class Answer(NamedTuple):
    """Groups that were found: the group of each student of ``asked``, by its number, and the seed that found them."""

    asked: Asked
    group_of: tuple[int, ...]
    seed: int

    @property
    def is_new(self) -> bool:
        return _partition(self.group_of) != _partition(self.asked.group_of)


def improved(ask: Asked, seed: int, cancelled: Callable[[], bool]) -> Answer:
    """Nobody who is locked moves, and no aim gets worse for one that comes after it. Runs in any thread.

    Refusal ``groups_impossible`` (rules: the fewest that clash, proven).
    """
    students, sizes, rules = len(ask.students), ask.wishes.sizes, ask.wishes.rules
    present = [[one for one, home in enumerate(ask.group_of) if home == group] for group in range(len(ask.groups))]
    start = list(ask.group_of)
    if grouping_faults(present, students, sizes, rules):
        start = _placed(ask, seed)
    return Answer(ask, _best(ask, start, seed, cancelled), seed)


def possible(ask: Asked, seed: int, _cancelled: Callable[[], bool]) -> Answer:
    """Any groups that keep the rules; to know, before groups are dealt anew, whether there are any.

    Naming the rules that clash may take a second: not for the window's thread. Refusal ``groups_impossible``.
    """
    return Answer(ask, tuple(_placed(ask, seed)), seed)


def another(ask: Asked, seed: int, cancelled: Callable[[], bool]) -> Answer:
    """A second answer, from a start of its own; other groups than the present ones where there are any."""
    answer = Answer(ask, ask.group_of, seed)
    for more in range(_OTHERS):
        answer = Answer(ask, _best(ask, _placed(ask, seed + more), seed + more, cancelled), seed + more)
        if answer.is_new or cancelled():
            break
    return answer


def take(ctx: AppContext, section: Id, plan: Id, answer: Answer) -> ChangeSet:
    """Writes groups that were found, with their seed, as one change. Names, shapes and places stay with the groups.

    Who joined meanwhile stays where they are. Refusal ``group_unknown`` when a group is gone, ``plan_unknown``.
    """
    before = load_sheet(ctx, section, plan)
    if {group.id for group in before.groups} != set(answer.asked.groups):
        raise Refusal("group_unknown")
    after = _with_answer(before, answer)
    drafts = sheet_drafts(section, before, after)
    if drafts:
        drafts.append(put(section, "grouping", derived_id("grouping", plan), plan=plan, seed=answer.seed))
    return ctx.commit("groups_made", drafts, args={"plan": plan.hex()})


def ask_for(ctx: AppContext, section: Id, plan: Id) -> Asked:
    """What the plan's groups are asked for now. Refusals ``plan_unknown``, ``class_empty``."""
    ask = asked(ctx, section, load_sheet(ctx, section, plan))
    if not ask.students:
        raise Refusal("class_empty")
    return ask


def set_locked(ctx: AppContext, section: Id, plan: Id, student: Id, *, locked: bool) -> ChangeSet:
    """The student stays in the group whatever is dealt anew, or no longer.

    Refusals ``no_such_student``, ``plan_unknown``.
    """
    sheet = load_sheet(ctx, section, plan)
    home = sheet.group_of(student)
    if home is None:
        raise Refusal("no_such_student")
    if (student in home.locked) is locked:
        return ctx.commit("student_locked", [])
    draft = put(section, "membership", membership_id(plan, student), locked=locked)
    label = "student_locked" if locked else "student_unlocked"
    return ctx.commit(label, [draft], args={"plan": plan.hex(), "student": student.hex(), "group": home.id.hex()})


def set_helpers(ctx: AppContext, section: Id, plan: Id, kinds: Iterable[str]) -> ChangeSet:
    """What every group of this plan needs a helper for (language, reader, device)."""
    load_sheet(ctx, section, plan)
    draft = put(section, "grouping", derived_id("grouping", plan), plan=plan, helpers=sorted(set(kinds)))
    return ctx.commit("group_helpers_chosen", [draft], args={"plan": plan.hex()})


def set_helps_with(ctx: AppContext, section: Id, student: Id, kinds: Iterable[str]) -> ChangeSet:
    """What a student helps others with. Refusal ``no_such_student``."""
    if ctx.reads.people.student(section, student) is None:
        raise Refusal("no_such_student")
    draft = put(section, "profile", derived_id("profile", student), student=student, helps_with=sorted(set(kinds)))
    return ctx.commit("student_helps", [draft], args={"student": student.hex()})


def drop_rule(ctx: AppContext, section: Id, plan: Id, rule: AskedRule) -> ChangeSet:
    """Takes one rule of a clash away: a lock of this plan, or together or apart for good."""
    if rule.kind == group_rules.LOCKED:
        return set_locked(ctx, section, plan, rule.students[0], locked=False)
    if rule.id is None:
        raise Refusal("no_such_student")
    return ctx.commit("pair_rule_removed", [delete(section, "pair_rule", rule.id)])


def named(ctx: AppContext, section: Id, refusal: BlendDeskError) -> tuple[AskedRule, ...]:
    """The rules of ``groups_impossible`` with the ids of their records, to drop one; () where none is to blame."""
    if refusal.code != "groups_impossible" or not refusal.data["proven"]:
        return ()
    rules = cast("tuple[Rule, ...]", refusal.data["rules"])
    known = {frozenset((one.first, one.second)): one.id for one in ctx.reads.people.pair_rules(section)}
    return tuple(AskedRule(rule.kind, rule.students, known.get(frozenset(rule.students))) for rule in rules)


def locked_places(sheet: PlanSheet) -> dict[Id, int]:
    """The number of the group that each locked student stays in."""
    return {one: index for index, group in enumerate(sheet.groups) for one in group.locked if one in group.students}


def _best(ask: Asked, start: list[int], seed: int, cancelled: Callable[[], bool]) -> tuple[int, ...]:
    *_worse, best = solve(problem_of(ask.wishes), start, seed, Budget(MOST_SECONDS, SWEEPS, cancelled))
    return best.group_of


def _placed(ask: Asked, seed: int) -> list[int]:
    students, sizes, rules = len(ask.students), ask.wishes.sizes, ask.wishes.rules
    placing = group_rules.place(students, sizes, rules, Random(seed))
    if placing.group_of is not None:
        return placing.group_of
    clash = group_rules.smallest_clash(students, sizes, rules) if placing.proven else range(len(rules))
    found = tuple(
        Rule(rules[one][0], ask.rules[one].students, rules[one][2] if rules[one][0] == group_rules.LOCKED else None)
        for one in clash
    )
    raise Refusal("groups_impossible", rules=found, proven=placing.proven)


def _with_answer(sheet: PlanSheet, answer: Answer) -> PlanSheet:
    home = {
        student: answer.asked.groups[group]
        for student, group in zip(answer.asked.students, answer.group_of, strict=True)
    }
    everyone = [(student, home.get(student, group.id)) for group in sheet.groups for student in group.students]
    locked = {one for group in sheet.groups for one in group.locked}
    groups = []
    for group in sheet.groups:
        members = tuple(student for student, where in everyone if where == group.id)
        groups.append(group._replace(students=members, locked=tuple(one for one in members if one in locked)))
    return sheet._replace(groups=tuple(groups))


def _partition(group_of: Iterable[int]) -> set[frozenset[int]]:
    where = list(group_of)
    return {frozenset(one for one, home in enumerate(where) if home == group) for group in set(where)}
