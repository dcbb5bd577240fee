"""A running lesson: advances by itself, keeps the bell, survives a restart and any clock."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blenddesk.domain.live import (
    EventKind,
    LessonEvent,
    LessonState,
    Phase,
    late_start,
    lesson_state,
    rounds_that_ran,
    slept_seconds,
)
from blenddesk.domain.minutes import Part, Timing, fit_rounds

T0 = 1_800_000_000_000
MINUTE = 60_000
TIMING = fit_rounds(50, 5, 2, 4, 3)
"""5 opening, rounds of 13, 12, 12 with moves of 2 between, 4 closing."""


def at(minutes: float) -> int:
    return T0 + round(minutes * MINUTE)


def event(kind: str, minutes: float, value: int | None = None) -> LessonEvent:
    return LessonEvent(kind, at(minutes), value)


START = event("started", 0)


def state(minutes: float, *events: LessonEvent, timing: Timing = TIMING, planned: int | None = None) -> LessonState:
    return lesson_state(timing, events, at(minutes), planned_start_ms=planned)


def where(state: LessonState) -> tuple[str, int | None, int]:
    return str(state.phase), state.round, state.seconds_left


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, ("opening", None, 300)),
        (4.99, ("opening", None, 1)),
        (5, ("round", 0, 13 * 60)),
        (17.5, ("round", 0, 30)),
        (18, ("moving", 1, 120)),
        (20, ("round", 1, 720)),
        (32, ("moving", 2, 120)),
        (34, ("round", 2, 720)),
        (46, ("closing", None, 240)),
        (50, ("closing", None, 0)),
        (59, ("closing", None, 0)),
        (110, ("finished", None, 0)),
    ],
)
def test_a_lesson_runs_by_itself(minutes: float, expected: tuple[str, int | None, int]) -> None:
    assert where(state(minutes, START)) == expected


def test_before_start_the_line_is_a_preview() -> None:
    ready = state(-10, planned=T0)
    assert ready.phase is Phase.READY
    assert not ready.running
    assert (ready.timeline[0].start_ms, ready.ends_at, ready.bell_at) == (T0, at(50), at(50))
    assert ready.rounds == (13, 12, 12)
    assert state(6, planned=T0).rounds == (11, 10, 10)


def test_next_goes_through_moving_and_two_desks_go_on_once() -> None:
    pressed = event("next", 10, 1)
    assert state(10, START).step == 1
    assert where(state(10, START, pressed)) == ("moving", 1, 120)
    assert where(state(10, START, pressed, pressed)) == ("moving", 1, 120)
    assert where(state(10, START, event("next", 10), event("next", 10))) == ("round", 1, 720)
    assert where(state(11, START, *[event("next", 10)] * 9)) == ("closing", None, 180)


def test_minutes_more_and_less() -> None:
    assert state(10, START, event("plus_minute", 9)).seconds_left == 9 * 60
    assert state(10, START, event("plus_minute", 9, 2)).late_by_seconds == 120
    assert state(10, START, event("minus_minute", 9, 3)).seconds_left == 5 * 60
    assert where(state(9, START, event("minus_minute", 9, 60))) == ("moving", 1, 120)
    over = state(53, START)
    assert (over.phase, over.overtime_seconds) == (Phase.CLOSING, 180)
    assert where(state(53, START, event("plus_minute", 53))) == ("closing", None, 60)


def test_pause_stands_still_and_moves_the_end() -> None:
    paused = state(30, START, event("paused", 10))
    assert (paused.paused, paused.phase, paused.round, paused.seconds_left) == (True, Phase.ROUND, 0, 8 * 60)
    assert paused.round_ends_at == at(38)
    assert (paused.late_by_seconds, paused.seconds_total) == (20 * 60, 13 * 60)
    resumed = state(31, START, event("paused", 10), event("resumed", 30))
    assert (resumed.paused, resumed.seconds_left, resumed.seconds_total) == (False, 7 * 60, 13 * 60)
    next_pressed = state(31, START, event("paused", 10), event("next", 30))
    assert (next_pressed.paused, *where(next_pressed)) == (False, "moving", 1, 60)


def test_pause_twice_and_resume_twice_count_once() -> None:
    one = state(40, START, event("paused", 10), event("resumed", 30))
    two = state(40, START, *[event("paused", 10)] * 2, event("paused", 15), *[event("resumed", 30)] * 2)
    assert one == two


def test_skipping() -> None:
    assert where(state(10, START, event("skipped", 10))) == ("moving", 1, 120)
    ahead = state(10, START, event("skipped", 10, 1))
    assert [one.round for one in ahead.timeline if one.part is Part.ROUND] == [0, 2]
    assert ahead.ends_at == at(50 - 14)
    assert where(state(18, START, event("skipped", 10, 1))) == ("moving", 2, 120)
    opening = state(1, START, event("skipped", 1, 0))
    assert [one.part for one in opening.timeline[:2]] == [Part.OPENING, Part.ROUND]
    moving = state(19, START, event("skipped", 19))
    assert where(moving) == ("moving", 2, 60)
    assert where(state(33, START, event("skipped", 33, 2))) == ("closing", None, 240)
    assert state(10, START, event("skipped", 10, 7)) == state(10, START)
    assert rounds_that_ran(state(50, START, event("skipped", 10)), at(50)) == (1, 2)
    assert rounds_that_ran(state(21, START), at(21)) == (0, 1)


def test_eyes_on_me_does_not_stop_the_time() -> None:
    eyes = state(12, START, event("eyes_on", 10))
    assert eyes.eyes_on_me
    assert eyes.seconds_left == 6 * 60
    assert not state(12, START, event("eyes_on", 10), event("eyes_off", 11)).eyes_on_me


def test_a_late_start_keeps_the_bell() -> None:
    shown = late_start(TIMING, T0, at(6.5))
    assert (shown.late_minutes, shown.timing.rounds, shown.fits) == (7, (10, 10, 10), True)
    late = state(6.5, event("started", 6.5), planned=T0)
    assert late.rounds == (10, 10, 10)
    assert late.ends_at == at(49.5)
    assert late.bell_at == at(50)
    assert state(0.5, event("started", 0.5), planned=T0).rounds == TIMING.rounds
    full = state(7, event("started", 7, 1), planned=T0)
    assert (full.rounds, full.late_by_seconds) == (TIMING.rounds, 7 * 60)


def test_a_start_after_the_bell_runs_in_full() -> None:
    much_later = state(300, event("started", 300), planned=T0)
    assert not late_start(TIMING, T0, at(300)).fits
    assert (much_later.rounds, much_later.late_by_seconds) == (TIMING.rounds, 0)
    before_bell = state(45, event("started", 45), planned=T0)
    assert (before_bell.rounds, before_bell.late_by_seconds) == (TIMING.rounds, 45 * 60)


def test_refit_brings_the_end_back_to_the_bell() -> None:
    log = [START, event("paused", 10), event("resumed", 18)]
    assert state(18, *log).late_by_seconds == 8 * 60
    refit = state(18, *log, event("refit", 18))
    assert refit.late_by_seconds == 0
    assert refit.rounds == (13, 8, 8)
    assert state(18, *log, event("refit", 18, 60)).bell_at == at(78)
    hopeless = state(48, START, event("paused", 6), event("resumed", 48), event("refit", 48))
    assert hopeless.late_by_seconds == 42 * 60


def test_sleep_that_does_not_count() -> None:
    asleep = event("slept", 32, 12 * 60)
    assert where(state(32, START)) == ("moving", 2, 120)
    awake = state(32, START, asleep)
    assert where(awake) == ("round", 1, 12 * 60)
    assert awake.late_by_seconds == 12 * 60
    assert slept_seconds(at(20), at(32)) == 719
    assert slept_seconds(at(20), at(20) + 1_250) == slept_seconds(at(20), at(10)) == 0


def test_last_minute_cue() -> None:
    assert not state(16.9, START).last_minute
    assert state(17, START).last_minute
    assert state(17.99, START).last_minute
    assert not state(18, START).last_minute
    assert not state(4.5, START).last_minute


def test_a_finished_lesson_stays_finished() -> None:
    done = state(30, START, event("finished", 20), event("next", 21), event("plus_minute", 22))
    assert done.phase is Phase.FINISHED
    assert not done.left_open
    assert done.ends_at == done.timeline[-1].end_ms == at(20)


def test_a_forgotten_lesson_ends_by_the_clock() -> None:
    assert state(50 + 61, START).left_open
    paused = [START, event("paused", 10)]
    assert state(50, *paused).phase is Phase.ROUND
    assert state(50 + 12 * 60, *paused).left_open


def test_a_clock_set_back_is_reported_and_does_not_stop_the_lesson() -> None:
    log = [START, event("plus_minute", 10)]
    back = state(-120, *log)
    assert back.clock_back_ms == 130 * MINUTE
    assert where(back) == where(state(10, *log))
    # The next event says how the new clock runs; from there the lesson goes on.
    going = state(-118, *log, event("slept", -120, 0))
    assert going.clock_back_ms == 0
    assert where(going) == where(state(12, *log))
    assert going.round_ends_at == at(-120 + 9)


def test_another_desks_clock_a_little_behind_changes_nothing() -> None:
    assert state(12, START, event("eyes_on", 10), event("eyes_off", 7)).seconds_left == 6 * 60


events = st.lists(
    st.builds(
        LessonEvent,
        st.sampled_from([*EventKind, "of tomorrow"]),  # type: ignore[list-item]
        st.integers(-30 * MINUTE, 120 * MINUTE).map(lambda offset: T0 + offset),
        st.none() | st.integers(-3, 90),
    ),
    max_size=12,
)
timings = st.builds(
    Timing,
    st.integers(1, 120),
    st.integers(0, 10),
    st.integers(0, 4),
    st.integers(0, 10),
    st.lists(st.integers(1, 20), max_size=5).map(tuple),
)


def sane(state: LessonState) -> None:
    assert all(before.end_ms == after.start_ms for before, after in pairwise(state.timeline))
    assert all(one.start_ms <= one.end_ms for one in state.timeline)
    assert 0 <= state.seconds_left <= state.seconds_total + 1
    assert state.running or (state.seconds_left, state.round) == (0, None)
    assert state.phase is not Phase.ROUND or state.round is not None
    assert not (state.last_minute and state.seconds_left > 60)


@given(timings, events, st.integers(-60 * MINUTE, 3_000 * MINUTE), st.none() | st.just(T0))
def test_no_log_and_no_clock_can_break_it(
    timing: Timing, log: list[LessonEvent], now: int, planned: int | None
) -> None:
    for known in range(len(log) + 1):
        sane(lesson_state(timing, log[:known], T0 + now, planned_start_ms=planned))


@given(timings, events, st.lists(st.integers(0, 300 * MINUTE), min_size=2, max_size=6))
def test_time_only_goes_forward(timing: Timing, log: list[LessonEvent], moments: list[int]) -> None:
    last = max((one.at_ms for one in log), default=T0)
    steps = [lesson_state(timing, [START, *log], last + moment) for moment in sorted(moments)]
    order = [(one.phase is Phase.FINISHED, one.step) for one in steps]
    assert order == sorted(order)
    ends = [one.ends_at for one in steps if one.ends_at is not None]
    assert ends == sorted(ends)


@given(timings, events)
def test_it_is_never_stuck(timing: Timing, log: list[LessonEvent]) -> None:
    last = max((one.at_ms for one in log), default=T0)
    assert lesson_state(timing, [START, *log], last + 48 * 60 * MINUTE).phase is Phase.FINISHED
    pressing = [*log, LessonEvent("resumed", last), *[LessonEvent("next", last)] * (2 * len(timing.rounds) + 2)]
    assert lesson_state(timing, [START, *pressing], last).phase in (Phase.CLOSING, Phase.FINISHED)


@given(timings.filter(lambda timing: bool(timing.rounds)), st.integers(0, 200), st.integers(0, 90), st.integers(0, 300))
def test_a_pause_costs_exactly_its_length(timing: Timing, begin: int, length: int, later: int) -> None:
    begin = min(begin, timing.used - 1)
    plain = lesson_state(timing, [START], at(begin + later))
    log = [START, event("paused", begin), event("resumed", begin + length)]
    paused = lesson_state(timing, log, at(begin + length + later))
    assert where(paused) == where(plain) or plain.left_open or paused.left_open
    assert plain.ends_at is not None
    assert paused.left_open or paused.ends_at == plain.ends_at + length * MINUTE


@given(timings)
def test_the_whole_lesson_takes_its_minutes(timing: Timing) -> None:
    full = lesson_state(timing, [START], T0)
    assert full.ends_at == T0 + timing.used * MINUTE
    assert full.timeline[0].start_ms == T0
    assert full.timeline[-1].end_ms == full.ends_at
    rounds = [one.end_ms - one.start_ms for one in full.timeline if one.part is Part.ROUND]
    assert rounds == [minutes * MINUTE for minutes in timing.rounds]
