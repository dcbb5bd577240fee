"""What computers tried that they may not, what waits for the teacher, and lost or doubtful computers.

The reads for the tray on Today and for the command line, and the teacher's answers to them; in words they are in
``blenddesk.authority_words``. Answers about computers are statements that no undo takes back: each has an answer of its
own that does (``retire`` and ``reinstate``).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.authority import STRANGER, Role, Writer, Wrong, what_is_wrong
from blenddesk.domain.ids import MINE, Id
from blenddesk.domain.ops import ChangeSet, OpRange, OpRef
from blenddesk.domain.registry import BY_NAME, FIELDS_BY_NUMBER
from blenddesk.errors import Refusal

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext
    from blenddesk.storage.reads.verdicts import SetApart
    from blenddesk.sync.standings import KnownDevice, Trust

MOST_SHOWN = 200
MOST_SEEN = 5_000
"""Refused ops that are remembered as seen; of a flood the rest is shown again, which is true as well."""
_SEEN = "refused_seen"


class RefusedOp(NamedTuple):
    """A computer tried to write what it may not; it is kept and has no effect.

    ``computer`` is its name, "" for one that nobody vouched for. ``change`` is put, delete or restore; ``fields`` are
    names of the record's fields (none when it is sealed). ``actor`` is the student it says it was done by, or empty.
    ``at_ms`` is what that computer's clock said.
    """

    ref: OpRef
    computer: str
    device_id: Id
    section: Id
    record: str
    change: str
    fields: tuple[str, ...]
    why: Wrong
    entity_id: Id
    actor: bytes
    at_ms: int


class HeldWork(NamedTuple):
    """What a computer wrote that counts only when the teacher says so. Times are what its clock said, in ms.

    ``records``: how many of which kind, most first. ``can_accept``: this desk made the class.
    """

    computer: str
    device_id: Id
    section: Id
    retired: bool
    ops: int
    records: tuple[tuple[str, int], ...]
    first_ms: int
    last_ms: int
    can_accept: bool


class Computer(NamedTuple):
    """A computer of some of our classes. ``role``: owner, teacher, station or hub. ``standing``: certified, announced,
    held (a second one that opened a seat) or retired. ``held`` and ``refused`` count changes."""

    device_id: Id
    name: str
    role: str
    standing: str
    sections: tuple[Id, ...]
    held: int
    refused: int
    is_this: bool
    can_retire: bool


class SeatQuestion(NamedTuple):
    """Several computers opened one seat: which is the real one? Or one opened another teacher's (``for_desk``): is it
    hers? ``waiting``: those that get nothing until answered.

    Answers: ``confirm`` a waiting one (with a name of its own when both are real), ``retire`` what is not ours.
    """

    section: Id
    name: str
    seat: bytes
    holder: Computer | None
    waiting: tuple[Computer, ...]
    for_desk: bool = False


# --- reading ---------------------------------------------------------------------------------------------------------


def refused(ctx: AppContext, *, seen: bool = False) -> tuple[RefusedOp, ...]:
    """What computers tried, the newest first, at most ``MOST_SHOWN``; with ``seen`` also what was dismissed."""
    from blenddesk.storage.reads.verdicts import REFUSED

    if not ctx.reads.verdicts.count()[0]:
        return ()
    dismissed = frozenset() if seen else _seen(ctx)
    rows = ctx.reads.verdicts.set_apart(REFUSED, limit=MOST_SHOWN + len(dismissed))
    judge = _Judge(ctx)
    return tuple(judge.refused(row) for row in rows if _key(row.ref) not in dismissed)[:MOST_SHOWN]


def held(ctx: AppContext) -> tuple[HeldWork, ...]:
    """What waits for the teacher, a line for each computer and class, by name."""
    from blenddesk.storage.reads.verdicts import HELD

    count = ctx.reads.verdicts.count()[1]
    groups: dict[tuple[Id, Id], list[SetApart]] = {}
    for row in ctx.reads.verdicts.set_apart(HELD, limit=count) if count else ():
        groups.setdefault((row.section, row.device_id), []).append(row)
    judge = _Judge(ctx)
    lines = [judge.held(section, device_id, rows) for (section, device_id), rows in groups.items()]
    return tuple(sorted(lines, key=lambda line: (line.computer.casefold(), line.device_id, line.section)))


def computers(ctx: AppContext) -> tuple[Computer, ...]:
    """Every computer of our classes, this one too, by name; retired ones last."""
    judge = _Judge(ctx)
    found = [judge.computer(device_id, known) for device_id, known in judge.devices().items()]
    return tuple(sorted(found, key=lambda one: (one.standing == "retired", one.name.casefold(), one.device_id)))


def questions(ctx: AppContext) -> tuple[SeatQuestion, ...]:
    """Seats that several computers opened, and those of other teachers' desks, for the desk that made the class."""
    from blenddesk.sync.standings import Standing
    from blenddesk.sync.statements import DESKS

    judge = _Judge(ctx)
    devices = judge.devices()
    found = []
    for section, trust in judge.trusts.items():
        if section not in judge.made_here:
            continue
        for seat in trust.seats.values():
            at_seat = [one for one in trust.devices if one.seat == seat.seat]
            waiting = [
                one
                for one in at_seat
                if one.standing is Standing.HELD or (one.standing is Standing.ANNOUNCED and one.role in DESKS)
            ]
            holder = next((one for one in at_seat if one.standing is Standing.CERTIFIED), None)
            if waiting:
                found.append(
                    SeatQuestion(
                        section,
                        seat.name,
                        seat.seat,
                        judge.computer(holder.device_id, devices[holder.device_id]) if holder is not None else None,
                        tuple(
                            judge.computer(device_id, devices[device_id])
                            for device_id in dict.fromkeys(one.device_id for one in waiting)
                        ),
                        seat.role == Role.DESK_SEAT,
                    )
                )
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.seat)))


