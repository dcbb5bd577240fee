"""The best way of one group or student through the rounds, given what others leave free: an exact dynamic programme.

States are (round, set of what is done, came straight from a screen). Each state keeps one integer: the cost so far,
with the way that led there in its lowest bits. Extending a way is then one addition, comparing two ways is one
comparison, and no table of predecessors is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

SCALE = 16
"""Costs inside are points times this, so that prices can be fractions of a point."""
SCREEN = 1
"""The bit of a state that says that a screen was left just now; options have the bits above it."""

Way: TypeAlias = tuple[tuple[int, int], ...]
"""(number of the option, first round), in order of time."""


class Use(NamedTuple):
    """An option takes ``amount`` of a resource in each of its rounds."""

    resource: int
    amount: int


class Option(NamedTuple):
    """Something that can be done once: a visit of a station, a task of a playlist."""

    number: int
    """Which visit or task of the problem it is."""
    bit: int
    length: int
    """In rounds, on end."""
    worth: int
    """Points that it costs not to do it."""
    uses: tuple[Use, ...]
    starts: int
    """The rounds it may begin in, as bits, as far as nobody else is concerned."""


class Move(NamedTuple):
    """Begin an option in a certain round, allowed in a state when ``state & test == wanted``."""

    option: int
    test: int
    wanted: int
    put: int
    """The bits that the state has afterwards besides those it had (without ``SCREEN``)."""
    cost: int = 0
    """Points it costs, besides the worth that it wins."""


class Ways:
    """All ways of one group or student. Costs are points times SCALE.

    ``idle[round]``: points for doing nothing in a round; None when that is not allowed. ``moves[round]``: what may
    begin there. ``extra(state)``: points that a whole way costs by what was done in it.
    """

    def __init__(
        self,
        options: Sequence[Option],
        idle: Sequence[int | None],
        moves: Sequence[Sequence[Move]],
        owed: int | None = None,
        extra: Callable[[int], int] | None = None,
    ) -> None:
        self.options = options
        self.work = 0
        """States looked at so far: the measure of effort that is the same on every computer."""
        self._rounds = len(idle)
        self._width = (len(options) + 1).bit_length()
        self._shift = shift = self._width * self._rounds
        self._never = 1 << (shift + 250)
        unit = SCALE << shift
        self._idle = [None if points is None else points * unit for points in idle]
        self._moves = [
            [
                move._replace(
                    cost=(move.cost - options[move.option].worth) * unit + (move.option + 1 << self._width * round_)
                )
                for move in here
            ]
            for round_, here in enumerate(moves)
        ]
        # What everything is worth is owed at first and won back option by option.
        self._owed = (sum(option.worth for option in options) if owed is None else owed) * unit
        self._extra = None if extra is None else lambda state: extra(state) * unit
        self._values = [(option.bit, option.worth * unit) for option in options]
        self._promises: dict[tuple[int, int], int] = {}

    def best(
        self, opens: Sequence[int], prices: Sequence[Sequence[int]] | None = None, width: int | None = None
    ) -> tuple[int, Way] | None:
        """The cheapest way and its cost, prices included; None when there is none, as idling is not always allowed.

        ``opens``: for each option the rounds it may begin in, as bits. ``prices[option][round]``: what it costs more
        to begin there, in points times SCALE. ``width``: the most states that a round keeps, those that promise most;
        None: all, so that the answer is exact. With fewer states than that in each round it is exact too.
        """
        shift, never = self._shift, self._never
        layers: list[dict[int, int]] = [{} for _ in range(self._rounds + 1)]
        layers[0][0] = self._owed
        for round_, idle in enumerate(self._idle):
            layer = layers[round_]
            if not layer:
                continue
            if width is not None and len(layer) > width:
                layer = self._most_promising(layer, round_, width)
            self.work += len(layer)
            steps = []
            for move in self._moves[round_]:
                if opens[move.option] >> round_ & 1:
                    into = layers[round_ + self.options[move.option].length]
                    price = 0 if prices is None else prices[move.option][round_] << shift
                    steps.append((move.test, move.wanted, move.put, move.cost + price, into, into.get))
            following = layers[round_ + 1]
            known = following.get
            for state, cost in layer.items():
                done = state & -2
                if idle is not None and cost + idle < known(done, never):
                    following[done] = cost + idle
                for test, wanted, put, more, into, known_there in steps:
                    if state & test == wanted:
                        reached = done | put
                        if cost + more < known_there(reached, never):
                            into[reached] = cost + more
            layers[round_] = {}
        ends = layers[self._rounds]
        if not ends:
            return None
        extra = self._extra
        least = min(ends.values()) if extra is None else min(cost + extra(state) for state, cost in ends.items())
        return least >> shift, self._way(least & ((1 << shift) - 1))

    def _most_promising(self, layer: dict[int, int], round_: int, width: int) -> dict[int, int]:
        """The states that would cost least if all rounds from this one on went to the best of what is not done."""
        known, left = self._promises, self._rounds - round_
        ranked = []
        for state, cost in layer.items():
            promise = known.get((state, left))
            if promise is None:
                open_ones = sorted((worth for bit, worth in self._values if not state & bit), reverse=True)
                promise = known[state, left] = sum(open_ones[:left])
            ranked.append((cost - promise, state))
        ranked.sort()
        return {state: layer[state] for _cost, state in ranked[:width]}

    def _way(self, packed: int) -> Way:
        mask = (1 << self._width) - 1
        numbers = [(packed >> self._width * round_ & mask, round_) for round_ in range(self._rounds)]
        return tuple((number - 1, round_) for number, round_ in numbers if number)
