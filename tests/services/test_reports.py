"""Progress of a class and results of rounds, from entries and reflections on the desk."""

from __future__ import annotations

from blenddesk.domain.entries import EntryKind
from blenddesk.domain.goals import GoalStatus
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.domain.progress import Status
from blenddesk.services import entries, live, reports
from blenddesk.services.context import AppContext
from tests.lessons import make_lesson


def test_progress_counts_where_each_student_stands(desk: AppContext, section: Id) -> None:
    plan = make_lesson(desk, section)
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    first, second = (one.id for one in desk.reads.people.students(section)[:2])
    entries.mark_work(desk, section, plan, sheet.blocks[0].id, [first, second], EntryKind.CLAIMED)
    entries.mark_work(desk, section, plan, sheet.blocks[0].id, [first], EntryKind.CHECKED)
    entries.mark_work(desk, section, plan, sheet.blocks[1].id, [first], EntryKind.CLAIMED)
    for status in (GoalStatus.ACTIVE, GoalStatus.REACHED, GoalStatus.LET_GO):
        desk.commit("goal_set", [put(section, "goal", desk.new_id(), student=first, words="x", status=status.value)])
    lines = reports.progress_report(desk, section)
    assert [line.student.number for line in lines] == list(range(1, 9))
    counted = lines[0].progress
    assert (counted.claimed, counted.checked, counted.goals, counted.last_entry) == (1, 1, 2, "2026-11-23")
    assert (lines[1].progress.claimed, lines[2].progress.claimed) == (1, 0)


def test_round_results_count_growth_and_name_only_who_asked_for_help(desk: AppContext, section: Id) -> None:
    plan = make_lesson(desk, section)
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    levels = []
    for level, group in enumerate(sheet.groups, 1):
        block = sheet.block_of(group.id, 0)
        assert block is not None
        entries.add_entry(desk, section, group.students[0], plan, block.id, growth=level)
        levels.append(level)
    (result,) = reports.round_results(desk, section, plan, [0])
    assert result.growth == (1, 1, 1, 1)
    assert (result.logged, result.students, result.need_help) == (4, 8, ())


def test_a_lesson_report_lists_each_students_places_in_order(desk: AppContext, section: Id) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    student = sheet.groups[1].students[0]
    first = sheet.blocks_of_student(student)[0]
    entries.mark_work(desk, section, plan, first.id, [student], EntryKind.MASTERED)
    live.finish(desk, section, plan)
    line = next(one for one in reports.lesson_report(desk, section, plan) if one.student == student)
    assert [block.id for block, _status in line.work] == [block.id for block in sheet.blocks_of_student(student)]
    assert [status for _block, status in line.work] == [Status.MASTERED, *[Status.CARRIED] * 3]
    assert (line.done, len(line.carried)) == (1, 3)
