"""An opened package into the log: one transaction, trust first, nothing applied that its writer has not signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from blenddesk.domain.ids import Id
from blenddesk.domain.merge import fold
from blenddesk.domain.ops import ChangeSet, Draft
from blenddesk.domain.registry import BY_NUMBER, Audience
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import frames, projection
from blenddesk.storage.ledger import Ledger
from blenddesk.storage.projection import Entity
from blenddesk.storage.receiving import IncomingOp, Receiving
from blenddesk.storage.streams import Stream, holds_up_to, load_streams
from blenddesk.sync.erasures import unfinished
from blenddesk.sync.keys import read_local, write_local
from blenddesk.sync.manifest import PackageKind, Run, Segment
from blenddesk.sync.packages import Package
from blenddesk.sync.peers import remember_peer
from blenddesk.sync.segments import holds_exactly
from blenddesk.sync.trust import confirmations, load_trust

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

UNKNOWN_RECORD = "unknown"

OpName = tuple[Id, int, bytes]
"""(stream id, seq, eight bytes of its hash)."""


class _OnlyLooking(Exception):
    """Undoes the transaction of a preview."""


@dataclass(slots=True)
class Outcome:
    """What a package brought (or would bring): counts of ops, by record; contested fields among what it touched."""

    new_ops: int = 0
    conflicts: int = 0
    refused_ops: int = 0
    records: Counter[str] = field(default_factory=Counter)
    sender_name: str = ""
    changes: ChangeSet | None = None


def apply_package(
    ledger: Ledger,
    package: Package,
    sha256: bytes,
    *,
    label: str = "package_read",
    before: Callable[[Connection], None] | None = None,
    answers: Sequence[Draft] = (),
    counted: set[OpName] | None = None,
    step: Callable[[int], None] | None = None,
    joins: int | None = None,
) -> Outcome:
    """Adds what is new in the package, in one transaction that anything raised undoes.

    ``before`` runs first and ``answers`` are written last, inside that transaction. With ``counted`` nothing is kept
    (a preview): the set collects the ops already announced for earlier packages of the same preview, which are not
    announced twice. ``step`` is called after every segment with its number of ops and may raise to stop. ``joins``: the
    change of a package read just before, which this one is undone with. Raises ``ExchangeTrouble`` (the package is
    refused) and ``EnvironmentTrouble``.
    """
    outcome = Outcome(sender_name=package.sender_name)
    manifest = package.manifest
    args: dict[str, object] = {"device": manifest.sender.hex(), "section": manifest.section.hex(), "ops": 0}
    try:
        with ledger.receive(label, args, joins=joins) as receiving:
            if before is not None:
                before(receiving.connection)
            _add_all(receiving, package, outcome, counted, step)
            outcome.refused_ops = receiving.refused
            args["ops"] = outcome.new_ops
            if package.contents.kind is PackageKind.CLASS:
                remember_peer(receiving.connection, package.contents, ledger.clock.wall_ms())
            receiving.append(answers)
            _erase_late(receiving, ledger, manifest.section, grown=outcome.new_ops > 0)
            receiving.append(confirmations(receiving.connection, manifest.section, ledger.randomness))
            note_seen(
                receiving.connection,
                sha256,
                manifest.sender,
                "applied" if outcome.new_ops else "nothing_new",
                None,
                ledger.clock.wall_ms(),
            )
            if counted is not None:
                raise _OnlyLooking
        outcome.changes = receiving.change_set
        outcome.refused_ops = receiving.refused
    except _OnlyLooking:
        pass
    return outcome


def _erase_late(receiving: Receiving, ledger: Ledger, section: Id, *, grown: bool) -> None:
    """What came in of erased students is erased as well. In the very package that closes our own stream we may not
    write: then with the next one, whether or not that brings anything."""
    connection, waiting = receiving.connection, f"erase_late/{section.hex()}"
    waits = bool(read_local(connection, waiting))
    if not grown and not waits:
        return
    drafts = unfinished(connection, section, ledger.keys, ledger.randomness)
    receiving.append(drafts)
    if bool(drafts and receiving.met_own_stream) != waits:
        write_local(connection, waiting, b"" if waits else b"\1")


def note_seen(
    connection: Connection, sha256: bytes, sender: bytes | None, result: str, reason: str | None, at_ms: int
) -> None:
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO package_seen VALUES (?, ?, ?, ?, ?)", (sha256, sender, result, reason, at_ms)
    )


def _add_all(
    receiving: Receiving,
    package: Package,
    outcome: Outcome,
    counted: set[OpName] | None,
    step: Callable[[int], None] | None,
) -> None:
    contents = package.contents
    edited: set[Entity] = set()
    ends = {(run.stream_id, run.hi, run.head): run for run in contents.runs}
    vouched = False
    grown: set[Id] = set()
    for listed in dict.fromkeys(entry.stream for entry in package.manifest.segments):
        # All of them first: whether a withdrawal names only its writer's own streams depends on whose they are.
        receiving.open_stream(package.manifest.streams[listed])
    for position, entry in enumerate(package.manifest.segments):
        genesis = contents.geneses[entry.stream]
        if not vouched and genesis.audience != Audience.TRUST:
            _check_heads(receiving.connection, package)
            vouched = True
        stream_id = contents.stream_ids[entry.stream]
        stream = receiving.open_stream(package.manifest.streams[entry.stream])
        if not _holds(receiving, stream, entry):
            added = receiving.add(stream, package.ops_of(position))
            if added:
                grown.add(stream_id)
                _count(stream, added, outcome, edited, counted)
                if entry.lo > 1:
                    # Where a run starts late (its writer's log has a hole) the hash before it is known from here only.
                    receiving.add_signed_head(stream_id, entry.lo - 1, entry.prev, b"")
        run = ends.get((stream_id, entry.hi, entry.head))
        if run is not None and stream_id in grown:
            _add_head(receiving, run)
        if step is not None:
            step(entry.ops)
    if not vouched:
        _check_heads(receiving.connection, package)
    outcome.conflicts = _conflicts(receiving.connection, edited)


def _holds(receiving: Receiving, stream: Stream, entry: Segment) -> bool:
    """Whether there is nothing new in the segment, found out without looking inside.

    By the name of its last op where all before that is known to be held; only then by the names of all its ops, as
    reading them costs as much as reading the log: 75 ms for 100,000, half of what a class day may take.
    """
    connection = receiving.connection
    if holds_up_to(connection, stream, entry.hi, entry.head[: frames.HASH8]):
        return True
    if not holds_exactly(connection, stream, entry):
        return False
    receiving.note_row(stream, entry.lo, entry.ops, entry.prev, alone=True)
    return True


def _add_head(receiving: Receiving, run: Run) -> None:
    receiving.connection.exec_driver_sql(
        "DELETE FROM signed_head WHERE stream_id = ? AND seq = ? AND hash = ? AND signature = x''",
        (run.stream_id, run.hi, run.head),
    )
    receiving.add_signed_head(run.stream_id, run.hi, run.head, run.signature)


def _check_heads(connection: Connection, package: Package) -> None:
    """Every run must be signed by the device that its stream belongs to, which the class must know.

    Asked once the trust streams are in: they bring the keys, each vouched for by the class root on its own.
    """
    trust = load_trust(connection, package.manifest.section)
    for run in package.contents.runs:
        known = trust.signing_keys(run.genesis.device_id, run.genesis.audience)
        if not known:
            raise ExchangeTrouble("writer_unknown", device=run.genesis.device_id.hex())
        if not any(run.signed_by(key) for key in known):
            raise ExchangeTrouble("head_signature_wrong", device=run.genesis.device_id.hex())


def _count(
    stream: Stream,
    added: list[IncomingOp],
    outcome: Outcome,
    edited: set[Entity],
    counted: set[OpName] | None,
) -> None:
    for op in added:
        if counted is not None:
            name = (stream.stream_id, op.header.seq, op.chain_hash[:8])
            if name in counted:
                continue
            counted.add(name)
        record = BY_NUMBER.get(op.header.record)
        outcome.new_ops += 1
        outcome.records[record.name if record is not None else UNKNOWN_RECORD] += 1
        if record is not None and not record.append:
            edited.add(Entity(stream.scope, record.number, op.header.entity_id))


def _conflicts(connection: Connection, edited: set[Entity]) -> int:
    """Fields of what was touched that now have several standing values: a person should choose."""
    if not edited:
        return 0
    loaded = projection.load_ops(connection, edited, load_streams(connection).names())
    return sum(len(state.contested()) for state in map(fold, loaded.values()) if state.alive)
