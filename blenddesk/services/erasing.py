"""Erasing a child for good: everything that was ever written of a student, on every computer of the class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, OpRef
from blenddesk.domain.registry import BY_NUMBER
from blenddesk.errors import Refusal

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

Progress = Callable[[int, int], None]


class Known(NamedTuple):
    """What the log of this computer tells of a student: changes by record, and by class the ops and pictures."""

    records: Counter[str]
    ops: dict[Id, list[OpRef]]
    blobs: dict[Id, frozenset[bytes]]
    """The names of the student's pictures."""


def what_is_known(ctx: AppContext, student: Id, progress: Progress | None = None) -> Known:
    """What ``erase_student`` would erase. ``progress`` counts the parts of the log that were looked through.

    Refusals ``student_unknown``; ``erase_elsewhere`` (``section``): another desk made one of the student's classes, and
    only that one can have it erased there.
    """
    from blenddesk.storage.erasing import written_of
    from blenddesk.storage.streams import load_streams
    from blenddesk.sync.erasures import blobs_of
    from blenddesk.sync.keys import class_root, our_sections

    known = Known(Counter(), {}, {})
    ledger = ctx.ledger
    with ledger.database.read() as connection:
        streams = load_streams(connection)
        for section in our_sections(connection):
            written = written_of(connection, streams, ledger.keys, section, student, progress)
            if not written:
                continue
            if class_root(connection, section) is None:
                raise Refusal("erase_elsewhere", section=section.hex())
            known.ops[section] = [one.ref for one in written]
            known.blobs[section] = blobs_of(connection, streams, ledger.keys, written)
            known.records.update(BY_NUMBER[one.record].name for one in written if one.record in BY_NUMBER)
    if not known.ops:
        raise Refusal("student_unknown")
    return known


def erase_student(ctx: AppContext, student: Id, progress: Progress | None = None) -> ChangeSet:
    """Erases the student here and, with the next package, on every computer of the class; nothing brings it back.

    Ids and the fact that something was written stay, names and words do not. What other computers bring of the student
    later is erased as it comes home. Refusals as ``what_is_known``.
    """
    from blenddesk.sync.erasures import blob_erasure_drafts, erasure_drafts
    from blenddesk.sync.keys import class_root
    from blenddesk.sync.volume_carrier import settle_erased

    known = what_is_known(ctx, student, progress)
    drafts = []
    with ctx.ledger.database.read() as connection:
        for section, refs in known.ops.items():
            root = class_root(connection, section)
            assert root is not None
            drafts += erasure_drafts(section, student, refs, root, ctx.randomness)
            drafts += blob_erasure_drafts(section, known.blobs[section], root, ctx.randomness)
    change = ctx.commit("student_erased", drafts)
    # The word is in the log: if a file cannot be taken away now, whatever next carries pictures takes it away.
    settle_erased(ctx.ledger)
    return change
