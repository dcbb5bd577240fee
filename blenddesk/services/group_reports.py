"""Why groups are as they are: the report card beside the best possible, what a move changes, a student's reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.group_figures import (
    averages_gap,
    best_averages_gap,
    best_matching,
    best_spread,
    must_meet_again,
    spread,
)
from blenddesk.domain.ids import Id
from blenddesk.domain.planning import group_levels as levels
from blenddesk.domain.planning.group_levels import HELPERS, MOVED, REPEATS, RULES, WISH, Blend, Wishes
from blenddesk.domain.planning.group_rules import even_sizes
from blenddesk.domain.planning.pair_problem import Helpers, PairProblem, lower_bound, missing_helpers
from blenddesk.domain.plans import Grouping, PlanSheet
from blenddesk.domain.ports import today
from blenddesk.services.groups import REMEMBERED_LESSONS

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

Pairs = tuple[tuple[Id, Id], ...]
SIMILAR, MIXED, INTEREST = "similar", "mixed", "interest"
AIMS = (REPEATS, WISH, MOVED)
"""What the numbers of a stored order stand for."""


class AskedRule(NamedTuple):
    """A rule of the teacher: ``kind`` is together, apart or locked (one student); ``id`` of its record, if any."""

    kind: str
    students: tuple[Id, ...]
    id: Id | None = None


class Asked(NamedTuple):
    """What a plan's groups are asked for; students are counted in the order of ``students``.

    ``rules`` stand beside ``wishes.rules`` and ``helpers`` (kinds) beside ``wishes.helpers``. ``wish`` is the aim of
    the mode (similar, mixed, interest), "" when chance decides. ``lessons``: how many earlier ones are remembered.
    """

    students: tuple[Id, ...]
    groups: tuple[Id, ...]
    group_of: tuple[int, ...]
    wishes: Wishes
    rules: tuple[AskedRule, ...]
    helpers: tuple[str, ...]
    wish: str
    lessons: int
    must_meet: int = 0
    """Pairs that meet again in any grouping of these sizes."""

    def number(self, student: Id) -> int:
        return self.students.index(student)


class ReportLine(NamedTuple):
    """One line: how many, what no grouping can be below, and whom it is about.

    ``name``: rules, helpers, repeats, wish, moved. The gap of averages (wish of mixed groups) is in hundredths of a
    level. ``total``: of how many (rules, groups that need a helper, students whose level is known), else 0.
    """

    name: str
    number: int
    best: int
    pairs: Pairs = ()
    students: tuple[Id, ...] = ()
    total: int = 0


class Report(NamedTuple):
    """Five lines, most important first; ``wish`` and ``lessons`` say what the figures are about."""

    lines: tuple[ReportLine, ...]
    wish: str
    lessons: int

    def line(self, name: str) -> ReportLine:
        return next(line for line in self.lines if line.name == name)


class Reason(NamedTuple):
    """Why a student is in a group, as a code with the others it is about.

    Codes: ``locked``, ``apart`` and ``together`` (kept), ``apart_broken``, ``together_broken``, ``helper`` (``words``:
    the kind), ``meets`` (``number``: for which time), ``first_time``, ``same_need``, ``other_need``, ``interest``
    (``words``), ``with_again`` (last time's group), ``elsewhere`` (``number`` would meet again in ``group``).
    """

    code: str
    students: tuple[Id, ...] = ()
    number: int = 0
    group: Id | None = None
    words: tuple[str, ...] = ()


def asked(ctx: AppContext, section: Id, sheet: PlanSheet) -> Asked:
    """What the plan's groups are asked for, from the rules, judgements, interests and the lessons before."""
    placed = {student: index for index, group in enumerate(sheet.groups) for student in group.students}
    people = ctx.reads.people
    students = tuple(student.id for student in people.students(section) if student.id in placed)
    index = {student: place for place, student in enumerate(students)}
    when = sheet.plan.day or today(ctx.clock).isoformat()
    earlier = ctx.reads.plans.groupings_before(section, when, limit=REMEMBERED_LESSONS)
    history = [_numbered(groups, index) for groups in earlier if any(groups)]
    group_of = tuple(placed[student] for student in students)
    count = max(1, len(sheet.groups))
    stored = ctx.reads.plans.group_wishes(section, sheet.plan.id)
    kept = [
        AskedRule(rule.kind, (rule.first, rule.second), rule.id)
        for rule in people.pair_rules(section)
        if rule.first in index and rule.second in index
    ]
    kept += [AskedRule("locked", (one,)) for group in sheet.groups for one in group.locked if one in group.students]
    judgements = people.judgements(section)
    helping = people.helps_with(section) if stored.helpers else {}
    profiles = people.profiles(section)
    blend = _blend(sheet.plan.grouping, stored.blend)
    wishes = Wishes(
        sizes=even_sizes(len(students), count),
        levels=[judgements.get(student) for student in students],
        blend=blend,
        interests=[_interests(profiles[one].interests) if one in profiles else frozenset() for one in students],
        rules=[_counted(rule, index, placed) for rule in kept],
        helpers=[
            (tuple(index[one] for one in students if kind in helping.get(one, ())), (1,) * count)
            for kind in stored.helpers
        ],
        met=levels.meetings(len(students), [(date.min, groups) for groups in history]),
        last=_last(history[0], group_of, count) if history else [],
        order=_order(stored.order),
    )
    groups = tuple(group.id for group in sheet.groups)
    sizes = [len(students) // count + (place < len(students) % count) for place in range(count)]
    must = max((must_meet_again(lesson, sizes) for lesson in history), default=0)
    return Asked(students, groups, group_of, wishes, tuple(kept), stored.helpers, _wish(blend), len(history), must)


def report(ask: Asked, group_of: Sequence[int] | None = None) -> Report:
    """The five lines of the present groups, or of others."""
    where = ask.group_of if group_of is None else tuple(group_of)
    found = {
        RULES: _rules_line(ask, where),
        HELPERS: _helpers_line(ask, where),
        REPEATS: _pairs_line(ask, where, REPEATS, _clipped(ask.wishes.met, len(where)), ask.must_meet),
        WISH: _wish_line(ask, where),
        MOVED: _moved_line(ask, where),
    }
    return Report(tuple(found[name] for name in (RULES, HELPERS, *ask.wishes.order)), ask.wish, ask.lessons)


def after_move(ask: Asked, student: Id, group: Id) -> tuple[int, ...]:
    """Where everyone is once one student is put into another group."""
    place, target = ask.number(student), ask.groups.index(group)
    return tuple(target if one == place else home for one, home in enumerate(ask.group_of))


def changed_lines(before: Report, after: Report) -> list[tuple[ReportLine, ReportLine]]:
    """The lines that differ, most important first, old beside new."""
    return [(old, new) for old, new in zip(before.lines, after.lines, strict=True) if old.number != new.number]


def why_here(ask: Asked, student: Id) -> list[Reason]:
    """The terms that name this student, rules first."""
    one = ask.number(student)
    home = ask.group_of[one]
    mates = [other for other, group in enumerate(ask.group_of) if group == home and other != one]
    reasons = _rule_reasons(ask, student, home)
    for kind, (who, _wanted) in zip(ask.helpers, ask.wishes.helpers, strict=True):
        if one in who:
            reasons.append(Reason("helper", words=(kind,)))
    met = ask.wishes.met
    for times in sorted({met[one][other] for other in mates}, reverse=True):
        those = tuple(ask.students[other] for other in mates if met[one][other] == times)
        reasons.append(Reason("meets", those, times + 1) if times else Reason("first_time", those))
    reasons += _wish_reasons(ask, one, mates)
    last = ask.wishes.last
    if last and last[one] == home:
        again = tuple(ask.students[other] for other in mates if last[other] == home)
        if again:
            reasons.append(Reason("with_again", again))
    if ask.lessons:
        for group, other in enumerate(ask.groups):
            if group != home:
                times = sum(met[one][mate] > 0 for mate, where in enumerate(ask.group_of) if where == group)
                reasons.append(Reason("elsewhere", number=times, group=other))
    return reasons


# --- lines --------------------------------------------------------------------------------------------------------


def _rules_line(ask: Asked, where: Sequence[int]) -> ReportLine:
    broken = [rule for rule, asked_ in zip(ask.rules, ask.wishes.rules, strict=True) if not _holds(asked_, where)]
    pairs = tuple((rule.students[0], rule.students[1]) for rule in broken if len(rule.students) == 2)
    alone = tuple(rule.students[0] for rule in broken if len(rule.students) == 1)
    return ReportLine(RULES, len(broken), 0, pairs, alone, len(ask.rules))


def _helpers_line(ask: Asked, where: Sequence[int]) -> ReportLine:
    helpers = [Helpers(who, wanted, 1) for who, wanted in ask.wishes.helpers]
    missing = sum(missing_helpers(one, where) for one in helpers)
    best = sum(max(0, sum(one.wanted) - len(one.who)) for one in helpers)
    without = {
        group for one in helpers for group in range(len(ask.groups)) if group not in {where[who] for who in one.who}
    }
    return ReportLine(
        HELPERS, missing, best, students=_of_groups(ask, where, without), total=len(helpers) * len(ask.groups)
    )


def _pairs_line(ask: Asked, where: Sequence[int], name: str, table: list[list[int]], least: int = 0) -> ReportLine:
    """Pairs in one group that cost 1."""
    found = [(one, other) for one, other in combinations(range(len(where)), 2) if where[one] == where[other]]
    pairs = tuple((ask.students[one], ask.students[other]) for one, other in found if table[one][other])
    best = max(least, lower_bound(PairProblem(table, ask.wishes.sizes))) if where else 0
    return ReportLine(name, len(pairs), best, pairs)


def _wish_line(ask: Asked, where: Sequence[int]) -> ReportLine:
    known = ask.wishes.levels
    groups = [[one for one, home in enumerate(where) if home == group] for group in range(len(ask.groups))]
    sizes = [len(where) // max(1, len(groups)) + (g < len(where) % max(1, len(groups))) for g in range(len(groups))]
    by_group = [[level for one in group if (level := known[one]) is not None] for group in groups]
    if ask.wish == INTEREST:
        words = ask.wishes.interests
        alone = [
            [int(one != other and not words[one] & words[other]) for other in range(len(where))]
            for one in range(len(where))
        ]
        return _pairs_line(ask, where, WISH, alone)
    everyone = [level for level in known if level is not None]
    complete = len(everyone) == len(where)
    if ask.wish == SIMILAR:
        widest = max((spread(group) for group in by_group), default=0)
        those = {index for index, group in enumerate(by_group) if widest and spread(group) == widest}
        best = best_spread(everyone, sizes) if complete else 0
        return ReportLine(WISH, widest, best, students=_of_groups(ask, where, those), total=len(everyone))
    if ask.wish == MIXED:
        gap, those = averages_gap(by_group)
        best = best_averages_gap(sum(everyone), sizes) if complete else 0
        return ReportLine(WISH, gap, best, students=_of_groups(ask, where, those), total=len(everyone))
    return ReportLine(WISH, 0, 0)


def _moved_line(ask: Asked, where: Sequence[int]) -> ReportLine:
    last = ask.wishes.last
    moved = tuple(ask.students[one] for one, home in enumerate(last) if home is not None and home != where[one])
    best = levels.report(ask.wishes, where)[[RULES, HELPERS, *ask.wishes.order].index(MOVED)].at_least
    return ReportLine(MOVED, len(moved), best, students=moved)


def _of_groups(ask: Asked, where: Sequence[int], groups: Iterable[int]) -> tuple[Id, ...]:
    wanted = set(groups)
    return tuple(student for student, home in zip(ask.students, where, strict=True) if home in wanted)


def _holds(rule: tuple[str, int, int], where: Sequence[int]) -> bool:
    kind, first, second = rule
    if kind == "locked":
        return where[first] == second
    return (where[first] == where[second]) is (kind == "together")


def _clipped(met: Sequence[Sequence[int]], students: int) -> list[list[int]]:
    return [[int(times > 0) for times in row] for row in met] or [[0] * students for _ in range(students)]


# --- reasons ------------------------------------------------------------------------------------------------------


def _rule_reasons(ask: Asked, student: Id, home: int) -> list[Reason]:
    reasons = []
    for rule, counted in zip(ask.rules, ask.wishes.rules, strict=True):
        if student in rule.students:
            others = tuple(one for one in rule.students if one != student)
            holds = _holds(counted, ask.group_of)
            reasons.append(Reason(rule.kind if holds else f"{rule.kind}_broken", others, group=ask.groups[home]))
    return sorted(reasons, key=lambda reason: reason.code != "locked")


def _wish_reasons(ask: Asked, one: int, mates: Sequence[int]) -> list[Reason]:
    if ask.wish == INTEREST:
        shared = [other for other in mates if ask.wishes.interests[one] & ask.wishes.interests[other]]
        words = sorted({word for other in shared for word in ask.wishes.interests[one] & ask.wishes.interests[other]})
        return (
            [Reason("interest", tuple(ask.students[other] for other in shared), words=tuple(words))] if shared else []
        )
    level = ask.wishes.levels[one]
    if level is None or not ask.wish:
        return []
    same = tuple(ask.students[other] for other in mates if ask.wishes.levels[other] == level)
    other = tuple(ask.students[mate] for mate in mates if ask.wishes.levels[mate] not in (level, None))
    both = [Reason("same_need", same), Reason("other_need", other)]
    return [reason for reason in both if reason.students]


# --- what is asked ------------------------------------------------------------------------------------------------


def _numbered(groups: Sequence[Sequence[Id]], index: Mapping[Id, int]) -> list[list[int]]:
    return [[index[student] for student in group if student in index] for group in groups]


def _last(groups: Sequence[Sequence[int]], group_of: Sequence[int], count: int) -> list[int | None]:
    """Last time's groups under the numbers of today's groups that they have most students in common with."""
    number = best_matching(groups, group_of, count)
    home: dict[int, int] = {student: number[index] for index, group in enumerate(groups) for student in group}
    return [home.get(student) for student in range(len(group_of))]


def _counted(rule: AskedRule, index: Mapping[Id, int], placed: Mapping[Id, int]) -> tuple[str, int, int]:
    first = rule.students[0]
    return rule.kind, index[first], placed[first] if rule.kind == "locked" else index[rule.students[1]]


def _interests(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in words if word.strip())


def _blend(mode: Grouping, stored: Sequence[int]) -> Blend:
    if any(stored):
        return Blend(*[*stored, 0, 0, 0][:3])
    return Blend(mixed=1) if mode in (Grouping.MIXED, Grouping.BY_HAND) else Blend()


def _wish(blend: Blend) -> str:
    weight, name = max(zip(blend, (SIMILAR, MIXED, INTEREST), strict=True), key=lambda pair: pair[0])
    return name if weight else ""


def _order(stored: Sequence[int]) -> tuple[str, str, str]:
    if sorted(stored) == [0, 1, 2]:
        first, second, third = (AIMS[number] for number in stored)
        return first, second, third
    return AIMS
