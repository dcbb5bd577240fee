"""Rounds are computed from the period: they add up, stay even, and keep the bell."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from blenddesk.domain import minutes
from blenddesk.domain.minutes import Part, Timing
from blenddesk.errors import Refusal

timings = st.builds(
    lambda rounds, opening, moving, closing, spare: Timing(
        opening + moving * (len(rounds) - 1) + closing + sum(rounds) + spare, opening, moving, closing, tuple(rounds)
    ),
    st.lists(st.integers(1, 40), min_size=1, max_size=8),
    st.integers(0, 15),
    st.integers(0, 5),
    st.integers(0, 15),
    st.just(0),
)


@pytest.mark.parametrize(
    ("period", "three", "four"), [(50, 12.3, 8.8), (45, 10.7, 7.5), (55, 14.0, 10.0)], ids=["50", "45", "55"]
)
def test_the_figures_of_usual_periods(period: int, three: float, four: float) -> None:
    choices = {choice.rounds: choice for choice in minutes.round_choices(period, 5, 2, 4)}
    assert choices[3].exact == pytest.approx(three, abs=0.051)
    assert choices[4].exact == pytest.approx(four, abs=0.051)


def test_fifty_minutes_are_thirteen_and_two_twelves() -> None:
    timing = minutes.fit_rounds(50, 5, 2, 4, 3)
    assert timing.rounds == (13, 12, 12)
    assert timing.used == 50


def test_a_double_period_of_the_planner_picture() -> None:
    assert minutes.fit_rounds(75, 10, 0, 5, 4).rounds == (15, 15, 15, 15)


@given(st.integers(1, 240), st.integers(0, 20), st.integers(0, 6), st.integers(0, 20), st.integers(1, 10))
def test_rounds_fill_the_period_exactly_or_say_how_many_would(
    period: int, opening: int, moving: int, closing: int, rounds: int
) -> None:
    try:
        timing = minutes.fit_rounds(period, opening, moving, closing, rounds)
    except Refusal as refusal:
        most = refusal.data["most_rounds"]
        assert isinstance(most, int)
        assert most < rounds
        assert most == 0 or minutes.fit_rounds(period, opening, moving, closing, most).used == period
        with pytest.raises(Refusal):
            minutes.fit_rounds(period, opening, moving, closing, most + 1)
    else:
        assert timing.used == period
        assert timing.spare == 0
        assert max(timing.rounds) - min(timing.rounds) <= 1
        assert list(timing.rounds) == sorted(timing.rounds, reverse=True)


@given(timings, st.data())
def test_changing_one_round_keeps_the_sum_and_the_rounds_that_ran(timing: Timing, data: st.DataObject) -> None:
    ran = data.draw(st.integers(0, len(timing.rounds) - 1))
    round_ = data.draw(st.integers(ran, len(timing.rounds) - 1))
    wanted = data.draw(st.integers(-2, 60))
    try:
        changed = minutes.change_round(timing, round_, wanted, ran=ran)
    except Refusal as refusal:
        most = refusal.data["most"]
        assert isinstance(most, int)
        assert wanted < 1 or wanted > most
        assert most < 1 or minutes.change_round(timing, round_, most, ran=ran).used == timing.period
    else:
        assert changed.used == timing.period
        assert changed.rounds[round_] == wanted
        assert changed.rounds[:ran] == timing.rounds[:ran]
        assert min(changed.rounds) >= 1
        others = [length for index, length in enumerate(changed.rounds) if index >= ran and index != round_]
        assert not others or max(others) - min(others) <= 1


def test_a_round_that_is_over_cannot_change() -> None:
    with pytest.raises(Refusal, match="round_is_over"):
        minutes.change_round(minutes.fit_rounds(50, 5, 2, 4, 3), 0, 15, ran=1)


def test_the_last_open_round_takes_from_the_closing() -> None:
    changed = minutes.change_round(Timing(50, 5, 2, 4, (13, 12, 12)), 2, 14, ran=2)
    assert changed.rounds == (13, 12, 14)
    assert changed.closing == 2


@given(timings, st.integers(0, 60))
def test_a_late_start_keeps_the_bell(timing: Timing, late: int) -> None:
    try:
        refit = minutes.refit_late(timing, late)
    except Refusal:
        assert sum(timing.rounds) - late < len(timing.rounds)
    else:
        assert refit.used == refit.period == timing.period - late
        assert (refit.opening, refit.moving, refit.closing) == (timing.opening, timing.moving, timing.closing)
        assert min(refit.rounds) >= 1


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.integers(0, 200))
def test_shrinking_adds_up_and_keeps_the_order_of_lengths(rounds: list[int], more: int) -> None:
    total = len(rounds) + more
    lengths = minutes.shrink(rounds, total)
    assert sum(lengths) == total
    assert min(lengths) >= 1
    for first, second in zip(range(len(rounds)), range(1, len(rounds)), strict=False):
        if rounds[first] > rounds[second] + 1:
            assert lengths[first] >= lengths[second]


def test_the_rest_fits_after_two_rounds() -> None:
    timing = minutes.fit_rounds(60, 4, 2, 4, 4)
    assert minutes.refit_rest(timing, 2, 24) == (9, 9)
    with pytest.raises(Refusal):
        minutes.refit_rest(timing, 2, 7)
    with pytest.raises(Refusal):
        minutes.refit_rest(timing, 4, 30)


@given(timings)
def test_the_bar_shows_every_minute_once_with_a_move_between_rounds(timing: Timing) -> None:
    bar = minutes.segments(timing)
    assert sum(piece.minutes for piece in bar) == timing.period
    for before, after in pairwise(bar):
        assert before.start + before.minutes == after.start
    moves = [piece for piece in bar if piece.part is Part.MOVING]
    assert len(moves) == (len(timing.rounds) - 1 if timing.moving else 0)
    rounds = [piece.minutes for piece in bar if piece.part is Part.ROUND]
    assert tuple(rounds) == timing.rounds


@given(st.integers(20, 120), st.integers(1, 30))
def test_the_floor_warns_and_does_not_forbid(period: int, floor: int) -> None:
    for choice in minutes.round_choices(period, 5, 2, 4, floor=floor):
        timing = minutes.fit_rounds(period, 5, 2, 4, choice.rounds)
        assert (choice.longest, choice.shortest) == (timing.rounds[0], timing.rounds[-1])
        assert choice.under_floor == bool(minutes.short_rounds(timing, floor))


def test_nonsense_is_refused() -> None:
    for period, opening, rounds in [(-1, 0, 1), (50, -1, 2), (50, 5, 0)]:
        with pytest.raises(Refusal, match="minutes_out_of_range"):
            minutes.fit_rounds(period, opening, 2, 4, rounds)


@given(timings)
def test_fitting_an_evenly_fitted_lesson_again_changes_nothing(timing: Timing) -> None:
    assume(sum(timing.rounds) >= len(timing.rounds))
    once = minutes.fit_rounds(timing.period, timing.opening, timing.moving, timing.closing, len(timing.rounds))
    again = minutes.fit_rounds(once.period, once.opening, once.moving, once.closing, len(once.rounds))
    assert once == again
    assert minutes.refit_late(once, 0) == once
