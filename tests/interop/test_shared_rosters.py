"""Every public roster sample either imports with the right number of people and intact names, or says why not."""
# ruff: noqa: E501  (tables of sample text read better unbroken)

from __future__ import annotations

from pathlib import Path

import pytest

from blenddesk.errors import ExchangeTrouble
from blenddesk.interop.matching import KnownStudent, plan_import
from blenddesk.interop.rosters import preview_roster, preview_roster_set

ROSTERS = Path(__file__).parents[2].parent / "shared" / "data" / "rosters"
pytestmark = pytest.mark.skipif(not ROSTERS.is_dir(), reason="the public samples are not beside this checkout")

# file -> (people, some of them as "given|family|id|class, class")
PEOPLE: dict[str, tuple[int, tuple[str, ...]]] = {
    "aspen_x2/fake_students_export.csv": (5, ("First|Fake Student|100|HEA 200", "Fifth|Fake Student|105|BRN 200")),
    "aspen_x2/google_forms_mid_year_survey.csv": (1, ("Mari|kenobi|111222222|",)),
    "canvas_sis/users.csv": (3, ("Bob|Smith|01103|", "John|Doe|13834|", "Peggy|Sue|13aa3|")),
    "entcore_fr_es_pt/en_students.csv": (3, ("Jason|ANAYO|Student-SchoolXX-001|1A", "Justin|DETRAY|Student-SchoolXX-003|")),
    "entcore_fr_es_pt/fr_eleves_cp1252.csv": (
        7,
        ("Léa|COLIN||CP de Mme BROSSARD", "Zoé|COLIN||PS de Carole", "Lyvia|DUPONT-DUPUIS||CE2 de Mme LAMBERT"),
    ),
    "entcore_fr_es_pt/fr_eleves_utf8_external_id.csv": (4, ("Hervé|POULAD-MALIN|CSV_Numero-RNE_S00002|CSV2",)),
    "kolibri/kolibri_user_data_names.csv": (500, ("Robert|Bergman||", "Lanh|Tạ||", "Park|Ch'iu||", "Takitoteka|||")),
    "kolibri/users_example.csv": (
        11,
        ("Marc G.||marcg|Primera", "Susan L.||susanl|Primera, Segunda", "Luka K.||lukak|Segunda"),
    ),
    "moodle_upload/example.csv": (3, ("Student|One|student1|", "Student|Three|student3|")),
    "moodle_upload/upload_users.csv": (1, ("Teacher|1|teacher1|",)),
    "oneroster/Test_full_data_set.zip": (
        3,
        ("Mary|Jones|usr-222-66778899|", "mmichel|Jones|usr-222-1234561232|Introduction to Physics", "Anna|Brown|usr-222-567891|"),
    ),
    "oneroster/Test_minimal_data_set.zip": (3, ("mmichel|Jones|usr-222-1234561232|Introduction to Physics, History - 2",)),
    "oneroster/oat_v1p1_base/users.csv": (2, ("ionut|padurariu|user1|", "ionut2|padurariu|user2|")),
    "sds_microsoft/sds_v1_100_users/Student.csv": (86, ("Ora|Klein|13001|", "Beulah|McMillan|13002|")),
    "sds_microsoft/sds_v2.1/users.csv": (8, ("Jack|Craig|114001|", "Simon|Miller|114008|")),
    "ucs_school_de/import-user-example.csv": (
        5,
        ("Dennis|Papst|dennis|1A", "Simone|Fink|simone|1A", "Dennis|Papst|d.papst|1A", "Tom Albert|Bader|t.bader|1A", "Jens|Cole|j.cole|1A"),
    ),
    "ucs_school_de/ucsschool-import-vorlagen.xlsx": (
        5,
        ("Mary|Somerville|e7c66ffb-afe1-4290-88df-948821b24876|042-7a", "Grace|Hopper|1ad9f83a-3473-41e3-9bb7-32af7ba74983|042-6b"),
    ),
}  # fmt: skip

