"""The write door: what goes in comes out, once, in one transaction, and can be taken back."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blenddesk.domain.hlc import milliseconds
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Kind, delete, put
from blenddesk.domain.registry import Audience
from blenddesk.errors import Refusal
from blenddesk.services.context import AppContext
from blenddesk.storage import digest, frames, history, projection, rebuilding, setup
from blenddesk.storage.streams import load_streams
from blenddesk.storage.tables import Status
from tests.conftest import FakeClock


def column(desk: AppContext, table: str, name: str, entity: Id) -> object:
    rows = desk.reads.reader.rows(f'SELECT "{name}" FROM "{table}" WHERE id = ?', (entity,))
    return rows[0][0] if rows else "no row"


@pytest.fixture
def student(desk: AppContext, section: Id) -> Id:
    return desk.reads.people.students(section)[0].id


def test_fields_go_to_the_tables_of_their_audience(desk: AppContext, section: Id, student: Id) -> None:
    desk.commit("test", [put(section, "student", student, name="Ann", family="Canary")])
    assert column(desk, "student", "name", student) == "Ann"
    assert column(desk, "student_desk", "family", student) == "Canary"
    with desk.ledger.database.read() as connection:
        streams = load_streams(connection).by_sid
        for sid, frame in connection.exec_driver_sql("SELECT sid, frame FROM op"):
            if streams[sid].scope.audience is not Audience.DESK:
                assert b"Canary" not in frame


def test_what_a_child_says_lies_sealed_in_the_log(desk: AppContext, section: Id, student: Id) -> None:
    said = desk.new_id()
    desk.commit("test", [put(section, "reflection", said, student=student, growth=2, remark="I was sad Canary")])
    assert desk.reads.entries.reflections_of_student(section, student)[0].remark == "I was sad Canary"
    with desk.ledger.database.read() as connection:
        frames_ = connection.exec_driver_sql("SELECT frame FROM op WHERE entity_id = ?", (said,)).scalars().all()
    assert frames_
    assert all(b"Canary" not in frame for frame in frames_)


def test_a_commit_is_whole_or_not_at_all(desk: AppContext, section: Id, student: Id) -> None:
    with pytest.raises(Refusal, match="field_malformed"):
        desk.commit("test", [put(section, "student", student, name="Zed"), put(section, "student", student, name=5)])
    assert column(desk, "student", "name", student) == "Amina"


def test_nothing_to_write_writes_nothing(desk: AppContext) -> None:
    before = len(history.changes(desk.ledger))
    assert desk.commit("test", []).is_empty
    assert len(history.changes(desk.ledger)) == before


def test_undo_redo_undo(desk: AppContext, section: Id, student: Id) -> None:
    desk.commit("rename", [put(section, "student", student, name="B", family="F")])
    history.undo(desk.ledger)
    assert column(desk, "student", "name", student) == "Amina"
    assert column(desk, "student_desk", "family", student) == "Diallo"
    redo = history.next_redo(desk.ledger)
    assert redo is not None
    history.undo(desk.ledger, redo.id)
    assert column(desk, "student", "name", student) == "B"
    history.undo(desk.ledger)
    assert column(desk, "student", "name", student) == "Amina"


def test_undo_walks_back_step_by_step(desk: AppContext, section: Id, student: Id) -> None:
    for name in "BCD":
        desk.commit("rename", [put(section, "student", student, name=name)])
    seen = []
    for _step in range(3):
        history.undo(desk.ledger)
        seen.append(column(desk, "student", "name", student))
    assert seen == ["C", "B", "Amina"]


def test_an_older_change_under_a_later_one_is_refused(desk: AppContext, section: Id, student: Id) -> None:
    first = desk.commit("rename", [put(section, "student", student, name="B")])
    desk.commit("rename", [put(section, "student", student, name="C")])
    with pytest.raises(Refusal, match="undo_written_since"):
        history.undo(desk.ledger, first.change_id)
    with pytest.raises(Refusal, match="already_undone"):
        history.undo(desk.ledger, history.undo(desk.ledger).change_id - 1)


def test_undoing_an_addition_takes_it_away_and_redo_brings_it_back(desk: AppContext, section: Id, student: Id) -> None:
    entry = desk.new_id()
    desk.commit("log", [put(section, "entry", entry, student=student, kind="claimed")])
    assert column(desk, "entry", "kind", entry) == "claimed"
    undone = history.undo(desk.ledger)
    assert column(desk, "entry", "kind", entry) == "no row"
    history.undo(desk.ledger, undone.change_id)
    assert column(desk, "entry", "kind", entry) == "claimed"


def test_a_deleted_record_comes_back_with_undo(desk: AppContext, section: Id, student: Id) -> None:
    desk.commit("delete", [delete(section, "student", student)])
    assert column(desk, "student", "name", student) == "no row"
    assert column(desk, "student_desk", "family", student) == "no row"
    history.undo(desk.ledger)
    assert column(desk, "student", "name", student) == "Amina"
    assert column(desk, "student_desk", "family", student) == "Diallo"


def test_time_stamps_only_grow_whatever_the_clock_does(
    desk: AppContext, section: Id, student: Id, clock: FakeClock
) -> None:
    start = clock.now_ms
    for jump in (0, -10_000_000_000, 5_000, 10**13, 0):
        clock.now_ms = start + jump
        desk.commit("rename", [put(section, "student", student, name=str(jump))])
        assert column(desk, "student", "name", student) == str(jump)
    with desk.ledger.database.read() as connection:
        stamps = connection.exec_driver_sql("SELECT hlc FROM op ORDER BY sid, seq").scalars().all()
        newest = max(stamps)
    # The absurd clock (the year 2343) was not believed: stamps stay near the others.
    assert abs(milliseconds(newest) - start) < 1_000_000


def test_check_finds_a_changed_byte(desk: AppContext, section: Id) -> None:
    with desk.ledger.database.read() as connection:
        assert digest.verify(connection) == []
        sid, seq, frame = connection.exec_driver_sql("SELECT sid, seq, frame FROM op ORDER BY seq DESC LIMIT 1").one()
    with desk.ledger.database.write() as connection:
        header, payload = frames.split_frame(frame)
        forged = frames.encode_frame(header, payload[:-1] + bytes([payload[-1] ^ 1]))
        connection.exec_driver_sql("UPDATE op SET frame = ? WHERE sid = ? AND seq = ?", (forged, sid, seq))
    with desk.ledger.database.read() as connection:
        assert [f.code for f in digest.verify(connection)] == ["chain_broken"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 3), st.sampled_from(["name", "avatar", "family"])),
        st.tuples(st.just("delete"), st.integers(0, 3), st.just("")),
        st.tuples(st.just("entry"), st.integers(0, 3), st.just("")),
        st.tuples(st.just("undo"), st.just(0), st.just("")),
        st.tuples(st.just("redo"), st.just(0), st.just("")),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_tables_grown_step_by_step_equal_tables_rebuilt_from_the_log(
    desk: AppContext, section: Id, steps: list[tuple[str, int, str]]
) -> None:
    people = [bytes([n + 1]) * 16 for n in range(4)]
    for number, (what, who, field) in enumerate(steps):
        if what == "put":
            desk.commit("edit", [put(section, "student", people[who], **{field: f"v{number}"})])
        elif what == "delete":
            desk.commit("delete", [delete(section, "student", people[who])])
        elif what == "entry":
            desk.commit("log", [put(section, "entry", desk.new_id(), student=people[who], kind="claimed")])
        else:
            line = history.next_undo(desk.ledger) if what == "undo" else history.next_redo(desk.ledger)
            if line is not None:
                history.undo(desk.ledger, line.id)
    assert digest.rebuild(desk.ledger)


def test_a_restore_names_the_delete_it_ends(desk: AppContext, section: Id, student: Id) -> None:
    from blenddesk.domain.ops import Draft

    desk.commit("delete", [delete(section, "student", student)])
    desk.commit("restore", [Draft(section, "student", student, {}, Kind.RESTORE)])
    assert column(desk, "student", "name", student) == "Amina"
    assert digest.rebuild(desk.ledger)


def test_undo_passes_over_what_was_handed_out(desk: AppContext, section: Id, student: Id) -> None:
    desk.commit("rename", [put(section, "student", student, name="B")])
    handed = desk.commit("seat_new", [put(section, "adult", desk.new_id(), name="Mr Lasting")])
    with pytest.raises(Refusal, match="undo_not_possible"):
        history.undo(desk.ledger, handed.change_id)
    history.undo(desk.ledger)
    assert column(desk, "student", "name", student) == "Amina"


def test_what_a_newer_program_wrote_is_applied_after_an_update(desk: AppContext, section: Id, student: Id) -> None:
    """Also when somebody took it back in the meantime: then it stays without effect."""
    commits = [desk.commit("test", [put(section, "student", student, name=name)]) for name in ("Ann", "Bea")]
    history.undo(desk.ledger, commits[1].change_id)
    entry = desk.new_id()
    desk.commit("test", [put(section, "entry", entry, student=student, kind="claimed")])
    with desk.ledger.database.write() as connection:
        before = digest.class_digest(connection, section)
        connection.exec_driver_sql(f"UPDATE op SET status = {Status.UNKNOWN_SCHEMA} WHERE record IN (2, 27)")
        connection.exec_driver_sql(
            f"UPDATE op SET status = {Status.UNKNOWN_SCHEMA} WHERE entity_id IN (?, ?)", (student, entry)
        )
        connection.exec_driver_sql("DELETE FROM withdrawn_range")
        rebuilding.rebuild(connection, load_streams(connection).names(), desk.keys)
        connection.exec_driver_sql("UPDATE local SET value = x'00' WHERE name = 'projections'")
    assert column(desk, "student", "name", student) == "no row"
    assert setup.refresh_projections(desk.ledger.database, desk.keys)
    assert column(desk, "student", "name", student) == "Ann"
    assert column(desk, "entry", "kind", entry) == "claimed"
    with desk.ledger.database.read() as connection:
        assert digest.class_digest(connection, section) == before


def test_a_thread_that_ended_leaves_no_connection_open(desk: AppContext) -> None:
    reader = desk.reads.reader
    for _n in range(5):
        thread = threading.Thread(target=lambda: reader.rows("SELECT 1"))
        thread.start()
        thread.join()
    assert len(reader._open) <= 2
    assert reader.rows("SELECT 1") == [(1,)]


def test_behind_a_gap_of_our_own_log_we_write_on_but_do_not_hold_all(
    desk: AppContext, section: Id, student: Id
) -> None:
    """A hole that damage left stays known: what is written after it does not count as held from the beginning."""
    scope = projection.Scope(section, Audience.CLASS)
    with desk.ledger.database.write() as connection:
        own = load_streams(connection).own(desk.ledger.device_id, desk.ledger.epoch, scope)
        assert own is not None
        assert own.have == own.seq > 1
        connection.exec_driver_sql("UPDATE stream SET have = 1 WHERE sid = ?", (own.sid,))
    desk.commit("test", [put(section, "student", student, name="Ann")])
    with desk.ledger.database.read() as connection:
        after = load_streams(connection).by_sid[own.sid]
    assert (after.have, after.seq) == (1, own.seq + 1)


def test_more_than_a_frame_holds_is_refused(desk: AppContext, section: Id, student: Id) -> None:
    before = column(desk, "student", "name", student)
    needs = ["n" * 60_000] * (frames.MAX_FRAME_BYTES // 60_000 + 1)
    with pytest.raises(Refusal, match="record_too_large"):
        desk.commit(
            "test",
            [put(section, "student", student, name="Ann"), put(section, "profile", desk.new_id(), needs=needs)],
        )
    assert column(desk, "student", "name", student) == before


def test_a_steady_view_inside_another_sees_the_same_moment(desk: AppContext, section: Id, student: Id) -> None:
    reader = desk.reads.reader
    with reader.steady():
        assert column(desk, "student", "name", student) == "Amina"
        desk.commit("test", [put(section, "student", student, name="Ann")])
        with reader.steady():
            assert column(desk, "student", "name", student) == "Amina"
    assert column(desk, "student", "name", student) == "Ann"
