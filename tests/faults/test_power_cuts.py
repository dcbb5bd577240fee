"""Whenever the power goes, what was acknowledged is there and whole. Long: ``python -m tests.faults.power_cuts``."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from nacl.public import SealedBox
from pyrage import x25519

from blenddesk.storage import digest
from blenddesk.sync import keys, seats
from tests.faults import power_cuts
from tests.faults.apsw_dbapi import ApswDriver, instead_of_sqlcipher
from tests.faults.power_cuts import fingerprint
from tests.faults.power_cuts_scenarios import SCENARIOS
from tests.faults.recording_vfs import Event, What, Wreck
from tests.sync.devices import make_classroom

STATES = 160


@pytest.mark.slow
@pytest.mark.parametrize("name", power_cuts.NAMES)
def test_nothing_acknowledged_is_lost(name: str) -> None:
    wrong, lines = power_cuts.cut(name, range(STATES))
    assert lines == [], "\n".join(lines)
    assert wrong["states"] == STATES
    assert wrong["distinct"] > STATES * 0.6, "the same states again and again show little"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("control", "found", "at_least"),
    [
        ("normal", "acknowledged commit lost", 30),
        ("journal", "acknowledged commit lost", 15),
        ("off", "not sound", 10),
        ("no-fsync", "not sound", 10),
    ],
)
def test_without_what_keeps_data_safe_it_is_lost(control: str, found: str, at_least: int) -> None:
    """Negative controls: if these passed, the test above would show nothing."""
    wrong, _lines = power_cuts.cut("commit", range(100), control)
    assert wrong[found] >= at_least, wrong


def test_both_databases_hold_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs over the recording disk is what ships: row by row the same log, tables and digests."""
    chance = random.Random(1)
    identity = x25519.Identity.generate()
    for module in (keys, seats):
        monkeypatch.setattr(module, "x25519", type("Same", (), {"Identity": _SameIdentity(identity)}))
    monkeypatch.setattr(keys, "random_bytes", lambda size: chance.randbytes(size))
    monkeypatch.setattr(SealedBox, "encrypt", lambda self, plaintext: b"\0" * 48 + plaintext)
    monkeypatch.setattr(SealedBox, "decrypt", lambda self, sealed: sealed[48:])

    def worked(folder: Path) -> list[tuple[str, str, int]]:
        chance.seed(1)
        room = make_classroom(folder, stations=1)
        stick = folder / "stick"
        for number in range(4):
            for device in room.devices:
                device.log_entry(number % 3, "What the child says")
            room.desk.rename(number % 3, f"Child {number}, called otherwise")
            room.lap(stick)
        found = []
        for device in room.devices:
            with device.database.write() as connection:
                shown = digest.class_digest(connection, device.section)
                # Packages are encrypted with keys drawn by the system, so that none is like another.
                read = connection.exec_driver_sql("UPDATE package_seen SET sha256 = at_ms || result || rowid").rowcount
                found.append((fingerprint(connection.exec_driver_sql), shown, read))
        room.close()
        return found

    shipped = worked(tmp_path / "sqlcipher")
    with instead_of_sqlcipher(ApswDriver()):
        assert worked(tmp_path / "apsw") == shipped
    assert (tmp_path / "apsw/desk/blenddesk.db").read_bytes()[:15] == b"SQLite format 3"
    assert (tmp_path / "sqlcipher/desk/blenddesk.db").read_bytes()[:15] != b"SQLite format 3"


class _SameIdentity:
    def __init__(self, identity: Any) -> None:
        self.identity = identity

    def generate(self) -> Any:
        return self.identity

    def from_str(self, text: str) -> Any:
        return x25519.Identity.from_str(text)


def test_every_scenario_can_be_cut_at_its_ends() -> None:
    """The seeds draw the moment; before the first and after the last event there is nothing half done."""
    assert set(SCENARIOS) >= {"commit", "import", "migration", "backup", "purge"}


# --- the disk of the test itself --------------------------------------------------------------------------------------

A = "/d/a"


def states(events: list[Event], files: dict[str, bytes] | None = None, count: int = 300) -> set[tuple[Any, ...]]:
    wreck = Wreck(events, files or {})
    wreck.advance(len(events))
    return {tuple(sorted(wreck.left(random.Random(seed)).items())) for seed in range(count)}


def write(data: bytes, at: int = 0) -> Event:
    return Event(What.WRITE, A, at, data)


SYNC, SYNC_FOLDER = Event(What.SYNC, A), Event(What.SYNC_FOLDER, "/d")


def test_what_was_synced_is_there_in_every_state() -> None:
    assert states([write(b"new"), SYNC], {A: b"old"}) == {((A, b"new"),)}


def test_what_was_not_synced_is_there_or_not() -> None:
    assert states([write(b"new")], {A: b"old"}) == {((A, b"new"),), ((A, b"old"),)}


def test_a_long_write_is_torn_at_sectors_and_nowhere_else() -> None:
    found = {content for ((_path, content),) in states([write(b"n" * 1024)], {A: b"o" * 1024})}
    assert {content[:512] + b"|" + content[512:] for content in found} == {
        first * 512 + b"|" + second * 512 for first in (b"n", b"o") for second in (b"n", b"o")
    }


def test_of_two_writes_the_later_may_arrive_alone_or_below() -> None:
    found = {content for ((_path, content),) in states([write(b"1"), write(b"2")], {A: b"0"})}
    assert found == {b"0", b"1", b"2"}


def test_a_hole_holds_nothing_or_what_lay_there_before() -> None:
    found = {
        content[:512] for ((_path, content),) in states([write(b"1" * 512), write(b"2", 512)], {A: b""}) if content
    }
    assert b"\0" * 512 in found
    assert b"1" * 512 in found
    assert len(found) > 3


def test_a_new_name_is_safe_when_its_folder_is_synced() -> None:
    made = [Event(What.CREATE, A), write(b"new"), SYNC]
    assert states(made) == {(), ((A, b"new"),)}
    assert states([*made, SYNC_FOLDER]) == {((A, b"new"),)}


def test_a_renamed_file_may_have_both_names_or_none() -> None:
    moved = [Event(What.RENAME, A, data=b"/d/b")]
    assert states(moved, {A: b"x"}) == {(), ((A, b"x"),), (("/d/b", b"x"),), ((A, b"x"), ("/d/b", b"x"))}
    assert states([*moved, SYNC_FOLDER], {A: b"x"}) == {(("/d/b", b"x"),)}


def test_a_removed_file_may_come_back() -> None:
    assert states([Event(What.DELETE, A)], {A: b"x"}) == {(), ((A, b"x"),)}


def test_a_file_cut_short_is_cut_or_whole() -> None:
    assert states([Event(What.TRUNCATE, A, 1)], {A: b"xyz"}) == {((A, b"x"),), ((A, b"xyz"),)}
    assert states([Event(What.TRUNCATE, A, 5), SYNC], {A: b"xyz"}) == {((A, b"xyz\0\0"),)}


def test_after_a_failed_sync_nothing_makes_these_writes_safe_but_writing_again() -> None:
    failed = [write(b"1"), Event(What.FAILED_SYNC, A), SYNC]
    assert states(failed, {A: b"0"}) == {((A, b"0"),), ((A, b"1"),)}
    assert states([*failed, write(b"2"), SYNC], {A: b"0"}) == {((A, b"2"),)}
