"""The self-check: nothing said of a sound desk, once a school week the tables against the log, backups read."""

from __future__ import annotations

from pathlib import Path

import pytest

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.services import backups, profiles, selfcheck
from blenddesk.services.context import AppContext
from blenddesk.services.selfcheck import COMPARE_AFTER, Health
from blenddesk.storage import digest, snapshots
from blenddesk.storage.packed_frames import FEWEST_LATER, MARK
from blenddesk.storage.selfcheck import Finding
from tests.conftest import FakeClock
from tests.sync.devices import WEAK

DAY = 24 * 60


def spoil_tables(desk: AppContext) -> None:
    with desk.ledger.database.write() as connection:
        connection.exec_driver_sql("UPDATE student SET name = 'Nobody'")


def test_a_sound_desk(desk: AppContext, section: Id) -> None:
    assert selfcheck.check(desk) == Health()
    assert not Health().is_damaged
    assert not Health().misses_changes
    assert Health((Finding("integrity", {}),)).is_damaged
    assert Health((Finding("changes_missing", {}),)).misses_changes
    assert not Health((Finding("changes_missing", {}),)).is_damaged


def test_a_long_run_of_own_work_is_packed_and_shows_the_same(desk: AppContext, section: Id) -> None:
    student = desk.reads.people.students(section)[0].id
    wishes = [
        put(section, "entry", desk.new_id(), student=student, kind="claimed", by="teacher")
        for _n in range(FEWEST_LATER)
    ]
    desk.commit("entry_logged", wishes)
    packed = f"SELECT count(*) FROM op WHERE substr(frame, 1, 1) = x'{MARK.hex()}'"
    assert desk.reads.reader.rows(packed) == [(0,)]
    assert selfcheck.check(desk) == Health()
    assert desk.reads.reader.rows(packed) == [(FEWEST_LATER,)]
    assert selfcheck.check(desk) == Health()
    assert digest.rebuild(desk.ledger)


def test_tables_that_differ_are_made_anew_when_it_is_due(desk: AppContext, section: Id, clock: FakeClock) -> None:
    assert selfcheck.is_comparison_due(desk)
    assert selfcheck.check(desk) == Health()
    student = desk.reads.people.students(section)[0]
    spoil_tables(desk)
    assert not selfcheck.is_comparison_due(desk)
    assert selfcheck.check(desk) == Health()
    for _day in range(COMPARE_AFTER):
        clock.advance(minutes=DAY)
        profiles.set_note(desk, student.id, str(clock.now_ms))
        backups.save_backup(desk, desk.paths.data.parent, strength=WEAK)
    assert selfcheck.is_comparison_due(desk)
    assert selfcheck.check(desk).remade
    assert desk.reads.people.students(section)[0].name == student.name
    assert not (desk.paths.data / "comparing").exists()
    assert selfcheck.check(desk) == Health()


def test_damage_is_told_before_anything_is_compared(desk: AppContext, section: Id) -> None:
    with desk.ledger.database.write() as connection:
        connection.exec_driver_sql("UPDATE op SET frame = substr(frame, 1, length(frame) - 1) || x'00' WHERE seq = 2")
    health = selfcheck.check(desk)
    assert health.is_damaged
    assert selfcheck.is_comparison_due(desk)


def test_a_copy_that_cannot_be_made_is_compared_in_place(
    desk: AppContext, section: Id, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "copy_exactly", lambda *_args: None)
    assert not selfcheck.check(desk).remade


def test_damaged_backups_are_found_with_it(desk: AppContext, section: Id) -> None:
    file = backups.back_up(desk).file
    file.write_bytes(file.read_bytes()[:-3])
    health = selfcheck.check(desk)
    assert health.damaged_backups == (Path(f"{file}.damaged"),)


# --- what it reads in the log ---------------------------------------------------------------------------------------


def findings(desk: AppContext) -> list[tuple[str, object, object]]:
    with desk.ledger.database.read() as connection:
        return [(one.code, one.data.get("first"), one.data.get("last")) for one in digest.verify(connection)]


def longest(desk: AppContext) -> tuple[int, int]:
    with desk.ledger.database.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT sid, max(seq) FROM op GROUP BY sid ORDER BY count(*) DESC LIMIT 1"
        ).one()
    return int(row[0]), int(row[1])


def run(desk: AppContext, sql: str, *values: object) -> None:
    with desk.ledger.database.write() as connection:
        connection.exec_driver_sql(sql, values)


def test_ops_that_are_gone(desk: AppContext, section: Id) -> None:
    sid, newest = longest(desk)
    run(desk, "DELETE FROM op WHERE sid = ? AND seq BETWEEN 3 AND 4", sid)
    assert findings(desk) == [("changes_missing", 3, 4)]
    run(desk, "DELETE FROM op WHERE sid = ? AND seq >= ?", sid, newest - 1)
    assert findings(desk) == [("changes_missing", 3, 4), ("changes_missing", newest - 1, newest)]


def test_a_head_that_nobody_s_chain_leads_to(desk: AppContext, section: Id) -> None:
    sid, newest = longest(desk)
    run(desk, "UPDATE stream SET hash = zeroblob(32) WHERE sid = ?", sid)
    with desk.ledger.database.read() as connection:
        assert [(one.code, one.data["seq"]) for one in digest.verify(connection)] == [("chain_broken", newest)]


def test_behind_a_gap_the_chain_goes_on_from_a_known_place(desk: AppContext, section: Id) -> None:
    sid, newest = longest(desk)
    with desk.ledger.database.read() as connection:
        stream, genesis = connection.exec_driver_sql(
            "SELECT stream_id, genesis FROM stream WHERE sid = ?", (sid,)
        ).one()
        rows = connection.exec_driver_sql("SELECT seq, frame FROM op WHERE sid = ? ORDER BY seq", (sid,)).all()
    from blenddesk.storage import frames

    chain = frames.first_hash(genesis)
    for seq, frame in rows:
        chain = frames.next_hash(stream, chain, *frames.split_frame(frame))
        if seq == 4:
            break
    run(desk, "DELETE FROM op WHERE sid = ? AND seq = 4", sid)
    run(desk, "INSERT INTO signed_head VALUES (?, 4, ?, x'')", stream, chain)
    assert findings(desk) == [("changes_missing", 4, 4)]
    run(desk, "UPDATE op SET frame = x'01' WHERE sid = ? AND seq = ?", sid, newest - 1)
    assert [code for code, _first, _last in findings(desk)] == ["changes_missing", "chain_broken"]


def test_a_page_that_is_just_being_written_is_no_damage(
    desk: AppContext, section: Id, monkeypatch: pytest.MonkeyPatch
) -> None:
    from blenddesk.storage import selfcheck as pages

    class Torn:
        """Says of one page that it is broken, the first time."""

        def __init__(self, lines: list[list[str]]) -> None:
            self.lines = lines

        def exec_driver_sql(self, _sql: str) -> list[tuple[str]]:
            return [(line,) for line in self.lines.pop(0)]

    assert pages._pages(Torn([["page 3"], []])) == []  # type: ignore[arg-type]
    assert pages._pages(Torn([["page 3"], ["page 3", "page 4"]])) == [Finding("integrity", {"detail": "page 3"})]  # type: ignore[arg-type]


def test_what_cannot_be_read_at_all_is_a_finding(desk: AppContext, section: Id) -> None:
    run(desk, "ALTER TABLE signed_head RENAME TO elsewhere")
    with desk.ledger.database.read() as connection:
        codes = [finding.code for finding in digest.verify(connection)]
    assert codes == ["integrity"]
