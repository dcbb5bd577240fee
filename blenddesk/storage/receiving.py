"""The receiving side of the write door: verified ops of other computers go into the log, each with its standing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft, OpRef
from blenddesk.domain.registry import BY_NUMBER, Audience, Value
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import erasing, frames, projection
from blenddesk.storage.projection import Entity
from blenddesk.storage.streams import Stream, open_stream
from blenddesk.storage.tables import Status
from blenddesk.storage.transaction import Transaction, insert_ops
from blenddesk.storage.verdicts import Judge, Rulings


class IncomingOp(NamedTuple):
    """An op from elsewhere whose chain has been verified."""

    header: frames.Header
    header_bytes: bytes
    payload: bytes
    chain_hash: bytes
    previous: bytes
    """The hash before it in its chain."""


class Receiving:
    """The open end of ``Ledger.receive``: streams and verified runs of ops go in, one after the other.

    ``answer`` writes drafts of our own into the same transaction; the ledger gives it, as it alone may commit.
    """

    def __init__(
        self, transaction: Transaction, device_id: Id, judge: Judge, answer: Callable[[Sequence[Draft]], None]
    ) -> None:
        self._transaction = transaction
        self._device_id = device_id
        self._judge = judge
        self._answer = answer
        self._rulings = Rulings(transaction.connection, transaction.streams, judge)
        self._erased: dict[Id, frozenset[OpRef]] = {}
        self.refused = 0
        """Ops so far that their writers may not write."""
        self.connection = transaction.connection
        self.change_set = ChangeSet(0, "")
        self.met_own_stream = False

    def open_stream(self, genesis: bytes) -> Stream:
        stream = self.known_stream(frames.stream_id_of(genesis))
        if stream is None:
            self._transaction.opened = True
            stream = open_stream(self.connection, self._transaction.streams, genesis)
        return stream

    def known_stream(self, stream_id: Id) -> Stream | None:
        return self._transaction.streams.by_id.get(stream_id)

    def add(self, stream: Stream, ops: Sequence[IncomingOp]) -> list[IncomingOp]:
        """Adds the ops of one verified run that are not held yet; returns those.

        Ops of records or fields that this program does not know are kept and forwarded, and applied after an update;
        those that their writer may not write are kept and forwarded, and never applied.
        What the class root has erased is kept as a blank. Raises ``ExchangeTrouble`` for a known op whose content is
        malformed, and for a blank that nobody ordered (``content_missing``); then the whole import is undone.
        """
        if not ops:
            return []
        rows_held = self.connection.exec_driver_sql(
            "SELECT seq, hash8 FROM op WHERE sid = ? AND seq BETWEEN ? AND ?",
            (stream.sid, ops[0].header.seq, ops[-1].header.seq),
        )
        held = {(seq, hash8) for seq, hash8 in rows_held}
        taken = {seq for seq, _hash8 in held}
        transaction = self._transaction
        erased = self._erased_of(stream)
        rows: list[tuple[object, ...]] = []
        added: list[IncomingOp] = []
        for incoming in ops:
            header = incoming.header
            hash8 = incoming.chain_hash[: frames.HASH8]
            if (header.seq, hash8) in held:
                continue
            prev8 = incoming.previous[: frames.HASH8]
            if OpRef(stream.stream_id, header.seq, hash8) in erased:
                incoming, status = incoming._replace(payload=erasing.blank(incoming.payload)), Status.PURGED
            elif erasing.is_blank(incoming.payload):
                # Whoever carries a package can blank a payload without breaking the chain. Without a word of the class
                # root it is somebody's loss, and taking it would keep the real one out.
                raise ExchangeTrouble("content_missing", seq=header.seq)
            else:
                status = self._apply(stream, incoming)
            rows.append(
                (
                    stream.sid,
                    header.seq,
                    hash8,
                    prev8,
                    header.hlc,
                    header.record,
                    header.entity_id,
                    status,
                    frames.encode_frame(incoming.header_bytes, incoming.payload),
                )
            )
            added.append(incoming)
            transaction.note(stream, header.seq, hash8, prev8, header.record, header.entity_id)
            stream.hlc = max(stream.hlc, header.hlc)
        insert_ops(self.connection, rows)
        if rows:
            transaction.arrived = True
            self.connection.exec_driver_sql("UPDATE stream SET hlc = ? WHERE sid = ?", (stream.hlc, stream.sid))
            if not taken.isdisjoint(op.header.seq for op in added):
                self.connection.exec_driver_sql("INSERT OR IGNORE INTO fork VALUES (?)", (stream.stream_id,))
            self.met_own_stream |= stream.device_id == self._device_id
        return added

    def append(self, drafts: Sequence[Draft]) -> None:
        """Writes our own answer to what came in, as part of the same change.

        Not after ops of our own came in: then this stream is about to be closed and the answer waits for the next time.
        """
        if drafts and not self.met_own_stream:
            self._transaction.hlc = max(self._transaction.hlc, self._transaction.streams.newest_hlc())
            self._answer(drafts)

    def _apply(self, stream: Stream, incoming: IncomingOp) -> int:
        header, scope = incoming.header, stream.scope
        if not frames.is_known(header) or scope.audience not in BY_NUMBER[header.record].audiences():
            return Status.UNKNOWN_SCHEMA
        transaction = self._transaction
        fields = projection.readable_fields(header, incoming.payload, scope, self._judge)
        status = self._verdict(stream, header, fields)
        if status != Status.APPLIED:
            self.refused += status == Status.REFUSED
            return status
        entity = Entity(scope, header.record, header.entity_id)
        if not BY_NUMBER[header.record].append:
            transaction.folded.add(entity)
        elif fields is not None:
            row = projection.appended_row(entity, fields)
            if transaction.appended.setdefault(entity, row) != row:
                transaction.doubtful.add(entity)
        return Status.APPLIED

    def _erased_of(self, stream: Stream) -> frozenset[OpRef]:
        """What is to be gone of the stream's class. Statements come first in a package, so all of them are known."""
        section = stream.scope.section
        if stream.scope.audience is Audience.TRUST:
            self._erased.pop(section, None)
            return frozenset()
        if section not in self._erased:
            self._erased[section] = self._judge.erased(self.connection, section)
        return self._erased[section]

    def _verdict(self, stream: Stream, header: frames.Header, fields: Mapping[int, Value] | None) -> int:
        if stream.scope.audience is Audience.TRUST:
            # Who wrote it may stand in this very stream: judged when all statements are in.
            self._transaction.unsure.add(stream.sid)
            return Status.APPLIED
        ruling = self._rulings.of(stream)
        if not ruling.is_plain:
            self._transaction.unsure.add(stream.sid)
        return ruling.status(header.record, header.kind, fields)

    def add_signed_head(self, stream_id: Id, seq: int, chain_hash: bytes, signature: bytes) -> None:
        self.connection.exec_driver_sql(
            "INSERT OR IGNORE INTO signed_head VALUES (?, ?, ?, ?)", (stream_id, seq, chain_hash, signature)
        )
