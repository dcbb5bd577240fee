"""What one transaction of the ledger has done so far: ops by stream, kinds and ids touched, rows to be projected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import OpRange
from blenddesk.domain.registry import BY_NUMBER, Audience
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
    folded: set[Entity] = field(default_factory=set)
    appended: dict[Entity, tuple[object, ...]] = field(default_factory=dict)
    erased: set[Entity] = field(default_factory=set)
    """Records of which something was blanked."""
    doubtful: set[Entity] = field(default_factory=set)
    """Write-once records with two ops under one id."""
    _open: dict[Id, int] = field(default_factory=dict)
    """Where in ``ranges`` the newest range of each stream is."""

    def note(self, stream: Stream, seq: int, hash8: bytes, prev8: bytes, record: int, entity_id: Id) -> None:
        """An op was added. Neighbours in one chain become one range."""
        at = self._open.get(stream.stream_id)
        open_range = None if at is None else self.ranges[at]
        if at is not None and open_range is not None and (open_range.last, open_range.hash8) == (seq - 1, prev8):
            self.ranges[at] = OpRange(stream.stream_id, open_range.first, seq, hash8)
        else:
            self._open[stream.stream_id] = len(self.ranges)
            self.ranges.append(OpRange(stream.stream_id, seq, seq, hash8))
        self.ops += 1
        self.sections.add(stream.scope.section)
        self.has_withdrawal |= record in WITHDRAWAL_RECORDS
        if stream.scope.audience is Audience.TRUST:
            self.statements.add(stream.scope.section)
        if record in BY_NUMBER:
            self.kinds.add(BY_NUMBER[record].name)
            self.ids.add(entity_id)


def begin(connection: Connection) -> Transaction:
    """A transaction that has done nothing yet and knows the streams of the database."""
    streams = load_streams(connection)
    transaction = Transaction(connection, streams)
    transaction.hlc = streams.newest_hlc()
    return transaction


def insert_ops(connection: Connection, rows: list[tuple[object, ...]]) -> None:
    """Adds rows of the table ``op``, in the order of its columns; those that are there already stay as they are."""
    if rows:
        connection.exec_driver_sql("INSERT OR IGNORE INTO op VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
