"""THE write door: every change, local or from a package, goes through ``Ledger`` in one transaction.

``commit`` stamps what a use case wants written; ``receive`` adds ops that other computers wrote and ``sync`` has
verified (``receiving``); ``undo`` (in ``history``) withdraws. All three end in the same few lines that bring the
projections up to date, so they cannot drift apart.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from blenddesk import RELEASE_MS, __version__
from blenddesk.domain.authority import Writer
from blenddesk.domain.hlc import COUNTER_BITS, milliseconds, next_hlc
from blenddesk.domain.ids import ID_BYTES, Id
from blenddesk.domain.merge import fold
from blenddesk.domain.ops import ChangeSet, Draft, Kind, Op, OpRef
from blenddesk.domain.ports import Clock, Randomness
from blenddesk.domain.registry import BY_NAME, BY_NUMBER, Audience, Record, Value, fits
from blenddesk.errors import Refusal
from blenddesk.storage import appended, erasing, frames, projection, verdicts, withdrawals
from blenddesk.storage.anchors import Anchor
from blenddesk.storage.database import Database
from blenddesk.storage.projection import Entity, Scope
from blenddesk.storage.receiving import Receiving
from blenddesk.storage.streams import (
    Genesis,
    Stream,
    encode_genesis,
    open_stream,
    save_position,
)
from blenddesk.storage.tables import Status
from blenddesk.storage.transaction import OpRow, Transaction, begin, insert_ops
from blenddesk.storage.verdicts import Door

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Keys(Protocol):
    """What the ledger needs of this device's keys; ``sync.keys`` has the real ones."""

    def sign(self, message: bytes) -> bytes: ...

    def seal(self, connection: Connection, section: Id, payload: bytes) -> bytes:
        """``payload`` so that only the desks of the class can read it."""
        ...

    def unseal(self, section: Id, sealed: bytes) -> bytes | None: ...

    def erased(self, connection: Connection, section: Id) -> frozenset[OpRef]: ...

    def writers(self, connection: Connection, section: Id) -> Mapping[Id, Writer]: ...

    def writer_here(self, connection: Connection, section: Id) -> Writer: ...


def head_message(stream_id: Id, seq: int, chain_hash: bytes) -> bytes:
    """What a device signs at the end of each transaction to vouch for its stream so far."""
    return b"bd-head1" + stream_id + seq.to_bytes(8, "big") + chain_hash


