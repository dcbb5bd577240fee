"""The teacher's word about a computer, from a list or the tray: confirmed, refused, retired, back; each undoes another.

No statement about a computer can be unsaid, so Undo is the answer that says the opposite.
"""

from __future__ import annotations

from functools import partial

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.services import authority, exchange
from blenddesk.text import _
from blenddesk.ui.desk.session import DeskSession


def confirm(session: DeskSession, device_id: Id, name: str, called: str = "") -> None:
    """Another teacher's computer belongs to the class. ``called``: another name than that of its file."""
    if session.quietly(authority.confirm, device_id, called) is None:
        return
    words = _("{name} belongs to the class now. The next stick brings there what only teachers see.")
    shown = called or name
    session.window.toast.show_message(words.format(name=text.name(shown)), partial(retire, session, device_id, shown))


def refuse(session: DeskSession, device_id: Id, name: str) -> None:
    """A computer that wants to join is nobody's."""
    if session.quietly(authority.retire, device_id) is None:
        return
    words = _("{name} does not join and gets nothing more of the class.")
    session.window.toast.show_message(
        words.format(name=text.name(name)), partial(_let_wait_again, session, device_id, name)
    )


def retire(session: DeskSession, device_id: Id, name: str) -> None:
    """Lost, stolen, or its teacher leaves the class."""
    if session.quietly(authority.retire, device_id) is None:
        return
    words = _("{name} is retired. What we have of it stays; what it writes from now on waits for you.")
    session.window.toast.show_message(words.format(name=text.name(name)), partial(reinstate, session, device_id, name))


def reinstate(session: DeskSession, device_id: Id, name: str) -> None:
    if session.quietly(authority.reinstate, device_id) is None:
        return
    words = _("{name} belongs to the class again.")
    session.window.toast.show_message(words.format(name=text.name(name)), partial(retire, session, device_id, name))


def _let_wait_again(session: DeskSession, device_id: Id, name: str) -> None:
    if session.quietly(authority.reinstate, device_id) is None:
        return
    words = _("{name} waits for your answer again.")
    session.window.toast.show_message(words.format(name=text.name(name)), partial(refuse, session, device_id, name))


def free_name(session: DeskSession, section: Id, called: str, taken: set[str] | None = None) -> str:
    """A name like ``called`` with the next number that no computer of the class has. ``taken``: more that are not free,
    and the found one is put in."""
    used = {one.name.casefold() for one in exchange.who_is_home(session.context, section)}
    more = set() if taken is None else taken
    stem = called.rstrip("0123456789")
    number = int(called[len(stem) :] or 1) + 1
    joint = stem if called != stem else f"{stem} "
    while f"{joint}{number}".casefold() in used | more:
        number += 1
    more.add(f"{joint}{number}".casefold())
    return f"{joint}{number}"
