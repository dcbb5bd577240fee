"""``solve groups FILE``: groups for one lesson, for a term, or for a day with students away; touches no class data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TypeAlias

from blenddesk.commands.problem_file import Problem
from blenddesk.commands.terminal import Answer, Terminal, UsageError, absolute
from blenddesk.domain.planning.budget import Budget
from blenddesk.text import _, resources_root

Sizes: TypeAlias = list[tuple[int, int]]

MILLIONTHS = 1_000_000
"""What numbers with a fraction are counted in."""
CAP_SECONDS = 60.0
"""For a problem that names iterations and no seconds."""


def solve_groups(terminal: Terminal) -> Answer:
    problem = Problem(absolute(terminal.options.file))
    kinds: Mapping[str, Callable[[Problem], Answer]] = {"pairs": _pairs, "weeks": _weeks, "regroup": _regroup}
    kind = problem.word("kind", tuple(kinds))
    return kinds[kind](problem)


def _pairs(problem: Problem) -> Answer:
    from blenddesk.domain.planning import pairs
    from blenddesk.domain.planning.group_rules import place
    from blenddesk.domain.planning.pair_problem import PairProblem

    students = problem.number("students", least=1, most=400)
    sizes = _sizes(problem, students)
    points = problem.pairs("points", students)
    scale = 1 if all(isinstance(value, int) for _one, _other, value in points) else MILLIONTHS
    sign = -1 if problem.flag("maximise", default=False) else 1
    costs = [[0] * students for _ in range(students)]
    for one, other, value in points:
        cost = sign * round(value * scale)
        costs[one][other] += cost
        costs[other][one] += cost
    seed, budget = problem.number("seed", default=1), budget_of(problem, 0.2)
    start = place(students, sizes, (), Random(seed)).group_of
    assert start is not None  # the sizes hold everyone
    *_worse, best = pairs.solve(PairProblem(costs, sizes), start, seed, budget)
    groups: list[list[int]] = [[] for _ in sizes]
    for student, group in enumerate(best.group_of):
        groups[group].append(student)
    total = sign * best.cost if scale == 1 else sign * best.cost / scale
    return _answer({"groups": groups, "points": total}, groups, budget)


def _weeks(problem: Problem) -> Answer:
    from blenddesk.domain.planning import weeks

    students = problem.number("students", least=1, most=200)
    sizes = _sizes(problem, students)
    many = problem.number("weeks", least=1, most=200)
    bank = None
    if problem.flag("bank", default=True):
        from blenddesk.domain.planning.week_bank import read_bank

        bank = read_bank((resources_root() / "weeks.txt").read_text("utf-8"))
    seed, budget = problem.number("seed", default=1), budget_of(problem, 1.0)
    asked = weeks.WeeksProblem(students, sizes, many)
    *_worse, best = weeks.solve(asked, seed, budget, bank)
    rows = [group for week in best.schedule for group in week]
    return _answer({"schedule": best.schedule, "repeat_points": best.repeat_points}, rows, budget)


def _regroup(problem: Problem) -> Answer:
    from blenddesk.domain.planning.regroup import regroup

    groups = problem.number_lists("groups")
    absent = problem.numbers("absent", default=())
    within = problem.number("sizes_within", default=1, least=0, most=1000)
    budget = budget_of(problem, 0.1)
    everyone = [student for group in groups for student in group]
    twice = [student for student in everyone if everyone.count(student) > 1]
    unknown = [student for student in absent if student not in set(everyone)]
    if twice:
        sentence = _("Student {student} is in two groups in {path}. Nothing was done; put them into one.")
        raise UsageError(sentence.format(student=twice[0], path=problem.path), "student_twice")
    if unknown:
        sentence = _("Student {student} is away in {path} but is in none of its groups. Nothing was done.")
        raise UsageError(sentence.format(student=unknown[0], path=problem.path), "student_unknown")
    here = len(everyone) - len(set(absent))
    if within == 0 and here % len(groups):
        raise _sizes_impossible(problem, here, len(groups) * (here // len(groups)), len(groups) * (here // len(groups)))
    after = regroup(groups, set(absent), within)
    budget.prove()
    return _answer({"groups": after.groups, "moved": sorted(after.moved)}, after.groups, budget)


def _answer(data: dict[str, object], rows: Sequence[Sequence[int]], budget: Budget) -> Answer:
    data |= {"milliseconds": budget.milliseconds, "stopped": budget.stopped}
    return Answer(data, [" ".join(map(str, group)) for group in rows])


def budget_of(problem: Problem, seconds: float) -> Budget:
    """What the file allows; ``seconds`` when it names neither iterations nor seconds."""
    iterations = problem.number("iterations", least=0) if problem.has("iterations") else None
    usual = seconds if iterations is None else CAP_SECONDS
    return Budget(seconds=problem.measure("seconds", default=usual, most=3600), iterations=iterations)


def _sizes(problem: Problem, students: int) -> Sizes:
    """The least and most students of each group, which must hold everyone."""
    sizes = problem.ranges("sizes")
    least, most = sum(low for low, _high in sizes), sum(high for _low, high in sizes)
    if not least <= students <= most:
        raise _sizes_impossible(problem, students, least, most)
    return sizes


def _sizes_impossible(problem: Problem, students: int, least: int, most: int) -> UsageError:
    sentence = _(
        "The groups in {path} hold from {least} to {most} students, but there are {students}. Nothing was done; change"
        " the sizes or the number of groups."
    )
    return UsageError(sentence.format(path=problem.path, least=least, most=most, students=students), "sizes_impossible")
