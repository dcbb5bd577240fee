"""Sentences for why not every must-do can be done, and for what would help: the numbers of counting in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from blenddesk.domain.planning.rotation import Problem
from blenddesk.domain.planning.rotation_reasons import Reason
from blenddesk.domain.planning.rotation_remedies import Remedy
from blenddesk.text import _, ngettext


def reason_sentence(reason: Reason, problem: Problem) -> str:
    """One sentence with names and numbers: "With me needs 8 rounds with a teacher, there are 4"."""
    places = {
        "groups": _names(_group_names(problem, reason.groups)),
        "stations": _names(_station_names(problem, reason.stations)),
        "needed": reason.needed,
        "have": reason.have,
        "length": reason.length,
        "adult": reason.adult,
    }
    sentence = _REASONS()[reason.code].format(**places)
    if reason.rounds:
        rounds = _names(str(round_ + 1) for round_ in reason.rounds)
        sentence += " " + _("This is about rounds {rounds}.").format(rounds=rounds)
    return sentence


def remedy_sentence(remedy: Remedy, problem: Problem) -> str:
    """What a button says: "Share each computer among 2"."""
    return _REMEDIES(remedy.amount)[remedy.code]().format(
        groups=_names(_group_names(problem, remedy.groups)),
        stations=_names(_station_names(problem, remedy.stations)),
        n=remedy.amount,
    )


def _REASONS() -> dict[str, str]:  # noqa: N802 - a table that must follow the language chosen at run time
    return {
        "group_time": _("{groups} must visit {stations}. That takes {needed} rounds, but there are {have}."),
        "doubles": _(
            "{groups} must visit {stations}, each for {length} rounds on end. That is {needed} times, but there is room"
            " for {have}."
        ),
        "order": _(
            "{groups} must visit {stations}, which is {needed} stations. In the order that is asked for, {have} of them"
            " fit."
        ),
        "station_room": _(
            "{groups} must visit {stations}. That takes {needed} rounds of a group there, but there is room for {have}."
        ),
        "student_room": _(
            "{groups} must visit {stations}. That takes {needed} seats over all rounds, but there are {have}."
        ),
        "devices_short": _(
            "{groups} must use computers at {stations}. Over all rounds that takes {needed} computers, but {have} can"
            " be used."
        ),
        "teacher_rounds": _(
            "{groups} must work with a teacher at {stations}. That takes {needed} rounds, but there are {have}."
        ),
        "no_room": _("{groups} must visit {stations}, but there is no room for a group there."),
        "students_at_once": _(
            "{groups} must visit {stations}. That takes {needed} seats at once, but there are {have}."
        ),
        "devices_at_once": _(
            "{groups} must use computers at {stations}. That takes {needed} computers at once, but there are {have}."
        ),
        "no_adult": _("{groups} must work with a teacher at {stations}, but nobody is there to teach."),
        "adult_away": _("{groups} must work with {adult} at {stations}, but {adult} is not there."),
        "adult_rounds": _(
            "{groups} must work with {adult} at {stations}. That takes {needed} rounds, but there are {have}."
        ),
    }


def _REMEDIES(n: int) -> dict[str, Callable[[], str]]:  # noqa: N802 - as above
    return {
        "more_rounds": lambda: ngettext("Add {n} round on another day", "Add {n} rounds on another day", n),
        "more_places": lambda: ngettext(
            "Set up {stations} for {n} more group at a time", "Set up {stations} for {n} more groups at a time", n
        ),
        "make_may": lambda: _("Make {stations} a may-do for {groups}"),
        "shorten": lambda: _("Let {groups} stay one round at {stations}"),
        "unblock": lambda: _("Let {groups} take part in all rounds"),
        "share_devices": lambda: ngettext(
            "Give each student a computer at {stations}", "Let {n} students share a computer at {stations}", n
        ),
        "more_devices": lambda: ngettext("Get {n} more computer", "Get {n} more computers", n),
        "paper_twin": lambda: _("Do {stations} on paper"),
        "another_adult": lambda: ngettext("Ask {n} more adult to help", "Ask {n} more adults to help", n),
        "without_adult": lambda: _("Let students work alone at {stations}"),
        "any_adult": lambda: _("Let any adult lead {stations}"),
        "any_order": lambda: _("Let {groups} visit {stations} in any order"),
    }


def _group_names(problem: Problem, groups: Iterable[int]) -> list[str]:
    return [problem.groups[group].name or str(group) for group in groups]


def _station_names(problem: Problem, stations: Iterable[int]) -> list[str]:
    return [problem.stations[station].name or str(station) for station in stations]


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)
