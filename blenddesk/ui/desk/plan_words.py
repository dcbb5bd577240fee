"""The plan in words: days and times, minutes, what a check found and what a remedy does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QDate, QLocale, QTime

from blenddesk.domain.ids import Id
from blenddesk.domain.minutes import timing_of
from blenddesk.domain.plan_checks import GAPS, Check
from blenddesk.domain.plans import Plan, PlanSheet
from blenddesk.services.plan_fixes import Remedy
from blenddesk.text import _, language, ngettext

NameOf = Callable[[Id], str]


@dataclass(frozen=True, slots=True)
class CheckWords:
    """One row of the checks card. ``quiet``: not worth a row while it is in order."""

    text: str
    detail: str
    state: Literal["ok", "warn", "danger"]
    quiet: bool = False


def day_words(day: str | None) -> str:
    """ "Monday 23 November", or that no day is chosen."""
    if day is None:
        return _("No day yet")
    found = QDate.fromString(day, "yyyy-MM-dd")
    return QLocale(language()).toString(found, "dddd d MMMM")


def clock_words(minute: int) -> str:
    """Minutes after midnight as "9:30", in the digits of the language."""
    return QLocale(language()).toString(QTime(minute // 60 % 24, minute % 60), "H:mm")


def time_words(plan: Plan) -> str:
    """ "9:30 to 10:45", or the minutes while there is no time."""
    if plan.start_minute is None:
        return minutes_words(plan.period_minutes)
    end = plan.start_minute + plan.period_minutes
    return _("{start} to {end}").format(start=clock_words(plan.start_minute), end=clock_words(end))


def minutes_words(minutes: int) -> str:
    return ngettext("{n} min", "{n} min", minutes).format(n=minutes)


def rounds_words(rounds: tuple[int, ...] | list[int]) -> str:
    """ "4 rounds × 15 min", or the shortest and longest where they differ."""
    low, high = min(rounds, default=0), max(rounds, default=0)
    each = minutes_words(low) if low == high else _("{low} to {high} min").format(low=low, high=high)
    return ngettext("{n} round of {minutes}", "{n} rounds of {minutes}", len(rounds)).format(
        n=len(rounds), minutes=each
    )


def used_words(plan: Plan) -> tuple[str, bool]:
    """ "75 of 75 used · fits" and whether it fits."""
    timing = timing_of(plan)
    fits = timing.spare >= 0
    state = _("fits") if fits else _("too long")
    return _("{used} of {period} used · {state}").format(used=timing.used, period=timing.period, state=state), fits


def check_words(check: Check, sheet: PlanSheet, name_of: NameOf) -> CheckWords:
    """What a check found. ``name_of`` gives a student's name."""
    state: Literal["ok", "warn", "danger"] = "ok" if check.ok else "danger" if check.code in GAPS else "warn"
    text, detail, quiet = _SENTENCES[check.code](check, sheet, name_of)
    return CheckWords(text, detail, state, quiet and check.ok)


def _number(check: Check, name: str) -> int:
    value = check.data.get(name)
    return value if isinstance(value, int) else 0


def _title(check: Check, sheet: PlanSheet) -> str:
    block = check.data.get("block")
    return next((one.title for one in sheet.blocks if one.id == block), "")


def _names(check: Check, key: str, name_of: NameOf) -> list[str]:
    found = check.data.get(key)
    return [name_of(one) for one in found if isinstance(one, bytes)] if isinstance(found, tuple) else []


def _pair_names(check: Check, key: str, name_of: NameOf) -> str:
    found = check.data.get(key)
    pairs = [sorted((name_of(a), name_of(b))) for a, b in found] if isinstance(found, tuple) else []
    return "; ".join(_("{first} and {second}").format(first=first, second=second) for first, second in sorted(pairs))


_Sentence = tuple[str, str, bool]


def _places(check: Check, _sheet: PlanSheet, _name_of: NameOf) -> _Sentence:
    if check.ok:
        return _("Every group has a place"), _("in every round"), True
    gaps = check.data.get("gaps")
    count = len(gaps) if isinstance(gaps, tuple) else 0
    text = ngettext("{n} gap in who goes where", "{n} gaps in who goes where", count).format(n=count)
    return text, _("Every group needs a place in every round."), False


def _visits(check: Check, sheet: PlanSheet, _name_of: NameOf) -> _Sentence:
    stations, rounds = _number(check, "stations"), _number(check, "rounds")
    if check.ok:
        text = ngettext("Everyone visits the station", "Everyone visits all {n}", stations).format(n=stations)
        if any(block.priority != "must" for block in sheet.blocks):
            text = _("Everyone visits all that must be")
        return text, rounds_words(sheet.plan.rounds), False
    detail = _("{rounds} rounds for {stations} stations").format(rounds=rounds, stations=stations)
    return _("Not everyone visits all"), detail, False


