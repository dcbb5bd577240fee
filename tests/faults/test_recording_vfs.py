"""The recording disk: what a cut may leave, event by event, and that SQLite's own calls are all noted."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from tests.faults import recording_vfs
from tests.faults.recording_vfs import Event, Recorder, RecordingDisk, RecordingVfs, What, Wreck, _Style

A, B = "disk/a", "disk/b"
SEEDS = range(400)


def write(path: str, at: int, data: bytes) -> Event:
    return Event(What.WRITE, path, at, data)


def truncate(path: str, size: int) -> Event:
    return Event(What.TRUNCATE, path, size)


SYNC, FAILED = Event(What.SYNC, A), Event(What.FAILED_SYNC, A)
SYNC_FOLDER = Event(What.SYNC_FOLDER, "disk")


def left(events: list[Event], files: dict[str, bytes] | None = None, seeds: range = SEEDS) -> list[dict[str, bytes]]:
    """Every state that a cut after all events leaves, over the seeds."""
    wreck = Wreck(events, {A: b"old bytes"} if files is None else files)
    wreck.advance(len(events))
    found = []
    for seed in seeds:
        state = wreck.left(random.Random(seed))
        if state not in found:
            found.append(state)
    return found


def bytes_left(events: list[Event], files: dict[str, bytes] | None = None) -> set[bytes | None]:
    return {state.get(A) for state in left(events, files)}


def test_what_lay_there_is_safe() -> None:
    assert left([], {A: b"old bytes", B: b""}) == [{A: b"old bytes", B: b""}]


def test_a_write_is_there_or_not_until_a_sync_came_back() -> None:
    assert bytes_left([write(A, 0, b"NEW")]) == {b"old bytes", b"NEW bytes"}
    assert bytes_left([write(A, 0, b"NEW"), SYNC]) == {b"NEW bytes"}
    assert bytes_left([write(A, 0, b"NEW"), SYNC, write(A, 4, b"B")]) == {b"NEW bytes", b"NEW Bytes"}
    assert bytes_left([write(A, 10, b"x"), SYNC]) == {b"old bytes\0x"}, "what nobody wrote is zero once it is synced"
    assert bytes_left([write(A, 13, b"x"), SYNC]) == {b"old bytes\0\0\0\0x"}
    assert bytes_left([write(A, 0, b"NEW"), Event(What.SYNC, B)], {A: b"old bytes", B: b""}) == {
        b"old bytes",
        b"NEW bytes",
    }


def test_a_sync_that_failed_leaves_its_writes_in_doubt_for_good() -> None:
    lost = [write(A, 0, b"NEW"), FAILED]
    assert bytes_left(lost) == {b"old bytes", b"NEW bytes"}
    assert bytes_left([*lost, SYNC]) == {b"old bytes", b"NEW bytes"}
    later = [*lost, write(A, 4, b"B"), SYNC]
    assert bytes_left(later) == {b"old Bytes", b"NEW Bytes"}
    assert bytes_left([*lost, write(A, 0, b"now"), SYNC]) == {b"now bytes"}, "written again over the same place"
    beside = [write(A, 0, b"N"), FAILED, write(A, 1, b"E"), SYNC]
    assert bytes_left(beside) == {b"oEd bytes", b"NEd bytes"}
    assert bytes_left([write(A, 1, b"E"), FAILED, write(A, 0, b"N"), SYNC]) == {b"Nld bytes", b"NEd bytes"}


def test_a_change_of_size_that_failed_is_settled_by_the_next_one() -> None:
    cut = [truncate(A, 3), FAILED]
    assert bytes_left(cut) == {b"old", b"old bytes"}
    assert bytes_left([*cut, truncate(A, 5), SYNC]) == {b"old b"}
    assert bytes_left([write(A, 4, b"B"), FAILED, truncate(A, 4), SYNC]) == {b"old "}
    behind = [write(A, 3, b"-"), FAILED, truncate(A, 4), SYNC]
    assert bytes_left(behind) == {b"old ", b"old-"}


def test_the_writes_without_a_sync_in_order_or_in_any() -> None:
    found = bytes_left([write(A, 0, b"1"), write(A, 1, b"2"), write(A, 2, b"3")])
    assert {b"old bytes", b"1ld bytes", b"12d bytes", b"123 bytes"} <= found, "in order"
    assert {b"o2d bytes", b"ol3 bytes", b"o23 bytes", b"1l3 bytes"} <= found, "each on its own"
    assert len(found) == 8
    over = bytes_left([write(A, 0, b"1"), write(A, 0, b"2")])
    assert over == {b"old bytes", b"1ld bytes", b"2ld bytes"}


def _by_style(style: _Style, events: list[Event]) -> set[bytes | None]:
    content = recording_vfs._Content(bytearray(b"old bytes"), [], list(events))
    return {recording_vfs._torn(content, style, random.Random(seed)) for seed in SEEDS}


THREE = [write(A, 0, b"1"), write(A, 1, b"2"), write(A, 2, b"3")]


def test_each_way_to_go_about_it() -> None:
    turns = [write(A, 0, b"1"), write(A, 1, b"y"), write(A, 0, b"2"), write(A, 2, b"z")]
    assert _by_style(_Style.IN_ORDER, turns) == {
        b"old bytes",
        b"1ld bytes",
        b"1yd bytes",
        b"2yd bytes",
        b"2yz bytes",
    }
    crossing = [write(A, 0, b"12"), write(A, 1, b"34")]
    assert b"124 bytes" in _by_style(_Style.SHUFFLED, crossing), "the earlier over the later"
    assert b"124 bytes" not in _by_style(_Style.TORN, crossing) | _by_style(_Style.IN_ORDER, crossing)
    assert b"124 bytes" in bytes_left(crossing)
    assert _by_style(_Style.IN_ORDER, THREE) == {b"old bytes", b"1ld bytes", b"12d bytes", b"123 bytes"}
    assert len(_by_style(_Style.SUBSET, THREE)) == len(_by_style(_Style.TORN, THREE)) == 8
    twice = [write(A, 0, b"1"), write(A, 0, b"2")]
    assert (
        _by_style(_Style.TORN, twice)
        == _by_style(_Style.SUBSET, twice)
        == {
            b"old bytes",
            b"1ld bytes",
            b"2ld bytes",
        }
    )
    both = [write(A, 0, b"12"), write(A, 0, b"3")]
    assert b"12d bytes" in _by_style(_Style.SHUFFLED, both), "the earlier lies over the later"
    assert _by_style(_Style.IN_ORDER, []) == {b"old bytes"}


def test_a_large_write_is_torn_at_sectors_only() -> None:
    data = bytes([1]) * 512 + bytes([2]) * 512 + bytes([3]) * 100
    large = [write(A, 0, data)]
    content = recording_vfs._Content(bytearray(2_000), [], large)

    def torn(style: _Style) -> set[bytes]:
        return {recording_vfs._torn(content, style, random.Random(seed)) for seed in SEEDS}

    for state in torn(_Style.TORN):
        assert len(state) == 2_000
        for start, end, value in ((0, 512, 1), (512, 1_024, 2), (1_024, 1_124, 3)):
            assert state[start:end] in (bytes([value]) * (end - start), bytes(end - start))
        assert state[1_124:] == bytes(876)
    assert len(torn(_Style.TORN)) == 8
    assert len(torn(_Style.SUBSET)) == 2
    assert len(torn(_Style.IN_ORDER)) == 4, "nothing, or up to one of its sectors"


def test_the_sectors_that_a_write_touches() -> None:
    def cut(at: int, size: int) -> list[tuple[int, int]]:
        return [(part.at, len(part.data)) for part in recording_vfs._sectors(write(A, at, bytes(size)), 512)]

    assert cut(0, 512) == [(0, 512)]
    assert cut(0, 513) == [(0, 512), (512, 1)]
    assert cut(500, 24) == [(500, 12), (512, 12)]
    assert cut(1_024, 1_024) == [(1_024, 512), (1_536, 512)]
    assert cut(10, 0) == []
    data = bytes(range(256)) * 4
    assert b"".join(part.data for part in recording_vfs._sectors(write(A, 300, data), 512)) == data
    assert list(recording_vfs._sectors(truncate(A, 9), 512)) == [truncate(A, 9)]
    assert recording_vfs.SECTORS == (512, 4_096)


def test_what_a_file_grew_by_and_nobody_wrote() -> None:
    def grown(event: Event) -> set[bytes]:
        content = recording_vfs._Content(bytearray(b"old"), [], [event])
        return {recording_vfs._torn(content, _Style.SUBSET, random.Random(seed)) for seed in SEEDS} - {b"old"}

    for event, end in ((write(A, 6, b"new"), b"new"), (truncate(A, 9), b"")):
        found = grown(event)
        assert all(len(state) == 9 and state.startswith(b"old") and state.endswith(end) for state in found)
        assert b"old" + bytes(6 - len(end)) + end in found
        assert len(found) > 20, "or what lay there before"
    far = bytearray(b"old")
    recording_vfs._apply(far, write(A, 100, b"!"), b"filler")
    assert far == b"old" + (b"filler" * 20)[:97] + b"!"
    longer = bytearray(b"old")
    recording_vfs._apply(longer, truncate(A, 100), b"filler")
    assert longer == b"old" + (b"filler" * 20)[:97]
    same = bytearray(b"old")
    recording_vfs._apply(same, truncate(A, 3), b"?")
    assert same == b"old"


def test_no_write_changes_sides_with_a_change_of_size() -> None:
    events = [write(A, 0, b"1"), write(A, 1, b"2"), truncate(A, 1), write(A, 2, b"3"), write(A, 3, b"4")]
    found = {tuple(recording_vfs._shuffled(list(events), random.Random(seed))) for seed in range(60)}
    assert len(found) == 4
    for order in found:
        assert order[2] == events[2]
        assert set(order[:2]) == set(events[:2])
        assert set(order[3:]) == set(events[3:])


def test_names_are_there_or_not_until_their_folder_was_synced() -> None:
    made = [Event(What.CREATE, B), write(B, 0, b"new"), Event(What.SYNC, B)]
    assert left(made, {}) == [{}, {B: b"new"}] or left(made, {}) == [{B: b"new"}, {}]
    assert left([*made, SYNC_FOLDER], {}) == [{B: b"new"}]
    assert len(left([*made, Event(What.SYNC_FOLDER, "elsewhere")], {})) == 2
    assert left([*made, SYNC_FOLDER, Event(What.DELETE, B), SYNC_FOLDER], {}) == [{}], "once safe, it is over"
    other = [*made, Event(What.CREATE, "other/c"), SYNC_FOLDER]
    assert {tuple(sorted(state)) for state in left(other, {})} == {(B,), (B, "other/c")}
    gone = [Event(What.DELETE, A)]
    assert {A in state for state in left(gone)} == {True, False}
    assert left([*gone, SYNC_FOLDER]) == [{}]
    assert left([*gone, SYNC_FOLDER, Event(What.CREATE, A)])[0] in ({}, {A: b""})


def test_a_rename_is_two_changes_of_names() -> None:
    moved = [Event(What.RENAME, A, data=B.encode())]
    found = {tuple(sorted(state)) for state in left(moved)}
    assert found == {(A,), (B,), (A, B), ()}
    assert all(data == b"old bytes" for state in left(moved) for data in state.values())
    assert left([*moved, SYNC_FOLDER]) == [{B: b"old bytes"}]
    # Both names of one file show the same bytes, whatever a cut left of them.
    torn = [write(A, 0, b"1"), write(A, 1, b"2"), *moved]
    assert all(len(set(state.values())) <= 1 for state in left(torn))


def test_a_journal_loses_the_newest_names_and_others_any() -> None:
    changes = [recording_vfs._NameChange(name, None) for name in "abc"]
    found = {"".join(one.path for one in recording_vfs._some_names(changes, random.Random(seed))) for seed in SEEDS}
    assert found == {"", "a", "b", "c", "ab", "ac", "bc", "abc"}
    whole = sum(len(recording_vfs._some_names(changes, random.Random(seed))) == 3 for seed in SEEDS)
    assert whole < len(SEEDS) * 0.35
    in_order = sum(
        "abc".startswith("".join(one.path for one in recording_vfs._some_names(changes, random.Random(seed))))
        for seed in SEEDS
    )
    assert in_order > len(SEEDS) * 0.65


def test_it_goes_on_event_by_event_and_tells_what_was_said() -> None:
    recorder = Recorder()
    recorder.note(What.WRITE, A, 0, b"NEW")
    recorder.mark("saved")
    recorder.note(What.SYNC, A)
    wreck = Wreck(recorder.events, {A: b"old bytes"})
    wreck.advance(1)
    assert (wreck.at, wreck.marks) == (1, [])
    wreck.advance(2)
    assert wreck.marks == ["saved"]
    assert len({wreck.left(random.Random(seed))[A] for seed in SEEDS}) == 2
    wreck.advance(3)
    assert (wreck.at, wreck.marks) == (3, ["saved"])
    assert wreck.left(random.Random(1)) == {A: b"NEW bytes"}


def test_a_disk_that_lies_notes_no_sync() -> None:
    for syncs in (True, False):
        recorder = Recorder(syncs=syncs)
        recorder.note(What.WRITE, A, 0, b"x")
        recorder.note(What.SYNC, A)
        recorder.note(What.SYNC_FOLDER, "disk")
        assert [event.what for event in recorder.events] == [What.WRITE, What.SYNC, What.SYNC_FOLDER][
            : 3 if syncs else 1
        ]


def test_the_program_s_own_files() -> None:
    recorder = Recorder()
    disk = RecordingDisk(recorder, free=7)
    data = bytes(70_000)
    disk.write_synced(Path(A), data)
    assert recorder.events == [
        Event(What.CREATE, A),
        Event(What.TRUNCATE, A, 0),
        Event(What.WRITE, A, 0, data[:65_536]),
        Event(What.WRITE, A, 65_536, data[65_536:]),
        Event(What.SYNC, A),
    ]
    recorder.events.clear()
    disk.write_synced(Path(A), b"")
    assert [event.what for event in recorder.events] == [What.TRUNCATE, What.SYNC], "it was there already"
    assert (disk.free_bytes(Path()), disk.read(Path(A)), disk.exists(Path(A))) == (7, b"", True)
    disk.rename(Path(A), Path(B))
    disk.sync_folder(Path("disk"))
    assert recorder.events[-2:] == [Event(What.RENAME, A, 0, B.encode()), SYNC_FOLDER]
    assert (disk.exists(Path(A)), disk.listing(Path("disk"))) == (False, {"b": (0, 0)})
    assert disk.listing(Path("elsewhere")) == {}
    disk.remove(Path(B))
    assert recorder.events[-1] == Event(What.DELETE, B)
    assert disk.files == {}
    assert RecordingDisk(recorder).free_bytes(Path()) == 1 << 30


@pytest.fixture
def noted(tmp_path: Path) -> Iterator[Callable[..., list[Event]]]:
    """Runs SQL in a real file over the recording disk; what was noted."""
    recorder = Recorder()
    vfs = RecordingVfs("recording-test", recorder)

    def run(*statements: str) -> list[Event]:
        connection: Any = apsw.Connection(str(tmp_path / "real.db"), vfs="recording-test")
        connection.execute("PRAGMA synchronous = FULL")
        for statement in statements:
            connection.execute(statement).fetchall()
        connection.close()
        return recorder.events

    yield run
    vfs.unregister()


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_replayed_to_the_end_the_files_are_what_lies_on_the_real_disk(
    noted: Callable[..., list[Event]], tmp_path: Path, mode: str
) -> None:
    events = noted(
        f"PRAGMA journal_mode = {mode}",
        "PRAGMA temp_store = FILE",
        "PRAGMA cache_size = 1",
        "PRAGMA temp.cache_size = 1",
        "CREATE TABLE t (a)",
        "INSERT INTO t SELECT randomblob(3000) FROM (VALUES (1), (2), (3), (4), (5), (6))",
        "CREATE TEMP TABLE s AS SELECT a, randomblob(60000) AS b FROM t ORDER BY a",
        "DELETE FROM t WHERE rowid > 1",
        "VACUUM",
    )
    kinds = {event.what for event in events}
    assert {What.CREATE, What.WRITE, What.SYNC, What.SYNC_FOLDER, What.DELETE, What.TRUNCATE} <= kinds
    assert all(event.path.startswith(str(tmp_path)) for event in events), "what is temporary is gone anyway"
    wreck = Wreck([*events, Event(What.SYNC, str(tmp_path / "real.db")), Event(What.SYNC_FOLDER, str(tmp_path))], {})
    wreck.advance(len(events) + 2)
    found = wreck.left(random.Random(1))
    assert found == {str(path): path.read_bytes() for path in tmp_path.iterdir()}


def test_a_journal_s_folder_is_synced_once_and_the_database_s_own_never(
    noted: Callable[..., list[Event]], tmp_path: Path
) -> None:
    events = noted("PRAGMA journal_mode = DELETE", "CREATE TABLE t (a)")
    journal = str(tmp_path / "real.db-journal")
    first = next(at for at, event in enumerate(events) if event.what is What.SYNC)
    assert events[first].path == journal
    assert events[first + 1] == Event(What.SYNC_FOLDER, str(tmp_path))
    syncs_of_database = [at for at, event in enumerate(events) if event == Event(What.SYNC, str(tmp_path / "real.db"))]
    assert syncs_of_database
    assert all(events[at + 1].what is not What.SYNC_FOLDER for at in syncs_of_database)
    assert [event.path for event in events if event.what is What.SYNC].count(journal) >= 2
    assert [event.what for event in events].count(What.SYNC_FOLDER) == 1
    assert [event.path for event in events if event.what is What.DELETE] == [journal]
    noted("PRAGMA synchronous = EXTRA", "CREATE TABLE u (a)")
    assert events[-1] == Event(What.SYNC_FOLDER, str(tmp_path))
    assert events[-2] == Event(What.DELETE, journal), "and with the deletion where SQLite asks for that"
