"""Whether groups keep what was asked, and what they cost: knows the rules and nothing of how groups are searched.

Used by tests, and by whoever wants to be sure before saving. Everything is counted from nothing, in the plainest way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

Groups = Sequence[Sequence[int]]


def grouping_faults(
    groups: Groups,
    students: int,
    sizes: Sequence[tuple[int, int]],
    rules: Sequence[tuple[str, int, int]] = (),
) -> list[str]:
    """What is wrong with a grouping, as code and numbers; nothing when all is well."""
    faults = []
    if len(groups) != len(sizes):
        faults.append(f"groups {len(groups)} of {len(sizes)}")
    seen = Counter(student for group in groups for student in group)
    faults += [f"student {student} in {seen[student]} groups" for student in range(students) if seen[student] != 1]
    faults += [f"student {student} unknown" for student in seen if not 0 <= student < students]
    for place, (group, (least, most)) in enumerate(zip(groups, sizes, strict=False)):
        if not least <= len(group) <= most:
            faults.append(f"group {place} has {len(group)}, not {least} to {most}")
    home = {student: place for place, group in enumerate(groups) for student in group}
    for kind, first, second in rules:
        kept = {
            "together": home.get(first) == home.get(second),
            "apart": home.get(first) != home.get(second),
            "locked": home.get(first) == second,
        }[kind]
        if not kept:
            faults.append(f"{kind} {first} {second}")
    return faults


def pair_points(groups: Groups, points: Mapping[tuple[int, int], int]) -> int:
    """The sum of ``points[i, j]`` (i < j) over pairs inside groups."""
    return sum(points.get(pair, 0) for group in groups for pair in combinations(sorted(group), 2))


def term_faults(schedule: Sequence[Groups], students: int, sizes: Sequence[tuple[int, int]], weeks: int) -> list[str]:
    """What is wrong with a term, week by week."""
    faults = [] if len(schedule) == weeks else [f"weeks {len(schedule)} of {weeks}"]
    for number, week in enumerate(schedule):
        faults += [f"week {number}: {fault}" for fault in grouping_faults(week, students, sizes)]
    return faults


def term_repeats(schedule: Sequence[Groups]) -> int:
    """The sum over pairs of C(meetings, 2)."""
    met = Counter(pair for week in schedule for group in week for pair in combinations(sorted(group), 2))
    return sum(times * (times - 1) // 2 for times in met.values())


def regrouping_faults(
    before: Groups, after: Groups, absent: Collection[int], moved: Collection[int], within: int
) -> list[str]:
    """What is wrong with groups made anew: sizes, who is there, and whether exactly the named students moved."""
    faults = []
    sizes = [len(group) for group in after]
    if len(after) != len(before):
        faults.append(f"groups {len(after)} of {len(before)}")
    if max(sizes) - min(sizes) > within:
        faults.append(f"sizes {sizes}")
    old = {student: place for place, group in enumerate(before) for student in group if student not in absent}
    new = {student: place for place, group in enumerate(after) for student in group}
    if set(old) != set(new) or len(new) != sum(sizes):
        faults.append("other students")
    if {student for student in old if old[student] != new.get(student)} != set(moved) or len(moved) != len(set(moved)):
        faults.append("moved wrongly named")
    return faults
