"""Look-ups of a whole plan, and the fields it shares with the registry."""

import pytest

from blenddesk.domain import attendance, calendars, entries, goals, plans
from blenddesk.domain.plan_checks import RoomCard
from blenddesk.domain.plans import Block, BlockTask, Group, Plan, PlanSheet, Seat
from blenddesk.domain.registry import BY_NAME

PLAN, READ, PLAY, CIRCLES, SQUARES = (bytes([number]) * 16 for number in range(5))
AMINA, BEN, CARLOS = (bytes([number]) * 16 for number in range(10, 13))
SHEET = PlanSheet(
    Plan(PLAN, start_minute=570, period_minutes=50, rounds=(20, 19)),
    (Block(READ, PLAN, 0, "With me", steps=("a", "b"), step_pictures=("x", "y"), resource="book"),
     Block(PLAY, PLAN, 1, "Computer", task="Play")),
    (Group(CIRCLES, PLAN, 0, students=(AMINA, BEN)), Group(SQUARES, PLAN, 1, students=(CARLOS,))),
    (Seat(PLAN, CIRCLES, 0, READ), Seat(PLAN, SQUARES, 0, PLAY), Seat(PLAN, CIRCLES, 1, PLAY)),
    (BlockTask(bytes(16), PLAN, PLAY, CIRCLES, task="Level 3"),
     BlockTask(bytes(16), PLAN, READ, SQUARES, steps=("c",), resource="")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("record", "mirror", "beside"),
    [
        ("plan", plans.Plan, {"id"}),
        ("block", plans.Block, {"id"}),
        ("block_task", plans.BlockTask, {"id"}),
        ("group", plans.Group, {"id", "students", "locked"}),
        ("membership", plans.Membership, set()),
        ("seat", plans.Seat, set()),
        ("entry", entries.Entry, {"id"}),
        ("goal", goals.Goal, {"id"}),
        ("goal_step", goals.GoalStep, {"id"}),
        ("meeting", attendance.Meeting, {"id", "section"}),
        ("attendance", attendance.Attendance, set()),
        ("period", calendars.Period, {"id", "section"}),
        ("calendar_day", calendars.CalendarDay, {"id"}),
        ("room", RoomCard, set()),
    ],
)
def test_a_dataclass_mirrors_its_record(record: str, mirror: type, beside: set[str]) -> None:
    assert set(mirror._fields) == {field.name for field in BY_NAME[record].fields} | beside


def test_who_is_where() -> None:
    assert SHEET.block_of(CIRCLES, 1) == SHEET.block(PLAY)
    assert SHEET.block_of(SQUARES, 1) is None
    assert SHEET.group_of(BEN) == SHEET.group(CIRCLES)
    assert SHEET.group_of(bytes(16)) is None
    assert SHEET.groups_at(PLAY, 0) == (SHEET.group(SQUARES),)
    assert SHEET.students() == (AMINA, BEN, CARLOS)
    with pytest.raises(KeyError):
        SHEET.block(bytes(15))


def test_turns_have_their_planned_time() -> None:
    # 5 opening, 20 round, 2 moving, 19 round, 4 closing.
    turns = [(turn.round, turn.group, turn.block, turn.start_offset, turn.minutes) for turn in SHEET.turns()]
    assert turns == [(0, CIRCLES, READ, 5, 20), (0, SQUARES, PLAY, 5, 20), (1, CIRCLES, PLAY, 27, 19)]
    assert SHEET.plan.planned_minutes == 50
    assert [turn.round for turn in SHEET.turns(SQUARES)] == [0]


def test_a_group_sees_its_own_task() -> None:
    own = SHEET.block_for(PLAY, CIRCLES)
    assert (own.task, own.title) == ("Level 3", "Computer")
    assert SHEET.block_for(PLAY, SQUARES).task == SHEET.block_for(PLAY, None).task == "Play"
    steps = SHEET.block_for(READ, SQUARES)
    # Pictures belong to the steps: other steps never show the old ones.
    assert (steps.steps, steps.step_pictures, steps.resource) == (("c",), (), "book")
    assert [block.task for block in SHEET.blocks_of_student(AMINA)] == ["", "Level 3"]
    assert SHEET.blocks_of_student(bytes(16)) == ()


def test_no_star_among_the_shapes() -> None:
    assert len(set(plans.SHAPES)) == 8
    assert "star" not in plans.SHAPES
