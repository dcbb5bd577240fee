"""The week in sentences: from when to when, how many lessons were copied or given, what a check found."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale

from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import plans, weeks
from blenddesk.services.context import AppContext
from blenddesk.services.weeks import Given, Lesson, WeekCopied
from blenddesk.text import _, language, ngettext
from blenddesk.ui.desk import plan_words as words


def range_words(first: date, last: date) -> str:
    """ "23 to 27 November", or with both months."""
    locale = QLocale(language())
    ends = [QDate(one.year, one.month, one.day) for one in (first, last)]
    form = "d" if first.month == last.month else "d MMMM"
    return _("{first} to {last}").format(first=locale.toString(ends[0], form), last=locale.toString(ends[1], "d MMMM"))


def copied_words(done: WeekCopied) -> str:
    """How many lessons came, and why others did not."""
    parts = [ngettext("{n} lesson was copied.", "{n} lessons were copied.", done.copied).format(n=done.copied)]
    if done.days_off:
        parts.append(
            ngettext("{n} falls on a day off.", "{n} fall on a day off.", done.days_off).format(n=done.days_off)
        )
    if done.taken:
        parts.append(
            ngettext("{n} time has a lesson already.", "{n} times have a lesson already.", done.taken).format(
                n=done.taken
            )
        )
    if done.unfit:
        parts.append(
            ngettext("{n} does not fit its time.", "{n} do not fit their times.", done.unfit).format(n=done.unfit)
        )
    return " ".join(parts)


def given_words(ctx: AppContext, done: Given) -> str:
    """How many classes have the lesson, and why the first of the others has not."""
    count = len(done.made)
    parts = [ngettext("{n} class has the lesson now.", "{n} classes have the lesson now.", count).format(n=count)]
    if done.warned:
        parts.append(
            ngettext("{n} of them needs a look.", "{n} of them need a look.", done.warned).format(n=done.warned)
        )
    if done.left_out:
        section, code = done.left_out[0]
        home = ctx.reads.sections.get(section)
        why = error_sentence(BlendDeskError(code))
        parts.append(_("{name}: {what}").format(name=home.name if home else "", what=why))
    return " ".join(parts)


def failed_words(ctx: AppContext, lesson: Lesson) -> list[str]:
    """The checks of a lesson that fail, in words."""
    found = weeks.troubles(ctx, lesson.section, lesson.plan.id)
    if not found:
        return []
    sheet = plans.sheet(ctx, lesson.section, lesson.plan.id)
    names = {one.id: one.name for one in ctx.reads.people.students(lesson.section)}
    return [words.check_words(check, sheet, lambda student: names.get(student, "?")).text for check in found]
