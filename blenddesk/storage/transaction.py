"""What one transaction of the ledger has done so far: ops by stream, kinds and ids touched, rows to be projected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import OpRange
from blenddesk.domain.registry import BY_NUMBER, Audience
from blenddesk.storage.appended import Appended
from blenddesk.storage.projection import Entity
from blenddesk.storage.streams import Stream, StreamTable, load_streams
from blenddesk.storage.tables import WITHDRAWAL_RECORDS

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class OpRow(NamedTuple):
    """A row of the table ``op``, in the order of its columns."""

    sid: int
    seq: int
    hash8: bytes
    prev8: bytes
    hlc: int
    record: int
    entity_id: Id
    status: int
    frame: bytes


@dataclass(slots=True)
class Transaction:
    """One commit or import until ``Ledger`` finishes it."""

    connection: Connection
    streams: StreamTable
    hlc: int = 0
    ranges: list[OpRange] = field(default_factory=list)
    """What it added, in the order in which it was added."""
    kinds: set[str] = field(default_factory=set)
    ids: set[Id] = field(default_factory=set)
    sections: set[Id] = field(default_factory=set)
    ops: int = 0
    arrived: bool = False
    """Whether ops of others are among them: only those can be such as a withdrawal was waiting for."""
    has_withdrawal: bool = False
    statements: set[Id] = field(default_factory=set)
    """Classes in which somebody said something about devices: who may write what may have changed."""
    unsure: set[int] = field(default_factory=set)
    """Streams (sids) with ops that can be judged only when all of them are in."""
    opened: bool = False
    """Whether another computer's stream became known."""
    refused: int = 0
    """Ops that their writers may not write."""
    folded: set[Entity] = field(default_factory=set)
    appended: Appended = field(init=False)
    erased: set[Entity] = field(default_factory=set)
    """Records of which something was blanked."""
    _open: dict[Id, int] = field(default_factory=dict)
    """Where in ``ranges`` the newest range of each stream is."""

    def __post_init__(self) -> None:
        self.appended = Appended(self.connection)

    def note(self, stream: Stream, rows: Sequence[OpRow]) -> None:
        """Ops of one stream were added. Neighbours in one chain become one range."""
        for row in rows:
            self._note_place(stream.stream_id, row.seq, row.hash8, row.prev8)
        records = {row.record for row in rows}
        self.ops += len(rows)
        self.sections.add(stream.scope.section)
        self.has_withdrawal |= not records.isdisjoint(WITHDRAWAL_RECORDS)
        if stream.scope.audience is Audience.TRUST:
            self.statements.add(stream.scope.section)
        self.kinds.update(BY_NUMBER[record].name for record in records if record in BY_NUMBER)
        edited = {record for record in records if record in BY_NUMBER and not BY_NUMBER[record].append}
        if edited:
            self.ids.update(row.entity_id for row in rows if row.record in edited)

    def _note_place(self, stream_id: Id, seq: int, hash8: bytes, prev8: bytes) -> None:
        at = self._open.get(stream_id)
        if at is not None:
            newest = self.ranges[at]
            if newest.last == seq - 1 and newest.hash8 == prev8:
                self.ranges[at] = OpRange(stream_id, newest.first, seq, hash8)
                return
        self._open[stream_id] = len(self.ranges)
        self.ranges.append(OpRange(stream_id, seq, seq, hash8))


def begin(connection: Connection) -> Transaction:
    """A transaction that has done nothing yet and knows the streams of the database."""
    streams = load_streams(connection)
    transaction = Transaction(connection, streams)
    transaction.hlc = streams.newest_hlc()
    return transaction


def insert_ops(connection: Connection, rows: Sequence[OpRow]) -> None:
    """Adds ops to the log; those that are there already stay as they are."""
    if rows:
        connection.exec_driver_sql("INSERT OR IGNORE INTO op VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