def opened_ms(ctx: AppContext, device_id: Id) -> int | None:
    """When a computer first opened its file, as its own clock had it."""
    return ctx.reads.conflicts.announced_ms(device_id)


def made_here(ctx: AppContext, section: Id) -> bool:
    """Whether this desk made the class: then it adds computers, confirms and retires them."""
    from blenddesk.sync.keys import class_root

    with ctx.ledger.database.read() as connection:
        return class_root(connection, section) is not None


def waits_for_confirmation(ctx: AppContext, section: Id) -> bool:
    """Whether this is another teacher's desk that the first has not confirmed: it may look and not write."""
    from blenddesk.sync.trust import writer_here

    if not ctx.is_desk or not ctx.reads.conflicts.has_waiting_desks():
        return False
    with ctx.ledger.database.read() as connection:
        return writer_here(connection, section, ctx.keys).pending


# --- answers ---------------------------------------------------------------------------------------------------------


def retire(ctx: AppContext, device_id: Id) -> ChangeSet:
    """Lost or stolen: what we have of it still counts, what it wrote since waits, and nothing is sealed to it any more.

    In every class that was made on this desk. Refusals: ``no_such_computer``, ``not_class_owner``,
    ``cannot_retire_itself``, ``retired_already``.
    """
    from blenddesk.sync import retiring

    return retiring.retire(ctx.ledger, device_id)


def reinstate(ctx: AppContext, device_id: Id) -> ChangeSet:
    """Found again: all of it counts. Refusals: ``no_such_computer``, ``not_class_owner``, ``not_retired``."""
    from blenddesk.sync import retiring

    return retiring.reinstate(ctx.ledger, device_id)


def accept_held(ctx: AppContext, device_id: Id) -> ChangeSet:
    """What waits of a retired computer counts; it stays retired. Refusals as of ``reinstate``."""
    from blenddesk.sync import retiring

    return retiring.accept(ctx.ledger, device_id)


def confirm(ctx: AppContext, device_id: Id, name: str = "") -> ChangeSet:
    """A computer that opened a seat second is real too; ``name``: what it is called from now on (the seat's if empty).

    Refusals: ``no_such_computer``, ``not_class_owner``, ``confirmed_already``, ``computer_doubtful`` (somebody else
    gives himself out for it: retire it and add it anew).
    """
    from blenddesk.sync import retiring

    return retiring.confirm(ctx.ledger, device_id, " ".join(name.split()))


def dismiss(ctx: AppContext, ops: Iterable[RefusedOp]) -> None:
    """The teacher has seen these: ``refused`` leaves them out from now on, on this computer."""
    from blenddesk.storage.setup import set_local_value

    keys = [*_seen_in_order(ctx), *(_key(op.ref) for op in ops)]
    kept = list(dict.fromkeys(keys))[-MOST_SEEN:]
    set_local_value(ctx.ledger.database, _SEEN, json.dumps(kept).encode())


def work_between(ctx: AppContext, device_id: Id, first_ms: int, last_ms: int) -> int:
    """How many changes ``undo_between`` would take back."""
    return sum(part.last - part.first + 1 for part in _work(ctx, device_id, first_ms, last_ms))


def undo_between(ctx: AppContext, device_id: Id, first_ms: int, last_ms: int) -> ChangeSet:
    """Everything from one computer between two moments (by its clock, ms, both included) as if it had never been.

    One change, which undo takes back. Refusals: ``not_a_desk``, ``nothing_then``.
    """
    from blenddesk.storage import history
    from blenddesk.storage.streams import load_streams

    if not ctx.is_desk:
        raise Refusal("not_a_desk")
    ranges = _work(ctx, device_id, first_ms, last_ms)
    if not ranges:
        raise Refusal("nothing_then")
    with ctx.ledger.database.read() as connection:
        drafts = history.withdrawal_drafts(connection, load_streams(connection), ranges, ctx.randomness)
    count = sum(part.last - part.first + 1 for part in ranges)
    args: dict[str, object] = {"device": device_id.hex(), "count": count, "first_ms": first_ms, "last_ms": last_ms}
    return ctx.commit("work_taken_back", drafts, args=args)


