"""Everything that three computers can do in a few ops: every writer, every undo, every order of delivery, one fault.

Random histories are long; most mistakes are short, and these miss none of the short ones. A *log* is a sequence of ops
(an entry, a new name for one student, an undo of the newest change) at three computers, where before each op its writer
may have read any of the files that were written so far; after each op its computer writes a file of all that it holds.
After every op, the files that a computer has not read are delivered to it in every order, and once more. It must always
show what follows from what it holds, and in the end all must hold and show the same.

The fault: the third computer is an unnoticed copy of the second; or the second or the first is put back to how it was
in the beginning, once, anywhere; or every file comes to everyone only op by op, the last first.

Ledger, merge, withdrawals, receiving and the packing of streams are the real ones; envelopes and manifests have tests
of their own. A database is never committed: every step is a savepoint, so that going back is free.

``python -m tests.faults.small_scope --ops 3 --jobs 2`` goes through them all. Four ops take hours: with ``--parts 500
--record FILE`` they are played piece by piece, from where it was stopped as long as the sync core is the same; ``--part
7/500`` plays one piece (``small_scope_run``). The tests take those of CI.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unittest import mock

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import OpRef, put
from blenddesk.domain.registry import Audience
from blenddesk.errors import Refusal
from blenddesk.storage import digest, history, withdrawals
from blenddesk.storage.database import Database
from blenddesk.storage.streams import load_streams
from blenddesk.sync.manifest import Segment
from blenddesk.sync.segments import holds_exactly, pack_stream, unpack
from tests.faults.histories import facts
from tests.faults.histories.classrooms import Layout, memory_folder, template
from tests.faults.histories.computers import Computer, Image
from tests.faults.histories.direct_sql import direct_sql
from tests.faults.histories.facts import NOTHING, Fact, Facts, What
from tests.sync.devices import HandClock

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

FAULTS = ("none", "twin", "restored", "desk restored", "backwards")
PUT_BACK = {"restored": 1, "desk restored": 0}
"""Which computer is put back to how it was in the beginning."""
WRITES = {True: ("entry", "name", "undo", "redo"), False: ("entry", "undo", "redo")}
"""What can be done at a desk, and at a student computer."""
TWICE, REBUILT = 3, 11
"""Of so many logs one is also read twice, and one is compared with tables made anew."""
SHOWN = (
    "SELECT id, student, kind FROM entry WHERE section = ? ORDER BY id",
    "SELECT id, name FROM student WHERE section = ? ORDER BY id",
    "SELECT id FROM withdrawal WHERE section = ? ORDER BY id",
    "SELECT stream_id, op.seq, hash8, op.status FROM op JOIN stream USING (sid)"
    f" WHERE section = ? AND audience <> {int(Audience.DESK)} ORDER BY 1, 2, 3",
)
SKIPPED = ("undo_written_since", "undo_not_possible")


BRANCHING = 2
"""Logs of so many ops are the branches that parts share out among them."""


class Part(NamedTuple):
    """The ``number``-th of so many parts, from 1."""

    number: int
    of: int


WHOLE = Part(1, 1)


class File(NamedTuple):
    """All that one computer held of the class once: the segments with their genesis, and what they mean."""

    segments: tuple[tuple[bytes, Audience, Segment, bytes], ...]
    facts: Facts
    ops: frozenset[OpRef]


class ScratchDatabase(Database):
    """A database in one transaction that never ends: what is written is a savepoint, and ``back`` ends all since
    ``mark``."""

    def __init__(self, path: Path, key: bytes) -> None:
        super().__init__(path, key)
        self._connection = self.engine.connect().execution_options(blenddesk_writing=True)
        self._connection.begin()
        self._depth = 0

    @contextmanager
    def write(self) -> Iterator[Connection]:
        self.mark()
        try:
            yield self._connection
        except BaseException:
            self.back()
            raise
        self._depth -= 1
        self._connection.exec_driver_sql(f"RELEASE s{self._depth}")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        yield self._connection

    def mark(self) -> None:
        self._connection.exec_driver_sql(f"SAVEPOINT s{self._depth}")
        self._depth += 1

    def back(self) -> None:
        self._depth -= 1
        self._connection.exec_driver_sql(f"ROLLBACK TO s{self._depth}")
        self._connection.exec_driver_sql(f"RELEASE s{self._depth}")

    def close(self) -> None:
        self._connection.close()
        super().close()


class SmallComputer(Computer):
    """A computer of a history whose past is a stack: what is done inside ``trying`` never was."""

    def __init__(self, folder: Path, image: Image, name: str, seed: int) -> None:
        super().__init__(folder, image, name, HandClock(), seed, anchored=False)
        self.start()
        self.section = self.sections[0]
        self.newest_of_template = history.changes(self.ledger, limit=1)[0].id
        self.known = self.ops()
        """What everybody has from the beginning, and no file need bring."""

    def _open(self) -> None:
        with mock.patch("tests.sync.devices.Database", ScratchDatabase):
            super()._open()

    @contextmanager
    def trying(self) -> Iterator[None]:
        before = self.ledger.epoch, self.clock.now_ms, set(self.holds), dict(self.facts_of)
        assert isinstance(self.database, ScratchDatabase)
        self.database.mark()
        try:
            yield
        finally:
            self.database.back()
            self.ledger.epoch, self.clock.now_ms, self.holds, self.facts_of = before

    # --- files --------------------------------------------------------------------------------------------------

    def file(self) -> File:
        segments = []
        with self.database.read() as connection, mock.patch("blenddesk.sync.segments.OPS_IN_SEGMENT", 1):
            for stream in load_streams(connection).by_sid.values():
                if stream.scope.section == self.section:
                    for packed in pack_stream(connection, 0, stream):
                        (op,) = unpack(stream.stream_id, packed.entry, packed.data)
                        if OpRef(stream.stream_id, op.header.seq, op.chain_hash[:8]) not in self.known:
                            segments.append((stream.genesis, stream.scope.audience, packed.entry, packed.data))
        return File(tuple(segments), frozenset(self.holds), self.ops())

    def ops(self) -> frozenset[OpRef]:
        """Every op of the class that is here, of those that all its computers may hold."""
        with self.database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT stream_id, op.seq, hash8 FROM op JOIN stream USING (sid) WHERE section = ? AND audience <> ?",
                (self.section, int(Audience.DESK)),
            )
            return frozenset(OpRef(*row) for row in rows)

    def receive(self, file: File, *, backwards: bool) -> None:
        """The merging half of reading a package. ``backwards``: as if every op came alone, the last one first."""
        mine = [one for one in file.segments if self.is_desk or one[1] is not Audience.DESK]
        joins: int | None = None
        for part in [[one] for one in reversed(mine)] if backwards else [mine]:
            self.clock.now_ms += 1
            grown: set[Id] = set()
            with self.ledger.receive("package_read", {}, joins=joins) as receiving:
                for genesis, _audience, entry, data in part:
                    stream = receiving.open_stream(genesis)
                    if holds_exactly(receiving.connection, stream, entry):
                        continue
                    added = receiving.add(stream, unpack(stream.stream_id, entry, data))
                    grown |= {stream.stream_id} if added else set()
                    if added and entry.lo > 1:
                        receiving.add_signed_head(stream.stream_id, entry.lo - 1, entry.prev, b"")
                    if entry.signature and stream.stream_id in grown:
                        receiving.add_signed_head(stream.stream_id, entry.hi, entry.head, entry.signature)
            if not receiving.change_set.is_empty:
                joins = receiving.change_set.change_id
        if joins is not None:
            self.acknowledge(joins, file.facts - self.holds)
        self.holds |= file.facts

    # --- what must be true --------------------------------------------------------------------------------------

    def shown(self) -> str:
        """Everything that the ops of these histories can change."""
        with self.database.read() as connection:
            return str([connection.exec_driver_sql(sql, (self.section,)).all() for sql in SHOWN])

    def check(self) -> None:
        """It shows what follows from what it holds, and what has grown is what would be made anew."""
        due = {fact.id for fact in facts.standing(self.holds) if fact.what is What.ENTRY}
        shown = self.shown_entries()
        assert shown == due, f"{self.name} shows {len(shown - due)} too many and lacks {len(due - shown)}"
        with self.database.write() as connection:
            moved = withdrawals.settle_all(connection, load_streams(connection))
        assert not moved, f"{self.name} has not settled {len(moved)} records"


@dataclass
class Tally:
    """What was gone through. ``failed`` holds a report for each log that did not come out as it must."""

    logs: int = 0
    deliveries: int = 0
    did: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    """Of CPU."""

    def add(self, other: Tally) -> None:
        self.logs += other.logs
        self.deliveries += other.deliveries
        self.did += other.did
        self.failed += other.failed
        self.seconds += other.seconds


class World:
    """Three computers, the files they wrote, and the log that led here."""

    def __init__(self, folder: Path, fault: str, *, names: bool = True, part: Part = WHOLE) -> None:
        self.folder, self.fault, self.part = folder, fault, part
        self.branches = 0
        self.inside = False
        """Whether the log grows from a branch that is this part's."""
        self.writes = {desk: [kind for kind in kinds if names or kind != "name"] for desk, kinds in WRITES.items()}
        known = template(Layout(2, 1)).images
        first, second, station = known
        self.images = [first, station, station if fault == "twin" else second]
        self.made = 0
        self.computers = [self.computer(at) for at in range(3)]
        self.files: list[File] = []
        self.log: list[str] = []
        self.wrong_at: list[str] = []
        """The log where something was found wrong, until it is reported."""
        self.restored = False
        self.tally = Tally()

    def computer(self, at: int) -> SmallComputer:
        """A computer as it was in the beginning."""
        self.made += 1
        name = ("desk", "blue", "blue again" if self.fault == "twin" else "desk 2")[at]
        return SmallComputer(self.folder / str(self.made), self.images[at], name, self.made)

    def close(self) -> None:
        for one in self.computers:
            one.close()

    # --- all logs -----------------------------------------------------------------------------------------------

    def explore(self, ops: int, last: int | None = None) -> None:
        """Every log that goes on from here by at most so many ops. ``last``: which computer wrote the op before."""
        if self.inside or len(self.files) < BRANCHING:
            self.go_on(ops, last)
            return
        self.branches += 1
        if self.branches % self.part.of == self.part.number % self.part.of:
            self.inside = True
            self.go_on(ops, last)
            self.inside = False

    def go_on(self, ops: int, last: int | None) -> None:
        # What is shorter than a branch is no part's own; the first takes it.
        if self.inside or self.part.number == 1:
            self.finish()
        if not ops:
            return
        for at, one in enumerate(self.computers):
            for seen in self.readable(one):
                # Two ops that did not see each other are the same log the other way round: it has its turn.
                if last is not None and at < last and len(self.files) - 1 not in seen:
                    continue
                with self.reported(), one.trying(), self.noted(f"{one.name} reads {seen}" if seen else ""):
                    for number in seen:
                        self.deliver(one, number)
                    for kind in self.writes[one.is_desk]:
                        with self.reported(), one.trying(), self.noted(f"{one.name}: {kind}"):
                            if self.write(one, kind):
                                self.files.append(one.file())
                                self.explore(ops - 1, at)
                                self.files.pop()
            if PUT_BACK.get(self.fault) == at and not self.restored and one.facts_of:
                self.restored, self.computers[at] = True, self.computer(at)
                with self.noted(f"{one.name} is put back"):
                    self.explore(ops)
                self.computers[at].close()
                self.restored, self.computers[at] = False, one

    @contextmanager
    def noted(self, step: str) -> Iterator[None]:
        self.log.append(step)
        try:
            yield
        except AssertionError:
            self.wrong_at = self.wrong_at or list(self.log)
            raise
        finally:
            self.log.pop()

    @contextmanager
    def reported(self) -> Iterator[None]:
        """What is wrong ends this branch and not the others."""
        try:
            yield
        except AssertionError as error:
            steps = "; ".join(step for step in self.wrong_at or self.log if step)
            self.tally.failed.append(f"{self.fault}: {steps}: {error}")
            self.wrong_at = []

    def readable(self, one: SmallComputer) -> Iterator[tuple[int, ...]]:
        """Sets of files that a computer may have read before it writes: those that make a difference, each once."""
        held = one.ops()
        different: set[frozenset[OpRef]] = set()
        for count in range(len(self.files) + 1):
            for chosen in itertools.combinations(range(len(self.files)), count):
                ops = held.union(*(self.files[number].ops for number in chosen))
                if ops not in different:
                    different.add(ops)
                    yield chosen

    def write(self, at: SmallComputer, kind: str) -> bool:
        """One op; False where there is nothing to take back."""
        self.made += 1
        at.clock.now_ms += 1
        if kind == "entry":
            entry = Fact(self.made, at.section, What.ENTRY, entity=self.made.to_bytes(16, "big"))
            at.write_entry(at.section, at.pupil(at.section, 0), entry, None)
        elif kind == "name":
            at.ledger.commit("student_edited", [put(at.section, "student", at.student(0), name=str(self.made))])
        else:
            lines = [
                line
                for line in history.changes(at.ledger, limit=8)
                if line.id > at.newest_of_template
                and line.undone_by is None
                and (line.undoes is not None) is (kind == "redo")
                and (at.is_desk or line.label != "package_read")
            ]
            if not lines:
                return False
            try:
                done = history.undo(at.ledger, lines[0].id)
            except Refusal as refusal:
                if refusal.code not in SKIPPED:
                    raise
                return False
            taken = at.facts_of.get(lines[0].id, NOTHING)
            back = [Fact(self.made, at.section, What.WITHDRAWAL, takes_back=taken)] if taken else []
            at.acknowledge(done.change_id, frozenset(back))
        self.tally.did[kind] += 1
        at.check()
        return True

    # --- all orders ---------------------------------------------------------------------------------------------

    def deliver(self, at: SmallComputer, number: int) -> None:
        self.tally.deliveries += 1
        at.receive(self.files[number], backwards=self.fault == "backwards")
        at.check()

    def finish(self) -> None:
        """Delivers to each computer in every order what it has not read; all must come out the same."""
        if not self.files or (self.fault in PUT_BACK and not self.restored):
            return
        self.tally.logs += 1
        with self.reported():
            ends = {end for one in self.computers for end in self.orders(one, frozenset())}
            assert len(ends) == 1, f"{len(ends)} different ends"

    def orders(self, at: SmallComputer, done: frozenset[int], *, again: bool = True) -> set[str]:
        """What a computer shows after each order in which the rest can come.

        ``again``: now and then also when all comes twice, and when the tables are made anew."""
        held = at.ops()
        left = [n for n, file in enumerate(self.files) if n not in done and not file.ops <= held]
        found: set[str] = set()
        for number in left:
            with at.trying(), self.noted(f"{at.name} reads {number}"):
                self.deliver(at, number)
                found |= self.orders(at, done | {number}, again=again and not found)
        if not left:
            found.add(at.shown())
            if again and self.tally.logs % TWICE == 0:
                self.everything_again(at)
            if again and self.tally.logs % REBUILT == 0:
                with at.trying():
                    assert digest.rebuild(at.ledger), f"{at.name}'s tables are not what its log says"
        return found

    def everything_again(self, at: SmallComputer) -> None:
        before = at.everything()
        for file in self.files:
            at.receive(file, backwards=False)
        assert at.everything() == before, f"{at.name} is changed by what it has read before"


def explore(fault: str, ops: int, *, names: bool = True, part: Part = WHOLE, through_sqlalchemy: bool = False) -> Tally:
    """Every log of at most so many ops, with one fault or none; without ``names`` nothing but entries and undo."""
    started = time.process_time()
    way = nullcontext() if through_sqlalchemy else direct_sql()
    with way, tempfile.TemporaryDirectory(dir=memory_folder(), prefix=f"small-{fault}-") as folder:
        world = World(Path(folder), fault, names=names, part=part)
        try:
            world.explore(ops)
        finally:
            world.close()
    world.tally.seconds = time.process_time() - started
    return world.tally


if __name__ == "__main__":
    from tests.faults.small_scope_run import main

    sys.exit(main())
