"""Erasing a child from a class: what the class root has said, and what the desk that made the class says next.

Like all statements they count whoever carries them and whether or not somebody withdrew the change that brought them:
what was erased cannot be had back, so nobody may believe that it can.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nacl.signing import SigningKey

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Draft, OpRef, put
from blenddesk.domain.ports import Randomness, new_id
from blenddesk.domain.registry import BY_NAME, MAX_ITEMS, Audience
from blenddesk.storage import frames
from blenddesk.storage.erasing import written_of
from blenddesk.storage.projection import Unsealer
from blenddesk.storage.streams import load_streams
from blenddesk.sync.keys import class_root, class_root_public
from blenddesk.sync.statements import Erasure, erasure_from

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_ERASURE = BY_NAME["erasure"].number


def erasures(connection: Connection, section: Id) -> list[Erasure]:
    """What the class root has said of children that are to be gone, oldest first."""
    root_key = class_root_public(connection, section)
    if root_key is None:
        return []
    rows = connection.exec_driver_sql(
        # Not as a join: SQLite would begin with the whole log, because of the record.
        "SELECT frame FROM op WHERE sid IN (SELECT sid FROM stream WHERE section = ? AND audience = ?)"
        " AND record = ? ORDER BY hlc, hash8",
        (section, int(Audience.TRUST), _ERASURE),
    )
    found = []
    for (frame,) in rows:
        header_bytes, payload = frames.split_frame(frame)
        fields = frames.decode_fields(frames.decode_header(header_bytes), payload, Audience.TRUST)
        erasure = erasure_from(section, fields)
        if erasure is not None and erasure.holds(root_key):
            found.append(erasure)
    return found


def erased(connection: Connection, section: Id) -> frozenset[OpRef]:
    """Every op of the class whose content is to be gone."""
    return frozenset(ref for erasure in erasures(connection, section) for ref in erasure.refs())


def erasure_drafts(
    section: Id, student: Id, refs: Iterable[OpRef], root: SigningKey, randomness: Randomness
) -> list[Draft]:
    """The signed statements that erase the ops, to be committed by the desk that made the class."""
    ordered = sorted(refs)
    parts = [ordered[at : at + MAX_ITEMS] for at in range(0, len(ordered), MAX_ITEMS)]
    return [_draft(section, student, part, root, randomness) for part in parts]


def unfinished(connection: Connection, section: Id, unsealer: Unsealer, randomness: Randomness) -> list[Draft]:
    """What came in of a child after it was erased, erased as well; nothing on a desk that did not make the class."""
    root = class_root(connection, section)
    if root is None:
        return []
    students = sorted({erasure.student for erasure in erasures(connection, section)})
    streams = load_streams(connection) if students else None
    drafts: list[Draft] = []
    for student in students:
        assert streams is not None
        late = written_of(connection, streams, unsealer, section, student)
        drafts += erasure_drafts(section, student, [one.ref for one in late], root, randomness)
    return drafts


def _draft(section: Id, student: Id, refs: Sequence[OpRef], root: SigningKey, randomness: Randomness) -> Draft:
    erasure = Erasure(
        section,
        student,
        tuple(ref.stream_id for ref in refs),
        tuple(ref.seq for ref in refs),
        b"".join(ref.hash8 for ref in refs),
    )
    return put(section, "erasure", new_id(randomness), **erasure.signed_by(root).fields())
