"""The log of a lesson and the books that follow from it: which piece runs, until when, and what has been.

Events count in the order of the log; a time before the last event counts as that event's time, so time never runs
backwards. Nothing here raises for any log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.minutes import Part, Timing, refit_late, segments, shrink
from blenddesk.errors import Refusal

MINUTE_MS = 60_000
CLOCK_JUMP_MS = 10 * MINUTE_MS
"""An event this much before the one it follows means that the clock was set back. Less is another desk's clock."""
GRACE_MS = MINUTE_MS
"""A start this much after the plan is on time."""


class EventKind(StrEnum):
    """What happened in a lesson, and what its ``value`` is; None stands for the usual."""

    STARTED = "started"
    """1: full rounds, whatever the bell says; else a late start shortens the rounds to keep the bell."""
    NEXT = "next"
    """``LessonState.step`` when it was pressed, so that two desks that press together go on once; None: any."""
    PLUS_MINUTE = "plus_minute"
    """Minutes, usually 1."""
    MINUS_MINUTE = "minus_minute"
    """Minutes, usually 1."""
    PAUSED = "paused"
    RESUMED = "resumed"
    SKIPPED = "skipped"
    """The round that is left out; None: the one that runs or comes next."""
    EYES_ON = "eyes_on"
    EYES_OFF = "eyes_off"
    FINISHED = "finished"
    REFIT = "refit"
    """The rounds to come share the time to the bell evenly. Minutes to the bell from now; None: the planned bell."""
    SLEPT = "slept"
    """Seconds that the computer slept and that do not count ("go on from here")."""


class LessonEvent(NamedTuple):
    """One line of a run's log. ``kind`` is an ``EventKind``; others (from a newer version) are passed over."""

    kind: str
    at_ms: int
    value: int | None = None
    id: Id = b""


class Stretch(NamedTuple):
    """One piece of the lesson's line: what has been, is, or is still to come, on the wall clock."""

    part: Part
    round: int | None
    start_ms: int
    end_ms: int
    skipped: bool = False


class LateStart(NamedTuple):
    """What Start would do now: the rounds it would run and whether they are shorter than planned."""

    late_minutes: int
    timing: Timing
    fits: bool
    """False when no minute per round is left before the bell: it would run in full, past the bell."""


@dataclass(slots=True)
class _Segment:
    part: Part
    round: int | None
    length_ms: int


@dataclass(slots=True)
class Lesson:
    """The books of one lesson while its log is read. ``deadline`` is when the current segment ends if nothing stops."""

    timing: Timing
    now: int
    segments: list[_Segment]
    begin: int
    deadline: int
    bell: int
    stood_ms: int = 0
    """How long this segment has stood still so far."""
    index: int = 0
    stopped_at: int | None = None
    paused: bool = False
    asleep: bool = False
    eyes: bool = False
    past: list[Stretch] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    finished_at: int | None = None

    @property
    def current(self) -> _Segment:
        return self.segments[self.index]

    @property
    def standing_ms(self) -> int:
        """How long it has been standing still just now."""
        return 0 if self.stopped_at is None else self.now - self.stopped_at

    @property
    def segment_end(self) -> int:
        """When the current segment ends if it goes on now."""
        return self.deadline + self.standing_ms

    @property
    def step(self) -> int:
        return len(self.past)

    @property
    def rest(self) -> list[_Segment]:
        return self.segments[self.index + 1 :]


