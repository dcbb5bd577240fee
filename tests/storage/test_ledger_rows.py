"""What a commit leaves behind, row by row: the log, the streams, the signatures and the line of the history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from blenddesk.domain.hlc import milliseconds
from blenddesk.domain.ops import ChangeSet, Draft, Kind, delete, put, restore
from blenddesk.domain.registry import BY_NAME, Audience
from blenddesk.errors import Refusal
from blenddesk.storage import frames, setup
from blenddesk.storage.ledger import Ledger, _by_audience, head_message
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.storage.streams import Stream, load_streams
from tests.sync.devices import Device, HandClock


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Device]:
    made = Device(tmp_path / "desk", "Ms Okoro", "desk", 1, HandClock())
    made.found_mine()
    made.make_class(2)
    yield made
    made.close()


def stream_of(desk: Device, audience: Audience) -> Stream:
    with desk.database.read() as connection:
        found = load_streams(connection).own(desk.device_id, desk.ledger.epoch, desk_scope(desk, audience))
    assert found is not None
    return found


def desk_scope(desk: Device, audience: Audience) -> Any:
    from blenddesk.storage.projection import Scope

    return Scope(desk.section, audience)


def ops(desk: Device, stream: Stream, first: int = 1) -> list[tuple[Any, frames.Header, bytes]]:
    """(row, header, payload) of the ops of a stream from ``first`` on."""
    with desk.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT seq, hash8, prev8, hlc, record, entity_id, status, frame FROM op"
            " WHERE sid = ? AND seq >= ? ORDER BY seq",
            (stream.sid, first),
        ).all()
        read = Unpacking(connection)
        split = [read.split(row.frame) for row in rows]
    return [(row, frames.decode_header(header), payload) for row, (header, payload) in zip(rows, split, strict=True)]


def change_row(desk: Device, change_id: int) -> Any:
    with desk.database.read() as connection:
        return connection.exec_driver_sql("SELECT * FROM change WHERE id = ?", (change_id,)).one()


def student(desk: Device, number: int, **fields: Any) -> Draft:
    return put(desk.section, "student", desk.student(number), **fields)


def test_nothing_to_write_is_no_change(desk: Device) -> None:
    before = desk.everything()
    assert desk.ledger.commit("x", []) == ChangeSet(0, "x")
    assert desk.everything() == before


def test_the_chain_goes_on_and_its_last_op_is_signed(desk: Device) -> None:
    for audience in (Audience.CLASS, Audience.DESK):
        stream = stream_of(desk, audience)
        desk.ledger.commit("x", [student(desk, 0, name="Ann", family="A"), student(desk, 1, name="Ben", family="B")])
        after = stream_of(desk, audience)
        assert (after.seq, after.have, after.stream_id) == (stream.seq + 2, stream.seq + 2, stream.stream_id)
        chain_hash, before = stream.hash, stream.hash
        for row, header, payload in ops(desk, stream, stream.seq + 1):
            previous = chain_hash
            chain_hash = frames.next_hash(stream.stream_id, chain_hash, frames.encode_header(header), payload)
            assert (row.hash8, row.prev8) == (chain_hash[:8], previous[:8])
            assert (row.seq, row.hlc, row.record, row.entity_id) == (
                header.seq,
                header.hlc,
                header.record,
                header.entity_id,
            )
            assert row.status == 0
        assert chain_hash == after.hash != before
        assert after.hlc == header.hlc
        with desk.database.read() as connection:
            heads = connection.exec_driver_sql(
                "SELECT seq, hash, signature FROM signed_head WHERE stream_id = ?", (stream.stream_id,)
            ).all()
        ((seq, head, signature),) = heads
        assert (seq, head) == (after.seq, after.hash)
        desk.keys.signing.verify_key.verify(head_message(stream.stream_id, seq, head), signature)


def test_a_header_says_who_when_and_what(desk: Device) -> None:
    stream = stream_of(desk, Audience.CLASS)
    desk.clock.now_ms += 5_000
    actor = b"a" * 16
    desk.ledger.commit("x", [student(desk, 0, name="Ann"), student(desk, 1, name="Ben", family="B")], actor=actor)
    (_row, first, payload), (_other, last, _payload) = ops(desk, stream, stream.seq + 1)
    assert (first.version, first.actor, first.zone, first.schema, first.kind) == (1, actor, 60, 1, Kind.PUT)
    assert (first.record, first.entity_id) == (BY_NAME["student"].number, desk.student(0))
    assert (first.end, last.end) == (False, True), "the last of the transaction in its stream"
    assert milliseconds(first.hlc) == desk.clock.now_ms
    assert first.wall == 0
    assert frames.decode_fields(first, payload, Audience.CLASS) == {1: "Ann"}
    assert last.hlc > first.hlc
    private = ops(desk, stream_of(desk, Audience.DESK))[-1][1]
    assert (private.end, private.entity_id) == (True, desk.student(1))


def test_a_clock_that_went_back_is_a_label_only(desk: Device) -> None:
    desk.ledger.commit("x", [student(desk, 0, name="Ann")])
    stream = stream_of(desk, Audience.CLASS)
    desk.clock.now_ms -= 90_000
    desk.ledger.commit("x", [student(desk, 0, name="Anna")])
    ((_row, header, _payload),) = ops(desk, stream, stream.seq + 1)
    assert header.hlc == stream.hlc + 1
    assert frames.wall_ms(header) == desk.clock.now_ms
    desk.clock.now_ms += 500 * 24 * 3600 * 1000
    desk.ledger.commit("x", [student(desk, 0, name="Ann")])
    ahead = ops(desk, stream, stream.seq + 2)[0][1]
    assert ahead.hlc == header.hlc + 1, "more than 400 days ahead of all that is known"
    assert frames.wall_ms(ahead) == desk.clock.now_ms


def test_an_edit_names_what_it_saw_and_an_entry_nothing(desk: Device) -> None:
    stream = stream_of(desk, Audience.CLASS)
    desk.ledger.commit("x", [student(desk, 0, name="Ann")])
    desk.ledger.commit("x", [student(desk, 0, name="Anna"), student(desk, 0, name="Annie")])
    (one, _h, _p), (two, second, _p2), (_three, third, _p3) = ops(desk, stream, stream.seq + 1)
    assert second.over == [(stream.stream_id, one.seq, one.hash8)]
    assert third.over == [(stream.stream_id, two.seq, two.hash8)], "also of the same transaction"
    entry = desk.log_entry(0)
    header = ops(desk, stream)[-1][1]
    assert (header.entity_id, header.over) == (entry, [])


def test_the_line_of_the_history(desk: Device) -> None:
    stream = stream_of(desk, Audience.CLASS)
    made = desk.ledger.commit(
        "student_edited", [student(desk, 0, name="Ann"), student(desk, 1, name="Ben")], args={"count": 2}
    )
    row = change_row(desk, made.change_id)
    assert (row.label, json.loads(row.args), row.at_ms) == ("student_edited", {"count": 2}, desk.clock.now_ms)
    assert (row.undoes, row.undone_by) == (None, None)
    after = stream_of(desk, Audience.CLASS)
    assert json.loads(row.ranges) == [[stream.stream_id.hex(), stream.seq + 1, after.seq, after.hash[:8].hex()]]
    assert made == ChangeSet(
        made.change_id,
        "student_edited",
        frozenset({"student"}),
        frozenset({desk.student(0), desk.student(1)}),
        frozenset({desk.section}),
        2,
    )
    plain = desk.ledger.commit("x", [student(desk, 0, name="Anna")])
    assert json.loads(change_row(desk, plain.change_id).args) == {}


def test_an_undo_of_an_undo_opens_the_first_change_again(desk: Device) -> None:
    first = desk.ledger.commit("a", [student(desk, 0, name="Ann")])
    undone = desk.ledger.commit("b", [student(desk, 1, name="Ben")], undoes=first.change_id)
    assert change_row(desk, first.change_id).undone_by == undone.change_id
    assert change_row(desk, undone.change_id).undoes == first.change_id
    redone = desk.ledger.commit("c", [student(desk, 1, name="Cleo")], undoes=undone.change_id)
    assert change_row(desk, first.change_id).undone_by is None
    assert change_row(desk, undone.change_id).undone_by == redone.change_id


def test_a_transaction_that_joins_another_is_undone_with_it(desk: Device) -> None:
    first = desk.ledger.commit("a", [student(desk, 0, name="Ann")])

    def joined(change_id: int | None) -> int:
        with desk.ledger.receive("import", {"files": 1}, joins=change_id) as receiving:
            receiving.append([student(desk, 1, name="Ben")])
        return receiving.change_set.change_id

    assert joined(first.change_id) == first.change_id
    assert len(json.loads(change_row(desk, first.change_id).ranges)) == 2
    alone = joined(None)
    assert alone != first.change_id
    assert json.loads(change_row(desk, alone).args) == {"files": 1}
    with desk.ledger.receive("import") as receiving:
        receiving.append([student(desk, 1, name="Dina")])
    assert json.loads(change_row(desk, receiving.change_set.change_id).args) == {}
    desk.ledger.commit("b", [student(desk, 1, name="Cleo")], undoes=first.change_id)
    assert joined(first.change_id) != first.change_id, "what was taken back is not joined"


def test_what_does_not_fit_is_refused_with_what_would(desk: Device) -> None:
    before = desk.everything()
    with pytest.raises(Refusal) as caught:
        desk.ledger.commit("x", [put(desk.section, "block", b"b" * 16, steps=["s" * 60_000] * 9)])
    assert caught.value.code == "record_too_large"
    assert caught.value.data == {"record": "block", "most": 524_288}
    with pytest.raises(Refusal) as caught:
        desk.ledger.commit("x", [student(desk, 0, name=5)])
    assert (caught.value.code, caught.value.data) == ("field_malformed", {"record": "student", "field": "name"})
    assert desk.everything() == before


def test_a_draft_is_split_by_who_may_read_it() -> None:
    section, entity = b"S" * 16, b"e" * 16
    parts = _by_audience(put(section, "student", entity, family="Diallo", name="Amina", given="Amina"))
    assert [(scope.section, scope.audience) for scope, _fields in parts] == sorted(
        [(section, Audience.CLASS), (section, Audience.DESK)]
    )
    fields = {scope.audience: by_number for scope, by_number in parts}
    number = {name: BY_NAME["student"].field(name).number for name in ("name", "given", "family")}
    assert fields[Audience.CLASS] == {number["name"]: "Amina"}
    assert fields[Audience.DESK] == {number["given"]: "Amina", number["family"]: "Diallo"}
    for wish in (delete, restore):
        found = _by_audience(wish(section, "student", entity))
        assert {scope.audience for scope, _fields in found} == set(BY_NAME["student"].audiences())
        assert all(by_number == {} for _scope, by_number in found)


def test_a_new_life_that_is_not_on_the_disk_has_not_begun(desk: Device) -> None:
    epoch = desk.ledger.epoch

    def begun_and_lost(ledger: Ledger, _connection: object) -> None:
        ledger.epoch = b"n" * 16
        raise OSError("the disk is full")

    with (
        mock.patch.object(Ledger, "_start_new_epoch", begun_and_lost),
        pytest.raises(OSError, match="full"),
        desk.ledger.receive("import") as receiving,
    ):
        receiving.met_own_stream = True
    assert desk.ledger.epoch == epoch
    assert setup.local_value(desk.database, "epoch") == epoch
    with desk.ledger.receive("import") as receiving:
        receiving.met_own_stream = True
    assert desk.ledger.epoch != epoch
    assert setup.local_value(desk.database, "epoch") == desk.ledger.epoch
    assert len(desk.ledger.epoch) == 16


def test_what_runs_first_may_refuse_and_nothing_is_written(desk: Device) -> None:
    before = desk.everything()

    def refuse(_connection: object) -> None:
        raise Refusal("class_exists")

    with pytest.raises(Refusal):
        desk.ledger.commit("x", [student(desk, 0, name="Ann")], before=refuse)
    assert desk.everything() == before


def test_the_anchor_is_told_when_something_has_left(desk: Device) -> None:
    desk.ledger.note_position()
    anchor = mock.Mock()
    desk.ledger._anchor = anchor
    desk.ledger.note_position()
    anchor.note.assert_called_once_with()
