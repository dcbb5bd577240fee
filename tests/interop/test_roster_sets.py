"""Sets of tables (OneRoster, SDS, Canvas, Clever) are joined: roles, classes and who is in which."""
# ruff: noqa: E501  (tables of sample text read better unbroken)

from __future__ import annotations

import io
import zipfile

import pytest

from blenddesk.errors import ExchangeTrouble
from blenddesk.interop.rosters import RosterPreview, preview_roster, preview_roster_set


def read(files: dict[str, str]) -> RosterPreview:
    return preview_roster_set({name: text.encode() for name, text in files.items()})


def people(found: RosterPreview) -> dict[str, tuple[str, ...]]:
    return {student.given: student.classes for student in found.students}


ONEROSTER_12 = {
    "manifest.csv": "propertyName,value\noneroster.version,1.2\nfile.users,delta\nfile.enrollments,bulk\n",
    "users.csv": "sourcedId,status,username,givenName,familyName,preferredGivenName,password\n"
    "u1,active,ann,Annabel,Ray,Ann,canary\nu2,active,tea,Tea,Cher,,canary\nu3,tobedeleted,bo,Bo,Gil,,canary\nu4,active,pa,Pa,Rent,,\n",
    "roles.csv": "sourcedId,userSourcedId,roleType,role,orgSourcedId\nr1,u1,primary,student,o\nr2,u2,primary,teacher,o\nr3,u3,primary,student,o\n",
    "classes.csv": "sourcedId,status,title\nc1,active,Physics\nc2,tobedeleted,Old class\n",
    "enrollments.csv": "sourcedId,status,classSourcedId,userSourcedId,role\ne1,active,c1,u1,student\ne2,active,c2,u1,student\n"
    "e3,active,c1,u2,teacher\ne4,tobedeleted,c1,u1,student\ne5,active,c9,u1,student\n",
}


def test_oneroster_with_roles_apart() -> None:
    found = read(ONEROSTER_12)
    assert people(found) == {"Annabel": ("Physics", "c9")}
    assert (found.students[0].display, found.format, found.delta, found.rows) == ("Ann", "oneroster", True, 4)
    assert sorted(w.code for w in found.warnings) == [
        "class_left",
        "left",
        "not_a_student",
        "not_a_student",
        "unknown_class",
    ]
    assert "canary" not in repr(found)


def test_the_same_set_in_a_zip_in_a_folder() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in ONEROSTER_12.items():
            archive.writestr(f"export/{name}", text)
    assert preview_roster(out.getvalue(), "roster.zip").students == read(ONEROSTER_12).students


def test_sds_version_one() -> None:
    found = read(
        {
            "Student.csv": "SIS ID,School SIS ID,First Name,Last Name,Password,Status\n1,9,Ann,Ray,canary,Active\n2,9,Bo,Gil,canary,Active\n",
            "Teacher.csv": "SIS ID,School SIS ID,First Name,Last Name\n3,9,Tea,Cher\n",
            "Section.csv": "SIS ID,School SIS ID,Section Name\n11,9,Math\n12,9,Art\n",
            "StudentEnrollment.csv": "Section SIS ID,SIS ID\n11,1\n12,1\n12,2\n",
            "TeacherRoster.csv": "Section SIS ID,SIS ID\n11,3\n",
        }
    )
    assert (people(found), found.format) == ({"Ann": ("Math", "Art"), "Bo": ("Art",)}, "sds")


def test_canvas_knows_roles_by_enrollment_and_tells_equal_sections_apart() -> None:
    found = read(
        {
            "users.csv": "user_id,login_id,first_name,last_name,short_name,status\n01,a,Ann,Ray,Annie Ray,active\n02,t,Tea,Cher,,active\n",
            "courses.csv": "course_id,short_name,long_name,status\nk1,E,English,active\nk2,B,Biology,active\n",
            "sections.csv": "section_id,course_id,name,status\ns1,k1,Section 1,active\ns2,k2,Section 1,active\n",
            "enrollments.csv": "course_id,user_id,role,section_id,status\n"
            "k1,01,student,s1,active\nk2,01,student,s2,active\nk1,02,teacher,s1,active\n",
        }
    )
    assert people(found) == {"Ann": ("English Section 1", "Biology Section 1")}
    assert (found.students[0].source_id, found.students[0].display) == ("01", "Annie")


def test_clever() -> None:
    found = read(
        {
            "students.csv": "School_id,Student_id,Student_number,Last_name,First_name,Grade,Gender,DOB\r9,a1,77,Ray,Ann,0,F,1/2/2018\r",
            "teachers.csv": "School_id,Teacher_id,Last_name,First_name\r9,t1,Cher,Tea\r",
            "sections.csv": "School_id,Section_id,Teacher_id,Name,Course_name,Period\r9,c1,t1,Math - 1,Math,1\r",
            "enrollments.csv": "School_id,Section_id,Student_id\r9,c1,a1\r",
        }
    )
    assert (people(found), found.format, found.students[0].source_id) == ({"Ann": ("Math - 1",)}, "clever", "a1")


def test_a_set_without_people_says_so() -> None:
    with pytest.raises(ExchangeTrouble) as caught:
        read({"classes.csv": ONEROSTER_12["classes.csv"], "enrollments.csv": ONEROSTER_12["enrollments.csv"]})
    assert caught.value.code == "roster_unknown_zip"
    with pytest.raises(ExchangeTrouble) as caught:
        read({"users.csv": "sourcedId,givenName,familyName\n"})
    assert caught.value.code == "roster_no_rows"
