"""Planning through the use cases: one commit, ready to use, minutes that fit, copies, and remedies that help."""

from __future__ import annotations

import pytest

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Grouping, PlanSheet, PlanStatus
from blenddesk.domain.rotations import check_rotation
from blenddesk.errors import Refusal
from blenddesk.services import blocks, calendars, classes, groups, history, plan_fixes, plans, rooms, rosters
from blenddesk.services.context import AppContext
from tests.conftest import fill_class

TODAY = "2026-11-23"


def make(desk: AppContext, section: Id, template: str = "station-4", **wishes: object) -> PlanSheet:
    made = plans.new_plan(desk, section, template, **wishes)  # type: ignore[arg-type]
    return plans.sheet(desk, section, made.plan)


def test_a_new_plan_is_one_change_and_complete(desk: AppContext) -> None:
    section = fill_class(desk, 32)
    before = len(history.changes(desk))
    whole = make(desk, section, minutes=75)
    assert len(history.changes(desk)) == before + 1
    assert whole.plan.rounds == (15, 15, 15, 15)
    assert whole.plan.planned_minutes == 75
    assert [len(group.students) for group in whole.groups] == [8, 8, 8, 8]
    assert len({group.shape for group in whole.groups}) == 4
    assert check_rotation(whole) == ()
    for group in whole.groups:
        visits = [whole.block_of(group.id, round_) for round_ in range(4)]
        assert {block.id for block in visits if block} == {block.id for block in whole.blocks}
    history.undo(desk)
    assert desk.reads.plans.get(section, whole.plan.id) is None


def test_a_new_plan_in_use_at_once_is_one_change_too(desk: AppContext, section: Id) -> None:
    before = len(history.changes(desk))
    whole = make(desk, section, ready=True)
    assert whole.plan.status is PlanStatus.READY
    assert len(history.changes(desk)) == before + 1
    assert make(desk, section).plan.status is PlanStatus.DRAFT


@pytest.mark.parametrize("template", [template.code for template in plans.template_list()])
def test_every_template_can_be_used_as_it_comes(desk: AppContext, template: str) -> None:
    section = fill_class(desk, 24)
    whole = make(desk, section, template, minutes=75)
    assert plans.can_be_used(plans.checks(desk, section, whole.plan.id))
    plans.mark_ready(desk, section, whole.plan.id)
    assert plans.sheet(desk, section, whole.plan.id).plan.status is PlanStatus.READY


def test_the_period_comes_from_where_it_is_known_best(desk: AppContext, section: Id) -> None:
    assert make(desk, section).plan.period_minutes == 50
    classes.edit_class(desk, section, minutes=60)
    assert make(desk, section).plan.period_minutes == 60
    rooms.edit_room(desk, period_minutes=70)
    assert make(desk, section).plan.period_minutes == 70
    calendars.add_period(desk, section, 0, 13 * 60, 80)
    whole = make(desk, section, day="2026-11-30")
    assert (whole.plan.period_minutes, whole.plan.start_minute) == (80, 13 * 60)
    assert make(desk, section, day="2026-11-30", minutes=90).plan.period_minutes == 90


def test_a_new_plan_takes_the_next_meeting_without_one(desk: AppContext, section: Id) -> None:
    calendars.add_period(desk, section, 0, 9 * 60, 60)
    calendars.add_period(desk, section, 2, 9 * 60, 45)
    calendars.add_days_off(desk, "2026-11-30", "2026-11-30")
    days = [make(desk, section).plan.day for _ in range(3)]
    assert days == ["2026-11-23", "2026-11-25", "2026-12-02"]


def test_without_a_timetable_the_next_free_school_day_is_taken(desk: AppContext, section: Id) -> None:
    days = [make(desk, section).plan.day for _ in range(6)]
    assert days == [TODAY, "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"]


def test_another_template_takes_the_place_and_time_of_a_plan(desk: AppContext, section: Id) -> None:
    first = make(desk, section, minutes=60)
    second = make(desk, section, "station-3", replaces=first.plan.id)
    assert (second.plan.day, second.plan.period_minutes) == (first.plan.day, 60)
    assert [plan.id for plan in plans.coming_plans(desk, section)] == [second.plan.id]
    history.undo(desk)
    assert [plan.id for plan in plans.coming_plans(desk, section)] == [first.plan.id]


def test_the_words_are_the_class_s_own(desk: AppContext) -> None:
    classes.create_class(desk, "4C", language="es")
    section = next(one.id for one in desk.reads.sections.all() if one.name == "4C")
    rosters.add_student(desk, section, "Ana", "Ruiz")
    from blenddesk.text import catalogue

    whole = make(desk, section)
    assert whole.blocks[0].title == catalogue("es").gettext("With me")
    assert len(whole.groups) == 1


