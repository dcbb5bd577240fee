"""Weeks without a repeated pair by construction: transversal designs for 2, 3, 4, 5, 7, 8, 9 and 11 groups.

A student is a point (column x, y) of a q x q grid; in week a, group b holds the points with y = a*x + b. Two points of
different columns satisfy that for one (a, b) of the field only, so they meet once (Bose 1938; Handbook of Combinatorial
Designs III.3).
"""

from __future__ import annotations

from typing import TypeAlias

Week: TypeAlias = tuple[tuple[int, ...], ...]
"""The students of each group, in one week."""

# The powers of primes, each with its prime and the lower coefficients of a polynomial without roots (x^2 = x + 1, ...).
_FIELDS = {
    2: (2, ()),
    3: (3, ()),
    4: (2, (1, 1)),
    5: (5, ()),
    7: (7, ()),
    8: (2, (1, 1, 0)),
    9: (3, (1, 1)),
    11: (11, ()),
}


def transversal_weeks(students: int, groups: int) -> list[Week]:
    """Weeks in which no two students meet twice, sizes within 1 of each other; none where there is no such design.

    As many weeks as groups; one more when the students fill the whole grid, as then the columns are groups too.
    """
    columns = -(-students // groups)
    if groups not in _FIELDS or columns > groups:
        return []
    weeks = []
    for a in range(groups):
        week: list[list[int]] = [[] for _ in range(groups)]
        for student in range(students):
            x, y = divmod(student, groups)
            week[_add(groups, y, _times(groups, a, x))].append(student)
        weeks.append(_biggest_first(week))
    if students == groups * groups:
        weeks.append(tuple(tuple(range(x * groups, (x + 1) * groups)) for x in range(groups)))
    return weeks


def _biggest_first(week: list[list[int]]) -> Week:
    return tuple(tuple(group) for group in sorted(week, key=lambda group: -len(group)))


def _digits(order: int, element: int) -> list[int]:
    """A field's element as a polynomial, the lowest coefficient first."""
    prime, reduction = _FIELDS[order]
    return [element // prime**power % prime for power in range(max(1, len(reduction)))]


def _number(order: int, digits: list[int]) -> int:
    prime, _reduction = _FIELDS[order]
    return sum(digit % prime * prime**power for power, digit in enumerate(digits))


def _add(order: int, one: int, other: int) -> int:
    return _number(order, [a + b for a, b in zip(_digits(order, one), _digits(order, other), strict=True)])


def _times(order: int, one: int, other: int) -> int:
    """The product of polynomials, reduced by x^n = the field's lower coefficients."""
    _prime, reduction = _FIELDS[order]
    left, right = _digits(order, one), _digits(order, other)
    product = [0] * (2 * len(left) - 1)
    for low, a in enumerate(left):
        for high, b in enumerate(right):
            product[low + high] += a * b
    for power in range(len(product) - 1, len(left) - 1, -1):
        for lower, coefficient in enumerate(reduction):
            product[power - len(reduction) + lower] += product[power] * coefficient
    return _number(order, product[: len(left)])
