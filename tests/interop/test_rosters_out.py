"""Class lists we write come back without a change and run nothing in anybody's spreadsheet."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blenddesk.interop.matching import KnownStudent, plan_import
from blenddesk.interop.names import clean_name
from blenddesk.interop.rosters import RosterStudent, preview_roster
from blenddesk.interop.rosters_out import write_roster_csv, write_roster_xlsx

STUDENTS = (
    RosterStudent(2, "=SUM(A1)", "+Ray", "@Bo", "-7", ("4B, north; red", "Art")),
    RosterStudent(3, "ليلى", 'Ha"ddad', "Lulu", "00123", ()),
    RosterStudent(4, "'=x", "", "'=x", "", ("4B, north; red",)),
    RosterStudent(5, "NULL", "-", "NULL", "", ("http://x.org",)),
    RosterStudent(6, "", "王", "王", "", ("4B, north; red",)),
    RosterStudent(7, "Ali", "Khan", "Ali", "", ("Art",)),
    RosterStudent(8, "Ali", "Khan", "Ali", "", ("Art",)),
)


def without_rows(students: tuple[RosterStudent, ...]) -> list[tuple[object, ...]]:
    return [(s.given, s.family, s.display, s.source_id, s.classes) for s in students]


@pytest.mark.parametrize(("write", "name"), [(write_roster_csv, "list.csv"), (write_roster_xlsx, "list.xlsx")])
def test_round_trip_changes_nothing(write: object, name: str) -> None:
    data = write(STUDENTS)  # type: ignore[operator]
    back = preview_roster(data, name).students
    assert without_rows(back) == without_rows(STUDENTS)
    known = [
        KnownStudent(str(n), s.given, s.family, s.display, "sis", s.source_id, s.classes)
        for n, s in enumerate(STUDENTS)
    ]
    plan = plan_import(known, back, source=name, full_list=True)
    assert len(plan.unchanged) == len(STUDENTS)


def test_csv_holds_no_formula_and_begins_with_a_mark() -> None:
    data = write_roster_csv(STUDENTS)
    assert data.startswith(b"\xef\xbb\xbf")
    for line in data.decode("utf-8-sig").split("\r\n"):
        for cell in line.split(","):
            assert not cell.strip('"').startswith(("=", "+", "-", "@", "\t"))


def test_workbook_holds_text_only() -> None:
    page = openpyxl.load_workbook(io.BytesIO(write_roster_xlsx(STUDENTS))).active
    assert page is not None
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert "00123" in [cell.value for cell in cells]


NAME = st.text(
    alphabet=st.one_of(st.characters(categories=("L", "M", "P", "S")), st.sampled_from(" '\"=+-@,;王ليلى")), max_size=12
).map(clean_name)


@given(st.lists(st.tuples(NAME, NAME, NAME), max_size=6))
def test_any_names_round_trip(triples: list[tuple[str, str, str]]) -> None:
    students = tuple(
        RosterStudent(n, one, two, three or one or two, f"id{n}", ("4B",))
        for n, (one, two, three) in enumerate(triples)
        if one or two
    )
    if students:
        assert without_rows(preview_roster(write_roster_csv(students), "x.csv").students) == without_rows(students)
