"""The tables: those of the log, and one projection table per record and audience, made from the registry.

Projection tables are a pure function of the log. They can be dropped and rebuilt at any time, so they need no
migrations: ``columns.fingerprint`` says when the registry they were made from has changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    event,
    text,
)
from sqlalchemy.types import TypeEngine

from blenddesk.domain.registry import RECORDS, Audience, Record, Shape
from blenddesk.storage.columns import FOLDED_CLAUSE
from blenddesk.storage.short_ids import is_numbered, stored_name, views

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

metadata = MetaData()
WITHDRAWAL_RECORDS = (27, 28)


# --- the log -----------------------------------------------------------------------------------------------

stream = Table(
    "stream",
    metadata,
    Column("sid", Integer, primary_key=True),
    Column("stream_id", LargeBinary, nullable=False, unique=True),
    Column("device_id", LargeBinary, nullable=False),
    Column("epoch", LargeBinary, nullable=False),
    Column("section", LargeBinary, nullable=False),
    Column("audience", Integer, nullable=False),
    Column("genesis", LargeBinary, nullable=False),
    Column("certificate", LargeBinary),
    # Every op up to this place is held, on whatever branch, with all before it in its chain; NULL: nobody has looked.
    Column("have", Integer),
    Column("status", Integer, nullable=False, server_default=text("0")),
    Column("hlc", Integer, nullable=False, server_default=text("0")),  # greatest seen in this stream
    # The newest op of our own streams, so that the next one can be chained without reading the log.
    Column("seq", Integer, nullable=False, server_default=text("0")),
    Column("hash", LargeBinary, nullable=False),
)

signed_head = Table(
    "signed_head",
    metadata,
    Column("stream_id", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    PrimaryKeyConstraint("stream_id", "seq", "hash"),
    sqlite_with_rowid=False,
)

op = Table(
    "op",
    metadata,
    Column("sid", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hash8", LargeBinary, nullable=False),
    Column("prev8", LargeBinary, nullable=False),  # hash8 of the op before it in its chain: tells branches apart
    Column("hlc", Integer, nullable=False),
    Column("record", Integer, nullable=False),
    Column("entity_id", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),  # see Status
    Column("frame", LargeBinary, nullable=False),
    PrimaryKeyConstraint("sid", "seq", "hash8"),
    sqlite_with_rowid=False,
)
_WITHDRAWALS = ", ".join(map(str, WITHDRAWAL_RECORDS))
# Only records that are folded from several ops need finding by id; entries, the bulk of the log, do not.
Index("op_entity", op.c.entity_id, sqlite_where=text(FOLDED_CLAUSE))
Index("op_set_apart", op.c.status, sqlite_where=text("status IN (2, 3)"))
Index("op_withdrawal", op.c.record, sqlite_where=text(f"record IN ({_WITHDRAWALS})"))

frame_dictionary = Table(
    "frame_dictionary",
    metadata,
    Column("number", Integer, primary_key=True),  # taken from the content; see packed_frames
    Column("content", LargeBinary, nullable=False),
)

withdrawn_range = Table(
    "withdrawn_range",
    metadata,
    Column("stream_id", LargeBinary, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("hash8", LargeBinary, nullable=False),
    PrimaryKeyConstraint("stream_id", "first", "last", "hash8"),
    sqlite_with_rowid=False,
)

# --- what screens ask of the log, made from it as the projections are ------------------------------------------

conflict = Table(
    "conflict",
    metadata,
    Column("section", LargeBinary, nullable=False),
    Column("audience", Integer, nullable=False),
    Column("record", Integer, nullable=False),
    Column("entity_id", LargeBinary, nullable=False),
    Column("field", Integer, nullable=False),  # 0: the whole record, deleted here and edited there
    # Two of the standing writes, as stream id, place and hash: the one shown and one that differs from it.
    Column("op_a", LargeBinary, nullable=False),
    Column("op_b", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),  # see domain.merge.Contest
    PrimaryKeyConstraint("section", "audience", "record", "entity_id", "field"),
    sqlite_with_rowid=False,
)

fork = Table(
    "fork",
    metadata,
    Column("stream_id", LargeBinary, primary_key=True),  # two computers wrote on in it
    sqlite_with_rowid=False,
)

bin_ = Table(
    "bin",
    metadata,
    Column("section", LargeBinary, nullable=False),
    Column("audience", Integer, nullable=False),
    Column("record", Integer, nullable=False),
    Column("entity_id", LargeBinary, nullable=False),
    Column("hlc", Integer, nullable=False),  # of the newest deletion that holds
    PrimaryKeyConstraint("section", "audience", "record", "entity_id"),
    sqlite_with_rowid=False,
)

short_id = Table(
    "short_id",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("id", LargeBinary, nullable=False, unique=True),
)

tally = Table(
    "tally",
    metadata,
    Column("section", Integer, nullable=False),
    Column("student", Integer, nullable=False),  # 0: an entry of nobody
    Column("kind", Text, nullable=False),
    Column("entries", Integer, nullable=False),
    PrimaryKeyConstraint("section", "student", "kind"),
    sqlite_with_rowid=False,
)

written_twice = Table(
    "written_twice",
    metadata,
    Column("section", LargeBinary, nullable=False),
    Column("audience", Integer, nullable=False),
    Column("record", Integer, nullable=False),
    Column("entity_id", LargeBinary, nullable=False),
    PrimaryKeyConstraint("section", "audience", "record", "entity_id"),
    sqlite_with_rowid=False,
)

# --- what only this computer knows --------------------------------------------------------------------------

change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("args", Text, nullable=False),  # JSON: ids and counts for the sentence, never names
    Column("ranges", Text, nullable=False),  # JSON [[stream id in hex, first, last, hash8 in hex], ...]
    Column("at_ms", Integer, nullable=False),
    Column("undoes", Integer),
    Column("undone_by", Integer),
)

peer = Table(
    "peer",
    metadata,
    Column("section", LargeBinary, nullable=False),
    Column("device_id", LargeBinary, nullable=False),
    Column("export_no", Integer, nullable=False),
    Column("export_id", LargeBinary, nullable=False),
    Column("have", LargeBinary, nullable=False),
    Column("last_seen_ms", Integer, nullable=False),
    PrimaryKeyConstraint("section", "device_id"),
    sqlite_with_rowid=False,
)

package_seen = Table(
    "package_seen",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),
    Column("sender", LargeBinary),
    Column("result", Text, nullable=False),
    Column("reason", Text),
    Column("at_ms", Integer, nullable=False),
)

local = Table("local", metadata, Column("name", Text, primary_key=True), Column("value", LargeBinary, nullable=False))
"""Small facts of this device: its id, epoch, role, name, greatest clock; and its keys (``key/...``)."""


class Status:
    """``op.status``: what became of an op. All of them are stored and forwarded."""

    APPLIED = 0
    UNKNOWN_SCHEMA = 1
    REFUSED = 2
    HELD = 3
    PURGED = 4
    WITHDRAWN = 5


# --- projections -------------------------------------------------------------------------------------------

_SQL_TYPES: dict[Shape, TypeEngine[Any]] = {
    Shape.TEXT: Text(),
    Shape.INT: Integer(),
    Shape.BOOL: Boolean(create_constraint=False),
    Shape.ID: LargeBinary(),
    Shape.BYTES: LargeBinary(),
    Shape.TEXTS: Text(),
    Shape.INTS: Text(),
    Shape.IDS: Text(),
}


def _projection(record: Record, audience: Audience) -> Table:
    def type_of(name: str, shape: Shape) -> TypeEngine[Any]:
        return Integer() if is_numbered(record, name) else _SQL_TYPES[shape]

    return Table(
        stored_name(record, audience),
        metadata,
        Column("section", type_of("section", Shape.ID), nullable=False),
        Column("id", LargeBinary, nullable=False),
        *(Column(field.name, type_of(field.name, field.shape)) for field in record.fields_for(audience)),
        PrimaryKeyConstraint("section", "id"),
        # Write-once rows lie in the order in which they come and only their index by id is out of order: half the time
        # of adding 600,000 to tables that lie in the order of random ids, where nearly every row is on another page.
        sqlite_with_rowid=record.append,
        info={"projection": True, "record": record, "audience": audience},
    )


PROJECTIONS: dict[tuple[int, Audience], Table] = {
    (record.number, audience): _projection(record, audience) for record in RECORDS for audience in record.audiences()
}


for _name, *_columns in (
    ("entry_row", "plan"),
    # With the kind, so that the rare kinds of a student are found without reading the others.
    ("entry_row", "student", "kind"),
    ("block", "plan"),
    ("group", "plan"),
    ("membership", "plan"),
    ("seat", "plan"),
    ("goal", "student"),
    ("goal_step", "goal"),
    ("lesson_event", "run"),
    ("reflection_drop_row", "student"),
    ("evidence_drop", "student"),
    ("evidence_private_desk", "student"),
    ("evidence_note_desk", "student"),
    ("assignment", "plan"),
    ("visit", "plan"),
    ("catch_up", "student"),
    ("term_week_desk", "term"),
    ("plan", "day"),
    ("attendance", "meeting"),
):
    _table = metadata.tables[_name]
    Index(f"{_name}_{_columns[0]}", _table.c.section, *(_table.c[_column] for _column in _columns))


@event.listens_for(metadata, "after_create")
def _make_views(_metadata: MetaData, connection: Connection, **_rest: object) -> None:
    for statement in views().values():
        connection.exec_driver_sql(statement)
