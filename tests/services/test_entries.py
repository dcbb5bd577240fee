"""What teachers write of work: one student, whole groups, words that hold, entries taken back and moved."""

from __future__ import annotations

import pytest

from blenddesk.domain.entries import By, EntryKind
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import delete
from blenddesk.domain.plans import PlanSheet
from blenddesk.domain.progress import Status, statuses
from blenddesk.errors import Refusal
from blenddesk.services import attendance, entries, history
from blenddesk.services.context import AppContext
from blenddesk.storage.reads import entries as entry_reads
from tests.conftest import FakeClock
from tests.lessons import make_lesson


@pytest.fixture
def sheet(desk: AppContext, section: Id) -> PlanSheet:
    found = desk.reads.plans.sheet(section, make_lesson(desk, section))
    assert found is not None
    return found


def stands(desk: AppContext, section: Id, sheet: PlanSheet) -> dict[tuple[Id, Id, Id], Status]:
    return statuses(desk.reads.entries.of_plan(section, sheet.plan.id))


def test_a_group_is_logged_in_one_step_without_those_away_or_done(
    desk: AppContext, section: Id, sheet: PlanSheet
) -> None:
    group = sheet.groups[0]
    block = sheet.block_of(group.id, 1)
    assert block is not None
    away, *others = group.students
    attendance.toggle_away(desk, section, sheet.plan.id, away)
    change = entries.log_group(desk, section, sheet.plan.id, group.id, 1)
    found = stands(desk, section, sheet)
    assert found == {(one, sheet.plan.id, block.id): Status.CLAIMED for one in others}
    assert {one.round for one in desk.reads.entries.of_plan(section, sheet.plan.id)} == {1}
    with pytest.raises(Refusal) as caught:
        entries.log_group(desk, section, sheet.plan.id, group.id, 1)
    assert caught.value.code == "all_logged"
    history.undo(desk, change.change_id)
    assert stands(desk, section, sheet) == {}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (EntryKind.CLAIMED, Status.CLAIMED),
        (EntryKind.CHECKED, Status.CHECKED),
        (EntryKind.MASTERED, Status.MASTERED),
        (EntryKind.REVISE, Status.REVISE),
        (EntryKind.EXCUSED, Status.EXCUSED),
    ],
)
def test_a_teachers_word(desk: AppContext, section: Id, sheet: PlanSheet, kind: EntryKind, status: Status) -> None:
    students = list(sheet.students()[:3])
    block = sheet.blocks[0].id
    entries.mark_work(desk, section, sheet.plan.id, block, students, kind)
    assert stands(desk, section, sheet) == {(one, sheet.plan.id, block): status for one in students}
    written = desk.reads.entries.of_plan(section, sheet.plan.id)
    assert {one.by for one in written} == {By.TEACHER}
    for one in written:
        group = sheet.group_of(one.student)
        assert group is not None
        assert one.round is not None
        at = sheet.block_of(group.id, one.round)
        assert at is not None
        assert at.id == block


def test_an_entry_from_paper_brings_how_it_went(desk: AppContext, section: Id, sheet: PlanSheet) -> None:
    student, block = sheet.students()[0], sheet.blocks[1].id
    made = entries.add_entry(desk, section, student, sheet.plan.id, block, growth=3, words=["fun"], by=By.STUDENT)
    (said,) = desk.reads.entries.reflections_of_student(section, student)
    assert (said.entry, said.growth, said.words) == (made.entry, 3, ("fun",))
    entries.add_entry(desk, section, student, sheet.plan.id, sheet.blocks[2].id)
    assert len(desk.reads.entries.reflections_of_student(section, student)) == 1


def test_an_entry_is_taken_back_even_when_its_clock_was_ahead(
    desk: AppContext, section: Id, sheet: PlanSheet, clock: FakeClock
) -> None:
    student, block = sheet.students()[0], sheet.blocks[0].id
    clock.advance(minutes=30)
    made = entries.add_entry(desk, section, student, sheet.plan.id, block)
    clock.advance(minutes=-30)
    entries.undo_entry(desk, section, student, made.entry)
    assert stands(desk, section, sheet) == {}
    with pytest.raises(Refusal) as caught:
        entries.undo_entry(desk, section, student, made.entry)
    assert caught.value.code == "entry_gone"


