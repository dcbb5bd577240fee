"""Words that several pages about students share: days, who set a goal, how it stands."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QLayout

from blenddesk import text
from blenddesk.domain.goals import GoalProgress, GoalStatus, SetBy, iso_day
from blenddesk.text import _, ngettext


def day_words(iso: str | None) -> str:
    """An ISO day as a reader says it ("23 Nov"), with the year when that is another one; "" for none."""
    day = iso_day(iso)
    if day is None:
        return ""
    locale = QLocale(text.language())
    this_year = QDate.currentDate().year()
    return locale.toString(QDate(day.year, day.month, day.day), "d MMM" if day.year == this_year else "d MMM yyyy")


def set_by_words(who: SetBy) -> str:
    return {
        SetBy.STUDENT: _("The student's own"),
        SetBy.TOGETHER: _("Set together"),
        SetBy.TEACHER: _("Set by the teacher"),
    }[who]


def status_words(status: GoalStatus) -> str:
    return {
        GoalStatus.ACTIVE: _("Going on"),
        GoalStatus.REACHED: _("Reached"),
        GoalStatus.CHANGED: _("Set aside for another"),
        GoalStatus.LET_GO: _("Let go"),
    }[status]


def quiet_words(progress: GoalProgress) -> str:
    """How long nothing has happened, counted in school days."""
    days = progress.quiet_school_days
    if days == 0:
        return _("moved today") if progress.done else _("new today")
    return ngettext("quiet for {n} school day", "quiet for {n} school days", days).format(n=days)


def goal_line(progress: GoalProgress) -> str:
    """Who set it, how long it has been quiet, by when, and whether that is over."""
    parts = [f"{set_by_words(progress.goal.set_by)}, {day_words(progress.goal.set_day)}", quiet_words(progress)]
    if progress.goal.by_day:
        words = _("was for {day}") if progress.overdue else _("by {day}")
        parts.append(words.format(day=day_words(progress.goal.by_day)))
    return " · ".join(parts)


def clear(layout: QLayout) -> None:
    """Takes everything out of a layout and lets the widgets go."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            break
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
