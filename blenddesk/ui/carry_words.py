"""Words for work that travels: what a stick brings, when a computer was last home, what it knows of our changes."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QDate, QLocale, QTime

from blenddesk.domain.ports import Clock, local_datetime
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services.exchange import NOT_OPENED, ComputerStatus, Home, Taken
from blenddesk.services.pictures import OnTheWay
from blenddesk.text import _, language, ngettext

QUIET_DAYS = 3
"""A computer that has not been home for this many days is shown in amber."""
WEEK_DAYS = 6
DAMAGED = frozenset({"seal_damaged", "file_empty"})
"""Reasons to set a file aside that a person should hear of: it may be from a student computer."""


def moment(clock: Clock, ms: int) -> datetime:
    """The local date and time of a wall-clock moment."""
    return datetime.fromtimestamp(ms / 1000 + clock.zone_minutes() * 60, UTC).replace(tzinfo=None)


def days_ago(clock: Clock, ms: int) -> int:
    """How many midnights lie between then and now; never negative."""
    return max((local_datetime(clock).date() - moment(clock, ms).date()).days, 0)


def when_words(clock: Clock, ms: int) -> str:
    """ "today 10:40", "Monday 10:40", "14 November"."""
    then = moment(clock, ms)
    locale = QLocale(language())
    time = locale.toString(QTime(then.hour, then.minute), "H:mm")
    ago = days_ago(clock, ms)
    if ago == 0:
        return _("today {time}").format(time=time)
    day = QDate(then.year, then.month, then.day)
    if ago <= WEEK_DAYS:
        return f"{locale.toString(day, 'dddd')} {time}"
    return locale.toString(day, "d MMMM")


def home_words(clock: Clock, computer: ComputerStatus) -> tuple[str, str]:
    """When its work last came home, and the tone to say it in (``ok``, ``warn``, ``dim``)."""
    if computer.standing == NOT_OPENED:
        days = 0 if computer.added_ms is None else days_ago(clock, computer.added_ms)
        said = _("Waits for its file and the five words")
        return _with_days(said, days), "warn" if days >= QUIET_DAYS else "dim"
    if computer.standing == "retired":
        return _("Retired: what it writes waits for you"), "dim"
    if computer.standing == "held":
        return _("Two computers opened this file. Today asks which is real."), "warn"
    if computer.last_home_ms is None:
        days = 0 if computer.added_ms is None else days_ago(clock, computer.added_ms)
        return _with_days(_("Not home yet"), days), "warn"
    ago = days_ago(clock, computer.last_home_ms)
    said = _("Last home {when}").format(when=when_words(clock, computer.last_home_ms))
    if ago < QUIET_DAYS:
        return said, "ok"
    return _("{said}, {age}").format(said=said, age=ngettext("{n} day ago", "{n} days ago", ago).format(n=ago)), "warn"


def _with_days(said: str, days: int) -> str:
    """ "Not home yet, 3 days"; of a computer added today without an age."""
    if not days:
        return said
    return _("{said}, {age}").format(said=said, age=ngettext("{n} day", "{n} days", days).format(n=days))


def knows_words(clock: Clock, computer: ComputerStatus) -> str:
    """How far it had our changes when its work last came home; "" while nothing can be known."""
    if computer.standing == NOT_OPENED or computer.last_home_ms is None:
        return ""
    if computer.behind == 0:
        return _("Has all your changes")
    if computer.has_up_to_ms is None:
        return _("Has none of your changes yet")
    return _("Has your changes up to {when}").format(when=when_words(clock, computer.has_up_to_ms))


def home_lines(home: Home) -> list[tuple[str, str]]:
    """What a preview says, line after line with its icon; nothing is promised that the counts do not say."""
    records = home.records()
    lines: list[tuple[str, str]] = []

    def line(icon: str, count: int, words: str) -> None:
        if count:
            lines.append((icon, words.format(n=count)))

    n = records.pop("entry", 0)
    line("check-circle", n, ngettext("{n} new entry of what was done", "{n} new entries of what was done", n))
    n = sum(records.pop(name, 0) for name in ("evidence", "evidence_private"))
    line("check-circle", n, ngettext("{n} new picture of work", "{n} new pictures of work", n))
    n = records.pop("reflection", 0)
    line(
        "chat-circle-text",
        n,
        ngettext("{n} answer to “How did it go?”", "{n} answers to “How did it go?”", n),
    )
    n = records.pop("announcement", 0)
    line("desktop", n, ngettext("{n} new computer", "{n} new computers", n))
    n = sum(records.pop(name, 0) for name in ("plan", "block", "block_task", "group", "membership", "seat"))
    line("path", n, ngettext("{n} change to lesson plans", "{n} changes to lesson plans", n))
    n = sum(records.pop(name, 0) for name in ("goal", "goal_step"))
    line("target", n, ngettext("{n} change to goals", "{n} changes to goals", n))
    taken_back = sum(records.pop(name, 0) for name in ("withdrawal", "withdrawal_private"))
    n = sum(records.values())
    line("stack", n, ngettext("{n} other change", "{n} other changes", n))
    if home.new_ops:
        if home.senders():
            lines.append(("usb", _("From {names}").format(names=", ".join(home.senders()))))
        conflicts = ngettext("{n} needs you", "{n} need you", home.conflicts).format(n=home.conflicts)
        taken = ngettext("{n} removed", "{n} removed", taken_back).format(n=taken_back)
        lines.append(("info", f"{conflicts}, {taken}"))
    return lines


def trouble_lines(home: Home) -> list[str]:
    """Why files were refused or could not be opened, each sentence once. Files for others are no news."""
    said = (
        error_sentence(BlendDeskError(one.reason or "", file=one.file.name, path=str(one.file)))
        for one in home.files
        if one.status == "refused" or one.reason in DAMAGED
    )
    return list(dict.fromkeys(said))


def done_words(home: Home, at_desk: bool) -> str:
    """What to say after reading, on the desk or on a student computer."""
    parts = [_changes_words(home, at_desk)] if home.new_ops or not home.pictures else []
    if home.pictures:
        n = home.pictures
        parts.append(ngettext("{n} picture of work is home.", "{n} pictures of work are home.", n).format(n=n))
    if home.pictures_trouble is not None:
        parts.append(error_sentence(BlendDeskError(home.pictures_trouble, path="")))
    # Files with pictures are opened only now: the look before did not speak of them.
    parts += trouble_lines(home._replace(packages=()))
    return " ".join(parts)


def pictures_taken_words(taken: Taken) -> str:
    """What became of the pictures that were to go along; "" when there was none."""
    parts = []
    if taken.pictures:
        n = taken.pictures
        parts.append(ngettext("{n} picture of work went along.", "{n} pictures of work went along.", n).format(n=n))
    if taken.pictures_waiting:
        n = taken.pictures_waiting
        words = ngettext("{n} picture had no room and goes next time.", "{n} pictures had no room and go next time.", n)
        parts.append(words.format(n=n))
    return " ".join(parts)


def pictures_on_the_way_words(pictures: OnTheWay) -> str:
    """What of pictures is not where it belongs yet; "" when all is."""
    parts = []
    if pictures.to_come:
        n = pictures.to_come
        words = ngettext("{n} picture of work is on its way.", "{n} pictures of work are on their way.", n)
        parts.append(words.format(n=n))
    if pictures.to_send:
        n = pictures.to_send
        words = ngettext(
            "{n} picture of work waits for the next stick.", "{n} pictures of work wait for the next stick.", n
        )
        parts.append(words.format(n=n))
    return " ".join(parts)


def _changes_words(home: Home, at_desk: bool) -> str:
    if not home.new_ops:
        return _("Nothing new. All of it was here already.")
    entries = home.records()["entry"]
    if not at_desk:
        said = ngettext("{n} change came in", "{n} changes came in", home.new_ops).format(n=home.new_ops)
    elif entries:
        said = ngettext("{n} new entry is home", "{n} new entries are home", entries).format(n=entries)
    else:
        said = ngettext("{n} change is home", "{n} changes are home", home.new_ops).format(n=home.new_ops)
    names = home.senders()
    return _("{said} from {names}.").format(said=said, names=", ".join(names)) if names else f"{said}."
