"""Lessons of the other models are complete as they come, and their groups are where the model says."""

from itertools import count
from pathlib import Path

import pytest

from blenddesk.domain.minutes import fit_rounds
from blenddesk.domain.model_seats import Shape, in_class, model_seats
from blenddesk.domain.model_templates import ALL_BY_CODE, ALL_TEMPLATES, FLIPPED, MODEL_TEMPLATES, PLAYLIST, WHOLE_GROUP
from blenddesk.domain.plans import Decides, Group, Mode, Model, Plan, PlanSheet, Priority, Role
from blenddesk.domain.templates import Template, plan_blocks

PICTURES = Path(__file__).parents[2] / "resources" / "pictures"
PLAN = bytes(16)


def sheet_of(
    template: Template,
    *,
    groups: int | None = None,
    rounds: int | None = None,
    shape: str = "",
    part: int | None = None,
) -> PlanSheet:
    numbers = count(1)
    blocks = plan_blocks(template, PLAN, lambda: next(numbers).to_bytes(16, "big"), str.upper)
    how_many = rounds or template.rounds
    timing = fit_rounds(90, template.opening_minutes, template.moving_minutes, template.closing_minutes, how_many)
    plan = Plan(PLAN, model=template.model, shape=shape, part=part, rounds=timing.rounds)
    made = tuple(
        Group(bytes([7, place]) * 8, PLAN, place, students=(bytes([9, place]) * 8,))
        for place in range(groups or template.groups)
    )
    sheet = PlanSheet(plan, blocks, made)
    seats = model_seats(sheet)
    assert seats is not None
    return sheet._replace(seats=seats)


def ways(sheet: PlanSheet) -> list[list[str]]:
    """The titles of each group's blocks, round by round."""
    found = []
    for group in sheet.groups:
        path = [sheet.block_of(group.id, round_) for round_ in range(len(sheet.plan.rounds))]
        found.append([block.title.capitalize() if block else "-" for block in path])
    return found


@pytest.mark.parametrize("template", MODEL_TEMPLATES, ids=lambda template: template.code)
def test_a_template_is_ready_to_use(template: Template) -> None:
    sheet = sheet_of(template)
    assert [block.position for block in sheet.blocks] == list(range(len(template.blocks)))
    assert len({block.title for block in sheet.blocks}) == len(sheet.blocks)
    for block, source in zip(sheet.blocks, template.blocks, strict=True):
        for words in (block.title, block.task, block.output, block.paper_twin, block.extension, *block.questions):
            assert words
            assert words == words.upper(), "not translated"
        assert len(block.steps) == len(block.step_pictures) == 3
        for picture in (block.picture, *block.step_pictures):
            assert (PICTURES / f"{picture}.svg").exists(), picture
        assert all(len(step.split()) <= 6 for step in source.steps)
        assert (block.adult != "none") == (block.role is Role.TEACHER)
        assert (block.mode is Mode.ONLINE) == (block.devices > 0)
    gaps = [path for path in ways(sheet) if "-" in path]
    assert not gaps


def test_every_block_says_who_decides_and_students_decide_more_from_model_to_model() -> None:
    def share(template: Template) -> float:
        said = [
            getattr(block, f"decides_{what}")
            for block in template.blocks
            for what in ("what", "how", "when", "where", "pace", "path")
        ]
        return sum(one is not Decides.TEACHER for one in said) / len(said)

    assert share(WHOLE_GROUP) < share(FLIPPED) < share(PLAYLIST)


def test_every_code_is_its_own() -> None:
    assert len(ALL_BY_CODE) == len(ALL_TEMPLATES) == 9
    assert [template.code for template in ALL_TEMPLATES[:5]] == [
        "station-4",
        "station-3",
        "whole-group",
        "flipped",
        "playlist",
    ]


def test_a_class_moves_as_one() -> None:
    assert ways(sheet_of(WHOLE_GROUP)) == [["Together", "Computer", "In pairs"]]
    assert ways(sheet_of(WHOLE_GROUP, rounds=2)) == [["Together", "Computer"]]
    assert ways(sheet_of(WHOLE_GROUP, rounds=4)) == [["Together", "Computer", "In pairs", "In pairs"]]


