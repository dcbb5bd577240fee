"""A child is erased: on every computer, from every file, whatever arrives later, and only by the class's own desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from nacl.signing import SigningKey
from sqlalchemy import event

from blenddesk.domain.ops import ChangeSet, delete, put
from blenddesk.domain.registry import RECORDS, Shape
from blenddesk.errors import Refusal
from blenddesk.storage import digest, frames, history
from blenddesk.storage.erasing import PERSON_FIELDS, blank, written_of
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.storage.selfcheck import verify
from blenddesk.storage.streams import load_streams
from blenddesk.storage.tables import Status
from blenddesk.sync.erasures import erasure_drafts, erasures
from blenddesk.sync.keys import class_root
from tests.sync.devices import Classroom, Device, SeededRandomness, add_desk, make_classroom
from tests.sync.test_privacy import dump

GONE = (b"Child 0", b"GivenCanary0", b"FamilyCanary0", b"NeedCanary0", b"RemarkCanary0", b"GoalCanary0")
KEPT = (b"Child 1", b"RemarkCanary1")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    found = make_classroom(tmp_path)
    found.desk.log_entry(0, "RemarkCanary0 at the desk")
    found.lap(tmp_path / "stick")
    yield found
    found.close()


@pytest.fixture(autouse=True)
def folders(tmp_path: Path) -> None:
    for name in ("stick", "bad", "old", "new", "Mr Novak", "Blue-1"):
        (tmp_path / name).mkdir()


def erase(desk: Device, number: int) -> ChangeSet:
    with desk.database.read() as connection:
        root = class_root(connection, desk.section)
        assert root is not None
        written = written_of(connection, load_streams(connection), desk.keys, desk.section, desk.student(number))
    refs = [one.ref for one in written]
    return desk.ledger.commit(
        "student_erased", erasure_drafts(desk.section, desk.student(number), refs, root, desk.randomness)
    )


def readable(device: Device) -> bytes:
    """Everything this computer can read of its log and its tables, sealed words it can open included."""
    found = [dump(device)]
    with device.database.read() as connection:
        streams = load_streams(connection)
        read = Unpacking(connection)
        for sid, frame in connection.exec_driver_sql("SELECT sid, frame FROM op"):
            payload = read.split(frame)[1]
            found.append(device.keys.unseal(streams.by_sid[sid].scope.section, payload) or b"")
    return b"\n".join(found)


def test_every_reference_to_a_person_is_known() -> None:
    """Whoever adds a field that names something decides whether it names a child."""
    others = {"plan", "block", "group", "meeting", "run", "goal", "about", "entry", "revises", "copied_from"}
    others |= {"device", "epoch", "series", "taken_in", "term"}
    for record in RECORDS:
        for field in record.fields:
            if field.shape is Shape.ID and record.name != "erasure":
                assert (field.number in PERSON_FIELDS[record.number]) != (field.name in others), (record.name, field)


def test_nothing_of_the_child_is_left_on_any_computer(room: Classroom, tmp_path: Path) -> None:
    desk, station = room.desk, room.stations[0]
    goal = desk.randomness.token(16)
    desk.ledger.commit("goal_new", [put(desk.section, "goal", goal, student=desk.student(0), words="GoalCanary0")])
    desk.ledger.commit("goal_edited", [put(desk.section, "goal", goal, words="GoalCanary0 again")])
    desk.ledger.commit("goal_gone", [delete(desk.section, "goal", goal)])
    station.log_entry(0, "RemarkCanary0")
    station.log_entry(1, "RemarkCanary1")
    desk.rename(0, "Child 0 renamed")
    room.lap(tmp_path / "stick")
    room.lap(tmp_path / "stick")
    assert all(canary in readable(desk) for canary in (*GONE, *KEPT))

    erase(desk, 0)
    for device in room.devices:
        before = readable(device)
        assert device is desk or GONE[0] in before
    room.lap(tmp_path / "stick")
    room.lap(tmp_path / "stick")

    for device in room.devices:
        after = readable(device)
        assert not [canary for canary in GONE if canary in after], device.name
        assert KEPT[0] in after
        assert device.student(0) not in device.ids_of("student")
        assert device.student(1) in device.ids_of("student")
        with device.database.read() as connection:
            assert verify(connection) == []
        assert digest.rebuild(device.ledger)
    assert len({device.digest() for device in room.devices}) == 1
    assert KEPT[1] in readable(desk)


def test_a_blank_without_the_word_of_the_class_is_refused(room: Classroom, tmp_path: Path) -> None:
    """A relay that blanks what it carries keeps every hash and signature valid; it must not cost anybody anything."""
    relay, desk = room.stations
    relay.log_entry(0)
    with relay.database.write() as connection:
        rows = connection.exec_driver_sql("SELECT sid, seq, hash8, frame FROM op").all()
        for sid, seq, hash8, frame in rows:
            header, payload = frames.split_frame(frame)
            if payload != b"\x80" and b"finished" in payload:
                connection.exec_driver_sql(
                    "UPDATE op SET frame = ? WHERE sid = ? AND seq = ? AND hash8 = ?",
                    (frames.encode_frame(header, blank(payload)), sid, seq, hash8),
                )
    relay.write(tmp_path / "bad")
    before = desk.everything()
    assert [result.reason for result in desk.read(tmp_path / "bad")] == ["content_missing"]
    assert desk.everything() == before


def test_what_comes_in_late_is_erased_as_well(room: Classroom, tmp_path: Path) -> None:
    desk, (first, second) = room.desk, room.stations
    first.log_entry(0, "RemarkCanary0")
    second.log_entry(0, "RemarkCanary0")
    erase(desk, 0)
    for _lap in range(2):
        room.lap(tmp_path / "stick")
    for device in room.devices:
        assert not [canary for canary in GONE if canary in readable(device)], device.name
        assert not device.column("entry", "student")
    with desk.database.read() as connection:
        assert len(erasures(connection, desk.section)) == 2
    room.lap(tmp_path / "stick")
    with desk.database.read() as connection:
        assert len(erasures(connection, desk.section)) == 2, "said once"


def test_what_comes_in_late_with_our_own_twin_is_erased_with_the_next_package(tmp_path: Path) -> None:
    """The package that closes our stream cannot be answered in it, and the next one brings nothing new."""
    room = make_classroom(tmp_path, stations=1)
    desk, (blue,) = room.desk, room.stations
    room.lap(tmp_path / "lap 0")
    erase(desk, 0)
    desk.close()
    shutil.copytree(desk.folder, tmp_path / "image")
    desk.restart()
    desk.log_entry(1)
    room.lap(tmp_path / "lap 1", [desk, blue])
    late = blue.log_entry(0, "RemarkCanary0")
    desk.close()
    shutil.rmtree(desk.folder)
    shutil.copytree(tmp_path / "image", desk.folder)
    desk.restart()
    desk.ledger.randomness = SeededRandomness(99)
    desk.log_entry(1)
    blue.write(tmp_path / "stick")
    before = desk.ledger.epoch
    desk.read(tmp_path / "stick")
    assert desk.ledger.epoch != before
    assert late in desk.ids_of("entry"), "not answered in a stream that is being closed"
    desk.read(tmp_path / "stick")
    assert late not in desk.ids_of("entry")
    ops = desk.count("SELECT COUNT(*) FROM op")
    desk.read(tmp_path / "stick")
    assert desk.count("SELECT COUNT(*) FROM op") == ops, "said once"
    desk.write(tmp_path / "stick")
    blue.read(tmp_path / "stick")
    for device in room.devices:
        assert late not in device.ids_of("entry")
        assert b"RemarkCanary0" not in readable(device)
    room.close()


def test_what_arrives_in_full_after_it_was_erased_is_blanked_as_it_comes(room: Classroom, tmp_path: Path) -> None:
    """An old package, read by a computer that has the erasure and not the entries."""
    desk, (first, second) = room.desk, room.stations
    first.log_entry(0, "RemarkCanary0")
    first.write(tmp_path / "old")
    desk.read(tmp_path / "old")
    erase(desk, 0)
    desk.write(tmp_path / "new")
    second.read(tmp_path / "new")
    results = second.read(tmp_path / "old")
    assert {result.status for result in results} <= {"applied", "nothing_new"}
    assert not [canary for canary in GONE if canary in readable(second)]
    statuses = second.count(f"SELECT count(*) FROM op WHERE status = {Status.PURGED}")
    assert statuses > 0


def test_erasing_cannot_be_undone_and_says_so(room: Classroom) -> None:
    change = erase(room.desk, 0)
    with pytest.raises(Refusal, match="undo_not_possible"):
        history.undo(room.desk.ledger, change.change_id)
    following = history.next_undo(room.desk.ledger)
    assert following is not None
    assert following.label != "student_erased"


def test_only_the_desk_that_made_the_class_erases(room: Classroom, tmp_path: Path) -> None:
    """Another teacher's desk and a shared computer say the same words; nobody takes them."""
    desk, station = room.desk, room.stations[0]
    second = add_desk(desk, tmp_path)
    desk.write(tmp_path / "stick")
    second.read(tmp_path / "stick")
    with second.database.read() as connection:
        assert class_root(connection, second.section) is None
        written = written_of(connection, load_streams(connection), second.keys, second.section, desk.student(0))
    refs = [one.ref for one in written]
    assert refs
    for forger in (second, station):
        forged = SigningKey(forger.randomness.token(32))
        forger.write_whatever(*erasure_drafts(desk.section, desk.student(0), refs, forged, forger.randomness))
        assert b"Child 0" in readable(forger)
        forger.write(tmp_path / forger.name)
        desk.read(tmp_path / forger.name)
    assert all(canary in readable(desk) for canary in (b"Child 0", b"NeedCanary0"))
    second.close()


