"""Checks of a plan in words: what is right, or what is not and by how much; for the screens and for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from blenddesk.domain.ids import Id
from blenddesk.domain.plan_checks import GAPS, Check
from blenddesk.domain.plans import Model, Plan, PlanSheet
from blenddesk.text import _, digits, ngettext

NameOf = Callable[[Id], str]


@dataclass(frozen=True, slots=True)
class CheckWords:
    """One row of the checks card. ``quiet``: not worth a row while it is in order."""

    text: str
    detail: str
    state: Literal["ok", "warn", "danger"]
    quiet: bool = False


def check_sentence(check: Check, sheet: PlanSheet, names: Mapping[Id, str]) -> str:
    """One line of text. ``names``: what students are called, by id."""
    words = check_words(check, sheet, lambda student: names.get(student, "?"))
    return _("{what}: {detail}").format(what=words.text, detail=words.detail) if words.detail else words.text


def check_words(check: Check, sheet: PlanSheet, name_of: NameOf) -> CheckWords:
    """What a check found. ``name_of`` gives a student's name."""
    state: Literal["ok", "warn", "danger"] = "ok" if check.ok else "danger" if check.code in GAPS else "warn"
    text, detail, quiet = _SENTENCES[check.code](check, sheet, name_of)
    return CheckWords(text, detail, state, quiet and check.ok)


def clock_words(minute: int) -> str:
    """Minutes after midnight as "9:30", in the digits of the language."""
    rest = minute % 60
    return f"{digits(minute // 60 % 24)}:{digits(rest // 10)}{digits(rest % 10)}"


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
    if check.ok and sheet.plan.model is Model.WHOLE_GROUP and not sheet.plan.shape:
        text = ngettext("Everyone does the part", "Everyone does all {n} parts", stations).format(n=stations)
        return text, rounds_words(sheet.plan.rounds), False
    if check.ok and sheet.plan.model in (Model.FLIPPED, Model.PLAYLIST):
        return _("Everyone meets the teacher"), rounds_words(sheet.plan.rounds), False
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