class Ledger:
    """The write door of one database, on one device, in one life (``epoch``) of that database."""

    def __init__(
        self,
        database: Database,
        *,
        device_id: Id,
        epoch: Id,
        clock: Clock,
        randomness: Randomness,
        keys: Keys,
        anchor: Anchor | None = None,
    ) -> None:
        self.database = database
        self.device_id = device_id
        self.epoch = epoch
        self.clock = clock
        self.randomness = randomness
        self.keys = keys
        self._anchor = anchor

    def note_position(self) -> None:
        """Writes down beside the database how far it has come; to be called when something of it has left."""
        if self._anchor is not None:
            self._anchor.note()

    # --- our own changes ------------------------------------------------------------------------------------

    def commit(
        self,
        label: str,
        drafts: Sequence[Draft],
        *,
        args: Mapping[str, object] | None = None,
        actor: bytes = b"",
        undoes: int | None = None,
        before: Callable[[Connection], None] | None = None,
    ) -> ChangeSet:
        """Writes all drafts in one transaction, on the disk when this returns.

        ``label`` names the change in history and undo (a code), ``args`` what its sentence needs: ids and counts,
        never names. ``actor`` is the student at a shared computer. ``before`` runs first, inside the same
        transaction, and may refuse. No drafts: nothing is written. Raises ``EnvironmentTrouble``: nothing changed.
        """
        if not drafts:
            return ChangeSet(0, label)
        with self.database.write() as connection:
            if before is not None:
                before(connection)
            transaction = begin(connection)
            self._append(transaction, drafts, actor)
            change_set = self._finish(transaction, label, args or {}, undoes)
        self._after(transaction)
        return change_set

    def _append(self, transaction: Transaction, drafts: Sequence[Draft], actor: bytes) -> None:
        parts = [(scope, draft, fields) for draft in drafts for scope, fields in _by_audience(draft)]
        entities = {
            Entity(scope, BY_NAME[draft.record].number, draft.entity_id)
            for scope, draft, _fields in parts
            if not BY_NAME[draft.record].append
        }
        known = projection.load_ops(transaction.connection, entities, transaction.streams.names())
        wall = self.clock.wall_ms()
        zone = self.clock.zone_minutes()
        trusted = max(RELEASE_MS, milliseconds(transaction.streams.newest_hlc(not_of=self.device_id)))
        door = Door(transaction.connection, transaction.streams, self.keys, self.device_id)
        last_of_stream = {scope: index for index, (scope, _draft, _fields) in enumerate(parts)}
        rows: list[OpRow] = []
        touched: dict[Id, Stream] = {}
        for index, (scope, draft, fields) in enumerate(parts):
            record = BY_NAME[draft.record]
            door.check(scope, record.number, draft.kind, fields)
            stream = self._own_stream(transaction, scope)
            touched[stream.stream_id] = stream
            entity = Entity(scope, record.number, draft.entity_id)
            over = _over(known.get(entity, []), draft, fields)
            transaction.hlc = next_hlc(transaction.hlc, wall, trusted_ms=trusted)
            header = frames.Header(
                frames.FRAME_VERSION,
                stream.seq + 1,
                transaction.hlc,
                wall - (transaction.hlc >> COUNTER_BITS),
                zone,
                actor,
                last_of_stream[scope] == index,
                record.number,
                draft.entity_id,
                draft.kind,
                1,
                [(ref.stream_id, ref.seq, ref.hash8) for ref in over],
            )
            header_bytes = frames.encode_header(header)
            payload = frames.encode_payload(fields)
            if scope.audience is Audience.DROP:
                payload = self.keys.seal(transaction.connection, scope.section, payload)
            if len(header_bytes) + len(payload) > frames.MAX_FRAME_BYTES:
                raise Refusal("record_too_large", record=draft.record, most=frames.MAX_FRAME_BYTES)
            prev8 = stream.hash[: frames.HASH8]
            if stream.have == stream.seq:
                stream.have += 1
            stream.seq += 1
            stream.hash = frames.next_hash(stream.stream_id, stream.hash, header_bytes, payload)
            stream.hlc = transaction.hlc
            hash8 = stream.hash[: frames.HASH8]
            rows.append(
                OpRow(
                    stream.sid,
                    stream.seq,
                    hash8,
                    prev8,
                    transaction.hlc,
                    record.number,
                    draft.entity_id,
                    Status.APPLIED,
                    frames.encode_frame(header_bytes, payload),
                )
            )
            transaction.note(stream, rows[-1:])
            if not record.append:
                known[entity].append(frames.to_op(stream.stream_id, hash8, header, fields))
            else:
                readable = projection.readable_fields(header, payload, scope, self.keys)
                if readable is not None:
                    transaction.appended.add(scope, record.number, draft.entity_id, readable)
        insert_ops(transaction.connection, rows)
        projection.write_states(transaction.connection, {entity: fold(ops) for entity, ops in known.items()})
        for stream in touched.values():
            save_position(transaction.connection, stream)
            # Only the newest signature of a stream of ours vouches for anything: it covers all before it.
            transaction.connection.exec_driver_sql(
                "DELETE FROM signed_head WHERE stream_id = ? AND seq < ?", (stream.stream_id, stream.seq)
            )
            transaction.connection.exec_driver_sql(
                "INSERT OR REPLACE INTO signed_head VALUES (?, ?, ?, ?)",
                (
                    stream.stream_id,
                    stream.seq,
                    stream.hash,
                    self.keys.sign(head_message(stream.stream_id, stream.seq, stream.hash)),
                ),
            )

    def _own_stream(self, transaction: Transaction, scope: Scope) -> Stream:
        stream = transaction.streams.own(self.device_id, self.epoch, scope)
        if stream is None:
            genesis = Genesis(
                1,
                self.device_id,
                self.epoch,
                scope.section,
                scope.audience,
                __version__,
                transaction.streams.newest_of_device(self.device_id, scope),
            )
            stream = open_stream(transaction.connection, transaction.streams, encode_genesis(genesis))
        return stream

    # --- what others wrote ----------------------------------------------------------------------------------

    @contextmanager
    def receive(
        self, label: str, args: Mapping[str, object] | None = None, *, joins: int | None = None
    ) -> Iterator[Receiving]:
        """One transaction that adds verified ops of other computers; ``Receiving.change_set`` is set when it is done.

        ``joins``: the change of an earlier transaction that this one belongs to (several files of one stick), so that
        one undo takes all of it back. Raising inside the block undoes all of this transaction.
        """
        collecting, epoch = gc.isenabled(), self.epoch
        # Tens of thousands of small objects live until the end; looking for cycles among them cost half the time.
        gc.disable()
        try:
            with self.database.write() as connection:
                transaction = begin(connection)
                receiving = Receiving(
                    transaction,
                    (self.device_id, self.epoch),
                    self.keys,
                    lambda drafts: self._append(transaction, drafts, b""),
                )
                yield receiving
                receiving.change_set = self._finish(transaction, label, args or {}, None, joins)
                if receiving.met_own_stream:
                    self._start_new_epoch(connection)
        except BaseException:
            # A new life that is not on the disk has not begun.
            self.epoch = epoch
            raise
        else:
            self._after(transaction)
        finally:
            if collecting:
                gc.enable()

    def _start_new_epoch(self, connection: Connection) -> None:
        """Another copy of this database lives somewhere and wrote on: from now on we are told apart."""
        self.epoch = self.randomness.token(ID_BYTES)
        connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES ('epoch', ?)", (self.epoch,))

    def _after(self, transaction: Transaction) -> None:
        if transaction.erased:
            self.database.checkpoint()

    # --- the end of both ------------------------------------------------------------------------------------

    def _finish(
        self,
        transaction: Transaction,
        label: str,
        args: Mapping[str, object],
        undoes: int | None,
        joins: int | None = None,
    ) -> ChangeSet:
        connection, names = transaction.connection, transaction.streams.names()
        transaction.appended.flush()
        judged = verdicts.settle(
            connection,
            transaction.streams,
            self.keys,
            sections=transaction.statements,
            unsure=transaction.unsure,
            opened=transaction.opened,
        )
        transaction.refused += judged.refused
        if transaction.has_withdrawal or transaction.arrived or judged.ranges:
            judged.touched.update(
                withdrawals.settle(connection, transaction.streams, [*transaction.ranges, *judged.ranges])
            )
            transaction.ids.update(entity.id for entity in judged.touched)
        transaction.erased = erased = erasing.settle(connection, transaction.streams, self.keys, transaction.statements)
        appended.settle(connection, judged.touched, transaction.appended.doubtful, erased, names, self.keys)
        changed = {*judged.touched, *erased}
        transaction.kinds.update(BY_NUMBER[entity.record].name for entity in changed)
        edited = {entity for entity in changed if not BY_NUMBER[entity.record].append}
        projection.project(connection, transaction.folded | edited, names)
        if not transaction.ops:
            return ChangeSet(0, label)
        ranges: list[list[object]] = [
            [part.stream_id.hex(), part.first, part.last, part.hash8.hex()] for part in transaction.ranges
        ]
        change_id = _joined(connection, joins, ranges)
        if change_id is None:
            change_id = connection.exec_driver_sql(
                "INSERT INTO change (label, args, ranges, at_ms, undoes) VALUES (?, ?, ?, ?, ?) RETURNING id",
                (label, json.dumps(args), json.dumps(ranges), self.clock.wall_ms(), undoes),
            ).scalar_one()
        if undoes is not None:
            connection.exec_driver_sql("UPDATE change SET undone_by = ? WHERE id = ?", (change_id, undoes))
            # Redo: what the undo had taken back stands again and can be undone again.
            connection.exec_driver_sql("UPDATE change SET undone_by = NULL WHERE undone_by = ?", (undoes,))
        return ChangeSet(
            change_id,
            label,
            frozenset(transaction.kinds),
            frozenset(transaction.ids),
            frozenset(transaction.sections),
            transaction.ops,
        )


