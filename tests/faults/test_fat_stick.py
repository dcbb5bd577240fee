"""The model of a stick: nothing is safe before it was synced, and everything is safe after."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.fat_stick import FatStick, Pulled

FOLDER = Path("stick")
OLD, NEW = FOLDER / "old", FOLDER / "new"
SEEDS = range(60)


def with_old(**settings: int) -> FatStick:
    """A stick on which one file has lain safely for long."""
    stick = FatStick()
    stick.write_synced(OLD, b"old bytes")
    stick.sync_folder(FOLDER)
    fresh = FatStick(**settings)
    fresh.names, fresh.safe_names = stick.names, stick.safe_names
    return fresh


def states(stick: FatStick) -> list[dict[Path, bytes]]:
    found = []
    for seed in SEEDS:
        stick.seed = seed
        state = stick.survivors()
        assert state == stick.survivors(), "one seed, one state"
        if state not in found:
            found.append(state)
    return found


def pulled(at: int) -> FatStick:
    """Written, synced and renamed, but the stick was gone at step ``at``."""
    stick = with_old(pull_at=at)
    with suppress(Pulled):
        stick.write_synced(NEW.with_suffix(".tmp"), b"new bytes")
        stick.sync_folder(FOLDER)
        stick.rename(NEW.with_suffix(".tmp"), NEW)
        stick.sync_folder(FOLDER)
        stick.remove(OLD)
    return stick


def test_what_was_synced_is_there_whatever_happens() -> None:
    assert states(with_old()) == [{OLD: b"old bytes"}]
    for at in range(1, 10):
        for state in states(pulled(at)):
            assert state[OLD] == b"old bytes", at


def test_a_name_that_was_not_synced_is_there_or_not() -> None:
    stick = FatStick()
    stick.write_synced(NEW, b"new bytes")
    assert {NEW in state for state in states(stick)} == {True, False}
    stick.sync_folder(FOLDER)
    assert states(stick) == [{NEW: b"new bytes"}]


def test_bytes_that_were_not_synced_are_there_in_part() -> None:
    found = {state.get(NEW.with_suffix(".tmp")) for state in states(pulled(3))}
    assert None in found
    assert b"" in found
    assert b"new bytes" in found
    assert len(found) > 4
    assert all(data is None or b"new bytes".startswith(data) for data in found)
    half = {state.get(NEW.with_suffix(".tmp")) for state in states(pulled(2))}
    assert max(len(data or b"") for data in half) == 4
    assert {state.get(NEW.with_suffix(".tmp")) for state in states(pulled(1))} == {None, b""}


def test_once_written_and_synced_its_bytes_are_whole_where_its_name_is() -> None:
    assert {state.get(NEW.with_suffix(".tmp")) for state in states(with_new_written())} == {None, b"new bytes"}


def with_new_written() -> FatStick:
    stick = with_old()
    stick.write_synced(NEW.with_suffix(".tmp"), b"new bytes")
    return stick


def test_a_rename_is_two_writes_and_either_may_be_lost() -> None:
    temporary = NEW.with_suffix(".tmp")
    stick = with_new_written()
    stick.sync_folder(FOLDER)
    stick.rename(temporary, NEW)
    assert {(temporary in state, NEW in state) for state in states(stick)} == {
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    }
    stick.sync_folder(FOLDER)
    assert states(stick) == [{OLD: b"old bytes", NEW: b"new bytes"}]
    # Pulled in the middle: the new name may be there, the old one is not gone yet.
    middle = pulled(7)
    assert middle.exists(temporary)
    assert {(temporary in state, NEW in state) for state in states(middle)} == {(True, True), (True, False)}


def test_a_removal_that_was_not_synced_may_not_have_happened() -> None:
    stick = with_old()
    stick.remove(OLD)
    assert not stick.exists(OLD)
    assert {OLD in state for state in states(stick)} == {True, False}
    stick.sync_folder(FOLDER)
    assert states(stick) == [{}]


def test_it_is_pulled_at_just_that_step() -> None:
    steps = FatStick()
    steps.write_synced(NEW, b"new bytes")
    assert steps.steps == 4
    steps.sync_folder(FOLDER)
    steps.rename(NEW, OLD)
    steps.remove(OLD)
    assert steps.steps == 9
    for at in range(1, 10):
        assert pulled(at).steps == at
    half = FatStick(pull_at=5)
    half.write_synced(NEW, b"new bytes")
    with pytest.raises(Pulled):
        half.sync_folder(FOLDER)
    assert half.safe_names == {}, "pulled before it could be synced"
    just = FatStick(pull_at=6)
    just.write_synced(NEW, b"new bytes")
    with pytest.raises(Pulled):
        just.sync_folder(FOLDER)
    assert just.safe_names.keys() == {NEW}


def test_what_the_program_sees_while_it_works() -> None:
    stick = with_old(free=99)
    stick.write_synced(NEW, b"new")
    assert stick.free_bytes(FOLDER) == 99
    assert stick.read(NEW) == b"new"
    assert stick.listing(FOLDER) == {"old": (9, 0), "new": (3, 0)}
    assert stick.listing(Path("other")) == {}
    assert FatStick().free_bytes(FOLDER) == 1 << 30
    stick.write_synced(NEW, b"other")
    assert stick.read(NEW) == b"other"
