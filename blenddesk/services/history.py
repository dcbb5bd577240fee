"""What was done here, in the teacher's words, and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blenddesk.domain.ops import ChangeSet, OpRef
from blenddesk.errors import Refusal

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext
    from blenddesk.storage.history import Change as Change


FAR_BACK = 2_000
_NAMED = (("student", "name"), ("group", "name"), ("section", "name"), ("plan", "name"), ("block", "title"))


def undo(ctx: AppContext, change_id: int | None = None) -> ChangeSet:
    """Takes back a change, the newest that stands by default. Refusals: see ``storage.history.undo``."""
    from blenddesk.storage import history

    return history.undo(ctx.ledger, change_id)


def redo(ctx: AppContext) -> ChangeSet:
    """Does the last undone change again, if nothing was done since. Refusal ``nothing_to_redo``."""
    from blenddesk.storage import history

    last = history.next_redo(ctx.ledger)
    if last is None:
        raise Refusal("nothing_to_redo")
    return history.undo(ctx.ledger, last.id)


def changes(ctx: AppContext, *, limit: int = 200) -> list[Change]:
    """The latest changes on this computer, newest first."""
    from blenddesk.storage import history

    return history.changes(ctx.ledger, limit=limit)


def change(ctx: AppContext, change_id: int) -> Change:
    """One change by its number. Refusal ``nothing_to_undo`` when there is none."""
    from blenddesk.storage import history

    return history.change(ctx.ledger, change_id)


def changes_since(ctx: AppContext, since_ms: int, *, limit: int) -> list[Change]:
    """The changes made here since a moment (ms since 1970), newest first, at most ``limit``."""
    return [line for line in changes(ctx, limit=limit) if line.at_ms >= since_ms]


def in_the_way(ctx: AppContext, refused: Refusal) -> Change | None:
    """The later change made here that keeps another from being undone (``undo_written_since``); it comes off first.

    None when it came from another computer, or is itself undone or an undo.
    """
    from blenddesk.storage import history

    stream, seq, hash8 = (refused.data.get(name) for name in ("stream", "seq", "hash8"))
    if not isinstance(seq, int):
        return None
    later = history.change_with(
        ctx.ledger, OpRef(bytes.fromhex(str(stream)), seq, bytes.fromhex(str(hash8))), limit=FAR_BACK
    )
    return later if later is not None and later.undone_by is None and later.undoes is None else None


def name_of(ctx: AppContext, key: str) -> str:
    """The name a teacher knows a student, group, class, plan or computer by, from its id in hex; "" when it is gone."""
    from blenddesk.services import exchange

    wanted = bytes.fromhex(key)
    for record, column in _NAMED:
        for row in ctx.reads.reader.records(record, id=wanted):
            return str(row[column] or "")
    return exchange.computer_name(ctx, wanted)