def test_an_erasure_of_one_class_means_nothing_in_another(tmp_path: Path) -> None:
    one, other = make_classroom(tmp_path / "a", stations=0), make_classroom(tmp_path / "b", stations=0, seed=2)
    with one.desk.database.read() as connection:
        root = class_root(connection, one.desk.section)
        assert root is not None
    with other.desk.database.read() as connection:
        written = written_of(
            connection, load_streams(connection), other.desk.keys, other.desk.section, other.desk.student(0)
        )
    refs = [item.ref for item in written]
    one.desk.ledger.commit(
        "student_erased", erasure_drafts(one.desk.section, other.desk.student(0), refs, root, one.desk.randomness)
    )
    drafts = erasure_drafts(other.desk.section, other.desk.student(0), refs, root, one.desk.randomness)
    other.desk.write_whatever(*drafts)
    assert b"Child 0" in readable(other.desk)
    one.close()
    other.close()


def test_the_file_itself_keeps_nothing(room: Classroom) -> None:
    """Freed places are overwritten and the write-ahead log is emptied into the file."""
    log = room.desk.folder / "blenddesk.db-wal"
    overwritten: list[int] = []
    with mock.patch.object(room.desk.database, "checkpoint", wraps=room.desk.database.checkpoint) as emptied:
        room.desk.log_entry(0, "RemarkCanary0")
        assert not emptied.called
        assert log.stat().st_size
        event.listen(
            room.desk.database.engine,
            "commit",
            lambda connection: overwritten.append(
                connection.connection.cursor().execute("PRAGMA secure_delete").fetchone()[0]
            ),
        )
        erase(room.desk, 0)
    assert emptied.called
    assert log.stat().st_size == 0
    assert overwritten[-1] == 1