def test_halves_swap_the_computers() -> None:
    assert ways(sheet_of(WHOLE_GROUP, groups=2, shape=Shape.HALVES)) == [
        ["Together", "Computer", "In pairs"],
        ["Together", "In pairs", "Computer"],
    ]


@pytest.mark.parametrize(("part", "online"), [(None, 0), (1, 0), (2, 1), (3, 2), (4, 0)])
def test_over_several_lessons_another_part_is_online_each_time(part: int | None, online: int) -> None:
    sheet = sheet_of(WHOLE_GROUP, groups=3, shape=Shape.SEVERAL_DAYS, part=part)
    assert [path[1] == "Computer" for path in ways(sheet)] == [place == online for place in range(3)]


def test_a_flipped_lesson_begins_where_the_check_sends_each_group() -> None:
    sheet = sheet_of(FLIPPED)
    assert ways(sheet) == [
        ["Watch here", "With me", "Practise"],
        ["With me", "Practise", "Go further"],
        ["Practise", "Go further", "With me"],
    ]
    assert [block.title for block in sheet.own_time()] == ["BEFORE CLASS", "QUICK CHECK"]
    student = sheet.groups[1].students[0]
    assert [block.title for block in sheet.blocks_of_student(student)] == [
        "BEFORE CLASS",
        "QUICK CHECK",
        "WITH ME",
        "PRACTISE",
        "GO FURTHER",
    ]
    assert [path[0] for path in ways(sheet_of(FLIPPED, groups=6))] == [
        "Watch here",
        "Watch here",
        "With me",
        "With me",
        "Practise",
        "Practise",
    ]
    assert ways(sheet_of(FLIPPED, groups=1, rounds=6))[0][3:] == ["Go further", "With me", "Practise"]


def test_of_a_playlist_every_group_talks_once_while_the_others_work_on_their_lists() -> None:
    sheet = sheet_of(PLAYLIST)
    assert ways(sheet) == [
        ["Talk with me", "My list", "My list"],
        ["My list", "Talk with me", "My list"],
        ["My list", "My list", "Talk with me"],
    ]
    talks = [path.count("Talk with me") for path in ways(sheet_of(PLAYLIST, groups=5, rounds=2))]
    assert talks == [1] * 5
    assert ways(sheet_of(PLAYLIST, groups=1, rounds=3)) == [["Talk with me", "My list", "Talk with me"]]


def test_a_list_is_a_place_and_its_items_are_what_is_done() -> None:
    sheet = sheet_of(PLAYLIST)
    mine = sheet.blocks_of_student(sheet.groups[0].students[0])
    assert [block.title for block in mine][-1] == "TALK WITH ME"
    assert "MY LIST" not in [block.title for block in mine]
    assert sheet.is_list(sheet.blocks[0])
    assert not sheet.is_list(sheet.blocks[1])
    assert sheet.counts_at(sheet.blocks[0]) == (sheet.blocks[0].id, *(block.id for block in sheet.own_time()))
    assert sheet.counts_at(sheet.blocks[1]) == (sheet.blocks[1].id,)
    assert all(block.minutes for block in sheet.own_time())
    assert {block.priority for block in sheet.own_time()} == set(Priority)


def test_what_comes_after_what_is_told_by_ids() -> None:
    by_title = {block.title: block for block in sheet_of(PLAYLIST).blocks}
    assert by_title["SHOW I CAN DO IT"].after == (by_title["PRACTISE IT"].id,)


def test_other_models_have_their_seats_dealt() -> None:
    template = ALL_BY_CODE["station-4"]
    blocks = plan_blocks(template, PLAN, lambda: PLAN, str)
    assert model_seats(PlanSheet(Plan(PLAN, model=Model.STATION, rounds=(9,)), blocks, (Group(PLAN, PLAN),))) is None
    assert model_seats(PlanSheet(Plan(PLAN, model=Model.WHOLE_GROUP, rounds=(9,)))) is None


def test_a_flipped_lesson_without_its_check_has_all_in_class() -> None:
    sheet = sheet_of(FLIPPED)
    others = [block for block in sheet.blocks if block.role is not Role.CHECK]
    assert in_class(sheet.plan, others) == others