def _joined(connection: Connection, change_id: int | None, ranges: list[list[object]]) -> int | None:
    """Adds ``ranges`` to a change that still stands and returns its number; None when there is none to join."""
    found = connection.exec_driver_sql(
        "SELECT ranges FROM change WHERE id = ? AND undone_by IS NULL", (change_id,)
    ).scalar_one_or_none()
    if found is None:
        return None
    connection.exec_driver_sql(
        "UPDATE change SET ranges = ? WHERE id = ?", (json.dumps(json.loads(found) + ranges), change_id)
    )
    return change_id


def _by_audience(draft: Draft) -> list[tuple[Scope, dict[int, Value]]]:
    """The draft as one op per audience: (scope, fields by number). Deleting concerns every audience of the record."""
    record: Record = BY_NAME[draft.record]
    if draft.kind is not Kind.PUT:
        return [(Scope(draft.section, audience), {}) for audience in record.audiences()]
    parts: dict[Audience, dict[int, Value]] = {}
    for name, value in draft.fields.items():
        field_ = record.field(name)
        if not fits(field_, value):
            raise Refusal("field_malformed", record=record.name, field=name)
        parts.setdefault(field_.audience, {})[field_.number] = value
    return [(Scope(draft.section, audience), fields) for audience, fields in sorted(parts.items())]


def _over(known: Sequence[Op], draft: Draft, fields: Mapping[int, Value]) -> tuple[OpRef, ...]:
    """What the new op replaces: what its writer saw of its fields, of all fields (delete), or the deletes (restore)."""
    if not known:
        return ()
    state = fold(known)
    if draft.kind is Kind.RESTORE:
        return tuple(sorted(op.ref for op in (*state.deletes, *state.overruled)))
    if draft.kind is Kind.DELETE:
        return state.over_all(state.heads)
    return state.over_all(fields) if draft.settles else state.over_for(fields)
