"""What a withdrawal takes back: its branch and nothing else, whatever has arrived so far and in whatever order."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blenddesk.domain.merge import Withdrawal, active_ranges
from blenddesk.domain.ops import Kind, OpRange, OpRef
from blenddesk.domain.registry import BY_NAME, Audience, Value
from blenddesk.storage import frames, setup, withdrawals
from blenddesk.storage.database import Database
from blenddesk.storage.streams import Genesis, StreamTable, encode_genesis, load_streams, open_stream
from blenddesk.storage.tables import Status
from blenddesk.storage.transaction import OpRow, insert_ops
from tests.sync.devices import SeededRandomness

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

ENTRY, WITHDRAWAL = BY_NAME["entry"].number, BY_NAME["withdrawal"].number
SECTION = b"s" * 16
GENESES = [encode_genesis(Genesis(1, bytes([n]) * 16, b"e" * 16, SECTION, Audience.CLASS, "1", b"")) for n in (1, 2)]
STREAMS = [frames.stream_id_of(genesis) for genesis in GENESES]


class Node(NamedTuple):
    """An op of a made-up log: where it stands, what was before it, and the ranges it takes back (or it is work)."""

    stream: int
    seq: int
    hash8: bytes
    prev8: bytes
    hlc: int
    ranges: tuple[OpRange, ...] = ()

    @property
    def ref(self) -> OpRef:
        return OpRef(STREAMS[self.stream], self.seq, self.hash8)

    @property
    def only(self) -> OpRange:
        return OpRange(STREAMS[self.stream], self.seq, self.seq, self.hash8)

    def row(self, streams: StreamTable, status: int = Status.APPLIED) -> OpRow:
        record = WITHDRAWAL if self.ranges else ENTRY
        fields: dict[int, Value] = {
            1: [part.stream_id for part in self.ranges],
            2: [part.first for part in self.ranges],
            3: [part.last for part in self.ranges],
            4: b"".join(part.hash8 for part in self.ranges),
        }
        header = frames.encode_header(
            frames.Header(1, self.seq, self.hlc, 0, 0, b"", True, record, self.hash8 * 2, Kind.PUT, 1, [])
        )
        frame = frames.encode_frame(header, frames.encode_payload(fields if self.ranges else {}))
        sid = streams.by_id[STREAMS[self.stream]].sid
        return OpRow(sid, self.seq, self.hash8, self.prev8, self.hlc, record, self.hash8 * 2, status, frame)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(tmp_path_factory.mktemp("withdrawals") / "blenddesk.db", b"k" * 32)
    setup.create(made, device_id=b"d" * 16, role="desk", name="desk", randomness=SeededRandomness(1))
    with made.write() as connection:
        streams = load_streams(connection)
        for genesis in GENESES:
            open_stream(connection, streams, genesis)
    yield made
    made.close()


class Undone(Exception):
    """Ends a transaction of a test."""


@contextmanager
def undone(database: Database) -> Iterator[Connection]:
    """A transaction of which nothing is kept."""
    with suppress(Undone), database.write() as connection:
        yield connection
        raise Undone


def chain(length: int, *, stream: int = 0, after: Node | None = None, mark: int = 0) -> list[Node]:
    """Work, one after the other, beginning the stream or another branch of it."""
    made: list[Node] = []
    for _n in range(length):
        before = made[-1] if made else after
        seq = 1 if before is None else before.seq + 1
        hash8 = bytes([stream, mark]) + seq.to_bytes(6, "big")
        made.append(Node(stream, seq, hash8, bytes(8) if before is None else before.hash8, seq))
    return made


def takes_back(*ranges: OpRange, seq: int = 1, hlc: int = 1_000) -> Node:
    """A withdrawal in the second stream."""
    return Node(1, seq, b"w" * 6 + seq.to_bytes(2, "big"), bytes(8), hlc, ranges)


def down_to(end: Node, first: int) -> OpRange:
    return end.only._replace(first=first)


def standing(database: Database, arrivals: Sequence[Sequence[Node]]) -> dict[OpRef, int]:
    """The status of every op after it came in these batches, each settled. Nothing is kept."""
    found: dict[OpRef, int] = {}
    with undone(database) as connection:
        streams = load_streams(connection)
        held: set[Node] = set()
        for batch in arrivals:
            fresh = set(batch) - held
            held |= fresh
            insert_ops(connection, [node.row(streams) for node in batch])
            touched = withdrawals.settle(connection, streams, [node.only for node in fresh])
            rows = connection.exec_driver_sql("SELECT sid, seq, hash8, status FROM op")
            before = found
            found = {OpRef(streams.by_sid[sid].stream_id, seq, hash8): s for sid, seq, hash8, s in rows}
            assert found == by_the_book(held)
            moved = {ref for ref, status in found.items() if before.get(ref, Status.APPLIED) != status}
            assert {entity.id for entity in touched} == {ref.hash8 * 2 for ref in moved}
        assert not withdrawals.settle_all(connection, streams)
    return found


def by_the_book(held: set[Node]) -> dict[OpRef, int]:
    """The same, said slowly: from the end of each range that holds, one op before the other, while they are there."""
    nodes = {node.ref: node for node in held}
    named: set[OpRef] = set()
    for part in active_ranges(Withdrawal(node.ref, node.hlc, node.ranges) for node in held if node.ranges):
        at: OpRef | None = part.end
        while at is not None and at in nodes and at.seq >= part.first:
            named.add(at)
            at = OpRef(at.stream_id, at.seq - 1, nodes[at].prev8)
    return {ref: Status.WITHDRAWN if ref in named else Status.APPLIED for ref in nodes}


def gone(statuses: dict[OpRef, int]) -> set[OpRef]:
    return {ref for ref, status in statuses.items() if status == Status.WITHDRAWN}


def refs(*nodes: Node) -> set[OpRef]:
    return {node.ref for node in nodes}


def test_the_other_branch_is_never_touched(database: Database) -> None:
    common = chain(3)
    ours, twins = chain(3, after=common[-1], mark=1), chain(3, after=common[-1], mark=2)
    undo = takes_back(down_to(ours[1], 3))
    assert gone(standing(database, [[*common, *ours, *twins, undo]])) == refs(common[2], *ours[:2])
    assert gone(standing(database, [twins, [undo], common])) == set()


def test_it_waits_for_its_ops_and_for_those_between(database: Database) -> None:
    work = chain(5)
    undo = takes_back(down_to(work[3], 2))
    assert gone(standing(database, [[undo], work[:2], work[3:]])) == refs(work[3])
    assert gone(standing(database, [[undo], work[:2], work[3:], work[2:3]])) == refs(*work[1:4])


def test_redo_gives_back_and_a_second_withdrawal_keeps(database: Database) -> None:
    work = chain(4)
    undo = takes_back(down_to(work[3], 1), seq=1, hlc=10)
    other = takes_back(down_to(work[1], 2), seq=2, hlc=11)
    redo = takes_back(undo.only, seq=3, hlc=12)
    assert gone(standing(database, [work, [undo], [other]])) == refs(*work)
    assert gone(standing(database, [work, [undo], [other], [redo]])) == refs(work[1], undo)
    assert gone(standing(database, [[redo], [other], [undo], work])) == refs(work[1], undo)


@pytest.mark.parametrize(
    "part",
    [
        OpRange(b"?" * 16, 1, 1, bytes(8)),
        OpRange(STREAMS[0], 1, 2**62, bytes(8)),
        OpRange(STREAMS[0], 3, 2, b"?" * 8),
        OpRange(STREAMS[0], -(2**63), 2**63 - 1, b"?" * 8),
        OpRange(STREAMS[0], 1, 3, b"?" * 8),
    ],
)
def test_a_range_of_nothing_takes_nothing_back(database: Database, part: OpRange) -> None:
    assert gone(standing(database, [chain(3), [takes_back(part)], chain(5)[3:]])) == set()


def test_what_is_refused_stays_refused_and_what_is_judged_anew_is_taken_back(database: Database) -> None:
    work = chain(3)
    with undone(database) as connection:
        streams = load_streams(connection)
        insert_ops(connection, [work[1].row(streams, Status.REFUSED)])
        insert_ops(connection, [node.row(streams) for node in (work[0], work[2], takes_back(down_to(work[2], 1)))])
        assert len(withdrawals.settle(connection, streams, [takes_back().only])) == 2
        status = "SELECT status FROM op WHERE record <> 27 ORDER BY seq"
        assert connection.exec_driver_sql(status).scalars().all() == [5, Status.REFUSED, 5]
        connection.exec_driver_sql(f"UPDATE op SET status = {Status.APPLIED} WHERE status = {Status.REFUSED}")
        assert len(withdrawals.settle_all(connection, streams)) == 1
        assert connection.exec_driver_sql(status).scalars().all() == [5, 5, 5]


def test_an_op_that_an_older_program_cannot_read_is_taken_back_without_a_record_to_show(database: Database) -> None:
    work = chain(2)
    with undone(database) as connection:
        streams = load_streams(connection)
        unknown = work[1].row(streams)._replace(record=99_999)
        rows = [work[0].row(streams), unknown, takes_back(down_to(work[1], 1)).row(streams)]
        insert_ops(connection, rows)
        touched = withdrawals.settle(connection, streams)
        assert {entity.id for entity in touched} == {work[0].hash8 * 2}
        statuses = connection.exec_driver_sql("SELECT status FROM op WHERE record <> 27").scalars().all()
        assert statuses == [Status.WITHDRAWN] * 2


@st.composite
def logs(draw: st.DrawFn) -> list[Node]:
    """Up to 14 ops on any number of branches of two streams, work and withdrawals of whatever there is."""
    made: list[Node] = []
    for number in range(1, draw(st.integers(1, 14)) + 1):
        stream = draw(st.integers(0, 1))
        known = [node for node in made if node.stream == stream]
        # Mostly the newest: branches of some length.
        before = draw(st.sampled_from([None, *known, *known[-1:] * 4])) if known else None
        ranges: list[OpRange] = []
        if made and draw(st.integers(0, 2)) == 0:
            ends = draw(st.lists(st.sampled_from(made), min_size=1, max_size=3))
            ranges = [down_to(end, draw(st.integers(max(1, end.seq - 3), end.seq))) for end in ends]
        seq, prev8 = (1, bytes(8)) if before is None else (before.seq + 1, before.hash8)
        made.append(Node(stream, seq, number.to_bytes(8, "big"), prev8, draw(st.integers(1, 9)), tuple(ranges)))
    return made


@settings(max_examples=150, deadline=None)
@given(logs(), st.randoms(use_true_random=False))
def test_any_order_any_batches_any_repetition_any_branches(
    database: Database, log: list[Node], rng: random.Random
) -> None:
    """After every batch what grew is what is made anew; in the end the order is forgotten."""
    shuffled = [*rng.sample(log, len(log)), *rng.sample(log, len(log) // 3)]
    rng.shuffle(shuffled)
    cuts = sorted(rng.sample(range(len(shuffled) + 1), min(3, len(shuffled))))
    batches = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]
    assert standing(database, batches) == standing(database, [log])


def test_ops_of_ranges_each_once_newest_first(database: Database) -> None:
    work, other = chain(6), chain(2, stream=1)
    with undone(database) as connection:
        streams = load_streams(connection)
        insert_ops(connection, [node.row(streams) for node in (*work, *other)])
        asked = [down_to(work[1], 1), down_to(work[5], 4), down_to(work[4], 3), other[1].only]
        asked.append(OpRange(b"?" * 16, 1, 1, bytes(8)))
        found = [(stream.stream_id, op.seq) for stream, op in withdrawals.ops_in(connection, streams, asked)]
        assert found == [*((STREAMS[0], n) for n in (6, 5, 4, 3, 2, 1)), (STREAMS[1], 2)]


@pytest.mark.slow
def test_a_hundred_thousand_ops_and_thousands_of_ranges_take_about_a_second(database: Database) -> None:
    """One pass for all ranges of a stream: neither a large import nor somebody's bad will makes undo slow."""
    work = chain(100_000)
    whole = takes_back(down_to(work[-1], 1), seq=1)
    crowd = takes_back(*(down_to(work[-1 - n], 1 + n) for n in range(4_096)), seq=2, hlc=1_001)
    with undone(database) as connection:
        streams = load_streams(connection)
        insert_ops(connection, [node.row(streams) for node in work])
        took = []
        for one in (whole, crowd):
            insert_ops(connection, [one.row(streams)])
            started = time.process_time()
            withdrawals.settle(connection, streams, [one.only])
            took.append(time.process_time() - started)
        count = connection.exec_driver_sql(f"SELECT count(*) FROM op WHERE status = {Status.WITHDRAWN}").scalar_one()
        assert count == 100_000
        assert max(took) < 3, took