def _fits(check: Check, sheet: PlanSheet, _name_of: NameOf) -> _Sentence:
    used, period = _number(check, "used"), _number(check, "period")
    detail = _("{used} of {period} min").format(used=used, period=period)
    when = time_words(sheet.plan)
    if check.ok:
        return _("Fits {time}").format(time=when), detail, False
    return _("Longer than {time}").format(time=when), detail, False


def _floor(check: Check, _sheet: PlanSheet, _name_of: NameOf) -> _Sentence:
    shortest, floor = _number(check, "shortest"), _number(check, "floor")
    if check.ok:
        return _("Rounds are long enough"), minutes_words(shortest), True
    text = _("Rounds of only {minutes}").format(minutes=minutes_words(shortest))
    return text, _("You want at least {minutes}").format(minutes=minutes_words(floor)), False


def _devices(check: Check, sheet: PlanSheet, _name_of: NameOf) -> _Sentence:
    needed, have = _number(check, "needed"), _number(check, "have")
    if check.ok:
        text = ngettext("{n} computer is enough", "{n} computers are enough", have).format(n=have)
        return text, _("{n} needed at once").format(n=needed), False
    text = _("No computer in my room")
    if have:
        text = ngettext("Only {n} computer", "Only {n} computers", have).format(n=have)
    return text, _("{n} needed at {station}").format(n=needed, station=_title(check, sheet)), False


def _headphones(check: Check, sheet: PlanSheet, _name_of: NameOf) -> _Sentence:
    needed, have = _number(check, "needed"), _number(check, "have")
    detail = ngettext("{n} student at {station}", "{n} students at {station}", needed)
    detail = detail.format(n=needed, station=_title(check, sheet))
    if check.ok:
        return _("Headphones for all"), detail, False
    text = ngettext("Only {n} headphone", "Only {n} headphones", have).format(n=have)
    return (text if have else _("No headphones")), detail, False


def _capacity(check: Check, sheet: PlanSheet, _name_of: NameOf) -> _Sentence:
    students, room = _number(check, "students"), _number(check, "capacity")
    title = _title(check, sheet)
    if check.ok:
        return _("Room at every station"), title, True
    text = _("{station} is full").format(station=title)
    return text, _("{students} students, room for {room}").format(students=students, room=room), False


def _adults(check: Check, _sheet: PlanSheet, _name_of: NameOf) -> _Sentence:
    needed, have = _number(check, "needed"), _number(check, "have")
    if check.ok:
        return _("An adult where one is needed"), "", True
    if check.data.get("absent"):
        return _("An adult is not there"), _("A station needs someone who is away"), False
    text = ngettext("Only {n} adult", "Only {n} adults", have).format(n=have)
    return text, _("{n} stations need one at once").format(n=needed), False


def _apart(check: Check, _sheet: PlanSheet, name_of: NameOf) -> _Sentence:
    key = "pairs" if check.ok else "broken"
    detail = _("kept in different groups") if check.ok else _("they are in one group")
    return _("Apart: {names}").format(names=_pair_names(check, key, name_of)), detail, False


def _together(check: Check, _sheet: PlanSheet, name_of: NameOf) -> _Sentence:
    key = "pairs" if check.ok else "broken"
    detail = _("kept in one group") if check.ok else _("they are in different groups")
    return _("Together: {names}").format(names=_pair_names(check, key, name_of)), detail, False


def _placed(check: Check, _sheet: PlanSheet, name_of: NameOf) -> _Sentence:
    names = _names(check, "students", name_of)
    if check.ok:
        return _("Everyone is in a group"), "", True
    text = ngettext("{n} student has no group", "{n} students have no group", len(names)).format(n=len(names))
    return text, ", ".join(names), False


def _away(check: Check, _sheet: PlanSheet, name_of: NameOf) -> _Sentence:
    names = _names(check, "students", name_of)
    text = ngettext("{n} student is away", "{n} students are away", len(names)).format(n=len(names))
    return text, ", ".join(names) if check.ok else _("Somebody is left alone in a group"), False


_SENTENCES: dict[str, Callable[[Check, PlanSheet, NameOf], _Sentence]] = {
    "places": _places,
    "visits_all": _visits,
    "fits_period": _fits,
    "floor": _floor,
    "devices": _devices,
    "headphones": _headphones,
    "capacity": _capacity,
    "adults": _adults,
    "apart": _apart,
    "together": _together,
    "placed": _placed,
    "away": _away,
}


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
        "share_computers": ngettext("{n} student at a computer", "{n} students share a computer", sharing).format(
            n=sharing
        ),
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
        "devices": _("Computers are too few then."),
        "headphones": _("Headphones are too few then."),
        "capacity": _("A station is full then."),
        "adults": _("Adults are too few then."),
        "fits_period": _("The lesson is too long then."),
        "apart": _("Two who should be apart are together then."),
        "together": _("Two who should be together are apart then."),
    }
    return words[remedy.code], " ".join(costs[code] for code in remedy.breaks if code in costs)
