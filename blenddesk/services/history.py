"""What was done here, in the teacher's words, and undo."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from blenddesk.domain.ids import Id
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
    """The name a teacher knows a student, group, class, plan or computer by, from its id in hex; "" when it is gone.

    Of many lines at a time, ask ``Names``.
    """
    return Names(ctx).of(key)


class Names:
    """``name_of`` for a list of changes: classes and computers are read once, and each name is asked for once."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx
        self._found: dict[str, str] = {}

    def of(self, key: str) -> str:
        if key not in self._found:
            wanted = bytes.fromhex(key)
            record = self._record_name(wanted)
            self._found[key] = self._computers.get(wanted, "") if record is None else record
        return self._found[key]

    def _record_name(self, wanted: Id) -> str | None:
        """None when it is no record that stands."""
        # With the classes: the tables are sorted by class first, and a search by id alone reads all of them.
        marks = ", ".join("?" * len(self._sections))
        sql = " UNION ALL ".join(
            f'SELECT "{column}" FROM "{record}" WHERE section IN ({marks}) AND id = ?' for record, column in _NAMED
        )
        rows = self._ctx.reads.reader.rows(f"{sql} LIMIT 1", (*self._sections, wanted) * len(_NAMED))
        return str(rows[0][0] or "") if rows else None

    @cached_property
    def _sections(self) -> list[Id]:
        from blenddesk.sync.keys import our_sections

        with self._ctx.ledger.database.read() as connection:
            return our_sections(connection)

    @cached_property
    def _computers(self) -> dict[Id, str]:
        from blenddesk.services import exchange

        return exchange.computer_names(self._ctx)
