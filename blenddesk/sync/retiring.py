"""The class root's word about computers: retired, accepted, counting again, confirmed; each a statement of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from nacl.signing import SigningKey

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft, OpRef
from blenddesk.errors import Refusal
from blenddesk.storage.ledger import Ledger
from blenddesk.storage.streams import load_streams
from blenddesk.sync.keys import class_root, our_sections
from blenddesk.sync.standings import KnownDevice, Standing, Trust
from blenddesk.sync.statements import Retirement
from blenddesk.sync.trust import confirmation, load_trust, retirement_draft, writers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MOST_ENDS = 1_000
"""Ends of rows that one retirement names. Nobody honest has so many; a forger must not make it too long to be written,
so the longest rows are named and the rest is held."""


def retire(ledger: Ledger, device_id: Id) -> ChangeSet:
    """From now on only what we hold of this device counts, in every class that was made here.

    Refusals: ``no_such_computer``, ``not_class_owner``, ``cannot_retire_itself``, ``retired_already``.
    """
    if device_id == ledger.device_id:
        raise Refusal("cannot_retire_itself")
    return _say(ledger, device_id, "computer_retired", _is_retired, "retired_already", retired=True)


def accept(ledger: Ledger, device_id: Id) -> ChangeSet:
    """All that is held of a retired device counts; what comes later is held again.

    Refusals: ``no_such_computer``, ``not_class_owner``, ``not_retired``.
    """
    return _say(ledger, device_id, "held_accepted", _is_at_work, "not_retired", retired=True)


def reinstate(ledger: Ledger, device_id: Id) -> ChangeSet:
    """The device was found: all it wrote and will write counts again.

    Refusals: ``no_such_computer``, ``not_class_owner``, ``not_retired``.
    """
    return _say(ledger, device_id, "computer_reinstated", _is_at_work, "not_retired", retired=False)


def confirm(ledger: Ledger, device_id: Id, name: str = "") -> ChangeSet:
    """The teacher says: this one is real too. ``name``: what it is called from now on.

    Refusals: ``no_such_computer``, ``not_class_owner``, ``confirmed_already``, ``computer_doubtful`` (somebody else
    gives himself out for it: retire it and add it anew).
    """
    with ledger.database.read() as connection:
        drafts: list[Draft] = []
        for section, root, trust in _ours(connection, device_id):
            waiting = [one for one in trust.keys_of(device_id) if _is_waiting(one)]
            # Several who give themselves out for one computer cannot all be it, and which is real nobody can tell here.
            if len(waiting) > 1:
                raise Refusal("computer_doubtful")
            drafts += [confirmation(one, section, root, ledger.randomness, name.strip()) for one in waiting]
    if not drafts:
        raise Refusal("confirmed_already")
    return ledger.commit("seat_confirmed", drafts, args={"device": device_id.hex()})


def _say(
    ledger: Ledger, device_id: Id, label: str, is_so: Callable[[Trust, Id], bool], otherwise: str, *, retired: bool
) -> ChangeSet:
    with ledger.database.read() as connection:
        drafts = [
            retirement_draft(
                _word(connection, section, trust, device_id, retired=retired).signed_by(root), ledger.randomness
            )
            for section, root, trust in _ours(connection, device_id)
            if not is_so(trust, device_id)
        ]
    if not drafts:
        raise Refusal(otherwise)
    return ledger.commit(label, drafts, args={"device": device_id.hex()})


def _ours(connection: Connection, device_id: Id) -> Iterator[tuple[Id, SigningKey, Trust]]:
    """The classes made here that know the device. Raises ``Refusal``: ``no_such_computer``, ``not_class_owner``."""
    known = ours = False
    for section in our_sections(connection):
        trust = load_trust(connection, section)
        root = class_root(connection, section)
        if not trust.keys_of(device_id):
            continue
        known = True
        if root is not None:
            ours = True
            yield section, root, trust
    if not known:
        raise Refusal("no_such_computer")
    if not ours:
        raise Refusal("not_class_owner")


def _is_retired(trust: Trust, device_id: Id) -> bool:
    word = trust.retirements.get(device_id)
    return word is not None and word.retired


def _is_at_work(trust: Trust, device_id: Id) -> bool:
    return not _is_retired(trust, device_id)


def _is_waiting(device: KnownDevice) -> bool:
    return device.standing in (Standing.ANNOUNCED, Standing.HELD)


def _word(connection: Connection, section: Id, trust: Trust, device_id: Id, *, retired: bool) -> Retirement:
    before = trust.retirements.get(device_id)
    number = 1 if before is None else before.number + 1
    ends = _ends(connection, section, device_id) if retired else []
    return Retirement(
        section,
        device_id,
        number,
        retired,
        tuple(end.stream_id for end in ends),
        tuple(end.seq for end in ends),
        b"".join(end.hash8 for end in ends),
    )


def _ends(connection: Connection, section: Id, device_id: Id) -> list[OpRef]:
    """The last op of every row that we hold of the device's streams; of one whose id somebody else claims too, only
    what its own key signed."""
    writer = writers(connection, section)[device_id]
    if writer.forged and writer.within is not None:
        found = [part.end for part in writer.within]
    else:
        found = [
            OpRef(stream.stream_id, seq, hash8)
            for stream in load_streams(connection).by_sid.values()
            if stream.device_id == device_id and stream.scope.section == section
            for seq, hash8 in connection.exec_driver_sql(
                "SELECT seq, hash8 FROM op WHERE sid = ? AND NOT EXISTS (SELECT 1 FROM op AS later"
                " WHERE later.sid = op.sid AND later.seq = op.seq + 1 AND later.prev8 = op.hash8)",
                (stream.sid,),
            )
        ]
    return sorted(sorted(found, key=lambda end: -end.seq)[:MOST_ENDS])
