"""Who works with whom: even groups at random, mixed or as last time that keep the teacher's rules, and their shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

from blenddesk.domain.ids import Id
from blenddesk.domain.planning import group_rules
from blenddesk.domain.planning import pairs as pair_solver
from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.group_checker import grouping_faults
from blenddesk.domain.planning.pair_problem import PairProblem
from blenddesk.domain.planning.regroup import regroup
from blenddesk.domain.plans import SHAPES, Group, Grouping
from blenddesk.errors import Refusal

Groups: TypeAlias = tuple[tuple[Id, ...], ...]
Pair: TypeAlias = tuple[Id, Id]

MOST_STUDENTS = 120
SWEEPS_DOWN = 10
MOST_SWEEPS = 40
SWAP_TRIES = 20_000
"""Down from random groups to where no swap helps, and annealing for as long as nobody notices (about 20 ms)."""

# One table of costs over pairs carries every wish; each factor makes its wish outweigh the next.
_SAME_LEVEL = 10_000
_SAME_SIDE = 100
_MET_BEFORE = 20


class Rule(NamedTuple):
    """Something the teacher asked for: ``kind`` is together, apart, locked (one student, ``group``) or sizes."""

    kind: str
    students: tuple[Id, ...]
    group: int | None = None


class Move(NamedTuple):
    """The one change that moving a student makes, and the rules of the teacher it breaks (to warn, not to forbid)."""

    student: Id
    before: Id | None
    after: Id
    breaks: tuple[Rule, ...]


def group_sizes(students: int, *, group_count: int | None = None, group_size: int | None = None) -> tuple[int, ...]:
    """Sizes within 1 of each other, the bigger first: of a number of groups, or of as many as come nearest to a size.

    Refusal ``groups_out_of_range`` when not exactly one of the two is given, or a group would be empty.
    """
    if (group_count is None) == (group_size is None) or (group_size is not None and group_size < 1):
        raise Refusal("groups_out_of_range", students=students, groups=group_count, size=group_size)
    if group_count is None and group_size is not None:
        group_count = max(1, (2 * students + group_size) // (2 * group_size))
    if group_count is None or not 1 <= group_count <= students or students > MOST_STUDENTS:
        raise Refusal("groups_out_of_range", students=students, groups=group_count, size=group_size)
    each, more = divmod(students, group_count)
    return tuple(each + 1 if index < more else each for index in range(group_count))


def make_groups(
    students: Sequence[Id],
    *,
    mode: Grouping,
    seed: int,
    group_count: int | None = None,
    group_size: int | None = None,
    levels: Mapping[Id, int] | None = None,
    history: Sequence[Sequence[Sequence[Id]]] = (),
    together: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
    locked: Mapping[Id, int] | None = None,
) -> Groups:
    """Put every student into one group; sizes differ by at most 1 and every rule holds.

    ``levels``: the teacher's judgement per student; mixed groups spread each level evenly. Without levels mixed groups
    are random ones that avoid partners from ``history`` (earlier groupings, the latest last). ``locked``: student to
    index of a group. As last time starts from the latest grouping and moves as few as the sizes and rules need; by hand
    keeps the teacher's groups as they are, sizes and all, and only gives newcomers a place. Absent students are grouped
    too, they come back. The same arguments give the same groups.

    Refusal ``groups_impossible`` (rules: a smallest set that clashes; proven: False when it is only "none found").
    """
    order = list(dict.fromkeys(students))
    known = set(order)
    latest = [[student for student in group if student in known] for group in history[-1]] if history else []
    if mode is Grouping.BY_HAND and latest:
        return _in_list_order(_with_newcomers(latest, order), order)
    if mode is Grouping.AS_LAST_TIME and latest and group_count is None and group_size is None:
        group_count = min(len(latest), len(order))
    count = len(group_sizes(len(order), group_count=group_count, group_size=group_size))
    sizes = group_rules.even_sizes(len(order), count)
    index = {student: place for place, student in enumerate(order)}
    rules = _rules(known, together, apart, locked or {})
    constraints = [_constraint(rule, index) for rule in rules]
    random = Random(seed)
    placing = group_rules.place(len(order), sizes, constraints, random)
    group_of: Sequence[int] | None = placing.group_of
    if group_of is None:
        clash = group_rules.smallest_clash(len(order), sizes, constraints) if placing.proven else range(len(rules))
        raise Refusal("groups_impossible", rules=tuple(rules[place] for place in clash), proven=placing.proven)
    nothing = [[0] * len(order)] * len(order)
    problem: PairProblem | None = None
    if mode is Grouping.MIXED:
        problem = PairProblem(_mixing_costs(order, index, levels or {}, history), sizes, rules=constraints)
    elif mode is Grouping.AS_LAST_TIME and latest:
        again = _last_groups(latest, index)
        if not grouping_faults(again, len(order), sizes, constraints):
            group_of = [
                group for _one, group in sorted((one, group) for group, all_ in enumerate(again) for one in all_)
            ]
        problem = PairProblem(nothing, sizes, _homes(latest, index, len(sizes)), constraints)
    if problem is not None:
        iterations = SWEEPS_DOWN + min(MOST_SWEEPS, SWAP_TRIES // (1 + len(order) * (len(order) - 1) // 2))
        *_worse, best = pair_solver.solve(problem, group_of, seed, Budget(iterations=iterations))
        group_of = best.group_of
    groups: list[list[Id]] = [[] for _ in sizes]
    for student, group in zip(order, group_of, strict=True):
        groups[group].append(student)
    return tuple(tuple(group) for group in groups)


def deal_shapes(count: int, seed: int, previous: Sequence[str] | None = None) -> tuple[str, ...]:
    """A shape for each of ``count`` groups, at random at each grouping, so that no shape comes to mean anything.

    No group gets the shape that the group in its place had in ``previous``. Up to eight groups all differ; after that
    shapes come again.
    """
    random = Random(seed)
    before = [*(previous or ()), *[""] * count][:count]
    dealt: list[str] = []
    while len(dealt) < count:
        old = before[len(dealt) : len(dealt) + len(SHAPES)]
        lap = list(SHAPES)
        random.shuffle(lap)
        for place, shape in enumerate(old):
            if lap[place] == shape:
                # One of the other seven places (used or not) can always trade: it must not get its own old shape back.
                others = [other for other in range(len(lap)) if _may_trade(lap, old, place, other)]
                other = random.choice(others)
                lap[place], lap[other] = lap[other], lap[place]
        dealt += lap[: len(old)]
    return tuple(dealt)


def move_student(
    groups: Sequence[Group], student: Id, to: Id, *, together: Iterable[Pair] = (), apart: Iterable[Pair] = ()
) -> Move:
    """Move one student and nobody else. The teacher's hand wins over the rules: the broken ones are named.

    Refusal ``group_unknown`` when there is no group ``to``; ``already_there`` when nothing would change.
    """
    before = next((group.id for group in groups if student in group.students), None)
    if all(group.id != to for group in groups):
        raise Refusal("group_unknown")
    if before == to:
        raise Refusal("already_there")
    after = [[one for one in group.students if one != student] + [student] * (group.id == to) for group in groups]
    breaks = [rule for rule in broken_rules(after, together=together, apart=apart) if student in rule.students]
    sizes = [len(group) for group in after]
    if max(sizes) - min(sizes) > 1:
        breaks.append(Rule("sizes", (student,)))
    return Move(student, before, to, tuple(breaks))


def place_newcomer(groups: Sequence[Group], student: Id, *, apart: Iterable[Pair] = ()) -> Id:
    """The group for a child who joins: the smallest one, without anyone to keep apart from where there is such."""
    if not groups:
        raise Refusal("group_unknown")
    enemies = {one for pair in apart if student in pair for one in pair} - {student}
    return min(groups, key=lambda group: (bool(enemies & set(group.students)), len(group.students), group.position)).id


def broken_rules(
    groups: Sequence[Sequence[Id]], *, together: Iterable[Pair] = (), apart: Iterable[Pair] = ()
) -> tuple[Rule, ...]:
    """The together and apart rules that a grouping breaks; a rule about someone in no group is not broken."""
    place = {student: index for index, group in enumerate(groups) for student in group}
    broken = []
    for kind, pairs, wanted in (("together", together, True), ("apart", apart, False)):
        for first, second in pairs:
            if first in place and second in place and (place[first] == place[second]) is not wanted:
                broken.append(Rule(kind, (first, second)))
    return tuple(broken)


def _rules(known: set[Id], together: Iterable[Pair], apart: Iterable[Pair], locked: Mapping[Id, int]) -> list[Rule]:
    """Rules about students who are here; those who left the class no longer matter."""
    rules = [Rule("together", pair) for pair in together if set(pair) <= known]
    rules += [Rule("apart", pair) for pair in apart if set(pair) <= known]
    return rules + [Rule("locked", (student,), group) for student, group in locked.items() if student in known]


def _constraint(rule: Rule, index: Mapping[Id, int]) -> group_rules.Rule:
    first = index[rule.students[0]]
    if rule.group is not None:
        return rule.kind, first, rule.group
    return rule.kind, first, index[rule.students[1]]


def _mixing_costs(
    order: Sequence[Id], index: Mapping[Id, int], levels: Mapping[Id, int], history: Sequence[Sequence[Sequence[Id]]]
) -> list[list[int]]:
    """What it costs to have two students in one group: the same level, both strong or both weak, having met."""
    known = [levels[student] for student in order if student in levels]
    # Twice the distance from the middle, in whole numbers: two on the same side add up, one of each cancels out.
    middle = 2 * sum(known) // len(known) if known else 0
    sides = [2 * levels[student] - middle if student in levels else 0 for student in order]
    met = [[0] * len(order) for _ in order]
    for grouping in history:
        for group in grouping:
            places = [index[student] for student in group if student in index]
            for first in places:
                for second in places:
                    met[first][second] += 1
    costs = []
    for first, student in enumerate(order):
        level = levels.get(student)
        row = []
        for second, other in enumerate(order):
            same = level is not None and levels.get(other) == level
            row.append(
                _SAME_LEVEL * same + _SAME_SIDE * sides[first] * sides[second] + _MET_BEFORE * met[first][second] ** 2
            )
        costs.append(row)
    return costs


def _last_groups(latest: Sequence[Sequence[Id]], index: Mapping[Id, int]) -> tuple[tuple[int, ...], ...]:
    """Last time's groups with newcomers in the smallest, made even by the fewest moves."""
    everyone = _with_newcomers(latest, list(index))
    return regroup([[index[student] for student in group] for group in everyone], ()).groups


def _homes(latest: Sequence[Sequence[Id]], index: Mapping[Id, int], groups: int) -> list[list[int]]:
    """1 for every group but the student's last one; nothing for newcomers and for groups that are no more."""
    costs = [[0] * groups for _ in index]
    for home, group in enumerate(latest):
        for student in group:
            costs[index[student]] = [int(other != home) for other in range(groups)]
    return costs


def _with_newcomers(latest: Sequence[Sequence[Id]], order: Sequence[Id]) -> list[list[Id]]:
    groups = [list(group) for group in latest]
    placed = {student for group in groups for student in group}
    for student in order:
        if student not in placed:
            min(groups, key=len).append(student)
    return groups


def _in_list_order(groups: Sequence[Sequence[Id]], order: Sequence[Id]) -> Groups:
    """Inside a group students stand in the order of the class list, which says nothing about them."""
    place = {student: index for index, student in enumerate(order)}
    return tuple(tuple(sorted(group, key=place.__getitem__)) for group in groups)


def _may_trade(lap: Sequence[str], old: Sequence[str], place: int, other: int) -> bool:
    if other == place or lap[other] == old[place]:
        return False
    return other >= len(old) or lap[place] != old[other]
