"""The groups' report card in words: each figure beside the best possible, what a move changes, reasons and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QLocale

from blenddesk.domain.ids import Id
from blenddesk.services.group_reports import AskedRule, Reason, Report, ReportLine, changed_lines
from blenddesk.text import _, language, ngettext, pgettext

NameOf = Callable[[Id], str]


def short_words(report: Report, *, brief: bool = False) -> str:
    """The one line under the ways to group: what is wrong first, else who meets again (``brief``: how many)."""
    rules, helpers, repeats = (report.line(name) for name in ("rules", "helpers", "repeats"))
    if rules.number:
        return line_words(report, rules)[0]
    if helpers.number > helpers.best:
        return line_words(report, helpers)[0]
    if brief:
        return pgettext("pairs that meet again", "Again: {n}").format(n=repeats.number)
    if repeats.number and repeats.best:
        return _("{pairs}; at least {n} must").format(pairs=_meet_again(repeats.number), n=repeats.best)
    return _meet_again(repeats.number)


def line_words(report: Report, line: ReportLine) -> tuple[str, str]:
    """A line of the report card and what is best possible beside it."""
    number, best = line.number, line.best
    possible = _("Best possible: {n}").format(n=best)
    if line.name == "rules":
        if not line.total:
            return _("No rules to keep"), _("Together, apart and students who stay")
        text = ngettext("{kept} of {n} rule kept", "{kept} of {n} rules kept", line.total)
        words = text.format(kept=line.total - number, n=line.total)
        return words, _("Best possible: all {n}").format(n=line.total)
    if line.name == "helpers":
        if not line.total:
            return _("No helpers asked for"), _("None is needed so far")
        words = ngettext("{n} helper is missing", "{n} helpers are missing", number).format(n=number)
        return (words if number else _("A helper in every group")), possible
    if line.name == "repeats":
        lessons = ngettext("Of the last {n} lesson", "Of the last {n} lessons", report.lessons).format(n=report.lessons)
        must = _("At least {n} must").format(n=best)
        return _meet_again(number), f"{lessons} · {must}" if report.lessons else _("No earlier lesson to compare")
    if line.name == "moved":
        words = ngettext("{n} student moved against last time", "{n} students moved against last time", number)
        return words.format(n=number), possible
    if report.wish in ("mixed", "similar") and not line.total:
        return _("No levels are known yet"), _("Sort the class by your judgement")
    if report.wish == "mixed":
        words = _("Group averages differ by up to {n}").format(n=_hundredths(number))
        return words, _("Best possible: {n}").format(n=_hundredths(best))
    if report.wish == "similar":
        words = ngettext(
            "{n} level between most and least in a group", "{n} levels between most and least in a group", number
        )
        return words.format(n=number), possible
    if report.wish == "interest":
        words = ngettext("{n} pair shares no interest", "{n} pairs share no interest", number)
        return words.format(n=number), possible
    return _("Chance decides"), _("No aim was chosen")


def move_words(before: Report, after: Report, most: int = 5) -> str:
    """What a move would change, old and new, such as "Meet again: from 3 to 2": the ``most`` important figures."""
    parts = []
    for old, new in changed_lines(before, after)[:most]:
        figures = (old.number, new.number)
        shown = [
            _hundredths(one) if old.name == "wish" and before.wish == "mixed" else QLocale(language()).toString(one)
            for one in figures
        ]
        parts.append(
            _("{what}: from {old} to {new}").format(what=_short_name(old.name, before.wish), old=shown[0], new=shown[1])
        )
    return " · ".join(parts) or _("This move changes no figure")


def reason_words(reason: Reason, name_of: NameOf, group_name: NameOf) -> str:
    """One reason in a sentence with names."""
    names = listed(name_of(one) for one in reason.students)
    if reason.code == "meets":
        if reason.number == 2:
            return _("Meets {names} for the second time").format(names=names)
        if reason.number == 3:
            return _("Meets {names} for the third time").format(names=names)
        return _("Meets {names}, with whom there were {n} lessons before").format(names=names, n=reason.number - 1)
    if reason.code == "elsewhere":
        text = ngettext("In {group} {n} would meet again", "In {group} {n} would meet again", reason.number)
        return text.format(group=group_name(reason.group or b""), n=reason.number)
    if reason.code == "helper":
        return _("Helps in this group: {kind}").format(kind=helper_words(reason.words[0]))
    if reason.code == "interest":
        return _("Shares {interests} with {names}").format(interests=", ".join(reason.words), names=names)
    sentences = {
        "locked": _("You keep this student here"),
        "locked_broken": _("You wanted to keep this student elsewhere"),
        "apart": _("Kept apart from {names}"),
        "apart_broken": _("Should be apart from {names}, and is not"),
        "together": _("Kept together with {names}"),
        "together_broken": _("Should be together with {names}, and is not"),
        "first_time": _("New partners: {names}"),
        "same_need": _("Same level as {names}"),
        "other_need": _("Another level than {names}"),
        "with_again": _("With {names} as last time"),
    }
    return sentences[reason.code].format(names=names)


def rule_words(rule: AskedRule, name_of: NameOf) -> str:
    """A rule as teachers say it: "Leo and Sam apart"."""
    names = listed(name_of(one) for one in rule.students)
    words = {
        "together": _("{names} together"),
        "apart": _("{names} apart"),
        "locked": _("{names} stays in the group"),
    }
    return words[rule.kind].format(names=names)


def helper_words(kind: str) -> str:
    return {
        "language": pgettext("what a student helps with", "Language"),
        "reader": pgettext("what a student helps with", "Reading"),
        "device": pgettext("what a student helps with", "Computers"),
    }.get(kind, kind)


def listed(names: Iterable[str]) -> str:
    """ "Ana, Ben and Leo" in the language of the desk."""
    return QLocale(language()).createSeparatedList(list(names))


def _meet_again(pairs: int) -> str:
    if not pairs:
        return _("Nobody meets again")
    return ngettext("{n} pair meets again", "{n} pairs meet again", pairs).format(n=pairs)


def _hundredths(number: int) -> str:
    return QLocale(language()).toString(number / 100, "f", 2)


def _short_name(name: str, wish: str) -> str:
    if name == "wish":
        return {
            "mixed": pgettext("figure", "Averages"),
            "similar": pgettext("figure", "Levels"),
            "interest": pgettext("figure", "No shared interest"),
        }.get(wish, wish)
    return {
        "rules": pgettext("figure", "Rules broken"),
        "helpers": pgettext("figure", "Helpers missing"),
        "repeats": pgettext("figure", "Meet again"),
        "moved": pgettext("figure", "Moved"),
    }[name]
