"""Verdicts are a pure function of the log and the class root: any order of arrival, incremental or made anew."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from blenddesk.domain.ids import derived_id
from blenddesk.domain.ops import OpRange, put
from blenddesk.domain.registry import Audience
from blenddesk.errors import Refusal
from blenddesk.storage import digest, frames, setup, verdicts
from blenddesk.storage.streams import load_streams
from blenddesk.storage.tables import Status
from blenddesk.sync import retiring, trust
from blenddesk.sync.statements import Announcement
from tests.faults.arena import PLAN, Arena, make_arena, op, run
from tests.faults.attacks.on_withdrawals import _withdrawal
from tests.faults.attacks.table import range_of, seat_key
from tests.sync.devices import Device

Verdicts = dict[tuple[bytes, int, bytes], int]


@pytest.fixture
def arena(tmp_path: Path) -> Iterator[Arena]:
    made = make_arena(tmp_path)
    yield made
    made.close()


def verdicts_at(device: Device) -> Verdicts:
    with device.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT stream_id, op.seq, op.hash8, op.status FROM op JOIN stream USING (sid) WHERE section = ?",
            (device.section,),
        )
        return {(stream_id, seq, hash8): status for stream_id, seq, hash8, status in rows}


def troubled_files(arena: Arena) -> list[bytes]:
    """Packages of a class in which much went wrong: each can be read before or after each other."""
    blue, green, desk = arena.blue, arena.green, arena.desk
    blue.section = green.section = desk.section = arena.section
    student = blue.student(0)
    seat, key = seat_key(arena)
    arena.carry(desk, blue)
    files = []

    def keep(of: Device) -> None:
        files.append(arena.package(of).close(of, recipients=[arena.other.keys.age_recipient]))

    green.log_entry(0)
    keep(green)
    # Refused by the table, and a withdrawal of another's stream.
    arena.force(put(arena.section, "plan", PLAN, name="Mine"))
    arena.force(_withdrawal(arena, range_of(arena, green)))
    keep(blue)
    # Somebody gives himself out for Green, in a stream of its own and in Green's.
    claim = Announcement(
        arena.section, green.device_id, "x", blue.keys.signing_public, blue.keys.age_recipient, seat.seat
    ).signed_by(key)
    arena.force(trust.announcement_draft(claim, blue.randomness))
    opened = arena.package(blue)
    forged = [op("entry", derived_id("forged"), student=student, kind="claimed")]
    opened.add(run(arena.new_life(green.device_id), forged, blue.keys.sign))
    opened.add(run(arena.genesis(green), forged, blue.keys.sign))
    files.append(opened.close(blue, recipients=[arena.other.keys.age_recipient]))
    # A withdrawal of a stream that comes in another file.
    later = run(arena.new_life(desk.device_id), [op("plan", derived_id("late"), name="Late")], desk.keys.sign)
    arena.force(_withdrawal(arena, OpRange(frames.stream_id_of(later.genesis), 1, 1, later.head[:8])))
    keep(blue)
    opened = arena.package(desk)
    opened.add(later)
    files.append(opened.close(desk, recipients=[arena.other.keys.age_recipient]))
    # Retired, and what came after; some of it written at a place that was accepted.
    arena.carry(blue, desk)
    retiring.retire(desk.ledger, blue.device_id)
    keep(desk)
    blue.log_entry(0)
    keep(blue)
    opened = arena.package(blue)
    fork = [op("entry", derived_id("fork"), student=student, kind="claimed")]
    opened.add(run(arena.genesis(blue), fork, blue.keys.sign))
    files.append(opened.close(blue, recipients=[arena.other.keys.age_recipient]))
    return files


def read_in(arena: Arena, order: list[bytes], name: str) -> tuple[Verdicts, tuple[str, str]]:
    """What the second desk makes of the files in this order, on a copy of its disk."""
    copy = arena.other.copied_to(arena.folder / name, arena.desk.clock, 70)
    copy.section = arena.section
    for number, data in enumerate(order):
        path = arena.folder / f"{name} {number}.bdx"
        path.write_bytes(data)
        (result,) = copy.read(path)
        assert result.status in ("applied", "nothing_new"), result
    found, shown = verdicts_at(copy), arena.shows(copy)
    assert digest.rebuild(copy.ledger), "made anew they differ"
    assert verdicts_at(copy) == found
    copy.close()
    return found, shown


def test_any_order_gives_the_same_verdicts(arena: Arena) -> None:
    files = troubled_files(arena)
    arena.other.close()
    first = read_in(arena, files, "first")
    found = set(first[0].values())
    assert {Status.APPLIED, Status.REFUSED, Status.HELD} <= found
    chance = random.Random(4)
    for number in range(14):
        order = chance.sample(files, len(files))
        order += chance.choices(files, k=3)
        assert read_in(arena, order, f"order {number}") == first, number


def test_every_order_of_a_retirement_and_what_it_is_about(arena: Arena) -> None:
    files = troubled_files(arena)
    arena.other.close()
    some = [files[at] for at in (1, 5, 6, 7)]
    results = [read_in(arena, list(order), f"all {n}") for n, order in enumerate(permutations(some))]
    assert len(results) == 24
    assert all(result == results[0] for result in results)


def test_a_control_that_judges_only_on_arrival_is_caught(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    files = troubled_files(arena)
    arena.other.close()
    some = [files[at] for at in (6, 5)]
    right = read_in(arena, some, "right")
    monkeypatch.setattr(verdicts, "settle", lambda *_a, **_k: verdicts.Settled())
    with pytest.raises(AssertionError):
        assert read_in(arena, some, "wrong") == right


def test_other_rules_judge_the_log_again(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program whose table forbids what was allowed: after the update nothing of it counts any more."""
    desk = arena.desk
    entries = len(desk.ids_of("entry"))
    with desk.database.write() as connection:
        connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES ('projections', x'00')")
    real = verdicts.permissions
    monkeypatch.setattr(
        verdicts, "permissions", lambda role: {k: v for k, v in real(role).items() if k[0] != 18 or role != "station"}
    )
    assert setup.refresh_projections(desk.database, desk.keys)
    assert len(desk.ids_of("entry")) < entries
    assert desk.count(
        f"SELECT COUNT(*) FROM op JOIN stream USING (sid) WHERE record = 18 AND op.status = {Status.REFUSED}"
    )
    monkeypatch.setattr(verdicts, "permissions", real)
    with desk.database.write() as connection:
        connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES ('projections', x'00')")
    assert setup.refresh_projections(desk.database, desk.keys)
    assert len(desk.ids_of("entry")) == entries


