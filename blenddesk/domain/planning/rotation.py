"""A rotation to be planned: rounds, groups, stations, who may or must go where, and what a plan of it is worth."""

from __future__ import annotations

from typing import NamedTuple

from blenddesk.domain.plans import ADULT_ANY, ADULT_NONE

__all__ = ["ADULT_ANY", "ADULT_NONE", "CONTRACT", "Group", "Points", "Problem", "Seat", "Station", "Visit", "Weights"]


class Group(NamedTuple):
    """``size``: how many students are there."""

    name: str = ""
    size: int = 1


class Station(NamedTuple):
    """A place to visit, described as ``plans.Block`` describes it."""

    name: str = ""
    capacity: int = 1
    """Groups at once."""
    students: int | None = None
    """Students at once; None: no limit."""
    students_per_device: int = 0
    """How many share one computer; 0: none is needed."""
    pool: int = 0
    """Which of ``Problem.devices`` the computers come from."""
    adult: str = ADULT_NONE
    """ADULT_NONE, ADULT_ANY or the name of one adult. A station with an adult has one group at a time for each."""
    screen: bool = False


class Visit(NamedTuple):
    """A group may be at a station once, for ``rounds`` rounds on end within a day. Pairs without a visit never meet."""

    group: int
    station: int
    must: bool = False
    wish: int = 0
    """What a visit that is no must is worth, 0 to 9."""
    rounds: int = 1
    catch_up: bool = False
    """Missed in an earlier lesson: matters more than any wish, less than a must."""


class Seat(NamedTuple):
    """A visit that takes place. ``round`` is its first round, counted from 0 over all days."""

    group: int
    station: int
    round: int


class Weights(NamedTuple):
    """What one of each of ``Points`` costs."""

    must_missed: int = 1000
    catch_up_missed: int = 100
    may_lost: int = 1
    uneven: int = 0
    idle: int = 3
    screen: int = 2
    moved: int = 0


CONTRACT = Weights()
"""The total that ``blenddesk solve rotation`` promises."""


class Points(NamedTuple):
    """What a plan leaves to be wished for; less is better. Counts, in the order in which they matter."""

    must_missed: int = 0
    catch_up_missed: int = 0
    may_lost: int = 0
    """Sum of the wishes of the visits that do not take place."""
    uneven: int = 0
    """Sum over the groups of the squared difference of their rounds with an adult from ``Problem.fair_share``."""
    idle: int = 0
    """Rounds that a group spends nowhere, blocked ones not counted."""
    screen: int = 0
    """How often a group goes from a screen straight to another one on the same day."""
    moved: int = 0
    """Seats that the earlier plan did not have."""

    def total(self, weights: Weights) -> int:
        return sum(count * weight for count, weight in zip(self, weights, strict=True))


class Problem(NamedTuple):
    """What is given. Indices count from 0. Without ``previous`` nothing counts as moved."""

    days: tuple[int, ...]
    """The day of each round."""
    groups: tuple[Group, ...]
    stations: tuple[Station, ...]
    visits: tuple[Visit, ...]
    before: tuple[tuple[int, int], ...] = ()
    """(a, b): a group may be at station b only after it has been at station a."""
    blocked: frozenset[tuple[int, int]] = frozenset()
    """(group, round): the group is not there."""
    devices: tuple[int | None, ...] = (None,)
    """Computers in each pool; None: as many as are needed. Sections that share a trolley share its pool."""
    adults: tuple[str, ...] = (ADULT_ANY,)
    """Who is in the lesson, by name or ADULT_ANY."""
    locks: tuple[Seat, ...] = ()
    """Seats that must stay as they are."""
    previous: tuple[Seat, ...] = ()
    weights: Weights = CONTRACT

    @property
    def rounds(self) -> range:
        return range(len(self.days))

    @property
    def fair_share(self) -> int:
        """Whole rounds with an adult that each group could have."""
        return len(self.adults) * len(self.days) // max(len(self.groups), 1)

    def devices_of(self, group: int, station: int) -> int:
        """Computers that the group needs at the station."""
        sharing = self.stations[station].students_per_device
        return -(-self.groups[group].size // sharing) if sharing else 0

    def in_levels(self) -> Problem:
        """The same with weights so far apart that nothing of a lower level ever outweighs the level above it."""
        most = Points(
            must_missed=len(self.visits),
            catch_up_missed=len(self.visits),
            may_lost=sum(visit.wish for visit in self.visits),
            uneven=len(self.groups) * (len(self.days) + self.fair_share) ** 2,
            idle=len(self.groups) * len(self.days),
            screen=len(self.groups) * len(self.days),
            moved=len(self.visits),
        )
        weights, weight = [], 1
        for count in reversed(most):
            weights.append(weight)
            weight *= count + 1
        return self._replace(weights=Weights(*reversed(weights)))