def test_changing_a_round_refits_the_others_and_keeps_the_period(desk: AppContext, section: Id) -> None:
    plan = make(desk, section, minutes=75).plan.id
    plans.change_round(desk, section, plan, 0, 20)
    assert plans.sheet(desk, section, plan).plan.rounds == (20, 14, 13, 13)
    plans.set_part_minutes(desk, section, plan, opening=9, moving=1)
    assert plans.sheet(desk, section, plan).plan.planned_minutes == 75
    plans.set_period(desk, section, plan, 50)
    assert plans.sheet(desk, section, plan).plan.planned_minutes == 50
    with pytest.raises(Refusal, match="rounds_do_not_fit"):
        plans.set_period(desk, section, plan, 15)


def test_fewer_rounds_leave_no_seat_behind(desk: AppContext, section: Id) -> None:
    plan = make(desk, section).plan.id
    plans.set_round_count(desk, section, plan, 3)
    whole = plans.sheet(desk, section, plan)
    assert {seat.round for seat in whole.seats} == {0, 1, 2}
    assert len(whole.seats) == 12


def test_a_copy_has_new_groups_and_is_ready_like_its_pattern(desk: AppContext) -> None:
    section = fill_class(desk, 32)
    first = make(desk, section, day="2026-11-20")
    block = first.blocks[1]
    blocks.edit_block(desk, section, block.id, title="Tablets", group_tasks={first.groups[0].id: "Page 7"})
    plans.mark_ready(desk, section, first.plan.id)
    made = plans.copy_plan(desk, section)
    copy = plans.sheet(desk, section, made.plan)
    assert (copy.plan.status, copy.plan.day, copy.plan.copied_from) == (PlanStatus.READY, TODAY, first.plan.id)
    assert copy.blocks[1].title == "Tablets"
    assert copy.block_for(copy.blocks[1].id, copy.groups[0].id).task == "Page 7"
    assert check_rotation(copy) == ()
    assert [group.students for group in copy.groups] != [group.students for group in first.groups]
    assert all(new.shape != old.shape for new, old in zip(copy.groups, first.groups, strict=True))


def test_a_copy_with_the_same_groups_gives_newcomers_a_place(desk: AppContext, section: Id) -> None:
    first = make(desk, section, day="2026-11-20")
    rosters.add_student(desk, section, "Nur", "Aziz")
    copy = plans.sheet(desk, section, plans.copy_plan(desk, section, groups="same").plan)
    newcomer = desk.reads.people.students(section)[-1].id
    kept = [tuple(one for one in group.students if one != newcomer) for group in copy.groups]
    assert kept == [group.students for group in first.groups]
    assert copy.group_of(newcomer) is not None


def test_there_must_be_something_to_copy(desk: AppContext, section: Id) -> None:
    with pytest.raises(Refusal, match="no_last_lesson"):
        plans.copy_plan(desk, section)


def test_nobody_to_plan_for_is_said(desk: AppContext) -> None:
    section = fill_class(desk, 0)
    with pytest.raises(Refusal, match="class_empty"):
        plans.new_plan(desk, section, "station-4")


def test_a_plan_with_somebody_left_out_cannot_be_used(desk: AppContext, section: Id) -> None:
    plan = make(desk, section).plan.id
    rosters.add_student(desk, section, "Nur", "Aziz")
    with pytest.raises(Refusal, match="plan_has_gaps"):
        plans.mark_ready(desk, section, plan)
    plan_fixes.fix(desk, section, plan, "placed")
    plans.mark_ready(desk, section, plan)


def test_plan_for_day_prefers_what_is_ready_and_still_to_come(desk: AppContext, section: Id) -> None:
    early = make(desk, section, day=TODAY, start_minute=9 * 60).plan.id
    late = make(desk, section, day=TODAY, start_minute=13 * 60).plan.id
    draft = plans.plan_for_day(desk, section, TODAY, minute=10 * 60)
    assert draft is not None
    assert draft.id == late
    plans.mark_ready(desk, section, early)
    ready = plans.plan_for_day(desk, section, TODAY, minute=12 * 60)
    assert ready is not None
    assert ready.id == early


def failed(desk: AppContext, section: Id, plan: Id) -> set[str]:
    return {check.code for check in plans.checks(desk, section, plan) if not check.ok}


@pytest.mark.parametrize(
    ("room", "check"),
    [
        ({"computers": 2}, "devices"),
        ({"computers": 0}, "devices"),
        ({"headphones": 6}, "headphones"),
        ({"floor_minutes": 20}, "floor"),
    ],
)
def test_fix_really_puts_a_check_right(desk: AppContext, room: dict[str, int], check: str) -> None:
    section = fill_class(desk, 32)
    plan = make(desk, section, minutes=75).plan.id
    rooms.edit_room(desk, **room)
    assert failed(desk, section, plan) == {check}
    best = plan_fixes.remedies(desk, section, plan, check)[0]
    plan_fixes.fix(desk, section, plan, check)
    assert failed(desk, section, plan) == set(best.breaks)
    history.undo(desk)
    assert failed(desk, section, plan) == {check}


