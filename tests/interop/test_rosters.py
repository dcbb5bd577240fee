"""Class lists of many shapes become the right students with their names intact, or a reason why not."""
# ruff: noqa: E501  (tables of sample text read better unbroken)

from __future__ import annotations

import dataclasses
import io
import time

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from blenddesk.errors import ExchangeTrouble, Refusal
from blenddesk.interop.headers import field_of, fold
from blenddesk.interop.rosters import RosterPreview, preview_roster


def preview(text: str, name: str = "list.csv", **options: object) -> RosterPreview:
    return preview_roster(text.encode(), name, **options)  # type: ignore[arg-type]


def names(found: RosterPreview) -> list[tuple[str, str]]:
    return [(student.given, student.family) for student in found.students]


def codes(found: RosterPreview) -> list[str]:
    return [warning.code for warning in found.warnings]


def refusal(text: str, name: str = "list.csv", **options: object) -> ExchangeTrouble:
    with pytest.raises(ExchangeTrouble) as caught:
        preview(text, name, **options)
    return caught.value


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("First name,Last name", "Ann,Ray", ("Ann", "Ray")),
        ("last_name,first_name", "Ray,Ann", ("Ann", "Ray")),
        ("familyName,givenName,email", "Ray,Ann,a@b.c", ("Ann", "Ray")),
        ("Student First Name,Student Last Name,Parent First Name", "Ann,Ray,Zoe", ("Ann", "Ray")),
        ("Forename,Surname,Reg Group", "Ann,Ray,7B", ("Ann", "Ray")),
        ("Nombre,Apellidos", "Ana,Gil", ("Ana", "Gil")),
        ("Primer apellido,Segundo apellido,Nombre", "Gil,Ruiz,Ana", ("Ana", "Gil Ruiz")),
        ("Nom,Prénom", "Petit,Zoé", ("Zoé", "Petit")),
        ("Nom de l'élève;Prénom de l'élève;Né(e) le", "Petit;Zoé;1/2/2015", ("Zoé", "Petit")),
        ("Nachname;Vorname;Klasse", "Groß;Jörg;3a", ("Jörg", "Groß")),
        ("Name;Vorname", "Groß;Jörg", ("Jörg", "Groß")),
        ("Nome;Sobrenome", "João;Sousa", ("João", "Sousa")),
        ("Cognome;Nome", "Rossi;Lia", ("Lia", "Rossi")),
        ("الاسم الأول;اسم العائلة;الصف", "ليلى;حداد;٣", ("ليلى", "حداد")),
        ("姓,名", "王,小明", ("小明", "王")),
        ("Имя;Фамилия", "Анна;Кузнецова", ("Анна", "Кузнецова")),
        ("LastFirst,Student_Number", '"Ray, Ann",7', ("Ann", "Ray")),
        ("Apellidos y nombre;Grupo", "Gil Ruiz, Ana;2A", ("Ana", "Gil Ruiz")),
        ("Nome do aluno;Turma", "João Sousa;2A", ("João Sousa", "")),
        ("اسم الطالب;الفصل", "ليلى أحمد حداد;٣", ("ليلى أحمد حداد", "")),
        ("Nom et prénom;Classe", "MEUNIER Alice;CP", ("Alice", "MEUNIER")),
        ("Name and Surname;Class", "Ann Ray;1", ("Ann", "Ray")),
    ],
)
def test_headers_of_many_languages(header: str, row: str, expected: tuple[str, str]) -> None:
    assert names(preview(f"{header}\n{row}\n")) == [expected]


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn An", "Ana Maria Lopez Garcia", "John Smith, Jr.", "Abd al-Rahman ibn Ali"]
)
def test_names_that_cannot_be_cut_honestly_stay_whole(name: str) -> None:
    found = preview(f'Full name,Class\n"{name}",1\n')
    assert names(found) == [(name, "")]
    assert found.students[0].display == name
    assert "names_not_split" in codes(found)


def test_only_the_first_comma_cuts() -> None:
    assert names(preview('Student;Class\n"Ray, Ann, Bea";1\nGil, Ana;1\n')) == [("Ann, Bea", "Ray"), ("Ana", "Gil")]


def test_names_are_composed_and_trimmed_and_otherwise_as_written() -> None:
    found = preview("First,Last\n  Ann\u00a0 Lee ,O\u2019Ne\u0301il-von der\tHeide\nMcDONALD,de la cruz\n")
    assert names(found) == [("Ann Lee", "O\u2019Néil-von der Heide"), ("McDONALD", "de la cruz")]