def late_start(timing: Timing, planned_start_ms: int | None, now_ms: int) -> LateStart:
    """What pressing Start at ``now_ms`` would do, for the teacher to see first."""
    late_ms = 0 if planned_start_ms is None else now_ms - planned_start_ms
    if late_ms <= GRACE_MS:
        return LateStart(0, timing, fits=True)
    late_minutes = -(-late_ms // MINUTE_MS)
    try:
        return LateStart(late_minutes, refit_late(timing, late_minutes), fits=True)
    except Refusal:
        return LateStart(late_minutes, timing, fits=False)


def begin(timing: Timing, event: LessonEvent, planned_start_ms: int | None) -> Lesson:
    start = event.at_ms
    bell = (start if planned_start_ms is None else planned_start_ms) + timing.period * MINUTE_MS
    if bell <= start:
        # After the bell (a plan of another day, a free afternoon) that bell means nothing.
        bell = start + timing.period * MINUTE_MS
    if event.value != 1:
        timing = late_start(timing, planned_start_ms, start).timing
    pieces = [_Segment(one.part, one.round, one.minutes * MINUTE_MS) for one in segments(timing)]
    if not pieces or pieces[-1].part is not Part.CLOSING:
        # There is always a closing to be in, however short: the lesson ends when the teacher says so.
        pieces.append(_Segment(Part.CLOSING, None, 0))
    return Lesson(timing, start, pieces, begin=start, deadline=start + pieces[0].length_ms, bell=bell)


def on_one_clock(events: Sequence[LessonEvent]) -> tuple[list[LessonEvent], int]:
    """The events as if the clock had never been set back, and what to add to its time now.

    Without this a lesson that ran an hour fast for a moment would stand still for an hour.
    """
    shift = 0
    even: list[LessonEvent] = []
    for event in events:
        if even and event.at_ms + shift < even[-1].at_ms - CLOCK_JUMP_MS:
            shift = even[-1].at_ms - event.at_ms
        even.append(event._replace(at_ms=event.at_ms + shift))
    return even, shift


def with_sleep(events: Sequence[LessonEvent]) -> list[LessonEvent]:
    """Each sleep as the stop where it began and the going on where it ended, so that no round ends in between."""
    woven: list[LessonEvent] = []
    for event in events:
        if event.kind == EventKind.SLEPT:
            woven.append(event._replace(at_ms=event.at_ms - max(event.value or 0, 0) * 1_000))
            woven.append(event._replace(kind=_WOKE))
        else:
            woven.append(event)
    return woven


_WOKE = "woke"


def advance(lesson: Lesson, now_ms: int) -> None:
    """Let time pass: segments that are over give way to the next. Time never runs backwards."""
    lesson.now = max(lesson.now, now_ms)
    if lesson.stopped_at is not None or lesson.finished_at is not None:
        return
    while lesson.deadline <= lesson.now and lesson.rest:
        _go_on(lesson, lesson.deadline)


def _go_on(lesson: Lesson, at_ms: int) -> None:
    """End the current segment and begin the next one, both at ``at_ms``."""
    one = lesson.current
    lesson.past.append(Stretch(one.part, one.round, lesson.begin, at_ms, one.round in lesson.skipped))
    lesson.index += 1
    lesson.begin = at_ms
    lesson.stood_ms = 0
    if lesson.stopped_at is not None:
        lesson.stopped_at = at_ms
    lesson.deadline = at_ms + lesson.current.length_ms


def apply(lesson: Lesson, event: LessonEvent) -> None:
    now = lesson.now
    # On the scale of the deadline, which moves only when a stop is over.
    now_here = now - lesson.standing_ms
    kind, value = event.kind, event.value
    if kind == EventKind.NEXT:
        _next(lesson, value)
    elif kind == EventKind.SKIPPED:
        _skip(lesson, value)
    elif kind == EventKind.PLUS_MINUTE:
        lesson.deadline = max(lesson.deadline, now_here) + _minutes(value)
    elif kind == EventKind.MINUS_MINUTE:
        lesson.deadline = max(min(lesson.deadline, now_here), lesson.deadline - _minutes(value))
    elif kind == EventKind.PAUSED:
        lesson.paused = True
    elif kind == EventKind.RESUMED:
        lesson.paused = False
    elif kind == EventKind.SLEPT:
        lesson.asleep = True
    elif kind == _WOKE:
        lesson.asleep = False
    elif kind == EventKind.EYES_ON:
        lesson.eyes = True
    elif kind == EventKind.EYES_OFF:
        lesson.eyes = False
    elif kind == EventKind.REFIT:
        _refit(lesson, value)
    elif kind == EventKind.FINISHED:
        lesson.finished_at = now
        one = lesson.current
        lesson.past.append(Stretch(one.part, one.round, lesson.begin, now, one.round in lesson.skipped))
    _stop_or_go(lesson)


def _stop_or_go(lesson: Lesson) -> None:
    """The clock of the lesson stands while it is paused or the computer sleeps; standing time is added to the end."""
    stopped = lesson.paused or lesson.asleep
    if stopped and lesson.stopped_at is None:
        lesson.stopped_at = lesson.now
    elif not stopped and lesson.stopped_at is not None:
        lesson.deadline += lesson.now - lesson.stopped_at
        lesson.stood_ms += lesson.now - lesson.stopped_at
        lesson.stopped_at = None
        advance(lesson, lesson.now)


def _minutes(value: int | None) -> int:
    # A log may hold anything; an hour more or less is the most that a tap can mean.
    return min(max(1 if value is None else value, 0), 60) * MINUTE_MS


def _next(lesson: Lesson, pressed_in: int | None) -> None:
    if not lesson.rest or (pressed_in is not None and pressed_in != lesson.step):
        return
    lesson.paused = False
    _go_on(lesson, lesson.now)


def _skip(lesson: Lesson, round_: int | None) -> None:
    """Leave a round out: the one that runs ends now; one to come goes away together with the move to it."""
    upcoming = [one.round for one in lesson.rest if one.part is Part.ROUND]
    runs = lesson.current.round if lesson.current.part is Part.ROUND else None
    if round_ is None:
        round_ = runs if runs is not None else next(iter(upcoming), None)
    if round_ is None or round_ not in (runs, *upcoming):
        return
    lesson.skipped.add(round_)
    if round_ == runs:
        lesson.paused = False
        _go_on(lesson, lesson.now)
        return
    moving_there = lesson.current.part is Part.MOVING and lesson.current.round == round_
    kept = [one for one in lesson.rest if one.round != round_]
    lesson.segments[lesson.index + 1 :] = kept
    if moving_there:
        # On the way already: the way now leads to the round after, and the move planned to that one is not needed.
        if kept and kept[0].part is Part.MOVING:
            lesson.current.round = kept[0].round
            del lesson.segments[lesson.index + 1]
        elif kept and kept[0].part is Part.CLOSING:
            _go_on(lesson, lesson.now)
    elif lesson.current.part is Part.OPENING and kept and kept[0].part is Part.MOVING:
        # The first round is left out: nobody is anywhere yet, so there is no move to what is now the first.
        del lesson.segments[lesson.index + 1]


def _refit(lesson: Lesson, minutes_to_bell: int | None) -> None:
    """Share the time between the end of this phase and the bell among the rounds to come, in whole minutes."""
    if minutes_to_bell is not None:
        lesson.bell = lesson.now + min(max(minutes_to_bell, 0), 24 * 60) * MINUTE_MS
    rounds = [one for one in lesson.rest if one.part is Part.ROUND]
    others = sum(one.length_ms for one in lesson.rest if one.part is not Part.ROUND)
    minutes = (lesson.bell - lesson.segment_end - others) // MINUTE_MS
    if not rounds or minutes < len(rounds):
        # No time left to share: the rounds stay as they are and ``late_by_seconds`` goes on telling the teacher.
        return
    lengths = shrink([max(one.length_ms // MINUTE_MS, 1) for one in rounds], minutes)
    for one, length in zip(rounds, lengths, strict=True):
        one.length_ms = length * MINUTE_MS
