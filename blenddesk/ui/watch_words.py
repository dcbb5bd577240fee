"""Words for the watched folder: one quiet line while all is well, and what is wrong, what is safe, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blenddesk.domain.ports import Clock
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.text import _, ngettext
from blenddesk.ui.carry_words import when_words

if TYPE_CHECKING:
    from blenddesk.sync.watching import Look


def about() -> str:
    """What a shared folder is for, while there is none."""
    return _(
        "All computers reach one folder (school network, Nextcloud, Syncthing)? BlendDesk looks into it by itself, and "
        "nobody needs to carry anything."
    )


def status(clock: Clock, seen: Look | None, *, paused: bool) -> tuple[str, str]:
    """What is to be said now, and its tone: ``ok``, ``warn`` or ``dim``."""
    if paused:
        return _("Paused. Nothing is read or written."), "dim"
    if seen is None:
        return _("Looking into the folder…"), "dim"
    if seen.trouble is not None:
        return trouble(seen.trouble), "warn"
    if seen.only_foreign:
        return _("What is in it is for another class and was left as it is. Is it the right folder?"), "warn"
    said = times(clock, seen)
    if seen.unread:
        waits = ngettext(
            "{n} file there cannot be read yet. It is left as it is and tried again.",
            "{n} files there cannot be read yet. They are left as they are and tried again.",
            seen.unread,
        ).format(n=seen.unread)
        return f"{said} {waits}", "warn"
    return said, "ok"


def times(clock: Clock, seen: Look) -> str:
    """ "Last read today 10:40, from Blue-1. Last written today 10:35."."""
    parts = []
    if not seen.last_read_ms:
        parts.append(_("Nothing to read yet."))
    elif seen.last_read_from:
        when = when_words(clock, seen.last_read_ms)
        parts.append(_("Last read {when}, from {computer}.").format(when=when, computer=seen.last_read_from))
    else:
        parts.append(_("Last read {when}.").format(when=when_words(clock, seen.last_read_ms)))
    if seen.last_written_ms:
        parts.append(_("Last written {when}.").format(when=when_words(clock, seen.last_written_ms)))
    if seen.writes_at_ms > clock.wall_ms():
        parts.append(_("What is new here goes out {when}.").format(when=when_words(clock, seen.writes_at_ms)))
    return " ".join(parts)


def trouble(code: str) -> str:
    """What is wrong with the folder, or with this computer's own disk."""
    if code == "folder_gone":
        return _("The folder is not there now. Nothing is lost: when it is back, all goes on by itself.")
    if code == "folder_closed":
        return _("The folder does not open for this computer. Nothing is lost. Ask whoever looks after it.")
    if code == "stick_read_only":
        return _(
            "The folder cannot be written to. What others put there is read, but nothing goes out from here. Ask "
            "whoever looks after it."
        )
    if code == "stick_full":
        return _("The folder is full. What is there is read, but nothing goes out from here. Make some room in it.")
    if code in ("stick_gone", "stick_unreliable"):
        return _("Writing into the folder did not work. Nothing is lost, and it is tried again by itself.")
    return error_sentence(BlendDeskError(code))
