"""A running lesson, computed from its log and a given now: nothing is remembered that a restart could lose.

Times are wall-clock milliseconds since 1970. A clock that jumps is reported, never trusted backwards: events count in
the order of the log, and time before the last event counts as that event's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from blenddesk.domain import lesson_log
from blenddesk.domain.lesson_log import MINUTE_MS, Lesson, late_start
from blenddesk.domain.lesson_log import EventKind as EventKind
from blenddesk.domain.lesson_log import LateStart as LateStart
from blenddesk.domain.lesson_log import LessonEvent as LessonEvent
from blenddesk.domain.lesson_log import Stretch as Stretch
from blenddesk.domain.minutes import Part, Timing, segments

LEFT_OPEN_MS = 60 * MINUTE_MS
"""A lesson that nobody finished is over this long after its end (an evening, a crash, a clock far ahead)."""
FORGOTTEN_MS = 12 * 60 * MINUTE_MS
"""... or, if it was left paused, this long after its bell."""
CLOCK_BACK_MS = 2_000
"""Smaller steps back are what time servers do and worth no word."""


class Phase(StrEnum):
    READY = "ready"
    OPENING = "opening"
    ROUND = "round"
    MOVING = "moving"
    CLOSING = "closing"
    FINISHED = "finished"


_PHASES = {
    Part.OPENING: Phase.OPENING,
    Part.ROUND: Phase.ROUND,
    Part.MOVING: Phase.MOVING,
    Part.CLOSING: Phase.CLOSING,
}


class LessonState(NamedTuple):
    """Everything the desk, the board and the shared screen need to show a moment of a lesson. Rounds count from 0."""

    phase: Phase
    round: int | None = None
    """The round that runs, or that the move leads to; before the first and after the last round None."""
    round_count: int = 0
    step: int = 0
    """Counts the phases of this lesson; goes into ``EventKind.NEXT``."""
    seconds_left: int = 0
    """Of this phase, rounded up, so that 0 is shown exactly at its end."""
    seconds_total: int = 0
    """Length of this phase with added minutes, without pauses."""
    round_ends_at: int | None = None
    """When this phase ends (wall ms); moves on while paused."""
    paused: bool = False
    eyes_on_me: bool = False
    last_minute: bool = False
    """The last minute of a round that is longer than two."""
    bell_at: int | None = None
    ends_at: int | None = None
    late_by_seconds: int = 0
    """How far the end now lies past the bell; negative: early."""
    overtime_seconds: int = 0
    """How long the closing has run past its end without Finish."""
    left_open: bool = False
    """Finished only by the clock: nobody pressed Finish."""
    clock_back_ms: int = 0
    """How far the clock lies before the last event; 0 when it is sane."""
    rounds: tuple[int, ...] = ()
    """Minutes of each round as it runs now (after a late start or a refit)."""
    timeline: tuple[Stretch, ...] = ()

    @property
    def running(self) -> bool:
        return self.phase not in (Phase.READY, Phase.FINISHED)


def lesson_state(
    timing: Timing, events: Sequence[LessonEvent], now_ms: int, *, planned_start_ms: int | None = None
) -> LessonState:
    """The state of a lesson at ``now_ms``. ``events`` in the order of the log; ``timing`` as planned.

    ``planned_start_ms``: when the lesson should have begun; the bell is a period after it. Never raises for any log.
    """
    started = next((place for place, event in enumerate(events) if event.kind == EventKind.STARTED), None)
    if started is None:
        return _ready(timing, planned_start_ms, now_ms)
    log, shift = lesson_log.on_one_clock(events[started:])
    lesson = lesson_log.begin(timing, log[0], planned_start_ms)
    for event in lesson_log.with_sleep(log[1:]):
        lesson_log.advance(lesson, event.at_ms)
        if lesson.finished_at is None:
            lesson_log.apply(lesson, event)
    back = lesson.now - (now_ms + shift)
    lesson_log.advance(lesson, now_ms + shift)
    state = _state(lesson, back if back > CLOCK_BACK_MS else 0)
    return _shifted(state, -shift) if shift else state


def slept_seconds(last_wall_ms: int, now_wall_ms: int, *, usual_ms: int = 1_000, threshold_ms: int = 30_000) -> int:
    """How long a timer that ticks every ``usual_ms`` was away (sleep, or a clock set ahead); 0 when it was not."""
    away = now_wall_ms - last_wall_ms - usual_ms
    return away // 1_000 if away >= threshold_ms else 0


def rounds_that_ran(state: LessonState, now_ms: int) -> tuple[int, ...]:
    """The rounds that began and were not skipped."""
    return tuple(
        stretch.round
        for stretch in state.timeline
        if stretch.part is Part.ROUND and stretch.round is not None and not stretch.skipped
        if stretch.start_ms <= now_ms
    )


def _ready(timing: Timing, planned_start_ms: int | None, now_ms: int) -> LessonState:
    start = planned_start_ms if planned_start_ms is not None and planned_start_ms > now_ms else now_ms
    preview = late_start(timing, planned_start_ms, now_ms)
    line = tuple(
        Stretch(one.part, one.round, start + one.start * MINUTE_MS, start + (one.start + one.minutes) * MINUTE_MS)
        for one in segments(preview.timing)
    )
    bell = None if planned_start_ms is None else planned_start_ms + timing.period * MINUTE_MS
    ends_at = line[-1].end_ms if line else start
    return LessonState(
        Phase.READY,
        round_count=len(timing.rounds),
        bell_at=bell,
        ends_at=ends_at,
        late_by_seconds=0 if bell is None else (ends_at - bell) // 1_000,
        rounds=preview.timing.rounds,
        timeline=line,
    )


def _state(lesson: Lesson, clock_back_ms: int) -> LessonState:
    now = lesson.now
    phase_end = lesson.segment_end
    current = lesson.current
    line = list(lesson.past)
    lengths = {one.round: one.length_ms // MINUTE_MS for one in lesson.segments if one.part is Part.ROUND}
    rounds = tuple(lengths.get(round_, planned) for round_, planned in enumerate(lesson.timing.rounds))
    if lesson.finished_at is None:
        is_last = not lesson.rest
        line.append(Stretch(current.part, current.round, lesson.begin, max(phase_end, now) if is_last else phase_end))
        end = phase_end
        for one in lesson.rest:
            line.append(Stretch(one.part, one.round, end, end + one.length_ms))
            end += one.length_ms
        ends_at = end
    else:
        ends_at = lesson.finished_at
    overtime = max(now - phase_end, 0) if not lesson.rest and lesson.finished_at is None else 0
    left_open = overtime >= LEFT_OPEN_MS or now - max(lesson.bell, lesson.begin) >= FORGOTTEN_MS
    common = LessonState(
        Phase.FINISHED,
        round_count=len(lesson.timing.rounds),
        bell_at=lesson.bell,
        ends_at=ends_at,
        late_by_seconds=(ends_at - lesson.bell) // 1_000,
        left_open=left_open,
        clock_back_ms=clock_back_ms,
        rounds=rounds,
        timeline=tuple(line),
    )
    if lesson.finished_at is not None or left_open:
        return common
    left = max(-(-(phase_end - now) // 1_000), 0)
    total = max(phase_end - lesson.begin - lesson.stood_ms - lesson.standing_ms, 0)
    return common._replace(
        phase=_PHASES[current.part],
        round=current.round,
        step=lesson.step,
        seconds_left=left,
        seconds_total=total // 1_000,
        round_ends_at=phase_end,
        paused=lesson.paused,
        eyes_on_me=lesson.eyes,
        last_minute=current.part is Part.ROUND and 0 < left <= 60 and total > 2 * MINUTE_MS,
        overtime_seconds=overtime // 1_000,
    )


def _shifted(state: LessonState, by_ms: int) -> LessonState:
    """The same moment on the clock as it is now, after it was set back."""
    return state._replace(
        round_ends_at=None if state.round_ends_at is None else state.round_ends_at + by_ms,
        bell_at=None if state.bell_at is None else state.bell_at + by_ms,
        ends_at=None if state.ends_at is None else state.ends_at + by_ms,
        timeline=tuple(
            one._replace(start_ms=one.start_ms + by_ms, end_ms=one.end_ms + by_ms) for one in state.timeline
        ),
    )
