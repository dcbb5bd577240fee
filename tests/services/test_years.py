"""People and years on two computers: moving, arriving, leaving, putting away, closing a school year; nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk import bootstrap, joining
from blenddesk.config import Paths
from blenddesk.domain.entries import By
from blenddesk.domain.ids import Id
from blenddesk.errors import Refusal
from blenddesk.interop.rosters import preview_roster
from blenddesk.services import classes, entries, exchange, goals, history, plans, profiles, rosters, years
from blenddesk.services.context import AppContext
from blenddesk.services.years import NextYear
from tests.conftest import FakeClock
from tests.services.desks import carry
from tests.sync.devices import WEAK


@pytest.fixture
def station(desk: AppContext, section: Id, tmp_path: Path, clock: FakeClock) -> Iterator[AppContext]:
    """Blue-1, which knows a lesson of the class."""
    made = plans.new_plan(desk, section, "station-4", seed=1)
    plans.mark_ready(desk, section, made.plan)
    stick = tmp_path / "stick"
    stick.mkdir()
    added = exchange.add_computer(desk, section, "Blue-1", stick, strength=WEAK)
    paths = Paths(tmp_path / "blue-1")
    paths.data.mkdir()
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    context = bootstrap.open_device(paths, clock=clock)
    carry(stick, context, desk)
    yield context
    bootstrap.close_device(context)


def log(context: AppContext, section: Id, student: Id) -> None:
    plan = context.reads.plans.all(section)[0].id
    sheet = context.reads.plans.sheet(section, plan)
    assert sheet is not None
    entries.add_entry(context, section, student, plan, sheet.blocks[0].id, growth=2, by=By.STUDENT)


def test_who_arrives_mid_year_and_who_leaves_is_known_on_the_student_computer(
    desk: AppContext, section: Id, station: AppContext, tmp_path: Path, clock: FakeClock
) -> None:
    before = {s.id: s.number for s in station.reads.people.students(section)}
    ben = desk.reads.people.students(section)[1]
    log(station, section, ben.id)
    clock.advance(minutes=60 * 24 * 30)
    rosters.add_student(desk, section, "Nora", "Berg")
    rosters.leave_class(desk, section, ben.id)
    carry(tmp_path / "stick", station, desk)
    there = station.reads.people.students(section)
    [nora] = [s for s in there if s.id not in before]
    assert (nora.name, nora.number, nora.start_day, nora.family) == ("Nora", 9, "2026-12-23", "")
    assert {s.id: s.number for s in there if s.id != nora.id} == {k: v for k, v in before.items() if k != ben.id}
    # What Ben did before he left has come home and stays.
    assert [entry.student for entry in desk.reads.entries.of_section(section)] == [ben.id]


def test_moving_class_carries_goals_profile_and_code_and_old_work_stays_readable(
    desk: AppContext, section: Id, station: AppContext, tmp_path: Path
) -> None:
    amina = desk.reads.people.students(section)[0]
    goals.set_goal(desk, amina.id, "I read a page", steps=["one line"])
    profiles.set_list(desk, amina.id, "needs", ["large print"])
    log(station, section, amina.id)
    classes.create_class(desk, "4C")
    target = classes.class_by_name(desk, "4C")
    assert target is not None
    rosters.move_student(desk, amina.id, section, target.id)
    carry(tmp_path / "stick", station, desk)
    assert amina.id not in [s.id for s in station.reads.people.students(section)]
    moved = desk.reads.people.student(target.id, amina.id)
    assert moved is not None
    assert (moved.code, moved.avatar, moved.name) == (amina.code, amina.avatar, amina.name)
    assert goals.goals_of_student(desk, target.id, amina.id)[0].goal.words == "I read a page"
    assert profiles.profile(desk, target.id, amina.id).needs == ("large print",)
    assert [entry.student for entry in desk.reads.entries.of_section(section)] == [amina.id]
    # Back again: the old place, and what was learnt meanwhile is known there.
    profiles.set_list(desk, amina.id, "needs", ["large print", "quiet corner"])
    rosters.move_student(desk, amina.id, target.id, section)
    carry(tmp_path / "stick", station, desk)
    back = next(s for s in station.reads.people.students(section) if s.id == amina.id)
    assert (back.number, back.code) == (amina.number, amina.code)
    assert profiles.profile(desk, section, amina.id).needs == ("large print", "quiet corner")


def test_a_second_mohamed_gives_both_their_letters_on_every_computer(
    desk: AppContext, section: Id, station: AppContext, tmp_path: Path
) -> None:
    rosters.add_student(desk, section, "Mohamed", "Salah")
    carry(tmp_path / "stick", station, desk)
    assert [s.name for s in station.reads.people.students(section)][8:] == ["Mohamed"]
    rosters.add_student(desk, section, "Mohamed", "Ali")
    carry(tmp_path / "stick", station, desk)
    assert [s.name for s in station.reads.people.students(section)][8:] == ["Mohamed S", "Mohamed A"]
    ben = desk.reads.people.students(section)[1].id
    rosters.rename_student(desk, ben, "Amina", "Novak")
    names = {s.name for s in desk.reads.people.students(section)}
    assert {"Amina D", "Amina N"} <= names


def test_closing_a_year_reaches_the_student_computer_and_late_work_still_comes_home(
    desk: AppContext, section: Id, station: AppContext, tmp_path: Path, clock: FakeClock
) -> None:
    children = [s.id for s in desk.reads.people.students(section)]
    goals.set_goal(desk, children[0], "I read a page")
    classes.create_class(desk, "Old club")
    club = classes.class_by_name(desk, "Old club")
    assert club is not None
    rosters.join_class(desk, children[1], section, club.id)
    log(station, section, children[0])
    year = years.current_year(desk)
    assert (year, years.year_after(year)) == ("2026/27", "2027/28")
    clock.advance(minutes=60 * 24 * 200)
    wishes = [NextYear(section, "Sunflowers 5", True), NextYear(club.id, "Old club", False)]
    change = years.close_year(desk, year, wishes)
    now = desk.reads.sections.get(section)
    assert now is not None
    assert (now.name, now.year) == ("Sunflowers 5", "2027/28")
    assert [s.name for s in desk.reads.sections.all()] == ["Sunflowers 5"]
    assert {plan.status.value for plan in desk.reads.plans.all(section)} <= {"archived"}
    assert [s.id for s in desk.reads.people.students(section)] == children
    assert desk.reads.people.students(club.id) == []
    # The student computer had not heard of it and went on.
    log(station, section, children[2])
    carry(tmp_path / "stick", station, desk)
    told = station.reads.sections.get(section)
    assert told is not None
    assert (told.name, told.year) == ("Sunflowers 5", "2027/28")
    assert {entry.student for entry in desk.reads.entries.of_section(section)} == {children[0], children[2]}
    assert goals.goals_of_student(desk, section, children[0])[0].goal.words == "I read a page"
    assert years.current_year(desk) == "2027/28"
    with pytest.raises(Refusal, match="year_closed"):
        years.close_year(desk, year, wishes[:1])
    history.undo(desk, change.change_id)
    assert {s.name for s in desk.reads.sections.all()} == {"Sunflowers", "Old club"}
    assert len(desk.reads.people.students(club.id)) == 1


def test_what_a_year_cannot_be_closed_with(desk: AppContext, section: Id) -> None:
    classes.create_class(desk, "4C")
    before = desk.reads.sections.all()
    other = next(one for one in before if one.id != section)
    for wishes, code in (
        ([], "no_class"),
        ([NextYear(bytes(16), "X", True)], "no_such_class"),
        ([NextYear(section, "4c", True)], "class_exists"),
        ([NextYear(section, " ", True)], "class_name_empty"),
        ([NextYear(section, "5", True), NextYear(other.id, "5", True)], "class_exists"),
    ):
        with pytest.raises(Refusal, match=code):
            years.close_year(desk, "2026/27", wishes)
    assert desk.reads.sections.all() == before
    # Names may be passed on from one class to another in the same go.
    years.close_year(desk, "2026/27", [NextYear(section, "4C", True), NextYear(other.id, "5C", True)])
    assert [one.name for one in desk.reads.sections.all()] == ["4C", "5C"]
    assert years.year_after("summer") == "summer"


def test_a_student_computer_closes_no_year(station: AppContext, section: Id) -> None:
    with pytest.raises(Refusal, match="not_a_desk"):
        years.close_year(station, "2026/27", [NextYear(section, "5", True)])


def test_a_child_who_left_and_is_in_the_next_list_is_the_same_child(desk: AppContext, section: Id) -> None:
    amina, ben = desk.reads.people.students(section)[:2]
    profiles.set_list(desk, amina.id, "needs", ["large print"])
    year = years.current_year(desk)
    years.close_year(desk, year, [NextYear(section, "Sunflowers", False)])
    done = rosters.import_roster(
        desk, preview_roster(b"First name,Last name\nAmina,Diallo\nNora,Berg\n", "5A.csv"), class_name="5A"
    )
    assert (done.students_added, done.enrollments_added) == (1, 2)
    home = done.classes[0].id
    found = {s.given: s.id for s in desk.reads.people.students(home)}
    assert found["Amina"] == amina.id
    assert profiles.profile(desk, home, amina.id).needs == ("large print",)
    assert ben.id not in found.values()


def test_who_has_left_is_not_said_to_be_missing_from_a_list(desk: AppContext, section: Id) -> None:
    ben = desk.reads.people.students(section)[1]
    names = (
        b"First name,Last name\n"
        + "\n".join(f"{s.given},{s.family}" for s in desk.reads.people.students(section) if s.id != ben.id).encode()
    )
    listed = preview_roster(names, "Sunflowers.csv")
    assert [one.given for one in rosters.preview_import(desk, listed, class_name="Sunflowers").missing] == ["Ben"]
    rosters.leave_class(desk, section, ben.id)
    assert rosters.preview_import(desk, listed, class_name="Sunflowers").missing == ()
    # Listed again, Ben comes back to the old place.
    again = preview_roster(names + f"\n{ben.given},{ben.family}\n".encode(), "Sunflowers.csv")
    assert rosters.import_roster(desk, again, class_name="Sunflowers").students_added == 0
    back = desk.reads.people.students(section)[1]
    assert (back.id, back.number) == (ben.id, ben.number)
