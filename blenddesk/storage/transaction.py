"""What one transaction of the ledger has done so far: ops by stream, kinds and ids touched, rows to be projected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from blenddesk.domain.ids import Id
from blenddesk.domain.registry import BY_NUMBER
from blenddesk.storage import withdrawals
from blenddesk.storage.projection import Entity
from blenddesk.storage.streams import Stream, StreamTable, load_streams
from blenddesk.storage.tables import WITHDRAWAL_RECORDS

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(slots=True)
class Transaction:
    """One commit or import until ``Ledger`` finishes it."""

    connection: Connection
    streams: StreamTable
    withdrawn: frozenset[withdrawals.Range]
    hlc: int = 0
    ranges: dict[Id, list[int]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    ids: set[Id] = field(default_factory=set)
    sections: set[Id] = field(default_factory=set)
    ops: int = 0
    has_withdrawal: bool = False
    folded: set[Entity] = field(default_factory=set)
    appended: dict[Entity, tuple[object, ...]] = field(default_factory=dict)
    doubtful: set[Entity] = field(default_factory=set)
    """Write-once records with two ops under one id."""

    def note(self, stream: Stream, seq: int, record: int, entity_id: Id) -> None:
        spans = self.ranges.setdefault(stream.stream_id, [])
        if spans and spans[-1] == seq - 1:
            spans[-1] = seq
        else:
            spans += [seq, seq]
        self.ops += 1
        self.sections.add(stream.scope.section)
        self.has_withdrawal |= record in WITHDRAWAL_RECORDS
        if record in BY_NUMBER:
            self.kinds.add(BY_NUMBER[record].name)
            self.ids.add(entity_id)


def begin(connection: Connection) -> Transaction:
    """A transaction that has done nothing yet and knows the streams and withdrawals of the database."""
    streams = load_streams(connection)
    transaction = Transaction(connection, streams, withdrawals.ranges_in_force(connection))
    transaction.hlc = streams.newest_hlc()
    return transaction


def insert_ops(connection: Connection, rows: list[tuple[object, ...]]) -> None:
    """Adds rows of the table ``op``, in the order of its columns; those that are there already stay as they are."""
    if rows:
        connection.exec_driver_sql("INSERT OR IGNORE INTO op VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