def test_a_wrong_students_entry_goes_to_the_right_one_with_its_words(
    desk: AppContext, section: Id, sheet: PlanSheet
) -> None:
    wrong, right = sheet.students()[:2]
    block = sheet.blocks[0].id
    made = entries.add_entry(desk, section, wrong, sheet.plan.id, block, growth=1, words=["hard"])
    change = entries.move_entry(desk, section, wrong, made.entry, right)
    assert stands(desk, section, sheet) == {(right, sheet.plan.id, block): Status.CLAIMED}
    (said,) = desk.reads.entries.reflections_of_student(section, right)
    assert (said.growth, said.words) == (1, ("hard",))
    history.undo(desk, change.change_id)
    assert stands(desk, section, sheet) == {(wrong, sheet.plan.id, block): Status.CLAIMED}


def test_what_cannot_be_written_is_refused(desk: AppContext, section: Id, sheet: PlanSheet) -> None:
    plan, block, student = sheet.plan.id, sheet.blocks[0].id, sheet.students()[0]

    def code(use_case: object, *args: object, **kwargs: object) -> str:
        with pytest.raises(Refusal) as caught:
            use_case(desk, section, *args, **kwargs)  # type: ignore[operator]
        return caught.value.code

    assert code(entries.mark_work, plan, bytes(16), [student], EntryKind.CHECKED) == "station_gone"
    assert code(entries.mark_work, plan, block, [bytes(16)], EntryKind.CHECKED) == "not_in_class"
    assert code(entries.mark_work, plan, block, [], EntryKind.CHECKED) == "nobody_chosen"
    assert code(entries.mark_work, plan, block, [student], EntryKind.UNDONE) == "unknown_entry_kind"
    assert code(entries.log_group, plan, bytes(16), 0) == "group_unknown"
    assert code(entries.log_group, plan, sheet.groups[0].id, 99) == "no_station_then"
    assert code(entries.add_entry, student, plan, block, growth=5) == "growth_out_of_range"
    assert code(entries.add_entry, student, plan, block, words=["x"] * 99) == "too_many_words"
    assert code(entries.move_entry, student, bytes(16), student) == "same_student"


def test_the_latest_work_of_very_many_entries_is_that_of_few(
    desk: AppContext, section: Id, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, other = (one.id for one in desk.reads.people.students(section)[:2])
    logged = []
    for _day in range(4):
        sheet = desk.reads.plans.sheet(section, make_lesson(desk, section))
        assert sheet is not None
        for block in sheet.blocks[:2]:
            logged.append(entries.add_entry(desk, section, me, sheet.plan.id, block.id, growth=2).entry)
            entries.add_entry(desk, section, other, sheet.plan.id, block.id)
        entries.mark_work(desk, section, sheet.plan.id, sheet.blocks[0].id, [me], EntryKind.CHECKED)
        clock.advance(minutes=24 * 60)
    back = entries.undo_entry(desk, section, me, logged[0])
    history.undo(desk, back.change_id)  # stands again
    entries.undo_entry(desk, section, me, logged[1])
    entries.undo_entry(desk, section, me, logged[-1])

    def latest(stations: int) -> tuple[int, list[Id], list[Id]]:
        finished, found = desk.reads.entries.latest_work(section, me, stations)
        claimed = [entry for entry in found if entry.kind == EntryKind.CLAIMED]
        newest = claimed[: -stations - 1 : -1]
        lessons = {entry.plan for entry in newest}
        checked = [one.id for one in found if one.kind == EntryKind.CHECKED and one.plan in lessons]
        return finished, [entry.id for entry in newest], checked

    few = [latest(stations) for stations in (1, 3, 5, 50)]
    assert [finished for finished, _newest, _checked in few] == [6] * 4
    monkeypatch.setattr(entry_reads, "FEW", 0)
    assert [latest(stations) for stations in (1, 3, 5, 50)] == few
    read = desk.reads.entries.latest_work(section, me, 1)[1]
    assert len({entry.plan for entry in read}) == 1, "older lessons are not read"
    newest = read[-1].plan
    assert newest is not None
    desk.commit("plan_gone", [delete(section, "plan", newest)])
    assert sorted(latest(50)[1]) == sorted(few[3][1]), "the work of a lesson that is gone still counts"