REFUSED = {
    "aspen_x2/educator_section_assignment_export.csv": "roster_no_names",
    "aspen_x2/fake_x2_assessments.csv": "roster_no_names",
    "aspen_x2/student_section_assignment_export_with_district_school_year_token.csv": "roster_no_names",
    "canvas_sis/courses.csv": "roster_no_names",
    "canvas_sis/enrollments.csv": "roster_no_names",
    "canvas_sis/groups.csv": "roster_no_names",
    "canvas_sis/groups_membership.csv": "roster_no_names",
    "canvas_sis/sections.csv": "roster_no_names",
    "canvas_sis/terms.csv": "roster_no_names",
    "entcore_fr_es_pt/be1d_header_only_CSVExtraction-eleves.csv": "roster_no_rows",
    "entcore_fr_es_pt/be1d_header_only_CSVExtraction-enseignants.csv": "roster_no_rows",
    "entcore_fr_es_pt/be1d_header_only_CSVExtraction-responsables.csv": "roster_no_rows",
    "entcore_fr_es_pt/fr_enseignants_cp1252.csv": "roster_only_staff",
    **{
        f"oneroster/oat_v1p1_base/{stem}.csv": "roster_no_names"
        for stem in ("academicSessions", "classes", "courses", "demographics", "enrollments", "manifest", "orgs")
    },
    **{
        f"sds_microsoft/sds_v1_100_users/{stem}.csv": "roster_no_names"
        for stem in ("School", "Section", "StudentEnrollment", "TeacherRoster")
    },
    "sds_microsoft/sds_v1_100_users/Teacher.csv": "roster_only_staff",
    **{
        f"sds_microsoft/sds_v2.1/{stem}.csv": "roster_no_names"
        for stem in (
            "academicSessions", "classes", "courses", "demographics", "enrollments", "orgs", "relationships", "roles", "userFlags",
        )
    },
    "ucs_school_de/import-group-example.csv": "roster_no_names",
}  # fmt: skip

SETS = {
    "oneroster/oat_v1p1_base": (2, "ionut|padurariu|user1|Class 1 title, Class 2 title"),
    "sds_microsoft/sds_v1_100_users": (
        86,
        "Ora|Klein|13001|Math - Algebra 1, English - Language 1, History - World History 1, Science - Biology 1, Health 1, "
        "Technology - Programming 1, Physical Education 1",
    ),
    "sds_microsoft/sds_v2.1": (4, "Jack|Craig|114001|Biology 10"),
    "canvas_sis": (2, "Bob|Smith|01103|English 115: Intro to English"),
}


def written(students: object) -> list[str]:
    return [f"{s.given}|{s.family}|{s.source_id}|{', '.join(s.classes)}" for s in students]  # type: ignore[attr-defined]


def test_every_sample_has_an_expectation() -> None:
    files = {str(path.relative_to(ROSTERS).as_posix()) for path in ROSTERS.rglob("*") if path.is_file()}
    assert files == {*PEOPLE, *REFUSED}


@pytest.mark.parametrize("file", PEOPLE)
def test_people_come_in_intact_and_a_second_time_change_nothing(file: str) -> None:
    count, some = PEOPLE[file]
    data = (ROSTERS / file).read_bytes()
    students = preview_roster(data, Path(file).name).students
    assert len(students) == count
    assert set(some) <= set(written(students))
    known = [
        KnownStudent(str(n), s.given, s.family, s.display, file, s.source_id, s.classes) for n, s in enumerate(students)
    ]
    again = plan_import(known, preview_roster(data, Path(file).name).students, source=file, full_list=True)
    assert len(again.unchanged) == count
    for secret in ("P@ssword", "Password1-", "Free Lunch", "617-555", "1998-07-15", "parent@example.com"):
        assert secret not in repr(preview_roster(data, Path(file).name))


@pytest.mark.parametrize("file", REFUSED)
def test_what_is_no_list_of_students_says_why(file: str) -> None:
    with pytest.raises(ExchangeTrouble) as caught:
        preview_roster((ROSTERS / file).read_bytes(), Path(file).name)
    assert caught.value.code == REFUSED[file]


@pytest.mark.parametrize("folder", SETS)
def test_unzipped_sets_are_joined(folder: str) -> None:
    count, one = SETS[folder]
    found = preview_roster_set({path.name: path.read_bytes() for path in (ROSTERS / folder).iterdir()})
    assert len(found.students) == count
    assert one in written(found.students)


def test_all_five_hundred_names_of_many_scripts_are_as_in_the_file() -> None:
    import csv

    path = ROSTERS / "kolibri/kolibri_user_data_names.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        expected = [(" ".join(r["GivenName"].split()), " ".join(r["Surname"].split())) for r in csv.DictReader(lines)]
    assert [(s.given, s.family) for s in preview_roster(path.read_bytes(), path.name).students] == expected