def test_fix_puts_a_broken_rule_a_full_station_and_missing_adults_right(desk: AppContext) -> None:
    section = fill_class(desk, 32)
    whole = make(desk, section, minutes=75)
    plan = whole.plan.id
    first, second = whole.groups[0].students[:2]
    groups.keep_apart(desk, section, first, second)
    blocks.edit_block(desk, section, whole.blocks[2].id, capacity=5)
    for block in whole.blocks[1:3]:
        blocks.edit_block(desk, section, block.id, adult="any")
    assert failed(desk, section, plan) == {"apart", "capacity", "adults"}
    for check in ("apart", "capacity", "adults"):
        plan_fixes.fix(desk, section, plan, check)
    assert failed(desk, section, plan) == set()
    with pytest.raises(Refusal, match="no_remedy"):
        plan_fixes.fix(desk, section, plan, "apart")


def test_a_station_is_edited_swapped_and_refused_in_words(desk: AppContext, section: Id) -> None:
    whole = make(desk, section)
    block = whole.blocks[1]
    blocks.edit_block(desk, section, block.id, steps=["One", " ", "Two"], step_pictures=["pencil", "", "memo"])
    edited = plans.sheet(desk, section, whole.plan.id).block(block.id)
    assert (edited.steps, edited.step_pictures) == (("One", "Two"), ("pencil", "memo"))
    plans.swap_block_from_library(desk, section, block.id, "catch_up")
    swapped = plans.sheet(desk, section, whole.plan.id).block(block.id)
    assert (swapped.title, swapped.tint) == ("Catch up", block.tint)
    for wrong, code in (({"title": " "}, "title_empty"), ({"role": "boss"}, "malformed"), ({"colour": 1}, "unknown")):
        with pytest.raises(Refusal, match=code):
            blocks.edit_block(desk, section, block.id, **wrong)


def test_a_task_of_one_group_is_seen_by_that_group_only(desk: AppContext, section: Id) -> None:
    whole = make(desk, section)
    block, group = whole.blocks[0].id, whole.groups[1].id
    plans.set_block_task(desk, section, whole.plan.id, block, group, task="Read page 3")
    whole = plans.sheet(desk, section, whole.plan.id)
    assert whole.block_for(block, group).task == "Read page 3"
    assert whole.block_for(block, whole.groups[0].id).task == whole.block(block).task
    plans.set_block_task(desk, section, whole.plan.id, block, group)
    assert plans.sheet(desk, section, whole.plan.id).tasks == ()


def test_renaming_and_moving_a_plan(desk: AppContext, section: Id) -> None:
    plan = make(desk, section).plan.id
    plans.rename_plan(desk, section, plan, "  Reading  rotation ")
    plans.set_day(desk, section, plan, "2026-12-01", 600)
    found = plans.sheet(desk, section, plan).plan
    assert (found.name, found.day, found.start_minute) == ("Reading rotation", "2026-12-01", 600)
    with pytest.raises(Refusal, match="day_malformed"):
        plans.set_day(desk, section, plan, "soon")
    plans.archive_plan(desk, section, plan)
    assert plans.coming_plans(desk, section) == []
    assert found.grouping is Grouping.MIXED


@pytest.mark.parametrize(
    ("room", "minutes", "check"),
    [
        ({"headphones": 6}, 75, "headphones"),
        ({"computers": 3}, 75, "devices"),
        ({}, 75, "adults"),
        ({}, 45, "floor"),
    ],
)
def test_what_a_room_lacks_has_at_least_two_remedies_that_work(
    desk: AppContext, room: dict[str, int], minutes: int, check: str
) -> None:
    """6 headphones for 8, 3 computers for 40, one teacher at two stations, 45 minutes for all stations."""
    section = fill_class(desk, 40 if check == "devices" else 32)
    whole = make(desk, section, minutes=minutes)
    plan = whole.plan.id
    rooms.edit_room(desk, **room)
    if check == "adults":
        blocks.edit_block(desk, section, whole.blocks[2].id, adult="any")
    assert check in failed(desk, section, plan)
    found = plan_fixes.remedies(desk, section, plan, check)
    assert len({remedy.code for remedy in found}) >= 2
    for remedy in found:
        plan_fixes.fix(desk, section, plan, check, remedy.code)
        assert check not in failed(desk, section, plan)
        history.undo(desk)
