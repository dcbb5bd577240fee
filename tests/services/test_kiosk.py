"""The student's visit: which lesson and round, what a claim writes, who may see it, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.domain.plans import Mode, PlanStatus
from blenddesk.errors import Refusal
from blenddesk.services import kiosk
from blenddesk.services.context import AppContext
from blenddesk.storage.reader import Reader
from tests.conftest import FakeClock, FakeRandomness, fill_class
from tests.ui.kiosk.world import give_goal, half_an_hour_ago, plan_lesson, set_code, start_lesson


def first(ctx: AppContext, section: Id, place: int = 0) -> Id:
    return ctx.reads.people.students(section)[place].id


def claims(ctx: AppContext, section: Id) -> list[tuple[Id, Id | None, str]]:
    entries = ctx.reads.entries.of_section(section)
    return [(entry.student, entry.block, entry.by) for entry in entries if entry.kind == "claimed"]


@pytest.fixture
def station(tmp_path: Path, clock: FakeClock) -> Iterator[AppContext]:
    context = bootstrap.create_device(
        Paths(tmp_path / "station"), role="station", name="Window seat", clock=clock, randomness=FakeRandomness(7)
    )
    yield context
    bootstrap.close_device(context)


# --- which class, which lesson, which round -----------------------------------------------------------------------


def test_the_timetable_marks_the_class_whose_lesson_it_is(desk: AppContext) -> None:
    early, now = fill_class(desk, 2, "Early"), fill_class(desk, 3, "Now")
    desk.commit("p", [put(early, "period", desk.new_id(), day=0, start_minute=half_an_hour_ago(desk) - 60, minutes=60)])
    desk.commit("p", [put(now, "period", desk.new_id(), day=0, start_minute=half_an_hour_ago(desk), minutes=60)])
    found = {choice.section.name: (choice.students, choice.now) for choice in kiosk.class_choices(desk)}
    assert found == {"Early": (2, False), "Now": (3, True)}


def test_without_a_timetable_the_class_with_a_lesson_today_is_meant(desk: AppContext) -> None:
    fill_class(desk, 2, "A")
    other = fill_class(desk, 2, "B")
    plan_lesson(desk, other)
    assert [choice.section.name for choice in kiosk.class_choices(desk) if choice.now] == ["B"]


def test_todays_lesson_comes_before_others_then_the_nearest(desk: AppContext, section: Id) -> None:
    past = plan_lesson(desk, section, day="2026-11-20")
    coming = plan_lesson(desk, section, day="2026-11-25")
    assert kiosk.plan_in_view(desk, section).plan.id == coming.plan.id  # type: ignore[union-attr]
    mine = plan_lesson(desk, section)
    assert kiosk.plan_in_view(desk, section).plan.id == mine.plan.id  # type: ignore[union-attr]
    assert past.plan.id != mine.plan.id


def test_drafts_and_far_lessons_are_not_shown(desk: AppContext, section: Id) -> None:
    plan_lesson(desk, section, status=PlanStatus.DRAFT)
    plan_lesson(desk, section, day="2026-12-24")
    assert kiosk.plan_in_view(desk, section) is None
    assert kiosk.my_day(desk, section, first(desk, section)).stations == ()


def test_the_round_is_suggested_by_the_plans_clock_and_moved_on_by_hand(
    desk: AppContext, section: Id, clock: FakeClock
) -> None:
    sheet = plan_lesson(desk, section)
    # Half an hour in: 3 min of opening, 12 + 2 + 12 gone, now moving to the third round.
    assert kiosk.round_now(desk, section, sheet, live=False).number == 2
    clock.advance(minutes=-25)
    now = kiosk.round_now(desk, section, sheet, live=False)
    assert (now.number, now.total, now.seconds_left) == (0, 4, 10 * 60)
    assert kiosk.round_now(desk, section, sheet, live=False, moved_to=3).number == 3
    clock.advance(minutes=120)
    assert kiosk.round_now(desk, section, sheet, live=False).number is None


def test_the_desk_goes_by_the_running_lesson_and_counts(desk: AppContext, section: Id, clock: FakeClock) -> None:
    sheet = plan_lesson(desk, section)
    start_lesson(desk, section, sheet.plan.id)
    clock.advance(minutes=4)
    assert kiosk.round_now(desk, section, sheet, live=True).number == 0
    view = kiosk.class_view(desk, section, live=True)
    assert view.round.seconds_left == 11 * 60
    assert (view.logged, view.expected) == (0, 2)
    assert kiosk.class_view(desk, section).logged is None


def test_the_turn_belongs_to_the_groups_at_a_computer(desk: AppContext, section: Id) -> None:
    sheet = plan_lesson(desk, section)
    for round_ in range(4):
        turn = kiosk.groups_at_computers(sheet, round_)
        blocks = [sheet.block_of(group.id, round_) for group in turn]
        assert [block.mode for block in blocks if block is not None] == [Mode.ONLINE]
    offline = sheet._replace(blocks=tuple(b._replace(mode=Mode.OFFLINE, devices=0) for b in sheet.blocks))
    assert kiosk.groups_at_computers(offline, 0) == ()


def test_tiles_stand_in_order_with_shape_turn_and_tick(desk: AppContext, section: Id) -> None:
    sheet = plan_lesson(desk, section)
    student = first(desk, section)
    day = kiosk.my_day(desk, section, student)
    assert day.now is not None
    here = day.stations[day.now]
    kiosk.finish_visit(desk, section, student, [kiosk.Finished(here.plan, here.block.id, here.round)])
    tiles = kiosk.class_view(desk, section).tiles
    assert [tile.student.number for tile in tiles] == list(range(1, 9))
    assert [tile.shape for tile in tiles] == ["circle", "triangle", "square", "diamond"] * 2
    assert [tile.done for tile in tiles] == [True] + [False] * 7
    assert sum(tile.turn for tile in tiles) == 2
    assert sheet.plan.id == here.plan


# --- signing in -----------------------------------------------------------------------------------------------------


def test_a_code_confirms_in_order_only(desk: AppContext, section: Id) -> None:
    student = first(desk, section)
    set_code(desk, section, student, (1, 2, 3))
    person = desk.reads.people.student(section, student)
    assert person is not None
    assert kiosk.code_fits(person, [1, 2, 3])
    assert not kiosk.code_fits(person, [3, 2, 1])
    view = kiosk.class_view(desk, section)
    assert kiosk.needs_code(view, person)
    assert not kiosk.needs_code(view, person._replace(code=()))
    assert not kiosk.needs_code(view._replace(section=view.section._replace(sign_in="tap")), person)


def test_missed_sign_ins_reach_the_desk_sealed(desk: AppContext, section: Id) -> None:
    kiosk.note_missed_sign_in(desk, section, first(desk, section))
    (said,) = desk.reads.entries.reflections_of_student(section, first(desk, section))
    assert (said.help, said.words, said.plan) == (True, (kiosk.SIGN_IN_WORD,), None)


def test_pictures_are_chosen_on_a_desk_only(desk: AppContext, section: Id, station: AppContext) -> None:
    student = first(desk, section)
    with pytest.raises(Refusal, match="not_a_desk"):
        kiosk.choose_sign_in(station, student, avatar="fox", code=[0, 1, 2])
    with pytest.raises(Refusal, match="code_malformed"):
        kiosk.choose_sign_in(desk, student, avatar="fox", code=[0, 0, 2])
    with pytest.raises(Refusal, match="unknown_picture"):
        kiosk.choose_sign_in(desk, student, avatar="snake", code=[0, 1, 2])
    kiosk.choose_sign_in(desk, student, avatar="fox", code=[0, 1, 2])
    person = desk.reads.people.student(section, student)
    assert person is not None
    assert (person.avatar, list(person.code)) == ("fox", [0, 1, 2])


# --- logging --------------------------------------------------------------------------------------------------------


def finished(day: kiosk.MyDay, *growth: int | None) -> list[kiosk.Finished]:
    return [
        kiosk.Finished(one.plan, one.block.id, one.round, level)
        for one, level in zip(day.stations, growth, strict=False)
    ]


def test_a_visit_is_one_change_with_claims_and_sealed_answers(desk: AppContext, section: Id) -> None:
    plan_lesson(desk, section)
    student = first(desk, section)
    day = kiosk.my_day(desk, section, student)
    change = kiosk.finish_visit(desk, section, student, finished(day, 3, 1), words=["fun"], remark="  I  liked it ")
    assert change.ops == 4
    assert set(claims(desk, section)) == {(student, one.block.id, "student") for one in day.stations[:2]}
    said = desk.reads.entries.reflections_of_student(section, student)
    assert sorted((one.growth or 0, list(one.words), one.remark) for one in said) == [
        (1, [], ""),
        (3, ["fun"], "I liked it"),
    ]
    assert {one.entry for one in said} == {entry.id for entry in desk.reads.entries.of_section(section)}
    after = kiosk.my_day(desk, section, student)
    assert [one.done for one in after.stations] == [True, True, False, False]


def test_skipping_writes_the_claim_and_no_answer(desk: AppContext, section: Id) -> None:
    plan_lesson(desk, section)
    student = first(desk, section)
    kiosk.finish_visit(desk, section, student, finished(kiosk.my_day(desk, section, student), None))
    assert len(claims(desk, section)) == 1
    assert desk.reads.entries.reflections_of_student(section, student) == []


def test_friends_get_claims_but_nobody_answers_for_them(desk: AppContext, section: Id) -> None:
    plan_lesson(desk, section)
    student, friend = first(desk, section), first(desk, section, 4)
    day = kiosk.my_day(desk, section, student)
    kiosk.finish_visit(desk, section, friend, finished(kiosk.my_day(desk, section, friend), 2))
    kiosk.finish_visit(desk, section, student, finished(day, 4, 4), friends=[friend])
    found = claims(desk, section)
    assert sorted(by for who, _block, by in found if who == friend) == ["recorder", "student"]
    assert len(found) == 4
    assert len(desk.reads.entries.reflections_of_student(section, friend)) == 1


def test_what_cannot_be_logged_is_refused_and_nothing_is_written(desk: AppContext, section: Id) -> None:
    plan_lesson(desk, section)
    student = first(desk, section)
    one = finished(kiosk.my_day(desk, section, student), 2)
    stranger = desk.new_id()
    for code, call in {
        "nothing_finished": lambda: kiosk.finish_visit(desk, section, student, []),
        "not_in_class": lambda: kiosk.finish_visit(desk, section, stranger, one),
        "growth_out_of_range": lambda: kiosk.finish_visit(desk, section, student, [one[0]._replace(growth=5)]),
        "unknown_word": lambda: kiosk.finish_visit(desk, section, student, one, words=["boring"]),
        "remark_too_long": lambda: kiosk.finish_visit(desk, section, student, one, remark="x" * 61),
        "no_such_step": lambda: kiosk.do_goal_step(desk, section, student, stranger),
        "no_such_class": lambda: kiosk.my_day(desk, stranger, student),
    }.items():
        with pytest.raises(Refusal, match=code):
            call()
    assert claims(desk, section) == []


def test_oops_takes_the_whole_visit_back(desk: AppContext, section: Id) -> None:
    plan_lesson(desk, section)
    student = first(desk, section)
    change = kiosk.finish_visit(desk, section, student, finished(kiosk.my_day(desk, section, student), 3, 3))
    kiosk.take_back(desk, change)
    assert claims(desk, section) == []
    assert desk.reads.entries.reflections_of_student(section, student) == []
    assert not any(one.done for one in kiosk.my_day(desk, section, student).stations)


def test_a_raised_hand_is_sealed(desk: AppContext, section: Id) -> None:
    sheet = plan_lesson(desk, section)
    student = first(desk, section)
    kiosk.ask_for_help(desk, section, student, plan=sheet.plan.id, block=sheet.blocks[0].id)
    (said,) = desk.reads.entries.reflections_of_student(section, student)
    assert (said.help, said.block) == (True, sheet.blocks[0].id)
    assert desk.reads.entries.of_section(section) == []


def test_carried_stations_wait_after_todays(desk: AppContext, section: Id) -> None:
    old = plan_lesson(desk, section, day="2026-11-20")
    student = first(desk, section)
    desk.commit(
        "c",
        [
            put(
                section,
                "entry",
                desk.new_id(),
                student=student,
                kind="carried",
                plan=old.plan.id,
                block=old.blocks[1].id,
                day="2026-11-20",
                at_ms=1,
                by="teacher",
            )
        ],
    )
    plan_lesson(desk, section)
    stations = kiosk.my_day(desk, section, student).stations
    assert (len(stations), stations[-1].plan) == (5, old.plan.id)
    kiosk.finish_visit(desk, section, student, [kiosk.Finished(old.plan.id, old.blocks[1].id)])
    assert len(kiosk.my_day(desk, section, student).stations) == 4


# --- goals ----------------------------------------------------------------------------------------------------------


def test_a_goal_step_is_done_and_taken_back_in_every_class(desk: AppContext, section: Id) -> None:
    student = first(desk, section)
    steps = give_goal(desk, section, student, "I can read a page", "Read one line", "Read two")
    kiosk.do_goal_step(desk, section, student, steps[0])
    (goal,) = kiosk.my_goals(desk, section, student)
    assert ([bool(step.day) for step in goal.steps], goal.done) == ([True, False], 1)
    kiosk.undo_goal_step(desk, section, student, steps[0])
    assert kiosk.my_goals(desk, section, student)[0].done == 0
    with pytest.raises(Refusal, match="nothing_to_undo"):
        kiosk.undo_goal_step(desk, section, student, steps[0])


def test_nobody_steps_on_anothers_goal(desk: AppContext, section: Id) -> None:
    steps = give_goal(desk, section, first(desk, section), "I can", "one")
    with pytest.raises(Refusal, match="no_such_step"):
        kiosk.do_goal_step(desk, section, first(desk, section, 1), steps[0])


def test_what_a_child_says_is_in_no_file_in_plain_words(desk: AppContext, section: Id, tmp_path: Path) -> None:
    plan_lesson(desk, section)
    student = first(desk, section)
    remark = "the purple canary sings"
    kiosk.finish_visit(desk, section, student, finished(kiosk.my_day(desk, section, student), 1), remark=remark)
    reader = Reader(desk.paths.database, bytes.fromhex(desk.paths.key.read_text()))
    frames = reader.rows("SELECT frame FROM op")
    reader.close()
    assert not any(b"purple canary" in bytes(frame) for (frame,) in frames)
