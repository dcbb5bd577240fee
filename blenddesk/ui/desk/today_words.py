"""Times, rounds and needs of a lesson in words, as Today and the board say them."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale

from blenddesk.domain.live import LateStart, LessonState, Phase
from blenddesk.domain.minutes import Part
from blenddesk.domain.people import Student
from blenddesk.domain.ports import Clock
from blenddesk.services.today import ComputerHome, Need, NeedKind, TodayView
from blenddesk.text import _, digits, language, ngettext, pgettext
from blenddesk.ui import kit
from blenddesk.ui.desk.today_days import clock_of_minute as clock_of_minute

MINUTE_MS = 60_000


def clock_of_ms(clock: Clock, ms: int) -> str:
    """The local time of day of a moment."""
    return clock_of_minute((ms // MINUTE_MS + clock.zone_minutes()) % (24 * 60))


def weekday_and_time(clock: Clock, ms: int) -> str:
    """``Monday 10:40``."""
    shifted = ms // 1000 + clock.zone_minutes() * 60
    day = QDate(1970, 1, 1).addDays(shifted // 86_400)
    return f"{QLocale(language()).toString(day, 'dddd')} {clock_of_ms(clock, ms)}"


def round_words(round_: int) -> str:
    """``Round 2`` of round 1 (they count from 0)."""
    return _("Round {number}").format(number=round_ + 1)


def phase_words(state: LessonState) -> str:
    """What runs now, below the large digits."""
    number, count = (state.round or 0) + 1, state.round_count
    if state.overtime_seconds:
        return _("over the end of the lesson")
    return {
        Phase.OPENING: _("left to start"),
        Phase.ROUND: _("left in round {number} of {count}").format(number=number, count=count),
        Phase.MOVING: _("on the way to round {number} of {count}").format(number=number, count=count),
        Phase.CLOSING: _("left to look back"),
    }.get(state.phase, "")


def next_words(state: LessonState) -> str:
    """What the main button does next."""
    if state.phase is Phase.CLOSING:
        return _("Finish")
    if state.phase in (Phase.OPENING, Phase.MOVING):
        return _("Start round {number}").format(number=(state.round or 0) + 1)
    if state.round is not None and state.round == state.round_count - 1:
        return _("Look back")
    return _("Next round")


def line_parts(clock: Clock, state: LessonState) -> list[kit.Part]:
    """The lesson's line as the kit draws it, with the clock at each part but the moves."""
    parts = []
    for one in state.timeline:
        minutes = max((one.end_ms - one.start_ms) / MINUTE_MS, 0.2)
        starts = clock_of_ms(clock, one.start_ms)
        if one.part is Part.ROUND and one.round is not None:
            parts.append(kit.Part(round_words(one.round), minutes, starts))
        elif one.part is Part.MOVING:
            parts.append(kit.Part("", minutes, "", kind="move"))
        elif one.part is Part.OPENING:
            parts.append(kit.Part(pgettext("part of a lesson", "Start"), minutes, starts, kind="start"))
        else:
            parts.append(kit.Part(pgettext("part of a lesson", "Look back"), minutes, "", kind="end"))
    return parts


def line_now(state: LessonState) -> tuple[int, float]:
    """Index of the part that runs (-1 before, the number of parts after) and the share of it that has passed."""
    if not state.running:
        return (-1 if state.phase is Phase.READY else len(state.timeline)), 0.0
    index = min(state.step, len(state.timeline) - 1)
    one = state.timeline[index]
    length = one.end_ms - one.start_ms
    left = state.seconds_left * 1000
    return index, 1.0 if length <= 0 else min(max(1 - left / length, 0.0), 1.0)


def late_words(clock: Clock, late: LateStart, bell_ms: int | None) -> str:
    """What a late start does to the rounds: their new length first."""
    bell = "" if bell_ms is None else clock_of_ms(clock, bell_ms)
    if not late.fits:
        return _("{late} min late: no time is left before the bell at {bell}. The lesson would run in full.").format(
            late=late.late_minutes, bell=bell
        )
    return _("{rounds} min rounds now: {late} min late, and the bell stays at {bell}.").format(
        rounds=lengths_words(late.timing.rounds), late=late.late_minutes, bell=bell
    )


def lengths_words(rounds: tuple[int, ...]) -> str:
    """``12`` or ``11 to 12``."""
    if not rounds:
        return "0"
    low, high = min(rounds), max(rounds)
    return digits(low) if low == high else _("{low} to {high}").format(low=low, high=high)


def here_words(view: TodayView) -> str:
    """``32 here, 0 away``."""
    here = ngettext("{n} here", "{n} here", len(view.here)).format(n=len(view.here))
    away = ngettext("{n} away", "{n} away", len(view.away)).format(n=len(view.away))
    return _("{here}, {away}").format(here=here, away=away)


def need_words(clock: Clock, need: Need, student: Student | None, view: TodayView) -> tuple[str, str]:
    """Who needs the teacher and what for, in a title and a line."""
    name = student.name if student is not None else _("A student")
    place = ""
    if need.block is not None and view.sheet is not None:
        place = next((one.title for one in view.sheet.blocks if one.id == need.block), "")
    ago = max((clock.wall_ms() - need.at_ms) // MINUTE_MS, 0)
    when = _("just now") if ago < 1 else _("{n} min ago").format(n=ago)
    if need.kind is NeedKind.SIGN_IN:
        return _("{name} cannot sign in").format(name=name), when
    if need.kind is NeedKind.LATE:
        came = "" if need.minute is None else clock_of_minute(need.minute)
        missed = [digits(one + 1) for one in need.rounds]
        if not missed:
            return _("{name} came late").format(name=name), came
        rounds = ngettext("missed round {rounds}", "missed rounds {rounds}", len(missed)).format(
            rounds=", ".join(missed)
        )
        return _("{name} came late").format(name=name), f"{came} · {rounds}"
    said = _("{name} asks for help") if need.kind is NeedKind.HELP else _("{name}: still tricky")
    return said.format(name=name), f"{place} · {when}" if place else when


def home_words(clock: Clock, computer: ComputerHome) -> str:
    if computer.last_home_ms is None:
        return _("not home yet")
    return _("last home {when}").format(when=weekday_and_time(clock, computer.last_home_ms))