def test_display_is_what_the_child_is_called() -> None:
    found = preview("First name,Last name,Preferred name\nRobert,Ray,Bo\nAnn,Gil,\n,Sung,\n")
    assert [student.display for student in found.students] == ["Bo", "Ann", "Sung"]
    assert codes(found) == ["no_given"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Ray\nBo Gil\nCy Sung\n", [("Ann Ray", ""), ("Bo Gil", ""), ("Cy Sung", "")]),
        ("Ann Ray", [("Ann Ray", "")]),
        ("1. Ann Ray\n2. Bo Gil\n", [("Ann Ray", ""), ("Bo Gil", "")]),
        ("Ray, Ann\nGil, Bo\n", [("Ann", "Ray"), ("Bo", "Gil")]),
        ("Ray, Ann\nRay, Bo\n", [("Ann", "Ray"), ("Bo", "Ray")]),
        ("Name\nRay, Ann\nGil, Bo\n", [("Ann", "Ray"), ("Bo", "Gil")]),
        ("Nick\nAnn\nBo\n", [("Nick", ""), ("Ann", ""), ("Bo", "")]),
        ("Nick,Ray\nAnn,Gil\n", [("Nick", "Ray"), ("Ann", "Gil")]),
        ("Ann\tRAY\nBo\tGIL\n", [("Ann", "RAY"), ("Bo", "GIL")]),
        ("RAY\tAnn\nGIL\tBo\n", [("Ann", "RAY"), ("Bo", "GIL")]),
        ("Ray;Ann;ann.ray@x.org\nGil;Bo;bo.gil@x.org\n", [("Ann", "Ray"), ("Bo", "Gil")]),
        (
            "1\tRay\tAnn\taray\t4B\n2\tGil\tBo\tbgil\t4B\n3\tSung\tCy\tcsung\t4A\n",
            [("Ann", "Ray"), ("Bo", "Gil"), ("Cy", "Sung")],
        ),
        ("الحداد، ليلى\nالنجار، عمر\n", [("ليلى", "الحداد"), ("عمر", "النجار")]),
        ("王小明\n李雷\n", [("王小明", ""), ("李雷", "")]),
    ],
)
def test_lists_without_a_header(text: str, expected: list[tuple[str, str]]) -> None:
    found = preview(text, "list.txt")
    assert names(found) == expected


def test_headerless_table_finds_ids_and_classes_but_no_dates_or_phones() -> None:
    rows = [
        f"A\ts{n}01\tRay{chr(65 + n)}\tAnn{chr(65 + n)}\tNorth\t{4 + n % 2}B\t1{n}.02.2015\t0171555{n}{n}{n}{n}"
        for n in range(9)
    ]
    found = preview("\n".join(rows).replace("RayA", "Ray"), "export.csv")
    fields = {column.index: column.field for column in found.columns if column.field}
    assert fields == {0: "status", 1: "source_id", 2: "given", 3: "family", 5: "class"}
    assert "guessed_columns" in codes(found)
    corrected = preview("\n".join(rows), "export.csv", mapping={"given": 3, "family": 2, "status": -1})
    assert (corrected.students[1].given, corrected.students[1].family) == ("AnnB", "RayB")
    assert "guessed_columns" not in codes(corrected)


def test_titles_above_the_header_and_totals_below() -> None:
    text = "Oak School\nClass 4B,,\n\nNo,Last name,First name\n1,Ray,Ann\n2,Gil,Bo\n\nNo,Last name,First name\n3,Sung,Cy\nTotal,,\n"
    found = preview(text)
    assert names(found) == [("Ann", "Ray"), ("Bo", "Gil"), ("Cy", "Sung")]
    assert [(w.row, w.code) for w in found.warnings] == [(10, "no_name")]
    assert [student.row for student in found.students] == [5, 6, 9]


def test_rows_about_nobody_and_odd_names_are_told() -> None:
    found = preview("Last Name,First Name,Email Address,Quiz\nDate,,,1/2/2024\nPoints,,,10\nRay,Ann,a@x.org,9\n")
    assert (names(found), codes(found)) == ([("Ann", "Ray")], ["no_name", "no_name"])
    pasted = preview("Class 4B\nAnn Ray\nBo Gil\nCy Sung\nDi Roy\n", "pasted.txt")
    assert [(w.row, w.code) for w in pasted.warnings if w.row] == [(1, "odd_name")]


def test_machine_made_headers_are_never_people() -> None:
    text = "DistrictName,SchoolLocalID,TestGrade,GrowthModel\nGrand Bend,Elm,One,Two\nGrand Bend,Oak,One,Three\n"
    assert refusal(text).code == "roster_no_names"
    assert names(preview("McDonald,DeShawn\nMacIntyre,LeBron\n")) == [("McDonald", "DeShawn"), ("MacIntyre", "LeBron")]


