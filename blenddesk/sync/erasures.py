"""Erasing a child from a class: what the class root has said, and what the desk that made the class says next.

Like all statements they count whoever carries them and whether or not somebody withdrew the change that brought them:
what was erased cannot be had back, so nobody may believe that it can.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nacl.signing import SigningKey

from blenddesk.domain.evidence import BLOB_NAME_BYTES
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Draft, OpRef, put
from blenddesk.domain.ports import Randomness, new_id
from blenddesk.domain.registry import BY_NAME, MAX_ITEMS, Audience, Value
from blenddesk.storage import frames
from blenddesk.storage.erasing import Written, written_of
from blenddesk.storage.projection import Unsealer, readable_fields
from blenddesk.storage.streams import StreamTable, load_streams
from blenddesk.sync.keys import class_root, class_root_public
from blenddesk.sync.statements import BlobErasure, Erasure, blob_erasure_from, erasure_from

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_ERASURE, _BLOB_ERASURE = BY_NAME["erasure"].number, BY_NAME["blob_erasure"].number
_BLOB_FIELDS = {BY_NAME[name].number: BY_NAME[name].field("blob").number for name in ("evidence", "evidence_private")}
BLOBS_TOGETHER = 2_000
"""Names in one statement: as many as a field holds, nearly."""


def erasures(connection: Connection, section: Id) -> list[Erasure]:
    """What the class root has said of children that are to be gone, oldest first."""
    root_key = class_root_public(connection, section)
    if root_key is None:
        return []
    said = (erasure_from(section, fields) for fields in _said(connection, section, _ERASURE))
    return [erasure for erasure in said if erasure is not None and erasure.holds(root_key)]


def erased_blobs(connection: Connection, section: Id) -> frozenset[bytes]:
    """The names of all pictures of the class that are to be gone; a computer that carries them cannot tell whose."""
    root_key = class_root_public(connection, section)
    if root_key is None:
        return frozenset()
    said = (blob_erasure_from(section, fields) for fields in _said(connection, section, _BLOB_ERASURE))
    return frozenset(
        name for erasure in said if erasure is not None and erasure.holds(root_key) for name in erasure.names()
    )


def _said(connection: Connection, section: Id, record: int) -> list[dict[int, Value]]:
    rows = connection.exec_driver_sql(
        # Not as a join: SQLite would begin with the whole log, because of the record.
        "SELECT frame FROM op WHERE sid IN (SELECT sid FROM stream WHERE section = ? AND audience = ?)"
        " AND record = ? ORDER BY hlc, hash8",
        (section, int(Audience.TRUST), record),
    )
    parts = [frames.split_frame(frame) for (frame,) in rows]
    return [frames.decode_fields(frames.decode_header(head), payload, Audience.TRUST) for head, payload in parts]


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


def blob_erasure_drafts(section: Id, names: Iterable[bytes], root: SigningKey, randomness: Randomness) -> list[Draft]:
    """The signed statements that take blobs away, to go with those that erase the ops which named them."""
    ordered = sorted(names)
    parts = [ordered[at : at + BLOBS_TOGETHER] for at in range(0, len(ordered), BLOBS_TOGETHER)]
    return [
        put(
            section, "blob_erasure", new_id(randomness), **BlobErasure(section, b"".join(part)).signed_by(root).fields()
        )
        for part in parts
    ]


def blobs_of(
    connection: Connection, streams: StreamTable, unsealer: Unsealer, written: Iterable[Written]
) -> frozenset[bytes]:
    """The names of the blobs that these ops of a child brought; of sealed ops those that this computer can open."""
    found = set()
    for one in (one for one in written if one.record in _BLOB_FIELDS):
        stream = streams.by_id[one.ref.stream_id]
        frame = connection.exec_driver_sql(
            "SELECT frame FROM op WHERE sid = ? AND seq = ? AND hash8 = ?", (stream.sid, one.ref.seq, one.ref.hash8)
        ).scalar_one()
        header_bytes, payload = frames.split_frame(frame)
        fields = readable_fields(frames.decode_header(header_bytes), payload, stream.scope, unsealer) or {}
        name = fields.get(_BLOB_FIELDS[one.record])
        if isinstance(name, bytes) and len(name) == BLOB_NAME_BYTES:
            found.add(name)
    return frozenset(found)


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
        drafts += blob_erasure_drafts(section, blobs_of(connection, streams, unsealer, late), root, randomness)
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
