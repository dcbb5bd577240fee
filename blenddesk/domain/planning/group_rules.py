"""Rules about who is in which group: a grouping that keeps them all, or the smallest set of them that cannot hold.

Backtracking that always tries the student with the fewest places left and jumps back over those who are not to blame
(Prosser 1993, conflict-directed backjumping). Bounded by counted steps, never by time: "impossible" is only said when
the search was complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

TOGETHER, APART, LOCKED = "together", "apart", "locked"
Rule: TypeAlias = tuple[str, int, int]
"""(TOGETHER, student, student), (APART, student, student) or (LOCKED, student, group)."""
Sizes: TypeAlias = tuple[int, int]
"""The least and the most students of one group."""

SEARCH_STEPS = 3_000
CLASH_TRIES = 400


class Placing(NamedTuple):
    """The group of each student, or None: then ``proven`` tells "there is none" from "not found in time"."""

    group_of: list[int] | None
    proven: bool


class Atom(NamedTuple):
    """Students that stay together; most atoms are one student."""

    members: tuple[int, ...]
    locked: int | None


def even_sizes(students: int, groups: int) -> list[Sizes]:
    """Sizes within 1 of each other; which groups are the bigger ones is left open."""
    least = students // groups
    return [(least, -(-students // groups))] * groups


def place(students: int, sizes: Sequence[Sizes], rules: Sequence[Rule], random: Random) -> Placing:
    """Put everyone into a group at random so that sizes and rules hold; as even as the sizes let it be."""
    atoms = atoms_of(students, rules)
    fits = sum(low for low, _high in sizes) <= students <= sum(high for _low, high in sizes)
    if atoms is None or not fits:
        return Placing(None, proven=True)
    search = _Search(students, sizes, atoms, _enemies(atoms, rules), random)
    if search.run() is not None:
        return Placing(None, proven=not search.gave_up)
    group_of = [-1] * students
    for place_, group in search.placed.items():
        for member in atoms[place_].members:
            group_of[member] = group
    free = [student for student, group in enumerate(group_of) if group < 0]
    random.shuffle(free)
    # Which groups get one more is chance too, except where the rules already filled one up.
    order = list(range(len(sizes)))
    random.shuffle(order)
    loads = search.loads
    for student in free:
        group = min(
            (one for one in order if loads[one] < sizes[one][1]),
            key=lambda one: (loads[one] >= sizes[one][0], loads[one]),
        )
        group_of[student] = group
        loads[group] += 1
    return Placing(group_of, proven=True)


def smallest_clash(students: int, sizes: Sequence[Sizes], rules: Sequence[Rule]) -> tuple[int, ...]:
    """Indexes of the fewest rules that cannot hold together, for rules proven impossible. Empty: sizes alone clash.

    First a clash none of whose rules can be left out. Every clash takes one rule of each set whose leaving makes the
    rest possible, so the fewest rules that do are the smallest clash as soon as they clash (Ignatiev and others 2015,
    "Smallest MUS extraction with minimal hitting set dualization"). After ``CLASH_TRIES`` the first clash it is.
    """
    tries = 0

    def clash(kept: Iterable[int]) -> bool:
        nonlocal tries
        tries += 1
        placing = place(students, sizes, [rules[index] for index in sorted(kept)], Random(0))
        return placing.group_of is None and placing.proven

    everything = frozenset(range(len(rules)))
    first = everything
    for candidate in sorted(everything):
        if clash(first - {candidate}):
            first -= {candidate}
    to_hit = [frozenset({one}) for one in sorted(first) if not clash(everything - {one})]
    while tries < CLASH_TRIES:
        hitting = _fewest_that_hit(to_hit, len(first) - 1)
        if hitting is None:
            break
        if clash(hitting):
            return tuple(sorted(hitting))
        possible = hitting
        for one in sorted(everything - hitting):
            if tries < CLASH_TRIES and not clash(possible | {one}):
                possible |= {one}
        to_hit.append(everything - possible)
    return tuple(sorted(first))


def atoms_of(students: int, rules: Sequence[Rule]) -> list[Atom] | None:
    """Students merged by the together rules; None when a merged atom is locked to two groups or apart from itself."""
    root = list(range(students))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for kind, first, second in rules:
        if kind == TOGETHER:
            root[find(first)] = find(second)
    locks: dict[int, int] = {}
    for kind, first, second in rules:
        if kind == APART and find(first) == find(second):
            return None
        if kind == LOCKED and locks.setdefault(find(first), second) != second:
            return None
    members: dict[int, list[int]] = {}
    for one in range(students):
        members.setdefault(find(one), []).append(one)
    return [Atom(tuple(group), locks.get(one)) for one, group in members.items()]


def _fewest_that_hit(sets: Sequence[frozenset[int]], most: int) -> frozenset[int] | None:
    """The fewest elements, at most ``most``, with one of each set among them; None when there are none."""

    def extend(chosen: frozenset[int], left: int) -> frozenset[int] | None:
        missed = next((one for one in sets if not one & chosen), None)
        if missed is None:
            return chosen
        if left == 0:
            return None
        for element in sorted(missed):
            found = extend(chosen | {element}, left - 1)
            if found is not None:
                return found
        return None

    forced = frozenset(one for single in sets if len(single) == 1 for one in single)
    for size in range(len(forced), most + 1):
        found = extend(forced, size - len(forced))
        if found is not None:
            return found
    return None


def _enemies(atoms: Sequence[Atom], rules: Sequence[Rule]) -> list[set[int]]:
    atom_of = {member: place_ for place_, atom in enumerate(atoms) for member in atom.members}
    enemies: list[set[int]] = [set() for _ in atoms]
    for kind, first, second in rules:
        if kind == APART:
            enemies[atom_of[first]].add(atom_of[second])
            enemies[atom_of[second]].add(atom_of[first])
    return enemies


def _tangles(enemies: Sequence[set[int]]) -> list[int]:
    """How deep each atom sits in the web of apart rules (its core number): a clique of 5 gives 4, a star gives 1."""
    left = {place_: len(others) for place_, others in enumerate(enemies)}
    tangles, depth = [0] * len(enemies), 0
    while left:
        place_ = min(left, key=lambda one: (left[one], one))
        depth = max(depth, left.pop(place_))
        tangles[place_] = depth
        for other in enemies[place_] & left.keys():
            left[other] -= 1
    return tangles


class _Search:
    """Backtracking over the atoms that have rules, always the one with the fewest places left first."""

    def __init__(
        self,
        students: int,
        sizes: Sequence[Sizes],
        atoms: Sequence[Atom],
        enemies: Sequence[set[int]],
        random: Random,
    ) -> None:
        self.loads = [0] * len(sizes)
        self.placed: dict[int, int] = {}
        self.steps = 0
        self.gave_up = False
        self._students, self._sizes = students, sizes
        self._atoms, self._enemies, self._random = atoms, enemies, random
        self._tangles = _tangles(enemies)
        self._waiting = {
            place_
            for place_, atom in enumerate(atoms)
            if enemies[place_] or len(atom.members) > 1 or atom.locked is not None
        }

    def run(self) -> set[int] | None:
        """None when everyone has a place, else the placed atoms that are to blame.

        Who is not to blame need not be tried elsewhere (jumping back), so that a clash is found however many other
        rules there are. After too many steps ``gave_up`` is set and nobody is to blame, which ends the search.
        """
        if not self._waiting:
            return None
        self.steps += 1
        if self.steps >= SEARCH_STEPS:
            self.gave_up = True
            return set()
        fitting = {place_: self._fitting(place_) for place_ in sorted(self._waiting)}
        # Forced ones first, then the tangled core of the rules, then the big ones: the easy rest always finds a place.
        place_ = min(
            fitting,
            key=lambda one: (
                len(fitting[one]) > 1,
                -self._tangles[one],
                -len(self._atoms[one].members),
                len(fitting[one]),
            ),
        )
        blame = self._blame(place_, fitting[place_])
        choices = self._distinct(fitting[place_])
        size = len(self._atoms[place_].members)
        self._waiting.discard(place_)
        for group in choices:
            self.placed[place_] = group
            self.loads[group] += size
            trouble = self.run()
            if trouble is None:
                return None
            self.loads[group] -= size
            del self.placed[place_]
            if place_ not in trouble:
                blame = trouble
                break
            blame |= trouble - {place_}
        self._waiting.add(place_)
        return blame

    def _fitting(self, place_: int) -> list[int]:
        atom = self._atoms[place_]
        taken = {self.placed[enemy] for enemy in self._enemies[place_] if enemy in self.placed}
        candidates = range(len(self.loads)) if atom.locked is None else (atom.locked,)
        return [group for group in candidates if group not in taken and self._has_room(group, len(atom.members))]

    def _distinct(self, fitting: list[int]) -> list[int]:
        """In random order. Empty groups of one size are all alike: trying one is trying all; "impossible" is quick."""
        self._random.shuffle(fitting)
        if any(self._atoms[other].locked is not None for other in self._waiting):
            return fitting
        alike: set[Sizes] = set()
        distinct = []
        for group in fitting:
            if self.loads[group] or self._sizes[group] not in alike:
                distinct.append(group)
            if not self.loads[group]:
                alike.add(self._sizes[group])
        return distinct

    def _blame(self, place_: int, fitting: Sequence[int]) -> set[int]:
        """Who closes the groups that do not fit: someone to keep apart from, else everyone (no room)."""
        atom = self._atoms[place_]
        blame = set()
        for group in range(len(self.loads)) if atom.locked is None else (atom.locked,):
            if group in fitting:
                continue
            enemy = next((one for one in sorted(self._enemies[place_]) if self.placed.get(one) == group), None)
            if enemy is None:
                return set(self.placed)
            blame.add(enemy)
        return blame

    def _has_room(self, group: int, size: int) -> bool:
        if not 0 <= group < len(self.loads):
            return False
        load = self.loads[group] + size
        if load > self._sizes[group][1]:
            return False
        # Everyone counts once: groups that still need their least leave so much less for this one.
        others = sum(max(low, self.loads[other]) for other, (low, _high) in enumerate(self._sizes) if other != group)
        return others + max(load, self._sizes[group][0]) <= self._students