def test_roles_and_leavers_are_told_not_imported() -> None:
    found = preview(
        "id,First name,Last name,Role,Status\n1,Ann,Ray,Student,active\n2,Tea,Cher,Teacher,\n3,Bo,Gil,learner,Withdrawn\n"
        "4,Cy,Sung,,\n5,Ad,Min,ADMIN,active\n"
    )
    assert [student.given for student in found.students] == ["Ann", "Cy"]
    assert [(w.row, w.code) for w in found.warnings] == [(3, "not_a_student"), (4, "left"), (6, "not_a_student")]
    assert found.rows == 5


def test_same_id_and_same_name() -> None:
    found = preview(
        "Student ID,First name,Last name,Class\n1,Ann,Ray,Math\n1,Ann,Ray,Art\n1,Ann,Ray,Art\n2,Jon,Smith,Art\n2,John,Smith,Art\n"
        "3,Bo,Gil,Art\n3,Cy,Sung,Art\n,Ann,Ray,Art\n"
    )
    assert [(s.given, s.source_id, s.classes) for s in found.students] == [
        ("Ann", "1", ("Math", "Art")),
        ("Jon", "2", ("Art",)),
        ("Bo", "3", ("Art",)),
        ("Cy", "", ("Art",)),
        ("Ann", "", ("Art",)),
    ]
    told = [(w.row, w.code, w.data["other_row"]) for w in found.warnings]
    assert told == [
        (4, "duplicate_id", 2),
        (6, "same_id_other_name", 5),
        (8, "same_id_other_name", 7),
        (9, "same_name", 2),
    ]


def test_equal_names_without_ids_are_both_kept() -> None:
    found = preview("Name\nAli Khan\nali khan\nBo Gil\n")
    assert len(found.students) == 3
    assert [(w.row, w.data["other_row"]) for w in found.warnings if w.code == "same_name"] == [(3, 2)]


def test_shared_log_in_names_are_no_ids() -> None:
    found = preview("Username,First name,Last name\nx1,Ann,Ray\nX1,Bo,Gil\n")
    assert [student.source_id for student in found.students] == ["", ""]
    assert preview("Username,First name,Last name\nx1,Ann,Ray\nx2,Bo,Gil\n").students[1].source_id == "x2"


def test_several_classes() -> None:
    found = preview('Full name,Classes\n"Ray, Ann","Red, Blue"\n"Gil, Bo",Red\n')
    assert [s.classes for s in found.students] == [("Red", "Blue"), ("Red",)]
    one = preview('First,Last,Class\nAnn,Ray,"Math, Period 2"\n')
    assert one.students[0].classes == ("Math, Period 2",)
    two = preview("First,Last,Class,Class\nAnn,Ray,Math,Art\n")
    assert two.students[0].classes == ("Math", "Art")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("First name,Last name\n", "roster_no_rows"),
        ("First name,Last name\n,\n", "roster_no_rows"),
        ("student_id,score,date\n12,7,2024-01-02\n", "roster_no_names"),
        ("School ID,Name,Type\n1,Oak School,school\n2,Elm School,school\n", "roster_no_names"),
        ("1,2,3\n4,5,6\n", "roster_no_names"),
        ("First name,Last name,Role\nTea,Cher,teacher\n", "roster_only_staff"),
        ("First name,Last name,Status\nAnn,Ray,graduated\n", "roster_all_left"),
        ("", "roster_empty_file"),
    ],
)
def test_what_is_no_class_list_says_why(text: str, code: str) -> None:
    assert refusal(text).code == code


def test_teachers_are_refused_unless_the_columns_are_given() -> None:
    text = "First name,Last name,Qualification\nTea,Cher,MA\n"
    assert refusal(text, "Teachers.csv").code == "roster_only_staff"
    assert codes(preview(text, "list.csv")) == ["maybe_staff"]
    assert names(preview(text, "Teachers.csv", mapping={"given": 0})) == [("Tea", "Cher")]


def test_mapping_is_checked() -> None:
    text = "a,b,Password\nAnn,Ray,secret\n"
    for mapping, code in (
        ({"nonsense": 0}, "roster_mapping_field"),
        ({"given": 3}, "roster_mapping_column"),
        ({"given": -2}, "roster_mapping_column"),
        ({"source_id": 2}, "roster_mapping_private"),
    ):
        with pytest.raises(Refusal) as caught:
            preview("First,Last,Password\nAnn,Ray,secret\n", mapping=mapping)
        assert caught.value.code == code
    assert names(preview(text, mapping={"given": 1, "family": 0})) == [("b", "a"), ("Ray", "Ann")]
    assert names(preview("First,Last\nAnn,Ray\n", mapping={"full_name": 1})) == [("Ray", "")]
    with pytest.raises(Refusal) as caught:
        preview(text, format="klingon")
    assert caught.value.code == "roster_unknown_format"


