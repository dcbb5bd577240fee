"""Join the tables of a set (OneRoster, Microsoft SDS, Canvas SIS, Clever): people, roles, classes, enrollments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from blenddesk.errors import ExchangeTrouble
from blenddesk.interop.headers import fold
from blenddesk.interop.names import clean_name
from blenddesk.interop.roster_columns import Layout, lay_out
from blenddesk.interop.roster_people import Person, add_classes, is_left, read_people, role_word
from blenddesk.interop.tables import RowWarning, Table

_PEOPLE_STEMS = ("students", "student", "users", "user", "pupils", "learners", "people", "persons")
_CLASS_STEMS = ("classes", "class", "sections", "section")
_ENROLLMENT_STEMS = (
    "enrollments",
    "enrolments",
    "enrollment",
    "enrolment",
    "studentenrollment",
    "studentenrollments",
    "rostering",
    "roster",
)
_COURSE_STEMS = ("courses", "course")
_ROLE_STEMS = ("roles", "role")

# Column names as the programs write them, folded, best first.
_USER_REF = (
    "usersourcedid",
    "userid",
    "studentid",
    "studentsourcedid",
    "studentsisid",
    "personid",
    "stuid",
    "sisid",
    "usersisid",
)
_CLASS_REF = ("classsourcedid", "sectionid", "sectionsisid", "sectionsourcedid", "classid")
_COURSE_REF = ("coursesourcedid", "courseid", "coursesisid")
_OWN_ID = ("sourcedid", "sisid", "sectionid", "classid", "courseid", "id")
_TITLE = ("title", "sectionname", "classname", "name", "longname", "coursename", "shortname")


@dataclass(slots=True)
class Joined:
    """People of a set with their classes, and the table and layout of the file they stand in."""

    table: Table
    layout: Layout
    name: str
    people: list[Person]
    rows: int
    delta: bool
    warnings: list[RowWarning] = field(default_factory=list)


def join(tables: Mapping[str, Table]) -> Joined:
    """Find the file of people and join classes to it where the set has enrollments.

    Raises ExchangeTrouble: roster_unknown_zip (no file of people), roster_no_rows, roster_no_names.
    """
    stems = {fold(name.rsplit(".", 1)[0]): name for name in tables}
    name, layout = _people_file(stems, tables)
    table = tables[name]
    people, warnings = read_people(table, layout)
    joined = Joined(table, layout, name, people, len(people), _is_delta(stems, tables), warnings)
    _check_roles(joined, _first(stems, tables, _ROLE_STEMS))
    enrollments = _first(stems, tables, _ENROLLMENT_STEMS)
    if enrollments is not None:
        titles, gone = _class_titles(_first(stems, tables, _CLASS_STEMS), _first(stems, tables, _COURSE_STEMS))
        _enroll(joined, enrollments, titles, gone)
    return joined


def _people_file(stems: Mapping[str, str], tables: Mapping[str, Table]) -> tuple[str, Layout]:
    trouble: ExchangeTrouble | None = None
    order = [stems[stem] for stem in _PEOPLE_STEMS if stem in stems]
    others = (
        []
        if order
        else [name for name in tables if fold(name).startswith(("student", "user", "pupil", "learner", "eleve"))]
    )
    for name in order or others or (list(tables) if len(tables) == 1 else []):
        try:
            return name, lay_out(tables[name], name)
        except ExchangeTrouble as error:
            trouble = trouble or error
    raise trouble or ExchangeTrouble("roster_unknown_zip", file=", ".join(sorted(tables))[:200])


def _first(stems: Mapping[str, str], tables: Mapping[str, Table], wanted: Sequence[str]) -> Table | None:
    return next((tables[stems[stem]] for stem in wanted if stem in stems), None)


def _is_delta(stems: Mapping[str, str], tables: Mapping[str, Table]) -> bool:
    manifest = _first(stems, tables, ("manifest",))
    if manifest is None:
        return False
    said = {fold(row[0]): fold(row[1]) for row in manifest.rows if len(row) > 1}
    return "delta" in (said.get("fileusers"), said.get("fileenrollments"))


def _check_roles(joined: Joined, roles: Table | None) -> None:
    """OneRoster 1.2 and SDS 2.1 keep roles in a file of their own; one student role makes a student."""
    if roles is None:
        return
    columns = _columns(roles)
    user_at, role_at, status_at = _at(columns, _USER_REF), columns.get("role"), columns.get("status")
    if user_at is None or role_at is None:
        return
    found: dict[str, set[str]] = {}
    for row in roles.rows[1:]:
        if not is_left(_cell(row, status_at)):
            found.setdefault(_cell(row, user_at), set()).add(role_word(_cell(row, role_at)))
    for person in joined.people:
        words = found.get(person.source_id)
        if words is None:
            person.role = person.role or "other"  # parents are users without a role of their own at a school
        else:
            person.role = "student" if "student" in words else "other" if "other" in words else person.role


def _class_titles(classes: Table | None, courses: Table | None) -> tuple[dict[str, str], set[str]]:
    """Class id -> the name a teacher knows it by, and the ids of classes that are gone."""
    course_titles = dict(_titles(courses)) if courses is not None else {}
    titles: dict[str, str] = dict(course_titles)
    gone: set[str] = set()
    if classes is None:
        return titles, gone
    columns = _columns(classes)
    own, status, course = _at(columns, _OWN_ID), columns.get("status"), _at(columns, _COURSE_REF)
    plain = list(_titles(classes))
    seen: dict[str, int] = {}
    for _, title in plain:
        seen[title] = seen.get(title, 0) + 1
    of_course = {_cell(row, own): course_titles.get(_cell(row, course), "") for row in classes.rows[1:]}
    for class_id, title in plain:
        # "Section 1" of three courses is three classes; the course tells them apart.
        titles[class_id] = f"{of_course[class_id]} {title}".strip() if seen[title] > 1 else title
    if status is not None:
        gone = {_cell(row, own) for row in classes.rows[1:] if is_left(_cell(row, status))}
    return titles, gone


def _titles(table: Table) -> list[tuple[str, str]]:
    columns = _columns(table)
    own, title = _at(columns, _OWN_ID), _at(columns, _TITLE)
    if own is None or title is None:
        return []
    pairs = [(_cell(row, own), clean_name(_cell(row, title))) for row in table.rows[1:] if any(row)]
    return [(class_id, name or class_id) for class_id, name in pairs if class_id]


def _enroll(joined: Joined, enrollments: Table, titles: Mapping[str, str], gone: set[str]) -> None:
    columns = _columns(enrollments)
    class_at, course_at = _at(columns, _CLASS_REF), _at(columns, _COURSE_REF)
    # SDS 1 calls both columns "SIS ID", one of them of the section: the reference to the person is the other one.
    user_at = next((columns[word] for word in _USER_REF if word in columns and columns[word] != class_at), None)
    role_at, status_at = columns.get("role"), columns.get("status")
    if user_at is None or (class_at is None and course_at is None):
        joined.warnings.append(RowWarning(0, "enrollments_not_read"))
        return
    by_id = {person.source_id: person for person in joined.people if person.source_id}
    roles: dict[str, set[str]] = {}
    unknown: set[str] = set()
    for number, row in enumerate(enrollments.rows[1:], 2):
        if not any(row) or is_left(_cell(row, status_at)):
            continue
        person = by_id.get(_cell(row, user_at))
        role = role_word(_cell(row, role_at))
        if person is None:
            continue  # the file of students alone is often joined with everyone's enrollments
        roles.setdefault(person.source_id, set()).add(role)
        if role == "other":
            continue
        if person.role == "other" and role == "student":
            joined.warnings.append(RowWarning(number, "role_contradicts", {"source_id": person.source_id}))
        class_id = _cell(row, class_at)
        course_id = _cell(row, course_at)
        if class_id in gone:
            continue
        if class_id and class_id not in titles and class_id not in unknown and titles:
            unknown.add(class_id)
            joined.warnings.append(RowWarning(number, "unknown_class", {"class_id": class_id}))
        title = titles.get(class_id) or titles.get(course_id) or class_id or course_id
        add_classes(person.classes, [title] if title else [])
    for person in joined.people:
        found = roles.get(person.source_id, set())
        if not person.role and found == {"other"}:
            person.role = "other"  # Canvas knows teachers only by what they do in a course
    joined.warnings += [RowWarning(0, "class_left", {"class": titles.get(c, c)}) for c in sorted(gone)]


def _columns(table: Table) -> dict[str, int]:
    head = table.rows[0] if table.rows else ()
    return {fold(cell): index for index, cell in reversed(list(enumerate(head)))}


def _at(columns: Mapping[str, int], words: Sequence[str]) -> int | None:
    return next((columns[word] for word in words if word in columns), None)


def _cell(row: Sequence[str], index: int | None) -> str:
    return row[index].strip() if index is not None and index < len(row) else ""
