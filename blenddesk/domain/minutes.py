"""The minutes of a lesson: round lengths are computed from the period and always add up to it, never typed.

Whole minutes only. What does not divide goes to the first rounds, one minute each: the opening and closing stay what
the teacher chose, no minute of the period is lost, no two rounds differ by more than one, and the first round (when
everyone still has to find out what to do) is the one that can use it. Fitting twice gives the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from blenddesk.domain.plans import Plan
from blenddesk.errors import Refusal

DEFAULT_FLOOR = 10
"""Minutes below which a round is too short to learn something in, unless the teacher says otherwise."""
MOST_ROUNDS = 8


class Part(StrEnum):
    OPENING = "opening"
    ROUND = "round"
    MOVING = "moving"
    CLOSING = "closing"


class Timing(NamedTuple):
    """How a period is cut, in whole minutes. ``moving`` lies between two rounds, so one time less than there are."""

    period: int
    opening: int
    moving: int
    closing: int
    rounds: tuple[int, ...]

    @property
    def used(self) -> int:
        return self.opening + sum(self.rounds) + self.moving * max(len(self.rounds) - 1, 0) + self.closing

    @property
    def spare(self) -> int:
        """Minutes of the period that are left over; negative when the lesson does not fit."""
        return self.period - self.used


class Segment(NamedTuple):
    """One piece of the minutes bar. ``round`` is the round it is, or the one that a move leads to; else None."""

    part: Part
    round: int | None
    start: int
    minutes: int


class Choice(NamedTuple):
    """One line of the table "3 rounds of 12 min or 4 of 8": ``shortest`` and ``longest`` differ by at most one."""

    rounds: int
    shortest: int
    longest: int
    exact: float
    """Minutes before they are made whole."""
    under_floor: bool


def timing_of(plan: Plan) -> Timing:
    return Timing(plan.period_minutes, plan.opening_minutes, plan.moving_minutes, plan.closing_minutes, plan.rounds)


def minutes_for_rounds(period: int, opening: int, moving: int, closing: int, rounds: int) -> int:
    """What is left for all rounds together; negative when opening, moves and closing alone are too long."""
    return period - opening - closing - moving * max(rounds - 1, 0)


def share(minutes: int, parts: int) -> tuple[int, ...]:
    """``minutes`` in ``parts`` whole numbers that add up and differ by at most one, the longer ones first."""
    each, more = divmod(minutes, parts)
    return tuple(each + 1 if index < more else each for index in range(parts))


def fit_rounds(period: int, opening: int, moving: int, closing: int, rounds: int) -> Timing:
    """Cut a period into ``rounds`` rounds.

    Refusal ``rounds_do_not_fit`` (period, rounds, minutes, most_rounds) when a round would be shorter than a minute.
    """
    if min(period, opening, moving, closing) < 0 or rounds < 1:
        raise Refusal("minutes_out_of_range", period=period, rounds=rounds)
    minutes = minutes_for_rounds(period, opening, moving, closing, rounds)
    if minutes < rounds:
        most = _most_rounds(period, opening, moving, closing)
        raise Refusal("rounds_do_not_fit", period=period, rounds=rounds, minutes=max(minutes, 0), most_rounds=most)
    return Timing(period, opening, moving, closing, share(minutes, rounds))


def round_choices(
    period: int, opening: int, moving: int, closing: int, *, floor: int = DEFAULT_FLOOR, most: int = MOST_ROUNDS
) -> tuple[Choice, ...]:
    """Every number of rounds that fits (at least a minute each), with their length: for the teacher to choose from."""
    choices = []
    for rounds in range(1, most + 1):
        minutes = minutes_for_rounds(period, opening, moving, closing, rounds)
        if minutes < rounds:
            break
        lengths = share(minutes, rounds)
        choices.append(Choice(rounds, lengths[-1], lengths[0], minutes / rounds, lengths[-1] < floor))
    return tuple(choices)


def change_round(timing: Timing, round_: int, minutes: int, *, ran: int = 0) -> Timing:
    """Give one round other minutes; the other rounds share what is left, so that the period stays full.

    The first ``ran`` rounds are over and keep theirs. Of a single open round nothing can be given to others, so the
    closing takes or gives the difference. Refusal ``round_out_of_range`` (round, minutes, least, most) otherwise.
    """
    if not ran <= round_ < len(timing.rounds):
        raise Refusal("round_is_over", round=round_)
    others = [index for index in range(ran, len(timing.rounds)) if index != round_]
    open_minutes = sum(timing.rounds[ran:]) + timing.spare
    if not others:
        return _with_closing(timing, round_, minutes, open_minutes + timing.closing)
    most = open_minutes - len(others)
    if not 1 <= minutes <= most:
        raise Refusal("round_out_of_range", round=round_, minutes=minutes, least=1, most=max(most, 0))
    rounds = list(timing.rounds)
    rounds[round_] = minutes
    for index, length in zip(others, share(open_minutes - minutes, len(others)), strict=True):
        rounds[index] = length
    return timing._replace(rounds=tuple(rounds))


def refit_late(timing: Timing, late_minutes: int) -> Timing:
    """The same lesson started ``late_minutes`` late: the bell stays the end and every round gets shorter.

    The answer's period begins at the late start. Refusal ``too_late`` (late, minutes, rounds, most_rounds) when not
    even a minute per round is left.
    """
    period = timing.period - late_minutes
    count = len(timing.rounds)
    minutes = minutes_for_rounds(period, timing.opening, timing.moving, timing.closing, count)
    if count == 0 or minutes < count:
        most = _most_rounds(period, timing.opening, timing.moving, timing.closing)
        raise Refusal("too_late", late=late_minutes, minutes=max(minutes, 0), rounds=count, most_rounds=most)
    return Timing(period, timing.opening, timing.moving, timing.closing, shrink(timing.rounds, minutes))


def refit_rest(timing: Timing, ran: int, minutes_left: int) -> tuple[int, ...]:
    """New lengths of the rounds after the first ``ran``, when ``minutes_left`` remain from the start of the next one.

    Moves between them and the closing are taken off first. Refusal ``too_late`` when not even a minute each is left.
    """
    rest = timing.rounds[ran:]
    minutes = minutes_left - timing.closing - timing.moving * max(len(rest) - 1, 0)
    if not rest or minutes < len(rest):
        raise Refusal("too_late", late=0, minutes=max(minutes, 0), rounds=len(rest), most_rounds=0)
    return shrink(rest, minutes)


def shrink(rounds: Sequence[int], minutes: int) -> tuple[int, ...]:
    """Rounds that add up to ``minutes`` (at least one each) in proportion to what they were.

    Rounds that were equal within a minute come out equal within a minute; a round that the teacher made longer on
    purpose stays longer.
    """
    if max(rounds) - min(rounds) <= 1:
        return share(minutes, len(rounds))
    total = sum(rounds)
    spread = minutes - len(rounds)
    exact = [length * spread / total for length in rounds]
    lengths = [1 + int(part) for part in exact]
    by_rest = sorted(range(len(rounds)), key=lambda index: (int(exact[index]) - exact[index], index))
    for index in by_rest[: minutes - sum(lengths)]:
        lengths[index] += 1
    return tuple(lengths)


def short_rounds(timing: Timing, floor: int = DEFAULT_FLOOR) -> tuple[int, ...]:
    """The rounds that are shorter than ``floor`` minutes."""
    return tuple(index for index, length in enumerate(timing.rounds) if length < floor)


def segments(timing: Timing) -> tuple[Segment, ...]:
    """The lesson from left to right, moving time included; pieces of no minutes are left out."""
    pieces: list[tuple[Part, int | None, int]] = [(Part.OPENING, None, timing.opening)]
    for index, length in enumerate(timing.rounds):
        if index:
            pieces.append((Part.MOVING, index, timing.moving))
        pieces.append((Part.ROUND, index, length))
    pieces.append((Part.CLOSING, None, timing.closing))
    drawn, start = [], 0
    for part, round_, length in pieces:
        if length > 0:
            drawn.append(Segment(part, round_, start, length))
        start += length
    return tuple(drawn)


def _most_rounds(period: int, opening: int, moving: int, closing: int) -> int:
    """The largest number of rounds of at least a minute."""
    left = period - opening - closing
    return max((left + moving) // (1 + moving), 0)


def _with_closing(timing: Timing, round_: int, minutes: int, room: int) -> Timing:
    if not 1 <= minutes <= room:
        raise Refusal("round_out_of_range", round=round_, minutes=minutes, least=1, most=max(room, 0))
    rounds = list(timing.rounds)
    rounds[round_] = minutes
    return timing._replace(rounds=tuple(rounds), closing=room - minutes)
