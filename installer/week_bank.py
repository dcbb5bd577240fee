"""Finds weeks without a repeated pair for every class of 12 to 45 and keeps the best in ``resources/weeks.txt``.

    .venv/bin/python installer/week_bank.py [--seconds 5] [--passes 3]   search on from what is there
    .venv/bin/python installer/week_bank.py --table                      what is there, beside published bests

It may be stopped at any time: what is found is written at once. Everything in the file was computed by this program, so
it carries the project's own licence.
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import combinations
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from blenddesk.domain.planning import pairs, week_cycles  # noqa: E402
from blenddesk.domain.planning.budget import Budget  # noqa: E402
from blenddesk.domain.planning.group_checker import term_faults, term_repeats  # noqa: E402
from blenddesk.domain.planning.group_rules import even_sizes, place  # noqa: E402
from blenddesk.domain.planning.pair_problem import PairProblem  # noqa: E402
from blenddesk.domain.planning.week_bank import bank_line, banked_weeks, read_bank  # noqa: E402
from blenddesk.domain.planning.week_cycles import Rings  # noqa: E402
from blenddesk.domain.planning.week_designs import Week, transversal_weeks  # noqa: E402
from blenddesk.domain.planning.weeks import chosen_sizes  # noqa: E402

FILE = ROOT / "resources" / "weeks.txt"
HEADER = """# Weeks of groups in which no pair meets twice, made by installer/week_bank.py.
# students groups places fixed | base weeks, to be turned | further weeks
"""
CLASSES = range(12, 46)
SIZES = (3, 4, 5)
PUBLISHED = {
    **{(4, 3): 4, (5, 3): 7, (6, 3): 8, (7, 3): 10, (8, 3): 11, (9, 3): 13, (10, 3): 14},
    **{(11, 3): 16, (12, 3): 17, (13, 3): 19, (14, 3): 20, (15, 3): 22},
    **{(4, 4): 5, (5, 4): 5, (6, 4): 7, (7, 4): 9, (8, 4): 10, (9, 4): 11, (10, 4): 13, (11, 4): 11},
    **{(5, 5): 6, (6, 5): 6, (7, 5): 7, (8, 5): 8, (9, 5): 9},
}
"""(groups, size) to weeks: social golfers and, from 11 groups of 3, Kirkman systems (Ray-Chaudhuri, Wilson 1971).