# --- parts -----------------------------------------------------------------------------------------------------------


class _Judge:
    """What is known of computers, asked once for everything that is shown at a time."""

    def __init__(self, ctx: AppContext) -> None:
        from blenddesk.services.copies import ComputerNames
        from blenddesk.sync import trust
        from blenddesk.sync.keys import class_root, our_sections

        self._ctx = ctx
        self._this = ctx.keys.device_id
        self._names = ComputerNames(ctx)
        self._counts = ctx.reads.verdicts.counts()
        with ctx.ledger.database.read() as connection:
            sections = [section for section in our_sections(connection) if section != MINE]
            self.trusts: dict[Id, Trust] = {section: trust.load_trust(connection, section) for section in sections}
            self.made_here = {section for section in sections if class_root(connection, section) is not None}
        self._own = ctx.reads.verdicts.streams_by_device()
        self._writers: dict[Id, Mapping[Id, Writer]] = {}

    def _writer(self, section: Id, device_id: Id) -> Writer:
        """What a device may write. Reads the class's statements anew, so only for classes with something set apart."""
        from blenddesk.sync import trust

        if section not in self._writers:
            with self._ctx.ledger.database.read() as connection:
                self._writers[section] = trust.writers(connection, section) if section in self.trusts else {}
        return self._writers[section].get(device_id, STRANGER)

    def refused(self, row: SetApart) -> RefusedOp:
        number = BY_NAME[row.record].number
        writer = self._writer(row.section, row.device_id)
        own = self._own.get((row.section, row.device_id), frozenset())
        wrong = what_is_wrong(writer, number, row.kind, row.fields, own)
        names = tuple(FIELDS_BY_NUMBER[number, field].name for field in row.fields)
        return RefusedOp(
            row.ref,
            self._names.of(row.section, row.device_id, row.epoch),
            row.device_id,
            row.section,
            row.record,
            row.kind.name.lower(),
            names,
            wrong or Wrong.STRANGER,
            row.entity_id,
            row.actor,
            row.at_ms,
        )

    def held(self, section: Id, device_id: Id, rows: list[SetApart]) -> HeldWork:
        return HeldWork(
            self._names.of(section, device_id, rows[0].epoch),
            device_id,
            section,
            self._writer(section, device_id).retired,
            len(rows),
            tuple(sorted(Counter(row.record for row in rows).items(), key=lambda one: (-one[1], one[0]))),
            min(row.at_ms for row in rows),
            max(row.at_ms for row in rows),
            section in self.made_here,
        )

    def devices(self) -> dict[Id, list[tuple[Id, KnownDevice]]]:
        """(class, what is known there) by device, certified ones first."""
        found: dict[Id, list[tuple[Id, KnownDevice]]] = {}
        for section, trust in self.trusts.items():
            for device in trust.devices:
                found.setdefault(device.device_id, []).append((section, device))
        return found

    def computer(self, device_id: Id, known: list[tuple[Id, KnownDevice]]) -> Computer:
        from blenddesk.storage.reads.verdicts import HELD, REFUSED

        first = known[0][1]
        standings = {device.standing.value for _section, device in known}
        # Of several classes: the one that asks for most attention.
        standing = next(one for one in ("held", "announced", "certified", "retired") if one in standings)
        is_this = device_id == self._this
        return Computer(
            device_id,
            first.name,
            first.role.value,
            standing,
            tuple(dict.fromkeys(section for section, _device in known)),
            self._counts.get((device_id, HELD), 0),
            self._counts.get((device_id, REFUSED), 0),
            is_this,
            not is_this
            and first.role is not Role.OWNER
            and any(section in self.made_here and device.standing.value != "retired" for section, device in known),
        )


def _work(ctx: AppContext, device_id: Id, first_ms: int, last_ms: int) -> list[OpRange]:
    """The ops that count, of all classes and audiences but statements about computers, as rows of their chains."""
    found: list[OpRange] = []
    for ref, prev8, at_ms in ctx.reads.verdicts.of_device(device_id):
        if not first_ms <= at_ms <= last_ms:
            continue
        before = found[-1] if found else None
        if before is not None and before.end == OpRef(ref.stream_id, ref.seq - 1, prev8):
            found[-1] = OpRange(ref.stream_id, before.first, ref.seq, ref.hash8)
        else:
            found.append(OpRange(ref.stream_id, ref.seq, ref.seq, ref.hash8))
    return found


def _key(ref: OpRef) -> str:
    return f"{ref.stream_id.hex()}:{ref.seq}:{ref.hash8.hex()}"


def _seen_in_order(ctx: AppContext) -> list[str]:
    rows = ctx.reads.reader.rows("SELECT value FROM local WHERE name = ?", (_SEEN,))
    return json.loads(rows[0][0]) if rows else []


def _seen(ctx: AppContext) -> frozenset[str]:
    return frozenset(_seen_in_order(ctx))
