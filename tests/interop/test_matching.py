"""Comparing a list with known students: nothing is merged, doubled or removed without being said."""

from __future__ import annotations

import dataclasses
import time

from hypothesis import given
from hypothesis import strategies as st

from blenddesk.interop.matching import ImportPlan, KnownStudent, plan_import
from blenddesk.interop.rosters import RosterStudent


def new(given_name: str, family: str = "", source_id: str = "", *classes: str, display: str = "") -> RosterStudent:
    return RosterStudent(1, given_name, family, display or given_name or family, source_id, classes)


def imported(students: list[RosterStudent], source: str = "s") -> list[KnownStudent]:
    """What the desk holds after adding these students."""
    return [
        KnownStudent(str(n), x.given, x.family, x.display, source if x.source_id else "", x.source_id, x.classes)
        for n, x in enumerate(students)
    ]


def plan(known: list[KnownStudent], students: list[RosterStudent], **options: object) -> ImportPlan:
    return plan_import(known, students, **{"source": "s", "full_list": True, **options})  # type: ignore[arg-type]


def test_identity_is_source_and_id() -> None:
    known = imported([new("Ann", "Ray", "1", "4B"), new("Bo", "Gil", "2", "4B")])
    result = plan(known, [new("Anna", "Ray", "1", "4B", "Art"), new("Bo", "Gil", "3", "4B")])
    assert [(match.known.id, match.fields) for match in result.updated] == [("0", ("given", "display", "classes"))]
    assert [doubt.candidates[0].id for doubt in result.doubtful] == ["1"]  # same name, other id: a person decides
    assert (result.added, result.missing) == ((), ())


def test_missing_only_in_full_lists() -> None:
    known = imported([new("Ann", "Ray", "1"), new("Bo", "Gil", "2")])
    assert [student.id for student in plan(known, [new("Ann", "Ray", "1")]).missing] == ["1"]
    assert plan(known, [new("Ann", "Ray", "1")], full_list=False).missing == ()


def test_without_ids_the_kth_namesake_is_the_kth_namesake() -> None:
    students = [new("Ali", "Khan", "", "4B"), new("Ali", "Khan", "", "4B"), new("Ali", "Khan", "", "4A")]
    again = plan(imported(students), students)
    assert [match.known.id for match in again.unchanged] == ["0", "1", "2"]
    third = plan(imported(students[:2]), [*students[:2], new("Ali", "Khan", "", "4B")])
    assert (len(third.unchanged), len(third.added) + len(third.doubtful)) == (2, 1)


def test_near_names_are_side_by_side_and_never_merged() -> None:
    known = imported([new("Jon", "Smith"), new("Zoë", "Nuñez"), new("Maria Lopez")])
    result = plan(known, [new("John", "Smith"), new("zoe", "nunez"), new("Lopez", "Maria"), new("Kim", "Ray")])
    assert [doubt.candidates[0].id for doubt in result.doubtful] == ["0", "1", "2"]
    assert [student.given for student in result.added] == ["Kim"]
    assert result.updated == result.unchanged == result.missing == ()


def test_a_called_name_given_at_the_desk_survives_the_same_list() -> None:
    listed = [new("Robert", "Ray", "1")]
    known = [dataclasses.replace(imported(listed)[0], display="Bo")]
    assert len(plan(known, listed).unchanged) == 1
    assert plan(known, [new("Robert", "Ray", "1", display="Rob")]).updated[0].fields == ("display",)


def test_our_own_export_matches_students_of_several_sources() -> None:
    known = [
        KnownStudent("a", "Ann", "Ray", "Ann", "oneroster", "1"),
        KnownStudent("b", "Bo", "Gil", "Bo", "kolibri", "1"),
    ]
    result = plan(known, [new("Ann", "Ray", "1"), new("Bo", "Gil", "1")], source="file")
    assert [match.known.id for match in result.unchanged] == ["a", "b"]


WORDS = st.sampled_from(["Ann", "Anna", "Ali", "Bo", "王", "ليلى", ""])
STUDENTS = st.lists(
    st.builds(
        lambda g, f, i, c: new(g, f, i, *c) if g or f else new("X", "Y", i, *c),
        WORDS,
        WORDS,
        st.sampled_from(["", "", "1", "2", "3", "4"]),
        st.lists(st.sampled_from(["4A", "4B"]), max_size=2, unique=True),
    ),
    max_size=12,
    unique_by=lambda student: student.source_id or object(),
)


@given(STUDENTS)
def test_the_same_list_again_changes_nothing(students: list[RosterStudent]) -> None:
    result = plan(imported(students), students)
    assert len(result.unchanged) == len(students)
    assert result.added == result.updated == result.doubtful == result.missing == ()


@given(STUDENTS, STUDENTS)
def test_everyone_is_in_exactly_one_place(before: list[RosterStudent], after: list[RosterStudent]) -> None:
    result = plan(imported(before), after)
    placed = [
        *result.added,
        *(m.incoming for m in (*result.updated, *result.unchanged)),
        *(d.incoming for d in result.doubtful),
    ]
    assert sorted(map(repr, placed)) == sorted(map(repr, after))
    matched = [m.known.id for m in (*result.updated, *result.unchanged)]
    assert len(matched) == len(set(matched))
    assert not set(matched) & {student.id for student in result.missing}


def test_eight_hundred_against_eight_hundred_is_quick() -> None:
    known = imported([new(f"Given{n % 300}", f"Family{n}") for n in range(800)])
    started = time.process_time()
    plan(known, [new(f"Given{n % 300}", f"Family{n + 400}") for n in range(800)])
    assert time.process_time() - started < 5
