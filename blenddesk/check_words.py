"""Checks of a plan in words: what is right, or what is not and by how much."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from blenddesk.domain.ids import Id
from blenddesk.domain.plan_checks import Check
from blenddesk.domain.plans import PlanSheet
from blenddesk.text import _, ngettext


def check_sentence(check: Check, sheet: PlanSheet, names: Mapping[Id, str]) -> str:
    """One line for the list of checks. ``names``: what students are called, by id."""
    words = _WORDS.get(check.code)
    return check.code if words is None else words(check, sheet, names)


def _places(check: Check, _sheet: PlanSheet, _names: Mapping[Id, str]) -> str:
    if check.ok:
        return _("Every group has a place in every round")
    gaps = len(check.data["gaps"])  # type: ignore[arg-type]
    return ngettext("{n} group has no place in a round", "{n} groups have no place in a round", gaps).format(n=gaps)


def _visits_all(check: Check, _sheet: PlanSheet, _names: Mapping[Id, str]) -> str:
    if check.ok:
        return _("Every group visits every station it must")
    return _("{stations} stations do not fit into {rounds} rounds").format(**check.data)


def _fits_period(check: Check, _sheet: PlanSheet, _names: Mapping[Id, str]) -> str:
    said = _("Uses {used} of {period} minutes") if check.ok else _("Needs {used} minutes, the lesson has {period}")
    return said.format(**check.data)


def _floor(check: Check, _sheet: PlanSheet, _names: Mapping[Id, str]) -> str:
    if check.ok:
        return _("Every round has at least {floor} minutes").format(**check.data)
    return _("A round has only {shortest} minutes; below {floor} little can be learned").format(**check.data)


def _devices(check: Check, sheet: PlanSheet, _names: Mapping[Id, str]) -> str:
    said = (
        _("{place} needs {needed} of {have} computers") if check.ok else _("{place} needs {needed} computers of {have}")
    )
    return said.format(place=_place(check, sheet), **_numbers(check))


def _headphones(check: Check, sheet: PlanSheet, _names: Mapping[Id, str]) -> str:
    said = (
        _("{place} needs {needed} of {have} headphones")
        if check.ok
        else _("{place} needs {needed} headphones, there are {have}")
    )
    return said.format(place=_place(check, sheet), **_numbers(check))


def _capacity(check: Check, sheet: PlanSheet, _names: Mapping[Id, str]) -> str:
    said = (
        _("There is room for everyone at every station")
        if check.ok
        else _("{place} has room for {capacity}, {students} come")
    )
    return said.format(place=_place(check, sheet), **_numbers(check))


def _adults(check: Check, _sheet: PlanSheet, _names: Mapping[Id, str]) -> str:
    if check.ok:
        return _("There are enough adults")
    return _("{needed} stations need an adult in one round; there are {have}").format(**_numbers(check))


def _pairs(check: Check, names: Mapping[Id, str], right: str, wrong: str) -> str:
    if check.ok:
        return right
    broken: Sequence[Sequence[Id]] = check.data["broken"]  # type: ignore[assignment]
    return wrong.format(pairs="; ".join(" + ".join(names.get(s, "?") for s in pair) for pair in broken))


def _apart(check: Check, _sheet: PlanSheet, names: Mapping[Id, str]) -> str:
    return _pairs(check, names, _("Nobody is with whom they should not be"), _("Should work apart: {pairs}"))


def _together(check: Check, _sheet: PlanSheet, names: Mapping[Id, str]) -> str:
    return _pairs(check, names, _("Everybody is with whom they should be"), _("Should work together: {pairs}"))


def _placed(check: Check, _sheet: PlanSheet, names: Mapping[Id, str]) -> str:
    if check.ok:
        return _("Everyone is in a group")
    missing: Sequence[Id] = check.data["students"]  # type: ignore[assignment]
    return _("Without a group: {names}").format(names=", ".join(names.get(s, "?") for s in missing))


def _away(check: Check, _sheet: PlanSheet, _names: Mapping[Id, str]) -> str:
    if check.ok:
        return _("With those who are away no group is left too small")
    return _("A group is left with one student")


def _place(check: Check, sheet: PlanSheet) -> str:
    wanted = check.data["block"]
    return next((block.title for block in sheet.blocks if block.id == wanted), "")


def _numbers(check: Check) -> dict[str, Any]:
    return {name: value for name, value in check.data.items() if isinstance(value, int)}


_WORDS: dict[str, Callable[[Check, PlanSheet, Mapping[Id, str]], str]] = {
    "places": _places,
    "visits_all": _visits_all,
    "fits_period": _fits_period,
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