def test_a_stream_is_judged_again_only_when_its_writer_stands_differently(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[int] = []
    real = verdicts._judge_stream
    monkeypatch.setattr(
        verdicts, "_judge_stream", lambda c, ss, stream, *rest: judged.append(stream.sid) or real(c, ss, stream, *rest)
    )
    desk = arena.desk
    retiring.retire(desk.ledger, arena.blue.device_id)
    with desk.database.read() as connection:
        streams = load_streams(connection).by_sid
    devices = {streams[sid].device_id for sid in judged}
    assert arena.blue.device_id in devices
    judged.clear()
    arena.green.section = arena.section
    arena.green.log_entry(0)
    arena.carry(arena.green, desk)
    assert all(streams[sid].scope.audience is Audience.TRUST for sid in judged if sid in streams)
    judged.clear()
    retiring.reinstate(desk.ledger, arena.blue.device_id)
    assert {streams[sid].device_id for sid in judged} == {arena.blue.device_id}


def test_what_a_station_may_not_write_is_refused_at_its_own_door(arena: Arena) -> None:
    green = arena.green
    green.section = arena.section
    before = green.everything()
    for draft in (
        put(arena.section, "plan", PLAN, name="x"),
        put(arena.section, "entry", b"e" * 16, kind="mastered"),
        _withdrawal(arena, range_of(arena, arena.desk)),
        put(b"?" * 16, "entry", b"e" * 16, kind="claimed"),
    ):
        with pytest.raises(Refusal, match="not_allowed_here"):
            green.ledger.commit("x", [draft])
    assert green.everything() == before


def test_a_mark_tells_writers_apart_that_are_judged_differently() -> None:
    from blenddesk.domain.authority import Role, Writer

    part = OpRange(b"s" * 16, 1, 2, b"h" * 8)
    writers = [
        Writer(None),
        Writer(Role.STATION),
        Writer(Role.TEACHER),
        Writer(Role.TEACHER, pending=True),
        Writer(Role.STATION, within=frozenset()),
        Writer(Role.STATION, within=frozenset([part])),
        Writer(Role.STATION, within=frozenset([part]), forged=True),
    ]
    marks = [verdicts._mark(writer) for writer in writers]
    assert len(set(marks)) == len(marks)
    assert all(0 < mark < 1 << 63 for mark in marks)
    assert verdicts._mark(Writer(Role.STATION, retired=True)) == verdicts._mark(Writer(Role.STATION))
