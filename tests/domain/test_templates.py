"""Every ready-made station is complete, has its pictures, and makes a rotation without a problem."""

from itertools import count
from pathlib import Path

import pytest

from blenddesk.domain.groups import deal_shapes, make_groups
from blenddesk.domain.minutes import fit_rounds
from blenddesk.domain.plans import Group, Grouping, Plan, PlanSheet, Role
from blenddesk.domain.rotations import check_rotation
from blenddesk.domain.seating import make_seats
from blenddesk.domain.templates import BY_CODE, TEMPLATES, Template, plan_blocks

PICTURES = Path(__file__).parents[2] / "resources" / "pictures"
PLAN = bytes(16)


def blocks_of(template: Template) -> PlanSheet:
    numbers = count(1)
    blocks = plan_blocks(template, PLAN, lambda: next(numbers).to_bytes(16, "big"), str.upper)
    timing = fit_rounds(
        60, template.opening_minutes, template.moving_minutes, template.closing_minutes, template.rounds
    )
    students = [number.to_bytes(16, "big") for number in range(100, 132)]
    people = make_groups(students, mode=Grouping.RANDOM, seed=1, group_count=template.groups)
    shapes = deal_shapes(template.groups, 1)
    groups = tuple(
        Group(bytes([7, place]) * 8, PLAN, place, shape=shape, students=members)
        for place, (shape, members) in enumerate(zip(shapes, people, strict=True))
    )
    seats = make_seats(PLAN, [group.id for group in groups], blocks, len(timing.rounds), 1)
    return PlanSheet(Plan(PLAN, rounds=timing.rounds), blocks, groups, seats)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.code)
def test_a_template_is_ready_to_use(template: Template) -> None:
    sheet = blocks_of(template)
    assert check_rotation(sheet) == ()
    assert len({block.id for block in sheet.blocks}) == len(template.blocks)
    assert [block.position for block in sheet.blocks] == list(range(len(template.blocks)))
    assert (
        len({block.title for block in sheet.blocks}) == len({block.tint for block in sheet.blocks}) == len(sheet.blocks)
    )
    for block, source in zip(sheet.blocks, template.blocks, strict=True):
        for words in (block.title, block.task, block.output, block.paper_twin, block.extension, *block.steps):
            assert words
            assert words == words.upper(), "not translated"
        assert len(block.steps) == len(block.step_pictures) == 3
        for picture in (block.picture, *block.step_pictures):
            assert (PICTURES / f"{picture}.svg").exists(), picture
        assert all(len(step.split()) <= 6 for step in source.steps)
        assert (block.adult != "none") == (block.role is Role.TEACHER)


def test_the_names_of_places_are_those_of_the_glossary() -> None:
    assert [block.title for block in BY_CODE["station-4"].blocks] == ["With me", "Computer", "Team", "On your own"]
    assert sorted(BY_CODE) == sorted({template.code for template in TEMPLATES})
