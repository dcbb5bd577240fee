"""The shorthands for what a use case wants written, and several commits seen as one."""

from __future__ import annotations

from blenddesk.domain.ops import ChangeSet, Draft, Kind, OpRange, OpRef, delete, merge_change_sets, put, restore

SECTION, ENTITY = b"S" * 16, b"e" * 16


def test_the_three_wishes() -> None:
    assert put(SECTION, "student", ENTITY, name="Ann") == Draft(SECTION, "student", ENTITY, {"name": "Ann"}, Kind.PUT)
    assert delete(SECTION, "student", ENTITY) == Draft(SECTION, "student", ENTITY, {}, Kind.DELETE)
    assert restore(SECTION, "student", ENTITY) == Draft(SECTION, "student", ENTITY, {}, Kind.RESTORE)
    assert not put(SECTION, "student", ENTITY).settles
    assert (Kind.PUT, Kind.DELETE, Kind.RESTORE) == (1, 2, 3)


def test_the_end_of_a_range_is_an_op() -> None:
    assert OpRange(SECTION, 3, 9, b"hashhash").end == OpRef(SECTION, 9, b"hashhash")


def test_several_commits_are_refreshed_as_one() -> None:
    first = ChangeSet(4, "a", frozenset({"student"}), frozenset({b"1"}), frozenset({SECTION}), 2)
    second = ChangeSet(5, "b", frozenset({"entry"}), frozenset({b"2"}), frozenset({ENTITY}), 3)
    assert merge_change_sets("both", [first, second]) == ChangeSet(
        5, "both", frozenset({"student", "entry"}), frozenset({b"1", b"2"}), frozenset({SECTION, ENTITY}), 5
    )
    nothing = merge_change_sets("none", [])
    assert nothing == ChangeSet(0, "none")
    assert nothing.is_empty
    assert not first.is_empty
