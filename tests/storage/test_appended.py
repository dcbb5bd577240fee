"""Rows of write-once records, and what is counted beside them: the same op by op as made anew from the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blenddesk.domain.ids import Id
from blenddesk.domain.registry import BY_NAME, Audience, Value
from blenddesk.storage import appended, frames, rebuilding, setup, tallies
from blenddesk.storage.appended import Appended
from blenddesk.storage.database import Database
from blenddesk.storage.projection import Entity, Scope
from blenddesk.storage.streams import Genesis, StreamTable, encode_genesis, load_streams, open_stream
from blenddesk.storage.tables import Status
from blenddesk.storage.touched import Place, Touched
from blenddesk.storage.transaction import OpRow, insert_ops
from tests.sync.devices import SeededRandomness

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

ENTRY, REFLECTION = BY_NAME["entry"], BY_NAME["reflection"]
SECTIONS = [b"s" * 16, b"t" * 16]
SCOPES = [Scope(section, audience) for section in SECTIONS for audience in (Audience.CLASS, Audience.DROP)]
NONSENSE = b"!"
"""Seals what nobody can open."""


class Seals:
    """What is sealed with ``NONSENSE`` cannot be read, all else as it lies."""

    def unseal(self, section: Id, sealed: bytes) -> bytes | None:
        return None if sealed[:1] == NONSENSE else sealed


class Log:
    """A log with a stream for each scope, and the rows that have grown from it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.streams: StreamTable = load_streams(connection)
        self.ops: list[tuple[Entity, Place]] = []
        self.statuses: list[int] = []

    def arrive(self, scope: Scope, entity_id: Id, fields: Mapping[int, Any], status: int, seal: bytes = b"") -> None:
        """Several of these and ``settle`` are one transaction."""
        record = ENTRY.number if scope.audience is Audience.CLASS else REFLECTION.number
        (stream,) = (one for one in self.streams.by_sid.values() if one.scope == scope)
        seq = len(self.ops) + 1
        hash8 = (seq * 7919 % 256).to_bytes(8, "big")
        header = frames.Header(1, seq, 1_000 - seq // 3, 0, 0, b"", True, record, entity_id, 0, 1, [])
        payload = seal + frames.encode_payload(fields)
        frame = frames.encode_frame(frames.encode_header(header), payload)
        row = OpRow(stream.sid, seq, hash8, bytes(8), header.hlc, record, entity_id, status, frame)
        insert_ops(self.connection, [row])
        self.ops.append((Entity(scope, record, entity_id), Place(stream.sid, seq, hash8)))
        self.statuses.append(status)

    def settle(self, first: int, moves: Sequence[tuple[int, int]]) -> None:
        """Takes in the ops from ``first`` on, then gives ops other statuses."""
        arriving = Appended(self.connection)
        for number in range(first, len(self.ops)):
            entity, _place = self.ops[number]
            fields = self.fields(number)
            if self.statuses[number] == Status.APPLIED and fields is not None:
                arriving.add(entity.scope, entity.record, entity.id, fields)
        arriving.flush()
        touched, later, blanked = Touched(), Touched(), set[Entity]()
        for number, (which, status) in enumerate(moves):
            entity, place = self.ops[which % len(self.ops)]
            before = self.statuses[which % len(self.ops)]
            if before in (status, Status.PURGED):
                continue
            if status == Status.PURGED:
                header, payload = self.frame(which % len(self.ops))
                self.connection.exec_driver_sql(
                    "UPDATE op SET frame = ? WHERE sid = ? AND seq = ?",
                    (frames.encode_frame(header, frames.PURGED + frames.payload_digest(payload)), place.sid, place.seq),
                )
                blanked.add(entity)
            else:
                (touched if number < len(moves) // 2 else later).note(entity, place, counted=before == Status.APPLIED)
            self.statuses[which % len(self.ops)] = status
            self.connection.exec_driver_sql(
                "UPDATE op SET status = ? WHERE sid = ? AND seq = ?", (status, place.sid, place.seq)
            )
        # First the verdicts, then the withdrawals; both may move one op.
        touched.update(later)
        names = self.streams.names()
        appended.settle(self.connection, touched, arriving.doubtful, blanked, names, Seals())

    def frame(self, number: int) -> tuple[bytes, bytes]:
        place = self.ops[number][1]
        stored: bytes = self.connection.exec_driver_sql(
            "SELECT frame FROM op WHERE sid = ? AND seq = ?", (place.sid, place.seq)
        ).scalar_one()
        return frames.split_frame(stored)

    def fields(self, number: int) -> Any:
        header, payload = self.frame(number)
        if payload[:1] == NONSENSE:
            return None
        return frames.decode_fields(frames.decode_header(header), payload, self.ops[number][0].scope.audience)

    def shown(self) -> list[Any]:
        """All rows and what is counted."""
        found = [
            sorted(map(tuple, self.connection.exec_driver_sql(f"SELECT * FROM {name}")), key=repr)
            for name in ("entry", "reflection_drop")
        ]
        return [*found, tallies.by_student(self.connection)]


class Undone(Exception):
    """Ends a transaction of a test."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(tmp_path_factory.mktemp("appended") / "blenddesk.db", b"k" * 32)
    setup.create(made, device_id=b"d" * 16, role="desk", name="desk", randomness=SeededRandomness(1))
    with made.write() as connection:
        streams = load_streams(connection)
        for section, audience in SCOPES:
            genesis = Genesis(1, b"c" * 16, b"e" * 16, section, audience, "1", b"")
            open_stream(connection, streams, encode_genesis(genesis))
    yield made
    made.close()


def ids(names: str) -> st.SearchStrategy[Id]:
    return st.sampled_from([name.encode() * 16 for name in names])


STATUSES = st.sampled_from([Status.APPLIED, Status.APPLIED, Status.REFUSED, Status.HELD, Status.WITHDRAWN])
ARRIVALS = st.tuples(
    st.sampled_from([*SCOPES[:2], *SCOPES[:2], SCOPES[2]]),
    ids("ab"),
    st.tuples(st.none() | ids("xy"), st.sampled_from([None, "claimed", "started"]), ids("p")),
    STATUSES,
    st.sampled_from([b"", b"", NONSENSE]),
)
MOVES = st.tuples(st.integers(0, 99), st.one_of(STATUSES, st.just(Status.PURGED)))
STEPS = st.lists(st.tuples(st.lists(ARRIVALS, max_size=4), st.lists(MOVES, max_size=4)), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(STEPS, st.booleans())
def test_what_grew_op_by_op_is_what_is_made_anew(database: Database, steps: list[Any], each_time: bool) -> None:
    """Also where two ops stand under one id, in whatever order they come to count and cease to.

    ``each_time``: it is made anew after every step, so that the next goes on from what a rebuild has noted.
    """
    with suppress(Undone), database.write() as connection:
        log = Log(connection)
        for number, (arrivals, moves) in enumerate(steps, start=1):
            first = len(log.ops)
            for scope, entity_id, (student, kind, plan), status, seal in arrivals:
                sealed = scope.audience is Audience.DROP
                fields: dict[int, Value] = {1: student, 3: plan} if sealed else {1: student, 2: kind, 3: plan}
                log.arrive(scope, entity_id, fields, status, seal if sealed else b"")
            log.settle(first, moves if log.ops else [])
            if each_time or number == len(steps):
                grown = log.shown()
                tallies.recount(connection)
                assert log.shown() == grown
                rebuilding.rebuild(connection, log.streams.names(), Seals())
                assert log.shown() == grown
        raise Undone


A, B = b"a" * 16, b"b" * 16
X, P = b"x" * 16, b"p" * 16


def counted(log: Log, scope: Scope, *arrivals: tuple[Id, Mapping[int, Any], int, bytes]) -> None:
    """One transaction in which these come."""
    first = len(log.ops)
    for entity_id, fields, status, seal in arrivals:
        log.arrive(scope, entity_id, fields, status, seal)
    log.settle(first, [])


@contextmanager
def trial(database: Database) -> Iterator[Log]:
    """A log of which nothing is kept; at its end the rows are what a rebuild makes."""
    with suppress(Undone), database.write() as connection:
        log = Log(connection)
        yield log
        grown = log.shown()
        rebuilding.rebuild(connection, log.streams.names(), Seals())
        assert log.shown() == grown
        raise Undone


def test_what_could_never_be_read_takes_no_row_with_it(database: Database) -> None:
    with trial(database) as log:
        counted(log, SCOPES[1], (A, {1: X}, Status.APPLIED, NONSENSE), (A, {1: X, 3: P}, Status.APPLIED, b""))
        log.settle(2, [(0, Status.WITHDRAWN)])
        assert log.shown()[1] == [(SECTIONS[0], A, X, None, P, *[None] * 8)]


def test_of_two_that_count_again_at_once_the_earlier_is_shown_whatever_goes_later(database: Database) -> None:
    claimed: dict[int, Value] = {1: X, 2: "claimed"}
    with trial(database) as log:
        counted(log, SCOPES[0], (A, claimed, Status.HELD, b""), (A, claimed | {2: "started"}, Status.HELD, b""))
        log.settle(2, [(0, Status.APPLIED), (1, Status.APPLIED)])
        for gone in (0, 1):
            log.settle(2, [(gone, Status.WITHDRAWN)])
            assert [row[3] for row in log.shown()[0]] == [["started"], []][gone]


def test_of_two_that_say_the_same_one_may_go(database: Database) -> None:
    with trial(database) as log:
        same = (A, {1: X, 2: "claimed"}, int(Status.APPLIED), b"")
        counted(log, SCOPES[0], same, same)
        log.settle(2, [(0, Status.WITHDRAWN)])
        assert log.shown()[2] == [(SECTIONS[0], X, "claimed", 1)]


def test_what_lies_in_a_stream_that_its_record_is_not_for_has_no_row(database: Database) -> None:
    """Such an op never counts; a tampered database may say that it does."""
    with trial(database) as log:
        counted(log, SCOPES[1], (A, {1: X}, Status.REFUSED, b""))
        entity = Entity(SCOPES[1], ENTRY.number, A)
        log.connection.exec_driver_sql("UPDATE op SET status = 0, record = ?", (ENTRY.number,))
        names = log.streams.names()
        appended.settle(log.connection, Touched(), (), [entity], names, Seals())
        assert log.shown() == [[], [], []]


def test_nothing_is_looked_for_in_the_whole_log_where_ids_are_written_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That took 70 ms for one entry among 100,000."""
    monkeypatch.setattr(appended, "_settle_from_log", None)
    with trial(database) as log:
        counted(log, SCOPES[0], *((entry, {1: X, 2: "claimed"}, Status.APPLIED, b"") for entry in (A, B)))
        log.settle(2, [(0, Status.WITHDRAWN)])
        assert [row[1] for row in log.shown()[0]] == [B]
        log.settle(2, [(0, Status.APPLIED), (1, Status.HELD)])
        assert [row[1] for row in log.shown()[0]] == [A]


@pytest.mark.parametrize("column", ["plan", "student", "id"])
def test_entries_are_found_by_an_index_through_their_view(database: Database, column: str) -> None:
    with database.read() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN SELECT * FROM entry WHERE section = ? AND {column} = ?", (A, B)
        ).all()
    steps = [row[3] for row in plan]
    wanted = "sqlite_autoindex_entry_row_1" if column == "id" else f"entry_row_{column}"
    assert any(f"SEARCH stored USING INDEX {wanted} (section=? AND {column}=?)" in step for step in steps)
    assert not any("SCAN" in step for step in steps)
