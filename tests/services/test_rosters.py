"""Students and class lists through the use cases."""

from __future__ import annotations

import pytest

from blenddesk.domain.ids import Id
from blenddesk.errors import Refusal
from blenddesk.interop.rosters import preview_roster
from blenddesk.interop.rosters_out import write_roster_csv
from blenddesk.services import history, rosters
from blenddesk.services.context import AppContext

LIST = b"Family,Given,ID,Class\nDiallo,Amina,007,4B\nNovak,Ben,008,4B\nKaya,Beyza,009,5A\n"


def test_importing_a_list_makes_its_classes(desk: AppContext) -> None:
    done = rosters.import_roster(desk, preview_roster(LIST, "list.csv"))
    assert {c.name: c.students for c in done.classes} == {"4B": 2, "5A": 1}
    assert (done.students_added, done.students_unchanged, done.enrollments_added) == (3, 0, 3)
    amina = desk.reads.people.students(done.classes[0].id)[0]
    assert (amina.name, amina.given, amina.family, amina.source_id) == ("Amina", "Amina", "Diallo", "007")
    assert len(set(amina.code)) == 3
    assert amina.avatar


def test_the_same_list_again_changes_nothing(desk: AppContext) -> None:
    rosters.import_roster(desk, preview_roster(LIST, "list.csv"))
    again = rosters.import_roster(desk, preview_roster(LIST, "list.csv"))
    assert again.change.is_empty
    assert (again.students_added, again.students_updated, again.students_unchanged) == (0, 0, 3)
    assert again.enrollments_added == 0


def test_a_changed_name_is_written_and_undone(desk: AppContext) -> None:
    rosters.import_roster(desk, preview_roster(LIST, "list.csv"))
    changed = LIST.replace(b"Novak,Ben", b"Novak,Benedikt")
    done = rosters.import_roster(desk, preview_roster(changed, "list.csv"))
    assert (done.students_added, done.students_updated) == (0, 1)
    section = done.classes[0].id
    assert [s.name for s in desk.reads.people.students(section)] == ["Amina", "Benedikt"]
    history.undo(desk)
    assert [s.name for s in desk.reads.people.students(section)] == ["Amina", "Ben"]


def test_a_student_of_two_classes_is_one_person(desk: AppContext) -> None:
    rosters.import_roster(desk, preview_roster(LIST, "list.csv"))
    done = rosters.import_roster(desk, preview_roster(LIST.replace(b"4B", b"Maths"), "list.csv"))
    assert (done.students_added, done.enrollments_added) == (0, 2)
    maths = done.classes[0].id
    ben = desk.reads.people.students(maths)[1]
    assert len(desk.reads.people.sections_of(ben.id)) == 2
    rosters.new_code(desk, ben.id, [0, 1, 2])
    homes = desk.reads.people.sections_of(ben.id)
    codes = {s.code for home in homes for s in desk.reads.people.students(home) if s.id == ben.id}
    assert codes == {(0, 1, 2)}


def test_the_export_imports_back_without_a_change(desk: AppContext, section: Id) -> None:
    data = write_roster_csv(rosters.students_for_export(desk, section))
    again = rosters.import_roster(desk, preview_roster(data, "out.csv"))
    assert again.change.is_empty
    assert again.students_unchanged == 8


def test_of_two_bens_none_is_just_ben_and_everyone_else_keeps_name_and_number(desk: AppContext, section: Id) -> None:
    rosters.add_student(desk, section, "Ben", "Stone")
    names = [s.name for s in desk.reads.people.students(section)]
    assert (names[1], names[8]) == ("Ben N", "Ben S")
    rosters.add_student(desk, section, "Ben", "Weiss")
    names = [s.name for s in desk.reads.people.students(section)]
    assert (names[1], names[8], names.pop()) == ("Ben N", "Ben S", "Ben W")
    assert [s.number for s in desk.reads.people.students(section)] == list(range(1, 11))


def test_someone_who_left_is_not_listed_but_known(desk: AppContext, section: Id) -> None:
    ben = desk.reads.people.students(section)[1]
    rosters.leave_class(desk, section, ben.id)
    assert ben.id not in [s.id for s in desk.reads.people.students(section)]
    assert desk.reads.people.student(section, ben.id) is not None


def test_a_student_needs_a_name(desk: AppContext, section: Id) -> None:
    with pytest.raises(Refusal, match="name_empty"):
        rosters.add_student(desk, section, "  ")