def test_only_mapped_columns_are_ever_kept() -> None:
    private = {
        "Password": "canary-pass", "Phone": "canary-555", "Race": "canary-race", "Disability": "canary-dis",
        "Free_Reduced_Lunch": "canary-meal", "Birthdate": "canary-1999", "Parent Email": "canary@home", "Notes": "canary-note",
        "Student Address": "canary street", "Hispanic/Latino": "canary-h", "ext_studentPassword": "canary-ext",
    }  # fmt: skip
    head = ",".join(["Student ID", "First name", "Last name", *private])
    data = "\n".join([head, *[",".join([str(n), f"Ann{n}", "Ray", *private.values()]) for n in range(9)]]).encode()
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as out:
        page = out.add_worksheet()
        for number, line in enumerate(data.decode().splitlines()):
            page.write_row(number, 0, line.split(","))
    for content, name in ((data, "a.csv"), (data.replace(b",", b";"), "b.csv"), (book.getvalue(), "c.xlsx")):
        found = preview_roster(content, name)
        assert "canary" not in repr(dataclasses.asdict(found))
        assert len(found.sample_rows) == 8
        assert found.sample_rows[0] == ("0", "Ann0", "Ray")
    headerless = b"\n".join(data.splitlines()[1:])
    assert "canary" not in repr(preview_roster(headerless, "d.csv", mapping={"given": 1, "family": 2}))


def test_numeric_ids_of_a_workbook_warn() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Student ID", "First name", "Last name"])
        page.write_number(1, 0, 123, book.add_format({"num_format": "00000"}))
        page.write_row(1, 1, ["Ann", "Ray"])
    found = preview_roster(out.getvalue(), "x.xlsx")
    assert found.students[0].source_id == "123"
    assert codes(found) == ["numeric_id"]


def test_sheet_with_people_is_found() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for title, rows in (
            ("Info", [["Welcome to the export"], ["Printed today"]]),
            ("Rooms", [["Name", "Capacity"], ["Blue room", 20]]),
            ("4B", [["Last name", "First name"], ["Ray", "Ann"]]),
        ):
            page = book.add_worksheet(title)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    found = preview_roster(out.getvalue(), "x.xlsx")
    assert names(found) == [("Ann", "Ray")]
    assert [w.data["sheet"] for w in found.warnings if w.code == "sheet_chosen"] == ["4B"]


def test_twenty_thousand_rows_are_quick() -> None:
    rows = "\n".join(f"{n},Ann{n},Ray{n % 977},Class {n % 40},secret{n}" for n in range(20_000))
    started = time.process_time()
    found = preview("Student ID,First name,Last name,Class,Password\n" + rows)
    assert len(found.students) == 20_000
    assert time.process_time() - started < 2


def test_header_words_do_not_contradict_each_other() -> None:
    """A word listed under two fields would silently mean the first; only the few said to be both may be."""
    from blenddesk.interop import header_words

    seen: dict[str, str] = {}
    twice = set()
    for field, listed in header_words.FIELD_WORDS.items():
        for word in listed.split(";"):
            folded = fold(word)
            assert folded, word
            if seen.setdefault(folded, field) != field:
                twice.add(folded)
    assert twice <= {fold(word) for word in ("اسم الطالب الأول",)}
    for word in ("School Name", "Parent First Name", "Teacher Last Name", "Course Name", "Emergency Contact Name"):
        assert field_of(word) is None, word


HUMAN = st.text(
    alphabet=st.one_of(
        st.characters(categories=("Lu", "Ll", "Lo", "Mn", "Mc")),
        st.sampled_from(" '\"-.,;=+@|\u2019"),
        st.sampled_from("王李ليلىمحمد"),
    ),
    min_size=1,
    max_size=20,
)


@given(st.lists(st.tuples(HUMAN, HUMAN), min_size=1, max_size=8))
def test_any_names_in_two_columns_come_through(pairs: list[tuple[str, str]]) -> None:
    from blenddesk.interop.names import clean_name
    from blenddesk.interop.tables import tidy_cell

    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in pair) for pair in pairs]
    expected = [(clean_name(tidy_cell(one)), clean_name(tidy_cell(two))) for one, two in pairs]
    expected = [pair for pair in expected if any(pair)]
    if not expected:
        return
    found = preview("Given name,Family name\n" + "\n".join(quoted), delimiter=",")
    assert names(found) == expected