Classes that do not fill their groups are held to the same number: leaving students out keeps weeks free of repeats.
"""


def patterns() -> list[tuple[int, int, int]]:
    """(students, groups, largest size) of each class and size for which a second week can be free of repeats."""
    found = {}
    for size in SIZES:
        for students in CLASSES:
            groups = -(-students // size)
            if (groups, size) in PUBLISHED and students > groups * (size - 1):
                found[students, groups] = size
    return [(students, groups, size) for (students, groups), size in sorted(found.items())]


def most_weeks(students: int, sizes: list[int]) -> int:
    """No class has more: the pairs would run out."""
    return students * (students - 1) // sum(size * (size - 1) for size in sizes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--seconds", type=float, default=5, help="for each way of laying students out, in the first pass"
    )
    parser.add_argument("--passes", type=int, default=3, help="each pass takes twice as long as the one before")
    parser.add_argument("--students", type=int, nargs="*", default=list(CLASSES), help="only classes of these sizes")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    lines = dict(read_bank(FILE.read_text("utf-8"))) if FILE.exists() else {}
    lines = {key: line for key, line in lines.items() if is_sound(lines, *key)}
    if options.table:
        print_table(lines)
        return 0
    for lap in range(options.passes):
        # Classes behind the published best come first.
        behind = sorted(patterns(), key=lambda one: best_weeks(lines, *one[:2]) - PUBLISHED[one[1], one[2]])
        for students, groups, size in (one for one in behind if one[0] in options.students):
            improve(lines, students, groups, size, options.seconds * 2**lap, Random(lap))
    print_table(lines)
    return 0


def print_table(lines: dict[tuple[int, int], str]) -> None:
    """Each class beside the published best and what counting allows, and how many reach it."""
    reached = short = 0
    for students, groups, size in patterns():
        weeks, best = best_weeks(lines, students, groups), PUBLISHED[groups, size]
        reached += weeks >= best
        short = max(short, best - weeks)
        most = most_weeks(students, chosen_sizes(students, even_sizes(students, groups)))
        print(f"{students} in {groups} of {size}: {weeks} weeks, published {best}, at most {most}")
    print(f"{reached} of {len(patterns())} at or above the published best, none more than {short} below")


def is_sound(lines: dict[tuple[int, int], str], students: int, groups: int) -> bool:
    weeks = banked_weeks(lines, students, groups)
    return not term_faults(weeks, students, even_sizes(students, groups), len(weeks)) and not term_repeats(weeks)


def best_weeks(lines: dict[tuple[int, int], str], students: int, groups: int) -> int:
    return max(len(transversal_weeks(students, groups)), len(banked_weeks(lines, students, groups)))


def improve(
    lines: dict[tuple[int, int], str], students: int, groups: int, size: int, seconds: float, random: Random
) -> None:
    """Tries what gives one more week: leaving students out of a bigger class, turning, and adding to what there is."""
    sizes = chosen_sizes(students, even_sizes(students, groups))
    limit = most_weeks(students, sizes)

    def keep(rings: Rings, base: list[Week], more: list[Week]) -> None:
        weeks = week_cycles.turned(rings, base) + more
        weeks += further_weeks(students, sizes, weeks, limit, seconds / 4, random)
        ranges = even_sizes(students, groups)
        sound = not term_faults(weeks, students, ranges, len(weeks)) and not term_repeats(weeks)
        if sound and len(weeks) > best_weeks(lines, students, groups):
            extra = weeks[rings.base * rings.places :]
            lines[students, groups] = bank_line(groups, rings, base, extra)
            write(lines)
            print(f"{students} in {groups}: {len(weeks)} weeks, published {PUBLISHED[groups, size]}", flush=True)

    unturned = Rings(0, 1, students, 0)
    for left_out in range(1, groups):
        bigger = longest(lines, students + left_out, groups)
        if len(bigger) > best_weeks(lines, students, groups):
            smaller = without(bigger, students + left_out, left_out)
            if smaller:
                keep(unturned, [], smaller)
    keep(unturned, [], longest(lines, students, groups))
    # Who is behind first reaches the published best; only a later pass looks for more.
    behind = best_weeks(lines, students, groups) < PUBLISHED[groups, size]
    most = min(limit, PUBLISHED[groups, size]) if behind else limit
    for target in range(most, best_weeks(lines, students, groups), -1):
        for base_weeks in (1, 2, 3, 4):
            for rings in week_cycles.promising(sizes, target, target, base_weeks)[:4]:
                if rings.weeks <= best_weeks(lines, students, groups):
                    continue
                found = turn(rings, sizes, seconds, random)
                if found:
                    keep(rings, found, [])


def longest(lines: dict[tuple[int, int], str], students: int, groups: int) -> list[Week]:
    return max(transversal_weeks(students, groups), banked_weeks(lines, students, groups), key=len)


def turn(rings: Rings, sizes: list[int], seconds: float, random: Random) -> list[Week] | None:
    end = time.process_time() + seconds
    for found in week_cycles.search(rings, sizes, random):
        if found is not None:
            return found
        if time.process_time() > end:
            return None
    return None


def without(weeks: list[Week], students: int, left_out: int) -> list[Week] | None:
    """The weeks without students of whom no two ever meet, so that no group loses two; None when there are none."""
    met = {pair for week in weeks for group in week for pair in combinations(sorted(group), 2)}

    def strangers(chosen: tuple[int, ...]) -> tuple[int, ...] | None:
        if len(chosen) == left_out:
            return chosen
        for student in range(chosen[-1] + 1 if chosen else 0, students):
            if all((one, student) not in met for one in chosen):
                found = strangers((*chosen, student))
                if found:
                    return found
        return None

    gone = strangers(())
    if gone is None:
        return None
    staying = [student for student in range(students) if student not in gone]
    number = {student: place_ for place_, student in enumerate(staying)}
    return [tuple(tuple(number[one] for one in group if one in number) for group in week) for week in weeks]


def further_weeks(
    students: int, sizes: list[int], weeks: list[Week], limit: int, seconds: float, random: Random
) -> list[Week]:
    """Weeks that can be added one by one without a pair that has met."""
    costs = [[0] * students for _ in range(students)]
    for week in weeks:
        for group in week:
            for one, other in combinations(group, 2):
                costs[one][other] = costs[other][one] = 1
    found: list[Week] = []
    while len(weeks) + len(found) < limit:
        problem = PairProblem(costs, [(size, size) for size in sizes])
        start = place(students, problem.sizes, (), random).group_of
        assert start is not None  # sizes alone are always possible
        *_, best = pairs.solve(problem, start, random.randrange(1000), Budget(seconds=seconds))
        if best.cost:
            break
        everyone = range(students)
        new = [tuple(one for one in everyone if best.group_of[one] == group) for group in range(len(sizes))]
        found.append(tuple(new))
        for group in new:
            for one, other in combinations(group, 2):
                costs[one][other] = costs[other][one] = 1
    return found


def write(lines: dict[tuple[int, int], str]) -> None:
    text = HEADER + "".join(lines[key] + "\n" for key in sorted(lines))
    unfinished = FILE.with_suffix(".new")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(FILE)


if __name__ == "__main__":
    sys.exit(main())
