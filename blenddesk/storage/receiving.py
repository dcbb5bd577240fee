"""The receiving side of the write door: verified ops of other computers go into the log, each with its standing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft, OpRef
from blenddesk.domain.registry import BY_NUMBER, Audience
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import erasing, frames, projection
from blenddesk.storage.packed_frames import pack
from blenddesk.storage.projection import Entity, Scope
from blenddesk.storage.streams import Stream, note_row, open_stream
from blenddesk.storage.tables import Status
from blenddesk.storage.transaction import OpRow, Transaction, insert_ops
from blenddesk.storage.verdicts import Judge, Ruling, Rulings, save_mark


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
        self,
        transaction: Transaction,
        life: tuple[Id, Id],
        judge: Judge,
        answer: Callable[[Sequence[Draft]], None],
    ) -> None:
        """``life``: the device and the epoch that this database writes in."""
        self._transaction = transaction
        self._life = life
        self._judge = judge
        self._answer = answer
        self._rulings = Rulings(transaction.connection, transaction.streams, judge)
        self._new: set[int] = set()
        """Streams (sids) that nothing is known of yet."""
        self._erased: dict[Id, frozenset[OpRef]] = {}
        self.connection = transaction.connection
        self.change_set = ChangeSet(0, "")
        self.met_own_stream = False
        """Another copy of this database wrote on in a stream that this one still writes. One that begins lives of its
        own is met without ado: whoever carries a stick between two copies would else begin a new life at each lap."""

    @property
    def refused(self) -> int:
        """Ops so far that their writers may not write; exact when the transaction is done."""
        return self._transaction.refused

    def open_stream(self, genesis: bytes) -> Stream:
        stream = self.known_stream(frames.stream_id_of(genesis))
        if stream is None:
            self._transaction.opened = True
            stream = open_stream(self.connection, self._transaction.streams, genesis)
            self._new.add(stream.sid)
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
        added = [op for op in ops if (op.header.seq, op.chain_hash[: frames.HASH8]) not in held]
        if added:
            rows = self._rows(stream, added)
            insert_ops(self.connection, pack(self.connection, rows))
            self._transaction.note(stream, rows)
            self._transaction.arrived = True
            stream.hlc = max(stream.hlc, *(row.hlc for row in rows))
            self.connection.exec_driver_sql("UPDATE stream SET hlc = ? WHERE sid = ?", (stream.hlc, stream.sid))
            if not {seq for seq, _hash8 in held}.isdisjoint(row.seq for row in rows):
                self.connection.exec_driver_sql("INSERT OR IGNORE INTO fork VALUES (?)", (stream.stream_id,))
            self.met_own_stream |= (stream.device_id, stream.epoch) == self._life
        at_these_places = held | {(op.header.seq, op.chain_hash[: frames.HASH8]) for op in added}
        self.note_row(stream, ops[0].header.seq, len(ops), ops[0].previous, alone=len(at_these_places) == len(ops))
        return added

    def note_row(self, stream: Stream, lo: int, ops: int, before: bytes, *, alone: bool) -> None:
        """The ops from ``lo`` on are held; see ``streams.note_row``. ``before`` is the whole hash before them."""
        note_row(self.connection, stream, lo, lo + ops - 1, before[: frames.HASH8], alone=alone)

    def _rows(self, stream: Stream, ops: Sequence[IncomingOp]) -> list[OpRow]:
        """The ops with their standing, as rows of the log; what counts is on its way to the projections."""
        sid, hash8 = stream.sid, slice(frames.HASH8)
        ruling = None
        if stream.scope.audience is not Audience.TRUST:
            ruling = self._rulings.of(stream)
        if ruling is None or not ruling.is_plain:
            # Who wrote a statement may stand in this very stream: judged when all statements are in.
            self._transaction.unsure.add(sid)
        if ruling is not None and sid in self._new:
            # Judged as it comes in, all of it by this ruling: without the mark it would be read and judged once more.
            self._new.remove(sid)
            save_mark(self.connection, stream, ruling)
        erased = self._erased_of(stream)
        rows = []
        for header, header_bytes, payload, chain_hash, previous in ops:
            if erased and OpRef(stream.stream_id, header.seq, chain_hash[hash8]) in erased:
                payload, status = erasing.blank(payload), Status.PURGED
            elif erasing.is_blank(payload):
                # Whoever carries a package can blank a payload without breaking the chain. Without a word of the class
                # root it is somebody's loss, and taking it would keep the real one out.
                raise ExchangeTrouble("content_missing", seq=header.seq)
            else:
                status = self._apply(stream.scope, ruling, header, payload)
            rows.append(
                OpRow(
                    sid,
                    header.seq,
                    chain_hash[hash8],
                    previous[hash8],
                    header.hlc,
                    header.record,
                    header.entity_id,
                    status,
                    frames.encode_frame(header_bytes, payload),
                )
            )
        return rows

    def append(self, drafts: Sequence[Draft]) -> None:
        """Writes our own answer to what came in, as part of the same change.

        Not after ops of our own came in: then this stream is about to be closed and the answer waits for the next time.
        """
        if drafts and not self.met_own_stream:
            self._transaction.hlc = max(self._transaction.hlc, self._transaction.streams.newest_hlc())
            self._answer(drafts)

    def _apply(self, scope: Scope, ruling: Ruling | None, header: frames.Header, payload: bytes) -> int:
        if not frames.is_known(header) or scope.audience not in BY_NUMBER[header.record].audiences():
            return Status.UNKNOWN_SCHEMA
        fields = projection.readable_fields(header, payload, scope, self._judge)
        status = Status.APPLIED if ruling is None else ruling.status(header.record, header.kind, fields)
        if status != Status.APPLIED:
            self._transaction.refused += status == Status.REFUSED
            return status
        if not BY_NUMBER[header.record].append:
            self._transaction.folded.add(Entity(scope, header.record, header.entity_id))
        elif fields is not None:
            self._transaction.appended.add(scope, header.record, header.entity_id, fields)
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

    def add_signed_head(self, stream_id: Id, seq: int, chain_hash: bytes, signature: bytes) -> None:
        self.connection.exec_driver_sql(
            "INSERT OR IGNORE INTO signed_head VALUES (?, ?, ?, ?)", (stream_id, seq, chain_hash, signature)
        )
