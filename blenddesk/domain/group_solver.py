"""Places students into even groups under rules, by index: one table of costs over pairs serves every wish.

Bounded by counted steps, never by time, so that the same question gets the same answer on every computer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

Constraint: TypeAlias = tuple[str, int, int]
"""("together", student, student), ("apart", student, student) or ("locked", student, group)."""

Shift: TypeAlias = Callable[[int, int], None]
"""Put an atom into another group and keep the books."""

SEARCH_STEPS = 3_000
SWAP_TRIES = 40_000


class Placing(NamedTuple):
    """The group of each student, or None: then ``proven`` tells "there is none" from "not found in time"."""

    group_of: list[int] | None
    proven: bool


class _Atom(NamedTuple):
    """Students that stay together; most atoms are one student."""

    members: tuple[int, ...]
    locked: int | None


def place(sizes: Sequence[int], constraints: Sequence[Constraint], random: Random) -> Placing:
    """Put sum(sizes) students at random into groups of these sizes (in any order of size) so that every rule holds."""
    atoms = _atoms(sum(sizes), constraints)
    if atoms is None:
        return Placing(None, proven=True)
    enemies = _enemies(atoms, constraints)
    search = _Search(sizes, atoms, enemies, random)
    if search.run() is not None:
        return Placing(None, proven=not search.gave_up)
    group_of = [-1] * sum(sizes)
    for atom, group in search.placed.items():
        for member in atoms[atom].members:
            group_of[member] = group
    free = [student for student, group in enumerate(group_of) if group < 0]
    random.shuffle(free)
    # Which groups get one more is chance too, except where the rules already filled one up.
    by_load = list(range(len(sizes)))
    random.shuffle(by_load)
    by_load.sort(key=lambda group: search.loads[group] <= search.small)
    for rank, group in enumerate(by_load):
        for _ in range(search.small + (rank < search.bigger) - search.loads[group]):
            group_of[free.pop()] = group
    return Placing(group_of, proven=True)


def smallest_clash(sizes: Sequence[int], constraints: Sequence[Constraint]) -> tuple[int, ...]:
    """Indexes of rules that cannot hold together, none of which could be left out (for rules proven impossible)."""
    kept = list(range(len(constraints)))
    for candidate in range(len(constraints)):
        rest = [index for index in kept if index != candidate]
        placing = place(sizes, [constraints[index] for index in rest], Random(0))
        if placing.group_of is None and placing.proven:
            kept = rest
    return tuple(kept)


def improve(
    group_of: Sequence[int],
    sizes: Sequence[int],
    constraints: Sequence[Constraint],
    pair_costs: Sequence[Sequence[int]],
    group_costs: Sequence[Sequence[int]],
    random: Random,
) -> list[int]:
    """The best grouping found by swaps and moves from ``group_of`` and from fresh starts.

    Minimises the sum of ``pair_costs[i][j]`` over pairs in a group plus ``group_costs[i][group]`` of each student.
    The answer keeps every constraint and sizes within 1.
    """
    atoms = _atoms(len(group_of), constraints)
    assert atoms is not None  # the caller placed these students under these constraints
    climber = _Climber(sizes, atoms, _enemies(atoms, constraints), pair_costs, group_costs)
    start = list(group_of)
    best, best_cost = start, climber.climb(start)
    while climber.tries < SWAP_TRIES and best_cost > 0:
        fresh = place(sizes, constraints, random).group_of
        if fresh is None:
            break
        cost = climber.climb(fresh)
        if cost < best_cost:
            best, best_cost = fresh, cost
    return best


def _atoms(students: int, constraints: Sequence[Constraint]) -> list[_Atom] | None:
    """Students merged by the together rules; None when a merged atom is locked to two groups or apart from itself."""
    root = list(range(students))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for kind, first, second in constraints:
        if kind == "together":
            root[find(first)] = find(second)
    locks: dict[int, int] = {}
    for kind, first, second in constraints:
        if kind == "apart" and find(first) == find(second):
            return None
        if kind == "locked" and locks.setdefault(find(first), second) != second:
            return None
    members: dict[int, list[int]] = {}
    for one in range(students):
        members.setdefault(find(one), []).append(one)
    return [_Atom(tuple(group), locks.get(one)) for one, group in members.items()]


def _enemies(atoms: Sequence[_Atom], constraints: Sequence[Constraint]) -> list[set[int]]:
    atom_of = {member: place for place, atom in enumerate(atoms) for member in atom.members}
    enemies: list[set[int]] = [set() for _ in atoms]
    for kind, first, second in constraints:
        if kind == "apart":
            enemies[atom_of[first]].add(atom_of[second])
            enemies[atom_of[second]].add(atom_of[first])
    return enemies


def _tangles(enemies: Sequence[set[int]]) -> list[int]:
    """How deep each atom sits in the web of apart rules (its core number): a clique of 5 gives 4, a star gives 1."""
    left = {place: len(others) for place, others in enumerate(enemies)}
    tangles, depth = [0] * len(enemies), 0
    while left:
        place = min(left, key=lambda one: (left[one], one))
        depth = max(depth, left.pop(place))
        tangles[place] = depth
        for other in enemies[place] & left.keys():
            left[other] -= 1
    return tangles


class _Search:
    """Backtracking over the atoms that have rules, always the one with the fewest places left first."""

    def __init__(
        self, sizes: Sequence[int], atoms: Sequence[_Atom], enemies: Sequence[set[int]], random: Random
    ) -> None:
        self.small, self.biggest = min(sizes), max(sizes)
        self.bigger = sum(size > self.small for size in sizes)
        self.loads = [0] * len(sizes)
        self.placed: dict[int, int] = {}
        self.steps = 0
        self.gave_up = False
        self._atoms, self._enemies, self._random = atoms, enemies, random
        self._tangles = _tangles(enemies)
        self._waiting = {
            place
            for place, atom in enumerate(atoms)
            if enemies[place] or len(atom.members) > 1 or atom.locked is not None
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
        fitting = {place: self._fitting(place) for place in sorted(self._waiting)}
        # Forced ones first, then the tangled core of the rules, then the big ones: the easy rest always finds a place.
        place = min(
            fitting,
            key=lambda one: (
                len(fitting[one]) > 1,
                -self._tangles[one],
                -len(self._atoms[one].members),
                len(fitting[one]),
            ),
        )
        blame = self._blame(place, fitting[place])
        choices = self._distinct(fitting[place])
        size = len(self._atoms[place].members)
        self._waiting.discard(place)
        for group in choices:
            self.placed[place] = group
            self.loads[group] += size
            trouble = self.run()
            if trouble is None:
                return None
            self.loads[group] -= size
            del self.placed[place]
            if place not in trouble:
                blame = trouble
                break
            blame |= trouble - {place}
        self._waiting.add(place)
        return blame

    def _fitting(self, place: int) -> list[int]:
        atom = self._atoms[place]
        taken = {self.placed[enemy] for enemy in self._enemies[place] if enemy in self.placed}
        candidates = range(len(self.loads)) if atom.locked is None else (atom.locked,)
        return [group for group in candidates if group not in taken and self._has_room(group, len(atom.members))]

    def _distinct(self, fitting: list[int]) -> list[int]:
        """In random order. Empty groups are all alike: trying one is trying all, which makes "impossible" quick."""
        self._random.shuffle(fitting)
        if any(self._atoms[other].locked is not None for other in self._waiting):
            return fitting
        empty = [group for group in fitting if self.loads[group] == 0]
        return [group for group in fitting if self.loads[group] or group == empty[0]]

    def _blame(self, place: int, fitting: Sequence[int]) -> set[int]:
        """Who closes the groups that do not fit: someone to keep apart from, else everyone (no room)."""
        atom = self._atoms[place]
        blame = set()
        for group in range(len(self.loads)) if atom.locked is None else (atom.locked,):
            if group in fitting:
                continue
            enemy = next((one for one in sorted(self._enemies[place]) if self.placed.get(one) == group), None)
            if enemy is None:
                return set(self.placed)
            blame.add(enemy)
        return blame

    def _has_room(self, group: int, size: int) -> bool:
        if not 0 <= group < len(self.loads):
            return False
        load = self.loads[group] + size
        if load <= self.small:
            return True
        others = sum(one > self.small for index, one in enumerate(self.loads) if index != group)
        return load <= self.biggest and others < self.bigger


class _Climber:
    """Swaps equal atoms, and moves one student from a bigger group to a smaller one, while that costs less."""

    def __init__(
        self,
        sizes: Sequence[int],
        atoms: Sequence[_Atom],
        enemies: Sequence[set[int]],
        pair_costs: Sequence[Sequence[int]],
        group_costs: Sequence[Sequence[int]],
    ) -> None:
        self.tries = 0
        self._small, self._groups = min(sizes), len(sizes)
        self._members = [atom.members for atom in atoms]
        # Nobody may end beside someone they are kept apart from: a cost that no wish outweighs.
        wall = 1 + sum(sum(abs(cost) for cost in row) for row in pair_costs) + sum(map(sum, group_costs))
        self._pairs = [[self._between(pair_costs, one, other) for other in self._members] for one in self._members]
        for one, others in enumerate(enemies):
            for other in others:
                self._pairs[one][other] += wall
        self._inside = sum(self._within(pair_costs, members) for members in self._members)
        self._homes = [
            [sum(group_costs[member][group] for member in members) for group in range(self._groups)]
            for members in self._members
        ]
        self._loose: dict[int, list[int]] = {}
        for place, atom in enumerate(atoms):
            if atom.locked is None:
                self._loose.setdefault(len(atom.members), []).append(place)

    def climb(self, group_of: list[int]) -> int:
        """Improve ``group_of`` in place to where no single step helps (or the tries are used up); its cost."""
        groups = [group_of[members[0]] for members in self._members]
        pairs, homes = self._pairs, self._homes
        beside = [[0] * self._groups for _ in groups]
        for one, costs in enumerate(pairs):
            for other, group in enumerate(groups):
                if one != other:
                    beside[one][group] += costs[other]
            beside[one] = [cost + homes[one][group] for group, cost in enumerate(beside[one])]

        def shift(atom: int, after: int) -> None:
            before, groups[atom] = groups[atom], after
            for other, cost in enumerate(pairs[atom]):
                if other != atom and cost:
                    beside[other][before] -= cost
                    beside[other][after] += cost

        better = True
        while better and self.tries < SWAP_TRIES:
            better = self._move_singles(groups, beside, shift)
            for alike in self._loose.values():
                for position, one in enumerate(alike):
                    mine, apart, here = beside[one], pairs[one], groups[one]
                    self.tries += len(alike) - position - 1
                    for other in alike[position + 1 :]:
                        there = groups[other]
                        if here == there:
                            continue
                        theirs = beside[other]
                        gain = mine[there] - mine[here] + theirs[here] - theirs[there] - 2 * apart[other]
                        if gain < 0:
                            shift(one, there)
                            shift(other, here)
                            here, better = there, True
        for members, group in zip(self._members, groups, strict=True):
            for member in members:
                group_of[member] = group
        # Every pair was counted from both sides, every home once.
        home = sum(homes[one][group] for one, group in enumerate(groups))
        return (sum(beside[one][group] for one, group in enumerate(groups)) - home) // 2 + home + self._inside

    def _move_singles(self, groups: list[int], beside: list[list[int]], shift: Shift) -> bool:
        loads = [0] * self._groups
        for members, group in zip(self._members, groups, strict=True):
            loads[group] += len(members)
        moved = False
        for one in self._loose.get(1, ()):
            for after in range(self._groups):
                before = groups[one]
                self.tries += 1
                if loads[before] > self._small >= loads[after] and beside[one][after] < beside[one][before]:
                    shift(one, after)
                    loads[before] -= 1
                    loads[after] += 1
                    moved = True
        return moved

    @staticmethod
    def _between(costs: Sequence[Sequence[int]], one: Sequence[int], other: Sequence[int]) -> int:
        return sum(costs[first][second] for first in one for second in other)

    @staticmethod
    def _within(costs: Sequence[Sequence[int]], members: Sequence[int]) -> int:
        return sum(costs[first][second] for first in members for second in members if first < second)
