"""The plan in words: days and times, minutes, what a check found and what a remedy does."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale

from blenddesk.check_words import CheckWords as CheckWords
from blenddesk.check_words import NameOf as NameOf
from blenddesk.check_words import check_words as check_words
from blenddesk.check_words import clock_words as clock_words
from blenddesk.check_words import minutes_words as minutes_words
from blenddesk.check_words import rounds_words as rounds_words
from blenddesk.check_words import time_words as time_words
from blenddesk.domain.minutes import timing_of
from blenddesk.domain.plans import Block, Model, Plan, PlanSheet, Priority
from blenddesk.services.plan_fixes import Remedy
from blenddesk.text import _, language, ngettext


def day_words(day: str | None) -> str:
    """ "Monday 23 November", or that no day is chosen."""
    if day is None:
        return _("No day yet")
    found = QDate.fromString(day, "yyyy-MM-dd")
    return QLocale(language()).toString(found, "dddd d MMMM")


def places_title(model: Model) -> str:
    """What the blocks of a lesson are called together."""
    if model is Model.WHOLE_GROUP:
        return _("Parts of the lesson")
    return _("Places and list") if model is Model.PLAYLIST else _("Stations")


def round_titles(sheet: PlanSheet) -> list[str]:
    """What everybody does in each round of a lesson in which all do the same; else nothing."""
    if len(sheet.groups) != 1:
        return []
    path = [sheet.block_of(sheet.groups[0].id, round_) for round_ in range(len(sheet.plan.rounds))]
    return [block.title for block in path if block is not None] if None not in path else []


def item_words(block: Block) -> str:
    """ "Must · 10 min": what is done in one's own time."""
    priority = {Priority.MUST: _("Must"), Priority.SHOULD: _("Should"), Priority.MAY: _("May")}[block.priority]
    if not block.minutes:
        return priority
    return _("{priority} · {minutes}").format(priority=priority, minutes=minutes_words(block.minutes))


def used_words(plan: Plan) -> tuple[str, bool]:
    """ "75 of 75 used · fits" and whether it fits."""
    timing = timing_of(plan)
    fits = timing.spare >= 0
    state = _("fits") if fits else _("too long")
    return _("{used} of {period} used · {state}").format(used=timing.used, period=timing.period, state=state), fits


def remedy_words(remedy: Remedy) -> tuple[str, str]:
    """What a remedy does, and what it costs ("" when nothing)."""
    sheet = remedy.sheet
    sharing = max((block.devices for block in sheet.blocks), default=0)
    words = {
        "seat_again": _("Seat the groups again"),
        "group_again": _("Make the groups again"),
        "more_rounds": rounds_words(sheet.plan.rounds),
        "fewer_rounds": rounds_words(sheet.plan.rounds),
        "refit": rounds_words(sheet.plan.rounds),
        "shorter_moving": _("Move in {minutes}").format(minutes=minutes_words(sheet.plan.moving_minutes)),
        "fewer_stations": _("Only {names}").format(names=", ".join(block.title for block in sheet.blocks)),
        "drop_led": _("Only {names}").format(names=", ".join(block.title for block in sheet.blocks)),
        "share_computers": ngettext("{n} student at a computer", "{n} students share a computer", sharing).format(
            n=sharing
        ),
        "projector_led": _("All together from the projector"),
        "halves": _("Two halves that swap")
        if sharing < 2
        else ngettext(
            "Two halves that swap, {n} student at a computer",
            "Two halves that swap, {n} students share a computer",
            sharing,
        ).format(n=sharing),
        "several_lessons": ngettext(
            "Everyone online once in {n} lesson, the others on paper",
            "Everyone online once in {n} lessons, the others on paper",
            len(sheet.groups),
        ).format(n=len(sheet.groups)),
        "paper_twin": _("On paper instead of computers"),
        "without_sound": _("Without sound"),
        "more_places": _("Make room for all"),
        "without_adult": _("Let stations work on their own"),
        "another_adult": _("Any adult will do"),
        "place_in_smallest": _("Into the smallest group"),
        "even_out_today": _("Even out the groups"),
    }
    costs = {
        "visits_all": _("Not everyone visits all stations then."),
        "floor": _("Rounds are short then."),
        "stations": _("Stations are left out then."),
        "devices": _("Computers are too few then."),
        "headphones": _("Headphones are too few then."),
        "capacity": _("A station is full then."),
        "adults": _("Adults are too few then."),
        "fits_period": _("The lesson is too long then."),
        "apart": _("Two who should be apart are together then."),
        "together": _("Two who should be together are apart then."),
    }
    return words[remedy.code], " ".join(costs[code] for code in remedy.breaks if code in costs)
