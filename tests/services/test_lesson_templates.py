"""Lesson templates of one's own through the use cases: keeping a lesson, starting others from it, putting it away."""

from __future__ import annotations

import pytest

from blenddesk.domain.ids import MINE, Id
from blenddesk.errors import Refusal
from blenddesk.services import blocks, history, lesson_templates, plans
from blenddesk.services.context import AppContext
from tests.conftest import fill_class


@pytest.fixture
def code(desk: AppContext, section: Id) -> str:
    """A template kept from a lesson of four stations, the last of them the teacher's own words, after the first."""
    plan = plans.new_plan(desk, section, "station-4", minutes=75).plan
    first, *_others, last = plans.sheet(desk, section, plan).blocks
    blocks.edit_block(desk, section, last.id, title="Robots", task="Drive it", adult="cd" * 16, after=[first.id])
    return lesson_templates.keep_as_template(desk, section, plan, "  Robot  day ").code


def test_a_lesson_kept_has_no_students_and_no_day(desk: AppContext, section: Id, code: str) -> None:
    template = lesson_templates.own_templates(desk)[0]
    assert (template.code, template.title, template.groups, template.rounds) == (code, "Robot day", 4, 4)
    assert [block.title for block in template.blocks] == ["With me", "Computer", "Team", "Robots"]
    assert template.blocks[3].adult == "any"
    plan = desk.reads.plans.all(MINE)[0]
    assert (plan.day, plan.start_minute) == (None, None)
    kept = desk.reads.plans.sheet(MINE, plan.id)
    assert kept is not None
    assert (kept.students(), kept.seats, kept.tasks) == ((), (), ())
    assert len(plans.coming_plans(desk, section, days=None)) == 1


def test_another_class_starts_from_it(desk: AppContext, code: str) -> None:
    other = fill_class(desk, 12, "5A")
    made = plans.sheet(desk, other, plans.new_plan(desk, other, code).plan)
    assert (made.plan.name, made.plan.template) == ("Robot day", code)
    assert [block.title for block in made.blocks] == ["With me", "Computer", "Team", "Robots"]
    assert made.blocks[3].after == (made.blocks[0].id,)
    assert made.blocks[1].title_in("es") == "Computadora"
    assert [len(group.students) for group in made.groups] == [3, 3, 3, 3]
    kept = {block.id for block in lesson_templates.own_templates(desk)[0].blocks}
    assert not kept & {block.id for block in made.blocks}


def test_it_is_renamed_and_put_away_with_undo(desk: AppContext, section: Id, code: str) -> None:
    lesson_templates.rename_template(desk, code, "Robots")
    assert [one.title for one in lesson_templates.own_templates(desk)] == ["Robots"]
    lesson_templates.archive_template(desk, code)
    assert lesson_templates.own_templates(desk) == ()
    with pytest.raises(Refusal, match="template_unknown"):
        plans.new_plan(desk, section, code)
    history.undo(desk)
    assert [one.code for one in lesson_templates.own_templates(desk)] == [code]


@pytest.mark.parametrize("wrong", ["own-zz", "own-" + "00" * 16, "nothing"])
def test_a_template_that_is_not_there_is_refused(desk: AppContext, section: Id, wrong: str) -> None:
    with pytest.raises(Refusal, match="template_unknown"):
        plans.new_plan(desk, section, wrong)


@pytest.mark.parametrize(("name", "refused"), [("  ", "plan_name_empty"), ("x" * 61, "plan_name_long")])
def test_a_template_needs_a_name_that_fits(desk: AppContext, section: Id, name: str, refused: str) -> None:
    plan = plans.new_plan(desk, section, "station-2").plan
    with pytest.raises(Refusal, match=refused):
        lesson_templates.keep_as_template(desk, section, plan, name)
